"""What a requested State writes while it carries a request out: what it asks first, which step is over, how it ended,
and why nothing came where nothing did."""

from __future__ import annotations

from sim.case.requests import LetterRequest, PreservationRequest, TeamProposal, TracedRequest
from sim.case.state import CaseState
from sim.i18n import Words, joined, marked, say
from sim.law.terms import item_in_words
from sim.model import events
from sim.model.outcomes import Outcome, state_in_words
from sim.training.request_names import request_name
from sim.training.telling import Message, authority_asked, told_by, written


@told_by(events.QuestionAsked)
def _question(run: CaseState, event: events.QuestionAsked) -> Message | None:
    request = run.requests[event.about]
    if isinstance(request, PreservationRequest):
        return None
    words = say(
        "Before we can execute your request “{title}” we need supplementary information: {asked}.",
        title=request_name(run, event.about),
        asked=what_is_asked(request),
    )
    return written(run, event, authority_asked, words)


def what_is_asked(request: TracedRequest) -> Words:
    """What a requested State asks for before it goes on: contents that are thin or missing; of a letter in which all
    are there, further particulars."""
    items = request.items if isinstance(request, LetterRequest) else {}
    lacking = [item_in_words(name) for name, quality in items.items() if quality != "full"]
    return joined(lacking) if lacking else say("further particulars, so that it can be carried out under our law")


@told_by(events.Executed)
def _executed(run: CaseState, event: events.Executed) -> Message | None:
    request = run.requests[event.about]
    if isinstance(request, PreservationRequest | TeamProposal):
        return None
    places = {"title": request_name(run, event.about)}
    lacking = [item for id_ in request.evidence if (item := run.evidence[id_]).from_state is None]
    words = say("Your request “{title}” has been executed; the papers have reached you.", **places)
    if _looks_for_people(run, request):
        words = say("Your request “{title}” has been executed; the report has reached you.", **places)
    if event.in_part and lacking:
        words = say(
            "Your request “{title}” has been executed in part; the papers have reached you. This did not come: "
            "{lacking}.",
            lacking=joined(item.record.title for item in lacking),
            **places,
        )
    elif event.in_part:
        words = say("Your request “{title}” has been executed in part; the papers have reached you.", **places)
    return written(run, event, authority_asked, words)


def _looks_for_people(run: CaseState, request: TracedRequest) -> bool:
    """Whether it is people that are to be found or brought to safety, and no papers that are to come."""
    return bool(request.evidence) and all(run.evidence[id_].nature.of_people for id_ in request.evidence)


@told_by(events.ExecutionStep)
def _step(run: CaseState, event: events.ExecutionStep) -> Message | None:
    if event.waited:
        return None  # that a day has come is seen by what is done on it
    places = {"title": request_name(run, event.about), "step": event.step}
    words = say(
        "Your request “{title}” is being executed. Done so far: {step}. What you asked for is to come.", **places
    )
    if event.taken:
        words = say("What you asked for in “{title}” has been done. Done since: {step}. The papers follow.", **places)
    return written(run, event, authority_asked, words)


@told_by(events.CarriedOut)
def _carried_out(run: CaseState, event: events.CarriedOut) -> Message | None:
    if _looks_for_people(run, run.requests[event.about]):
        return None  # that they are in safety is told when it is known
    request, asked = run.requests[event.about], run.scenario.jurisdictions[run.requests[event.about].to]
    by_video = isinstance(request, LetterRequest) and "video-hearing" in request.spec.measures
    title = request_name(run, event.about)
    if by_video and asked.video_link == "written questions only":
        words = say(
            "What you asked for in “{title}” has been done. The papers follow. A hearing by video is not possible "
            "here: your questions were put in writing.",
            title=title,
        )
    else:
        words = say("What you asked for in “{title}” has been done. The papers follow.", title=title)
    return written(run, event, authority_asked, words)


@told_by(events.Finished)
def _finished(run: CaseState, event: events.Finished) -> Message | None:
    outcome = Outcome.of(event.outcome)
    told_already = outcome.executed or outcome.refused or outcome.kind == "returned unregistered"
    if told_already or isinstance(run.requests[event.about], PreservationRequest):
        return None
    places = {"title": request_name(run, event.about), "outcome": state_in_words(outcome.kind)}
    words = say("Your request “{title}” is closed: {outcome}.", **places)
    if outcome.kind == "withdrawn" and not event.called_off:
        answered = any(isinstance(one, events.Supplemented) and one.about == event.about for one in run.events)
        why: Words | None = say(_ANSWERED_LATE if answered else _UNANSWERED)
    else:
        why = None
    why = why or _why_closed(run, run.requests[event.about], outcome)
    if why is not None:
        words = say("Your request “{title}” is closed: {outcome}. {why}.", why=why, **places)
    return written(run, event, authority_asked, words)


def _why_closed(run: CaseState, request: TracedRequest, outcome: Outcome) -> Words | None:
    """Why a request ended without what was asked for, in words that are true of what it was."""
    if outcome.kind == "lapsed":
        if not isinstance(request, LetterRequest):
            return say(_NO_ANSWER)
        by_mouth = request.spec.oral and not request.confirmed
        return say(_NOT_CONFIRMED if by_mouth else _LEFT_OPEN if request.left_open else _NO_ANSWER)
    if outcome.kind != "no result" or not isinstance(request, LetterRequest):
        return None
    if outcome.ground == "person withdrew":
        return say("Reason: the person no longer takes part")
    nature = run.evidence[request.evidence[0]].nature if request.evidence else run.scenario.nature_of("")
    return say("Reason: {reason}", reason=say(nature.too_late if outcome.ground == "gone" else nature.not_found))


_NOT_CONFIRMED = marked("Reason: it was made by word of mouth and not confirmed in writing in time")
_UNANSWERED = marked("Reason: no answer to our question reached us in time, and so it counts as withdrawn")
_ANSWERED_LATE = marked("Reason: the answer to our question did not reach us in time, and so it counts as withdrawn")
_LEFT_OPEN = marked("Reason: what they had asked was not answered")
_NO_ANSWER = marked("Reason: nobody there took it up in time")
"""Why a request lapses, or counts as withdrawn though nobody took it back."""
