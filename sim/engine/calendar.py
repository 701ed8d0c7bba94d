"""Working time: when an office is open, in its zone, with its public holidays, as whole seconds.

Opening hours become a table of open intervals in seconds since the start of the world; adding and measuring
working time are then look-ups. Local times are turned into instants one by one, so that days on which the
clocks change are as long as they really are.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, time, timedelta
from threading import Lock
from zoneinfo import ZoneInfo

from sim.engine.public_holidays import public_holidays
from sim.model.durations import YEAR
from sim.model.jurisdiction import HolidayCalendar
from sim.model.office import Week

_CHUNK_DAYS = 366
FARTHEST = 300 * YEAR
"""Seconds since the epoch behind which no calendar is made: a century of warm-up and one of time are less."""
_growing = Lock()


class Calendar:
    """Open intervals of an office, in whole seconds since ``epoch`` (UTC). Grows by itself as time goes on."""

    def __init__(self, week: Week, zone: str, holidays: HolidayCalendar | None, epoch: datetime):
        self.week, self.zone, self.holidays, self.epoch = week, ZoneInfo(zone), holidays, epoch.astimezone(UTC)
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.before: list[int] = []
        """Open seconds before each interval; ``total`` after the last."""
        self.total = 0
        self._next_day = self.epoch.astimezone(self.zone).date() - timedelta(days=1)
        while not self.starts:
            self._grow(None)

    @property
    def working_day(self) -> float:
        """Length of an ordinary day in seconds: open time in a week by the number of days opened."""
        return 60 * sum(closes - opens for _, opens, closes in self.week) / len({day for day, *_ in self.week})

    def add(self, moment: int, work: int) -> int:
        """The earliest moment by which ``work`` open seconds have passed since ``moment``; ``moment`` for none."""
        if work <= 0:
            return moment
        starts, ends, before = self.starts, self.ends, self.before
        while moment > ends[-1]:
            self._grow(ends[-1])
        place = bisect_right(starts, moment) - 1
        if place < 0:
            target = work
        elif moment < ends[place]:
            if moment + work <= ends[place]:
                return moment + work
            target = before[place] + moment - starts[place] + work
        else:
            target = before[place] + ends[place] - starts[place] + work
        while target > self.total:
            if ends[-1] > FARTHEST:  # no run comes so far: what matters is that it is late
                return max(moment, ends[-1]) + target - self.total
            self._grow(ends[-1])
        place = bisect_left(before, target, max(place, 0)) - 1
        return starts[place] + target - before[place]

    def open_seconds(self, moment: int) -> int:
        """Open seconds from the beginning until ``moment``."""
        while moment > self.ends[-1]:
            self._grow(self.ends[-1])
        place = bisect_right(self.starts, moment) - 1
        if place < 0:
            return 0
        end = self.ends[place]
        return self.before[place] + (moment if moment < end else end) - self.starts[place]

    def between(self, first: int, last: int) -> int:
        """Open seconds from ``first`` to ``last``."""
        return self.open_seconds(last) - self.open_seconds(first)

    def next_open(self, moment: int) -> int:
        """``moment`` if the office is open then, otherwise its next opening."""
        while moment >= self.ends[-1]:
            self._grow(self.ends[-1])
        place = bisect_right(self.ends, moment)
        return max(moment, self.starts[place])

    def closes(self, moment: int) -> int:
        """The closing time of the interval that is open at ``moment`` or next after it."""
        while moment >= self.ends[-1]:
            self._grow(self.ends[-1])
        return self.ends[bisect_right(self.ends, moment)]

    def _grow(self, known: int | None) -> None:
        """Add another year of intervals after ``known``, the end of the last one.

        Replications in several threads share a calendar; whoever comes second finds the work done.
        """
        with _growing:
            if known == (self.ends[-1] if self.ends else None):
                self._add_year()

    def _add_year(self) -> None:
        first = self._next_day
        days = [first + timedelta(days=offset) for offset in range(_CHUNK_DAYS)]
        self._next_day = days[-1] + timedelta(days=1)
        closed: frozenset[date] = frozenset()
        if self.holidays is not None:
            years = range(first.year, self._next_day.year + 1)
            closed = closed.union(*(public_holidays(self.holidays, year) for year in years))
        for day in days:
            if day in closed:
                continue
            for weekday, opens, closes in self.week:
                if weekday == day.weekday():
                    self._add_interval(self._instant(day, opens), self._instant(day, closes))

    def _add_interval(self, start: int, end: int) -> None:
        start = max(start, 0)
        if end <= start:
            return
        if self.ends and start <= self.ends[-1]:  # open through midnight, or a clock put back while open
            self.total += max(0, end - self.ends[-1])
            self.ends[-1] = max(end, self.ends[-1])
            return
        # In this order, so that another thread never finds a start without its end.
        self.before.append(self.total)
        self.ends.append(end)
        self.starts.append(start)
        self.total += end - start

    def _instant(self, day: date, minutes: int) -> int:
        """A local time as seconds since the epoch. One that comes twice is the first; one that the clocks skip is
        the moment they are put forward."""
        if minutes == 24 * 60:
            day, minutes = day + timedelta(days=1), 0
        local = datetime.combine(day, time(minutes // 60, minutes % 60), self.zone)
        moment = local.astimezone(UTC)
        if moment.astimezone(self.zone).replace(fold=0) != local:
            moment = self._put_forward(local)
        return round((moment - self.epoch).total_seconds())

    def _put_forward(self, skipped: datetime) -> datetime:
        """When the clocks skip a local time: between its readings by the old and by the new offset."""
        early, late = skipped.replace(fold=1).astimezone(UTC), skipped.astimezone(UTC)
        before = early.astimezone(self.zone).utcoffset()
        while late - early > timedelta(seconds=1):
            middle = early + (late - early) / 2
            if middle.astimezone(self.zone).utcoffset() == before:
                early = middle
            else:
                late = middle
        return late.replace(microsecond=0)


def shared_share(one: Calendar, other: Calendar) -> float:
    """The share of one calendar's open time in its first year in which the other is open too."""
    shared = moment = 0
    while (opens := one.next_open(moment)) < YEAR:
        moment = one.closes(opens)
        shared += other.between(opens, moment)
    return shared / one.between(0, YEAR)
