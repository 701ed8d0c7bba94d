"""Figures counted in columns instead of row by row: the same integers, and sums of fractions in the same order.

For logs of many rows, where numpy is loaded anyway: playing a case loads none, and counts row by row as ever. What is
counted here equals what `sim.record.measures`, `causes`, `offices` and `run` count, to the last digit.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from sim.engine.log import HANDED_OVER, INTERRUPTED, SUBJECTS, EventLog
from sim.model.causes import CAUSES
from sim.model.durations import DAY
from sim.model.measures import ALL, corridor
from sim.record.causes import own_cause, rows_by_request, seconds_at_stages, seconds_by_cause
from sim.record.measures import ANSWERED, SUBJECT_GROUPS, Counted, request_flows
from sim.record.offices import OfficeKpis, kpis_of_sums

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Integers = NDArray[numpy.int64]

_PLACE = {name: place for place, name in enumerate(CAUSES)}
_WAITING = next(_PLACE[cause.name] for cause in CAUSES.values() if cause.told == "queue")
_CLOSED = next(_PLACE[cause.name] for cause in CAUSES.values() if cause.told == "closed")


class Columns:
    """The columns of a log that stands still. Drop it before more is written: arrays that are looked at cannot grow."""

    def __init__(self, log: EventLog, flows: Iterable[str] | None = None):
        """``flows``: whose requests are counted; those between States unless given."""
        import numpy as np

        self.np, self.log = np, log
        self._flows = set(request_flows(log) if flows is None else flows)
        self.request, self.activity = self._wide(log.request), self._wide(log.activity)
        self.enabled, self.started, self.ended = (
            np.frombuffer(c, np.int64) for c in (log.enabled, log.started, log.ended)
        )
        self.outcome = np.frombuffer(log.outcome, np.int8)
        self.kind, self.left = self._wide(log.request_kind), np.frombuffer(log.request_left, np.int64)
        self.arrived = np.frombuffer(log.request_arrived, np.int64)
        self.ending = np.frombuffer(log.request_outcome, np.int16)
        self.loops = np.frombuffer(log.request_loops, np.int16)
        self.subject = np.frombuffer(log.request_subject, np.int8)

    def _wide(self, column: array[int]) -> Integers:
        found: Integers = self.np.frombuffer(column, self.np.int32).astype(self.np.int64)
        return found

    @cached_property
    def office(self) -> Integers:
        """Office of every row, -1 for none."""
        return self._of_activities([activity.office for activity in self.log.activities])

    @cached_property
    def clock(self) -> Integers:
        """Calendar of the office of every row, -1 for day and night or where there is no office."""
        offices = self.log.offices
        return self._of_activities([offices[a.office].calendar if a.office >= 0 else -1 for a in self.log.activities])

    def _of_activities(self, values: list[int]) -> Integers:
        found: Integers = self.np.array(values or [0], self.np.int64)[self.activity]
        return found

    # Calendars

    @cached_property
    def _intervals(self) -> tuple[Integers, Integers, Integers, Integers]:
        """First interval of each calendar; starts, ends and open seconds before, of all after one another."""
        np, firsts = self.np, [0]
        starts, ends, before = array("q"), array("q"), array("q")
        for place, calendar in enumerate(self.log.calendars):
            calendar.closes(self.log.ended_at)  # so that it is known as far
            count = len(calendar.starts)
            starts.extend(calendar.starts[:count])
            ends.extend(calendar.ends[:count])
            before.extend(calendar.before[:count])
            firsts.append(firsts[place] + count)
        return np.array(firsts), *(np.frombuffer(c, np.int64) for c in (starts, ends, before))

    @cached_property
    def _keys(self) -> Integers:
        """Starts of intervals, those of each calendar far behind those of the one before."""
        firsts, starts, *_ = self._intervals
        found: Integers = starts + self.np.repeat(self.np.arange(len(firsts) - 1), self.np.diff(firsts)) * _FAR
        return found

    def _begun(self, clock: Integers, moment: Integers) -> Integers:
        """The interval that has begun last, of each calendar at its moment; that before its first where none has."""
        found: Integers = self.np.searchsorted(self._keys, moment + clock * _FAR, side="right") - 1
        return found

    def open_seconds(self, clock: Integers, moment: Integers) -> Integers:
        """`Calendar.open_seconds` of each calendar at its moment; the moment itself where the calendar is -1."""
        np = self.np
        firsts, starts, ends, before = self._intervals
        found = moment.copy()
        some = np.flatnonzero(clock >= 0)
        at = moment[some]
        place = self._begun(clock[some], at)
        none = place < firsts[clock[some]]
        place = np.maximum(place, 0)
        found[some] = np.where(none, 0, before[place] + np.minimum(at, ends[place]) - starts[place])
        return found

    def next_open(self, clock: Integers, moment: Integers) -> Integers:
        """`Calendar.next_open` of each calendar at its moment."""
        np = self.np
        firsts, starts, ends, _ = self._intervals
        place = self._begun(clock, moment)
        none = place < firsts[clock]
        place = np.where(none, firsts[clock], place)
        place = np.where(none | (moment < ends[place]), place, place + 1)
        found: Integers = np.maximum(moment, starts[place])
        return found

    @cached_property
    def open_at_end(self) -> Integers:
        """Open seconds until the end of every row, by its office's calendar."""
        return self.open_seconds(self.clock, self.ended)

    # Requests

    def sums(self, index: Integers, values: Integers, count: int) -> Integers:
        """Sums of whole numbers by index; exact below 2 ** 53."""
        found: Integers = self.np.bincount(index, weights=values, minlength=count).astype(self.np.int64)
        return found

    @cached_property
    def counted(self) -> Integers:
        """The requests that are counted, by index."""
        return self.of_flows(self._flows)

    def of_flows(self, flows: Collection[str]) -> Integers:
        """`sim.record.measures.requests_of`."""
        wanted = self.np.array([kind.flow in flows for kind in self.log.kinds] or [False])
        found: Integers = self.np.flatnonzero(wanted[self.kind])
        return found

    def groups(self) -> dict[str, Integers]:
        """As `sim.record.measures._groups`, in the order in which their first requests came."""
        np, every = self.np, self.counted
        found = {ALL: every}
        names: dict[str, int] = {}
        kinds = [corridor(k.from_, k.to) if k.to else "" for k in self.log.kinds]
        codes = np.array([names.setdefault(name, len(names)) if name else -1 for name in kinds] or [-1])
        places = [(SUBJECT_GROUPS[code], self.subject[every] == code) for code in range(len(SUBJECTS))]
        places += [(name, codes[self.kind[every]] == code) for name, code in names.items()]
        parts = [(name, every[where]) for name, where in places]
        # A subject's group comes before a corridor's that begins with the same request.
        return found | {name: some for name, some in sorted(parts, key=lambda part: part[1][:1].tolist()) if len(some)}

    # Causes

    @cached_property
    def _spent(self) -> tuple[Integers, Integers]:
        """Seconds by cause, and at stages by their own cause, of counted requests that ended after the warm-up."""
        np, log, count = self.np, self.log, len(CAUSES)
        requests = len(self.kind)
        wanted = np.zeros(requests, bool)
        wanted[self.counted] = True
        rows = np.flatnonzero((wanted & (self.left >= log.warm_up))[self.request])
        request, activity = self.request[rows], self.activity[rows]
        enabled, started, ended = self.enabled[rows], self.started[rows], self.ended[rows]
        own = np.array([_PLACE[own_cause(activity).name] for activity in log.activities] or [0])[activity]
        office, clock = self.office[rows], self.clock[rows]
        waiting = np.where(office >= 0, started - enabled, 0)
        closed = np.zeros(len(rows), np.int64)
        working = np.where(office >= 0, ended - started, ended - enabled)
        kept = np.flatnonzero(clock >= 0)
        hours = clock[kept]
        waited = np.flatnonzero(started[kept] != enabled[kept])
        opens = self.next_open(hours[waited], enabled[kept][waited])
        waiting[kept] = 0
        waiting[kept[waited]] = np.maximum(0, started[kept][waited] - opens)
        working[kept] = self.open_at_end[rows][kept] - self.open_seconds(hours, started[kept])
        closed[kept] = ended[kept] - enabled[kept] - waiting[kept] - working[kept]
        base = request * count
        by_cause = (
            self.sums(base + own, working, requests * count)
            + self.sums(base + _WAITING, waiting, requests * count)
            + self.sums(base + _CLOSED, closed, requests * count)
        ).reshape(requests, count)
        at_stages = self.sums(base + own, ended - enabled, requests * count).reshape(requests, count)
        self._put_right(request, enabled, ended, by_cause, at_stages)
        return by_cause, at_stages

    def _put_right(
        self, request: Integers, enabled: Integers, ended: Integers, by_cause: Integers, at_stages: Integers
    ) -> None:
        """Requests whose measures are executed side by side: the one that ended last counts, as `causes` has it."""
        np, log = self.np, self.log
        order = np.argsort(request, kind="stable")
        follows = np.flatnonzero(np.diff(request[order]) == 0) + 1
        gaps = enabled[order[follows]] != ended[order[follows - 1]]
        parallel = set(request[order[follows[gaps]]].tolist())
        if not parallel:
            return
        of = {index: own_cause(activity).name for index, activity in enumerate(log.activities)}
        for one, some in rows_by_request(log, parallel).items():
            by_cause[one] = seconds_by_cause(log, some)
            stages = seconds_at_stages(log, some, of)
            at_stages[one] = [stages.get(name, 0) for name in CAUSES]

    @property
    def by_cause(self) -> Integers:
        """Seconds by request and cause."""
        return self._spent[0]

    @property
    def at_stages(self) -> Integers:
        """Seconds at stages by request and their own cause."""
        return self._spent[1]

    @cached_property
    def spells(self) -> dict[str, tuple[Integers, Integers, Integers]]:
        """(request, enabled, ended) of every stage that ended after the warm-up, by its own cause of waiting."""
        np, found = self.np, {}
        own = [own_cause(activity) for activity in self.log.activities]
        wanted = np.zeros(len(self.kind), bool)
        wanted[self.counted] = True
        after = (self.ended >= self.log.warm_up) & wanted[self.request]
        for name in {cause.name for cause in own if cause.kind != "work"}:
            mine = np.array([cause.name == name for cause in own])[self.activity]
            rows = np.flatnonzero(mine & after)
            found[name] = self.request[rows], self.enabled[rows], self.ended[rows]
        return found

    # Offices

    def offices(self) -> tuple[OfficeKpis, ...]:
        """`sim.record.offices.office_kpis`."""
        np, log, start, count = self.np, self.log, self.log.warm_up, len(self.log.offices)
        rows = np.flatnonzero((self.office >= 0) & (self.ended > start))
        office, enabled, started, ended = (c[rows] for c in (self.office, self.enabled, self.started, self.ended))
        first, begun = np.maximum(enabled, start), np.maximum(started, start)
        worked = self.open_at_end[rows] - self.open_seconds(self.clock[rows], begun)
        ends = ~np.isin(self.outcome[rows], (HANDED_OVER, INTERRUPTED))
        columns = (worked, begun - first, ended - first, started - enabled, ends.astype(np.int64))
        return kpis_of_sums(log, *(self.sums(office, column, count).tolist() for column in columns))


