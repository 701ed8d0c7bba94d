"""What noise cannot move: kernel events and Python calls for each request."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import simpy


def events_and_calls(run: Callable[[int, int], Any], requests: int = 1_000) -> tuple[float, float]:
    """Events put on a SimPy agenda, and Python functions called, for each request of a run."""
    environments: list[simpy.Environment] = []
    begin = simpy.Environment.__init__

    def remembered(self: simpy.Environment, initial_time: float = 0) -> None:
        environments.append(self)
        begin(self, initial_time)

    calls = 0

    def count(frame: Any, event: str, argument: Any) -> None:
        nonlocal calls
        calls += event == "call"

    simpy.Environment.__init__ = remembered  # type: ignore[method-assign]
    sys.setprofile(count)
    try:
        run(requests, 1)
    finally:
        sys.setprofile(None)
        simpy.Environment.__init__ = begin  # type: ignore[method-assign]
    events = sum(next(environment._eid) for environment in environments)
    return events / requests, calls / requests
