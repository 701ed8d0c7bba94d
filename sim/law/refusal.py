"""Grounds for refusal, dual criminality among them, and how far the facts make each of them available."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from sim.law.bases import LegalBasis
from sim.law.question import TRAFFICKING, Question
from sim.law.reason import Reason, by_practice_of
from sim.law.sources import Source, Sources
from sim.model.rules import DualCriminalityRule, Ground, RefusalRule

Availability = Literal["available", "possible", "unavailable", "never"]
"""``available``: the facts raise it · ``possible``: it depends on facts not given · ``unavailable``: the instrument
has it, the facts exclude it · ``never``: the instrument forbids it."""

GROUNDS: tuple[str, ...] = get_args(Ground)
"""Every ground for refusal by name."""

_ORDER = ("available", "possible", "unavailable", "never")


@dataclass(frozen=True)
class RefusalGround:
    """A ground on which help may, must, or may never be refused."""

    ground: Ground
    availability: Availability
    mandatory: bool
    """Whether refusal is a duty once the ground is given."""
    consult_first: bool
    """Whether the requested State must consult before."""
    reason: Reason

    def __str__(self) -> str:
        return str(self.reason)


def grounds(question: Question, found: Sources, basis: LegalBasis) -> tuple[RefusalGround, ...]:
    """Every ground the instrument or the requested State's practice knows, those the facts raise first."""
    never = {source.rule.ground for source in found.of("never_refuse") if source.instrument is found.instrument}
    # What an instrument rules out for good, it rules out for the instrument it builds on too.
    answers = [
        _by_rule(question, found, source, basis)
        for source in found.of("refusal")
        if source.instrument is found.instrument or source.rule.ground not in never
    ]
    answers += [_dual_criminality(question, found, source) for source in found.of("dual_criminality")]
    answers += [_never(source) for source in found.of("never_refuse")]
    known = {answer.ground for answer in answers}
    if "no-legal-basis" not in known and not basis.applies:
        text = f"Refusable for want of a legal basis: {basis.instrument.short} does not apply"
        answers.append(
            RefusalGround("no-legal-basis", "available", True, False, Reason(text, children=(basis.reason,)))
        )
    if "de-minimis" not in known and question.requested.de_minimis:
        text = "Possibly declined as too small, though the instrument has no such ground"
        practice = by_practice_of(
            question.requested, f"{question.requested.title} declines what is below its threshold"
        )
        answers.append(RefusalGround("de-minimis", "possible", False, False, Reason(text, children=(practice,))))
    return tuple(sorted(answers, key=lambda answer: _ORDER.index(answer.availability)))


def _by_rule(question: Question, found: Sources, source: Source, basis: LegalBasis) -> RefusalGround:
    rule = source.rule
    availability, because = _availability(question, rule, basis)
    return _answer(found, source, rule.ground, availability, because, rule.mandatory, rule.consult_first)


def _availability(question: Question, rule: RefusalRule, basis: LegalBasis) -> tuple[Availability, Reason]:
    """How far the facts open a ground, and the fact that decides it."""
    measure, requested = question.measure, question.requested
    ground = rule.ground
    if rule.measures and measure.id not in rule.measures:
        return "unavailable", Reason(f"It concerns other measures than this one: {measure.title}")
    if measure.id in rule.except_for:
        return "unavailable", Reason(f"It cannot be raised against this measure: {measure.title}")
    if rule.coercive_only and not measure.coercive:
        return "unavailable", Reason(f"It concerns coercive measures, and this is none: {measure.title}")
    if ground in ("own-law-forbids", "measure-limited"):
        if measure.id in requested.forbids_measures:
            return "available", by_practice_of(
                question.requested, f"The law of {requested.title} does not allow it: {measure.title}"
            )
        if measure.id == "video-hearing" and requested.video_link in ("written questions only", "not allowed"):
            return "available", by_practice_of(
                question.requested, f"{requested.title} and video links: {requested.video_link}"
            )
        if ground == "own-law-forbids":
            return "unavailable", by_practice_of(
                question.requested, f"The law of {requested.title} allows it: {measure.title}"
            )
    if ground == "no-legal-basis":
        if not basis.applies:
            return "available", basis.reason
        return "unavailable", by_practice_of(requested, f"{requested.title} acts without a treaty")
    if ground == "death-penalty" and question.requesting.death_penalty:
        text = f"{question.requesting.title} may impose it; an assurance takes the ground away"
        return "available", by_practice_of(question.requesting, text)
    if ground == "de-minimis" and not requested.de_minimis:
        return "unavailable", by_practice_of(requested, f"{requested.title} sets no threshold")
    if ground == "non-criminal-proceeding":
        return "unavailable", Reason(f"The proceeding is criminal: {question.offence_in_words}")
    if ground == "consent-missing":
        if measure.consent_of == "nobody":
            return "unavailable", Reason(f"It needs nobody's consent: {measure.title}")
        return "possible", Reason(f"It needs the consent of {measure.consent_of.removeprefix('the ')}")
    return "possible", Reason("It depends on facts that the question does not give")


