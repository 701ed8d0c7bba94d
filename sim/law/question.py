"""A legal question: who asks whom for what, and about which offence. Every id is checked here, once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from sim.errors import LawError
from sim.i18n import Words, marked, say
from sim.law.terms import offence_in_words
from sim.model.jurisdiction import Jurisdiction
from sim.model.loading import Scenario
from sim.model.measure import Measure
from sim.model.offences import PUNISHED_EVERYWHERE
from sim.model.problems import did_you_mean

TRAFFICKING = "trafficking-in-persons"
"""The offence assumed unless another is named, and the one a practice ``waived for trafficking`` speaks of."""

Found = TypeVar("Found")


@dataclass(frozen=True)
class Question:
    """The facts on which every answer of this room depends."""

    scenario: Scenario = field(repr=False)
    requesting: Jurisdiction
    requested: Jurisdiction
    measure: Measure
    day: date
    """The day on which the law is asked for."""
    offence: str = TRAFFICKING
    maximum_penalty_years: int | None = None
    """Maximum penalty in the requesting State, where it is known."""
    urgent: bool = False
    """Whether the circumstances are urgent."""

    @property
    def key(self) -> tuple[str, str, str, str, int | None, date, bool]:
        """Tells it from every other question about the same scenario."""
        states = self.requesting.id, self.requested.id
        return *states, self.measure.id, self.offence, self.maximum_penalty_years, self.day, self.urgent

    @property
    def offence_in_words(self) -> Words:
        return offence_in_words(self.offence)

    @property
    def words(self) -> Words:
        """The question as one sentence, without a stop."""
        return say(
            "{requesting} asks {requested}: {measure}, about {offence}",
            requesting=self.requesting.title,
            requested=self.requested.title,
            measure=self.measure.title,
            offence=self.offence_in_words,
        )

    def __str__(self) -> str:
        return str(self.words)


def ask(
    scenario: Scenario,
    *,
    requesting: str,
    requested: str,
    measure: str,
    offence: str = TRAFFICKING,
    maximum_penalty_years: int | None = None,
    day: date | None = None,
    urgent: bool = False,
) -> Question:
    """The question with its records, asked for a day; without one, for that on which the scenario begins.

    Raises `LawError`, with a hint, for an id that nothing has.
    """
    asking = _known("jurisdiction", requesting, scenario.jurisdictions)
    asked = _known("jurisdiction", requested, scenario.jurisdictions)
    if asking is asked:
        raise LawError(say("{state} cannot ask itself for help — name two States", state=repr(requesting)))
    found = scenario.find("measure", measure)
    if found is None:
        raise _unknown("measure", measure, {*scenario.measures, *scenario.library.ids("measure")})
    offences = known_offences(scenario)
    if offence not in offences:
        raise _unknown("offence", offence, offences)
    return Question(scenario, asking, asked, found, day or scenario.day, offence, maximum_penalty_years, urgent)


def known_offences(scenario: Scenario) -> set[str]:
    """Offences that every State or some State of the scenario punishes, or some instrument names."""
    return scenario.work_out("offences", lambda: _known_offences(scenario))


def _known_offences(scenario: Scenario) -> set[str]:
    found = {TRAFFICKING, *PUNISHED_EVERYWHERE}
    for jurisdiction in scenario.jurisdictions.values():
        found.update(jurisdiction.criminalises)
    for record in scenario.instruments.values():
        found.update(record.own_offences)
        for provision in record.provisions:
            if provision.rule.scope:
                found.update(provision.rule.scope.offences)
            if provision.rule.dual_criminality:
                found.update(provision.rule.dual_criminality.listed)
    return found - {"any"}


def _known(kind: str, id_: str, records: Mapping[str, Found]) -> Found:
    if id_ not in records:
        raise _unknown(kind, id_, records)
    return records[id_]


def _unknown(kind: str, id_: str, known: Iterable[str]) -> LawError:
    return LawError(say(_UNKNOWN[kind], id=repr(id_), hint=did_you_mean(id_, known)))


_UNKNOWN = {
    "jurisdiction": marked("there is no jurisdiction {id} — {hint}"),
    "measure": marked("there is no measure {id} — {hint}"),
    "offence": marked("there is no offence {id} — {hint}"),
}
