"""Replicate until the answer is narrow enough: sequential stopping with a budget.

After some replications the half-width of every chosen interval is looked at; where one is too wide, more are made, as
many as its spread so far suggests, and at most as many as there are already. Stopping when the interval is narrow
enough leaves its coverage at its level as the half-width asked for becomes small (Chow and Robbins 1965, Annals of
Mathematical Statistics 36; Law 2015, Simulation Modeling and Analysis, 5th ed., section 9.4.1). Looking early costs
some coverage, which is why ten replications are made first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from sim.errors import UsageError
from sim.i18n import Words, joined, say
from sim.model.measures import ALL, MEASURES, Key
from sim.model.problems import did_you_mean
from sim.policy.experiments.alternatives import BASELINE
from sim.policy.experiments.experiment import Experiment, Progress, Results, Store, run_experiment
from sim.record.statistics import Interval

FIRST = 10
"""Replications before the first look (Law 2015, section 9.4.1)."""
UNVARIED = 50
"""Replications from which on it is believed that a difference is the same in all: an effect seen in one of ten is then
missed by chance in one of 200 experiments (0.9 to the power of 50)."""
BUDGET = 500
"""Replications of each alternative at most, unless told otherwise."""
_TARGET = re.compile(r"(?P<key>.+?)\s*(?:±|\+-|\+/-)\s*(?P<width>[0-9]*\.?[0-9]+)\s*(?P<share>%?)")


@dataclass(frozen=True)
class Target:
    """How narrow a figure's interval is wanted."""

    key: Key
    half_width: float
    """In the figure's unit; or, if ``relative``, as a share of the figure's mean in the world as it is."""
    relative: bool = False

    @classmethod
    def of(cls, what: Target | str) -> Target:
        """A target in words: ``mean days±2``, ``p90 days, lys to nor ± 5 %``; ``+-`` is as good as ``±``.

        Per cent are of the figure's mean in the world as it is, also for figures that are per cent themselves.
        """
        if isinstance(what, Target):
            return what
        found = _TARGET.fullmatch(what.strip())
        if found is None or not float(found["width"]) > 0:
            raise UsageError(
                say("{what!r} is no target — write FIGURE±HALF-WIDTH: 'mean days±2' or 'mean days±1%'", what=what)
            )
        width = float(found["width"])
        return cls(key_of(found["key"]), width / 100 if found["share"] else width, bool(found["share"]))

    def __str__(self) -> str:
        return f"{self.key} ± {100 * self.half_width:g} %" if self.relative else f"{self.key} ± {self.half_width:g}"


def key_of(words: str) -> Key:
    """A figure in words, as `Key` writes them: ``mean days`` or ``mean days, lys to nor``. Raises `UsageError` for a
    measure that is none; whether there is such a group or office, only runs can tell."""
    measure, comma, of = words.partition(",")
    if measure.strip() not in MEASURES:
        hint = did_you_mean(measure.strip(), MEASURES, say("write one of: {names}", names=", ".join(MEASURES)))
        raise UsageError(say("there is no figure {words!r} — {hint}", words=words[:60], hint=hint))
    return Key(measure.strip(), of.strip() if comma else ALL)


def known(results: Results, key: Key) -> None:
    """Raises `UsageError` unless some replication of the world as it is has this figure."""
    keys = results.keys()
    if keys and key not in keys:
        hint = did_you_mean(str(key), [str(key) for key in keys])
        raise UsageError(say("there is no figure {key!r} here — {hint}", key=str(key), hint=hint))


@dataclass(frozen=True)
class Reached:
    """One interval when replicating stopped."""

    target: Target
    alternative: str
    """Whose difference to the world as it is; the world as it is itself, where it is alone."""
    interval: Interval
    wanted: float
    """The half-width wanted, in the figure's unit."""

    @property
    def met(self) -> bool:
        """Whether the interval is as narrow as wanted. One of no width rests on nothing that varied, such as an effect
        too rare to be seen yet, and needs `UNVARIED` replications before it is believed."""
        narrow = self.interval.half_width <= self.wanted
        return narrow and (self.interval.half_width > 0 or self.interval.count >= UNVARIED)

    @property
    def whose(self) -> Words:
        """Which figure of which alternative."""
        return say("{figure} of {alternative}", figure=self.target.key.words, alternative=self.alternative)


