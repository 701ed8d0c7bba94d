"""Commands for those who play: play, debrief, and the notebooks."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import sim
from sim.cli import console
from sim.errors import SessionError, UsageError
from sim.i18n import NOTHING, Words, _, joined, say

if TYPE_CHECKING:
    from sim.model.loading import Scenario
    from sim.training.session import Session


Edited = Annotated[
    bool,
    typer.Option(
        "--edited", help="The case was edited since: take the session's steps again, and say where it differs."
    ),
]


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
    force: console.Force = False,
    edited: Edited = False,
) -> None:
    """Play a case, in the terminal or by itself, and see the debrief."""
    from sim.training.decision_log import take
    from sim.training.decisions_file import check_against, read_decisions
    from sim.training.players import finish
    from sim.training.players import player as named_player
    from sim.views.terminal import play

    if decisions is not None and player is not None:
        raise UsageError(say("give --decisions or --player, not both"))
    by_itself = decisions is not None or player is not None
    console.may_write(html, *((session,) if by_itself else ()), force=force)
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
        played = play.play(_begin_or_resume(sim.load(case), seed, session, force, edited), console.out)
        if played is None:
            return
        finished = played
    if session is not None and by_itself:
        finished.save(session)
    if by_itself:
        play.show_play(finished, console.out)
    _debrief(finished, replays, html, processes)


def _begin_or_resume(scenario: Scenario, seed: int | None, file: Path | None, force: bool, edited: bool) -> Session:
    """The session that the file holds, if it can be gone on with; otherwise a new one, where nothing is lost by it."""
    if file is None:
        file = Path(f"{scenario.id}-{7 if seed is None else seed}.session.jsonl")
    if file.exists() and not force:
        found, why = _found(scenario, seed, file, edited)
        if found is not None:
            words = _("Going on with the play in {file}, day {day}.")
            console.out.print(words.format(file=file, day=found.day), markup=False, highlight=False)
            return found
        console.agree(
            why,
            _("Begin anew and write over it?"),
            say("name another file with --session, or add --force to begin anew and write over it"),
        )
    session = sim.play(scenario, seed=7 if seed is None else seed)
    session.save(file)
    return session


def _found(scenario: Scenario, seed: int | None, file: Path, edited: bool) -> tuple[Session | None, Words]:
    """The session of this case in a file, or why it is not gone on with. Raises `SessionError` for a session of the
    case that cannot be taken up: what is wrong there is to be mended, not written over."""
    from sim.training.storage import read_session

    try:
        header, _entries = read_session(file)
    except SessionError as error:
        return None, joined([error])
    if header.scenario != scenario.id:
        return None, say("{file} holds a play of the case {id!r}", file=file, id=header.scenario[:60])
    if seed is not None and header.seed != seed:
        return None, say("{file} holds a play with the seed {seed}", file=file, seed=header.seed)
    session = _resumed(file, scenario, edited)
    if session.ended:
        return None, say("{file} holds a play that is over: mlasim debrief {file} shows its debrief", file=file)
    return session, NOTHING


def _resumed(file: Path, scenario: Scenario, edited: bool) -> Session:
    """The session in a file. Where the case was edited since, its steps are taken again if that is wanted; the old file
    is kept under another name. Raises `SessionError`."""
    from sim.training.storage import EditedSinceError, put_aside

    try:
        session = sim.resume(file, scenario)
    except EditedSinceError as error:
        if not edited:
            console.agree(
                joined([error]),
                _("Take its steps again in the edited case? The old file is kept under another name."),
                say("add --edited to take its steps again in the edited case; the old file is kept under another name"),
            )
        session = sim.resume(file, scenario, edited=True)
        try:
            kept = put_aside(file)
        except OSError as failure:
            raise UsageError(say("{file}: cannot be renamed: {reason}", file=file, reason=failure.strerror)) from None
        session.save(file)
        words = _("The session as it was is kept in {file}.").format(file=kept)
        console.out.print(words, markup=False, highlight=False)
    for remark in session.remarks:
        console.err.print(str(remark), markup=False, highlight=False, soft_wrap=True)
    return session


@console.app.command()
def debrief(
    session: Annotated[Path, typer.Argument(help="A session file.")],
    case: Annotated[
        str | None,
        typer.Argument(help="The case played (id or file), if it is neither in the library nor beside the session."),
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write it as one HTML file.")] = None,
    certificate: Annotated[
        Path | None,
        typer.Option(help="Write a record of practice: one side to print and keep, without any grade (HTML)."),
    ] = None,
    name: Annotated[str, typer.Option(help="A name to stand on the record; it is kept nowhere else.")] = "",
    replays: Annotated[int, typer.Option(help="Replays for each alternative.", min=0, max=10_000)] = 20,
    processes: console.Processes = console.CPUS,
    force: console.Force = False,
) -> None:
    """Debrief a session: outcome, scores, where the days went, what else could have happened."""
    console.may_write(html, certificate, force=force)
    if name and certificate is None:
        raise UsageError(say("--name goes with --certificate: it stands there and nowhere else"))
    scenario = case_of(session) if case is None else sim.load(case)
    # Nothing is written, so a case that was edited since is no reason to refuse: what differs is said at the top.
    read = sim.resume(session, scenario, writing=False, edited=True)
    _debrief(read, replays, html, processes, file=session, record=certificate, name=name)


def case_of(session: Path) -> Scenario | None:
    """The case that a session plays, from the file of its name beside the session or in this folder; None where the
    library's case is meant. Of several, the one as it was when it was played. Raises `UsageError` if there is none."""
    from sim.model.library import Library, scenario_folder
    from sim.model.loading import available, examine
    from sim.training.storage import read_session

    header, _entries = read_session(session)
    shipped = header.scenario in available("case")
    if shipped and sim.load(header.scenario).hash == header.hash:
        return None
    folders = dict.fromkeys(scenario_folder(path) for path in (session.absolute(), Path.cwd() / session.name))
    files = [file for folder in folders if (file := Library((folder,)).find("case", header.scenario)) is not None]
    found = [scenario for file in files if (scenario := examine(file)[0]) is not None]
    same = next((scenario for scenario in found if scenario.hash == header.hash), None)
    if same is not None or found:
        return same or found[0]
    if files:
        return sim.load(files[0])  # raises what is wrong there
    if shipped:
        return None
    raise UsageError(
        say(
            "{session}: the case {id!r} is neither in the library nor beside the session — add its file: "
            "mlasim debrief {session} CASE.yaml",
            session=session,
            id=header.scenario[:60],
        )
    )


