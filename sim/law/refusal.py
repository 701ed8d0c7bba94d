"""Grounds for refusal, dual criminality among them, and how far the facts make each of them available."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from sim.i18n import marked, say, say_many
from sim.law.bases import LegalBasis
from sim.law.question import TRAFFICKING, Question
from sim.law.reason import Reason, by_practice_of
from sim.law.sources import Source, Sources, concerns, every_instrument, not_in_effect
from sim.law.terms import CONSENT_IN_WORDS, OR, VIDEO_IN_WORDS, assurances_in_words, ground_in_words, in_words
from sim.model.assurances import LIFTS, Assurance
from sim.model.grounds import Ground
from sim.model.rules import DualCriminalityRule, NeverRefuseRule, RefusalRule

Availability = Literal["available", "possible", "unavailable", "never"]
"""``available``: the facts raise it · ``possible``: it depends on facts not given · ``unavailable``: the instrument
has it, the facts exclude it · ``never``: the instrument forbids it."""

GROUNDS: tuple[str, ...] = get_args(Ground)
"""Every ground for refusal by name."""

Compelling = Literal["nothing", "instrument", "national law"]
"""What makes refusal a duty: nothing, so that it is at discretion; the instrument; or the requested State's law."""

_VERDICTS = {
    "available": marked("May be refused: {ground}"),
    "possible": marked("May be refused if the facts bear it out: {ground}"),
    "unavailable": marked("Cannot be raised on these facts: {ground}"),
    "never": marked("Must not be refused: {ground}"),
}
_BY_DUTY: dict[tuple[Compelling, str], str] = {
    ("instrument", "available"): marked("Must be refused: {ground}"),
    ("instrument", "possible"): marked("Must be refused if the facts bear it out: {ground}"),
    ("national law", "available"): marked("May be refused, and must be by the law of {state}: {ground}"),
    ("national law", "possible"): marked(
        "May be refused if the facts bear it out, and then must be by the law of {state}: {ground}"
    ),
}
"""The same where refusal is a duty, by whose law."""

_ORDER = ("available", "possible", "unavailable", "never")


@dataclass(frozen=True)
class RefusalGround:
    """A ground on which help may, must, or may never be refused."""

    ground: Ground
    availability: Availability
    compelled_by: Compelling
    """Whose law makes refusal a duty once the ground is given."""
    consult_first: bool
    """Whether the requested State must consult before."""
    reason: Reason
    unless_assured: tuple[Assurance, ...] = ()
    """Assurances any one of which takes the ground away; none: no assurance does."""

    def lifted_by(self, given: Collection[Assurance]) -> bool:
        """Whether one of the assurances given takes it away."""
        return any(assurance in given for assurance in self.unless_assured)

    @property
    def mandatory(self) -> bool:
        """Whether refusal is a duty once the ground is given, whoever's law says so."""
        return self.compelled_by != "nothing"

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
        if not source.rule.whatever_basis
        and (
            source.rule.ground not in never
            or chain.index(source.instrument.id) <= chain.index(never[source.rule.ground])
        )
    ]
    answers += [_by_rule(question, found, source, basis) for source in _whatever_basis(question)]
    answers += [_dual_criminality(question, found, source) for source in found.of(DualCriminalityRule)]
    answers += [_never(source) for source in found.of(NeverRefuseRule)]
    known = {answer.ground for answer in answers}
    if "no-legal-basis" not in known and not basis.applies and basis.instrument.legal_basis:
        words = say(
            "Refusable for want of a legal basis: {instrument} does not apply", instrument=basis.instrument.short
        )
        answers.append(
            RefusalGround("no-legal-basis", "available", "national law", False, Reason(words, children=(basis.reason,)))
        )
    brought_in = found.national_law()
    if "de-minimis" not in known and question.requested.de_minimis and brought_in:
        state = question.requested.title
        words = say(
            "May be refused if the facts bear it out, by the law of {state}: {ground}",
            state=state,
            ground=ground_in_words("de-minimis"),
        )
        practice = by_practice_of(question.requested, say("{state} declines what is below its threshold", state=state))
        below = (practice, brought_in[0].reason())
        reason = by_practice_of(question.requested, words, *below)
        answers.append(RefusalGround("de-minimis", "possible", "nothing", False, reason))
    answers += _assurances_of_its_law(question, found)
    return tuple(sorted(answers, key=lambda answer: _ORDER.index(answer.availability)))


