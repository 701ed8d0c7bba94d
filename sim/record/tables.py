"""The event table and what is derived from it as DataFrames, and their files. pandas is loaded here, when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sim.engine.log import ROW_OUTCOMES, SUBJECTS, EventLog
from sim.errors import UsageError
from sim.extras import lacking
from sim.i18n import say
from sim.model.causes import CAUSES
from sim.model.durations import DAY
from sim.record.causes import causes_of_all
from sim.record.offices import office_kpis
from sim.written import cell

if TYPE_CHECKING:
    import pandas


def activities(log: EventLog) -> pandas.DataFrame:
    """One row per activity: request, flow, activity, stage, title, office, side, state, enabled, started, ended (UTC),
    waiting and working seconds, outcome, cause."""
    import pandas

    names = [log.request_name(index) for index in range(len(log.request_kind))]
    infos = log.activities
    offices = [log.offices[info.office].id if info.office >= 0 else "" for info in infos]

    def by_activity(values: list[str]) -> pandas.Categorical:
        return pandas.Categorical.from_codes(_codes(log.activity, values), categories=sorted(set(values)))

    return pandas.DataFrame(
        {
            "request": [names[index] for index in log.request],
            "flow": by_activity([info.flow for info in infos]),
            "activity": by_activity([info.name for info in infos]),
            "stage": by_activity([info.stage for info in infos]),
            "title": by_activity([info.title for info in infos]),
            "office": by_activity(offices),
            "side": by_activity([info.side for info in infos]),
            "state": by_activity([info.state for info in infos]),
            "enabled": _moments(log, log.enabled),
            "started": _moments(log, log.started),
            "ended": _moments(log, log.ended),
            "seconds waiting": [b - a for a, b in zip(log.enabled, log.started, strict=True)],
            "seconds in hand": [b - a for a, b in zip(log.started, log.ended, strict=True)],
            "outcome": pandas.Categorical.from_codes(list(log.outcome), categories=list(ROW_OUTCOMES)),
            "cause": by_activity([info.cause for info in infos]),
        }
    )


def _codes(index: Iterable[int], values: list[str]) -> list[int]:
    place = {value: code for code, value in enumerate(sorted(set(values)))}
    codes = [place[value] for value in values]
    return [codes[activity] for activity in index]


def requests(log: EventLog) -> pandas.DataFrame:
    """One row per request: what it is, what it is about (empty where its flow does not say), when it came and left,
    how it ended, and its days by cause."""
    import pandas

    kinds = [log.kinds[index] for index in log.request_kind]
    causes = causes_of_all(log)
    none = [0] * len(CAUSES)
    count = range(len(kinds))
    left = pandas.Series([log.request_left[i] if log.request_left[i] >= 0 else None for i in count], dtype="Int64")
    columns: dict[str, object] = {
        "request": [log.request_name(i) for i in count],
        "flow": [kind.flow for kind in kinds],
        "from": [kind.from_ for kind in kinds],
        "to": [kind.to for kind in kinds],
        "procedure": [kind.procedure for kind in kinds],
        "measures": [", ".join(kind.measures) for kind in kinds],
        "channel": [kind.channel for kind in kinds],
        "instrument": [kind.instrument for kind in kinds],
        "priority": [log.priorities[level] if log.priorities else "" for level in log.request_priority],
        "about": [SUBJECTS[code] if code >= 0 else "" for code in log.request_subject],
        "arrived": _moments(log, log.request_arrived),
        "left": pandas.Timestamp(log.epoch) + pandas.to_timedelta(left, unit="s"),
        "outcome": [log.outcomes[code] if code >= 0 else "" for code in log.request_outcome],
        "times gone back": list(log.request_loops),
    }
    for place, cause in enumerate(CAUSES):
        columns[f"days {cause}"] = [causes.get(i, none)[place] / DAY for i in count]
    return pandas.DataFrame(columns)


def offices(log: EventLog) -> pandas.DataFrame:
    """One row per office: staff, utilisation, waiting, numbers present, after the warm-up."""
    import pandas

    rows = [
        {
            "office": k.id,
            "title": k.title,
            "staff": k.staff,
            "utilisation": k.utilisation,
            "days waiting": k.waiting_days,
            "waiting": k.queue,
            "present": k.present,
            "visits": k.visits,
        }
        for k in office_kpis(log)
    ]
    return pandas.DataFrame(rows)


TABLES: dict[str, Callable[[EventLog], pandas.DataFrame]] = {
    "activities": activities,
    "requests": requests,
    "offices": offices,
}
"""The tables by the name of their file."""


def files_in(folder: str | Path) -> list[Path]:
    """Files that the tables of a run have in a folder, in every form."""
    return [Path(folder) / f"{name}.{form}" for form in ("csv", "parquet") for name in TABLES]


def write(log: EventLog, folder: Path, form: str) -> list[Path]:
    """Write the three tables into a folder; returns the files."""
    if form == "parquet":
        try:
            import pyarrow  # noqa: F401
        except ImportError:
            raise lacking("parquet", say("Parquet needs pyarrow")) from None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = []
        for name, made in TABLES.items():
            table, path = made(log), folder / f"{name}.{form}"
            if form == "csv":
                write_csv(table, path)
            else:
                table.to_parquet(path, index=False)
            files.append(path)
    except OSError as error:
        raise UsageError(
            say("{folder}: cannot be written: {reason}", folder=folder, reason=error.strerror or error)
        ) from None
    return files


def write_csv(table: pandas.DataFrame, path: Path) -> None:
    """Write a table as CSV that people open (see `sim.written`). Raises `OSError`."""
    from pandas.api.types import is_datetime64_any_dtype, is_numeric_dtype

    texts = [n for n, c in table.items() if not is_numeric_dtype(c.dtype) and not is_datetime64_any_dtype(c.dtype)]
    written = table.assign(**{name: table[name].map(cell, na_action="ignore") for name in texts})
    written.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")


def _moments(log: EventLog, seconds: Iterable[int]) -> pandas.DatetimeIndex:
    import pandas

    return pandas.Timestamp(log.epoch) + pandas.to_timedelta(list(seconds), unit="s")
