"""What an event is, and the register of all events (`sim.model.events` declares those that ship).

An event has a name, as scenario files write it (``when: {event: question, of: bank-letter}``), says what kind of
thing it is about, and carries typed fields. Whoever acts on an event matches its type. The sentence that tells it to
people is in `sim.training.messages`; a procedure says at which of its stages one is announced.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, dataclass_transform

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticKnownError, core_schema

from sim.unchanging import Unchanging

Subject = Literal["request", "evidence", "person", "state", "service", "deadline", "decision", "incoming", "team"]
"""The kinds of things that events are about. ``incoming``: a request from abroad on the trainee's own desk."""

EVENTS: dict[str, type[Event]] = {}
"""Every event by name."""


@dataclass_transform(frozen_default=True)
class _FrozenRecord:
    """What type checkers take for a frozen dataclass."""


class Event(_FrozenRecord, Unchanging):
    """Something that befell the case: a frozen record. Its fields are those that its class annotates, after ``moment``
    and ``about``; those of the kinds below all have a default.

    Records are made here and not by ``dataclass``, which compiles six functions for each kind: a tenth of a second at
    every start for what one function of each does. Type checkers know them as dataclasses.
    """

    moment: int
    """Seconds since the world's epoch."""
    about: str
    """Id of the request, evidence, person … it befell."""

    name: ClassVar[str]
    """What scenario files call it."""
    subject: ClassVar[Subject]
    """What kind of thing it is about."""
    needs_you: ClassVar[bool]
    """Whether it calls for a look: time stops for it when it passes until something needs the trainee."""
    once: ClassVar[bool]
    """Whether a procedure announces it at the first time only."""
    _fields: ClassVar[tuple[str, ...]]
    """Its own fields, in their order."""

    def __init_subclass__(
        cls, *, name: str, subject: Subject, needs_you: bool = False, once: bool = False, **more: object
    ) -> None:
        super().__init_subclass__(**more)
        if name in EVENTS and EVENTS[name].__qualname__ != cls.__qualname__:
            raise TypeError(f"there is an event {name!r} already: {EVENTS[name].__qualname__}")
        cls.name, cls.subject, cls.needs_you, cls.once = name, subject, needs_you, once
        cls._fields = tuple(cls.__annotations__)
        lacking = [field for field in cls._fields if field not in vars(cls)]
        if lacking:
            raise TypeError(f"the event {name!r} has no default for {', '.join(lacking)}")
        EVENTS[name] = cls

    def __init__(self, moment: int, about: str, *values: object, **named: object) -> None:
        own = dict(zip(self._fields, values, strict=False))
        if len(values) > len(self._fields) or not named.keys() <= set(self._fields) - own.keys():
            raise TypeError(f"{type(self).__name__} has the fields {', '.join(self._fields) or 'moment and about'}")
        defaults = {field: getattr(type(self), field) for field in self._fields}
        vars(self).update({"moment": moment, "about": about, **defaults, **own, **named})

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"an event is what it is: {name!r} cannot be set")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((type(self), *vars(self).values()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"


class _NameOfAnEvent:
    """The name of an event as a file writes it. Looked up when a file is read, so that events may be added."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _known, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"enum": list(EVENTS), "type": "string"}


def _known(value: object) -> str:
    if not isinstance(value, str) or value not in EVENTS:
        names = [repr(name) for name in EVENTS]
        raise PydanticKnownError("literal_error", {"expected": f"{', '.join(names[:-1])} or {names[-1]}"})
    return value


EventName = Annotated[str, _NameOfAnEvent()]
"""The name of an event, in a scenario file."""