@dataclass(frozen=True)
class Stopping:
    """Why replicating stopped."""

    reached: tuple[Reached, ...]
    replications: int
    """Of each alternative."""
    budget: int

    @property
    def met(self) -> bool:
        """Whether every interval is as narrow as wanted; if not, the budget was used up."""
        return all(one.met for one in self.reached)

    @property
    def words(self) -> Words:
        """The same in a sentence."""
        if self.met:
            same = [one.whose for one in self.reached if not one.interval.half_width]
            if same:
                return say(
                    "stopped after {n} replications: every interval is as narrow as wanted; the same in every "
                    "replication: {same}",
                    n=self.replications,
                    same=joined(same),
                )
            return say("stopped after {n} replications: every interval is as narrow as wanted", n=self.replications)
        wide = [
            say(
                "{figure}: ± {width} instead of {wanted}",
                figure=one.whose,
                width=f"{one.interval.half_width:.3g}",
                wanted=f"{one.wanted:.3g}",
            )
            for one in self.reached
            if not one.met
        ]
        return say("stopped after {n} replications, the budget: {wide}", n=self.replications, wide=joined(wide, "; "))

    def __str__(self) -> str:
        return str(self.words)


def run_until(
    experiment: Experiment,
    targets: Sequence[Target | str],
    *,
    budget: int = BUDGET,
    first: int = FIRST,
    level: float = 0.95,
    executor: Executor | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
) -> tuple[Results, Stopping]:
    """Replicate until every target's interval is narrow enough, or ``budget`` replications of each are made.

    Intervals are of the paired difference of each alternative to the world as it is, or of the mean of the world as
    it is where there is no alternative. How many replications are made depends on figures alone, not on the executor.
    ``progress`` is told of the round under way. Raises `UsageError` for a target that no figure answers to.
    """
    wanted = [Target.of(target) for target in targets]
    if not wanted:
        raise UsageError(say("say which figure is to be how narrow: 'mean days±2'"))
    if not 2 <= first <= budget:
        raise UsageError(say("the budget must be at least {first} replications", first=max(first, 2)))
    made = first
    results = run_experiment(experiment, made, executor=executor, store=store, progress=progress)
    for target in wanted:
        known(results, target.key)
    while True:
        reached = tuple(_reached(results, target, name, level) for target in wanted for name in _compared(experiment))
        if made >= budget or all(one.met for one in reached):
            return results, Stopping(reached, made, budget)
        made = min(budget, max(_next(made, one) for one in reached if not one.met))
        run_experiment(experiment, made, executor=executor, store=store, results=results, progress=progress)


def _compared(experiment: Experiment) -> tuple[str, ...]:
    return experiment.names[1:] or (BASELINE,)


def _reached(results: Results, target: Target, name: str, level: float) -> Reached:
    own = name == BASELINE
    interval = results.mean(name, target.key, level) if own else results.difference(name, target.key, level)
    wanted = target.half_width
    if target.relative:
        # The mean itself is uncertain by the relative width: Law 2015, section 9.4.1, corrects for that.
        share = wanted / (1 + wanted) if own else wanted
        wanted = share * abs(results.mean(BASELINE, target.key, level).mean)
    return Reached(target, name, interval, wanted)


def _next(made: int, one: Reached) -> int:
    """Replications that the spread so far asks for: at least one more, at most twice as many as there are."""
    ratio = one.interval.half_width / one.wanted if one.wanted > 0 else math.inf
    needed = made * ratio**2 if math.isfinite(ratio) else math.inf
    return max(made + 1, math.ceil(min(needed, 2 * made)))
