"""The engine against closed forms of queueing theory, a world against published figures, and Little's law.

The queues are shipped worlds, run through the same engine as any other; nothing here knows how the engine works.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import lru_cache
from statistics import fmean
from typing import TypeVar

from sim.engine.compile import compile_world
from sim.engine.executor import simulate
from sim.engine.log import EventLog
from sim.engine.plan import Plan
from sim.errors import UsageError
from sim.i18n import say
from sim.model.durations import MINUTE
from sim.model.loading import Scenario, load
from sim.policy.verification import closed_forms
from sim.record.claims import ClaimResult, figures, judged
from sim.record.measures import in_columns
from sim.record.run import run
from sim.record.statistics import mean_interval

LEVEL = 0.99
"""Confidence that all rows of the theory table hold at once (each has its share of the error, after Bonferroni)."""
REQUESTS = 40_000
"""Requests of one replication of a queue."""
_SETTLING, _ENDING = 1_000, 200
"""Requests left out at the beginning, while the queue fills, and at the end, while it empties."""
_SEED = 1

Progress = Callable[[int, int], None]
"""Told how many of how many jobs are done."""


@dataclass(frozen=True)
class TheoryResult:
    """One quantity of one queue: the closed form and what independent replications give."""

    name: str
    """The queue."""
    quantity: str
    """What is compared, with its unit."""
    closed_form: float
    source: str
    """Whose formula it is."""
    simulated: float
    half_width: float
    level: float
    """Confidence level of this row's interval."""
    passed: bool
    """Whether the interval holds the closed form."""


@dataclass(frozen=True)
class Queue:
    """A shipped world whose figures are known in closed form."""

    world: str
    name: str
    source: str
    expected: dict[str, float]
    """Closed form by quantity, in minutes."""


def queues() -> tuple[Queue, ...]:
    """The shipped queues and their closed forms; arrivals come once an hour in all of them."""
    hourly = 1 / 60
    urgent, routine = closed_forms.non_preemptive_waiting((0.3 * hourly, 0.7 * hourly), 1 / 120, 3)
    first, second = closed_forms.preemptive_sojourn((0.4 * hourly, 0.6 * hourly), 1 / 36)
    network = ((4 / 3, 1 / 63, 2), (4 / 3, 1 / 27, 1), (1.0, 1 / 120, 3))
    return (
        Queue(
            "queue-mm1",
            "M/M/1",
            "Kleinrock 1975, 3.26",
            {"minutes from start to end": closed_forms.mm1_sojourn(hourly, 1 / 40)},
        ),
        Queue(
            "queue-mmc",
            "M/M/4",
            "Erlang 1917; Kleinrock 1975, 3.40",
            {
                "minutes from start to end": closed_forms.mmc_waiting(hourly, 1 / 160, 4) + 160,
                "share that waits": closed_forms.erlang_c(hourly, 1 / 160, 4),
            },
        ),
        Queue(
            "queue-mg1",
            "M/G/1, lognormal",
            "Pollaczek 1930; Khinchine 1932; Kleinrock 1975, 5.69",
            {"minutes from start to end": closed_forms.mg1_waiting(hourly, 36, 1.2) + 36},
        ),
        Queue(
            "queue-priorities",
            "M/M/3, two priorities",
            "Cobham 1954",
            {"minutes from start to end, urgent": urgent + 120, "minutes from start to end, routine": routine + 120},
        ),
        Queue(
            "queue-preemptive",
            "M/M/1, urgent work interrupts",
            "White and Christie 1958",
            {"minutes from start to end, urgent": first, "minutes from start to end, routine": second},
        ),
        Queue(
            "queue-feedback",
            "network with feedback",
            "Jackson 1957",
            {
                "minutes from start to end": closed_forms.jackson_sojourn(hourly, network),
                "visits to an office": sum(visits for visits, _, _ in network),
            },
        ),
    )


