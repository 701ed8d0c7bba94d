"""What a kind of action says about itself, and the register of all kinds.

A kind is one record: a class built on `ActionContent`, whose fields are what somebody fills in, registered by
`kind_of_action` with its label, its hours of work, where it may be taken, what it asks of the law and whether another
team hears of it. One function carries it out (`sim.case.action_functions`). Files, the toolbox, the terminal, the
hours in the score, descriptions, checks of references and the JSON Schema are derived from the record; a kind may be
registered by any package, at any time.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal, TypeVar

from sim.i18n import marked
from sim.model.base import Origin, Record
from sim.model.data import Path
from sim.model.roles import Role

Choices = Literal[
    "state",
    "evidence",
    "person",
    "request",
    "incoming",
    "service",
    "channel",
    "instrument",
    "measure",
    "language",
    "ground",
]
"""Lists from which a field is picked. ``request``: letters sent so far; ``incoming``: requests on one's own desk;
``ground``: grounds for refusal."""

LABELS: dict[Choices, str] = {
    "state": marked("State"),
    "evidence": marked("Evidence"),
    "person": marked("Person"),
    "request": marked("Request"),
    "incoming": marked("Request"),
    "service": marked("Service"),
    "channel": marked("Channel"),
    "instrument": marked("Legal basis"),
    "measure": marked("Measure"),
    "language": marked("Language"),
    "ground": marked("Ground"),
}
"""What a field picked from a list is called, unless the field says otherwise."""

Seat = Literal["requesting", "requested", "other team"]
"""Where an action is taken: at the seat that asks, at the desk that is asked, or by another team, of whom one hears."""


@dataclass(frozen=True)
class Picked:
    """How a field is filled in: a hint for whoever asks for it, beside its type in ``Annotated[…]``.

    A field that names something of a list needs the list; one of yes or no, of named values or of words needs a label.
    """

    of: Choices | None = None
    """The list it is picked from; none: its type says what it may be."""
    label: str = ""
    """What it is called (``marked``); that of the list unless given."""
    start: object = None
    """What stands there to begin with, where that is not the default: nothing is done for those who do not think."""
    nobody: str = ""
    """What it is called to pick nothing (``marked``); none: something has to be picked."""
    called: Mapping[str, str] = field(default_factory=dict)
    """What its named values are called (``marked``), where people do not call them as files do."""
    given: object = None
    """What is put in without asking, where people decide by a click and files may say more."""
    preservable: bool = False
    """Of evidence: whether it must be something that its holder can be told to keep."""


Shape = Literal["list", "yes or no", "one of", "several of", "words"]


@dataclass(frozen=True)
class ActionField:
    """A field of a kind of action that somebody fills in."""

    name: str
    """The attribute; in files ``key``."""
    shape: Shape
    hint: Picked
    many: bool = False
    """Whether the record holds several."""
    values: tuple[str, ...] = ()
    """What it may be, where it is one or several of named values."""
    start: object = None
    """What stands there to begin with."""
    needed: bool = True
    """Whether the record needs it."""

    @property
    def key(self) -> str:
        """What files call it."""
        return as_key(self.name)

    @property
    def of(self) -> str:
        """The list it is picked from; nothing where its type says what it may be."""
        return self.hint.of or ""

    @property
    def label(self) -> str:
        """What people call it (``marked``)."""
        return self.hint.label or (LABELS[self.hint.of] if self.hint.of is not None else "")

    def places(self, ids: Sequence[str], at: Path) -> list[tuple[Path, str]]:
        """Where in a file each of the ids stands, for an action at ``at``."""
        return [((*at, self.key, place) if self.many else (*at, self.key), id_) for place, id_ in enumerate(ids)]


@dataclass(frozen=True)
class Hours:
    """Working hours that a step asks of everybody together."""

    hours: float
    origin: Origin
    each: str = ""
    """The field for whose every entry they are asked; none: they are asked once."""
    where: tuple[str, object] | None = None
    """The field and its value that ask for them; none: they are asked anyway."""
    foreign: str = ""
    """The field with a language that asks for them where it is not one of one's own."""


@dataclass(frozen=True)
class HoursOfMeasures:
    """The usual working hours of the measures asked for, which the library knows with their origins."""

    measures: str
    """The field that names them."""
    times: float
    """How much more is asked of others ``where`` a field has a value."""
    where: tuple[str, object]
    origin: Origin


Work = Hours | HoursOfMeasures


def assumed(what: str) -> Origin:
    """Where our own figures of hours come from; ``what`` they are for."""
    return Origin(mark="assumption", source=f"ours, within the ranges of effort in practitioners' guides: {what}")


class ActionContent(Record):
    """What somebody fills in for an action; the ground of every kind."""

    kind: ClassVar[ActionKind]
    """What is said about all actions of the kind."""

    def picked(self, *lists: Choices) -> list[tuple[ActionField, tuple[str, ...]]]:
        """Fields that are picked from these lists, and the ids that stand there; a field without any is left out."""
        found = []
        for one in self.kind.picked_fields:
            if one.hint.of in lists and (value := getattr(self, one.name)):
                found.append((one, (value,) if isinstance(value, str) else tuple(value)))
        return found

    def told(self) -> list[tuple[ActionField, tuple[str, ...]]]:
        """The field that says whether another team hears of it, with its ids; none if they never do."""
        return [(one, ids) for one, ids in self.picked(*LABELS) if one.name == self.kind.told]

    def ids(self, *lists: Choices) -> list[str]:
        """Everything it names of these lists."""
        return [id_ for _field, ids in self.picked(*lists) for id_ in ids]


