"""The log's last part, which no figure was taken from, against simulations of the same days."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean, stdev

from sim.engine.plan import compile_world
from sim.engine.simulation import simulate
from sim.model.durations import DAY, YEAR
from sim.model.loading import Scenario
from sim.policy.calibration.cleaning import CleanLog
from sim.policy.calibration.found import Found, clocks_of, closed_at, patience_of, times_of
from sim.record.kpis import ANSWERED, kpis_of
from sim.record.statistics import Interval, mean_interval, percentile, student_quantile

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Compared:
    """One figure in the log and in the simulation."""

    figure: str
    of: str
    """An office; empty for all requests."""
    unit: str
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
    runs: list[dict[tuple[str, str], float]] = []
    for replication in range(replications):
        kpis = kpis_of(simulate(world, until=until, seed=seed, replication=replication, warm_up=warm_up, plan=plan))
        figures = {
            ("days, mean", ""): kpis.mean_days,
            ("days, half below", ""): kpis.median_days,
            ("days, 9 of 10 below", ""): kpis.p90_days,
            ("received a year", ""): kpis.received_per_year,
            ("finished a year", ""): kpis.finished_per_year,
        }
        figures |= {("busy", office.id): 100 * office.utilisation for office in kpis.offices if office.visits}
        figures |= {("days waiting", office.id): office.waiting_days for office in kpis.offices if office.visits}
        runs.append(figures)
        if progress is not None:
            progress(replication + 1, replications)
    compared = []
    for (figure, office), value in seen.items():
        key = (figure, offices.get(office, ""))
        values = [run[key] for run in runs if key in run and math.isfinite(run[key])]
        if len(values) == replications and math.isfinite(value):
            compared.append(_compared(figure, office, value, values))
    return tuple(compared)


_UNITS = {"busy": "%", "received a year": "a year", "finished a year": "a year"}


def _compared(figure: str, office: str, value: float, values: list[float]) -> Compared:
    interval = mean_interval(values)
    count = len(values)
    half = student_quantile(0.975, count - 1) * stdev(values) * math.sqrt(1 + 1 / count) if count > 1 else math.inf
    mean = interval.mean
    unit = _UNITS.get(figure, "days")
    return Compared(figure, office, unit, value, interval, max(0.0, mean - half), mean + half)


def _of_log(log: CleanLog, found: Found, end: int) -> dict[tuple[str, str], float]:
    """The same figures of the log, between ``found.last`` and its end."""
    first, years, patience = found.last, max(end - found.last, 1) / YEAR, patience_of(log)
    over = [(case, moment) for case in log.cases if (moment := closed_at(case, log, patience, end)) is not None]
    finished = [(case, moment) for case, moment in over if moment >= first]
    answered = sorted(
        (moment - case.received) / DAY for case, moment in finished if log.raw.columns.ending(case.outcome) in ANSWERED
    )
    # A case counts as over only after some silence, so that the last stretch of the log has fewer ends than happened.
    silent = patience if log.raw.columns.outcome is None and not log.raw.columns.closing else 0
    closing_years = max(end - silent - first, 0) / YEAR
    figures: dict[tuple[str, str], float] = {
        ("days, mean", ""): fmean(answered) if answered else math.nan,
        ("days, half below", ""): percentile(answered, 0.5),
        ("days, 9 of 10 below", ""): percentile(answered, 0.9),
        ("received a year", ""): sum(first <= case.received < end for case in log.cases) / years,
        ("finished a year", ""): len(finished) / closing_years if closing_years else math.nan,
    }
    clocks = clocks_of(log, found.offices)
    for office in found.offices if found.splits_waiting else ():
        load = clocks.load(log, office.name, first, end)
        figures["busy", office.name] = 100 * load.worked_seconds / max(1, load.open_seconds * office.staff)
        figures["days waiting", office.name] = load.waiting_days if load.waiting_days is not None else math.nan
    return figures
