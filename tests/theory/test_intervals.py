"""Intervals keep their promise: over 1,000 experiments with known answers, 95 in 100 cover the truth.

The experiments are of a single server whose answers are known (M/M/1 in equilibrium: waits by Lindley's recursion
1952, begun in equilibrium; times in the system are exponential), drawn here and not simulated, so that a thousand
experiments of twenty replications take seconds. The numbers go through the functions that judge simulations.
"""

from __future__ import annotations

import math
from pathlib import Path
from statistics import fmean

import pytest

from sim.model.measures import Key
from sim.policy.experiments.experiment import BASELINE, Experiment, run_experiment
from sim.record.statistics import mean_interval, paired_difference, percentile, simultaneous
from tests.engine import small

numpy = pytest.importorskip("numpy")

EXPERIMENTS, REPLICATIONS, CUSTOMERS = 1_000, 20, 300
FASTER, SLOWER, ARRIVALS = 2.5, 2.0, 1.0


@pytest.fixture(scope="module")
def sojourns():  # type: ignore[no-untyped-def]
    """Times in the system of two servers, slow and fast, that meet the same customers: (server, run, customer)."""
    chance = numpy.random.default_rng(20)
    runs = EXPERIMENTS * REPLICATIONS
    rates = numpy.array([[SLOWER], [FASTER]])
    found = numpy.empty((2, runs, CUSTOMERS))
    # In equilibrium nobody waits with probability 1 - load, and otherwise for an exponential time (Kleinrock 1975).
    busy = chance.random(runs) < ARRIVALS / rates
    wait = numpy.where(busy, chance.exponential(1, runs) / (rates - ARRIVALS), 0.0)
    for customer in range(CUSTOMERS):
        found[:, :, customer] = wait + chance.exponential(1, runs) / rates
        wait = numpy.maximum(0.0, found[:, :, customer] - chance.exponential(1 / ARRIVALS, runs))
    return found


def experiments(values) -> list[list[float]]:  # type: ignore[no-untyped-def]
    return values.reshape(EXPERIMENTS, REPLICATIONS).tolist()


def test_means_are_covered(sojourns) -> None:  # type: ignore[no-untyped-def]
    truth = 1 / (SLOWER - ARRIVALS)
    covered = sum(truth in mean_interval(values) for values in experiments(sojourns[0].mean(axis=1)))
    assert 0.93 <= covered / EXPERIMENTS <= 0.97


def test_paired_differences_are_covered(sojourns) -> None:  # type: ignore[no-untyped-def]
    truth = 1 / (FASTER - ARRIVALS) - 1 / (SLOWER - ARRIVALS)
    slow, fast = (experiments(sojourns[server].mean(axis=1)) for server in (0, 1))
    intervals = [paired_difference(a, b) for a, b in zip(slow, fast, strict=True)]
    assert 0.93 <= sum(truth in interval for interval in intervals) / EXPERIMENTS <= 0.97
    apart = [
        math.hypot(mean_interval(a).half_width, mean_interval(b).half_width) for a, b in zip(slow, fast, strict=True)
    ]
    assert fmean(interval.half_width for interval in intervals) < 0.8 * fmean(apart), "and are narrower"


def test_quantiles_are_covered(sojourns) -> None:  # type: ignore[no-untyped-def]
    """Nine of ten below, of customers who are not independent within a run: the spread between runs is honest."""
    truth = math.log(10) / (SLOWER - ARRIVALS)
    quantiles = numpy.quantile(sojourns[0], 0.9, axis=1)
    assert quantiles[0] == pytest.approx(percentile(sorted(sojourns[0][0].tolist()), 0.9)), "the same definition"
    covered = sum(truth in mean_interval(values) for values in experiments(quantiles))
    assert 0.93 <= covered / EXPERIMENTS <= 0.97


def test_shares_are_covered(sojourns) -> None:  # type: ignore[no-untyped-def]
    """Within a time limit, as a deadline is."""
    truth = 1 - math.exp(-1.5 * (SLOWER - ARRIVALS))
    covered = sum(truth in mean_interval(values) for values in experiments((sojourns[0] <= 1.5).mean(axis=1)))
    assert 0.93 <= covered / EXPERIMENTS <= 0.97


def test_adjusted_intervals_cover_all_at_once(sojourns) -> None:  # type: ignore[no-untyped-def]
    """Five figures of the same runs, which depend on each other: together at least 95 in 100, less a little luck."""
    limits = (0.25, 0.5, 1.0, 1.5, 2.0)
    level = simultaneous(0.95, len(limits))
    held = [True] * EXPERIMENTS
    alone = [True] * EXPERIMENTS
    for limit in limits:
        truth = 1 - math.exp(-limit * (SLOWER - ARRIVALS))
        for place, values in enumerate(experiments((sojourns[0] <= limit).mean(axis=1))):
            held[place] &= truth in mean_interval(values, level)
            alone[place] &= truth in mean_interval(values)
    assert sum(held) / EXPERIMENTS >= 0.94 and sum(alone) / EXPERIMENTS < 0.93


@pytest.mark.slow
def test_replications_of_the_engine_are_independent(tmp_path: Path) -> None:
    """1,000 experiments of three replications of the real engine cover the mean of all 3,000, paired and not."""
    world = small.world(
        tmp_path,
        offices={"desk": small.office(2)},
        stages={"service": small.work("desk", {"exponential": "40 minutes"})},
        demand={"requests": small.flow(every="25 minutes")},
    )
    one_more = "world/small/offices/desk/staff+1"
    results = run_experiment(Experiment.of(world, [one_more], years=1 / 365), 3_000)
    for values in (
        list(results.values(BASELINE, Key("busy", "desk")).values()),
        [after - before for before, after in results.pairs(one_more, Key("busy", "desk"))],
    ):
        truth = fmean(values)
        covered = sum(truth in mean_interval(values[at : at + 3]) for at in range(0, 3_000, 3))
        assert 0.93 <= covered / 1_000 <= 0.97
