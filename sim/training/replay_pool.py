"""Processes that make replays of one scenario beside a page that stays alive."""

from __future__ import annotations

import logging
import os
import threading
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import connection, get_context, parent_process

from sim import logs
from sim.case.plan import plan_of
from sim.engine import executor
from sim.model.loading import Scenario
from sim.training.counterfactuals import Play, What, Who, play
from sim.unchanging import what_is_there_stays

logger = logging.getLogger("mlasim.training.replayers")

MOST = 3
"""Processes at most, one a core; they give way to the page."""
VARIABLE = "MLASIM_REPLAYERS"
"""Lowers it where many seats share a computer, as a served room does by itself."""

_scenario: Scenario | None = None


class Replayers:
    """Processes that know a scenario and its compiled world. They begin at once, so that they are ready when needed.

    Plays with the same luck go to the same process, which makes what they share once.
    """

    def __init__(self, scenario: Scenario, count: int | None = None):
        self.hash, self.count = scenario.hash, count or how_many()
        self._pools = [
            ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_prepare, initargs=(scenario,))
            for _ in range(self.count)
        ]
        for pool in self._pools:
            pool.submit(os.getpid)

    def submit(self, what: What) -> Future[Play]:
        """A play, to be made beside. Raises `concurrent.futures.BrokenExecutor` once a process has died."""
        return self._pools[what[2] % self.count].submit(_play, what[1:])

    def close(self) -> None:
        """Begin nothing more; who is playing finishes and leaves."""
        for pool in self._pools:
            pool.shutdown(wait=False, cancel_futures=True)


def begin(scenario: Scenario) -> Replayers | None:
    """Replayers for a scenario; none where processes cannot be had, as in a browser's Python."""
    try:
        return Replayers(scenario)
    except (ImportError, OSError, NotImplementedError, ValueError, RuntimeError) as error:
        logger.info("no processes can be had, replays are made here: %s", error)
        return None


def how_many() -> int:
    """As many as there are cores."""
    wanted = os.environ.get(VARIABLE, "")
    most = min(MOST, int(wanted)) if wanted.isascii() and wanted.isdigit() else MOST
    return max(1, min(most, os.cpu_count() or 1))


def _prepare(scenario: Scenario) -> None:
    """Get a process ready: it gives way to the page, and does not outlive it."""
    global _scenario
    if hasattr(os, "nice"):
        os.nice(5)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    logs.show_if_asked()
    _scenario = scenario
    plan_of(scenario)
    executor.load_compiled()
    what_is_there_stays()


def _leave_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _play(what: tuple[int, int, Who]) -> Play:
    assert _scenario is not None
    return play((_scenario, *what))
