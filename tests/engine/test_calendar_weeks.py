"""Working time in any week: opening times drawn at random, in odd zones, against the clock on the office's wall."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from holidays import country_holidays
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.calendar import Calendar
from sim.model.jurisdiction import HolidayCalendar
from sim.model.office import Week
from tests.engine.backwards import subtract

OFFICE: Week = tuple((day, 9 * 60, 17 * 60) for day in range(5))
ZONES = ["UTC", "Europe/Oslo", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Casablanca"]
HOUR, DAY, QUARTER = 3600, 86400, 900


def calendar(
    week: Week = OFFICE, zone: str = "UTC", holidays: HolidayCalendar | None = None, start: str = "2026-01-05"
) -> Calendar:
    return Calendar(week, zone, holidays, datetime.fromisoformat(start).replace(tzinfo=UTC))


def is_open(calendar: Calendar, moment: int) -> bool:
    """The slow way: what the clock on the wall says."""
    local = (calendar.epoch + timedelta(seconds=moment)).astimezone(calendar.zone)
    kept = calendar.holidays
    if kept is not None and local.date() in holidays(kept.like, kept.region, local.year):
        return False
    minute = local.hour * 60 + local.minute
    return any(day == local.weekday() and opens <= minute < closes for day, opens, closes in calendar.week)


@cache
def holidays(like: str, region: str | None, year: int) -> set[date]:
    return set(country_holidays(like, subdiv=region, years=year))


# Half past one and half past two come twice in some of the zones when the clocks are put back: see below for those.
half_hours = st.integers(0, 48).filter(lambda place: place not in (3, 5))


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    """Opening times in steps of 30 minutes, one or two spells on each of some days."""
    week = []
    for day in sorted(draw(st.sets(st.integers(0, 6), min_size=1))):
        bounds = sorted(draw(st.sets(half_hours, min_size=2, max_size=4)))
        week += [(day, 30 * opens, 30 * closes) for opens, closes in zip(bounds[::2], bounds[1::2], strict=False)]
    return tuple(week)


calendars = st.builds(
    calendar,
    week=weeks(),
    zone=st.sampled_from(ZONES),
    holidays=st.sampled_from([None, HolidayCalendar(like="NO"), HolidayCalendar(like="DE", region="BY")]),
    start=st.sampled_from(["2026-01-05", "2026-03-27", "2026-10-23", "2025-12-29"]),
)
moments = st.integers(0, 90 * DAY)


@settings(deadline=None)
@given(calendars, moments, st.integers(1, 200 * HOUR))
def test_adding_and_subtracting_are_inverse(calendar: Calendar, moment: int, work: int) -> None:
    done = calendar.add(moment, work)
    assert calendar.between(moment, done) == work
    assert calendar.between(moment, done - 1) == work - 1  # no earlier moment would do
    back = subtract(calendar, done, work)
    assert calendar.between(back, done) == work
    assert back >= calendar.next_open(moment)  # the latest from which it takes so long


@settings(deadline=None)
@given(calendars, moments)
def test_opening_and_closing(calendar: Calendar, moment: int) -> None:
    opens = calendar.next_open(moment)
    assert opens >= moment
    assert is_open(calendar, opens)
    assert calendar.between(moment, opens) == 0
    assert is_open(calendar, moment) == (opens == moment)
    closes = calendar.closes(moment)
    assert not is_open(calendar, closes)
    assert calendar.between(opens, closes) == closes - opens > 0  # open throughout


@settings(max_examples=40, deadline=None)
@given(calendars, moments, st.integers(1, 40))
def test_agrees_with_the_clock_on_the_wall(calendar: Calendar, moment: int, half_hours: int) -> None:
    # Opening times in steps of 30 minutes, zones in steps of 15: a look at every quarter of an hour is exact.
    begin = moment // QUARTER * QUARTER
    walked = [is_open(calendar, begin + place * QUARTER) for place in range(4 * 24 * 10)]
    assert calendar.between(begin, begin + len(walked) * QUARTER) == sum(walked) * QUARTER
    if sum(walked) >= 2 * half_hours:
        counted = place = 0
        while counted < 2 * half_hours:
            counted += walked[place]
            place += 1
        assert calendar.add(begin, half_hours * 2 * QUARTER) == begin + place * QUARTER


def test_no_work_takes_no_time_even_when_closed() -> None:
    night = 3 * HOUR
    assert calendar().add(night, 0) == night
    assert calendar().add(night, -5) == night
    assert subtract(calendar(), night, 0) == night


def test_regional_holidays() -> None:
    # Epiphany is kept in Bavaria and not in Berlin.
    bavaria = calendar(zone="Europe/Berlin", holidays=HolidayCalendar(like="DE", region="BY"))
    berlin = calendar(zone="Europe/Berlin", holidays=HolidayCalendar(like="DE", region="BE"))
    epiphany = DAY + 9 * HOUR  # ten in the morning there
    assert berlin.next_open(epiphany) == epiphany
    assert bavaria.next_open(epiphany) == epiphany + DAY - HOUR


def test_office_hours_move_with_the_clocks() -> None:
    oslo = calendar(zone="Europe/Oslo", start="2026-03-27")
    friday = 8 * HOUR  # nine in winter
    monday = friday + 3 * DAY - HOUR  # nine in summer
    assert oslo.add(friday, 8 * HOUR + 1) == monday + 1


@pytest.mark.parametrize(
    ("day", "opens", "closes", "hours"),
    [
        ("2026-03-29", (0, 0), (2, 30), 2),  # two o'clock is three o'clock: half past two never comes
        ("2026-03-29", (2, 30), (5, 0), 2),
        ("2026-03-29", (2, 10), (2, 50), 0),
        ("2026-10-25", (0, 0), (2, 30), 2.5),  # the first half past two, and not again
        ("2026-10-25", (2, 30), (5, 0), 3.5),
        ("2026-10-25", (1, 0), (4, 0), 4),
        ("2026-10-24", (0, 0), (2, 30), 2.5),
    ],
)
def test_opening_times_when_the_clocks_change(
    day: str, opens: tuple[int, int], closes: tuple[int, int], hours: float
) -> None:
    weekday = date.fromisoformat(day).weekday()
    week: Week = ((weekday, 60 * opens[0] + opens[1], 60 * closes[0] + closes[1]),)
    noon_before = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo("Europe/Oslo")) - timedelta(hours=12)
    oslo = Calendar(week, "Europe/Oslo", None, noon_before)
    assert oslo.open_seconds(30 * HOUR) == hours * HOUR


def test_day_and_night_is_one_interval() -> None:
    always = calendar(tuple((day, 0, 24 * 60) for day in range(7)), "Europe/Oslo")
    assert always.add(12345, 30 * DAY) == 12345 + 30 * DAY
    assert len(always.starts) == 1
    assert always.working_day == DAY


def test_the_length_of_a_working_day_is_that_of_an_ordinary_one() -> None:
    week: Week = ((0, 8 * 60, 12 * 60), (0, 13 * 60, 17 * 60 + 30), (2, 22 * 60, 24 * 60), (3, 0, 3 * 60))
    assert calendar(week).working_day == pytest.approx((4 + 4.5 + 2 + 3) * HOUR / 3)


def test_grows_as_far_as_it_is_asked() -> None:
    years = 30 * 365 * DAY
    assert calendar().between(0, calendar().add(0, 2000 * 8 * HOUR)) == 2000 * 8 * HOUR
    assert calendar().next_open(years) >= years
    assert calendar().closes(years) > years
    assert calendar().open_seconds(0) == 0


def test_begins_in_the_middle_of_a_day() -> None:
    noon = datetime(2026, 1, 5, 12, tzinfo=ZoneInfo("America/New_York"))
    new_york = Calendar(OFFICE, "America/New_York", None, noon)
    assert new_york.add(0, HOUR) == HOUR
    assert new_york.closes(0) == 5 * HOUR


def test_can_be_sent_to_another_process_and_shared_by_threads() -> None:
    oslo = calendar(zone="Europe/Oslo", holidays=HolidayCalendar(like="NO"))
    copy = pickle.loads(pickle.dumps(oslo))
    years = [year * 365 * DAY for year in range(1, 40)]
    with ThreadPoolExecutor(8) as executor:
        shared = list(executor.map(oslo.open_seconds, years * 4))
    assert shared == [copy.open_seconds(year) for year in years] * 4
