"""Costs at the world's prices, euro for a day saved with an honest interval, and the alternatives worth their money."""

from __future__ import annotations

import math
import random
import re
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import pytest
from pydantic import ValidationError

from sim.errors import ScenarioError, UsageError
from sim.i18n import say
from sim.model.loading import available, load_lever
from sim.model.measures import ALL, Key
from sim.model.world import Cost, Lever
from sim.policy.economics.cost_effectiveness import Price, days_saved, frontier, in_words, worth_of
from sim.policy.economics.costs import Range, bill_of
from sim.policy.economics.ratios import ratio_interval
from sim.policy.experiments.alternatives import BASELINE, Alternative, setting
from sim.policy.experiments.experiment import Experiment
from sim.policy.experiments.results import Observation, Results
from sim.record.statistics import Interval, student_quantile
from tests.policy.policy_world import MORE_WORK, WIRE, quick_world, tried

GUESS = {"assumption": "a test"}
PRICES = {
    "staff year": {"all": [40_000, 100_000], "central-authority": 80_000},
    "translated word": [0.1, 0.3],
    "introductions last": 4,
    "hours in a year": 2_000,
    "origins": {"all": "assumption: a test"},
}


def costing(lever: Lever, *costs: dict[str, Any], **more: Any) -> Lever:
    made = tuple(Cost.model_validate({"title": "Something", "origin": GUESS, **cost}) for cost in costs)
    return lever.model_copy(update={"costs": made, **more})


def yearly(folder: Path, *costs: dict[str, Any], **more: Any) -> Range:
    lever = costing(WIRE, *costs)
    return bill_of(Experiment.of(quick_world(folder, prices=PRICES), [lever], **more), "wire").yearly


# Costs


@pytest.mark.parametrize(
    ("cost", "expected"),
    [
        ({"yearly": 1_000}, (1_000, 1_000)),
        ({"once": [4_000, 8_000]}, (1_000, 2_000)),
        ({"yearly": [1, 2], "for each": "State"}, (2, 4)),
        ({"yearly": 10, "for each": "office"}, (40, 40)),
        ({"yearly": 10, "for each": "office", "role": "prosecution"}, (20, 20)),
        ({"yearly": 10, "for each": "member of staff", "role": "central-authority"}, (20, 20)),
        ({"yearly": 1, "for each": "request"}, (370, 370)),
        ({"yearly": 1_000, "in": "translated words"}, (100, 300)),
        ({"yearly": [0.5, 1], "in": "staff years", "role": "prosecution"}, (20_000, 100_000)),
        ({"yearly": 100, "in": "staff hours", "role": "central-authority"}, (4_000, 4_000)),
    ],
)
def test_a_cost_is_an_amount_times_a_number_times_a_price(tmp_path: Path, cost: Any, expected: Any) -> None:
    found = yearly(tmp_path, cost)
    assert (found.low, found.high) == pytest.approx(expected)


def test_staff_that_changes_add_is_reckoned_by_itself(tmp_path: Path) -> None:
    world = quick_world(tmp_path, prices=PRICES)
    at = "world/small/offices"
    names = [f"{at}/lys-central/staff+2", f"{at}/nor-prosecution/staff=3", f"{at}/*/staff+1"]
    experiment = Experiment.of(world, [Alternative(n, settings=(setting(n),)) for n in names])
    bills = [bill_of(experiment, name) for name in names]
    assert [(b.yearly.low, b.yearly.high) for b in bills] == [
        (160_000, 160_000),
        (80_000, 200_000),
        (240_000, 360_000),
    ]
    assert [str(line.title) for line in bills[2].lines] == ["+2 staff, central authority", "+2 staff, prosecution"]
    assert {line.mark for bill in bills for line in bill.lines} == {"assumption"}


def test_fewer_staff_saves_what_more_would_cost(tmp_path: Path) -> None:
    world = quick_world(tmp_path, prices=PRICES)
    up, down = (setting(f"world/small/offices/nor-prosecution/staff{how}") for how in ("+1", "+1"))
    down = down.model_copy(update={"plus": -1.0})
    world = Alternative("x", settings=(up,)).applied(world)
    bill = bill_of(Experiment.of(world, [Alternative("fewer", settings=(down,))]), "fewer")
    assert (bill.yearly.low, bill.yearly.high) == (-100_000, -40_000)
    assert Range(-2, 3).times(Range(-5, 7)) == Range(-15, 21)


