"""Why an alternative changes what it changes: where the days come from, where the queue went, who pays for it.

All of it is read from the paired replications of an experiment; nothing is run again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.errors import UsageError
from sim.policy.alternatives import BASELINE
from sim.policy.experiment import Experiment, Results
from sim.policy.figures import ALL, HEADLINE, OTHER, TRAFFICKING, Key
from sim.record.causes import CAUSES
from sim.record.statistics import Interval, mean_interval, paired_difference, simultaneous

MEAN = "mean days"


@dataclass(frozen=True)
class Step:
    """What one cause adds to the change of the mean duration, in days; negative where it saves some."""

    cause: str
    days: Interval


@dataclass(frozen=True)
class Waterfall:
    """From the mean duration as it is to that of an alternative, cause by cause. The steps add up to the change."""

    alternative: str
    of: str
    before: Interval
    after: Interval
    change: Interval
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class OfficeLoad:
    """An office before and after. By Little's law (1961) the requests that wait on average are visits a day times
    days waited, so the longest queue is where most waiting days come together."""

    id: str
    title: str
    queue_before: Interval
    queue_after: Interval
    queue: Interval
    """Difference of the mean number of requests that wait."""
    busy_before: Interval
    busy_after: Interval
    busy: Interval
    """Difference of the share of open time spent on requests, in points of per cent."""
    waiting_before: Interval
    waiting_after: Interval
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
class Effect:
    """What an alternative does to the mean duration of one group of requests."""

    of: str
    title: str
    """What people call the group: for a corridor, the names of its States."""
    before: Interval
    after: Interval
    change: Interval

    @property
    def verdict(self) -> str:
        """``worse``, ``better`` or ``unclear``."""
        return "unclear" if not self.change.clear else "worse" if self.change.mean > 0 else "better"


@dataclass(frozen=True)
class Fairness:
    """Every corridor's effect, the worst first. The intervals hold together: each is widened for their number
    (Bonferroni 1936), so that the chance that any of them misses is at most one minus ``level``."""

    alternative: str
    level: float
    corridors: tuple[Effect, ...]

    @property
    def worse(self) -> tuple[Effect, ...]:
        """Corridors that clearly get slower."""
        return tuple(effect for effect in self.corridors if effect.verdict == "worse")


@dataclass(frozen=True)
class Why:
    """Everything that is known of why an alternative does what it does. None where the world cannot tell."""

    alternative: str
    waterfall: Waterfall | None
    bottleneck: Bottleneck | None
    groups: tuple[Effect, ...]
    """Requests about trafficking, and the others."""
    fairness: Fairness | None
    answered: Effect | None = None
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
        raise UsageError(f"{alternative!r} is none of the alternatives — there are {names}")
    shared = level_of_one(results.experiment, level)
    headline = level_of_family(results, alternative, [Key(measure) for measure in HEADLINE], shared)
    return Why(
        alternative,
        waterfall(results, alternative, level=level, level_of_change=headline),
        bottleneck(results, alternative, level=shared),
        groups(results, alternative, level=shared),
        fairness(results, alternative, level=shared),
        _effect(results, alternative, "answered a year", ALL, headline),
    )


def waterfall(
    results: Results, alternative: str, *, of: str = ALL, level: float = 0.95, level_of_change: float | None = None
) -> Waterfall | None:
    """Where the change of the mean duration comes from. The interval of the whole change may have a level of its own.

    Days by cause are means over the requests answered, so that they add up to the mean duration in every replication;
    where an alternative changes *which* requests are answered, that is in the steps too.
    """
    found = _effect(results, alternative, MEAN, of, level if level_of_change is None else level_of_change)
    if found is None:
        return None
    steps = []
    for cause in CAUSES:
        pairs = results.pairs(alternative, Key(f"days {cause}", of))
        steps.append(Step(cause, paired_difference([b for b, _a in pairs], [a for _b, a in pairs], level)))
    return Waterfall(alternative, of, found.before, found.after, found.change, tuple(steps))


def bottleneck(results: Results, alternative: str, *, level: float = 0.95) -> Bottleneck | None:
    """Which office held requests up most before, and which does so now; intervals of all queues hold together."""
    each = level_of_family(results, alternative, [k for k in results.keys(BASELINE) if k.measure == "queue"], level)
    titles = {id_: office.title for id_, office in results.experiment.world.world.offices.items()}
    offices = []
    for key in results.keys(BASELINE):
        if key.measure != "queue":
            continue
        queue = _effect(results, alternative, "queue", key.of, each)
        busy = _effect(results, alternative, "busy", key.of, level)
        waiting = _effect(results, alternative, "waiting days", key.of, level)
        if queue is not None and busy is not None and waiting is not None:
            of_queue, of_busy = (queue.before, queue.after, queue.change), (busy.before, busy.after, busy.change)
            title = titles.get(key.of, key.of)
            offices.append(OfficeLoad(key.of, title, *of_queue, *of_busy, waiting.before, waiting.after))
    if not offices:
        return None
    before = max(offices, key=lambda office: office.queue_before.mean)
    after = max(offices, key=lambda office: office.queue_after.mean)
    growing = max(offices, key=lambda office: office.queue.mean)
    longest = sorted(offices, key=lambda office: -max(office.queue_before.mean, office.queue_after.mean))
    return Bottleneck(
        alternative, tuple(longest), before, after, growing if growing.queue.clear and growing.queue.mean > 0 else None
    )


def groups(results: Results, alternative: str, *, level: float = 0.95) -> tuple[Effect, ...]:
    """The effect on requests about trafficking and on the others, with intervals that hold together; empty where the
    world does not tell them apart."""
    each = level_of_family(results, alternative, [Key(MEAN, of) for of in (TRAFFICKING, OTHER)], level)
    found = [_effect(results, alternative, MEAN, of, each) for of in (TRAFFICKING, OTHER)]
    return tuple(effect for effect in found if effect is not None)


def fairness(results: Results, alternative: str, *, level: float = 0.95) -> Fairness | None:
    """The effect on every corridor, with intervals that hold together; None where there are no corridors."""
    names = [key.of for key in results.keys(BASELINE) if key.measure == MEAN and " to " in f" {key.of}"]
    each = level_of_family(results, alternative, [Key(MEAN, of) for of in names], level)
    found = [effect for of in names if (effect := _effect(results, alternative, MEAN, of, each)) is not None]
    if not found:
        return None
    return Fairness(alternative, level, tuple(sorted(found, key=lambda effect: -effect.change.mean)))


def _effect(results: Results, alternative: str, measure: str, of: str, level: float) -> Effect | None:
    pairs = results.pairs(alternative, Key(measure, of))
    if len(pairs) < 2:
        return None
    before, after = [b for b, _after in pairs], [a for _before, a in pairs]
    intervals = mean_interval(before, level), mean_interval(after, level), paired_difference(before, after, level)
    return Effect(of, title_of(results, of), *intervals)


def title_of(results: Results, of: str) -> str:
    """A corridor with the names of its States instead of their ids."""
    states = results.experiment.world.jurisdictions
    of = f"elsewhere {of}" if of.startswith("to ") else of
    return " ".join(states[word].title if word in states else word for word in of.split(" "))
