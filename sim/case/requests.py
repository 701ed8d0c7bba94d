"""The trainee's requests on their way: one record for each kind of thing that goes through a procedure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from sim.case.request_chances import Circumstance
from sim.engine.runtime import Token
from sim.model.actions import ItemQuality, SendRequest
from sim.model.assurances import Assurance
from sim.model.outcomes import Outcome
from sim.model.procedure import Announcement
from sim.unchanging import Unchanging


class Begun(TypedDict):
    """What a request takes from its procedure when it begins, as keyword arguments of its record."""

    to: str
    sent: int
    usual: Mapping[str, float]
    procedure: str
    announcements: Mapping[str, Announcement]
    executing: frozenset[str]


@dataclass(eq=False)
class TracedRequest:
    """Something of the trainee's that goes through a procedure. What it is for is said by the kinds below."""

    id: str
    to: str
    """The State it is addressed to; one's own for work at home."""
    sent: int
    """When it was set on its way."""
    usual: Mapping[str, float] = field(default_factory=dict)
    """Named chances that are usual for the procedure in that State."""
    procedure: str = ""
    """The procedure it goes through."""
    announcements: Mapping[str, Announcement] = field(default_factory=dict)
    """What is told when it comes to a stage."""
    executing: frozenset[str] = frozenset()
    """The stages at whose end what it asks for is taken."""
    then: Callable[[], None] | None = None
    """What follows when it is over."""

    chances: dict[str, float] = field(default_factory=dict)
    """The named chances as they are now."""
    token: Token | None = None
    """Its place in the simulated world."""
    stage: str = ""
    outcome: Outcome | None = None
    left: int | None = None
    """When it was over."""
    chased: bool = False
    """Whether progress was asked for."""
    confirmed: bool = False
    """Whether an oral request has been confirmed in writing."""
    conditions: bool = False
    """Whether help comes under conditions."""
    told: set[str] = field(default_factory=set)
    """Names of the events told that are told once."""
    visited: set[str] = field(default_factory=set)
    """Stages it has come to."""

    def __post_init__(self) -> None:
        self.chances = dict(self.usual)

    @property
    def state(self) -> str:
        """``under way`` or how it ended, without the ground."""
        return self.outcome.kind if self.outcome is not None else "under way"

    @property
    def evidence(self) -> tuple[str, ...]:
        """The evidence it is to bring."""
        return ()

    @property
    def instrument(self) -> str | None:
        """The instrument it rests on, where it names one."""
        return None


@dataclass(frozen=True)
class Awaited(Unchanging):
    """An assurance that the requested State waits for."""

    ground: str
    """The ground on which it refuses without; none: it is a condition of its own."""
    assurances: tuple[Assurance, ...]
    """Any one of which would do."""


@dataclass(eq=False)
class LetterRequest(TracedRequest):
    """A letter of request, or an order."""

    spec: SendRequest = field(kw_only=True)
    items: dict[str, ItemQuality] = field(default_factory=dict)
    """Quality of its contents as they are now."""
    in_team: bool = False
    """Whether it stays within a joint investigation team."""
    left_open: bool = False
    """Whether their last question got an answer that leaves open what they had asked."""
    asked_again: Callable[[], None] | None = None
    """What follows when a question is put again."""
    why: list[Circumstance] = field(default_factory=list)
    """What moved its chances."""
    assured: set[Assurance] = field(default_factory=set)
    """What the requested State has been assured of."""
    awaited: list[Awaited] = field(default_factory=list)
    """Assurances without which it does not help."""
    held: Outcome | None = None
    """How it ended, where what it brought is held back until an assurance has come."""
    taken: set[str] = field(default_factory=set)
    """Measures whose step that takes what was asked for is over; a text without words where no measure has steps."""
    found: bool | None = None
    """Whether whoever was asked has anything of the kind; none: nobody has looked."""
    secured: set[str] = field(default_factory=set)
    """The evidence of which a copy has been taken under it."""

    @property
    def evidence(self) -> tuple[str, ...]:
        return self.spec.evidence

    @property
    def instrument(self) -> str | None:
        return self.spec.instrument


@dataclass(eq=False)
class PreservationRequest(TracedRequest):
    """An order to have data kept."""

    preserves: str = field(kw_only=True)
    """The evidence."""


@dataclass(eq=False)
class TeamProposal(TracedRequest):
    """A proposal to set up a joint investigation team."""

    joins: str = field(kw_only=True)
    """The State that is to join."""


@dataclass(eq=False)
class ServiceRequest(TracedRequest):
    """Something asked of an institution."""

    service: str = field(kw_only=True)
    concerns: str = ""
    """The person it concerns."""


@dataclass(eq=False)
class DeskWork(TracedRequest):
    """A lawyer's step on a request from abroad."""

    incoming: str = field(kw_only=True)
    """The request from abroad."""
    step: str = field(kw_only=True)
    """What is done with it: ``examine``, ``refuse``."""
