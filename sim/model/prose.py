"""Which texts in a record are prose, that is to say an author's, and where they stand."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from functools import cache

from pydantic import BaseModel

from sim.model.base import Authored
from sim.model.data import Path


def texts_of(record: BaseModel, here: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every authored text in a record that is there, with its place in the file."""
    for name, prose in _fields(type(record)):
        path = (*here, type(record).model_fields[name].alias or name)
        yield from _inside(getattr(record, name), path, prose)


def _inside(value: object, here: Path, prose: bool) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        if prose and value:
            yield here, value
    elif isinstance(value, BaseModel):
        yield from texts_of(value, here)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _inside(item, (*here, key), prose)
    elif isinstance(value, tuple):
        for place, item in enumerate(value):
            yield from _inside(item, (*here, place), prose)


@cache
def _fields(record: type[BaseModel]) -> tuple[tuple[str, bool], ...]:
    """Fields of a record that hold prose, or something in which there may be some; and whether they are prose."""
    return tuple(
        (name, _marked(field.annotation) or any(isinstance(mark, Authored) for mark in field.metadata))
        for name, field in record.model_fields.items()
    )


def _marked(annotation: object) -> bool:
    """Whether an annotation says, itself or for what is in it, that it is prose."""
    return any(isinstance(part, Authored) or _marked(part) for part in typing.get_args(annotation))
