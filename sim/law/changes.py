"""What changes soon: instruments and provisions that begin or cease to apply within a year of the day asked about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sim.i18n import say
from sim.law.bases import LegalBasis, reaches_apart_from_time
from sim.law.question import Question
from sim.law.reason import Reason
from sim.law.sources import Source, concerns
from sim.law.terms import written_out
from sim.model.rules import Content

SOON = timedelta(days=365)
"""How far ahead is looked."""


@dataclass(frozen=True)
class Change:
    """Something of the law between two States that will be another within a year."""

    day: date
    """The first day on which it applies, or the last."""
    what: Literal["begins", "ends"]
    instrument: str
    """The instrument by its id."""
    reason: Reason

    def __str__(self) -> str:
        return str(self.reason)


def changes(question: Question, bases: tuple[LegalBasis, ...]) -> tuple[Change, ...]:
    """What begins or ceases to apply within a year, of what reaches this question, the next first."""
    found = []
    for record in question.scenario.instruments.values():
        begins, ends = _soon(question, record.effective, record.ends)
        if (begins or ends) and reaches_apart_from_time(question, record):
            found += _changes(record.id, record.short, record.short, begins, ends)
    for record in {basis.id: basis.instrument for basis in bases}.values():
        for provision in record.provisions:
            begins, ends = _soon(question, provision.applies_from, provision.applies_until)
            if (begins or ends) and concerns(provision.rule.content_of, question.measure.id):
                source: Source[Content] = Source(record, provision)
                found += _changes(record.id, source.citation, record.short, begins, ends, source.reason())
    return tuple(sorted(found, key=lambda change: (change.day, change.instrument)))


def _soon(question: Question, begins: date | None, ends: date | None) -> tuple[date | None, date | None]:
    """The two days, as far as they lie within a year."""
    day, until = question.day, question.day + SOON
    return (
        begins if begins is not None and day < begins <= until else None,
        ends if ends is not None and day <= ends <= until else None,
    )


def _changes(
    id_: str, named: str, citation: str, begins: date | None, ends: date | None, *below: Reason
) -> list[Change]:
    found = []
    if begins is not None:
        words = say("{instrument} applies from {day}", instrument=named, day=written_out(begins))
        found.append(Change(begins, "begins", id_, Reason(words, citation, children=below)))
    if ends is not None:
        words = say("{instrument} applies until {day}", instrument=named, day=written_out(ends))
        found.append(Change(ends, "ends", id_, Reason(words, citation, children=below)))
    return found
