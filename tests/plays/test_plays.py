"""Scripted plays: decisions in a file, and what a trainee who decides so would see."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import sim
from sim.case.plan import compile_case
from sim.engine.plan import Plan
from sim.model.loading import Scenario, available
from sim.training.branches import Otherwise
from sim.training.counterfactuals import Play, play
from sim.training.decision_log import Steps, take
from sim.training.decisions_file import check_against, read_decisions
from sim.training.players import Random, play_through
from sim.training.scoring import score, total
from sim.training.session import Session
from tests.plays.strategies import distance, standings

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*/*.yaml"))
BOOKS = ("by-the-book", "captain-by-courier")
"""Plays of the quick part; the others belong to the slow one."""

_compiled: dict[str, tuple[Scenario, Plan]] = {}
_played: dict[Path, Session] = {}


def compiled(case: str) -> tuple[Scenario, Plan]:
    if case not in _compiled:
        scenario = sim.load(case)
        _compiled[case] = scenario, compile_case(scenario)
    return _compiled[case]


def played(path: Path) -> Session:
    if path not in _played:
        script = read_decisions(path)
        scenario, plan = compiled(script.case)
        check_against(script, scenario.case, path)
        _played[path] = take(scenario, script.steps, seed=script.seed, plan=plan)
    return _played[path]


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=f"{path.parent.name}/{path.stem}", marks=() if path.stem in BOOKS else pytest.mark.slow)
        for path in FILES
    ],
)
def test_a_play(path: Path) -> None:
    script, session = read_decisions(path), played(path)
    expect, run = script.expect, session.run
    assert session.ending is not None
    assert expect.ending == session.ending[0]
    assert {id_: run.evidence[id_].state(run.now) for id_ in expect.evidence} == expect.evidence
    assert {id_: run.person_state(id_) for id_ in expect.people} == expect.people
    assert {id_: run.request_state(id_) for id_ in expect.requests} == expect.requests
    assert {id_: run.incoming[id_].state for id_ in expect.incoming} == expect.incoming
    messages = iter(session.inbox)
    for words in expect.messages:
        assert any(words in message.text for message in messages), f"no message (any more) that says {words!r}"
    if expect.score is not None:
        low, high = expect.score
        assert low <= total(score(session)) <= high
    assert set(script.decisions) <= set(session.choices), "decisions that never arose"


@pytest.mark.slow
@pytest.mark.parametrize("case", sorted({path.parent.name.replace("_", "-") for path in FILES}))
def test_every_ending_has_a_play_and_every_decision_arises(case: str) -> None:
    plays = [played(path) for path in FILES if path.parent.name.replace("_", "-") == case]
    story = plays[0].case
    assert story.id == case
    assert {play.ending[0] for play in plays if play.ending} == set(story.endings)
    assert {entry.decision for play in plays for entry in play.entries} == set(story.decisions)


def test_every_shipped_case_has_plays() -> None:
    assert {path.parent.name.replace("_", "-") for path in FILES} == set(available("case"))
    assert len(available("case")) >= 6


@pytest.mark.slow
@pytest.mark.parametrize("case", available("case"))
def test_any_play_comes_to_an_end(case: str) -> None:
    """Whatever is chosen, the case ends, and nothing goes wrong on the way."""
    scenario, plan = compiled(case)
    for seed in range(6):
        session = play_through(scenario, Random(seed), seed=seed, plan=plan)
        assert session.ending is not None
        assert 0 <= total(score(session)) <= 100


SEEDS = int(os.environ.get("MLASIM_SEEDS", "24"))
"""How many seeds the players are compared over; 200 for the figures in the changelog."""


@pytest.mark.slow
@pytest.mark.parametrize("case", available("case"))
def test_going_by_the_book_clearly_beats_being_new_and_in_a_hurry(case: str) -> None:
    """By at least one pooled standard deviation of the score, and not every time with the same ending."""
    found = standings(compiled(case)[0], ("naive", "textbook"), SEEDS)
    assert distance(found["textbook"], found["naive"]) >= 1
    assert len(found["textbook"].endings) > 1, "luck has a say"


@pytest.mark.slow
@pytest.mark.parametrize("case", available("case"))
def test_no_option_is_best_for_every_objective(case: str) -> None:
    """Beside its other decisions every option is beaten by another one on some axis, in evidence, or in hours spared.

    All other decisions go by the book. A decision that does not arise then, or on which nothing hangs with this luck,
    says nothing.
    """
    scenario, _ = compiled(case)
    decisions = scenario.case.decisions
    book = Steps({id_: decision.option_of("textbook") for id_, decision in decisions.items()})
    plays: dict[tuple[str, str], list[Play]] = {}
    for luck in range(3):  # plays with the same luck share their beginning
        for id_, decision in decisions.items():
            for option in decision.options:
                who = book if book.options[id_] == option else Otherwise(book, id_, option)
                plays.setdefault((id_, option), []).append(play((scenario, 0, luck, who)))
    found = set()
    for id_, decision in decisions.items():
        of = {option: objectives(scenario, plays[id_, option]) for option in decision.options}
        best = {name: max(values[name] for values in of.values()) for name in next(iter(of.values()))}
        always = [o for o, values in of.items() if all(values[name] > best[name] - 1e-9 for name in best)]
        if always and len(always) < len(of):
            found.add(id_)
    assert not found, "an option is best for everything"


def objectives(scenario: Scenario, plays: list[Play]) -> dict[str, float]:
    """Every axis, the evidence, and the hours spared, on the mean of a few plays."""
    found = {"evidence": sum(p.evidence for p in plays), "hours spared": -sum(p.hours for p in plays)}
    for axis in scenario.case.scoring:
        values = [p.axes[axis] for p in plays if axis in p.axes]
        found[axis] = sum(values) / len(values) if values else 0.0
    return found
