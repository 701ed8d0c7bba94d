"""A plan as integer tables. What compiled code cannot do is told here, as a reason."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from sim.engine.arrivals import gap
from sim.engine.calendar import FARTHEST, Calendar
from sim.engine.compiled import layout, luck
from sim.engine.compiled.layout import Integers, Tables
from sim.engine.plan import DELAY, FORK, JOIN, PASS, WORK, FlowPlan, NodePlan, Plan
from sim.errors import CannotCompile
from sim.i18n import say
from sim.model.durations import DAY, NORMAL_P90, Duration

LONGEST_NAME = 4_000
"""Bytes of a stream's name."""
_RULES = {"suspend and resume": layout.SUSPEND, "finish": layout.FINISH, "hand over": layout.HAND_OVER}


def tables_of(plan: Plan, until: int) -> Tables:
    """The tables of a plan, its calendars until a moment at least. Raises `CannotCompile`."""
    return _Tables(plan).made(until)


class _Tables:
    def __init__(self, plan: Plan):
        self.plan = plan
        self.streams: dict[tuple[str, str], int] = {}
        self.values: list[int] = []
        self.routes: list[tuple[int, int]] = []
        self.thresholds: list[float] = []
        self.branches: list[int] = []
        self.picks: list[int] = []
        self.shares: list[float] = []
        self.variants: list[tuple[int, ...]] = []
        self.variant_numbers: list[tuple[float, float]] = []

    def made(self, until: int) -> Tables:
        plan = self.plan
        outcomes: dict[str, int] = {}
        nodes = np.full((max(1, len(plan.nodes)), layout.NODE_COLUMNS), -1, np.int64)
        numbers = np.zeros((len(nodes), 5), np.float64)
        for index, node in enumerate(plan.nodes):
            nodes[index] = self._node(node, outcomes)
            nodes[index, layout.N_SHAPE], numbers[index] = self._duration(node)
        ways = np.array([self._way(nodes, way.start) for way in plan.ways] or [[0] * layout.WAY_COLUMNS], np.int64)
        flows = [self._flow(flow) for flow in plan.flows]
        gaps = [_one(gap(flow).seconds()) for flow in plan.flows]
        names, name_ends = self._names()
        calendars = _calendar_tables(plan.calendars, until)
        return Tables(
            nodes=nodes,
            numbers=numbers,
            values=_column(self.values),
            routes=_rows(self.routes, layout.ROUTE_COLUMNS),
            thresholds=np.array(self.thresholds or [0.0]),
            branches=_column(self.branches),
            ways=ways,
            spreads=np.array([way.spread for way in plan.ways] or [0.0]),
            flows=_rows(flows, layout.FLOW_COLUMNS),
            gaps=np.array(gaps or [0.0]),
            variants=_rows(self.variants, layout.VARIANT_COLUMNS),
            variant_numbers=np.array(self.variant_numbers or [(0.0, 0.0)]),
            picks=_column(self.picks),
            shares=np.array(self.shares or [0.0]),
            offices=_rows([self._office(index) for index in range(len(plan.offices))], layout.OFFICE_COLUMNS),
            staffing=_rows(
                [(at, office, n) for office, changes in sorted(plan.staffing.items()) for at, n in changes], 3
            ),
            names=names,
            name_ends=name_ends,
            **calendars,
        )

    def _stream(self, stream: str, source: str) -> int:
        return self.streams.setdefault((stream, source), len(self.streams))

    def _names(self) -> tuple[np.ndarray, Integers]:
        found = [f"{stream}\x1f{source}\x1f".encode() for stream, source in self.streams]
        if max(map(len, found), default=0) > LONGEST_NAME - 64:  # behind it come an attempt and a block
            raise CannotCompile(say("names as long as these"))
        ends = np.cumsum([0, *map(len, found)]).astype(np.int64)
        return np.frombuffer(bytearray(b"".join(found) or b" "), np.uint8), ends

    def _node(self, node: NodePlan, outcomes: dict[str, int]) -> list[int]:
        found = [-1] * layout.NODE_COLUMNS
        found[layout.N_KIND], found[layout.N_OFFICE], found[layout.N_CALENDAR] = node.kind, node.office, node.calendar
        found[layout.N_AGAIN], found[layout.N_SHARED] = int(node.again), int(node.shared)
        found[layout.N_LOOPS] = 0
        if node.outcome:
            found[layout.N_OUTCOME] = outcomes.setdefault(node.outcome, len(outcomes))
        if node.duration is not None:
            found[layout.N_TIME_STREAM] = self._stream(f"time/{node.stream}", node.activity.flow)
        found[layout.N_ROUTE] = len(self.routes)
        threshold = 0.0
        for route in node.routes:
            threshold += route.chance if route.chance is not None else 1.0
            self.routes.append((route.target, int(route.loops)))
            self.thresholds.append(threshold)
        found[layout.N_ROUTES_END] = len(self.routes)
        if len(node.routes) == 1 or node.kind == FORK:
            found[layout.N_NEXT], found[layout.N_LOOPS] = node.routes[0].target, int(node.routes[0].loops)
        elif node.routes:
            found[layout.N_WAY_STREAM] = self._stream(f"way/{node.activity.stage}", node.activity.flow)
        found[layout.N_BRANCH] = len(self.branches)
        for first in node.branches:
            self._check_branch(first)
        self.branches += node.branches
        found[layout.N_BRANCHES_END] = len(self.branches)
        return found

    def _check_branch(self, index: int) -> None:
        """A branch leads straight to where all meet."""
        for _ in self.plan.nodes:
            node = self.plan.nodes[index]
            if node.kind == JOIN:
                return
            if node.kind not in (WORK, DELAY, PASS) or len(node.routes) != 1 or node.routes[0].loops:
                break
            index = node.routes[0].target
        raise CannotCompile(say("a measure that is executed beside others and branches itself"))

    def _way(self, nodes: Integers, start: int) -> list[int]:
        """Give every draw of a way its place in a request's row, and in the rows of later rounds."""
        seen, frontier = {start}, [start]
        while frontier:
            node = self.plan.nodes[frontier.pop()]
            for following in (*(route.target for route in node.routes), *node.branches):
                if following not in seen:
                    seen.add(following)
                    frontier.append(following)
        loops = any(route.loops for index in seen for route in self.plan.nodes[index].routes)
        width, again = 1, int(loops)  # the first number of a row is the row of the next round
        for index in sorted(seen):
            row = nodes[index]
            for stream, place, place_again in (
                (layout.N_TIME_STREAM, layout.N_TIME, layout.N_TIME_AGAIN),
                (layout.N_WAY_STREAM, layout.N_CHOICE, layout.N_CHOICE_AGAIN),
            ):
                if row[stream] < 0:
                    continue
                if row[place] >= 0:
                    raise CannotCompile(say("stages that several kinds of request share"))
                row[place], width = width, width + 1
                if row[layout.N_AGAIN]:
                    row[place_again], again = again, again + 1
        return [start, width, again]

    def _duration(self, node: NodePlan) -> tuple[int, tuple[float, ...]]:
        """What `random_streams.quantiles` makes of a duration, as numbers."""
        if node.duration is None:
            return luck.FIXED, (0.0,) * 5
        shape, numbers, values = shape_of(node.duration, node.working_day, node.factor)
        if values:
            numbers = (float(len(self.values)), *numbers[1:])
            self.values += values
        return shape, numbers

    def _flow(self, flow: FlowPlan) -> tuple[int, ...]:
        first = len(self.variants)
        self._variant(flow, 0, 0)
        for introduction, later in flow.later:
            self._variant(later, introduction.begin, introduction.lasts)
        changing = any(later.mean_gap != flow.mean_gap for _, later in flow.later)
        variants = [flow, *(later for _, later in flow.later)]
        ways = [self.plan.ways[way] for variant in variants for _, way in variant.ways]
        wanted = {
            "arrival": True,
            "measure": any(len(variant.ways) > 1 for variant in variants),
            "priority": any(len(v.priorities) > 1 or len(v.trafficking_priorities) > 1 for v in variants),
            "subject": any(variant.about_trafficking is not None for variant in variants),
            "slowness": any(way.spread for way in ways),
            "adoption": bool(flow.later),
        }
        streams = [self._stream(name, flow.id) if needed else -1 for name, needed in wanted.items()]
        last = -1 if flow.last is None else flow.last
        return flow.calendar, first, len(self.variants), int(changing), flow.first, last, *streams

    def _variant(self, flow: FlowPlan, begin: int, lasts: int) -> None:
        about = flow.about_trafficking
        ways = self._picked([(share, way) for share, way in flow.ways])
        priorities, own = self._picked(flow.priorities), self._picked(flow.trafficking_priorities)
        self.variants.append((*ways, *priorities, int(about is not None), *own, begin, lasts))
        self.variant_numbers.append((flow.mean_gap, about or 0.0))

    def _picked(self, shares: Sequence[tuple[float, int]]) -> tuple[int, int]:
        first = len(self.picks)
        self.picks += [value for _, value in shares]
        self.shares += [share for share, _ in shares]
        return first, len(self.picks)

    def _office(self, index: int) -> tuple[int, ...]:
        office = self.plan.offices[index]
        numbers = [office.staff, *(number for _, number in self.plan.staffing.get(index, ()))]
        loses = any(after < before for before, after in pairwise(numbers))
        rule = _RULES[office.rule]
        plain = rule == layout.SUSPEND and not office.preemptive and not loses
        return office.calendar, rule, int(office.preemptive), int(plain), office.staff


