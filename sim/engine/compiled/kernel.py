"""The loop: `sim.engine.kernel`, `arrivals` and SimPy's way through its agenda over integer tables.

Every function does what the one of its name does there, in the same order; the code there says why.
"""

from __future__ import annotations

import numpy as np

from sim.engine.compiled.blocks import BLOCK, free_rows, make_block
from sim.engine.compiled.desks import arrive, dispatch, end, take_off
from sim.engine.compiled.jit import entry, helper
from sim.engine.compiled.layout import (
    A_CALL,
    A_CHANGE,
    A_STOP,
    A_TOKEN,
    ABOUT,
    AN_ARRIVAL,
    AN_OPENING,
    B_DUE,
    B_PRIORITY,
    B_ROW,
    B_SUBJECT,
    B_WAY,
    BEYOND,
    BITS,
    CALLED,
    CAME,
    D_BEGIN,
    D_STOP,
    DIVIDED,
    ENDED,
    F_LAST,
    GOES_ON,
    IN_LINE,
    L_FREE,
    L_STAFF,
    M_ADVANCE,
    M_AGENDA,
    M_ARRIVALS_LEFT,
    M_EVENTS,
    M_MISSED,
    M_NOW,
    M_OPENED,
    M_ORDERS,
    M_REQUESTS,
    M_STOPPING,
    M_TOKENS,
    M_WHO,
    M_WRITTEN,
    N_BRANCH,
    N_BRANCHES_END,
    N_KIND,
    N_OFFICE,
    N_OUTCOME,
    NO,
    O_PLAIN,
    REQ_ARRIVED,
    REQ_KIND,
    REQ_LEFT,
    REQ_LOOPS,
    REQ_NUMBER,
    REQ_OUTCOME,
    REQ_PRIORITY,
    REQ_SUBJECT,
    ROOM,
    S_NUMBER,
    S_READY,
    T_AGAIN,
    T_CHILDREN,
    T_DUE,
    T_ENABLED,
    T_NODE,
    T_PARENT,
    T_PLACE,
    T_PRIORITY,
    T_REQUEST,
    T_ROUND,
    T_ROW,
    T_STALE,
    T_STARTED,
    T_TRACED,
    T_WAY,
    TOO_MANY,
    W_START,
)  # fmt: skip
from sim.engine.compiled.structs import in_one
from sim.engine.compiled.visits import (
    NOBODY,
    drop,
    leave_line,
    line_up,
    new_token,
    next_in_line,
    onward,
    pop,
    push,
    start,
    write,
)
from sim.engine.log import DONE, STOPPED
from sim.engine.plan import DELAY, END, FORK, JOIN, WORK


@helper
def begin(t, s, who, node, now, stack):
    """Arrive at a stage; False if a round begins that was not prepared. ``stack`` is for measures side by side."""
    deep = 0
    while True:
        token = s.tokens[who]
        token[T_NODE], token[T_ENABLED] = node, now
        n = t.nodes[node]
        kind = n[N_KIND]
        if kind == WORK:
            office = n[N_OFFICE]
            if not t.offices[office, O_PLAIN]:
                arrive(t, s, who, office, now)
            elif s.live[office, L_FREE]:
                s.live[office, L_FREE] -= 1
                start(t, s, who, now)
            else:
                line_up(t, s, who, NO)
        elif kind == DELAY:
            start(t, s, who, now)
        elif kind == END:
            request = s.requests[token[T_REQUEST]]
            request[REQ_LEFT], request[REQ_OUTCOME], request[REQ_LOOPS] = now, n[N_OUTCOME], token[T_ROUND]
            free_rows(s, token[T_WAY], token[T_ROW])
            drop(s, who)
        elif kind == FORK:
            token[T_PLACE] = DIVIDED
            first = deep
            for at in range(n[N_BRANCH], n[N_BRANCHES_END]):
                child = new_token(s, token[T_REQUEST], token[T_PRIORITY], token[T_ROW], token[T_WAY])
                one = s.tokens[child]
                one[T_PARENT], one[T_ROUND], one[T_AGAIN] = who, token[T_ROUND], token[T_AGAIN]
                stack[deep, 0], stack[deep, 1] = child, t.branches[at]
                deep += 1
            token[T_CHILDREN] = deep - first
            last = deep - 1
            while first < last:  # the first comes first off the stack
                for column in range(2):
                    stack[first, column], stack[last, column] = stack[last, column], stack[first, column]
                first, last = first + 1, last - 1
        else:
            if kind == JOIN:
                parent = token[T_PARENT]
                drop(s, who)
                s.tokens[parent, T_CHILDREN] -= 1
                who = parent if s.tokens[parent, T_CHILDREN] == 0 else np.int64(NOBODY)
            if who != NOBODY:
                node = onward(t, s, s.tokens[who], node)
                if node < 0:
                    return False
                continue
        if deep == 0:
            return True
        deep -= 1
        who, node = stack[deep, 0], stack[deep, 1]


