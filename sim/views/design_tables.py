"""A design of experiments in the terminal: combinations, what stands for what, effects with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.views.tables import number


def show_design(design: Any, console: Console) -> None:
    """The combinations that are tried, and those that cannot be."""
    tried = sum(not point.infeasible for point in design.points)
    kind = f"fraction of resolution {'III' if design.resolution == 3 else 'IV'}" if design.resolution else design.kind
    console.print(Text(f"{design.world.title}: {kind} design, {tried} combinations", style="bold"))
    for point in design.points:
        if point.infeasible:
            console.print(f"cannot be tried: {point.alternative} — {point.infeasible}", markup=False, highlight=False)
        else:
            console.print(f"  {point.alternative}", markup=False, highlight=False)
    if design.resolution:
        order = "two" if design.resolution == 3 else "three"
        console.print(
            f"A fraction: each effect may come from interactions of {order} or more as well. It cannot be told from:",
            highlight=False,
        )
        for contrast in design.contrasts:
            if contrast.aliases:
                console.print(f"  {contrast.name} = {' = '.join(contrast.aliases)}", markup=False, highlight=False)
        if not any(contrast.aliases for contrast in design.contrasts):
            console.print("  (no other effect of one or of two)", highlight=False)


def show_effects(effects: Sequence[Any], level: float, console: Console) -> None:
    """Effects on one figure: estimate, half-width, adjusted interval."""
    if not effects:
        return
    console.print()
    console.print(Text(f"Effects on {effects[0].key}", style="bold"))
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for place, title in enumerate(("effect", "estimate", "half-width", "adjusted interval")):
        table.add_column(title, justify="right" if place else "left", no_wrap=bool(place), overflow="fold")
    for effect in effects:
        table.add_row(
            Text(effect.name + "".join(f" = {alias}" for alias in effect.aliases)),
            Text(f"{effect.estimate.mean:+.3f}", style="bold" if effect.clear else ""),
            f"± {number(effect.estimate.half_width)}",
            f"{effect.adjusted.low:+.3f} … {effect.adjusted.high:+.3f}",
        )
    console.print(table)
    console.print(
        f"Half-widths at {level:.0%}; intervals adjusted (Bonferroni) so that all {len(effects)} hold at once. An "
        "interaction (×) is half of how much the effect of one depends on the other.",
        highlight=False,
    )
