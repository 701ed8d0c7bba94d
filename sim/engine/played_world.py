"""A world in which somebody plays, whichever engine moves it. The trainee's requests have names, their draws go by
these, and somebody is told what befalls them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from sim.engine.log import Activity, EventLog
from sim.engine.plan import FORK, JOIN, NodePlan, Plan, RequestToUnfold
from sim.engine.random_streams import Draws, identity, quantiles
from sim.engine.runtime import Node, Token, Traced
from sim.model.durations import HOUR, Duration
from sim.model.events import Event

Notice = Callable[[Traced, str, str, int, Activity], None]
"""Told of a trainee's request: (request, what, stage, now, step). What is ``began``, ``ended``, ``took`` (a step has
ended that takes what was asked for) or ``left``, with the outcome in place of the stage."""


class Attention(Protocol):
    """Something to wait for while time passes."""

    @property
    def triggered(self) -> bool:
        """Whether it has happened."""
        ...

    def succeed(self) -> object:
        """Have it happen now."""
        ...


class PlayedWorld(ABC):
    """A world in motion with the trainee's requests. Time is whole seconds since the plan's epoch."""

    events: list[Event]
    """What befell the trainee's requests, evidence and people: of the log."""

    def __init__(self, plan: Plan, seed: int, replication: int, on_notice: Notice | None):
        self.plan = plan.for_one_run()
        self.seed, self.replication = seed, replication
        self.on_notice = on_notice
        self._durations: dict[tuple[str, str, Duration, float, float], Draws[int]] = {}
        self._numbers: dict[tuple[str, str], Draws[float]] = {}
        self._outcomes: dict[str, int] = {}

    @property
    @abstractmethod
    def log(self) -> EventLog:
        """The event table so far."""

    @property
    @abstractmethod
    def now(self) -> int:
        """Seconds since the epoch."""

    @abstractmethod
    def advance(self, until: int | None = None, *, attention: Any = None) -> None:  # of the same engine
        """Let time pass until ``until``, or until ``attention`` happens, or until nothing is left to happen."""

    @abstractmethod
    def event(self) -> Attention:
        """A fresh event to wait for in `advance`."""

    @abstractmethod
    def at(self, moment: int, what: Callable[[], None]) -> None:
        """Have something done at a moment (now, if it has passed)."""

    @abstractmethod
    def send(self, request: Traced, to_unfold: RequestToUnfold, priority: int) -> Token:
        """Put a request with a name on its way. ``request.id`` names its draws; ``request.chances`` may change."""

    @abstractmethod
    def withdraw(self, token: Token, outcome: str = "withdrawn") -> None:
        """Take a request of the trainee's out of the world."""

    @abstractmethod
    def close(self, warm_up: int = 0) -> None:
        """Close the books: check that nothing leaked."""

    def finish(self, warm_up: int = 0) -> EventLog:
        """Close the books, and return the log."""
        self.close(warm_up)
        return self.log

    # Chance by name

    def draw(self, stream: str, entity: str, attempt: int = 0) -> float:
        """A uniform number by name, for things that are not stages."""
        return self._uniforms(stream, "").named(entity, attempt)

    def way_drawn(self, step: Activity, entity: str) -> float:
        """The uniform number by which a named request goes on, at its first visit, from the stage of a step."""
        return self._uniforms(f"way/{step.stage}", step.flow).named(entity)

    def sample(self, duration: Duration, stream: str, entity: str, attempt: int = 0) -> int:
        """Seconds of a duration by name."""
        return quantiles(duration)([self.draw(stream, entity, attempt)])[0]

    def _stream(
        self, stream: str, source: str, duration: Duration, working_day: float = 8 * HOUR, factor: float = 1.0
    ) -> Draws[int]:
        """Seconds of a duration. Two requests of one flow may need different durations from the same luck."""
        key = (stream, source, duration, working_day, factor)
        if key not in self._durations:
            transform = quantiles(duration, working_day, factor)
            self._durations[key] = Draws(self.seed, self.replication, stream, source, transform)
        return self._durations[key]

    def _uniforms(self, stream: str, source: str) -> Draws[float]:
        key = (stream, source)
        if key not in self._numbers:
            self._numbers[key] = Draws(self.seed, self.replication, stream, source, identity)
        return self._numbers[key]

    # Compiled nodes to live ones

    def _outcome(self, name: str) -> int:
        return self._outcomes.setdefault(name, len(self._outcomes))

    def _live(self, plan: NodePlan, index: int) -> Node:
        """A node of the plan, whose index its rows in the log have, in this run; it leads nowhere yet."""
        draws = None
        if plan.duration is not None:
            stream = f"time/{plan.stream}"
            draws = self._stream(stream, plan.activity.flow, plan.duration, plan.working_day, plan.factor)
        return Node(
            kind=plan.kind,
            activity=index,
            step=plan.activity,
            office=plan.office,
            calendar=self.plan.calendars[plan.calendar] if plan.calendar >= 0 else None,
            draws=draws,
            outcome=-1,
            ends=plan.outcome,
            shared=plan.shared,
            again=plan.again,
            takes=plan.takes,
        )

    def _connect(self, node: Node, plan: NodePlan, nodes: Sequence[Node]) -> None:
        """Let a node lead to others."""
        node.branches = [nodes[index] for index in plan.branches]
        threshold = 0.0
        for route in plan.routes:
            threshold += route.chance if route.chance is not None else 1.0
            node.routes.append((threshold, nodes[route.target], route.loops, route.name))
        if len(plan.routes) == 1 or plan.kind == FORK:
            node.next, node.next_loops = node.routes[0][1], plan.routes[0].loops
        elif plan.routes:
            node.choice = self._uniforms(f"way/{plan.activity.stage}", plan.activity.flow)

    # What befalls the trainee's requests

    def _noticed(self, token: Token, node: Node, what: str, now: int) -> None:
        if self.on_notice is not None and node.kind != JOIN:
            assert token.traced is not None
            stage = node.ends if what == "left" else node.step.stage
            told = "took" if what == "ended" and node.takes else what
            self.on_notice(token.traced, told, stage, now, node.step)


def chosen_way(token: Token, node: Node) -> tuple[Node, bool]:
    """The way on for a trainee's request, whose chances follow from what the trainee did."""
    assert node.choice is not None and token.traced is not None
    draw = node.choice.named(token.traced.id, token.round if node.again else 0)
    chances, threshold = token.traced.chances, 0.0
    before = 0.0
    for total, following, back, name in node.routes:
        threshold += chances.get(name, total - before) if name else total - before
        before = total
        if draw < threshold:
            return following, back
    return node.routes[-1][1], node.routes[-1][2]
