"""Durations in words, and office hours."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from sim.model.durations import DAY, HOUR, LONGEST, MINUTE, MONTH, WEEK, YEAR, Duration, Span
from sim.model.office import Hours

HOURS: TypeAdapter[Any] = TypeAdapter(Hours)


def finding(error: pytest.ExceptionInfo[ValidationError]) -> tuple[str, str]:
    """Code and message of a validation error of ours."""
    (detail,) = error.value.errors()
    (found,) = detail["ctx"]["findings"]
    return found.code, str(found.message)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("90 seconds", Span(90)),
        ("1.5 minutes", Span(1.5 * MINUTE)),
        ("8 hours", Span(8 * HOUR)),
        ("  3   Days ", Span(3 * DAY)),
        ("1 week", Span(WEEK)),
        ("2 months", Span(2 * MONTH)),
        ("1 year", Span(YEAR)),
        ("5 working days", Span(5, "working", True)),
        ("2 working weeks", Span(10, "working", True)),
        ("2 working hours", Span(2 * HOUR, "working")),
        ("30 working minutes", Span(30 * MINUTE, "working")),
        ("0 days", Span(0)),
    ],
)
def test_a_span_in_words(text: str, span: Span) -> None:
    assert Span.parse(text) == span


@pytest.mark.parametrize(
    "text",
    [
        "",
        "days",
        "5",
        "-5 days",
        "five days",
        "5 dayz",
        "1e3 days",
        "5 days 3 hours",
        "٣ days",
        None,
        5,
        True,
        ["5 days"],
    ],
)
def test_what_is_no_span_says_how_to_write_one(text: Any) -> None:
    with pytest.raises(ValidationError) as error:
        Duration.model_validate(text)
    assert finding(error)[0] == "F205"


@pytest.mark.parametrize("text", ["101 years", "40000 days", "40000 working days", "9999999999 working hours"])
def test_nothing_takes_longer_than_a_hundred_years(text: str) -> None:
    with pytest.raises(ValidationError) as error:
        Duration.model_validate(text)
    assert finding(error) == ("F207", f"'{text}' is longer than 100 years")


def test_working_months_are_not_used() -> None:
    with pytest.raises(ValidationError) as error:
        Duration.model_validate("2 working months")
    assert finding(error) == ("F205", "'2 working months': working months and years are not used")


@pytest.mark.parametrize(
    ("written", "shape", "seconds", "number"),
    [
        ("2 days", "fixed", (2 * DAY,), 0),
        ({"fixed": "2 days"}, "fixed", (2 * DAY,), 0),
        ({"exponential": "2 days"}, "exponential", (2 * DAY,), 0),
        ({"between": ["1 day", "3 days"]}, "uniform", (DAY, 3 * DAY), 0),
        ({"between": ["1 day", "3 days"], "usually": "2 days"}, "triangular", (DAY, 2 * DAY, 3 * DAY), 0),
        ({"triangular": ["1 day", "2 days", "3 days"]}, "triangular", (DAY, 2 * DAY, 3 * DAY), 0),
        ({"median": "1 day", "p90": "3 days"}, "lognormal", (DAY, 3 * DAY), 0),
        ({"lognormal": {"mean": "1 day", "cv": 0.5}}, "lognormal", (DAY,), 0.5),
        ({"gamma": {"mean": "1 day", "cv": 2}}, "gamma", (DAY,), 2),
        ({"empirical": ["3 days", "1 day"]}, "empirical", (3 * DAY, DAY), 0),
        ({"times": 0.5, "of": {"exponential": "2 days"}}, "exponential", (DAY,), 0),
        ({"times": 2, "of": {"times": 3, "of": "1 day"}}, "fixed", (6 * DAY,), 0),
    ],
)
def test_a_distribution_in_words(written: Any, shape: str, seconds: tuple[float, ...], number: float) -> None:
    duration = Duration.model_validate(written)
    assert (duration.shape, duration.seconds(), duration.number) == (shape, seconds, number)


def test_median_and_sigma_become_median_and_90th_percentile() -> None:
    duration = Duration.model_validate({"lognormal": {"median": "10 working days", "sigma": 1}})
    median, p90 = duration.seconds()
    assert math.log(p90 / median) == pytest.approx(1.28155, abs=1e-5)
    assert duration.clock == "working"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ({}, "F205"),
        ([], "F205"),
        ({"shape": "fixed", "spans": ["1 day"]}, "F205"),
        ({"median": "1 day"}, "F205"),
        ({"gamma": {"mean": "1 day"}}, "F205"),
        ({"gamma": {"median": "1 day", "sigma": 1}}, "F205"),
        ({"between": "1 day"}, "F205"),
        ({"between": ["1 day"]}, "F205"),
        ({"between": ["2 days", "1 day"]}, "F205"),
        ({"between": ["1 day", "2 days"], "usually": "3 days"}, "F205"),
        ({"median": "2 days", "p90": "1 day"}, "F205"),
        ({"between": ["1 day", "2 working days"]}, "F205"),
        ({"empirical": []}, "F205"),
        ({"times": 2, "of": "much"}, "F205"),
        ({"median": "0 days", "p90": "1 day"}, "F207"),
        ({"exponential": "0 days"}, "F207"),
        ({"gamma": {"mean": "1 day", "cv": 0}}, "F207"),
        ({"gamma": {"mean": "1 day", "cv": float("nan")}}, "F207"),
        ({"gamma": {"mean": "1 day", "cv": True}}, "F207"),
        ({"lognormal": {"median": "90 years", "sigma": 5}}, "F207"),
        ({"times": 0, "of": "1 day"}, "F207"),
        ({"times": "2", "of": "1 day"}, "F207"),
        ({"times": 1000, "of": "1 year"}, "F207"),
    ],
    ids=str,
)
def test_a_distribution_that_cannot_be(written: Any, code: str) -> None:
    with pytest.raises(ValidationError) as error:
        Duration.model_validate(written)
    assert finding(error)[0] == code


spans = st.builds(
    lambda amount, unit: Span.parse(f"{amount} {unit}"),
    st.integers(1, 3000) | st.decimals("0.01", 100, places=2),
    st.sampled_from(["second", "minutes", "hours", "days", "weeks", "working hours", "working days", "working weeks"]),
)


@given(spans)
def test_a_span_is_written_as_it_is_read(span: Span) -> None:
    assert Span.parse(str(span)) == span


@st.composite
def written_durations(draw: st.DrawFn) -> Any:
    """Every form of a duration, valid."""
    unit = draw(st.sampled_from(["hours", "days", "working minutes", "working days"]))
    low, mode, high = sorted(draw(st.lists(st.integers(1, 400), min_size=3, max_size=3)))
    number = draw(st.floats(0.01, 4))
    return draw(
        st.sampled_from(
            [
                f"{low} {unit}",
                {"fixed": f"{low} {unit}"},
                {"median": f"{low} {unit}", "p90": f"{high} {unit}"},
                {"between": [f"{low} {unit}", f"{high} {unit}"]},
                {"between": [f"{low} {unit}", f"{high} {unit}"], "usually": f"{mode} {unit}"},
                {"exponential": f"{low} {unit}"},
                {"lognormal": {"mean": f"{low} {unit}", "cv": number}},
                {"lognormal": {"median": f"{low} {unit}", "sigma": number / 2}},
                {"gamma": {"mean": f"{low} {unit}", "cv": number}},
                {"triangular": [f"{low} {unit}", f"{mode} {unit}", f"{high} {unit}"]},
                {"empirical": [f"{high} {unit}", f"{low} {unit}"]},
                {"times": number, "of": f"{low} {unit}"},
            ]
        )
    )


@given(written_durations(), st.floats(HOUR, 12 * HOUR))
def test_seconds_are_positive_and_bounded(written: Any, working_day: float) -> None:
    seconds = Duration.model_validate(written).seconds(working_day)
    assert all(0 < amount <= LONGEST for amount in seconds)


@given(written_durations(), st.floats(0.1, 10))
def test_scaling_scales_every_second_and_nothing_else(written: Any, factor: float) -> None:
    duration = Duration.model_validate(written)
    scaled = duration.scaled(factor)
    assert scaled.seconds() == pytest.approx([amount * factor for amount in duration.seconds()])
    assert (scaled.shape, scaled.number, scaled.clock) == (duration.shape, duration.number, duration.clock)


@given(written_durations())
def test_a_duration_is_written_as_it_is_read(written: Any) -> None:
    duration = Duration.model_validate(written)
    again = Duration.model_validate(duration.model_dump())
    assert again.seconds() == pytest.approx(duration.seconds())
    assert (again.shape, again.clock, again.number) == (duration.shape, duration.clock, duration.number)


def test_a_duration_made_in_code_is_taken_as_it_is() -> None:
    duration = Duration(shape="fixed", spans=(Span(60.0),))
    assert Duration.model_validate(duration) is duration
    assert duration.model_dump() == "1 minute"


@pytest.mark.parametrize(
    ("written", "week"),
    [
        ("always", ()),
        ("Mon 9:00-17:30", ((0, 540, 1050),)),
        ("sat-sun 00:00-24:00", ((5, 0, 1440), (6, 0, 1440))),
        (["Fri 14:00-16:00", "Fri 09:00-12:00"], ((4, 540, 720), (4, 840, 960))),
        (["Mon 09:00-12:00", "Mon 12:00-13:00"], ((0, 540, 720), (0, 720, 780))),
    ],
)
def test_office_hours(written: Any, week: Any) -> None:
    assert HOURS.validate_python(written) == week
    assert HOURS.validate_python(HOURS.dump_python(week)) == week, "written as they are read"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("9 to 5", "'9 to 5' are not office hours"),
        ("Mon-Fry 09:00-17:00", "'Mon-Fry 09:00-17:00' are not office hours"),
        ([5], "'5' are not office hours"),
        ([], "an office that never opens"),
        ("Mon 17:00-09:00", "'Mon 17:00-09:00' closes before it opens"),
        ("Mon 09:00-09:00", "'Mon 09:00-09:00' closes before it opens"),
        ("Mon 09:75-17:00", "'Mon 09:75-17:00' has a time that no clock shows"),
        ("Mon 09:00-24:01", "'Mon 09:00-24:01' has a time that no clock shows"),
        ("Fri-Mon 09:00-17:00", "'Fri-Mon 09:00-17:00' runs past the end of the week"),
        (["Mon-Wed 09:00-12:00", "Tue 11:00-13:00"], "opening times overlap on Tue"),
    ],
)
def test_what_are_no_office_hours(written: Any, message: str) -> None:
    with pytest.raises(ValidationError) as error:
        HOURS.validate_python(written)
    assert finding(error) == ("F209", message)


@given(st.text(max_size=30) | st.lists(st.text(max_size=30), max_size=3) | st.integers() | st.none())
def test_any_hours_give_a_week_or_a_problem(written: Any) -> None:
    try:
        week = HOURS.validate_python(written)
    except ValidationError as error:
        assert {found.code for detail in error.errors() for found in detail["ctx"]["findings"]} == {"F209"}
    else:
        assert all(0 <= day <= 6 and 0 <= opens < closes <= 1440 for day, opens, closes in week)
