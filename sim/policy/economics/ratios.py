"""The ratio of two means over paired replications, with an honest interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from sim.record.statistics import student_quantile


@dataclass(frozen=True)
class Ratio:
    """A ratio of means and the limits of its interval: infinite where the denominator may well be zero."""

    value: float
    low: float
    high: float
    level: float
    count: int

    @property
    def bounded(self) -> bool:
        """Whether there is an interval. Where there is none, the data do not exclude that nothing is divided by."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


def ratio_interval(numerators: Sequence[float], denominators: Sequence[float], level: float = 0.95) -> Ratio:
    """The mean of ``numerators`` divided by that of ``denominators``, replication by replication.

    Fieller's theorem (Fieller 1954, Journal of the Royal Statistical Society B 16(2)): the interval holds every ratio
    r for which mean(numerators - r * denominators) does not differ from zero. It is bounded only where the mean of
    the denominators itself differs from zero at this level; the limits are infinite otherwise, and for fewer than two
    replications.
    """
    count = len(denominators)
    top, bottom = (fmean(values) if count else math.nan for values in (numerators, denominators))
    value = top / bottom if bottom else math.nan
    if count < 2:
        return Ratio(value, -math.inf, math.inf, level, count)
    t_squared = student_quantile((1 + level) / 2, count - 1) ** 2
    of_top = _covariance(numerators, numerators, top, top)
    of_bottom = _covariance(denominators, denominators, bottom, bottom)
    of_both = _covariance(numerators, denominators, top, bottom)
    a = bottom**2 - t_squared * of_bottom
    if a <= 0:
        return Ratio(value, -math.inf, math.inf, level, count)
    b, c = top * bottom - t_squared * of_both, top**2 - t_squared * of_top
    root = math.sqrt(max(0.0, b * b - a * c))
    return Ratio(value, (b - root) / a, (b + root) / a, level, count)


def _covariance(ones: Sequence[float], others: Sequence[float], one: float, other: float) -> float:
    """Estimated covariance of the two means."""
    products = ((x - one) * (y - other) for x, y in zip(ones, others, strict=True))
    return math.fsum(products) / (len(ones) - 1) / len(ones)
