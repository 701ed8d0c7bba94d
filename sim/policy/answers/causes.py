"""Why an alternative changes what it changes: where the days come from, where the queue went, who pays for it.

All of it is read from the paired replications of an experiment; nothing is run again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.errors import UsageError
from sim.i18n import Words, say
from sim.model.causes import CAUSES
from sim.model.measures import ALL, OTHER, TRAFFICKING, Key, headline
from sim.policy.experiments.alternatives import BASELINE
from sim.policy.experiments.experiment import Experiment, Results
from sim.record.changes import Change
from sim.record.statistics import Interval, paired_difference, simultaneous

MEAN = "mean days"


@dataclass(frozen=True)
class Step:
    """What one cause adds to the change of the mean duration, in days; negative where it saves some."""

    cause: str
    """A name of `sim.model.causes.CAUSES`."""
    days: Interval


@dataclass(frozen=True)
class Waterfall:
    """From the mean duration as it is to that of an alternative, cause by cause. The steps add up to the change."""

    change: Change
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class OfficeLoad:
    """An office before and after. By Little's law (1961) the requests that wait on average are visits a day times
    days waited, so the longest queue is where most waiting days come together."""

    id: str
    title: Words
    queue: Change
    """Mean number of requests that wait."""
    busy: Change
    """Share of open time spent on requests."""
    waiting: Change
    """Calendar days a visit waits."""


@dataclass(frozen=True)
class Bottleneck:
    """The offices, those with the longest queues first, and which was and is the tightest."""

    alternative: str
    offices: tuple[OfficeLoad, ...]
    before: OfficeLoad
    after: OfficeLoad
    grown: OfficeLoad | None
    """The office whose queue grows most, where one grows clearly."""

    @property
    def moved(self) -> bool:
        """Whether another office has the longest queue now."""
        return self.before.id != self.after.id


@dataclass(frozen=True)
class Fairness:
    """Every corridor's change of the mean duration, the worst first. The intervals hold together: each is widened for
    their number (Bonferroni 1936), so that the chance that any of them misses is at most one minus ``level``."""

    alternative: str
    level: float
    corridors: tuple[Change, ...]

    @property
    def worse(self) -> tuple[Change, ...]:
        """Corridors that clearly get slower."""
        return tuple(change for change in self.corridors if change.verdict == "worse")


@dataclass(frozen=True)
class Why:
    """Everything that is known of why an alternative does what it does. None where the world cannot tell."""

    alternative: str
    waterfall: Waterfall | None
    bottleneck: Bottleneck | None
    groups: tuple[Change, ...]
    """The mean duration of requests about trafficking, and of the others."""
    fairness: Fairness | None
    answered: Change | None = None
    """Requests answered a year. Where they are clearly more or fewer, means before and after are of other requests."""


def level_of_one(experiment: Experiment, level: float) -> float:
    """The level that one alternative's families need so that those of all alternatives hold at once."""
    return simultaneous(level, len(experiment.alternatives))


def level_of_family(results: Results, alternative: str, keys: Sequence[Key], level: float) -> float:
    """The level that each figure of a family needs, as far as it was counted, so that all of them hold at once."""
    return simultaneous(level, sum(len(results.pairs(alternative, key)) > 1 for key in keys))


def why(results: Results, alternative: str, *, level: float = 0.95) -> Why:
    """Causes of what an alternative changes; parts without at least two pairs of replications are None.

    What is called clear is so together with everything of its kind (headline figures, groups, corridors, queues) in all
    alternatives of the experiment; only the steps of the waterfall have intervals for themselves. Raises `UsageError`
    if the experiment has no such alternative.
    """
    if alternative == BASELINE or alternative not in results.experiment.names:
        names = ", ".join(results.experiment.names[1:])
        raise UsageError(
            say("{alternative!r} is none of the alternatives — there are {names}", alternative=alternative, names=names)
        )
    shared = level_of_one(results.experiment, level)
    together = level_of_family(results, alternative, headline(), shared)
    return Why(
        alternative,
        waterfall(results, alternative, level=level, level_of_change=together),
        bottleneck(results, alternative, level=shared),
        groups(results, alternative, level=shared),
        fairness(results, alternative, level=shared),
        results.change(alternative, Key("answered a year"), together),
    )


def waterfall(
    results: Results, alternative: str, *, of: str = ALL, level: float = 0.95, level_of_change: float | None = None
) -> Waterfall | None:
    """Where the change of the mean duration comes from. The interval of the whole change may have a level of its own.

    Days by cause are means over the requests answered, so that they add up to the mean duration in every replication;
    where an alternative changes *which* requests are answered, that is in the steps too.
    """
    found = results.change(alternative, Key(MEAN, of), level if level_of_change is None else level_of_change)
    if found is None:
        return None
    steps = []
    for cause in CAUSES:
        pairs = results.pairs(alternative, Key(f"days {cause}", of))
        steps.append(Step(cause, paired_difference([b for b, _a in pairs], [a for _b, a in pairs], level)))
    return Waterfall(found, tuple(steps))


def bottleneck(results: Results, alternative: str, *, level: float = 0.95) -> Bottleneck | None:
    """Which office held requests up most before, and which does so now; intervals of all queues hold together."""
    keys = [key for key in results.keys(BASELINE) if key.measure == "queue"]
    each = level_of_family(results, alternative, keys, level)
    offices = []
    for key in keys:
        queue = results.change(alternative, key, each)
        busy = results.change(alternative, Key("busy", key.of), level)
        waiting = results.change(alternative, Key("waiting days", key.of), level)
        if queue is not None and busy is not None and waiting is not None:
            offices.append(OfficeLoad(key.of, queue.title, queue, busy, waiting))
    if not offices:
        return None
    before = max(offices, key=lambda office: office.queue.before.mean)
    after = max(offices, key=lambda office: office.queue.after.mean)
    growing = max(offices, key=lambda office: office.queue.difference.mean)
    longest = sorted(offices, key=lambda office: -max(office.queue.before.mean, office.queue.after.mean))
    return Bottleneck(alternative, tuple(longest), before, after, growing if growing.queue.way == "more" else None)


def groups(results: Results, alternative: str, *, level: float = 0.95) -> tuple[Change, ...]:
    """The change for requests about trafficking and for the others, with intervals that hold together; empty where the
    world does not tell them apart."""
    return _together(results, alternative, [Key(MEAN, of) for of in (TRAFFICKING, OTHER)], level)


def fairness(results: Results, alternative: str, *, level: float = 0.95) -> Fairness | None:
    """The change for every corridor, with intervals that hold together; None where there are no corridors."""
    keys = [key for key in results.keys(BASELINE) if key.measure == MEAN and " to " in f" {key.of}"]
    found = _together(results, alternative, keys, level)
    if not found:
        return None
    return Fairness(alternative, level, tuple(sorted(found, key=lambda change: -change.difference.mean)))


def _together(results: Results, alternative: str, keys: Sequence[Key], level: float) -> tuple[Change, ...]:
    each = level_of_family(results, alternative, keys, level)
    found = [results.change(alternative, key, each) for key in keys]
    return tuple(change for change in found if change is not None)
