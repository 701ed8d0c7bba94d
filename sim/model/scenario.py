"""A world or a case with everything it refers to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from sim.model.base import Origin
from sim.model.behaviour import FROM_CODE, Behaviour
from sim.model.case import Case
from sim.model.instrument import Instrument
from sim.model.jurisdiction import Jurisdiction
from sim.model.library import Key, Library
from sim.model.policy import Policy
from sim.model.procedure import Channel, Measure, Procedure
from sim.model.service import Service
from sim.model.world import Lever, World


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
    records: Mapping[str, Mapping[str, Any]] = field(repr=False, compare=False)
    data: Mapping[tuple[str, str], Any] = field(repr=False, compare=False)
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
    def record(self) -> Any:
        """The world or the case itself."""
        return self.records[self.kind][self.id]

    @property
    def title(self) -> str:
        """Its name for people."""
        title: str = self.record.title
        return title

    @cached_property
    def case(self) -> Case | None:
        """The case, where it is one."""
        return self.record if self.kind == "case" else None

    @cached_property
    def world(self) -> World:
        """The world, or that of the case."""
        world: World = self.records["world"][self.case.world] if self.case else self.record
        return world

    @property
    def jurisdictions(self) -> Mapping[str, Jurisdiction]:
        """Every profile it refers to, by id."""
        return self.records["jurisdiction"]

    @property
    def instruments(self) -> Mapping[str, Instrument]:
        """Every instrument it refers to, directly or not."""
        return self.records["instrument"]

    @property
    def channels(self) -> Mapping[str, Channel]:
        """Every channel it refers to."""
        return self.records["channel"]

    @property
    def measures(self) -> Mapping[str, Measure]:
        """Every measure it refers to."""
        return self.records["measure"]

    @property
    def services(self) -> Mapping[str, Service]:
        """Every service it refers to."""
        return self.records["service"]

    @cached_property
    def procedures(self) -> Mapping[str, Procedure]:
        """Every procedure it refers to, with those of the world itself."""
        return {**self.records["procedure"], **self.world.procedures}

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
    def worked_out(self) -> dict[Any, Any]:
        """Answers that follow from it alone and are asked for again and again; they live no longer than it does."""
        return {}

    def __getstate__(self) -> dict[str, Any]:
        """What travels to another process: what was read, not what was worked out from it."""
        return {name: value for name, value in self.__dict__.items() if name in self.__dataclass_fields__}

    def find(self, kind: str, id_: str) -> Any:
        """A record of this scenario, or of the library where the scenario does not use it; None if nowhere."""
        return self.records[kind].get(id_) or self.library.get(kind, id_)


@dataclass(frozen=True)
class Question:
    """A policy question with the world and the levers that its own folder or the library has for it."""

    policy: Policy
    world: Scenario
    levers: Mapping[str, Lever]
    """By id."""


def hash_of(data: Mapping[Key, Any], behaviour: Behaviour | None = None) -> str:
    """SHA-256 of the data of all files of a scenario.

    Of files of behaviour the values count, and they count once they differ from those that stood in the code before
    they were files: a case that is played with these has the hash that sessions of it were saved with.
    """
    # An author reads endings from the top, and so does the simulation: theirs is the one order of keys that counts.
    files = [key for key in sorted(data) if key[0] != "behaviour"]
    ordered = [[kind, id_, data[kind, id_], list(data[kind, id_].get("endings", ()))] for kind, id_ in files]
    if behaviour is not None and behaviour.digest != FROM_CODE:
        ordered.append(["behaviour", "", behaviour.values(), []])
    canonical = json.dumps(ordered, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
