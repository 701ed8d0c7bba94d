"""What every part of the command shares: the program, where it prints, common options, workers and progress."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sim.errors import UsageError
from sim.i18n import Words, _, say, say_many
from sim.views.terminal.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor

app = typer.Typer(
    name="mlasim",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Play, write and measure mutual legal assistance against human trafficking.",
)


out = Screen(markup=False)  # square brackets of a text are no commands


err = Screen(stderr=True, highlight=False, markup=False)


Seed = Annotated[int, typer.Option("--seed", help="Seed of all chance; the same seed gives the same run.", min=0)]


Processes = Annotated[int, typer.Option("--processes", help="Worker processes; 1 works in this one.", min=1, max=256)]


CPUS = os.cpu_count() or 1


Cluster = Annotated[
    str | None, typer.Option("--cluster", help="Address of a Dask scheduler that does the work instead.")
]


def _engine(name: str | None) -> str | None:
    """Decide which engine makes the runs of this command, here and in its workers; what is compiled for the first time
    is announced, and waited for."""
    if name is None:
        return None
    from sim.engine.executor import VARIABLE, engine_named

    if engine_named(name) == "compiled":
        from sim.engine.compiled import warm

        if not warm.kept():
            err.print(_("The engine is compiled once for this user; that takes about a quarter of a minute."))
        warm.make()
    os.environ[VARIABLE] = name
    return name


Engine = Annotated[
    str | None,
    typer.Option("--engine", help="simpy or compiled; chosen by itself. The result is the same.", callback=_engine),
]


Folder = Annotated[
    Path | None, typer.Option("--out", help="Keep results here as they finish, and go on with those that are there.")
]


def executor(processes: int, cluster: str | None = None) -> AbstractContextManager[Executor | None]:
    from sim.policy.experiments.executors import executor

    return executor(processes, cluster)


Force = Annotated[bool, typer.Option("--force", help="Write over files that are there, without asking.")]


def may_write(*paths: Path | None, force: bool, made: Sequence[Path] = ()) -> None:
    """See to it that files can be written and may be, before anything costs time. ``made``: those whose folder is made.

    What is there is written over with ``--force`` alone, or when somebody at a terminal says yes. Raises `UsageError`.
    """
    named = [path for path in paths if path is not None]
    for path in named:
        folder = path.absolute().parent
        if path.is_dir() or not folder.is_dir() or not os.access(path if path.exists() else folder, os.W_OK):
            raise UsageError(say("{path}: cannot be written — name a file in a folder that is there", path=path))
    there = [path for path in (*named, *made) if path.is_file()]
    if there and not force:
        names = ", ".join(map(str, there))
        agree(
            say_many(
                "this file is there already: {names}", "these files are there already: {names}", len(there), names=names
            ),
            _("Write over what is there?"),
            say("name another one, or add --force to write over it"),
        )


def agree(what: Words, question: str, remedy: Words) -> None:
    """Have somebody at a terminal agree; no, unless they say yes. Raises `UsageError` with the remedy otherwise."""
    if asks():
        err.print(str(what), markup=False, soft_wrap=True)
        if typer.confirm(question, err=True):
            return
        raise UsageError(say("nothing is written — {remedy}", remedy=remedy))
    raise UsageError(say("{what} — {remedy}", what=what, remedy=remedy))


def asks() -> bool:
    """Whether somebody sits at a terminal and can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def folder(path: Path, *, private: bool = False) -> Path:
    """Make a folder that an option names (``private``: for nobody else to read), and see that something can be written
    there. Raises `UsageError`."""
    in_the_way = next((part for part in (path, *path.parents) if part.exists()), path)
    try:
        if in_the_way.exists() and not in_the_way.is_dir():
            raise UsageError(
                say("{path}: cannot be made: {file} is a file — name a folder", path=path, file=in_the_way)
            )
        path.mkdir(0o700 if private else 0o777, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path, prefix=".mlasim-"):
            return path
    except OSError as error:
        raise UsageError(
            say(
                "{path}: nothing can be written there: {reason} — name a folder of your own",
                path=path,
                reason=error.strerror or error,
            )
        ) from None


def write(path: Path, text: str) -> None:
    """Write a file of text that was asked for by an option. Raises `UsageError`."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file that was asked for by an option. Raises `UsageError`."""
    from sim.disk import write_whole

    try:
        write_whole(path, content)
    except (OSError, ValueError) as error:
        raise UsageError(
            say("{path}: cannot be written: {reason}", path=path, reason=getattr(error, "strerror", None) or error)
        ) from None


@contextmanager
def kept(folder: Path | None) -> Iterator[None]:
    """Says where to go on after Ctrl-C."""
    try:
        yield
    except KeyboardInterrupt:
        kept = _("stopped; {folder} keeps what is done, and the same command goes on from there").format(folder=folder)
        err.print(kept if folder is not None else _("stopped"), markup=False, soft_wrap=True)
        raise typer.Exit(130) from None


@contextmanager
def progress(words: str) -> Iterator[Callable[..., None]]:
    """A progress bar with time left on a terminal; nothing where the output goes to a file. It is told how much is done
    of how much, and where work has several steps what is being done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task(words, total=None)

        def tell(done: int, total: int, step: str = words) -> None:
            if step != progress.tasks[0].description:  # another step takes another time
                progress.reset(task, description=step)
            progress.update(task, completed=done, total=total)

        yield tell