@dataclass(frozen=True)
class ActionKind:
    """A kind of action, as `kind_of_action` registered it."""

    name: str
    """``send``, ``propose_team``; in files ``key``."""
    record: type[ActionContent]
    label: str
    """What people call it (``marked``)."""
    hours: tuple[Work, ...]
    """What it asks of one's own office and of others."""
    seat: Seat = "requesting"
    asks: Role | None = None
    """The role of the provision that it is held against; none: it rests on no particular one."""
    told: str = ""
    """The field that says whether another team hears of it: a State that they play, a request sent to them, one of
    theirs; none: they never do."""
    own_form: bool = False
    """Whether it is filled in at a desk of its own, as a letter is, and not in the toolbox."""
    fields: tuple[ActionField, ...] = ()
    """What is asked for."""
    picked_fields: tuple[ActionField, ...] = ()
    """Every field that names something of a list."""
    given: Mapping[str, object] = field(default_factory=dict)
    """What is put in without asking, by key."""

    @property
    def key(self) -> str:
        """What files call it."""
        return as_key(self.name)

    @property
    def about(self) -> str:
        """What it is, in a sentence: the first paragraph of its docstring."""
        return " ".join((self.record.__doc__ or "").partition("\n\n")[0].split())


ACTIONS: dict[str, ActionKind] = {}
"""Every kind of action by name, in the order in which they are offered."""

Content = TypeVar("Content", bound=ActionContent)


def kind_of_action(
    name: str,
    *,
    label: str,
    hours: Work | tuple[Work, ...],
    seat: Seat = "requesting",
    asks: Role | None = None,
    told: str = "",
    own_form: bool = False,
) -> Callable[[type[Content]], type[Content]]:
    """Register a record as a kind of action; see `ActionKind` for what is said of it.

    Raises `TypeError` if the name is taken, label or hours are missing, a field cannot be filled in, or there is no
    such role.
    """

    def register(record: type[Content]) -> type[Content]:
        work = hours if isinstance(hours, tuple) else (hours,)
        if name in ACTIONS and ACTIONS[name].record.__qualname__ != record.__qualname__:
            raise TypeError(f"there is an action {name!r} already: {ACTIONS[name].record.__qualname__}")
        if not label.strip():
            raise TypeError(f"the action {name!r} has no label; say what people call it")
        if not work:
            raise TypeError(f"the action {name!r} has no hours of work; say how many, with their origin")
        if asks is not None and asks not in typing.get_args(Role):
            raise TypeError(f"the action {name!r}: no provision has the role {asks!r}; sim.model.roles has all")
        if not (record.__doc__ or "").strip():
            raise TypeError(f"the action {name!r} has no docstring; say what it is")
        # What another team sends is filled in by nobody here.
        asked, picked, given = _fields(name, record) if seat != "other team" else ((), (), {})
        named = [part.each or part.foreign or (part.where or ("",))[0] for part in work if isinstance(part, Hours)]
        named += [name for part in work if isinstance(part, HoursOfMeasures) for name in (part.measures, part.where[0])]
        for needed in (told, *named):
            if needed and needed not in record.model_fields:
                raise TypeError(f"the action {name!r} has no field {needed!r}")
        kind = ActionKind(name, record, label, work, seat, asks, told, own_form, asked, picked, given)
        record.kind = ACTIONS[name] = kind
        return record

    return register


def as_key(name: str) -> str:
    """A field's name as files write it."""
    return name.rstrip("_").replace("_", " ")


def _fields(
    kind: str, record: type[ActionContent]
) -> tuple[tuple[ActionField, ...], tuple[ActionField, ...], Mapping[str, object]]:
    """What is asked for, what names something of a list, and what is put in without asking."""
    asked, picked, given = [], [], {}
    for name, info in record.model_fields.items():
        hint = next((part for part in info.metadata if isinstance(part, Picked)), Picked())
        shape, many, values = _shape(info.annotation, hint)
        needed = info.is_required()
        if hint.given is not None:
            given[as_key(name)] = hint.given
            continue
        if shape is None:
            if needed:
                raise TypeError(f"the action {kind!r}: nobody can fill in {name!r}; say what it is picked from")
            continue
        start = hint.start if hint.start is not None else None if needed else info.default
        if not hint.label and hint.of is None:
            raise TypeError(f"the action {kind!r}: the field {name!r} has no label; say what people call it")
        one = ActionField(name, shape, hint, many, values, start, needed)
        asked.append(one)
        picked += [one] if shape == "list" else []
    return tuple(asked), tuple(picked), types.MappingProxyType(given)


def _shape(annotation: object, hint: Picked) -> tuple[Shape | None, bool, tuple[str, ...]]:
    """How a field of a type is filled in, whether it holds several, and what it may be."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        rest = [argument for argument in arguments if argument is not type(None)]
        return _shape(rest[0], hint) if len(rest) == 1 else (None, False, ())
    if origin is typing.Annotated:
        return _shape(arguments[0], hint)
    if origin is tuple:
        shape, _many, values = _shape(arguments[0], hint)
        several: dict[Shape | None, Shape] = {"list": "list", "one of": "several of"}
        return several.get(shape), True, values
    if origin is Literal:
        return "one of", False, tuple(str(value) for value in arguments)
    if annotation is bool:
        return "yes or no", False, ()
    if annotation is str:
        return ("list" if hint.of is not None else "words"), False, ()
    return None, False, ()
