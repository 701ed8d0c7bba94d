"""A case: a story for trainees, set in a world. Actions act; what follows comes out of the simulation."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from sim.model.base import Header, Id, Origins, Record, Text, fail, require_origins
from sim.model.durations import Duration, Span
from sim.model.jurisdiction import Language


def _span(value: Any) -> Any:
    return value if isinstance(value, Span) else Span.parse(value)


Period = Annotated[Any, BeforeValidator(_span), PlainSerializer(str), WithJsonSchema({"type": "string"})]
"""A single span such as ``14 days``."""

ItemQuality = Literal["full", "partial", "missing"]
EvidenceState = Literal["pending", "preserved", "obtained", "lost", "lead only"]
PersonState = Literal["available", "withdrawn"]


class Person(Record):
    """Somebody in the story. No real person; no name in the file: names are invented at play, seeded."""

    title: Text
    """Who they are to the trainee: ``the deckhand who came forward``."""
    role: Literal["victim-witness", "witness", "suspect", "colleague"]
    at: Id
    """The State where they are."""
    reflection: Period | None = None
    """Length of the recovery and reflection period from the start (at least 30 days: CETS 197 art. 13)."""
    wellbeing: Annotated[float, Field(ge=0, le=1)] = 0.5
    """How they are at the start, 0 to 1."""
    withdrawal_per_month: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Chance of withdrawing cooperation in a month at wellbeing 0.5; it falls as wellbeing rises."""
    origins: Origins = {}

    @model_validator(mode="after")
    def _figures_have_origins(self) -> Person:
        require_origins(self, ("wellbeing",) if "wellbeing" in self.model_fields_set else ())
        if self.withdrawal_per_month:
            require_origins(self, ("withdrawal_per_month",))
        return self


class EvidenceItem(Record):
    """Something worth having, and how long it lasts."""

    title: Text
    type: Id
    """The kind of evidence, as measures yield it."""
    at: Id
    """The State where it is held."""
    holder: Text
    """Who holds it."""
    age: Period
    """How old it is when the story begins."""
    retention: Duration | None = None
    """How long the holder keeps it; none: it does not perish."""
    preserved_for: Period | None = None
    """How long a preservation lasts (Budapest Convention art. 29(7): at least 60 days)."""
    person: Id | None = None
    """The person without whose cooperation it cannot be had."""
    weight: Annotated[int, Field(ge=0, le=10)] = 1
    """What it is worth to the case, 0 to 10."""
    origins: Origins = {}

    @model_validator(mode="after")
    def _figures_have_origins(self) -> EvidenceItem:
        require_origins(self, ("retention", "preserved_for"))
        return self


class Deadline(Record):
    """An external clock that does not wait: a hearing, a detention limit."""

    title: Text
    due: Period
    """When, counted from the start."""
    ends_case: bool = False
    """Whether the case is over then."""
    source: str = ""


class Circumstances(Record):
    """What must be so, all of it, for something to apply."""

    evidence: dict[Id, EvidenceState | tuple[EvidenceState, ...]] = {}
    people: dict[Id, PersonState] = {}
    requests: dict[Id, str | tuple[str, ...]] = {}
    """State of a request: ``not sent``, ``under way``, or an outcome (``executed``, ``refused`` …)."""
    chosen: dict[Id, Id | tuple[Id, ...]] = {}
    """Options taken, by decision."""
    passed: tuple[Id, ...] = ()
    """Deadlines that have passed."""
    not_passed: tuple[Id, ...] = ()
    evidence_weight: Annotated[int, Field(ge=0)] | None = None
    """Weight of the evidence obtained, at least."""


class Moment(Record):
    """When something happens: a time after the start, or an event."""

    after: Period | None = None
    """Time after the start of the story; or, with ``event``, after it."""
    event: (
        Literal[
            "sent",
            "acknowledged",
            "question",
            "refused",
            "postponed",
            "returned",
            "executed",
            "finished",
            "evidence-lost",
            "evidence-obtained",
            "preservation-expires",
            "preserved",
            "person-withdrew",
            "decided",
            "deadline",
        ]
        | None
    ) = None
    """What must have happened."""
    of: Id | None = None
    """To which request, evidence, person, decision or deadline."""

    @model_validator(mode="after")
    def _something(self) -> Moment:
        if self.after is None and self.event is None:
            raise fail("F210", "a moment needs after or event", "write for example {after: 14 days}")
        return self


