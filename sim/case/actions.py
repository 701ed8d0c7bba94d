"""What the trainee's actions set in motion. One function for each kind of action; those of the desk and of another
team stand in `sim.case.incoming` and `sim.case.other_team`."""

from __future__ import annotations

from functools import partial

from sim import law
from sim.case import assurances, expiry, incoming, other_team, results, services
from sim.case.action_functions import carries_out, function_for
from sim.case.request_chances import FULL, assess, offence
from sim.case.requests import LetterRequest, PreservationRequest, TeamProposal, TracedRequest
from sim.case.state import CaseState
from sim.errors import SimulationError
from sim.model.action import Action
from sim.model.actions import (
    Ask,
    AskConsent,
    Chase,
    Confirm,
    Consult,
    Feedback,
    Interview,
    Invite,
    ItemQuality,
    Preservation,
    Preserve,
    ProposeTeam,
    Protect,
    Renew,
    Repatriate,
    SendRequest,
    Share,
    Supplement,
    Treat,
    Use,
    Withdraw,
)
from sim.model.durations import DAY
from sim.model.events import (
    ChildHeardUnprotected,
    ConfirmedInWriting,
    ConsentDenied,
    ConsentGiven,
    Consulted,
    EvidenceObtained,
    FeedbackGiven,
    HeardTooSoon,
    InformationShared,
    InterviewImpossible,
    NoBasisForTeam,
    ProgressTold,
    QuestionAsked,
    ReturnedHome,
    SafeConductEnded,
    Sent,
    SentAlready,
    Supplemented,
    SupportArranged,
    TravelDeclined,
    Treated,
    Used,
    UsedBeyondConditions,
)
from sim.model.outcomes import Outcome
from sim.model.procedure import Procedure

TEAM = "joint-investigation-team"
PROPOSED_BY = "central-authority-email"
"""The channel by which a joint team is proposed."""

ELSEWHERE = (assurances, incoming, other_team)
"""Modules whose functions carry out the other kinds of action; they register themselves."""


def carry_out(run: CaseState, action: Action) -> None:
    """Do what an action says, now."""
    function_for(action.content)(run, action.content)


@carries_out(SendRequest)
def _send(run: CaseState, spec: SendRequest) -> None:
    if spec.id in run.requests:
        run.tell(SentAlready(run.now, spec.id))
        return
    items = FULL | dict(spec.items)
    relation = run.relation(spec.to)
    under_way = [letter for letter in run.letters if letter.to == spec.to and letter.outcome is None]
    if any(set(letter.evidence) & set(spec.evidence) for letter in under_way):
        relation.move(run.now, "asked twice", spec.instrument)
    if spec.urgent == "stamped":
        relation.move(run.now, "urgent without reasons", spec.instrument)
    if spec.scope == "broad":
        relation.move(run.now, "overbroad", spec.instrument)
    if spec.to == run.partner:
        # People carry it out, at another table: no office here is occupied and nothing is drawn.
        graph = run.scenario.procedure("letter-of-request")
        run.requests[spec.id] = _letter(run, graph, spec, items)
        run.tell(Sent(run.now, spec.id))
        return
    graph = _procedure_of(run, spec)
    request = _letter(run, graph, spec, items, in_team=_in_team(run, spec))
    run.dispatch(
        request,
        graph,
        measures=spec.measures,
        channel=spec.channel,
        instrument=spec.instrument,
        urgent=spec.urgent == "with reasons" or relation.urgent or _linked_to_extradition(run, spec),
        start=(graph.oral_start or "") if _by_word_of_mouth(run, request) else "",
    )
    expiry.may_leak(run, request)
    assurances.may_be_asked(run, request)


def _in_team(run: CaseState, spec: SendRequest) -> bool:
    """Whether a letter stays within a joint investigation team."""
    return spec.channel == TEAM and spec.to in run.team


def _procedure_of(run: CaseState, spec: SendRequest) -> Procedure:
    """The procedure that a letter goes through."""
    named = None
    if _in_team(run, spec):
        named = "team-sharing"
    elif assess(run.scenario, spec, FULL | dict(spec.items), run.home).rests:
        # What does not bind the other State is received there as any letter would be, and sent back.
        record = run.scenario.find("instrument", spec.instrument)
        named = record.procedure_for(spec.channel, spec.measures) if record is not None else None
    return run.scenario.procedure(named or "letter-of-request")


