"""The engine against closed forms of queueing theory, within its own 99 % interval."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor

import pytest

from sim.errors import UsageError
from sim.policy.verification import verification
from sim.policy.verification.verification import Queue, TheoryResult, measure, queues, theory_table
from sim.record.statistics import mean_interval

WIDEST = 0.03
"""Half-width of an interval as a share of the closed form: wider ones would agree with anything."""


@pytest.fixture(scope="module")
def table() -> list[TheoryResult]:
    with ProcessPoolExecutor(2) as executor:
        return theory_table(20, executor=executor)


@pytest.mark.slow
@pytest.mark.parametrize("queue", queues(), ids=lambda queue: queue.world)
def test_the_engine_agrees_with_the_closed_form(queue: Queue, table: list[TheoryResult]) -> None:
    results = [result for result in table if result.name == queue.name]
    assert [result.quantity for result in results] == list(queue.expected)
    for result in results:
        assert result.passed, f"{result.quantity}: {result.simulated} ± {result.half_width}, not {result.closed_form}"
        # The table's rows hold together at 99 %; here each row alone has to hold at 99 %, which is narrower.
        alone = result.half_width * QUANTILE_99 / QUANTILE_TABLE
        assert abs(result.simulated - result.closed_form) <= alone
        assert alone <= WIDEST * result.closed_form


QUANTILE_99 = mean_interval([0.0, 1.0] * 10, 0.99).half_width
QUANTILE_TABLE = mean_interval([0.0, 1.0] * 10, 1 - 0.01 / sum(len(queue.expected) for queue in queues())).half_width


def test_a_wrong_closed_form_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    right = queues()[0]
    ((quantity, value),) = right.expected.items()
    wrong = Queue(right.world, right.name, right.source, {quantity: 1.5 * value})
    monkeypatch.setattr(verification, "queues", lambda: (right, wrong))
    told: list[tuple[int, int]] = []
    results = theory_table(4, requests=4_000, progress=lambda done, of: told.append((done, of)))
    assert [result.passed for result in results] == [True, False]
    assert results[0].simulated == results[1].simulated
    assert results[0].level == pytest.approx(1 - 0.01 / 2)
    assert results[0].source
    assert told == [(done, 8) for done in range(1, 9)]


def test_every_queue_is_shipped_and_stable() -> None:
    from sim.engine.simulation import simulate
    from sim.model.loading import load

    assert len(queues()) >= 5
    for queue in queues():
        log = simulate(load(queue.world), arrivals=2_000, seed=3)
        assert set(queue.expected) <= set(measure(log))
        assert all(value > 0 for value in queue.expected.values())


def test_one_replication_gives_no_interval() -> None:
    with pytest.raises(UsageError, match="at least 2"):
        theory_table(1)