def test_what_is_introduced_bit_by_bit_costs_as_much_of_it_as_is_there(tmp_path: Path) -> None:
    quick = costing(WIRE, {"yearly": 1_000}, roll_out=None)
    slow = costing(MORE_WORK, {"once": 4_000}, roll_out=load_lever("e-transmission").roll_out)
    world = quick_world(tmp_path, prices=PRICES)
    found = {}
    for years in (1, 4):
        bill = bill_of(Experiment.of(world, [[quick, slow]], years=years, roll_out=True), "wire + more-work")
        found[years] = [(str(line.title), line.lever, line.reached) for line in bill.lines]
    assert found[1] == [
        ("Something", "wire", 1),
        ("Something", "more-work", 0.25),
        ("+1 staff, central authority", "", 0.25),
    ]
    assert [reached for _, _, reached in found[4]] == [1, 0.75, 0.75]
    assert bill.yearly.low == pytest.approx(1_000 + 0.75 * (1_000 + 80_000))
    assert (bill.once.low, bill.running.low) == (4_000, 81_000)


def test_what_has_no_price_is_said(tmp_path: Path) -> None:
    silent = quick_world(tmp_path)
    with pytest.raises(UsageError, match="no price for a staff year of the role 'central-authority'"):
        bill_of(Experiment.of(silent, [MORE_WORK]), "more-work")
    words = costing(WIRE, {"yearly": 1, "in": "translated words"})
    with pytest.raises(UsageError, match="no price for a translated word"):
        bill_of(Experiment.of(silent, [words]), "wire")
    assert bill_of(Experiment.of(silent, [WIRE]), "wire").silent == ("wire",), "no figures is not the same as no cost"
    with pytest.raises(UsageError, match="no alternative"):
        bill_of(Experiment.of(silent, [WIRE]), BASELINE)


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        ({"once": 1, "yearly": 1}, "one of once, yearly"),
        ({}, "one of once, yearly"),
        ({"yearly": [2, 1]}, r"write \[1, 2\]"),
        ({"yearly": 1, "in": "staff hours"}, "but of whom"),
    ],
)
def test_a_cost_that_says_too_little_or_too_much(cost: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        costing(WIRE, cost)
    findings = [f for error in caught.value.errors() for f in error["ctx"]["findings"]]
    assert any(re.search(said, f"{f.message} {f.hint}") for f in findings)


def test_prices_need_origins(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no origin for: translated word"):
        quick_world(tmp_path, prices={"translated word": 0.2})


def test_every_shipped_lever_says_what_it_costs() -> None:
    for name in available("lever"):
        lever = load_lever(name)
        assert lever.costs, f"{name} gives no figures"
        assert all(cost.origin.source for cost in lever.costs)


# Fieller


def test_the_interval_holds_just_the_ratios_that_cannot_be_told_from_zero() -> None:
    """The definition: r is inside if the mean of x - r y does not differ from zero (Fieller 1954)."""
    chance = random.Random(3)
    ys = [chance.gauss(5, 2) for _ in range(12)]
    xs = [2 * y + chance.gauss(0, 3) for y in ys]
    found = ratio_interval(xs, ys)
    t = student_quantile(0.975, 11)
    for step in range(-40, 41):
        r = found.value + step * (found.high - found.low) / 40
        left = [x - r * y for x, y in zip(xs, ys, strict=True)]
        assert (r in found) == (abs(fmean(left)) <= t * stdev(left) / math.sqrt(12))
    assert found.bounded and found.low < found.value < found.high


def test_without_a_clear_gain_there_is_no_interval() -> None:
    assert not ratio_interval([100.0] * 5, [-1.0, 2.0, 0.5, -0.5, 1.0]).bounded
    assert not ratio_interval([100.0], [2.0]).bounded and math.isnan(ratio_interval([], []).value)
    exact = ratio_interval([100.0] * 5, [2.0] * 5)
    assert (exact.low, exact.value, exact.high) == (50, 50, 50)


def test_it_covers_as_often_as_it_says() -> None:
    """2,000 experiments of six replications with a known ratio of 3, the two correlated."""
    chance, hits = random.Random(11), 0
    for _ in range(2_000):
        ys = [chance.gauss(10, 4) for _ in range(6)]
        xs = [30 + 2 * (y - 10) + chance.gauss(0, 5) for y in ys]
        found = ratio_interval(xs, ys)
        hits += 3 in found
    assert 0.93 <= hits / 2_000 <= 0.97


# Worth


def test_euro_for_a_day_saved(tmp_path: Path) -> None:
    """A wire that saves 4.8 days of each request, and nothing else, at a known cost."""
    lever = costing(WIRE, {"yearly": [10_000, 20_000]})
    results = tried(tmp_path, lever, years=1, replications=5)
    saved = list(days_saved(results, "wire").values())
    answered = list(results.values("wire", Key("answered a year")).values())
    # The queue behind the road differs a little, because requests come to it earlier by the same time.
    assert fmean(saved) == pytest.approx(4.8 * fmean(answered), rel=0.25)
    worth = worth_of(results, "wire")
    assert worth.per_day.clear and worth.of == ALL
    assert worth.per_day.least.value == pytest.approx(10_000 / fmean(saved))
    assert worth.per_day.most.value == pytest.approx(20_000 / fmean(saved))
    assert worth.per_day.low < worth.per_day.least.value < worth.per_day.most.value < worth.per_day.high
    assert "euro for each day saved (95 % intervals from" in str(worth.words)
    assert worth.in_time is not None and 0 in worth.in_time, "the deadline was kept before"
    assert worth.per_request_in_time is not None and not worth.per_request_in_time.clear


def test_words_claim_no_more_than_the_data() -> None:
    def words(cost: float, *gains: float) -> str:
        ratio = ratio_interval([cost] * len(gains), gains)
        return str(in_words(Price(ratio, ratio), Interval(fmean(gains), 0, 0.95, len(gains)), say("day saved")))

    assert words(100, -1, 1, 3) == "no price: the effect is not clear"
    assert words(100, -10, -11, -9) == "no price: it makes things worse"
    assert words(-100, 10, 10, 10) == "it saves 10 to 10 euro for each day saved, and costs nothing"
    assert words(100, 10, 10, 10).startswith("10 to 10 euro for each day saved")


def test_a_change_nobody_has_priced_is_not_free(tmp_path: Path) -> None:
    """Fewer requests cost nothing that stands in a file; that is no price, and no place on a frontier."""
    fewer = "world/small/demand/*/per year*0.8"
    results = tried(tmp_path, fewer, "world/small/offices/nor-central/staff+1", years=1, replications=3, prices=PRICES)
    worth = worth_of(results, fewer)
    assert worth.bill.silent == (fewer,) and str(worth.words) == "no price: its costs are not all known"
    assert worth_of(results, "world/small/offices/nor-central/staff+1").bill.silent == (), "staff has a price"
    assert fewer not in {point.alternative for point in frontier(results)}


# The frontier


def made_up(folder: Path, **alternatives: tuple[Any, float, float]) -> Results:
    """Results with chosen yearly costs, and days saved a year by chosen means that differ by ``spread``."""
    levers = [costing(WIRE, {"yearly": cost}, id=name, title=name) for name, (cost, _, _) in alternatives.items()]
    results = Results(Experiment.of(quick_world(folder), levers))
    for replication in range(4):
        for name, gained, spread in [(BASELINE, 0.0, 0.0), *((n, g, s) for n, (_, g, s) in alternatives.items())]:
            figures = {
                Key("mean days"): 50 - (gained + spread * (replication - 1.5)) / 100,
                Key("answered a year"): 100.0,
            }
            results.add(Observation(name, replication, figures, "00" * 32))
    return results


def test_the_frontier_and_who_is_dominated(tmp_path: Path) -> None:
    results = made_up(
        tmp_path,
        cheap=(100, 10, 0.1),
        dear=(1_000, 40, 0.1),
        worse=(1_200, 30, 0.1),
        hardly=([900, 1_300], 39.9, 9),
        between=(700, 20, 0.1),
        harmful=(50, -5, 0.1),
    )
    points = {point.alternative: point for point in frontier(results)}
    assert list(points) == [BASELINE, "harmful", "cheap", "between", "dear", "hardly", "worse"]
    on = [name for name, point in points.items() if not point.dominated_by]
    assert on == [BASELINE, "cheap", "dear"]
    assert points["cheap"].per_further == pytest.approx(10) and points["dear"].per_further == pytest.approx(30)
    assert points["worse"].dominated_by == ("dear",) and points["worse"].clearly
    assert points["hardly"].dominated_by == ("dear",) and not points["hardly"].clearly
    assert points["between"].dominated_by == ("cheap", "dear"), "a mix of the two gains as much for less"
    assert points["harmful"].dominated_by == (BASELINE,) and points["harmful"].clearly


def test_what_saves_money_and_days_dominates_the_world_as_it_is(tmp_path: Path) -> None:
    points = {point.alternative: point for point in frontier(made_up(tmp_path, free=(-100, 10, 0.1)))}
    assert points[BASELINE].dominated_by == ("free",) and points[BASELINE].clearly
    assert points["free"].per_further is None and not points["free"].dominated_by
