"""How long something takes: lognormal, gamma or exponential by maximum likelihood, or the values as they were seen.

The family with the lowest AIC (Akaike 1974) is taken. How well it fits is said by the Kolmogorov-Smirnov distance and
the Anderson-Darling statistic; since its parameters were estimated from the same values, the tables' p-values would
be far too large (Lilliefors 1967), so that the p-value here is simulated: the share of samples drawn from the fitted
family, and fitted again, that lie at least as far off. Where even the best family is clearly off (p below 5 % and a
distance above 0.08), values as they were seen, as quantiles, are taken instead; likewise for fewer than 20 values or
where some took no time. These limits are this program's choice.
"""

from __future__ import annotations

import logging
import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sim.model.durations import DAY, HOUR, LONGEST, MINUTE, NORMAL_P90, Clock, Written
from sim.policy.calibration.censoring import Sample
from sim.record.statistics import percentile

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    Values = NDArray[float64]

logger = logging.getLogger("mlasim.policy.calibration.durations")

FEWEST = 20
"""Values below which no family is fitted."""
FAR_OFF = 0.08
"""Distance above which a family that also fails the test is not used."""
SIMULATED = 99
"""Samples behind a p-value, whose smallest is therefore 0.01."""
_MOST_TESTED = 500
"""Values a p-value is found with: a sample of these where there are more."""
_QUANTILES = 100
_NAMES = {"lognormal": "lognorm", "gamma": "gamma", "exponential": "expon"}


Distribution = Any
"""A distribution of scipy, which has no types of its own."""


@dataclass(frozen=True)
class Fit:
    """A family of distributions fitted to values in seconds."""

    family: str
    """``lognormal`` (median, sigma), ``gamma`` (mean, coefficient of variation) or ``exponential`` (mean)."""
    parameters: tuple[float, ...]
    aic: float
    distance: float
    """Kolmogorov and Smirnov's."""
    anderson_darling: float
    """The statistic A squared."""
    p_value: float | None = None
    """Simulated, for the best family only."""


@dataclass(frozen=True)
class DurationFound:
    """How long a stage takes, in seconds of its clock."""

    count: int
    mean: float
    median: float
    p90: float
    fits: tuple[Fit, ...]
    """From the best to the worst."""
    chosen: str
    """A family, ``empirical`` or ``fixed``."""
    clock: Clock
    words: Written
    """As a world file has it."""


def find_duration(values: Sequence[float] | Sample, clock: Clock, *, seed: int = 0) -> DurationFound:
    """The distribution of some durations in seconds, at least one. Needs the extra ``policy``.

    Of a sample, those beyond its longest are known to be longer, and not by how much: families are fitted to that
    (right-censored maximum likelihood); quantiles and the mean count them as that long, and are then too short.
    """
    sample = values if isinstance(values, Sample) else Sample(tuple(values), len(values))
    measured = sorted(max(0.0, float(value)) for value in sample.values)
    seen = [*measured, *[max(sample.longest, measured[-1])] * sample.beyond]
    mean = math.fsum(seen) / len(seen)
    fits = _fits(measured, sample, seed) if len(measured) >= FEWEST and 0 < measured[0] < measured[-1] else []
    chosen = "empirical"
    words: Written | None = None
    if seen[0] == seen[-1]:
        chosen, words = "fixed", span(seen[0], clock)
    elif fits:
        best = fits[0]
        clearly_off = best.distance > FAR_OFF and best.p_value is not None and best.p_value < 0.05
        if not clearly_off:
            words = _words(best, clock)
            chosen = best.family if words is not None else chosen
    if words is None:
        # Of many values the middle of each of so many equal parts, which keeps mean and spread nearly as they are.
        parts = [percentile(seen, (i + 0.5) / _QUANTILES) for i in range(_QUANTILES)]
        words = {"empirical": [span(value, clock) for value in (seen if len(seen) <= _QUANTILES else parts)]}
    return DurationFound(
        sample.seen, mean, percentile(seen, 0.5), percentile(seen, 0.9), tuple(fits), chosen, clock, words
    )


def span(seconds: float, clock: Clock) -> str:
    """A length of time in the words of a world file, to a thousandth of its unit."""
    units: tuple[tuple[str, int], ...] = (("hours", HOUR), ("minutes", MINUTE), ("seconds", 1))
    if clock == "calendar":
        units = (("days", DAY), *units)
    unit, size = next(((u, s) for u, s in units if seconds >= 2 * s), units[-1])
    amount = format(Decimal(repr(round(min(seconds, LONGEST * 0.99) / size, 3))), "f").removesuffix(".0")
    return f"{amount} {'working ' if clock == 'working' else ''}{unit}"


