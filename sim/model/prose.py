"""Which texts in a record are prose, that is to say an author's: where they stand, and the record with others."""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Iterator
from functools import cache

from pydantic import BaseModel

from sim.model.base import Authored
from sim.model.data import Path

PLACEHOLDER = re.compile(r"\{([A-Za-z][A-Za-z0-9_ -]*)\}")
"""A word in braces, for which something of the play may stand."""
Of = typing.TypeVar("Of", bound=BaseModel)


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


def with_texts(record: Of, change: Callable[[str], str]) -> Of:
    """A record with every authored text changed; what is not changed is shared with it, and may be all of it."""
    changed = {}
    for name, prose in _fields(type(record)):
        value = getattr(record, name)
        if (other := _changed(value, prose, change)) is not value:
            changed[name] = other
    return record.model_copy(update=changed) if changed else record


def _changed(value: object, prose: bool, change: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return value if not prose or (other := change(value)) == value else other
    if isinstance(value, BaseModel):
        return with_texts(value, change)
    if isinstance(value, dict):
        items = {key: _changed(item, prose, change) for key, item in value.items()}
        return items if any(items[key] is not item for key, item in value.items()) else value
    if isinstance(value, tuple):
        places = tuple(_changed(item, prose, change) for item in value)
        return places if any(new is not old for new, old in zip(places, value, strict=True)) else value
    return value


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
