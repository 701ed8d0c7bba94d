"""Where the days went: each request's elapsed seconds, attributed to causes that add up exactly.

A stretch at an office is divided by the office's calendar. Until the office opens for the first time, nobody could
have begun: that counts as closed. From then until work begins the request waits for staff, nights in the queue
included, since with enough staff there would be none of it. Once work has begun, open time is the activity's own cause,
and closed time counts as closed. Time that occupies nobody counts as the
activity's cause. Where several measures are executed side by side, the one that ended last counts: it is the one
that held the request up.
"""

from __future__ import annotations

from sim.engine.calendar import Calendar
from sim.engine.log import Activity, EventLog

CAUSES = (
    "waiting for staff",
    "being worked on",
    "closed hours and holidays",
    "transmission",
    "translation",
    "waiting for the other side",
    "legal remedies",
    "postponement",
)
"""Every cause, in the order in which they are shown."""

WAITING, WORKED, CLOSED, TRANSMISSION, TRANSLATION, OTHER_SIDE, REMEDIES, POSTPONEMENT = range(len(CAUSES))

_OWN = {
    "work": WORKED,
    "transmission": TRANSMISSION,
    "translation": TRANSLATION,
    "other side": OTHER_SIDE,
    "legal remedies": REMEDIES,
    "postponement": POSTPONEMENT,
}

Row = tuple[int, int, int, int]
"""Activity index, enabled, started, ended."""


def split(
    activity: Activity, calendar: Calendar | None, enabled: int, started: int, ended: int
) -> list[tuple[int, int]]:
    """(cause, seconds) of one row; the seconds add up to ``ended - enabled``."""
    own = _OWN[activity.cause]
    if activity.office < 0:
        # Nobody is occupied: the activity's cause, or, where that is plain work, waiting for the other side.
        return [(OTHER_SIDE if own == WORKED else own, ended - enabled)]
    if calendar is None:
        return [(WAITING, started - enabled), (own, ended - started)]
    begun = calendar.open_seconds(started)
    waiting = max(0, started - calendar.next_open(enabled)) if enabled != started else 0
    working = calendar.open_seconds(ended) - begun
    return [(WAITING, waiting), (own, working), (CLOSED, ended - enabled - waiting - working)]


def rows_by_request(log: EventLog, wanted: set[int] | None = None) -> dict[int, list[Row]]:
    """The rows of every request (or of those wanted) in the order of their ends; parallel branches reduced to the
    one that ended last."""
    found: dict[int, list[Row]] = {}
    parallel = set()  # requests with a row that does not begin where the one before it ended
    for request, activity, enabled, started, ended in zip(
        log.request, log.activity, log.enabled, log.started, log.ended, strict=True
    ):
        if wanted is None or request in wanted:
            rows = found.setdefault(request, [])
            if rows and rows[-1][3] != enabled:
                parallel.add(request)
            rows.append((activity, enabled, started, ended))
    for request in parallel:
        found[request] = _critical(log, found[request])
    return found


def _critical(log: EventLog, rows: list[Row]) -> list[Row]:
    """Rows without those of branches that ended before the last one.

    Walked backwards: each row must have ended when the one after it was enabled; of several, one of the same branch,
    then one outside any branch. Rows that took no time hold nobody up.
    """
    ended_at: dict[int, list[Row]] = {}
    for row in rows:
        if row[3] > row[1]:
            ended_at.setdefault(row[3], []).append(row)
    chosen: list[Row] = []
    wanted, branch = max(ended_at, default=-1), ""
    while wanted in ended_at:
        by_branch = {log.activities[row[0]].branch: row for row in reversed(ended_at[wanted])}
        branch = next((name for name in (branch, "") if name in by_branch), next(iter(by_branch)))
        chosen.append(by_branch[branch])
        wanted = by_branch[branch][1]
    return chosen[::-1]


def causes_of(log: EventLog, request: int) -> dict[str, int]:
    """Seconds by cause of one request; they add up to its elapsed time (for one under way: to the end of its last
    finished activity)."""
    return dict(zip(CAUSES, _total(log, rows_by_request(log, {request}).get(request, [])), strict=True))


def causes_of_all(log: EventLog, wanted: set[int] | None = None) -> dict[int, list[int]]:
    """Seconds by cause, in the order of `CAUSES`, of every request (of those wanted) that has rows."""
    return {request: _total(log, rows) for request, rows in rows_by_request(log, wanted).items()}


def causes_by_stage(log: EventLog, request: int) -> dict[str, dict[str, int]]:
    """Seconds by stage and cause of one request."""
    found: dict[str, dict[str, int]] = {}
    for activity, enabled, started, ended in rows_by_request(log, {request}).get(request, []):
        stage = found.setdefault(log.activities[activity].stage, {})
        for cause, seconds in _parts(log, activity, enabled, started, ended):
            if seconds:
                stage[CAUSES[cause]] = stage.get(CAUSES[cause], 0) + seconds
    return found


def _total(log: EventLog, rows: list[Row]) -> list[int]:
    total = [0] * len(CAUSES)
    for row in rows:
        for cause, seconds in _parts(log, *row):
            total[cause] += seconds
    return total


def _parts(log: EventLog, index: int, enabled: int, started: int, ended: int) -> list[tuple[int, int]]:
    activity = log.activities[index]
    clock = log.offices[activity.office].calendar if activity.office >= 0 else -1
    return split(activity, log.calendars[clock] if clock >= 0 else None, enabled, started, ended)