def _whatever_basis(question: Question) -> Iterator[Source[RefusalRule]]:
    """Grounds of instruments that bind the requested State whoever asks, for the measures that they speak of."""
    for record in every_instrument(question.scenario):
        binding = record.in_force(question.day) and record.id in question.requested.instruments
        if not (binding or record.needs_no_treaty):
            continue
        for provision in record.provisions:
            rule = provision.rule.refusal
            if rule is None or not rule.whatever_basis or not concerns(rule, question.measure.id):
                continue
            if provision.applies_on(question.day):
                yield Source(record, provision)


def _assurances_of_its_law(question: Question, found: Sources) -> Iterator[RefusalGround]:
    """Grounds that the requested State's own law has, unless it is assured what that law asks for.

    Only where what the request rests on leaves room for that law; between States that have closed the list of grounds
    there is none."""
    requested, requesting, brought_in = question.requested, question.requesting, found.national_law()
    asked: dict[Ground, list[Assurance]] = {}
    for assurance in requested.asks_assurances if brought_in else ():
        ground = LIFTS.get(assurance)
        if ground is not None and _raised_by(question, ground):
            asked.setdefault(ground, []).append(assurance)
    for ground, assurances in asked.items():
        states = {"state": requested.title, "other": requesting.title}
        words = say(_BY_DUTY["national law", "available"], ground=ground_in_words(ground), state=requested.title)
        practice = say("The law of {state} does not let it help {other} with this without an assurance", **states)
        below = (by_practice_of(requested, practice), _lifted(assurances), brought_in[0].reason())
        reason = by_practice_of(requested, words, *below)
        yield RefusalGround(ground, "available", "national law", False, reason, tuple(assurances))


def _raised_by(question: Question, ground: Ground) -> bool:
    """Whether what is known of the requesting State and of the offence raises a ground of protection."""
    if ground == "death-penalty":
        return _no_death_penalty(question) is None
    return ground in question.requesting.concerns


def _no_death_penalty(question: Question) -> Reason | None:
    """Why no death penalty is at stake in the requesting State; None where one may be imposed."""
    requesting, penalty = question.requesting, question.maximum_penalty_years
    if not requesting.death_penalty:
        return by_practice_of(requesting, say("{state} does not impose it", state=requesting.title))
    if penalty is not None:
        words = say_many("The maximum penalty is {n} year", "The maximum penalty is {n} years", penalty)
        return Reason(words)
    return None


def _lifted(assurances: Collection[Assurance]) -> Reason:
    words = say("An assurance takes the ground away: {what}", what=assurances_in_words(assurances, OR))
    return Reason(words)


