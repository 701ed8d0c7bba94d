"""Where the days went: each request's elapsed seconds, attributed to causes that add up exactly.

A stretch at an office is divided by the office's calendar. Until the office opens for the first time, nobody could
have begun: that counts as closed. From then until work begins the request waits for staff, nights in the queue
included, since with enough staff there would be none of it. Once work has begun, open time is the activity's own cause,
and closed time counts as closed. Time that occupies nobody counts as the
activity's cause. Where several measures are executed side by side, the one that ended last counts: it is the one
that held the request up. The causes themselves are declared in `sim.model.causes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sim.engine.calendar import Calendar
from sim.engine.log import Activity, EventLog
from sim.model.causes import CAUSES, OF_STAGES, Cause

_PLACE = {name: place for place, name in enumerate(CAUSES)}
_WAITING, _CLOSED = (
    next(_PLACE[cause.name] for cause in CAUSES.values() if cause.told == told) for told in ("queue", "closed")
)
_QUEUE = next(cause for cause in CAUSES.values() if cause.told == "queue")

Row = tuple[int, int, int, int]
"""Activity index, enabled, started, ended."""


def waited(activity: Activity, enabled: int, started: int) -> Cause | None:
    """What the time before an activity began counts as; None where there is none, or nobody was waited for."""
    return _QUEUE if activity.office >= 0 and started > enabled else None


def own_cause(activity: Activity) -> Cause:
    """What an activity's own time counts as. Plain work that occupies no office of the world is the other side's."""
    return OF_STAGES["other side" if activity.office < 0 and activity.cause == "work" else activity.cause]


def split(
    activity: Activity, calendar: Calendar | None, enabled: int, started: int, ended: int
) -> list[tuple[int, int]]:
    """(place of the cause in `CAUSES`, seconds) of one row; the seconds add up to ``ended - enabled``."""
    own = _PLACE[own_cause(activity).name]
    if activity.office < 0:
        return [(own, ended - enabled)]
    if calendar is None:
        return [(_WAITING, started - enabled), (own, ended - started)]
    begun = calendar.open_seconds(started)
    waiting = max(0, started - calendar.next_open(enabled)) if enabled != started else 0
    working = calendar.open_seconds(ended) - begun
    return [(_WAITING, waiting), (own, working), (_CLOSED, ended - enabled - waiting - working)]


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
    return dict(zip(CAUSES, seconds_by_cause(log, rows_by_request(log, {request}).get(request, [])), strict=True))


def causes_of_all(log: EventLog, wanted: set[int] | None = None) -> dict[int, list[int]]:
    """Seconds by cause, in the order of `CAUSES`, of every request (of those wanted) that has rows."""
    return {request: seconds_by_cause(log, rows) for request, rows in rows_by_request(log, wanted).items()}


def seconds_by_cause(log: EventLog, rows: Iterable[Row]) -> list[int]:
    """Seconds by cause of some rows, in the order of `CAUSES`."""
    total = [0] * len(CAUSES)
    for row in rows:
        for cause, seconds in _parts(log, *row):
            total[cause] += seconds
    return total


def seconds_at_stages(log: EventLog, rows: Iterable[Row], of: Mapping[int, str]) -> dict[str, int]:
    """Seconds at stages by the cause that their own time counts as, whatever they were spent on: waiting, nights and
    holidays included. ``of`` has the cause's name by activity."""
    total: dict[str, int] = {}
    for activity, enabled, _started, ended in rows:
        name = of[activity]
        total[name] = total.get(name, 0) + ended - enabled
    return total


def _parts(log: EventLog, index: int, enabled: int, started: int, ended: int) -> list[tuple[int, int]]:
    activity = log.activities[index]
    clock = log.offices[activity.office].calendar if activity.office >= 0 else -1
    return split(activity, log.calendars[clock] if clock >= 0 else None, enabled, started, ended)
