"""Commands for those who play: play, debrief, and the notebooks."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import sim
from sim.cli import console
from sim.errors import UsageError
from sim.i18n import _, say

if TYPE_CHECKING:
    from sim.training.session import Session


@console.app.command()
def play(
    case: Annotated[str, typer.Argument(help="A case's id or file.")],
    seed: Annotated[
        int | None, typer.Option(help="Seed of all chance (default 7, or that of the decisions file).", min=0)
    ] = None,
    decisions: Annotated[Path | None, typer.Option(help="Play these decisions (YAML) without asking.")] = None,
    player: Annotated[
        str | None, typer.Option(help="Let a player decide: first, random, naive, textbook or greedy.")
    ] = None,
    session: Annotated[Path | None, typer.Option(help="Session file to write, or to go on with.")] = None,
    replays: Annotated[int, typer.Option(help="Replays for each alternative in the debrief.", min=0, max=10_000)] = 4,
    html: Annotated[Path | None, typer.Option(help="Write the debrief as one HTML file.")] = None,
    processes: console.Processes = console.CPUS,
) -> None:
    """Play a case, in the terminal or by itself, and see the debrief."""
    from sim.training.decision_log import take
    from sim.training.decisions_file import check_against, read_decisions
    from sim.training.players import finish
    from sim.training.players import player as named_player
    from sim.views.terminal import play

    if decisions is not None and player is not None:
        raise UsageError(say("give --decisions or --player, not both"))
    if decisions is not None:
        script = read_decisions(decisions)
        scenario = sim.load(case)
        if scenario.case is None:
            raise UsageError(say("{id} is a {kind}, not a case; play a case", id=scenario.id, kind=scenario.kind))
        check_against(script, scenario.case, decisions)
        finished = take(scenario, script.steps, seed=script.seed if seed is None else seed)
    elif player is not None:
        who = named_player(player, seed or 7)
        finished = finish(sim.play(case, seed=7 if seed is None else seed), who)
    else:
        going = _begin_or_resume(case, 7 if seed is None else seed, session)
        played = play.play(going, console.out)
        if played is None:
            return
        finished = played
    if session is not None and (decisions is not None or player is not None):
        finished.save(session)
    if decisions is not None or player is not None:
        play.show_play(finished, console.out)
    _debrief(finished, replays, html, processes)


def _begin_or_resume(case: str, seed: int, file: Path | None) -> Session:
    if file is not None and file.exists():
        return sim.resume(file, sim.load(case))
    session = sim.play(case, seed=seed)
    session.save(file or Path(f"{session.case.id}-{seed}.session.jsonl"))
    return session


@console.app.command()
def debrief(
    session: Annotated[Path, typer.Argument(help="A session file.")],
    html: Annotated[Path | None, typer.Option(help="Write it as one HTML file.")] = None,
    replays: Annotated[int, typer.Option(help="Replays for each alternative.", min=0, max=10_000)] = 20,
    processes: console.Processes = console.CPUS,
) -> None:
    """Debrief a session: outcome, scores, where the days went, what else could have happened."""
    _debrief(sim.resume(session), replays, html, processes)


def _debrief(session: Session, replays: int, html: Path | None, processes: int) -> None:
    from sim.training.debrief import debrief as make
    from sim.views.terminal.play import show_debrief

    with (
        console.executor(processes if replays else 1) as executor,
        console.progress(_("replaying the alternatives")) as progress,
    ):
        result = make(session, replays=replays, executor=executor, progress=progress)
    show_debrief(result, console.out)
    if html is not None:
        from sim.views.seat.debrief_page import debrief_html

        console.write(html, debrief_html(result, starts=session.run.starts))
        console.out.print(_("debrief written to {html}").format(html=html), markup=False)
    console.out.print(f"sha256: {result.sha256}", highlight=False)


@console.app.command()
def lab(
    notebook: Annotated[str, typer.Option(help="Which door: trainee, policymaker or start.")] = "trainee",
    folder: Annotated[Path | None, typer.Option(help="Where to work (default: mlasim-notebooks here).")] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
) -> None:
    """Open JupyterLab at a notebook. Notebooks are copied to a folder of yours; none is overwritten."""
    import shutil
    import subprocess

    from sim.model.loading import shipped_folder
    from sim.model.problems import did_you_mean

    source = shipped_folder().parent / "notebooks"
    known = [path.stem for path in sorted(source.glob("*.ipynb"))]
    if notebook not in known:
        raise UsageError(
            say("there is no notebook {notebook!r} — {hint}", notebook=notebook, hint=did_you_mean(notebook, known))
        )
    target = console.folder(folder or Path("mlasim-notebooks"))
    for name in known:
        if not (target / f"{name}.ipynb").exists():
            shutil.copy(source / f"{name}.ipynb", target / f"{name}.ipynb")
    command = [sys.executable, "-m", "jupyterlab", str(target / f"{notebook}.ipynb"), "--LabApp.news_url=None"]
    command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    command += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    console.out.print(
        _(
            "Opening {path}.ipynb in a browser. If none opens, copy the address with lab/tree/{notebook}.ipynb from "
            "the lines below. Your sessions are kept in that folder. To stop: Ctrl-C here."
        ).format(path=target / notebook, notebook=notebook),
        markup=False,
        soft_wrap=True,
    )
    raise typer.Exit(subprocess.call(command + ([] if browser else ["--no-browser"])))
