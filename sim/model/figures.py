"""Figures that are assumed together: what a figure of behaviour is measured in, and how far it may be off.

A record of such figures (`sim.model.behaviour`) says what each one is, by its type and docstring; a file of the library
says its value, its origin, and where one can be argued a range. Where no range can be argued the usual one of its unit
stands in, so that every assumption can be varied.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.i18n import marked, say
from sim.model.base import Finding, Mark, Origin, Origins, Record, fail_with, require_origins
from sim.model.durations import Duration, Seconds, Span, WorkingSeconds, Written
from sim.model.problems import did_you_mean

Spread = Literal["odds", "strength", "size", "length", "none"]

USUAL: dict[Spread, tuple[float, float]] = {
    "odds": (0.5, 2.0),
    "strength": (0.5, 1.5),
    "size": (0.5, 1.5),
    "length": (0.5, 2.0),
}
"""How far a figure may be off where its file argues no range: a chance from half to twice its odds; a factor from half
to one and a half times as strong (to that power, so that what helps never harms); a change from half to one and a half
times its size; a length from half to twice. These are this project's choice, not measured. They are wider than those of
a world's figures: nobody has published anything near to most figures of behaviour."""


@dataclass(frozen=True)
class Unit:
    """What a figure is measured in."""

    name: str
    """In words, for the catalogue."""
    spread: Spread
    """In which way it may be off; ``none``: it is not varied."""
    least: float = 0.0
    most: float = float("inf")


CHANCE = Unit(marked("chance"), "odds", 0, 1)
FACTOR = Unit(marked("factor"), "strength", 0, 100)
OF_WELLBEING = Unit(marked("change of wellbeing, which goes from 0 to 1"), "size", -1, 1)
OF_TRUST = Unit(marked("change of trust, which goes from 0 to 1"), "size", -1, 1)
WEIGHT = Unit(marked("weight"), "size", 0, 100)
TRUST = Unit(marked("trust, which goes from 0 to 1"), "odds", 0, 1)
TIME = Unit(marked("time"), "length")
WORKING_TIME = Unit(marked("working time"), "length")
DISTRIBUTION = Unit(marked("time, as a distribution"), "length")
POINTS = Unit(marked("points from 0 to 10"), "none", 0, 10)

Chance = Annotated[float, Field(ge=0, le=1), CHANCE]
Factor = Annotated[float, Field(ge=0, le=100), FACTOR]
Weight = Annotated[float, Field(ge=0, le=100), WEIGHT]
OfWellbeing = Annotated[float, Field(ge=-1, le=1), OF_WELLBEING]
OfTrust = Annotated[float, Field(ge=-1, le=1), OF_TRUST]
TrustLevel = Annotated[float, Field(ge=0, le=1), TRUST]
Time = Annotated[Seconds, TIME]
WorkingTime = Annotated[WorkingSeconds, WORKING_TIME]
Lasting = Annotated[Duration, DISTRIBUTION]
Points = Annotated[int, Field(ge=0, le=10), POINTS]

Value = float | int | Duration


@dataclass(frozen=True)
class Figure:
    """One assumed figure, as it is shown and varied."""

    topic: str
    name: str
    """As its file writes it: ``complete contents``."""
    value: Value
    """As the program has it: times in seconds."""
    unit: Unit
    origin: Origin
    stated: tuple[Value, Value] | None
    """The range that its file argues."""
    case: str = ""
    """The case that has put it in place of the library's."""

    @property
    def at(self) -> str:
        """Where it stands, as levers and settings write it: ``behaviour/conduct/complete contents``."""
        return f"{f'case/{self.case}/assumes' if self.case else 'behaviour'}/{self.topic}/{self.name}"

    @property
    def mark(self) -> Mark:
        """How sure it is."""
        return self.origin.mark

    @property
    def written(self) -> str:
        """Its value as a file writes it."""
        return in_file(self.value, self.unit)

    @property
    def range(self) -> tuple[Value, Value] | None:
        """From where to where it may lie: as its file argues, else the usual range of its unit. None for what is no
        assumption (law and what has been published do not become doubtful by being varied), and what is not varied."""
        if self.mark != "assumption" or self.unit.spread == "none":
            return None
        return self.stated or _usual(self.value, self.unit)


def in_file(value: Value, unit: Unit) -> str:
    """A value as a file writes it."""
    if unit in (TIME, WORKING_TIME):
        assert not isinstance(value, Duration)
        return str(Span(value, "working" if unit == WORKING_TIME else "calendar"))
    if isinstance(value, Duration):
        written = value.model_dump()
        return written if isinstance(written, str) else str(written).translate({ord(quote): "" for quote in "'\""})
    return f"{value:g}"


def data_for_file(value: Value, unit: Unit) -> Written | float:
    """A value as data of a file, to be set in its place."""
    if isinstance(value, Duration):
        return value.model_dump()
    return in_file(value, unit) if unit in (TIME, WORKING_TIME) else value


