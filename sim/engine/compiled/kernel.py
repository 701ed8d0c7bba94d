"""The loop: `sim.engine.kernel`, `closing_rules`, `arrivals` and SimPy's agenda over integer tables.

What happens at the same second happens in SimPy's order: in that in which it was scheduled. Every function does what
the one of its name does there, in the same order; the code there says why.
"""

from __future__ import annotations

import numpy as np

from sim.engine.compiled.blocks import BLOCK, free_rows, make_block
from sim.engine.compiled.calendars import add, closes, next_open, open_seconds
from sim.engine.compiled.jit import entry, helper
from sim.engine.compiled.layout import (
    A_CHANGE, A_TOKEN, AN_ARRIVAL, AN_OPENING, B_DUE, B_PRIORITY, B_ROW, B_SUBJECT, B_WAY, BEYOND, BITS, DIVIDED, ENDED,
    F_LAST, GOES_ON, HAND_OVER, FINISH, IN_HAND, IN_LINE, L_FIRST, L_FREE, L_LAST, L_STAFF, L_WAKING, LOG_ACTIVITY,
    LOG_ENABLED, LOG_ENDED, LOG_OUTCOME, LOG_REQUEST, LOG_STARTED, M_AGENDA, M_ARRIVALS_LEFT, M_EVENTS, M_FREE_TOKEN,
    M_MISSED, M_NOW, M_OPENED, M_REQUESTS, M_SEQUENCE, M_TOKENS, M_WRITTEN, N_AGAIN, N_BRANCH, N_BRANCHES_END, N_CALENDAR,
    N_CHOICE, N_CHOICE_AGAIN, N_KIND, N_LOOPS, N_NEXT, N_OFFICE, N_OUTCOME, N_TIME, N_TIME_AGAIN, NO, NOWHERE, O_CALENDAR,
    O_PLAIN, O_PREEMPTIVE, O_RULE, Q_COUNT, Q_FIRST, Q_LAST, R_LOOPS, R_TARGET, REQ_ARRIVED, REQ_KIND, REQ_LEFT,
    REQ_LOOPS, REQ_NUMBER, REQ_OUTCOME, REQ_PRIORITY, REQ_SUBJECT, ROOM, S_NUMBER, S_READY, T_AFTER, T_AGAIN, T_BEFORE,
    T_CHILDREN, T_DUE, T_ENABLED, T_NEXT, T_NODE, T_PARENT, T_PARTIAL, T_PLACE, T_PRIORITY, T_REMAINING, T_REQUEST,
    T_ROUND, T_ROW, T_STALE, T_STARTED, T_WAY, TOKEN_COLUMNS, TOO_MANY, W_START, YES,
)  # fmt: skip
from sim.engine.compiled.structs import in_one
from sim.engine.log import DONE, HANDED_OVER, INTERRUPTED
from sim.engine.plan import DELAY, END, FORK, JOIN, WORK

NOBODY = -1


# The agenda


@helper
def push(s, due, what):
    """Schedule something: a heap ordered by time, and by the order of scheduling within a second."""
    m, agenda = s.moment, s.agenda
    order = (m[M_SEQUENCE] << (BITS + 2)) | what
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
    push(s, due, (who << 2) | A_TOKEN)


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
    following = onward(t, s, token, node)
    return following >= 0 and begin(t, s, who, following, now, stack)


# Offices that finish in the evening, hand over, or let more urgent work interrupt


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
    push(s, due, (who << 2) | A_TOKEN)


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
        push(s, opens, (office << 2) | AN_OPENING)


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


# Arrivals


@helper
def await_next(t, s, flow):
    """Schedule the next arrival of a flow, whose block is there."""
    due = s.blocks[flow, s.sources[flow, S_NUMBER] % (2 * BLOCK), B_DUE]
    if 0 <= t.flows[flow, F_LAST] < due:
        return
    push(s, due, (flow << 2) | AN_ARRIVAL)


@helper
def request_arrives(t, s, flow, now, stack):
    """A request comes and begins its way; False if a round begins that was not prepared."""
    m, source = s.moment, s.sources[flow]
    if m[M_ARRIVALS_LEFT] <= 0:
        return True
    m[M_ARRIVALS_LEFT] -= 1
    number, index = source[S_NUMBER], m[M_REQUESTS]
    found = s.blocks[flow, number % (2 * BLOCK)]
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
def advance(tables, state, until, end, near):
    """Let time pass until a moment (or until nothing is left to happen). Returns why it stops; call it again then.

    ``end`` is the moment behind which nothing will ever be asked for.
    """
    return _advance(in_one(tables), in_one(state), until, end, near)


@helper
def _advance(t, s, until, end, near):
    m = s.moment
    stack = np.empty((t.branches.size + 1, 2), np.int64)
    margin = t.branches.size + 4
    going = True
    while m[M_AGENDA] or m[M_NOW] < 0:
        if (
            m[M_WRITTEN] + margin > s.log.shape[0]
            or m[M_REQUESTS] + 1 > s.requests.shape[0]
            or m[M_TOKENS] + margin > s.tokens.shape[0]
            or 2 * m[M_TOKENS] + m[M_AGENDA] + margin > s.agenda.shape[0]
        ):
            return ROOM
        if m[M_NOW] >= 0:
            now, what = s.agenda[0, 0], s.agenda[0, 1]
            if now >= until:
                m[M_NOW] = until
                return ENDED
            about, which = what & 3, (what >> 2) & ((1 << BITS) - 1)
        else:  # before time begins
            now, about, which = m[M_NOW], AN_ARRIVAL, m[M_OPENED]
        if about == AN_ARRIVAL and which < t.flows.shape[0]:
            block = (s.sources[which, S_NUMBER] + 1) // BLOCK if now >= 0 else 0
            if s.sources[which, S_READY] <= block:
                why = make_block(t, s, which, block, end, near)
                if why != GOES_ON:
                    return why
        if now < 0:
            # First arrivals are scheduled, then changes of staff.
            if which < t.flows.shape[0]:
                await_next(t, s, which)
                m[M_OPENED] += 1
            else:
                for change in range(t.staffing.shape[0]):
                    push(s, max(0, t.staffing[change, 0]), (change << 2) | A_CHANGE)
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
        else:
            change_staff(t, s, t.staffing[which, 1], t.staffing[which, 2], now)
        if not going:
            return TOO_MANY
        m[M_EVENTS] += 1
        if m[M_MISSED] and end >= 1 << 59:
            return BEYOND
    if until < 1 << 59:
        m[M_NOW] = until
    return ENDED
