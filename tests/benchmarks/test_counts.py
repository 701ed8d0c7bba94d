"""Gates on the engine's speed that noise cannot move, and a check that the workloads still agree."""

from __future__ import annotations

import pytest

from sim.engine.simulation import simulate
from tests.benchmarks.counts import events_and_calls
from tests.benchmarks.workload import PUBLISHED, scenario

VISITS = 14.33


def test_one_kernel_event_for_each_stage() -> None:
    world = scenario()
    events, calls = events_and_calls(lambda requests, seed: simulate(world, arrivals=requests, seed=seed))
    assert events == pytest.approx(VISITS + 1, rel=0.03)  # and one for the arrival
    assert calls < 110


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
