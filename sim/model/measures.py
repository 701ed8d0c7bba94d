"""Measures: everything that is measured of requests and of offices, one entry each.

An entry says its name (in files, tables and on the command line), its unit, which direction is an improvement, its
words, and how it is computed from what was counted (`sim.model.counted`). `sim.record.measures` counts that in the
event log of a run. Whoever adds a measure adds it here, or calls `register` from outside: figures of a run,
comparisons, claims, policy questions, stopping, reports and the app know it from then on. It stands in this room
because files name measures, and what a file may say is checked here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal, NamedTuple

from sim.errors import UsageError
from sim.i18n import Words, joined, say
from sim.model.causes import CAUSES
from sim.model.counted import Office, Requests
from sim.model.outcomes import Outcome

Better = Literal["less", "more", ""]
"""Which direction is an improvement; empty where neither is."""
ALL = "all requests"
TRAFFICKING, OTHER = "about trafficking", "about other matters"
GROUPS = {
    ALL: say("all requests"),
    TRAFFICKING: say("about trafficking"),
    OTHER: say("about other matters"),
}
"""Of whom a measure of requests can be, beside a corridor."""


UNITS = {
    "days": say("days"),
    "%": say("%"),
    "points": say("points"),
    "a year": say("a year"),
    "requests": say("requests"),
    "times": say("times"),
    "staff": say("staff"),
}
"""Units in words."""


def unit_in_words(unit: str) -> Words:
    """A unit as people read it; as it is, where a measure from outside has one of its own."""
    return UNITS.get(unit) or joined([unit])


@dataclass(frozen=True, kw_only=True)
class Measure:
    """Something that is measured."""

    name: str
    """As files, tables and the command line name it."""
    unit: str
    """``days``, ``%``, ``a year``, ``requests`` …"""
    better: Better = ""
    words: Words
    """As people read it at the head of a row."""
    short: Words
    """At the head of a column."""
    subject: Words | None = None
    """As the subject of a sentence, where ``words`` cannot be."""
    headline: bool = False
    """Whether a comparison answers for it first; the intervals of all of these hold at once."""
    needs_days: bool = False
    """Whether somebody has to say how many days, as a claim does."""
    says_unit: bool = False
    """Whether its words say the unit already."""
    part_of: str = ""
    """The measure that this one and others add up to."""

    @property
    def unit_of_change(self) -> str:
        """The unit of a difference: shares differ by points, not by parts of themselves."""
        return "points" if self.unit == "%" else self.unit

    @property
    def title(self) -> Words:
        """Its words with the unit, unless they say it."""
        return self.words if self.says_unit else say("{figure} ({unit})", figure=self.words, unit=self.unit_words)

    @property
    def unit_words(self) -> Words:
        """The unit as people read it."""
        return unit_in_words(self.unit)

    @property
    def change_words(self) -> Words:
        """The unit of a difference as people read it."""
        return unit_in_words(self.unit_of_change)


@dataclass(frozen=True, kw_only=True)
class OfRequests(Measure):
    """A measure of a group of requests."""

    compute: Callable[[Requests], float]
    """NaN where nothing was counted."""


@dataclass(frozen=True, kw_only=True)
class OfOffice(Measure):
    """A measure of an office."""

    compute: Callable[[Office], float]
    adds_up: bool = False
    """Whether that of several offices together is the sum of theirs."""


class Key(NamedTuple):
    """A figure: what is measured, and of whom (all requests, a corridor such as ``lys to nor``, or an office)."""

    measure: str
    of: str = ALL

    def __str__(self) -> str:
        """As files and the command line write it."""
        return self.measure if self.of == ALL else f"{self.measure}, {self.of}"

    @property
    def words(self) -> Words:
        """As people read it, without its unit."""
        return self._of_whom(measure_of(self).words)

    @property
    def title(self) -> Words:
        """The same with its unit."""
        return self._of_whom(measure_of(self).title)

    @property
    def subject(self) -> Words:
        """As the subject of a sentence."""
        return self._of_whom(measure_of(self).subject or measure_of(self).words)

    def _of_whom(self, words: Words) -> Words:
        return words if self.of == ALL else say("{figure}, {of}", figure=words, of=group_in_words(self.of))


def group_in_words(of: str) -> Words:
    """Of whom a figure is, in words: a group, a year of a run, or an id as it is."""
    if of in GROUPS:
        return GROUPS[of]
    year = of.removeprefix("year ")
    return say("year {n}", n=year) if year != of and year.isdecimal() else joined([of])


def corridor(requesting: str, requested: str) -> str:
    """A corridor's name; requests from outside the world have only an addressee."""
    return f"{requesting} to {requested}" if requesting else f"to {requested}"


