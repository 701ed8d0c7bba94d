"""Words of the field, explained where they stand: with the keyboard, a finger or the pointer on a word, one plain line.

The words are the library's; how sure each line is follows from the provision that it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from html import escape

from sim.i18n import _, language
from sim.model.base import MARKS, UNSURE, Sureness
from sim.model.glossary import Glossary, Term
from sim.model.instrument import Instrument
from sim.model.library import Library, shipped_folder
from sim.model.scenario import Scenario

_CLOSED = "a|button|code|label|option|pre|script|select|style|summary|svg|textarea|title"
"""Elements within which one cannot stop at a word: they are pressed as a whole, or hold no text to read."""
_SKIPPED = rf"<(?P<closed>{_CLOSED})\b.*?</(?P=closed)\s*>|<!--.*?-->|<[^<>]*>|&\#?\w+;"
KEPT = 4096
"""Pieces of text whose marked form is kept: an inbox shows the same messages again at every step."""


@dataclass(frozen=True, eq=False)
class Explained:
    """A word as people are told of it. What it rests on is looked up when it is told, not before."""

    term: Term
    language: str
    """The language it is written in."""
    instrument: Callable[[str], object]

    @property
    def names(self) -> tuple[str, ...]:
        """The word with its other names."""
        return self.term.names

    @property
    def title(self) -> str:
        """The word, and what it stands for."""
        short, full = self.term.term, self.term.stands_for
        return _("{abbreviation}, {full_name}").format(abbreviation=short, full_name=full) if full else short

    @property
    def rests_on(self) -> str:
        """Articles in words, or a source; with the library's mark where it was not read against a text. An article that
        the library lacks is left out."""
        articles: list[str] = []
        marks: list[Sureness] = [] if self.term.cites else [self.term.sureness]
        for id_, article in self.term.cited:
            record = self.instrument(id_)
            if not isinstance(record, Instrument):
                continue
            if not article:
                articles.append(record.citation)
            elif found := record.provisions_at(article):
                articles.append(record.cite_article(article))
                marks += [record.sureness_of(provision) for provision in found]
        source = "; ".join(articles) or self.term.source
        doubt = next((mark for mark in marks if mark in UNSURE), None)
        return source if doubt is None else _("{source} — {mark}").format(source=source, mark=_(MARKS[doubt]))

    @property
    def line(self) -> str:
        """All of it in one line."""
        says = " ".join(self.term.says.split())
        return _("{term}: {meaning} ({source})").format(term=self.title, meaning=says, source=self.rests_on)


class Terms:
    """The words of a library, ready to be found in text, in the order of the alphabet."""

    def __init__(self, explained: Iterable[Explained]):
        self.explained = tuple(sorted(explained, key=lambda one: one.term.term.casefold()))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds in HTML a word of the field (its group ``word`` is there), or a piece in which none is looked for."""
        names = sorted((name for one in self.explained for name in one.names), key=len, reverse=True)
        words = "|".join(map(_as_pattern, names)) or "(?!)"
        # What stands within a longer word, or one with a hyphen, is another word.
        return re.compile(rf"{_SKIPPED}|(?<![\w-])(?P<word>(?:{words})s?)(?![\w-])", re.DOTALL)

    @cached_property
    def _by_name(self) -> dict[str, Explained]:
        named = [(_key(name), one) for one in self.explained for name in one.names]
        return {f"{name}s": one for name, one in named} | dict(named)  # a name of its own before another's plural

    def named(self, word: str) -> Explained:
        """What a word means that the pattern has found."""
        return self._by_name[" ".join(word.split()).casefold()]


def _as_pattern(name: str) -> str:
    """A name in escaped text: with a capital at the beginning of a sentence too, and over the end of a line."""
    first, rest = name[0], r"\s+".join(re.escape(part) for part in escape(name[1:]).split())
    return (f"[{first}{first.upper()}]" if first.islower() else re.escape(first)) + rest


def _key(name: str) -> str:
    return escape(" ".join(name.split())).casefold()


# The words of a library


def terms_of(scenario: Scenario) -> Terms:
    """The words that a scenario's library explains."""
    return scenario.work_out(
        "terms", lambda: Terms(_all(scenario.library, lambda id_: scenario.find("instrument", id_)))
    )


@cache
def shipped_terms() -> Terms:
    """Those of the library that ships, for pages that know no scenario."""
    library = Library((shipped_folder(),))
    return Terms(_all(library, lambda id_: library.get("instrument", id_)))


def _all(library: Library, instrument: Callable[[str], object]) -> Iterator[Explained]:
    for id_ in library.ids("glossary"):
        record = library.get("glossary", id_)
        if isinstance(record, Glossary):
            yield from (Explained(term, record.language, instrument) for term in record.terms)


# In a page


def with_terms(html: str, scenario: Scenario | None = None, *, keep: bool = True) -> str:
    """HTML in which each word of the field can be stopped at where it first stands, and says what it means.

    ``html`` is escaped already; tags and attributes stay as they are, and so does what is pressed as a whole (a link,
    a button, a summary). Without a ``scenario`` the words are those of the library that ships. Say not to ``keep`` the
    result of what is shown once, as a page that grows is.
    """
    mark = _marked if keep else _marked.__wrapped__
    return mark(html, shipped_terms() if scenario is None else terms_of(scenario), language())


@lru_cache(maxsize=KEPT)
def _marked(html: str, terms: Terms, _language: str) -> str:
    seen: set[Explained] = set()

    def mark(found: re.Match[str]) -> str:
        word = found["word"]
        if word is None:
            return found[0]
        meant = terms.named(word)
        if meant in seen:
            return word
        seen.add(meant)
        return f"<span class='term' role='term' tabindex='0' aria-description='{escape(meant.line)}'>{word}</span>"

    return terms.pattern.sub(mark, html)


def list_of_terms(scenario: Scenario | None = None) -> str:
    """Every word with its line, in a list that is folded at first."""
    rows = "".join(
        f"<dt>{escape(one.title)}</dt><dd lang='{escape(one.language)}'>{escape(one.term.says)} "
        f"<span class='quiet'>{escape(one.rests_on)}</span></dd>"
        for one in (shipped_terms() if scenario is None else terms_of(scenario)).explained
    )
    return f"<details class='terms'><summary>{escape(_('Terms'))}</summary><dl>{rows}</dl></details>" if rows else ""
