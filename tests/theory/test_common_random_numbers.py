"""The same luck for both: how much of the difference's variance it takes away, in runs of the real engine.

How much depends on what a change touches. One more of twenty at 80 % load, or one more of three in the first office of
a journey that is mostly waiting for others, leaves most of the luck in common: the variance falls twentyfold and more.
One more of two in a queue that is all there is changes nearly everything, and gains next to nothing (1.2 times): the
variance of a difference cannot fall below that of the standard deviations' difference.
"""

from __future__ import annotations

from pathlib import Path
from statistics import fmean, variance

import pytest

from sim.model.durations import MINUTE, YEAR
from sim.model.loading import Scenario
from sim.model.measures import Key
from sim.policy.experiments.experiment import BASELINE, Experiment, run_experiment
from tests.engine import small

REPLICATIONS = 24


def large_office(folder: Path) -> tuple[Scenario, float]:
    """Twenty at 80 % load (M/M/20), and years for 2,400 requests."""
    gap = 50 / 20
    world = small.world(
        folder,
        offices={"desk": small.office(20)},
        stages={"service": small.work("desk", {"exponential": "40 minutes"})},
        demand={"requests": small.flow(every=f"{gap} minutes")},
    )
    return world, 2_400 * gap * MINUTE / YEAR


def journey(folder: Path) -> tuple[Scenario, float]:
    """Three at 80 % load who take requests in and send answers out; in between, sixty days of others' time."""
    world = small.world(
        folder,
        offices={"desk": small.office(3)},
        stages={
            "intake": small.work("desk", {"exponential": "1 day"}, then="execution"),
            "execution": small.wait({"exponential": "60 days"}, then="answer"),
            "answer": small.work("desk", {"exponential": "1 day"}),
        },
        demand={"requests": small.flow(per_year=365 * 3 * 0.8 / 2)},
    )
    return world, 1.5


@pytest.mark.parametrize("build", [large_office, journey])
def test_same_luck_cuts_the_variance_of_the_difference_fivefold(build, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Paired, against the sum of both variances, which is what runs with luck of their own would have."""
    world, years = build(tmp_path)
    one_more = "world/small/offices/desk/staff+1"
    results = run_experiment(Experiment.of(world, [one_more], years=years, warm_up=years / 10), REPLICATIONS)
    assert fmean(results.values(BASELINE, Key("busy", "desk")).values()) == pytest.approx(80, abs=3)
    for measure in ("mean days", "p90 days"):
        pairs = results.pairs(one_more, Key(measure))
        paired = variance([after - before for before, after in pairs])
        apart = variance([before for before, _ in pairs]) + variance([after for _, after in pairs])
        assert apart / paired >= 5, measure
        # Runs of different replications do have luck of their own.
        crossed = variance([pairs[i - 1][1] - pairs[i][0] for i in range(len(pairs))])
        assert 0.4 < crossed / apart < 2.5
    assert results.difference(one_more, Key("mean days")).high < 0