def measure_of(key: Key) -> Measure:
    """What kind of figure a key is; one without unit and direction where nothing is known of it, as in the kept
    observations of another version."""
    return MEASURES.get(key.measure) or Measure(
        name=key.measure, unit="", words=joined([key.measure]), short=joined([key.measure])
    )


def register(measure: OfRequests | OfOffice) -> None:
    """Add a measure to the table, before whatever is to know it is run; in every process that computes figures.

    Raises `UsageError` if its name is taken.
    """
    if measure.name in MEASURES:
        raise UsageError(say("there is a measure {name!r} already", name=measure.name))
    MEASURES[measure.name] = measure


def headline() -> list[Key]:
    """The figures of all requests that a comparison answers for first."""
    return [Key(name) for name, measure in MEASURES.items() if measure.headline]


def further() -> list[Key]:
    """Other figures of all requests that a comparison gives, without the parts of one."""
    return [
        Key(name)
        for name, measure in MEASURES.items()
        if isinstance(measure, OfRequests) and not measure.headline and not measure.part_of
    ]


def _mean(values: Sequence[float]) -> float:
    return fmean(values) if values else math.nan


def _share(count: float, of: int) -> float:
    return 100 * count / of if of else math.nan


def _finished(counted: Requests) -> int:
    return sum(counted.outcomes.values())


def _in_time_a_year(counted: Requests) -> float:
    return sum(counted.in_time) / counted.years if counted.in_time else math.nan


def _refused(counted: Requests) -> float:
    refused = sum(count for name, count in counted.outcomes.items() if Outcome.of(name).refused)
    return _share(refused, _finished(counted))


def _within_days(counted: Requests) -> float:
    limit = counted.within
    return math.nan if limit is None else _share(sum(day <= limit for day in counted.days), len(counted.days))


def _of_cause(name: str, words: Words) -> OfRequests:
    return OfRequests(
        name=f"days {name}",
        unit="days",
        better="less",
        words=say("days, {cause}", cause=words),
        short=words,
        says_unit=True,
        part_of="mean days",
        compute=lambda counted: counted.days_by_cause.get(name, math.nan),
    )