class SendRequest(Record):
    """Send a letter of request (or an order)."""

    id: Id
    to: Id
    measures: tuple[Id, ...] = Field(min_length=1)
    evidence: tuple[Id, ...] = ()
    instrument: Id
    channel: Id
    language: Language
    items: dict[Literal["authority", "nature", "facts", "assistance", "persons", "purpose"], ItemQuality] = {}
    """Quality of the six contents of UNTOC art. 18(15); ``full`` unless said otherwise."""
    scope: Literal["narrow", "broad"] = "narrow"
    """Whether it asks for what the facts support, or for everything."""
    urgent: Literal["no", "stamped", "with reasons"] = "no"
    """``stamped``: the word only; ``with reasons``: a deadline with its reasons (UNTOC art. 18(24))."""
    confidential: bool = False
    names_victim: bool = False
    """Whether the victim's identity stands in the request in clear."""
    interpol_copy: bool = False


class Preserve(Record):
    """Have data kept, before asking for it."""

    evidence: Id
    channel: Id


class AboutRequest(Record):
    request: Id


class Supplement(Record):
    """Answer a question of the requested authority."""

    request: Id
    items: dict[Literal["authority", "nature", "facts", "assistance", "persons", "purpose"], ItemQuality] = {}


class ToState(Record):
    to: Id


class Share(Record):
    """Give information without a request (UNTOC art. 18(4)-(5))."""

    to: Id
    conditions: bool = True
    """Whether use restrictions are attached."""


class Protect(Record):
    """Arrange support for a person."""

    person: Id
    by: tuple[Literal["shelter", "counselling", "safe conduct", "relocation", "information"], ...] = Field(min_length=1)


class Interview(Record):
    """Interview a person at home."""

    person: Id
    evidence: Id
    manner: Literal["specialist", "ordinary", "video-recorded"] = "specialist"


class Action(Record):
    """Something the trainee does. Exactly one."""

    send: SendRequest | None = None
    preserve: Preserve | None = None
    renew: Preserve | None = None
    consult: ToState | None = None
    """Contact the authority before sending, or share a draft."""
    chase: AboutRequest | None = None
    """Ask how far it is (UNTOC art. 18(24))."""
    supplement: Supplement | None = None
    withdraw: AboutRequest | None = None
    share: Share | None = None
    ask_interpol: ToState | None = None
    protect: Protect | None = None
    interview: Interview | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Action:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            raise fail("F210", f"an action is one thing; this one is {len(given)}", "write a list of actions")
        return self

    @property
    def name(self) -> str:
        """What is done: ``send``, ``preserve``, …"""
        return next(name for name in type(self).model_fields if getattr(self, name) is not None)

    @property
    def content(self) -> Any:
        return getattr(self, self.name)


class Option(Record):
    """One way to decide."""

    text: Text
    """What the trainee reads."""
    do: tuple[Action, ...] = ()
    """What it sets in motion; nothing: waiting is a choice too."""
    cites: tuple[str, ...] = ()
    """Articles it rests on, as ``untoc 18(24)``."""
    remark: str = ""
    """What an experienced colleague would say, shown in the debrief only."""


class Decision(Record):
    """A question put to the trainee at a moment."""

    title: Text
    question: Text
    when: Moment
    only_if: Circumstances | None = None
    options: dict[Id, Option] = Field(min_length=2)
    axis: tuple[Id, ...] = ()
    """Scoring axes it bears on."""
    default: Id
    """The option taken when nobody decides (a replay in which the question had not been foreseen)."""

    @model_validator(mode="after")
    def _default_exists(self) -> Decision:
        if self.default not in self.options:
            from sim.model.problems import did_you_mean

            raise fail(
                "R301",
                f"there is no option {self.default!r}",
                did_you_mean(self.default, self.options),
                ("default",),
            )
        return self


class Inject(Record):
    """Something that comes from outside and is told to the trainee."""

    title: Text
    when: Moment
    only_if: Circumstances | None = None
    says: Text
    do: tuple[Action, ...] = ()
    wellbeing: dict[Id, Annotated[float, Field(ge=-1, le=1)]] = {}
    """Change of a person's wellbeing."""
    origins: Origins = {}


class Ending(Record):
    """An outcome in words, told when its circumstances hold; the first that does is told."""

    title: Text
    if_: Circumstances
    says: Text
    worth: Annotated[float, Field(ge=0, le=1)]
    """Score on the axis ``outcome``, 0 to 1."""


class Role(Record):
    """The trainee's seat."""

    title: Text
    jurisdiction: Id
    office: Id
    """The office whose work the trainee's requests begin in."""


