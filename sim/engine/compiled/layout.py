"""What stands in which column of the tables that compiled code reads and of the state that it moves.

A run's state is plain arrays: it can be copied at any moment and gone on with twice.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

# Kinds of nodes are those of `sim.engine.plan`: work, delay, pass, fork, join, end.

(
    N_KIND, N_OFFICE, N_CALENDAR, N_TIME_STREAM, N_WAY_STREAM, N_TIME, N_CHOICE, N_TIME_AGAIN, N_CHOICE_AGAIN, N_AGAIN,
    N_SHARED, N_NEXT, N_LOOPS, N_ROUTE, N_ROUTES_END, N_BRANCH, N_BRANCHES_END, N_OUTCOME, N_SHAPE, NODE_COLUMNS,
) = range(20)  # fmt: skip
"""Of nodes: `N_TIME` and `N_CHOICE` are places of its draws in a request's row, `…_AGAIN` those in the row of a later
round; `N_NEXT` the only way on, -1 where there are several; `N_LOOPS` whether that leads back."""

R_TARGET, R_LOOPS, ROUTE_COLUMNS = range(3)
W_START, W_WIDTH, W_WIDTH_AGAIN, WAY_COLUMNS = range(4)
(
    F_CALENDAR, F_VARIANT, F_VARIANTS_END, F_CHANGING, F_FIRST, F_LAST, F_ARRIVAL, F_MEASURE, F_PRIORITY, F_SUBJECT,
    F_SLOWNESS, F_ADOPTION, FLOW_COLUMNS,
) = range(13)  # fmt: skip
"""Of flows: variants are what it is like now and, in order, while changes are introduced; then its streams."""
V_WAYS, V_WAYS_END, V_PRIORITIES, V_PRIORITIES_END, V_SUBJECTS, V_OWN, V_OWN_END, V_BEGIN, V_LASTS, VARIANT_COLUMNS = (
    range(10)
)
O_CALENDAR, O_RULE, O_PREEMPTIVE, O_PLAIN, O_STAFF, OFFICE_COLUMNS = range(6)
SUSPEND, FINISH, HAND_OVER = range(3)
C_FROM, C_COUNT, C_TOTAL, C_DAYS, CALENDAR_COLUMNS = range(5)
"""Of calendars: where its open intervals and its days begin."""


class Tables(NamedTuple):
    """A plan, as compiled code reads it."""

    nodes: Integers
    numbers: Floats
    """Parameters of each node's duration, as `luck.seconds` takes them."""
    values: Integers
    """Values observed, of empirical durations."""
    routes: Integers
    thresholds: Floats
    branches: Integers
    ways: Integers
    spreads: Floats
    flows: Integers
    gaps: Floats
    variants: Integers
    variant_numbers: Floats
    """Mean gap, and share about trafficking, of each variant."""
    picks: Integers
    shares: Floats
    """Cumulative shares of what is picked."""
    offices: Integers
    staffing: Integers
    """(moment, office, staff from then on)."""
    names: NDArray[np.uint8]
    """Names of streams and sources."""
    name_ends: Integers
    calendars: Integers
    starts: Integers
    ends: Integers
    before: Integers
    days: Integers
    """Intervals that have begun by the beginning of each day since the epoch."""


(
    T_REQUEST, T_NODE, T_PRIORITY, T_ROUND, T_STALE, T_ENABLED, T_STARTED, T_DUE, T_REMAINING, T_PARTIAL, T_PARENT,
    T_CHILDREN, T_ROW, T_AGAIN, T_NEXT, T_BEFORE, T_AFTER, T_PLACE, T_WAY, T_TRACED, T_LENGTH, TOKEN_COLUMNS,
) = range(22)  # fmt: skip
"""Of requests on their way: `T_ROW` and `T_AGAIN` are their rows of draws, `T_NEXT` who stands behind in the queue,
`T_BEFORE` and `T_AFTER` who else is worked on. `T_TRACED` is 1 for a request of the trainee's, which goes from stage to
stage in Python; `T_LENGTH` is what it takes at the stage it is at."""
NOWHERE, IN_LINE, IN_HAND, DIVIDED = range(4)
"""Where they are (`T_PLACE`)."""
L_STAFF, L_FREE, L_WAKING, L_FIRST, L_LAST, LIVE_COLUMNS = range(6)
Q_FIRST, Q_LAST, Q_COUNT, QUEUE_COLUMNS = range(4)
S_NUMBER, SOURCE_COLUMNS = range(2)
"""Of flows: number of the next request."""
S_MADE, S_READY, S_DUE, S_GIVEN, SUPPLY_COLUMNS = range(5)
"""Of flows, apart from what has come: of how many requests the arrival is known, blocks that are ready, when the last
known one arrives, a gap that the scalar code has decided (-1: none)."""
B_DUE, B_WAY, B_PRIORITY, B_SUBJECT, B_ROW, BLOCK_COLUMNS = range(6)
(
    REQ_KIND, REQ_NUMBER, REQ_PRIORITY, REQ_ARRIVED, REQ_LEFT, REQ_OUTCOME, REQ_LOOPS, REQ_SUBJECT, REQUEST_COLUMNS,
) = range(9)  # fmt: skip
LOG_REQUEST, LOG_ACTIVITY, LOG_ENABLED, LOG_STARTED, LOG_ENDED, LOG_OUTCOME, LOG_COLUMNS = range(7)
U_ROW, U_NODE, U_PLACE, U_NUMBER, U_ATTEMPT, U_WAY, UNSURE_COLUMNS = range(7)
"""Of draws that the scalar code decides: row, node, place in the row, number of the request, attempt, way."""

