"""A trainee's request on its way, and what befalls a case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sim.engine.conduct import Circumstance
from sim.model.actions import SendRequest


@dataclass(frozen=True)
class Happening:
    """Something that befell the case. ``event`` is one of the events a `Moment` can name, or ``note``."""

    moment: int
    event: str
    of: str
    detail: str = ""


@dataclass
class TracedRequest:
    """A request of the trainee's on its way."""

    id: str
    spec: SendRequest | None
    to: str
    evidence: tuple[str, ...]
    usual: dict[str, float]
    sent: int
    items: dict[str, str] = field(default_factory=dict)
    chances: dict[str, float] = field(default_factory=dict)
    why: list[Circumstance] = field(default_factory=list)
    chased: bool = False
    token: Any = None
    stage: str = ""
    outcome: str = ""
    preserves: str = ""
    """The evidence it has preserved, where it is a preservation."""
    service: str = ""
    """The service it asks for, where it is no request."""
    concerns: str = ""
    """The person a service concerns."""
    joins: str = ""
    """The State that is to join a joint investigation team, where it proposes one."""
    desk: str = ""
    """The request from abroad that a lawyer works on, where it is such work."""
    then: Callable[[], None] | None = None
    """What follows once the work is done."""
    in_team: bool = False
    """Whether it stays within a joint investigation team."""
    confirmed: bool = False
    """Whether an oral request has been confirmed in writing."""
    conditions: bool = False
    """Whether help comes under conditions."""
    left: int | None = None
    """When it was over."""
    told: set[str] = field(default_factory=set)
    secured: set[str] = field(default_factory=set)
    procedure: str = ""
    """The procedure it goes through."""
    executing: frozenset[str] = frozenset()
    """The stages at whose end what it asks for is taken."""

    @property
    def state(self) -> str:
        """``under way`` or its outcome, without the reason."""
        return self.outcome.split(":")[0] or "under way"
