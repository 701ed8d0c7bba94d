"""A procedure is a graph of stages: who performs each, how long it takes, what can happen next."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from sim.i18n import say
from sim.model.base import (
    Aside,
    Finding,
    Header,
    Id,
    OneOf,
    Origins,
    Prose,
    Record,
    fail,
    fail_with,
    require_origins,
)
from sim.model.causes import OF_STAGES
from sim.model.durations import Duration
from sim.model.events import EVENTS, EventName
from sim.model.outcomes import Outcome, OutcomeKind
from sim.model.problems import did_you_mean

Side = Literal["requesting", "requested"]
MOST_STAGES = 250
"""Stages of one procedure."""
Cause = Annotated[str, OneOf(lambda: OF_STAGES)]
"""What a stage's time counts as, where not plain work at an office: see `sim.model.causes`."""


class Performer(Record):
    """Who does a stage. Written ``requesting prosecution`` (side and role) or ``office ID``."""

    side: Side | None = None
    """Whose office, with"""
    role: Id | None = None
    """the role that the office has there; or"""
    office: Id | None = None
    """one office of the world."""

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        first, _, rest = value.strip().partition(" ")
        if first in ("requesting", "requested") and rest:
            return {"side": first, "role": rest.strip()}
        if first == "office" and rest:
            return {"office": rest.strip()}
        raise fail(
            "F203",
            say("{value!r} does not say who performs the stage", value=value[:60]),
            say("write requesting ROLE, requested ROLE, or office ID"),
        )

    @model_validator(mode="after")
    def _role_or_office(self) -> Performer:
        by_role = self.side is not None and self.role is not None
        if by_role == (self.office is not None) or (self.side is None) != (self.role is None):
            raise fail(
                "F210", say("a performer is a side with a role, or an office"), say("write for example requested court")
            )
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        text = {"type": "string", "pattern": r"^\s*(requesting|requested|office)\s+\S+\s*$"}
        return {"anyOf": [text, handler(schema)]}


FACTS: dict[str, type] = {
    "channel": str,
    "coercive": bool,
    "federal": bool,
    "from outside": bool,
    "instrument": str,
    "legal remedies": bool,
    "measure": str,
    "refusable": str,
    "results translation needed": bool,
    "translation needed": bool,
    "urgent": bool,
}
"""What is known of a request where its way branches, and what it is: text, or true or false. ``measure`` is ``several``
where there are several; ``refusable`` is a ground on which the law lets it be refused."""


def _check_facts(value: dict[str, object]) -> dict[str, object]:
    findings = []
    for name, wanted in value.items():
        if name not in FACTS:
            hint = did_you_mean(name[:60], FACTS)
            findings.append(Finding("R301", say("there is no fact {name!r}", name=name[:60]), hint, (name,)))
            continue
        every = wanted if isinstance(wanted, list) and name != "refusable" else [wanted]
        if not all(type(one) is FACTS[name] for one in every):
            needs = say("true or false") if FACTS[name] is bool else say("text")
            words = say("{name}: needs {wanted}, not {value!r}", name=name, wanted=needs, value=str(wanted)[:60])
            findings.append(Finding("F203", words, at=(name,)))
    if findings:
        raise fail_with(findings)
    return value


Facts = Annotated[dict[str, object], AfterValidator(_check_facts)]
"""Facts that must hold, each one value; of several texts, one."""


class Branch(Record):
    """One of the ways a stage can go on."""

    to: Id
    """The next stage."""
    chance: Annotated[float, Field(ge=0, le=1)] | Id | None = None
    """How likely: a number, or the name of a chance that corridors and requests set. Without it the branch
    takes what is left."""
    if_: Facts = {}
    """Facts that must hold for the branch to exist: ``{coercive: true, channel: diplomatic}``."""
    because: Aside = ""
    """Reason shown to people, with its article where there is one."""


