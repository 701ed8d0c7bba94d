"""Intervals: against printed tables, against scipy, and by their promise."""

from __future__ import annotations

import math
import random

import pytest

from sim.record.statistics import Interval, mean_interval, paired_difference, student_quantile

PRINTED = {
    (0.975, 1): 12.706,
    (0.975, 4): 2.776,
    (0.975, 9): 2.262,
    (0.975, 30): 2.042,
    (0.995, 2): 9.925,
    (0.995, 5): 4.032,
    (0.95, 10): 1.812,
    (0.975, 120): 1.980,
}
"""Student's t as printed tables have it (for example NIST/SEMATECH e-Handbook, 1.3.6.7.2)."""


@pytest.mark.parametrize(("key", "value"), PRINTED.items())
def test_quantiles_of_printed_tables(key: tuple[float, int], value: float) -> None:
    assert student_quantile(*key) == pytest.approx(value, abs=0.0006)
    assert student_quantile(1 - key[0], key[1]) == pytest.approx(-value, abs=0.0006)


def test_quantiles_of_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    for freedom in (1, 2, 3, 7, 24, 199):
        for probability in (0.6, 0.9, 0.975, 0.999):
            assert student_quantile(probability, freedom) == pytest.approx(stats.t.ppf(probability, freedom), rel=1e-9)


def test_refusals() -> None:
    for bad in ((0.0, 3), (1.0, 3), (0.9, 0)):
        with pytest.raises(ValueError, match="probability"):
            student_quantile(*bad)


def test_intervals_by_hand() -> None:
    interval = mean_interval([1.0, 2.0, 3.0, 4.0, 5.0])
    assert interval.mean == 3 and interval.half_width == pytest.approx(2.776 * math.sqrt(2.5 / 5), abs=0.001)
    assert 3 in interval and 5.5 not in interval and interval.low < 2 < 4 < interval.high
    assert mean_interval([2.0]).half_width == math.inf and math.isnan(mean_interval([]).mean)
    difference = paired_difference([10.0, 20.0, 30.0], [11.0, 21.0, 31.0])
    assert difference == Interval(1.0, 0.0, 0.95, 3)


def test_ninety_five_per_cent_means_it() -> None:
    """Of 2,000 intervals from five normal values each, about 95 in 100 cover the mean (binomial 99.9 % limits)."""
    chance = random.Random(7)
    covered = sum(10.0 in mean_interval([chance.gauss(10, 3) for _ in range(5)]) for _ in range(2_000))
    assert 0.934 < covered / 2_000 < 0.966
