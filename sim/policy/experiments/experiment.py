"""An experiment: replications of a world and its alternatives, by any executor, kept as they finish.

Every alternative meets the same requests with the same luck in the same replication (common random numbers by name).
A replication that fails is a row with its reason and the command that repeats it. What has finished stays: stopped in
the middle, an experiment that has a store goes on where it was, and ends in the same hash.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Protocol, TypedDict

import sim
from sim.engine.executor import simulate
from sim.engine.public_holidays import PACKAGE, NotKept, not_kept
from sim.engine.rollout import RollOut, check_roll_out
from sim.errors import SimulationError, UsageError
from sim.i18n import say
from sim.model.durations import YEAR
from sim.model.loading import Applied, Scenario, load, shipped_folder
from sim.model.world import Lever
from sim.policy.experiments.alternatives import BASELINE, Alternative, plain, setting_in_words
from sim.policy.experiments.executors import interrupts_held
from sim.policy.experiments.plans import KEPT, Packed, packed, plan_of
from sim.policy.experiments.results import Observation, Results
from sim.record.measures import figures_of
from sim.record.run import hash_of, made_by

logger = logging.getLogger("mlasim.policy.experiment")

Progress = Callable[[int, int], None]
"""Told how many of how many replications are done."""


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


class Options(TypedDict, total=False):
    """What may be said of an experiment beside its world and alternatives."""

    years: float
    seed: int
    warm_up: float | None
    roll_out: bool


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
    roll_out: bool = False
    """Whether levers are introduced from the end of the warm-up on, over the time each needs, rather than being
    fully in place. Figures then come by year, too."""

    @classmethod
    def of(
        cls,
        world: str | Scenario,
        alternatives: Iterable[Alternative | str | Lever | Sequence[str | Lever]] = (),
        *,
        years: float = 2.0,
        seed: int = 1,
        warm_up: float | None = None,
        roll_out: bool = False,
    ) -> Experiment:
        """An experiment from ids; raises `UsageError` for what cannot be tried."""
        scenario = world if isinstance(world, Scenario) else load(world)
        if scenario.kind != "world":
            raise UsageError(say("{id!r} is a {kind}; an experiment needs a world", id=scenario.id, kind=scenario.kind))
        if not 0 < years <= 100:
            raise UsageError(say("years must be above 0 and at most 100"))
        if warm_up is not None and not 0 <= warm_up <= 100:
            raise UsageError(say("the warm-up must be 0 to 100 years"))
        found = tuple(Alternative.of(what) for what in alternatives)
        names = [BASELINE, *(alternative.name for alternative in found)]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise UsageError(say("{twice!r} stands twice among the alternatives", twice=twice))
        return cls(scenario, found, years, seed, warm_up, roll_out)

    @property
    def names(self) -> tuple[str, ...]:
        """Every alternative, the world as it is first."""
        return (BASELINE, *(alternative.name for alternative in self.alternatives))

    @cached_property
    def scenarios(self) -> dict[str, Scenario]:
        """The scenario of every alternative, the world as it is first. Raises `UsageError` for levers that find nothing
        to change."""
        found = {BASELINE: self.world, **{a.name: a.applied(self.world) for a in self.alternatives}}
        for alternative in self.alternatives:
            if alternative.levers and found[alternative.name].hash == self.world.hash:
                raise UsageError(
                    say("{name!r} finds nothing to change in {id!r}", name=alternative.name, id=self.world.id)
                )
        return found

    @cached_property
    def roll_outs(self) -> dict[str, RollOut]:
        """How every alternative is introduced, where it is not fully in place at once; empty otherwise. Raises
        `UsageError` where that is not possible."""
        begin, _ = self.seconds
        found = {a.name: a.rolled_out(self.world, begin) for a in self.alternatives} if self.roll_out else {}
        for roll_out in found.values():
            check_roll_out(roll_out)
        return found

    def what_runs(self, name: str) -> Scenario | RollOut:
        """An alternative's world, or the world as it is with what is introduced into it."""
        return self.roll_outs.get(name) or self.scenarios[name]

    def run_of(self, name: str) -> tuple[int, int, int, bool, str]:
        """All that decides the runs of an alternative, their number aside: seed, warm-up and end in seconds, whether
        figures come by year, and the hash of the world (or of its introduction). Equal ones give equal figures."""
        return self.seed, *self.seconds, self.roll_out, self.what_runs(name).hash

    @cached_property
    def provenance(self) -> dict[str, tuple[Applied, ...]]:
        """Every change made to the world as its file says it, by alternative, in the order in which it was made."""
        return {name: scenario.applied for name, scenario in self.scenarios.items()}

    @cached_property
    def hangs_on(self) -> tuple[NotKept, ...]:
        """Public holidays that the runs meet and the library does not keep: they hang on the version of the calendar
        package."""
        _, until = self.seconds
        begin = datetime.combine(self.world.world.starts, time(), UTC)
        found = [one for scenario in self.scenarios.values() for one in not_kept(scenario, begin, until)]
        return tuple(dict.fromkeys(found))

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
        what += ["roll-out"] if self.roll_out else []
        what += [f"{PACKAGE} {one.version}" for one in self.hangs_on[:1]]
        return hashlib.sha256(json.dumps(what).encode()).hexdigest()

    def command(self, alternative: str, replication: int) -> str:
        """The command that repeats one replication, quoted for a shell."""
        found = next((a for a in self.alternatives if a.name == alternative), Alternative(BASELINE))
        words = ["mlasim", "run", _place(self.world), "--years", plain(self.years), "--seed", str(self.seed)]
        words += ["--replication", str(replication)]
        if self.warm_up is not None:
            words += ["--warm-up", plain(self.warm_up)]
        if self.roll_out:
            words += ["--roll-out"]
        for lever in (*self.world.levers, *found.levers):
            words += ["--lever", lever if isinstance(lever, str) else lever.id]
        for patch in found.settings:
            words += ["--set", setting_in_words(patch)] if setting_in_words(patch) else []
        return shlex.join(words)

    def comparison(self, replications: int | None) -> str:
        """The command that repeats the whole comparison, quoted for a shell; None where something else decides how many
        replications are made."""
        words = ["mlasim", "compare", _place(self.world)]
        for alternative in self.alternatives:
            levers = [lever if isinstance(lever, str) else lever.id for lever in alternative.levers]
            words += ["--lever", " + ".join([*levers, *filter(None, map(setting_in_words, alternative.settings))])]
        words += ["--replications", str(replications)] if replications is not None else []
        words += ["--years", plain(self.years), "--seed", str(self.seed)]
        if self.warm_up is not None:
            words += ["--warm-up", plain(self.warm_up)]
        return shlex.join([*words, *(["--roll-out"] if self.roll_out else [])])


