"""Background requests, 64 of a flow at a time: when each arrives, what it is like, and every draw on its way.

Which way a request goes hangs on chance alone and not on queues, so that all its draws are known before it comes.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled.calendars import add
from sim.engine.compiled.jit import helper
from sim.engine.compiled.layout import (
    B_DUE,
    B_PRIORITY,
    B_ROW,
    B_SUBJECT,
    B_WAY,
    DECIDE,
    F_ADOPTION,
    F_ARRIVAL,
    F_CALENDAR,
    F_CHANGING,
    F_LAST,
    F_MEASURE,
    F_PRIORITY,
    F_SLOWNESS,
    F_SUBJECT,
    F_VARIANT,
    F_VARIANTS_END,
    FLOW_COLUMNS,
    GAP,
    GOES_ON,
    K_FLOW,
    K_HEAD,
    K_KEPT,
    K_POOL,
    K_UNSURE,
    MOST_ROUNDS,
    N_AGAIN,
    N_BRANCH,
    N_BRANCHES_END,
    N_CHOICE,
    N_CHOICE_AGAIN,
    N_KIND,
    N_LOOPS,
    N_NEXT,
    N_ROUTE,
    N_ROUTES_END,
    N_SHAPE,
    N_SHARED,
    N_TIME,
    N_TIME_AGAIN,
    N_TIME_STREAM,
    N_WAY_STREAM,
    NO,
    R_LOOPS,
    R_TARGET,
    ROOM,
    S_DUE,
    S_GIVEN,
    S_MADE,
    S_READY,
    TOO_MANY,
    U_ATTEMPT,
    U_NODE,
    U_NUMBER,
    U_PLACE,
    U_ROW,
    U_WAY,
    V_BEGIN,
    V_LASTS,
    V_OWN,
    V_OWN_END,
    V_PRIORITIES,
    V_PRIORITIES_END,
    V_SUBJECTS,
    V_WAYS,
    V_WAYS_END,
    W_START,
    W_WIDTH,
    W_WIDTH_AGAIN,
    YES,
)  # fmt: skip
from sim.engine.compiled.luck import EXPONENTIAL, edge, normal_quantile, seconds, uniform, word
from sim.engine.log import ABOUT_TRAFFICKING, OTHER_MATTERS
from sim.engine.plan import END, FORK, JOIN

BLOCK = 64
NO_ROUND = -1
"""Instead of the row of a later round: there is none; or it was not prepared."""
UNPREPARED = -2


@helper
def bits_of(t, s, stream, block, attempt, place):
    """53 bits of a stream for a place in a block."""
    return word(s.words, s.have, s.stamps, s.name, s.stock[K_HEAD], t.names, t.name_ends, stream, block, attempt, place)


@helper
def picked(t, first, end, u):
    """A choice by cumulative shares."""
    for at in range(first, end - 1):
        if u < t.shares[at]:
            return t.picks[at]
    return t.picks[end - 1]


@helper
def introduced(t, variant, moment):
    """The share of what happens at a moment that already meets a change."""
    passed = moment - t.variants[variant, V_BEGIN]
    if passed < 0:
        return 0.0
    lasts = t.variants[variant, V_LASTS]
    return 1.0 if passed >= lasts else passed / lasts


@helper
def mean_gap(t, flow, moment):
    """`arrivals.mean_gap`."""
    first, end = t.flows[flow, F_VARIANT], t.flows[flow, F_VARIANTS_END]
    share, rate = 1.0, 0.0
    for variant in range(first, end):
        following = introduced(t, variant + 1, moment) if variant + 1 < end else 0.0
        if share - following == 1.0:
            return t.variant_numbers[variant, 0]
        rate += (share - following) / t.variant_numbers[variant, 0]
        share = following
    return 1 / rate


@helper
def changing_gap(t, s, flow, now, u, near):
    """(`arrivals.changing_gap`, whether the scalar code has to decide)."""
    expected = -math.log(1.0 - u)
    gap = expected * mean_gap(t, flow, now)
    unsure = False
    for _ in range(2):
        unsure = unsure or edge(gap / 2 + 0.5, near)
        half = np.int64(gap / 2 + 0.5)
        gap = expected * mean_gap(t, flow, add(t, s.moment, t.flows[flow, F_CALENDAR], now, half))
    return np.int64(0.5 + gap), unsure or edge(0.5 + gap, near)


@helper
def half(s, flow, block):
    """Where a block stands: beside the one before, whose last request has not come yet, or all in their order."""
    first = BLOCK * block % s.blocks.shape[1]
    return s.blocks[flow, first : first + BLOCK]


@helper
def arrivals(t, s, flow, block, near):
    """When the requests of a block arrive, going on where it stopped; `GAP` if the scalar code has to decide a gap."""
    source, some = s.supplies[flow], half(s, flow, block)
    calendar, last = t.flows[flow, F_CALENDAR], t.flows[flow, F_LAST]
    while True:
        place = source[S_MADE] - BLOCK * block
        if place == BLOCK:
            return GOES_ON
        now = source[S_DUE]
        if source[S_GIVEN] >= 0:
            gap, source[S_GIVEN] = source[S_GIVEN], -1
        else:
            bits = bits_of(t, s, t.flows[flow, F_ARRIVAL], block, NO, place)
            if t.flows[flow, F_CHANGING]:
                gap, unsure = changing_gap(t, s, flow, now, uniform(bits), near)
            else:
                gap, unsure = seconds(
                    np.int64(EXPONENTIAL), t.gaps[flow], 0.0, 0.0, 0.0, 0.0, bits, t.values, s.twister, near
                )
            if unsure:
                s.stock[K_FLOW] = flow
                return GAP
        source[S_DUE] = add(t, s.moment, calendar, now, gap)
        some[place, B_DUE] = source[S_DUE]
        source[S_MADE] += 1
        if 0 <= last < source[S_DUE]:  # the flow has ended: nobody looks at those behind
            for behind in range(place + 1, BLOCK):
                some[behind, B_DUE] = source[S_DUE]
            source[S_MADE] = BLOCK * (block + 1)
            return GOES_ON


@helper
def make_block(t, s, flow, block, until, near):
    """Prepare a block of a flow. Returns `GOES_ON`, or why it could not be done: it is then called again."""
    if s.supplies[flow, S_READY] > block:
        return GOES_ON
    if s.pool.size - s.stock[K_POOL] < room_for_a_block(t, flow):
        return ROOM
    if s.stock[K_KEPT] and BLOCK * block >= s.blocks.shape[1]:
        return ROOM
    why = arrivals(t, s, flow, block, near)
    if why != GOES_ON:
        return why
    s.supplies[flow, S_READY] = block + 1
    some, last = half(s, flow, block), t.flows[flow, F_LAST]
    slowness, sheet = np.empty(BLOCK), np.empty(FLOW_COLUMNS)
    count = NO
    while count < BLOCK and some[count, B_DUE] < until and not 0 <= last < some[count, B_DUE]:
        slowness[count] = _describe(t, s, flow, block, count, sheet)
        count += 1
    _walk(t, s, flow, block, count, slowness, near)
    if s.stock[K_UNSURE] == s.unsure.shape[0]:
        return TOO_MANY
    return DECIDE if s.stock[K_UNSURE] else GOES_ON


@helper
def room_for_a_block(t, flow):
    """Numbers that the draws of a block need at most."""
    most = 0
    for variant in range(t.flows[flow, F_VARIANT], t.flows[flow, F_VARIANTS_END]):
        for at in range(t.variants[variant, V_WAYS], t.variants[variant, V_WAYS_END]):
            way = t.ways[t.picks[at]]
            most = max(most, way[W_WIDTH] + MOST_ROUNDS * way[W_WIDTH_AGAIN])
    return BLOCK * most


@helper
def _describe(t, s, flow, block, place, u):
    """What a request is like; returns its slowness. ``u`` is a sheet for its numbers, one a stream of its flow."""
    f, some = t.flows[flow], half(s, flow, block)[place]
    for stream in range(F_MEASURE, F_ADOPTION + 1):
        if f[stream] >= 0:
            u[stream] = uniform(bits_of(t, s, f[stream], block, NO, place))
    variant = f[F_VARIANT]
    while variant + 1 < f[F_VARIANTS_END] and u[F_ADOPTION] < introduced(t, variant + 1, some[B_DUE]):
        variant += 1
    v = t.variants[variant]
    way = some[B_WAY] = picked(t, v[V_WAYS], v[V_WAYS_END], u[F_MEASURE])
    first, end = v[V_PRIORITIES], v[V_PRIORITIES_END]
    some[B_SUBJECT] = -1
    if v[V_SUBJECTS]:
        some[B_SUBJECT] = ABOUT_TRAFFICKING if u[F_SUBJECT] < t.variant_numbers[variant, 1] else OTHER_MATTERS
        if some[B_SUBJECT] == ABOUT_TRAFFICKING and v[V_OWN_END] > v[V_OWN]:
            first, end = v[V_OWN], v[V_OWN_END]
    some[B_PRIORITY] = picked(t, first, end, u[F_PRIORITY])
    spread = t.spreads[way]
    return math.exp(normal_quantile(u[F_SLOWNESS], -spread * spread / 2, spread)) if spread else 1.0


@helper
def _row(t, s, way, later):
    """A free row of draws, without a next one."""
    row = s.free_rows[way, later]
    if row:
        s.free_rows[way, later] = s.pool[row]
    else:
        row = s.stock[K_POOL]
        s.stock[K_POOL] += t.ways[way, W_WIDTH_AGAIN if later else W_WIDTH]
    s.pool[row] = NO_ROUND
    return row


@helper
def free_rows(s, way, row):
    """Give all rows of a request back, unless another run may want them."""
    if s.stock[K_KEPT]:
        return
    later = 0
    while row > 0:
        following = s.pool[row]
        s.pool[row] = s.free_rows[way, later]
        s.free_rows[way, later] = row
        row, later = following, 1


@helper
def _walk(t, s, flow, block, count, slowness, near):
    """Take every request of a block along its way, round by round, and keep what is drawn."""
    some = half(s, flow, block)
    nodes = np.empty(count, np.int64)
    rows = np.empty(count, np.int64)
    for place in range(count):
        way = some[place, B_WAY]
        nodes[place] = t.ways[way, W_START]
        some[place, B_ROW] = rows[place] = _row(t, s, way, NO)
    under_way = count
    for attempt in range(MOST_ROUNDS + 1):
        for place in range(count):
            if nodes[place] < 0:
                continue
            if attempt == MOST_ROUNDS:
                s.pool[rows[place]] = UNPREPARED
                continue
            if attempt:
                following = _row(t, s, some[place, B_WAY], YES)
                s.pool[rows[place]] = following
                rows[place] = following
            nodes[place] = _round(
                t, s, block, place, some[place, B_WAY], nodes[place], some[place, B_ROW], rows[place], attempt,
                slowness[place], near,
            )  # fmt: skip
            if nodes[place] < 0:
                under_way -= 1
        if under_way == 0:
            return


@helper
def _round(t, s, block, place, way, node, row, row_again, attempt, slowness, near):
    """One round of a request; returns where its next round begins, -1 if there is none."""
    fork, branch = -1, 0
    while True:
        n, numbers = t.nodes[node], t.numbers[node]
        kind = n[N_KIND]
        if kind == END:
            return -1
        again = n[N_AGAIN] and attempt > 0
        if n[N_TIME_STREAM] >= 0:
            bits = np.int64(0)
            if n[N_SHAPE]:  # else it is fixed
                bits = bits_of(t, s, n[N_TIME_STREAM], block, attempt if again else 0, place)
            length, unsure = seconds(
                n[N_SHAPE], numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], bits, t.values, s.twister, near
            )
            if n[N_SHARED] and slowness != 1.0:
                stretched = length * slowness
                unsure = unsure or edge(stretched + 0.5, near)
                length = np.int64(stretched + 0.5)
            at = row_again + n[N_TIME_AGAIN] if again else row + n[N_TIME]
            s.pool[at] = length
            if unsure and s.stock[K_UNSURE] < s.unsure.shape[0]:
                found = s.unsure[s.stock[K_UNSURE]]
                found[U_ROW], found[U_NODE], found[U_PLACE], found[U_WAY] = at, node, place, way
                found[U_NUMBER], found[U_ATTEMPT] = BLOCK * block + place, attempt if again else 0
                s.stock[K_UNSURE] += 1
        if kind == FORK:
            fork, branch = node, n[N_BRANCH]
            node = t.branches[branch]
        elif kind == JOIN and branch + 1 < t.nodes[fork, N_BRANCHES_END]:
            branch += 1
            node = t.branches[branch]
        elif n[N_NEXT] >= 0:
            node = n[N_NEXT]
            if n[N_LOOPS]:
                return node
        else:
            u = uniform(bits_of(t, s, n[N_WAY_STREAM], block, attempt if again else 0, place))
            route = n[N_ROUTE]
            while route + 1 < n[N_ROUTES_END] and not u < t.thresholds[route]:
                route += 1
            s.pool[row_again + n[N_CHOICE_AGAIN] if again else row + n[N_CHOICE]] = route
            node = t.routes[route, R_TARGET]
            if t.routes[route, R_LOOPS]:
                return node