def _dual_criminality(question: Question, found: Sources, source: Source) -> RefusalGround:
    rule, requested = source.rule, question.requested
    availability: Availability = "available"
    mandatory = rule.mode == "required"
    if question.offence in requested.criminalises:
        availability = "unavailable"
        because = by_practice_of(requested, f"{requested.title} punishes {question.offence_in_words} too")
    elif rule.mode == "not required":
        availability, because = "never", Reason("The instrument does not ask for dual criminality")
    elif rule.mode == "not checked for listed offences" and _on_the_list(question, rule):
        availability, because = "never", Reason(f"It is not checked for {question.offence_in_words}, a listed offence")
    elif question.measure.id in rule.except_for:
        availability, because = "never", Reason(f"It is never checked for this measure: {question.measure.title}")
    elif requested.dual_criminality == "waived for trafficking" and question.offence == TRAFFICKING and not mandatory:
        availability = "unavailable"
        because = by_practice_of(requested, f"{requested.title} waives dual criminality for trafficking")
    elif requested.dual_criminality == "always required":
        mandatory = True
        because = by_practice_of(
            question.requested, f"{requested.title} does not punish it, and always asks for dual criminality"
        )
    elif rule.mode == "coercive measures only" and not question.measure.coercive:
        availability = "unavailable"
        because = Reason(f"It is checked for coercive measures only, and this is none: {question.measure.title}")
    else:
        because = by_practice_of(requested, f"{requested.title} does not punish {question.offence_in_words}")
    return _answer(found, source, "dual-criminality", availability, because, mandatory, False)


def _on_the_list(question: Question, rule: DualCriminalityRule) -> bool:
    penalty, least = question.maximum_penalty_years, rule.least_maximum_penalty_years
    serious = penalty is None or least is None or penalty >= least
    return question.offence in rule.listed and serious


def _never(source: Source) -> RefusalGround:
    words = source.rule.ground.replace("-", " ")
    return RefusalGround(
        source.rule.ground, "never", False, False, source.reason(f"Never refusable: {words}", source.reason())
    )


def _answer(
    found: Sources,
    source: Source,
    ground: Ground,
    availability: Availability,
    because: Reason,
    mandatory: bool,
    consult_first: bool,
) -> RefusalGround:
    consult, reasons = found.duty("consult-before-refusal"), found.duty("give-reasons")
    live = availability in ("available", "possible")
    duties = tuple(duty.reason() for duty in (consult, reasons) if duty is not None and live)
    # A duty to consult speaks for all grounds unless the instrument names those for which it is owed.
    named = any(other.rule.consult_first for other in found.of("refusal"))
    consults = consult_first or (consult is not None and not named)
    verb = {
        "available": "To be refused" if mandatory else "Refusable",
        "possible": "Possibly to be refused" if mandatory else "Possibly refusable",
        "unavailable": "Not refusable on these facts",
        "never": "Never refusable",
    }[availability]
    text = f"{verb}: {ground.replace('-', ' ')}"
    return RefusalGround(
        ground, availability, mandatory, consults and live, source.reason(text, source.reason(), because, *duties)
    )