def _place(scenario: Scenario) -> str:
    """How the command line names a world: its id where it is shipped, its file otherwise."""
    file = scenario.library.documents[scenario.kind, scenario.id].file
    return scenario.id if Path(file).resolve().is_relative_to(shipped_folder().resolve()) else file


def run_experiment(
    experiment: Experiment,
    replications: int | Mapping[str, Iterable[int]],
    *,
    executor: Executor | None = None,
    store: Store | None = None,
    results: Results | None = None,
    progress: Progress | None = None,
    in_flight: int = 64,
) -> Results:
    """Make what is missing of the replications wanted (a number for all, or which ones by alternative).

    ``executor`` is any `concurrent.futures` executor; serial without one. Observations go to ``store`` and ``results``
    as they finish, at most ``in_flight`` at a time being under way, so that memory stays flat and a stop loses little.
    What ``results`` or, where none are given, the store holds already is not made again, except for what failed when
    the store was last used. On `KeyboardInterrupt` what is done is written first.
    """
    found = results if results is not None else Results(experiment)
    if store is not None and results is None:
        for observation in store.read():
            if not observation.error:
                found.add(observation)
    names = experiment.names
    wanted = dict.fromkeys(names, range(replications)) if isinstance(replications, int) else dict(replications)
    missing = [
        (name, replication)
        for replication in sorted({r for rs in wanted.values() for r in rs})
        for name in names
        if replication in wanted.get(name, ()) and (name, replication) not in found
    ]
    if len(names) > KEPT:  # a process keeps no more plans: some runs of each one after another
        missing.sort(key=lambda one: (one[1] // KEPT, names.index(one[0])))
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


Job = tuple[str, int, int, int, int, bool, Packed]
"""Alternative, replication, seed, warm-up, end, whether figures come by year, and what runs."""


def _jobs(experiment: Experiment, missing: Iterable[tuple[str, int]]) -> Iterator[Job]:
    worlds: dict[str, Packed] = {}
    for name, replication in missing:
        if name not in worlds:
            worlds[name] = packed(experiment.what_runs(name))
        yield name, replication, experiment.seed, *experiment.seconds, experiment.roll_out, worlds[name]


def _streamed(executor: Executor, jobs: Iterator[Job], in_flight: int) -> Iterator[Observation]:
    """Observations as they finish; a few jobs are handed out at a time."""
    waiting: dict[Future[Observation], Job] = {}
    try:
        with interrupts_held() as stop_if_asked:
            for job in jobs:
                waiting[executor.submit(observe, job)] = job
                while len(waiting) >= in_flight:
                    stop_if_asked()
                    yield from _finished(waiting)
            while waiting:
                stop_if_asked()
                yield from _finished(waiting)
    except BrokenExecutor as error:
        raise SimulationError(
            "a worker process died, perhaps for want of memory — try fewer processes; what a folder keeps is not lost"
        ) from error
    finally:
        for future in waiting:
            future.cancel()


def _finished(waiting: dict[Future[Observation], Job]) -> Iterator[Observation]:
    """Takes those that have finished within a moment out of the waiting."""
    for future in wait(waiting, timeout=_MOMENT, return_when=FIRST_COMPLETED).done:
        job = waiting.pop(future)
        try:
            yield future.result()
        except BrokenExecutor:
            raise
        except Exception as error:  # the cluster lost it; the others may be well
            logger.warning("replication %d of %s is lost", job[1], job[0], exc_info=True)
            yield Observation(job[0], job[1], error=f"{type(error).__name__}: {error}")


_MOMENT = 0.2
"""Seconds within which an interrupt is answered."""


def observe(job: Job) -> Observation:
    """One replication, in whatever process this is."""
    name, replication, seed, warm_up, end, by_year, world = job
    with suppress(ImportError):  # so that figures are counted in columns
        import numpy  # noqa: F401
    try:
        scenario, plan = plan_of(world)
        log = simulate(scenario, until=end, seed=seed, replication=replication, warm_up=warm_up, plan=plan)
        figures = figures_of(log, by_year=by_year)
        return Observation(name, replication, figures, hash_of(log), made_by=made_by(log))
    except Exception as error:  # a failed replication is a row, not the end of the experiment
        logger.warning("replication %d of %s has failed", replication, name, exc_info=True)
        return Observation(name, replication, error=f"{type(error).__name__}: {error}")


__all__ = ["BASELINE", "Experiment", "Job", "Observation", "Progress", "Results", "Store", "observe", "run_experiment"]