_FAR = 1 << 40
"""Seconds between the calendars' intervals: more than any run lasts."""


class CountedInColumns(Counted):
    """`Counted`, in columns."""

    def __init__(
        self,
        columns: Columns,
        requests: Integers,
        *,
        start: int | None = None,
        end: int | None = None,
        within: float | None = None,
    ) -> None:
        super().__init__(columns.log, [], start=start, end=end, within=within)
        self.columns, self.some = columns, requests

    @cached_property
    def received(self) -> int:
        arrived = self.columns.arrived[self.some]
        return int(((self.start <= arrived) & (arrived <= self.end)).sum())

    @cached_property
    def _finished(self) -> Integers:
        left = self.columns.left[self.some]
        found: Integers = self.some[(self.start <= left) & (left <= self.end)]
        return found

    @cached_property
    def _answered(self) -> Integers:
        known = [name in ANSWERED for name in self.log.outcomes]
        found: Integers = self._finished[self.columns.np.array(known or [False])[self.columns.ending[self._finished]]]
        return found

    @cached_property
    def finished(self) -> list[int]:
        found: list[int] = self._finished.tolist()
        return found

    @cached_property
    def answered(self) -> list[int]:
        found: list[int] = self._answered.tolist()
        return found

    @cached_property
    def outcomes(self) -> Mapping[str, int]:
        counts = self.columns.np.bincount(self.columns.ending[self._finished], minlength=len(self.log.outcomes))
        return dict(sorted((self.log.outcomes[code], n) for code, n in enumerate(counts.tolist()) if n))

    @cached_property
    def _lasted(self) -> Integers:
        found: Integers = self.columns.left[self._answered] - self.columns.arrived[self._answered]
        return found

    @cached_property
    def days(self) -> Sequence[float]:
        days: list[float] = (self.columns.np.sort(self._lasted) / DAY).tolist()
        return days

    @cached_property
    def in_time(self) -> Sequence[bool]:
        limits = self.columns.np.array([kind.deadline for kind in self.log.kinds] or [-1])
        limit = limits[self.columns.kind[self._answered]]
        kept: list[bool] = (self._lasted <= limit)[limit >= 0].tolist()
        return kept

    @cached_property
    def loops(self) -> Sequence[int]:
        loops: list[int] = self.columns.loops[self._finished].tolist()
        return loops

    @cached_property
    def open_days(self) -> Sequence[float]:
        arrived, left = self.columns.arrived[self.some], self.columns.left[self.some]
        under_way = (arrived <= self.end) & ~((left >= 0) & (left <= self.end))
        days: list[float] = ((self.end - arrived[under_way]) / DAY).tolist()
        return days

    @cached_property
    def open_stock(self) -> float:
        np, arrived, left = self.columns.np, self.columns.arrived[self.some], self.columns.left[self.some]
        until = np.where((left < 0) | (left > self.end), self.end, left)
        seconds = np.maximum(0, until - np.maximum(arrived, self.start)).sum()
        return int(seconds) / max(self.end - self.start, 1)

    @cached_property
    def days_by_cause(self) -> Mapping[str, float]:
        if not len(self._answered):
            return {}
        sums = self.columns.by_cause[self._answered].sum(axis=0).tolist()
        return {name: float(sums[place]) / len(self._answered) / DAY for place, name in enumerate(CAUSES)}

    def days_at(self, cause: str) -> float:
        if not len(self._answered):
            return math.nan
        return float(int(self.columns.at_stages[self._answered, _PLACE[cause]].sum())) / len(self._answered) / DAY

    def spells(self, cause: str) -> Sequence[float]:
        if cause not in self.columns.spells:
            return []
        request, enabled, ended = self.columns.spells[cause]
        mine = self._mine_by_index[request] & (self.start <= ended) & (ended <= self.end)
        days: list[float] = ((ended[mine] - enabled[mine]) / DAY).tolist()
        return days

    @cached_property
    def _mine_by_index(self) -> NDArray[numpy.bool_]:
        found: NDArray[numpy.bool_] = self.columns.np.zeros(len(self.columns.kind), bool)
        found[self.some] = True
        return found
