"""What a conclusion hangs on: which assumptions move the answer, by how much, and when the conclusion flips.

Three looks at the same answer. A tornado moves one assumption at a time to its lowest and highest. Morris' elementary
effects screen many for few runs, and tell by their spread whether an assumption acts evenly and alone. Sobol's indices
say how much of the answer's variance over all ranges is due to each, alone and with others. Morris and Sobol are
SALib's, the extra ``policy``.

Levels go from −1 to 1; between them a factor moves in equal ratios. For Sobol every level is taken to be equally
likely: a statement of ignorance within the ranges, not a forecast.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.errors import UsageError
from sim.extras import lacking
from sim.i18n import Words, say
from sim.policy.sensitivity.assumptions import Assumption
from sim.policy.sensitivity.simulated_answer import Answer, Levels
from sim.record.statistics import Interval, Way

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    Numbers = NDArray[float64]

TRAJECTORIES, GRID = 10, 4
"""Morris: walks through the space, and levels of its grid (Saltelli et al. 2008, Global Sensitivity Analysis, 3.2)."""
SAMPLES = 64
"""Sobol: base samples; a power of 2. The settings are so many times the assumptions and two."""
TRIED = (0.5, 1.0)
"""How far along each way from 0 it is looked for a flip."""
HALVINGS = 5
"""Bisections after a flip is found: it is known to a 64th of the way."""


@dataclass(frozen=True)
class Swing:
    """The answer with one assumption at its lowest and at its highest, all others as written."""

    assumption: str
    title: Words
    base: Interval
    """As written."""
    low: Interval
    high: Interval

    @property
    def ends(self) -> tuple[float, float]:
        """The answer at both ends; as written where there is none because replications failed."""
        low, high = (end.mean if math.isfinite(end.mean) else self.base.mean for end in (self.low, self.high))
        return low, high

    @property
    def width(self) -> float:
        """How far the answer moves: it may move the same way at both ends."""
        return max(*self.ends, self.base.mean) - min(*self.ends, self.base.mean)


@dataclass(frozen=True)
class Tornado:
    """One assumption at a time, the one that moves the answer most first."""

    base: Interval
    """The answer as written."""
    swings: tuple[Swing, ...]


@dataclass(frozen=True)
class ElementaryEffect:
    """Morris' measures of one assumption, in the answer's unit for the whole way from lowest to highest."""

    assumption: str
    title: Words
    mean: float
    """Mean effect (mu): its direction, where it acts in one."""
    strength: float
    """Mean of the effects' sizes (mu*; Campolongo, Cariboni and Saltelli 2007)."""
    half_width: float
    """Of the 95 % interval of the strength, by resampling."""
    spread: float
    """Standard deviation of the effects (sigma): large beside the strength where it acts unevenly or with others."""


@dataclass(frozen=True)
class SobolIndex:
    """Shares of the answer's variance due to one assumption, with half-widths of their 95 % intervals."""

    assumption: str
    title: Words
    first: float
    """By itself (first order)."""
    first_half_width: float
    total: float
    """By itself and together with others (total order)."""
    total_half_width: float


@dataclass(frozen=True)
class Flip:
    """Where the conclusion changes when one assumption alone is other than written."""

    assumption: str
    title: Words
    level: float
    """The nearest level at which it was seen to be another; it flips within a 64th of the way before."""
    factor: float | None
    """The factor there, where all its places share one (of odds, for chances)."""
    odds: bool
    before: Way
    after: Way
    answer: Interval
    """There."""


def differs(answer: Interval, conclusion: Way) -> bool:
    """Whether an answer says something else than a conclusion.

    One that is clear falls with the sign of the mean; that an interval gets so wide that it holds zero may be for want
    of replications, and says nothing about the world. One that is not clear falls where an answer is.
    """
    if conclusion == "unclear":
        return answer.way != "unclear"
    return answer.mean >= 0 if conclusion == "less" else answer.mean <= 0


def tornado(assumptions: Sequence[Assumption], answer: Answer) -> Tornado:
    """The answer at the lowest and highest of each assumption. Settings: twice the assumptions, and one."""
    count = len(assumptions)
    settings = [_none(count), *(_one(count, place, level) for place in range(count) for level in (-1.0, 1.0))]
    base, *ends = answer(settings)
    swings = [
        Swing(assumption.id, assumption.title, base, ends[2 * place], ends[2 * place + 1])
        for place, assumption in enumerate(assumptions)
    ]
    return Tornado(base, tuple(sorted(swings, key=lambda swing: (-swing.width, swing.assumption))))


def screened(
    assumptions: Sequence[Assumption], answer: Answer, *, trajectories: int = TRAJECTORIES, seed: int = 1
) -> tuple[ElementaryEffect, ...]:
    """Elementary effects (Morris 1991, Technometrics 33(2)), the strongest first.

    Settings: ``trajectories`` times the assumptions and one. Raises `UsageError` without SALib.
    """
    if trajectories < 2:
        raise UsageError(say("Morris' screening needs at least 2 trajectories"))
    sample, analyse = _salib("morris")
    problem = _problem(assumptions)
    points = sample(problem, trajectories, num_levels=GRID, seed=seed)
    values = _means(answer, points)
    # SALib's effects are for the whole width of a range; its confidence is a half-width.
    found = analyse(problem, points, values, num_levels=GRID, seed=seed)
    effects = [
        ElementaryEffect(a.id, a.title, float(mean), float(strength), float(half_width), float(spread))
        for a, mean, strength, half_width, spread in zip(
            assumptions, found["mu"], found["mu_star"], found["mu_star_conf"], found["sigma"], strict=True
        )
    ]
    return tuple(sorted(effects, key=lambda effect: (-effect.strength, effect.assumption)))


