"""`sim.engine.closing_rules` over integer tables: offices that finish in the evening, hand over, or let more urgent
work interrupt. Every function does what the one of its name does there, in the same order.
"""

from __future__ import annotations

import numpy as np

from sim.engine.compiled.calendars import add, closes, next_open, open_seconds
from sim.engine.compiled.jit import helper
from sim.engine.compiled.layout import (
    A_TOKEN,
    ABOUT,
    AN_OPENING,
    FINISH,
    HAND_OVER,
    IN_HAND,
    L_FIRST,
    L_FREE,
    L_LAST,
    L_WAKING,
    NO,
    O_CALENDAR,
    O_PREEMPTIVE,
    O_RULE,
    T_AFTER,
    T_BEFORE,
    T_DUE,
    T_ENABLED,
    T_PARTIAL,
    T_PLACE,
    T_PRIORITY,
    T_REMAINING,
    T_STALE,
    T_STARTED,
    YES,
)  # fmt: skip
from sim.engine.compiled.visits import NOBODY, duration, line_up, next_in_line, push, waiting, write
from sim.engine.log import DONE, HANDED_OVER, INTERRUPTED


@helper
def waits_for_opening(t, s, office, now):
    """Whether nothing is begun before the office opens."""
    o = t.offices[office]
    return o[O_RULE] == HAND_OVER and o[O_CALENDAR] >= 0 and next_open(t, s.moment, o[O_CALENDAR], now) > now


@helper
def arrive(t, s, who, office, now):
    """A request comes to such an office."""
    token = s.tokens[who]
    token[T_REMAINING] = -1
    if waits_for_opening(t, s, office, now):
        line_up(t, s, who, NO)
        wake(t, s, office, now)
        return
    if s.live[office, L_FREE] > 0:
        serve(t, s, who, office, now)
        return
    if t.offices[office, O_PREEMPTIVE]:
        victim = interrupted_by(s, token, office, now)
        if victim >= 0:
            interrupt(t, s, victim, office, now)
            serve(t, s, who, office, now)
            return
    line_up(t, s, who, NO)


@helper
def take_on(s, who, office):
    """Put a request last on the list of those worked on."""
    live, token = s.live[office], s.tokens[who]
    token[T_BEFORE], token[T_AFTER] = live[L_LAST], NOBODY
    if live[L_LAST] >= 0:
        s.tokens[live[L_LAST], T_AFTER] = who
    else:
        live[L_FIRST] = who
    live[L_LAST] = who
    live[L_FREE] -= 1


@helper
def take_off(s, who, office):
    """Take it off the list."""
    live, token = s.live[office], s.tokens[who]
    if token[T_BEFORE] >= 0:
        s.tokens[token[T_BEFORE], T_AFTER] = token[T_AFTER]
    else:
        live[L_FIRST] = token[T_AFTER]
    if token[T_AFTER] >= 0:
        s.tokens[token[T_AFTER], T_BEFORE] = token[T_BEFORE]
    else:
        live[L_LAST] = token[T_BEFORE]
    live[L_FREE] += 1


@helper
def serve(t, s, who, office, now):
    """Work begins at a desk of such an office."""
    token, calendar, rule = s.tokens[who], t.offices[office, O_CALENDAR], t.offices[office, O_RULE]
    work = token[T_REMAINING] if token[T_REMAINING] >= 0 else duration(t, s, token)
    token[T_STARTED], token[T_PARTIAL], token[T_REMAINING], token[T_PLACE] = now, 0, work, IN_HAND
    if calendar < 0:
        due = now + work
    elif rule == FINISH:
        due = next_open(t, s.moment, calendar, now) + work if work else now
    else:
        due = add(t, s.moment, calendar, now, work)
        if rule == HAND_OVER:
            evening = closes(t, s.moment, calendar, now)
            if due > evening:
                due, token[T_PARTIAL] = evening, 1
    token[T_DUE] = due
    take_on(s, who, office)
    push(s, due, (who << ABOUT) | A_TOKEN)


@helper
def end(t, s, who, office, now):
    """Take the request off the desk; False if it is only handed over."""
    token = s.tokens[who]
    done = token[T_PARTIAL] == 0
    write(s, token, now, DONE if done else HANDED_OVER)
    take_off(s, who, office)
    if not done:
        calendar = t.offices[office, O_CALENDAR]
        passed = open_seconds(t, s.moment, calendar, now) - open_seconds(t, s.moment, calendar, token[T_STARTED])
        token[T_REMAINING] -= passed
        token[T_ENABLED] = now
        line_up(t, s, who, YES)
    dispatch(t, s, office, now)
    return done


@helper
def interrupted_by(s, token, office, now):
    """Whose work a request interrupts; `NOBODY` if nobody's."""
    freed, victim = 0, np.int64(NOBODY)
    other = s.live[office, L_FIRST]
    while other >= 0:
        one = s.tokens[other]
        if one[T_DUE] <= now:
            freed += 1
        elif victim < 0 or (
            one[T_PRIORITY] > s.tokens[victim, T_PRIORITY]
            or (one[T_PRIORITY] == s.tokens[victim, T_PRIORITY] and one[T_STARTED] > s.tokens[victim, T_STARTED])
        ):
            victim = other
        other = one[T_AFTER]
    if freed > waiting(s, office, token[T_PRIORITY]):
        return np.int64(NOBODY)
    return victim if victim >= 0 and s.tokens[victim, T_PRIORITY] > token[T_PRIORITY] else np.int64(NOBODY)


@helper
def interrupt(t, s, who, office, now):
    """More urgent work takes the desk; what is left is resumed, not begun again."""
    token, calendar = s.tokens[who], t.offices[office, O_CALENDAR]
    if calendar < 0:
        done = now - token[T_STARTED]
    elif t.offices[office, O_RULE] == FINISH:
        done = max(0, now - next_open(t, s.moment, calendar, token[T_STARTED]))
    else:
        done = open_seconds(t, s.moment, calendar, now) - open_seconds(t, s.moment, calendar, token[T_STARTED])
    write(s, token, now, np.int64(INTERRUPTED))
    take_off(s, who, office)
    token[T_REMAINING] -= done
    token[T_STALE] += 1
    token[T_ENABLED] = now
    line_up(t, s, who, YES)


@helper
def dispatch(t, s, office, now):
    """Give free staff the work that waits."""
    if waits_for_opening(t, s, office, now):
        classes = s.queues.shape[0] // s.live.shape[0]
        if waiting(s, office, classes - 1):
            wake(t, s, office, now)
        return
    while s.live[office, L_FREE] > 0:
        who = next_in_line(s, office)
        if who < 0:
            return
        serve(t, s, who, office, now)


@helper
def wake(t, s, office, now):
    """Look at the queue again when the office opens."""
    opens = next_open(t, s.moment, t.offices[office, O_CALENDAR], now)
    if s.live[office, L_WAKING] != opens:
        s.live[office, L_WAKING] = opens
        push(s, opens, (office << ABOUT) | AN_OPENING)
