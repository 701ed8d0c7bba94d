"""How events are told to the trainee: messages, who writes them, and how an event is given its sentence.

The sentences themselves are in `sim.training.messages` and beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sim import law
from sim.case.requests import LetterRequest
from sim.case.state import CaseState
from sim.i18n import Words, joined, marked, say
from sim.model.events import Event
from sim.model.roles import Role
from sim.training.request_names import request_name
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


def police(run: CaseState, event: Event) -> Words:
    """The police at home."""
    return say("Police")


def central_authority(run: CaseState, event: Event) -> Words:
    """The central authority of the State concerned."""
    return say(_CENTRAL, state=_state(run, event))


def authority_asked(run: CaseState, event: Event) -> Words | str:
    """Whoever was asked: the central authority where the request goes through it, otherwise the office that takes it
    in, one's partners in a team, or whoever holds what is asked for."""
    request = run.requests[event.about]
    if isinstance(request, LetterRequest) and request.in_team:
        return say("Members of the team, {state}", state=_state(run, event))
    procedure = run.scenario.find("procedure", request.procedure)
    role = procedure.received_by if procedure is not None else None
    if role is None and request.evidence:
        return run.evidence[request.evidence[0]].record.holder
    return say(_AUTHORITIES.get(role or "", _EXECUTING), state=_state(run, event))


_CENTRAL, _EXECUTING = marked("Central authority, {state}"), marked("Executing authority, {state}")
_AUTHORITIES = {
    "central-authority": _CENTRAL,
    "contact-24-7": marked("24/7 contact point, {state}"),
    "national-unit": marked("National unit, {state}"),
}
"""Authorities by the role of the office that takes a request in."""


def holder(run: CaseState, event: Event) -> str:
    """Whoever holds the evidence."""
    return run.evidence[event.about].record.holder


def state_it_came_from(run: CaseState, event: Event) -> Words:
    """The central authority of the State from which evidence came."""
    state = run.evidence[event.about].from_state or run.evidence[event.about].record.at
    return say(_CENTRAL, state=run.scenario.jurisdictions[state].title)


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
        return request_name(run, about)
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
