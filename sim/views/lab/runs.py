"""What a policymaker's trials share: processes, and the first observations of everything tried, so that the world as it
is need not be run again for every lever, and a lever tried before answers at once."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import replace

from sim import logs
from sim.engine.executor import load_compiled
from sim.policy.experiments.alternatives import BASELINE
from sim.policy.experiments.experiment import Experiment, Observation

logger = logging.getLogger("mlasim.views.policy_runs")

PROCESSES = 2
"""Processes at most: a room of browsers shares one machine."""
REMEMBERED = 50
"""Replications remembered of each alternative; an observation of a world of six States takes about 40 kB."""
_ALTERNATIVES = 40
"""Alternatives remembered; which was not asked for longest is forgotten first."""


class Runs:
    """Processes of one lab, and what they have observed in its world."""

    def __init__(self) -> None:
        self.pool: Executor | None = None
        self._remembered: dict[tuple[object, ...], dict[int, Observation]] = {}

    def open(self) -> None:
        """Begin processes, unless they are there."""
        if self.pool is None:
            self.pool = _open_pool()

    def close(self) -> None:
        """No more processes; runs under way are given up."""
        if self.pool is not None:
            try:
                self.pool.shutdown(wait=False, cancel_futures=True)
            except RuntimeError as error:  # the interpreter is going, and its threads with it
                logger.info("the processes of the lab cannot be told to stop: %s", error)
            self.pool = None

    def forget(self) -> None:
        """Another world: nothing observed so far belongs to it."""
        self._remembered = {}

    def remember(self, experiment: Experiment, observation: Observation) -> None:
        """Keep an observation, if it is one of the first; what failed is tried again."""
        if observation.error or observation.replication >= REMEMBERED:
            return
        run = experiment.run_of(observation.alternative)
        if run not in self._remembered and len(self._remembered) >= _ALTERNATIVES:
            del self._remembered[next(iter(self._remembered))]
        known = self._remembered[run] = self._remembered.pop(run, {})
        known[observation.replication] = observation

    def recall(self, experiment: Experiment, pairs: int) -> Iterator[Observation]:
        """What an experiment would observe in its first ``pairs`` replications, as far as it is known."""
        for name in experiment.names:
            run = experiment.run_of(name)
            known = self._remembered.pop(run, {})
            if known:
                self._remembered[run] = known
            for replication in sorted(known):
                if replication < pairs:
                    yield replace(known[replication], alternative=name)


def _open_pool() -> Executor | None:
    """Processes for runs, begun at once; none where processes cannot be had, as in a browser's Python."""
    try:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        count = min(PROCESSES, os.cpu_count() or 1)
        pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"))
        for _place in range(count):  # what they need is loaded while the reader still chooses
            pool.submit(_ready)
        return pool
    except (ImportError, OSError, NotImplementedError, ValueError) as error:
        logger.info("no processes can be had, runs are made here: %s", error)
        return None


def _ready() -> str:
    logs.show_if_asked()
    load_compiled()
    return BASELINE
