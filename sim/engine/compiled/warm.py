"""Compiled code made ready in the background: ``python -m sim.engine.compiled.warm`` compiles it for this user, once.

Another process does it, so that this one is not held up; where nothing can be kept, a thread of this one.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from sim.engine.compiled.jit import READY, folder

logger = logging.getLogger("mlasim.engine.compiled")

_BUSY = "compiling"
_AT_MOST = 180
"""Seconds that compiling takes at most; who began before that has died."""
_loaded = threading.Event()
_begun: list[threading.Thread | subprocess.Popen[bytes]] = []
_beginning = threading.Lock()


def ready() -> bool:
    """Whether compiled code is there at once; otherwise it is begun to be made."""
    if _loaded.is_set():
        return True
    if kept():
        make()
        return True
    begin()
    return False


def kept() -> bool:
    """Whether compiled code has only to be loaded."""
    where = folder()
    return _loaded.is_set() or (where is not None and (where / READY).exists())


def begin() -> None:
    """Begin to have it made, unless it is there or has been begun."""
    with _beginning:
        if not _begun and not kept():
            _begin(folder())


def make() -> float:
    """Compile, or load what is kept; returns the seconds that took."""
    from sim.engine.compiled.run import Running
    from sim.engine.plan import Plan
    from sim.model.loading import load

    begun = time.perf_counter()
    plan = Plan(load("queue-mm1"), datetime(2026, 1, 1, tzinfo=UTC))
    Running(plan, until=1, seed=0).advance()
    _loaded.set()
    where = folder()
    if where is not None and not (where / READY).exists():
        (where / READY).touch()
    return time.perf_counter() - begun


def _begin(where: Path | None) -> None:
    """Have it made, unless another process does so already."""
    if where is None:
        logger.info("the engine is compiled for this process alone, in the background; until then SimPy answers")
        thread = threading.Thread(target=make, name="mlasim-compile", daemon=True)
        _begun.append(thread)
        thread.start()
        return
    busy = where / _BUSY
    try:
        if busy.exists() and time.time() - busy.stat().st_mtime > _AT_MOST:
            busy.unlink()
        os.close(os.open(busy, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except OSError as error:
        logger.debug("another process compiles: %s", error)
        return
    logger.info("the engine is compiled once for this user, in the background; until then SimPy answers")
    command = [sys.executable, "-m", "sim.engine.compiled.warm"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    nothing = subprocess.DEVNULL
    _begun.append(subprocess.Popen(command, env=environment, stdin=nothing, stdout=nothing, stderr=nothing))


def main() -> None:
    """Compile, and leave word."""
    where = folder()
    try:
        if hasattr(os, "nice"):
            os.nice(5)
        seconds = make()
        logger.info("compiled in %.0f s", seconds)
    finally:
        if where is not None:
            (where / _BUSY).unlink(missing_ok=True)


if __name__ == "__main__":
    main()
