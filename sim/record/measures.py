"""What was measured in a run: figures by what is measured and of whom, in one flat table.

What can be measured is declared in `sim.model.measures`; here it is counted in the event log. Durations are of requests
that *ended* in the period: statistics of central authorities count what was closed in a year, and counting by arrival
would leave out the slow ones that are still open when the run stops, so that its durations come out too short. Whoever
needs requests untouched by the warm-up asks for those that *arrived* after it (``durations_of="arrived"``), in a run
many times as long as a request. Only requests that were answered have a duration; those refused, returned, withdrawn or
never answered are counted beside them.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from statistics import fmean
from typing import Literal

from sim.engine.log import SUBJECTS, EventLog
from sim.model.causes import CAUSES
from sim.model.durations import DAY, YEAR
from sim.model.measures import ALL, MEASURES, OTHER, TRAFFICKING, Key, OfOffice, OfRequests, corridor
from sim.record.causes import own_cause, rows_by_request, seconds_at_stages, seconds_by_cause
from sim.record.offices import office_kpis
from sim.record.statistics import percentile

Cohort = Literal["finished", "arrived"]
"""Whose durations count: of requests that ended, or that arrived (and ended), in the period."""

FEWEST = 2_000
"""Rows from which on counting in columns is quicker."""
ANSWERED = ("executed", "executed in part", "no result", "completed")
"""Outcomes that count as an answer."""
SUBJECT_GROUPS = {SUBJECTS.index("trafficking"): TRAFFICKING, SUBJECTS.index("other matters"): OTHER}


class Spent:
    """Seconds by cause and by stage of some requests that ended after the warm-up; read once for all groups."""

    def __init__(self, log: EventLog, requests: Iterable[int]) -> None:
        self.log, self.requests = log, requests

    @cached_property
    def _both(self) -> tuple[dict[int, list[int]], dict[int, dict[str, int]]]:
        log = self.log
        wanted = {i for i in self.requests if log.request_left[i] >= log.warm_up}
        of = {index: own_cause(activity).name for index, activity in enumerate(log.activities)}
        rows = rows_by_request(log, wanted)
        return (
            {request: seconds_by_cause(log, some) for request, some in rows.items()},
            {request: seconds_at_stages(log, some, of) for request, some in rows.items()},
        )

    @property
    def by_cause(self) -> dict[int, list[int]]:
        """Seconds in the order of `CAUSES`, by request."""
        return self._both[0]

    @cached_property
    def spells(self) -> dict[str, list[tuple[int, int, int]]]:
        """(request, enabled, ended) of every stage, in the order of their ends, by its own cause."""
        log, wanted = self.log, set(self.requests)
        lists: dict[str, list[tuple[int, int, int]]] = {}
        # Work is most of a log and no cause that anybody waits for: left out, what is kept stays small.
        of = [None if (own := own_cause(a)).kind == "work" else lists.setdefault(own.name, []) for a in log.activities]
        for request, activity, enabled, ended in zip(log.request, log.activity, log.enabled, log.ended, strict=True):
            some = of[activity]
            if some is not None and ended >= log.warm_up and request in wanted:
                some.append((request, enabled, ended))
        return lists

    @property
    def at_stages(self) -> dict[int, dict[str, int]]:
        """Seconds at stages by their own cause, by request."""
        return self._both[1]


class Counted:
    """Some requests of a log in a period: what `sim.model.counted.Requests` promises, counted when it is asked for."""

    def __init__(
        self,
        log: EventLog,
        requests: Sequence[int],
        *,
        start: int | None = None,
        end: int | None = None,
        spent: Spent | None = None,
        durations_of: Cohort = "finished",
        within: float | None = None,
    ) -> None:
        self.log, self.requests = log, requests
        self.start = log.warm_up if start is None else start
        self.end = log.ended_at if end is None else end
        self.within = within
        self._spent = Spent(log, requests) if spent is None else spent
        self._durations_of = durations_of

    @property
    def years(self) -> float:
        return max(self.end - self.start, 1) / YEAR

    @cached_property
    def received(self) -> int:
        arrived = self.log.request_arrived
        return sum(self.start <= arrived[i] <= self.end for i in self.requests)

    @cached_property
    def finished(self) -> list[int]:
        """Requests that ended in the period."""
        left = self.log.request_left
        return [i for i in self.requests if self.start <= left[i] <= self.end]

    @cached_property
    def answered(self) -> list[int]:
        """Those whose durations count."""
        log = self.log
        codes = {code for code, name in enumerate(log.outcomes) if name in ANSWERED}
        found = [i for i in self.finished if log.request_outcome[i] in codes]
        return found if self._durations_of == "finished" else [i for i in found if log.request_arrived[i] >= self.start]

    @cached_property
    def outcomes(self) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for i in self.finished:
            name = self.log.outcomes[self.log.request_outcome[i]]
            found[name] = found.get(name, 0) + 1
        return dict(sorted(found.items()))

    @cached_property
    def days(self) -> Sequence[float]:
        log = self.log
        return sorted((log.request_left[i] - log.request_arrived[i]) / DAY for i in self.answered)

    @cached_property
    def in_time(self) -> Sequence[bool]:
        log = self.log
        limits = [kind.deadline for kind in log.kinds]
        return [
            log.request_left[i] - log.request_arrived[i] <= limit
            for i in self.answered
            if (limit := limits[log.request_kind[i]]) >= 0
        ]

    @cached_property
    def loops(self) -> Sequence[int]:
        return [self.log.request_loops[i] for i in self.finished]

    @cached_property
    def open_days(self) -> Sequence[float]:
        log, end = self.log, self.end
        under_way = (i for i in self.requests if log.request_arrived[i] <= end and not 0 <= log.request_left[i] <= end)
        return [(end - log.request_arrived[i]) / DAY for i in under_way]

    @cached_property
    def open_stock(self) -> float:
        log, start, end = self.log, self.start, self.end
        seconds = 0
        for i in self.requests:
            left = log.request_left[i]
            until = end if left < 0 or left > end else left
            seconds += max(0, until - max(log.request_arrived[i], start))
        return seconds / max(end - start, 1)

    @cached_property
    def days_by_cause(self) -> Mapping[str, float]:
        if not self.answered:
            return {}
        spent = self._spent.by_cause
        return {
            name: fmean(spent[i][place] if i in spent else 0 for i in self.answered) / DAY
            for place, name in enumerate(CAUSES)
        }

    def quantile(self, share: float) -> float:
        return percentile(self.days, share)

    def days_at(self, cause: str) -> float:
        if not self.answered:
            return math.nan
        spent = self._spent.at_stages
        return fmean(spent[i].get(cause, 0) if i in spent else 0 for i in self.answered) / DAY

    def spells(self, cause: str) -> Sequence[float]:
        found = self._spent.spells.get(cause, ())
        return [
            (ended - enabled) / DAY
            for request, enabled, ended in found
            if self.start <= ended <= self.end and request in self._mine
        ]

    @cached_property
    def _mine(self) -> set[int]:
        return set(self.requests)

    def figures(self) -> Iterator[tuple[str, float]]:
        """Every measure of requests that something was counted for, by name."""
        for name, measure in MEASURES.items():
            if isinstance(measure, OfRequests) and not math.isnan(value := measure.compute(self)):
                yield name, value


def request_flows(log: EventLog) -> tuple[str, ...]:
    """The flows that are requests between States; in a plain network, all of them.

    Other work of the same offices (own cases, other files) travels through no channel and is left out.
    """
    between = sorted({kind.flow for kind in log.kinds if kind.channel and not kind.traced})
    return tuple(between or sorted({kind.flow for kind in log.kinds if not kind.traced}))


def requests_of(log: EventLog, flows: Iterable[str]) -> list[int]:
    """The requests of some flows, by index."""
    chosen = set(flows)
    wanted = {index for index, kind in enumerate(log.kinds) if kind.flow in chosen}
    return [i for i, kind in enumerate(log.request_kind) if kind in wanted]


def figures_of(log: EventLog, *, by_year: bool = False) -> dict[Key, float]:
    """Every figure of a run after its warm-up; figures that nothing was counted for are left out.

    ``by_year`` adds those of all requests in each whole year after the warm-up: ``year 1`` and so on.
    """
    start, end = log.warm_up, log.ended_at
    years = range((end - start) // YEAR if by_year else 0)
    spans = {f"year {year + 1}": (start + year * YEAR, start + (year + 1) * YEAR) for year in years}
    counted: dict[str, Counted]
    if in_columns(log):
        from sim.record.columns import Columns, CountedInColumns

        columns = Columns(log)
        parts = columns.groups()
        counted = {group: CountedInColumns(columns, some) for group, some in parts.items()}
        for name, (first, last) in spans.items():
            counted[name] = CountedInColumns(columns, parts[ALL], start=first, end=last)
        offices = columns.offices()
    else:
        groups = _groups(log)
        spent = Spent(log, groups[ALL])
        counted = {group: Counted(log, requests, spent=spent) for group, requests in groups.items()}
        for name, (first, last) in spans.items():
            counted[name] = Counted(log, groups[ALL], start=first, end=last, spent=spent)
        offices = office_kpis(log)
    found = {Key(name, group): value for group, some in counted.items() for name, value in some.figures()}
    for office in offices:
        for name, measure in MEASURES.items():
            if isinstance(measure, OfOffice) and not math.isnan(value := measure.compute(office)):
                found[Key(name, office.id)] = value
    return found


def in_columns(log: EventLog) -> bool:
    """Whether a log is counted by `sim.record.columns`: numpy is loaded (playing loads none), and there is enough."""
    return "numpy" in sys.modules and len(log.request) >= FEWEST


def _groups(log: EventLog) -> dict[str, list[int]]:
    """Requests between States by group: all of them, by what they are about where that is said, and by corridor."""
    flows = set(request_flows(log))
    groups: dict[str, list[int]] = {ALL: []}
    for index, kind_index in enumerate(log.request_kind):
        kind = log.kinds[kind_index]
        if kind.flow in flows:
            groups[ALL].append(index)
            if log.request_subject[index] >= 0:
                groups.setdefault(SUBJECT_GROUPS[log.request_subject[index]], []).append(index)
            if kind.to:
                groups.setdefault(corridor(kind.from_, kind.to), []).append(index)
    return groups
