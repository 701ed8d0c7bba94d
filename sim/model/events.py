"""What can befall a case: one frozen record for each event, declared here and nowhere else.

An event has a name, as scenario files write it (``when: {event: question, of: bank-letter}``), says what kind of
thing it is about, and carries typed fields. Whoever acts on an event matches its type. The sentence that tells it to
people is in `sim.training.messages`; a procedure says at which of its stages one is announced.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticKnownError, core_schema

Subject = Literal["request", "evidence", "person", "state", "service", "deadline", "decision", "incoming", "team"]
"""The kinds of things that events are about. ``incoming``: a request from abroad on the trainee's own desk."""

EVENTS: dict[str, type[Event]] = {}
"""Every event by name."""


@dataclass(frozen=True)
class Event:
    """Something that befell the case."""

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

    def __init_subclass__(
        cls, *, name: str, subject: Subject, needs_you: bool = False, once: bool = False, **more: Any
    ) -> None:
        super().__init_subclass__(**more)
        if name in EVENTS and EVENTS[name].__qualname__ != cls.__qualname__:
            raise TypeError(f"there is an event {name!r} already: {EVENTS[name].__qualname__}")
        cls.name, cls.subject, cls.needs_you, cls.once = name, subject, needs_you, once
        EVENTS[name] = cls


class _NameOfAnEvent:
    """The name of an event as a file writes it. Looked up when a file is read, so that events may be added."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _known, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"enum": list(EVENTS), "type": "string"}


def _known(value: Any) -> str:
    if not isinstance(value, str) or value not in EVENTS:
        names = [repr(name) for name in EVENTS]
        raise PydanticKnownError("literal_error", {"expected": f"{', '.join(names[:-1])} or {names[-1]}"})
    return value


EventName = Annotated[str, _NameOfAnEvent()]
"""The name of an event, in a scenario file."""


# A request of the trainee's


@dataclass(frozen=True)
class Sent(Event, name="sent", subject="request", once=True):
    """It has left the requesting State."""


@dataclass(frozen=True)
class Acknowledged(Event, name="acknowledged", subject="request", once=True):
    """The requested State has registered it and says so."""


@dataclass(frozen=True)
class QuestionAsked(Event, name="question", subject="request", needs_you=True):
    """The requested State asks for supplementary information."""


@dataclass(frozen=True)
class Refused(Event, name="refused", subject="request", needs_you=True):
    """Help is refused."""

    ground: str = ""


@dataclass(frozen=True)
class Postponed(Event, name="postponed", subject="request", needs_you=True):
    """Execution is put off."""


@dataclass(frozen=True)
class Returned(Event, name="returned", subject="request", needs_you=True):
    """It comes back unregistered."""

    for_good: bool = False
    """Whether it is over with that; otherwise one's own office corrects it and sends it again."""


@dataclass(frozen=True)
class CarriedOut(Event, name="carried-out", subject="request", needs_you=True, once=True):
    """What was asked for has been taken; the papers follow."""


@dataclass(frozen=True)
class Executed(Event, name="executed", subject="request", needs_you=True):
    """It has been executed, and what it brought is here."""

    in_part: bool = False


@dataclass(frozen=True)
class Finished(Event, name="finished", subject="request"):
    """It is over, however it ended."""

    outcome: str = ""
    """As the event table writes it."""


@dataclass(frozen=True)
class ConditionsSet(Event, name="conditions", subject="request", needs_you=True):
    """Help comes under conditions."""


@dataclass(frozen=True)
class Leaked(Event, name="leak", subject="request", needs_you=True):
    """Those concerned may know of it."""


@dataclass(frozen=True)
class ChannelClosed(Event, name="channel-closed", subject="request"):
    """It waits, because its channel cannot be used."""


@dataclass(frozen=True)
class SentAlready(Event, name="sent-already", subject="request"):
    """It was to go out a second time, and does not."""


@dataclass(frozen=True)
class ConfirmedInWriting(Event, name="confirmed-in-writing", subject="request"):
    """An oral request has been confirmed."""


