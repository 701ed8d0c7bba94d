"""An experiment: replications of a world and its alternatives, by any executor, kept as they finish.

Every alternative meets the same requests with the same luck in the same replication (common random numbers by name).
A replication that fails is a row with its reason and the command that repeats it. What has finished stays: stopped in
the middle, an experiment that has a store goes on where it was, and ends in the same hash.
"""

from __future__ import annotations

import hashlib
import json
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import sim
from sim.engine.nodes import Plan
from sim.engine.plan import compile_world
from sim.engine.simulation import simulate
from sim.errors import UsageError
from sim.model.durations import YEAR
from sim.model.loading import Scenario, load
from sim.model.world import Lever
from sim.policy.alternatives import BASELINE, Alternative
from sim.policy.figures import Key, figures_of
from sim.record.run import hash_of
from sim.record.statistics import Interval, mean_interval, paired_difference

Progress = Callable[[int, int], None]
"""Told how many of how many replications are done."""


@dataclass(frozen=True)
class Observation:
    """What one replication of one alternative came to: its figures and the hash of its event table, or why it failed."""

    alternative: str
    replication: int
    figures: Mapping[Key, float] = field(default_factory=dict)
    sha256: str = ""
    error: str = ""


class Store(Protocol):
    """Where observations are kept while they arrive."""

    def read(self) -> Iterator[Observation]:
        """Everything kept so far."""
        ...

    def add(self, observation: Observation) -> None:
        """Keep one more; it may be written with others, but at the latest by `flush`."""
        ...

    def flush(self) -> None:
        """Write everything."""
        ...


@dataclass(frozen=True)
class Experiment:
    """What is to be tried. ``years`` are counted after the warm-up."""

    world: Scenario
    alternatives: tuple[Alternative, ...]
    """Without the world as it is, which always takes part under the name `BASELINE`."""
    years: float = 2.0
    seed: int = 1
    warm_up: float | None = None
    """Years left out at the beginning; the world's own unless given."""

    @classmethod
    def of(
        cls,
        world: str | Scenario,
        alternatives: Iterable[Alternative | str | Lever | Sequence[str | Lever]] = (),
        *,
        years: float = 2.0,
        seed: int = 1,
        warm_up: float | None = None,
    ) -> Experiment:
        """An experiment from ids; raises `UsageError` for what cannot be tried."""
        scenario = world if isinstance(world, Scenario) else load(world)
        if scenario.kind != "world":
            raise UsageError(f"{scenario.id!r} is a {scenario.kind}; an experiment needs a world")
        if not 0 < years <= 100:
            raise UsageError("years must be above 0 and at most 100")
        found = tuple(Alternative.of(what) for what in alternatives)
        names = [BASELINE, *(alternative.name for alternative in found)]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise UsageError(f"{twice!r} stands twice among the alternatives")
        return cls(scenario, found, years, seed, warm_up)

    @property
    def names(self) -> tuple[str, ...]:
        """Every alternative, the world as it is first."""
        return (BASELINE, *(alternative.name for alternative in self.alternatives))

    @cached_property
    def scenarios(self) -> dict[str, Scenario]:
        """The scenario of every alternative, the world as it is first."""
        return {BASELINE: self.world, **{a.name: a.applied(self.world) for a in self.alternatives}}

    @property
    def seconds(self) -> tuple[int, int]:
        """Warm-up and end of a run, in seconds."""
        given = self.world.world.warm_up
        own = given.seconds()[0] if given is not None else 0.0
        warm_up = round(own if self.warm_up is None else self.warm_up * YEAR)
        return warm_up, round(warm_up + self.years * YEAR)

    @cached_property
    def identity(self) -> str:
        """Hash of everything that decides the observations; a store belongs to one identity."""
        what = [sim.__version__, self.seed, *self.seconds, *((n, s.hash) for n, s in self.scenarios.items())]
        return hashlib.sha256(json.dumps(what).encode()).hexdigest()

    def command(self, alternative: str, replication: int) -> str:
        """The command that repeats one replication."""
        found = next((a for a in self.alternatives if a.name == alternative), Alternative(BASELINE))
        words = f"mlasim run {self.world.id} --years {self.years:g} --seed {self.seed} --replication {replication}"
        words += "".join(f" --lever {lever if isinstance(lever, str) else lever.id}" for lever in found.levers)
        for patch in found.settings:
            how = {"set": "=", "times": "*", "plus": "+"}[next(iter(patch.model_fields_set - {"at"}))]
            value = next(getattr(patch, name) for name in patch.model_fields_set - {"at"})
            words += f" --set '{patch.at}{how}{value:g}'"
        return words


