"""Durations as people say them, and as distributions.

A span is an amount on one of two clocks. *Calendar* spans (``3 days``, ``8 hours``) run day and night.
*Working* spans (``5 working days``, ``2 working hours``) run only while the office concerned is open; one
working day is that office's ordinary day.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, NotRequired, TypedDict

from pydantic import (
    AfterValidator,
    BeforeValidator,
    GetJsonSchemaHandler,
    GetPydanticSchema,
    PlainSerializer,
    WithJsonSchema,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from sim.i18n import say
from sim.model.base import Record, fail

MINUTE, HOUR, DAY = 60, 3600, 86400
WEEK, YEAR = 7 * DAY, 365 * DAY
MONTH = YEAR / 12  # 30.4 days, as the published monthly figures are usually converted

LONGEST = 100 * YEAR
"""No duration in a file is longer, in seconds."""
WIDEST = 100_000
"""The 90th percentile of a duration is at most so many times its median: beyond, single draws outlast the sun."""
FIRST_YEAR, LAST_YEAR = 1950, 2100
"""In which years a world or a case can start: zones and holidays are known, and a century may pass."""

_UNITS = {"second": 1, "minute": MINUTE, "hour": HOUR, "day": DAY, "week": WEEK, "month": MONTH, "year": YEAR}
_WHOLE_UNITS = (("day", DAY), ("hour", HOUR), ("minute", MINUTE), ("second", 1))
_SPAN = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(working\s+)?([a-z]+?)s?\s*", re.IGNORECASE)
_HINT = say("write for example 5 working days, 8 hours, or {median: 20 days, p90: 60 days}")

NORMAL_P90 = 1.2815515655446004
"""The 90th percentile of the standard normal distribution."""

Clock = Literal["calendar", "working"]


@dataclass(frozen=True)
class Span:
    """An amount of time on a clock; ``amount`` in seconds, except working days, which are ``days``."""

    amount: float
    clock: Clock = "calendar"
    days: bool = False

    @classmethod
    def parse(cls, text: object) -> Span:
        """A span from text such as ``5 working days``. Raises a validation error (F205) otherwise."""
        match = _SPAN.fullmatch(text) if isinstance(text, str) and len(text) < 60 else None
        unit = match[3].lower() if match else ""
        if match is None or unit not in _UNITS:
            raise fail("F205", say("{text!r} is not a duration", text=str(text)[:60]), _HINT)
        amount = float(match[1])
        if not match[2]:
            span = cls(amount * _UNITS[unit])
        elif unit in ("second", "minute", "hour"):
            span = cls(amount * _UNITS[unit], "working")
        elif unit in ("day", "week"):
            span = cls(amount * (5 if unit == "week" else 1), "working", True)
        else:
            raise fail(
                "F205", say("{text!r}: working months and years are not used", text=text), say("write working days")
            )
        if span.seconds(24 * HOUR) > LONGEST:
            raise fail("F207", say("{text!r} is longer than 100 years", text=text))
        return span

    def seconds(self, working_day: float = 8 * HOUR) -> float:
        """Length in seconds of its own clock, given the length of a working day in seconds."""
        return self.amount * working_day if self.days else self.amount

    def __str__(self) -> str:
        """In words that `parse` reads back as the same span."""
        if self.days:
            amount, unit = self.amount, "working day"
        else:
            units = _WHOLE_UNITS[1:] if self.clock == "working" else _WHOLE_UNITS  # a working day has no fixed length
            size, unit = next((n, u) for u, n in units if self.amount % n == 0 or n == 1)
            amount, unit = self.amount / size, f"working {unit}" if self.clock == "working" else unit
        return f"{_decimal(amount)} {unit}{'' if amount == 1 else 's'}"


def _decimal(number: float) -> str:
    """The shortest digits that give the number back, without an exponent."""
    return format(Decimal(repr(float(number))), "f").removesuffix(".0")


_SPAN_SCHEMA = {"type": "string", "pattern": r"^\s*[0-9]+(\.[0-9]+)?\s*([wW][a-z]+\s+)?[a-zA-Z]+\s*$"}
_NUMBER_SCHEMA = {"type": "number", "exclusiveMinimum": 0}


def _form(**properties: JsonSchemaValue) -> JsonSchemaValue:
    """The JSON Schema of a mapping with exactly these keys."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(least: int, most: int | None = None) -> JsonSchemaValue:
    limit = {} if most is None else {"maxItems": most}
    return {"type": "array", "items": _SPAN_SCHEMA, "minItems": least, **limit}


