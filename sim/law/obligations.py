"""Duties each side owes, and what is possible without being owed."""

from __future__ import annotations

from dataclasses import dataclass

from sim.i18n import joined, marked, say
from sim.law.question import Question
from sim.law.reason import Reason
from sim.law.sources import Sources
from sim.law.terms import DUTIES_IN_WORDS, PERMISSIONS_IN_WORDS, in_words
from sim.model.loading import Scenario
from sim.model.rules import DutyRule, Party, PermissionRule

_STRENGTHS = {
    "owed": marked("{states}: {duty}"),
    "to be endeavoured": marked("{states}, as far as possible: {duty}"),
    "to be considered": marked("{states}, to be considered only: {duty}"),
}

_GENERAL = (
    "criminalise",
    "train",
    "border-measures",
    "consider-arrangements",
    "designate-authority",
    "residence",
    "compensation",
)


@dataclass(frozen=True)
class Duty:
    """Something one side, or both, owe."""

    duty: str
    on: Party
    owed_by: tuple[str, ...]
    """Jurisdictions by id."""
    strength: str
    """``owed``, ``to be endeavoured`` or ``to be considered``."""
    reason: Reason

    @property
    def general(self) -> bool:
        """Whether it is owed whatever the request, such as making trafficking a crime."""
        return self.duty in _GENERAL

    def __str__(self) -> str:
        return str(self.reason)


@dataclass(frozen=True)
class Permission:
    """Something possible without being owed."""

    allows: str
    agreed_only: bool
    """Whether both sides must agree."""
    reason: Reason

    def __str__(self) -> str:
        return str(self.reason)


def duties(question: Question, found: Sources) -> tuple[Duty, ...]:
    """Duties that concern this measure: those of the request first, then those owed in general."""
    sides = {
        "requesting": (question.requesting,),
        "requested": (question.requested,),
        "both": (question.requesting, question.requested),
    }
    answers = []
    for source in found.of(DutyRule, question.measure.id):
        owing = sides[source.rule.on]
        owed = in_words(source.rule.duty, DUTIES_IN_WORDS)
        states = joined([state.title for state in owing], marked(" and "))
        words = say(_STRENGTHS[source.rule.strength], states=states, duty=owed)
        reason = source.reason(words, source.reason())
        owed_by = tuple(state.id for state in owing)
        answers.append(Duty(source.rule.duty, source.rule.on, owed_by, source.rule.strength, reason))
    return tuple(sorted(answers, key=lambda duty: duty.general))


def allows(scenario: Scenario, one: str, other: str, what: str) -> bool:
    """Whether an instrument that binds both States makes something possible between them, such as a joint
    investigation; instruments that are no basis for requests count too."""
    sides = (scenario.jurisdictions[one], scenario.jurisdictions[other])
    return any(
        provision.rule.permission is not None and provision.rule.permission.allows == what
        for id_ in set(sides[0].instruments) & set(sides[1].instruments)
        if (record := scenario.find("instrument", id_)) is not None and record.in_force(scenario.world.starts)
        for provision in record.provisions
    )


def permissions(question: Question, found: Sources) -> tuple[Permission, ...]:
    """What the instrument makes possible for this measure."""
    answers = []
    for source in found.of(PermissionRule, question.measure.id):
        what = in_words(source.rule.allows, PERMISSIONS_IN_WORDS)
        possible = say("Possible if both agree: {what}", what=what)
        words = possible if source.rule.agreed_only else say("Possible: {what}", what=what)
        reason = source.reason(words, source.reason())
        answers.append(Permission(source.rule.allows, source.rule.agreed_only, reason))
    return tuple(answers)
