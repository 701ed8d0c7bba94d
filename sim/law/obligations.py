"""Duties each side owes, and what is possible without being owed."""

from __future__ import annotations

from dataclasses import dataclass

from sim.i18n import joined, marked, say
from sim.law.question import Question
from sim.law.reason import Reason
from sim.law.sources import Source, Sources
from sim.law.terms import DUTIES_IN_WORDS, PERMISSIONS_IN_WORDS, in_words
from sim.model.loading import Scenario
from sim.model.rules import DutyRule, Party, PermissionRule

_STRENGTHS = {
    "owed": marked("{states} must {duty}"),
    "to be endeavoured": marked("{states} must endeavour to {duty}"),
    "to be considered": marked("{states} must consider whether to {duty}"),
}

_GENERAL = (
    "criminalise",
    "prevention",
    "train",
    "border-measures",
    "consider-arrangements",
    "consult-on-application",
    "liaison",
    "exchange-information",
    "safe-return",
    "return-migrants",
    "spare-migrants",
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
    # Several provisions lay down one duty, an instrument's and those of the one it builds on: it is owed once.
    laid_down: dict[tuple[str, Party, str], list[Source[DutyRule]]] = {}
    for source in found.of(DutyRule, question.measure.id):
        key = (source.rule.duty, source.rule.on, source.rule.strength)
        laid_down.setdefault(key, []).append(source)
    answers = []
    for (duty, on, strength), where in laid_down.items():
        owing = sides[on]
        states = joined([state.title for state in owing], marked(" and "))
        words = say(_STRENGTHS[strength], states=states, duty=in_words(duty, DUTIES_IN_WORDS))
        reason = where[0].reason(words, *(source.reason() for source in where))
        answers.append(Duty(duty, on, tuple(state.id for state in owing), strength, reason))
    return tuple(sorted(answers, key=lambda duty: duty.general))


def allows(scenario: Scenario, one: str, other: str, what: str) -> bool:
    """Whether an instrument that binds both States makes something possible between them, such as a joint
    investigation; instruments that are no basis for requests count too."""
    sides = (scenario.jurisdictions[one], scenario.jurisdictions[other])
    return any(
        provision.rule.permission is not None and provision.rule.permission.allows == what
        for id_ in set(sides[0].instruments) & set(sides[1].instruments)
        if (record := scenario.find("instrument", id_)) is not None and record.in_force(scenario.day)
        for provision in record.provisions
        if provision.applies_on(scenario.day)
    )


def permissions(question: Question, found: Sources) -> tuple[Permission, ...]:
    """What the instrument makes possible for this measure."""
    given: dict[tuple[str, bool], list[Source[PermissionRule]]] = {}
    for source in found.of(PermissionRule, question.measure.id):
        given.setdefault((source.rule.allows, source.rule.agreed_only), []).append(source)
    answers = []
    for (allowed, agreed_only), where in given.items():
        what = in_words(allowed, PERMISSIONS_IN_WORDS)
        agreed = say("If both States agree: {what}", what=what)
        words = agreed if agreed_only else say("May be used: {what}", what=what)
        reason = where[0].reason(words, *(source.reason() for source in where))
        answers.append(Permission(allowed, agreed_only, reason))
    return tuple(answers)
