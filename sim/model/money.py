"""What things cost, as a file says it: a price or a range of two, in euro, each with its origin."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from sim.i18n import say
from sim.model.base import Id, Origin, Origins, Prose, Record, fail, require_origins

Number = Annotated[float, Field(ge=-1e12, le=1e12)]


def _ordered(value: float | tuple[float, float]) -> float | tuple[float, float]:
    if isinstance(value, tuple) and value[0] > value[1]:
        raise fail(
            "F207",
            say("a range begins with its larger number"),
            say("write [{low}, {high}]", low=f"{value[1]:g}", high=f"{value[0]:g}"),
        )
    return value


Amount = Annotated[Number | tuple[Number, Number], AfterValidator(_ordered)]
"""A number, or a range as ``[least, most]`` where nobody knows better."""


class Cost(Record):
    """One thing that has to be paid when a lever is pulled."""

    title: Prose
    """What it is."""
    once: Amount | None = None
    """How much, while it is introduced, or"""
    yearly: Amount | None = None
    """how much in every year."""
    in_: Literal["euro", "translated words", "staff hours", "staff years"] = "euro"
    """What is counted; words and staff are paid at the world's prices. Work that the lever's changes put into the
    simulation is not counted again: it shows as longer waiting, and as staff where staff is added."""
    for_each: Literal["world", "State", "office", "member of staff", "request"] = "world"
    """How often: once for the whole world, for each of its States, for each office or member of staff with the
    ``role`` (all where none is named), or for each request between States in a year."""
    role: Id | None = None
    """Role of the offices or the staff it is for, and of those whose years it counts."""
    origin: Origin
    """Where the figure comes from."""

    @model_validator(mode="after")
    def _one_amount(self) -> Cost:
        if (self.once is None) == (self.yearly is None):
            raise fail("F210", say("a cost has one of once, yearly"), say("keep one of them"))
        if self.in_ in ("staff hours", "staff years") and self.role is None:
            raise fail("F210", say("{where}, but of whom?", where=self.in_), say("add role: central-authority"))
        return self


class Prices(Record):
    """What a world pays, in euro."""

    staff_year: dict[Id, Amount] = {}
    """A year of one member of staff with everything that belongs to a post, by role; ``all`` speaks for the others."""
    hours_in_a_year: Annotated[float, Field(gt=0, le=8784)] = 1600.0
    """Hours that one member of staff works in a year; 1,600 is an assumption."""
    translated_word: Amount | None = None
    """A word translated by a legal translator outside the service."""
    introductions_last: Annotated[float, Field(gt=0, le=50)] = 5.0
    """Years over which what is paid once is spread, in equal parts; five is an assumption."""
    origins: Origins = {}
    """Where the prices come from."""

    @model_validator(mode="after")
    def _prices_have_origins(self) -> Prices:
        given = [
            n
            for n in ("staff_year", "hours_in_a_year", "translated_word", "introductions_last")
            if n in self.model_fields_set
        ]
        require_origins(self, tuple(given))
        return self
