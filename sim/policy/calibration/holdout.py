"""The log's last part, which no figure was taken from, against simulations of the same days."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import stdev

from sim.engine.compile import compile_world
from sim.engine.executor import simulate
from sim.model.durations import DAY, YEAR
from sim.model.loading import Scenario
from sim.model.measures import ALL, MEASURES, Key, OfOffice, OfRequests
from sim.policy.calibration.cleaning import CleanLog
from sim.policy.calibration.fitted_process import Found, clocks_of, closed_at, patience_of, times_of
from sim.record.kpis import Kpis, kpis_of
from sim.record.measures import ANSWERED
from sim.record.offices import OfficeKpis
from sim.record.statistics import Interval, mean_interval, percentile, student_quantile

Progress = Callable[[int, int], None]
OF_REQUESTS = ("mean days", "median days", "p90 days", "received a year", "finished a year")
OF_OFFICES = ("busy", "waiting days")
"""Measures that a log of a case-management system shows, too."""


@dataclass(frozen=True)
class Compared:
    """One figure in the log and in the simulation."""

    key: Key
    """Of all requests, or of an office by its name in the log."""
    log: float
    simulated: Interval
    """Mean over replications."""
    low: float
    """Between this and ``high`` 95 of 100 single runs lie (prediction interval, Student): the log is one run."""
    high: float

    @property
    def agrees(self) -> bool:
        """Whether the log could be one of the simulated runs."""
        return self.low <= self.log <= self.high


@dataclass(frozen=True)
class _LogsRequests:
    """What a log shows of its requests, as `sim.model.counted.Requests`; what it does not show was not counted."""

    years: float
    received: int
    outcomes: Mapping[str, int]
    days: Sequence[float]
    in_time: Sequence[bool] = ()
    loops: Sequence[int] = ()
    open_days: Sequence[float] = ()
    open_stock: float = math.nan
    days_by_cause: Mapping[str, float] = field(default_factory=dict)
    within: float | None = None

    def quantile(self, share: float) -> float:
        return percentile(self.days, share)

    def days_at(self, cause: str) -> float:
        return math.nan

    def spells(self, cause: str) -> Sequence[float]:
        return ()


def compare_held_out(
    world: Scenario,
    log: CleanLog,
    found: Found,
    offices: dict[str, str],
    *,
    replications: int,
    seed: int,
    progress: Progress | None = None,
) -> tuple[Compared, ...]:
    """Figures of what ended after ``found.last`` in the log, and in simulations that begin when the log does.

    ``offices`` has the id of every office by its name in the log. Figures for which one side has no value are left out.
    """
    _, end = times_of(log)
    plan = compile_world(world)
    start = round(plan.epoch.timestamp())
    warm_up, until = found.last - start, end - start
    seen = _of_log(log, found, end)
    runs: list[dict[Key, float]] = []
    for replication in range(replications):
        run = simulate(world, until=until, seed=seed, replication=replication, warm_up=warm_up, plan=plan)
        runs.append(_of_run(kpis_of(run)))
        if progress is not None:
            progress(replication + 1, replications)
    compared = []
    for key, value in seen.items():
        simulated = Key(key.measure, offices.get(key.of, key.of))
        values = [run[simulated] for run in runs if simulated in run and math.isfinite(run[simulated])]
        if len(values) == replications and math.isfinite(value):
            compared.append(_compared(key, value, values))
    return tuple(compared)


def _compared(key: Key, value: float, values: list[float]) -> Compared:
    interval = mean_interval(values)
    count = len(values)
    half = student_quantile(0.975, count - 1) * stdev(values) * math.sqrt(1 + 1 / count) if count > 1 else math.inf
    mean = interval.mean
    return Compared(key, value, interval, max(0.0, mean - half), mean + half)


def _of_run(kpis: Kpis) -> dict[Key, float]:
    figures = {Key(name): kpis[name] for name in OF_REQUESTS}
    for office in kpis.offices:
        if office.visits:
            figures |= _of_office(office, office.id)
    return figures


def _of_office(office: OfficeKpis, name: str) -> dict[Key, float]:
    found = {}
    for measure in OF_OFFICES:
        one = MEASURES[measure]
        assert isinstance(one, OfOffice)
        found[Key(measure, name)] = one.compute(office)
    return found


def _of_log(log: CleanLog, found: Found, end: int) -> dict[Key, float]:
    """The same figures of the log, between ``found.last`` and its end."""
    first, patience = found.last, patience_of(log)
    over = [(case, moment) for case in log.cases if (moment := closed_at(case, log, patience, end)) is not None]
    finished = [(case, moment) for case, moment in over if moment >= first]
    outcomes: dict[str, int] = {}
    days = []
    for case, moment in finished:
        outcome = log.raw.columns.ending(case.outcome)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
        if outcome in ANSWERED:
            days.append((moment - case.received) / DAY)
    received = sum(first <= case.received < end for case in log.cases)
    counted = _LogsRequests(max(end - first, 1) / YEAR, received, outcomes, sorted(days))
    # A case counts as over only after some silence, so that the last stretch of the log has fewer ends than happened.
    silent = patience if log.raw.columns.outcome is None and not log.raw.columns.closing else 0
    closing_years = max(end - silent - first, 0) / YEAR
    figures: dict[Key, float] = {}
    for name in OF_REQUESTS:
        one = MEASURES[name]
        assert isinstance(one, OfRequests)
        if name != "finished a year":
            figures[Key(name, ALL)] = one.compute(counted)
        elif closing_years:
            figures[Key(name, ALL)] = one.compute(replace(counted, years=closing_years))
    clocks = clocks_of(log, found.offices)
    for office in found.offices if found.splits_waiting else ():
        load = clocks.load(log, office.name, first, end)
        utilisation = load.worked_seconds / max(1, load.open_seconds * office.staff)
        waiting = load.waiting_days if load.waiting_days is not None else math.nan
        shown = OfficeKpis(office.name, office.name, office.staff, utilisation, waiting, math.nan, math.nan, 0)
        figures |= _of_office(shown, office.name)
    return figures
