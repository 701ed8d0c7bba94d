"""Tables in the terminal: right figures, honest dashes, eighty columns."""

from __future__ import annotations

import io
import math
import re
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

import sim
from sim.i18n import joined
from sim.model.measures import ALL, Key, measure_of
from sim.policy.experiments.alternatives import Alternative, setting
from sim.policy.experiments.comparison import Comparison, Failure
from sim.policy.experiments.experiment import Experiment, Results
from sim.policy.verification.verification import TheoryResult
from sim.record.changes import Change
from sim.record.claims import ClaimResult
from sim.record.statistics import Interval
from sim.views.terminal import tables


def shown(show: Any, what: Any, width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    show(what, console)
    assert isinstance(console.file, io.StringIO)
    words = console.file.getvalue()
    assert all(len(line) <= width for line in words.splitlines())
    return words


def line(words: str, start: str) -> list[str]:
    """Cells of the row that starts so, without its start."""
    row = next(row for row in words.splitlines() if row.strip().startswith(start))
    return row.strip().removeprefix(start).split()


def between(mean: float, half_width: float) -> Interval:
    return Interval(mean, half_width, 0.95, 10)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0.00"), (1.234, "1.23"), (9.994, "9.99"), (12.34, "12.3"), (1234.5, "1,234"), (-12.34, "-12.3"),
        (-3500.0, "-3,500"), (7, "7.00"), (math.nan, "–"), (math.inf, "–"), (-math.inf, "–"),
    ],
)  # fmt: skip
def test_a_figure_has_the_digits_it_deserves(value: float, words: str) -> None:
    assert tables.number(value) == words


def test_figures_of_a_run() -> None:
    run = sim.run("queue-mm1", years=0.05, seed=3)
    words = shown(tables.show_kpis, run)
    assert run.scenario.title in words.replace("\n", " ") and "seed 3" in words
    for name, value in run.kpis().rows():
        assert line(words, str(name)) == [tables.number(value)]
    for office in run.kpis().offices:
        cells = line(words, office.id)
        assert cells[0] == str(office.staff) and cells[-1] == str(office.visits)
        assert cells[1] == tables.number(100 * office.utilisation)


def figure(
    name: str, measure: str, before: Interval, after: Interval, d: Interval, of: str = ALL, family: Any = "headline"
) -> Change:
    wider = Interval(d.mean, 2 * d.half_width, 0.99, d.count)
    title = joined([of])
    return Change(Key(measure, of), before, after, d, wider, measure_of(Key(measure)).better, name, family, title)


ONE_MORE = setting("world/queue-mm1/offices/desk/staff+1")
COMPARISON = Comparison(
    results=Results(
        Experiment.of(
            "queue-mm1", [Alternative("e-transmission", (), (setting("world/queue-mm1/offices/desk/staff+1"),))]
        )
    ),
    level=0.95,
    figures=(
        figure("e-transmission", "mean days", between(221.5, 5), between(200.0, 5), between(-21.5, 3.25)),
        figure("e-transmission", "refused", between(8.1, 1), between(8.0, 1), between(-0.1, 0.5)),
        figure("e-transmission", "mean days", between(9, 1), between(10, 1), between(1, 0.1), "[a] to b", "corridor"),
        figure("e-transmission", "p90 days", between(9, 1), between(8, 1), between(-1, 0.7)),
        figure("both [levers]", "mean days", between(1, 1), between(math.nan, 1), between(math.nan, 1)),
    ),
    failures=(Failure("e-transmission", 4, "[red]no[/red] staff", "mlasim run meridian --replication 4"),),
    replications=10,
)


def test_a_comparison_shows_differences_with_intervals() -> None:
    words = shown(tables.show_comparison, COMPARISON, 100)
    assert "10 replications of 2 years, seed 1" in words and "95%" in words and "Bonferroni" in words
    row = line(words, "mean duration (days)")
    assert row == ["221.5", "200.0", "-21.5", "-28.0", "…", "-15.0"]
    assert line(words, "refused (%)")[2:] == ["-0.10", "points", "-1.10", "…", "+0.90"]
    assert words.index("mean days, by corridor") < words.index("[a] to b")
    assert "Clearly slower: [a] to b (+1.0 days)" in words
    assert words.index("e-transmission") < words.index("both [levers]")


def test_a_failed_replication_is_named_with_its_command() -> None:
    words = shown(tables.show_comparison, COMPARISON, 100)
    assert "failed: e-transmission, replication 4: [red]no[/red] staff" in words
    assert "mlasim run meridian --replication 4" in words


def test_only_clear_differences_are_bold() -> None:
    console = Console(file=io.StringIO(), width=100, force_terminal=True, color_system="standard", highlight=False)
    tables.show_comparison(COMPARISON, console)
    assert isinstance(console.file, io.StringIO)
    words = console.file.getvalue()
    assert re.search(r"\x1b\[1m *-21\.5", words) and re.search(r"-0\.10", words)
    assert not re.search(r"\x1b\[1m *-0\.10", words)
    assert not re.search(r"\x1b\[1m *-1\.00", words), "clear for itself, but not among so many"


def test_theory_says_pass_and_fail() -> None:
    good = TheoryResult("M/M/1", "mean wait, days", 4.0, "a book", 4.01, 0.05, 0.99, True)
    bad = TheoryResult("M/M/c", "mean wait, days", 2.0, "a book", 3.0, 0.05, 0.99, False)
    words = shown(tables.show_theory, [good, bad], 100)
    assert line(words, "M/M/1")[-1] == "pass" and line(words, "M/M/c")[-1] == "FAIL"


def test_misses_of_calibration_are_said_plainly() -> None:
    def claim(title: str, *published: float, fitted: bool = False) -> Any:
        return SimpleNamespace(title=title, published=published, fitted=fitted)

    hit = ClaimResult(claim("Days, incoming", 150, 180, fitted=True), between(160, 4), True)
    miss = ClaimResult(claim("Open [stock]", 4000), between(3000, 40), False)
    words = shown(tables.show_calibration, [hit, miss], 100)
    assert line(words, "Days, incoming") == ["150–180", "160.0", "±", "4.00", "yes", "agrees"]
    assert line(words.split("published figures")[1], "Open [stock]")[-2:] == ["no", "MISSES"]
    assert "1 of 2 published figures agree." in words
    assert "Open [stock]: misses 4000 by -25 % (not fitted)" in words
