"""How long a run needs before its figures mean anything: MSER-5 on pilot runs.

A run begins with empty desks, so that its first requests meet no queue. Of all truncation points MSER-5 takes the one
that makes the confidence interval of what is left narrowest, on means of five observations (White 1997, An effective
truncation heuristic for bias reduction in simulation output, Simulation 69(6), 323-334; Franklin and White 2008,
Stationarity tests and MSER-5: exploring the intuition behind mean-squared-error-reduction in detecting and correcting
initialization bias, Winter Simulation Conference, 541-546). A point in the second half is no answer, but a sign that
the run is too short; pilot runs are then made twice as long, as Hoad, Robinson and Davies do (2010, Automating warm-up
length estimation, Journal of the Operational Research Society 61, 1389-1403).

Two series are looked at week by week, over the mean of several pilot runs: the mean duration of the requests that ended
in that week, which takes longer to settle where requests take long, and the requests under way. Where offices are busy
nine tenths of their time, the number under way rises and falls over years by chance alone, so that MSER-5 may find no
point in it; this is said. In no case may it grow by more than a tenth (a convention of ours) from the third to the last
quarter of the pilot runs. The latest of the truncation points of all alternatives holds for
all, since they are compared over the same time.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from statistics import fmean

from sim.engine.compile import compile_world
from sim.engine.executor import simulate
from sim.engine.log import EventLog
from sim.errors import UsageError
from sim.i18n import Words, joined, say
from sim.model.durations import WEEK, YEAR
from sim.model.loading import Scenario
from sim.policy.experiments.experiment import Experiment, Progress
from sim.record.measures import request_flows

FOUND = "found"
"""Written instead of a number of years."""
SHORTEST = 4
"""Years of a pilot run at least: requests that take a year on average settle in no less."""
PILOTS = 5
"""Pilot runs of each alternative; Welch's procedure averages over at least five (Law 2015, section 9.5.1)."""
_BATCH = 5
_FEWEST = 20
"""Means of five from which on a half can be told from the very end."""
_GROWTH = 0.1
_FAR = 1_000_000
"""Number of the first pilot run, so that no pilot is also a replication of the experiment."""


Series = tuple[list[float], list[float]]
"""Of one run, by week: requests under way, mean days of those that ended."""


@dataclass(frozen=True)
class WarmUp:
    """A warm-up that was found."""

    years: float
    by_alternative: dict[str, float]
    """Years each alternative needs by itself."""
    pilots: int
    length: float
    """Years of a pilot run."""
    restless: tuple[str, ...] = ()
    """Alternatives in which the number of requests under way still goes up and down, growing by less than a tenth."""

    @property
    def words(self) -> Words:
        """The same in a sentence."""
        found = say(
            "warm-up of {years} years found by MSER-5 (White 1997) in {pilots} pilot runs of {length} years; "
            "{slowest} needs longest",
            years=f"{self.years:.2g}",
            pilots=self.pilots,
            length=f"{self.length:g}",
            slowest=max(self.by_alternative, key=lambda name: self.by_alternative[name]),
        )
        if not self.restless:
            return found
        return say(
            "{found}; the requests under way still go up and down, by less than a tenth, in: {alternatives}",
            found=found,
            alternatives=joined(self.restless),
        )

    def __str__(self) -> str:
        return str(self.words)


def find_warm_up(
    experiment: Experiment,
    *,
    pilots: int = PILOTS,
    shortest: int = SHORTEST,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> WarmUp:
    """The warm-up that an experiment needs.

    Pilot runs are as long as the experiment's with its warm-up, and ``shortest`` years at least; where something has
    not settled in the first half, they are made twice and four times as long. Raises `UsageError` where it has not
    settled even then, as where work comes in faster than it can be done.
    """
    base, unsettled = max(experiment.seconds[1], shortest * YEAR), ""
    for length in (base, 2 * base, 4 * base):
        jobs = [
            (scenario, experiment.seed, _FAR + pilot, length)
            for scenario in experiment.scenarios.values()
            for pilot in range(pilots)
        ]
        found: list[Series] = []
        for series in map(_pilot, jobs) if executor is None else executor.map(_pilot, jobs):
            found.append(series)
            if progress is not None:
                progress(len(found), len(jobs))
        settled: dict[str, float] = {}
        restless: list[str] = []
        for place, name in enumerate(experiment.names):
            runs = found[place * pilots : (place + 1) * pilots]
            under_way, days = _points(runs)
            if days is not None and not _grows([stock for stock, _days in runs]):
                settled[name] = max(days, under_way or 0) * WEEK / YEAR
                restless += [name] if under_way is None else []
        if len(settled) == len(experiment.names):
            return WarmUp(max(settled.values()), settled, pilots, length / YEAR, tuple(restless))
        unsettled = next(name for name in experiment.names if name not in settled)
    raise UsageError(
        say(
            "{unsettled!r} has not settled within {years} years — is there more work than can be done? Look "
            "at how busy its offices are (mlasim run), or give a --warm-up in years",
            unsettled=unsettled,
            years=f"{4 * base / YEAR:.3g}",
        )
    )


def _points(runs: Sequence[Series]) -> tuple[int | None, int | None]:
    """Weeks until requests under way and durations, each averaged over the runs, have settled."""
    under_way, days = (
        mser5([fmean(values) for values in zip(*series, strict=True)]) for series in zip(*runs, strict=True)
    )
    ended = any(any(durations[len(durations) // 2 :]) for _stock, durations in runs)
    return under_way, days if ended else None


def _grows(stocks: Sequence[Sequence[float]]) -> bool:
    """Whether the number under way is higher by more than a tenth in the last quarter of the runs than in the third."""
    quarter = len(stocks[0]) // 4
    third = fmean(fmean(stock[-2 * quarter : -quarter]) for stock in stocks)
    return fmean(fmean(stock[-quarter:]) for stock in stocks) > (1 + _GROWTH) * third


def mser5(series: Sequence[float]) -> int | None:
    """How many observations to leave out at the beginning, a multiple of five; None if it is more than half,
    or if there are fewer than a hundred observations.

    Of all points ``d`` among the means of five the one with the least sum of squared deviations after it over the
    square of their number.
    """
    means = [fmean(series[at : at + _BATCH]) for at in range(0, len(series) - _BATCH + 1, _BATCH)]
    if len(means) < _FEWEST:
        return None
    # The very last points rest on too few values to be told from luck; Hoad and others leave out five, too.
    points = range(len(means) - _BATCH)
    best = min((_spread(means[place:]), place) for place in points)
    return best[1] * _BATCH if best[1] <= len(means) / 2 else None


def _spread(values: list[float]) -> float:
    middle = fmean(values)
    return sum((value - middle) ** 2 for value in values) / len(values) ** 2


def _pilot(job: tuple[Scenario, int, int, int]) -> Series:
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