_SPREAD = _form(mean=_SPAN_SCHEMA, cv=_NUMBER_SCHEMA)
_SCHEMA: JsonSchemaValue = {
    "anyOf": [
        _SPAN_SCHEMA,
        _form(fixed=_SPAN_SCHEMA),
        _form(median=_SPAN_SCHEMA, p90=_SPAN_SCHEMA),
        _form(between=_list(2, 2)),
        _form(between=_list(2, 2), usually=_SPAN_SCHEMA),
        _form(exponential=_SPAN_SCHEMA),
        _form(lognormal={"anyOf": [_SPREAD, _form(median=_SPAN_SCHEMA, sigma=_NUMBER_SCHEMA)]}),
        _form(gamma=_SPREAD),
        _form(triangular=_list(3, 3)),
        _form(empirical=_list(1)),
        _form(times=_NUMBER_SCHEMA, of={"type": ["string", "object"]}),
    ]
}

Shape = Literal["fixed", "uniform", "triangular", "exponential", "lognormal", "gamma", "empirical"]

ReadSpan = Annotated[Span, GetPydanticSchema(lambda source, handler: core_schema.any_schema())]
"""A span in a record: read by `Span.parse` before, so that nothing is left to check."""

Written = str | dict[str, object]
"""A duration as an author writes it: one span, or a mapping that names a distribution."""


class _Fields(TypedDict):
    """The fields of a `Duration`."""

    shape: Shape
    spans: tuple[Span, ...]
    number: NotRequired[float]
    scale: NotRequired[float]


class Duration(Record):
    """How long something takes: one span, or a distribution of spans.

    ``5 working days`` · ``{median: 20 days, p90: 60 days}`` (lognormal) · ``{between: [3 days, 10 days]}``
    (uniform; with ``usually: 4 days``, triangular) · ``{fixed: …}`` · ``{exponential: MEAN}`` ·
    ``{lognormal: {mean: …, cv: …}}`` or ``{lognormal: {median: …, sigma: …}}`` ·
    ``{gamma: {mean: …, cv: …}}`` · ``{triangular: [LOW, MODE, HIGH]}`` · ``{empirical: [SPAN, …]}`` ·
    ``{times: 0.5, of: DURATION}`` (any of them, scaled).
    """

    shape: Shape
    """The distribution; ``fixed`` has one span."""
    spans: tuple[ReadSpan, ...]
    """Its parameters: the span, low and high, low, mode and high, median and 90th percentile, mean, or the
    values observed."""
    number: float = 0.0
    """The coefficient of variation, where the distribution has one."""
    scale: float = 1.0
    """Factor on every span."""

    @model_validator(mode="before")
    @classmethod
    def _from_words(cls, value: object) -> object:
        # No file gives a tuple, so spans in a tuple come from code.
        built = isinstance(value, dict) and isinstance(value.get("spans"), tuple)
        return value if built or isinstance(value, Duration) else _parse(value)

    @model_validator(mode="after")
    def _one_clock(self) -> Duration:
        if len({span.clock for span in self.spans}) > 1:
            raise fail(
                "F205", say("a duration mixes working time and calendar time"), say("use the same clock throughout")
            )
        if max(self.seconds(24 * HOUR)) > LONGEST:
            raise fail("F207", say("the duration is longer than 100 years"))
        if self.scale < _LEAST:
            raise fail("F207", say("a duration is scaled by {least} at least", least=f"{_LEAST:g}"))
        if self.shape == "lognormal" and len(self.spans) == 2 and self.spans[1].amount > WIDEST * self.spans[0].amount:
            raise fail(
                "F207",
                say("the 90th percentile is more than {most} times the median", most=f"{WIDEST:,}"),
                say("bring the two closer together"),
            )
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return dict(_SCHEMA)

    @model_serializer
    def _to_words(self) -> Written:
        return _written(self)

    @property
    def clock(self) -> Clock:
        """``working`` or ``calendar``."""
        return self.spans[0].clock

    def seconds(self, working_day: float = 8 * HOUR) -> tuple[float, ...]:
        """The spans in seconds, scaled: the parameters of the distribution for an office's working day."""
        return tuple(span.seconds(working_day) * self.scale for span in self.spans)

    def scaled(self, factor: float) -> Duration:
        """The same duration, ``factor`` times as long."""
        return self.model_copy(update={"scale": self.scale * factor})


