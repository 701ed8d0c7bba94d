"""What can befall a case: one frozen record for each event, declared here and nowhere else.

An event has a name, as scenario files write it (``when: {event: question, of: bank-letter}``), says what kind of
thing it is about, and carries typed fields. Whoever acts on an event matches its type. The sentence that tells it to
people is in `sim.training.messages`; a procedure says at which of its stages one is announced.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, dataclass_transform

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticKnownError, core_schema

Subject = Literal["request", "evidence", "person", "state", "service", "deadline", "decision", "incoming", "team"]
"""The kinds of things that events are about. ``incoming``: a request from abroad on the trainee's own desk."""

EVENTS: dict[str, type[Event]] = {}
"""Every event by name."""


@dataclass_transform(frozen_default=True)
class _FrozenRecord:
    """What type checkers take for a frozen dataclass."""


class Event(_FrozenRecord):
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


# A request of the trainee's


class Sent(Event, name="sent", subject="request", once=True):
    """It has left the requesting State."""


class Acknowledged(Event, name="acknowledged", subject="request", once=True):
    """The requested State has registered it and says so."""


class QuestionAsked(Event, name="question", subject="request", needs_you=True):
    """The requested State asks for supplementary information."""


class Refused(Event, name="refused", subject="request", needs_you=True):
    """Help is refused."""

    ground: str = ""


class Postponed(Event, name="postponed", subject="request", needs_you=True):
    """Execution is put off."""


class Returned(Event, name="returned", subject="request", needs_you=True):
    """It comes back unregistered."""

    for_good: bool = False
    """Whether it is over with that; otherwise one's own office corrects it and sends it again."""


class CarriedOut(Event, name="carried-out", subject="request", needs_you=True, once=True):
    """What was asked for has been taken; the papers follow."""


class Executed(Event, name="executed", subject="request", needs_you=True):
    """It has been executed, and what it brought is here."""

    in_part: bool = False


class Finished(Event, name="finished", subject="request"):
    """It is over, however it ended."""

    outcome: str = ""
    """As the event table writes it."""


class Appealed(Event, name="appealed", subject="request", once=True):
    """Those concerned have appealed, and what was obtained waits for the court."""


class ConditionsSet(Event, name="conditions", subject="request", needs_you=True):
    """Help comes under conditions."""


class Leaked(Event, name="leak", subject="request", needs_you=True):
    """Those concerned may know of it."""


class ChannelClosed(Event, name="channel-closed", subject="request"):
    """It waits, because its channel cannot be used."""


class SentAlready(Event, name="sent-already", subject="request"):
    """It was to go out a second time, and does not."""


class ConfirmedInWriting(Event, name="confirmed-in-writing", subject="request"):
    """An oral request has been confirmed."""


class ProgressTold(Event, name="progress-told", subject="request"):
    """The answer to an enquiry: how far it is."""

    stage: str = ""
    """The stage of its procedure."""


class Supplemented(Event, name="supplemented", subject="request"):
    """The trainee has answered a question about it."""


class AssuranceAsked(Event, name="assurance-asked", subject="request", needs_you=True):
    """The requested State helps only if it is assured of something."""

    assurances: tuple[str, ...] = ()
    """Any one of which would do."""
    ground: str = ""
    """The ground that it would otherwise refuse on; none: it sets the assurance as a condition of its own."""


class AssuranceGiven(Event, name="assurance-given", subject="request"):
    """The requested State has been given an assurance."""

    assurances: tuple[str, ...] = ()


class AssuranceWithheld(Event, name="assurance-withheld", subject="request", needs_you=True):
    """The ministry of one's own State does not give an assurance."""

    assurances: tuple[str, ...] = ()


class FeedbackGiven(Event, name="feedback-given", subject="request"):
    """The executing authority has been told what became of it."""


class GrantedByOtherTeam(Event, name="granted-by-other-team", subject="request"):
    """The team that plays the other State will carry it out."""


# Evidence


class EvidenceLost(Event, name="evidence-lost", subject="evidence", needs_you=True):
    """It can no longer be had."""

    cause: Literal["retention ended", "moved or destroyed", "person withdrew"] = "retention ended"
    """``retention ended``: the holder has deleted it · ``moved or destroyed``: by those who had been warned ·
    ``person withdrew``: it hangs on somebody who no longer takes part."""


class EvidenceObtained(Event, name="evidence-obtained", subject="evidence"):
    """It is in the file."""

    through: str = ""
    """Id of the request it came with; ``interview`` or ``testimony`` where it was given at home."""


class Preserved(Event, name="preserved", subject="evidence"):
    """The holder keeps it from now on."""

    days: int = 0


class PreservationExpires(Event, name="preservation-expires", subject="evidence", needs_you=True):
    """Its preservation ends soon."""

    days: int = 0
    """Days left."""


class PreservationFailed(Event, name="preservation-failed", subject="evidence"):
    """The order to preserve it was not carried out."""

    outcome: str = ""


class NothingToPreserve(Event, name="nothing-to-preserve", subject="evidence"):
    """The order to preserve it came too late."""


class ConsentGiven(Event, name="consented", subject="evidence", needs_you=True):
    """The State it came from consents to a further use."""


class ConsentDenied(Event, name="consent-denied", subject="evidence"):
    """The State it came from does not consent to a further use."""


class Used(Event, name="used", subject="evidence"):
    """It has been put before the court."""


class UsedBeyondConditions(Event, name="used-beyond-conditions", subject="evidence"):
    """It was used beyond what had been agreed, and the court leaves it out."""