def lacking_for(run: CaseState, action: Action) -> SimulationError | None:
    """What the world lacks for an action that sends something; None if it can be carried out."""
    what = action.content
    if isinstance(what, SendRequest) and what.to != run.partner:
        graph = _procedure_of(run, what)
        letter = LetterRequest(what.id, **run.begun(graph, what.to), spec=what)
        return run.lacking_for(letter, graph, measures=what.measures, channel=what.channel, instrument=what.instrument)
    if isinstance(what, Preservation):
        graph = run.scenario.procedure("preservation")
        order = PreservationRequest("", **run.begun(graph, run.evidence[what.evidence].record.at), preserves="")
        return run.lacking_for(order, graph, measures=("preservation",), channel=what.channel)
    return None


def _letter(
    run: CaseState, graph: Procedure, spec: SendRequest, items: dict[str, ItemQuality], *, in_team: bool = False
) -> LetterRequest:
    """A letter that begins now, with the chances usual for a procedure in a State."""
    letter = LetterRequest(spec.id, **run.begun(graph, spec.to), spec=spec, items=items, in_team=in_team)
    letter.then = partial(results.letter_over, run, letter)
    letter.asked_again = partial(results.asked_again, run, letter)
    return letter


def _linked_to_extradition(run: CaseState, spec: SendRequest) -> bool:
    """Evidence for somebody whose extradition from the same State is pending is taken up with it (UNTOC art. 16)."""
    return any(
        "extradition" in letter.spec.measures and letter.to == spec.to and letter.outcome is None
        for letter in run.letters
    )


def _by_word_of_mouth(run: CaseState, request: LetterRequest) -> bool:
    """Whether a request may begin by word of mouth and does; it then waits to be confirmed in writing."""
    spec = request.spec
    if not spec.oral or spec.urgent != "with reasons":
        return False
    found = law.explain(
        run.scenario,
        requesting=run.home,
        requested=spec.to,
        measure=spec.measures[0],
        instrument=spec.instrument,
        offence=offence(run.scenario),
    )
    if not any(permission.allows == "oral-request" for permission in found.permissions):
        return False
    limit = found.deadline_for("confirm in writing")
    usual = run.behaviour.coordination.confirm_within
    within = limit.days * DAY if limit is not None and limit.days is not None else usual
    run.at(run.now + round(within), partial(_lapse_unless_confirmed, run, request))
    return True


def _lapse_unless_confirmed(run: CaseState, request: LetterRequest) -> None:
    if not request.confirmed and request.outcome is None:
        run.relation(request.to).move(run.now, "oral and never confirmed", request.instrument)
        results.stop(run, request, Outcome("lapsed"))


@carries_out(Confirm)
def _confirm(run: CaseState, what: Confirm) -> None:
    request = _sent(run, what.request)
    request.confirmed = True
    if request.outcome is None:
        run.tell(ConfirmedInWriting(run.now, request.id))


@carries_out(Preserve, Renew)
def _preserve(run: CaseState, what: Preservation) -> None:
    item = run.evidence[what.evidence]
    count = 1 + sum(
        isinstance(other, PreservationRequest) and other.preserves == what.evidence for other in run.requests.values()
    )
    id_ = f"preserve-{what.evidence}" + (f"-{count}" if count > 1 else "")
    graph = run.scenario.procedure("preservation")
    request = PreservationRequest(id_, **run.begun(graph, item.record.at), preserves=what.evidence)
    request.then = partial(results.preservation_over, run, request)
    run.dispatch(request, graph, measures=("preservation",), channel=what.channel)


@carries_out(Consult)
def _consult(run: CaseState, what: Consult) -> None:
    relation = run.relation(what.to)
    if not relation.consulted:
        relation.move(run.now, "consulted")
    relation.consulted = True
    run.weigh_again(what.to)
    run.tell(Consulted(run.now, what.to))