def _debrief(
    session: Session,
    replays: int,
    html: Path | None,
    processes: int,
    *,
    file: Path | None = None,
    record: Path | None = None,
    name: str = "",
) -> None:
    """Show a debrief, and write it as pages. Replays that a seat has kept beside the session's ``file`` are read
    there."""
    from sim.training.debrief import debrief as make
    from sim.training.kept_replays import ReplaysFile
    from sim.versions import in_one_line
    from sim.views.terminal.play import show_debrief

    with (
        console.executor(processes if replays else 1) as executor,
        console.progress(_("replaying the alternatives")) as progress,
    ):
        result = make(
            session, replays=replays, executor=executor, progress=progress, kept=ReplaysFile(file or session.file)
        )
    show_debrief(result, console.out)
    if html is not None:
        from sim.views.seat.debrief_page import debrief_html
        from sim.views.seat.film_panels import film_of

        console.write(html, debrief_html(result, starts=session.run.starts, film=film_of(session)))
        console.out.print(_("debrief written to {html}").format(html=html), markup=False)
    if record is not None:
        from sim.views.seat.record_of_practice import record_of_practice

        console.write(record, record_of_practice(result, name=name))
        console.out.print(_("record of practice written to {file}").format(file=record), markup=False)
    console.out.print(in_one_line(result.versions), highlight=False, style="dim")
    console.out.print(f"sha256: {result.sha256}", highlight=False)


@console.app.command()
def lab(
    notebook: Annotated[str, typer.Option(help="Which door: trainee, policymaker or start.")] = "trainee",
    folder: Annotated[Path | None, typer.Option(help="Where to work (default: mlasim-notebooks here).")] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
    code: Annotated[bool, typer.Option("--code", help="Show JupyterLab as it is, with the notebook's code.")] = False,
) -> None:
    """Open a notebook in JupyterLab: the seat and the policy lab alone on the page, ready to be used; with --code as
    notebooks. They are copied to a folder of yours; none is overwritten."""
    import shutil
    import subprocess
    from importlib.resources import files

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
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={target.absolute()}",
        "--LabApp.news_url=None",
    ]
    command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    command += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    page = f"lab/tree/{notebook}.ipynb"
    if not code:
        # A workspace of its own, so that nothing else that was open is opened again behind it.
        page = f"lab/workspaces/mlasim-{notebook}/tree/{notebook}.ipynb"
        command.append(f"--LabApp.extra_labextensions_path={files('sim.views') / 'jupyterlab'}")
    command.append(f"--LabApp.default_url=/{page}")
    console.out.print(
        _(
            "Opening {path}.ipynb in a browser. If none opens, copy the address with {page} from the lines below. Your "
            "sessions are kept in that folder. To stop: Ctrl-C here."
        ).format(path=target / notebook, page=page),
        markup=False,
        soft_wrap=True,
    )
    raise typer.Exit(subprocess.call(command + ([] if browser else ["--no-browser"])))
