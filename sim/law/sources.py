"""Provisions as sources of answers, and how a citation in a case file finds its provision."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Generic, TypeVar, cast

from sim.errors import LawError
from sim.i18n import Words, say
from sim.law.question import Question
from sim.law.reason import Reason, by_practice_of
from sim.model.base import Reading
from sim.model.instrument import Instrument, Provision
from sim.model.loading import Scenario
from sim.model.problems import did_you_mean
from sim.model.rules import Content, DualCriminalityRule, DutyRule, LanguageRule, RefusalRule, ScopeRule

Said = TypeVar("Said", bound=Content, covariant=True)
Wanted = TypeVar("Wanted", bound=Content)

_OWN_FIRST = (ScopeRule, LanguageRule, DualCriminalityRule)
"""Rules for which an instrument's own word displaces that of the instrument it builds on."""


@dataclass(frozen=True)
class Source(Generic[Said]):
    """A provision of an instrument."""

    instrument: Instrument
    provision: Provision

    @cached_property
    def rule(self) -> Said:
        """What the provision says for the simulation."""
        return cast(Said, self.provision.rule.content_of)  # whoever makes a source of a kind has looked

    @property
    def citation(self) -> str:
        """For people: ``UNTOC art. 18(9)``."""
        return self.instrument.cite(self.provision)

    @property
    def reference(self) -> str:
        """As files write it: ``untoc 18(9)``."""
        return f"{self.instrument.id} {self.provision.article}"

    @property
    def sureness(self) -> Reading:
        """How sure the provision is."""
        return self.instrument.sureness_of(self.provision)

    def reason(self, words: Words | None = None, *children: Reason) -> Reason:
        """A reason that rests on this provision; what the provision says, unless ``words`` are given."""
        provision = self.provision
        return Reason(words or provision.says, self.citation, self.reference, self.sureness, provision.note, children)


@dataclass(frozen=True)
class Sources:
    """All provisions that speak when a request rests on an instrument: its own, then those it builds on."""

    instrument: Instrument
    all: tuple[Source[Content], ...]

    def of(self, kind: type[Wanted], measure: str | None = None) -> tuple[Source[Wanted], ...]:
        """Provisions with a rule of this kind, in order; with a measure, those that concern it."""
        if (kind, measure) not in self._found:
            of_kind = self._by_kind.get(kind, [])
            found = tuple(source for source in of_kind if measure is None or concerns(source.rule, measure))
            own = tuple(source for source in found if source.instrument is self.instrument)
            self._found[kind, measure] = own if own and kind in _OWN_FIRST else found
        return cast("tuple[Source[Wanted], ...]", self._found[kind, measure])

    @cached_property
    def _found(self) -> dict[tuple[object, str | None], tuple[Source[Content], ...]]:
        return {}

    @cached_property
    def _by_kind(self) -> dict[object, list[Source[Content]]]:
        found: dict[object, list[Source[Content]]] = {}
        for source in self.all:
            found.setdefault(type(source.rule), []).append(source)
        return found

    @cached_property
    def between_some(self) -> bool:
        """Whether any of them applies between some States that it binds and not between others."""
        provisions = (source.provision for source in self.all)
        return any(one.by_declaration or one.unless_bound_by is not None for one in provisions)

    def national_law(self) -> tuple[Source[Content], ...]:
        """Provisions that bring in the requested State's law, with the grounds for refusal it knows."""
        return tuple(source for source in self.all if source.provision.brings_in_national_law)

    def duty(self, name: str, measure: str) -> Source[DutyRule] | None:
        """The provision that lays down a duty in requests for a measure, or None."""
        return next((source for source in self.of(DutyRule, measure) if source.rule.duty == name), None)


def concerns(rule: Content, measure: str) -> bool:
    """Whether a rule speaks of a measure: of this one, of any, or of none in particular."""
    named = getattr(rule, "measures", ())
    return not named or measure in named or "any" in named


def instrument(scenario: Scenario, id_: str) -> Instrument:
    """An instrument of the scenario or of the library. Raises `LawError` if there is none."""
    found = scenario.find("instrument", id_)
    if found is None:
        known = {*scenario.instruments, *scenario.library.ids("instrument")}
        raise LawError(say("there is no instrument {id} — {hint}", id=repr(id_), hint=did_you_mean(id_, known)))
    return found


def every_instrument(scenario: Scenario) -> tuple[Instrument, ...]:
    """The instruments of a scenario, and those of the library that need no treaty, in the order of precedence."""

    def found() -> tuple[Instrument, ...]:
        records = dict(scenario.instruments)
        for id_ in scenario.library.ids("instrument"):
            record = scenario.find("instrument", id_)
            if record is not None and record.needs_no_treaty:
                records[id_] = record
        return tuple(sorted(records.values(), key=lambda record: (record.precedence, record.id)))

    return scenario.work_out("every instrument", found)


