"""The hot path: requests walk the compiled nodes, one kernel event for each stage.

A request is itself the kernel event, scheduled again and again (`simpy.Resource` and generators are where an
idiomatic program spends its time). Its callback ends one visit, hands the desk to whoever is next, and begins
the next visit. The functions below share their variables as a closure, because attribute look-ups would double
the cost; nothing else in the package is written this way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import heappush

from simpy.events import NORMAL

from sim.engine.closing_rules import Desks
from sim.engine.environment import Clock
from sim.engine.log import DONE, STOPPED, EventLog
from sim.engine.plan import DELAY, END, FORK, JOIN, WORK
from sim.engine.played_world import chosen_way
from sim.engine.random_streams import BLOCK
from sim.engine.runtime import LiveOffice, Node, Token
from sim.errors import SimulationError
from sim.i18n import say

_SHIFT, _MASK = BLOCK.bit_length() - 1, BLOCK - 1

ROUNDS_WITHOUT_TIME = 1_000
MOST_ROUNDS = 32_767  # what the log's column holds


def another_round(token: Token, node: Node, now: int, name: Callable[[int], str]) -> None:
    """Another round begins. Raises `SimulationError` where a request goes round for ever: time would stand still, or
    there would be more rounds than the log can count. ``name`` says what a request is called."""
    token.round += 1
    token.rounds_now = token.rounds_now + 1 if token.came_back == now else 1
    token.came_back = now
    if token.rounds_now > ROUNDS_WITHOUT_TIME:
        message = say(
            "{request} has gone back from the stage {stage!r} {times} times and no time has passed — let a stage "
            "on the way round take time, or let the way lead on",
            request=name(token.index),
            stage=node.step.stage,
            times=ROUNDS_WITHOUT_TIME,
        )
        raise SimulationError(message)
    if token.round > MOST_ROUNDS:
        message = say(
            "{request} has gone back {times} times, last from the stage {stage!r} — let the way lead on more often",
            request=name(token.index),
            stage=node.step.stage,
            times=MOST_ROUNDS,
        )
        raise SimulationError(message)


def walker(
    env: Clock,
    log: EventLog,
    notice: Callable[[Token, Node, str, int], None],
    live: Sequence[LiveOffice],
) -> tuple[
    Callable[[Token, Node, int], None], Callable[[Token, int], None], Callable[[LiveOffice, int, int], None], Desks
]:
    """The functions that move requests: ``begin(token, node, now)``, ``stop(token, now)`` and
    ``staff(office, number, now)``, which changes how many work at an office; and the desks that are not plain.

    ``notice`` is told what befalls the trainee's requests.
    """
    agenda, next_event = env._queue, env._eid.__next__  # what env.schedule uses, without the call
    push = heappush
    write = log.rows.extend
    left, outcomes, loops = log.request_left, log.request_outcome, log.request_loops
    offices: list[LiveOffice | None] = [*live, None]  # the last stands for nobody: index -1
    listening: list[Token] = []
    """The trainee's requests somebody is just being told about: between one stage and the next."""

    def finish(token: Token) -> None:
        """A visit ends: write it down, let the office go on, and go on to the next stage."""
        if token.stale:
            token.stale -= 1
            return
        now = token.due
        node = token.node
        office = offices[node.office]
        if office is None or office.plain:
            write((token.index, node.activity, token.enabled, token.started, now, DONE))
            if office is not None:
                for queue in office.queues:
                    if queue:
                        start(queue.popleft(), now)
                        break
                else:
                    office.free += 1
        elif not desks.end(token, office, now):
            return
        if token.traced is not None and not still_here(token, node, "ended", now):
            return
        following = node.next
        if following is None:
            following = choose(token, node)
        elif node.next_loops:
            another_round(token, node, int(env.now), log.request_name)
        if not following.simple or token.traced is not None:
            begin(token, following, now)
            return
        token.node = following
        token.enabled = now
        office = offices[following.office]
        if office is None:
            start(token, now)
        elif office.free:
            office.free -= 1
            start(token, now)
        else:
            office.queues[token.priority].append(token)

    def start(token: Token, now: int) -> None:
        """Work begins at a plain desk, or time begins to pass."""
        node = token.node
        token.started = now
        if node.shared or (token.round and node.again):
            length = duration(token)
        else:
            try:
                length = node.first[token.number >> _SHIFT][token.number & _MASK]
            except KeyError:
                length = duration(token)
        due = now + length if node.calendar is None else node.calendar.add(now, length)
        token.due = due
        push(agenda, (due, NORMAL, next_event(), token))

    def duration(token: Token) -> int:
        """Seconds of work, or of passing time."""
        node = token.node
        draws, attempt = node.draws, token.round if node.again else 0
        assert draws is not None
        if token.number >= 0:
            length = draws.at(token.number, attempt)
        else:
            assert token.traced is not None
            length = draws.named(token.traced.id, attempt)
        return round(length * token.slowness) if node.shared else length

    def choose(token: Token, node: Node) -> Node:
        """Which way to go on, by chance."""
        if token.traced is not None:
            following, back = chosen_way(token, node)
        else:
            choice = node.choice
            assert choice is not None
            if token.round and node.again:
                draw = choice.at(token.number, token.round)
            else:
                try:
                    draw = choice.first[token.number >> _SHIFT][token.number & _MASK]
                except KeyError:
                    draw = choice.at(token.number)
            for threshold, following, back, _ in node.routes:  # noqa: B007
                if draw < threshold:
                    break
        if back:
            another_round(token, node, int(env.now), log.request_name)
        return following

    def begin(token: Token, node: Node, now: int) -> None:
        """Arrive at a stage."""
        while True:
            token.node = node
            token.enabled = now
            if token.traced is not None and not still_here(token, node, "began", now):
                return
            kind = node.kind
            if kind == WORK:
                office = offices[node.office]
                assert office is not None
                if not office.plain:
                    desks.arrive(token, office, now)
                elif office.free:
                    office.free -= 1
                    start(token, now)
                else:
                    office.queues[token.priority].append(token)
                return
            if kind == DELAY:
                start(token, now)
                return
            if kind == END:
                left[token.index] = now
                outcomes[token.index] = node.outcome
                loops[token.index] = token.round
                if token.traced is not None:
                    notice(token, node, "left", now)
                return
            if kind == FORK:
                fork(token, node, now)
                return
            if kind == JOIN:
                parent = token.parent
                assert parent is not None
                parent.children = tuple(child for child in parent.children if child is not token)
                if parent.children:
                    return
                token = parent
            following = node.next
            if following is None:
                following = choose(token, node)
            elif node.next_loops:
                another_round(token, node, int(env.now), log.request_name)
            node = following

    def fork(token: Token, node: Node, now: int) -> None:
        """Begin several measures side by side; the request itself goes on when all are done."""
        children = []
        for _ in node.branches:
            child = Token(env, token.index, token.number, token.priority, token.traced)
            child.parent, child.round, child.slowness = token, token.round, token.slowness
            children.append(child)
        token.children = tuple(children)
        for child, first in zip(children, node.branches, strict=True):
            if not child.stopped:
                begin(child, first, now)

    def still_here(token: Token, node: Node, what: str, now: int) -> bool:
        """Tell what befell a request of the trainee's; False if it was withdrawn upon that."""
        listening.append(token)
        notice(token, node, what, now)
        listening.remove(token)
        return not token.stopped

    def stop(token: Token, now: int) -> None:
        """Take a request out wherever it is; the part of the visit that has passed is written down."""
        token.stopped = True
        if token.children:
            for child in token.children:
                stop(child, now)
            return
        node = token.node
        if token in listening or node.kind not in (WORK, DELAY):
            return  # between two stages
        office = offices[node.office]
        queue = None if office is None else next((queue for queue in office.queues if token in queue), None)
        started = token.started if queue is None else now
        write((token.index, node.activity, token.enabled, started, now, STOPPED))
        if queue is not None:
            queue.remove(token)
            return
        token.stale += 1
        if office is not None:
            clear_desk(token, office, now)

    def clear_desk(token: Token, office: LiveOffice, now: int) -> None:
        if not office.plain:
            desks.release(token, office, now)
            return
        other = office.next_in_line()
        if other is None:
            office.free += 1
        else:
            start(other, now)

    def staff(office: LiveOffice, number: int, now: int) -> None:
        """Open desks, which take up what waits, or close some: those in use when they become free."""
        office.free += number - office.staff
        office.staff = number
        if not office.plain:
            desks.dispatch(office, now)
            return
        while office.free and (token := office.next_in_line()) is not None:
            office.free -= 1
            start(token, now)

    env.finish = finish
    desks = Desks(env, log, duration)
    return begin, stop, staff, desks
