"""The best of many alternatives, with a promised probability: the fully sequential procedure of Kim and Nelson.

Every alternative still in the race is observed in the same replications (common random numbers, which the procedure
allows and profits from); as soon as one is clearly worse than another it drops out, and the race ends with one. If the
best is better than every other by at least the indifference, it is found with at least the promised probability; if
others are as near as that, one of these is (Kim and Nelson 2001, A fully sequential procedure for indifference-zone
selection in simulation, ACM TOMACS 11(3), 251-273; here with their constant c = 1).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from statistics import variance
from typing import Literal

from sim.errors import UsageError
from sim.i18n import Words, joined, say
from sim.model.measures import Key, measure_of
from sim.policy.experiments.experiment import Experiment, Progress, Results, Store, run_experiment
from sim.policy.experiments.stopping import key_of, known
from sim.record.statistics import Interval

FIRST = 10
"""Replications of all before the first is dropped; they tell how far apart two alternatives usually are."""
ROUND = 10
"""Replications made at a time, to keep several processes at work; the race does not depend on it."""
BUDGET = 5_000
"""Replications of all alternatives together at most, unless told otherwise."""

Observe = Callable[[Sequence[int], range], list[list[float]]]
"""Given alternatives (by number) and replications: a row for each replication, with a value for each alternative, the
more the better; NaN where it failed."""


@dataclass(frozen=True)
class Race:
    """How a race ended."""

    left: tuple[int, ...]
    """Alternatives still in it, the best mean first."""
    dropped: tuple[tuple[int, int], ...]
    """Alternative, and how many replications it had been observed in when it dropped out; in that order."""
    replications: int
    """That the last screening looked at; those in which one still in the race failed do not count."""


@dataclass(frozen=True)
class Selection:
    """The best of an experiment's alternatives by one figure."""

    key: Key
    better: Literal["less", "more"]
    best: str
    promised: bool
    """Whether the race was run to its end; if not, the budget was used up and ``best`` is only ahead so far."""
    probability: float
    indifference: float
    """Smallest difference worth detecting, in the figure's unit."""
    left: tuple[str, ...]
    """Those still in the race, the best first; one if it was run to its end."""
    dropped: tuple[tuple[str, int], ...]
    """Those that dropped out, with the replications they had been observed in, the first to go first."""
    mean: Interval
    """Of the best, over its replications."""
    replications: int
    """Of all alternatives together."""

    @property
    def words(self) -> Words:
        """The same in a sentence."""
        if not self.promised:
            return say(
                "by {figure} {best} is ahead after {runs} runs, the budget, but nothing is promised: {ahead} may be "
                "better",
                figure=self.key.words,
                best=self.best,
                runs=self.replications,
                ahead=joined(self.left[1:]),
            )
        return say(
            "best by {figure} ({better} is better): {best}, with a probability of at least {probability} if the next "
            "best is at least {indifference} worse (Kim and Nelson 2001; {runs} runs)",
            figure=self.key.words,
            better=say("less") if self.better == "less" else say("more"),
            best=self.best,
            probability=f"{self.probability:.0%}",
            indifference=f"{self.indifference:g}",
            runs=self.replications,
        )

    def __str__(self) -> str:
        return str(self.words)


def select_best(
    experiment: Experiment,
    key: Key | str,
    indifference: float,
    *,
    probability: float = 0.95,
    better: Literal["less", "more"] | None = None,
    budget: int = BUDGET,
    first: int = FIRST,
    executor: Executor | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
) -> tuple[Results, Selection]:
    """The best of the world as it is and its alternatives by one figure.

    ``indifference`` is the smallest difference worth detecting, in the figure's unit; ``better`` says which direction
    is an improvement where the figure does not tell by itself. ``budget`` counts runs of all alternatives together.
    Raises `UsageError` for what cannot be asked, and if no replication has the figure for all alternatives.
    """
    key = key_of(key) if isinstance(key, str) else key
    direction = better or measure_of(key).better
    if direction not in ("less", "more"):
        raise UsageError(
            say("whether more or less of {key!r} is better has to be said — write better='less'", key=str(key))
        )
    names, sign = experiment.names, 1 if direction == "more" else -1
    _possible(len(names), indifference, probability, first)
    if budget < len(names) * first:
        raise UsageError(
            say("{count} alternatives need a budget of at least {runs} runs", count=len(names), runs=len(names) * first)
        )
    results: Results | None = None

    def observe(which: Sequence[int], replications: range) -> list[list[float]]:
        nonlocal results
        wanted = {names[i]: replications for i in which}
        results = run_experiment(experiment, wanted, results=results, store=store, executor=executor, progress=progress)
        known(results, key)
        columns = [results.values(names[i], key) for i in which]
        return [[sign * column.get(replication, math.nan) for column in columns] for replication in replications]

    race = run_race(len(names), observe, indifference, probability=probability, budget=budget, first=first)
    assert results is not None
    left = tuple(names[i] for i in race.left)
    return results, Selection(
        key=key,
        better=direction,
        best=left[0],
        promised=len(left) == 1,
        probability=probability,
        indifference=indifference,
        left=left,
        dropped=tuple((names[i], replications) for i, replications in race.dropped),
        mean=results.mean(left[0], key),
        replications=sum(len(results.replications(name)) for name in names),
    )


