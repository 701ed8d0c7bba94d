"""Writing a file whole or not at all: what is read afterwards is the old content or the new, never half of either."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import stat
import threading
import time
from pathlib import Path

logger = logging.getLogger("mlasim.disk")

_DRAFT = re.compile(r"(?P<process>\d+)-(?P<thread>\d+)\.new")
_LEFT = 60
"""Seconds after which a draft may be one that a crash has left. On a shared folder another computer may be writing,
whose processes are not seen from here; no draft takes that long."""


def write_whole(path: Path, data: bytes, *, lasting: bool = True, private: bool = False) -> None:
    """Write a file anew at once: beside it first, then in its place.

    When this returns, the content has reached the disk and so has its name, unless ``lasting`` is false, as for what
    could be made again. A link stays one: what it leads to is written. The file keeps who may read it, unless it is
    ``private``: then nobody else may, from its first byte on. What is no
    file, such as a pipe, is written to as it stands. Drafts of this file that a crash has left are removed.
    Raises `OSError`; then the file is as it was, and nothing is left beside it.
    """
    path = Path(os.path.realpath(path))
    mode = _mode(path)
    if mode is not None and not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        path.write_bytes(data)
        return
    # A name of its own, so that two programs (or threads) that write the same file do not write into one draft.
    draft = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.new")
    try:
        with draft.open("wb") as stream:
            if private or mode is not None:
                with contextlib.suppress(OSError):  # a share may know no such thing
                    os.chmod(draft, 0o600 if private else stat.S_IMODE(mode or 0))
            stream.write(data)
            if lasting:
                stream.flush()
                os.fsync(stream.fileno())
        os.replace(draft, path)
    except OSError:
        with contextlib.suppress(OSError):  # what failed first is raised; that the draft stays is the lesser evil
            draft.unlink(missing_ok=True)
        raise
    _remove_drafts(path)
    if lasting:
        _sync_folder(path.parent)


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def _remove_drafts(path: Path) -> None:
    """Remove drafts of a file whose process is gone."""
    begins = f".{path.name}."
    try:
        found = [entry for entry in os.scandir(path.parent) if entry.name.startswith(begins)]
        for entry in found:
            draft = _DRAFT.fullmatch(entry.name, len(begins))
            if draft and time.time() - entry.stat().st_mtime > _LEFT and not _runs(int(draft["process"])):
                os.unlink(entry)
                logger.info("%s: removed, a crash had left it", entry.path)
    except OSError as error:
        logger.debug("%s: drafts beside it cannot be removed: %s", path, error)


def _runs(process: int) -> bool:
    """Whether a process of this computer is running. On Windows asking would end it: there a draft's age decides."""
    if os.name == "nt":
        return False
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _sync_folder(folder: Path) -> None:
    """Have a folder's entries reach the disk: a renamed file can otherwise have its old name after a power cut.

    Some systems cannot (Windows opens no folder, some network drives refuse): the content is safe there all the same.
    """
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        logger.debug("%s: its entries cannot be synchronised: %s", folder, error)
        return
    try:
        os.fsync(handle)
    except OSError as error:
        logger.debug("%s: its entries cannot be synchronised: %s", folder, error)
    finally:
        os.close(handle)