@dataclass(frozen=True)
class ProgressTold(Event, name="progress-told", subject="request"):
    """The answer to an enquiry: how far it is."""

    stage: str = ""
    """The stage of its procedure."""


@dataclass(frozen=True)
class Supplemented(Event, name="supplemented", subject="request"):
    """The trainee has answered a question about it."""


@dataclass(frozen=True)
class FeedbackGiven(Event, name="feedback-given", subject="request"):
    """The executing authority has been told what became of it."""


@dataclass(frozen=True)
class GrantedByOtherTeam(Event, name="granted-by-other-team", subject="request"):
    """The team that plays the other State will carry it out."""


# Evidence


@dataclass(frozen=True)
class EvidenceLost(Event, name="evidence-lost", subject="evidence", needs_you=True):
    """It can no longer be had."""

    cause: Literal["retention ended", "moved or destroyed", "person withdrew"] = "retention ended"
    """``retention ended``: the holder has deleted it · ``moved or destroyed``: by those who had been warned ·
    ``person withdrew``: it hangs on somebody who no longer takes part."""


@dataclass(frozen=True)
class EvidenceObtained(Event, name="evidence-obtained", subject="evidence"):
    """It is in the file."""

    through: str = ""
    """Id of the request it came with; ``interview`` or ``testimony`` where it was given at home."""


@dataclass(frozen=True)
class Preserved(Event, name="preserved", subject="evidence"):
    """The holder keeps it from now on."""

    days: int = 0


@dataclass(frozen=True)
class PreservationExpires(Event, name="preservation-expires", subject="evidence", needs_you=True):
    """Its preservation ends soon."""

    days: int = 0
    """Days left."""


@dataclass(frozen=True)
class PreservationFailed(Event, name="preservation-failed", subject="evidence"):
    """The order to preserve it was not carried out."""

    outcome: str = ""


@dataclass(frozen=True)
class NothingToPreserve(Event, name="nothing-to-preserve", subject="evidence"):
    """The order to preserve it came too late."""


@dataclass(frozen=True)
class ConsentGiven(Event, name="consented", subject="evidence", needs_you=True):
    """The State it came from consents to a further use."""


@dataclass(frozen=True)
class ConsentDenied(Event, name="consent-denied", subject="evidence"):
    """The State it came from does not consent to a further use."""


@dataclass(frozen=True)
class Used(Event, name="used", subject="evidence"):
    """It has been put before the court."""


@dataclass(frozen=True)
class UsedBeyondConditions(Event, name="used-beyond-conditions", subject="evidence"):
    """It was used beyond what had been agreed, and the court leaves it out."""


# People


@dataclass(frozen=True)
class PersonWithdrew(Event, name="person-withdrew", subject="person", needs_you=True):
    """Somebody no longer takes part in the proceedings."""


@dataclass(frozen=True)
class SupportArranged(Event, name="support-arranged", subject="person"):
    """Support has been arranged for somebody."""

    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class InterviewImpossible(Event, name="interview-impossible", subject="person"):
    """Somebody could not be reached for an interview."""


@dataclass(frozen=True)
class TravelDeclined(Event, name="travel-declined", subject="person"):
    """Somebody does not wish to travel in order to testify."""


@dataclass(frozen=True)
class SafeConductEnded(Event, name="safe-conduct-ended", subject="person"):
    """The time in which somebody could leave undisturbed is over."""

    days: int = 0
    """How long it lasted."""


@dataclass(frozen=True)
class ReturnedHome(Event, name="returned-home", subject="person"):
    """Somebody has gone home."""


@dataclass(frozen=True)
class Treated(Event, name="treated", subject="person"):
    """It has been decided how somebody is dealt with who was made to offend."""

    as_: Literal["victim", "suspect"] = "victim"


@dataclass(frozen=True)
class IdentityKnown(Event, name="identity-known", subject="person"):
    """Somebody's identity has become known outside the file."""


# States and institutions


@dataclass(frozen=True)
class Consulted(Event, name="consulted", subject="state"):
    """An authority was contacted and says what it needs."""


