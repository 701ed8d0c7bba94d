"""Compiled code makes the same event table as SimPy, byte for byte; what it cannot do goes to SimPy and is said."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("numba", reason="the compiled engine needs numba (extra policy)")

from sim.engine import executor
from sim.engine.compile import compile_world
from sim.engine.compiled import layout
from sim.engine.compiled.run import Running
from sim.engine.plan import Plan
from sim.engine.rollout import compile_roll_out
from sim.errors import CannotCompile, SimulationError, UsageError
from sim.model.durations import DAY, YEAR
from sim.model.loading import Scenario, load
from sim.policy.experiments.alternatives import Alternative
from sim.policy.experiments.experiment import Experiment, run_experiment
from sim.record.run import hash_of, run
from tests.engine.baseline import RUNS
from tests.engine.compiled_runs import by_compiled, by_simpy, compared, different
from tests.engine.small import flow, office, wait, work, world
from tests.engine.test_journeys import LETTER
from tests.engine.two_states import in_parallel, two_states

pytestmark = pytest.mark.xdist_group("compiled")  # one process compiles

WORLDS = ("archipelago", "caravan", "corridor", "meridian", "windward")
LEVERS = sorted(path.stem for path in (Path(__file__).parents[2] / "scenarios" / "library" / "levers").glob("*.yaml"))


@pytest.fixture(scope="module")
def meridian() -> Plan:
    return compile_world(load("meridian"))


# Shipped worlds


@pytest.mark.parametrize("name", WORLDS)
def test_shipped_worlds(name: str) -> None:
    found = compared(compile_world(load(name)), YEAR // 4, seed=3, replication=1)
    assert found.engine == "compiled" and len(found.request) > 2_000


@pytest.mark.parametrize(("path", "arrivals"), RUNS, ids=[path.stem for path, _ in RUNS])
def test_runs_that_end_by_themselves(path: Path, arrivals: int) -> None:
    compared(compile_world(load(path)), None, seed=1, arrivals=arrivals)


@pytest.mark.slow
@pytest.mark.parametrize("name", WORLDS)
def test_shipped_worlds_with_other_seeds(name: str) -> None:
    """``python -m tests.benchmarks.compiled`` takes twenty."""
    plan = compile_world(load(name))
    for seed in (11, 12):
        compared(plan, YEAR // 3, seed=seed, replication=seed % 3)


def _with_lever(name: str, lever: str) -> Plan | None:
    """A world with a lever; None where it finds nothing to change."""
    scenario = load(name)
    try:
        changed = Alternative.of(lever).applied(scenario)
    except UsageError:
        return None
    return None if changed.hash == scenario.hash else compile_world(changed)


@pytest.mark.slow
@pytest.mark.parametrize("lever", LEVERS)
def test_levers(lever: str) -> None:
    """Each in the first world where it finds something to change; ``python -m tests.benchmarks.compiled``: in all."""
    plan = next((found for name in WORLDS if (found := _with_lever(name, lever)) is not None), None)
    assert plan is not None, "a lever that changes no world"
    compared(plan, 20 * DAY, seed=7)


def test_some_levers() -> None:
    for lever in ("training", "translation-pool", "triage"):
        plan = _with_lever("meridian", lever)
        assert plan is not None
        compared(plan, 30 * DAY, seed=7)


def test_roll_outs() -> None:
    experiment = Experiment.of("meridian", [["training", "more-lawyers", "e-transmission"]], warm_up=0.2, roll_out=True)
    plan = compile_roll_out(next(iter(experiment.roll_outs.values())))
    assert plan.staffing and any(flow.later for flow in plan.flows)
    compared(plan, YEAR, seed=2)


# What is written down by hand


def test_measures_side_by_side(tmp_path: Path) -> None:
    wanted = {"records": 1, "hearing": 1, "notice": 1}
    demand = {"letters": flow(from_="lys", to="nor", measures=wanted, channel="courier", every="9 hours")}
    plan = in_parallel(two_states(tmp_path, LETTER, demand=demand), tuple(sorted(wanted)))
    found = compared(plan, YEAR, seed=4)
    branches = {found.activities[index].branch for index in found.activity}
    assert len(branches - {""}) > 1


SHAPES: tuple[Any, ...] = (
    "3 hours",
    {"exponential": "5 hours"},
    {"between": ["1 hour", "7 hours"]},
    {"median": "3 hours", "p90": "11 hours"},
    {"lognormal": {"mean": "4 hours", "cv": 1.7}},
    {"gamma": {"mean": "5 hours", "cv": 1.4}},
    {"gamma": {"mean": "5 hours", "cv": 0.6}},
    {"triangular": ["1 hour", "2 hours", "9 hours"]},
    {"empirical": ["1 hour", "2 hours", "26 hours"]},
    {"times": 0.3, "of": {"exponential": "9 hours"}},
    {"median": "2 hours", "p90": "2 hours"},
    "0 hours",
)


@pytest.mark.parametrize("near", [1e-12, 1e-7], ids=["as it is", "much left to the scalar code"])
def test_every_shape_and_rule(tmp_path: Path, near: float) -> None:
    """Nearly every draw is made by the scalar code at the end: what it decides takes its place."""
    stages: dict[str, Any] = {}
    rules = ("suspend and resume", "finish", "hand over")
    for place, shape in enumerate(SHAPES):
        then = f"stage-{place + 1}" if place + 1 < len(SHAPES) else [{"to": "stage-2", "chance": 0.4}, {"to": "done"}]
        stages[f"stage-{place}"] = work(f"office-{place}", shape, then) if place % 4 else wait(shape, then)
    offices = {
        f"office-{place}": office(
            1 + place % 3,
            hours=["Mon-Fri 09:00-12:00", "Mon-Fri 13:00-17:30"],
            time_zone="Europe/Oslo",
            closing_rule=rules[place % 3],
            preemptive=place % 2 == 0,
        )
        for place in range(len(SHAPES))
    }
    demand = {
        "night": flow(every="4 hours", priorities={"urgent": 1, "routine": 3}),
        "day": flow(per_year=900, during="Mon-Fri 08:00-16:00", priorities={"urgent": 1, "routine": 1}),
        "wave": flow(surge={"after": "30 days", "lasts": "20 days", "requests": 300}),
    }
    scenario = world(tmp_path, offices=offices, stages=stages, demand=demand)
    running = Running(compile_world(scenario), until=YEAR, seed=5, near=near)
    running.advance()
    assert not different(running.finish(), by_simpy(running.plan, YEAR, 5, 0))
    assert running.decided == 0 if near == 1e-12 else running.decided > 20


def test_a_state_is_copied_and_gone_on_with_twice(meridian: Plan) -> None:
    running = Running(meridian, until=YEAR // 2, seed=9)
    running.advance(YEAR // 5)
    begun, log = layout.copied(running.state), by_simpy(meridian, YEAR // 2, 9, 0)
    other = Running(meridian, until=YEAR // 2, seed=9)
    other.state = layout.copied(begun)
    for name in ("request", "activity", "enabled", "started", "ended", "outcome"):
        getattr(other.log, name).extend(getattr(running.log, name))
    for one in (running, other):
        one.advance()
        assert not different(one.finish(), log)


def test_runs_in_pieces(meridian: Plan) -> None:
    running = Running(meridian, until=YEAR // 3, seed=9)
    for moment in range(0, YEAR // 3, 11 * DAY + 7):
        running.advance(moment)
        assert running.now == moment
    running.advance()
    assert not different(running.finish(), by_simpy(meridian, YEAR // 3, 9, 0))


# What goes to SimPy


def round_and_round(folder: Path, chance: float, takes: str = "1 minute") -> Scenario:
    stages = {"look": wait(takes, [{"to": "again", "chance": chance}, {"to": "done"}]), "again": wait(takes, "look")}
    demand = {"requests": flow(every="5 hours")}
    return world(folder, offices={"desk": office()}, stages=stages, demand=demand)


def test_more_rounds_than_are_prepared_for_go_to_simpy(tmp_path: Path) -> None:
    scenario = round_and_round(tmp_path, 0.999)
    with pytest.raises(CannotCompile, match="goes round more than"):
        by_compiled(compile_world(scenario), 9 * DAY, 1, 0)
    log = executor.simulate(scenario, until=9 * DAY, seed=1, engine="compiled")
    assert log.engine == "simpy" and "goes round more than" in str(log.not_compiled)
    assert not different(log, by_simpy(compile_world(scenario), 9 * DAY, 1, 0))


def test_fewer_rounds_do_not(tmp_path: Path) -> None:
    found = compared(compile_world(round_and_round(tmp_path, 0.9)), 60 * DAY, seed=1)
    assert max(found.request_loops) > 20


def test_errors_are_those_of_simpy(tmp_path: Path) -> None:
    scenario = round_and_round(tmp_path, 0.99999, "0 minutes")
    with pytest.raises(SimulationError, match="no time has passed"):
        executor.simulate(scenario, until=60 * DAY, engine="compiled")


def test_a_run_says_what_made_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(executor.VARIABLE, "compiled")
    assert str(run("queue-mm1", years=0.01, warm_up=0).made_by) == "made by compiled code"
    words = str(run(round_and_round(tmp_path, 0.999), years=0.02, warm_up=0).made_by)
    assert words.startswith("made by SimPy: compiled code cannot do a request that goes round more than")
    monkeypatch.setenv(executor.VARIABLE, "simpy")
    assert str(run("queue-mm1", years=0.01, warm_up=0).made_by) == "made by SimPy"


def test_an_experiment_says_what_made_its_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(executor.VARIABLE, "compiled")
    found = run_experiment(Experiment.of("queue-mm1", years=0.02, warm_up=0), 3)
    assert [(str(words), count) for words, count in found.made_by] == [("made by compiled code", 3)]
    found = run_experiment(Experiment.of(round_and_round(tmp_path, 0.999), years=0.02, warm_up=0), 2)
    ((words, count),) = found.made_by
    assert "cannot do a request that goes round" in str(words) and count == 2


# Which engine


def test_engines_that_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(executor.VARIABLE, "steam")
    with pytest.raises(UsageError, match="no engine 'steam' — write simpy or compiled"):
        executor.simulate(load("queue-mm1"), until=DAY)


def test_much_work_is_compiled_and_little_is_not(meridian: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.engine.compiled import warm

    warm.make()
    monkeypatch.delenv(executor.VARIABLE)
    monkeypatch.setattr(executor, "_expected", 0.0)
    small = compile_world(load("queue-mm1"))
    assert executor.chosen(small, None, 100) == "simpy"
    assert executor.chosen(meridian, YEAR, None) == "simpy"
    assert executor.chosen(meridian, 4 * YEAR, None) == "compiled"
    assert executor.chosen(small, None, 100) == "simpy", "its tables cost more than it does"


def test_without_numba_simpy_answers(meridian: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(executor.VARIABLE)
    monkeypatch.setattr(executor, "installed", lambda: False)
    assert executor.chosen(meridian, 40 * YEAR, None) == "simpy"
    with pytest.raises(UsageError, match="the compiled engine needs numba"):
        executor.chosen(meridian, DAY, None, "compiled")


def test_expected_requests_are_about_as_many_as_come(meridian: Plan) -> None:
    assert executor.expected(meridian, YEAR, None) == pytest.approx(len(compared(meridian, YEAR).request_kind), rel=0.2)


# Where compiled code is kept


def in_another_process(code: str, cache: Path) -> str:
    environment = {**os.environ, "MLASIM_CACHE": str(cache)}
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


FOLDER = "from sim.engine.compiled.jit import folder; print(folder())"


def test_a_cache_that_cannot_be_written_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, where a folder should be")
    assert in_another_process(FOLDER, tmp_path / "taken") == "None"
    assert in_another_process(FOLDER, tmp_path / "mine").startswith(str(tmp_path / "mine"))


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="folders of others are told apart by their owner's number")
def test_a_cache_that_others_can_write_is_not_used(tmp_path: Path) -> None:
    path = Path(in_another_process(FOLDER, tmp_path))
    path.chmod(0o777)  # what is kept is run: nobody else may have written it
    assert in_another_process(FOLDER, tmp_path) == "None"
    path.chmod(0o700)
    assert in_another_process(FOLDER, tmp_path) == str(path)


@pytest.mark.slow
def test_a_run_without_a_cache(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, where a folder should be")
    code = (
        "from sim.engine.executor import simulate; from sim.model.loading import load; "
        "from sim.record.run import hash_of; log = simulate(load('queue-mm1'), arrivals=500, engine='compiled'); "
        "print(log.engine, hash_of(log))"
    )
    expected = hash_of(by_simpy(compile_world(load("queue-mm1")), None, 0, 0, 500))
    assert in_another_process(code, tmp_path / "taken") == f"compiled {expected}"
