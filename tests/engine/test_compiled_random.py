"""Random worlds: whatever an author writes, both engines make the same log of it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("numba", reason="the compiled engine needs numba (extra policy)")

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.engine.compile import compile_world
from sim.model.durations import DAY
from sim.model.loading import load
from tests.engine.compiled_runs import compared
from tests.engine.small import flow, office, wait, work, world

pytestmark = pytest.mark.xdist_group("compiled")

PRIORITIES = ["urgent", "prompt", "routine"]
HOURS = [
    None,
    "Mon-Fri 09:00-17:00",
    ["Mon-Fri 08:00-12:00", "Mon-Thu 13:00-16:30", "Sun 01:30-03:15"],
    ["Mon 22:00-24:00", "Tue 00:00-06:00", "Sat 00:00-24:00"],
    "Mon-Sun 00:00-24:00",
]
ZONES = ["UTC", "Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]
RULES = ["suspend and resume", "finish", "hand over"]
STARTS = ["2026-01-05", "2026-03-20", "2026-10-20", "2011-12-20"]
"""Before clocks are put forward, put back, and a day is left out."""


@st.composite
def durations(draw: st.DrawFn, unit: str) -> Any:
    first, more = draw(st.integers(0, 30)), draw(st.integers(0, 30))
    low, middle, high = f"{first} {unit}", f"{first + more} {unit}", f"{first + 2 * more} {unit}"
    mean, cv = f"{first + 1} {unit}", draw(st.sampled_from([0.2, 0.9, 1.0, 2.5]))
    shapes: list[Any] = [
        low,
        {"between": [low, high]},
        {"exponential": mean},
        {"median": mean, "p90": f"{first + 1 + more} {unit}"},
        {"lognormal": {"mean": mean, "cv": cv}},
        {"gamma": {"mean": mean, "cv": cv}},
        {"triangular": [low, middle, high]},
        {"empirical": [low, middle, high, low]},
        {"times": draw(st.sampled_from([0.3, 1.7])), "of": {"exponential": mean}},
    ]
    return draw(st.sampled_from(shapes))


@st.composite
def offices(draw: st.DrawFn) -> dict[str, Any]:
    hours = draw(st.sampled_from(HOURS))
    more = {"hours": hours, "time_zone": draw(st.sampled_from(ZONES))} if hours else {}
    rule = draw(st.sampled_from(RULES if hours else RULES[:1]))
    return office(draw(st.integers(1, 3)), closing_rule=rule, preemptive=draw(st.booleans()), **more)


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    """Offices, a way through them that may lead back, and flows."""
    names = [f"office-{place}" for place in range(draw(st.integers(1, 4)))]
    count = draw(st.integers(1, 7))
    stages = {}
    for place in range(count):
        following = f"stage-{place + 1}" if place + 1 < count else "done"
        then: Any = following
        if draw(st.booleans()):
            back = [f"stage-{draw(st.integers(0, place))}", following, "done"]
            first, second = draw(st.sampled_from(back)), draw(st.sampled_from(back[1:]))
            then = [{"to": first, "chance": draw(st.sampled_from([0.05, 0.3, 0.6]))}]
            then += [{"to": second, "chance": 0.2}] if second != first and second != following else []
            then += [{"to": following}]
        if draw(st.integers(0, 3)):
            takes = draw(durations(draw(st.sampled_from(["working minutes", "working hours"]))))
            stages[f"stage-{place}"] = work(draw(st.sampled_from(names)), takes, then)
        else:
            stages[f"stage-{place}"] = wait(draw(durations(draw(st.sampled_from(["minutes", "hours"])))), then)
    demand = {}
    for place in range(draw(st.integers(1, 3))):
        weights = draw(st.lists(st.integers(0, 3), min_size=3, max_size=3))
        priorities = {name: weight for name, weight in zip(PRIORITIES, weights, strict=True) if weight}
        more: dict[str, Any] = {"priorities": priorities} if priorities else {}
        if draw(st.integers(0, 2)) == 0:
            more |= {"about_trafficking": draw(st.sampled_from([0.1, 0.5]))}
        come: list[dict[str, Any]] = [
            {"every": f"{draw(st.integers(1, 40))} hours"},
            {"per_year": draw(st.integers(100, 2_000)), "during": "Mon-Fri 09:00-15:00"},
            {"surge": {"after": "10 days", "lasts": "9 days", "requests": draw(st.integers(10, 200))}},
        ]
        demand[f"flow-{place}"] = flow(**draw(st.sampled_from(come)), **more)
    found = {name: draw(offices()) for name in names}
    more = {"priorities": PRIORITIES, "starts": draw(st.sampled_from(STARTS))}
    return {"offices": found, "stages": stages, "demand": demand, **more}


def check(described: dict[str, Any], seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        scenario = world(Path(folder), **described)
        compared(compile_world(scenario), 45 * DAY, seed=seed, replication=seed % 2)
        compared(compile_world(load(Path(folder) / "worlds" / "small.yaml")), None, seed=seed, arrivals=60)


slow_ok = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=slow_ok)
@given(worlds(), st.integers(0, 5))
def test_random_worlds(described: dict[str, Any], seed: int) -> None:
    check(described, seed)


# With MLASIM_RANDOM_WORLDS=300 as many as the engine was accepted with.
@pytest.mark.slow
@settings(max_examples=int(os.environ.get("MLASIM_RANDOM_WORLDS", "40")), deadline=None, suppress_health_check=slow_ok)
@given(worlds(), st.integers(0, 1_000))
def test_more_random_worlds(described: dict[str, Any], seed: int) -> None:
    check(described, seed)
