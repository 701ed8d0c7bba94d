"""Where compiled code is kept: a folder of the user's own, one for each version of the code and of what compiles it.

numba would keep it beside the source, which may be read-only or shared, and looks at one source file only when it asks
whether what is kept still holds. What is kept is loaded as code, so that only a folder counts that is the user's and
that nobody else can write to; without one, every process compiles for itself.
"""

from __future__ import annotations

import hashlib
import logging
import os
import platform
import stat
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba.core
from platformdirs import user_cache_path

config: Any = numba.core.config  # Any: numba finds its settings when it is loaded
logger = logging.getLogger("mlasim.engine.compiled")

Function = TypeVar("Function", bound=Callable[..., object])

READY = "ready"
"""Name of the file that says that compiled code is kept in its folder."""


@cache
def folder() -> Path | None:
    """Where compiled code is kept for this user; None where nothing can be kept."""
    wanted = os.environ.get("MLASIM_CACHE")
    root = Path(wanted) if wanted else user_cache_path("mlasim")
    path = root / "kernel" / _version()
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not _ours(path):
            logger.warning("%s is not this user's alone: compiled code is not kept", path)
            return None
        with tempfile.TemporaryFile(dir=path):
            return path
    except OSError as error:
        logger.info("compiled code is not kept: %s", error)
        return None


def _version() -> str:
    """Tells code and compiler apart, and the processor, for which code is made."""
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    made_by = (numba.__version__, platform.python_version(), platform.machine(), config.CPU_NAME, config.CPU_FEATURES)
    digest.update(repr(made_by).encode())
    return digest.hexdigest()[:20]


def _ours(path: Path) -> bool:
    if not hasattr(os, "getuid"):
        return True  # Windows keeps users' folders apart itself
    found = path.stat()
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def helper(function: Function) -> Function:
    """Compile a function together with whatever calls it."""
    made: Function = numba.njit(function, nogil=True)
    return made


def entry(function: Function) -> Function:
    """Compile a function at its first call, or load what is kept of it."""
    where = folder()
    if where is None:
        return helper(function)
    before, config.CACHE_DIR = config.CACHE_DIR, str(where)
    try:
        made: Function = numba.njit(function, nogil=True, cache=True)
    except RuntimeError as error:  # numba has no other word for a folder it cannot use
        logger.info("compiled code is not kept: %s", error)
        return helper(function)
    finally:
        config.CACHE_DIR = before
    return made
