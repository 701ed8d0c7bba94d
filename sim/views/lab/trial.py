"""Trying an alternative in the background: runs in processes of their own, observations as they arrive.

A thread feeds the processes; the app takes what has arrived when it likes. Stopped, it keeps what is done. A trial may
begin before anybody asks for its answer, and then go on.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from queue import Empty, SimpleQueue

from sim.errors import MlasimError
from sim.model.measures import Key
from sim.policy.experiments.experiment import Experiment, Observation, Results, run_experiment
from sim.policy.experiments.journeys import Journey, compare_journeys, journey_job
from sim.record.statistics import Interval, paired_difference
from sim.views.lab.runs import PROCESSES, Runs

logger = logging.getLogger("mlasim.views.policy_trial")

MEAN = Key("mean days")


class _StoppedError(Exception):
    """Ends an experiment from within: what it has given away is kept."""


class _Mailbox:
    """Where observations wait for the app. A store to the experiment, so that each is handed over as it finishes."""

    def __init__(self, runs: Runs, experiment: Experiment) -> None:
        self.stopped = False
        self.last = time.monotonic()
        """When something arrived last."""
        self._runs, self._experiment = runs, experiment
        self._queue: SimpleQueue[Observation] = SimpleQueue()

    def recall(self, pairs: int) -> Results:
        """What is known already, as the experiment's results so far; the app is given it, too."""
        known = Results(self._experiment)
        for observation in self._runs.recall(self._experiment, pairs):
            known.add(observation)
            self._queue.put(observation)
        return known

    def read(self) -> Iterator[Observation]:
        return iter(())

    def add(self, observation: Observation) -> None:
        if self.stopped:
            raise _StoppedError
        self._runs.remember(self._experiment, observation)
        self.last = time.monotonic()
        self._queue.put(observation)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> Iterator[Observation]:
        """What has arrived since the last time."""
        while True:
            try:
                yield self._queue.get_nowait()
            except Empty:
                return


class Trial:
    """One alternative against the world as it is; or that world alone, for trials to come."""

    def __init__(self, experiment: Experiment, pairs: int, runs: Runs, *, processes: int = PROCESSES):
        """``processes`` are those that work for it at once."""
        self.experiment, self.pairs, self.runs, self.processes = experiment, pairs, runs, processes
        self.results = Results(experiment)
        self.intervals: list[Interval] = []
        """The difference of the mean duration after each pair, as it sharpened."""
        self.journeys: tuple[Journey, Journey] | None = None
        self.problem = ""
        self._box = _Mailbox(runs, experiment)
        self._asked: Future[tuple[Journey, Journey] | None] | None = None
        self._looked = False
        """Whether what came of it has been looked at."""
        self._turn = threading.Lock()
        self._thread: threading.Thread | None = None
        self._working = False
        """Whether the thread will look again at how many pairs are wanted."""
        self._known = 0
        self._started = time.monotonic()

    @property
    def alternative(self) -> str:
        return self.experiment.names[1]

    @property
    def total(self) -> int:
        """Runs wanted."""
        return self.pairs * len(self.experiment.names)

    @property
    def done(self) -> int:
        """Runs that have arrived."""
        return len(self.results)

    @property
    def running(self) -> bool:
        """Whether more may arrive."""
        return self._working and self._thread is not None and self._thread.is_alive()

    def start(self, pairs: int | None = None) -> None:
        """Begin, or go on to more pairs; returns at once."""
        with self._turn:
            self.pairs = self.pairs if pairs is None else pairs
            self._known, self._started = self.done, time.monotonic()
            if self.running:
                return
            self._working = True
            self._thread = threading.Thread(target=self._work, daemon=True)
            self._thread.start()

    def run_here(self) -> None:
        """Make every run now, and take them in."""
        self._working = True
        self._work()
        self.take()

    def _work(self) -> None:
        try:
            found, wanted = self._box.recall(self.pairs), self.pairs
            while True:
                run_experiment(
                    self.experiment,
                    wanted,
                    executor=self.runs.pool,
                    store=self._box,
                    results=found,
                    in_flight=self.processes,  # so that nothing queues up that a stop would have to wait for
                )
                with self._turn:
                    if self.pairs <= wanted or self._box.stopped:
                        self._working = False
                        return
                    wanted = self.pairs
        except _StoppedError:
            logger.debug("stopped after %d runs: %s", self.done, self.alternative)
        except MlasimError as error:
            self.problem = str(error)
        except RuntimeError as error:  # the pool was shut down with the page
            if self._box.stopped:
                logger.debug("stopped with the page: %s", error)
            else:
                self.problem = str(error)
        self._working = False

    @property
    def stopped(self) -> bool:
        """Whether somebody has stopped it; runs under way are then not waited for."""
        return self._box.stopped

    def stop(self) -> None:
        """No more runs; what has arrived stays."""
        self._box.stopped = True

    @property
    def silent(self) -> float:
        """Seconds since something arrived last."""
        return time.monotonic() - max(self._box.last, self._started)

    def take(self) -> bool:
        """Take in what has arrived; whether there was anything."""
        before = self.done
        for observation in self._box.take():
            self.results.add(observation)
        pairs = self.results.pairs(self.alternative, MEAN)
        for count in range(len(self.intervals) + 1, len(pairs) + 1):
            some = pairs[:count]
            self.intervals.append(paired_difference([b for b, _after in some], [a for _before, a in some]))
        self._ask_for_journeys()
        return self.done > before

    def _ask_for_journeys(self) -> None:
        """One typical request of the first pair, once there is an interval."""
        pool = self.runs.pool
        if self._asked is None and pool is not None and len(self.intervals) > 1 and not self._box.stopped:
            try:
                self._asked = pool.submit(compare_journeys, journey_job(self.experiment, self.alternative))
            except RuntimeError as error:  # the pool was shut down with the page
                logger.info("no typical request is looked for: %s", error)
        if self._asked is not None and not self._looked and self._asked.done() and not self._asked.cancelled():
            self._looked, wrong = True, self._asked.exception()
            if wrong is None:
                self.journeys = self._asked.result()
            else:
                logger.warning("the typical request cannot be shown: %s", self.alternative, exc_info=wrong)

    @property
    def waiting_for_journeys(self) -> bool:
        """Whether the typical request is still on its way."""
        return self._asked is not None and not self._asked.done()

    def seconds_left(self) -> float | None:
        """About how long it will take; None before anything is known."""
        made = self.done - self._known
        passed = time.monotonic() - self._started
        return passed / made * (self.total - self.done) if made > 0 else None
