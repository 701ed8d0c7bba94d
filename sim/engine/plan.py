"""The flat tables a world is compiled into: offices, nodes that refer to each other by index, flows of requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sim.engine.calendar import Calendar
from sim.engine.log import Activity, OfficeInfo, RequestKind
from sim.model.durations import HOUR, Duration
from sim.model.loading import Scenario
from sim.model.procedure import Channel, Procedure

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
    shared: bool = False
    """Whether its time is stretched by what all stages of a request at a slow authority share."""
    again: bool = False
    """Whether a request can come back here; elsewhere every visit is the first, however the request came."""
    takes: bool = False
    """Whether what was asked for is taken when this step ends."""


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
    spread: float = 0.0
    """Standard deviation of the logarithm of the factor that the times of one request share."""


@dataclass(frozen=True, eq=False)
class Unfolded:
    """A procedure as it unfolds for a kind of request, by itself: its nodes refer to each other from 0 on."""

    request: RequestToUnfold
    way: Way
    nodes: tuple[NodePlan, ...]


@dataclass(frozen=True)
class Introduction:
    """How a change spreads: evenly over ``lasts`` seconds from ``begin``; at once where that is 0."""

    begin: int
    lasts: int

    def share(self, moment: float) -> float:
        """Share of what happens at a moment that is already done the new way."""
        passed = moment - self.begin
        if passed < 0:
            return 0.0
        return 1.0 if passed >= self.lasts else passed / self.lasts


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
    first: int = 0
    """When the flow begins."""
    last: int | None = None
    """When it ends; none: never."""
    about_trafficking: float | None = None
    """Share of requests about trafficking; none where nothing is said."""
    trafficking_priorities: tuple[tuple[float, int], ...] = ()
    """(cumulative share, priority level) of those; as all others where empty."""
    later: tuple[tuple[Introduction, FlowPlan], ...] = ()
    """What it becomes while changes are introduced, each for a part of the requests that met the one before."""


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
    translators: dict[tuple[str, str], int] = field(default_factory=dict)
    """Translation office by (jurisdiction, language), where one is named for a language."""
    sittings: dict[tuple[int, int], float] = field(default_factory=dict)
    """Share of one calendar's open hours that fall into those of another, where somebody asked."""
    refusable: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict)
    """Grounds on which the law lets a request be refused, by (sender, requested, measure, instrument, offence)."""
    unfolded: dict[tuple[object, ...], Unfolded] = field(default_factory=dict)
    """Procedures that have been unfolded for requests of trainees."""
    staffing: dict[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    """Offices whose staff changes: (moment, staff from then on) by index."""
    clock_index: dict[str, int] = field(default_factory=dict)
    """Calendar of a State's central authority (or of its first office) for delays in working time."""

    def for_one_run(self) -> Plan:
        """A copy to which one run may add the trainee's requests; the nodes so far are shared."""
        return replace(self, nodes=list(self.nodes), ways=list(self.ways))


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
    offence: str = "trafficking-in-persons"
    """For the grounds on which it may be refused."""
    language: str = ""
    """The other side's language, where the request is translated."""
    start: str = ""
    """The stage at which it begins; the procedure's first unless given."""
    effort: float = 1.0
    """Factor on the effort of execution (an overbroad request takes longer)."""
