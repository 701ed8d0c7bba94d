"""What the shipped cases promise: choices that matter, endings that answer for them, and no prize for guessing.

Read from the plays that ship with each case (``mlasim balance CASE --out scenarios/prepared/CASE.json``), of which some
are made again here.
"""

from __future__ import annotations

import pytest

import sim
from sim.model.loading import available
from sim.training.balance import EXPLAINED, GUESSING, Balance, balance_of
from sim.training.prepared_plays import PreparedPlays, balance_kept, kept_of, prepared_for

CASES = available("case")
PLAYS = 25


def prepared(case: str) -> PreparedPlays:
    found = prepared_for(sim.load(case))
    assert found is not None, (
        f"the case has changed: mlasim balance {case} --out scenarios/prepared/{case}.json --force"
    )
    return found


def balance(case: str) -> Balance:
    return balance_kept(prepared(case), sim.load(case))


def short_of(case: str) -> set[str]:
    """Where a case does not come to what is wanted: decisions, endings and options, and ``luck`` and ``guessing``."""
    at = balance(case)
    found = set(at.unmoved()) | set(at.misplaced_endings()) | {f"{o.decision}/{o.option}" for o in at.beats_the_book()}
    if at.explained < EXPLAINED:
        found.add("luck")
    if at.mean("longest").mean > at.mean("random").mean + GUESSING:
        found.add("guessing")
    return found


@pytest.mark.parametrize("case", CASES)
def test_a_case_ships_with_plays_of_it_as_it_is(case: str) -> None:
    plays = prepared(case)
    assert {len(one.scores) for one in plays.players.values()} == {PLAYS}
    decisions = sim.load(case).case.decisions
    assert {o.decision for o in plays.otherwise} <= set(decisions) and plays.book.keys() == decisions.keys()


@pytest.mark.parametrize("case", CASES)
def test_choices_matter_and_endings_answer_for_them(case: str) -> None:
    assert not short_of(case)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_the_plays_kept_are_those_that_are_made(case: str) -> None:
    scenario, plays = sim.load(case), prepared(case)
    decision = next(iter(scenario.case.decisions))
    again = kept_of(balance_of(scenario, 2, only=[decision]), scenario)
    for name, one in again.players.items():
        assert one.scores == plays.players[name].scores[:2] and one.endings == plays.players[name].endings[:2]
