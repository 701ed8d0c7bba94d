"""Event logs made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sim.engine.calendar import Calendar
from sim.engine.log import Activity, EventLog, OfficeInfo, RequestKind
from sim.model.office import Office

EPOCH = datetime(2026, 1, 5, tzinfo=UTC)
"""A Monday, midnight."""
HOUR, DAY = 3600, 86400

Row = tuple[int, str, int, int, int]
"""Request, activity, enabled, started, ended."""


def office_hours() -> Calendar:
    week = Office(title="x", staff=1, hours="Mon-Fri 09:00-17:00", origins={"all": "assumption: a test"}).hours
    return Calendar(week, "UTC", None, EPOCH)


ACTIVITIES = {
    "desk": Activity("desk", "desk", "At the desk", "flow", 0, "requested", "aaa", "work", -1),
    "day-desk": Activity("day-desk", "day-desk", "By day", "flow", 1, "requested", "aaa", "work", 0),
    "translators": Activity(
        "translators", "translators", "Translated", "flow", 1, "requesting", "bbb", "translation", 0
    ),
    "road": Activity("road", "road", "On the road", "flow", -1, "requesting", "bbb", "transmission", -1),
    "bank": Activity("bank", "execution", "The bank answers", "flow", -1, "requested", "aaa", "work", -1, "one"),
    "court": Activity("court", "execution", "The court", "flow", 0, "requested", "aaa", "work", -1, "two"),
    "appeal": Activity("appeal", "legal-remedies", "Appeal", "flow", -1, "requested", "aaa", "legal remedies", -1),
    "asked": Activity("asked", "question", "Asked", "flow", -1, "requesting", "bbb", "other side", -1),
}


def log_of(
    rows: Sequence[Row],
    requests: Sequence[tuple[int, int, str]],
    *,
    ended_at: int = 0,
    warm_up: int = 0,
    order: Sequence[str] = tuple(ACTIVITIES),
    channel: str = "post",
    deadline: int = -1,
) -> EventLog:
    """A log from rows and requests (arrived, left or -1, outcome). ``order`` numbers the activities."""
    log = EventLog(
        EPOCH,
        activities=[ACTIVITIES[name] for name in order],
        offices=[
            OfficeInfo("desk", "Desk", 2, -1, "aaa", "court"),
            OfficeInfo("day-desk", "Day desk", 1, 0, "aaa", "police"),
        ],
        calendars=[office_hours()],
        kinds=[RequestKind("flow", "bbb", "aaa", "letter", (), channel, "untoc", deadline)],
        priorities=("urgent", "routine"),
    )
    for number, (arrived, left, outcome) in enumerate(requests):
        log.register(0, number, 1, arrived)
        if left >= 0:
            if outcome not in log.outcomes:
                log.outcomes.append(outcome)
            log.request_left[number] = left
            log.request_outcome[number] = log.outcomes.index(outcome)
    for request, activity, enabled, started, ended in rows:
        log.rows.extend((request, list(order).index(activity), enabled, started, ended, 0))
    log.settle()
    log.ended_at = ended_at or max([0, *(r[4] for r in rows)])
    log.warm_up = warm_up
    return log
