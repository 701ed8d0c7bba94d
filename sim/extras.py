"""What mlasim works without: the extras, what each is for, and how it is installed from where this mlasim is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.errors import UsageError
from sim.i18n import Words, marked, say


@dataclass(frozen=True)
class Extra:
    """An extra of ``pyproject.toml``."""

    packages: tuple[str, ...]
    """Names under which its packages are installed."""
    what_for: str
    """In words of the catalogue."""


EXTRAS: dict[str, Extra] = {
    "parquet": Extra(("pyarrow",), marked("tables as Parquet, and results that are kept while they are made")),
    "policy": Extra(
        ("pyarrow", "scipy", "SALib", "anywidget", "numba"), marked("the policy lab: calibration, designs, sensitivity")
    ),
    "mining": Extra(("pm4py",), marked("event logs as XES for calibration")),
    "cluster": Extra(("distributed",), marked("comparisons on several computers (Dask)")),
    "workshop": Extra(("voila", "psutil", "segno", "trustme"), marked("a served room: mlasim serve")),
}


def lacking(extra: str, what: Words) -> UsageError:
    """The error where an extra is not installed: what needs it, and how it is installed."""
    return UsageError(say("{what} — {install}", what=what, install=to_install(extra)))


def checkout() -> Path | None:
    """The folder of the checkout that this mlasim is; None if it was installed as a package."""
    root = Path(__file__).resolve().parent.parent
    return root if (root / "pyproject.toml").is_file() else None


def to_install(extra: str = "") -> Words:
    """How an extra (or mlasim itself) is installed: from this checkout, or from the wheel that this mlasim came as.

    No public index holds the package, so its name alone would install nothing, or something else.
    """
    wanted = f"[{extra}]" if extra else ""
    if checkout() is not None:
        return say("in the folder of the checkout write: {command}", command=f'pip install ".{wanted}"')
    from sim import __version__

    command = f'pip install "./mlasim-{__version__}-py3-none-any.whl{wanted}"'
    return say("in the folder of the file that mlasim was installed from write: {command}", command=command)