_TABLE: tuple[OfRequests | OfOffice, ...] = (
    OfRequests(
        name="mean days", unit="days", better="less", headline=True,
        words=say("mean duration"), short=say("mean days"),
        compute=lambda counted: _mean(counted.days),
    ),
    OfRequests(
        name="p10 days", unit="days", better="less",
        words=say("duration that 1 of 10 stays below"), short=say("1/10 <"),
        compute=lambda counted: counted.quantile(0.1),
    ),
    OfRequests(
        name="median days", unit="days", better="less",
        words=say("median duration"), short=say("half <"),
        compute=lambda counted: counted.quantile(0.5),
    ),
    OfRequests(
        name="p90 days", unit="days", better="less", headline=True,
        words=say("duration that 9 of 10 stay below"), short=say("9/10 <"),
        compute=lambda counted: counted.quantile(0.9),
    ),
    OfRequests(
        name="shortest days", unit="days", better="less",
        words=say("shortest duration"), short=say("shortest"),
        compute=lambda counted: min(counted.days, default=math.nan),
    ),
    OfRequests(
        name="within deadline", unit="%", better="more", headline=True,
        words=say("within the deadline"), short=say("in time"), subject=say("the share within the deadline"),
        compute=lambda counted: _share(sum(counted.in_time), len(counted.in_time)),
    ),
    OfRequests(
        name="share within days", unit="%", better="more", needs_days=True,
        words=say("within so many days"), short=say("within"), subject=say("the share within so many days"),
        compute=_within_days,
    ),
    OfRequests(
        name="received a year", unit="a year",
        words=say("received"), short=say("a year"), subject=say("the number received"),
        compute=lambda counted: counted.received / counted.years,
    ),
    OfRequests(
        name="finished a year", unit="a year", better="more",
        words=say("finished"), short=say("finished"), subject=say("the number finished"),
        compute=lambda counted: _finished(counted) / counted.years,
    ),
    OfRequests(
        name="answered a year", unit="a year", better="more", headline=True,
        words=say("answered"), short=say("answered"), subject=say("the number answered"),
        compute=lambda counted: len(counted.days) / counted.years,
    ),
    OfRequests(
        name="in time a year", unit="a year", better="more",
        words=say("answered within the deadline"), short=say("in time a year"),
        subject=say("the number answered within the deadline"),
        compute=_in_time_a_year,
    ),
    # One number at one moment depends on the day on which a run stops; what statistics mean by an open stock, and what
    # Little's law (1961) ties to arrivals and durations, is its average over time.
    OfRequests(
        name="open stock", unit="requests", better="less",
        words=say("under way, averaged over time"), short=say("open"), subject=say("the open stock"),
        compute=lambda counted: counted.open_stock,
    ),
    OfRequests(
        name="open at the end", unit="requests", better="less", headline=True,
        words=say("under way at the end"), short=say("open at the end"), subject=say("the number under way at the end"),
        compute=lambda counted: float(len(counted.open_days)),
    ),
    OfRequests(
        name="age of open", unit="days", better="less",
        words=say("age of those under way at the end, mean"), short=say("age"),
        subject=say("the mean age of those under way"),
        compute=lambda counted: _mean(counted.open_days),
    ),
    OfRequests(
        name="oldest open", unit="days", better="less",
        words=say("age of the oldest request under way at the end"), short=say("oldest"),
        subject=say("the age of the oldest request under way"),
        compute=lambda counted: max(counted.open_days, default=math.nan),
    ),
    OfRequests(
        name="times gone back", unit="times", better="less",
        words=say("times gone back to an earlier stage, mean"), short=say("gone back"),
        subject=say("how often a request goes back"),
        compute=lambda counted: _mean(counted.loops),
    ),
    # A procedure leads back to an earlier stage where a question has to be answered or a request written again.
    OfRequests(
        name="came back for supplement", unit="%", better="less",
        words=say("came back for supplement"), short=say("came back"),
        subject=say("the share that came back for supplement"),
        compute=lambda counted: _share(sum(times > 0 for times in counted.loops), len(counted.loops)),
    ),
    OfRequests(
        name="refused", unit="%", better="less",
        words=say("refused"), short=say("refused"), subject=say("the share refused"),
        compute=_refused,
    ),
    OfRequests(
        name="days lost to translation", unit="days", better="less", says_unit=True,
        words=say("days lost to translation, waiting for translators included"), short=say("translation"),
        subject=say("the time lost to translation"),
        compute=lambda counted: counted.days_at("translation"),
    ),
    OfRequests(
        name="mean appeal days", unit="days", better="less",
        words=say("mean duration of a legal remedy"), short=say("appeal"),
        compute=lambda counted: _mean(counted.spells("legal remedies")),
    ),
    *(_of_cause(cause.name, cause.words) for cause in CAUSES.values()),
    OfOffice(
        name="busy", unit="%",
        words=say("staff busy"), short=say("busy"), subject=say("how busy the staff is"),
        compute=lambda office: 100 * office.utilisation,
    ),
    OfOffice(
        name="waiting days", unit="days", better="less",
        words=say("wait at an office"), short=say("days waiting"),
        compute=lambda office: office.waiting_days,
    ),
    OfOffice(
        name="queue", unit="requests", better="less", adds_up=True,
        words=say("waiting at an office, mean"), short=say("waiting"), subject=say("the queue at an office"),
        compute=lambda office: office.queue,
    ),
    OfOffice(
        name="staff", unit="staff", adds_up=True,
        words=say("staff"), short=say("staff"),
        compute=lambda office: float(office.staff),
    ),
)  # fmt: skip

MEASURES: dict[str, OfRequests | OfOffice] = {measure.name: measure for measure in _TABLE}
"""Every measure by name, in the order in which they are shown. Durations are of requests that were answered; the days
by cause are means over these and add up to ``mean days``. ``open stock`` is the number of requests under way averaged
over time, ``open at the end`` that of the moment at which the period ends."""