(
    M_NOW, M_SEQUENCE, M_AGENDA, M_TOKENS, M_FREE_TOKEN, M_REQUESTS, M_WRITTEN, M_ARRIVALS_LEFT, M_MISSED, M_EVENTS,
    M_OPENED, M_WHO, M_ORDERS, M_ADVANCE, M_STOPPING, MOMENT_COLUMNS,
) = range(16)  # fmt: skip
"""`M_WHO` is whom a return is about, `M_ORDERS` how many orders wait, `M_ADVANCE` the number of the passing of time
that goes on, and `M_STOPPING` whether it is about to stop."""

K_POOL, K_UNSURE, K_FLOW, K_HEAD, K_KEPT, STOCK_COLUMNS = range(6)
"""Of the luck: numbers used of the pool, draws that the scalar code decides, the flow it is asked about, bytes at the
beginning of all names, and whether everything is kept (1), for other plays with the same luck."""

GOES_ON, ENDED, ROOM, GAP, DECIDE, BEYOND, TOO_MANY, CAME, CALLED = range(9)
"""Why compiled code returns: never; at the end; for more room; for a gap, or draws, that the scalar code decides;
because a calendar ends too soon; because there is more of something than it is prepared for; because a visit of a
request of the trainee's has ended; because something else is due that Python does."""

MOST_ROUNDS = 256
"""Rounds that are prepared for."""
A_TOKEN, AN_ARRIVAL, AN_OPENING, A_CHANGE, A_CALL, A_LIMIT, AN_ATTENTION, A_STOP = range(8)
"""What an entry of the agenda is about; it stands in the last bits. The last four are of plays: what Python does; the
moment until which time is to pass; that somebody asked to stop earlier; that time stops."""
ABOUT = 3
"""Bits for that."""
BITS = 26
"""Bits of an entry that say whom it is about."""
D_BEGIN, D_STOP = 8, 9
"""Orders besides new entries of the agenda: a request begins a visit, or is taken out of the world."""
ORDERS = 64
"""Orders that can wait: (what, when or who, what it is about or at which stage)."""


NO, YES = np.int64(0), np.int64(1)
"""Arguments of compiled functions, which are compiled once more for every literal."""


class State(NamedTuple):
    """A run in motion, and its luck."""

    moment: Integers
    agenda: Integers
    """A heap of (time, order and whom it is about)."""
    tokens: Integers
    live: Integers
    """Offices."""
    queues: Integers
    """One for each office and priority class."""
    sources: Integers
    requests: Integers
    orders: Integers
    """What Python has decided since it was asked; carried out in this order before time goes on."""
    log: Integers
    stock: Integers
    """From here on it is luck, which does not hang on what happens: runs with the same luck may share it."""
    supplies: Integers
    blocks: Integers
    """The requests of each flow that come next, 64 at a time."""
    pool: Integers
    """Rows of draws: the first number is that of the row of the next round (or of the next row that is free)."""
    free_rows: Integers
    """By way: the first free row of a request, and of a later round."""
    unsure: Integers
    words: NDArray[np.uint64]
    have: Integers
    stamps: Integers
    name: NDArray[np.uint8]
    """A sheet to write names on, which begin with seed and replication; these stand there already."""
    twister: NDArray[np.uint64]


LUCK = State._fields[State._fields.index("stock") :]
"""What plays with the same luck share."""


def copied(state: State, *, luck: bool = True) -> State:
    """The same state once more, to go on with twice; its luck is shared unless it is copied too."""
    used = {
        "agenda": int(state.moment[M_AGENDA]),
        "tokens": int(state.moment[M_TOKENS]),
        "requests": int(state.moment[M_REQUESTS]),
        "log": int(state.moment[M_WRITTEN]),
    }
    return State._make(
        column if name in LUCK and not luck else _so_far(column, used[name]) if name in used else column.copy()
        for name, column in state._asdict().items()
    )


def _so_far(column: Integers, used: int) -> Integers:
    """A table with as much room, and the same in the rows that are used."""
    found = np.empty_like(column)
    found[:used] = column[:used]
    return found
