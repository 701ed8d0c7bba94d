"""The hot path: requests walk the compiled nodes, one kernel event for each stage.

A request is itself the kernel event, scheduled again and again (`simpy.Resource` and generators are where an
idiomatic program spends its time). Its callback ends one visit, hands the office to whoever is next, and begins
the next visit. The functions below share their variables as a closure, because attribute look-ups would double
the cost; nothing else in the package is written this way.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simpy import Environment, Event

from sim.engine.calendar import Calendar
from sim.engine.chance import BLOCK, Draws
from sim.engine.log import DONE, HANDED_OVER, INTERRUPTED, STOPPED, EventLog
from sim.engine.plan import DELAY, END, FORK, JOIN, WORK

_SHIFT, _MASK = BLOCK.bit_length() - 1, BLOCK - 1
NORMAL = 1  # SimPy's priority of ordinary events


class Token(Event):
    """One request (or one of several measures executed side by side) on its way; a recycled kernel event."""

    def __init__(self, env: Environment, index: int, number: int, priority: int, traced: Any = None):
        self.env = env
        self.callbacks: Any = None
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
        self.remaining = -1
        """Work left after an interruption, in working seconds; -1: not begun."""
        self.partial = False
        self.parent: Token | None = None
        self.waiting = 0
        self.children: list[Token] = []
        self.node: Any = None
        self.enabled = self.started = self.due = 0
        self.serving = False


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
    plain: bool
    """Whether work once begun is simply carried through (suspended while closed)."""
    working: list[Token]
    """Requests being worked on; kept only where work can be interrupted or handed over."""
    waking: int = -1
    """When a closed office that hands work over looks at its queue next."""


@dataclass(eq=False, slots=True)
class Node:
    """A compiled node in one run."""

    kind: int
    activity: int
    office: LiveOffice | None
    calendar: Calendar | None
    draws: Draws | None
    first: dict[int, list] | None
    choice: Draws | None
    next: Node | None
    next_loops: bool
    routes: list[tuple[float, Node, bool, str]]
    branches: list[Node]
    outcome: int
    stage: str


def walker(
    env: Environment,
    log: EventLog,
    notice: Callable[[Token, Node, str, int], None],
    choose_traced: Callable[[Token, Node], tuple[Node, bool]],
) -> tuple[Callable[[Token, Node, int], None], Callable[[Token, int], None]]:
    """The two functions that move requests: ``begin(token, node, now)`` and ``stop(token, now)``.

    ``notice`` is told what befalls the trainee's requests; ``choose_traced`` picks their way.
    """
    schedule = env.schedule
    row_request, row_activity = log.request.append, log.activity.append
    row_enabled, row_started = log.enabled.append, log.started.append
    row_ended, row_outcome = log.ended.append, log.outcome.append
    left, outcomes, loops = log.request_left, log.request_outcome, log.request_loops

    def duration(token: Token, node: Any) -> int:
        number = token.number
        if number < 0:
            return node.draws.named(token.traced.id, token.round)
        if token.round:
            return node.draws.at(number, token.round)
        try:
            return node.first[number >> _SHIFT][number & _MASK]
        except KeyError:
            return node.draws.at(number)

    def start(token: Token, node: Any, now: int) -> None:
        """Begin work, or the passing of time."""
        token.started = now
        number = token.number
        if token.round or number < 0:
            length = duration(token, node)
        else:
            try:
                length = node.first[number >> _SHIFT][number & _MASK]
            except KeyError:
                length = node.draws.at(number)
        calendar = node.calendar
        if calendar is not None:
            length = calendar.add(now, length) - now
        token.due = now + length
        token.callbacks = callbacks
        schedule(token, NORMAL, length)

    def finish(token: Token) -> None:
        """A visit ends: write it down, let the office go on, and go on to the next stage."""
        if token.stale:
            token.stale -= 1
            token.callbacks = callbacks
            return
        now = token.due
        node = token.node
        row_request(token.index)
        row_activity(node.activity)
        row_enabled(token.enabled)
        row_started(token.started)
        row_ended(now)
        office = node.office
        if office is None:
            row_outcome(DONE)
        elif office.plain:
            row_outcome(DONE)
            for queue in office.queues:
                if queue:
                    other = queue.popleft()
                    start(other, other.node, now)
                    break
            else:
                office.free += 1
        elif not end_service(token, office, now):
            return
        if token.traced is not None:
            notice(token, node, "ended", now)
        following = node.next
        if following is None:
            following = choose(token, node)
        elif node.next_loops:
            token.round += 1
        begin(token, following, now)

    def choose(token: Token, node: Any) -> Any:
        """Which way to go on, by chance."""
        if token.traced is not None:
            following, back = choose_traced(token, node)
        else:
            if token.round:
                draw = node.choice.at(token.number, token.round)
            else:
                try:
                    draw = node.choice.first[token.number >> _SHIFT][token.number & _MASK]
                except KeyError:
                    draw = node.choice.at(token.number)
            for threshold, following, back, _ in node.routes:  # noqa: B007
                if draw < threshold:
                    break
        if back:
            token.round += 1
        return following

    def begin(token: Token, node: Any, now: int) -> None:
        """Arrive at a stage."""
        while True:
            token.node = node
            token.enabled = now
            if token.traced is not None:
                notice(token, node, "began", now)
                if token.stale < 0:  # withdrawn by what it was told
                    return
            kind = node.kind
            if kind == WORK:
                office = node.office
                if not office.plain:
                    arrive(token, office, now)
                elif office.free:
                    office.free -= 1
                    start(token, node, now)
                else:
                    office.queues[token.priority].append(token)
                return
            if kind == DELAY:
                start(token, node, now)
                return
            if kind == END:
                leave(token, node, now)
                return
            if kind == FORK:
                token.waiting = len(node.branches)
                token.children = []
                token.node = node.next  # it waits at the join
                for _ in node.branches:
                    child = Token(env, token.index, token.number, token.priority, token.traced)
                    child.parent, child.round = token, token.round
                    token.children.append(child)
                for child, first in zip(list(token.children), node.branches, strict=True):
                    begin(child, first, now)
                return
            if kind == JOIN and token.parent is not None:
                parent = token.parent
                parent.waiting -= 1
                parent.children.remove(token)
                if parent.waiting:
                    return
                token = parent
            following = node.next
            if following is None:
                following = choose(token, node)
            elif node.next_loops:
                token.round += 1
            node = following

    def leave(token: Token, node: Any, now: int) -> None:
        left[token.index] = now
        outcomes[token.index] = node.outcome
        loops[token.index] = token.round
        if token.traced is not None:
            notice(token, node, "left", now)

    # Offices that hand work over at closing time, finish it in the evening, or let it be interrupted.

    def arrive(token: Token, office: LiveOffice, now: int) -> None:
        token.remaining = -1
        if _hands_over_closed(office, now):
            office.queues[token.priority].append(token)
            wake(office, now)
        elif office.free:
            office.free -= 1
            serve(token, office, now)
        else:
            if office.preemptive:
                victim = max(office.working, key=lambda other: (other.priority, other.started))
                if victim.priority > token.priority:
                    interrupt(victim, office, now)
                    serve(token, office, now)
                    return
            office.queues[token.priority].append(token)

    def serve(token: Token, office: LiveOffice, now: int) -> None:
        calendar = office.calendar
        work = token.remaining if token.remaining >= 0 else duration(token, token.node)
        token.started, token.partial, token.remaining = now, False, work
        if calendar is None:
            due = now + work
        elif office.rule == "finish":
            due = calendar.next_open(now) + work if work else now
        else:
            due = calendar.add(now, work)
            if office.rule == "hand over" and due > calendar.closes(now):
                due, token.partial = calendar.closes(now), True
        token.due = due
        token.serving = True
        office.working.append(token)
        token.callbacks = callbacks
        schedule(token, NORMAL, due - now)

    def end_service(token: Token, office: LiveOffice, now: int) -> bool:
        """Take the request off the desk; False if it is only handed over."""
        office.working.remove(token)
        token.serving = False
        row_outcome(HANDED_OVER if token.partial else DONE)
        if token.partial:
            assert office.calendar is not None
            token.remaining -= office.calendar.between(token.started, now)
            token.enabled = now
            office.queues[token.priority].appendleft(token)
        else:
            token.remaining = -1
        office.free += 1
        dispatch(office, now)
        return not token.partial

    def interrupt(token: Token, office: LiveOffice, now: int) -> None:
        calendar = office.calendar
        if office.rule == "finish" or calendar is None:
            done = now - (token.started if calendar is None else calendar.next_open(token.started))
        else:
            done = calendar.between(token.started, now)
        office.working.remove(token)
        token.serving = False
        token.remaining = max(0, token.remaining - max(0, done))
        row_request(token.index)
        row_activity(token.node.activity)
        row_enabled(token.enabled)
        row_started(token.started)
        row_ended(now)
        row_outcome(INTERRUPTED)
        token.stale += 1
        token.enabled = now
        office.queues[token.priority].appendleft(token)

    def dispatch(office: LiveOffice, now: int) -> None:
        """Give free staff the work that waits."""
        if _hands_over_closed(office, now):
            wake(office, now)
            return
        for queue in office.queues:
            while queue and office.free:
                office.free -= 1
                serve(queue.popleft(), office, now)

    def wake(office: LiveOffice, now: int) -> None:
        assert office.calendar is not None
        opens = office.calendar.next_open(now)
        if office.waking < now or office.waking > opens:
            office.waking = opens
            alarm = env.timeout(opens - now)
            assert alarm.callbacks is not None
            alarm.callbacks.append(lambda _: dispatch(office, opens))

    def stop(token: Token, now: int) -> None:
        """Take a request out wherever it is; the part of the visit that has passed is written down."""
        for child in list(token.children):
            stop(child, now)
        token.children = []
        node, office = token.node, token.node.office
        waiting = token.waiting > 0
        token.waiting = 0
        if waiting or node.kind not in (WORK, DELAY):
            token.stale = -1
            return
        queued = office is not None and any(token in queue for queue in office.queues)
        if queued:
            for queue in office.queues:
                if token in queue:
                    queue.remove(token)
            started = now
        else:
            started = token.started
        row_request(token.index)
        row_activity(node.activity)
        row_enabled(token.enabled)
        row_started(started)
        row_ended(now)
        row_outcome(STOPPED)
        if not queued:
            token.stale += 1_000_000
            if office is not None and office.plain:
                for queue in office.queues:
                    if queue:
                        other = queue.popleft()
                        start(other, other.node, now)
                        break
                else:
                    office.free += 1
            elif office is not None:
                office.working.remove(token)
                office.free += 1
                dispatch(office, now)

    callbacks = [finish]
    return begin, stop


def _hands_over_closed(office: LiveOffice, now: int) -> bool:
    return office.rule == "hand over" and office.calendar is not None and office.calendar.next_open(now) > now
