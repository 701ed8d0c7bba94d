"""How long a run needs before its figures mean anything: MSER-5 on pilot runs.

A run begins with empty desks, so that its first requests meet no queue. Of all truncation points MSER-5 takes the one
that makes the confidence interval of what is left narrowest, on means of five observations (White 1997, An effective
truncation heuristic for bias reduction in simulation output, Simulation 69(6), 323-334; Franklin and White 2008,
Stationarity tests and MSER-5: exploring the intuition behind mean-squared-error-reduction in detecting and correcting
initialization bias, Winter Simulation Conference, 541-546). A point in the second half is no answer, but a sign that
the run is too short.

Two series are looked at week by week, over the mean of several pilot runs: the requests under way, and the mean
duration of those that ended in that week, which takes longer to settle where requests take long. The latest of the
truncation points of all alternatives holds for all, since they are compared over the same time.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from statistics import fmean

from sim.engine.log import EventLog
from sim.engine.plan import compile_world
from sim.engine.simulation import simulate
from sim.errors import UsageError
from sim.model.durations import WEEK, YEAR
from sim.model.loading import Scenario
from sim.policy.experiment import Experiment
from sim.record.kpis import request_flows

FOUND = "found"
"""Written instead of a number of years."""
PILOTS = 5
"""Pilot runs of each alternative; Welch's procedure averages over at least five (Law 2015, section 9.5.1)."""
_BATCH = 5
_FAR = 1_000_000
"""Number of the first pilot run, so that no pilot is also a replication of the experiment."""


@dataclass(frozen=True)
class WarmUp:
    """A warm-up that was found."""

    years: float
    by_alternative: dict[str, float]
    """Years each alternative needs by itself."""
    pilots: int
    length: float
    """Years of a pilot run."""

    def __str__(self) -> str:
        slowest = max(self.by_alternative, key=lambda name: self.by_alternative[name])
        return (
            f"warm-up of {self.years:.2g} years found by MSER-5 (White 1997) in {self.pilots} pilot runs "
            f"of {self.length:g} years; {slowest} needs longest"
        )


def find_warm_up(
    experiment: Experiment, *, pilots: int = PILOTS, years: float | None = None, executor: Executor | None = None
) -> WarmUp:
    """The warm-up that an experiment needs.

    ``years`` is the length of a pilot run: the experiment's, with its warm-up, unless given. Raises `UsageError`
    where a series has not settled in the first half of it.
    """
    end = experiment.seconds[1] if years is None else round(years * YEAR)
    jobs = [(s, experiment.seed, _FAR + pilot, end) for s in experiment.scenarios.values() for pilot in range(pilots)]
    found = list(map(_pilot, jobs) if executor is None else executor.map(_pilot, jobs))
    needed: dict[str, float] = {}
    for place, name in enumerate(experiment.names):
        runs = found[place * pilots : (place + 1) * pilots]
        weeks = 0
        for series in zip(*runs, strict=True):
            averaged = [fmean(values) for values in zip(*series, strict=True)]
            point = mser5(averaged)
            if point is None:
                raise UsageError(
                    f"{name!r} has not settled within {end / YEAR:.2g} years — give more --years, or a --warm-up"
                )
            weeks = max(weeks, point)
        needed[name] = weeks * WEEK / YEAR
    return WarmUp(max(needed.values()), needed, pilots, end / YEAR)


def mser5(series: Sequence[float]) -> int | None:
    """How many observations to leave out at the beginning, a multiple of five; None if it is more than half.

    Of all points ``d`` among the means of five the one with the least sum of squared deviations after it over the
    square of their number. Raises `UsageError` for fewer than fifty observations.
    """
    means = [fmean(series[at : at + _BATCH]) for at in range(0, len(series) - _BATCH + 1, _BATCH)]
    if len(means) < 10:
        raise UsageError(f"a warm-up cannot be found in {len(series)} weeks — give more --years, or a --warm-up")
    # The very last points rest on too few values to be told from luck (White 1997 leaves out five).
    points = range(len(means) - _BATCH)
    best = min((_spread(means[place:]), place) for place in points)
    return best[1] * _BATCH if best[1] <= len(means) / 2 else None


def _spread(values: list[float]) -> float:
    middle = fmean(values)
    return sum((value - middle) ** 2 for value in values) / len(values) ** 2


Series = tuple[list[float], list[float]]


def _pilot(job: tuple[Scenario, int, int, int]) -> Series:
    """Of one run, week by week: requests under way at its end, and mean days of those that ended in it."""
    scenario, seed, replication, end = job
    plan = compile_world(scenario)
    return weekly(simulate(scenario, until=end, seed=seed, replication=replication, warm_up=0, plan=plan))


def weekly(log: EventLog) -> Series:
    """Requests under way at the end of each whole week, and mean days of those that ended in it.

    Where none ended, the mean of the week before stands again.
    """
    weeks = log.ended_at // WEEK
    change, days, ended = [0] * (weeks + 1), [0.0] * (weeks + 1), [0] * (weeks + 1)
    flows = set(request_flows(log))
    for kind, arrived, left in zip(log.request_kind, log.request_arrived, log.request_left, strict=True):
        if log.kinds[kind].flow not in flows:
            continue
        change[min(arrived // WEEK, weeks)] += 1
        if left >= 0:
            week = min(left // WEEK, weeks)
            change[week] -= 1
            days[week] += (left - arrived) / 86_400
            ended[week] += 1
    under_way, durations, number, last = [], [], 0, 0.0
    for week in range(weeks):
        number += change[week]
        last = days[week] / ended[week] if ended[week] else last
        under_way.append(float(number))
        durations.append(last)
    return under_way, durations