@helper
def finish(t, s, who, stack):
    """A visit ends; False if a round begins that was not prepared."""
    token = s.tokens[who]
    if token[T_STALE]:
        token[T_STALE] -= 1
        return True
    now, node = token[T_DUE], token[T_NODE]
    office = t.nodes[node, N_OFFICE]
    if office < 0 or t.offices[office, O_PLAIN]:
        write(s, token, now, np.int64(DONE))
        if office >= 0:
            other = next_in_line(s, office)
            if other >= 0:
                start(t, s, other, now)
            else:
                s.live[office, L_FREE] += 1
    elif not end(t, s, who, office, now):
        return True
    if token[T_TRACED]:  # where it goes from here hangs on what the trainee did: Python says
        s.moment[M_WHO] = who
        return True
    following = onward(t, s, token, node)
    return following >= 0 and begin(t, s, who, following, now, stack)


@helper
def change_staff(t, s, office, number, now):
    """Open desks, which take up what waits, or close some: those in use when they become free."""
    live = s.live[office]
    live[L_FREE] += number - live[L_STAFF]
    live[L_STAFF] = number
    if not t.offices[office, O_PLAIN]:
        dispatch(t, s, office, now)
        return
    while live[L_FREE]:
        who = next_in_line(s, office)
        if who < 0:
            return
        live[L_FREE] -= 1
        start(t, s, who, now)


@helper
def stop(t, s, who, now):
    """Take a request of the trainee's out of the world; the part of the visit that has passed is written down."""
    token = s.tokens[who]
    office = t.nodes[token[T_NODE], N_OFFICE]
    if token[T_PLACE] == IN_LINE:
        token[T_STARTED] = now
        write(s, token, now, np.int64(STOPPED))
        leave_line(t, s, who)
        return
    write(s, token, now, np.int64(STOPPED))
    token[T_STALE] += 1
    if office < 0:
        return
    if not t.offices[office, O_PLAIN]:
        take_off(s, who, office)
        dispatch(t, s, office, now)
        return
    other = next_in_line(s, office)
    if other >= 0:
        start(t, s, other, now)
    else:
        s.live[office, L_FREE] += 1


@helper
def carry_out(t, s, stack):
    """Do what Python has decided since it was asked. False if a round begins that was not prepared."""
    m, going = s.moment, True
    for place in range(m[M_ORDERS]):
        order = s.orders[place]
        if order[0] == D_BEGIN:
            going = begin(t, s, order[1], order[2], m[M_NOW], stack) and going
        elif order[0] == D_STOP:
            stop(t, s, order[1], m[M_NOW])
        else:
            push(s, order[1], (order[2] << ABOUT) | order[0])
    m[M_ORDERS] = 0
    return going


# Arrivals


@helper
def await_next(t, s, flow):
    """Schedule the next arrival of a flow, whose block is there."""
    due = s.blocks[flow, s.sources[flow, S_NUMBER] % s.blocks.shape[1], B_DUE]
    if 0 <= t.flows[flow, F_LAST] < due:
        return
    push(s, due, (flow << ABOUT) | AN_ARRIVAL)


