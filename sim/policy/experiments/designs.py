"""Designs: which combinations of levers and settings to try, and what each of them does by itself and with another.

Full: every combination; fractional: a regular fraction of the two-level combinations (Box and Hunter 1961, The 2^(k-p)
fractional factorial designs, Technometrics 3), which is cheap because it lets effects stand for each other: what is
aliased with what is said; one at a time: each change alone, which sees no interaction. An effect is a weighted sum
over the alternatives, taken replication by replication with the same luck, so that its interval is that of a mean
over independent replications.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, Unpack

from sim.errors import ScenarioError, UsageError
from sim.extras import lacking
from sim.i18n import say
from sim.model.loading import Scenario, load
from sim.model.measures import Key
from sim.model.world import Lever
from sim.policy.experiments.alternatives import BASELINE, Alternative
from sim.policy.experiments.experiment import Experiment, Options, Results
from sim.record.statistics import Interval, mean_interval, simultaneous

Kind = Literal["full", "fractional", "one at a time"]
KINDS: tuple[Kind, ...] = ("full", "fractional", "one at a time")
MOST = 1_024
"""Alternatives in a design at most."""
_LEVELS = re.compile(r"(?P<before>.*?[=*+-])\s*(?P<values>[^=*+|]+(?:\|[^=*|]+)*)")


@dataclass(frozen=True)
class Factor:
    """Something that can be one way or another: a lever pulled or not, or a setting with its values."""

    name: str
    levels: tuple[Alternative, ...]
    """At least two; the first is the one that others are compared with."""

    @classmethod
    def of(cls, what: Factor | str | Lever) -> Factor:
        """A factor from a lever, or in words: a lever's id; a setting, ``world/…/staff+1``, with what is there as its
        first level; a setting with several values, ``world/…/staff=3|4|5``, where ``as it is`` may be one."""
        if isinstance(what, Factor):
            return what
        untouched = Alternative(BASELINE)
        if isinstance(what, Lever) or "|" not in what:
            changed = Alternative.of(what)
            return cls(changed.name, (untouched, changed))
        found = _LEVELS.fullmatch(what.strip())
        values = [value.strip() for value in found["values"].split("|")] if found else []
        if found is None or "" in values or len(set(values)) < len(values):
            raise UsageError(say("{what!r} is no setting with values — write kind/id/field=3|4|5", what=what))
        parts = [untouched if value == BASELINE else Alternative.of(found["before"] + value) for value in values]
        if any(not level.settings and level is not untouched for level in parts):
            raise UsageError(say("{what!r} is no setting with values — write kind/id/field=3|4|5", what=what))
        return cls(found["before"].rstrip("=*+- "), tuple(parts))


@dataclass(frozen=True)
class Point:
    """One combination: the level of each factor, and the alternative that it makes."""

    levels: tuple[int, ...]
    alternative: str
    infeasible: str = ""
    """Why it cannot be tried, where it cannot: changes in conflict, or a world that is no longer sound."""


@dataclass(frozen=True)
class Contrast:
    """An effect as weights of alternatives."""

    name: str
    weights: Mapping[str, Fraction]
    aliases: tuple[str, ...] = ()
    """Effects that this one cannot be told from."""


@dataclass(frozen=True)
class Effect:
    """What a contrast comes to for one figure."""

    name: str
    key: Key
    estimate: Interval
    """At the level asked for, for itself alone."""
    adjusted: Interval
    """Wider, so that those of all effects hold at once (Bonferroni 1936)."""
    aliases: tuple[str, ...]

    @property
    def clear(self) -> bool:
        """Whether the adjusted interval leaves zero out."""
        return self.adjusted.clear


@dataclass(frozen=True)
class Design:
    """Combinations to be tried and the effects that they tell. `experiment` tries them."""

    world: Scenario
    kind: Kind
    factors: tuple[Factor, ...]
    points: tuple[Point, ...]
    contrasts: tuple[Contrast, ...]
    alternatives: tuple[Alternative, ...]
    """Of the points that can be tried, without the world as it is."""
    resolution: int | None = None
    """3: main effects stand for interactions of two; 4: they stand for interactions of three at least; None: full or
    one at a time."""

    @property
    def infeasible(self) -> tuple[Point, ...]:
        """Combinations that cannot be tried."""
        return tuple(point for point in self.points if point.infeasible)

    def experiment(self, **options: Unpack[Options]) -> Experiment:
        """The experiment that tries them; options as for `Experiment.of`."""
        return Experiment.of(self.world, self.alternatives, **options)

    def effects(self, results: Results, key: Key, level: float = 0.95) -> tuple[Effect, ...]:
        """Every effect on a figure, over the replications that have it for all alternatives concerned."""
        return tuple(self._effects(results, key, level))

    def _effects(self, results: Results, key: Key, level: float) -> Iterator[Effect]:
        columns = {name: results.values(name, key) for name in results.experiment.names}
        each = simultaneous(level, len(self.contrasts))
        for contrast in self.contrasts:
            common = set.intersection(*(set(columns[name]) for name in contrast.weights))
            weights = {name: float(weight) for name, weight in contrast.weights.items()}
            sums = [sum(weight * columns[name][r] for name, weight in weights.items()) for r in sorted(common)]
            yield Effect(contrast.name, key, mean_interval(sums, level), mean_interval(sums, each), contrast.aliases)


def design(
    world: str | Scenario,
    factors: Sequence[Factor | str | Lever],
    kind: Kind = "full",
    *,
    resolution: Literal[3, 4] = 4,
) -> Design:
    """A design over levers and settings.

    ``resolution`` matters to a fraction only. Combinations whose changes are in conflict are listed as infeasible;
    effects are then told from the pairs of combinations that are left. In a fraction, where every combination is
    needed, they are an error. Raises `UsageError` for what cannot be tried.
    """
    scenario = world if isinstance(world, Scenario) else load(world)
    found = tuple(Factor.of(factor) for factor in factors)
    names = [factor.name for factor in found]
    if not found or len(set(names)) < len(names):
        raise UsageError(say("a design needs factors, each of them once"))
    if kind not in KINDS:
        raise UsageError(say("{kind!r} is no design — write one of {names}", kind=kind, names=", ".join(KINDS)))
    if kind == "fractional":
        rows = _fraction(found, resolution)
    elif kind == "full":
        count = 1
        for factor in found:
            count *= len(factor.levels)
        _few_enough(count)
        rows = list(itertools.product(*(range(len(factor.levels)) for factor in found)))
    else:
        zero = (0,) * len(found)
        rows = [zero]
        for place, factor in enumerate(found):
            rows += [(*zero[:place], level, *zero[place + 1 :]) for level in range(1, len(factor.levels))]
    points, alternatives = _tried(scenario, found, rows)
    infeasible = [point for point in points if point.infeasible]
    if kind == "fractional" and infeasible:
        raise UsageError(
            say(
                "a fraction needs every combination, but {alternative!r} cannot be tried: {infeasible} — "
                "write full or one at a time",
                alternative=infeasible[0].alternative,
                infeasible=infeasible[0].infeasible,
            )
        )
    contrasts = tuple(_of_fraction(found, points) if kind == "fractional" else _of_pairs(found, points))
    if not contrasts:
        raise UsageError(say("nothing can be tried: {infeasible}", infeasible=infeasible[0].infeasible))
    fraction = resolution if kind == "fractional" else None
    return Design(scenario, kind, found, points, contrasts, alternatives, fraction)


def _few_enough(count: int) -> None:
    if count > MOST:
        raise UsageError(
            say("{count} combinations are too many — take a fraction, or one at a time", count=f"{count:,}")
        )


def _tried(
    scenario: Scenario, factors: tuple[Factor, ...], rows: Sequence[tuple[int, ...]]
) -> tuple[tuple[Point, ...], tuple[Alternative, ...]]:
    points, alternatives = [], []
    for row in rows:
        chosen = [factor.levels[level] for factor, level in zip(factors, row, strict=True)]
        changed = [one for one in chosen if one.levers or one.settings]
        name = " + ".join(one.name for one in changed) or BASELINE
        levers = tuple(lever for one in changed for lever in one.levers)
        one = Alternative(name, levers, tuple(patch for one in changed for patch in one.settings))
        try:
            one.applied(scenario)
        except (UsageError, ScenarioError) as error:
            points.append(Point(row, name, str(error).splitlines()[0]))
            continue
        points.append(Point(row, name))
        if name != BASELINE:
            alternatives.append(one)
    return tuple(points), tuple(alternatives)


def _of_pairs(factors: tuple[Factor, ...], points: Sequence[Point]) -> Iterator[Contrast]:
    """Main effects from pairs of points that differ in one factor, interactions from fours that differ in two.

    Where every combination is there these are the usual ones (Montgomery 2017, Design and Analysis of Experiments,
    chapter 5); where some are infeasible, comparing like with like keeps effects apart all the same. The interaction
    is half of how much the effect of one depends on the other.
    """
    feasible = {point.levels: point.alternative for point in points if not point.infeasible}
    changes = [(place, level) for place, factor in enumerate(factors) for level in range(1, len(factor.levels))]
    for place, level in changes:
        pairs = [(row, _with(row, {place: level})) for row in feasible if row[place] == 0]
        pairs = [pair for pair in pairs if pair[1] in feasible]
        weights: dict[str, Fraction] = {}
        for low, high in pairs:
            _add(weights, feasible[high], Fraction(1, len(pairs)))
            _add(weights, feasible[low], -Fraction(1, len(pairs)))
        if pairs:
            yield Contrast(_name(factors[place], level), weights)
    for (a, level_a), (b, level_b) in itertools.combinations(changes, 2):
        fours = [
            [_with(row, {a: x, b: y}) for x in (0, level_a) for y in (0, level_b)]
            for row in feasible
            if row[a] == 0 == row[b] and a != b
        ]
        fours = [four for four in fours if all(row in feasible for row in four)]
        weights = {}
        for four in fours:
            for row, sign in zip(four, (1, -1, -1, 1), strict=True):
                _add(weights, feasible[row], Fraction(sign, 2 * len(fours)))
        if fours:
            yield Contrast(f"{_name(factors[a], level_a)} × {_name(factors[b], level_b)}", weights)


def _with(row: tuple[int, ...], changed: Mapping[int, int]) -> tuple[int, ...]:
    return tuple(changed.get(place, level) for place, level in enumerate(row))


def _add(weights: dict[str, Fraction], name: str, weight: Fraction) -> None:
    weights[name] = weights.get(name, Fraction(0)) + weight


def _name(factor: Factor, level: int) -> str:
    """A lever by its name; a setting by what it becomes."""
    first = factor.levels[0]
    changed = factor.levels[level].name
    return changed if first.name == BASELINE else f"{changed} against {first.name.removeprefix(factor.name)}"


def _fraction(factors: tuple[Factor, ...], resolution: int) -> list[tuple[int, ...]]:
    """Rows of a regular fraction: columns of Sylvester's Hadamard matrix, and for resolution IV its fold-over."""
    try:
        from scipy.linalg import hadamard
    except ImportError:
        raise lacking("policy", say("a fraction needs scipy")) from None
    many = next((factor for factor in factors if len(factor.levels) != 2), None)
    if many is not None:
        raise UsageError(
            say(
                "a fraction has two levels of each factor, but {name!r} has {count}",
                name=many.name,
                count=len(many.levels),
            )
        )
    if resolution not in (3, 4):
        raise UsageError(say("the resolution of a fraction is 3 or 4"))
    count = len(factors)
    size = 1
    # Resolution III uses all columns but the constant one; folded over, the constant one becomes a factor's, too.
    while (size - 1 if resolution == 3 else size) < count:
        size *= 2
    _few_enough(size if resolution == 3 else 2 * size)
    matrix = hadamard(size)
    columns = _independent_first(size, with_constant=resolution == 4)[:count]
    signs = [[int(matrix[row][column]) for column in columns] for row in range(size)]
    if resolution == 4:
        signs += [[-sign for sign in row] for row in signs]
    return sorted({tuple((sign + 1) // 2 for sign in row) for row in signs})


def _independent_first(size: int, *, with_constant: bool) -> list[int]:
    """Columns of the matrix, those first that are no products of others: numbers that are powers of two."""
    powers = [number for number in range(size) if number & (number - 1) == 0 and (number or with_constant)]
    return powers + [number for number in range(1, size) if number & (number - 1)]


def _of_fraction(factors: tuple[Factor, ...], points: Sequence[Point]) -> Iterator[Contrast]:
    """Main effects and groups of interactions of two, each with what it stands for besides."""
    names = [_name(factor, 1) for factor in factors]
    words: dict[tuple[int, ...], list[str]] = {}
    terms = [(place,) for place in range(len(factors))]
    for term in [*terms, *itertools.combinations(range(len(factors)), 2)]:
        signs = tuple(_sign(point, term) for point in points)
        opposite = tuple(-sign for sign in signs)
        title = " × ".join(names[place] for place in term)
        if opposite in words:
            words[opposite].append(f"minus {title}")
        else:
            words.setdefault(signs, []).append(title)
    for signs, titles in words.items():
        weights: dict[str, Fraction] = {}
        for point, sign in zip(points, signs, strict=True):
            _add(weights, point.alternative, Fraction(2 * sign, len(points)))
        yield Contrast(titles[0], weights, tuple(titles[1:]))


def _sign(point: Point, term: Sequence[int]) -> int:
    sign = 1
    for place in term:
        sign *= 2 * point.levels[place] - 1
    return sign
