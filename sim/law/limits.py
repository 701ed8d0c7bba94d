"""Time limits, and grounds for putting execution off."""

from __future__ import annotations

from dataclasses import dataclass

from sim.law.question import Question
from sim.law.reason import Reason, by_practice_of
from sim.law.sources import Source, Sources
from sim.model.durations import DAY, HOUR, Duration


@dataclass(frozen=True)
class Deadline:
    """A time limit, or the rule that there is none in days."""

    step: str
    """What must be done, or what lasts so long: ``acknowledge``, ``recognise``, ``execute``, …"""
    within: Duration | None
    """The limit; None where the text says as soon as possible, promptly, forthwith."""
    counted_from: str
    """What starts the clock."""
    extendable_by: Duration | None
    urgent_within: Duration | None
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
    """``ongoing-proceedings``, ``needed-elsewhere``, or ``legal-remedies`` by the requested State's practice."""
    consult_first: bool
    """Whether the requested State must consult before."""
    reason: Reason

    def __str__(self) -> str:
        return str(self.reason)


def deadlines(question: Question, found: Sources) -> tuple[Deadline, ...]:
    """Time limits for this measure, in the order of the instrument."""
    return tuple(_deadline(source) for source in found.of("deadline", question.measure.id))


def postponements(question: Question, found: Sources) -> tuple[Postponement, ...]:
    """Grounds for putting execution off, and by practice the remedies of those affected, which hold the result back."""
    duty = found.duty("consult-before-refusal")
    answers = []
    for source in found.of("postponement"):
        rule = source.rule
        below = [source.reason(), *([duty.reason()] if duty is not None and rule.consult_first else [])]
        reason = source.reason(f"May be put off: {rule.ground.replace('-', ' ')}", *below)
        answers.append(Postponement(rule.ground, rule.consult_first, reason))
    if question.requested.legal_remedies:
        state = question.requested
        remedies = by_practice_of(state, f"In {state.title} those affected may appeal before evidence is handed over")
        reason = Reason("May be held back: legal remedies", children=(remedies,))
        answers.append(Postponement("legal-remedies", False, reason))
    return tuple(answers)


def in_words(duration: Duration) -> str:
    """A limit as the law writes it: ``30 days``, ``24 hours``, ``5 working days``."""
    span, scale = duration.spans[0], duration.scale
    amount, unit = (span.amount * scale, "working day") if span.days else (span.amount * scale / DAY, "day")
    if not span.days and amount < 2:
        amount, unit = span.amount * scale / HOUR, "hour" if span.clock == "calendar" else "working hour"
    return f"{amount:g} {unit}{'' if amount == 1 else 's'}"


def _deadline(source: Source) -> Deadline:
    rule = source.rule
    if rule.within is None:
        text = f"{rule.step.capitalize()}: as soon as possible, no number of days"
    else:
        text = f"{rule.step.capitalize()}: {in_words(rule.within)} from {rule.counted_from}"
    if rule.extendable_by is not None:
        text += f", extendable by {in_words(rule.extendable_by)}"
    if rule.urgent_within is not None:
        text += f"; in urgent cases {in_words(rule.urgent_within)}"
    reason = source.reason(text, source.reason())
    return Deadline(rule.step, rule.within, rule.counted_from, rule.extendable_by, rule.urgent_within, reason)
