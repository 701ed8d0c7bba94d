"""Days and dates as people write them, with names of days and months out of the catalogue.

Python's own names follow the computer's settings, not the language in use.
"""

from __future__ import annotations

from datetime import date

from sim.i18n import _, marked

WEEKDAYS = (
    marked("Monday"),
    marked("Tuesday"),
    marked("Wednesday"),
    marked("Thursday"),
    marked("Friday"),
    marked("Saturday"),
    marked("Sunday"),
)
MONTHS = (
    marked("January"),
    marked("February"),
    marked("March"),
    marked("April"),
    marked("May"),
    marked("June"),
    marked("July"),
    marked("August"),
    marked("September"),
    marked("October"),
    marked("November"),
    marked("December"),
)
SHORT_MONTHS = (
    marked("Jan"),
    marked("Feb"),
    marked("Mar"),
    marked("Apr"),
    marked("May"),
    marked("Jun"),
    marked("Jul"),
    marked("Aug"),
    marked("Sep"),
    marked("Oct"),
    marked("Nov"),
    marked("Dec"),
)


def weekday(day: date) -> str:
    """``Monday``."""
    return _(WEEKDAYS[day.weekday()])


def in_full(day: date) -> str:
    """``3 March 2026``."""
    return _("{day} {month} {year}").format(day=day.day, month=_(MONTHS[day.month - 1]), year=day.year)


def with_weekday(day: date) -> str:
    """``Tuesday 3 March``, where the year is plain."""
    words = _("{weekday} {day} {month}")
    return words.format(weekday=weekday(day), day=day.day, month=_(MONTHS[day.month - 1]))


def in_short(day: date) -> str:
    """``3 Mar``."""
    return _("{day} {month}").format(day=day.day, month=_(SHORT_MONTHS[day.month - 1]))


def in_columns(day: date) -> str:
    """``03 Mar 2026``, as long every day."""
    month = _(SHORT_MONTHS[day.month - 1])
    return _("{day} {month} {year}").format(day=f"{day.day:02}", month=month, year=day.year)
