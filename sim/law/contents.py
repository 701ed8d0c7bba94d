"""What a request must hold, and how complete one is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from sim.errors import LawError
from sim.i18n import Words, joined, marked, say
from sim.law.question import Question
from sim.law.reason import Reason, by_practice_of
from sim.law.sources import Sources, instrument, sources
from sim.law.terms import STANDARDS_IN_WORDS, STATES_IN_WORDS, in_words, item_in_words
from sim.model.actions import ItemQuality
from sim.model.loading import Scenario
from sim.model.problems import did_you_mean
from sim.model.rules import ContentRule

_WORTH = {"full": 1.0, "partial": 0.5, "missing": 0.0}
_WEIGHT = {"yes": 1.0, "where possible": 0.5}
_ITEMS: tuple[str, ...] = get_args(ContentRule.model_fields["item"].annotation)


@dataclass(frozen=True)
class ContentItem:
    """An item a request must hold."""

    item: str
    needed: Literal["yes", "where possible", "no"]
    """``no``: not needed for this measure."""
    reason: Reason

    def __str__(self) -> str:
        return str(self.reason)


@dataclass(frozen=True)
class Gap:
    """An item that a request does not hold in full."""

    item: str
    state: Literal["partial", "missing"]
    article: str
    """The provision that asks for it, as ``untoc 18(15)(c)``."""
    reason: Reason


@dataclass(frozen=True)
class Completeness:
    """How complete a request is."""

    share: float
    """From 0 to 1."""
    gaps: tuple[Gap, ...]
    """What is missing or partial, in the order of the instrument."""

    @property
    def words(self) -> Words:
        """The share, and below it what is missing or thin, with the provision that asks for it."""
        lines = [say("{share} complete", share=f"{self.share:.0%}")]
        lines += [
            say(
                "  {state}: {item} [{provision}]",
                state=in_words(gap.state, STATES_IN_WORDS),
                item=item_in_words(gap.item),
                provision=gap.reason.citation,
            )
            for gap in self.gaps
        ]
        return joined(lines, "\n")

    def __str__(self) -> str:
        return str(self.words)


def contents(found: Sources, measure: str | None) -> tuple[ContentItem, ...]:
    """The items a request for this measure must hold, each once, in the order of the instrument."""
    answers: dict[str, ContentItem] = {}
    for source in found.of(ContentRule, measure):
        rule = source.rule
        if rule.item in answers:
            continue
        needed: Literal["yes", "where possible", "no"] = "where possible" if rule.where_possible else "yes"
        if measure in rule.except_for:
            needed = "no"
        words = say(_NEEDED[needed], item=item_in_words(rule.item))
        answers[rule.item] = ContentItem(rule.item, needed, source.reason(words, source.reason()))
    return tuple(answers.values())


def standard_of_proof(question: Question, found: Sources) -> Reason | None:
    """What the facts must show before courts of the requested State order the measure; None where they ask for no more
    than the instrument does, or do not come into it because an order goes past them."""
    standard = question.requested.standard_of_proof.get(question.measure.id)
    if standard is None or found.instrument.closed_channels:
        return None
    words = say("The facts must show {standard}", standard=in_words(standard, STANDARDS_IN_WORDS))
    practice = say(
        "Courts of {state} order this measure on no less: {measure}",
        state=question.requested.title,
        measure=question.measure.title,
    )
    return by_practice_of(question.requested, words, by_practice_of(question.requested, practice), *_lets_in(found))


def _lets_in(found: Sources) -> tuple[Reason, ...]:
    """The provision that makes the requested State's law a limit of what is owed."""
    return tuple(source.reason() for source in found.national_law()[:1])


_NEEDED = {
    "yes": marked("Needed: {item}"),
    "where possible": marked("Needed where possible: {item}"),
    "no": marked("Not needed for this measure: {item}"),
}


def completeness(
    scenario: Scenario, items: Mapping[str, ItemQuality], *, instrument: str, measure: str | None = None
) -> Completeness:
    """How complete a request with these items is under an instrument; an item not named is missing.

    An item in full counts 1, a partial one 0.5; an item needed only where possible has half the weight of the others.
    These weights are a modelling choice. Raises `LawError` for an unknown item, state, or instrument.
    """
    for item, state in items.items():
        if item not in _ITEMS:
            raise LawError(
                say("a request has no item {item} — {hint}", item=repr(item), hint=did_you_mean(item, _ITEMS))
            )
        if state not in _WORTH:
            hint = did_you_mean(state, _WORTH)
            raise LawError(say("{item} cannot be {state} — {hint}", item=item, state=repr(state), hint=hint))
    total = reached = 0.0
    gaps = []
    for answer in _contents_under(scenario, instrument, measure):
        if answer.needed == "no":
            continue
        state = items.get(answer.item, "missing")
        weight = _WEIGHT[answer.needed]
        total += weight
        reached += weight * _WORTH[state]
        if state != "full":
            gaps.append(Gap(answer.item, state, answer.reason.reference, answer.reason))
    return Completeness(reached / total if total else 1.0, tuple(gaps))


def _contents_under(scenario: Scenario, id_: str, measure: str | None) -> tuple[ContentItem, ...]:
    def read() -> tuple[ContentItem, ...]:
        return contents(sources(scenario, instrument(scenario, id_)), measure)

    return scenario.work_out(("contents", id_, measure), read)
