"""What a line of a session file may hold: read through pydantic, as scenario files are, within limits.

A line comes from outside; nothing in it is executed. The same check is made before a line is written, so that nothing
is written that would not be let back in.
"""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from sim.errors import SessionError
from sim.i18n import Words, joined, marked, say
from sim.model.data import Data

MAXIMUM_DEPTH = 12
MAXIMUM_TEXT = 10_000
LARGEST = 2**63

STRICTLY = ConfigDict(extra="forbid")
"""For the records of a line: a key that they do not know is an error."""
_DEEP, _BROKEN = "nested too deeply", "broken text"
"""Types of error of our own, beside pydantic's."""

Record = TypeVar("Record")
_READERS: dict[type[object], TypeAdapter[object]] = {}


def read_line(record: type[Record], data: dict[str, object], where: str) -> Record:
    """A line's data as a record. Raises `SessionError` that begins with ``where`` and says what is wrong in it."""
    if record not in _READERS:  # building one takes a while, so only once it is needed
        _READERS[record] = TypeAdapter(record)
    try:
        found = _READERS[record].validate_python(data)
    except ValidationError as error:
        # Neither values nor links: a message stays short whatever the line holds.
        wrong = error.errors(include_url=False, include_context=False, include_input=False)
        raise SessionError(joined([where, _in_words(wrong)], ": ")) from None
    assert isinstance(found, record)
    return found


def _in_words(wrong: list[ErrorDetails]) -> Words:
    """The first thing that is wrong; what is missing is named together, when nothing else is wrong."""
    missing = [str(one["loc"][-1]) for one in wrong if one["type"].startswith("missing")]
    if len(missing) == len(wrong):
        return say("incomplete line {names}", names=", ".join(missing))
    one = next(one for one in wrong if not one["type"].startswith("missing"))
    name, kind = str(one["loc"][0])[:40], one["type"]
    if kind == "unexpected_keyword_argument":
        return say("unknown key {name!r}", name=name)
    return say(_WRONG.get(kind, marked("{name} cannot be read")), name=name)


_WRONG = {
    "int_type": marked("{name} must be a number"),
    "string_type": marked("{name} must be text"),
    "string_too_long": marked("{name} is too long"),
    "string_unicode": marked("{name} holds half a character"),
    "dict_type": marked("{name} must be a mapping"),
    "greater_than_equal": marked("{name} is out of range"),
    "less_than_equal": marked("{name} is out of range"),
    "int_parsing_size": marked("{name} is out of range"),
    _DEEP: marked("{name} is nested too deeply"),
    _BROKEN: marked("{name} holds text that is too long or broken"),
}
"""What pydantic complains of, in words for whoever has the file before them."""


def _within_limits(value: object, depth: int = 0) -> object:
    """Hold what a line nests within limits; what it means is checked where it is carried out."""
    if depth > MAXIMUM_DEPTH:
        raise PydanticCustomError(_DEEP, "nested too deeply")
    if isinstance(value, str) and (len(value) > MAXIMUM_TEXT or not _is_text(value)):
        raise PydanticCustomError(_BROKEN, "too long or broken")
    parts = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        _within_limits(part, depth + 1)
    return value


def _is_text(value: str) -> bool:
    """Whether it can be written: a lone half of a surrogate pair cannot."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


Line = Annotated[str, Field(strict=True, max_length=MAXIMUM_TEXT)]
"""Text within limits."""
Number = Annotated[int, Field(strict=True, ge=0, le=LARGEST)]
"""A whole number within limits."""
# What is nested is an action as its own records read it later (`action_of`), so here it may be anything within limits.
Nested = Annotated[dict[str, Data] | None, BeforeValidator(_within_limits)]
"""A mapping within limits, or none."""
