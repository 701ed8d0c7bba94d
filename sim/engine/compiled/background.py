"""Has the engine compiled by another process. Loads nothing of what compiles."""

from __future__ import annotations

import logging
import os
import subprocess
import sys

logger = logging.getLogger("mlasim.engine.compiled")

_begun: list[subprocess.Popen[bytes]] = []


def begin() -> None:
    """Begin to have the engine compiled for this user, once a process. It ends at once where that has been done."""
    if _begun or not sys.executable:
        return
    logger.info("the engine is compiled once for this user, in the background; until then SimPy answers")
    command = [sys.executable, "-m", "sim.engine.compiled.warm"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    nothing = subprocess.DEVNULL
    try:
        _begun.append(subprocess.Popen(command, env=environment, stdin=nothing, stdout=nothing, stderr=nothing))
    except OSError as error:
        logger.info("nothing is compiled in the background: %s", error)
