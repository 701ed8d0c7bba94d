"""Working time: adding and subtracting are inverse across clock changes, holidays and zones; a slow reference."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.engine.calendar import Calendar
from sim.model.jurisdiction import HolidayCalendar
from sim.model.office import Office
from tests.engine.backwards import subtract

EPOCH = datetime(2026, 1, 5, tzinfo=UTC)
DAY, HOUR = 86400, 3600


def calendar(hours: object, zone: str = "UTC", like: str | None = None, epoch: datetime = EPOCH) -> Calendar:
    week = Office(title="x", staff=1, hours=hours, origins={"all": "assumption: a test"}).hours
    return Calendar(week, zone, HolidayCalendar(like=like) if like else None, epoch)


def seconds(*parts: int, zone: str = "UTC", epoch: datetime = EPOCH) -> int:
    return round((datetime(*parts, tzinfo=ZoneInfo(zone)) - epoch).total_seconds())


CALENDARS = {
    "office hours": calendar("Mon-Fri 09:00-17:00"),
    "stockholm": calendar("Mon-Fri 09:00-17:00", "Europe/Stockholm", "SE"),
    "cairo": calendar("Sun 08:00-15:00", "Africa/Cairo", "EG"),
    "lunch": calendar(["Mon-Thu 08:30-12:00", "Mon-Thu 13:00-17:15", "Fri 08:30-13:00"], "Europe/Dublin", "IE"),
    "whole days": calendar("Mon-Sun 00:00-24:00", "America/New_York"),
    "nights": calendar(["Mon-Sun 00:00-06:00", "Mon-Sun 22:00-24:00"], "Europe/Paris"),
    "early": calendar("Mon-Sun 01:30-03:30", "Europe/Paris"),
}


@pytest.mark.parametrize("name", CALENDARS)
@given(moment=st.integers(0, 900 * DAY), work=st.integers(0, 400 * HOUR))
@example(moment=0, work=1)
@settings(max_examples=120, deadline=None)
def test_adding_and_measuring_are_inverse(name: str, moment: int, work: int) -> None:
    subject = CALENDARS[name]
    end = subject.add(moment, work)
    assert end >= moment
    assert subject.between(moment, end) == work
    if work:
        assert subject.between(moment, end - 1) == work - 1, "it is the earliest such moment"


@pytest.mark.parametrize("name", CALENDARS)
@given(moment=st.integers(200 * DAY, 900 * DAY), work=st.integers(0, 150 * HOUR))
@settings(max_examples=120, deadline=None)
def test_subtracting_undoes_adding(name: str, moment: int, work: int) -> None:
    subject = CALENDARS[name]
    opened = subject.next_open(moment)
    assert subtract(subject, subject.add(opened, work), work) == opened
    assert subject.between(subtract(subject, moment, work), moment) == work


def reference(hours: list[tuple[int, int, int]], zone: str, holidays: set[date], start: int, work: int) -> int:
    """Adding working time minute by minute, as slowly and plainly as can be."""
    moment = EPOCH + timedelta(seconds=start)
    left = work
    while left > 0:
        local = moment.astimezone(ZoneInfo(zone))
        minute = local.hour * 60 + local.minute
        if local.date() not in holidays and any(
            day == local.weekday() and opens <= minute < closes for day, opens, closes in hours
        ):
            left -= 60
        moment += timedelta(minutes=1)
    return round((moment - EPOCH).total_seconds())


@given(start=st.integers(0, 400 * 24 * 60), work=st.integers(1, 40 * 60))
@example(start=80 * 24 * 60, work=30 * 60)  # the clocks go forward on 29 March 2026
@example(start=292 * 24 * 60, work=30 * 60)  # and back on 25 October
@settings(max_examples=25, deadline=None)
def test_agrees_with_walking_minute_by_minute(start: int, work: int) -> None:
    subject = CALENDARS["stockholm"]
    from holidays import country_holidays

    closed = set(country_holidays("SE", years=[2026, 2027, 2028]))
    week = [(day, 9 * 60, 17 * 60) for day in range(5)]
    assert subject.add(start * 60, work * 60) == reference(week, "Europe/Stockholm", closed, start * 60, work * 60)


def test_by_hand() -> None:
    subject = CALENDARS["office hours"]
    friday_four = seconds(2026, 1, 9, 16)
    assert subject.add(friday_four, 2 * HOUR) == seconds(2026, 1, 12, 10), "over the week-end"
    assert subject.add(friday_four, HOUR) == seconds(2026, 1, 9, 17), "exactly at closing time"
    assert subject.add(seconds(2026, 1, 10, 12), HOUR) == seconds(2026, 1, 12, 10), "from a closed day"
    assert subject.next_open(seconds(2026, 1, 9, 17)) == seconds(2026, 1, 12, 9)
    assert subject.next_open(friday_four) == friday_four
    assert subject.closes(friday_four) == seconds(2026, 1, 9, 17)
    assert subject.closes(seconds(2026, 1, 9, 17)) == seconds(2026, 1, 12, 17)
    assert subject.working_day == 8 * HOUR
    with pytest.raises(ValueError, match="begins later"):
        subtract(subject, seconds(2026, 1, 5, 12), 10 * HOUR)


def test_public_holidays_are_closed() -> None:
    subject = CALENDARS["stockholm"]
    midsummer_eve = seconds(2026, 6, 18, 16, zone="Europe/Stockholm")
    # Friday 19 June 2026 is Midsummer Eve, no public holiday by law; 6 June, the national day, is a Saturday.
    assert (
        subject.between(
            seconds(2026, 12, 25, 0, zone="Europe/Stockholm"), seconds(2026, 12, 27, zone="Europe/Stockholm")
        )
        == 0
    )
    assert subject.between(midsummer_eve, midsummer_eve + HOUR) == HOUR


@pytest.mark.parametrize(("day", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 5, 3), 24)])
def test_days_are_as_long_as_they_really_are(day: tuple[int, int, int], hours: int) -> None:
    subject = calendar("Mon-Sun 00:00-24:00", "Europe/Stockholm")
    first = seconds(*day, zone="Europe/Stockholm")
    following = datetime(*day) + timedelta(days=1)
    last = seconds(following.year, following.month, following.day, zone="Europe/Stockholm")
    assert subject.between(first, last) == hours * HOUR


def test_zones_differ() -> None:
    hong_kong = calendar("Mon-Fri 09:00-17:00", "Asia/Hong_Kong")
    assert hong_kong.next_open(seconds(2026, 1, 6, 0)) == seconds(2026, 1, 6, 1)
    assert CALENDARS["cairo"].next_open(seconds(2026, 1, 9, 12)) == seconds(2026, 1, 11, 8, zone="Africa/Cairo")


def test_midnight_is_no_gap() -> None:
    nights = CALENDARS["nights"]
    evening = seconds(2026, 1, 8, 23, zone="Europe/Paris")
    assert nights.add(evening, 2 * HOUR) == seconds(2026, 1, 9, 1, zone="Europe/Paris")
    assert nights.closes(evening) == seconds(2026, 1, 9, 6, zone="Europe/Paris")
