"""The best mix of levers and staff within a yearly budget, found by simulating mixes.

Where all possible mixes can be tried within the search budget, they are. Otherwise the search climbs from neighbour to
neighbour, begins again elsewhere when it can climb no further, and stops when its runs are used up: a local search with
restarts (as in Hoos and Stützle 2004, Stochastic Local Search), whose answer is the best of what was tried and not
proven to be the best of all. All mixes meet the same luck (common random numbers).

The few that come out ahead then race with new luck, so that the winner is not merely the luckiest of many: by Kim and
Nelson's procedure where a smallest difference worth detecting is given (its promise holds among these finalists), else
by as many replications of each. The winner of a race was lucky in it, too: what it is said to bring, against the world
as it is and against the runner-up, comes from a third set of runs that nothing was chosen by.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Literal

from sim.errors import SimulationError, UsageError
from sim.i18n import say
from sim.model.measures import Key, measure_of
from sim.policy.economics.portfolios import Mix, Space
from sim.policy.experiments.alternatives import BASELINE
from sim.policy.experiments.experiment import Experiment, Progress, Results, run_experiment
from sim.policy.experiments.selection import Selection, select_best
from sim.record.statistics import Interval, mean_interval

SCREENING = 5
"""Replications of each mix while searching."""
FINALISTS = 5
BATCH = 8
"""Neighbours tried together; the search moves to the best of them. Several processes have work, and the way taken does
not depend on how many there are."""


@dataclass(frozen=True)
class Tried:
    """A mix that was simulated while searching."""

    name: str
    cost: float
    """Euro a year."""
    value: Interval
    """Of the figure, over the replications of the search."""


@dataclass(frozen=True)
class Optimum:
    """The best mix found, and how it was found."""

    key: Key
    better: Literal["less", "more"]
    budget: float
    """Euro a year."""
    best: Tried
    """With its value in the proof at the end."""
    runner_up: Tried | None
    margin: Interval | None
    """The best less the runner-up, replication by replication."""
    against_nothing: Interval
    """The best less the world as it is."""
    selection: Selection | None
    """The race by Kim and Nelson, where it was one."""
    tried: tuple[Tried, ...]
    """Everything simulated in the search, the best first."""
    complete: bool
    """Whether every possible mix was tried."""
    size: int
    """Mixes, whatever they cost."""
    search_budget: int
    """Runs that the search might make."""
    runs: int
    """Made in all, race and proof included."""
    seed: int
    results: Results
    """Of the proof: the best, the runner-up and the world as it is, with luck that nothing was chosen by."""
    unpriced: tuple[str, ...]
    """Levers of the space that nobody has put a price on; they count as free."""
    too_dear: dict[str, float]
    """What the budget does not pay even alone, so that it was not tried: euro a year at most."""

    @property
    def distinguishable(self) -> bool:
        """Whether the best is clearly better than the runner-up."""
        return self.margin is None or self.margin.clear


def optimise(
    experiment: Experiment,
    space: Space,
    key: Key,
    *,
    better: Literal["less", "more"] | None = None,
    search_budget: int = 1_000,
    screening: int = SCREENING,
    finalists: int = FINALISTS,
    replications: int = 50,
    indifference: float | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Optimum:
    """The best mix of a space by one figure. ``experiment`` gives years, seed and warm-up; its alternatives are not
    looked at.

    ``search_budget`` counts runs of the search; the race takes ``replications`` of each finalist, or, where an
    ``indifference`` is given, what Kim and Nelson's procedure needs; the proof takes ``replications`` of the best, the
    runner-up and the world as it is. Raises `UsageError` for what cannot be asked.
    """
    direction = better or measure_of(key).better
    if direction not in ("less", "more"):
        raise UsageError(
            say("whether more or less of {key!r} is better has to be said — write better='less'", key=str(key))
        )
    if screening < 2 or search_budget < 2 * screening:
        raise UsageError(
            say("a search needs at least 2 replications of 2 mixes, {runs} runs", runs=2 * max(screening, 2))
        )
    if finalists < 2 or replications < 2:
        raise UsageError(say("a race needs at least 2 finalists and 2 replications of each"))
    search = _Search(experiment, space, key, direction, search_budget, screening, executor, progress)
    complete = search.run()
    ahead = sorted(search.found, key=search.rank)[:finalists]
    if space.nothing not in ahead:
        ahead = [*ahead[: finalists - 1], space.nothing]
    others = tuple(space.alternative(mix) for mix in ahead if mix != space.nothing)
    race = replace(experiment, alternatives=others, seed=experiment.seed + 1)
    selection = None
    if not race.alternatives:
        results = run_experiment(race, replications, executor=executor)
    elif indifference is None:
        results = run_experiment(race, replications, executor=executor, progress=progress)
    else:
        results, selection = select_best(
            race,
            key,
            indifference,
            better=direction,
            executor=executor,
            progress=progress,
        )
    tried = {one.name: one for one in search.tried}
    first = _in_order(search, results, selection, tried)[:2]
    ahead_of_all = tuple(one for one in others if one.name in first)
    proof = replace(experiment, alternatives=ahead_of_all, seed=experiment.seed + 2)
    proved = run_experiment(proof, replications, executor=executor, progress=progress)
    return _optimum(search, proved, first, tried, selection, complete, search.runs + len(results) + len(proved))


class _Search:
    """Mixes tried so far, and the way on."""

    def __init__(
        self,
        experiment: Experiment,
        space: Space,
        key: Key,
        better: Literal["less", "more"],
        budget: int,
        screening: int,
        executor: Executor | None,
        progress: Progress | None,
    ) -> None:
        self.experiment, self.space, self.key, self.better = experiment, space, key, better
        self.budget, self.screening, self.runs = budget, screening, 0
        self.found: dict[Mix, Interval] = {}
        self._executor, self._progress = executor, progress

    def rank(self, mix: Mix) -> tuple[float, float, Mix]:
        """Smaller is better; of two as good, the cheaper."""
        value = self.found[mix].mean
        return (math.inf if math.isnan(value) else value if self.better == "less" else -value, self._cost(mix), mix)

    def run(self) -> bool:
        """Search until the runs are used up; whether every possible mix was tried."""
        affordable = self.budget // self.screening
        if self.space.size <= 8 * affordable:  # else even pricing all of them would take too long
            everything = list(self.space.everything())
            if len(everything) <= affordable:
                self._try(everything)
                return True
        chance = random.Random(f"{self.experiment.seed} mixes")
        begin, fruitless = self.space.nothing, 0
        while self.runs + self.screening <= self.budget and fruitless < 50:
            before = self.runs
            self._climb(begin, chance)
            begin = self.space.anywhere(chance)
            fruitless = 0 if self.runs > before else fruitless + 1
        return False

    def _climb(self, here: Mix, chance: random.Random) -> None:
        self._try([here])
        while here in self.found:
            around = self.space.neighbours(here)
            chance.shuffle(around)
            better = None
            for first in range(0, len(around), BATCH):
                batch = around[first : first + BATCH]
                self._try(batch)
                known = [mix for mix in (here, *batch) if mix in self.found]
                best = min(known, key=self.rank)
                if best != here:
                    better = best
                    break
            if better is None:
                return
            here = better

    def _try(self, mixes: Sequence[Mix]) -> None:
        """Simulate those that have not been, as far as the budget goes."""
        new = [mix for mix in dict.fromkeys(mixes) if mix not in self.found]
        new = new[: (self.budget - self.runs) // self.screening]
        for first in range(0, len(new), BATCH):
            self._simulate(new[first : first + BATCH])

    def _simulate(self, mixes: Sequence[Mix]) -> None:
        named = {mix: self.space.alternative(mix) for mix in mixes}
        others = tuple(alternative for mix, alternative in named.items() if mix != self.space.nothing)
        batch = replace(self.experiment, alternatives=others)
        wanted = {alternative.name: range(self.screening) for alternative in named.values()}
        before = self.runs

        def told(done: int, _of: int) -> None:
            if self._progress is not None:
                self._progress(before + done, self.budget)

        results = run_experiment(batch, wanted, executor=self._executor, progress=told)
        self.runs += len(named) * self.screening
        for mix, alternative in named.items():
            self.found[mix] = results.mean(alternative.name, self.key)
        if all(math.isnan(interval.mean) for interval in self.found.values()):
            failed = next((f.error for f in results.failures), "")
            raise (
                SimulationError(failed)
                if failed
                else UsageError(say("there is no figure {key!r} here", key=str(self.key)))
            )

    def _cost(self, mix: Mix) -> float:
        return self.space.price(mix) or 0.0

    @property
    def tried(self) -> Iterator[Tried]:
        """Everything, the best first."""
        for mix in sorted(self.found, key=self.rank):
            yield Tried(self.space.alternative(mix).name, self._cost(mix), self.found[mix])


def _in_order(search: _Search, results: Results, selection: Selection | None, tried: dict[str, Tried]) -> list[str]:
    """Names of those that raced, the best first."""
    means = {name: results.mean(name, search.key) for name in results.experiment.names}
    sign = 1 if search.better == "less" else -1
    order = sorted(
        (name for name in means if means[name].count), key=lambda name: (sign * means[name].mean, tried[name].cost)
    )
    if not order:
        raise SimulationError(next(failure.error for failure in results.failures))
    if selection is not None:  # who stayed longest, not who looked best when dropping out
        order = [*selection.left, *(name for name, _replications in reversed(selection.dropped))]
    return order


def _optimum(
    search: _Search,
    proved: Results,
    first: Sequence[str],
    tried: dict[str, Tried],
    selection: Selection | None,
    complete: bool,
    runs: int,
) -> Optimum:
    best, second = first[0], first[1] if len(first) > 1 else None
    return Optimum(
        search.key,
        search.better,
        search.space.budget,
        replace(tried[best], value=proved.mean(best, search.key)),
        replace(tried[second], value=proved.mean(second, search.key)) if second else None,
        proved.difference(best, search.key, against=second) if second else None,
        proved.difference(best, search.key) if best != BASELINE else mean_interval([0.0, 0.0]),
        selection,
        tuple(tried.values()),
        complete,
        search.space.size,
        search.budget,
        runs,
        search.experiment.seed,
        proved,
        search.space.unpriced,
        search.space.too_dear,
    )