def _by_rule(question: Question, found: Sources, source: Source[RefusalRule], basis: LegalBasis) -> RefusalGround:
    rule = source.rule
    off = not_in_effect(question, source)
    availability, because = _availability(question, rule, basis)
    if off is not None:
        availability, because = "unavailable", off
    compelled_by: Compelling = "instrument" if rule.mandatory else "nothing"
    return _answer(
        question,
        found,
        source,
        rule.ground,
        availability,
        because,
        compelled_by,
        rule.consult_first,
        rule.unless_assured,
    )


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
    if ground == "death-penalty" and rule.whatever_basis and requested.death_penalty:
        words = say("{state} may impose it itself, and the rule binds who has abolished it", state=requested.title)
        return "unavailable", by_practice_of(requested, words)
    if ground == "death-penalty":
        no_such_penalty = _no_death_penalty(question)
        if no_such_penalty is not None:
            return "unavailable", no_such_penalty
        words = say("{state} may impose it", state=question.requesting.title)
        return "available", by_practice_of(question.requesting, words)
    if ground in question.requesting.concerns:
        words = say("What is known of {state} gives reason to look at it", state=question.requesting.title)
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
    compelled_by: Compelling = "instrument" if rule.mode == "required" else "nothing"
    state, offence, measure = requested.title, question.offence_in_words, question.measure.title
    off = not_in_effect(question, source)
    if off is not None:
        availability, because = "unavailable", off
    elif rule.mode == "not required":
        availability, because = "never", Reason(say("The instrument does not ask for dual criminality"))
    elif rule.mode == "not checked for listed offences" and _on_the_list(question, rule):
        availability = "never"
        because = Reason(say("It is not checked for {offence}, a listed offence", offence=offence))
    elif requested.punishes(question.offence):
        availability = "unavailable"
        because = by_practice_of(requested, say("{state} punishes {offence} too", state=state, offence=offence))
    elif rule.measures and question.measure.id not in rule.measures:
        availability = "unavailable"
        because = Reason(say("It concerns other measures than this one: {measure}", measure=measure))
    elif question.measure.id in rule.except_for:
        availability = "never"
        because = Reason(say("It is never checked for this measure: {measure}", measure=measure))
    elif (
        requested.dual_criminality == "waived for trafficking"
        and question.offence == TRAFFICKING
        and compelled_by == "nothing"
    ):
        availability = "unavailable"
        because = by_practice_of(requested, say("{state} waives dual criminality for trafficking", state=state))
    elif rule.mode == "coercive measures only" and not question.measure.coercive:
        availability = "unavailable"
        because = Reason(say("It is checked for coercive measures only, and this is none: {measure}", measure=measure))
    elif requested.dual_criminality == "always required" and compelled_by == "nothing":
        compelled_by = "national law"
        because = by_practice_of(
            requested, say("{state} does not punish it, and always asks for dual criminality", state=state)
        )
    else:
        because = by_practice_of(requested, say("{state} does not punish {offence}", state=state, offence=offence))
    return _answer(question, found, source, "dual-criminality", availability, because, compelled_by, False)


def _on_the_list(question: Question, rule: DualCriminalityRule) -> bool:
    penalty, least = question.maximum_penalty_years, rule.least_maximum_penalty_years
    serious = penalty is None or least is None or penalty >= least
    return question.offence in rule.listed and serious


def _never(source: Source[NeverRefuseRule]) -> RefusalGround:
    words = say(_VERDICTS["never"], ground=ground_in_words(source.rule.ground))
    return RefusalGround(source.rule.ground, "never", "nothing", False, source.reason(words, source.reason()))


def _answer(
    question: Question,
    found: Sources,
    source: Source[RefusalRule | DualCriminalityRule],
    ground: Ground,
    availability: Availability,
    because: Reason,
    compelled_by: Compelling,
    consult_first: bool,
    unless_assured: tuple[Assurance, ...] = (),
) -> RefusalGround:
    consult = found.duty("consult-before-refusal", question.measure.id)
    reasons = found.duty("give-reasons", question.measure.id)
    live = availability in ("available", "possible")
    # A duty to consult speaks for all grounds unless the instrument names those for which it is owed.
    named = any(other.rule.consult_first for other in found.of(RefusalRule))
    consults = live and (consult_first or (consult is not None and not named))
    owed = (consult if consults else None, reasons if live else None)
    duties = tuple(duty.reason() for duty in owed if duty is not None)
    if live and unless_assured:
        duties = (_lifted(unless_assured), *duties)
    verdict = _BY_DUTY.get((compelled_by, availability), _VERDICTS[availability])
    words = say(verdict, ground=ground_in_words(ground), state=question.requested.title)
    reason = source.reason(words, source.reason(), because, *duties)
    return RefusalGround(ground, availability, compelled_by, consults, reason, unless_assured if live else ())
