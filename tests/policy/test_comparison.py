"""Comparisons: paired by luck, the same serially and in processes, honest about failures."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor

import pytest

import sim
from sim.errors import UsageError
from sim.model import load
from sim.policy import comparison
from sim.policy.comparison import compare
from tests.policy.test_levers import lever, office


@pytest.fixture
def one_more(monkeypatch: pytest.MonkeyPatch):
    """A lever `one-more` that adds a server to the M/M/1 queue."""
    world = load("queue-mm1")
    name, _ = office(world)
    change = lever({"at": f"world/queue-mm1/offices/{name}/staff", "plus": 1}, id="one-more")
    monkeypatch.setattr("sim.policy.levers.load_lever", lambda what: change)
    return world


def test_one_more_server_shortens_the_queue(one_more) -> None:
    result = compare(one_more, ["one-more"], replications=5, years=0.1, seed=2)
    mean = next(f for f in result.figures if f.figure.startswith("days from start to end, mean"))
    assert mean.difference.mean < 0 and mean.clear
    assert mean.difference.mean == pytest.approx(mean.value.mean - mean.baseline.mean)
    table = result.table()
    assert {"difference", "half-width", "low", "high"} <= set(table.columns)
    assert "one-more" in str(result)


def test_same_luck_narrows_the_difference(one_more) -> None:
    """The paired interval is narrower than that of independent runs would be (common random numbers)."""
    result = compare(one_more, ["one-more"], replications=8, years=0.1, seed=5)
    mean = next(f for f in result.figures if f.figure.startswith("days from start to end, mean"))
    independent = (mean.value.half_width**2 + mean.baseline.half_width**2) ** 0.5
    assert mean.difference.half_width < independent


def test_processes_agree_with_serial(one_more) -> None:
    serial = compare(one_more, ["one-more"], replications=3, years=0.05)
    with ProcessPoolExecutor(2) as executor:
        parallel = compare(one_more, ["one-more"], replications=3, years=0.05, executor=executor)
    assert parallel.figures == serial.figures


def test_a_failed_replication_is_a_row(one_more, monkeypatch: pytest.MonkeyPatch) -> None:
    real = comparison.simulate

    def fails_once(scenario, **options):
        if options["replication"] == 1 and scenario.levers:
            raise RuntimeError("on purpose")
        return real(scenario, **options)

    monkeypatch.setattr(comparison, "simulate", fails_once)
    seen = []
    result = compare(one_more, ["one-more"], replications=3, years=0.05, progress=lambda *p: seen.append(p))
    assert [(f.alternative, f.replication) for f in result.failures] == [("one-more", 1)]
    assert "on purpose" in result.failures[0].reason and "--replication 1" in result.failures[0].command
    assert result.figures and seen[-1] == (6, 6)


def test_refusals(one_more) -> None:
    with pytest.raises(UsageError, match="at least 2"):
        compare(one_more, ["one-more"], replications=1)
    with pytest.raises(UsageError, match="at least one lever"):
        compare(one_more, [])
    with pytest.raises(UsageError, match="years"):
        compare(one_more, ["one-more"], years=0)
    with pytest.raises(UsageError, match="needs a world"):
        compare("silent-harbour", ["one-more"])


@pytest.mark.slow
def test_electronic_transmission_saves_days_in_meridian() -> None:
    """The first policy answer: quicker transmission shortens requests by courier; its interval leaves zero out."""
    result = sim.compare("meridian", ["e-transmission", "translation-pool"], replications=4, years=1, seed=1)
    by_name = {(f.alternative, f.figure): f for f in result.figures}
    saved = by_name["e-transmission", "days from start to end, mean"].difference
    assert saved.high < 0
    assert not result.failures
