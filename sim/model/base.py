"""What all records share: frozen, strict about keys, keys written as words with spaces."""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any, Literal, NamedTuple, Protocol, Self
from unicodedata import combining, normalize

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError, core_schema

from sim.i18n import NOTHING, Words, marked, say
from sim.model.data import Path
from sim.model.problems import MOST

FORMAT = 1

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Finding(NamedTuple):
    """Something wrong with a value: a problem code, what is wrong, what to write, and where below the value."""

    code: str
    message: Words
    hint: Words = NOTHING
    at: Path = ()


def fail(code: str, message: Words, hint: Words = NOTHING, at: Path = ()) -> PydanticCustomError:
    """A validation error that carries one finding."""
    return fail_with([Finding(code, message, hint, at)])


def fail_with(findings: Iterable[Finding]) -> PydanticCustomError:
    """A validation error that carries several findings, so that all are reported at once: as many as are said."""
    found = tuple(islice(findings, MOST + 1))
    return PydanticCustomError("mlasim", "{message}", {"message": str(found[0].message), "findings": found})


def _check_id(value: str) -> str:
    if "/" in value or "\\" in value or ".." in value:
        raise fail(
            "R302",
            say("{value!r} is a path, and a file outside the scenario's folders is never read", value=value[:60]),
            say("refer to things by their id"),
        )
    if len(value) > 80 or not _ID.fullmatch(value):
        raise fail(
            "F206",
            say("{value!r} is not a usable id", value=value[:60]),
            say("write small letters, digits and single hyphens: like-this"),
        )
    return value


def usable_id(text: str) -> str:
    """The id nearest to some text; empty where none of its letters can be one's."""
    plain = "".join(c for c in normalize("NFKD", text.casefold()) if not combining(c))
    return "-".join(re.findall("[a-z0-9]+", plain))[:80].strip("-")


Id = Annotated[str, AfterValidator(_check_id), Field(json_schema_extra={"pattern": f"^{_ID.pattern}$"})]
"""An author's id: small letters, digits, single hyphens."""

Text = Annotated[str, Field(min_length=1, max_length=20_000)]
"""Text that is there, such as an article or a path in the data."""


FieldDefinition = Any
"""What pydantic's ``create_model`` takes for a field: a type and its default; it has no name for it."""


class Authored:
    """Marks a field as an author's prose, in the language of its file; see `sim.model.authored`."""


Prose = Annotated[Text, Authored()]
"""What an author wrote for people to read."""

Aside = Annotated[str, Authored()]
"""The same, where it may be left out."""


def _check_language(value: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}", value):
        hint = say("write a code such as en, fr, ar")
        raise fail("F209", say("{value!r} is not a language code", value=value[:60]), hint)
    return value


Language = Annotated[str, AfterValidator(_check_language)]
"""A language's code."""


@dataclass(frozen=True)
class OneOf:
    """Marks text that must be a name of a table, which may have grown since this record was declared."""

    names: Callable[[], Iterable[str]]

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "enum": [*self.names()]}

    def _check(self, value: str) -> str:
        names = [*self.names()]
        if value not in names:
            expected = ", ".join(repr(name) for name in names)
            raise PydanticKnownError("literal_error", {"expected": expected})
        return value


Mark = Literal["published", "primary source", "measured", "assumption"]
"""How sure a figure is: seen in a published source, read in a primary legal text, measured in records that are not
published (a case-management system's log, named with its hash), or assumed by the authors."""

Reading = Literal["read against the text", "from memory, unchecked", "invented for training"]
"""How sure a provision of an instrument is: held against a text that is named, with its edition and the day; not so;
or there is no text, because the instrument was invented."""

Sureness = Mark | Reading
"""How sure anything is that an answer rests on."""

MARKS: dict[str, str] = {
    "published": marked("published"),
    "primary source": marked("primary source"),
    "measured": marked("measured"),
    "assumption": marked("assumption"),
    "read against the text": marked("read against the text"),
    "from memory, unchecked": marked("from memory, unchecked"),
    "invented for training": marked("invented for training"),
}
"""The marks in words."""

