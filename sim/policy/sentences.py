"""Why an alternative does what it does, in plain sentences with their numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.model.measures import ALL, OTHER, TRAFFICKING, Key
from sim.policy.causes import Bottleneck, Effect, Fairness, Waterfall, Why
from sim.record.causes import CAUSES
from sim.record.statistics import Interval
from sim.words import _, many, marked

CAUSE_WORDS = dict(
    zip(
        CAUSES,
        (
            marked("waiting for staff"),
            marked("being worked on"),
            marked("closed hours and holidays"),
            marked("transmission"),
            marked("translation"),
            marked("waiting for the other side"),
            marked("legal remedies"),
            marked("postponement"),
        ),
        strict=True,
    )
)
"""The words of each cause."""
_MEASURES = {
    "mean days": marked("mean duration"),
    "median days": marked("median duration"),
    "p90 days": marked("duration that 9 of 10 stay below"),
    "within deadline": marked("within the deadline"),
    "answered a year": marked("answered"),
    "in time a year": marked("answered within the deadline"),
    "open at the end": marked("under way at the end"),
    "refused": marked("refused"),
    "busy": marked("staff busy"),
    "waiting days": marked("wait at an office"),
    "queue": marked("waiting at an office, mean"),
}
_SEEN = 0.05
"""Days below which a sentence does not name a cause."""
_NAMED = 5
"""Corridors named one by one."""


def sentences_of(why: Why) -> list[str]:
    """The answer in sentences, the most important first: the days, the queue, other requests, corridors."""
    found = [*_of_waterfall(why.waterfall), *_of_answered(why.answered), *_of_bottleneck(why.bottleneck)]
    return [*found, *_of_groups(why.groups), *_of_fairness(why.fairness)]


def _of_waterfall(found: Waterfall | None) -> list[str]:
    if found is None:
        return [_("There are too few replications to say where the days come from.")]
    change = found.change
    if not change.clear:
        unclear = _("Whether requests get quicker or slower is not clear: {change} days on average ({interval}).")
        return [unclear.format(change=signed(change.mean), interval=between(change))]
    saved = change.mean < 0
    words = (
        _("Answered requests take {days} less on average ({interval}): {now} instead of {then}.")
        if saved
        else _("Answered requests take {days} more on average ({interval}): {now} instead of {then}.")
    ).format(
        days=days(abs(change.mean)),
        interval=between(change),
        **dict(zip(("now", "then"), apart(found.after.mean, found.before.mean), strict=True)),
    )
    return [words, _main_cause(found, saved), *_taken_back(found, saved)]


def _main_cause(found: Waterfall, saved: bool) -> str:
    total = abs(found.change.mean)
    first = max(found.steps, key=lambda step: step.days.mean * (-1 if saved else 1))
    part, cause = abs(first.days.mean), _(CAUSE_WORDS[first.cause])
    if part > total:
        words = _("{part} less come from: {cause}.") if saved else _("{part} more come from: {cause}.")
        return words.format(part=days(part), cause=cause)
    if number(part) == number(total):
        return _("Practically all of it comes from: {cause}.").format(cause=cause)
    words = (
        _("{part} of the {whole} days saved come from: {cause}.")
        if saved
        else _("{part} of the {whole} days more come from: {cause}.")
    )
    return words.format(part=number(part), whole=number(total), cause=cause)


def _taken_back(found: Waterfall, saved: bool) -> list[str]:
    """What works clearly against the change."""
    against = [
        step
        for step in found.steps
        if abs(step.days.mean) >= _SEEN and (step.days.low > 0 if saved else step.days.high < 0)
    ]
    words = _("Against it, {part} more: {cause}.") if saved else _("Against it, {part} less: {cause}.")
    return [
        words.format(part=days(abs(step.days.mean)), cause=_(CAUSE_WORDS[step.cause]))
        for step in sorted(against, key=lambda step: -abs(step.days.mean))[:2]
    ]


def _of_answered(found: Effect | None) -> list[str]:
    """A mean of other requests than before is no plain comparison, and says so."""
    if found is None or found.verdict == "unclear":
        return []
    words = (
        _(
            "{n} more requests are answered a year ({interval}); the mean now also counts requests that were not "
            "answered before."
        )
        if found.change.mean > 0
        else _("{n} fewer requests are answered a year ({interval}); the mean no longer counts those.")
    )
    return [words.format(n=number(abs(found.change.mean)), interval=between(found.change))]


def _of_bottleneck(found: Bottleneck | None) -> list[str]:
    if found is None:
        return []
    before, after = found.before, found.after
    words = (
        _(
            "The longest queue was at {before} ({was} waiting on average, staff busy {busy} %); now it is at {after} "
            "({now} waiting, staff busy {busy_now} %)."
        )
        if found.moved
        else _(
            "The longest queue stays at {before}: {was} waiting on average before, {now} now; staff busy {busy} % "
            "before, {busy_now} % now."
        )
    ).format(
        before=before.title,
        after=after.title,
        was=number(before.queue_before.mean),
        now=number(after.queue_after.mean),
        busy=f"{before.busy_before.mean:.0f}",
        busy_now=f"{after.busy_after.mean:.0f}",
    )
    if found.grown is None:
        return [words]
    grows = _("The queue at {office} grows by {queue} ({interval}), from {before} to {after}.").format(
        office=found.grown.title,
        queue=number(found.grown.queue.mean),
        interval=between(found.grown.queue),
        before=number(found.grown.queue_before.mean),
        after=number(found.grown.queue_after.mean),
    )
    return [words, grows]


def _of_groups(found: Sequence[Effect]) -> list[str]:
    names = {TRAFFICKING: _("Requests about trafficking"), OTHER: _("Requests about other matters")}
    if len(found) < len(names):
        return [_("This world does not tell requests about trafficking from others.")]
    verdicts = {
        "worse": _("{who} get slower by {days} ({interval})."),
        "better": _("{who} get quicker by {days} ({interval})."),
        "unclear": _("{who}: no clear change ({interval} days)."),
    }
    return [
        verdicts[effect.verdict].format(
            who=names[effect.of], days=days(abs(effect.change.mean)), interval=between(effect.change)
        )
        for effect in found
    ]


def _of_fairness(found: Fairness | None) -> list[str]:
    if found is None:
        return []
    if not found.worse:
        return [
            many(
                "The one corridor does not clearly get slower.",
                "None of {n} corridors clearly gets slower.",
                len(found.corridors),
            )
        ]
    named = ", ".join(
        f"{effect.title} ({signed(effect.change.mean)}, {between(effect.change)})" for effect in found.worse[:_NAMED]
    )
    head = many("{n} corridor clearly gets slower", "{n} corridors clearly get slower", len(found.worse))
    more = len(found.worse) - _NAMED
    rest = f", {_('and {n} more').format(n=more)}" if more > 0 else ""
    return [f"{head}: {named}{rest}."]


def in_words(key: Key) -> str:
    """A figure in words, without its unit."""
    cause = key.measure.removeprefix("days ")
    if cause in CAUSE_WORDS:
        words = _("days, {cause}").format(cause=_(CAUSE_WORDS[cause]))
    else:
        words = _(_MEASURES.get(key.measure, key.measure))
    return words if key.of == ALL else f"{words}, {key.of}"


def days(value: float) -> str:
    """Days in words."""
    return _("{days} days").format(days=number(value))


def years(value: float) -> str:
    """Years in words."""
    return _("1 year") if value == 1 else _("{years} years").format(years=f"{value:.3g}")


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


def with_unit(words: str, unit: str) -> str:
    """A figure's words with its unit, unless they begin with it."""
    return words if words.startswith(_(unit)) else f"{words} ({_(unit)})"


def signed(value: float) -> str:
    """A change, with its sign and a true minus; none where nothing of it is seen."""
    size = number(abs(value))
    return size if size == "0.00" else ("+" if value > 0 else "−") + size


def difference(value: float, unit: str) -> str:
    """A change beside a figure whose own unit is said already: signed, and in points where that is its unit."""
    return f"{signed(value)} {_('points')}" if unit == "points" else signed(value)


def between(interval: Interval) -> str:
    """An interval in words, with as many digits as its width deserves."""
    if not math.isfinite(interval.half_width):
        return _("no interval yet")
    digits = 2 if interval.half_width < 0.095 else 1 if interval.half_width < 9.5 else 0
    low, high = (f"{value:+,.{digits}f}".replace("-", "−") for value in (interval.low, interval.high))
    return _("{low} to {high}").format(low=low, high=high)
