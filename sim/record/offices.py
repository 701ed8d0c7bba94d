"""Figures of the offices of a run, and Little's law on every one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from sim.engine.log import HANDED_OVER, INTERRUPTED, EventLog
from sim.model.durations import DAY


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


def office_kpis(log: EventLog) -> tuple[OfficeKpis, ...]:
    """Figures of every office over the time after the warm-up, from the rows that touch it.

    Presence is cut at both ends of the window, so that it is exact for finished activities; activities still
    unfinished at the end have no row and are missing. The wait of a visit cut by an end of the window is counted
    with the piece that lies within.
    """
    start, count = log.warm_up, len(log.offices)
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
    return kpis_of_sums(log, busy, waiting, present, wait_sum, visits)


def kpis_of_sums(
    log: EventLog,
    busy: Sequence[int],
    waiting: Sequence[int],
    present: Sequence[int],
    wait_sum: Sequence[int],
    visits: Sequence[int],
) -> tuple[OfficeKpis, ...]:
    """Figures of every office from seconds (and visits) summed up over its rows, see `office_kpis`."""
    start, end = log.warm_up, log.ended_at
    window = max(end - start, 1)
    found = []
    for index, info in enumerate(log.offices):
        staff = next((number for _, which, number in reversed(log.staffing) if which == index), info.staff)
        found.append(
            OfficeKpis(
                info.id,
                info.title,
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
