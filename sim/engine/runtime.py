"""The moving parts of one run: requests under way, offices with their queues, and the nodes they walk."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Protocol

from simpy import Environment, Event
from simpy.events import NORMAL

from sim.engine.calendar import Calendar
from sim.engine.log import Activity
from sim.engine.plan import PASS
from sim.engine.random_streams import Draws
from sim.unchanging import Unchanging


class Traced(Protocol):
    """A request of the trainee's, as the world knows it."""

    id: str
    """Names its draws."""
    chances: dict[str, float]
    """The named chances as they are now."""
    token: Token | None
    """Its place in the world, once it is on its way."""


class Token(Event):
    """One request (or one of several measures executed side by side) on its way; a recycled kernel event."""

    remaining = -1
    """Work left after an interruption, in working seconds; -1: not begun."""
    partial = False
    """Whether the office closes before the work in hand is done."""
    stopped = False
    """Whether it has been taken out of the world."""
    parent: Token | None = None
    """The request whose measure this is, where several are executed side by side."""
    children: tuple[Token, ...] = ()
    """Its measures that are still being executed."""
    came_back = -1
    """When it last went back to an earlier stage."""
    rounds_now = 0
    """How often it has done so at that moment."""
    slowness = 1.0
    """Factor on the times that a request's stages share."""
    place = -1
    """Its row in compiled code's table, once it has one."""
    first = 0
    """Index of the first of its request's nodes there."""

    def __init__(self, env: Environment | None, index: int, number: int, priority: int, traced: Traced | None = None):
        self.env: Any = env  # none in compiled code
        self.callbacks: Any = None  # SimPy sets None, too, and declares a list
        self._ok = True
        self._value = None
        self.index = index
        """Row of the request in the log."""
        self.number = number
        """Number within its flow, -1 for a request that has a name."""
        self.priority = priority
        self.traced = traced
        """The trainee's request, if it is one."""
        self.round = 0
        """How often it went back: the attempt in its draws' names."""
        self.stale = 0
        """Scheduled events that no longer count."""
        self.node = NOWHERE
        """Where it is."""
        self.enabled = self.started = self.due = 0

    def __deepcopy__(self, memo: dict[int, Any]) -> Token:
        new = memo[id(self)] = Token.__new__(Token)
        new.__dict__.update(self.__dict__)
        new.env = memo.get(id(self.env), self.env)
        if self.traced is not None:
            new.traced = deepcopy(self.traced, memo)
            new.parent, new.children = deepcopy(self.parent, memo), deepcopy(self.children, memo)
        return new


class Alarm(Event):
    """Something that is done at a moment."""

    def __init__(self, env: Environment, delay: int, what: Callable[[], None]):
        self.env, self.what = env, what
        self._ok, self._value = True, None
        self.callbacks = [self._ring]
        env.schedule(self, NORMAL, delay)

    def _ring(self, _: Event) -> None:
        self.what()

    def __deepcopy__(self, memo: dict[int, Any]) -> Alarm:
        new = memo[id(self)] = Alarm.__new__(Alarm)
        new.env, new.what = memo[id(self.env)], deepcopy(self.what, memo)
        new._ok, new._value = True, None
        new.callbacks = [new._ring]
        return new


class Awaited(Event):
    """Something to wait for while time passes."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Awaited:
        # Nobody waits for it any more: time stands still.
        new = memo[id(self)] = Awaited(memo[id(self.env)])
        if self.triggered:
            new._ok, new._value, new.callbacks = True, None, None  # type: ignore[assignment]  # as SimPy has it
        return new


@dataclass(eq=False, slots=True)
class LiveOffice:
    """An office in one run."""

    id: str
    staff: int
    free: int
    queues: tuple[deque[Token], ...]
    """One queue for each priority class, the most urgent first."""
    calendar: Calendar | None
    rule: str
    preemptive: bool
    working: list[Token] = field(default_factory=list)
    """Requests being worked on; kept only where work can be interrupted or handed over."""
    waking: int = -1
    """When a closed office that hands work over looks at its queue next."""
    plain: bool = False
    """Whether work once begun is simply carried through (suspended while closed)."""
    loses_staff: bool = False
    """Whether desks close while time passes: ``free`` is then below zero until those in use are free."""

    def __post_init__(self) -> None:
        self.plain = self.rule == "suspend and resume" and not self.preemptive and not self.loses_staff

    def next_in_line(self) -> Token | None:
        """Whoever has waited longest of the most urgent, taken out of the queue."""
        for queue in self.queues:
            if queue:
                return queue.popleft()
        return None


@dataclass(eq=False, slots=True)
class Node(Unchanging):
    """A compiled node in one run. Nothing in it changes once it has been connected."""

    kind: int
    activity: int
    """Index of its rows in the log; in compiled plays counted from the first of its request's nodes."""
    step: Activity
    """What these rows have in common."""
    office: int
    """Index of its office, -1 where nobody is occupied."""
    calendar: Calendar | None
    draws: Draws[int] | None
    """How long it takes."""
    outcome: int
    ends: str = ""
    """The outcome an end stands for."""
    first: dict[int, Sequence[int]] = field(default_factory=dict)
    """The draws' values at the first attempt, by block."""
    simple: bool = False
    """Whether time passes here, and any office concerned is a plain one."""
    shared: bool = False
    """Whether a request's slowness counts here."""
    again: bool = False
    """Whether a request can come back here."""
    takes: bool = False
    """Whether what was asked for is taken when this step ends."""
    choice: Draws[float] | None = None
    """Which way to go on, where there are several."""
    next: Node | None = None
    """The only way on, where there is one."""
    next_loops: bool = False
    routes: list[tuple[float, Node, bool, str]] = field(default_factory=list)
    """(cumulative chance, where to, whether it goes back, name of the chance)."""
    branches: list[Node] = field(default_factory=list)
    """What a fork begins side by side."""


NOWHERE = Node(
    PASS,
    activity=-1,
    step=Activity("", "", "", "", -1, "", "", "", -1),
    office=-1,
    calendar=None,
    draws=None,
    outcome=-1,
)
"""Where a request is before it has come to any stage."""
