"""From a log to a world that can be run, and how far the two agree where the world has not seen the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import sim
from sim.errors import UsageError
from sim.extras import lacking
from sim.i18n import say
from sim.model.durations import DAY
from sim.model.loading import load
from sim.policy.calibration.cleaning import CleanLog, clean
from sim.policy.calibration.columns import Columns
from sim.policy.calibration.fitted_process import Found, find, times_of
from sim.policy.calibration.holdout import Compared, Progress, compare_held_out
from sim.policy.calibration.raw import read_raw
from sim.policy.calibration.world_file import Names, world_data, written


@dataclass(frozen=True)
class Calibration:
    """A world made of a log."""

    log: CleanLog
    found: Found
    file: Path
    """The world file, written and checked."""
    compared: tuple[Compared, ...]
    """The held-out part of the log against simulations; empty if nothing was held out."""
    until: int
    """Where the log ends, in seconds since 1970."""
    replications: int
    seed: int
    version: str = field(default=sim.__version__)


def read_log(path: str | Path, mapping: Columns | Mapping[str, object] | None = None) -> CleanLog:
    """A case-management export, cleaned: CSV, or XES by its ending (extra ``mining``).

    ``mapping`` says what the columns are; a XES log has the standard's. Raises `UsageError` for a file that cannot be
    a log; what is wrong with single rows is in the result.
    """
    return clean(read_raw(path, mapping if mapping is not None else {}))


def calibrate(
    log: CleanLog | str | Path,
    world: str | Path,
    *,
    mapping: Columns | Mapping[str, object] | None = None,
    hold_out: float = 0.25,
    replications: int = 10,
    seed: int = 1,
    progress: Progress | None = None,
) -> Calibration:
    """Find a process in a log and write it as a world file, named by its id (``worlds/mine.yaml`` is ``mine``).

    ``log`` is a cleaned log (`read_log`), or the file of one, whose columns ``mapping`` explains.
    The last ``hold_out`` of the log's time, from the beginning of a month where that is near, is kept from the fit and
    compared with ``replications`` simulations. Raises `UsageError` for too few cases or columns that hold something
    else. Needs the extra ``policy``.

    >>> import sim, tempfile
    >>> from datetime import datetime, timedelta
    >>> begin = datetime(2024, 1, 1, 9)
    >>> rows = [(begin + timedelta(days=3 * n), timedelta(days=n % 5, hours=1 + n % 7)) for n in range(200)]
    >>> log = "\\n".join(["File,Step,Begun,Done", *(f"{n},read,{b},{b + l}" for n, (b, l) in enumerate(rows))])
    >>> columns = {"case": "File", "activity": "Step", "start": "Begun", "end": "Done", "time zone": "UTC"}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with open(f"{folder}/log.csv", "w") as file:
    ...         _ = file.write(log)
    ...     made = sim.calibrate(f"{folder}/log.csv", f"{folder}/mine.yaml", mapping=columns, hold_out=0)
    ...     sim.load(made.file).id, len(made.log.cases)
    ('mine', 200)
    """
    if not 0 <= hold_out <= 0.8:
        raise UsageError(say("hold out 0 (nothing) to 0.8 of the log's time"))
    if replications < 2:
        raise UsageError(say("at least 2 replications are needed for an interval"))
    _needs_scipy()
    file = Path(world)
    if file.suffix != ".yaml" or Names("world").id(0, file.stem) != file.stem:
        raise UsageError(
            say("{file}: a world file is named by its id: small letters, digits, hyphens, then .yaml", file=file)
        )
    log = log if isinstance(log, CleanLog) else read_log(log, mapping)
    first, end = times_of(log)
    last = split(first, end, hold_out) if hold_out else end + 1
    found = find(log, first, last, seed=seed)
    if not found.branches or not found.arrivals:
        raise UsageError(
            say(
                "{path}: no request comes and does something in the part used for the fit — hold out less",
                path=log.raw.path,
            )
        )
    data = world_data(found, log, id_=file.stem)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(written(data), encoding="utf-8")
    except OSError as error:
        raise UsageError(
            say("{file}: cannot be written: {reason}", file=file, reason=error.strerror or error)
        ) from None
    scenario = load(file)
    compared: tuple[Compared, ...] = ()
    if hold_out:
        ids = Names("office")
        offices = {office.name: ids.id(office.name, office.name) for office in found.offices}
        compared = compare_held_out(
            scenario, log, found, offices, replications=replications, seed=seed, progress=progress
        )
    return Calibration(log, found, file, compared, end, replications, seed)


def split(first: int, end: int, hold_out: float) -> int:
    """Where the held-out part begins: at a month's first day if one lies within a twentieth of the log's time."""
    at = round(end - hold_out * (end - first))
    day = datetime.fromtimestamp(at, UTC)
    months = [datetime(day.year, day.month, 1, tzinfo=UTC)]
    months.append(datetime(day.year + day.month // 12, day.month % 12 + 1, 1, tzinfo=UTC))
    nearest = min((round(month.timestamp()) for month in months), key=lambda month: abs(month - at))
    if abs(nearest - at) <= (end - first) / 20:
        return nearest
    return at // DAY * DAY if at // DAY * DAY > first else at


def _needs_scipy() -> None:
    try:
        import scipy  # noqa: F401
    except ImportError:
        raise lacking("policy", say("calibration needs scipy")) from None
