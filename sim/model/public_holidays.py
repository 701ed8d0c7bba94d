"""Public holidays as the library keeps them, so that a result is the same next year and with any calendar package."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.i18n import say
from sim.model.base import Finding, Header, Origin, Text, fail_with
from sim.model.jurisdiction import HolidayCalendar

Year = Annotated[str, Field(pattern=r"^[0-9]{4}$")]


class PublicHolidays(Header):
    """The public holidays of one calendar, year by year. Only the files that ship are read: what a case is played with
    must not hang on whose folder it lies in."""

    kind: Literal["holidays"]
    """Always ``holidays``."""
    of: HolidayCalendar
    """Whose they are, as profiles write it: ``{like: CH, region: ZH}``."""
    version: Text
    """The version of the calendar package that they were taken from."""
    made_on: date
    """The day on which they were taken from it."""
    origin: Origin
    """Where they come from, with the licence."""
    years: dict[Year, str] = Field(min_length=1)
    """By year, the days from the first to the last: ``01-01 01-06 12-25``."""

    @cached_property
    def days(self) -> dict[int, frozenset[date]]:
        """The days by year."""
        return {int(year): frozenset(_dates(year, words)) for year, words in self.years.items()}

    @property
    def first(self) -> int:
        """The first year kept."""
        return min(self.days)

    @property
    def last(self) -> int:
        """The last year kept; none between the two is left out."""
        return max(self.days)

    @model_validator(mode="after")
    def _sound(self) -> PublicHolidays:
        findings = []
        if self.id != self.of.id:
            hint = say("write id: {id}, and call the file {id}.yaml", id=self.of.id)
            message = say("the id {id!r} is not that of the calendar", id=self.id)
            findings.append(Finding("F210", message, hint, ("id",)))
        for before, year in pairwise(self.years):
            if int(year) != int(before) + 1:
                message = say("{year} follows {before}, where no year is left out", year=year, before=before)
                findings.append(Finding("F210", message, at=("years", year)))
        for year, words in self.years.items():
            try:
                found = list(_dates(year, words))
            except ValueError:
                message = say("{words!r} are not days of {year}", words=words[:60], year=year)
                hint = say("write months and days: 01-01 12-25")
                findings.append(Finding("F209", message, hint, ("years", year)))
                continue
            if any(one >= other for one, other in pairwise(found)):
                message = say("the days of {year} are not in order, or one stands twice", year=year)
                findings.append(Finding("F210", message, at=("years", year)))
        if findings:
            raise fail_with(findings)
        return self


def _dates(year: str, words: str) -> list[date]:
    """The days of a year. Raises `ValueError` for what is no day of it."""
    return [date.fromisoformat(f"{year}-{day}") for day in words.split()]
