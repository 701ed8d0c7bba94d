"""Sequential stopping: reaches its half-width, keeps to its budget, covers what it promises."""

from __future__ import annotations

import pytest

from sim.errors import UsageError
from sim.model.measures import Key
from sim.policy.experiments.experiment import BASELINE
from sim.policy.experiments.stopping import Target, run_until
from sim.record.statistics import mean_interval
from tests.policy.experiments import MEAN, STAFF, desk, out_of_a_hat


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("mean days±2", Target(MEAN, 2)),
        ("p90 days, lys to nor ± 0.5", Target(Key("p90 days", "lys to nor"), 0.5)),
        ("mean days+-5%", Target(MEAN, 0.05, True)),
        ("within deadline +/- 1 %", Target(Key("within deadline"), 0.01, True)),
    ],
)
def test_targets_in_words(words: str, target: Target) -> None:
    assert Target.of(words) == target == Target.of(target)
    assert Target.of(str(target)) == target


def test_it_stops_when_the_interval_is_as_narrow_as_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A difference with standard deviation 5 wants about (2 x 5 / 1)² = 100 replications for a half-width of 1."""
    out_of_a_hat(monkeypatch, lambda name, luck: 50 + luck.gauss(0, 20) + (name != BASELINE) * (luck.gauss(-3, 5)))
    results, stopping = run_until(desk(), ["mean days±1"])
    assert stopping.met and 60 < stopping.replications < 150
    assert results.difference(f"{STAFF}+1", MEAN).half_width <= 1
    assert stopping.reached[0].interval == results.difference(f"{STAFF}+1", MEAN)
    rough, few = run_until(desk(), ["mean days±10%"])
    assert few.replications < stopping.replications
    assert rough.difference(f"{STAFF}+1", MEAN).half_width <= 0.1 * rough.mean(BASELINE, MEAN).mean
    assert "as narrow as wanted" in str(few)


def test_every_interval_has_to_be_narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    spread = {f"{STAFF}+1": 1.0, f"{STAFF}+2": 9.0}
    out_of_a_hat(monkeypatch, lambda name, luck: 50 + luck.gauss(0, 1) * spread.get(name, 0.0))
    results, stopping = run_until(desk(list(spread)), ["mean days±1"])
    assert stopping.met and len(stopping.reached) == 2
    assert all(results.difference(name, MEAN).half_width <= 1 for name in spread)


def test_the_budget_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    out_of_a_hat(monkeypatch, lambda name, luck: luck.gauss(0, 100))
    results, stopping = run_until(desk([]), ["mean days±0.1"], budget=37)
    assert not stopping.met and stopping.replications == 37 == len(results.replications(BASELINE))
    assert "the budget" in str(stopping) and "mean duration" in str(stopping)


@pytest.mark.slow
def test_intervals_after_stopping_cover_what_they_promise(monkeypatch: pytest.MonkeyPatch) -> None:
    """200 sequential experiments with a known mean; a little is lost by looking early (Law 2015, 9.4.1)."""
    out_of_a_hat(monkeypatch, lambda name, luck: luck.expovariate(1 / 10))
    covered = 0
    for seed in range(200):
        results, stopping = run_until(desk([], seed=seed), ["mean days±10%"], budget=2_000)
        assert stopping.met
        covered += 10 in mean_interval(list(results.values(BASELINE, MEAN).values()))
    assert covered / 200 >= 0.9


def test_nothing_that_varied_is_no_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    """An effect in one replication of ten: ten without it are no proof that there is none."""
    out_of_a_hat(monkeypatch, lambda name, luck: 50 + (20.0 if name != BASELINE and luck.random() < 0.1 else 0.0))
    for seed in range(30):
        _results, stopping = run_until(desk([f"{STAFF}+1"], seed=seed), ["mean days±5"], budget=200)
        assert stopping.reached[0].interval.half_width > 0 or stopping.replications >= 50
    out_of_a_hat(monkeypatch, lambda name, luck: 50.0)
    _results, stopping = run_until(desk([f"{STAFF}+1"]), ["mean days±5"], budget=200)
    assert (
        stopping.met and stopping.replications == 50 and "the same in every replication: mean duration" in str(stopping)
    )


def test_the_engine_stops_too_and_by_itself() -> None:
    results, stopping = run_until(desk(years=0.01), ["busy, desk±3"], first=4, budget=60)
    assert stopping.met
    assert results.difference(f"{STAFF}+1", Key("busy", "desk")).half_width <= 3


def test_refusals() -> None:
    for words in ("mean days", "mean days±0", "±2", "mean days±two"):
        with pytest.raises(UsageError, match="is no target"):
            Target.of(words)
    with pytest.raises(UsageError, match="say which figure"):
        run_until(desk(), [])
    with pytest.raises(UsageError, match="at least 10"):
        run_until(desk(), ["mean days±1"], budget=5)
    with pytest.raises(UsageError, match="no figure 'mean dais'"):
        run_until(desk(), ["mean dais±1"], first=2)