def shape_of(duration: Duration, working_day: float, factor: float) -> tuple[int, tuple[float, ...], list[int]]:
    """What `random_streams.quantiles` makes of a duration: shape, five numbers, and values observed."""
    spans = [seconds * factor for seconds in duration.seconds(working_day)]
    shape = luck.FIXED
    numbers: tuple[float, ...] = (float(round(spans[0])),)
    values: list[int] = []
    if duration.shape == "exponential":
        shape, numbers = luck.EXPONENTIAL, (spans[0],)
    elif duration.shape == "uniform":
        shape, numbers = luck.UNIFORM, (spans[0], spans[1] - spans[0])
    elif duration.shape == "lognormal":
        if duration.number:
            sigma = math.sqrt(math.log(1 + duration.number**2))
            mu = math.log(spans[0]) - sigma**2 / 2
        else:
            mu, sigma = math.log(spans[0]), math.log(spans[1] / spans[0]) / NORMAL_P90
        if sigma:
            shape, numbers = luck.LOGNORMAL, (mu, sigma)
    elif duration.shape == "triangular":
        low, mode, high = spans
        if high > low:
            falling = (high - low) * (high - mode)
            shape, numbers = (
                luck.TRIANGULAR,
                (low, high, (mode - low) / (high - low), (high - low) * (mode - low), falling),
            )
    elif duration.shape == "empirical":
        values = [round(value) for value in spans]
        shape, numbers = luck.EMPIRICAL, (0.0, float(len(values)))
    elif duration.shape == "gamma":
        shape, numbers = luck.GAMMA, (spans[0], duration.number, 1 / (duration.number * duration.number))
    return shape, (*numbers, *(0.0,) * (5 - len(numbers))), values


