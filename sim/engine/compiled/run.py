"""A run of a plan by compiled code: room for its state, what the scalar code decides, and the log it leaves."""

from __future__ import annotations

from weakref import ref

import numpy as np

from sim.engine.arrivals import changing_gap, gap, slowness
from sim.engine.compiled import layout
from sim.engine.compiled.blocks import BLOCK
from sim.engine.compiled.calendars import FAR
from sim.engine.compiled.kernel import advance
from sim.engine.compiled.layout import Integers, State, Tables
from sim.engine.compiled.luck import NEAR, WIDTH
from sim.engine.compiled.tables import LONGEST_NAME, tables_of
from sim.engine.log import EventLog
from sim.engine.plan import Plan
from sim.engine.random_streams import Draws, identity, quantiles
from sim.errors import CannotCompile, SimulationError
from sim.i18n import say
from sim.model.durations import YEAR

ROWS = 8_192
"""Rows of the event table that are kept until they move to the log."""


class Moving:
    """A plan's world in motion by compiled code, and what the scalar code decides for it.

    Raises `CannotCompile` for what compiled code cannot do, at once or in the middle of a run.
    """

    keeps = False
    """Whether its luck is kept for other runs with the same."""

    def __init__(
        self,
        plan: Plan,
        *,
        until: int | None,
        seed: int,
        replication: int = 0,
        arrivals: int | None = None,
        near: float = NEAR,
    ):
        """``until`` is the moment behind which nothing will be asked for; None for a run that ends by itself. ``near``
        is how near to an edge between integers the scalar code decides."""
        self.plan, self.seed, self.replication = plan, seed, replication
        self.until, self.near = FAR if until is None else until, near
        self.horizon = self.until if until is not None else _guess(plan, arrivals or 0)
        self.tables = _known(plan, self.horizon)
        self.arrivals = arrivals if arrivals is not None else FAR
        self.decided = 0
        """Draws that the scalar code decided."""
        self.state = self._start()

    def _settle(self) -> None:
        """Put the rows just written aside."""
        raise NotImplementedError

    def _start(self) -> State:
        plan, t = self.plan, self.tables
        world = plan.scenario.world
        classes, offices, flows = max(1, len(world.priorities)), len(plan.offices), len(plan.flows)
        live = np.full((max(1, offices), layout.LIVE_COLUMNS), -1, np.int64)
        for index, office in enumerate(plan.offices):
            live[index, [layout.L_STAFF, layout.L_FREE]] = office.staff
        supplies = np.zeros((flows, layout.SUPPLY_COLUMNS), np.int64)
        for index, flow in enumerate(plan.flows):
            supplies[index, layout.S_DUE], supplies[index, layout.S_GIVEN] = flow.first, -1
        moment = np.zeros(layout.MOMENT_COLUMNS, np.int64)
        moment[layout.M_NOW] = moment[layout.M_FREE_TOKEN] = -1
        stock = np.zeros(layout.STOCK_COLUMNS, np.int64)
        stock[layout.K_POOL], stock[layout.K_KEPT] = 1, self.keeps
        moment[layout.M_ARRIVALS_LEFT] = self.arrivals
        streams = len(t.name_ends) - 1
        head = f"{self.seed}\x1f{self.replication}\x1f".encode()
        name = np.zeros(len(head) + LONGEST_NAME, np.uint8)
        name[: len(head)] = list(head)
        stock[layout.K_HEAD] = len(head)
        state = State(
            moment=moment,
            agenda=np.empty((1_024, 2), np.int64),
            tokens=np.empty((256, layout.TOKEN_COLUMNS), np.int64),
            live=live,
            queues=np.zeros((len(live) * classes, layout.QUEUE_COLUMNS), np.int64),
            sources=np.zeros((flows, layout.SOURCE_COLUMNS), np.int64),
            requests=np.empty((4_096, layout.REQUEST_COLUMNS), np.int64),
            orders=np.zeros((layout.ORDERS, 3), np.int64),
            log=np.empty((ROWS + t.branches.size, layout.LOG_COLUMNS), np.int64),
            stock=stock,
            supplies=supplies,
            blocks=np.zeros((flows, 2 * BLOCK, layout.BLOCK_COLUMNS), np.int64),
            pool=np.empty(1 << 16, np.int64),
            free_rows=np.zeros((len(t.ways), 2), np.int64),
            unsure=np.empty((1 << 14, layout.UNSURE_COLUMNS), np.int64),
            words=np.empty((streams, WIDTH), np.uint64),
            have=np.zeros(streams, np.int64),
            stamps=np.zeros(streams, np.int64),
            name=name,
            twister=np.empty(625, np.uint64),
        )
        return state

    @property
    def now(self) -> int:
        """Seconds since the epoch."""
        return max(0, int(self.state.moment[layout.M_NOW]))

    def _go_on(self, moment: int) -> int:
        """Let compiled code go on until a moment, or until it comes to what Python does; returns which."""
        while True:
            why: int = advance(self.tables, self.state, moment, self.until, self.near)  # type: ignore[no-untyped-call]  # compiled
            if why in (layout.ENDED, layout.CAME, layout.CALLED):
                return why
            if why == layout.ROOM:
                self._make_room()
            elif why == layout.GAP:
                self._decide_gap(int(self.state.stock[layout.K_FLOW]))
            elif why == layout.DECIDE:
                self._decide()
            elif why == layout.BEYOND:
                self.horizon *= 2
                self.tables = _known(self.plan, self.horizon)
                self.state = self._start()
                self._forget()
            else:
                raise CannotCompile(say("a request that goes round more than {times} times", times=layout.MOST_ROUNDS))

    def _forget(self) -> None:
        """It begins again: forget what was written."""

    def _make_room(self) -> None:
        """Put aside what is written to the log, and double whatever is nearly full."""
        s = self.state
        self._settle()
        m = s.moment
        margin = s.log.shape[0] - ROWS + 8 + 2 * layout.ORDERS
        if m[layout.M_TOKENS] >= 1 << layout.BITS or m[layout.M_SEQUENCE] >= 1 << (63 - layout.ABOUT - layout.BITS):
            raise CannotCompile(say("a run of more requests or events than are counted"))
        changes: dict[str, Integers] = {}
        if m[layout.M_REQUESTS] + 1 > len(s.requests):
            changes["requests"] = _longer(s.requests)
        tokens = s.tokens
        if m[layout.M_TOKENS] + margin > len(tokens):
            tokens = changes["tokens"] = _longer(tokens, margin)
        if 2 * m[layout.M_TOKENS] + m[layout.M_AGENDA] + margin > len(s.agenda):
            changes["agenda"] = _longer(s.agenda, 4 * len(tokens))
        wanted = _most_of_a_block(self.tables)
        if len(s.pool) - s.stock[layout.K_POOL] < wanted:
            changes["pool"] = _longer(s.pool, wanted)
        if s.stock[layout.K_KEPT] and BLOCK * s.supplies[:, layout.S_READY].max(initial=0) >= s.blocks.shape[1]:
            changes["blocks"] = np.concatenate([s.blocks, np.zeros_like(s.blocks)], axis=1)
        self.state = State._make(changes.get(name, column) for name, column in s._asdict().items())

    def _decide_gap(self, flow_index: int) -> None:
        """A gap between arrivals as the scalar code has it."""
        flow, source = self.plan.flows[flow_index], self.state.supplies[flow_index]
        number, now = int(source[layout.S_MADE]), int(source[layout.S_DUE])
        self.decided += 1
        if not self.tables.flows[flow_index, layout.F_CHANGING]:
            draws = Draws(self.seed, self.replication, "arrival", flow.id, quantiles(gap(flow)))
            source[layout.S_GIVEN] = draws.at(number)
            return
        uniform = Draws(self.seed, self.replication, "arrival", flow.id, identity).at(number)
        calendar = self.plan.calendars[flow.calendar] if flow.calendar >= 0 else None
        source[layout.S_GIVEN] = changing_gap(flow, calendar, now, uniform)

    def _decide(self) -> None:
        """Draws as the scalar code has them."""
        s = self.state
        for row, index, _, number, attempt, way in s.unsure[: s.stock[layout.K_UNSURE]].tolist():
            node, source = self.plan.nodes[index], self.plan.nodes[index].activity.flow
            assert node.duration is not None
            transform = quantiles(node.duration, node.working_day, node.factor)
            names = (self.seed, self.replication)
            length = Draws(*names, f"time/{node.stream}", source, transform).at(number, attempt)
            spread = self.plan.ways[way].spread
            if node.shared and spread:
                length = round(length * Draws(*names, "slowness", source, slowness(spread)).at(number))
            s.pool[row] = length
        self.decided += int(s.stock[layout.K_UNSURE])
        s.stock[layout.K_UNSURE] = 0

    def _staffing(self) -> list[tuple[int, int, int]]:
        """Where staff has changed: (time, index of the office, staff from then on)."""
        changes = [(max(0, at), office, number) for at, office, number in self.tables.staffing.tolist()]
        return sorted((one for one in changes if one[0] < self.until), key=lambda one: one[0])

    def _check_leaks(self) -> None:
        """As `sim.engine.conservation.check_leaks`: every request is somewhere, and every office's staff add up."""
        s, m, t = self.state, self.state.moment, self.tables
        tokens = s.tokens[: m[layout.M_TOKENS]]
        entries = s.agenda[: m[layout.M_AGENDA], 1]
        about = entries & ((1 << layout.ABOUT) - 1)
        whom = (entries[about == layout.A_TOKEN] >> layout.ABOUT) & ((1 << layout.BITS) - 1)
        times = np.bincount(whom, minlength=len(tokens))
        on_the_way = times > tokens[:, layout.T_STALE]
        if np.any(times > tokens[:, layout.T_STALE] + 1):
            raise SimulationError("leak: a request is on its way several times")
        in_hand = tokens[on_the_way]
        offices = t.nodes[in_hand[:, layout.T_NODE], layout.N_OFFICE]
        busy = np.bincount(offices[offices >= 0], minlength=len(s.live))
        occupied = s.live[:, layout.L_STAFF] - s.live[:, layout.L_FREE]
        for index, office in enumerate(self.plan.offices):
            if busy[index] != occupied[index]:
                raise SimulationError(
                    f"leak: {office.id} has {occupied[index]} staff occupied, but {busy[index]} requests in hand"
                )
        queued = tokens[self._in_line()]
        if np.any(queued[:, layout.T_PLACE] != layout.IN_LINE):
            raise SimulationError("leak: a request waits that is elsewhere")
        present = np.unique(np.concatenate([in_hand[:, layout.T_REQUEST], queued[:, layout.T_REQUEST]]))
        under_way = np.flatnonzero(s.requests[: m[layout.M_REQUESTS], layout.REQ_LEFT] < 0)
        if not np.array_equal(present, under_way):
            raise SimulationError(f"leak: {len(under_way)} requests are under way, {len(present)} are somewhere")

    def _in_line(self) -> list[int]:
        """Everybody who stands in a queue, found by walking it."""
        s, found = self.state, []
        following = s.tokens[:, layout.T_NEXT]
        for first, _, count in s.queues.tolist():
            who = first
            for _ in range(count):
                found.append(who)
                who = int(following[who])
        return found


