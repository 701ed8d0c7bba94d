"""Writing a file whole or not at all: what is read afterwards is the old content or the new, never half of either."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from pathlib import Path

logger = logging.getLogger("mlasim.disk")


def write_whole(path: Path, data: bytes, *, lasting: bool = True) -> None:
    """Write a file anew at once: beside it first, then in its place.

    When this returns, the content has reached the disk and so has its name, unless ``lasting`` is false, as for what
    could be made again. Raises `OSError`; then the file is as it was, and nothing is left beside it.
    """
    # A name of its own, so that two programs (or threads) that write the same file do not write into one draft.
    draft = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.new")
    try:
        with draft.open("wb") as stream:
            stream.write(data)
            if lasting:
                stream.flush()
                os.fsync(stream.fileno())
        os.replace(draft, path)
    except OSError:
        with contextlib.suppress(OSError):  # what failed first is raised; that the draft stays is the lesser evil
            draft.unlink(missing_ok=True)
        raise
    if lasting:
        _sync_folder(path.parent)


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
