"""What comes back when a request of the trainee's is over: evidence and its worth, a preservation, a team."""

from __future__ import annotations

from sim import law
from sim.case import expiry
from sim.case.evidence import EvidenceInCase
from sim.case.request_chances import offence
from sim.case.requests import LetterRequest, PreservationRequest, TeamProposal, TracedRequest
from sim.case.state import CaseState
from sim.model.events import (
    ChildHeardUnprotected,
    EvidenceObtained,
    Executed,
    Finished,
    HeardTooSoon,
    PreservationFailed,
    QuestionAsked,
    Refused,
    Returned,
    TeamAgreed,
    TeamDeclined,
)
from sim.model.outcomes import Outcome, WhyNothing
from sim.model.procedure import Channel

HEARING = frozenset({"witness-statement", "witness-hearing", "video-hearing", "victim-interview"})
"""Measures by which somebody is heard."""


def letter_over(run: CaseState, request: LetterRequest) -> None:
    """A letter or an order has ended: what it brought is in the file."""
    outcome = _outcome(request)
    if outcome.kind == "no result":
        outcome = request.outcome = Outcome(outcome.kind, _why_nothing(run, request))
    if outcome.executed and request.awaited:
        # Nothing is handed over before the assurance has come.
        request.held, request.outcome = outcome, None
        return
    if outcome.executed:
        _obtain(run, request, outcome)
    expiry.release(run, request)
    _tell_end(run, request, outcome)


def preservation_over(run: CaseState, request: PreservationRequest) -> None:
    """An order to have data kept has ended: a preservation takes hold, or does not."""
    outcome = _outcome(request)
    if outcome.done:
        expiry.preserve(run, request.preserves)
    else:
        run.tell(PreservationFailed(run.now, request.preserves, str(outcome)))
    expiry.release(run, request)
    _tell_end(run, request, outcome)


def proposal_over(run: CaseState, request: TeamProposal) -> None:
    """A State has signed the agreement on a team, or has not."""
    outcome = _outcome(request)
    if outcome.executed:
        run.team.add(request.joins)
        run.tell(TeamAgreed(run.now, "team", request.joins))
    else:
        run.tell(TeamDeclined(run.now, request.joins))
    expiry.release(run, request)
    _tell_end(run, request, outcome)


def refuse(run: CaseState, request: LetterRequest, ground: str) -> None:
    """The requested State refuses what was under way, or holds back for good what it had taken."""
    outcome = Outcome("refused", ground)
    if request.token is not None:
        run.simulation.withdraw(request.token, str(outcome))
    request.held, request.outcome = None, outcome
    expiry.release(run, request)
    _tell_end(run, request, outcome)


def asked_again(run: CaseState, request: LetterRequest) -> None:
    """A question has been put again. What was left open is not asked for ever: sooner or later the request lapses."""
    asked = [event.moment for event in run.events if isinstance(event, QuestionAsked) and event.about == request.id]
    waited = run.now - asked[0] >= run.behaviour.coordination.answer_awaited
    if request.outcome is not None or not (request.left_open and waited):
        return
    if run.simulation.draw("given up", request.id, len(asked)) < run.behaviour.conduct.given_up:
        stop(run, request, Outcome("lapsed"))


def take_home(run: CaseState, request: LetterRequest) -> None:
    """Another team has carried a letter out: what is still there comes home."""
    run.execute(request)
    request.awaited = []  # whether it waits for an assurance is for them to decide
    request.outcome = Outcome("executed" if request.secured or not request.evidence else "no result")
    letter_over(run, request)


def stop(run: CaseState, request: TracedRequest, outcome: Outcome) -> None:
    """Take a request out of the world before it has come to its end."""
    if request.token is not None:
        run.simulation.withdraw(request.token, str(outcome))
    request.outcome = outcome
    expiry.release(run, request)
    run.tell(Finished(run.now, request.id, str(outcome), called_off=True))


def _why_nothing(run: CaseState, request: LetterRequest) -> WhyNothing:
    """Why a letter brought nothing, by what was met when it was carried out."""
    items = [run.evidence[id_] for id_ in request.evidence]
    people = [run.people[item.record.person] for item in items if item.record.person is not None]
    if any(not person.available for person in people):
        return "person withdrew"
    if items and all(item.lost_at is not None for item in items):
        return "gone"
    return "not found"