# People


class PersonWithdrew(Event, name="person-withdrew", subject="person", needs_you=True):
    """Somebody no longer takes part in the proceedings."""


class SupportArranged(Event, name="support-arranged", subject="person"):
    """Support has been arranged for somebody."""

    by: tuple[str, ...] = ()


class InterviewImpossible(Event, name="interview-impossible", subject="person"):
    """Somebody could not be reached for an interview."""


class ChildHeardUnprotected(Event, name="child-heard-unprotected", subject="person", needs_you=True):
    """A child was heard without what protects children."""

    lacking: tuple[str, ...] = ()
    """What: ``guardian``, ``trained interviewer``."""


class TravelDeclined(Event, name="travel-declined", subject="person"):
    """Somebody does not wish to travel in order to testify."""


class SafeConductEnded(Event, name="safe-conduct-ended", subject="person"):
    """The time in which somebody could leave undisturbed is over."""

    days: int = 0
    """How long it lasted."""


class ReturnedHome(Event, name="returned-home", subject="person"):
    """Somebody has gone home."""


class Treated(Event, name="treated", subject="person"):
    """It has been decided how somebody is dealt with who was made to offend."""

    as_: Literal["victim", "suspect"] = "victim"


class IdentityKnown(Event, name="identity-known", subject="person"):
    """Somebody's identity has become known outside the file."""


# States and institutions


class Consulted(Event, name="consulted", subject="state"):
    """An authority was contacted and says what it needs."""


class InformationShared(Event, name="shared", subject="state"):
    """Information was given to a State unasked."""

    with_conditions: bool = True
    """Whether use restrictions were attached."""


class NoBasisForTeam(Event, name="no-basis-for-team", subject="state"):
    """No instrument lets a State join a team."""


class TeamDeclined(Event, name="team-declined", subject="state"):
    """A State does not join the team."""


class TeamAgreed(Event, name="team-agreed", subject="team", needs_you=True):
    """A State has signed the agreement on a joint investigation team."""

    state: str = ""


class ServiceHit(Event, name="hit", subject="service", needs_you=True):
    """An institution found something."""

    gives: str = ""
    """What it is, as `sim.model.service` names it."""


class ServiceFoundNothing(Event, name="no-hit", subject="service"):
    """An institution found nothing."""


class ServiceDone(Event, name="service-done", subject="service"):
    """An institution has done what it was asked for."""


class ServiceUnavailable(Event, name="service-unavailable", subject="service"):
    """An institution does not do it here."""

    lacking: Literal["network", "instrument", "link", "channel"] = "network"
    """What is lacking: a network both take part in, an instrument that binds both, a fact of the case, a channel."""
    what: str = ""
    """Which one: an id of the library, or a link as files write it."""
    outside: tuple[str, ...] = ()
    """The States that are outside it."""


# Story


class DeadlinePassed(Event, name="deadline", subject="deadline", needs_you=True):
    """A clock from outside has run out."""


class Decided(Event, name="decided", subject="decision"):
    """The trainee has decided."""

    option: str = ""


# A request from abroad on the trainee's own desk


class Arrived(Event, name="arrived", subject="incoming", needs_you=True):
    """A request from abroad has arrived."""


class Examined(Event, name="examined", subject="incoming", needs_you=True):
    """A lawyer has held it against the law."""

    missing: tuple[str, ...] = ()
    """Contents that are not there in full."""
    language_accepted: bool = True
    grounds: tuple[tuple[str, bool], ...] = ()
    """(ground for refusal that the facts raise, whether refusal is a duty)."""
    transfers: tuple[tuple[str, bool], ...] = ()
    """(ground on which personal data may go there, whether it is open); none where the law here asks for no ground."""


class QuestionAnswered(Event, name="answered", subject="incoming", needs_you=True):
    """The requesting State has answered what it was asked."""


class AssuranceSought(Event, name="assurance-sought", subject="incoming"):
    """The requesting State has been asked for an assurance."""

    assurances: tuple[str, ...] = ()


class AssuranceReceived(Event, name="assurance-received", subject="incoming", needs_you=True):
    """The requesting State has given an assurance."""

    assurances: tuple[str, ...] = ()


class AssuranceDeclined(Event, name="assurance-declined", subject="incoming", needs_you=True):
    """The requesting State gives no such assurance."""

    assurances: tuple[str, ...] = ()


class Reminded(Event, name="reminder", subject="incoming", needs_you=True):
    """The requesting State asks where its request stands."""


class AcknowledgedByYou(Event, name="acknowledged-by-you", subject="incoming"):
    """The requesting State knows that it has arrived."""


class QuestionSent(Event, name="question-sent", subject="incoming"):
    """The requesting State has been asked for what is missing."""


class PostponedByYou(Event, name="postponed-by-you", subject="incoming"):
    """It has been put off."""


class Granted(Event, name="granted", subject="incoming"):
    """It is to be carried out."""


class RefusedByYou(Event, name="refused-by-you", subject="incoming"):
    """It has been refused."""

    ground: str = ""


class SentBackByYou(Event, name="sent-back-by-you", subject="incoming"):
    """It has been sent back unregistered."""


class Helped(Event, name="helped", subject="incoming"):
    """It has been carried out."""

    too_late: bool = False


class NothingToBeDone(Event, name="nothing-to-be-done", subject="incoming"):
    """A step was to be taken on what is closed, or has not arrived."""
