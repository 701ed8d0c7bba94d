"""Players that decide without a person."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sim.engine.plan import Plan
from sim.errors import SessionError, UsageError
from sim.model.loading import Scenario
from sim.training.players import First, Random, Scripted, finish, play_through, player
from sim.training.session import Session


@pytest.fixture(scope="module")
def start(short: Scenario, short_plan: Plan) -> Callable[..., Session]:
    return lambda **options: Session(short, plan=short_plan, **options)


def test_first_takes_the_first_option(start: Callable[..., Session]) -> None:
    begun = start(seed=7)
    assert First().decide(begun) == next(iter(begun.question.options))


def test_scripted_takes_what_is_given_and_else_the_default(start: Callable[..., Session]) -> None:
    begun = start(seed=7)
    script = {"first-steps": "letter-now"}
    who = Scripted(script)
    script["first-steps"] = "gather-first"
    assert who.decide(begun) == "letter-now"
    begun.choose("letter-now")
    assert who.decide(begun) == begun.case.decisions["care"].default


def test_a_script_with_an_option_there_is_not(start: Callable[..., Session]) -> None:
    with pytest.raises(SessionError, match="did you mean 'letter-now'"):
        finish(start(seed=7), Scripted({"first-steps": "letter-nwo"}))


def test_random_is_a_draw_by_name(start: Callable[..., Session]) -> None:
    begun = start(seed=7)
    assert Random(1).decide(begun) == Random(1).decide(begun)
    taken = [Random(seed).decide(begun) for seed in range(300)]
    options = list(begun.case.decisions["first-steps"].options)
    assert set(taken) == set(options)
    assert all(60 < taken.count(option) < 140 for option in options)
    other = start(seed=7, replication=1)
    assert [Random(seed).decide(other) for seed in range(300)] != taken


def test_players_by_name() -> None:
    assert isinstance(player("first"), First)
    random = player("random", 5)
    assert isinstance(random, Random)
    assert random.seed == 5
    with pytest.raises(UsageError, match="there is no player 'frist' — did you mean 'first'"):
        player("frist")


def test_a_play_goes_on_to_the_end(short: Scenario, short_plan: Plan) -> None:
    played = play_through(short, First(), seed=3, replication=2, plan=short_plan)
    assert played.ended
    assert (played.seed, played.replication) == (3, 2)
    again = Session(short, seed=3, replication=2, plan=short_plan)
    while not again.ended:
        again.choose(next(iter(again.question.options))) if again.question is not None else again.go_on()
    assert again.choices == played.choices
    assert finish(played, First()) is played
