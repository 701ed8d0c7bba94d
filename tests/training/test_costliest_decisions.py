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
        ([option("a", 4, noise=0.5)], "costly"),
        ([option("a", 4, noise=0.5), option("b", 9, noise=0.5)], "costly"),
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
    assert (found.better is not None) == (kind == "costly")
    if len(others) == 2:
        assert found.better is not None and found.better.option == "b", "the one that did best"


def test_only_replays_that_both_have_are_held_against_each_other() -> None:
    mine, other = option("mine", 0, taken=True), option("other", 4)
    other.plays = other.plays[1:]
    found = compared(mine, other)
    assert found is not None and found.replays == len(LUCK) - 1


def test_what_is_too_little_to_regret_is_no_cost() -> None:
    assert verdict([option("mine", 0, taken=True), option("a", 1.9)]).kind == "equal"
    assert verdict([option("mine", 0, taken=True), option("a", 2.1)]).kind == "costly"


def test_what_the_law_forbids_is_never_held_against_a_decision() -> None:
    others = [option("forbidden", 20, noise=0.5), option("b", 5, noise=0.5)]
    found = verdict([option("mine", 0, taken=True), *others], ["forbidden"])
    assert found.better is not None and found.better.option == "b"
    assert verdict([option("mine", 0, taken=True), others[0]], ["forbidden"]).kind == "equal"


def test_what_the_law_forbids_is_never_praised() -> None:
    mine = option("mine", 20, taken=True, noise=0.5)
    for others in ([], [option("b", 20, noise=0.5)], [option("b", 5, noise=0.5)]):
        assert verdict([mine, *others], ["mine"]).kind == "unlawful"
    assert verdict([mine, option("b", 30, noise=0.5)], ["mine"]).kind == "costly"


def test_luck_that_covered_for_a_decision_is_known() -> None:
    mine, other = option("mine", 0, taken=True), option("other", 4, noise=5)
    found = verdict([mine, other], luck=1).better or compared(mine, other, luck=1)
    assert found is not None and found.with_this_luck == pytest.approx(-1)
    assert compared(mine, other, luck=99).with_this_luck is None