class Running(Moving):
    """A world in motion, as `sim.engine.simulation.Simulation` without a trainee. Its state can be copied."""

    def _start(self) -> State:
        self.log = empty_log(self.plan)
        return super()._start()

    def advance(self, until: int | None = None) -> None:
        """Let time pass until ``until``, or until nothing is left to happen."""
        self._go_on(self.until if until is None else min(until, self.until))

    def _settle(self) -> None:
        move(self.state.log[: self.state.moment[layout.M_WRITTEN]], self.log)
        self.state.moment[layout.M_WRITTEN] = 0

    def finish(self, warm_up: int = 0) -> EventLog:
        """Close the books: check that nothing leaked, and return the log."""
        self._settle()
        log = self.log
        log.ended_at, log.warm_up = self.now, warm_up
        log.outcomes = list(dict.fromkeys(node.outcome for node in self.plan.nodes if node.outcome))
        enter_requests(self.state, log)
        log.staffing = self._staffing()
        self._check_leaks()
        return log


def empty_log(plan: Plan) -> EventLog:
    """The log of a run that has not begun."""
    return EventLog(
        plan.epoch,
        activities=[node.activity for node in plan.nodes],
        offices=plan.office_infos,
        calendars=plan.calendars,
        kinds=[way.kind for way in plan.ways],
        priorities=plan.scenario.world.priorities,
        engine="compiled",
    )


