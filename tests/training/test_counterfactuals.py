"""The other options, with the same luck."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import pytest

from sim.case import plan
from sim.engine.plan import Plan
from sim.law import bases
from sim.model.loading import Scenario
from sim.training.counterfactuals import (
    Alternative,
    Play,
    Strategy,
    alternatives,
    jobs,
    play,
    plays_needed,
    replay_all,
    strategies,
)
from sim.training.decision_log import Steps
from sim.training.effort import hours
from sim.training.scoring import score, total
from sim.training.session import Session


def as_data(found: list[Alternative]) -> list[tuple]:
    return [(a.decision, a.option, a.taken, tuple(a.plays)) for a in found]


@pytest.fixture(scope="module")
def begun(short: Scenario, short_plan: Plan) -> Session:
    """Two decisions taken: six alternatives, four of them not taken."""
    return Session(short, seed=7, plan=short_plan).choose("preserve-first").choose("recover-first")


def some(begun: Session) -> list[Alternative]:
    """What was taken, and the other options of the second decision."""
    return [a for a in alternatives(begun) if a.taken or a.decision == "care"]


@pytest.fixture(scope="module")
def replayed(begun: Session) -> list[Alternative]:
    found = some(begun)
    replay_all(begun, found, 2)
    return found


def test_every_option_of_every_decision_taken(usual: Session) -> None:
    found = alternatives(usual)
    assert len(found) == sum(len(usual.case.decisions[entry.decision].options) for entry in usual.entries)
    assert {(a.decision, a.option) for a in found if a.taken} == set(usual.choices.items())
    assert all(not a.plays and math.isnan(a.mean) and a.endings() == {} for a in found)


def test_counts(begun: Session, replayed: list[Alternative]) -> None:
    assert len(alternatives(begun)) == 6
    assert plays_needed(alternatives(begun), 2) == 2 * (1 + 4)
    assert plays_needed(replayed, 2) == 2 * (1 + 2)
    assert all([play.replication for play in a.plays] == [0, 1] for a in replayed)
    assert all(sum(a.endings().values()) == 2 for a in replayed)


def test_what_was_taken_is_one_play(replayed: list[Alternative]) -> None:
    taken = [a.plays for a in replayed if a.taken]
    assert len(taken) == 2
    assert taken[0] == taken[1]
    assert taken[0][0] is taken[1][0]


def test_the_first_replay_of_what_was_taken_is_the_session(usual: Session) -> None:
    found = alternatives(usual)
    taken = next(a for a in found if a.taken)
    assert usual.ending is not None
    job = jobs(usual, found, 1)[0]
    job.enter(play(job.what))
    axes = {axis.axis: axis.value for axis in score(usual) if axis.value is not None}
    spent = sum(hours(usual.run, action) for action in usual.actions)
    expected = Play(0, total(score(usual)), usual.ending[0], usual.run.weight_obtained(), axes, spent)
    assert taken.plays == [expected]


def test_an_alternative_is_the_fork_played_on(replayed: list[Alternative], begun: Session) -> None:
    from sim.training.players import Scripted, finish

    forked = finish(begun.fork("care", "interview-now"), Scripted(begun.choices))
    other = next(a for a in replayed if a.option == "interview-now")
    assert other.plays[0].score == total(score(forked))


@pytest.mark.slow
def test_serial_equals_processes(begun: Session, replayed: list[Alternative]) -> None:
    found, heard = some(begun), []
    with ProcessPoolExecutor(2, mp_context=get_context("forkserver")) as executor:
        replay_all(begun, found, 2, executor=executor, progress=lambda *progress: heard.append(progress))
    assert as_data(found) == as_data(replayed)
    assert heard == [(done, 6) for done in range(1, 7)]


def test_a_process_compiles_a_scenario_once(short: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = []
    monkeypatch.setattr(plan, "compile_case", lambda scenario: compiled.append(scenario.hash) or "plan")
    monkeypatch.setattr(plan, "_plans", {name: "plan" for name in "abcd"})
    assert plan.plan_of(short) == plan.plan_of(short) == "plan"
    assert compiled == [short.hash]
    assert set(plan._plans) == {"b", "c", "d", short.hash}, "few are remembered"


def test_means_and_the_most_frequent_ending_first() -> None:
    plays = [Play(i, value, ending, 0) for i, (value, ending) in enumerate([(10, "a"), (20, "b"), (60, "b")])]
    alternative = Alternative("d", "o", False, plays)
    assert alternative.mean == 30
    assert list(alternative.endings().items()) == [("b", 2), ("a", 1)]


def test_nothing_decided_nothing_to_compare(short: Scenario, short_plan: Plan) -> None:
    fresh = Session(short, seed=7, plan=short_plan)
    found: list[Alternative] = alternatives(fresh)
    progress: Callable[[int, int], None] = lambda done, of: None  # noqa: E731
    replay_all(fresh, found, 1, progress=progress)
    assert found == []


def test_options_that_say_most_come_first_and_players_wait(short: Scenario, short_plan: Plan) -> None:
    session = Session(short, seed=7, plan=short_plan).choose("letter-now")
    first = short.case.decisions["first-steps"]
    found, tried = alternatives(session), strategies()
    planned = list(jobs(session, found, 6, tried))
    assert len(planned) == plays_needed(found, 6, tried)
    assert planned[0].targets == tuple(a for a in found if a.taken)
    assert planned[1].targets[0].option == first.option_of("textbook"), "the book's, where the trainee left it"
    round_ = len(found)
    assert all(isinstance(job.targets[0], Alternative) for job in planned[: 4 * round_])
    assert isinstance(planned[4 * round_].targets[0], Strategy)
    for strategy in tried:
        assert [job.what[2] for job in planned if strategy in job.targets] == list(range(6))
    assert {job.what[2] for job in jobs(session, found, 2, tried) if tried[0] in job.targets} == {0, 1}


def test_what_the_law_answers_is_worked_out_once_for_all_replays(
    short: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, examined = [], bases.examined
    monkeypatch.setattr(bases, "examined", lambda *facts: asked.append(facts) or examined(*facts))
    steps = Steps({"first-steps": "letter-now"})
    fresh = replace(short)
    once = play((fresh, 7, 0, steps))
    worked = len(asked)
    assert worked and play((fresh, 7, 0, steps)) == once and len(asked) == worked
    assert "worked_out" in vars(fresh) and "worked_out" not in vars(pickle.loads(pickle.dumps(fresh)))
