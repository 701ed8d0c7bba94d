"""Warm-ups: found where a series begins low, none where it does not, an error where it never settles."""

from __future__ import annotations

import math
import random
from pathlib import Path

import pytest

from sim.engine.simulation import simulate
from sim.errors import UsageError
from sim.model.durations import WEEK, YEAR
from sim.policy.experiments.comparison import compare
from sim.policy.experiments.experiment import Experiment
from sim.policy.experiments.warm_up import find_warm_up, mser5, weekly
from tests.engine import small


def test_a_series_that_rises_is_cut_where_it_has_risen() -> None:
    chance = random.Random(1)
    series = [100 * (1 - math.exp(-week / 20)) + chance.gauss(0, 2) for week in range(400)]
    found = mser5(series)
    assert found is not None and found % 5 == 0 and 40 <= found <= 120


def test_little_is_cut_where_nothing_is_wrong() -> None:
    """White 1997: from a stationary series MSER-5 takes little away."""
    chance = random.Random(2)
    cut = [mser5([chance.gauss(0, 1) for _ in range(400)]) for _ in range(50)]
    assert sum(point is not None and point <= 40 for point in cut) >= 40
    assert mser5([7.0] * 100) == 0


def test_a_series_that_never_settles_has_no_answer() -> None:
    assert mser5([float(week) for week in range(200)]) is None
    assert mser5([1.0] * 90) is None, "too short to tell"


def test_by_hand() -> None:
    """The definition, point by point."""
    chance = random.Random(3)
    series = [chance.gauss(0 if week < 30 else 10, 1) for week in range(150)]
    means = [sum(series[at : at + 5]) / 5 for at in range(0, 150, 5)]

    def mser(point: int) -> float:
        rest = means[point:]
        middle = sum(rest) / len(rest)
        return sum((value - middle) ** 2 for value in rest) / len(rest) ** 2

    best = min(range(len(means) - 5), key=mser)
    assert mser5(series) == 5 * best and best in (6, 7)


def slow_world(folder: Path):  # type: ignore[no-untyped-def]
    """Requests that take half a year each: it takes about that long until as many are under way as usual."""
    return small.world(
        folder,
        offices={"desk": small.office(1)},
        stages={"away": small.wait("26 weeks")},
        demand={"requests": small.flow(per_year=400)},
    )


def test_weeks_are_counted(tmp_path: Path) -> None:
    log = simulate(slow_world(tmp_path), until=60 * WEEK, seed=1)
    under_way, days = weekly(log)
    assert len(under_way) == len(days) == 60
    at = 40 * WEEK - 1
    present = sum(
        arrived <= at and not 0 <= left <= at
        for arrived, left in zip(log.request_arrived, log.request_left, strict=True)
    )
    assert under_way[39] == present and days[50] == pytest.approx(26 * 7) and days[10] == 0


def test_a_world_that_fills_slowly_gets_its_warm_up(tmp_path: Path) -> None:
    world = slow_world(tmp_path)
    experiment = Experiment.of(world, ["world/small/procedures/way/stages/away/takes*0.5"], years=4)
    found = find_warm_up(experiment, pilots=5)
    slow, quick = found.by_alternative.values()
    assert 20 * WEEK / YEAR <= slow == found.years <= 50 * WEEK / YEAR
    assert quick < slow and "MSER-5" in str(found) and "as it is" in str(found) and found.restless == ()


def test_pilots_grow_until_a_series_settles(tmp_path: Path) -> None:
    """78 weeks are too long to be seen in two years, but not in four."""
    slower = Experiment.of(slow_world(tmp_path), ["world/small/procedures/way/stages/away/takes*3"], years=2)
    seen: list[tuple[int, int]] = []
    found = find_warm_up(slower, pilots=2, shortest=1, progress=lambda *p: seen.append(p))
    assert found.length == 4 and 78 * WEEK / YEAR <= found.years <= 2
    assert seen == [(done, 4) for done in (1, 2, 3, 4)] * 2


def test_more_work_than_can_be_done_never_settles(tmp_path: Path) -> None:
    overrun = small.world(
        tmp_path,
        offices={"desk": small.office(1)},
        stages={"service": small.work("desk", {"exponential": "3 days"})},
        demand={"requests": small.flow(per_year=200)},
    )
    with pytest.raises(UsageError, match="'as it is' has not settled within 4 years"):
        find_warm_up(Experiment.of(overrun, years=1), pilots=2, shortest=1)


def test_what_piles_up_never_settles(tmp_path: Path) -> None:
    """One request in fifty is never answered: durations do not hear of it, the number under way does."""
    piling = small.world(
        tmp_path,
        offices={"desk": small.office(1)},
        stages={
            "away": small.wait("2 weeks", then=[{"to": "forgotten", "chance": "lost"}, {"to": "done"}]),
            "forgotten": small.wait("5000 weeks"),
        },
        demand={"requests": small.flow(per_year=400)},
        chances={"lost": 0.02},
    )
    with pytest.raises(UsageError, match="'as it is' has not settled within 8 years"):
        find_warm_up(Experiment.of(piling, years=2), pilots=3, shortest=1)


def test_busy_desks_go_up_and_down_and_that_is_said(tmp_path: Path) -> None:
    """At 92 % of what four people can do, the queue wanders for years, but does not grow."""
    busy = small.world(
        tmp_path,
        offices={"desk": small.office(4)},
        stages={
            "away": small.wait({"exponential": "20 weeks"}, then="service"),
            "service": small.work("desk", {"exponential": "5 days"}),
        },
        demand={"requests": small.flow(per_year=270)},
    )
    found = [find_warm_up(Experiment.of(busy, years=4, seed=seed)) for seed in (1, 2, 3)]
    assert all(0.4 <= one.years <= one.length / 2 for one in found), "away takes 20 weeks, of which most are seen"
    assert [one.restless for one in found].count(("as it is",)) >= 2
    assert "still go up and down, by less than a tenth, in: as it is" in str(found[0])


def test_a_comparison_finds_its_own(tmp_path: Path) -> None:
    world = slow_world(tmp_path)
    change = "world/small/procedures/way/stages/away/takes*0.5"
    result = compare(world, [change], replications=2, years=3, warm_up="found")
    assert result.warm_up is not None and result.experiment.warm_up == result.warm_up.years > 0.3
    assert "MSER-5" in str(result)
    stock = next(f for f in result.figures if f.key.measure == "open at the end")
    assert stock.before.mean == pytest.approx(200, rel=0.3)
