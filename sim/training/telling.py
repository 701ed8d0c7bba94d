"""How events are told to the trainee: messages, who writes them, and how an event is given its sentence.

The sentences themselves are in `sim.training.messages` and beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sim import law
from sim.case.requests import DeskWork, LetterRequest, PreservationRequest, ServiceRequest, TeamProposal
from sim.case.state import CaseState
from sim.i18n import Words, joined, marked, say
from sim.model.events import Event
from sim.model.roles import Role
from sim.unchanging import Unchanging

INJECT = "inject"
"""The kind of a message that an author wrote, from outside the requests."""


@dataclass(frozen=True)
class Message(Unchanging):
    """A line in the inbox."""

    moment: int
    """Seconds since the world's epoch."""
    from_: Words | str
    """Who writes; a plain text where an author named them."""
    says: Words | str
    """What they write; a plain text where it is an author's."""
    kind: str
    """The event's name; ``inject`` for what comes from outside the requests."""
    about: str = ""
    """Id of the request, evidence, person or deadline."""
    needs_you: bool = False
    """Whether it calls for a look: time stops for it when it passes until something needs the trainee."""

    @property
    def sender(self) -> str:
        """Who writes, in the language in use."""
        return str(self.from_)

    @property
    def text(self) -> str:
        """What they write, in the language in use."""
        return str(self.says)


Sender = Callable[[CaseState, Event], Words | str]
Teller = Callable[[CaseState, Event], Message | None]
Kind = TypeVar("Kind", bound=Event)

TELLERS: dict[type[Event], Teller] = {}
"""How each event is told."""


def has_sentence(kind: type[Event]) -> bool:
    """Whether an event can be told, or is said not to be."""
    return kind in TELLERS


def sentence(
    kind: type[Event], sender: Sender, says: str, *, role: Role | None = None, measure: str | None = None
) -> None:
    """Give an event its sentence: a text of the catalogue in which ``{title}`` is what the event is about and
    ``{state}`` the State concerned; the event's own fields have their names. The provision that plays a ``role`` for it
    (for a ``measure`` where it is about no request) follows in brackets."""

    def tell(run: CaseState, event: Event) -> Message:
        fields = {name: value for name, value in vars(event).items() if name not in ("moment", "about")}
        places = {"title": title_of(run, event), "state": _state(run, event), **fields}
        wanted = {name: value for name, value in places.items() if f"{{{name}}}" in says}
        words = say(says, **wanted)
        return written(run, event, sender, words if role is None else with_article(run, event, words, role, measure))

    TELLERS[kind] = tell


def told_by(kind: type[Kind]) -> Callable[[Callable[[CaseState, Kind], Message | None]], None]:
    """Give an event a function that makes its message, or None where it is told otherwise."""

    def give(tell: Callable[[CaseState, Kind], Message | None]) -> None:
        def checked(run: CaseState, event: Event) -> Message | None:
            assert isinstance(event, kind)
            return tell(run, event)

        TELLERS[kind] = checked

    return give


def never_told(*kinds: type[Event]) -> None:
    """Say of events that the trainee is not told of them, or is told otherwise."""
    for kind in kinds:
        TELLERS[kind] = lambda run, event: None


def written(run: CaseState, event: Event, sender: Sender, says: Words) -> Message:
    """The message that tells an event in given words."""
    return Message(event.moment, sender(run, event), says, event.name, event.about, event.needs_you)


def with_article(run: CaseState, event: Event, words: Words, role: Role, measure: str | None = None) -> Words:
    """A sentence with the provision that it rests on: that of the instrument in use between the two States, or of
    another that binds them; without any where none has such a rule."""
    facts: dict[str, str | None] = {"measure": measure}
    request = run.requests.get(event.about) if event.subject == "request" else None
    if isinstance(request, LetterRequest):
        facts = {"requested": request.to, "measure": request.spec.measures[0], "instrument": request.spec.instrument}
    elif event.subject == "state":
        facts["requested"] = event.about
    elif event.subject == "evidence":
        facts["requested"] = run.evidence[event.about].from_state
    elif event.subject == "person":
        facts["requested"] = run.people[event.about].record.at
    answer = law.provision_for(run.scenario, role, requesting=run.home, offence=run.case.offence, **facts)
    if answer.standing not in ("basis", "beside"):
        return words
    return joined([words, say("({article})", article=answer.citation)], " ")


