"""When something in a case happens, and what must be so for it to apply."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.i18n import say
from sim.model.base import Id, Record, fail
from sim.model.durations import Period
from sim.model.events import EventName

EvidenceState = Literal["pending", "preserved", "obtained", "lost", "lead only", "excluded"]
PersonState = Literal["available", "withdrawn", "gone home"]


class Circumstances(Record):
    """What must be so, all of it, for something to apply."""

    evidence: dict[Id, EvidenceState | tuple[EvidenceState, ...]] = {}
    """State of evidence, or a list of states any of which will do."""
    people: dict[Id, PersonState | tuple[PersonState, ...]] = {}
    """State of people, or a list of states any of which will do."""
    requests: dict[Id, str | tuple[str, ...]] = {}
    """State of a request: ``not sent``, ``under way``, or an outcome (``executed``, ``refused`` …)."""
    incoming: dict[Id, str | tuple[str, ...]] = {}
    """State of a request on the trainee's own desk: ``waiting``, ``granted``, ``executed`` …"""
    helped: Annotated[int, Field(ge=0)] | None = None
    """Weight of the requests from abroad that were carried out in time, at least."""
    chosen: dict[Id, Id | tuple[Id, ...]] = {}
    """Options taken, by decision."""
    passed: tuple[Id, ...] = ()
    """Deadlines that have passed."""
    not_passed: tuple[Id, ...] = ()
    """Deadlines that have not passed."""
    trust: dict[Id, Annotated[float, Field(ge=0, le=1)]] = {}
    """Trust with a State, at least."""
    found: dict[Id, Literal["hit", "no hit", "not asked", "not available"]] = {}
    """What a service found."""
    team: tuple[Id, ...] = ()
    """States with which a joint investigation team has been agreed."""
    evidence_weight: Annotated[int, Field(ge=0)] | None = None
    """Weight of the evidence obtained, at least."""


class Moment(Record):
    """When something happens: a time after the start, or an event."""

    after: Period | None = None
    """Time after the start of the story; or, with ``event``, after it."""
    event: EventName | None = None
    """What must have happened."""
    of: Id | None = None
    """To which request, evidence, person, decision or deadline."""

    @model_validator(mode="after")
    def _something(self) -> Moment:
        if self.after is None and self.event is None:
            raise fail("F210", say("a moment needs after or event"), say("write for example {after: 14 days}"))
        return self
