"""Offices that finish in the evening what they have in hand, hand it over at closing time, or let more urgent work
interrupt it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from simpy import Environment
from simpy.events import NORMAL

from sim.engine.log import DONE, HANDED_OVER, INTERRUPTED, EventLog
from sim.engine.runtime import Alarm, LiveOffice, Token


class Desks:
    """Work at the desks of such offices. ``duration`` gives a request's work in working seconds."""

    def __init__(self, env: Environment, log: EventLog, duration: Callable[[Token], int]):
        self._env, self._rows, self._duration = env, log.rows, duration

    def arrive(self, token: Token, office: LiveOffice, now: int) -> None:
        """A request comes to the office."""
        token.remaining = -1
        if _waits_for_opening(office, now):
            office.queues[token.priority].append(token)
            self._wake(office, now)
        elif office.free > 0:
            self._serve(token, office, now)
        else:
            if office.preemptive and (victim := _interrupted_by(token, office, now)) is not None:
                self._interrupt(victim, office, now)
                self._serve(token, office, now)
                return
            office.queues[token.priority].append(token)

    def end(self, token: Token, office: LiveOffice, now: int) -> bool:
        """Take the request off the desk; False if it is only handed over."""
        done = not token.partial
        self._write(token, now, DONE if done else HANDED_OVER)
        if not done:
            assert office.calendar is not None
            token.remaining -= office.calendar.between(token.started, now)
            token.enabled = now
            office.queues[token.priority].appendleft(token)
        self.release(token, office, now)
        return done

    def release(self, token: Token, office: LiveOffice, now: int) -> None:
        """The desk is free for the next."""
        office.working.remove(token)
        office.free += 1
        self.dispatch(office, now)

    def _serve(self, token: Token, office: LiveOffice, now: int) -> None:
        calendar = office.calendar
        work = token.remaining if token.remaining >= 0 else self._duration(token)
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
        office.free -= 1
        office.working.append(token)
        self._env.schedule(token, NORMAL, due - now)

    def _interrupt(self, token: Token, office: LiveOffice, now: int) -> None:
        """More urgent work takes the desk; what is left is resumed, not begun again."""
        calendar = office.calendar
        if calendar is None:
            done = now - token.started
        elif office.rule == "finish":
            done = max(0, now - calendar.next_open(token.started))
        else:
            done = calendar.between(token.started, now)
        self._write(token, now, INTERRUPTED)
        office.working.remove(token)
        office.free += 1
        token.remaining -= done
        token.stale += 1
        token.enabled = now
        office.queues[token.priority].appendleft(token)

    def dispatch(self, office: LiveOffice, now: int) -> None:
        """Give free staff the work that waits."""
        if _waits_for_opening(office, now):
            if any(office.queues):
                self._wake(office, now)
            return
        while office.free > 0 and (token := office.next_in_line()) is not None:
            self._serve(token, office, now)

    def _wake(self, office: LiveOffice, now: int) -> None:
        """Look at the queue again when the office opens."""
        assert office.calendar is not None
        opens = office.calendar.next_open(now)
        if office.waking != opens:
            office.waking = opens
            Alarm(self._env, opens - now, partial(self.dispatch, office, opens))

    def _write(self, token: Token, now: int, outcome: int) -> None:
        self._rows.extend((token.index, token.node.activity, token.enabled, token.started, now, outcome))


def _interrupted_by(token: Token, office: LiveOffice, now: int) -> Token | None:
    """Whose work a request interrupts, if anybody's: the least urgent and last begun. Work that ends in this second
    has ended, whichever comes first in the agenda; a desk that it frees is taken before another is interrupted."""
    going_on = [other for other in office.working if other.due > now]
    freed = len(office.working) - len(going_on)
    if freed > sum(len(queue) for queue in office.queues[: token.priority + 1]):
        return None
    victim = max(going_on, key=lambda other: (other.priority, other.started), default=None)
    return victim if victim is not None and victim.priority > token.priority else None


def _waits_for_opening(office: LiveOffice, now: int) -> bool:
    return office.rule == "hand over" and office.calendar is not None and office.calendar.next_open(now) > now
