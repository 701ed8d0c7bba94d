"""Commands for whoever writes a case."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import sim
from sim.cli import console
from sim.errors import UsageError
from sim.i18n import _, say


@console.app.command()
def balance(
    case: Annotated[str, typer.Argument(help="A case's id or file.")],
    plays: Annotated[int, typer.Option(help="Plays of each player, and of each option.", min=2)] = 25,
    player: Annotated[
        list[str] | None,
        typer.Option(help="On whose plays decisions are taken otherwise (again for more; default: textbook, random)."),
    ] = None,
    decision: Annotated[list[str] | None, typer.Option(help="Try the options of this decision alone.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Keep what the plays came to here, for debriefs that say something at once.")
    ] = None,
    force: console.Force = False,
    seed: console.Seed = 0,
    processes: console.Processes = console.CPUS,
) -> None:
    """Show how a case plays: players and endings, what each decision moves, and what a workshop would stumble over."""
    from sim.training.balance import BASES, balance_of
    from sim.training.prepared_plays import keep, kept_of
    from sim.views.terminal.balance import show_balance

    loaded = sim.load(case)
    if loaded.case is None:
        raise UsageError(say("{id} is a {kind}, not a case", id=loaded.id, kind=loaded.kind))
    console.may_write(out, force=force)
    with console.executor(processes) as executor, console.progress(_("plays")) as progress:
        found = balance_of(
            loaded,
            plays,
            bases=tuple(player) if player else BASES,
            only=decision or (),
            seed=seed,
            executor=executor,
            progress=progress,
        )
    show_balance(found, loaded.case, console.out)
    if out is not None:
        keep(kept_of(found, loaded), out)
        console.out.print(_("plays kept in {path}").format(path=out), markup=False)
