"""A request on the desk of the trainee's own central authority: what another State asks of theirs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.model.actions import Item, ItemQuality
from sim.model.base import Id, Language, Origins, Prose, Record, require_origins
from sim.model.durations import Duration, Period


class Incoming(Record):
    """One request from abroad. Whether it may be refused is not written here: the law says so."""

    title: Prose
    """What people call it."""
    from_: Id
    """The requesting State."""
    arrives: Period | None = None
    """When it arrives, counted from the start; none: it lies there already."""
    says: Prose
    """The request in short, as the trainee reads it."""
    measures: tuple[Id, ...] = Field(min_length=1)
    """What is asked for."""
    instrument: Id
    """The legal basis it names."""
    channel: Id
    """How it came."""
    language: Language
    """The language it is written in."""
    offence: Id = "trafficking-in-persons"
    """The offence it is about."""
    items: dict[Item, ItemQuality] = {}
    """Quality of the six contents of UNTOC art. 18(15); ``full`` unless said otherwise."""
    urgent: Literal["no", "stamped", "with reasons"] = "no"
    """Whether a deadline is suggested, and with reasons (UNTOC art. 18(24))."""
    useful_for: Period | None = None
    """How long an answer is of use to them, counted from the start; none: always."""
    weight: Annotated[int, Field(ge=0, le=10)] = 1
    """What help is worth, 0 to 10."""
    concerns_victim: bool = False
    """Whether somebody's safety or testimony hangs on it."""
    work: Duration
    """Working time of a lawyer of the central authority to have it carried out."""
    execution: Duration
    """Time until it has been carried out, once granted."""
    answer_takes: Duration
    """How long the requesting State takes to answer a question."""
    origins: Origins = {}
    """Where its figures come from."""

    @model_validator(mode="after")
    def _figures_have_origins(self) -> Incoming:
        require_origins(self, ("work", "execution", "answer_takes"))
        return self