# Who writes


def your_office(run: CaseState, event: Event) -> Words:
    """The trainee's own office."""
    return say("Your office")


def case_file(run: CaseState, event: Event) -> Words:
    """The file itself: something is noted there."""
    return say("Case file")


def registry(run: CaseState, event: Event) -> Words:
    """The registry of the trainee's office."""
    return say("Registry")


def central_authority(run: CaseState, event: Event) -> Words:
    """The central authority of the State concerned."""
    return say("Central authority, {state}", state=_state(run, event))


def holder(run: CaseState, event: Event) -> str:
    """Whoever holds the evidence."""
    return run.evidence[event.about].record.holder


def the_state(run: CaseState, event: Event) -> str:
    """The State that the event is about."""
    return run.scenario.jurisdictions[event.about].title


def institution(run: CaseState, event: Event) -> str:
    """The institution whose service it is."""
    return run.scenario.service(event.about).institution


# What it is about


def title_of(run: CaseState, event: Event) -> Words | str:
    """What an event is about, in words."""
    about = event.about
    if event.subject == "request":
        return subject(run, about)
    if event.subject == "evidence":
        return run.evidence[about].record.title
    if event.subject == "person":
        return run.people[about].record.title
    if event.subject == "state":
        return run.scenario.jurisdictions[about].title
    if event.subject == "service":
        return run.scenario.service(about).title
    if event.subject == "incoming":
        return run.incoming[about].record.title
    if event.subject == "deadline":
        return run.case.deadlines[about].title
    return about


def _state(run: CaseState, event: Event) -> str:
    """The other State that an event concerns."""
    if event.subject == "request":
        return run.scenario.jurisdictions[run.requests[event.about].to].title
    if event.subject == "incoming":
        return run.scenario.jurisdictions[run.incoming[event.about].record.from_].title
    if event.subject == "state":
        return run.scenario.jurisdictions[event.about].title
    return ""


def subject(run: CaseState, request: str) -> Words | str:
    """What a request is about, in words."""
    traced = run.requests[request]
    if isinstance(traced, DeskWork):
        return run.incoming[traced.incoming].record.title
    if isinstance(traced, PreservationRequest):
        return say("preservation of {title}", title=run.evidence[traced.preserves].record.title)
    if isinstance(traced, ServiceRequest):
        return run.scenario.service(traced.service).title
    if isinstance(traced, TeamProposal):
        state = run.scenario.jurisdictions[traced.joins].title
        return say("a joint investigation team with {state}", state=state)
    if traced.evidence:
        return joined(run.evidence[id_].record.title for id_ in traced.evidence)
    measures = traced.spec.measures if isinstance(traced, LetterRequest) else ()
    titles = [run.scenario.measure(name).title.lower() for name in measures]
    return joined(titles, marked(" and ")) if titles else request


_AT_THE_OTHER_TABLE = {
    "": marked("not yet taken up"),
    "acknowledged": marked("registered"),
    "question": marked("a question is open"),
    "granted": marked("granted"),
    "postponed": marked("postponed"),
}
"""How a letter stands that another team deals with, in place of a stage."""


def stage_in_words(run: CaseState, request: str, name: str) -> Words | str:
    """A stage's title in the procedure that the request goes through."""
    procedure = run.scenario.find("procedure", run.requests[request].procedure)
    stage = procedure.stages.get(name) if procedure is not None else None
    if stage is not None and stage.title:
        return str(stage.title)
    return say(_AT_THE_OTHER_TABLE[name]) if name in _AT_THE_OTHER_TABLE else name.replace("-", " ")
