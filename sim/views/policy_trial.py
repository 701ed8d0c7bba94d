"""Trying an alternative in the background: runs in processes of their own, observations as they arrive.

A thread feeds the pool; the app takes what has arrived when it likes. Stopped, it keeps what is done.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from queue import Empty, SimpleQueue

from sim.errors import MlasimError
from sim.policy.alternatives import BASELINE
from sim.policy.experiment import Experiment, Observation, Results, run_experiment
from sim.policy.figures import Key
from sim.policy.journeys import Journey, compare_journeys, journey_job
from sim.record.statistics import Interval, paired_difference

MEAN = Key("mean days")
PROCESSES = 2
"""Processes at most: a room of browsers shares one machine."""


class _StoppedError(Exception):
    """Ends an experiment from within: what it has given away is kept."""


class _Mailbox:
    """Where observations wait for the app. A store to the experiment, so that each is handed over as it finishes."""

    def __init__(self) -> None:
        self.stopped = False
        self._queue: SimpleQueue[Observation] = SimpleQueue()

    def read(self) -> Iterator[Observation]:
        return iter(())

    def add(self, observation: Observation) -> None:
        if self.stopped:
            raise _StoppedError
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
    """One alternative against the world as it is."""

    def __init__(self, experiment: Experiment, pairs: int, pool: Executor | None):
        self.experiment, self.pairs, self.pool = experiment, pairs, pool
        self.results = Results(experiment)
        self.intervals: list[Interval] = []
        """The difference of the mean duration after each pair, as it sharpened."""
        self.journeys: tuple[Journey, Journey] | None = None
        self.problem = ""
        self._box = _Mailbox()
        self._asked: Future[tuple[Journey, Journey] | None] | None = None
        self._thread: threading.Thread | None = None
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
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Begin; returns at once."""
        self._started = time.monotonic()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def run_here(self) -> None:
        """Make every run now, and take them in."""
        self._work()
        self.take()

    def _work(self) -> None:
        try:
            run_experiment(self.experiment, self.pairs, executor=self.pool, store=self._box, in_flight=2 * PROCESSES)
        except _StoppedError:
            return
        except MlasimError as error:
            self.problem = str(error)
        except RuntimeError as error:  # the pool was shut down with the page
            if not self._box.stopped:
                self.problem = str(error)

    @property
    def stopped(self) -> bool:
        """Whether somebody has stopped it; runs under way are then not waited for."""
        return self._box.stopped

    def stop(self) -> None:
        """No more runs; what has arrived stays."""
        self._box.stopped = True

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
        if self._asked is None and self.pool is not None and len(self.intervals) > 1 and not self._box.stopped:
            with contextlib.suppress(RuntimeError):
                self._asked = self.pool.submit(compare_journeys, journey_job(self.experiment, self.alternative))
        if self._asked is not None and self.journeys is None and self._asked.done() and not self._asked.cancelled():
            self.journeys = self._asked.result() if self._asked.exception() is None else None

    @property
    def waiting_for_journeys(self) -> bool:
        """Whether the typical request is still on its way."""
        return self._asked is not None and not self._asked.done()

    def seconds_left(self) -> float | None:
        """About how long it will take; None before anything is known."""
        passed = time.monotonic() - self._started
        return passed / self.done * (self.total - self.done) if self.done else None

    @property
    def failed(self) -> list[Observation]:
        """Runs that failed."""
        return self.results.failures


def open_pool() -> Executor | None:
    """Processes for runs, begun at once; none where processes cannot be had, as in a browser's Python."""
    try:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        count = min(PROCESSES, os.cpu_count() or 1)
        pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"))
        for _place in range(count):  # what they need is loaded while the reader still chooses
            pool.submit(_ready)
        return pool
    except (ImportError, OSError, NotImplementedError, ValueError):
        return None


def _ready() -> str:
    return BASELINE
