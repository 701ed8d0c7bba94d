"""SimPy's environment with its event loop written out.

`simpy.Environment.run` calls `step` for every event, and `step` unpacks a list of callbacks; for requests, whose one
callback is known, that is a fifth of the run. The order of events and everything else are SimPy's own.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop
from typing import Any

from simpy import Environment

from sim.engine.live import Token


class Clock(Environment):
    """An environment in which a request's event is handed to ``finish`` directly."""

    finish: Callable[[Any], None]
    """What ends a request's visit; set before the first run."""

    def run(self, until: Any = None) -> Any:
        """As `simpy.Environment.run`. Only plain times and running to the end are quick; events go SimPy's way."""
        if until is not None and not isinstance(until, int):
            return super().run(until)
        agenda, finish, step = self._queue, self.finish, self.step
        limit = float("inf") if until is None else until
        while agenda and agenda[0][0] < limit:
            event: Any = agenda[0][3]
            if event.__class__ is Token:
                self._now = heappop(agenda)[0]
                finish(event)
            else:
                step()
        if until is not None:
            self._now = until
        return None
