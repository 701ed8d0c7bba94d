"""Pictures of a policy question as SVG strings: waterfall, intervals, offices, sharpening, tornado, frontier.

Every picture says in words what it shows; a clear effect is a filled mark and an unclear one a hollow mark, so that
colour is never the only sign.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sim.i18n import _
from sim.law.terms import outcome_in_words
from sim.model.causes import CAUSES
from sim.policy.answers.causes import Bottleneck, Waterfall
from sim.policy.answers.sentences import apart, between, number, signed
from sim.policy.experiments.alternatives import name_in_words
from sim.policy.experiments.journeys import Journey
from sim.record.statistics import Interval
from sim.views.svg import FAINT, INK, RULE, Bar, picture, short, text, timeline

LESS, MORE, PLAIN = "#2f6db5", "#b2452e", "#52606d"
"""Blue for fewer days, brick red for more: apart for the usual kinds of colour blindness."""
_WIDTH, _LEFT, _RIGHT, _ROW = 860.0, 250.0, 176.0, 30.0
_SHOWN = 8
"""Offices in a picture."""


@dataclass(frozen=True)
class Swing:
    """How far an answer moves when one assumption goes from its low to its high value."""

    label: str
    at_low: float
    at_high: float


@dataclass(frozen=True)
class Bid:
    """What an alternative costs and what it brings."""

    label: str
    cost: float
    effect: Interval
    efficient: bool
    """Whether none that costs less brings more."""


class _Scale:
    """Values against places on a line, with round ticks."""

    def __init__(self, values: Iterable[float], left: float, right: float, *, zero: bool = False):
        known = [value for value in values if math.isfinite(value)] + ([0.0] if zero else [])
        low, high = (min(known), max(known)) if known else (0.0, 1.0)
        room = (high - low) * 0.05 or max(abs(high) * 0.05, 0.5)
        self.low, self.high = low - room, high + room
        self.left, self.right = left, right

    def at(self, value: float) -> float:
        inside = (
            min(max(value, self.low), self.high) if math.isfinite(value) else (self.high if value > 0 else self.low)
        )
        return self.left + (self.right - self.left) * (inside - self.low) / (self.high - self.low)

    def ticks(self) -> list[float]:
        rough = (self.high - self.low) / 6
        size = 10 ** math.floor(math.log10(rough))
        step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough)
        first = math.ceil(self.low / step)
        return [step * place for place in range(first, math.floor(self.high / step) + 1)]

    def grid(self, top: float, bottom: float, unit: str = "") -> str:
        """Upright lines with their values below, zero darker."""
        parts = []
        for tick in self.ticks():
            colour = INK if tick == 0 else RULE
            parts.append(_line(self.at(tick), top, self.at(tick), bottom, colour))
            parts.append(text(self.at(tick), bottom + 15, _tick(tick), anchor="middle", fill=FAINT))
        return "".join(parts) + text(self.right, bottom + 30, unit, anchor="end", fill=FAINT)


def waterfall(found: Waterfall) -> str:
    """From the mean duration as it is to that of the alternative, one cause a row, each with its interval."""
    change, steps = found.change, [step for step in found.steps if abs(step.days.mean) >= 0.005]
    places, level = [], change.before.mean
    for step in steps:
        places.append((level, level + step.days.mean))
        level += step.days.mean
    ends = [end + side * _finite(step.days) for (_, end), step in zip(places, steps, strict=True) for side in (-1, 1)]
    scale = _Scale([change.before.mean, change.after.mean, *ends], _LEFT, _WIDTH - _RIGHT)
    top, bottom = 10.0, 10 + _ROW * (len(steps) + 2)
    body = [scale.grid(top, bottom, _("days, mean of answered requests"))]
    before, after = apart(change.before.mean, change.after.mean)
    body.append(_total(scale, top, _("as it is"), change.before, before))
    words = [_("As it is: {days} days.").format(days=before)]
    for place, (step, (start, end)) in enumerate(zip(steps, places, strict=True), 1):
        y = top + _ROW * place
        colour = LESS if step.days.mean < 0 else MORE
        label = CAUSES[step.cause].words
        first, last = sorted((scale.at(start), scale.at(end)))
        body.append(_line(scale.at(start), y - 6, scale.at(start), y + 7, FAINT))
        body.append(
            f"<rect x='{first:.1f}' y='{y + 7:.1f}' width='{max(last - first, 1):.1f}' height='16' fill='{colour}'/>"
        )
        body.append(_whisker(scale, y + 15, end, _finite(step.days)))
        body.append(text(_LEFT - 10, y + 19, label, anchor="end"))
        body.append(text(_WIDTH - _RIGHT + 10, y + 19, f"{signed(step.days.mean)} ({between(step.days)})"))
        words.append(f"{label}: {signed(step.days.mean)} ({between(step.days)}).")
    body.append(_total(scale, top + _ROW * (len(steps) + 1), short(change.alternative, 32), change.after, after))
    words.append(f"{change.alternative}: {after}.")
    return picture(_WIDTH, bottom + 36, _("Where the days come from"), " ".join(words), "".join(body))


def forest(rows: Sequence[tuple[str, Interval]], *, title: str, unit: str) -> str:
    """Differences with their intervals, one a row; a filled mark where the interval leaves zero out."""
    ends = [value for _, found in rows for value in (found.low, found.high, found.mean)]
    scale = _Scale(ends, _LEFT, _WIDTH - _RIGHT, zero=True)
    bottom = 10 + _ROW * max(1, len(rows))
    body, words = [scale.grid(10, bottom, unit)], []
    for place, (label, found) in enumerate(rows):
        y = 10 + _ROW * place + _ROW / 2
        body.append(text(_LEFT - 10, y + 4, short(label, 34), anchor="end"))
        body.append(_interval(scale, y, found))
        said = f"{signed(found.mean)} ({between(found)})"
        body.append(text(_WIDTH - _RIGHT + 10, y + 4, said))
        words.append(f"{label}: {said} {unit}.")
    return picture(_WIDTH, bottom + 36, title, " ".join(words) or _("Nothing yet."), "".join(body))


def offices(found: Bottleneck) -> str:
    """The longest queues before (hollow) and after (filled), and how busy the staff are."""
    shown = found.offices[:_SHOWN]
    queues = _Scale([v for o in shown for v in (o.queue.before.mean, o.queue.after.mean)], _LEFT, 580, zero=True)
    busy = _Scale([0, 100], 620, 800)
    top, bottom = 30.0, 30 + _ROW * len(shown)
    body = [text(_LEFT, 16, _("requests waiting, mean"), fill=FAINT), queues.grid(top, bottom)]
    body += [text(620, 16, _("staff busy, %"), fill=FAINT), busy.grid(top, bottom)]
    words = []
    for place, office in enumerate(shown):
        y = top + _ROW * place + _ROW / 2
        body.append(text(_LEFT - 10, y + 4, short(str(office.title), 34), anchor="end"))
        for scale, change in (
            (queues, office.queue),
            (busy, office.busy),
        ):
            before, after = change.before.mean, change.after.mean
            colour = colour_of(change.adjusted)
            body.append(_line(scale.at(before), y, scale.at(after), y, colour, 3))
            body.append(f"<circle cx='{scale.at(before):.1f}' cy='{y:.1f}' r='5' fill='#fff' stroke='{PLAIN}'/>")
            body.append(f"<circle cx='{scale.at(after):.1f}' cy='{y:.1f}' r='5' fill='{colour}'/>")
        said = _("{office}: {before} waiting before, {after} after; staff busy {busy} %, then {then} %.")
        words.append(
            said.format(
                office=office.title,
                before=number(office.queue.before.mean),
                after=number(office.queue.after.mean),
                busy=f"{office.busy.before.mean:.0f}",
                then=f"{office.busy.after.mean:.0f}",
            )
        )
    y = bottom + 34
    body.append(f"<circle cx='{_LEFT:.0f}' cy='{y - 4}' r='5' fill='#fff' stroke='{PLAIN}'/>")
    body.append(text(_LEFT + 12, y, _("as it is")))
    body.append(f"<circle cx='{_LEFT + 110:.0f}' cy='{y - 4}' r='5' fill='{PLAIN}'/>")
    body.append(text(_LEFT + 122, y, short(found.alternative, 60)))
    return picture(_WIDTH, y + 10, _("The longest queues, before and after"), " ".join(words), "".join(body))


def sharpening(intervals: Sequence[Interval], *, title: str, unit: str) -> str:
    """How an interval narrows while replications arrive: its middle a line, its width a band, zero marked."""
    found = [one for one in intervals if math.isfinite(one.half_width)]
    height, bottom = 190.0, 150.0
    if not found:
        words = _("The first interval comes with the second pair of runs.")
        return picture(_WIDTH, 40, title, words, text(10, 24, words, fill=FAINT))
    values = [0.0]
    for one in found[min(2, len(found) - 1) :]:  # the first two or three are so wide that they would flatten the rest
        values += [one.low, one.high]
    up = _Scale(values, bottom, 14)
    last = max(one.count for one in found)
    along = _Scale([2, max(last, 10)], 70, _WIDTH - _RIGHT)
    step = max(1, round((max(last, 10) - 2) / 8))
    body = []
    for tick in up.ticks():
        body.append(_line(70, up.at(tick), along.right, up.at(tick), INK if tick == 0 else RULE))
        body.append(text(62, up.at(tick) + 4, _tick(tick), anchor="end", fill=FAINT))
    edge = [(along.at(one.count), up.at(one.high)) for one in found]
    edge += [(along.at(one.count), up.at(one.low)) for one in reversed(found)]
    body.append(f"<polygon points='{_points(edge)}' fill='{LESS}' fill-opacity='0.25'/>")
    middle = [(along.at(one.count), up.at(one.mean)) for one in found]
    body.append(f"<polyline points='{_points(middle)}' fill='none' stroke='{LESS}' stroke-width='2'/>")
    x, y = middle[-1]
    body.append(f"<circle cx='{x:.1f}' cy='{y:.1f}' r='4' fill='{LESS}'/>")
    end = found[-1]
    body.append(text(along.right + 8, y - 2, f"{signed(end.mean)}"))
    body.append(text(along.right + 8, y + 12, between(end), fill=FAINT, extra="font-size='11'"))
    for count in range(2, max(last, 10) + 1, step):
        body.append(text(along.at(count), bottom + 15, str(count), anchor="middle", fill=FAINT))
    body.append(text(along.right, bottom + 30, _("pairs of runs"), anchor="end", fill=FAINT))
    body.append(text(70, 10, unit, fill=FAINT))
    words = _("After {count} pairs of runs: {mean} {unit} ({interval}).").format(
        count=end.count, mean=signed(end.mean), unit=unit, interval=between(end)
    )
    return picture(_WIDTH, height, title, words, "".join(body))


def tornado(swings: Sequence[Swing], base: float, *, title: str, unit: str) -> str:
    """How far each assumption moves the answer, the strongest on top; zero is where a conclusion flips."""
    ordered = sorted(swings, key=lambda swing: -abs(swing.at_high - swing.at_low))
    scale = _Scale([v for s in ordered for v in (s.at_low, s.at_high)] + [base], _LEFT, _WIDTH - _RIGHT)
    bottom = 10 + _ROW * max(1, len(ordered))
    body, words = [scale.grid(10, bottom, unit)], []
    for place, swing in enumerate(ordered):
        y = 10 + _ROW * place
        body.append(text(_LEFT - 10, y + 19, short(swing.label, 34), anchor="end"))
        for value, colour in ((swing.at_low, LESS), (swing.at_high, "#c98a12")):
            first, last = sorted((scale.at(base), scale.at(value)))
            width = max(last - first, 1)
            body.append(f"<rect x='{first:.1f}' y='{y + 7:.1f}' width='{width:.1f}' height='16' fill='{colour}'/>")
        said = _("low {low}, high {high}").format(low=signed(swing.at_low), high=signed(swing.at_high))
        body.append(text(_WIDTH - _RIGHT + 10, y + 19, said))
        words.append(f"{swing.label}: {said}.")
    body.append(_line(scale.at(base), 6, scale.at(base), bottom, INK, 2))
    return picture(_WIDTH, bottom + 36, title, " ".join(words) or _("Nothing yet."), "".join(body))


def frontier(bids: Sequence[Bid], *, title: str, cost: str, effect: str) -> str:
    """What each alternative brings against what it costs; the efficient ones joined by a line."""
    up = _Scale([v for bid in bids for v in (bid.effect.low, bid.effect.high)], 300, 14, zero=True)
    along = _Scale([bid.cost for bid in bids], 70, _WIDTH - 40, zero=True)
    body, words = [along.grid(14, 300, cost)], []
    for tick in up.ticks():
        body.append(_line(70, up.at(tick), along.right, up.at(tick), INK if tick == 0 else RULE))
        body.append(text(62, up.at(tick) + 4, _tick(tick), anchor="end", fill=FAINT))
    body.append(text(74, 12, effect, fill=FAINT))
    line = sorted((along.at(bid.cost), up.at(bid.effect.mean)) for bid in bids if bid.efficient)
    body.append(f"<polyline points='{_points(line)}' fill='none' stroke='{LESS}' stroke-width='2'/>")
    for bid in bids:
        x, y = along.at(bid.cost), up.at(bid.effect.mean)
        body.append(_line(x, up.at(bid.effect.low), x, up.at(bid.effect.high), PLAIN))
        fill = LESS if bid.efficient else "#fff"
        body.append(f"<circle cx='{x:.1f}' cy='{y:.1f}' r='5' fill='{fill}' stroke='{PLAIN}'/>")
        side = "end" if x > _WIDTH * 0.65 else "start"
        body.append(text(x + (-9 if side == "end" else 9), y - 7, short(bid.label, 40), anchor=side))
        kind = _("efficient") if bid.efficient else _("another brings more for less")
        said = f"{cost} {number(bid.cost)}, {effect} {signed(bid.effect.mean)} ({between(bid.effect)})"
        words.append(f"{bid.label}: {said}; {kind}.")
    return picture(_WIDTH, 340, title, " ".join(words) or _("Nothing yet."), "".join(body))


def journeys(pair: Sequence[Journey]) -> str:
    """The same request with the same luck, as it is and changed, on one axis of days since it was sent."""
    bars = [
        Bar(
            str(name_in_words(one.alternative)),
            _("{days} days, {outcome}").format(days=number(one.days), outcome=outcome_in_words(one.outcome)),
            one.stretches,
        )
        for one in pair
    ]
    return timeline(bars, max((one.days for one in pair), default=1))


def _total(scale: _Scale, y: float, label: str, found: Interval, days: str) -> str:
    x = scale.at(found.mean)
    return (
        f"<path d='M{x:.1f} {y + 8:.1f}l6 7l-6 7l-6 -7z' fill='{INK}'/>"
        + text(_LEFT - 10, y + 19, label, anchor="end", extra="font-weight='600'")
        + text(_WIDTH - _RIGHT + 10, y + 19, _("{days} days").format(days=days), extra="font-weight='600'")
    )


def colour_of(change: Interval) -> str:
    """The colour of a change: one of less, one of more, and none where it is not clear which."""
    return (LESS if change.mean < 0 else MORE) if change.clear else PLAIN


def _interval(scale: _Scale, y: float, found: Interval) -> str:
    colour = colour_of(found)
    x = scale.at(found.mean)
    return (
        _line(scale.at(found.low), y, scale.at(found.high), y, colour, 2)
        + f"<rect x='{x - 5:.1f}' y='{y - 5:.1f}' width='10' height='10' fill='{colour if found.clear else '#fff'}' "
        f"stroke='{colour}' stroke-width='1.5'/>"
    )


def _tick(value: float) -> str:
    """A value at an axis, with a true minus."""
    return f"{value:,.10g}".replace("-", "−")


def _whisker(scale: _Scale, y: float, value: float, half_width: float) -> str:
    low, high = scale.at(value - half_width), scale.at(value + half_width)
    ends = "".join(_line(x, y - 4, x, y + 4, INK) for x in (low, high))
    return _line(low, y, high, y, INK) + ends


def _finite(found: Interval) -> float:
    return found.half_width if math.isfinite(found.half_width) else 0.0


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1) -> str:
    return f"<line x1='{x1:.1f}' y1='{y1:.1f}' x2='{x2:.1f}' y2='{y2:.1f}' stroke='{colour}' stroke-width='{width:g}'/>"


def _points(places: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
