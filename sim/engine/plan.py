"""A world compiled once into flat tables that every replication shares.

A procedure is unfolded for one kind of request: stages that do not apply are skipped, the channel's and the
measures' steps are put in, roles become offices, words become numbers. What is left is a list of nodes that
refer to each other by index.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sim.engine.calendar import Calendar
from sim.engine.log import Activity, OfficeInfo, RequestKind
from sim.errors import SimulationError
from sim.model.durations import HOUR, YEAR, Duration
from sim.model.jurisdiction import HolidayCalendar
from sim.model.loading import Scenario
from sim.model.office import Office, Week
from sim.model.procedure import Branch, Channel, Performer, Procedure, Stage, Step
from sim.model.world import Flow

WORK, DELAY, PASS, FORK, JOIN, END = range(6)


@dataclass(frozen=True)
class Route:
    """One way on from a node. ``chance`` None takes what is left; ``name`` is the chance's name, if it has one."""

    target: int
    chance: float | None = None
    name: str = ""
    loops: bool = False
    """Whether it leads back to an earlier stage, which begins another round of draws."""


@dataclass
class NodePlan:
    """One step of an unfolded procedure."""

    kind: int
    activity: Activity
    stream: str
    """Name of its draws."""
    office: int = -1
    calendar: int = -1
    duration: Duration | None = None
    working_day: float = 8 * HOUR
    factor: float = 1.0
    routes: tuple[Route, ...] = ()
    branches: tuple[int, ...] = ()
    """First nodes of what a fork begins side by side."""
    outcome: str = ""


@dataclass(frozen=True)
class OfficePlan:
    """An office as the engine needs it."""

    id: str
    staff: int
    calendar: int
    rule: str
    preemptive: bool


@dataclass(frozen=True)
class Way:
    """Where the requests of one kind begin, and the nodes they walk."""

    kind: RequestKind
    start: int


@dataclass(frozen=True)
class FlowPlan:
    """A stream of background requests."""

    id: str
    mean_gap: float
    """Mean seconds between arrivals, on the clock of ``calendar``."""
    calendar: int
    ways: tuple[tuple[float, int], ...]
    """(cumulative share, index of the way)."""
    priorities: tuple[tuple[float, int], ...]
    """(cumulative share, priority level)."""


@dataclass
class Plan:
    """The compiled world. Replications read it and never change it."""

    scenario: Scenario
    epoch: datetime
    calendars: list[Calendar] = field(default_factory=list)
    offices: list[OfficePlan] = field(default_factory=list)
    office_infos: list[OfficeInfo] = field(default_factory=list)
    nodes: list[NodePlan] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    flows: list[FlowPlan] = field(default_factory=list)
    office_index: dict[str, int] = field(default_factory=dict)
    role_index: dict[tuple[str, str], int] = field(default_factory=dict)
    """Office by (jurisdiction, role); the first by id where there are several."""
    clock_index: dict[str, int] = field(default_factory=dict)
    """Calendar of a State's central authority (or of its first office) for delays in working time."""

    def for_one_run(self) -> Plan:
        """A copy to which one run may add the trainee's requests; the nodes so far are shared."""
        return replace(self, nodes=list(self.nodes), ways=list(self.ways))

    def unfold(self, request: RequestToUnfold) -> Way:
        """Add the nodes for one kind of request and say where it begins."""
        return _Unfolding(self, request).way()


@dataclass(frozen=True)
class RequestToUnfold:
    """What decides how a procedure unfolds for a kind of request."""

    procedure: Procedure
    kind: RequestKind
    channel: Channel | None
    chances: Mapping[str, float]
    """Named chances set by the flow or the request itself."""
    translation_needed: bool = False
    urgent: bool = False
    effort: float = 1.0
    """Factor on the effort of execution (an overbroad request takes longer)."""


