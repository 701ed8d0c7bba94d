"""Plain data to records, and pydantic's errors to problems with a place and a remedy."""

from __future__ import annotations

import types
import typing
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sim.i18n import NOTHING, Words, marked, say, say_many
from sim.model.base import FORMAT, Header, Record
from sim.model.behaviour_files import BehaviourFile
from sim.model.case import Case
from sim.model.coverage import Coverage
from sim.model.data import Data, Path
from sim.model.form import Form
from sim.model.glossary import Glossary
from sim.model.guidance import Guidance
from sim.model.instrument import Instrument
from sim.model.jurisdiction import Jurisdiction
from sim.model.measure import Measure
from sim.model.policy import Policy
from sim.model.problems import MOST, Problem, did_you_mean, more_after, said_at_once
from sim.model.procedure import Channel, Procedure
from sim.model.public_holidays import PublicHolidays
from sim.model.reading import Document
from sim.model.service import Service
from sim.model.world import Lever, World

Model = TypeVar("Model", bound=BaseModel)

KINDS: dict[str, type[Header]] = {
    "behaviour": BehaviourFile,
    "case": Case,
    "channel": Channel,
    "coverage": Coverage,
    "form": Form,
    "glossary": Glossary,
    "guidance": Guidance,
    "holidays": PublicHolidays,
    "instrument": Instrument,
    "jurisdiction": Jurisdiction,
    "lever": Lever,
    "measure": Measure,
    "policy": Policy,
    "procedure": Procedure,
    "service": Service,
    "world": World,
}
"""Everything a file can be."""

_WANTED = {
    "int": say("a whole number"),
    "float": say("a number"),
    "string": say("text"),
    "bool": say("true or false"),
    "dict": say("a mapping (key: value)"),
    "model": say("a mapping (key: value)"),
    "tuple": say("a list"),
    "list": say("a list"),
    "date": say("a date such as 2027-03-01"),
    "datetime": say("a date and time such as 2027-03-01T09:00"),
}

_HOW_TO_WRITE = {"string_type": say("put it in quotes"), "bool_type": say("write true or false, without quotes")}

_OUT_OF_RANGE = ("greater_than", "less_than", "too_", "string_too", "finite")
_LIMITS = ("gt", "ge", "lt", "le")
_RANGES = {
    "greater_than": marked("must be greater than {limit}"),
    "greater_than_equal": marked("must be greater than or equal to {limit}"),
    "less_than": marked("must be less than {limit}"),
    "less_than_equal": marked("must be less than or equal to {limit}"),
}
"""By pydantic's type of error."""


def validate(document: Document) -> tuple[Header | None, list[Problem]]:
    """The record a document describes, or all that is wrong with it."""
    if document.data is None:
        return None, list(document.problems)
    kind, version = document.data.get("kind"), document.data.get("format")
    problem = None
    if kind is None:
        problem = document.problem("F202", say("the key 'kind' is missing"), (), say("add a line such as kind: case"))
    elif not isinstance(kind, str) or kind not in KINDS:
        shown = str(kind)[:40]
        problem = document.problem(
            "F208", say("{shown!r} is not a kind of file", shown=shown), ("kind",), did_you_mean(shown, KINDS)
        )
    elif type(version) is not int or version != FORMAT:
        shown = str(version)[:20]
        known = (
            say("the key 'format' is missing") if version is None else say("format {shown!r} is not known", shown=shown)
        )
        code = "F202" if version is None else "F208"
        problem = document.problem(code, known, ("format",), say("write format: {format}", format=FORMAT))
    if problem is not None:
        return None, said_at_once([*document.problems, problem])
    id_ = document.data.get("id")
    model = KINDS[kind].forms().get(id_, KINDS[kind]) if isinstance(id_, str) else KINDS[kind]
    record, problems = validate_as(model, document)
    problems = said_at_once([*document.problems, *problems])
    return (None if problems else record), problems


def validate_as(model: type[Model], document: Document) -> tuple[Model | None, list[Problem]]:
    """As `validate`, for a kind already known."""
    try:
        return model.model_validate(document.data), []
    except ValidationError as error:
        return None, problems_of(error, model, document)


def problems_of(error: ValidationError, model: type[BaseModel], document: Document) -> list[Problem]:
    """One problem for each mistake pydantic complains about, in file order."""
    found: dict[Path, list[Problem]] = {}
    cut = False
    for detail in error.errors(include_url=False):
        path, of_key = _path(detail["loc"], document.data)
        # What is missing counts as lying below the mapping that lacks it.
        place = (*path, detail["loc"][-1]) if detail["type"] == "missing" else path
        # A union complains once per member; the first is enough.
        if place not in found:
            found[place] = _problems(detail, path, of_key, model, document)
        if cut := len(found) > MOST:
            break
    # Of a union's complaints about the whole value and about a part of it, that about the part says more.
    above = {place[:length] for place in found for length in range(len(place))}
    unknown = [problem for problems in found.values() for problem in problems if problem.code == "F201"]
    meant = {problem.hint.values.get("meant") for problem in unknown}
    said = sorted(
        problem
        for place, problems in found.items()
        for problem in problems
        if (place not in above or problem.code == "F201") and not (problem.code == "F202" and place[-1] in meant)
    )
    return [*said, more_after(said[-1])] if cut else said


