"""Plain data to records, and pydantic's errors to problems with a place and a remedy."""

from __future__ import annotations

import types
import typing
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.model.case import Case
from sim.model.instrument import Instrument
from sim.model.jurisdiction import Jurisdiction
from sim.model.problems import Problem, did_you_mean
from sim.model.procedure import Channel, Measure, Procedure
from sim.model.reading import Document, Path
from sim.model.world import Lever, World

KINDS: dict[str, type[BaseModel]] = {
    "case": Case,
    "channel": Channel,
    "instrument": Instrument,
    "jurisdiction": Jurisdiction,
    "lever": Lever,
    "measure": Measure,
    "procedure": Procedure,
    "world": World,
}
"""Everything a file can be."""

_WANTED = {
    "int": "a whole number",
    "float": "a number",
    "string": "text",
    "bool": "true or false",
    "dict": "a mapping (key: value)",
    "model": "a mapping (key: value)",
    "tuple": "a list",
    "list": "a list",
    "date": "a date such as 2027-03-01",
    "datetime": "a date and time such as 2027-03-01T09:00",
}


def validate(document: Document) -> tuple[BaseModel | None, list[Problem]]:
    """The record a document describes, or all that is wrong with it."""
    if document.data is None or document.problems:
        return None, list(document.problems)
    kind = document.data.get("kind")
    if kind is None:
        hint = "add a line such as kind: case"
        return None, [document.problem("F202", "the key 'kind' is missing", (), hint)]
    if not isinstance(kind, str) or kind not in KINDS:
        return None, [
            document.problem(
                "F208",
                f"{str(kind)[:40]!r} is not a kind of file",
                ("kind",),
                did_you_mean(str(kind)[:40], KINDS),
            )
        ]
    if document.data.get("format") != 1 or isinstance(document.data.get("format"), bool):
        return None, [
            document.problem(
                "F208",
                f"format {str(document.data.get('format'))[:20]!r} is not known",
                ("format",),
                "write format: 1",
            )
        ]
    return validate_as(KINDS[kind], document)


def validate_as(model: type[BaseModel], document: Document) -> tuple[BaseModel | None, list[Problem]]:
    """As `validate`, for a kind already known."""
    try:
        return model.model_validate(document.data), []
    except ValidationError as error:
        return None, problems_of(error, model, document)
    except RecursionError:
        return None, [document.problem("Y104", "nested too deeply", (), "flatten it")]


def problems_of(error: ValidationError, model: type[BaseModel], document: Document) -> list[Problem]:
    """One problem for each place pydantic complains about, in file order."""
    found: dict[Path, Problem] = {}
    for detail in error.errors(include_url=False):
        path, of_key = _path(detail["loc"], document.data)
        problem = _problem(detail, path, of_key, model, document)
        found.setdefault(path, problem)  # a union complains once per member; the first is enough
    return sorted(found.values())


def _path(location: tuple[Any, ...], data: Any) -> tuple[Path, bool]:
    """The part of pydantic's location that exists in the data (it also names union members)."""
    path: Path = ()
    of_key = False
    for part in location:
        if part == "[key]":
            of_key = True
        elif (isinstance(data, dict) and part in data) or (
            isinstance(data, list) and isinstance(part, int) and part < len(data)
        ):
            path, data = (*path, part), data[part]
    return path, of_key


def _problem(detail: Any, path: Path, of_key: bool, model: type[BaseModel], document: Document) -> Problem:
    type_, context, location = detail["type"], detail.get("ctx") or {}, detail["loc"]
    if type_ == "mlasim":
        inner, _ = _path(tuple(context["at"]), _at(document.data, path))
        return document.problem(context["code"], context["message"], (*path, *inner), context["hint"], of_key=of_key)
    name = str(path[-1]) if path else document.data.get("kind", "file")
    if type_ == "missing":
        return document.problem(
            "F202",
            f"the key {str(location[-1])!r} is missing here",
            path,
            f"add {location[-1]}: …",
            of_key=True,
        )
    if type_ == "extra_forbidden":
        known = _keys_known(model, path[:-1])
        return document.problem("F201", f"unknown key {name[:60]!r}", path, did_you_mean(name[:60], known), of_key=True)
    value = str(detail.get("input"))[:60]
    if type_ == "literal_error":
        allowed = [word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", ")]
        return document.problem(
            "F204", f"{name}: {value!r} is not one of the values allowed", path, did_you_mean(value, allowed)
        )
    if type_.startswith(("greater_than", "less_than", "too_", "string_too", "finite")):
        return document.problem("F207", f"{name}: {detail['msg'].lower()}", path)
    if type_.startswith(("date", "time", "string_pattern")):
        return document.problem("F209", f"{name}: {value!r} is not {_wanted(type_)}", path)
    return document.problem(
        "F203",
        f"{name}: needs {_wanted(type_)}, not {value!r}",
        path,
        "put it in quotes" if type_ == "string_type" else "",
    )


def _wanted(type_: str) -> str:
    start = type_.split("_")[0]
    return _WANTED.get(start, "another kind of value") if type_ != "string_pattern_mismatch" else "written as it should"


def _at(data: Any, path: Path) -> Any:
    for part in path:
        data = data[part]
    return data


def _keys_known(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that the record at ``path`` may have."""
    current: list[Any] = [model]
    for part in path:
        following: list[Any] = []
        for annotation in current:
            following += _members(annotation, part)
        current = following
    return [
        field.alias or name
        for annotation in current
        for record in _records(annotation)
        for name, field in record.model_fields.items()
    ]


def _records(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType, typing.Annotated):
        return [record for part in typing.get_args(annotation) for record in _records(part)]
    return []


def _members(annotation: Any, part: Any) -> list[Any]:
    """Annotations of what lies under ``part`` of a value so annotated."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [f.annotation for n, f in annotation.model_fields.items() if (f.alias or n) == part]
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType, typing.Annotated):
        return [found for argument in arguments for found in _members(argument, part)]
    if origin is dict:
        return [arguments[1]]
    if origin in (tuple, list):
        return [arguments[0]]
    return []
