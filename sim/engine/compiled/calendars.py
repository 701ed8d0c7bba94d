"""`sim.engine.calendar.Calendar` in compiled code. What lies behind a table's end is far away, and is remembered."""

from __future__ import annotations

from sim.engine.compiled.jit import helper
from sim.engine.compiled.layout import C_COUNT, C_DAYS, C_FROM, C_TOTAL, M_MISSED

FAR = 1 << 60
"""Seconds: behind every end."""
DAY = 86400


@helper
def begun(t, calendar, moment):
    """The number of intervals that have begun by a moment which the table covers."""
    c = t.calendars[calendar]
    count = t.days[c[C_DAYS] + moment // DAY]
    first, most = c[C_FROM], c[C_COUNT]
    while count < most and t.starts[first + count] <= moment:
        count += 1
    return count


@helper
def add(t, moments, calendar, moment, work):
    """`Calendar.add`; day and night where there is no calendar."""
    if calendar < 0 or work <= 0:
        return moment + work if calendar < 0 else moment
    c = t.calendars[calendar]
    first, count = c[C_FROM], c[C_COUNT]
    if moment > t.ends[first + count - 1]:
        moments[M_MISSED] = 1
        return FAR
    place = begun(t, calendar, moment) - 1
    if place < 0:
        target, place = work, 0
    elif moment < t.ends[first + place]:
        if moment + work <= t.ends[first + place]:
            return moment + work
        target = t.before[first + place] + moment - t.starts[first + place] + work
    else:
        target = t.before[first + place] + t.ends[first + place] - t.starts[first + place] + work
    if target > c[C_TOTAL]:
        moments[M_MISSED] = 1
        return FAR
    # The first interval before which so much has passed: its neighbours first, then by halves.
    step = 1
    low = place
    while low + step < count and t.before[first + low + step] < target:
        low += step
        step *= 2
    high = min(low + step, count)
    while high - low > 1:
        middle = (low + high) // 2
        if t.before[first + middle] < target:
            low = middle
        else:
            high = middle
    return t.starts[first + low] + target - t.before[first + low]


@helper
def open_seconds(t, moments, calendar, moment):
    """`Calendar.open_seconds`."""
    c = t.calendars[calendar]
    first = c[C_FROM]
    if moment > t.ends[first + c[C_COUNT] - 1]:
        moments[M_MISSED] = 1
        return c[C_TOTAL]
    place = begun(t, calendar, moment) - 1
    if place < 0:
        return 0
    return t.before[first + place] + min(moment, t.ends[first + place]) - t.starts[first + place]


@helper
def _opening(t, moments, calendar, moment):
    """The interval that is open at a moment or next after it."""
    c = t.calendars[calendar]
    first = c[C_FROM]
    if moment >= t.ends[first + c[C_COUNT] - 1]:
        moments[M_MISSED] = 1
        return first + c[C_COUNT] - 1
    place = max(begun(t, calendar, moment) - 1, 0)
    return first + place if moment < t.ends[first + place] else first + place + 1


@helper
def next_open(t, moments, calendar, moment):
    """`Calendar.next_open`."""
    return max(moment, t.starts[_opening(t, moments, calendar, moment)])


@helper
def closes(t, moments, calendar, moment):
    """`Calendar.closes`."""
    return t.ends[_opening(t, moments, calendar, moment)]
