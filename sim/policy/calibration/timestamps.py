"""Times as people's systems write them, to whole seconds; what is doubtful about them is said."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sim.errors import UsageError
from sim.i18n import say

EMPTY = frozenset({"", "-", "null", "none", "nan", "nat", "n/a", "#n/a"})
"""Words that mean nothing, in small letters."""
_NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:[ T,]+(\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?)?")
_ONE_DIGIT_HOUR = re.compile(r"^(\d{4}-\d{2}-\d{2}[ T])(\d):")
"""As spreadsheets write 2024-01-31 9:00, which ISO 8601 does not know."""
_EARLIEST, _LATEST = 1950, 2150


@dataclass(frozen=True)
class Time:
    """A time read."""

    seconds: int
    """Since 1970 (UTC)."""
    naive: bool = False
    """Whether it named no zone."""
    whole_day: bool = False
    """Whether it is midnight by its own clock, as where only a date is written."""
    doubt: str = ""
    """What is doubtful about it."""


class Reader:
    """Reads the times of one file, all in the same way."""

    def __init__(self, zone: str, date_format: str | None, day_first: bool | None, sample: Iterable[str] = ()):
        self.zone, self.date_format = ZoneInfo(zone), date_format
        self.day_first = day_first
        if day_first is None and date_format is None:
            self.day_first = _order(sample)

    def read(self, text: str) -> Time | str:
        """The time, or what is wrong with the text."""
        try:
            moment = self._parse(text.strip())
        except (ValueError, OverflowError):
            return f"{text[:40]!r} is no date that can be read"
        if not _EARLIEST <= moment.year <= _LATEST:
            return f"the year {moment.year} is out of range"
        whole_day = (moment.hour, moment.minute, moment.second) == (0, 0, 0)
        if moment.tzinfo is not None:
            return Time(_seconds(moment), whole_day=whole_day)
        seconds, doubt = self._local(moment.replace(fold=0))
        return Time(seconds, True, whole_day, doubt)

    def _parse(self, text: str) -> datetime:
        if self.date_format is not None:
            return datetime.strptime(text, self.date_format)
        match = _NUMERIC.fullmatch(text)
        if match is None:
            return datetime.fromisoformat(_ONE_DIGIT_HOUR.sub(r"\g<1>0\2:", text))
        first, mark, second, year, clock = match.groups()
        day, month = (first, second) if mark == "." or self.day_first else (second, first)
        return datetime.fromisoformat(f"{year}-{int(month):02}-{int(day):02}T{(clock or '00:00').zfill(5)}")

    def _local(self, moment: datetime) -> tuple[int, str]:
        """Seconds of a time that names no zone, and what the clocks' changes do to it."""
        there = moment.replace(tzinfo=self.zone)
        seconds = _seconds(there)
        doubt = ""
        if datetime.fromtimestamp(seconds, self.zone).replace(tzinfo=None) != moment.replace(microsecond=0):
            doubt = f"the clocks of {self.zone.key} skipped {moment:%H:%M} that day; taken as an hour later"
        elif there.utcoffset() != there.replace(fold=1).utcoffset():
            doubt = f"{moment:%H:%M} came twice that day in {self.zone.key}; taken as the first"
        return seconds, doubt


def _order(sample: Iterable[str]) -> bool | None:
    """Whether days come first in dates such as 13/04/2025. Raises `UsageError` where nothing decides it."""
    day_first = month_first = False
    example = ""
    for text in sample:
        match = _NUMERIC.fullmatch(text.strip())
        if match and match[2] != ".":
            example = example or text.strip()
            day_first |= int(match[1]) > 12
            month_first |= int(match[3]) > 12
    if example and day_first == month_first:
        how = (
            say("some dates have the day first and others the month")
            if day_first
            else say("nothing says which is the day")
        )
        raise UsageError(
            say(
                "dates such as {example!r}: {how} — write day first: true or false, or date format",
                example=example[:20],
                how=how,
            )
        )
    return day_first


def _seconds(moment: datetime) -> int:
    return (moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
