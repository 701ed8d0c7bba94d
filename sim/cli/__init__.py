"""The command ``mlasim``. Thin: it reads arguments, calls the rooms, prints; bad input ends in one message."""

from __future__ import annotations

import errno
import os
import sys
from typing import Annotated

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

import sim
from sim import i18n, logs
from sim.cli import authoring, console, doctor, files, letters, playing, policy, questions, serving, sheets
from sim.errors import LawError, MlasimError, ScenarioError, UsageError
from sim.i18n import _, many

app = console.app
LANGUAGE = "MLASIM_LANGUAGE"
"""Environment variable that names a language."""
_OF_THE_DISK = frozenset(
    {
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
        errno.ENOSPC,
        errno.ENOTDIR,
        errno.EISDIR,
        errno.EEXIST,
        errno.ENAMETOOLONG,
    }
)
"""What keeps a file or folder that somebody named from being used, and is no fault of the program."""
__all__ = [
    "app",
    "authoring",
    "console",
    "doctor",
    "files",
    "letters",
    "main",
    "playing",
    "policy",
    "questions",
    "serving",
    "sheets",
    "translate_help",
]


def main() -> None:
    """Run the command. Exit code 0: done; 1: problems found; 2: used wrongly; 3: a fault of the program itself."""
    try:
        command = typer.main.get_command(console.app)
        if LANGUAGE in os.environ:  # before --help, which waits for no other option
            i18n.use(os.environ[LANGUAGE])
            translate_help(command)
        command()
    except ScenarioError as error:
        for problem in error.problems:
            console.err.print(str(problem), markup=False, soft_wrap=True)
        _stop(many("{n} problem", "{n} problems", len(error.problems)), 1)
    except (UsageError, LawError) as error:
        _stop(str(error), 2)
    except MlasimError as error:
        _stop(str(error), 1)
    except KeyboardInterrupt:
        _stop(_("stopped"), 130)
    except BrokenPipeError:
        os._exit(0)
    except Exception as error:
        if os.environ.get("MLASIM_DEBUG"):
            raise
        if isinstance(error, OSError) and error.errno in _OF_THE_DISK and error.filename is not None:
            words = _("{path}: cannot be used: {reason} — name another file or folder, or change its rights")
            _stop(words.format(path=error.filename, reason=error.strerror), 2)
        _stop(
            _(
                "a fault in mlasim: {name}: {error}\n"
                "Please report it; with MLASIM_DEBUG=1 set the whole trace is shown."
            ).format(name=type(error).__name__, error=error),
            3,
        )


def _stop(message: str, code: int) -> None:
    console.err.print(message, markup=False, soft_wrap=True)
    sys.exit(code)


def _language(context: typer.Context, wanted: str | None) -> str | None:
    """Use a language for all that follows, help included: typer builds the command anew at every call."""
    if wanted is not None:
        i18n.use(wanted)
        translate_help(context.command)
    return wanted


def translate_help(command: object) -> None:
    """Put the help of a command, and of all commands in it, into the language in use."""
    if not isinstance(command, TyperCommand | TyperGroup):
        return
    command.help = command.help and _(command.help)
    for parameter in command.params:
        if isinstance(parameter, TyperOption | TyperArgument):
            parameter.help = parameter.help and _(parameter.help)
    for inner in getattr(command, "commands", {}).values():
        translate_help(inner)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"mlasim {sim.__version__}")
        raise typer.Exit


def _log(level: str | None) -> None:
    if level is not None:
        logs.show(level)


@console.app.callback()
def _all(
    language: Annotated[
        str | None,
        typer.Option(
            "--language",
            callback=_language,
            is_eager=True,
            help="Language of all that is said (default: that of MLASIM_LANGUAGE, or en).",
        ),
    ] = None,
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
