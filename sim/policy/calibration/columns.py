"""What the columns of a case-management export mean: a small YAML file, or options of the command.

case: File no.
activity: Step
start: Begun
end: Done
office: Unit
time zone: Europe/Oslo
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, cast, get_args

from pydantic import Field, ValidationError, model_validator

from sim.errors import ScenarioError, UsageError
from sim.i18n import say
from sim.model.base import Record, Text, fail
from sim.model.jurisdiction import HolidayCalendar, TimeZone
from sim.model.reading import MAXIMUM_CHARACTERS, Document, read
from sim.model.validation import problems_of, validate_as

Ending = Literal[
    "executed", "executed in part", "no result", "refused", "returned unregistered", "withdrawn", "lapsed", "completed"
]


class OfficeOfLog(Record):
    """What a log cannot say about an office."""

    time_zone: TimeZone | None = None
    """Its zone; that of the whole log unless given."""
    holidays: HolidayCalendar | None = None
    """Public holidays it keeps; none unless given."""


class Columns(Record):
    """Columns of a log by what they mean, and what the log does not say about itself."""

    case: Text
    """Identifies the request."""
    activity: Text
    """What was done in this step."""
    end: Text | None = None
    """When the step was finished; or, for a log with one event a row,"""
    time: Text | None = None
    """when the event happened, with"""
    lifecycle: Text | None = None
    """what it was: start, complete, suspend, resume, … Without it every event ends a step."""
    instance: Text | None = None
    """Which events belong to the same step; else start and end of one activity are paired in order."""
    start: Text | None = None
    """When the work on the step began. Without it waiting and working cannot be told apart."""
    received: Text | None = None
    """When the request came; the first time seen unless given."""
    office: Text | None = None
    """Who did the step. A step with nothing here occupied nobody."""
    person: Text | None = None
    """Which member of staff did it; used for counting only."""
    kind: Text | None = None
    """What kind of request it is; each gets a procedure of its own."""
    from_: Text | None = None
    """Requesting State."""
    to: Text | None = None
    """Requested State."""
    outcome: Text | None = None
    """How the request ended; empty while it is under way."""
    outcomes: dict[str, Ending] = {}
    """What its words mean; those not listed count as completed unless they are such a word themselves."""
    closing: tuple[Text, ...] = ()
    """Activities that end a request, where there is no outcome."""
    nobody: tuple[Text, ...] = ()
    """Activities that occupy nobody although an office is named: waiting for an answer, transmission."""
    time_zone: TimeZone = "UTC"
    """Zone of times that name none, and of offices."""
    offices: dict[str, OfficeOfLog] = {}
    """What differs for some offices, by their name in the log."""
    date_format: Text | None = None
    """How dates are written, for Python's strptime: ``%d.%m.%Y %H:%M``; found out unless given."""
    day_first: bool | None = None
    """Whether 03/04/2025 is in April; found out from days above 12 unless given."""
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    """What separates the cells; found out unless given."""
    encoding: Text = "utf-8"
    """How the text is encoded."""

    @model_validator(mode="after")
    def _has_times(self) -> Columns:
        if (self.end is None) == (self.time is None):
            message = say("a log has either a column of ends or one of times")
            raise fail("F210", message, say("give end, or time with lifecycle"))
        return self

    @property
    def meanings(self) -> dict[str, str]:
        """Column of the file by meaning, of those given."""
        times = ("end", "time", "lifecycle", "instance", "start", "received")
        names = ("case", "activity", *times, "office", "person", "kind", "from_", "to", "outcome")
        return {name: value for name in names if (value := getattr(self, name)) is not None}

    def ending(self, outcome: str) -> Ending:
        """What a log's word for an outcome means."""
        word = outcome.strip().lower().partition(":")[0]
        return self.outcomes.get(outcome) or cast(Ending, word if word in get_args(Ending) else "completed")


XES_COLUMNS = {
    "case": "case:concept:name",
    "activity": "concept:name",
    "time": "time:timestamp",
    "lifecycle": "lifecycle:transition",
    "instance": "concept:instance",
    "office": "org:group",
    "person": "org:resource",
    "received": "case:received",
    "kind": "case:flow",
    "from": "case:from",
    "to": "case:to",
    "outcome": "case:outcome",
}
"""Where a XES log has its columns, as pm4py names them; of those beyond case, activity and time what is there."""


def read_columns(path: str | Path, **more: object) -> Columns:
    """A mapping from a YAML file, changed by ``more``. Raises `UsageError` or `ScenarioError` with every mistake."""
    path = Path(path)
    try:
        with path.open("rb") as file:
            document = read(file.read(4 * MAXIMUM_CHARACTERS + 1), str(path))
    except (OSError, ValueError) as error:
        raise UsageError(
            say("{path}: cannot be read: {reason}", path=path, reason=getattr(error, "strerror", None) or error)
        ) from None
    if document.problems or document.data is None:
        raise ScenarioError(document.problems)
    document.data.update(more)
    record, problems = validate_as(Columns, document)
    if record is None:
        raise ScenarioError(problems)
    return record


def columns(given: Mapping[str, object]) -> Columns:
    """A mapping from options. Raises `UsageError` that says what is missing or wrong."""
    try:
        return Columns.model_validate(given)
    except ValidationError as error:
        document = Document("the columns given", given)
        words = "; ".join(
            f"{p.message}{f' — {p.hint}' if p.hint else ''}" for p in problems_of(error, Columns, document)
        )
        raise UsageError(say("columns: {words}", words=words)) from None
