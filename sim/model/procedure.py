"""A procedure is a graph of stages: who performs each, how long it takes, what can happen next."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from sim.model.base import Header, Id, Origins, Record, Text, fail, require_origins
from sim.model.durations import Duration

Side = Literal["requesting", "requested"]
Cause = Literal[
    "transmission",
    "translation",
    "other side",
    "legal remedies",
    "work",
    "postponement",
]
"""What a stage's time counts as, where not plain work at an office: see `sim.record.causes`."""


class Performer(Record):
    """Who does a stage. Written ``requesting prosecution`` (side and role) or ``office ID``."""

    side: Side | None = None
    role: Id | None = None
    office: Id | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        first, _, rest = value.strip().partition(" ")
        if first in ("requesting", "requested") and rest:
            return {"side": first, "role": rest.strip()}
        if first == "office" and rest:
            return {"office": rest.strip()}
        raise fail(
            "F203",
            f"{value[:60]!r} does not say who performs the stage",
            "write requesting ROLE, requested ROLE, or office ID",
        )


class Branch(Record):
    """One of the ways a stage can go on."""

    to: Id
    """The next stage."""
    chance: Annotated[float, Field(ge=0, le=1)] | Id | None = None
    """How likely: a number, or the name of a chance that corridors and requests set. Without it the branch
    takes what is left."""
    if_: dict[str, Any] = {}
    """Facts that must hold for the branch to exist: ``{measure is coercive: true, channel: diplomatic}``."""
    because: str = ""
    """Reason shown to people, with its article where there is one."""


class Stage(Record):
    """A step of a procedure. It has exactly one of: ``work`` by a ``performer``; ``takes`` (time passes, nobody
    is occupied); ``steps`` (those of the channel or of each measure); ``end`` (the request is over)."""

    title: str = ""
    """What people call it."""
    performer: Performer | None = None
    """Who works on it."""
    work: Duration | None = None
    """Effort by one member of staff."""
    takes: Duration | None = None
    """Time that passes without occupying anybody. ``working days`` are those of the ``side``."""
    side: Side | None = None
    """On whose side time passes; the performer's side unless given."""
    steps: Literal["channel", "channel back", "each measure"] | None = None
    """Expands into the steps of the request's channel (there or back) or, side by side, of all its measures."""
    end: (
        Literal[
            "executed",
            "executed in part",
            "no result",
            "refused",
            "returned unregistered",
            "withdrawn",
            "lapsed",
            "completed",
        ]
        | None
    ) = None
    """The request is over, with this outcome."""
    reason: str = ""
    """For a refusal: the ground, e.g. ``dual-criminality``."""
    only_if: dict[str, Any] = {}
    """Facts that must hold; otherwise the stage is skipped and the way goes on as ``then`` says."""
    cause: Cause | None = None
    """What its time counts as when days are attributed; work at an office unless given."""
    holds: bool = False
    """Whether a request of the trainee's waits here until they act."""
    then: tuple[Branch, ...] = ()
    """What comes next: a stage, or a list of branches tried in order."""
    origins: Origins = {}
    """Where its figures come from."""

    @model_validator(mode="before")
    @classmethod
    def _then_from_text(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("then"), str):
            return {**value, "then": [{"to": value["then"]}]}
        return value

    @model_validator(mode="after")
    def _one_nature(self) -> Stage:
        natures = [name for name in ("work", "takes", "steps", "end") if getattr(self, name) is not None]
        if len(natures) != 1:
            raise fail(
                "F210",
                f"a stage has one of work, takes, steps, end; this one has {len(natures)}",
                "keep one of them",
            )
        if (self.work is None) != (self.performer is None):
            raise fail("F210", "work and performer belong together", "name who performs the work, or write takes")
        if self.end is None and not self.then:
            raise fail("R304", "the stage leads nowhere", "add then: STAGE, or end: OUTCOME")
        if self.end is not None and self.then:
            raise fail("F210", "the request is over here, and yet something follows", "remove then or end")
        given = sum(b.chance for b in self.then if isinstance(b.chance, float | int) and not b.if_)
        if given > 1 + 1e-9:
            raise fail("R305", f"the chances add up to {given:g}", "they may add up to 1 at most", ("then",))
        certain = [b for b in self.then if b.chance is None and not b.if_]
        if self.then and not certain and abs(given - 1) > 1e-9:
            raise fail(
                "R305",
                "the branches do not cover everything that can happen",
                "end the list with a branch without chance and if",
                ("then",),
            )
        if certain and self.then[-1] is not certain[0]:
            raise fail(
                "R305",
                "branches after one that always applies are never reached",
                "put the branch without chance and if last",
                ("then",),
            )
        require_origins(self, ("work", "takes"))
        return self


