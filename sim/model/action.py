"""An action: one of the registered kinds, filled in.

In files it is a mapping with one key, ``{preserve: {evidence: logs, channel: contact-24-7}}``. The kind is looked up
when a file is read, so that a kind registered by another package is read, checked and completed like those here.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from pydantic import (
    BaseModel,
    Field,
    GetJsonSchemaHandler,
    SerializationInfo,
    SerializeAsAny,
    create_model,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from sim.i18n import say
from sim.model import actions, desk_actions
from sim.model.action_kinds import ACTIONS, ActionContent, ActionKind
from sim.model.actions import SendRequest
from sim.model.base import FieldDefinition, Record, fail

SHIPPED = (actions, desk_actions)
"""Modules that register the kinds of this package; the order is that in which they are offered."""


class Action(Record):
    """Something the trainee does. Exactly one."""

    content: SerializeAsAny[ActionContent]
    """The letter, the preservation, … itself: match its type."""

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: object) -> object:
        """The record under the one key, as every registered kind is read by now; mistakes keep their places."""
        if isinstance(value, Action) or (isinstance(value, dict) and isinstance(value.get("content"), ActionContent)):
            return value  # made in code, not read from a file
        return {"content": _written().model_validate(value).content}

    @model_serializer(mode="plain")
    def _write(self, info: SerializationInfo) -> dict[str, object]:
        key = self.kind.key if info.by_alias else self.name
        data = self.content.model_dump(
            mode=info.mode,
            by_alias=info.by_alias,
            exclude_unset=info.exclude_unset,
            exclude_defaults=info.exclude_defaults,
            exclude_none=info.exclude_none,
        )
        return {key: data}

    @classmethod
    def as_written(cls) -> type[BaseModel]:
        """The record of what files may say: one key for each registered kind."""
        return _written()

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        written = _written()
        written.model_rebuild()
        schema = handler.resolve_ref_schema(handler(written.__pydantic_core_schema__))
        return {**schema, "description": cls.__doc__ or ""}

    @property
    def kind(self) -> ActionKind:
        """What is said about all actions of the kind."""
        return self.content.kind

    @property
    def name(self) -> str:
        """What is done: ``send``, ``preserve``, …"""
        return self.kind.name


def letter_among(actions: Iterable[Action]) -> SendRequest | None:
    """The first letter of request among actions; none if there is none."""
    return next((action.content for action in actions if isinstance(action.content, SendRequest)), None)


def with_letter(actions: Iterable[Action], letter: Action | None) -> list[Action]:
    """The same actions with another letter, if there is one, in the place of theirs."""
    return [letter if letter and isinstance(action.content, SendRequest) else action for action in actions]


class _OneOfMany(Record):
    """What files may say for an action."""

    @model_validator(mode="after")
    def _exactly_one(self) -> _OneOfMany:
        if len(self.given) != 1:
            raise fail(
                "F210",
                say("an action is one thing; this one is {count}", count=len(self.given)),
                say("write a list of actions"),
            )
        return self

    @property
    def given(self) -> list[ActionContent]:
        """Everything that is written."""
        return [found for name in type(self).model_fields if (found := getattr(self, name)) is not None]

    @property
    def content(self) -> ActionContent:
        """What is written, once it is known to be one."""
        return self.given[0]


def _written() -> type[_OneOfMany]:
    return _model_of(tuple(kind.record for kind in ACTIONS.values()))


@lru_cache(maxsize=4)
def _model_of(records: tuple[type[ActionContent], ...]) -> type[_OneOfMany]:
    """One field for each kind. Made anew when a kind has come, and then kept."""
    kinds = [record.kind for record in records]
    fields: dict[str, FieldDefinition] = {
        kind.name: (kind.record | None, Field(None, description=kind.about)) for kind in kinds
    }
    return create_model("OneOfManyActions", __base__=_OneOfMany, __doc__=_OneOfMany.__doc__, **fields)
