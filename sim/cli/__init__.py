"""The command ``mlasim``. Thin: it reads arguments, calls the rooms, prints; bad input ends in one message."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

import sim
from sim import logs
from sim.cli import console, files, playing, processes, questions
from sim.errors import LawError, MlasimError, ScenarioError, UsageError

app = console.app
__all__ = ["app", "console", "files", "main", "playing", "processes", "questions"]


def main() -> None:
    """Run the command. Exit code 0: done; 1: problems found; 2: used wrongly; 3: a fault of the program itself."""
    try:
        console.app()
    except ScenarioError as error:
        for problem in error.problems:
            console.err.print(str(problem), markup=False, soft_wrap=True)
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
    console.err.print(message, markup=False, soft_wrap=True)
    sys.exit(code)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"mlasim {sim.__version__}")
        raise typer.Exit


def _log(level: str | None) -> None:
    if level is not None:
        logs.show(level)


@console.app.callback()
def _all(
    log: Annotated[
        str | None,
        typer.Option(
            "--log",
            callback=_log,
            envvar=logs.VARIABLE,
            metavar="LEVEL",
            help="Say on the error output what was caught and gone on after: debug, info, warning, error.",
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Training and simulation for mutual legal assistance."""
