"""The command ``mlasim``. Thin: it reads arguments, calls the rooms, prints; bad input ends in one message."""

from __future__ import annotations

import os
import sys
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

import sim
from sim.errors import LawError, MlasimError, ScenarioError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sim.training.session import Session

app = typer.Typer(
    name="mlasim",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Play, write and measure mutual legal assistance against human trafficking.",
)
out = Console()
err = Console(stderr=True, highlight=False)


def main() -> None:
    """Run the command. Exit code 0: done; 1: problems found; 2: used wrongly; 3: a fault of the program itself."""
    try:
        app()
    except ScenarioError as error:
        for problem in error.problems:
            err.print(str(problem), markup=False, soft_wrap=True)
        _stop(f"{len(error.problems)} problem{'s' * (len(error.problems) != 1)}", 1)
    except (UsageError, LawError) as error:
        _stop(str(error), 2)
    except MlasimError as error:
        _stop(str(error), 1)
    except KeyboardInterrupt:
        _stop("stopped", 130)
    except BrokenPipeError:
        os._exit(0)
    except Exception as error:
        if os.environ.get("MLASIM_DEBUG"):
            raise
        _stop(
            f"a fault in mlasim: {type(error).__name__}: {error}\n"
            "Please report it; with MLASIM_DEBUG=1 set the whole trace is shown.",
            3,
        )


def _stop(message: str, code: int) -> None:
    err.print(message, markup=False, soft_wrap=True)
    sys.exit(code)


Seed = Annotated[int, typer.Option("--seed", help="Seed of all chance; the same seed gives the same run.", min=0)]
Processes = Annotated[int, typer.Option("--processes", help="Worker processes; 1 works in this one.", min=1, max=256)]
CPUS = os.cpu_count() or 1


def _version(wanted: bool) -> None:
    if wanted:
        print(f"mlasim {sim.__version__}")
        raise typer.Exit


@app.callback()
def _all(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Training and simulation for mutual legal assistance."""


@app.command("list")
def list_(
    kind: Annotated[str, typer.Argument(help="cases, worlds, levers, instruments, …; all if left out")] = "",
) -> None:
    """List what the library holds."""
    from sim.model.loading import Library, shipped_folder
    from sim.model.problems import did_you_mean
    from sim.model.validation import KINDS

    kinds = sorted(set(KINDS) - {"coverage"})
    wanted = [k for k in kinds if kind in ("", k, f"{k}s")]
    if not wanted:
        raise UsageError(f"there is no kind {kind!r} — {did_you_mean(kind, [f'{k}s' for k in kinds])}")
    library = Library((shipped_folder(),))
    usual = ["case", "world", "lever", "jurisdiction", "instrument", "channel", "measure", "procedure", "service"]
    for name in wanted if kind else usual:
        table = Table(title=f"{name}s", title_justify="left", show_header=False, box=None, padding=(0, 2, 0, 0))
        table.add_column(style="bold", no_wrap=True)
        table.add_column()
        for id_ in library.ids(name):
            record: Any = library.get(name, id_)
            table.add_row(id_, record.title if record else "(has problems: mlasim check)")
        out.print(table)


@app.command()
def check(what: Annotated[list[str], typer.Argument(help="Files, folders or ids.")]) -> None:
    """Say everything that is wrong in scenario files, with line and remedy."""
    from sim.authoring.check import check as check_all

    report = check_all(what)
    for problem in report.problems:
        out.print(str(problem), markup=False, highlight=False, soft_wrap=True)
    count = len(report.problems)
    out.print(f"{report.files} file{'s' * (report.files != 1)} read, {count or 'no'} problem{'s' * (count != 1)}")
    raise typer.Exit(1 if count else 0)


@app.command()
def run(
    world: Annotated[str, typer.Argument(help="A world's id or file.")],
    years: Annotated[float, typer.Option(help="Simulated years after the warm-up.", min=0.01, max=100)] = 3.0,
    seed: Seed = 1,
    replication: Annotated[int, typer.Option(help="Which replication of the seed.", min=0)] = 0,
    lever: Annotated[list[str] | None, typer.Option(help="Apply a lever (again for more).")] = None,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Write tables (CSV, and Parquet if available) here.")
    ] = None,
) -> None:
    """Run a world's background demand and print its figures. The last line is the hash of the event table."""
    from sim.policy.levers import apply
    from sim.record.run import run as run_world
    from sim.views.tables import show_kpis

    scenario = sim.load(world)
    if lever:
        scenario = apply(scenario, lever)
    result = run_world(scenario, years=years, seed=seed, replication=replication)
    show_kpis(result, out)
    if folder is not None:
        result.to_csv(folder)
        try:
            result.to_parquet(folder)
        except UsageError as error:
            err.print(f"CSV only: {error}", markup=False)
        out.print(f"tables written to {folder}", markup=False)
    out.print(f"sha256: {result.sha256}", highlight=False)


@app.command()
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
    processes: Processes = CPUS,
) -> None:
    """Play a case, in the terminal or by itself, and see the debrief."""
    from sim.training.decisions_file import check_against, read_decisions
    from sim.training.players import finish
    from sim.training.players import player as named_player
    from sim.training.steps import take
    from sim.views import terminal

    if decisions is not None and player is not None:
        raise UsageError("give --decisions or --player, not both")
    if decisions is not None:
        script = read_decisions(decisions)
        scenario = sim.load(case)
        if scenario.case is None:
            raise UsageError(f"{scenario.id} is a {scenario.kind}, not a case; play a case")
        check_against(script, scenario.case, decisions)
        finished = take(scenario, script.steps, seed=script.seed if seed is None else seed)
    elif player is not None:
        who = named_player(player, seed or 7)
        finished = finish(sim.play(case, seed=7 if seed is None else seed), who)
    else:
        going = _begin_or_resume(case, 7 if seed is None else seed, session)
        played = terminal.play(going, out)
        if played is None:
            return
        finished = played
    if session is not None and (decisions is not None or player is not None):
        finished.save(session)
    if decisions is not None or player is not None:
        terminal.show_play(finished, out)
    _debrief(finished, replays, html, processes)