class _OrStage:
    """Allows ``then: STAGE`` for ``then: [{to: STAGE}]``."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(
            lambda value: [{"to": value}] if isinstance(value, str) else value, handler(source)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [{"type": "string"}, handler(schema)]}


@dataclass(frozen=True)
class Announcement:
    """What a stage announces: names of events, empty for nothing."""

    first: str
    again: str


class Stage(Record):
    """A step of a procedure. It has exactly one of: ``work`` by a ``performer``; ``takes`` (time passes, nobody
    is occupied); ``steps`` (those of the channel or of each measure); ``end`` (the request is over)."""

    title: Aside = ""
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
    executes: bool = False
    """Whether what was asked for is taken when this stage ends. A stage of ``each measure`` always does."""
    announces: EventName | None = None
    """What the sender is told when the request comes to this stage, as ``acknowledged`` or ``question``: an event about
    requests."""
    announces_again: EventName | None = None
    """The same from the second time on, where that says something else, as ``returned``."""
    end: OutcomeKind | None = None
    """The request is over, with this outcome."""
    reason: Aside = ""
    """For a refusal: the ground, e.g. ``dual-criminality``."""
    only_if: Facts = {}
    """Facts that must hold; otherwise the stage is skipped and the way goes on as ``then`` says."""
    cause: Cause | None = None
    """What its time counts as when days are attributed; work at an office unless given."""
    then: Annotated[tuple[Branch, ...], _OrStage()] = ()
    """What comes next: a stage, or a list of branches tried in order."""
    origins: Origins = {}
    """Where its figures come from."""

    @model_validator(mode="after")
    def _one_nature(self) -> Stage:
        findings = [*self._wrong_nature(), *self._wrong_branches()]
        if findings:
            raise fail_with(findings)
        require_origins(self, ("work", "takes"))
        return self

    @property
    def ways_on(self) -> Iterator[str]:
        """Stages that may come next: without those to which no chance is left. A chance that has a name, or holds under
        a condition, may be any."""
        left = 1.0
        for branch in self.then:
            if left <= 1e-9:
                return
            if branch.chance != 0:
                yield branch.to
            if isinstance(branch.chance, float | int) and not branch.if_:
                left -= branch.chance

    @property
    def on_side(self) -> Side | None:
        """On whose side it is; none where it is on the way, or over."""
        return self.side or (self.performer.side if self.performer is not None else None)

    @property
    def carries_out(self) -> bool:
        """Whether what was asked for is taken here."""
        return self.executes or self.steps == "each measure"

    def _wrong_nature(self) -> Iterator[Finding]:
        natures = [name for name in ("work", "takes", "steps", "end") if getattr(self, name) is not None]
        if len(natures) != 1:
            message = say("a stage has one of work, takes, steps, end; this one has {count}", count=len(natures))
            yield Finding("F210", message, say("keep one of them") if natures else say("add one of them"))
        if (self.work is None) != (self.performer is None):
            hint = say("name who performs the work, or write takes")
            yield Finding("F210", say("work and performer belong together"), hint)
        if self.end is None and not self.then:
            yield Finding("R304", say("the stage leads nowhere"), say("add then: STAGE, or end: OUTCOME"))
        if self.end is not None and self.then:
            yield Finding("F210", say("the request is over here, and yet something follows"), say("remove then or end"))
        for field in ("announces", "announces_again"):
            name = getattr(self, field)
            if name is not None and EVENTS[name].subject != "request":
                about = EVENTS[name].subject
                known = [event for event, record in EVENTS.items() if record.subject == "request"]
                yield Finding(
                    "R301",
                    say("{name!r} befalls no request: it is about {about}", name=name, about=about),
                    did_you_mean(name, known),
                    (field.replace("_", " "),),
                )

    def _wrong_branches(self) -> Iterator[Finding]:
        given = sum(b.chance for b in self.then if isinstance(b.chance, float | int) and not b.if_)
        certain = [b for b in self.then if b.chance is None and not b.if_]
        if given > 1 + 1e-9:
            yield Finding(
                "R305",
                say("the chances add up to {given}", given=f"{given:g}"),
                say("they may add up to 1 at most"),
                ("then",),
            )
        elif self.then and not certain and abs(given - 1) > 1e-9:
            hint = say("end the list with a branch without chance and if")
            yield Finding("R305", say("the branches do not cover everything that can happen"), hint, ("then",))
        elif certain and self.then[-1] is not certain[0]:
            hint = say("put the branch without chance and if last")
            yield Finding("R305", say("branches after one that always applies are never reached"), hint, ("then",))


class Step(Record):
    """One step of a channel's transmission or of a measure's execution."""

    title: Prose
    """What people call it."""
    performer: Performer | None = None
    """Who works on it."""
    work: Duration | None = None
    """Effort by one member of staff."""
    takes: Duration | None = None
    """Time that passes without occupying anybody."""
    side: Side | None = None
    """On whose side time passes; the performer's side unless given."""
    cause: Cause | None = None
    """What its time counts as when days are attributed; work at an office unless given."""
    suits_both_courts: bool = False
    """Whether a date must suit courts on both sides: the fewer hours in which both sit, the longer it takes."""
    origins: Origins = {}
    """Where its figures come from."""

    @model_validator(mode="after")
    def _one_nature(self) -> Step:
        if (self.work is None) == (self.takes is None):
            raise fail("F210", say("a step has either work or takes"), say("keep one of them"))
        if (self.work is None) != (self.performer is None):
            raise fail("F210", say("work and performer belong together"), say("name who performs the work"))
        require_origins(self, ("work", "takes"))
        return self


