"""The shipped case, compiled once, and plays of it that several tests look at."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import sim
from sim.case.plan import compile_case
from sim.engine.plan import Plan
from sim.model.loading import Scenario, copied_data, with_data
from sim.training.players import Scripted, play_through
from sim.training.session import Session

Player = Callable[..., Session]


@pytest.fixture(scope="package")
def case() -> Scenario:
    return sim.load("silent-harbour")


@pytest.fixture(scope="package")
def plan(case: Scenario) -> Plan:
    return compile_case(case)


@pytest.fixture(scope="package")
def short(case: Scenario) -> Scenario:
    """The same story in a world not warmed up, with one flow of background demand: cheap to begin again and again."""
    data = copied_data(case)
    data["case", case.id]["warm up"] = "1 day"
    world = data["world", case.case.world]
    del world["claims"]  # they are about flows
    world["demand"] = {"cal-incoming": world["demand"]["cal-incoming"]}
    return with_data(case, data)


@pytest.fixture(scope="package")
def short_plan(short: Scenario) -> Plan:
    return compile_case(short)


@pytest.fixture(scope="package")
def played(case: Scenario, plan: Plan) -> Player:
    """``played(seed, **options)``: a finished play, made once. Nobody may act on it. Hyphens are underscores."""
    known: dict[object, Session] = {}

    def play(seed: int = 7, **options: str) -> Session:
        key = (seed, tuple(sorted(options.items())))
        if key not in known:
            script = Scripted({name.replace("_", "-"): option for name, option in options.items()})
            known[key] = play_through(case, script, seed=seed, plan=plan)
        return known[key]

    return play


@pytest.fixture(scope="package")
def usual(played: Player) -> Session:
    """A play in which the author's defaults are taken."""
    return played()
