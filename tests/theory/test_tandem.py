"""The benchmark's network against the figures on which several engines agree."""

from __future__ import annotations

import pytest

from sim.engine.simulation import simulate
from tests.benchmarks.workload import PUBLISHED, scenario


@pytest.mark.slow
def test_published_figures_of_the_workload() -> None:
    world = scenario()
    runs = [simulate(world, arrivals=20_000, seed=5, replication=replication) for replication in range(30)]
    hours: dict[str, list[float]] = {"urgent": [], "routine": []}
    visits = 0
    for log in runs:
        for arrived, left, priority in zip(log.request_arrived, log.request_left, log.request_priority, strict=True):
            hours[log.priorities[priority]].append((left - arrived) / 3600)
        visits += len(log.request)
    every = hours["urgent"] + hours["routine"]
    mean = {name: sum(values) / len(values) for name, values in (*hours.items(), ("mean sojourn", every))}
    # Four joint standard errors of 30 runs here and 30 and more there.
    assert mean["mean sojourn"] == pytest.approx(PUBLISHED["mean sojourn"], abs=1.8)
    assert mean["urgent"] == pytest.approx(PUBLISHED["urgent"], abs=2.3)
    assert mean["routine"] == pytest.approx(PUBLISHED["routine"], abs=1.8)
    assert visits / len(every) == pytest.approx(PUBLISHED["visits"], abs=0.035)
