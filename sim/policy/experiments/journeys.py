"""One typical request with and without a change: the same request, the same luck, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean

from sim.engine.executor import simulate
from sim.engine.log import EventLog
from sim.model.durations import DAY
from sim.policy.experiments.alternatives import BASELINE
from sim.policy.experiments.experiment import Experiment
from sim.policy.experiments.plans import Packed, packed, plan_of
from sim.record.journeys import stretches_of
from sim.record.measures import ANSWERED, request_flows
from sim.record.statistics import percentile


@dataclass(frozen=True)
class Journey:
    """A request's way. ``stretches`` are (first day, last day, cause, stage), counted from its arrival."""

    alternative: str
    request: str
    days: float
    outcome: str
    stretches: tuple[tuple[float, float, str, str], ...]


JourneyJob = tuple[Packed, Packed, str, int, int, int, int]
"""What runs as it is and in the alternative; the alternative's name, seed, replication, warm-up, end."""


def journey_job(experiment: Experiment, alternative: str, *, replication: int = 0) -> JourneyJob:
    """What `compare_journeys` needs, as plain data that travels to another process."""
    both = packed(experiment.what_runs(BASELINE)), packed(experiment.what_runs(alternative))
    return *both, alternative, experiment.seed, replication, *experiment.seconds


def compare_journeys(job: JourneyJob) -> tuple[Journey, Journey] | None:
    """The typical request of a replication as it is and in the alternative; None if none was answered in both.

    Typical is the request, answered in both after the warm-up, whose duration lies near the median as it is and whose
    change lies near the mean change: the two distances, each as a share of the middle half's width, add up to least.
    """
    as_it_is, changed, alternative, seed, replication, warm_up, end = job
    logs = [
        simulate(world, until=end, seed=seed, replication=replication, warm_up=warm_up, plan=plan)
        for world, plan in map(plan_of, (as_it_is, changed))
    ]
    before, after = (_answered(log, warm_up) for log in logs)
    common = sorted(before.keys() & after.keys())
    if not common:
        return None
    lasted = {name: before[name][1] for name in common}
    change = {name: after[name][1] - before[name][1] for name in common}
    usual, mean = percentile(sorted(lasted.values()), 0.5), fmean(change.values())
    width, width_of_change = _width(lasted), _width(change)
    name = min(common, key=lambda n: (abs(lasted[n] - usual) / width + abs(change[n] - mean) / width_of_change, n))
    return _journey(logs[0], BASELINE, name, before), _journey(logs[1], alternative, name, after)


def _width(values: Mapping[str, float]) -> float:
    """Of the middle half, in days; one day at least."""
    ordered = sorted(values.values())
    return max(1.0, percentile(ordered, 0.75) - percentile(ordered, 0.25))


def _answered(log: EventLog, warm_up: int) -> dict[str, tuple[int, float]]:
    """Index and days of every answered request by name."""
    flows = set(request_flows(log))
    return {
        log.request_name(index): (index, (left - log.request_arrived[index]) / DAY)
        for index, left in enumerate(log.request_left)
        if left >= warm_up
        and log.kinds[log.request_kind[index]].flow in flows
        and log.outcomes[log.request_outcome[index]] in ANSWERED
    }


def _journey(log: EventLog, alternative: str, name: str, answered: Mapping[str, tuple[int, float]]) -> Journey:
    index, days = answered[name]
    start = log.request_arrived[index]
    stretches = tuple(
        ((one.start - start) / DAY, (one.end - start) / DAY, one.cause, one.title) for one in stretches_of(log, index)
    )
    return Journey(alternative, name, days, log.outcomes[log.request_outcome[index]], stretches)