def _outcome(request: TracedRequest) -> Outcome:
    assert request.outcome is not None, "it is over"
    return request.outcome


def _tell_end(run: CaseState, request: TracedRequest, outcome: Outcome) -> None:
    if outcome.refused:
        run.tell(Refused(run.now, request.id, outcome.ground))
    elif outcome.executed:
        run.tell(Executed(run.now, request.id, outcome.kind == "executed in part"))
    elif outcome.kind == "returned unregistered":
        run.tell(Returned(run.now, request.id, for_good=True))
    run.tell(Finished(run.now, request.id, str(outcome)))


def _obtain(run: CaseState, request: LetterRequest, outcome: Outcome) -> None:
    """What comes back, what it is worth, and under which conditions."""
    channel = run.scenario.find("channel", request.spec.channel)
    obtained = sorted(request.secured)
    if outcome.kind == "executed in part" and len(obtained) > 1:
        obtained = obtained[:-1]
    for id_ in obtained:
        item = run.evidence[id_]
        if item.obtained_at is None and _heard_too_soon(run, item):
            item.secured_by = None
            continue
        lead = channel is not None and not _is_evidence(run, request, channel)
        if item.obtained_at is None or (item.lead_only and not lead):
            item.obtained_at, item.from_state = run.now, request.to
            item.lead_only = lead
            item.may_be_consented = channel is not None and channel.evidence == "evidence once consented"
            item.conditions = request.conditions
            item.assured = frozenset(request.assured)
            item.lacks_form = _lacks_form(run, request) | _child_heard(run, request, item)
            run.tell(EvidenceObtained(run.now, id_, request.id))


def _heard_too_soon(run: CaseState, item: EvidenceInCase) -> bool:
    """Whether the person whose words an item is cannot tell yet what happened. Then there is nothing to put into the
    file; that they were heard stays with them, and they may be asked again."""
    person = run.people.get(item.record.person or "")
    if person is None or person.can_tell:
        return False
    person.interview(run.now, run.start, "specialist")
    run.tell(HeardTooSoon(run.now, person.id))
    return True


def _child_heard(run: CaseState, request: LetterRequest, item: EvidenceInCase) -> bool:
    """A child has been heard abroad: in the way that children need where the letter asked for it, otherwise as anybody;
    whether what protects children was lacking."""
    person = run.people.get(item.record.person or "")
    if person is None or not person.counts_as_child or not HEARING & set(request.spec.measures):
        return False
    asked = request.spec.child
    person.interview(run.now, run.start, "video-recorded" if asked else "ordinary", protected=asked)
    if not asked:
        run.tell(ChildHeardUnprotected(run.now, person.id, ("guardian", "trained interviewer")))
    return not asked


def _is_evidence(run: CaseState, request: LetterRequest, channel: Channel) -> bool:
    """Whether what comes back by a channel is evidence: a formal request may go through INTERPOL where its instrument
    lets it, and not otherwise."""
    if channel.evidence != "evidence of a formal request":
        return channel.evidence == "evidence"
    spec = request.spec
    answer = law.explain(
        run.scenario,
        requesting=run.home,
        requested=request.to,
        measure=spec.measures[0],
        offence=offence(run.scenario),
        instrument=spec.instrument,
    )
    found = next((way for way in answer.channels if way.channel == channel.id), None)
    if found is None or not found.open or answer.basis is None or not answer.basis.applies:
        return False
    return found.when == "always" or (found.when == "urgent" and spec.urgent == "with reasons")


def _lacks_form(run: CaseState, request: LetterRequest) -> bool:
    """Whether it was taken without the forms that courts at home need (UNTOC art. 18(17))."""
    home, asked = run.scenario.jurisdictions[run.home], run.scenario.jurisdictions[request.to]
    heard = HEARING & set(request.spec.measures)
    only_written = asked.video_link == "written questions only" and "video-hearing" in request.spec.measures
    return only_written or bool(heard and home.formalities and not request.spec.formalities)
