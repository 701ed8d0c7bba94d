"""One request's way in stretches of time, each with what it was spent on, as timelines show it."""

from __future__ import annotations

from typing import NamedTuple

from sim.engine.log import EventLog

WAITING = "waiting for staff"


class Stretch(NamedTuple):
    """A stretch of one request's time, in seconds of the log's clock. It runs through closed hours."""

    start: int
    end: int
    cause: str
    """``waiting for staff``, ``being worked on``, ``other side``, or the activity's own cause."""
    title: str
    """Title of the stage."""


def stretches_of(log: EventLog, request: int) -> list[Stretch]:
    """The stretches of a request in the order of their beginnings; branches side by side overlap."""
    found = []
    for row in range(len(log.request)):
        if log.request[row] != request:
            continue
        activity = log.activities[log.activity[row]]
        enabled, started, ended = log.enabled[row], log.started[row], log.ended[row]
        if activity.office >= 0 and started > enabled:
            found.append(Stretch(enabled, started, WAITING, activity.title))
        if ended > started:
            # As `sim.record.causes` has it: plain work that occupies no office is the other side's.
            own = "being worked on" if activity.office >= 0 else "other side"
            found.append(Stretch(started, ended, own if activity.cause == "work" else activity.cause, activity.title))
    return sorted(found, key=lambda stretch: stretch[:2])
