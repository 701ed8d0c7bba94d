"""Case-management logs written in a test: a small office by day, with a branch and a way back, clean or dirty."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sim.model.loading import Scenario
from sim.policy.calibration import CleanLog, read_log
from tests.engine.small import flow, office, wait, work, world

MAPPING: dict[str, Any] = {
    "case": "File",
    "activity": "Step",
    "start": "Begun",
    "end": "Done",
    "office": "Unit",
    "time zone": "Europe/Oslo",
}
HEAD = ("File", "Step", "Begun", "Done", "Unit")
Row = Sequence[str]


def table(path: Path, rows: Iterable[Row], head: Sequence[str] = HEAD, *, delimiter: str = ",") -> Path:
    """A CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([head, *rows])
    return path


def read(path: Path, rows: Iterable[Row], **more: Any) -> CleanLog:
    """A table of the usual columns, written and read."""
    return read_log(table(path, rows), {**MAPPING, **{k.replace("_", " "): v for k, v in more.items()}})


def rows_of(cases: int = 60, *, seed: int = 1, form: str = "%Y-%m-%d %H:%M") -> list[Row]:
    """Clean rows: registered, sometimes asked about and looked at again, answered; Mondays to Fridays, 9 to 17."""
    random_ = random.Random(seed)
    found: list[Row] = []
    for number in range(cases):
        now = datetime(2024, 1, 1, 9) + timedelta(days=2.5 * number)
        steps = ["Register", "Check", *["Ask", "Check"] * (random_.random() < 0.3), "Answer"]
        for step in steps:
            begun = _by_day(now + timedelta(minutes=random_.randrange(10, 300)))
            now = _by_day(begun + timedelta(minutes=random_.randrange(10, 240)))
            if now < begun:
                now = begun
            found.append((f"F-{number}", step, begun.strftime(form), now.strftime(form), "Desk"))
    return found


def _by_day(moment: datetime) -> datetime:
    """The moment, or the same minute on the next working morning."""
    while moment.weekday() > 4 or not 9 <= moment.hour < 17:
        moment = (moment + timedelta(hours=16)).replace(minute=moment.minute)
        if not 9 <= moment.hour < 17:
            moment = moment.replace(hour=9 + moment.hour % 8)
    return moment


def what_was_done(log: CleanLog) -> dict[int, str]:
    """The worst that was done with every row that has a finding."""
    order = ("used", "used for the path only", "set aside")
    found: dict[int, str] = {}
    for finding in log.findings:
        found[finding.row] = max(found.get(finding.row, "used"), finding.done, key=order.index)
    return found


def adds_up(log: CleanLog) -> bool:
    """Whether every row read is accounted for, and findings and totals tell the same."""
    worst = what_was_done(log)
    for done in ("used for the path only", "set aside"):
        if log.done[done] != sum(value == done for value in worst.values()):  # type: ignore[index]
            return False
    return sum(log.done.values()) == log.read == len(log.raw.rows)


def small_office(folder: Path, *, id: str = "small", changes: Mapping[str, Any] | None = None) -> Scenario:
    """Four stages with a branch and a way back, at two offices with hours of their own."""
    stages = {
        "look": work(
            "desk",
            {"median": "5 working hours", "p90": "14 working hours"},
            [{"to": "ask", "chance": 0.3}, {"to": "act"}],
        ),
        "ask": wait({"gamma": {"mean": "6 days", "cv": 0.8}}, "look"),
        "act": work("court", {"exponential": "5 working hours"}, [{"to": "send", "chance": 0.8}, {"to": "look"}]),
        "send": wait({"exponential": "3 days"}),
    }
    offices = {
        "desk": office(2, hours="Mon-Fri 09:00-17:00", time_zone="Europe/Oslo"),
        "court": office(hours=["Mon-Thu 08:30-15:30", "Fri 08:30-12:00"]),
    }
    demand = {"letters": flow(per_year=180)}
    return world(folder, id=id, offices=offices, stages=stages, demand=demand, warm_up="60 days", **(changes or {}))
