"""Why an alternative does what it does, in plain sentences with their numbers.

A sentence is put into words where it is read (`sim.i18n.Words`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.i18n import Words, joined, say, say_many
from sim.model.causes import CAUSES
from sim.model.measures import OTHER, TRAFFICKING, unit_in_words
from sim.policy.answers.causes import Bottleneck, Fairness, Waterfall, Why
from sim.record.changes import Change
from sim.record.statistics import Interval

_SEEN = 0.05
"""Days below which a sentence does not name a cause."""
_NAMED = 5
"""Corridors named one by one."""


def sentences_of(why: Why) -> list[Words]:
    """The answer in sentences, the most important first: the days, the queue, other requests, corridors."""
    found = [*_of_waterfall(why.waterfall), *_of_answered(why.answered), *_of_bottleneck(why.bottleneck)]
    return [*found, *_of_groups(why.groups), *_of_fairness(why.fairness)]


def _of_waterfall(found: Waterfall | None) -> list[Words]:
    if found is None:
        return [say("There are too few replications to say where the days come from.")]
    change = found.change.adjusted
    if not change.clear:
        return [
            say(
                "Whether requests get quicker or slower is not clear: {change} days on average ({interval}).",
                change=signed(change.mean),
                interval=between(change),
            )
        ]
    saved = change.mean < 0
    now, then = apart(found.change.after.mean, found.change.before.mean)
    values = {"days": days(abs(change.mean)), "interval": between(change), "now": now, "then": then}
    first = (
        say("Answered requests take {days} less on average ({interval}): {now} instead of {then}.", **values)
        if saved
        else say("Answered requests take {days} more on average ({interval}): {now} instead of {then}.", **values)
    )
    return [first, _main_cause(found, saved), *_taken_back(found, saved)]


def _main_cause(found: Waterfall, saved: bool) -> Words:
    total = abs(found.change.adjusted.mean)
    first = max(found.steps, key=lambda step: step.days.mean * (-1 if saved else 1))
    part, cause = abs(first.days.mean), CAUSES[first.cause].words
    if part > total:
        if saved:
            return say("{part} less come from: {cause}.", part=days(part), cause=cause)
        return say("{part} more come from: {cause}.", part=days(part), cause=cause)
    if number(part) == number(total):
        return say("Practically all of it comes from: {cause}.", cause=cause)
    values = {"part": number(part), "whole": number(total), "cause": cause}
    if saved:
        return say("{part} of the {whole} days saved come from: {cause}.", **values)
    return say("{part} of the {whole} days more come from: {cause}.", **values)


def _taken_back(found: Waterfall, saved: bool) -> list[Words]:
    """What works clearly against the change."""
    against = [
        step
        for step in found.steps
        if abs(step.days.mean) >= _SEEN and (step.days.low > 0 if saved else step.days.high < 0)
    ]
    strongest = sorted(against, key=lambda step: -abs(step.days.mean))[:2]
    return [
        say("Against it, {part} more: {cause}.", part=days(abs(step.days.mean)), cause=CAUSES[step.cause].words)
        if saved
        else say("Against it, {part} less: {cause}.", part=days(abs(step.days.mean)), cause=CAUSES[step.cause].words)
        for step in strongest
    ]


def _of_answered(found: Change | None) -> list[Words]:
    """A mean of other requests than before is no plain comparison, and says so."""
    if found is None or not found.clear:
        return []
    values = {"n": number(abs(found.adjusted.mean)), "interval": between(found.adjusted)}
    if found.way == "more":
        return [
            say(
                "{n} more requests are answered a year ({interval}); the mean now also counts requests that were not "
                "answered before.",
                **values,
            )
        ]
    return [say("{n} fewer requests are answered a year ({interval}); the mean no longer counts those.", **values)]


def _of_bottleneck(found: Bottleneck | None) -> list[Words]:
    if found is None:
        return []
    before, after = found.before, found.after
    values = {
        "before": before.title,
        "after": after.title,
        "was": number(before.queue.before.mean),
        "now": number(after.queue.after.mean),
        "busy": f"{before.busy.before.mean:.0f}",
        "busy_now": f"{after.busy.after.mean:.0f}",
    }
    longest = (
        say(
            "The longest queue was at {before} ({was} waiting on average, staff busy {busy} %); now it is at {after} "
            "({now} waiting, staff busy {busy_now} %).",
            **values,
        )
        if found.moved
        else say(
            "The longest queue stays at {before}: {was} waiting on average before, {now} now; staff busy {busy} % "
            "before, {busy_now} % now.",
            **values,
        )
    )
    if found.grown is None:
        return [longest]
    queue = found.grown.queue
    grows = say(
        "The queue at {office} grows by {queue} ({interval}), from {before} to {after}.",
        office=found.grown.title,
        queue=number(queue.adjusted.mean),
        interval=between(queue.adjusted),
        before=number(queue.before.mean),
        after=number(queue.after.mean),
    )
    return [longest, grows]


def _of_groups(found: Sequence[Change]) -> list[Words]:
    names = {TRAFFICKING: say("Requests about trafficking"), OTHER: say("Requests about other matters")}
    if len(found) < len(names):
        return [say("This world does not tell requests about trafficking from others.")]
    return [_of_group(names[change.key.of], change) for change in found]


def _of_group(who: Words, change: Change) -> Words:
    interval = between(change.adjusted)
    size = days(abs(change.adjusted.mean))
    if not change.clear:
        return say("{who}: no clear change ({interval} days).", who=who, interval=interval)
    if change.verdict == "worse":
        return say("{who} get slower by {days} ({interval}).", who=who, days=size, interval=interval)
    return say("{who} get quicker by {days} ({interval}).", who=who, days=size, interval=interval)


def _of_fairness(found: Fairness | None) -> list[Words]:
    if found is None:
        return []
    if not found.worse:
        return [
            say_many(
                "The one corridor does not clearly get slower.",
                "None of {n} corridors clearly gets slower.",
                len(found.corridors),
            )
        ]
    named = joined(
        say(
            "{corridor} ({change}, {interval})",
            corridor=change.title,
            change=signed(change.adjusted.mean),
            interval=between(change.adjusted),
        )
        for change in found.worse[:_NAMED]
    )
    more = len(found.worse) - _NAMED
    if more > 0:
        named = say("{named}, and {n} more", named=named, n=more)
    return [
        say_many(
            "{n} corridor clearly gets slower: {named}.",
            "{n} corridors clearly get slower: {named}.",
            len(found.worse),
            named=named,
        )
    ]


def days(value: float) -> Words:
    """Days in words."""
    return say("{days} days", days=number(value))


def years(value: float) -> Words:
    """Years in words."""
    return say("1 year") if value == 1 else say("{years} years", years=f"{value:.3g}")


def number(value: float) -> str:
    """A figure with as many digits as it deserves."""
    if not math.isfinite(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 1 else f"{value:.2f}"


def apart(one: float, other: float) -> tuple[str, str]:
    """Two figures with as many digits as tell them apart, at most two behind the point."""
    if one == other or number(one) != number(other):
        return number(one), number(other)
    digits = next((digits for digits in (1, 2) if f"{one:.{digits}f}" != f"{other:.{digits}f}"), 2)
    return f"{one:,.{digits}f}", f"{other:,.{digits}f}"


def signed(value: float) -> str:
    """A change, with its sign and a true minus; none where nothing of it is seen."""
    size = number(abs(value))
    return size if size == "0.00" else ("+" if value > 0 else "−") + size


def difference(value: float, unit: str) -> Words:
    """A change beside a figure whose own unit is said already: signed, and in points where that is its unit."""
    if unit == "points":
        return say("{change} {unit}", change=signed(value), unit=unit_in_words(unit))
    return joined([signed(value)])


def between(interval: Interval) -> Words:
    """An interval in words, with as many digits as its width deserves."""
    if not math.isfinite(interval.half_width):
        return say("no interval yet")
    digits = 2 if interval.half_width < 0.095 else 1 if interval.half_width < 9.5 else 0
    low, high = (f"{value:+,.{digits}f}".replace("-", "−") for value in (interval.low, interval.high))
    return say("{low} to {high}", low=low, high=high)
