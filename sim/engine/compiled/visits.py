"""The agenda, queues, and what a request draws and where it goes from there, over integer tables.

What happens at the same second happens in SimPy's order: in that in which it was scheduled.
"""

from __future__ import annotations

import numpy as np

from sim.engine.compiled.calendars import add
from sim.engine.compiled.jit import helper
from sim.engine.compiled.layout import (
    A_TOKEN,
    ABOUT,
    BITS,
    IN_HAND,
    IN_LINE,
    LOG_ACTIVITY,
    LOG_ENABLED,
    LOG_ENDED,
    LOG_OUTCOME,
    LOG_REQUEST,
    LOG_STARTED,
    M_AGENDA,
    M_FREE_TOKEN,
    M_SEQUENCE,
    M_TOKENS,
    M_WRITTEN,
    N_AGAIN,
    N_CALENDAR,
    N_CHOICE,
    N_CHOICE_AGAIN,
    N_LOOPS,
    N_NEXT,
    N_OFFICE,
    N_TIME,
    N_TIME_AGAIN,
    NOWHERE,
    Q_COUNT,
    Q_FIRST,
    Q_LAST,
    R_LOOPS,
    R_TARGET,
    T_AGAIN,
    T_DUE,
    T_ENABLED,
    T_LENGTH,
    T_NEXT,
    T_NODE,
    T_PARENT,
    T_PLACE,
    T_PRIORITY,
    T_REMAINING,
    T_REQUEST,
    T_ROUND,
    T_ROW,
    T_STALE,
    T_STARTED,
    T_TRACED,
    T_WAY,
    TOKEN_COLUMNS,
)  # fmt: skip

NOBODY = -1


# The agenda


@helper
def push(s, due, what):
    """Schedule something: a heap ordered by time, and by the order of scheduling within a second."""
    m, agenda = s.moment, s.agenda
    order = (m[M_SEQUENCE] << (BITS + ABOUT)) | what
    m[M_SEQUENCE] += 1
    at = m[M_AGENDA]
    m[M_AGENDA] += 1
    while at > 0:
        above = (at - 1) >> 1
        if agenda[above, 0] < due or (agenda[above, 0] == due and agenda[above, 1] < order):
            break
        agenda[at, 0], agenda[at, 1] = agenda[above, 0], agenda[above, 1]
        at = above
    agenda[at, 0], agenda[at, 1] = due, order


@helper
def pop(s):
    """Take away what comes next."""
    m, agenda = s.moment, s.agenda
    m[M_AGENDA] -= 1
    count = m[M_AGENDA]
    due, order = agenda[count, 0], agenda[count, 1]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= count:
            break
        other = below + 1
        if other < count and (
            agenda[other, 0] < agenda[below, 0]
            or (agenda[other, 0] == agenda[below, 0] and agenda[other, 1] < agenda[below, 1])
        ):
            below = other
        if due < agenda[below, 0] or (due == agenda[below, 0] and order < agenda[below, 1]):
            break
        agenda[at, 0], agenda[at, 1] = agenda[below, 0], agenda[below, 1]
        at = below
    agenda[at, 0], agenda[at, 1] = due, order


@helper
def write(s, token, now, outcome):
    """A row of the event table."""
    row = s.log[s.moment[M_WRITTEN]]
    row[LOG_REQUEST], row[LOG_ACTIVITY] = token[T_REQUEST], token[T_NODE]
    row[LOG_ENABLED], row[LOG_STARTED], row[LOG_ENDED] = token[T_ENABLED], token[T_STARTED], now
    row[LOG_OUTCOME] = outcome
    s.moment[M_WRITTEN] += 1


# Queues


@helper
def line_up(t, s, who, front):
    """Stand at the end of the queue, or at its front."""
    token = s.tokens[who]
    classes = s.queues.shape[0] // s.live.shape[0]
    queue = s.queues[t.nodes[token[T_NODE], N_OFFICE] * classes + token[T_PRIORITY]]
    token[T_PLACE] = IN_LINE
    token[T_NEXT] = NOBODY
    if queue[Q_COUNT] == 0:
        queue[Q_FIRST] = queue[Q_LAST] = who
    elif front:
        token[T_NEXT] = queue[Q_FIRST]
        queue[Q_FIRST] = who
    else:
        s.tokens[queue[Q_LAST], T_NEXT] = who
        queue[Q_LAST] = who
    queue[Q_COUNT] += 1