@dataclass
class Results:
    """Observations of an experiment, and what can be asked of them."""

    experiment: Experiment
    observations: dict[tuple[str, int], Observation] = field(default_factory=dict)

    def add(self, observation: Observation) -> None:
        """Take in one more."""
        self.observations[observation.alternative, observation.replication] = observation

    @property
    def failures(self) -> list[Observation]:
        """Replications that failed, in order."""
        return [self.observations[key] for key in sorted(self.observations) if self.observations[key].error]

    @property
    def sha256(self) -> str:
        """Hash of all observations, in whatever order they came: the same experiment gives the same hash."""
        digest = hashlib.sha256(self.experiment.identity.encode())
        for (name, replication), one in sorted(self.observations.items()):
            digest.update(json.dumps([name, replication, one.sha256, one.error]).encode())
        return digest.hexdigest()

    def keys(self, alternative: str = BASELINE) -> list[Key]:
        """Figures that some replication of an alternative has, in order of first appearance."""
        found: dict[Key, None] = {}
        for (name, _), one in sorted(self.observations.items()):
            if name == alternative:
                found.update(dict.fromkeys(one.figures))
        return list(found)

    def values(self, alternative: str, key: Key) -> dict[int, float]:
        """A figure of an alternative by replication; failed ones are left out."""
        return {
            replication: one.figures[key]
            for (name, replication), one in sorted(self.observations.items())
            if name == alternative and key in one.figures
        }

    def pairs(self, alternative: str, key: Key, against: str = BASELINE) -> list[tuple[float, float]]:
        """(against, alternative) of every replication that has both."""
        before, after = self.values(against, key), self.values(alternative, key)
        return [(before[r], after[r]) for r in sorted(before.keys() & after.keys())]

    def mean(self, alternative: str, key: Key, level: float = 0.95) -> Interval:
        """Mean of a figure with its interval."""
        return mean_interval(list(self.values(alternative, key).values()), level)

    def difference(self, alternative: str, key: Key, level: float = 0.95, against: str = BASELINE) -> Interval:
        """Mean paired difference of a figure with its interval."""
        pairs = self.pairs(alternative, key, against)
        return paired_difference([before for before, _ in pairs], [after for _, after in pairs], level)


def run_experiment(
    experiment: Experiment,
    replications: int | Mapping[str, Iterable[int]],
    *,
    executor: Executor | None = None,
    store: Store | None = None,
    results: Results | None = None,
    progress: Progress | None = None,
    in_flight: int = 32,
) -> Results:
    """Make what is missing of the replications wanted (a number for all, or which ones by alternative).

    ``executor`` is any `concurrent.futures` executor; serial without one. Observations go to ``store`` and ``results``
    as they finish, at most ``in_flight`` at a time being under way, so that memory stays flat and a stop loses little.
    What store or results hold already is not made again. On `KeyboardInterrupt` what is done is written first.
    """
    found = results if results is not None else Results(experiment)
    if store is not None:
        for observation in store.read():
            found.add(observation)
    names = experiment.names
    wanted = dict.fromkeys(names, range(replications)) if isinstance(replications, int) else dict(replications)
    missing = [
        (name, replication)
        for replication in sorted({r for rs in wanted.values() for r in rs})
        for name in names
        if replication in wanted.get(name, ()) and (name, replication) not in found.observations
    ]
    done, total = 0, len(missing)
    jobs = _jobs(experiment, missing)
    try:
        for observation in map(observe, jobs) if executor is None else _streamed(executor, jobs, in_flight):
            found.add(observation)
            if store is not None:
                store.add(observation)
            done += 1
            if progress is not None:
                progress(done, total)
    finally:
        if store is not None:
            store.flush()
    return found


Job = tuple[str, int, int, int, int, str, bytes]
"""Alternative, replication, seed, warm-up, end, hash of the scenario, and the scenario itself, packed."""


def _jobs(experiment: Experiment, missing: Iterable[tuple[str, int]]) -> Iterator[Job]:
    packed: dict[str, bytes] = {}
    warm_up, end = experiment.seconds
    for name, replication in missing:
        scenario = experiment.scenarios[name]
        if name not in packed:
            packed[name] = pickle.dumps(scenario)
        yield name, replication, experiment.seed, warm_up, end, scenario.hash, packed[name]


def _streamed(executor: Executor, jobs: Iterator[Job], in_flight: int) -> Iterator[Observation]:
    """Observations as they finish; a few jobs are handed out at a time."""
    waiting: set[Future[Observation]] = set()
    try:
        for job in jobs:
            waiting.add(executor.submit(observe, job))
            if len(waiting) >= in_flight:
                finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in finished)
        while waiting:
            finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in finished)
    finally:
        for future in waiting:
            future.cancel()


_plans: dict[str, tuple[Scenario, Plan]] = {}
_KEPT = 8


def observe(job: Job) -> Observation:
    """One replication, in whatever process this is."""
    name, replication, seed, warm_up, end, hash_, packed = job
    try:
        if hash_ not in _plans:
            if len(_plans) >= _KEPT:
                _plans.clear()
            scenario = pickle.loads(packed)
            _plans[hash_] = scenario, compile_world(scenario)
        scenario, plan = _plans[hash_]
        log = simulate(scenario, until=end, seed=seed, replication=replication, warm_up=warm_up, plan=plan)
        return Observation(name, replication, figures_of(log), hash_of(log))
    except Exception as error:  # a failed replication is a row, not the end of the experiment
        return Observation(name, replication, error=f"{type(error).__name__}: {error}")
