"""Runs that the lab makes before anybody asks for them: of what is set, and of whatever could be switched on next."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterable

from sim.errors import MlasimError
from sim.policy.experiments.experiment import Experiment
from sim.views.lab.runs import PROCESSES, Runs
from sim.views.lab.trial import Trial

logger = logging.getLogger("mlasim.views.looking_ahead")

PAIRS = 2
"""Pairs of runs made ahead: as many as a first interval needs."""
SETTLED = 0.3
"""Seconds without another change after which what is set is begun."""
LOOK_EVERY = 0.1
"""Seconds between two looks whether it is over."""


class LookingAhead:
    """What is set is run first, by all processes; then, by one of them, what could be set next. Where the machine has
    other work, only what is set is run."""

    def __init__(self, runs: Runs):
        self.runs = runs
        self._key: object = None
        self._set: Trial | None = None
        self._running: Trial | None = None
        self._task: asyncio.Task[None] | None = None

    def begin(self, key: object, what: Iterable[Callable[[], Experiment]]) -> None:
        """Begin with the first soon, unless it has been begun, and go on with the others. ``key`` is all that decides
        what is set. To be called in an event loop."""
        if self._task is not None:
            self._task.cancel()
        if key != self._key and self._running is not None:
            self._running.stop()
        self._task = asyncio.get_running_loop().create_task(self._go_on(key, what))

    def begun(self, key: object) -> Trial | None:
        """The trial of what is set, if it has been begun."""
        return self._set if key == self._key else None

    def stop(self, *, but: Trial | None = None) -> list[Trial]:
        """Begin nothing more; whatever is running is given back, except for one trial, to be stopped."""
        if self._task is not None:
            self._task.cancel()
        found = [one for one in {self._set, self._running} if one is not None and one is not but and one.running]
        self._key = self._set = self._running = self._task = None
        return found

    async def _go_on(self, key: object, what: Iterable[Callable[[], Experiment]]) -> None:
        await asyncio.sleep(SETTLED)
        for place, make in enumerate(what):
            if place == 0 and key == self._key:
                trial = self._set
            elif self.runs.pool is None or (place and busy()):
                return
            else:
                trial = self._begin(make, PROCESSES if place == 0 else 1)
            if place == 0:
                self._key, self._set = key, trial
            while trial is not None and trial.running:
                await asyncio.sleep(LOOK_EVERY)

    def _begin(self, make: Callable[[], Experiment], processes: int) -> Trial | None:
        try:
            trial = Trial(make(), PAIRS, self.runs, processes=processes)
        except MlasimError as error:
            logger.debug("that cannot be begun ahead; it is said when it is tried: %s", error)
            return None
        self._running = trial
        trial.start()
        return trial


def busy() -> bool:
    """Whether as much is to be done on this machine as it can do."""
    if not hasattr(os, "getloadavg"):  # Windows does not say
        return False
    return os.getloadavg()[0] > (os.cpu_count() or 1)