def _path(location: Path, data: Data) -> tuple[Path, bool]:
    """The part of pydantic's location that exists in the data (it also names union members)."""
    path: Path = ()
    of_key = False
    for part in location:
        if part == "[key]":
            of_key = True
        elif _has(data, part):
            path, data = (*path, part), data[part]
    return path, of_key


def _has(data: object, part: str | int) -> bool:
    inside = isinstance(data, list) and isinstance(part, int) and part < len(data)
    return inside or (isinstance(data, dict) and part in data)


def _problems(
    detail: ErrorDetails, path: Path, of_key: bool, model: type[BaseModel], document: Document
) -> list[Problem]:
    """The problems of one of pydantic's complaints: one, unless a validator of ours found several."""
    if detail["type"] != "mlasim":
        return [_problem(detail, path, of_key, model, document)]
    data = _at(document.data, path)
    return [
        document.problem(code, message, (*path, *_path(tuple(at), data)[0]), hint, of_key=of_key)
        for code, message, hint, at in detail["ctx"]["findings"]
    ]


def _problem(detail: ErrorDetails, path: Path, of_key: bool, model: type[BaseModel], document: Document) -> Problem:
    type_, context, location = detail["type"], detail.get("ctx") or {}, detail["loc"]
    name = str(path[-1])[:60] if path else document.data.get("kind", "file")
    if type_ == "missing":
        missing = location[-1]
        return document.problem(
            "F202",
            say("the key {missing!r} is missing here", missing=missing),
            path,
            say("add {missing}: …", missing=missing),
            of_key=True,
        )
    if type_ == "extra_forbidden":
        hint = did_you_mean(name, _keys_known(model, path[:-1]))
        return document.problem("F201", say("unknown key {name!r}", name=name), path, hint, of_key=True)
    value = str(detail.get("input"))[:60]
    if type_ == "literal_error":
        allowed = [word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", ")]
        message = say("{name}: {value!r} is not one of the values allowed", name=name, value=value)
        return document.problem("F204", message, path, did_you_mean(value, allowed))
    if type_.startswith(_OUT_OF_RANGE):
        return document.problem("F207", say("{name}: {said}", name=name, said=_out_of_range(detail)), path)
    if type_.startswith(("date", "time", "string_pattern")):
        return document.problem(
            "F209", say("{name}: {value!r} is not {wanted}", name=name, value=value, wanted=_wanted(type_)), path
        )
    hint = _HOW_TO_WRITE.get(type_, NOTHING)
    return document.problem(
        "F203", say("{name}: needs {wanted}, not {value!r}", name=name, wanted=_wanted(type_), value=value), path, hint
    )


def _wanted(type_: str) -> Words:
    if type_ == "string_pattern_mismatch":
        return say("written as it should")
    return _WANTED.get(type_.split("_")[0], say("another kind of value"))


def _out_of_range(detail: ErrorDetails) -> Words:
    """What pydantic says of a number or a length out of range, in our words."""
    type_, context = detail["type"], detail.get("ctx") or {}
    if type_ in _RANGES:
        return say(_RANGES[type_], limit=next(f"{context[name]:.15g}" for name in _LIMITS if name in context))
    given = context.get("actual_length")
    if given is None and isinstance(detail.get("input"), list | dict):  # pydantic stops counting at the limit
        given = len(detail["input"])
    if type_ == "too_short":
        return say_many(
            "must have at least {n} item, not {given}",
            "must have at least {n} items, not {given}",
            context["min_length"],
            given=given,
        )
    if type_ == "too_long":
        return say_many(
            "must have at most {n} item, not {given}",
            "must have at most {n} items, not {given}",
            context["max_length"],
            given=given,
        )
    if type_ == "string_too_short":
        least = context["min_length"]
        return say_many("must have at least {n} character", "must have at least {n} characters", least)
    if type_ == "string_too_long":
        most = context["max_length"]
        return say_many("must have at most {n} character", "must have at most {n} characters", most)
    return say("must be a finite number")


def _at(data: Data, path: Path) -> Data:
    for part in path:
        data = data[part]
    return data


def _keys_known(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that the record at ``path`` may have."""
    current: list[object] = [model]
    for part in path:
        following: list[object] = []
        for annotation in current:
            following += _members(annotation, part)
        current = following
    return [
        field.alias or name
        for annotation in current
        for record in _records(annotation)
        for name, field in record.model_fields.items()
    ]


def _records(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [_as_written(annotation)]
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType, typing.Annotated):
        return [record for part in typing.get_args(annotation) for record in _records(part)]
    return []


def _as_written(record: type[BaseModel]) -> type[BaseModel]:
    """The record whose fields are the keys that a file may have there."""
    return record.as_written() if issubclass(record, Record) else record


def _members(annotation: object, part: str | int) -> list[object]:
    """Annotations of what lies under ``part`` of a value so annotated."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [f.annotation for n, f in _as_written(annotation).model_fields.items() if (f.alias or n) == part]
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType, typing.Annotated):
        return [found for argument in arguments for found in _members(argument, part)]
    if origin is dict:
        return [arguments[1]]
    if origin in (tuple, list):
        return [arguments[0]]
    return []