@carries_out(Share)
def _share(run: CaseState, what: Share) -> None:
    relation = run.relation(what.to)
    if not relation.shared:
        relation.move(run.now, "shared")
    relation.shared = True
    run.weigh_again(what.to)
    run.tell(InformationShared(run.now, what.to, what.conditions))


@carries_out(Ask)
def _ask(run: CaseState, what: Ask) -> None:
    services.ask(run, run.scenario.service(what.service), what.to, what.person)


@carries_out(Chase)
def _chase(run: CaseState, what: Chase) -> None:
    request = _sent(run, what.request)
    if run.now - request.sent < run.behaviour.coordination.too_soon and request.outcome is None:
        run.relation(request.to).move(run.now, "chased too soon", request.instrument)
    request.chased = True
    run.weigh(request)
    if request.outcome is None:
        run.tell(ProgressTold(run.now, request.id, request.stage))


@carries_out(Supplement)
def _supplement(run: CaseState, what: Supplement) -> None:
    request = _sent(run, what.request)
    if isinstance(request, LetterRequest):
        request.items.update(what.items.items())
        asked = QuestionAsked.name in request.told
        request.left_open = asked and any(quality != "full" for quality in what.items.values())
    if request.outcome is None:
        run.relation(request.to).move(run.now, "answered", request.instrument)
    run.weigh(request)
    if request.outcome is None:
        run.tell(Supplemented(run.now, request.id))


@carries_out(Withdraw)
def _withdraw(run: CaseState, what: Withdraw) -> None:
    request = _sent(run, what.request)
    if request.outcome is not None:
        return
    if all(run.evidence[id_].state(run.now) in ("lost", "obtained") for id_ in request.evidence):
        run.relation(request.to).move(run.now, "withdrawn", request.instrument)
    results.stop(run, request, Outcome("withdrawn"))


@carries_out(Feedback)
def _feedback(run: CaseState, what: Feedback) -> None:
    request = _sent(run, what.request)
    if request.to:
        run.relation(request.to).move(run.now, "feedback", request.instrument)
        run.weigh_again(request.to)
        run.tell(FeedbackGiven(run.now, request.id))


@carries_out(Use)
def _use(run: CaseState, what: Use) -> None:
    """Use evidence; beyond its purpose or before consent, a court leaves it out and the sender remembers."""
    item = run.evidence[what.evidence]
    if item.obtained_at is None or item.from_state is None:
        return
    beyond = what.purpose == "another proceeding"
    if item.consented or not (beyond or item.lead_only):
        run.tell(Used(run.now, item.id))
        return
    item.excluded = True
    against_word = beyond and item.assured & assurances.OF_USE
    run.relation(item.from_state).move(
        run.now,
        "assurance broken" if against_word else "used beyond its purpose" if beyond else "used without consent",
    )
    run.weigh_again(item.from_state)
    run.tell(UsedBeyondConditions(run.now, item.id))


@carries_out(AskConsent)
def _ask_consent(run: CaseState, what: AskConsent) -> None:
    item = run.evidence[what.evidence]
    if item.obtained_at is None or item.from_state is None:
        return
    run.at(run.now + run.behaviour.coordination.consent_takes, partial(_decide_consent, run, item.id, item.from_state))


def _decide_consent(run: CaseState, evidence: str, state: str) -> None:
    """Whether consent is given is for the sender; the better the two trust each other, the likelier."""
    item, figures = run.evidence[evidence], run.behaviour.coordination
    likely = figures.consent + figures.consent_by_trust * run.relation(state).trust
    if run.simulation.draw("consent", item.id) < likely:
        item.consented = True
        if item.may_be_consented:
            item.lead_only = False
        run.tell(ConsentGiven(run.now, item.id))
    else:
        run.tell(ConsentDenied(run.now, item.id))


@carries_out(ProposeTeam)
def _propose_team(run: CaseState, what: ProposeTeam) -> None:
    """Propose a team to each State; with third States it rests on UNTOC art. 19, case by case."""
    for state in what.members:
        id_ = what.proposal_to(state)
        if id_ in run.requests:
            continue
        if not law.allows(run.scenario, run.home, state, "joint-investigation"):
            run.tell(NoBasisForTeam(run.now, state))
            continue
        graph = run.scenario.procedure(TEAM)
        request = TeamProposal(id_, **run.begun(graph, state), joins=state)
        request.then = partial(results.proposal_over, run, request)
        run.dispatch(request, graph, channel=PROPOSED_BY, urgent=run.relation(state).urgent)


