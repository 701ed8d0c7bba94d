"""What can befall a case: one frozen record for each event, declared here and nowhere else.

The sentence that tells an event to people is in `sim.training.messages`; a procedure says at which of its stages one is
announced.
"""

from __future__ import annotations

from typing import Literal

from sim.model.event_kinds import EVENTS as EVENTS
from sim.model.event_kinds import Event as Event
from sim.model.event_kinds import EventName as EventName
from sim.model.event_kinds import Subject as Subject

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


class ExecutionStep(Event, name="execution-step", subject="request"):
    """A step of its execution is over that takes nothing itself: a court's decision, the service of an order."""

    step: str = ""
    """What it was, in its author's words."""
    taken: bool = False
    """Whether what was asked for has been taken before."""
    waited: bool = False
    """Whether nobody worked on it: time passed, until a day or until somebody was ready."""


class CarriedOut(Event, name="carried-out", subject="request", needs_you=True, once=True):
    """What was asked for has been taken; the papers follow."""


class Executed(Event, name="executed", subject="request", needs_you=True):
    """It has been executed, and what it brought is here."""

    in_part: bool = False


class Finished(Event, name="finished", subject="request"):
    """It is over, however it ended."""

    outcome: str = ""
    """As the event table writes it."""
    called_off: bool = False
    """Whether it was stopped on its way: taken back, counted as withdrawn, lapsed."""


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


class EvidenceUntested(Event, name="evidence-untested", subject="evidence", needs_you=True):
    """The court leaves it out: the defence could not question whose words it is, and cannot any more."""


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


class HeardTooSoon(Event, name="heard-too-soon", subject="person", needs_you=True):
    """Somebody was heard before they could tell what happened, and said nothing that a court could use."""


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
    assurances: tuple[str, ...] = ()
    """Assurances each of which would take one of these grounds away."""
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