def compile_world(scenario: Scenario, *, epoch: datetime | None = None, flows: frozenset[str] | None = None) -> Plan:
    """Compile a world. ``epoch`` is the moment 0 (default: midnight UTC of the world's first day); ``flows``
    restricts background demand to some flows."""
    world = scenario.world
    start = epoch or datetime.combine(world.starts, datetime.min.time(), UTC)
    plan = Plan(scenario, start.astimezone(UTC))
    calendars = _Calendars(plan)
    for id_, office in sorted(world.offices.items()):
        index = len(plan.offices)
        profile = scenario.jurisdictions.get(office.jurisdiction or "")
        zone = office.time_zone or (profile.time_zone if profile else "UTC")
        holidays = office.holidays or (profile.holidays if profile else None)
        calendar = calendars.index(office.hours, zone, None if holidays == "none" else holidays)
        plan.offices.append(OfficePlan(id_, office.staff, calendar, office.closing_rule, office.preemptive))
        state, role = office.jurisdiction or "", office.role or ""
        plan.office_infos.append(OfficeInfo(id_, office.title, office.staff, calendar, state, role))
        plan.office_index[id_] = index
        if role:
            plan.role_index.setdefault((state, role), index)
        if state and (role == "central-authority" or state not in plan.clock_index):
            plan.clock_index[state] = calendar
    for id_, flow in sorted(world.demand.items()):
        if flows is None or id_ in flows:
            plan.flows.append(_flow_plan(plan, calendars, id_, flow))
    return plan


class _Calendars:
    """One calendar for all offices that keep the same hours, zone and holidays."""

    def __init__(self, plan: Plan):
        self.plan = plan
        self.known: dict[tuple[Week, str, HolidayCalendar | None], int] = {}

    def index(self, week: Week, zone: str, holidays: HolidayCalendar | None) -> int:
        if not week:
            return -1
        key = (week, zone, holidays)
        if key not in self.known:
            self.known[key] = len(self.plan.calendars)
            self.plan.calendars.append(Calendar(week, zone, holidays, self.plan.epoch))
        return self.known[key]


def _flow_plan(plan: Plan, calendars: _Calendars, id_: str, flow: Flow) -> FlowPlan:
    scenario = plan.scenario
    calendar = -1
    if flow.during:
        profile = scenario.jurisdictions.get(flow.from_ or flow.to or "")
        calendar = calendars.index(
            flow.during, profile.time_zone if profile else "UTC", profile.holidays if profile else None
        )
    if flow.per_year is not None:
        open_year = plan.calendars[calendar].between(0, YEAR) if calendar >= 0 else YEAR
        mean_gap = open_year / flow.per_year
    else:
        assert flow.every is not None
        mean_gap = flow.every.seconds()[0]
    measures = sorted(flow.measures.items()) or [("", 1.0)]
    deadline = round(flow.deadline.seconds()[0]) if flow.deadline else -1
    ways, total = [], sum(weight for _, weight in measures)
    cumulative = 0.0
    for measure, weight in measures:
        chosen = (measure,) if measure else ()
        kind = RequestKind(
            id_,
            flow.from_ or "",
            flow.to or "",
            flow.procedure,
            chosen,
            flow.channel or "",
            flow.instrument or "",
            deadline,
        )
        channel = scenario.find("channel", flow.channel) if flow.channel else None
        translation = not flow.languages_match
        request = RequestToUnfold(scenario.procedures[flow.procedure], kind, channel, flow.chances, translation)
        plan.ways.append(plan.unfold(request))
        cumulative += weight / total
        ways.append((cumulative, len(plan.ways) - 1))
    levels = {name: level for level, name in enumerate(scenario.world.priorities)}
    weights = {levels[name]: weight for name, weight in flow.priorities.items()} or {len(levels) - 1: 1.0}
    shares, cumulative = [], 0.0
    for level, weight in sorted(weights.items()):
        cumulative += weight / sum(weights.values())
        shares.append((cumulative, level))
    return FlowPlan(id_, mean_gap, calendar, tuple(ways), tuple(shares))


