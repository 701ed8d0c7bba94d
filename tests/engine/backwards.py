"""Working time counted backwards, the other way round to what the engine does: a check of it."""

from __future__ import annotations

from bisect import bisect_right

from sim.engine.calendar import Calendar


def subtract(calendar: Calendar, moment: int, work: int) -> int:
    """The latest moment from which ``work`` open seconds pass until ``moment``; ``moment`` for none.

    Raises ValueError if the calendar does not reach back so far.
    """
    if work <= 0:
        return moment
    target = calendar.open_seconds(moment) - work
    if target < 0:
        raise ValueError("the calendar begins later than that")
    place = bisect_right(calendar.before, target) - 1
    return calendar.starts[place] + target - calendar.before[place]