@dataclass(frozen=True)
class InformationShared(Event, name="shared", subject="state"):
    """Information was given to a State unasked."""

    with_conditions: bool = True
    """Whether use restrictions were attached."""


@dataclass(frozen=True)
class NoBasisForTeam(Event, name="no-basis-for-team", subject="state"):
    """No instrument lets a State join a team."""


@dataclass(frozen=True)
class TeamDeclined(Event, name="team-declined", subject="state"):
    """A State does not join the team."""


@dataclass(frozen=True)
class TeamAgreed(Event, name="team-agreed", subject="team", needs_you=True):
    """A State has signed the agreement on a joint investigation team."""

    state: str = ""


@dataclass(frozen=True)
class ServiceHit(Event, name="hit", subject="service", needs_you=True):
    """An institution found something."""

    gives: str = ""
    """What it is, as `sim.model.service` names it."""


@dataclass(frozen=True)
class ServiceFoundNothing(Event, name="no-hit", subject="service"):
    """An institution found nothing."""


@dataclass(frozen=True)
class ServiceDone(Event, name="service-done", subject="service"):
    """An institution has done what it was asked for."""


@dataclass(frozen=True)
class ServiceUnavailable(Event, name="service-unavailable", subject="service"):
    """An institution does not do it here."""

    lacking: Literal["network", "instrument", "link", "channel"] = "network"
    """What is lacking: a network both take part in, an instrument that binds both, a fact of the case, a channel."""
    what: str = ""
    """Which one: an id of the library, or a link as files write it."""
    outside: tuple[str, ...] = ()
    """The States that are outside it."""


# Story


@dataclass(frozen=True)
class DeadlinePassed(Event, name="deadline", subject="deadline", needs_you=True):
    """A clock from outside has run out."""


@dataclass(frozen=True)
class Decided(Event, name="decided", subject="decision"):
    """The trainee has decided."""

    option: str = ""


# A request from abroad on the trainee's own desk


@dataclass(frozen=True)
class Arrived(Event, name="arrived", subject="incoming", needs_you=True):
    """A request from abroad has arrived."""


@dataclass(frozen=True)
class Examined(Event, name="examined", subject="incoming", needs_you=True):
    """A lawyer has held it against the law."""

    missing: tuple[str, ...] = ()
    """Contents that are not there in full."""
    language_accepted: bool = True
    grounds: tuple[tuple[str, bool], ...] = ()
    """(ground for refusal that the facts raise, whether refusal is a duty)."""


@dataclass(frozen=True)
class QuestionAnswered(Event, name="answered", subject="incoming", needs_you=True):
    """The requesting State has answered what it was asked."""


@dataclass(frozen=True)
class Reminded(Event, name="reminder", subject="incoming", needs_you=True):
    """The requesting State asks where its request stands."""


@dataclass(frozen=True)
class AcknowledgedByYou(Event, name="acknowledged-by-you", subject="incoming"):
    """The requesting State knows that it has arrived."""


@dataclass(frozen=True)
class QuestionSent(Event, name="question-sent", subject="incoming"):
    """The requesting State has been asked for what is missing."""


@dataclass(frozen=True)
class PostponedByYou(Event, name="postponed-by-you", subject="incoming"):
    """It has been put off."""


@dataclass(frozen=True)
class Granted(Event, name="granted", subject="incoming"):
    """It is to be carried out."""


@dataclass(frozen=True)
class RefusedByYou(Event, name="refused-by-you", subject="incoming"):
    """It has been refused."""

    ground: str = ""


@dataclass(frozen=True)
class SentBackByYou(Event, name="sent-back-by-you", subject="incoming"):
    """It has been sent back unregistered."""


@dataclass(frozen=True)
class Helped(Event, name="helped", subject="incoming"):
    """It has been carried out."""

    too_late: bool = False


@dataclass(frozen=True)
class NothingToBeDone(Event, name="nothing-to-be-done", subject="incoming"):
    """A step was to be taken on what is closed, or has not arrived."""
