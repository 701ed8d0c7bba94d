"""SimPy's environment with its event loop written out."""

from __future__ import annotations

from heapq import heappop
from typing import Any

from simpy import Environment
from simpy.core import EmptySchedule, StopSimulation


class Kernel(Environment):
    """A `simpy.Environment` that takes the next event without calling `step` for each.

    Everything else is SimPy's own, so ordinary processes, timeouts and conditions run in it unchanged.
    """

    def step_through(self) -> None:
        """`step` again and again until nothing is left to happen (EmptySchedule), or a callback stops the run."""
        agenda = self._queue
        while agenda:
            self._now, _, _, event = heappop(agenda)
            callbacks: Any = event.callbacks
            event.callbacks = None  # type: ignore[assignment]
            try:
                for callback in callbacks:
                    callback(event)
            except StopSimulation:
                event.callbacks = callbacks[callbacks.index(callback) + 1 :]
                self.schedule(event, -1)
                raise
            if not event._ok and not hasattr(event, "_defused"):
                raise event._value
        raise EmptySchedule
