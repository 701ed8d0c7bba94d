"""Files of behaviour, a topic each, and what a case may assume in their place."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal

from pydantic import ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, create_model
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from sim.model.base import FieldDefinition, Header, Record
from sim.model.behaviour import Conduct, Coordination, Desk, Expiry, People, Secrecy, Topic, Trust
from sim.model.data import Data
from sim.model.figures import Figures, names_in


class BehaviourFile(Header):
    """Figures of one topic, as a file of the library; the topic is its id."""

    model_config = ConfigDict(extra="ignore")  # of an unknown topic, the id alone is wrong

    kind: Literal["behaviour"]
    """Always ``behaviour``."""
    id: Topic
    """The topic; the file's name without .yaml."""

    @classmethod
    def forms(cls) -> Mapping[str, type[Header]]:
        return FILES


class ConductFile(BehaviourFile, Conduct):
    """How a request fares by how it is written and sent."""

    id: Literal["conduct"]
    """The topic; the file's name without .yaml."""


class PeopleFile(BehaviourFile, People):
    """How people in a case are, and whether they still take part."""

    id: Literal["people"]
    """The topic; the file's name without .yaml."""


class ExpiryFile(BehaviourFile, Expiry):
    """What does not wait: how long evidence is there, and what it is worth."""

    id: Literal["expiry"]
    """The topic; the file's name without .yaml."""


class SecrecyFile(BehaviourFile, Secrecy):
    """How secrets become known, and what follows."""

    id: Literal["secrecy"]
    """The topic; the file's name without .yaml."""


class TrustFile(BehaviourFile, Trust):
    """What conduct does to trust between two offices."""

    id: Literal["trust"]
    """The topic; the file's name without .yaml."""


class CoordinationFile(BehaviourFile, Coordination):
    """How long things take between two offices, and when they agree."""

    id: Literal["coordination"]
    """The topic; the file's name without .yaml."""


class DeskFile(BehaviourFile, Desk):
    """The desk of the requested State's central authority: what its lawyers' steps take."""

    id: Literal["desk"]
    """The topic; the file's name without .yaml."""


FILES: dict[str, type[Header]] = {
    "conduct": ConductFile,
    "people": PeopleFile,
    "expiry": ExpiryFile,
    "secrecy": SecrecyFile,
    "trust": TrustFile,
    "coordination": CoordinationFile,
    "desk": DeskFile,
}
"""What the file of each topic holds."""


class _Assumed(Figures):
    """Some of a topic's figures. Its class is made while the program runs, so it says how another process makes it."""

    def __reduce__(self) -> tuple[object, ...]:
        return _assumed, (type(self).__mro__[2], dict(self))


@cache
def _partly(figures: type[Figures]) -> type[Figures]:
    """The record of a topic in which every figure may be left out."""
    hints = typing.get_type_hints(figures, include_extras=True)
    fields: dict[str, FieldDefinition] = {name: (hints[name] | None, None) for name in names_in(figures).values()}
    bases = (_Assumed, figures)
    return create_model(f"Assumed{figures.__name__}", __base__=bases, __doc__=figures.__doc__, **fields)


def _assumed(figures: type[Figures], values: dict[str, Data]) -> Figures:
    return _partly(figures).model_construct(**values)


class Partly:
    """Any of a topic's figures. Most cases assume nothing of their own, so what reads it is built when one does."""

    def __init__(self, figures: type[Figures]):
        self.figures = figures

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(lambda value: _partly(self.figures).model_validate(value))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(_partly(self.figures).__pydantic_core_schema__)


class Assumptions(Record):
    """What a case assumes otherwise than the library, by topic."""

    conduct: Annotated[Conduct, Partly(Conduct)] | None = None
    """How a request fares by how it is written and sent."""
    people: Annotated[People, Partly(People)] | None = None
    """How people in the case are, and whether they still take part."""
    expiry: Annotated[Expiry, Partly(Expiry)] | None = None
    """How long evidence is there, and what it is worth."""
    secrecy: Annotated[Secrecy, Partly(Secrecy)] | None = None
    """How secrets become known, and what follows."""
    trust: Annotated[Trust, Partly(Trust)] | None = None
    """What conduct does to trust between two offices."""
    coordination: Annotated[Coordination, Partly(Coordination)] | None = None
    """How long things take between two offices, and when they agree."""
    desk: Annotated[Desk, Partly(Desk)] | None = None
    """What steps take at the desk of the requested State's central authority."""
