"""A reason: a sentence with its article and, below it, the reasons it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.i18n import Words, _, say
from sim.model.base import MARKS, UNSURE, Sureness
from sim.model.jurisdiction import Jurisdiction


def doubt_of(sureness: Sureness | None) -> str:
    """The mark of a source that is not sure, in the language in use; empty for one that is."""
    return _(MARKS[sureness]) if sureness in UNSURE else ""


@dataclass(frozen=True)
class Reason:
    """One sentence of an answer. As text it is an indented tree, one sentence a line."""

    words: Words | str
    """The sentence, ours or (a plain string) the file's."""
    citation: Words | str = ""
    """Its source for people: ``UNTOC art. 18(9)``; empty where it only sums up what stands below it."""
    reference: str = ""
    """The same as files write it: ``untoc 18(9)``; empty for facts of the case and for national practice."""
    sureness: Sureness | None = None
    """How sure the source is."""
    note: str = ""
    """A caveat."""
    children: tuple[Reason, ...] = ()
    """What it rests on."""

    @property
    def text(self) -> str:
        """The sentence in the language in use."""
        return str(self.words)

    @property
    def doubt(self) -> str:
        """The mark of a source that is not sure, in the language in use; empty for one that is."""
        return doubt_of(self.sureness)

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self, levels: int = 100, depth: int = 0) -> Iterator[str]:
        """The tree line by line, down to so many levels below this reason."""
        source = f" [{self.citation}]" if self.citation else ""
        doubt = f" ({self.doubt})" if self.doubt else ""
        yield f"{'  ' * depth}{self.text}{source}{doubt}"
        for child in self.children if levels else ():
            yield from child.lines(levels - 1, depth + 1)

    def walk(self) -> Iterator[Reason]:
        """This reason and everything below it, from the top."""
        yield self
        for child in self.children:
            yield from child.walk()

    def references(self) -> tuple[str, ...]:
        """Every provision it rests on, as ``untoc 18(9)``, each once, from the top."""
        return tuple(dict.fromkeys(reason.reference for reason in self.walk() if reason.reference))

    def to_dict(self) -> dict[str, object]:
        """The tree as plain data; keys without a value are left out."""
        plain: dict[str, object] = {"text": self.text}
        for name in ("citation", "reference", "sureness", "note"):
            if getattr(self, name):
                plain[name] = str(getattr(self, name))
        if self.children:
            plain["children"] = [child.to_dict() for child in self.children]
        return plain


def by_practice_of(state: Jurisdiction, words: Words, *below: Reason) -> Reason:
    """A reason that rests on a State's practice; all profiles are invented, so that it is an assumption."""
    return Reason(words, say("practice of {state}", state=state.title), sureness="assumption", children=below)
