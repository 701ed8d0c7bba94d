"""Counting in columns gives what counting row by row gives: every figure to the last digit, and the same hash."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("numpy", reason="columns need numpy")

from sim.engine.compile import compile_world
from sim.engine.log import EventLog
from sim.engine.rollout import compile_roll_out
from sim.engine.simulation import simulate
from sim.model.durations import YEAR
from sim.model.loading import load
from sim.policy.experiments.experiment import Experiment
from sim.record import measures, run
from sim.record.measures import figures_of
from sim.record.run import hash_of
from sim.training.session import Session
from tests.engine.small import flow, office, wait, work, world
from tests.engine.test_journeys import LETTER
from tests.engine.two_states import in_parallel, two_states


def agree(log: EventLog, monkeypatch: pytest.MonkeyPatch, *, by_year: bool = False) -> dict[Any, float]:
    """Both ways to count a log give the same, in the same order; returns it."""
    found = []
    for answer in (True, False):
        for module in (measures, run):
            monkeypatch.setattr(module, "in_columns", lambda log, answer=answer: answer)
        found.append((list(figures_of(log, by_year=by_year).items()), hash_of(log), hash_of(log, "more")))
    assert found[0] == found[1]
    assert len(log.request_kind), "something has come"
    return dict(found[0][0])


@pytest.mark.parametrize(
    "name",
    ["caravan", pytest.param("meridian", marks=pytest.mark.slow), pytest.param("windward", marks=pytest.mark.slow)],
)
def test_shipped_worlds(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = load(name)
    log = simulate(scenario, until=YEAR // 2, seed=2, warm_up=YEAR // 8)
    assert len(agree(log, monkeypatch)) > 300


def test_a_play_that_is_still_going_on(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(load("silent-harbour"), seed=1)
    log = session.log
    assert not log.outcomes and max(log.request_outcome) >= 0, "some are answered, and the log is not closed"
    found = []
    for answer in (True, False):
        monkeypatch.setattr(run, "in_columns", lambda log, answer=answer: answer)
        found.append(session.sha256)
    assert found[0] == found[1]


def test_year_by_year_while_something_is_introduced(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = Experiment.of("caravan", [["training", "e-transmission"]], warm_up=0.2, roll_out=True)
    plan = compile_roll_out(next(iter(experiment.roll_outs.values())))
    log = simulate(plan.scenario, until=9 * YEAR // 4, seed=1, warm_up=YEAR // 5, plan=plan)
    assert log.staffing or plan.flows[0].later
    assert any(key.of == "year 2" for key in agree(log, monkeypatch, by_year=True))


def test_measures_side_by_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = {"records": 1, "hearing": 1, "notice": 1}
    demand = {"letters": flow(from_="lys", to="nor", measures=wanted, channel="courier", every="9 hours")}
    plan = in_parallel(two_states(tmp_path, LETTER, demand=demand), tuple(sorted(wanted)))
    log = simulate(plan.scenario, until=YEAR // 2, seed=4, warm_up=YEAR // 10, plan=plan)
    assert len({log.activities[index].branch for index in log.activity}) > 2
    agree(log, monkeypatch)


Small = Callable[..., EventLog]


@pytest.fixture
def small(tmp_path: Path) -> Small:
    def made(until: int | None, arrivals: int | None = None, warm_up: int = 0) -> EventLog:
        offices = {
            "desk": office(1, preemptive=True),
            "hall": office(2, hours="Mon-Fri 09:00-17:00", closing_rule="hand over"),
        }
        stages = {
            "look": work("hall", {"exponential": "3 hours"}, [{"to": "ask", "chance": 0.3}, {"to": "sign"}]),
            "ask": wait({"exponential": "2 days"}, "look", cause="postponement"),
            "sign": work("desk", {"empirical": ["0 hours", "1 hour", "5 hours"]}),
        }
        demand = {
            name: flow(every="7 hours", priorities={"urgent": 1, "routine": 2}, about_trafficking=0.3)
            for name in ("letters", "letters-more", "a")
        }
        scenario = world(tmp_path, offices=offices, stages=stages, demand=demand)
        plan = compile_world(scenario)
        return simulate(scenario, until=until, arrivals=arrivals, seed=3, warm_up=warm_up, plan=plan)

    return made


def test_names_that_begin_alike_and_many_numbers(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words are compared letter by letter: ``letters#10`` stands between ``letters#1`` and ``letters#2``."""
    log = small(YEAR, warm_up=YEAR // 3)
    assert max(log.request_number) > 1_000
    agree(log, monkeypatch)


@pytest.mark.parametrize(("until", "arrivals", "warm_up"), [(None, 40, 0), (YEAR // 50, None, 0), (YEAR, None, YEAR)])
def test_little_and_nothing(
    small: Small, until: int | None, arrivals: int | None, warm_up: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(small(until, arrivals, warm_up), monkeypatch)


def test_logs_that_somebody_has_put_in_another_order(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    log = small(YEAR // 4)
    before = agree(log, monkeypatch), hash_of(log)
    for name in ("request", "activity", "enabled", "started", "ended", "outcome"):
        getattr(log, name).reverse()
    assert hash_of(log) == before[1]
    for module in (measures, run):
        monkeypatch.setattr(module, "in_columns", lambda log: True)
    assert hash_of(log) == before[1]