def sources(scenario: Scenario, record: Instrument, day: date | None = None) -> Sources:
    """The provisions that speak when a request rests on ``record`` on a day; without one, when the scenario begins."""
    asked = day or scenario.day
    since = _unchanged_since(scenario, record, asked)
    return scenario.work_out(("sources", record.id, since), lambda: _sources(scenario, record, asked))


def _unchanged_since(scenario: Scenario, record: Instrument, day: date) -> date:
    """The first day on which the provisions that applied were those that apply on this one, so that few days differ."""

    def turns() -> tuple[date, ...]:
        found = {date.min}
        for source in _sources(scenario, record, None).all:
            begins, ends = source.provision.applies_from, source.provision.applies_until
            found |= {begins or date.min, ends + timedelta(days=1) if ends is not None else date.min}
        return tuple(sorted(found))

    known = scenario.work_out(("turns", record.id), turns)
    return known[bisect_right(known, day) - 1]


def _sources(scenario: Scenario, record: Instrument, day: date | None) -> Sources:
    """The provisions that apply on a day; without one, whenever they apply."""
    found: list[Source[Content]] = []
    seen: set[str] = set()
    current: Instrument | None = record
    while current is not None and current.id not in seen:
        seen.add(current.id)
        found += [Source(current, one) for one in current.provisions if day is None or one.applies_on(day)]
        current = instrument(scenario, current.builds_on) if current.builds_on else None
    return Sources(record, tuple(found))


def speaking(question: Question, record: Instrument) -> Sources:
    """The provisions that speak when a request rests on ``record``, as far as they concern what is asked.

    Left out are articles on other measures where the instrument keeps them apart, and what applies only towards States
    that declared so, or only between States that a later instrument does not bind. Grounds for refusal of the last
    two kinds stay, so that it can be said why they are not open (`not_in_effect`).
    """

    scenario, measure, day = question.scenario, question.measure.id, question.day

    def on_measure() -> Sources:
        every = sources(scenario, record, day).all
        return Sources(record, tuple(one for one in every if one.instrument.speaks_of(one.provision, measure)))

    # What turns on the two States is little; the rest is the same for all of them.
    since = _unchanged_since(scenario, record, day)
    known = scenario.work_out(("on measure", record.id, measure, since), on_measure)
    if not known.between_some:
        return known

    def between() -> Sources:
        return Sources(record, tuple(source for source in known.all if _speaks(question, source)))

    sides = question.requesting.id, question.requested.id
    return scenario.work_out(("speaking", record.id, *sides, measure, since), between)


def _speaks(question: Question, source: Source[Content]) -> bool:
    provision = source.provision
    if not provision.by_declaration and provision.unless_bound_by is None:
        return True
    return isinstance(source.rule, RefusalRule | DualCriminalityRule) or not_in_effect(question, source) is None


def not_in_effect(question: Question, source: Source[Content]) -> Reason | None:
    """Why a provision does not apply between the two States: no declaration, or a later instrument; None if it does."""
    provision, asked = source.provision, question.requested
    if provision.by_declaration and provision.article not in asked.declarations.get(source.instrument.id, ()):
        return by_practice_of(asked, say("{state} has made no such declaration", state=asked.title))
    if provision.unless_bound_by is not None:
        later = instrument(question.scenario, provision.unless_bound_by)
        if binds(question.scenario, later, question.requesting.id, asked.id):
            return Reason(say("{instrument}, which binds both, takes it away", instrument=later.short))
    return None


def binds(scenario: Scenario, record: Instrument, *states: str) -> bool:
    """Whether an instrument, in force or not, binds all these States; a bilateral one, as a treaty between them."""
    if record.bilateral:
        treaties = scenario.world.treaties
        return any(treaty.instrument == record.id and set(treaty.between) == set(states) for treaty in treaties)
    return all(record.id in scenario.jurisdictions[state].instruments for state in states)


def article_of(written: str) -> str:
    """An article as files write it: ``art. 18(24)`` is ``18(24)``."""
    return written.strip().removeprefix("art.").strip()


def provisions(scenario: Scenario, citation: str) -> tuple[Provision, ...]:
    """The provisions a citation such as ``untoc 18(24)`` means; ``untoc 18(3)`` also means 18(3)(a) and so on.

    The instrument is written by its id. Raises `LawError` if it, or the article, does not exist.
    """
    id_, _, article = citation.strip().partition(" ")
    record, article = instrument(scenario, id_), article_of(article)
    found = record.provisions_at(article)
    if not found:
        known = [p.article for p in record.provisions]
        raise LawError(
            say(
                "{instrument} has no article {article} here — {hint}",
                instrument=record.short,
                article=repr(article),
                hint=did_you_mean(article, known),
            )
        )
    return found


def provision(scenario: Scenario, citation: str) -> Provision:
    """The first provision a citation such as ``untoc 18(24)`` means. Raises `LawError` if there is none."""
    return provisions(scenario, citation)[0]
