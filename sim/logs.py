"""What was caught and gone on after, under the logger ``mlasim``: nothing is shown unless it is asked for.

A seat is no place for a log: what a trainee has to know stands on the page. Whoever looks for a fault sees the rest
with ``mlasim --log LEVEL``, or with the environment variable ``MLASIM_LOG`` set to a level, which reaches notebooks
and the processes that help them, too. A program that uses ``sim`` adds a handler of its own, as for any library.
"""

from __future__ import annotations

import logging
import os
import sys

from sim.errors import UsageError
from sim.i18n import say
from sim.written import clean

VARIABLE = "MLASIM_LOG"
LEVELS = ("debug", "info", "warning", "error")
FORM = "%(levelname)s %(name)s: %(message)s"


def show(level: str) -> None:
    """Show the log on the error output from a level on, here and in processes begun from here.

    Raises `UsageError` for a level there is not.
    """
    if level not in LEVELS:
        raise UsageError(
            say("there is no level {level!r} of the log — write {names}", level=level[:20], names=", ".join(LEVELS))
        )
    os.environ[VARIABLE] = level
    logger = logging.getLogger("mlasim")
    logger.setLevel(level.upper())
    if not any(isinstance(handler, _Shown) for handler in logger.handlers):
        handler = _Shown()
        handler.setFormatter(logging.Formatter(FORM))
        logger.addHandler(handler)


def show_if_asked() -> None:
    """As `show`, where the environment names a level; one there is not is as good as none."""
    level = os.environ.get(VARIABLE, "").lower()
    if level in LEVELS:
        show(level)


class _Shown(logging.Handler):
    """The handler of `show`, told from those of others. It writes to the error output as it is at the time."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            print(clean(self.format(record)), file=sys.stderr, flush=True)
        except Exception:  # a log that cannot be written stops nobody; logging says so in its own way
            self.handleError(record)
