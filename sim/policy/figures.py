"""What an experiment measures in one run: figures by what is measured and of whom, in one flat table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import fmean
from typing import Literal, NamedTuple

from sim.engine.log import SUBJECTS, EventLog
from sim.model.durations import DAY, YEAR
from sim.record.causes import CAUSES, causes_of_all
from sim.record.kpis import ANSWERED, office_kpis, request_flows
from sim.record.statistics import percentile

ALL = "all requests"
TRAFFICKING, OTHER = "about trafficking", "about other matters"
_SUBJECTS = {SUBJECTS.index("trafficking"): TRAFFICKING, SUBJECTS.index("other matters"): OTHER}


class Key(NamedTuple):
    """A figure: what is measured, and of whom (all requests, a corridor such as ``lys to nor``, or an office)."""

    measure: str
    of: str = ALL

    def __str__(self) -> str:
        return self.measure if self.of == ALL else f"{self.measure}, {self.of}"


@dataclass(frozen=True)
class Measure:
    """A kind of figure: its unit, and which direction is an improvement."""

    unit: str
    better: Literal["less", "more", ""] = ""

    @property
    def unit_of_change(self) -> str:
        """The unit of a difference: shares differ by points, not by parts of themselves."""
        return "points" if self.unit == "%" else self.unit


MEASURES: dict[str, Measure] = {
    "mean days": Measure("days", "less"),
    "median days": Measure("days", "less"),
    "p90 days": Measure("days", "less"),
    "within deadline": Measure("%", "more"),
    "answered a year": Measure("a year", "more"),
    "in time a year": Measure("a year", "more"),
    "open at the end": Measure("requests", "less"),
    "refused": Measure("%", "less"),
    **{f"days {cause}": Measure("days", "less") for cause in CAUSES},
    "busy": Measure("%"),
    "waiting days": Measure("days", "less"),
    "queue": Measure("requests", "less"),
}
"""Every measure. The days by cause are means over answered requests and add up to ``mean days``."""


def measure_of(key: Key) -> Measure:
    """What kind of figure a key is; one without unit and direction where nothing is known of it."""
    return MEASURES.get(key.measure, Measure(""))


HEADLINE = ("mean days", "p90 days", "within deadline", "answered a year", "open at the end")
"""Measures of all requests that a comparison answers for."""


def figures_of(log: EventLog, *, by_year: bool = False) -> dict[Key, float]:
    """Every figure of a run after its warm-up; figures that nothing was counted for are left out.

    ``by_year`` adds those of all requests in each whole year after the warm-up: ``year 1`` and so on.
    """
    found: dict[Key, float] = {}
    groups = _groups(log)
    start, end = log.warm_up, log.ended_at
    causes = causes_of_all(log, {i for i in groups[ALL] if log.request_left[i] >= start})
    for group, requests in groups.items():
        found.update((Key(measure, group), value) for measure, value in _of_requests(log, requests, causes, start, end))
    for year in range((end - start) // YEAR if by_year else 0):
        span = start + year * YEAR, start + (year + 1) * YEAR
        of_year = _of_requests(log, groups[ALL], causes, *span)
        found.update((Key(measure, f"year {year + 1}"), value) for measure, value in of_year)
    for office in office_kpis(log):
        found[Key("busy", office.id)] = 100 * office.utilisation
        found[Key("waiting days", office.id)] = office.waiting_days
        found[Key("queue", office.id)] = office.queue
    return {key: value for key, value in found.items() if value == value}


def _groups(log: EventLog) -> dict[str, list[int]]:
    """Requests between States by group: all of them, by what they are about where that is said, and by corridor."""
    flows = set(request_flows(log))
    groups: dict[str, list[int]] = {ALL: []}
    for index, kind_index in enumerate(log.request_kind):
        kind = log.kinds[kind_index]
        if kind.flow in flows:
            groups[ALL].append(index)
            if log.request_subject[index] >= 0:
                groups.setdefault(_SUBJECTS[log.request_subject[index]], []).append(index)
            if kind.to:
                groups.setdefault(corridor(kind.from_, kind.to), []).append(index)
    return groups


def _under_way(log: EventLog, request: int, moment: int) -> bool:
    return log.request_arrived[request] <= moment and not 0 <= log.request_left[request] <= moment


def corridor(requesting: str, requested: str) -> str:
    """A corridor's name; requests from outside the world have only an addressee."""
    return f"{requesting} to {requested}" if requesting else f"to {requested}"


def _of_requests(
    log: EventLog, requests: list[int], causes: dict[int, list[int]], start: int, end: int
) -> Iterator[tuple[str, float]]:
    """Figures of requests that ended from ``start`` to ``end``, or were under way then."""
    years = max(end - start, 1) / YEAR
    finished = [i for i in requests if start <= log.request_left[i] <= end]
    answered = [i for i in finished if log.outcomes[log.request_outcome[i]] in ANSWERED]
    days = sorted((log.request_left[i] - log.request_arrived[i]) / DAY for i in answered)
    limits = [(i, limit) for i in answered if (limit := log.kinds[log.request_kind[i]].deadline) >= 0]
    within = sum(log.request_left[i] - log.request_arrived[i] <= limit for i, limit in limits)
    if days:
        yield "mean days", fmean(days)
        yield "median days", percentile(days, 0.5)
        yield "p90 days", percentile(days, 0.9)
        for place, cause in enumerate(CAUSES):
            yield f"days {cause}", fmean(causes[i][place] if i in causes else 0 for i in answered) / DAY
    if limits:
        yield "within deadline", 100 * within / len(limits)
        yield "in time a year", within / years
    yield "answered a year", len(answered) / years
    yield "open at the end", float(sum(_under_way(log, i, end) for i in requests))
    if finished:
        refused = sum(log.outcomes[log.request_outcome[i]].startswith("refused") for i in finished)
        yield "refused", 100 * refused / len(finished)
