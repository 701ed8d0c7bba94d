"""Agencies and their offices: a staffed unit with hours, holidays, a zone and a queue."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from sim.i18n import say
from sim.model.base import Id, Language, Origins, Prose, Record, fail, require_origins
from sim.model.jurisdiction import HolidayCalendar, TimeZone

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = re.compile(r"\s*([A-Za-z]{3})(?:\s*-\s*([A-Za-z]{3}))?\s+(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\s*")
_HINT = say("write for example Mon-Fri 09:00-17:00, a list of such lines, or always")

Week = tuple[tuple[int, int, int], ...]
"""Opening times as (weekday from Monday 0, opens, closes) with minutes since midnight."""


def _parse_hours(value: object) -> object:
    if isinstance(value, tuple):
        return value
    if value == "always":
        return ()
    lines = value if isinstance(value, list) else [value]
    if not lines:
        raise fail("F209", say("an office that never opens"), _HINT)
    week = sorted(times for line in lines for times in _parse_line(line))
    for (day, _, closes), (next_day, opens, _) in pairwise(week):
        if day == next_day and opens < closes:
            raise fail(
                "F209", say("opening times overlap on {day}", day=DAYS[day].title()), say("leave one of them out")
            )
    return tuple(week)


def _parse_line(line: object) -> list[tuple[int, int, int]]:
    text = line if isinstance(line, str) else str(line)
    match = _HOURS.fullmatch(text) if text is line else None
    days = [day.lower() for day in (match[1], match[2] or match[1])] if match else []
    if match is None or any(day not in DAYS for day in days):
        raise fail("F209", say("{line!r} are not office hours", line=text[:60]), _HINT)
    (opens, minute), (closes, last_minute) = (int(match[3]), int(match[4])), (int(match[5]), int(match[6]))
    opens, closes = opens * 60 + minute, closes * 60 + last_minute
    if max(minute, last_minute) > 59 or closes > 24 * 60:
        raise fail("F209", say("{line!r} has a time that no clock shows", line=text[:60]), _HINT)
    if opens >= closes:
        raise fail(
            "F209",
            say("{line!r} closes before it opens", line=text[:60]),
            say("write a shift over midnight as two lines"),
        )
    first, last = DAYS.index(days[0]), DAYS.index(days[1])
    if last < first:
        raise fail("F209", say("{line!r} runs past the end of the week", line=text[:60]), say("write two lines"))
    return [(day, opens, closes) for day in range(first, last + 1)]


def _write_hours(week: Week) -> list[str] | str:
    return [f"{DAYS[day].title()} {_times(opens, closes)}" for day, opens, closes in week] or "always"


def hours_in_short(week: Week) -> str:
    """Opening times with days of the same times together: ``Sun-Thu 09:00-15:00``; empty for day and night."""
    by_times: dict[tuple[int, int], list[int]] = {}
    for day, opens, closes in week:
        by_times.setdefault((opens, closes), []).append(day)
    return "; ".join(f"{_days(days)} {_times(*times)}" for times, days in by_times.items())


def _days(days: list[int]) -> str:
    # A week may begin on any day: Sunday to Thursday is one stretch.
    first = next((day for day in days if (day - 1) % 7 not in days), days[0])
    stretch = [(first + place) % 7 for place in range(len(days))]
    together = len(days) > 2 and sorted(stretch) == days
    names = [DAYS[day].title() for day in ((stretch[0], stretch[-1]) if together else days)]
    return ("-" if together else ", ").join(names)


def _times(opens: int, closes: int) -> str:
    return f"{opens // 60:02}:{opens % 60:02}-{closes // 60:02}:{closes % 60:02}"


_LINE_SCHEMA = {"type": "string", "pattern": f"^(always|{_HOURS.pattern})$"}

Hours = Annotated[
    Week,
    BeforeValidator(_parse_hours),
    PlainSerializer(_write_hours),
    WithJsonSchema({"anyOf": [_LINE_SCHEMA, {"type": "array", "items": _LINE_SCHEMA, "minItems": 1}]}),
]
"""Opening hours: ``Mon-Fri 09:00-17:00``, a list of such lines, or ``always``."""


class Agency(Record):
    """An institution that runs one or more offices."""

    title: Prose
    """Its name."""
    jurisdiction: Id | None = None
    """The State it belongs to; none for an international body."""
    type: Literal[
        "central authority",
        "prosecution",
        "court",
        "police",
        "foreign ministry",
        "translation service",
        "service provider",
        "bank supervisor",
        "victim support",
        "laboratory",
        "network",
        "other",
    ] = "other"
    """What kind of institution it is."""


class Office(Record):
    """A staffed unit with a queue."""

    title: Prose
    """Its name."""
    jurisdiction: Id | None = None
    """The State it serves."""
    agency: Id | None = None
    """The agency it is part of."""
    role: Id | None = None
    """What stages call on it as: central-authority, prosecution, court, translation, …"""
    also: tuple[Id, ...] = ()
    """Further roles it serves where the State has no office of its own for them: national-bureau, laboratory, …"""
    staff: Annotated[int, Field(ge=1, le=10_000)]
    """How many people (or courtrooms, or laboratories' benches) can work at the same time."""
    hours: Hours = ()
    """When it is open: ``Mon-Fri 09:00-17:00``; ``always`` (the default) is day and night."""
    time_zone: TimeZone | None = None
    """Its zone; that of the jurisdiction unless given."""
    holidays: HolidayCalendar | Literal["none"] | None = None
    """Public holidays; those of the jurisdiction unless given."""
    closing_rule: Literal["suspend and resume", "finish", "hand over"] = "suspend and resume"
    """What happens to work in hand at closing time: the same person resumes it when the office opens again;
    it is finished the same evening; or it goes back to the queue and whoever is free next takes it up."""
    preemptive: bool = False
    """Whether more urgent work interrupts work in hand (which is resumed later, not begun again)."""
    languages: tuple[Language, ...] = ()
    """Languages its staff read, beside those of the jurisdiction."""
    origins: Origins = {}
    """Where its figures come from."""

    @model_validator(mode="after")
    def _figures_have_origins(self) -> Office:
        require_origins(self, ("staff",))
        return self