def _begin_or_resume(case: str, seed: int, file: Path | None) -> Session:
    if file is not None and file.exists():
        return sim.resume(file, sim.load(case))
    session = sim.play(case, seed=seed)
    session.save(file or Path(f"{session.case.id}-{seed}.session.jsonl"))
    return session


@app.command()
def debrief(
    session: Annotated[Path, typer.Argument(help="A session file.")],
    html: Annotated[Path | None, typer.Option(help="Write it as one HTML file.")] = None,
    replays: Annotated[int, typer.Option(help="Replays for each alternative.", min=0, max=10_000)] = 20,
    processes: Processes = CPUS,
) -> None:
    """Debrief a session: outcome, scores, where the days went, what else could have happened."""
    _debrief(sim.resume(session), replays, html, processes)


def _debrief(session: Session, replays: int, html: Path | None, processes: int) -> None:
    from sim.training.debrief import debrief as make
    from sim.views.terminal import show_debrief

    with _executor(processes if replays else 1) as executor, _progress("replaying the alternatives") as progress:
        result = make(session, replays=replays, executor=executor, progress=progress)
    show_debrief(result, out)
    if html is not None:
        from sim.views.report import debrief_html

        html.write_text(debrief_html(result, starts=session.run.starts), encoding="utf-8")
        out.print(f"debrief written to {html}", markup=False)
    out.print(f"sha256: {result.sha256}", highlight=False)


@app.command()
def explain(
    world: Annotated[str, typer.Argument(help="A world's id or file.")],
    requesting: Annotated[str, typer.Option("--from", help="Requesting State.")],
    requested: Annotated[str, typer.Option("--to", help="Requested State.")],
    measure: Annotated[str, typer.Option(help="What is asked for.")],
    offence: Annotated[str, typer.Option(help="The offence.")] = "trafficking-in-persons",
    why_not: Annotated[str | None, typer.Option(help="Why not this instrument, channel, ground or limit?")] = None,
    full: Annotated[bool, typer.Option("--full", help="Show every reason under every answer.")] = False,
) -> None:
    """Say which law applies between two States, which channels, languages, deadlines, grounds and duties, and why."""
    from sim.views.explanation import show_explanation, show_reason

    if why_not is not None:
        from sim import law

        facts: law.Facts = {"requesting": requesting, "requested": requested, "measure": measure, "offence": offence}
        show_reason(law.why_not(sim.load(world), why_not, **facts), out)
        return
    answer = sim.explain(sim.load(world), requesting=requesting, requested=requested, measure=measure, offence=offence)
    show_explanation(answer, out, full=full)


@app.command()
def library(
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Item by item, what the founding article names.")
    ] = False,
    run: Annotated[
        bool, typer.Option("--run", help="Run the tests named, and say which pass (in a checkout).")
    ] = False,
) -> None:
    """Say what the library holds, how sure its figures are, and what covers each item of the founding article."""
    from sim.authoring.coverage import contents_of, coverage_of
    from sim.views.tables import show_coverage, show_library

    if not coverage:
        show_library(contents_of(), out)
        return
    found = coverage_of(run=run)
    show_coverage(found, out)
    if any(item.status in ("missing", "failed") for item in found):
        raise typer.Exit(1)


@app.command()
def compare(
    world: Annotated[str, typer.Argument(help="A world's id or file.")],
    lever: Annotated[list[str], typer.Option(help="A lever to try (again for more; a+b tries both together).")],
    replications: Annotated[int, typer.Option(help="Runs of each alternative.", min=2, max=100_000)] = 20,
    years: Annotated[float, typer.Option(help="Simulated years after the warm-up.", min=0.01, max=100)] = 2.0,
    seed: Seed = 1,
    processes: Processes = CPUS,
    csv: Annotated[Path | None, typer.Option(help="Write the table as CSV.")] = None,
) -> None:
    """Compare process changes with the world as it is: paired difference, interval, half-width."""
    from sim.views.tables import show_comparison

    combinations = [tuple(name.split("+")) for name in lever]
    with _executor(processes) as executor, _progress("replications") as progress:
        result = sim.compare(
            world, combinations, replications=replications, years=years, seed=seed, executor=executor, progress=progress
        )
    show_comparison(result, out)
    if csv is not None:
        result.table().to_csv(csv, index=False)
        out.print(f"table written to {csv}", markup=False)
    if result.failures:
        raise typer.Exit(1)


