"""Money in the terminal."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from rich.console import Console

from sim.policy.economics.cost_effectiveness import Point
from sim.policy.economics.costs import Range
from sim.record.statistics import Interval
from sim.views.terminal.money_tables import euro, show_money, verdict
from tests.policy.policy_world import MORE_WORK, WIRE, tried
from tests.policy.test_money import PRICES, costing


def test_bills_prices_and_the_frontier_are_shown(tmp_path: Path) -> None:
    wire = costing(WIRE, {"yearly": [10_000, 20_000], "title": "Running the wire"})
    results = tried(tmp_path, wire, MORE_WORK, years=1, replications=3, prices=PRICES)
    console = Console(file=StringIO(), width=160)
    show_money(results, console)
    said = console.file.getvalue()  # type: ignore[attr-defined]
    for words in ("Running the wire", "10,000 … 20,000", "+1 staff, central authority", "80,000", "assumption"):
        assert words in said, words
    assert "euro for each day saved" in said and "further requests answered in time a year" in said
    assert "1 change has no known costs: more-work" in said
    assert said.count("on the frontier") == 2 and "clearly better" not in said, "unknown costs have no place there"


def test_verdicts_and_sums() -> None:
    nothing = Interval(0, 0, 0.95, 3)
    assert verdict(Point("a", Range(), nothing, ("b", "c"))) == "a mix of b, c does better"
    assert verdict(Point("a", Range(), nothing, ("b",))) == "b does better, but not clearly"
    assert (euro(Range()), euro(Range(1_000, 1_000)), euro(Range(-5, 7_000))) == ("–", "1,000", "-5 … 7,000")
