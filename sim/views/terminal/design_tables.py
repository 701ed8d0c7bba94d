"""A design of experiments in the terminal: combinations, what stands for what, effects with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.i18n import _, marked
from sim.policy.experiments.alternatives import name_in_words
from sim.views.terminal.tables import number

if TYPE_CHECKING:
    from sim.policy.experiments.designs import Design, Effect

KINDS = {
    "full": marked("full"),
    "fractional": marked("fractional"),
    "one at a time": marked("one at a time"),
}
_FRACTIONS = {3: marked("fraction of resolution III"), 4: marked("fraction of resolution IV")}


def show_design(design: Design, console: Console) -> None:
    """The combinations that are tried, and those that cannot be."""
    tried = sum(not point.infeasible for point in design.points)
    kind = KINDS[design.kind]
    if design.resolution:
        kind = _FRACTIONS[design.resolution]
    words = _("{title}: {kind} design, {tried} combinations")
    console.print(Text(words.format(title=design.world.title, kind=_(kind), tried=tried), style="bold"))
    for point in design.points:
        if point.infeasible:
            console.print(
                _("cannot be tried: {alternative} — {infeasible}").format(
                    alternative=point.alternative, infeasible=point.infeasible
                ),
                markup=False,
                highlight=False,
            )
        else:
            console.print(f"  {name_in_words(point.alternative)}", markup=False, highlight=False)
    if design.resolution:
        console.print(
            _("A fraction: each effect may come from interactions of two or more as well. It cannot be told from:")
            if design.resolution == 3
            else _(
                "A fraction: each effect may come from interactions of three or more as well. It cannot be told from:"
            ),
            highlight=False,
        )
        for contrast in design.contrasts:
            if contrast.aliases:
                console.print(f"  {contrast.name} = {' = '.join(contrast.aliases)}", markup=False, highlight=False)
        if not any(contrast.aliases for contrast in design.contrasts):
            console.print("  " + _("(no other effect of one or of two)"), highlight=False)


def show_effects(effects: Sequence[Effect], level: float, console: Console) -> None:
    """Effects on one figure: estimate, half-width, adjusted interval."""
    if not effects:
        return
    console.print()
    console.print(Text(_("Effects on {key}").format(key=effects[0].key), style="bold"))
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for place, title in enumerate((_("effect"), _("estimate"), _("half-width"), _("adjusted interval"))):
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
        _(
            "Half-widths at {level}; intervals adjusted (Bonferroni) so that all {count} hold at once. An "
            "interaction (×) is half of how much the effect of one depends on the other."
        ).format(level=f"{level:.0%}", count=len(effects)),
        highlight=False,
    )
