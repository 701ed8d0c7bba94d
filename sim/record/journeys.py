"""One request's way in stretches of time, each with what it was spent on, as timelines show it."""

from __future__ import annotations

from typing import NamedTuple

from sim.engine.log import EventLog
from sim.record.causes import own_cause, waited


class Stretch(NamedTuple):
    """A stretch of one request's time, in seconds of the log's clock. It runs through closed hours."""

    start: int
    end: int
    cause: str
    """A name of `sim.model.causes.CAUSES`."""
    title: str
    """Title of the stage."""
    stage: str
    """Its id in the procedure."""


def stretches_of(log: EventLog, request: int) -> list[Stretch]:
    """The stretches of a request in the order of their beginnings; branches side by side overlap."""
    found = []
    for row in range(len(log.request)):
        if log.request[row] != request:
            continue
        activity = log.activities[log.activity[row]]
        enabled, started, ended = log.enabled[row], log.started[row], log.ended[row]
        if (waiting := waited(activity, enabled, started)) is not None:
            found.append(Stretch(enabled, started, waiting.name, activity.title, activity.stage))
        if ended > started:
            found.append(Stretch(started, ended, own_cause(activity).name, activity.title, activity.stage))
    return sorted(found, key=lambda stretch: stretch[:2])