class _Unfolding:
    """Unfolds one procedure for one kind of request."""

    def __init__(self, plan: Plan, request: RequestToUnfold):
        self.plan, self.request, self.kind = plan, request, request.kind
        self.scenario = plan.scenario
        self.nodes = plan.nodes
        self.first: dict[str, int] = {}
        """First node of each stage."""
        self.measures = [self.scenario.find("measure", name) for name in self.kind.measures]
        self.facts = self._facts()
        performance = self.scenario.world.jurisdictions
        self.performance = {"requesting": performance.get(self.kind.from_), "requested": performance.get(self.kind.to)}
        requested = self.performance["requested"]
        self.chances = {**request.procedure.chances, **(requested.chances if requested else {}), **request.chances}
        self.on_the_way: set[str] = set()

    def way(self) -> Way:
        return Way(self.kind, self._stage(self.request.procedure.start))

    def _facts(self) -> dict[str, Any]:
        requested = self.scenario.jurisdictions.get(self.kind.to)
        return {
            "translation needed": self.request.translation_needed,
            "results translation needed": self.request.translation_needed,
            "coercive": any(measure.coercive for measure in self.measures),
            "legal remedies": bool(requested and requested.legal_remedies),
            "channel": self.kind.channel,
            "instrument": self.kind.instrument,
            "measure": self.kind.measures[0] if len(self.kind.measures) == 1 else "several",
            "urgent": self.request.urgent,
            "from outside": not self.kind.from_,
        }

    def _stage(self, name: str) -> int:
        """Index of the first node of a stage, unfolding it if need be."""
        if name in self.first:
            return self.first[name]
        stage = self.request.procedure.stages[name]
        self.on_the_way.add(name)
        node = self._open(name, stage)
        self.first[name] = node
        last = self._fill(node, name, stage)
        self.nodes[last].routes = self._routes(name, stage)
        self.on_the_way.discard(name)
        return node

    def _open(self, name: str, stage: Stage) -> int:
        """Reserve the first node, so that loops find it."""
        self.nodes.append(NodePlan(PASS, self._activity(name, name, stage.title or name), name))
        return len(self.nodes) - 1

    def _fill(self, index: int, name: str, stage: Stage) -> int:
        """Make the node do what the stage says; returns the node from which the stage is left."""
        side = stage.performer.side if stage.performer else stage.side
        outside = side == "requesting" and not self.kind.from_ and bool(self.kind.to)
        if stage.end is not None:
            outcome = f"{stage.end}: {stage.reason}" if stage.reason else stage.end
            self.nodes[index].kind, self.nodes[index].outcome = END, outcome
            return index
        if not self._holds(stage.only_if) or outside:
            return index
        if stage.steps == "each measure":
            return self._measures(index, name)
        if stage.steps is not None:
            steps = self._channel_steps(back=stage.steps == "channel back")
            return self._chain(index, name, steps)
        override = self._override(name, side)
        step = Step.model_construct(
            title=stage.title or name,
            performer=stage.performer,
            work=override if stage.work is not None and override else stage.work,
            takes=override if stage.takes is not None and override else stage.takes,
            side=stage.side,
            cause=stage.cause,
            origins={},
        )
        self._step(index, name, name, step, pace=True)
        return index

    def _override(self, name: str, side: str | None) -> Duration | None:
        performance = self.performance.get(side or "requested")
        return performance.stages.get(name) if performance else None

    def _chain(self, index: int, stage: str, steps: list[Step], branch: str = "", pace: bool = False) -> int:
        """Put steps one after the other, beginning at ``index``; returns the last."""
        for position, step in enumerate(steps):
            if position:
                self.nodes.append(NodePlan(PASS, self.nodes[index].activity, stage))
                following = len(self.nodes) - 1
                self.nodes[index].routes = (Route(following),)
                index = following
            name = f"{stage}/{branch}/{position + 1}" if branch else f"{stage}/{position + 1}"
            self._step(index, stage, name, step, branch, pace=pace)
        return index

    def _step(self, index: int, stage: str, name: str, step: Step, branch: str = "", *, pace: bool) -> None:
        node = self.nodes[index]
        side = (step.performer.side if step.performer else None) or step.side or ""
        state = {"requesting": self.kind.from_, "requested": self.kind.to}.get(side, "")
        if side == "requesting" and not self.kind.from_ and self.kind.to:
            return  # the other side's own work is not simulated: no time passes here
        node.stream = name
        effort = self.request.effort if stage == "execution" else 1.0
        if step.work is not None:
            assert step.performer is not None
            node.kind, node.office = WORK, self._office(step.performer)
            office = self.plan.offices[node.office]
            node.calendar = office.calendar
            node.duration, node.factor = step.work, effort / self.scenario.world.working_capacity
        else:
            assert step.takes is not None
            node.kind, node.duration = DELAY, step.takes
            if step.takes.clock == "working":
                node.calendar = self.plan.clock_index.get(state or self.kind.to, -1)
            performance = self.performance.get(side or "requested")
            if pace and performance is not None and performance.pace is not None:
                node.factor = performance.pace
        if node.calendar >= 0:
            node.working_day = self.plan.calendars[node.calendar].working_day
        state = state or (self.plan.office_infos[node.office].state if node.office >= 0 else "")
        node.activity = Activity(
            name,
            stage,
            step.title,
            self.kind.flow,
            node.office,
            side,
            state,
            step.cause or ("work" if step.work is not None else "other side"),
            node.calendar,
            branch,
        )

    def _measures(self, index: int, name: str) -> int:
        """Execution: the steps of each measure, side by side where there are several."""
        if not self.measures:
            return index
        if len(self.measures) == 1:
            measure = self.measures[0]
            # The measure's name stays in the stream: another measure is another draw.
            return self._chain(index, name, self._measure_steps(measure), measure.id, pace=True)
        self.nodes[index].kind = FORK
        self.nodes.append(NodePlan(JOIN, self.nodes[index].activity, name))
        join = len(self.nodes) - 1
        begins = []
        for measure in self.measures:
            self.nodes.append(NodePlan(PASS, self.nodes[index].activity, name))
            begin = len(self.nodes) - 1
            last = self._chain(begin, name, self._measure_steps(measure), measure.id, pace=True)
            self.nodes[last].routes = (Route(join),)
            begins.append(begin)
        self.nodes[index].branches = tuple(begins)
        self.nodes[index].routes = (Route(join),)
        return join

    def _measure_steps(self, measure: Any) -> list[Step]:
        performance = self.performance["requested"]
        override = performance.measures.get(measure.id) if performance else None
        steps = list(measure.steps)
        if override is not None:
            lengths = [(step.work or step.takes).seconds()[0] for step in steps]
            longest = lengths.index(max(lengths))
            field_ = "work" if steps[longest].work is not None else "takes"
            steps[longest] = steps[longest].model_copy(update={field_: override})
        return steps

    def _channel_steps(self, *, back: bool) -> list[Step]:
        channel = self.request.channel
        if channel is None:
            raise SimulationError(f"requests of {self.kind.flow!r} need a channel")
        if not back:
            return list(channel.there)
        return list(channel.back) or [_mirrored(step) for step in reversed(channel.there)]

    def _routes(self, name: str, stage: Stage) -> tuple[Route, ...]:
        routes = []
        for branch in stage.then:
            if not self._holds(branch.if_):
                continue
            loops = branch.to in self.on_the_way
            target = self._stage(branch.to)
            chance, chance_name = self._chance(branch)
            routes.append(Route(target, chance, chance_name, loops))
            if chance is None:
                break
        return tuple(routes)

    def _chance(self, branch: Branch) -> tuple[float | None, str]:
        if isinstance(branch.chance, str):
            return self.chances[branch.chance], branch.chance
        return branch.chance, ""

    def _holds(self, condition: Mapping[str, Any]) -> bool:
        for fact, wanted in condition.items():
            value = self.facts[fact]
            if value != wanted and not (isinstance(wanted, list) and value in wanted):
                return False
        return True

    def _office(self, performer: Performer) -> int:
        if performer.office is not None:
            return self.plan.office_index[performer.office]
        state = self.kind.from_ if performer.side == "requesting" else self.kind.to
        index = self.plan.role_index.get((state, performer.role or ""))
        if index is None:
            raise SimulationError(
                f"{state!r} has no office with the role {performer.role!r}, which "
                f"{self.kind.flow!r} needs — add one to the world"
            )
        return index

    def _activity(self, name: str, stage: str, title: str) -> Activity:
        return Activity(name, stage, title, self.kind.flow, -1, "", "", "work", -1)


def _mirrored(step: Step) -> Step:
    """The step on the way back: the sides exchanged."""
    other = {"requesting": "requested", "requested": "requesting"}
    changes: dict[str, Any] = {}
    if step.side:
        changes["side"] = other[step.side]
    if step.performer and step.performer.side:
        changes["performer"] = step.performer.model_copy(update={"side": other[step.performer.side]})
    return step.model_copy(update=changes)


def office_of(scenario: Scenario, state: str, role: str) -> Office | None:
    """The office of a State with a role; the first by id where there are several."""
    for _, office in sorted(scenario.world.offices.items()):
        if office.jurisdiction == state and office.role == role:
            return office
    return None
