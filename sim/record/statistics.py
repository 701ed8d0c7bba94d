"""Intervals from independent replications, and the few quantiles they need. Standard library only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist, fmean, stdev
from typing import Literal

Way = Literal["less", "more", "unclear"]

FEW = 5
"""Values below which that they are all alike is no certainty."""
_MANY = 1_000
"""Degrees of freedom from which on a series serves; it is then right to 9 digits."""


@dataclass(frozen=True)
class Interval:
    """A mean over replications and the half-width of its confidence interval."""

    mean: float
    half_width: float
    level: float
    count: int

    @property
    def low(self) -> float:
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        return self.mean + self.half_width

    @property
    def clear(self) -> bool:
        """Whether it leaves zero out; fewer than `FEW` values that happen to be all alike tell nothing of a spread."""
        return not self.low <= 0 <= self.high and (self.half_width > 0 or self.count >= FEW)

    @property
    def way(self) -> Way:
        """What it says of a difference: clearly less than nothing, clearly more, or neither."""
        return "unclear" if not self.clear else "less" if self.mean < 0 else "more"

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


def mean_interval(values: Sequence[float], level: float = 0.95) -> Interval:
    """Student's t interval for the mean of independent replications; infinite for fewer than two.

    The values may be quantiles of one replication each: the interval is then of the quantile that a run of this
    length has on average, and honest about its spread from run to run, with no assumption of what it is like within
    (batching, with replications as batches: Nakayama 2014, ACM TOMACS 24(4), article 20). What a run of a few
    requests has is not what a very long one would have; the difference falls with the number of requests in a run.
    """
    if len(values) < 2:
        return Interval(fmean(values) if values else math.nan, math.inf, level, len(values))
    width = student_quantile((1 + level) / 2, len(values) - 1) * stdev(values) / math.sqrt(len(values))
    return Interval(fmean(values), width, level, len(values))


def paired_difference(before: Sequence[float], after: Sequence[float], level: float = 0.95) -> Interval:
    """Interval for the mean of ``after - before``, replication by replication (common random numbers)."""
    return mean_interval([b - a for a, b in zip(before, after, strict=True)], level)


def simultaneous(level: float, count: int) -> float:
    """The level each of ``count`` intervals needs so that all of them hold at once with ``level`` (Bonferroni 1936;
    as Dunn 1961, Journal of the American Statistical Association 56, uses it). They need not be independent."""
    return 1 - (1 - level) / max(count, 1)


@lru_cache(maxsize=4096)
def student_quantile(probability: float, freedom: int) -> float:
    """Quantile of Student's t distribution with ``freedom`` degrees of freedom.

    The distribution function is the finite sum for whole degrees of freedom (Abramowitz and Stegun 1964, 26.7.3-4);
    it is inverted by bisection, begun at the normal quantile. From a thousand degrees of freedom on it is a series
    (the same, 26.7.5).
    """
    if not 0 < probability < 1 or freedom < 1:
        raise ValueError("a probability between 0 and 1 and at least one degree of freedom are needed")
    if probability < 0.5:
        return -student_quantile(1 - probability, freedom)
    if freedom >= _MANY:
        return _series(NormalDist().inv_cdf(probability), freedom)
    low, high = 0.0, max(1.0, NormalDist().inv_cdf(probability))
    while _student_cdf(high, freedom) < probability:
        low, high = high, 2 * high
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if _student_cdf(middle, freedom) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _series(x: float, freedom: int) -> float:
    terms = (
        (x**3 + x) / 4,
        (5 * x**5 + 16 * x**3 + 3 * x) / 96,
        (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384,
    )
    correction: float = sum(term / freedom**power for power, term in enumerate(terms, 1))
    return x + correction


def _student_cdf(t: float, freedom: int) -> float:
    angle = math.atan(t / math.sqrt(freedom))
    cosine, sine = math.cos(angle), math.sin(angle)
    term, total = 1.0, 1.0
    if freedom % 2:
        total, term = (cosine, cosine) if freedom > 1 else (0.0, 0.0)
        for k in range(3, freedom - 1, 2):
            term *= (k - 1) / k * cosine**2
            total += term
        inside = 2 / math.pi * (angle + sine * total)
    else:
        for k in range(2, freedom - 1, 2):
            term *= (k - 1) / k * cosine**2
            total += term
        inside = sine * total
    return 0.5 + inside / 2


def percentile(ordered: Sequence[float], share: float) -> float:
    """Value below which a share of the sorted values lies, by linear interpolation (Hyndman and Fan 1996, type 7)."""
    if not ordered:
        return math.nan
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