def move(rows: Integers, log: EventLog) -> None:
    """Move rows of activities to the columns of a log."""
    columns = (log.request, log.activity, log.enabled, log.started, log.ended, log.outcome)
    for place, column in enumerate(columns):
        column.frombytes(rows[:, place].astype(column.typecode).tobytes())


def enter_requests(state: State, log: EventLog) -> None:
    """Enter all requests in a log that has none yet."""
    found = state.requests[: state.moment[layout.M_REQUESTS]]
    columns = (
        log.request_kind,
        log.request_number,
        log.request_priority,
        log.request_arrived,
        log.request_left,
        log.request_outcome,
        log.request_loops,
        log.request_subject,
    )
    for place, column in enumerate(columns):
        column.frombytes(found[:, place].astype(column.typecode).tobytes())


def run(
    plan: Plan,
    *,
    until: int | None,
    arrivals: int | None,
    seed: int,
    replication: int,
    warm_up: int,
    near: float = NEAR,
) -> EventLog:
    """One run of a plan, as `sim.engine.simulation.simulate` makes it. Raises `CannotCompile`."""
    running = Running(plan, until=until, arrivals=arrivals, seed=seed, replication=replication, near=near)
    running.advance()
    return running.finish(warm_up)


def _longer(column: Integers, more: int = 0) -> Integers:
    """Twice as long, or longer."""
    found = np.empty((2 * len(column) + more, *column.shape[1:]), column.dtype)
    found[: len(column)] = column
    return found


