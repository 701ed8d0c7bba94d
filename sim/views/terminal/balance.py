"""How a case plays, in a terminal: players and endings, what each decision moves, and what to look at."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.i18n import _, many
from sim.model.case import Case
from sim.training.balance import (
    EXPLAINED,
    FELT,
    FELT_ENDING,
    GUESSING,
    Balance,
    OtherOption,
)

_SHORT = 60
"""Characters of an option's text that stand in a table."""


def show_balance(found: Balance, case: Case, console: Console) -> None:
    """Tables of players, endings and decisions, and in sentences what a workshop would stumble over."""
    console.print(Text(_("How {case} plays").format(case=case.title), style="bold"))
    console.print(_players(found, case))
    console.print()
    console.print(_decisions(found, case))
    console.print()
    sentences = list(_sentences(found, case))
    for line in sentences or [_("Nothing to look at: choices matter, and no ending is rare.")]:
        console.print(Padding(Text(f"• {line}"), (0, 0, 0, 2)))
    note = _("Change of the mean score in points, with the same luck; intervals of one player hold at once with 95 %.")
    console.print(Text(note, style="dim"))


def _players(found: Balance, case: Case) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column(_("player"))
    table.add_column(_("mean score"), justify="right")
    for id_ in case.endings:
        table.add_column(id_, justify="right")
    for who in found.plays:
        mean, shares = found.mean(who), found.endings(who)
        table.add_row(who, f"{mean.mean:.1f} ± {mean.half_width:.1f}", *(_percent(shares[id_]) for id_ in case.endings))
    shares = found.endings()
    table.add_row(_("all"), "", *(_percent(shares[id_]) for id_ in case.endings), style="dim")
    return table


def _decisions(found: Balance, case: Case) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    names = (_("decision"), _("option"), _("player"), _("plays"), _("change"), _("endings"))
    for name in names:
        table.add_column(name, overflow="fold")
    last = ""
    for other in sorted(found.otherwise, key=lambda o: (list(case.decisions).index(o.decision), o.player)):
        endings = ", ".join(f"{id_} {change:+.0%}" for id_, change in _largest(other))
        clear = other.difference.clear
        table.add_row(
            Text(other.decision if other.decision != last else "", style="bold"),
            other.option,
            other.player,
            str(other.plays),
            Text(f"{other.difference.mean:+.1f} ± {other.difference.half_width:.1f}", style="" if clear else "dim"),
            endings,
        )
        last = other.decision
    return table


def _largest(other: OtherOption) -> list[tuple[str, float]]:
    moved = [(id_, change) for id_, change in other.endings.items() if abs(change) >= FELT_ENDING]
    return sorted(moved, key=lambda one: -abs(one[1]))[:3]


def _sentences(found: Balance, case: Case) -> Iterator[str]:
    if {"longest", "random"} <= set(found.plays):
        gap = found.mean("longest").mean - found.mean("random").mean
        if gap > GUESSING:
            yield _("Who always takes the longest line does {gap} points better than who guesses.").format(
                gap=f"{gap:.0f}"
            )
    for id_ in found.unmoved():
        points, chance = found.moved(id_)
        yield _("{decision}: moves {points} points and no ending by {chance}; wanted are {least} or {often}.").format(
            decision=id_,
            points=f"{points:.1f}",
            chance=_percent(chance),
            least=f"{FELT:g}",
            often=_percent(FELT_ENDING),
        )
    for other in found.beats_the_book():
        yield _("{decision}: {option} does {points} points better than the book's option.").format(
            decision=other.decision, option=other.option, points=f"{other.difference.mean:.1f}"
        )
    for id_, share in found.misplaced_endings().items():
        yield _("The ending {ending} comes in {share} of all plays.").format(ending=id_, share=_percent(share))
    if found.explained < EXPLAINED:
        yield _("What is decided explains {share} of how the case ends; the rest is luck.").format(
            share=_percent(found.explained)
        )
    missing = len(set(case.decisions) - set(found.decisions))
    if missing:
        yield many("{n} decision never arose.", "{n} decisions never arose.", missing)


def _percent(share: float) -> str:
    return f"{share:.0%}"