class Procedure(Header):
    """How a request travels: a graph of stages."""

    kind: Literal["procedure"] = "procedure"
    """Always ``procedure``."""
    start: Id
    """The first stage."""
    oral_start: Id | None = None
    """The stage at which a request begins that is made by word of mouth first; the first stage unless given."""
    stages: dict[Id, Stage] = Field(min_length=1, max_length=MOST_STAGES)
    """All stages by id."""
    chances: dict[Id, Annotated[float, Field(ge=0, le=1)]] = {}
    """Named chances used by branches, with the value they have unless a corridor or a request says otherwise."""
    origins: Origins = {}
    """Where the named chances come from."""

    @cached_property
    def announcements(self) -> dict[str, Announcement]:
        """What the sender is told at which stage."""
        return {
            name: Announcement(stage.announces or "", stage.announces_again or stage.announces or "")
            for name, stage in self.stages.items()
            if stage.announces or stage.announces_again
        }

    @cached_property
    def received_by(self) -> str | None:
        """The role of the office that takes a request in on the requested side; none where no office there does."""
        asked = (stage.performer for stage in self.stages.values() if stage.performer is not None)
        return next((who.role for who in asked if who.side == "requested" and who.role is not None), None)

    @property
    def executing(self) -> frozenset[str]:
        """The stages at whose end what was asked for is taken; none where nothing is asked for (a team is set up)."""
        return frozenset(name for name, stage in self.stages.items() if stage.carries_out)

    @model_validator(mode="after")
    def _graph_is_sound(self) -> Procedure:
        # A graph with loose ends is not walked: what cannot be reached would only repeat them.
        findings = list(self._loose_ends()) or [*self._unreachable(), *self._endless(), *self._empty_handed()]
        if self.chances and "all" not in self.origins:
            missing = [name for name in self.chances if name not in self.origins]
            if missing:
                words = say("no origin for the chances {names}", names=", ".join(missing))
                findings.append(Finding("F211", words, say("add origins: {all: 'assumption: why'}"), ("chances",)))
        if findings:
            raise fail_with(findings)
        return self

    def _loose_ends(self) -> Iterator[Finding]:
        if self.start not in self.stages:
            hint = did_you_mean(self.start, self.stages)
            yield Finding("R301", say("there is no stage {start!r}", start=self.start), hint, ("start",))
        if self.oral_start is not None and self.oral_start not in self.stages:
            hint = did_you_mean(self.oral_start, self.stages)
            yield Finding(
                "R301", say("there is no stage {oral_start!r}", oral_start=self.oral_start), hint, ("oral start",)
            )
        for name, stage in self.stages.items():
            for place, branch in enumerate(stage.then):
                at = ("stages", name, "then", place)
                if branch.to not in self.stages:
                    hint = did_you_mean(branch.to, self.stages)
                    yield Finding("R301", say("there is no stage {to!r}", to=branch.to), hint, (*at, "to"))
                if isinstance(branch.chance, str) and branch.chance not in self.chances:
                    hint = did_you_mean(branch.chance, self.chances, say("name it under chances"))
                    yield Finding(
                        "R301", say("there is no chance named {chance!r}", chance=branch.chance), hint, (*at, "chance")
                    )

    def _reached(self, without: Collection[str] = ()) -> set[str]:
        """Stages that the way may come to, without going through some."""
        reached, frontier = {self.start}, [self.start]
        while frontier:
            name = frontier.pop()
            new = {branch.to for branch in self.stages[name].then} - reached if name not in without else set()
            reached |= new
            frontier += sorted(new)
        return reached

    def _empty_handed(self) -> Iterator[Finding]:
        executing = self.executing
        for name in sorted(self._reached(without=executing)) if executing else ():
            if Outcome(self.stages[name].end or "").executed:
                message = say("the stage {name!r} can be reached without any that takes what was asked for", name=name)
                hint = say("write executes: true on every stage at whose end it is taken")
                yield Finding("R310", message, hint, ("stages", name))

    def _unreachable(self) -> Iterator[Finding]:
        reached = self._reached()
        for name in self.stages:
            if name not in reached:
                message = say("the stage {name!r} cannot be reached", name=name)
                yield Finding("R304", message, say("lead to it, or remove it"), ("stages", name))

    def _endless(self) -> Iterator[Finding]:
        leaving = {name for name, stage in self.stages.items() if stage.end is not None}
        grown = True
        while grown:
            ready = {n for n, s in self.stages.items() if n not in leaving and any(to in leaving for to in s.ways_on)}
            grown = bool(ready)
            leaving |= ready
        for name in self.stages:
            if name not in leaving:
                message = say("from the stage {name!r} no end can be reached", name=name)
                yield Finding("R307", message, say("let one branch lead to an end"), ("stages", name))