@helper
def next_in_line(s, office):
    """Whoever has waited longest of the most urgent, taken out of the queue; `NOBODY` if nobody waits."""
    classes = s.queues.shape[0] // s.live.shape[0]
    for place in range(office * classes, (office + 1) * classes):
        queue = s.queues[place]
        if queue[Q_COUNT]:
            who = queue[Q_FIRST]
            queue[Q_FIRST] = s.tokens[who, T_NEXT]
            queue[Q_COUNT] -= 1
            return who
    return np.int64(NOBODY)


@helper
def leave_line(t, s, who):
    """Go out of the queue, from wherever in it."""
    token = s.tokens[who]
    classes = s.queues.shape[0] // s.live.shape[0]
    queue = s.queues[t.nodes[token[T_NODE], N_OFFICE] * classes + token[T_PRIORITY]]
    queue[Q_COUNT] -= 1
    if queue[Q_FIRST] == who:
        queue[Q_FIRST] = token[T_NEXT]
        return
    before = queue[Q_FIRST]
    while s.tokens[before, T_NEXT] != who:
        before = s.tokens[before, T_NEXT]
    s.tokens[before, T_NEXT] = token[T_NEXT]
    if queue[Q_LAST] == who:
        queue[Q_LAST] = before


@helper
def waiting(s, office, priority):
    """How many wait who are as urgent at least."""
    classes = s.queues.shape[0] // s.live.shape[0]
    count = 0
    for place in range(office * classes, office * classes + priority + 1):
        count += s.queues[place, Q_COUNT]
    return count


# Requests on their way


@helper
def new_token(s, request, priority, row, way):
    """A request, or one of its measures, that is not yet anywhere; copies nothing of another."""
    m = s.moment
    who = m[M_FREE_TOKEN]
    if who >= 0:
        m[M_FREE_TOKEN] = s.tokens[who, T_NEXT]
    else:
        who = m[M_TOKENS]
        m[M_TOKENS] += 1
    token = s.tokens[who]
    for column in range(TOKEN_COLUMNS):
        token[column] = 0
    token[T_REQUEST], token[T_PRIORITY], token[T_ROW], token[T_WAY] = request, priority, row, way
    token[T_AGAIN], token[T_REMAINING], token[T_PARENT] = row, -1, NOBODY
    return who


@helper
def drop(s, who):
    """Nobody needs the request's place any more, unless an entry of the agenda still names it."""
    token = s.tokens[who]
    token[T_PLACE] = NOWHERE
    if token[T_STALE] == 0:
        token[T_NEXT] = s.moment[M_FREE_TOKEN]
        s.moment[M_FREE_TOKEN] = who


@helper
def duration(t, s, token):
    """Seconds of work, or of passing time."""
    if token[T_TRACED]:
        return token[T_LENGTH]
    n = t.nodes[token[T_NODE]]
    if token[T_ROUND] and n[N_AGAIN]:
        return s.pool[token[T_AGAIN] + n[N_TIME_AGAIN]]
    return s.pool[token[T_ROW] + n[N_TIME]]


@helper
def start(t, s, who, now):
    """Work begins at a plain desk, or time begins to pass."""
    token = s.tokens[who]
    token[T_STARTED], token[T_PLACE] = now, IN_HAND
    due = add(t, s.moment, t.nodes[token[T_NODE], N_CALENDAR], now, duration(t, s, token))
    token[T_DUE] = due
    push(s, due, (who << ABOUT) | A_TOKEN)


@helper
def go_back(s, token):
    """Another round begins; False if it was not prepared."""
    following = s.pool[token[T_AGAIN]]
    token[T_AGAIN] = following
    token[T_ROUND] += 1
    return following > 0


@helper
def onward(t, s, token, node):
    """The next node; -1 if a round begins that was not prepared."""
    n = t.nodes[node]
    if n[N_NEXT] >= 0:
        back, following = n[N_LOOPS], n[N_NEXT]
    else:
        again = token[T_ROUND] and n[N_AGAIN]
        route = s.pool[token[T_AGAIN] + n[N_CHOICE_AGAIN] if again else token[T_ROW] + n[N_CHOICE]]
        back, following = t.routes[route, R_LOOPS], t.routes[route, R_TARGET]
    if back and not go_back(s, token):
        return np.int64(-1)
    return following
