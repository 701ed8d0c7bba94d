"""Which decisions cost most: options held against each other with the same luck."""

from __future__ import annotations

import pytest

from sim.training.costliest_decisions import ENOUGH, compared, verdict
from sim.training.counterfactuals import Alternative, Play

LUCK = (3.0, -8.0, 12.0, 0.0, -5.0, 7.0)
"""What luck does to a score, the same for every option in the same replication."""


def option(name: str, gain: float, *, taken: bool = False, plays: int = len(LUCK), noise: float = 0.0) -> Alternative:
    scores = [60 + gain + luck + noise * (-1) ** n for n, luck in enumerate(LUCK[:plays])]
    made = [Play(n, score, "good" if gain > 0 else "poor", 3 + gain) for n, score in enumerate(scores)]
    return Alternative("d", name, taken, made)


def test_what_luck_does_to_both_does_not_hide_a_difference() -> None:
    found = compared(option("mine", 0, taken=True), option("other", 4, noise=0.5))
    assert found is not None and found.points == pytest.approx(4) and found.better
    assert found.low > 3 and found.high < 5, "far narrower than the luck"
    assert found.evidence == pytest.approx(4)
    assert {ending: (mine, theirs) for ending, mine, theirs in found.endings} == {"good": (0, 1), "poor": (1, 0)}


@pytest.mark.parametrize(
    ("others", "kind"),
    [
        ([option("a", 4, noise=0.5)], "dear"),
        ([option("a", 4, noise=0.5), option("b", 9, noise=0.5)], "dear"),
        ([option("a", 0)], "equal"),
        ([option("a", -5, noise=0.5)], "best"),
        ([option("a", 1, noise=6)], "open"),
        ([option("a", 4, plays=ENOUGH - 1)], "waiting"),
        ([], "equal"),
    ],
)
def test_what_is_said_of_a_decision(others: list[Alternative], kind: str) -> None:
    found = verdict([option("mine", 0, taken=True), *others])
    assert found.kind == kind
    assert (found.better is not None) == (kind == "dear")
    if len(others) == 2:
        assert found.better is not None and found.better.option == "b", "the one that did best"


def test_only_replays_that_both_have_are_held_against_each_other() -> None:
    mine, other = option("mine", 0, taken=True), option("other", 4)
    other.plays = other.plays[1:]
    found = compared(mine, other)
    assert found is not None and found.replays == len(LUCK) - 1