class Case(Header):
    """A story for trainees."""

    kind: Literal["case"]
    world: Id
    role: Role
    content_note: Text
    """What participants should know beforehand about the subject matter."""
    story: Text
    starts: datetime
    """Local date and time at the trainee's seat."""
    lasts: Period
    warm_up: Period
    """How long the world runs before, so that offices are as busy as they usually are."""
    minutes: Annotated[int, Field(ge=5, le=600)] = 45
    """Playing time at the table."""
    offence: Id = "trafficking-in-persons"
    people: dict[Id, Person] = {}
    evidence: dict[Id, EvidenceItem] = Field(min_length=1)
    deadlines: dict[Id, Deadline] = {}
    decisions: dict[Id, Decision] = Field(min_length=1)
    injects: dict[Id, Inject] = {}
    objectives: tuple[Text, ...] = Field(min_length=1)
    scoring: dict[Id, Annotated[float, Field(ge=0, le=10)]] = Field(min_length=1)
    """Weight of each scoring axis."""
    endings: dict[Id, Ending] = Field(min_length=1)
    inspired_by: str = ""
    """Published facts behind the story, all identities changed."""

    @model_validator(mode="after")
    def _references_inside(self) -> Case:
        problems = list(_case_references(self))
        if problems:
            message, known, at = problems[0]
            from sim.model.problems import did_you_mean

            raise fail("R301", message, did_you_mean(message.split("'")[1], known), at)
        return self


def _case_references(case: Case) -> Any:
    """Ids inside the case that nothing in it has: (message, known ids, path)."""
    requests = {
        action.send.id
        for owner in (
            *[o for d in case.decisions.values() for o in d.options.values()],
            *case.injects.values(),
        )
        for action in owner.do
        if action.send is not None
    }

    def check(kind: str, name: str, known: Any, at: tuple[Any, ...]) -> Any:
        if name not in known:
            yield f"there is no {kind} '{name}'", list(known), at

    def check_circumstances(what: Circumstances | None, at: tuple[Any, ...]) -> Any:
        if what is None:
            return
        for name in what.evidence:
            yield from check("evidence", name, case.evidence, (*at, "evidence", name))
        for name in what.people:
            yield from check("person", name, case.people, (*at, "people", name))
        for name in what.requests:
            yield from check("request", name, requests, (*at, "requests", name))
        for name, options in what.chosen.items():
            yield from check("decision", name, case.decisions, (*at, "chosen", name))
            if name in case.decisions:
                for option in (options,) if isinstance(options, str) else options:
                    yield from check("option", option, case.decisions[name].options, (*at, "chosen", name))
        for field in ("passed", "not_passed"):
            for place, name in enumerate(getattr(what, field)):
                yield from check("deadline", name, case.deadlines, (*at, field.replace("_", " "), place))

    def check_moment(moment: Moment, at: tuple[Any, ...]) -> Any:
        if moment.of is None or moment.event is None:
            return
        if moment.event in ("evidence-lost", "evidence-obtained", "preservation-expires", "preserved"):
            kind, known = "evidence", case.evidence
        elif moment.event == "person-withdrew":
            kind, known = "person", case.people
        elif moment.event == "decided":
            kind, known = "decision", case.decisions
        elif moment.event == "deadline":
            kind, known = "deadline", case.deadlines
        else:
            kind, known = "request", requests
        yield from check(kind, moment.of, known, (*at, "of"))

    def check_actions(actions: tuple[Action, ...], at: tuple[Any, ...]) -> Any:
        for place, action in enumerate(actions):
            what, here = action.content, (*at, "do", place, action.name.replace("_", " "))
            if getattr(what, "evidence", None):
                names = what.evidence if isinstance(what.evidence, tuple) else (what.evidence,)
                for name in names:
                    yield from check("evidence", name, case.evidence, (*here, "evidence"))
            if getattr(what, "person", None):
                yield from check("person", what.person, case.people, (*here, "person"))
            if getattr(what, "request", None):
                yield from check("request", what.request, requests, (*here, "request"))

    for name, item in case.evidence.items():
        if item.person is not None:
            yield from check("person", item.person, case.people, ("evidence", name, "person"))
    for name, decision in case.decisions.items():
        yield from check_moment(decision.when, ("decisions", name, "when"))
        yield from check_circumstances(decision.only_if, ("decisions", name, "only if"))
        for key, option in decision.options.items():
            yield from check_actions(option.do, ("decisions", name, "options", key))
    for name, inject in case.injects.items():
        yield from check_moment(inject.when, ("injects", name, "when"))
        yield from check_circumstances(inject.only_if, ("injects", name, "only if"))
        yield from check_actions(inject.do, ("injects", name))
        for person in inject.wellbeing:
            yield from check("person", person, case.people, ("injects", name, "wellbeing", person))
    for name, ending in case.endings.items():
        yield from check_circumstances(ending.if_, ("endings", name, "if"))