@carries_out(Protect)
def _protect(run: CaseState, what: Protect) -> None:
    run.people[what.person].supports |= set(what.by)
    run.tell(SupportArranged(run.now, what.person, what.by))


@carries_out(Interview)
def _interview(run: CaseState, what: Interview) -> None:
    run.at(run.now + run.behaviour.people.interview_takes, partial(_hear, run, what))


def _hear(run: CaseState, what: Interview) -> None:
    person, item = run.people[what.person], run.evidence[what.evidence]
    if not person.available or not expiry.within_reach(run, person.id):
        run.tell(InterviewImpossible(run.now, person.id))
        return
    lacking, can_tell = person.lacking_for_child(what.manner), person.can_tell
    person.interview(run.now, run.start, what.manner, protected=not lacking)
    if lacking:
        run.tell(ChildHeardUnprotected(run.now, person.id, lacking))
    if not can_tell:
        run.tell(HeardTooSoon(run.now, person.id))
    elif item.obtained_at is None:
        item.obtained_at, item.lacks_form = run.now, bool(lacking)
        item.on_paper = what.manner == "ordinary"
        run.tell(EvidenceObtained(run.now, item.id, "interview"))


@carries_out(Invite)
def _invite(run: CaseState, what: Invite) -> None:
    """Ask somebody to come and testify; nobody is compelled (UNTOC art. 18(3)(h))."""
    run.at(run.now + run.behaviour.people.travel_takes, partial(_come, run, what))


def _come(run: CaseState, what: Invite) -> None:
    """Whoever was invited comes and testifies, or does not."""
    person, item, figures = run.people[what.person], run.evidence[what.evidence], run.behaviour.people
    willing = figures.willing_to_travel + figures.willing_by_wellbeing * person.wellbeing
    willing += figures.willing_by_safe_conduct * what.safe_conduct
    if not person.available or run.simulation.draw("travel", person.id) > willing:
        run.tell(TravelDeclined(run.now, person.id))
        return
    if not what.safe_conduct and person.record.made_to_offend:
        person.change(figures.unprotected_travel)
    if not person.can_tell:
        run.tell(HeardTooSoon(run.now, person.id))
    elif item.obtained_at is None:
        item.obtained_at = run.now
        run.tell(EvidenceObtained(run.now, item.id, "testimony"))
    if what.safe_conduct:
        run.at(run.now + figures.safe_conduct, partial(_safe_conduct_ended, run, person.id))


def _safe_conduct_ended(run: CaseState, person: str) -> None:
    run.tell(SafeConductEnded(run.now, person, run.behaviour.people.safe_conduct // DAY))


@carries_out(Repatriate)
def _repatriate(run: CaseState, what: Repatriate) -> None:
    person = run.people[what.person]
    if person.returned or not person.available:
        return
    person.go_home(voluntary=what.voluntary)
    run.tell(ReturnedHome(run.now, person.id))


@carries_out(Treat)
def _treat(run: CaseState, what: Treat) -> None:
    """Deal with somebody who was made to offend; to prosecute a victim breaks trust in the proceedings."""
    person = run.people[what.person]
    if person.record.made_to_offend and what.as_ == "suspect":
        person.change(run.behaviour.people.treated_as_suspect)
    elif what.as_ == "victim":
        person.change(run.behaviour.people.treated_as_victim)
    run.tell(Treated(run.now, person.id, what.as_))
    if person.record.made_to_offend and what.as_ == "suspect" and person.available:
        expiry.withdraw(run, person.id)


def _sent(run: CaseState, id_: str) -> TracedRequest:
    if id_ not in run.requests:
        # The option was written for a request that this play never sent: nothing to act on.
        return TracedRequest(id_, "", run.now, outcome=Outcome("not sent"))
    return run.requests[id_]