def theory_table(
    replications: int = 20,
    *,
    requests: int = REQUESTS,
    seed: int = _SEED,
    level: float = LEVEL,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> list[TheoryResult]:
    """Every shipped queue against its closed forms.

    ``level`` is the confidence that all rows hold at once. ``executor`` is any `concurrent.futures` executor;
    serial without one. Raises `UsageError` for fewer than two replications.
    """
    if replications < 2:
        raise UsageError(say("an interval needs at least 2 replications — write --theory-replications 20"))
    known = queues()
    jobs = [(queue.world, requests, seed, replication) for queue in known for replication in range(replications)]
    measured = _map(_measure, jobs, executor, progress)
    share = 1 - (1 - level) / sum(len(queue.expected) for queue in known)
    results = []
    for place, queue in enumerate(known):
        figures = measured[place * replications : (place + 1) * replications]
        for quantity, closed_form in queue.expected.items():
            interval = mean_interval([figure[quantity] for figure in figures], share)
            results.append(
                TheoryResult(
                    queue.name,
                    quantity,
                    closed_form,
                    queue.source,
                    interval.mean,
                    interval.half_width,
                    share,
                    closed_form in interval,
                )
            )
    return results


def calibration_table(
    world: str | Scenario,
    replications: int = 10,
    years: float = 3.0,
    *,
    seed: int = _SEED,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> list[ClaimResult]:
    """Every published figure the world claims to represent, beside what its runs give."""
    scenario = _world(world, replications)
    jobs = [(scenario, years, seed, replication) for replication in range(replications)]
    return judged(scenario, _map(_figures, jobs, executor, progress))


def _world(world: str | Scenario, replications: int) -> Scenario:
    scenario = world if isinstance(world, Scenario) else load(world)
    if scenario.kind != "world":
        raise UsageError(say("{id!r} is a {kind}; only a world can be verified", id=scenario.id, kind=scenario.kind))
    if replications < 2:
        raise UsageError(say("an interval needs at least 2 replications — write --replications 10"))
    return scenario


Job = TypeVar("Job")
Result = TypeVar("Result")


def _map(
    job: Callable[[Job], Result], jobs: Sequence[Job], executor: Executor | None, progress: Progress | None
) -> list[Result]:
    results = map(job, jobs) if executor is None else executor.map(job, jobs)
    done = []
    for result in results:
        done.append(result)
        if progress is not None:
            progress(len(done), len(jobs))
    return done


def _figures(job: tuple[Scenario, float, int, int]) -> list[float]:
    """Figures travel from another process more easily than event tables do."""
    scenario, years, seed, replication = job
    made = run(scenario, years=years, seed=seed, replication=replication, plan=_plan(scenario))
    return figures(scenario.world.claims, made)


def _measure(job: tuple[str, int, int, int]) -> dict[str, float]:
    world, requests, seed, replication = job
    scenario = _load(world)
    log = simulate(scenario, arrivals=requests, seed=seed, replication=replication, plan=_plan(scenario))
    return measure(log)


@lru_cache(maxsize=16)
def _load(world: str) -> Scenario:
    return load(world)


@lru_cache(maxsize=16)
def _plan(scenario: Scenario) -> Plan:
    return compile_world(scenario)


def measure(log: EventLog) -> dict[str, float]:
    """Figures of a queue from its event table, in minutes, without the beginning and the end of the run."""
    counted = range(_SETTLING, len(log.request_arrived) - _ENDING)
    if in_columns(log):
        return _measure_columns(log, counted)
    sojourn = {i: (log.request_left[i] - log.request_arrived[i]) / MINUTE for i in counted}
    waiting = dict.fromkeys(counted, 0.0)
    visits = 0
    for request, enabled, started in zip(log.request, log.enabled, log.started, strict=True):
        if request in waiting:
            waiting[request] += (started - enabled) / MINUTE
            visits += 1
    figures = {
        "minutes from start to end": fmean(sojourn.values()),
        "share that waits": fmean(time > 0 for time in waiting.values()),
        "visits to an office": visits / len(counted),
    }
    for level, name in enumerate(log.priorities):
        members = [i for i in counted if log.request_priority[i] == level]
        if members:
            figures[f"minutes from start to end, {name}"] = fmean(sojourn[i] for i in members)
    return figures


def _measure_columns(log: EventLog, counted: range) -> dict[str, float]:
    """`measure` in columns: sums of fractions in the same order."""
    import numpy as np

    request = np.frombuffer(log.request, np.int32)
    waited = (np.frombuffer(log.started, np.int64) - np.frombuffer(log.enabled, np.int64)) / MINUTE
    place = slice(counted.start, counted.stop)
    waiting = np.bincount(request, waited, len(log.request_arrived))[place]
    visits = int(np.bincount(request, minlength=len(log.request_arrived))[place].sum())
    sojourn = (np.frombuffer(log.request_left, np.int64) - np.frombuffer(log.request_arrived, np.int64))[place] / MINUTE
    priority = np.frombuffer(log.request_priority, np.int8)[place]
    figures = {
        "minutes from start to end": fmean(sojourn.tolist()),
        "share that waits": int((waiting > 0).sum()) / len(counted),
        "visits to an office": visits / len(counted),
    }
    for level, name in enumerate(log.priorities):
        if (priority == level).any():
            figures[f"minutes from start to end, {name}"] = fmean(sojourn[priority == level].tolist())
    return figures
