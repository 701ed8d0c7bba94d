"""A play by compiled code: `sim.engine.simulation.Simulation` with the trainee's requests, and the same event table.

Compiled code moves the background, and serves everybody at the desks. A request of the trainee's goes from stage to
stage here, as in `sim.engine.kernel`, because what befalls it hangs on what the trainee did: compiled code comes back
whenever a visit of one ends, and whenever something is due that was put off with `at`. What is decided here is an order
that compiled code carries out before time goes on; it takes its place within the second as SimPy's events do.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np

from sim.engine.arrivals import slowness
from sim.engine.compiled import layout
from sim.engine.compiled.calendars import FAR
from sim.engine.compiled.layout import Integers, State
from sim.engine.compiled.run import Moving, empty_log, enter_requests, move
from sim.engine.expand import unfolded
from sim.engine.kernel import another_round
from sim.engine.log import EventLog
from sim.engine.plan import DELAY, END, FORK, JOIN, WORK, Plan, RequestToUnfold, Unfolded
from sim.engine.played_world import Notice, PlayedWorld, chosen_way
from sim.engine.runtime import Node, Token, Traced
from sim.model.events import Event


class Attention:
    """Something to wait for while time passes."""

    def __init__(self, play: CompiledPlay, number: int):
        self._play, self.number = play, number
        self.triggered = False
        """Whether it has happened."""

    def succeed(self) -> None:
        """It happens now."""
        self.triggered = True
        self._play.order(layout.AN_ATTENTION, self._play.now, self.number)


class CompiledPlay(Moving, PlayedWorld):
    """A world in motion with the trainee's requests. Raises `CannotCompile` for what compiled code cannot do, at once
    or in the middle of a play.

    A deep copy goes on by itself; what does not hang on what happens is shared.
    """

    keeps = True

    def __init__(self, plan: Plan, *, until: int, seed: int, replication: int = 0, on_notice: Notice | None = None):
        """``until`` is the moment behind which nothing will be asked for."""
        PlayedWorld.__init__(self, plan, seed, replication, on_notice)
        # What comes in the last second comes before it ends.
        Moving.__init__(self, plan, until=until + 2, seed=seed, replication=replication)
        self._activities = [node.activity for node in plan.nodes]
        self._tables_shared = True
        for node in plan.nodes:
            if node.outcome:
                self._outcome(node.outcome)
        self._luck = _Luck(self.state)
        self._pages: list[Integers] = []
        """Rows of the event table that have been put aside; nobody changes them any more."""
        self.events: list[Event] = []
        self._kinds, self._names = [way.kind for way in plan.ways], dict[int, str]()
        self._book: EventLog | None = None
        self._ended = self._warm_up = 0
        self._tokens: dict[int, Token] = {}
        """The trainee's requests by their place in the table."""
        self._calls: dict[int, Callable[[], None]] = {}
        self._called = self._attentions = 0
        self._listening: list[Token] = []
        """The trainee's requests somebody is just being told about: between one stage and the next."""
        self._go_on(0)

    def __deepcopy__(self, memo: dict[int, Any]) -> CompiledPlay:
        self._settle()
        new = object.__new__(CompiledPlay)
        memo[id(self)] = new
        new.__dict__.update(self.__dict__)
        new.state = layout.copied(self.state, luck=False)
        new.events = memo[id(self.events)] = list(self.events)
        new._pages, new._activities, new._kinds = list(self._pages), list(self._activities), list(self._kinds)
        new._names, new._outcomes = dict(self._names), dict(self._outcomes)
        new._book, self._tables_shared, new._tables_shared = None, True, True
        for name in ("on_notice", "_tokens", "_calls", "_listening"):
            setattr(new, name, deepcopy(getattr(self, name), memo))
        return new

    # Time

    def _go_on(self, moment: int) -> int:
        self._book = None
        self.state = self._luck.joined(self.state)
        return super()._go_on(moment)

    def _make_room(self) -> None:
        super()._make_room()
        self._luck.columns = {name: getattr(self.state, name) for name in layout.LUCK}

    def _settle(self) -> None:
        """Put the rows just written aside."""
        written = self.state.moment[layout.M_WRITTEN]
        if written:
            self._pages.append(self.state.log[:written].copy())
            self.state.moment[layout.M_WRITTEN] = 0

    @property
    def log(self) -> EventLog:
        """The event table so far."""
        if self._book is None:
            self._go_on(self.now)
            self._settle()
            log = empty_log(self.plan)
            log.kinds, log.names, log.events = list(self._kinds), dict(self._names), self.events
            log.activities = list(self._activities)
            log.outcomes = list(self._outcomes) if self._ended else []  # until the books are closed, as SimPy has it
            log.ended_at, log.warm_up = self._ended, self._warm_up
            log.staffing = [one for one in self._staffing() if one[0] <= self.now]
            for page in self._pages:
                move(page, log)
            enter_requests(self.state, log)
            self._book = log
        return self._book

    def advance(self, until: int | None = None, *, attention: Attention | None = None) -> None:
        """As `Simulation.advance`."""
        limit = FAR
        if attention is not None:
            moment = self.state.moment
            moment[layout.M_ADVANCE], moment[layout.M_STOPPING] = attention.number, 0
            if until is not None:
                self.order(layout.A_LIMIT, max(self.now, until), attention.number)
        elif until is not None:
            limit = until
            if until <= self.now:
                return
        while (why := self._go_on(limit)) != layout.ENDED:
            who = int(self.state.moment[layout.M_WHO])
            if why == layout.CAME:
                self._came(self._tokens[who])
            else:
                self._calls.pop(who)()

    def event(self) -> Attention:
        """A fresh event to wait for in `advance`."""
        self._attentions += 1
        return Attention(self, self._attentions)

    def at(self, moment: int, what: Callable[[], None]) -> None:
        """Have something done at a moment (now, if it has passed)."""
        self._called += 1
        self._calls[self._called] = what
        self.order(layout.A_CALL, max(self.now, moment), self._called)

    def order(self, what: int, one: int, other: int = 0) -> None:
        """Have compiled code do something before time goes on."""
        s = self.state
        count = int(s.moment[layout.M_ORDERS])
        if count == layout.ORDERS:
            self._go_on(self.now)
            s, count = self.state, 0
        s.orders[count] = what, one, other
        s.moment[layout.M_ORDERS] = count + 1

    def close(self, warm_up: int = 0) -> None:
        self._go_on(self.now)
        self._ended, self._warm_up = self.now, warm_up
        self._check_leaks()

    # The trainee's requests

    def send(self, request: Traced, to_unfold: RequestToUnfold, priority: int) -> Token:
        """As `Simulation.send`."""
        found = unfolded(self.plan, to_unfold)
        way, nodes, first = found.way, self._nodes_of(found), self._add(found)
        self._kinds.append(way.kind)
        if self.state.moment[layout.M_REQUESTS] == len(self.state.requests):
            self._make_room()
        s, now = self.state, self.now
        index = int(s.moment[layout.M_REQUESTS])
        s.moment[layout.M_REQUESTS] += 1
        s.requests[index] = len(self._kinds) - 1, -1, priority, now, -1, -1, 0, -1
        self._names[index] = request.id
        token = Token(None, index, -1, priority, request)
        request.token, token.first = token, first
        if way.spread:
            token.slowness = slowness(way.spread)([self._uniforms("slowness", "").named(request.id)])[0]
        self._begin(token, nodes[way.start], now)
        return token

    def withdraw(self, token: Token, outcome: str = "withdrawn") -> None:
        """Take a request of the trainee's out of the world."""
        if self.state.requests[token.index, layout.REQ_LEFT] < 0:
            self._stop(token)
            self._leave(token, self._outcome(outcome))

    def _leave(self, token: Token, outcome: int) -> None:
        self._book = None
        request = self.state.requests[token.index]
        request[layout.REQ_LEFT], request[layout.REQ_OUTCOME] = self.now, outcome
        request[layout.REQ_LOOPS] = token.round

    def _nodes_of(self, found: Unfolded) -> list[Node]:
        """Live nodes, which plays with the same luck share."""
        if found not in self._luck.nodes:
            nodes = [self._live(plan, index) for index, plan in enumerate(found.nodes)]
            for node, plan in zip(nodes, found.nodes, strict=True):
                self._connect(node, plan, nodes)
            self._luck.nodes[found] = nodes
        return self._luck.nodes[found]

    def _add(self, found: Unfolded) -> int:
        """Add nodes to this play's table; returns the index of the first."""
        first = len(self._activities)
        self._activities += [node.activity for node in found.nodes]
        if self._tables_shared or len(self._activities) > len(self.tables.nodes):
            room = _with_room(self.tables.nodes[:first], len(found.nodes))
            self.tables, self._tables_shared = self.tables._replace(nodes=room), False
        rows = self.tables.nodes[first : len(self._activities)]
        rows[:, layout.N_KIND] = [node.kind for node in found.nodes]
        rows[:, layout.N_OFFICE] = [node.office for node in found.nodes]
        rows[:, layout.N_CALENDAR] = [node.calendar for node in found.nodes]
        for node in found.nodes:
            if node.outcome:
                self._outcome(node.outcome)
        return first

    # Its way from stage to stage, as in `sim.engine.kernel`

    def _came(self, token: Token) -> None:
        """A visit has ended."""
        now, node = self.now, token.node
        if self._still_here(token, node, "ended", now):
            self._begin(token, self._onward(token, node, now), now)

    def _onward(self, token: Token, node: Node, now: int) -> Node:
        following, back = (node.next, node.next_loops) if node.next is not None else chosen_way(token, node)
        if back:
            another_round(token, node, now, self._name)
        return following

    def _begin(self, token: Token, node: Node, now: int) -> None:
        """Arrive at a stage."""
        while True:
            token.node = node
            if not self._still_here(token, node, "began", now):
                return
            kind = node.kind
            if kind in (WORK, DELAY):
                self._visit(token, node)
                return
            if kind == END:
                self._leave(token, self._outcome(node.ends))
                self._noticed(token, node, "left", now)
                return
            if kind == FORK:
                self._fork(token, node, now)
                return
            if kind == JOIN:
                parent = token.parent
                assert parent is not None
                parent.children = tuple(child for child in parent.children if child is not token)
                if parent.children:
                    return
                token = parent
            node = self._onward(token, node, now)

    def _visit(self, token: Token, node: Node) -> None:
        """Come to a desk, or let time pass."""
        if token.place < 0:
            token.place = self._new_place(token)
        assert token.traced is not None and node.draws is not None
        length = node.draws.named(token.traced.id, token.round if node.again else 0)
        row = self.state.tokens[token.place]
        row[layout.T_LENGTH] = round(length * token.slowness) if node.shared else length
        self.order(layout.D_BEGIN, token.place, token.first + node.activity)

    def _new_place(self, token: Token) -> int:
        """A row of the table of requests on their way."""
        if self.state.moment[layout.M_TOKENS] == len(self.state.tokens):
            self._make_room()
        s = self.state
        place = int(s.moment[layout.M_TOKENS])
        s.moment[layout.M_TOKENS] += 1
        row = s.tokens[place]
        row[:] = 0
        row[layout.T_REQUEST], row[layout.T_PRIORITY], row[layout.T_TRACED] = token.index, token.priority, 1
        row[[layout.T_REMAINING, layout.T_PARENT]] = -1
        self._tokens[place] = token
        return place

    def _fork(self, token: Token, node: Node, now: int) -> None:
        """Begin several measures side by side; the request itself goes on when all are done."""
        children = []
        for _ in node.branches:
            child = Token(None, token.index, token.number, token.priority, token.traced)
            child.parent, child.round, child.slowness, child.first = token, token.round, token.slowness, token.first
            children.append(child)
        token.children = tuple(children)
        for child, first in zip(children, node.branches, strict=True):
            if not child.stopped:
                self._begin(child, first, now)

    def _still_here(self, token: Token, node: Node, what: str, now: int) -> bool:
        """Tell what befell a request; False if it was withdrawn upon that."""
        self._listening.append(token)
        self._noticed(token, node, what, now)
        self._listening.remove(token)
        return not token.stopped

    def _stop(self, token: Token) -> None:
        """Take a request out wherever it is."""
        token.stopped = True
        if token.children:
            for child in token.children:
                self._stop(child)
        elif token not in self._listening and token.node.kind in (WORK, DELAY):
            self.order(layout.D_STOP, token.place)

    def _name(self, index: int) -> str:
        return self._names[index]


class _Luck:
    """What plays with the same luck share: whoever comes to a request first makes its draws, for all of them."""

    def __init__(self, state: State):
        self.columns = {name: getattr(state, name) for name in layout.LUCK}
        self.nodes: dict[Unfolded, list[Node]] = {}
        """The trainee's nodes with their draws."""

    def joined(self, state: State) -> State:
        """A play's state with the luck as it is now, which has grown where another play came further."""
        if state.pool is self.columns["pool"] and state.blocks is self.columns["blocks"]:
            return state
        return state._replace(**self.columns)


def _with_room(nodes: Integers, wanted: int) -> Integers:
    """The rows of nodes, and room for more."""
    found = np.full((len(nodes) + max(wanted, 64), nodes.shape[1]), -1, np.int64)
    found[: len(nodes)] = nodes
    return found
