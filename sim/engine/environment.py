"""SimPy's environment, a shorter way for requests' events.

`simpy.Environment.step` unpacks a list of callbacks for every event; a request has one callback, which is known.
The order of events and everything else are SimPy's own.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop
from typing import Any

from simpy import Environment

from sim.engine.runtime import Token


class Clock(Environment):
    """An environment in which a request's event is handed to ``finish`` directly."""

    finish: Callable[[Any], None]  # of a Token: `step` has asked for its class, which costs least
    """What ends a request's visit; set before the first run."""

    def step(self) -> None:
        """All requests' events that come next, and then one other event as in `simpy.Environment.step`."""
        agenda, finish = self._queue, self.finish
        while agenda and agenda[0][3].__class__ is Token:
            self._now, _, _, token = heappop(agenda)
            finish(token)
        super().step()