def _most_of_a_block(t: Tables) -> int:
    """Numbers that the draws of any block need at most."""
    ways = t.ways[:, layout.W_WIDTH] + layout.MOST_ROUNDS * t.ways[:, layout.W_WIDTH_AGAIN]
    return BLOCK * int(ways.max())


def _guess(plan: Plan, arrivals: int) -> int:
    """How long a run may last that ends by itself: what the calendars have to cover at first."""
    gaps = [flow.mean_gap * (3 if flow.calendar < 0 else 5) for flow in plan.flows]
    rate = sum(1 / gap for gap in gaps)
    return round(min(arrivals / rate if rate else 0.0, 100 * YEAR)) + 2 * YEAR


_tables: dict[int, tuple[ref[Plan], object, int, Tables]] = {}
"""Tables by the plan's identity: replications share a plan."""


def _known(plan: Plan, horizon: int) -> Tables:
    """The tables of a plan, its calendars until a moment at least."""
    shape = (len(plan.nodes), len(plan.ways), *map(id, plan.flows), *map(id, plan.offices), *plan.staffing.items())
    kept = _tables.get(id(plan))
    if kept is not None and kept[0]() is plan and kept[1] == shape and kept[2] >= horizon:
        return kept[3]
    tables = tables_of(plan, horizon)
    key = id(plan)
    _tables[key] = (ref(plan, lambda _: _tables.pop(key, None)), shape, horizon, tables)
    return tables