def decomposed(
    assumptions: Sequence[Assumption], answer: Answer, *, samples: int = SAMPLES, seed: int = 1
) -> tuple[SobolIndex, ...]:
    """First and total order indices (Sobol 2001, Mathematics and Computers in Simulation 55; estimated as in Saltelli
    et al. 2010, Computer Physics Communications 181), the largest total first.

    Settings: ``samples`` (a power of 2) times the assumptions and two. Raises `UsageError` without SALib.
    """
    if samples < 2 or samples & (samples - 1):
        raise UsageError(
            say("the number of samples must be a power of 2, not {samples}: 64, 128, 256, …", samples=samples)
        )
    sample, analyse = _salib("sobol")
    problem = _problem(assumptions)
    points = sample(problem, samples, calc_second_order=False, seed=seed)
    values = _means(answer, points)
    if values.max() == values.min():  # nothing varies, and nothing is due to anything
        return tuple(SobolIndex(a.id, a.title, 0.0, 0.0, 0.0, 0.0) for a in assumptions)
    found = analyse(problem, values, calc_second_order=False, seed=seed)
    columns = (found[name] for name in ("S1", "S1_conf", "ST", "ST_conf"))
    indices = [
        SobolIndex(a.id, a.title, *map(float, row))
        for a, row in zip(assumptions, zip(*columns, strict=True), strict=True)
    ]
    return tuple(sorted(indices, key=lambda index: (-index.total, index.assumption)))


def flips_of(
    assumptions: Sequence[Assumption],
    answer: Answer,
    *,
    among: Sequence[str] | None = None,
    conclusion: Way | None = None,
) -> tuple[Flip, ...]:
    """Where the conclusion flips along each assumption alone, the nearest first; empty if nowhere within the ranges.

    The conclusion is that of the answer as written, unless one is given that rests on more replications; `differs` says
    what flips it. Each way is looked at half-way and at its end, then halved; a flip that comes and goes in between is
    not seen. ``among`` limits it to some ids.
    """
    count = len(assumptions)
    (base,) = answer([_none(count)])
    said = base.way if conclusion is None else conclusion
    found = []
    for place, assumption in enumerate(assumptions):
        if among is not None and assumption.id not in among:
            continue
        for way in (-1.0, 1.0):
            flip = _flip(assumption, place, count, way, answer, said)
            if flip is not None:
                found.append(flip)
    return tuple(sorted(found, key=lambda flip: (abs(flip.level), flip.assumption)))


def settings_needed(method: str, count: int, *, trajectories: int = TRAJECTORIES, samples: int = SAMPLES) -> int:
    """Settings that a method takes for so many assumptions: ``tornado``, ``morris``, ``sobol``; for ``flips``, the
    most it can take beyond a tornado."""
    return {
        "tornado": 2 * count + 1,
        "morris": trajectories * (count + 1),
        "sobol": samples * (count + 2),
        "flips": 2 * count * (len(TRIED) - 1 + HALVINGS),
    }[method]


def _flip(assumption: Assumption, place: int, count: int, way: float, answer: Answer, conclusion: Way) -> Flip | None:
    same = 0.0
    for tried in TRIED:
        (there,) = answer([_one(count, place, way * tried)])
        if differs(there, conclusion):
            other = tried
            break
        same = tried
    else:
        return None
    for _halving in range(HALVINGS):
        middle = (same + other) / 2
        (between,) = answer([_one(count, place, way * middle)])
        if differs(between, conclusion):
            other, there = middle, between
        else:
            same = middle
    return flip_at(assumption, way * other, conclusion, there)


def flip_at(assumption: Assumption, level: float, conclusion: Way, there: Interval) -> Flip:
    """The flip that an answer at a level of one assumption is."""
    factor = assumption.factors(level)[0] if assumption.range is not None else None
    odds = all(one.kind == "chance" for one in assumption.places)
    return Flip(assumption.id, assumption.title, level, factor, odds, conclusion, there.way, there)


def _none(count: int) -> Levels:
    return (0.0,) * count


def _one(count: int, place: int, level: float) -> Levels:
    return tuple(level if i == place else 0.0 for i in range(count))


Method = Callable[..., Any]
"""A function of SALib, which has no types of its own."""


def _means(answer: Answer, points: Numbers) -> Numbers:
    import numpy

    settings = [tuple(round(float(level), 12) for level in point) for point in points]
    values: Numbers = numpy.array([interval.mean for interval in answer(settings)])
    if not math.isfinite(values.sum()):
        raise UsageError(say("somewhere in these ranges there is no answer — narrow them"))
    return values


def _problem(assumptions: Sequence[Assumption]) -> dict[str, object]:
    if len(assumptions) < 2:
        raise UsageError(say("to compare what assumptions do, at least two must be varied"))
    return {
        "num_vars": len(assumptions),
        "names": [a.id for a in assumptions],
        "bounds": [[-1.0, 1.0]] * len(assumptions),
    }


def _salib(method: str) -> tuple[Method, Method]:
    try:
        from importlib import import_module

        return import_module(f"SALib.sample.{method}").sample, import_module(f"SALib.analyze.{method}").analyze
    except ImportError:
        raise lacking("policy", say("Morris and Sobol need SALib")) from None
