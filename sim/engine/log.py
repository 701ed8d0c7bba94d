"""The one event table: what the engine writes down while time passes. Everything else is derived from it."""

from __future__ import annotations

from array import array
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from struct import pack

from sim.engine.calendar import Calendar
from sim.i18n import NOTHING, Words
from sim.model.events import Event

_UNSETTLED = 6_000
"""Numbers of rows just written that are kept in a list: appending six at once is faster than to six columns."""

DONE, INTERRUPTED, HANDED_OVER, STOPPED = range(4)
ROW_OUTCOMES = ("done", "interrupted", "handed over", "stopped")
"""How an activity ended: done; interrupted by more urgent work; handed over at closing time; stopped because the
request was withdrawn."""


OTHER_MATTERS, ABOUT_TRAFFICKING = range(2)
SUBJECTS = ("other matters", "trafficking")
"""What a request is about, where its flow says a share."""


@dataclass(frozen=True)
class Activity:
    """What the rows of one node of a compiled procedure have in common."""

    name: str
    """Stage id, with the step where a channel or a measure expands: ``execution/bank-records/1``."""
    stage: str
    title: str
    flow: str
    office: int
    """Index of the office, -1 where nobody is occupied."""
    side: str
    """``requesting``, ``requested`` or empty in a plain network."""
    state: str
    """Jurisdiction id, or empty."""
    cause: str
    """What its time counts as: ``work``, ``transmission``, ``translation``, ``other side``, ``legal remedies``,
    ``postponement``."""
    clock: int
    """Index of the calendar its time runs on, -1 for day and night."""
    branch: str = ""
    """The measure, where several are executed side by side."""


@dataclass(frozen=True)
class OfficeInfo:
    """An office as the log knows it."""

    id: str
    title: str
    staff: int
    calendar: int
    """Index of its calendar, -1 for day and night."""
    state: str
    role: str


@dataclass(frozen=True)
class RequestKind:
    """What the requests of one flow (and one choice of measures) have in common."""

    flow: str
    from_: str
    to: str
    procedure: str
    measures: tuple[str, ...]
    channel: str
    instrument: str
    deadline: int
    """Seconds within which it should be answered, -1 for none."""
    traced: bool = False
    """Whether it is a request of the trainee's."""


@dataclass
class EventLog:
    """Rows of activities and of requests, as typed columns. Times are whole seconds since ``epoch``.

    An activity's row is written when it ends. ``enabled``: the request arrived there; ``started``: work or time
    began (equal to ``enabled`` where nobody is needed); ``ended``.
    """

    epoch: datetime
    activities: list[Activity] = field(default_factory=list)
    offices: list[OfficeInfo] = field(default_factory=list)
    calendars: list[Calendar] = field(default_factory=list)
    kinds: list[RequestKind] = field(default_factory=list)
    priorities: tuple[str, ...] = ()
    outcomes: list[str] = field(default_factory=list)
    """Outcomes of requests (``executed``, ``refused: dual-criminality`` …); requests refer to them by index."""

    request: array[int] = field(default_factory=lambda: array("i"))
    activity: array[int] = field(default_factory=lambda: array("i"))
    enabled: array[int] = field(default_factory=lambda: array("q"))
    started: array[int] = field(default_factory=lambda: array("q"))
    ended: array[int] = field(default_factory=lambda: array("q"))
    outcome: array[int] = field(default_factory=lambda: array("b"))

    request_kind: array[int] = field(default_factory=lambda: array("i"))
    request_number: array[int] = field(default_factory=lambda: array("q"))
    """Number within its flow, from 0; a trainee's request has a name instead, in ``names``."""
    request_priority: array[int] = field(default_factory=lambda: array("b"))
    request_arrived: array[int] = field(default_factory=lambda: array("q"))
    request_left: array[int] = field(default_factory=lambda: array("q"))
    """-1 while it is under way."""
    request_outcome: array[int] = field(default_factory=lambda: array("h"))
    """Index into ``outcomes``, -1 while it is under way."""
    request_loops: array[int] = field(default_factory=lambda: array("h"))
    """How often it went back to an earlier stage."""
    request_subject: array[int] = field(default_factory=lambda: array("b"))
    """Index into ``SUBJECTS``, -1 where its flow says nothing."""
    names: dict[int, str] = field(default_factory=dict)
    """Names of the requests that have one."""
    ended_at: int = 0
    """When the run stopped."""
    warm_up: int = 0
    """Seconds at the beginning to leave out of figures."""
    events: list[Event] = field(default_factory=list)
    """What befell the trainee's requests, evidence and people, where a case is played."""
    staffing: list[tuple[int, int, int]] = field(default_factory=list)
    """Where staff changes while time passes: (time, index of the office, staff from then on)."""
    engine: str = "simpy"
    """What made it: ``simpy``, or ``compiled``; the same either way."""
    not_compiled: Words = NOTHING
    """What compiled code could not do where it was asked first; nothing where it was not, or could."""
    rows: list[int] = field(default_factory=list, repr=False)
    """Rows of activities just written, six numbers each; `settle` moves them to the columns."""

    def copied(self) -> EventLog:
        """The log so far, to be gone on with beside this one."""
        new = copy(self)
        for name, value in vars(self).items():
            if isinstance(value, (array, list, dict)):
                setattr(new, name, copy(value))
        return new

    def register(self, kind: int, number: int, priority: int, now: int, subject: int = -1) -> int:
        """Enter a request; returns its row."""
        self.request_kind.append(kind)
        self.request_number.append(number)
        self.request_priority.append(priority)
        self.request_arrived.append(now)
        self.request_left.append(-1)
        self.request_outcome.append(-1)
        self.request_loops.append(0)
        self.request_subject.append(subject)
        if len(self.rows) > _UNSETTLED:
            self.settle()
        return len(self.request_kind) - 1

    def settle(self) -> None:
        """Move the rows just written to the columns, which are complete whenever time stands still."""
        columns = (self.request, self.activity, self.enabled, self.started, self.ended, self.outcome)
        for place, column in enumerate(columns):
            numbers = self.rows[place :: len(columns)]
            column.frombytes(pack(f"{len(numbers)}{column.typecode}", *numbers))  # faster than extend
        self.rows.clear()

    def request_name(self, index: int) -> str:
        """``flow#number``, or the trainee's id of the request."""
        named = self.names.get(index)
        return named or f"{self.kinds[self.request_kind[index]].flow}#{self.request_number[index]}"

    def staff_seconds(self, office: int, start: int, end: int) -> int:
        """Open seconds from ``start`` to ``end``, times the staff there at each of them."""
        info = self.offices[office]
        calendar = self.calendars[info.calendar] if info.calendar >= 0 else None
        total, staff, since = 0, info.staff, start
        changes = [(moment, more) for moment, index, more in self.staffing if index == office and moment < end]
        for moment, following in (*changes, (end, 0)):
            until = max(moment, start)
            total += staff * (until - since if calendar is None else calendar.between(since, until))
            staff, since = following, until
        return total

    def moment(self, seconds: int) -> datetime:
        """A time of the simulation as a date and time (UTC)."""
        return self.epoch + timedelta(seconds=seconds)
