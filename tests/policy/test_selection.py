"""The best of many: promised probability kept, common random numbers used, budgets and ties."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import pytest

from sim.errors import UsageError
from sim.policy.experiments.experiment import BASELINE, run_experiment
from sim.policy.experiments.selection import Observe, run_race, select_best
from tests.policy.experiments import MEAN, STAFF, desk, out_of_a_hat


def race_of(means: Sequence[float], chance: random.Random, shared: float = 1.0, own: float = 1.0) -> Observe:
    """Normal values: a part that all share in a replication (same luck), and a part of each one's own."""

    def observe(which: Sequence[int], replications: range) -> list[list[float]]:
        return [
            [means[i] + luck + chance.gauss(0, own) for i in which]
            for luck in [chance.gauss(0, shared) for _ in replications]
        ]

    return observe


def test_the_best_is_found_as_often_as_promised() -> None:
    """In the least favourable case, all others exactly the indifference worse, in 1,000 races of five."""
    chance = random.Random(1)
    means = [0.0, 0.0, 1.0, 0.0, 0.0]
    races = [run_race(5, race_of(means, chance), 1.0, probability=0.9) for _ in range(1_000)]
    assert all(len(race.left) == 1 and len(race.dropped) == 4 for race in races)
    assert sum(race.left == (2,) for race in races) / 1_000 >= 0.9


def test_common_luck_shortens_the_race() -> None:
    """The same spread of each alternative, three quarters of it shared or none."""
    chance = random.Random(2)
    alone = [run_race(4, race_of([0, 0, 0, 1], chance, 0, 2.0), 1.0).replications for _ in range(60)]
    shared = [run_race(4, race_of([0, 0, 0, 1], chance, math.sqrt(3), 1.0), 1.0).replications for _ in range(60)]
    assert sum(shared) < sum(alone) / 2


def test_the_hopeless_go_first() -> None:
    race = run_race(4, race_of([0, 5, 10, 11], random.Random(3)), 0.5)
    assert race.left == (3,) and [i for i, _ in race.dropped][-1] == 2
    assert race.dropped[0][1] < race.dropped[-1][1] == race.replications


def test_a_budget_ends_it_without_a_promise() -> None:
    race = run_race(3, race_of([0, 0.1, -9], random.Random(4)), 0.2, budget=100)
    assert set(race.left) == {0, 1} and race.dropped[0][0] == 2
    assert 3 * 10 + 2 * (race.replications - 10) <= 100


def test_alternatives_that_are_the_same_do_not_race_for_ever() -> None:
    race = run_race(3, lambda which, replications: [[float(r % 7)] * len(which) for r in replications], 1.0)
    assert len(race.left) == 1 and race.replications < 100


def test_failed_replications_are_left_out() -> None:
    real = race_of([0, 2, 0], random.Random(5))

    def observe(which: Sequence[int], replications: range) -> list[list[float]]:
        rows = real(which, replications)
        return [[math.nan] * len(row) if r % 4 == 0 else row for r, row in zip(replications, rows, strict=True)]

    assert run_race(3, observe, 1.0).left == (1,)
    with pytest.raises(UsageError, match="only 0 of"):
        run_race(2, lambda which, rs: [[math.nan] * len(which) for _ in rs], 1.0, budget=40)


def test_the_best_of_an_experiment(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more, two more, none: days are the better the fewer; those that drop out are not run any longer."""
    days = {BASELINE: 20.0, f"{STAFF}+1": 12.0, f"{STAFF}+2": 11.0}
    out_of_a_hat(monkeypatch, lambda name, luck: days[name] + random.Random(f"{name} {luck.random()}").gauss(0, 3))
    experiment = desk(list(days)[1:])
    results, found = select_best(experiment, "mean days", 0.5)
    assert found.promised and found.best == f"{STAFF}+2" and found.better == "less"
    assert [name for name, _ in found.dropped] == [BASELINE, f"{STAFF}+1"] and found.mean.mean == pytest.approx(11, 0.1)
    assert len(results.replications(BASELINE)) < len(results.replications(found.best))
    assert found.best in str(found) and "95%" in str(found) and found.replications == len(results)
    _, worst = select_best(experiment, MEAN, 0.5, better="more")
    assert worst.best == BASELINE
    _, early = select_best(experiment, MEAN, 0.001, budget=60)
    assert not early.promised and "nothing is promised" in str(early)


def test_an_experiment_of_the_engine_finds_the_larger_staff() -> None:
    _, found = select_best(desk([f"{STAFF}+1", f"{STAFF}-0"]), "mean days", 0.002, first=5, budget=300)
    assert found.best == f"{STAFF}+1" and found.promised
    alone = run_experiment(desk([f"{STAFF}+1", f"{STAFF}-0"]), 5)
    assert found.mean.mean == pytest.approx(alone.mean(f"{STAFF}+1", MEAN).mean, rel=0.5)


def test_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    out_of_a_hat(monkeypatch, lambda name, luck: luck.random())
    for options, words in (
        ({"key": "busy, desk"}, "whether more or less"),
        ({"key": "mean dais"}, "did you mean 'mean days'"),
        ({"key": "mean days, lys to nor"}, "no figure"),
        ({"indifference": 0}, "worth detecting"),
        ({"probability": 0.5}, "guessing"),
        ({"budget": 5}, "at least 20"),
        ({"first": 1}, "at least 2"),
    ):
        given = {"key": "mean days", "indifference": 1.0, **options}
        with pytest.raises(UsageError, match=words):
            select_best(desk(), **given)
    with pytest.raises(UsageError, match="at least one alternative"):
        select_best(desk([]), "mean days", 1.0)
