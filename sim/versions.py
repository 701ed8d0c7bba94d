"""Versions of what a result hangs on: this program, Python, and the data on calendars and time zones."""

from __future__ import annotations

import logging
import platform
import zoneinfo
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import sim
from sim.i18n import _, marked

logger = logging.getLogger("mlasim.versions")

TIME_ZONES = marked("time zones")
"""Name of the entry of `versions` that is no package's and so is put into words."""


def version_of(package: str) -> str:
    """The version of an installed package; empty if it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        logger.debug("%s is not installed", package)
        return ""


@cache
def versions() -> dict[str, str]:
    """What the outcome of a play or a run can hang on besides its scenario, by name."""
    return {
        "mlasim": sim.__version__,
        "Python": platform.python_version(),
        "simpy": version_of("simpy"),
        "holidays": version_of("holidays"),
        TIME_ZONES: time_zone_data(),
    }


def in_one_line(found: Mapping[str, str]) -> str:
    """Versions as a reader wants them: ``mlasim 0.1.0, Python 3.11.7, …``."""
    named = ((_(name) if name == TIME_ZONES else name, number) for name, number in found.items())
    return ", ".join(f"{name} {number}" for name, number in named if number)


def time_zone_data() -> str:
    """The release of the time zone data in use: the system's where it has any, else that of the package ``tzdata``;
    empty where it cannot be told."""
    for folder in map(Path, zoneinfo.TZPATH):
        if not folder.is_dir():
            continue
        # The same two files in which the IANA distribution says its release; not every system ships them.
        for name in ("tzdata.zi", "+VERSION"):
            try:
                with (folder / name).open(encoding="utf-8") as stream:
                    first = stream.readline(60).removeprefix("# version").strip()
            except (OSError, UnicodeDecodeError) as error:
                logger.debug("%s does not say its release: %s", folder / name, error)
                continue
            return first
        return ""
    return version_of("tzdata")