class Step(Record):
    """One step of a channel's transmission or of a measure's execution."""

    title: Text
    performer: Performer | None = None
    work: Duration | None = None
    takes: Duration | None = None
    side: Side | None = None
    cause: Cause | None = None
    origins: Origins = {}

    @model_validator(mode="after")
    def _one_nature(self) -> Step:
        if (self.work is None) == (self.takes is None):
            raise fail("F210", "a step has either work or takes", "keep one of them")
        if (self.work is None) != (self.performer is None):
            raise fail("F210", "work and performer belong together", "name who performs the work")
        require_origins(self, ("work", "takes"))
        return self


class Procedure(Header):
    """How a request travels: a graph of stages."""

    kind: Literal["procedure"] = "procedure"
    start: Id
    """The first stage."""
    stages: dict[Id, Stage] = Field(min_length=1)
    """All stages by id."""
    chances: dict[Id, Annotated[float, Field(ge=0, le=1)]] = {}
    """Named chances used by branches, with the value they have unless a corridor or a request says otherwise."""
    origins: Origins = {}
    """Where the named chances come from."""

    @model_validator(mode="after")
    def _graph_is_sound(self) -> Procedure:
        if self.start not in self.stages:
            raise fail("R301", f"there is no stage {self.start!r}", "", ("start",))
        for name, stage in self.stages.items():
            for place, branch in enumerate(stage.then):
                if branch.to not in self.stages:
                    from sim.model.problems import did_you_mean

                    raise fail(
                        "R301",
                        f"there is no stage {branch.to!r}",
                        did_you_mean(branch.to, self.stages),
                        ("stages", name, "then", place, "to"),
                    )
                if isinstance(branch.chance, str) and branch.chance not in self.chances:
                    raise fail(
                        "R301",
                        f"there is no chance named {branch.chance!r}",
                        "name it under chances",
                        ("stages", name, "then", place, "chance"),
                    )
        reached = {self.start}
        frontier = [self.start]
        while frontier:
            for branch in self.stages[frontier.pop()].then:
                if branch.to not in reached:
                    reached.add(branch.to)
                    frontier.append(branch.to)
        for name in self.stages:
            if name not in reached:
                raise fail(
                    "R304",
                    f"the stage {name!r} cannot be reached",
                    "lead to it, or remove it",
                    ("stages", name),
                )
        leaving = {name for name, stage in self.stages.items() if stage.end is not None}
        grown = True
        while grown:
            ready = {n for n, s in self.stages.items() if n not in leaving and any(b.to in leaving for b in s.then)}
            grown = bool(ready)
            leaving |= ready
        for name in self.stages:
            if name not in leaving:
                raise fail(
                    "R307",
                    f"from the stage {name!r} no end can be reached",
                    "let one branch lead to an end",
                    ("stages", name),
                )
        if self.chances and "all" not in self.origins:
            missing = [name for name in self.chances if name not in self.origins]
            if missing:
                raise fail(
                    "F211",
                    f"no origin for the chances {', '.join(missing)}",
                    "add origins: {all: 'assumption: why'}",
                    ("chances",),
                )
        return self


class Channel(Header):
    """A way for a request to travel: hops through real offices, then time on the road."""

    kind: Literal["channel"]
    there: tuple[Step, ...] = Field(min_length=1)
    """Steps from the requesting to the requested State."""
    back: tuple[Step, ...] = ()
    """Steps for the way back; those of ``there`` with the sides exchanged, unless given."""
    evidence: Literal["evidence", "lead only", "none"] = "evidence"
    """What a product received this way is worth in court."""
    written_record: bool = True
    """Whether it produces a written record whose authenticity can be established (UNTOC art. 18(14))."""
    urgent_only: bool = False
    """Whether instruments allow it in urgent circumstances only."""
    source: Text
    """Where the description comes from."""


class Measure(Header):
    """A type of assistance: what is asked for, and what executing it takes."""

    kind: Literal["measure"]
    coercive: bool
    """Whether it compels somebody or intrudes on rights."""
    hook: tuple[str, ...] = ()
    """Articles that name it, such as ``untoc 18(3)(f)``."""
    yields: Id
    """What it brings: the kind of evidence."""
    perishes: bool = False
    """Whether what it seeks is deleted in the ordinary course of things."""
    consent_of: Literal["nobody", "the person heard", "the detained person", "the accused"] = "nobody"
    """Whose consent it needs."""
    steps: tuple[Step, ...] = Field(min_length=1)
    """Execution in the requested State, one step after the other."""
    source: Text
    """Where effort and duration come from."""
