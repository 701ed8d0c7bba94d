"""A world or a case with everything it refers to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Literal, TypeVar, cast, overload

from sim.errors import UsageError
from sim.i18n import say
from sim.model.base import Header, Origin
from sim.model.behaviour import Behaviour
from sim.model.case import Case
from sim.model.data import Data
from sim.model.instrument import Instrument
from sim.model.jurisdiction import Jurisdiction
from sim.model.library import Key, Library
from sim.model.measure import Measure
from sim.model.natures import NATURES, Nature
from sim.model.policy import Policy
from sim.model.problems import named
from sim.model.procedure import Channel, Procedure
from sim.model.service import Service
from sim.model.world import Lever, World

Kind = TypeVar("Kind", bound=Header)
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Applied:
    """One change of a lever as it was applied: the provenance of a changed scenario and of what follows from it."""

    lever: str
    at: str
    change: str
    """What was done there: ``times 0.5``."""
    places: int
    """How many places it met."""
    origin: Origin
    """Where the size of the lever's effect comes from, with its mark."""


@dataclass(frozen=True)
class Scenario:
    """A world or a case with everything it refers to. Frozen; compares by its hash."""

    kind: str
    id: str
    records: Mapping[str, Mapping[str, Header]] = field(repr=False, compare=False)
    data: Mapping[Key, Data] = field(repr=False, compare=False)
    """Each file's data as written, by kind and id."""
    library: Library = field(repr=False, compare=False)
    hash: str = ""
    """SHA-256 of the data of all files; comments, layout and the order of keys do not matter (but endings are
    tried in the order in which they are written)."""
    levers: tuple[str, ...] = ()
    """Levers applied, in order."""
    applied: tuple[Applied, ...] = field(default=(), repr=False, compare=False)
    """Their changes, in the order in which they were made."""

    @property
    def record(self) -> World | Case:
        """The world or the case itself."""
        record = self.records[self.kind][self.id]
        assert isinstance(record, World | Case)
        return record

    @property
    def title(self) -> str:
        """Its name for people."""
        return self.record.title

    @cached_property
    def case(self) -> Case | None:
        """The case, where it is one."""
        return self.record if isinstance(self.record, Case) else None

    @cached_property
    def world(self) -> World:
        """The world, or that of the case."""
        return self._all("world", World)[self.case.world if self.case else self.id]

    @property
    def day(self) -> date:
        """The day on which it begins: that of the case, or of the world. What law is in force is asked for that day."""
        return self.case.starts.date() if self.case else self.world.starts

    @property
    def jurisdictions(self) -> Mapping[str, Jurisdiction]:
        """Every profile it refers to, by id."""
        return self._all("jurisdiction", Jurisdiction)

    @property
    def instruments(self) -> Mapping[str, Instrument]:
        """Every instrument it refers to, directly or not."""
        return self._all("instrument", Instrument)

    @property
    def channels(self) -> Mapping[str, Channel]:
        """Every channel it refers to."""
        return self._all("channel", Channel)

    @property
    def measures(self) -> Mapping[str, Measure]:
        """Every measure it refers to."""
        return self._all("measure", Measure)

    @property
    def services(self) -> Mapping[str, Service]:
        """Every service it refers to."""
        return self._all("service", Service)

    @cached_property
    def procedures(self) -> Mapping[str, Procedure]:
        """Every procedure it refers to, with those of the world itself."""
        return {**self._all("procedure", Procedure), **self.world.procedures}

    @cached_property
    def behaviour(self) -> Behaviour:
        """How people and offices behave in a play: the library's figures, and those the case puts in their place."""
        assumes = self.case.assumes if self.case else None
        return Behaviour.of(lambda topic: self.find("behaviour", topic), assumes, self.id)

    def read_through(self, behaviour: Behaviour) -> Scenario:
        """The same scenario whose plays read their figures of behaviour through something else that gives the same
        values, such as one that notes which are read."""
        other = replace(self)
        other.__dict__["behaviour"] = behaviour
        return other

    @cached_property
    def worked_out(self) -> dict[Hashable, object]:
        """Answers that follow from it alone and are asked for again and again; they live no longer than it does."""
        return {}

    def work_out(self, key: Hashable, how: Callable[[], Answer]) -> Answer:
        """The answer kept under a key, which ``how`` gives the first time."""
        if key not in self.worked_out:
            self.worked_out[key] = how()
        return cast(Answer, self.worked_out[key])  # a key is used by one question alone

    def __getstate__(self) -> dict[str, object]:
        """What travels to another process: what was read, not what was worked out from it."""
        return {name: value for name, value in self.__dict__.items() if name in self.__dataclass_fields__}

    @overload
    def find(self, kind: Literal["channel"], id_: str) -> Channel | None: ...
    @overload
    def find(self, kind: Literal["instrument"], id_: str) -> Instrument | None: ...
    @overload
    def find(self, kind: Literal["measure"], id_: str) -> Measure | None: ...
    @overload
    def find(self, kind: Literal["procedure"], id_: str) -> Procedure | None: ...
    @overload
    def find(self, kind: Literal["service"], id_: str) -> Service | None: ...
    @overload
    def find(self, kind: str, id_: str) -> Header | None: ...
    def find(self, kind: str, id_: str) -> Header | None:
        """A record of this scenario, or of the library where the scenario does not use it; None if nowhere."""
        return self.records[kind].get(id_) or self.library.get(kind, id_)

    def channel(self, id_: str) -> Channel:
        """A channel, as `find` looks for it; so the four below. Raises `UsageError` if there is none."""
        return self._there("channel", id_, Channel)

    def instrument(self, id_: str) -> Instrument:
        """An instrument."""
        return self._there("instrument", id_, Instrument)

    def measure(self, id_: str) -> Measure:
        """A measure."""
        return self._there("measure", id_, Measure)

    def nature_of(self, type_: str) -> Nature:
        """What kind of thing evidence of a type is: that of the measure that brings it; data where none does."""
        return NATURES[next((measure.nature for measure in self.measures.values() if measure.yields == type_), "data")]

    def procedure(self, id_: str) -> Procedure:
        """A procedure that is kept in a file of its own."""
        return self._there("procedure", id_, Procedure)

    def service(self, id_: str) -> Service:
        """A service."""
        return self._there("service", id_, Service)

    def _all(self, kind: str, record: type[Kind]) -> Mapping[str, Kind]:
        return cast("Mapping[str, Kind]", self.records[kind])  # files of a kind give the record of that kind

    def _there(self, kind: str, id_: str, record: type[Kind]) -> Kind:
        found = self.find(kind, id_)
        if not isinstance(found, record):
            raise UsageError(say("there is no {kind} {id!r}", kind=named(kind), id=id_))
        return found


@dataclass(frozen=True)
class Question:
    """A policy question with the world and the levers that its own folder or the library has for it."""

    policy: Policy
    world: Scenario
    levers: Mapping[str, Lever]
    """By id."""


def hash_of(data: Mapping[Key, Data], behaviour: Behaviour | None = None) -> str:
    """SHA-256 of the data of all files of a scenario.

    Of files of behaviour the values count, and not what explains them.
    """
    # An author reads endings from the top, and so does the simulation: theirs is the one order of keys that counts.
    files = [key for key in sorted(data) if key[0] != "behaviour"]
    ordered = [[kind, id_, data[kind, id_], list(data[kind, id_].get("endings", ()))] for kind, id_ in files]
    if behaviour is not None:
        ordered.append(["behaviour", "", behaviour.values(), []])
    canonical = json.dumps(ordered, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
