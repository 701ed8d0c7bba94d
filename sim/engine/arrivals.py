"""How background requests arrive: a Poisson process for each flow, by day and night or in working hours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from math import exp
from math import log as logarithm
from typing import Any

from simpy import Environment, Event
from simpy.events import NORMAL

from sim.engine.calendar import Calendar
from sim.engine.log import ABOUT_TRAFFICKING, EventLog
from sim.engine.plan import FlowPlan
from sim.engine.random_streams import Draws, normal_quantile
from sim.engine.runtime import Node, Token
from sim.model.durations import Duration

_SECOND = Duration.model_validate({"exponential": "1 second"})


def gap(flow: FlowPlan) -> Duration:
    """Time between two arrivals of a flow, on the clock of its calendar."""
    return _SECOND.scaled(flow.mean_gap)


def slowness(spread: float) -> Callable[[Sequence[float]], list[float]]:
    """A lognormal factor with mean 1 whose logarithm has the standard deviation ``spread``, by inversion."""
    return lambda us: [exp(normal_quantile(u, -spread * spread / 2, spread)) for u in us]


def pick(shares: tuple[tuple[float, int], ...]) -> Callable[[Sequence[float]], list[int]]:
    """How a choice by cumulative shares follows from uniform numbers."""
    last = shares[-1][1]
    if len(shares) == 1:
        return lambda us: [last] * len(us)
    return lambda us: [next((value for threshold, value in shares if u < threshold), last) for u in us]


@dataclass(frozen=True, slots=True)
class Requests:
    """What the requests of a flow are like, drawn by their number within the flow."""

    ways: Draws[int]
    priorities: Draws[int]
    starts: dict[int, Node]
    """Where they begin, by way."""
    slowness: dict[int, Draws[float]]
    """The factor that the times of one request share, by way, where they share one."""
    subjects: Draws[int] | None
    """What they are about, where the flow says it."""
    of_trafficking: Draws[int] | None
    """Priorities of those about trafficking, where they have their own: from the same luck as all others'."""


class Source(Event):
    """The arrivals of one flow; a recycled kernel event."""

    def __init__(
        self,
        env: Environment,
        log: EventLog,
        flow: FlowPlan,
        *,
        calendar: Calendar | None,
        gaps: Draws[int],
        requests: Sequence[Requests],
        uniforms: Callable[[str, str], Draws[float]],
        begin: Callable[[Token, Node, int], None],
        may_arrive: Callable[[], bool],
    ):
        """``requests`` says what requests are like now and, in order, while changes are introduced; ``uniforms``
        gives numbers by stream and source; ``may_arrive`` is asked before each arrival."""
        self.env, self._log, self._calendar, self._flow = env, log, calendar, flow
        self._requests, self._gap_draws = requests, gaps
        self._adoption = uniforms("adoption", flow.id) if flow.later else None
        self._changing = any(later.mean_gap != flow.mean_gap for _, later in flow.later)
        self._luck_draws = uniforms("arrival", flow.id)
        self._begin, self._may_arrive = begin, may_arrive
        self._ok, self._value = True, None
        self.callbacks: Any = None  # SimPy sets None, too, and declares a list
        self.number = 0
        """Number of the next request."""
        self._draw(0, 0)
        self._due, self._last = flow.first, flow.last
        self._await_next()

    def _draw(self, arrived: int, awaited: int) -> None:
        """Begin its sequences of draws behind what is drawn already."""
        ways, priorities = self._requests[0].ways, self._requests[0].priorities
        self._ways, self._priorities = ways.sequence(arrived), priorities.sequence(arrived)
        self._gaps, self._luck = self._gap_draws.sequence(awaited), self._luck_draws.sequence(awaited)

    def __deepcopy__(self, memo: dict[int, Any]) -> Source:
        new = memo[id(self)] = Source.__new__(Source)
        new.__dict__.update(self.__dict__)
        new.env, new._log, new._begin = memo[id(self.env)], memo[id(self._log)], memo[id(self._begin)]
        new._may_arrive = deepcopy(self._may_arrive, memo)
        new._draw(self.number, self.number + 1)
        new.callbacks = [new._arrive]
        return new

    def _await_next(self) -> None:
        now = self._due
        gap = changing_gap(self._flow, self._calendar, now, next(self._luck)) if self._changing else next(self._gaps)
        self._due = due = now + gap if self._calendar is None else self._calendar.add(now, gap)
        if self._last is not None and due > self._last:
            return
        self.callbacks = [self._arrive]
        self.env.schedule(self, NORMAL, due - int(self.env.now))

    def _arrive(self, _: Event) -> None:
        if not self._may_arrive():
            return
        now, number, way, priority, subject = self._due, self.number, next(self._ways), next(self._priorities), -1
        like = self._requests[0]
        if self._adoption is not None:
            like = self._requests[adopted(self._flow, now, self._adoption.at(number))]
            way, priority = like.ways.at(number), like.priorities.at(number)
        if like.subjects is not None:
            subject = like.subjects.at(number)
            if subject == ABOUT_TRAFFICKING and like.of_trafficking is not None:
                priority = like.of_trafficking.at(number)
        token = Token(self.env, self._log.register(way, number, priority, now, subject), number, priority)
        if way in like.slowness:
            token.slowness = like.slowness[way].at(number)
        self.number = number + 1
        self._await_next()
        self._begin(token, like.starts[way], now)


def changing_gap(flow: FlowPlan, calendar: Calendar | None, now: int, uniform: float) -> int:
    """The next gap while the rate changes: a Poisson process of varying rate by inversion of what is expected
    (Cinlar 1975), where the rate is that in the middle of the gap: exact while it changes evenly."""
    expected = -logarithm(1.0 - uniform)
    length = expected * mean_gap(flow, now)
    for _ in range(2):
        half = round(length / 2)
        middle = now + half if calendar is None else calendar.add(now, half)
        length = expected * mean_gap(flow, middle)
    return int(0.5 + length)


def adopted(flow: FlowPlan, moment: int, uniform: float) -> int:
    """How many changes a request that arrives at a moment meets: those whose share lies above its uniform number."""
    count = 0
    while count < len(flow.later) and uniform < flow.later[count][0].share(moment):
        count += 1
    return count


def mean_gap(flow: FlowPlan, moment: int) -> float:
    """Mean seconds between arrivals at a moment, while the rate goes over from each stage to the next."""
    stages = [flow, *(later for _, later in flow.later)]
    shares = [1.0, *(introduction.share(moment) for introduction, _ in flow.later), 0.0]
    weights = [share - following for share, following in pairwise(shares)]
    if 1.0 in weights:
        return stages[weights.index(1.0)].mean_gap
    return 1 / sum(weight / stage.mean_gap for weight, stage in zip(weights, stages, strict=True))
