"""Grounds for refusal, dual criminality among them, and how far the facts make each of them available."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from sim.i18n import marked, say
from sim.law.bases import LegalBasis
from sim.law.question import TRAFFICKING, Question
from sim.law.reason import Reason, by_practice_of
from sim.law.sources import Source, Sources, not_in_effect
from sim.law.terms import CONSENT_IN_WORDS, VIDEO_IN_WORDS, ground_in_words, in_words
from sim.model.grounds import Ground
from sim.model.rules import DualCriminalityRule, NeverRefuseRule, RefusalRule

Availability = Literal["available", "possible", "unavailable", "never"]
"""``available``: the facts raise it · ``possible``: it depends on facts not given · ``unavailable``: the instrument
has it, the facts exclude it · ``never``: the instrument forbids it."""

GROUNDS: tuple[str, ...] = get_args(Ground)
"""Every ground for refusal by name."""

_VERDICTS = {
    "available": marked("Refusable: {ground}"),
    "possible": marked("Possibly refusable: {ground}"),
    "unavailable": marked("Not refusable on these facts: {ground}"),
    "never": marked("Never refusable: {ground}"),
}
_BY_DUTY = {"available": marked("To be refused: {ground}"), "possible": marked("Possibly to be refused: {ground}")}
"""The same where refusal is a duty."""

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
    # What an instrument rules out for good, it rules out for the instruments it builds on too.
    chain = list(dict.fromkeys(source.instrument.id for source in found.all))
    never = {source.rule.ground: source.instrument.id for source in reversed(found.of(NeverRefuseRule))}
    answers = [
        _by_rule(question, found, source, basis)
        for source in found.of(RefusalRule)
        if source.rule.ground not in never
        or chain.index(source.instrument.id) <= chain.index(never[source.rule.ground])
    ]
    answers += [_dual_criminality(question, found, source) for source in found.of(DualCriminalityRule)]
    answers += [_never(source) for source in found.of(NeverRefuseRule)]
    known = {answer.ground for answer in answers}
    if "no-legal-basis" not in known and not basis.applies:
        words = say(
            "Refusable for want of a legal basis: {instrument} does not apply", instrument=basis.instrument.short
        )
        answers.append(
            RefusalGround("no-legal-basis", "available", True, False, Reason(words, children=(basis.reason,)))
        )
    if "de-minimis" not in known and question.requested.de_minimis:
        words = say("Possibly declined as too small, though the instrument has no such ground")
        practice = by_practice_of(
            question.requested,
            say("{state} declines what is below its threshold", state=question.requested.title),
        )
        answers.append(RefusalGround("de-minimis", "possible", False, False, Reason(words, children=(practice,))))
    return tuple(sorted(answers, key=lambda answer: _ORDER.index(answer.availability)))


def _by_rule(question: Question, found: Sources, source: Source[RefusalRule], basis: LegalBasis) -> RefusalGround:
    rule = source.rule
    off = not_in_effect(question, source)
    availability, because = _availability(question, rule, basis)
    if off is not None:
        availability, because = "unavailable", off
    return _answer(found, source, rule.ground, availability, because, rule.mandatory, rule.consult_first)


def _availability(question: Question, rule: RefusalRule, basis: LegalBasis) -> tuple[Availability, Reason]:
    """How far the facts open a ground, and the fact that decides it."""
    measure, requested = question.measure, question.requested
    ground, title = rule.ground, question.measure.title
    if rule.measures and measure.id not in rule.measures:
        return "unavailable", Reason(say("It concerns other measures than this one: {measure}", measure=title))
    if measure.id in rule.except_for:
        return "unavailable", Reason(say("It cannot be raised against this measure: {measure}", measure=title))
    if rule.coercive_only and not measure.coercive:
        return "unavailable", Reason(say("It concerns coercive measures, and this is none: {measure}", measure=title))
    if rule.non_coercive_only and measure.coercive:
        return "unavailable", Reason(
            say("It concerns measures that are not coercive, and this is: {measure}", measure=title)
        )
    most, penalty = rule.most_maximum_penalty_years, question.maximum_penalty_years
    if most is not None and penalty is not None:
        return ("available" if penalty <= most else "unavailable"), Reason(
            say("The maximum penalty is {penalty} years, and it concerns up to {most}", penalty=penalty, most=most)
        )
    if ground in ("own-law-forbids", "measure-limited"):
        if measure.id in requested.forbids_measures:
            words = say("The law of {state} does not allow it: {measure}", state=requested.title, measure=title)
            return "available", by_practice_of(requested, words)
        if measure.id == "video-hearing" and requested.video_link in ("written questions only", "not allowed"):
            practice = in_words(requested.video_link, VIDEO_IN_WORDS)
            words = say("{state} and video links: {practice}", state=requested.title, practice=practice)
            return "available", by_practice_of(requested, words)
        if ground == "own-law-forbids":
            words = say("The law of {state} allows it: {measure}", state=requested.title, measure=title)
            return "unavailable", by_practice_of(requested, words)
    if ground == "no-legal-basis":
        if not basis.applies:
            return "available", basis.reason
        return "unavailable", by_practice_of(requested, say("{state} acts without a treaty", state=requested.title))
    if ground == "death-penalty" and question.requesting.death_penalty:
        words = say("{state} may impose it; an assurance takes the ground away", state=question.requesting.title)
        return "available", by_practice_of(question.requesting, words)
    if rule.where_practised and ground == "de-minimis" and not requested.de_minimis:
        return "unavailable", by_practice_of(requested, say("{state} sets no threshold", state=requested.title))
    if ground == "non-criminal-proceeding":
        return "unavailable", Reason(say("The proceeding is criminal: {offence}", offence=question.offence_in_words))
    if ground == "consent-missing":
        if measure.consent_of == "nobody":
            return "unavailable", Reason(say("It needs nobody's consent: {measure}", measure=title))
        return "possible", Reason(in_words(measure.consent_of, CONSENT_IN_WORDS))
    return "possible", Reason(say("It depends on facts that the question does not give"))


def _dual_criminality(question: Question, found: Sources, source: Source[DualCriminalityRule]) -> RefusalGround:
    rule, requested = source.rule, question.requested
    availability: Availability = "available"
    mandatory = rule.mode == "required"
    state, offence, measure = requested.title, question.offence_in_words, question.measure.title
    off = not_in_effect(question, source)
    if off is not None:
        availability, because = "unavailable", off
    elif question.offence in requested.criminalises:
        availability = "unavailable"
        because = by_practice_of(requested, say("{state} punishes {offence} too", state=state, offence=offence))
    elif rule.mode == "not required":
        availability, because = "never", Reason(say("The instrument does not ask for dual criminality"))
    elif rule.mode == "not checked for listed offences" and _on_the_list(question, rule):
        availability = "never"
        because = Reason(say("It is not checked for {offence}, a listed offence", offence=offence))
    elif rule.measures and question.measure.id not in rule.measures:
        availability = "unavailable"
        because = Reason(say("It concerns other measures than this one: {measure}", measure=measure))
    elif question.measure.id in rule.except_for:
        availability = "never"
        because = Reason(say("It is never checked for this measure: {measure}", measure=measure))
    elif requested.dual_criminality == "waived for trafficking" and question.offence == TRAFFICKING and not mandatory:
        availability = "unavailable"
        because = by_practice_of(requested, say("{state} waives dual criminality for trafficking", state=state))
    elif requested.dual_criminality == "always required":
        mandatory = True
        because = by_practice_of(
            requested, say("{state} does not punish it, and always asks for dual criminality", state=state)
        )
    elif rule.mode == "coercive measures only" and not question.measure.coercive:
        availability = "unavailable"
        because = Reason(say("It is checked for coercive measures only, and this is none: {measure}", measure=measure))
    else:
        because = by_practice_of(requested, say("{state} does not punish {offence}", state=state, offence=offence))
    return _answer(found, source, "dual-criminality", availability, because, mandatory, False)


def _on_the_list(question: Question, rule: DualCriminalityRule) -> bool:
    penalty, least = question.maximum_penalty_years, rule.least_maximum_penalty_years
    serious = penalty is None or least is None or penalty >= least
    return question.offence in rule.listed and serious


def _never(source: Source[NeverRefuseRule]) -> RefusalGround:
    words = say("Never refusable: {ground}", ground=ground_in_words(source.rule.ground))
    return RefusalGround(source.rule.ground, "never", False, False, source.reason(words, source.reason()))


def _answer(
    found: Sources,
    source: Source[RefusalRule | DualCriminalityRule],
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
    named = any(other.rule.consult_first for other in found.of(RefusalRule))
    consults = consult_first or (consult is not None and not named)
    verdict = _BY_DUTY[availability] if mandatory and live else _VERDICTS[availability]
    words = say(verdict, ground=ground_in_words(ground))
    return RefusalGround(
        ground, availability, mandatory, consults and live, source.reason(words, source.reason(), because, *duties)
    )