def _calendar_tables(calendars: Sequence[Calendar], until: int) -> dict[str, Integers]:
    """The open intervals of calendars, at least until they open and close once more after a moment.

    Raises `CannotCompile` behind the end of all calendars.
    """
    if until > FARTHEST:
        raise CannotCompile(say("a run that outlasts its calendars"))
    rows, starts, ends, before, days = [], [0][:0], [0][:0], [0][:0], [0][:0]
    for calendar in calendars:
        calendar.closes(calendar.closes(until) + 1)
        count = len(calendar.starts)
        rows.append((len(starts), count, calendar.total, len(days)))
        begun = np.arange(calendar.ends[count - 1] // DAY + 2) * DAY
        days += np.searchsorted(np.array(calendar.starts[:count]), begun, side="right").tolist()
        starts += calendar.starts[:count]
        ends += calendar.ends[:count]
        before += calendar.before[:count]
    found = {"starts": starts, "ends": ends, "before": before, "days": days}
    return {"calendars": _rows(rows, layout.CALENDAR_COLUMNS)} | {name: _column(some) for name, some in found.items()}


def _one(values: Sequence[float]) -> float:
    (value,) = values
    return value


def _column(values: Sequence[int]) -> Integers:
    return np.array(values or [0], np.int64)


def _rows(values: Sequence[Sequence[int]], columns: int) -> Integers:
    found = np.array(values, np.int64).reshape(-1, columns)
    return found if len(found) else np.zeros((0, columns), np.int64)
