"""Legal bases: which instruments a request can rest on, and which of them comes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sim.i18n import Words, joined, marked, say
from sim.law.question import TRAFFICKING, Question, ask
from sim.law.reason import Reason, by_practice_of
from sim.law.sources import Source, Sources, binds, every_instrument, instrument, sources, speaking
from sim.law.terms import written_out
from sim.model.instrument import Instrument
from sim.model.loading import Scenario
from sim.model.rules import DutyRule, MeasureRule, RelationRule, ScopeRule

_YIELDS = ("leaves others unaffected", "stands in where no treaty binds")
_TOGETHER = {
    "amends": marked("{first} as amended by {other}"),
    "supplements": marked("{first} as supplemented by {other}"),
    "applies mutatis mutandis": marked("{first} with {other}"),
}
"""How an instrument stands to those it is read together with, and what the two are called then."""

_PREVAILS = ("replaces", *_TOGETHER)


@dataclass(frozen=True)
class LegalBasis:
    """An instrument as the basis of a request."""

    instrument: Instrument
    applies: bool
    """Whether the request can rest on it."""
    reason: Reason
    """Why, or why not."""
    read_with: tuple[Instrument, ...] = ()
    """Other bases of the same request that it amends or supplements: with them it is one basis."""

    @property
    def id(self) -> str:
        return self.instrument.id

    @property
    def procedure(self) -> str | None:
        """The procedure that requests under it follow."""
        return self.instrument.procedure

    def __str__(self) -> str:
        return str(self.reason)


def legal_bases(
    scenario: Scenario,
    *,
    requesting: str,
    requested: str,
    measure: str,
    offence: str = TRAFFICKING,
    maximum_penalty_years: int | None = None,
    day: date | None = None,
    urgent: bool = False,
) -> tuple[LegalBasis, ...]:
    """Instruments the request can rest on, the first being the one to use. Empty if there is none.

    Order: the instruments' precedence, which follows UNTOC art. 18(6)-(7) and is a modelling choice where the texts
    leave it open. Raises `LawError` for an unknown id.
    """
    question = ask(
        scenario,
        requesting=requesting,
        requested=requested,
        measure=measure,
        offence=offence,
        maximum_penalty_years=maximum_penalty_years,
        day=day,
        urgent=urgent,
    )
    return tuple(basis for basis in considered(question) if basis.applies)


def considered(question: Question) -> tuple[LegalBasis, ...]:
    """Every instrument of the scenario, and comity: those that apply first, in order, then the others."""
    return question.scenario.work_out(("considered", question.key), lambda: _considered(question))


def _considered(question: Question) -> tuple[LegalBasis, ...]:
    bases = [examined(question, record) for record in every_instrument(question.scenario)]
    applying = [basis for basis in bases if basis.applies]
    carried = [
        basis for basis in bases if not basis.applies and _only_the_offence_is_missing(question, basis.instrument)
    ]
    ranked = [_ranked(question, basis, applying[place + 1 :], carried) for place, basis in enumerate(applying)]
    if ranked:
        ranked[0] = _standing_in(question, ranked[0])
    return (*ranked, *(basis for basis in bases if not basis.applies))


def _standing_in(question: Question, basis: LegalBasis) -> LegalBasis:
    """The first basis, with the provision by which it fills the place of a treaty, where it does."""
    found = sources(question.scenario, basis.instrument, question.day).of(RelationRule)
    by = next(
        (s for s in found if s.rule.relation == "stands in where no treaty binds" and _speaks_of(s.rule, question)),
        None,
    )
    if by is None:
        return basis
    words = say(
        "No other treaty offers this between {one} and {other}, and it stands in",
        one=question.requesting.title,
        other=question.requested.title,
    )
    reason = by.reason(words, by.reason())
    return replace(basis, reason=replace(basis.reason, children=(*basis.reason.children, reason)))


def _speaks_of(rule: RelationRule, question: Question) -> bool:
    """Whether a rule on other instruments concerns what is asked for: one on mutual legal assistance is none on
    extradition."""
    return question.measure.id not in rule.except_for


def basis_in_use(question: Question, id_: str | None, bases: tuple[LegalBasis, ...]) -> LegalBasis | None:
    """The basis named, whether or not it applies; otherwise the first that applies; otherwise None."""
    if id_ is None:
        return next((basis for basis in bases if basis.applies), None)
    record = instrument(question.scenario, id_)
    return next((basis for basis in bases if basis.id == id_), None) or examined(question, record)


def examined(question: Question, record: Instrument) -> LegalBasis:
    """Whether a request can rest on an instrument: in force, binding both, for the offence and the measure."""
    tests = (_is_a_basis(record), *_reach(question, record))
    if all(fulfilled for fulfilled, _ in tests):
        tests = (*tests, _not_replaced(question, record))
    applies = all(fulfilled for fulfilled, _ in tests)
    reasons = tuple(reason for fulfilled, reason in tests if reason is not None and (applies or not fulfilled))
    verdict = marked("{title} ({short}) applies") if applies else marked("{title} ({short}) is no basis")
    words = say(verdict, title=record.title, short=record.short)
    return LegalBasis(record, applies, Reason(words, children=reasons))


def carries_information(question: Question, record: Instrument) -> bool:
    """Whether police forces can ask each other for this under the instrument, without a letter of request."""
    return record.police_information and all(fulfilled for fulfilled, _ in _reach(question, record))


def speaks_beside(question: Question, record: Instrument) -> bool:
    """Whether it binds the two on this although no request rests on it, as one on rights, data or registers does."""
    return not record.legal_basis and all(fulfilled for fulfilled, _ in _reach(question, record))


Test = tuple[bool, Reason | None]


def reaches_apart_from_time(question: Question, record: Instrument) -> bool:
    """Whether an instrument binds both, for the offence and the measure, whenever it applies."""
    return all(fulfilled for fulfilled, _ in _reach(question, record)[1:])


def _reach(question: Question, record: Instrument) -> tuple[Test, ...]:
    """Whether it reaches this question: in force, binding both, for the offence and the measure."""
    found = speaking(question, record)
    return (
        _in_force(question, record),
        _binding(question, record),
        _offence_covered(question, found),
        _measure_offered(question, found),
        _remedies_provided(question, found),
    )


def _is_a_basis(record: Instrument) -> Test:
    if record.legal_basis:
        return True, None
    if record.police_information:
        words = say(
            "Police forces ask each other for information under it, without a request between judicial authorities"
        )
        return False, Reason(words, record.short)
    words = say("It has rules on rights, duties and cooperation; what is asked for rests on another instrument")
    return False, Reason(words, record.short)


def _not_replaced(question: Question, record: Instrument) -> Test:
    """Whether no other instrument takes the place of what it says about this measure between these States."""
    for later, relation in replacing(question.scenario).get(record.id, ()):
        yields = relation.instrument is record
        earlier = record.effective is None or later.effective is None or record.effective < later.effective
        measures = relation.rule.except_for
        if question.measure.id in measures or not relation.provision.applies_on(question.day):
            continue
        if not (yields or earlier):
            continue
        if all(fulfilled for fulfilled, _ in _reach(question, later)):
            words = say("{instrument} takes the place of its rules on this measure", instrument=later.short)
            return False, relation.reason(words, relation.reason())
    return True, None


def replacing(scenario: Scenario) -> dict[str, list[tuple[Instrument, Source[RelationRule]]]]:
    """By instrument, those that take its place, with the provision that says so: of the later one, or its own."""

    def found() -> dict[str, list[tuple[Instrument, Source[RelationRule]]]]:
        answer: dict[str, list[tuple[Instrument, Source[RelationRule]]]] = {}
        for record in scenario.instruments.values():
            for provision in record.provisions:
                rule = provision.rule.relation
                if rule is None:
                    continue
                source: Source[RelationRule] = Source(record, provision)
                if rule.relation == "replaces":
                    for id_ in rule.to:
                        answer.setdefault(id_, []).append((record, source))
                elif rule.relation == "gives way to":
                    others = [scenario.instruments[id_] for id_ in rule.to if id_ in scenario.instruments]
                    answer.setdefault(record.id, []).extend((other, source) for other in others)
        return answer

    return scenario.work_out("replacing", found)


def _in_force(question: Question, record: Instrument) -> Test:
    today = question.day
    if record.needs_no_treaty:
        return True, Reason(say("It needs no treaty"), record.short, sureness="primary source")
    if record.effective is None:
        return False, Reason(say("It is not in force"), record.short, sureness="primary source")
    day = written_out(record.effective)
    if record.id in question.scenario.world.supposed_in_force:
        words = say("It is not in force; this world supposes that it is since {day}", day=day)
        return record.effective <= today, Reason(words, record.short, sureness="assumption")
    if record.effective > today:
        return False, Reason(say("It applies only from {day}", day=day), record.short, sureness="primary source")
    if record.ends is not None and record.ends < today:
        words = say("It was in force until {day}", day=written_out(record.ends))
        return False, Reason(words, record.short, sureness="primary source")
    return True, Reason(say("It is in force since {day}", day=day), record.short, sureness="primary source")


def _binding(question: Question, record: Instrument) -> Test:
    sides = (question.requesting, question.requested)
    if record.needs_no_treaty:
        if question.requested.needs_treaty:
            words = say("{state} does not act without a treaty", state=question.requested.title)
            return False, by_practice_of(question.requested, words)
        return True, None
    one, other = (side.title for side in sides)
    bound = binds(question.scenario, record, *(side.id for side in sides))
    if record.bilateral:
        if bound:
            return True, Reason(say("It is in force between {one} and {other}", one=one, other=other))
        return False, Reason(say("{one} and {other} have no such treaty with each other", one=one, other=other))
    if not bound:
        outside = joined([side.title for side in sides if record.id not in side.instruments], marked(" and "))
        return False, Reason(say("It does not bind {states}", states=outside))
    return True, Reason(say("It binds {one} and {other}", one=one, other=other))


def covers(found: Sources, offence: str) -> bool:
    """Whether provisions on scope, where they name offences, name this one."""
    naming = [source.rule.offences for source in found.of(ScopeRule) if source.rule.offences]
    return not naming or any("any" in offences or offence in offences for offences in naming)


def _offence_covered(question: Question, found: Sources) -> Test:
    scopes = found.of(ScopeRule)
    naming = [source for source in scopes if source.rule.offences]
    penalty = question.maximum_penalty_years
    covering = None
    for source in naming:
        least = source.rule.least_maximum_penalty_years
        named = "any" in source.rule.offences or question.offence in source.rule.offences
        if named and (penalty is None or least is None or penalty >= least):
            covering = source
            break
    if naming and covering is None:
        below = tuple(source.reason() for source in naming)
        words = say("It does not cover {offence} on these facts", offence=question.offence_in_words)
        return False, Reason(words, children=below)
    conditions = tuple(source.reason() for source in scopes if not source.rule.offences)
    words = say("It covers {offence}", offence=question.offence_in_words)
    if covering is None:
        return True, Reason(words, children=conditions)
    said = (covering.reason(), *conditions)
    return True, Reason(words, covering.citation, covering.reference, covering.sureness, "", said)


def offers(found: Sources, measure: str) -> bool:
    """Whether provisions offer a measure; what lists no measures offers all."""
    rules = [source.rule for source in found.of(MeasureRule)]
    return not rules or any(measure in rule.measures or _any_reaches(rule, measure) for rule in rules)


def _any_reaches(rule: MeasureRule, measure: str) -> bool:
    return "any" in rule.measures and measure not in rule.except_for


def _measure_offered(question: Question, found: Sources) -> Test:
    title = question.measure.title
    offers = found.of(MeasureRule)
    if not offers:
        return True, None
    named = [source for source in offers if question.measure.id in source.rule.measures]
    source = next(iter(named), None) or next((s for s in offers if _any_reaches(s.rule, question.measure.id)), None)
    if source is None:
        return False, Reason(say("It does not offer this measure: {measure}", measure=title))
    always = any(offer.rule.always_available for offer in named)
    words = say("It offers this measure: {measure}", measure=title)
    if always:
        words = say("It offers this measure: {measure}, which must always be available", measure=title)
    return True, source.reason(words, *(other.reason() for other in named if other is not source))


def _remedies_provided(question: Question, found: Sources) -> Test:
    """Whether the requesting State provides the remedies without which the instrument lets no order be issued."""
    needed = [source for source in found.of(DutyRule, question.measure.id) if source.rule.before_issuing]
    if not needed or question.requesting.remedies_against_orders:
        return True, None
    words = say(
        "{state} provides no remedy against the issuing of such an order, and without one none is issued",
        state=question.requesting.title,
    )
    return False, needed[0].reason(words, needed[0].reason(), by_practice_of(question.requesting, words))


def _only_the_offence_is_missing(question: Question, record: Instrument) -> bool:
    """Whether an instrument would be a basis but for the offence, which one that builds on it may bring."""
    if not record.legal_basis:
        return False
    found = speaking(question, record)
    tests = (_in_force(question, record), _binding(question, record), _measure_offered(question, found))
    return all(fulfilled for fulfilled, _ in tests)


def _ranked(
    question: Question, basis: LegalBasis, later: list[LegalBasis], carried: Sequence[LegalBasis] = ()
) -> LegalBasis:
    """A basis with what it comes before, and with what it is read together with: later ones, and those of ``carried``
    that it makes apply to its own offences."""
    words, together = basis.reason.words, []
    mutatis = [other for other in carried if _applies_to_its_offences(question, basis.instrument, other.instrument)]
    reasons = tuple(precedes(question, basis, other) for other in (*mutatis, *later))
    for other in (*mutatis, *later):
        relation = _reads_with(question, basis.instrument, other.instrument)
        if relation is not None:
            together.append(other.instrument)
            first = joined([f"{one.title} ({one.short})" for one in together], marked(" and "))
            named = say("{title} ({short})", title=basis.instrument.title, short=basis.instrument.short)
            verdict = marked("{basis} apply") if len(together) > 1 else marked("{basis} applies")
            words = say(verdict, basis=say(_TOGETHER[relation.rule.relation], first=first, other=named))
    reason = replace(basis.reason, words=words, children=(*basis.reason.children, *reasons))
    return replace(basis, reason=reason, read_with=tuple(together))


def _reads_with(question: Question, record: Instrument, other: Instrument) -> Source[RelationRule] | None:
    """The provision by which an instrument amends or supplements another, on which it builds; None if it does not."""
    found = sources(question.scenario, record, question.day)
    if other.id not in {source.instrument.id for source in found.all}:
        return None
    relations = (source for source in found.of(RelationRule) if source.instrument is record)
    return next((s for s in relations if s.rule.relation in _TOGETHER and other.id in s.rule.to), None)


def _applies_to_its_offences(question: Question, record: Instrument, other: Instrument) -> bool:
    """Whether an instrument makes another apply to the offences it adds, whatever that one asks of them."""
    relation = _reads_with(question, record, other)
    return relation is not None and relation.rule.relation == "applies mutatis mutandis"


def comes_before(
    scenario: Scenario,
    first: str,
    other: str,
    *,
    requesting: str,
    requested: str,
    measure: str,
    offence: str = TRAFFICKING,
    day: date | None = None,
) -> Reason:
    """Why a request looks to one instrument before another. Raises `LawError` for an unknown id."""
    question = ask(scenario, requesting=requesting, requested=requested, measure=measure, offence=offence, day=day)

    def compared() -> Reason:
        one, two = (examined(question, instrument(scenario, id_)) for id_ in (first, other))
        return precedes(question, one, two)

    return scenario.work_out(("comes before", question.key, first, other), compared)


def precedes(question: Question, first: LegalBasis, other: LegalBasis) -> Reason:
    """Why one basis comes before another: the provision that says so, or that none does."""
    words: Words = say("It comes before {instrument}", instrument=other.instrument.short)
    together = _reads_with(question, first.instrument, other.instrument)
    if together is not None:
        words = say("It is read together with {instrument}", instrument=other.instrument.short)
        return together.reason(words, together.reason())
    own = [
        s
        for s in sources(question.scenario, first.instrument, question.day).of(RelationRule)
        if s.rule.relation in _PREVAILS
    ]
    theirs = [
        s
        for s in sources(question.scenario, other.instrument, question.day).of(RelationRule)
        if s.rule.relation in _YIELDS and _speaks_of(s.rule, question)
    ]
    orders: list[Source[RelationRule]] = [
        *(source for source in own if other.id in source.rule.to),
        *(source for source in theirs if {first.id, "any"} & set(source.rule.to)),
    ]
    if orders:
        return orders[0].reason(words, *(source.reason() for source in orders))
    words = say(
        "It comes before {instrument}, a modelling choice where the texts leave the order open",
        instrument=other.instrument.short,
    )
    return Reason(words, sureness="assumption")