UNSURE: frozenset[str] = frozenset({"assumption", "from memory, unchecked", "invented for training"})
"""Marks that whoever relies on an answer has to see beside it."""


class Record(BaseModel):
    """A frozen record. In files a key is the field's name with spaces: ``closing rule``, not ``closing_rule``."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=lambda name: name.rstrip("_").replace("_", " "),
        populate_by_name=True,
        validate_default=False,
        allow_inf_nan=False,
        defer_build=True,
    )

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        return self

    @classmethod
    def as_written(cls) -> type[BaseModel]:
        """The record whose fields are the keys that files may have here: this one, unless it is read in another way."""
        return cls

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Numbers and truth values are taken as YAML gives them: ``"3"`` and ``yes`` are text, ``true`` is no 1."""
        schema = handler(source)
        _make_strict(schema)
        return schema


def _make_strict(schema: object) -> None:
    if isinstance(schema, dict):
        if schema.get("type") in ("int", "float", "bool"):
            schema["strict"] = True
        for part in schema.values():
            _make_strict(part)
    elif isinstance(schema, list | tuple):
        for part in schema:
            _make_strict(part)


class Origin(Record):
    """Where a figure comes from. Written ``published: who, year`` or as a mapping."""

    mark: Mark
    """How sure it is."""
    source: Prose
    """The publication, the article of a primary text, the records measured, or the reason for an assumption."""

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        if isinstance(value, str):
            mark, colon, source = value.partition(":")
            if not colon or not source.strip():
                raise fail(
                    "F211",
                    say("{value!r} does not say where a figure comes from", value=value[:60]),
                    say("write published: SOURCE, primary source: ARTICLE, measured: LOG, or assumption: REASON"),
                )
            return {"mark": mark.strip(), "source": source.strip()}
        if isinstance(value, dict) and len(value) == 1:
            # ``- assumption: why`` is a mapping in YAML unless quoted; take it as meant.
            ((mark, source),) = value.items()
            if mark in typing.get_args(Mark):
                return {"mark": mark, "source": source}
        return value

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        marks = typing.get_args(Mark)
        text = {"type": "string", "pattern": f"^({'|'.join(marks)}):.*\\S"}
        short = [
            {"type": "object", "properties": {mark: {"type": "string"}}, "required": [mark], "maxProperties": 1}
            for mark in marks
        ]
        return {"anyOf": [text, handler(core_schema), *short]}

    def __str__(self) -> str:
        return f"{self.mark}: {self.source}"

    @property
    def words(self) -> Words:
        """The mark in words, then the source as its author wrote it."""
        return say("{mark}: {source}", mark=say(MARKS[self.mark]), source=self.source)


Origins = dict[str, Origin]
"""Origin of each figure of a record, by field name; ``all`` speaks for those not named."""


class HasOrigins(Protocol):
    """A record with figures, which says where they come from."""

    @property
    def origins(self) -> Origins: ...


def require_origins(record: HasOrigins, fields: tuple[str, ...]) -> None:
    """Raise unless every named field that holds a figure has an origin (decision: no number without one)."""
    origins = record.origins
    if "all" in origins:
        return
    missing = [name for name in fields if getattr(record, name) is not None and name.replace("_", " ") not in origins]
    if missing:
        words = ", ".join(name.replace("_", " ") for name in missing)
        raise fail(
            "F211", say("no origin for: {names}", names=words), say("add origins: {all: 'assumption: why this figure'}")
        )


class Header(Record):
    """How every file begins."""

    format: Literal[1] = 1
    """Version of the file format."""
    kind: str
    """What the file describes: world, case, procedure, …"""
    id: Id
    """The id others refer to it by; the file's name without .yaml."""
    title: Prose
    """A name for people."""
    about: Aside = ""
    """What it is for, in a few sentences."""
    language: Language = "en"
    """The language in which its author wrote titles, stories and all other prose."""

    @classmethod
    def forms(cls) -> Mapping[str, type[Header]]:
        """What files of this kind hold by their id, where that decides it; nothing where all hold the same."""
        return {}
