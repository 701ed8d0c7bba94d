"""Glossaries: words of the field in one plain line each, for those who meet them for the first time."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from sim.i18n import say
from sim.model.base import Aside, Header, Prose, Record, Sureness, Text, fail


class Term(Record):
    """One word of the field."""

    term: Prose
    """The word or the abbreviation. Small letters at its beginning also mean a capital there; an ``s`` may follow."""
    stands_for: Aside = ""
    """What an abbreviation is short for; another name of it."""
    also: tuple[Prose, ...] = ()
    """Other names and forms of it."""
    says: Prose
    """What it means, in one plain line of ours."""
    cites: tuple[Text, ...] = ()
    """What it rests on, as ``untoc 18(13)``; an instrument without an article is cited in full."""
    source: Aside = ""
    """Where the line is taken from, where it rests on no instrument of the library."""
    sureness: Sureness = "from memory, unchecked"
    """How sure that is; of an article, its instrument says so."""

    @property
    def names(self) -> tuple[str, ...]:
        """The word, what it stands for, and its other names."""
        return (self.term, *filter(None, (self.stands_for,)), *self.also)

    @property
    def cited(self) -> tuple[tuple[str, str], ...]:
        """Instrument and article of everything it cites; the article is empty where the whole is meant."""
        parts = (reference.strip().partition(" ") for reference in self.cites)
        return tuple((instrument, article.strip()) for instrument, _, article in parts)

    @model_validator(mode="after")
    def _rests_on_something(self) -> Term:
        if bool(self.cites) == bool(self.source):
            raise fail(
                "F210",
                say("{term!r} rests on a provision or on a source, one of the two", term=self.term),
                say("write cites: [untoc 18(13)], or source: where the line is taken from"),
            )
        return self


class Glossary(Header):
    """Words of the field. A word stands in it once."""

    kind: Literal["glossary"]
    """Always ``glossary``."""
    reviewed: date
    """When somebody last went over this file."""
    terms: tuple[Term, ...] = Field(min_length=1)
    """The words, in any order."""

    @model_validator(mode="after")
    def _every_name_stands_once(self) -> Glossary:
        seen: dict[str, str] = {}
        for place, term in enumerate(self.terms):
            for name in term.names:
                first = seen.setdefault(name.casefold(), term.term)
                if first != term.term or sum(n.casefold() == name.casefold() for n in term.names) > 1:
                    message = say("{name!r} stands twice, for {first!r} first", name=name, first=first)
                    raise fail("F210", message, say("keep one of them"), ("terms", place))
        return self
