"""When an office works: opening hours read from the times at which its people finish things.

Only ends are looked at: a system may assign a request at night, and then says that work on it began.

A weekday counts as a working day if it has at least a tenth of the busiest weekday's moments; a half hour as open if it
has at least a tenth of what a typical half hour has (typical: half of all moments lie in half hours as busy or busier).
Both tenths are this program's choice, made so that stray work on an evening or a Sunday opens no office.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sim.model.office import Week

ENOUGH = 60
"""Moments below which hours are assumed and not found."""
UNLIKELY = 0.001
"""A weekday has shorter hours of its own where, by the hours of the other days, so many empty hours would be as
unlikely as this."""
ENOUGH_FOR_A_BREAK = 400
"""Moments from which a closed half hour between open ones counts as a break."""
_BIN, _DAY = 30, 24 * 60
_SHARE = 0.1
_FINE = 5
NEARLY_ALWAYS = 0.9
"""Share of the week from which an office counts as open day and night."""
FEWEST_HOURS = 8
"""Hours a week below which it is not believed that an office is open no longer."""
USUAL: Week = tuple((day, 9 * 60, 17 * 60) for day in range(5))
"""Assumed where a log does not show any hours."""


@dataclass(frozen=True)
class HoursFound:
    """Opening hours."""

    week: Week
    """Empty: day and night."""
    zone: str
    moments: int
    """Times they were read from."""
    outside: float
    """Share of these that lie outside."""
    found: bool
    """False: assumed, since the log has too few times or no times of the day."""


def find_hours(moments: Iterable[int], zone: str) -> HoursFound:
    """Opening hours from moments in seconds since 1970, by the clock of a zone."""
    clock = ZoneInfo(zone)
    local = [datetime.fromtimestamp(moment, clock) for moment in moments]
    times = [(moment.weekday(), moment.hour * 60 + moment.minute) for moment in local]
    if len(times) < ENOUGH:
        return HoursFound(USUAL, zone, len(times), _outside(times, USUAL), False)
    by_day = [[minute for day, minute in times if day == weekday] for weekday in range(7)]
    busiest = max(len(minutes) for minutes in by_day)
    days = [day for day in range(7) if len(by_day[day]) >= _SHARE * busiest]
    together = [minute for day in days for minute in by_day[day]]
    common = _open(together)
    week = tuple((day, *stretch) for day in days for stretch in _hours_of(by_day[day], together, common))
    if sum(closes - opens for _, opens, closes in week) < FEWEST_HOURS * 60:
        # Times stamped by a nightly job, say, or closings: not when people worked.
        return HoursFound(USUAL, zone, len(times), _outside(times, USUAL), False)
    if sum(closes - opens for _, opens, closes in week) >= NEARLY_ALWAYS * 7 * _DAY:
        week = ()
    return HoursFound(week, zone, len(times), _outside(times, week), True)


def _hours_of(minutes: Sequence[int], together: Sequence[int], common: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The hours of one weekday: those of all, or its own where it is plainly quiet for a part of them."""
    own = _open(minutes)
    missing = sum(_within(minute, common) and not _within(minute, own) for minute in together) / len(together)
    return own if (1 - missing) ** len(minutes) < UNLIKELY else common


def _within(minute: int, stretches: Sequence[tuple[int, int]]) -> bool:
    return any(opens <= minute < closes for opens, closes in stretches)


def _open(minutes: Sequence[int]) -> list[tuple[int, int]]:
    """Open stretches of a day in minutes since midnight."""
    counts = [0] * (_DAY // _BIN)
    for minute in minutes:
        counts[minute // _BIN] += 1
    typical, seen = 0, 0
    for count in sorted(counts, reverse=True):
        typical, seen = count, seen + count
        if 2 * seen >= len(minutes):
            break
    bins = [place for place, count in enumerate(counts) if count and count >= _SHARE * typical]
    stretches: list[list[int]] = []
    for place in bins:
        if stretches and (place == stretches[-1][1] or len(minutes) < ENOUGH_FOR_A_BREAK):
            stretches[-1][1] = place + 1
        else:
            stretches.append([place, place + 1])
    return [(_edge(minutes, first * _BIN, True), _edge(minutes, last * _BIN, False)) for first, last in stretches]


def _edge(minutes: Sequence[int], edge: int, opening: bool) -> int:
    """The edge of an open stretch, to five minutes where its half hour has moments enough to tell."""
    inside = [m for m in minutes if (edge <= m < edge + _BIN if opening else edge - _BIN <= m < edge)]
    if len(inside) < 20:
        return edge
    if opening:
        return min(inside) // _FINE * _FINE
    return min(edge, -(-(max(inside) + 1) // _FINE) * _FINE)


def _outside(times: Sequence[tuple[int, int]], week: Week) -> float:
    if not times or not week:
        return 0.0
    within = sum(any(day == d and opens <= minute <= closes for d, opens, closes in week) for day, minute in times)
    return 1 - within / len(times)


def in_utc(week: Week, zone: str, around: int) -> Week:
    """The same hours by the clock of UTC, as far from the zone as on the day of the moment ``around``: an hour off
    in the other half of the year where clocks change."""
    offset = datetime.fromtimestamp(around, ZoneInfo(zone)).utcoffset() or timedelta()
    shift = -round(offset.total_seconds() / 60)
    found = []
    for day, opens, closes in week:
        first, last = day * _DAY + opens + shift, day * _DAY + closes + shift
        while first < last:  # cut at midnight
            end = min(last, (first // _DAY + 1) * _DAY)
            found.append((first // _DAY % 7, first % _DAY, (end - 1) % _DAY + 1))
            first = end
    return tuple(sorted(found))


def day_of(moment: int, zone: str = "UTC") -> str:
    """The date of a moment, as 2026-01-31."""
    return datetime.fromtimestamp(moment, UTC if zone == "UTC" else ZoneInfo(zone)).strftime("%Y-%m-%d")