@app.command()
def schema(
    folder: Annotated[Path | None, typer.Option("--out", help="Folder for one file per kind.")] = None,
    kind: Annotated[str | None, typer.Option(help="Print the schema of one kind instead.")] = None,
) -> None:
    """Write JSON Schemas of the scenario files, for editors."""
    import json

    from sim.model.problems import did_you_mean
    from sim.model.schema import json_schema, write_schemas
    from sim.model.validation import KINDS

    if kind is not None:
        if kind not in KINDS:
            raise UsageError(f"there is no kind {kind!r} — {did_you_mean(kind, KINDS)}")
        print(json.dumps(json_schema(kind), indent=2, ensure_ascii=False))
        return
    for path in write_schemas(folder or Path("schemas")):
        out.print(str(path), markup=False)


@app.command()
def verify(
    world: Annotated[str, typer.Option(help="World whose claims are checked.")] = "meridian",
    replications: Annotated[int, typer.Option(help="Runs for the calibration table.", min=2, max=10_000)] = 10,
    years: Annotated[float, typer.Option(help="Simulated years after the warm-up.", min=0.1, max=100)] = 3.0,
    theory_replications: Annotated[int, typer.Option(help="Runs for the theory table.", min=2, max=10_000)] = 20,
    processes: Processes = CPUS,
) -> None:
    """Check the engine against queueing theory and a world against published figures, and say where it misses."""
    from sim.policy.verification import calibration_table, theory_table
    from sim.views.tables import show_calibration, show_theory

    with _executor(processes) as executor:
        with _progress("theory") as progress:
            theory = theory_table(theory_replications, executor=executor, progress=progress)
        show_theory(theory, out)
        with _progress("calibration") as progress:
            claims = calibration_table(world, replications, years, executor=executor, progress=progress)
        show_calibration(claims, out)
    if not all(result.passed for result in theory):
        raise typer.Exit(1)


@app.command()
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
        raise UsageError(f"there is no notebook {notebook!r} — {did_you_mean(notebook, known)}")
    target = folder or Path("mlasim-notebooks")
    target.mkdir(parents=True, exist_ok=True)
    for name in known:
        if not (target / f"{name}.ipynb").exists():
            shutil.copy(source / f"{name}.ipynb", target / f"{name}.ipynb")
    command = [sys.executable, "-m", "jupyterlab", str(target / f"{notebook}.ipynb"), "--LabApp.news_url=None"]
    command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    command += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    out.print(
        f"Opening {target / notebook}.ipynb in a browser. If none opens, copy the address with "
        f"lab/tree/{notebook}.ipynb from the lines below. Your sessions are kept in that folder. To stop: Ctrl-C here.",
        markup=False,
        soft_wrap=True,
    )
    raise typer.Exit(subprocess.call(command + ([] if browser else ["--no-browser"])))


@app.command()
def serve(
    folder: Annotated[Path, typer.Option(help="Where sessions are kept, a folder a seat.")] = Path("mlasim-room"),
    port: Annotated[int, typer.Option(help="Port of the room's page.", min=1, max=65535)] = 8866,
    ip: Annotated[str, typer.Option(help="Address to listen at; 0.0.0.0 lets the whole room in.")] = "127.0.0.1",
) -> None:
    """Serve the trainee's seat to a room of browsers (Voilà). Each seat has a name and keeps its own sessions."""
    import shutil
    import subprocess
    from importlib.util import find_spec

    from sim.model.loading import shipped_folder

    if find_spec("voila") is None:
        raise UsageError("this needs Voilà: pip install 'mlasim[workshop]'")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(shipped_folder().parent / "notebooks" / "trainee.ipynb", folder / "trainee.ipynb")
    # Voilà looks for templates in a folder called voila on the Jupyter path.
    templates = Path(__file__).parent / "views"
    path = os.pathsep.join(filter(None, (str(templates), os.environ.get("JUPYTER_PATH"))))
    command = [sys.executable, "-m", "voila", str(folder / "trainee.ipynb"), "--no-browser", "--template=mlasim"]
    command += [f"--port={port}", f"--Voila.ip={ip}"]
    # A page that was closed must not keep a process for ever; one that is open stays.
    command += ["--MappingKernelManager.cull_idle_timeout=600", "--MappingKernelManager.cull_interval=60"]
    out.print(f"Seats at http://{ip}:{port}/ — or straight in: http://{ip}:{port}/?seat=table-1&case=silent-harbour")
    raise typer.Exit(subprocess.call(command, env={**os.environ, "JUPYTER_PATH": path}))


@contextmanager
def _executor(processes: int) -> Iterator[Executor | None]:
    if processes == 1:
        with nullcontext():
            yield None
        return
    pool = ProcessPoolExecutor(processes)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _progress(words: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar with time left on a terminal; nothing where the output goes to a file."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task(words, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


if __name__ == "__main__":
    main()
