"""How many requests come, and whether they come as in a Poisson process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.model.durations import DAY, YEAR

_BINS = ((7 * DAY, "week"), (28 * DAY, "four weeks"))
"""Widths in which arrivals are counted: by the day, weekends would look like lulls."""
_FEWEST_BINS, _FEWEST_IN_A_BIN = 8, 2.0


@dataclass(frozen=True)
class ArrivalsFound:
    """Arrivals of one kind of request on one corridor."""

    kind: str
    from_: str
    to: str
    count: int
    per_year: float
    low: float
    """Of the exact 95 % interval for a Poisson count (Garwood 1936)."""
    high: float
    bin: str
    """What the counts below are counts by; empty where there are too few to say anything."""
    dispersion: float
    """Variance of the counts over their mean: 1 for Poisson, more for waves, less for appointments."""
    p_value: float
    """Two-sided, of the dispersion test (Fisher 1950: the sum of squares over the mean is chi-squared)."""

    @property
    def poisson(self) -> bool | None:
        """Whether Poisson is plausible at 5 %; None if there is too little to say so."""
        return None if not self.bin else self.p_value >= 0.05


def find_arrivals(
    moments: Sequence[int], first: int, last: int, *, kind: str = "", from_: str = "", to: str = ""
) -> ArrivalsFound:
    """Arrivals at ``moments`` between ``first`` and ``last``, in seconds. Needs the extra ``policy``."""
    from scipy.stats import chi2

    inside = [moment for moment in moments if first <= moment < last]
    count, years = len(inside), max(last - first, 1) / YEAR
    low = float(chi2.ppf(0.025, 2 * count)) / 2 if count else 0.0
    high = float(chi2.ppf(0.975, 2 * count + 2)) / 2
    bin_, dispersion, p_value = "", 1.0, 1.0
    for width, name in _BINS:
        bins = (last - first) // width
        if bins < _FEWEST_BINS or count / bins < _FEWEST_IN_A_BIN:
            continue
        counts = [0] * bins
        for moment in inside:
            if (place := (moment - first) // width) < bins:
                counts[place] += 1
        mean = sum(counts) / bins
        if not mean:
            continue
        statistic = sum((c - mean) ** 2 for c in counts) / mean
        below = float(chi2.cdf(statistic, bins - 1))
        bin_, dispersion, p_value = name, statistic / (bins - 1), 2 * min(below, 1 - below)
        break
    return ArrivalsFound(kind, from_, to, count, count / years, low / years, high / years, bin_, dispersion, p_value)