def run_race(
    count: int,
    observe: Observe,
    indifference: float,
    *,
    probability: float = 0.95,
    budget: int = BUDGET,
    first: int = FIRST,
) -> Race:
    """Kim and Nelson's procedure for ``count`` alternatives, of which the largest mean is sought.

    Screening is done replication by replication, however many are observed at a time, so that the answer does not
    depend on that. Replications in which one still in the race failed are left out.
    """
    _possible(count, indifference, probability, first)
    left, dropped = list(range(count)), []
    rows: list[dict[int, float]] = []
    made, spent = 0, 0

    def more(number: int) -> bool:
        """Observe further replications of those left, as far as the budget goes."""
        nonlocal made, spent
        number = min(number, (budget - spent) // len(left))
        found = observe(left, range(made, made + number)) if number > 0 else []
        rows.extend(dict(zip(left, row, strict=True)) for row in found if not any(map(math.isnan, row)))
        made, spent = made + number, spent + number * len(left)
        return number > 0

    while len(rows) < first:
        if not more(first - len(rows)):
            raise UsageError(
                say(
                    "only {count} of {made} replications have the figure for all alternatives",
                    count=len(rows),
                    made=made,
                )
            )
    eta = ((2 * (1 - probability) / (count - 1)) ** (-2 / (first - 1)) - 1) / 2
    reach = {
        (i, j): 2 * eta * (first - 1) * variance([row[i] - row[j] for row in rows[:first]]) / indifference**2
        for i in left
        for j in left
        if i != j
    }
    """Replications after which a pair's margin is used up."""
    seen = first
    sums = {i: sum(row[i] for row in rows[:seen]) for i in left}
    while True:
        losers = [i for i in left if any(_behind(sums, i, j, reach, indifference, seen) for j in left if j != i)]
        if not losers and seen > max(reach[i, j] for i in left for j in left if i != j):
            # No margin is left and still two are even: their luck was the same in every replication.
            losers = sorted(left, key=lambda i: -sums[i])[1:]
        dropped += [(i, seen) for i in losers]
        left = [i for i in left if i not in losers]
        if len(left) == 1 or (seen == len(rows) and not _again(more, rows)):
            break
        for i in left:
            sums[i] += rows[seen][i]
        seen += 1
    return Race(tuple(sorted(left, key=lambda i: -sums[i])), tuple(dropped), seen)


def _again(more: Callable[[int], bool], rows: list[dict[int, float]]) -> bool:
    """Observe until there is a further row; false if the budget is used up first."""
    before = len(rows)
    while len(rows) == before:
        if not more(ROUND):
            return False
    return True


def _behind(
    sums: dict[int, float], i: int, j: int, reach: dict[tuple[int, int], float], indifference: float, seen: int
) -> bool:
    """Whether i lies further behind j than the margin, which shrinks to nothing."""
    return sums[i] < sums[j] - max(0.0, indifference / 2 * (reach[i, j] - seen))


def _possible(count: int, indifference: float, probability: float, first: int) -> None:
    if count < 2:
        raise UsageError(say("to find the best there must be at least one alternative to the world as it is"))
    if not indifference > 0:
        raise UsageError(say("say which difference is worth detecting: a number above 0, in the figure's unit"))
    if not 1 / count < probability < 1:
        raise UsageError(
            say("the promised probability must be above {guessing} (guessing) and below 1", guessing=f"{1 / count:.2g}")
        )
    if first < 2:
        raise UsageError(say("a first stage needs at least 2 replications"))
