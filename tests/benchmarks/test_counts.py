"""A gate on the engine's speed that noise cannot move."""

from __future__ import annotations

import pytest

from sim.engine.simulation import simulate
from tests.benchmarks.counts import events_and_calls
from tests.benchmarks.workload import scenario

VISITS = 14.33


def test_one_kernel_event_for_each_stage() -> None:
    world = scenario()
    events, calls = events_and_calls(lambda requests, seed: simulate(world, arrivals=requests, seed=seed))
    assert events == pytest.approx(VISITS + 1, rel=0.03)  # and one for the arrival
    assert calls < 75
