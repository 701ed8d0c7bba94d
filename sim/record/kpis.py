"""Figures of a run, as central authorities and audits count them.

Durations are of requests that *ended* after the warm-up: statistics of central authorities count what was closed in
a year, and counting by arrival would leave out the slow ones that are still open when the run stops, so that its
durations come out too short. Whoever needs requests untouched by the warm-up asks for those that *arrived* after it
(``durations_of="arrived"``), in a run many times as long as a request. Only requests
that were answered (executed, in part, without result, or completed) have a duration; those refused, returned,
withdrawn or never answered are counted beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal, get_args

from sim.engine.log import HANDED_OVER, INTERRUPTED, EventLog
from sim.errors import UsageError
from sim.model.durations import DAY, YEAR
from sim.model.events import EvidenceLost
from sim.record.statistics import percentile

Cohort = Literal["finished", "arrived"]
"""Whose durations count: of requests that ended, or that arrived (and ended), after the warm-up."""

ANSWERED = ("executed", "executed in part", "no result", "completed")
"""Outcomes that count as an answer."""


@dataclass(frozen=True)
class OfficeKpis:
    """One office after the warm-up."""

    id: str
    title: str
    staff: int
    """At the end."""
    utilisation: float
    """Share of the staff's open time spent on requests."""
    waiting_days: float
    """Mean calendar days a visit waited, also for the office to open, before and between its pieces of work."""
    queue: float
    """Mean number of requests waiting."""
    present: float
    """Mean number of requests waiting or in hand."""
    visits: int
    """Visits that ended; one handed over or interrupted on its way counts once."""


@dataclass(frozen=True, repr=False)
class Kpis:
    """Figures of some flows of a run. Durations in calendar days; NaN where nothing was counted."""

    flows: tuple[str, ...]
    years: float
    received: int
    finished: int
    answered: int
    mean_days: float
    p10_days: float
    median_days: float
    p90_days: float
    share_within_deadline: float | None
    """Of the answered requests that have a deadline; None if none has."""
    open_stock: int
    """Requests under way at the end."""
    stock_age_days: float
    """Their mean age."""
    mean_stock: float
    """Mean number of requests under way."""
    loops_per_request: float
    outcomes: dict[str, int]
    refusals: dict[str, int]
    """Refused requests by ground."""
    evidence_expired: int
    offices: tuple[OfficeKpis, ...]

    @property
    def received_per_year(self) -> float:
        return self.received / self.years

    @property
    def finished_per_year(self) -> float:
        return self.finished / self.years

    @property
    def refused_share(self) -> float:
        """Share of the finished requests that were refused."""
        return sum(self.refusals.values()) / self.finished if self.finished else float("nan")

    def figures(self) -> dict[str, float | int | str]:
        """The figures in words, for a table."""
        found: dict[str, float | int | str] = {
            "requests received a year": self.received_per_year,
            "requests finished a year": self.finished_per_year,
            "days, mean": self.mean_days,
            "days, 1 of 10 below": self.p10_days,
            "days, half below": self.median_days,
            "days, 9 of 10 below": self.p90_days,
            "under way at the end": self.open_stock,
            "their age in days, mean": self.stock_age_days,
            "under way, mean": self.mean_stock,
            "times gone back, mean": self.loops_per_request,
            "refused, %": 100 * self.refused_share,
        }
        if self.share_within_deadline is not None:
            found["within the deadline, %"] = 100 * self.share_within_deadline
        return found

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        return "\n".join(f"{name:<28} {value:10.1f}" for name, value in self.figures().items())

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{name}</td><td style='text-align:right'>{value:.1f}</td></tr>"
            for name, value in self.figures().items()
        )
        return f"<table>{rows}</table>"


def request_flows(log: EventLog) -> tuple[str, ...]:
    """The flows that are requests between States; in a plain network, all of them.

    Other work of the same offices (own cases, other files) travels through no channel and is left out.
    """
    between = sorted({kind.flow for kind in log.kinds if kind.channel and not kind.traced})
    return tuple(between or sorted({kind.flow for kind in log.kinds if not kind.traced}))


