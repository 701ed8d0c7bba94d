"""Figures of behaviour in a terminal: what they are and where they come from, and what a case hangs on."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.i18n import _, many
from sim.model.behaviour import TOPICS, Behaviour
from sim.model.figures import Figure, in_file
from sim.model.schema import field_docstrings
from sim.training.sensitivity import CaseSensitivity, End, Swing

SHOWN = 12
"""Rows of what a case hangs on."""


def show_behaviour(behaviour: Behaviour, console: Console) -> None:
    """Every figure by topic: value, unit, range, mark and origin; what a case has put in its place is marked."""
    for topic, type_ in TOPICS.items():
        table = Table(title=topic, title_justify="left", box=None, padding=(0, 2, 0, 0))
        for name in (_("figure"), _("value"), _("unit"), _("from"), _("to"), _("mark"), _("where it comes from")):
            table.add_column(name)
        described = field_docstrings(type_)
        for figure in behaviour.figures():
            if figure.topic == topic:
                what = " ".join(described[figure.name.replace(" ", "_")].split())
                own = _(" (of this case)") if figure.case else ""
                table.add_row(
                    Text(figure.name + own, style="bold"),
                    figure.written,
                    _(figure.unit.name),
                    *_range(figure),
                    figure.mark,
                    Text(f"{figure.origin.source}\n{what}"),
                )
        console.print(table)
        console.print()
    console.print(Text(_("A range in brackets is the usual one of the unit: the file argues none."), style="dim"))


def _range(figure: Figure) -> tuple[str, str]:
    if figure.range is None:
        return "", ""
    low, high = (in_file(end, figure.unit) for end in figure.range)
    return (low, high) if figure.stated is not None else (f"({low})", f"({high})")


def show_case_sensitivity(found: CaseSensitivity, console: Console) -> None:
    """What a case hangs on: the mean score and the endings, then the assumptions that move them, the largest first."""
    console.print(Text(_("What the result of {case} hangs on").format(case=found.title), style="bold"))
    moving = [swing for swing in found.swings if swing.size or any(end.ended_otherwise for end in swing.ends)]
    still = [swing for swing in found.swings if swing.met and swing not in moving]
    unmet = [swing for swing in found.swings if not swing.met]
    lines = [
        _("Played {n} times by the player {player}: mean score {mean} ± {width}.").format(
            n=found.plays, player=found.player, mean=f"{found.score.mean:.1f}", width=f"{found.score.half_width:.1f}"
        ),
        _("Endings: {endings}.").format(endings=_endings(found.endings, found)),
    ]
    if not moving:
        lines.append(_("No assumption moves the score or an ending within its range."))
    elif not any(swing.clear for swing in moving):
        lines.append(_("No assumption clearly moves the mean score; more plays may show which do."))
    if still:
        count = len(still)
        lines.append(many("{n} assumption in use moved nothing.", "{n} assumptions in use moved nothing.", count))
    if unmet:
        count = len(unmet)
        lines.append(many("{n} assumption is not in use here.", "{n} assumptions are not in use here.", count))
    for line in lines:
        console.print(Padding(Text(f"• {line}"), (0, 0, 0, 2)))
    if moving:
        console.print(_table(moving))
    if len(moving) > SHOWN:
        console.print(Text(many("{n} more moves less.", "{n} more move less.", len(moving) - SHOWN), style="dim"))
    note = _("Change of the mean score in points, with the same luck; all intervals hold at once with 95 %.")
    console.print(Text(note, style="dim"))


def _table(moving: list[Swing]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    names = (_("Assumption"), _("value"), _("lowest"), _("change"), _("highest"), _("change"), _("other endings"))
    for name in names:
        table.add_column(name)
    for swing in moving[:SHOWN]:
        (low, high), (first, last) = swing.written, swing.ends
        otherwise = _("{low} and {high} of {met}").format(
            low=first.ended_otherwise, high=last.ended_otherwise, met=swing.met
        )
        name = f"{swing.figure.topic}: {swing.figure.name}"
        table.add_row(name, swing.figure.written, low, _change(first), high, _change(last), otherwise)
    return table


def _change(end: End) -> str:
    return f"{end.difference.mean:+.1f} ± {end.difference.half_width:.1f}"


def _endings(endings: dict[str, int], found: CaseSensitivity) -> str:
    return ", ".join(f"{found.titles.get(id_, id_ or _('none'))} {count}" for id_, count in endings.items())
