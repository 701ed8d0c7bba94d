"""One run of a compiled world on a SimPy environment.

No state is shared between runs. Requests of the background arrive by themselves; a trainee's requests are sent
with `send`, watched through `on_notice`, and stopped with `withdraw`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from copy import copy, deepcopy
from functools import partial
from heapq import heapify
from itertools import count, pairwise
from typing import TypeVar

from simpy import Event

from sim.engine.arrivals import Requests, Source, gap, pick, slowness
from sim.engine.compile import compile_world
from sim.engine.conservation import check_leaks
from sim.engine.environment import Clock
from sim.engine.expand import added, unfolded
from sim.engine.kernel import walker
from sim.engine.log import ABOUT_TRAFFICKING, OTHER_MATTERS, EventLog, RequestKind
from sim.engine.plan import DELAY, FlowPlan, NodePlan, Plan, RequestToUnfold
from sim.engine.played_world import Notice, PlayedWorld
from sim.engine.random_streams import Draws
from sim.engine.runtime import Alarm, Awaited, LiveOffice, Node, Token, Traced
from sim.errors import SimulationError
from sim.model.durations import DAY, YEAR
from sim.model.loading import Scenario
from sim.unchanging import Memo

Value = TypeVar("Value")


class Simulation(PlayedWorld):
    """A world in motion. Time is whole seconds since the plan's epoch."""

    def __init__(
        self,
        plan: Plan,
        *,
        seed: int,
        replication: int = 0,
        arrivals: int | None = None,
        on_notice: Notice | None = None,
    ):
        super().__init__(plan, seed, replication, on_notice)
        self.env = Clock(initial_time=0)
        self._log = EventLog(
            plan.epoch, offices=plan.office_infos, calendars=plan.calendars, priorities=plan.scenario.world.priorities
        )
        self.events = self.log.events
        self._arrivals_left = arrivals if arrivals is not None else 1 << 62
        self.offices = [
            LiveOffice(
                office.id,
                office.staff,
                office.staff,
                tuple(deque() for _ in self.log.priorities),
                plan.calendars[office.calendar] if office.calendar >= 0 else None,
                office.rule,
                office.preemptive,
                loses_staff=_falls(office.staff, plan.staffing.get(index, ())),
            )
            for index, office in enumerate(plan.offices)
        ]
        self.nodes: list[Node] = []
        self._grow()
        self._begin, self._stop, self._staff, self._desks = walker(self.env, self._log, self._noticed, self.offices)
        for flow in plan.flows:
            Source(
                self.env,
                self.log,
                flow,
                calendar=plan.calendars[flow.calendar] if flow.calendar >= 0 else None,
                gaps=self._stream("arrival", flow.id, gap(flow)),
                requests=[self._requests(flow), *(self._requests(later) for _, later in flow.later)],
                uniforms=self._uniforms,
                begin=self._begin,
                may_arrive=self._may_arrive,
            )
        for index, changes in sorted(plan.staffing.items()):
            for moment, number in changes:
                self.at(moment, partial(self._change_staff, index, number))

    def __deepcopy__(self, memo: Memo) -> Simulation:
        """A world that goes on by itself; what does not hang on what happens is shared. Time stands still: nobody waits
        for what is left of earlier waiting."""
        new = memo[id(self)] = object.__new__(Simulation)
        new.__dict__.update(self.__dict__)
        new.plan, new.nodes, new._outcomes = self.plan.for_one_run(), list(self.nodes), dict(self._outcomes)
        new.env = memo[id(self.env)] = Clock(initial_time=self.now)
        new.env._eid = count(next(self.env._eid) + 1)  # before the walker takes hold of it: one order for all events
        new._log = memo[id(self._log)] = self._log.copied()
        new.events = memo[id(self.events)] = new._log.events
        new.offices = [copy(office) for office in self.offices]
        memo.update((id(office), one) for office, one in zip(self.offices, new.offices, strict=True))
        new._begin, new._stop, new._staff, new._desks = walker(new.env, new._log, new._noticed, new.offices)
        memo[id(self._desks)], memo[id(self._begin)] = new._desks, new._begin
        for office, one in zip(self.offices, new.offices, strict=True):
            one.queues = tuple(deque(deepcopy(token, memo) for token in queue) for queue in office.queues)
            one.working = [deepcopy(token, memo) for token in office.working]
        agenda = [entry for entry in self.env._queue if isinstance(entry[3], (Token, Source, Alarm))]
        new.env._queue[:] = [(due, first, order, deepcopy(event, memo)) for due, first, order, event in agenda]
        heapify(new.env._queue)
        new.on_notice = deepcopy(self.on_notice, memo)
        return new

    @property
    def log(self) -> EventLog:
        return self._log

    @property
    def now(self) -> int:
        return int(self.env.now)

    # Running

    def advance(self, until: int | None = None, *, attention: Event | None = None) -> None:
        """Let time pass until ``until``, or until ``attention`` happens, or until nothing is left to happen."""
        if attention is not None:
            if until is not None:
                limit = self.env.timeout(max(0, until - self.now))
                self.env.run(until=limit | attention)
            else:
                self.env.run(until=attention)
        elif until is None:
            self.env.run()
        elif until > self.now:
            self.env.run(until=until)
        self.log.settle()

    def event(self) -> Awaited:
        """A fresh event to wait for in `advance`."""
        return Awaited(self.env)

    def at(self, moment: int, what: Callable[[], None]) -> None:
        """Have something done at a moment (now, if it has passed)."""
        Alarm(self.env, max(0, moment - self.now), what)

    def close(self, warm_up: int = 0) -> None:
        self.log.ended_at, self.log.warm_up = self.now, warm_up
        self.log.outcomes = list(self._outcomes)
        check_leaks(self.env, self.log, self.offices)

    def _change_staff(self, index: int, number: int) -> None:
        self.log.staffing.append((self.now, index, number))
        self._staff(self.offices[index], number, self.now)

    def _requests(self, flow: FlowPlan) -> Requests:
        """What the requests of a flow are like."""
        ways = self.plan.ways

        def draws(stream: str, transform: Callable[[Sequence[float]], Sequence[Value]]) -> Draws[Value]:
            return Draws(self.seed, self.replication, stream, flow.id, transform)

        about, trafficking = flow.about_trafficking, flow.trafficking_priorities
        subjects = ((about or 0.0, ABOUT_TRAFFICKING), (1.0, OTHER_MATTERS))
        return Requests(
            ways=draws("measure", pick(flow.ways)),
            priorities=draws("priority", pick(flow.priorities)),
            starts={way: self.nodes[ways[way].start] for _, way in flow.ways},
            slowness={way: draws("slowness", slowness(ways[way].spread)) for _, way in flow.ways if ways[way].spread},
            subjects=draws("subject", pick(subjects)) if about is not None else None,
            of_trafficking=draws("priority", pick(trafficking)) if trafficking else None,
        )

    def _may_arrive(self) -> bool:
        """Whether another background request comes; counts it."""
        self._arrivals_left -= 1
        return self._arrivals_left >= 0

    # The trainee's requests

    def send(self, request: Traced, to_unfold: RequestToUnfold, priority: int) -> Token:
        """Put a request with a name on its way. ``request.id`` names its draws; ``request.chances`` may change."""
        found = unfolded(self.plan, to_unfold)
        way, first = found.way, added(self.plan, found)
        self._grow()
        index = self.log.register(self._kind_index(way.kind), -1, priority, self.now)
        self.log.names[index] = request.id
        token = Token(self.env, index, -1, priority, request)
        request.token = token
        if way.spread:
            token.slowness = slowness(way.spread)([self._uniforms("slowness", "").named(request.id)])[0]
        self._begin(token, self.nodes[first + way.start], self.now)
        return token

    def withdraw(self, token: Token, outcome: str = "withdrawn") -> None:
        """Take a request of the trainee's out of the world."""
        index = token.index
        if self.log.request_left[index] >= 0:
            return
        self._stop(token, self.now)
        self.log.settle()
        self.log.request_left[index] = self.now
        self.log.request_outcome[index] = self._outcome(outcome)
        self.log.request_loops[index] = token.round

    # Compiled nodes to live ones

    def _grow(self) -> None:
        """Make live nodes of the plan's nodes that have none yet."""
        known = len(self.nodes)
        plans = self.plan.nodes[known:]
        for plan in plans:
            self.nodes.append(self._live_here(plan))
        for node, plan in zip(self.nodes[known:], plans, strict=True):
            self._connect(node, plan, self.nodes)
        for way in self.plan.ways[len(self.log.kinds) :]:
            self.log.kinds.append(way.kind)

    def _live_here(self, plan: NodePlan) -> Node:
        self.log.activities.append(plan.activity)
        office = self.offices[plan.office] if plan.office >= 0 else None
        node = self._live(plan, len(self.log.activities) - 1)
        node.outcome = self._outcome(plan.outcome) if plan.outcome else -1
        node.first = node.draws.first if node.draws is not None else {}
        node.simple = plan.kind == DELAY or (office is not None and office.plain)
        return node

    def _kind_index(self, kind: RequestKind) -> int:
        self.log.kinds.append(kind)
        return len(self.log.kinds) - 1