def _usual(value: Value, unit: Unit) -> tuple[Value, Value]:
    low, high = USUAL[unit.spread]
    if isinstance(value, Duration):
        return value.scaled(low), value.scaled(high)
    if unit.spread == "odds":
        if not 0 < value < 1:
            return value, value
        ends = [odds / (1 + odds) for odds in (value / (1 - value) * factor for factor in (low, high))]
    elif unit.spread == "strength":
        ends = [value**low, value**high]
    elif unit.spread == "length":
        return round(value * low), round(value * high)
    else:
        ends = [value * low, value * high]
    # Three digits are more than such a range knows.
    first, last = sorted(float(f"{min(unit.most, max(unit.least, end)):.3g}") for end in ends)
    return first, last


class Figures(Record):
    """Figures of one topic, each with an origin and, where one can be argued, a range."""

    ranges: dict[str, tuple[object, object]] = {}
    """From where to where a figure may lie, by its name, where that can be argued; its origin says why."""
    origins: Origins = {}
    """Where each figure comes from, by its name."""

    @model_validator(mode="after")
    def _sound(self) -> Figures:
        known = names_in(type(self))
        require_origins(self, tuple(name for name in known.values() if getattr(self, name) is not None))
        findings = [
            Finding("F201", say("unknown key {key!r}", key=key), did_you_mean(key, known), (field, key))
            for field in ("ranges", "origins")
            for key in getattr(self, field)
            if key not in known and not (field == "origins" and key == "all")
        ]
        for key, ends in self.ranges.items():
            if key in known:
                findings += _range_findings(key, ends, getattr(self, known[key]), unit_of(type(self), known[key]))
        if findings:
            raise fail_with(findings)
        return self


def _range_findings(key: str, ends: Sequence[object], value: Value | None, unit: Unit) -> Iterator[Finding]:
    """What is wrong with the range of a figure."""
    at = ("ranges", key)
    if value is None:
        yield Finding("F210", say("a range for {key!r}, but no value", key=key), say("add {key}: …", key=key), at)
        return
    if isinstance(value, Duration):
        yield Finding(
            "F210", say("{key} is a distribution, which has no range of its own", key=key), say("drop the range"), at
        )
        return
    try:
        low, high = (_end(end, unit) for end in ends)
    except PydanticCustomError as error:
        yield from (finding._replace(at=at) for finding in (error.context or {})["findings"])
        return
    if not low <= value <= high:
        message = say(
            "{key} is {value}, outside its range {low} to {high}",
            key=key,
            value=in_file(value, unit),
            low=in_file(low, unit),
            high=in_file(high, unit),
        )
        yield Finding("F210", message, at=at)


def _end(end: object, unit: Unit) -> float:
    """One end of a range, read as the figure itself is read."""
    if unit in (TIME, WORKING_TIME):
        return _reader(unit)(end)
    if not isinstance(end, int | float) or isinstance(end, bool) or not unit.least <= end <= unit.most:
        hint = say("write a number from {least} to {most}", least=f"{unit.least:g}", most=f"{unit.most:g}")
        raise fail_with([Finding("F207", say("{end!r} cannot be an end of the range", end=str(end)[:30]), hint)])
    return float(end)


def _reader(unit: Unit) -> Callable[[object], int]:
    annotated = Seconds if unit == TIME else WorkingSeconds
    found: Callable[[object], int] = next(part.func for part in typing.get_args(annotated)[1:] if hasattr(part, "func"))
    return found


@cache
def names_in(type_: type[Figures]) -> dict[str, str]:
    """The figures of a topic: field names by the name that files write."""
    fields = {name: _unit(type_, name) for name in type_.model_fields}
    return {name.replace("_", " "): name for name, unit in fields.items() if unit is not None}


def unit_of(type_: type[Figures], name: str) -> Unit:
    """The unit of a figure, by its field's name."""
    unit = _unit(type_, name)
    assert unit is not None
    return unit


def _unit(type_: type[Figures], name: str) -> Unit | None:
    """Also of records in which a figure may be left out, which build on the one that says its unit."""
    for base in type_.__mro__:
        field = getattr(base, "model_fields", {}).get(name)
        for part in field.metadata if field is not None else ():
            if isinstance(part, Unit):
                return part
    return None


def figures_of(topic: str, record: Figures, own: Mapping[str, str]) -> Iterator[Figure]:
    """Every figure of a topic, in the order of its record; ``own`` says of those that a case has set, which case."""
    for key, name in names_in(type(record)).items():
        unit = unit_of(type(record), name)
        ends = record.ranges.get(key)
        stated = None if ends is None else (_end(ends[0], unit), _end(ends[1], unit))
        origin = record.origins.get(key) or record.origins["all"]
        yield Figure(topic, key, getattr(record, name), unit, origin, stated, own.get(key, ""))
