"""How background requests arrive: a Poisson process for each flow, by day and night or in working hours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp
from typing import Any

from simpy import Environment, Event

from sim.engine.calendar import Calendar
from sim.engine.chance import Draws, normal_quantile
from sim.engine.live import Node, Token
from sim.engine.log import EventLog
from sim.engine.nodes import FlowPlan
from sim.model.durations import Duration

_NORMAL = 1  # SimPy's priority of ordinary events
_SECOND = Duration.model_validate({"exponential": "1 second"})


def gap(flow: FlowPlan) -> Duration:
    """Time between two arrivals of a flow, on the clock of its calendar."""
    return _SECOND.scaled(flow.mean_gap)


def slowness(spread: float) -> Callable[[Sequence[float]], list[float]]:
    """A lognormal factor with mean 1 whose logarithm has the standard deviation ``spread``, by inversion."""
    return lambda us: [exp(normal_quantile(u, -spread * spread / 2, spread)) for u in us]


def pick(shares: tuple[tuple[float, int], ...]) -> Callable[[list[float]], list[int]]:
    """How a choice by cumulative shares follows from uniform numbers."""
    last = shares[-1][1]
    if len(shares) == 1:
        return lambda us: [last] * len(us)
    return lambda us: [next((value for threshold, value in shares if u < threshold), last) for u in us]


class Source(Event):
    """The arrivals of one flow; a recycled kernel event."""

    def __init__(
        self,
        env: Environment,
        log: EventLog,
        flow: FlowPlan,
        *,
        calendar: Calendar | None,
        gaps: Draws,
        ways: Draws,
        priorities: Draws,
        starts: dict[int, Node],
        slowness: dict[int, Draws],
        begin: Callable[[Token, Node, int], None],
        may_arrive: Callable[[], bool],
    ):
        """``starts`` is where requests begin, by way; ``slowness`` the factor their times share, where they share
        one; ``may_arrive`` is asked before each arrival."""
        self.env, self._log, self._calendar, self._starts, self._slowness = env, log, calendar, starts, slowness
        self._gaps, self._ways, self._priorities = gaps.sequence(), ways.sequence(), priorities.sequence()
        self._begin, self._may_arrive = begin, may_arrive
        self._ok, self._value = True, None
        self.callbacks: Any = None
        self.number = 0
        """Number of the next request."""
        self._due, self._last = flow.first, flow.last
        self._await_next()

    def _await_next(self) -> None:
        now = self._due
        calendar = self._calendar
        self._due = due = now + next(self._gaps) if calendar is None else calendar.add(now, next(self._gaps))
        if self._last is not None and due > self._last:
            return
        self.callbacks = [self._arrive]
        self.env.schedule(self, _NORMAL, due - int(self.env.now))  # type: ignore[arg-type]

    def _arrive(self, _: Event) -> None:
        if not self._may_arrive():
            return
        now, number, way, priority = self._due, self.number, next(self._ways), next(self._priorities)
        token = Token(self.env, self._log.register(way, number, priority, now), number, priority)
        if way in self._slowness:
            token.slowness = self._slowness[way].at(number)
        self.number = number + 1
        self._await_next()
        self._begin(token, self._starts[way], now)