def _falls(staff: int, changes: Sequence[tuple[int, int]]) -> bool:
    """Whether an office ever has fewer staff than before."""
    numbers = [staff, *(number for _, number in changes)]
    return any(after < before for before, after in pairwise(numbers))


def simulate(
    scenario: Scenario,
    *,
    until: int | None = None,
    arrivals: int | None = None,
    seed: int = 0,
    replication: int = 0,
    warm_up: int | None = None,
    plan: Plan | None = None,
) -> EventLog:
    """Run a world's background demand until a time in seconds, or until ``arrivals`` requests have left.

    ``plan`` saves compiling the same scenario again.
    """
    left_out = warm_up_of(scenario, until, arrivals, warm_up)
    simulation = Simulation(plan or compile_world(scenario), seed=seed, replication=replication, arrivals=arrivals)
    simulation.advance(until)
    return simulation.finish(left_out)


def warm_up_of(scenario: Scenario, until: int | None, arrivals: int | None, warm_up: int | None) -> int:
    """Seconds of a run that are left out: as given, or as the world says where a run ends at a time. Raises
    `SimulationError` unless it ends at a time or after arrivals, and not at both."""
    if (until is None) == (arrivals is None):
        raise SimulationError("a run ends at a time or after a number of arrivals: give one of the two")
    if warm_up is not None:
        return warm_up
    given = scenario.world.warm_up
    return round(given.seconds()[0]) if given is not None and until is not None else 0


__all__ = ["DAY", "YEAR", "Notice", "Simulation", "simulate"]