def _fits(measured: list[float], sample: Sample, seed: int) -> list[Fit]:
    """Every family that can be fitted, the best first, that with a p-value."""
    import numpy
    from scipy import stats

    values = numpy.asarray(measured)
    found = []
    with warnings.catch_warnings(), numpy.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # of values at the edge of what a computer can count
        for family, name in _NAMES.items():
            distribution = getattr(stats, name)
            try:
                arguments = _fitted(distribution, values, sample.beyond, sample.longest)
                fit = _measured(family, distribution, arguments, values, sample)
            except (ValueError, RuntimeError, ArithmeticError) as error:  # a family that these values do not allow
                logger.info("%s cannot be fitted to %d values: %s", family, len(values), error)
                continue
            if all(math.isfinite(x) for x in (*fit.parameters, fit.aic, fit.distance)):
                found.append((fit, distribution, arguments))
        found.sort(key=lambda item: item[0].aic)
        if not found:
            return []
        best, distribution, arguments = found[0]
        p_value = _p_value(distribution, arguments, values, sample, seed)
    return [Fit(**{**vars(best), "p_value": p_value}), *(fit for fit, _, _ in found[1:])]


def _fitted(distribution: Distribution, values: Values, beyond: int, longest: float) -> tuple[float, ...]:
    """Maximum likelihood, ``beyond`` more values being longer than ``longest``."""
    import numpy
    from scipy import stats

    if not beyond:
        return tuple(distribution.fit(values, floc=0))
    censored = stats.CensoredData(uncensored=values, right=numpy.full(beyond, longest))
    return tuple(distribution.fit(censored, floc=0))


def _measured(
    family: str, distribution: Distribution, arguments: tuple[float, ...], values: Values, sample: Sample
) -> Fit:
    import numpy

    frozen = distribution(*arguments)
    free = len(arguments) - 1  # the location is held at 0
    likelihood = float(numpy.sum(frozen.logpdf(values)))
    if sample.beyond:
        likelihood += sample.beyond * float(frozen.logsf(sample.longest))
    aic = 2 * free - 2 * likelihood
    # Of what could be seen: where nothing is hidden, of everything.
    below = numpy.clip(frozen.cdf(values) / _visible(frozen, sample), 1e-300, 1 - 1e-16)
    count = len(values)
    rank = numpy.arange(1, count + 1)
    squared = -count - float(numpy.sum((2 * rank - 1) * (numpy.log(below) + numpy.log1p(-below[::-1])))) / count
    shape, scale = arguments[0], arguments[-1]
    found: dict[str, Callable[[], tuple[float, ...]]] = {
        "lognormal": lambda: (float(scale), float(shape)),
        "gamma": lambda: (float(shape * scale), 1 / math.sqrt(shape)),
        "exponential": lambda: (float(scale),),
    }
    return Fit(family, found[family](), aic, _distance(below), squared)


def _distance(below: Values) -> float:
    """The largest distance between the steps of the sample and the distribution, given its values there in order."""
    import numpy

    count = len(below)
    return float(
        max(numpy.max(numpy.arange(1, count + 1) / count - below), numpy.max(below - numpy.arange(count) / count))
    )


def _visible(frozen: Distribution, sample: Sample) -> float:
    return float(frozen.cdf(sample.longest)) if sample.beyond else 1.0


def _p_value(
    distribution: Distribution, arguments: tuple[float, ...], values: Values, sample: Sample, seed: int
) -> float:
    """Parametric bootstrap of the distance (Stute, Gonzáles Manteiga and Presedo Quindimil 1993)."""
    import numpy

    random = numpy.random.default_rng(seed)
    beyond, longest = sample.beyond, sample.longest
    if len(values) > _MOST_TESTED:
        beyond = round(beyond * _MOST_TESTED / len(values))
        values = numpy.sort(random.choice(values, _MOST_TESTED, replace=False))
        arguments = _fitted(distribution, values, beyond, longest)
    observed = _distance(_seen_below(distribution, arguments, values, beyond, longest))
    as_far = 0
    for _ in range(SIMULATED):
        drawn = numpy.sort(distribution.rvs(*arguments, size=len(values) + beyond, random_state=random))
        again = drawn[drawn <= longest] if beyond else drawn
        hidden = len(drawn) - len(again)
        try:
            found = _fitted(distribution, again, hidden, longest)
            as_far += _distance(_seen_below(distribution, found, again, hidden, longest)) >= observed
        except (ValueError, RuntimeError, ArithmeticError) as error:  # a sample that cannot be fitted lies far off
            logger.debug("a drawn sample of %d values cannot be fitted: %s", len(again), error)
            as_far += 1
    return (as_far + 1) / (SIMULATED + 1)


def _seen_below(
    distribution: Distribution, arguments: tuple[float, ...], values: Values, beyond: int, longest: float
) -> Values:
    below: Values = distribution.cdf(values, *arguments)
    return below / distribution.cdf(longest, *arguments) if beyond else below


def _words(fit: Fit, clock: Clock) -> Written | None:
    """The family in the words of a world file; None where the file format has no room for it."""
    if fit.family == "exponential":
        (mean,) = fit.parameters
        return {"exponential": span(mean, clock)} if 0.01 <= mean < LONGEST else None
    if fit.family == "gamma":
        mean, spread = fit.parameters
        fits = 0.01 <= mean < LONGEST and 0.001 <= spread <= 10
        return {"gamma": {"mean": span(mean, clock), "cv": round(spread, 4)}} if fits else None
    median, sigma = fit.parameters
    p90 = median * math.exp(min(NORMAL_P90 * sigma, 500.0))
    fits = median >= 0.01 and p90 < LONGEST and sigma > 1e-6
    return {"median": span(median, clock), "p90": span(p90, clock)} if fits else None
