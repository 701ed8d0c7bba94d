"""Compiled code made ready in the background: ``python -m sim.engine.compiled.warm`` compiles it for this user, once.

Another process does it, so that this one is not held up. It is no thread of this one: workers are forked, and a fork in
the middle of compiling would wait for ever for locks that its thread held.
"""

from __future__ import annotations

import logging
import os
import time
from datetime import UTC, datetime

from sim.engine.compiled.background import begin
from sim.engine.compiled.jit import READY, folder

logger = logging.getLogger("mlasim.engine.compiled")

_BUSY = "compiling"
_AT_MOST = 120
"""Seconds that compiling takes at most; who began before that has died."""
_loaded: list[bool] = []


def ready(requests: float) -> bool:
    """Whether compiled code is there at once, or is worth waiting for with so many requests asked for; otherwise it is
    begun to be made, where it can be kept."""
    if _loaded:
        return True
    if kept() or (folder() is None and requests >= WORTH_WAITING):
        make()
        return True
    if folder() is not None:
        begin()
    return False


WORTH_WAITING = 500_000
"""Background requests of a process for which it compiles for itself alone: SimPy takes twice as long for them."""


def kept() -> bool:
    """Whether compiled code has only to be loaded."""
    where = folder()
    return bool(_loaded) or (where is not None and (where / READY).exists())


def make() -> float:
    """Compile, or load what is kept; returns the seconds that took."""
    from sim.engine.compiled.run import Running
    from sim.engine.plan import Plan
    from sim.model.loading import load

    begun = time.perf_counter()
    plan = Plan(load("queue-mm1"), datetime(2026, 1, 1, tzinfo=UTC))
    Running(plan, until=1, seed=0).advance()
    _loaded.append(True)
    where = folder()
    if where is not None and not (where / READY).exists():
        (where / READY).touch()
    return time.perf_counter() - begun


def main() -> None:
    """Compile, unless it has been done or another process does it; and leave word."""
    where = folder()
    if where is None or kept():
        return
    busy = where / _BUSY
    try:
        if busy.exists() and time.time() - busy.stat().st_mtime > _AT_MOST:
            busy.unlink()
        os.close(os.open(busy, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except OSError as error:
        logger.debug("another process compiles: %s", error)
        return
    try:
        if hasattr(os, "nice"):
            os.nice(5)
        logger.info("compiled in %.0f s", make())
    finally:
        busy.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