def _check_year(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        years = {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise fail("F207", say("starts in {year}, where it may be {first} to {last}", year=day.year, **years))
    return day


StartDay = Annotated[date, AfterValidator(_check_year)]
"""First day of a world."""

StartTime = Annotated[datetime, AfterValidator(_check_year)]
"""Date and time at which a case begins."""

Period = Annotated[
    ReadSpan,
    BeforeValidator(lambda value: value if isinstance(value, Span) else Span.parse(value)),
    PlainSerializer(str),
    WithJsonSchema(_SPAN_SCHEMA),
]
"""A single span such as ``14 days``."""


def _whole_seconds(clock: Clock) -> Callable[[object], int]:
    """A reader of one span on a clock. What a patch has scaled (``{times: 0.5, of: 14 days}``) is one span too."""

    def read(value: object) -> int:
        parsed = _parse(value)
        example = "14 days" if clock == "calendar" else "20 working minutes"
        if parsed["shape"] != "fixed":
            raise fail(
                "F205",
                say("this is a distribution, where one length is needed"),
                say("write one span: {example}", example=example),
            )
        (span,) = parsed["spans"]
        if span.clock != clock or span.days:
            raise fail(
                "F205",
                say("{span} is not a length of {clock} time", span=span, clock=clock),
                say("write for example {example}", example=example),
            )
        length = span.amount * parsed.get("scale", 1.0)
        if length > LONGEST:
            raise fail("F207", say("the length is more than 100 years"))
        return round(length)

    return read


Seconds = Annotated[
    int,
    BeforeValidator(_whole_seconds("calendar")),
    PlainSerializer(lambda seconds: str(Span(seconds))),
    WithJsonSchema(_SPAN_SCHEMA),
]
"""A single span such as ``14 days``; to the program, whole seconds."""

WorkingSeconds = Annotated[
    int,
    BeforeValidator(_whole_seconds("working")),
    PlainSerializer(lambda seconds: str(Span(seconds, "working"))),
    WithJsonSchema(_SPAN_SCHEMA),
]
"""A single span of working time such as ``20 working minutes``; to the program, whole seconds."""


_LEAST = 1e-6
"""Smallest factor and coefficient of variation: what is smaller is nothing, and its square no number any more."""


def _number(value: object, name: str, low: float = _LEAST, high: float = 10.0) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low < value <= high:
        raise fail(
            "F207",
            say(
                "{name} must be a number above {low} and at most {high}, not {value!r}",
                name=name,
                low=f"{low:g}",
                high=f"{high:g}",
                value=str(value)[:30],
            ),
        )
    return float(value)


def _spans(value: object, count: int | None, name: str) -> tuple[Span, ...]:
    if not isinstance(value, list) or not value or (count is not None and len(value) != count):
        if count:
            raise fail("F205", say("{name} needs a list of {count} durations", name=name, count=count), _HINT)
        raise fail("F205", say("{name} needs a list of durations", name=name), _HINT)
    return tuple(Span.parse(item) for item in value)


def _ordered(spans: tuple[Span, ...], name: str) -> tuple[Span, ...]:
    lengths = [span.seconds() for span in spans]
    if lengths != sorted(lengths):
        raise fail("F205", say("{name} needs its durations from shortest to longest", name=name))
    return spans


def _positive(span: Span, name: str) -> Span:
    if span.amount <= 0:
        raise fail("F207", say("{name} must be longer than nothing", name=name))
    return span


def _parse(value: object) -> _Fields:
    """The fields of a `Duration` from what an author wrote."""
    if not isinstance(value, dict):
        return {"shape": "fixed", "spans": (Span.parse(value),)}
    keys = set(value)
    if keys == {"times", "of"}:
        inner = _parse(value["of"])
        return {**inner, "scale": inner.get("scale", 1.0) * _number(value["times"], "times", high=1000.0)}
    if keys == {"median", "p90"}:
        median, p90 = _ordered((Span.parse(value["median"]), Span.parse(value["p90"])), "median and p90")
        return {"shape": "lognormal", "spans": (_positive(median, "median"), p90)}
    if "between" in keys and keys <= {"between", "usually"}:
        low, high = _ordered(_spans(value["between"], 2, "between"), "between")
        if "usually" in keys:
            spans = _ordered((low, Span.parse(value["usually"]), high), "between and usually")
            return {"shape": "triangular", "spans": spans}
        return {"shape": "uniform", "spans": (low, high)}
    if len(keys) == 1:
        (name,) = keys
        content = value[name]
        if name == "fixed":
            return {"shape": "fixed", "spans": (Span.parse(content),)}
        if name == "exponential":
            return {"shape": "exponential", "spans": (_positive(Span.parse(content), "exponential"),)}
        if name == "triangular":
            return {"shape": "triangular", "spans": _ordered(_spans(content, 3, name), name)}
        if name == "empirical":
            return {"shape": "empirical", "spans": _spans(content, None, name)}
        if name in ("lognormal", "gamma") and isinstance(content, dict):
            if set(content) == {"mean", "cv"}:
                mean = _positive(Span.parse(content["mean"]), "mean")
                return {"shape": name, "spans": (mean,), "number": _number(content["cv"], "cv")}
            if name == "lognormal" and set(content) == {"median", "sigma"}:
                median = _positive(Span.parse(content["median"]), "median")
                # Kept as median and 90th percentile, so that lognormal has one meaning of two spans.
                sigma = _number(content["sigma"], "sigma", high=5.0)
                p90 = replace(median, amount=median.amount * math.exp(NORMAL_P90 * sigma))
                return {"shape": "lognormal", "spans": (median, p90)}
    raise fail(
        "F205",
        say("{names} does not describe a duration", names=", ".join(sorted(map(str, keys)))[:60] or say("nothing")),
        _HINT,
    )


def _written(duration: Duration) -> Written:
    """What an author would have written for it."""
    spans = [str(span) for span in duration.spans]
    by_shape: dict[str, Callable[[], Written]] = {
        "fixed": lambda: spans[0],
        "uniform": lambda: {"between": spans},
        "triangular": lambda: {"triangular": spans},
        "exponential": lambda: {"exponential": spans[0]},
        "lognormal": lambda: (
            {"median": spans[0], "p90": spans[1]}
            if len(spans) == 2
            else {"lognormal": {"mean": spans[0], "cv": duration.number}}
        ),
        "gamma": lambda: {"gamma": {"mean": spans[0], "cv": duration.number}},
        "empirical": lambda: {"empirical": spans},
    }
    words = by_shape[duration.shape]()
    return words if duration.scale == 1 else {"times": duration.scale, "of": words}
