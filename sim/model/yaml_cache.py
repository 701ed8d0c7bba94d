"""Data of files read before, so that the library need not be parsed again at every start.

Reading YAML is the slowest part of loading. What a file says depends on its text alone, so it is remembered under the
SHA-256 of the text, as JSON, in the user's cache folder. Nothing else is trusted: remembered data is validated like
freshly read data, anything unreadable is forgotten, and without a cache folder everything works as before.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from functools import lru_cache
from pathlib import Path

from sim.disk import write_whole
from sim.model.data import Data

logger = logging.getLogger("mlasim.model.remembered")

VERSION = 1
"""Changes when the same text would be read differently."""
WORTH_IT = 400
"""Bytes below which reading anew is as quick."""
KEPT = 1_000
"""Files kept; the oldest go first."""


def recall(text: bytes) -> dict[str, Data] | None:
    """The data remembered for a text, or None."""
    path = _path(text)
    if path is None:
        return None
    try:
        data = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        logger.info("%s: what was remembered cannot be read: %s", path, error)
        return None
    return data if isinstance(data, dict) else None


def remember(text: bytes, data: object) -> None:
    """Remember the data of a text that had no problems."""
    path = _path(text)
    if path is None or not isinstance(data, dict):
        return
    try:
        write_whole(path, json.dumps(data).encode(), lasting=False)
    except (OSError, ValueError, TypeError) as error:  # a date, for instance, is no JSON
        logger.info("%s is not remembered: %s", path, error)


@lru_cache(maxsize=1)
def folder() -> Path | None:
    """Where data is remembered; None where that cannot be, or where ``MLASIM_CACHE`` is set to ``off``."""
    wanted = os.environ.get("MLASIM_CACHE", "")
    if wanted == "off":
        return None
    try:
        if wanted:
            place = Path(wanted)
        else:
            from platformdirs import user_cache_path

            place = user_cache_path("mlasim", appauthor=False)
        place = place / f"read-{VERSION}"
        place.mkdir(parents=True, exist_ok=True)
        files = sorted(place.glob("*.json"), key=lambda file: file.stat().st_mtime)
        for old in files[: -KEPT or None] if len(files) > KEPT else ():
            old.unlink()
    except (ImportError, OSError, RuntimeError) as error:
        logger.info("nothing is remembered: %s", error)
        return None
    return place


def _path(text: bytes) -> Path | None:
    place = folder() if len(text) >= WORTH_IT else None
    return None if place is None else place / f"{hashlib.sha256(text).hexdigest()}.json"
