"""The elements of an offence: act, means and purpose, with the exception for children."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sim.errors import LawError
from sim.law.question import TRAFFICKING
from sim.law.reason import Reason
from sim.law.sources import Source
from sim.model.instrument import Instrument
from sim.model.loading import Scenario
from sim.model.problems import did_you_mean

_TESTED = ("act", "means", "purpose")


@dataclass(frozen=True)
class ElementsTest:
    """Whether facts show every element of an offence."""

    complete: bool
    missing: tuple[str, ...]
    """Elements that no fact shows, of ``act``, ``means``, ``purpose``."""
    child: bool
    """Whether the person is known to be a child."""
    reason: Reason

    def __str__(self) -> str:
        return str(self.reason)


def elements(
    scenario_or_instrument: Scenario | Instrument,
    facts: Collection[str],
    age: int | None = None,
    *,
    offence: str = TRAFFICKING,
) -> ElementsTest:
    """Whether ``facts`` (ids named by the instrument's definition) show the offence, for a victim of this age.

    An unknown age is not taken for a child's; the answer says what would change. Raises `LawError` for a fact that the
    definition does not know, and if no instrument defines the offence.
    """
    sources = _defining(scenario_or_instrument, offence)
    known = {fact for source in sources for fact in source.rule.any_of}
    for fact in sorted(facts):
        if fact not in known:
            raise LawError(f"the definition knows no fact {fact!r} — {did_you_mean(fact, known)}")
    limit = next((source for source in sources if source.rule.element == "child-age"), None)
    exception = next((source for source in sources if source.rule.element == "child-exception"), None)
    child = limit is not None and age is not None and age < limit.rule.below_age
    reasons: list[Reason] = []
    missing: list[str] = []
    for element in _TESTED:
        naming = [source for source in sources if source.rule.element == element]
        if not naming:
            continue
        shown = sorted(fact for source in naming for fact in source.rule.any_of if fact in facts)
        if shown:
            words = ", ".join(fact.replace("-", " ") for fact in shown)
            reasons.append(naming[0].reason(f"{element.capitalize()}: shown by {words}"))
        elif element == "means" and child and exception is not None and limit is not None:
            reasons.append(exception.reason("Means: not needed, the victim is a child", limit.reason()))
        else:
            missing.append(element)
            reasons.append(naming[0].reason(f"{element.capitalize()}: missing", naming[0].reason()))
            if element == "means" and age is None and exception is not None and limit is not None:
                text = f"The age is not known; below {limit.rule.below_age} the means would not be needed"
                reasons.append(exception.reason(text, limit.reason()))
    reasons += _consent(sources, facts, "means" in missing)
    words = offence.replace("-", " ")
    verdict = f"The facts show {words}" if not missing else f"The facts do not show {words}: no {', no '.join(missing)}"
    return ElementsTest(not missing, tuple(missing), child, Reason(verdict, children=tuple(reasons)))


def _consent(sources: list[Source], facts: Collection[str], means_missing: bool) -> list[Reason]:
    rule = next((source for source in sources if source.rule.element == "consent-irrelevant"), None)
    if rule is None or not set(rule.rule.any_of) & set(facts):
        return []
    if means_missing:
        return [rule.reason("Consent: without any of the means it is not made irrelevant", rule.reason())]
    return [rule.reason("Consent: irrelevant", rule.reason())]


def _defining(scenario_or_instrument: Scenario | Instrument, offence: str) -> list[Source]:
    if isinstance(scenario_or_instrument, Instrument):
        instruments = [scenario_or_instrument]
    else:
        instruments = sorted(scenario_or_instrument.instruments.values(), key=lambda i: (i.precedence, i.id))
    for record in instruments:
        found = [Source(record, p) for p in record.provisions if p.rule.element and p.rule.element.offence == offence]
        if found:
            return found
    where = ", ".join(record.short for record in instruments) or "the scenario"
    raise LawError(f"no instrument here defines {offence!r} — looked in: {where}")