@helper
def request_arrives(t, s, flow, now, stack):
    """A request comes and begins its way; False if a round begins that was not prepared."""
    m, source = s.moment, s.sources[flow]
    if m[M_ARRIVALS_LEFT] <= 0:
        return True
    m[M_ARRIVALS_LEFT] -= 1
    number, index = source[S_NUMBER], m[M_REQUESTS]
    found = s.blocks[flow, number % s.blocks.shape[1]]
    m[M_REQUESTS] += 1
    request = s.requests[index]
    request[REQ_KIND], request[REQ_NUMBER], request[REQ_PRIORITY] = found[B_WAY], number, found[B_PRIORITY]
    request[REQ_ARRIVED], request[REQ_LEFT], request[REQ_OUTCOME] = now, -1, -1
    request[REQ_LOOPS], request[REQ_SUBJECT] = 0, found[B_SUBJECT]
    who = new_token(s, index, found[B_PRIORITY], found[B_ROW], found[B_WAY])
    source[S_NUMBER] = number + 1
    await_next(t, s, flow)
    return begin(t, s, who, t.ways[found[B_WAY], W_START], now, stack)


@entry
def advance(tables, state, until, last, near):
    """Let time pass until a moment (or until nothing is left to happen). Returns why it stops; call it again then.

    ``last`` is the moment behind which nothing will ever be asked for.
    """
    return _advance(in_one(tables), in_one(state), until, last, near)


@helper
def _advance(t, s, until, last, near):
    m = s.moment
    stack = np.empty((t.branches.size + 1, 2), np.int64)
    margin = t.branches.size + 4 + 2 * m[M_ORDERS]
    going, m[M_WHO] = True, -1
    while m[M_AGENDA] or m[M_ORDERS] or m[M_NOW] < 0:
        if (
            m[M_WRITTEN] + margin > s.log.shape[0]
            or m[M_REQUESTS] + 1 > s.requests.shape[0]
            or m[M_TOKENS] + margin > s.tokens.shape[0]
            or 2 * m[M_TOKENS] + m[M_AGENDA] + margin > s.agenda.shape[0]
        ):
            return ROOM
        if m[M_ORDERS]:
            if not carry_out(t, s, stack):
                return TOO_MANY
            continue
        if m[M_NOW] >= 0:
            now, what = s.agenda[0, 0], s.agenda[0, 1]
            if now >= until:
                m[M_NOW] = until
                return ENDED
            about, which = what & ((1 << ABOUT) - 1), (what >> ABOUT) & ((1 << BITS) - 1)
        else:  # before time begins
            now, about, which = m[M_NOW], AN_ARRIVAL, m[M_OPENED]
        if about == AN_ARRIVAL and which < t.flows.shape[0]:
            block = (s.sources[which, S_NUMBER] + 1) // BLOCK if now >= 0 else 0
            if s.supplies[which, S_READY] <= block:
                why = make_block(t, s, which, block, last, near)
                if why != GOES_ON:
                    return why
        if now < 0:
            # First arrivals are scheduled, then changes of staff.
            if which < t.flows.shape[0]:
                await_next(t, s, which)
                m[M_OPENED] += 1
            else:
                for change in range(t.staffing.shape[0]):
                    push(s, max(0, t.staffing[change, 0]), (change << ABOUT) | A_CHANGE)
                m[M_NOW] = 0
            continue
        pop(s)
        m[M_NOW] = now
        if about == A_TOKEN:
            going = finish(t, s, which, stack)
        elif about == AN_ARRIVAL:
            going = request_arrives(t, s, which, now, stack)
        elif about == AN_OPENING:
            dispatch(t, s, which, now)
        elif about == A_CHANGE:
            change_staff(t, s, t.staffing[which, 1], t.staffing[which, 2], now)
        elif about == A_CALL:
            m[M_WHO] = which
        elif about == A_STOP:
            return ENDED
        elif which == m[M_ADVANCE] and not m[M_STOPPING]:
            m[M_STOPPING] = 1  # SimPy's condition of the two is an event of its own
            push(s, now, (which << ABOUT) | A_STOP)
        if not going:
            return TOO_MANY
        m[M_EVENTS] += 1
        if m[M_WHO] >= 0:
            return CALLED if about == A_CALL else CAME
        if m[M_MISSED] and last >= 1 << 59:
            return BEYOND
    if until < 1 << 59:
        m[M_NOW] = until
    return ENDED
