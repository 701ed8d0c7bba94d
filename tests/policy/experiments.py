"""Small experiments for tests: a desk and what could be done about its queue, or figures out of a hat."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

import pytest

from sim.model.loading import Scenario, load
from sim.model.measures import Key
from sim.policy.experiments import experiment as module
from sim.policy.experiments.experiment import Experiment, Job, Observation

STAFF = "world/queue-mm1/offices/desk/staff"
MEAN = Key("mean days")


def desk(alternatives: Iterable[str] = (f"{STAFF}+1",), *, years: float = 0.02, **more: object) -> Experiment:
    """The M/M/1 desk and, unless told otherwise, one more colleague: some 175 requests a run."""
    return Experiment.of(_desk(), alternatives, years=years, **more)  # type: ignore[arg-type]


_kept: list[Scenario] = []


def _desk() -> Scenario:
    if not _kept:
        _kept.append(load("queue-mm1"))
    return _kept[0]


def out_of_a_hat(monkeypatch: pytest.MonkeyPatch, draw: Callable[[str, random.Random], float]) -> None:
    """Instead of simulating, draw the mean duration by alternative; the same luck in the same replication."""

    def observe(job: Job) -> Observation:
        name, replication, seed = job[:3]
        return Observation(name, replication, {MEAN: draw(name, random.Random(f"{seed} {replication}"))}, "00" * 32)

    monkeypatch.setattr(module, "observe", observe)
