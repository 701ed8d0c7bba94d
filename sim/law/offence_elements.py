"""The elements of an offence: act, means and purpose, with the exception for children."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sim.errors import LawError
from sim.i18n import joined, marked, say
from sim.law.question import TRAFFICKING
from sim.law.reason import Reason
from sim.law.sources import Source
from sim.law.terms import ELEMENTS_IN_WORDS, FACTS_IN_WORDS, in_words, offence_in_words
from sim.model.instrument import Instrument
from sim.model.loading import Scenario
from sim.model.problems import did_you_mean
from sim.model.rules import ElementRule

_SHOWN = {
    "act": marked("Act: shown by {facts}"),
    "means": marked("Means: shown by {facts}"),
    "purpose": marked("Purpose: shown by {facts}"),
}
_MISSING = {"act": marked("Act: missing"), "means": marked("Means: missing"), "purpose": marked("Purpose: missing")}
_TESTED = tuple(_SHOWN)


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
            hint = did_you_mean(fact, known)
            raise LawError(say("the definition knows no fact {fact} — {hint}", fact=repr(fact), hint=hint))
    limit = next((source for source in sources if source.rule.element == "child-age"), None)
    exception = next((source for source in sources if source.rule.element == "child-exception"), None)
    below = limit.rule.below_age if limit is not None else None
    child = below is not None and age is not None and age < below
    reasons: list[Reason] = []
    missing: list[str] = []
    for element in _TESTED:
        naming = [source for source in sources if source.rule.element == element]
        if not naming:
            continue
        shown = sorted(fact for source in naming for fact in source.rule.any_of if fact in facts)
        if shown:
            facts_shown = joined([in_words(fact, FACTS_IN_WORDS) for fact in shown])
            reasons.append(naming[0].reason(say(_SHOWN[element], facts=facts_shown)))
        elif element == "means" and child and exception is not None and limit is not None:
            reasons.append(exception.reason(say("Means: not needed, the victim is a child"), limit.reason()))
        else:
            missing.append(element)
            reasons.append(naming[0].reason(say(_MISSING[element]), naming[0].reason()))
            if element == "means" and age is None and exception is not None and limit is not None:
                words = say("The age is not known; below {age} the means would not be needed", age=limit.rule.below_age)
                reasons.append(exception.reason(words, limit.reason()))
    reasons += _consent(sources, facts, "means" in missing)
    verdict = say("The facts show {offence}", offence=offence_in_words(offence))
    if missing:
        lacking = joined([in_words(element, ELEMENTS_IN_WORDS) for element in missing], marked(", no "))
        verdict = say(
            "The facts do not show {offence}: no {elements}", offence=offence_in_words(offence), elements=lacking
        )
    return ElementsTest(not missing, tuple(missing), child, Reason(verdict, children=tuple(reasons)))


def _consent(sources: list[Source[ElementRule]], facts: Collection[str], means_missing: bool) -> list[Reason]:
    rule = next((source for source in sources if source.rule.element == "consent-irrelevant"), None)
    if rule is None or not set(rule.rule.any_of) & set(facts):
        return []
    if means_missing:
        return [rule.reason(say("Consent: without any of the means it is not made irrelevant"), rule.reason())]
    return [rule.reason(say("Consent: irrelevant"), rule.reason())]


def _defining(scenario_or_instrument: Scenario | Instrument, offence: str) -> list[Source[ElementRule]]:
    if isinstance(scenario_or_instrument, Instrument):
        instruments = [scenario_or_instrument]
    else:
        instruments = sorted(scenario_or_instrument.instruments.values(), key=lambda i: (i.precedence, i.id))
    for record in instruments:
        found: list[Source[ElementRule]] = [
            Source(record, p) for p in record.provisions if p.rule.element and p.rule.element.offence == offence
        ]
        if found:
            return found
    where = joined([record.short for record in instruments]) if instruments else say("the scenario")
    raise LawError(say("no instrument here defines {offence} — looked in: {where}", offence=repr(offence), where=where))
