"""Durations as people say them, and as distributions.

A span is an amount on one of two clocks. *Calendar* spans (``3 days``, ``8 hours``) run day and night.
*Working* spans (``5 working days``, ``2 working hours``) run only while the office concerned is open; one
working day is that office's ordinary day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue

from sim.model.base import Record, fail

MINUTE, HOUR, DAY = 60, 3600, 86400
WEEK, YEAR = 7 * DAY, 365 * DAY
MONTH = YEAR / 12  # 30.4 days, as the published monthly figures are usually converted

_UNITS = {"second": 1, "minute": MINUTE, "hour": HOUR, "day": DAY, "week": WEEK, "month": MONTH, "year": YEAR}
_SPAN = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(working\s+)?([a-z]+?)s?\s*", re.IGNORECASE)
_HINT = "write for example 5 working days, 8 hours, or {median: 20 days, p90: 60 days}"

Clock = Literal["calendar", "working"]


@dataclass(frozen=True)
class Span:
    """An amount of time on a clock; ``amount`` in seconds, except working days, which are ``days``."""

    amount: float
    clock: Clock = "calendar"
    days: bool = False

    @classmethod
    def parse(cls, text: Any) -> Span:
        """A span from text such as ``5 working days``. Raises a validation error (F205) otherwise."""
        match = _SPAN.fullmatch(text) if isinstance(text, str) and len(text) < 60 else None
        unit = match[3].lower() if match else ""
        if match is None or unit not in _UNITS:
            raise fail("F205", f"{str(text)[:60]!r} is not a duration", _HINT)
        amount = float(match[1])
        if not match[2]:
            seconds = amount * _UNITS[unit]
            if seconds > 100 * YEAR:
                raise fail("F207", f"{text!r} is longer than 100 years")
            return cls(seconds)
        if unit in ("second", "minute", "hour"):
            return cls(amount * _UNITS[unit], "working")
        if unit in ("day", "week"):
            days = amount * (5 if unit == "week" else 1)
            if days > 25_000:
                raise fail("F207", f"{text!r} is longer than 100 years")
            return cls(days, "working", True)
        raise fail("F205", f"{text!r}: working months and years are not used", "write working days")

    def seconds(self, working_day: float = 8 * HOUR) -> float:
        """Length in seconds of its own clock, given the length of a working day in seconds."""
        return self.amount * working_day if self.days else self.amount


Shape = Literal["fixed", "uniform", "triangular", "exponential", "lognormal", "gamma", "empirical"]


class Duration(Record):
    """How long something takes: one span, or a distribution of spans.

    ``5 working days`` · ``{median: 20 days, p90: 60 days}`` (lognormal) · ``{between: [3 days, 10 days]}``
    (uniform; with ``usually: 4 days``, triangular) · ``{fixed: …}`` · ``{exponential: MEAN}`` ·
    ``{lognormal: {mean: …, cv: …}}`` or ``{lognormal: {median: …, sigma: …}}`` ·
    ``{gamma: {mean: …, cv: …}}`` · ``{triangular: [LOW, MODE, HIGH]}`` · ``{empirical: [SPAN, …]}`` ·
    ``{times: 0.5, of: DURATION}`` (any of them, scaled).
    """

    shape: Shape
    spans: tuple[Any, ...]
    number: float = 0.0
    scale: float = 1.0

    @model_validator(mode="before")
    @classmethod
    def _from_words(cls, value: Any) -> Any:
        return value if isinstance(value, dict) and "shape" in value else _parse(value)

    @model_validator(mode="after")
    def _one_clock(self) -> Duration:
        if len({span.clock for span in self.spans}) > 1:
            raise fail("F205", "a duration mixes working time and calendar time", "use the same clock throughout")
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        span = {"type": "string", "pattern": r"^\s*[0-9]+(\.[0-9]+)?\s*(working\s+)?[a-zA-Z]+\s*$"}
        return {
            "title": "Duration",
            "description": (cls.__doc__ or "").strip(),
            "anyOf": [span, {"type": "object", "minProperties": 1, "maxProperties": 2}],
        }

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


def _number(value: Any, name: str, low: float = 0.0, high: float = 10.0) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low < value <= high:
        raise fail("F207", f"{name} must be a number above {low:g} and at most {high:g}, not {str(value)[:30]!r}")
    return float(value)


def _spans(value: Any, count: int | None, name: str) -> tuple[Span, ...]:
    if not isinstance(value, list) or not value or (count is not None and len(value) != count):
        wanted = f"a list of {count} durations" if count else "a list of durations"
        raise fail("F205", f"{name} needs {wanted}", _HINT)
    return tuple(Span.parse(item) for item in value)


def _ordered(spans: tuple[Span, ...], name: str) -> tuple[Span, ...]:
    lengths = [span.seconds() for span in spans]
    if lengths != sorted(lengths):
        raise fail("F205", f"{name} needs its durations from shortest to longest")
    return spans


def _positive(span: Span, name: str) -> Span:
    if span.amount <= 0:
        raise fail("F207", f"{name} must be longer than nothing")
    return span


def _parse(value: Any) -> dict[str, Any]:
    """The fields of a `Duration` from what an author wrote."""
    if not isinstance(value, dict):
        return {"shape": "fixed", "spans": (Span.parse(value),)}
    keys = set(value)
    if keys == {"times", "of"}:
        inner = value["of"] if isinstance(value["of"], Duration) else Duration.model_validate(value["of"])
        return {**dict(inner), "scale": inner.scale * _number(value["times"], "times", 0.0, 1000.0)}
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
                sigma = _number(content["sigma"], "sigma", 0.0, 5.0)
                p90 = Span(
                    median.amount * 2.718281828459045 ** (1.2815515655446004 * sigma),
                    median.clock,
                    median.days,
                )
                return {"shape": "lognormal", "spans": (median, p90)}
    raise fail("F205", f"{', '.join(sorted(map(str, keys)))[:60] or 'nothing'} does not describe a duration", _HINT)
