"""Time limits, and grounds for putting execution off."""

from __future__ import annotations

from dataclasses import dataclass

from sim.i18n import Words, say
from sim.law.question import Question
from sim.law.reason import Reason, by_practice_of
from sim.law.sources import Source, Sources
from sim.law.terms import POSTPONEMENTS_IN_WORDS, STARTS_IN_WORDS, STEPS_IN_WORDS, in_words, limit_in_words
from sim.model.durations import DAY, Duration
from sim.model.rules import DeadlineRule, PostponementRule


@dataclass(frozen=True)
class Deadline:
    """A time limit, or the rule that there is none in days."""

    step: str
    """What must be done, or what lasts so long: ``acknowledge``, ``recognise``, ``execute``, …"""
    within: Duration | None
    """The limit, in urgent circumstances the one for these; None where the text says as soon as possible, promptly."""
    counted_from: str
    """What starts the clock."""
    extendable_by: Duration | None
    urgent_within: Duration | None
    at_least: bool
    """Whether it is a floor, under which what lasts so long may not end, instead of a limit."""
    reason: Reason

    @property
    def days(self) -> float | None:
        """The limit in calendar days, None if the text sets none."""
        return None if self.within is None else self.within.seconds(DAY)[0] / DAY

    def __str__(self) -> str:
        return str(self.reason)


@dataclass(frozen=True)
class Postponement:
    """A ground for putting execution off."""

    ground: str
    """``ongoing-proceedings``, ``needed-elsewhere``, or ``legal-remedies`` by an instrument or national practice."""
    consult_first: bool
    """Whether the requested State must consult before."""
    reason: Reason

    def __str__(self) -> str:
        return str(self.reason)


def deadlines(question: Question, found: Sources) -> tuple[Deadline, ...]:
    """Time limits for this measure, in the order of the instrument."""
    every = found.of(DeadlineRule, question.measure.id)
    own = {source.rule.step for source in every if source.instrument is found.instrument and _in_days(source)}
    # Where an instrument sets days, what it builds on no longer says "as soon as possible" beside them.
    speaking = (s for s in every if s.instrument is found.instrument or _in_days(s) or s.rule.step not in own)
    return tuple(_deadline(source, question.urgent) for source in speaking)


def _in_days(source: Source[DeadlineRule]) -> bool:
    """Whether a rule sets a limit, be it for urgent cases only."""
    return source.rule.within is not None or source.rule.urgent_within is not None


def postponements(question: Question, found: Sources) -> tuple[Postponement, ...]:
    """Grounds for putting execution off, and by practice the remedies of those affected, which hold the result back."""
    duty = found.duty("consult-before-refusal", question.measure.id)
    answers = []
    by_law = [source for source in found.of(PostponementRule) if source.rule.ground == "legal-remedies"]
    for source in found.of(PostponementRule):
        rule = source.rule
        if rule.ground == "legal-remedies":
            continue
        below = [source.reason(), *([duty.reason()] if duty is not None and rule.consult_first else [])]
        reason = source.reason(
            say("May be put off: {ground}", ground=in_words(rule.ground, POSTPONEMENTS_IN_WORDS)), *below
        )
        answers.append(Postponement(rule.ground, rule.consult_first, reason))
    # What practice holds back is evidence; nobody hands over evidence by surrendering a person or taking up a case.
    evidence = question.measure.nature in ("data", "records", "objects", "testimony")
    if question.requested.legal_remedies and (by_law or evidence):
        state = question.requested
        words = say("In {state} those affected may appeal before evidence is handed over", state=state.title)
        remedies = found.duty("legal-remedies", question.measure.id)
        law = [source.reason() for source in by_law] + ([remedies.reason()] if remedies is not None else [])
        held = say("May be held back: legal remedies")
        because = (by_practice_of(state, words), *law)
        # An instrument that lets the result be held back is cited for it; otherwise it is the practice of the State.
        reason = by_law[0].reason(held, *because) if by_law else Reason(held, children=because)
        answers.append(Postponement("legal-remedies", False, reason))
    return tuple(answers)


def _deadline(source: Source[DeadlineRule], urgent: bool) -> Deadline:
    rule = source.rule
    if urgent and rule.urgent_within is not None:
        rule = rule.model_copy(update={"within": rule.urgent_within, "urgent_within": None})
    reason = source.reason(_limit(rule), source.reason())
    return Deadline(
        rule.step, rule.within, rule.counted_from, rule.extendable_by, rule.urgent_within, rule.at_least, reason
    )


def _limit(rule: DeadlineRule) -> Words:
    """A time limit as one sentence."""
    step, start = in_words(rule.step, STEPS_IN_WORDS), in_words(rule.counted_from, STARTS_IN_WORDS)
    if rule.within is None:
        words = say("{step}: as soon as possible, no number of days", step=step)
    elif rule.at_least:
        words = say("{step}: at least {limit} from {start}", step=step, limit=limit_in_words(rule.within), start=start)
    else:
        words = say("{step}: {limit} from {start}", step=step, limit=limit_in_words(rule.within), start=start)
    if rule.extendable_by is not None:
        words = say("{limit}, extendable by {more}", limit=words, more=limit_in_words(rule.extendable_by))
    if rule.urgent_within is not None:
        words = say("{limit}; in urgent cases {urgent}", limit=words, urgent=limit_in_words(rule.urgent_within))
    return words