def kpis_of(log: EventLog, flows: Sequence[str] | None = None, *, durations_of: Cohort = "finished") -> Kpis:
    """Figures of the named flows (default: all requests between States) after the warm-up.

    ``durations_of`` changes the durations, their share within the deadline and ``answered``; nothing else. Raises
    `UsageError` for any other word.
    """
    if durations_of not in get_args(Cohort):
        raise UsageError(f"durations_of={durations_of!r} — write one of {get_args(Cohort)}")
    chosen = request_flows(log) if flows is None else tuple(flows)
    wanted = {index for index, kind in enumerate(log.kinds) if kind.flow in chosen}
    start, end = log.warm_up, log.ended_at
    days, within, ages, loops = [], [], [], []
    outcomes: dict[str, int] = {}
    received = 0
    stock_seconds = 0
    for kind, arrived, left, outcome, looped in zip(
        log.request_kind, log.request_arrived, log.request_left, log.request_outcome, log.request_loops, strict=True
    ):
        if kind not in wanted:
            continue
        received += arrived >= start
        stock_seconds += max(0, (left if left >= 0 else end) - max(arrived, start))
        if left < 0:
            ages.append((end - arrived) / DAY)
            continue
        if left < start:
            continue
        name = log.outcomes[outcome]
        outcomes[name] = outcomes.get(name, 0) + 1
        loops.append(looped)
        if name in ANSWERED and (durations_of == "finished" or arrived >= start):
            days.append((left - arrived) / DAY)
            deadline = log.kinds[kind].deadline
            if deadline >= 0:
                within.append(left - arrived <= deadline)
    days.sort()
    expired = sum(isinstance(event, EvidenceLost) and event.moment >= start for event in log.events)
    return Kpis(
        flows=chosen,
        years=max(end - start, 1) / YEAR,
        received=received,
        finished=sum(outcomes.values()),
        answered=len(days),
        mean_days=fmean(days) if days else float("nan"),
        p10_days=percentile(days, 0.1),
        median_days=percentile(days, 0.5),
        p90_days=percentile(days, 0.9),
        share_within_deadline=sum(within) / len(within) if within else None,
        open_stock=len(ages),
        stock_age_days=fmean(ages) if ages else float("nan"),
        mean_stock=stock_seconds / max(end - start, 1),
        loops_per_request=fmean(loops) if loops else float("nan"),
        outcomes=dict(sorted(outcomes.items())),
        refusals={
            name.removeprefix("refused: "): count
            for name, count in sorted(outcomes.items())
            if name.startswith("refused")
        },
        evidence_expired=expired,
        offices=office_kpis(log),
    )


def office_kpis(log: EventLog) -> tuple[OfficeKpis, ...]:
    """Figures of every office over the time after the warm-up, from the rows that touch it.

    Presence is cut at both ends of the window, so that it is exact for finished activities; activities still
    unfinished at the end have no row and are missing. The wait of a visit cut by an end of the window is counted
    with the piece that lies within.
    """
    start, end = log.warm_up, log.ended_at
    count = len(log.offices)
    busy, waiting, present, wait_sum, visits = ([0] * count for _ in range(5))
    office_of = [activity.office for activity in log.activities]
    calendars = [log.calendars[office.calendar] if office.calendar >= 0 else None for office in log.offices]
    for activity, enabled, started, ended, outcome in zip(
        log.activity, log.enabled, log.started, log.ended, log.outcome, strict=True
    ):
        office = office_of[activity]
        if office < 0 or ended <= start:
            continue
        first, begun = max(enabled, start), max(started, start)
        calendar = calendars[office]
        busy[office] += ended - begun if calendar is None else calendar.between(begun, ended)
        waiting[office] += begun - first
        present[office] += ended - first
        wait_sum[office] += started - enabled
        visits[office] += outcome not in (HANDED_OVER, INTERRUPTED)
    window = max(end - start, 1)
    found = []
    for index, office in enumerate(log.offices):
        staff = next((number for _, which, number in reversed(log.staffing) if which == index), office.staff)
        found.append(
            OfficeKpis(
                office.id,
                office.title,
                staff,
                busy[index] / max(1, log.staff_seconds(index, start, end)),
                wait_sum[index] / visits[index] / DAY if visits[index] else 0.0,
                waiting[index] / window,
                present[index] / window,
                visits[index],
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class LittlesLaw:
    """Number present on average against arrivals a second times time present, for one office."""

    office: str
    present: float
    """Time average of the number present, by sweeping arrivals and departures."""
    rate_times_time: float
    """Visits a second times their mean time there."""


def littles_law(log: EventLog) -> list[LittlesLaw]:
    """Little's law (1961) for every office, over the whole run, each side computed on its own.

    Visits in progress at the end have no row and are left out of both sides.
    """
    steps: dict[int, list[tuple[int, int]]] = {}
    times: dict[int, list[int]] = {}
    for activity, enabled, ended in zip(log.activity, log.enabled, log.ended, strict=True):
        office = log.activities[activity].office
        if office >= 0:
            steps.setdefault(office, []).extend(((enabled, 1), (ended, -1)))
            times.setdefault(office, []).append(ended - enabled)
    found = []
    for office in sorted(steps):
        area, number, last = 0, 0, 0
        for moment, change in sorted(steps[office]):
            area += number * (moment - last)
            number, last = number + change, moment
        rate = len(times[office]) / log.ended_at
        found.append(LittlesLaw(log.offices[office].id, area / log.ended_at, rate * fmean(times[office])))
    return found
