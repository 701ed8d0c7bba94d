"""Pictures of a policy question for DOCX, drawn by matplotlib as PNG at 200 dots an inch."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from sim.i18n import _
from sim.model.causes import CAUSES, cause_named
from sim.policy.answers.causes import Bottleneck, Waterfall
from sim.policy.answers.sentences import signed
from sim.policy.experiments.alternatives import name_in_words
from sim.policy.experiments.journeys import Journey
from sim.record.statistics import Interval
from sim.views.lab.pictures import LESS, MORE, PLAIN, Bid, Swing, colour_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DPI = 200


def print_waterfall(found: Waterfall) -> bytes:
    """From the mean duration as it is to that of the alternative."""
    steps = [step for step in found.steps if abs(step.days.mean) >= 0.005]

    def draw(axes: Axes) -> None:
        level = found.change.before.mean
        axes.plot([level], [0], "D", color="black")
        for place, step in enumerate(steps, 1):
            colour = LESS if step.days.mean < 0 else MORE
            width = step.days.half_width if math.isfinite(step.days.half_width) else 0
            axes.barh(place, step.days.mean, left=level, color=colour, height=0.55)
            level += step.days.mean
            axes.errorbar(level, place, xerr=width, color="black", capsize=3, linewidth=1)
        axes.plot([found.change.after.mean], [len(steps) + 1], "D", color="black")
        labels = [_("as it is"), *(str(CAUSES[step.cause].words) for step in steps), found.change.alternative]
        _rows(axes, labels)
        axes.set_xlabel(_("days, mean of answered requests"))

    return _print(draw, len(steps) + 2)


def print_forest(rows: Sequence[tuple[str, Interval]], *, unit: str) -> bytes:
    """Differences with their intervals."""

    def draw(axes: Axes) -> None:
        for place, (_label, found) in enumerate(rows):
            colour = colour_of(found)
            face = colour if found.clear else "white"
            width = found.half_width if math.isfinite(found.half_width) else 0
            axes.errorbar(found.mean, place, xerr=width, fmt="s", color=colour, mfc=face, capsize=3)
        axes.axvline(0, color="black", linewidth=1)
        _rows(axes, [label for label, _found in rows])
        axes.set_xlabel(unit)

    return _print(draw, len(rows))


def print_offices(found: Bottleneck) -> bytes:
    """The longest queues before and after."""
    shown = found.offices[:8]

    def draw(axes: Axes) -> None:
        for place, office in enumerate(shown):
            before, after = office.queue.before.mean, office.queue.after.mean
            colour = colour_of(office.queue.adjusted)
            axes.plot([before, after], [place, place], color=colour, linewidth=3)
            axes.plot([before], [place], "o", color=PLAIN, mfc="white", label=_("as it is") if place == 0 else None)
            axes.plot([after], [place], "o", color=colour, label=found.alternative if place == 0 else None)
        _rows(axes, [str(office.title) for office in shown])
        axes.set_xlim(left=0)
        axes.set_xlabel(_("requests waiting, mean"))
        axes.legend(frameon=False, fontsize=8)

    return _print(draw, len(shown) + 1)


def print_journeys(pair: Sequence[Journey]) -> bytes:
    """The same request as it is and changed."""

    def draw(axes: Axes) -> None:
        seen = set()
        for place, one in enumerate(pair):
            for first, last, cause, _stage in one.stretches:
                drawn = cause_named(cause)
                label = None if cause in seen else str(drawn.words)
                axes.barh(place, last - first, left=first, color=drawn.colour, height=0.5, label=label)
                seen.add(cause)
        _rows(axes, [str(name_in_words(one.alternative)) for one in pair])
        axes.set_xlabel(_("days since it was sent"))
        axes.legend(frameon=False, fontsize=8, loc="upper center", bbox_to_anchor=(0.5, 1.35), ncols=4)

    return _print(draw, 4)


def print_tornado(swings: Sequence[Swing], base: float, *, unit: str) -> bytes:
    """How far each assumption moves the answer."""
    ordered = sorted(swings, key=lambda swing: -abs(swing.at_high - swing.at_low))

    def draw(axes: Axes) -> None:
        for place, swing in enumerate(ordered):
            for value, colour in ((swing.at_low, LESS), (swing.at_high, "#c98a12")):
                axes.barh(place, value - base, left=base, color=colour, height=0.55)
        axes.axvline(base, color="black")
        _rows(axes, [f"{s.label} ({signed(s.at_low)}, {signed(s.at_high)})" for s in ordered])
        axes.set_xlabel(unit)

    return _print(draw, len(ordered))


def print_frontier(bids: Sequence[Bid], *, cost: str, effect: str) -> bytes:
    """What each alternative brings against what it costs."""

    def draw(axes: Axes) -> None:
        line = sorted((bid.cost, bid.effect.mean) for bid in bids if bid.efficient)
        axes.plot([x for x, _y in line], [y for _x, y in line], color=LESS)
        for bid in bids:
            width = bid.effect.half_width if math.isfinite(bid.effect.half_width) else 0
            face = LESS if bid.efficient else "white"
            axes.errorbar(bid.cost, bid.effect.mean, yerr=width, fmt="o", color=PLAIN, mfc=face)
            axes.annotate(bid.label, (bid.cost, bid.effect.mean), xytext=(6, 6), textcoords="offset points", fontsize=8)
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.locator_params(axis="x", nbins=5)
        axes.set_xlabel(cost)
        axes.set_ylabel(effect)

    return _print(draw, 7)


def _rows(axes: Axes, labels: Sequence[str]) -> None:
    axes.set_yticks(range(len(labels)), labels)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(labels) - 0.4, -0.6)


def _print(draw: Callable[[Axes], None], rows: int) -> bytes:
    # Not pyplot: a notebook's own figures and backend are left alone.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.5, 0.9 + 0.36 * max(rows, 2)), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.grid(axis="x", color="#cbd2d9", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.use_sticky_edges = False  # room around bars that begin at the edge
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    draw(axes)
    content = BytesIO()
    figure.savefig(content, dpi=_DPI, format="png")
    return content.getvalue()