class Security(Record):
    """How safe a channel is from strangers' eyes, and whether what comes that way is taken as authentic."""

    protection: Literal["sealed paper", "encrypted", "closed network", "personal contact", "none"]
    """What protects the content."""
    leak: Annotated[float, Field(ge=0, le=1)]
    """Chance that the fact or content of one message becomes known to those it concerns."""
    authenticity: Literal["accepted", "to be confirmed", "not accepted"] = "accepted"
    """Whether the receiver takes a message as authentic (UNTOC art. 18(14))."""
    origins: Origins
    """Where the figure comes from."""


class Channel(Header):
    """A way for a request to travel: hops through real offices, then time on the road."""

    kind: Literal["channel"]
    """Always ``channel``."""
    there: tuple[Step, ...] = Field(min_length=1)
    """Steps from the requesting to the requested State."""
    back: tuple[Step, ...] = ()
    """Steps for the way back; those of ``there`` with the sides exchanged, unless given."""
    evidence: Literal["evidence", "evidence once consented", "evidence of a formal request", "lead only", "none"] = (
        "evidence"
    )
    """What a product received this way is worth in court. ``evidence once consented``: a lead until the sender
    agrees to its use (Directive (EU) 2023/977). ``evidence of a formal request``: evidence where the instrument a
    request rests on opens the channel in its circumstances (UNTOC art. 18(13)), otherwise a lead."""
    security: Security | None = None
    """Interception, leaks and authenticity."""
    only_if_network: Id | None = None
    """A network or organisation in which both States must take part."""
    written_record: bool = True
    """Whether it produces a written record whose authenticity can be established (UNTOC art. 18(14))."""
    urgent_only: bool = False
    """Whether instruments allow it in urgent circumstances only."""
    only_if_named_for: tuple[Id, ...] = ()
    """Measures for which it is open only where an instrument names it, ``any`` for all: no practice opens it."""
    source: Prose
    """Where the description comes from."""
