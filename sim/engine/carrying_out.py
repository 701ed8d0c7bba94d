"""What the trainee's actions set in motion. One function for each kind of action."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim import law
from sim.engine import desk, partner, perishing, services
from sim.engine.conduct import FULL, assess, offence, usual_chances
from sim.engine.traced import TracedRequest
from sim.model.case import Action, SendRequest
from sim.model.durations import DAY
from sim.model.procedure import Procedure

if TYPE_CHECKING:
    from sim.engine.case_run import CaseRun

TEAM = "joint-investigation-team"


def carry_out(run: CaseRun, action: Action) -> None:
    """Do what an action says, now."""
    ACTIONS[action.name](run, action.content)


def _send(run: CaseRun, spec: SendRequest) -> None:
    if spec.id in run.requests:
        run.tell("note", spec.id, "sent already")
        return
    items = FULL | dict(spec.items)
    relation = run.relation(spec.to)
    if any(set(r.evidence) & set(spec.evidence) for r in run.requests.values() if r.to == spec.to and not r.outcome):
        relation.move(run.now, "asked twice")
    if spec.urgent == "stamped":
        relation.move(run.now, "urgent without reasons")
    if spec.scope == "broad":
        relation.move(run.now, "overbroad")
    if spec.to == run.partner:
        # People carry it out, at another table: no office here is occupied and nothing is drawn.
        graph = run.scenario.find("procedure", "letter-of-request")
        run.requests[spec.id] = _traced(run, graph, spec.id, spec.to, spec, spec.evidence, items)
        run.tell("sent", spec.id)
        return
    in_team = spec.channel == TEAM and spec.to in run.team
    if in_team:
        graph = run.scenario.find("procedure", "team-sharing")
    else:
        # What does not bind the other State is received there as any letter would be, and sent back.
        rests = assess(run.scenario, spec, items, run.home).rests
        record = run.scenario.find("instrument", spec.instrument)
        named = record.procedure if record is not None and rests else None
        graph = run.scenario.find("procedure", named or "letter-of-request")
    request = _traced(run, graph, spec.id, spec.to, spec, spec.evidence, items, in_team=in_team)
    run.dispatch(
        request,
        graph,
        measures=spec.measures,
        channel=spec.channel,
        instrument=spec.instrument,
        urgent=spec.urgent == "with reasons" or relation.urgent or _linked_to_extradition(run, spec),
        start=_by_word_of_mouth(run, request),
    )
    perishing.may_leak(run, request)


def _traced(
    run: CaseRun,
    graph: Procedure,
    id_: str,
    to: str,
    spec: SendRequest | None = None,
    evidence: tuple[str, ...] = (),
    items: dict[str, str] | None = None,
    **more: Any,
) -> TracedRequest:
    """A request that begins now, with the chances usual for a procedure in a State."""
    usual = usual_chances(run.scenario, graph, to)
    more |= {"executing": graph.executing, "procedure": graph.id}
    return TracedRequest(id_, spec, to, evidence, usual, run.now, items or {}, dict(usual), **more)


def _linked_to_extradition(run: CaseRun, spec: SendRequest) -> bool:
    """Evidence for somebody whose extradition from the same State is pending is taken up with it (UNTOC art. 16)."""
    return any(
        r.spec is not None and "extradition" in r.spec.measures and r.to == spec.to and not r.outcome
        for r in run.requests.values()
    )


def _by_word_of_mouth(run: CaseRun, request: TracedRequest) -> str:
    """The stage at which an oral request begins; it waits to be confirmed in writing. Elsewhere nothing."""
    spec = request.spec
    assert spec is not None
    if not spec.oral or spec.urgent != "with reasons":
        return ""
    found = law.explain(
        run.scenario,
        requesting=run.home,
        requested=spec.to,
        measure=spec.measures[0],
        instrument=spec.instrument,
        offence=offence(run.scenario),
    )
    if not any(permission.allows == "oral-request" for permission in found.permissions):
        return ""
    limit = found.deadline_for("confirm in writing")
    usual = run.behaviour.coordination.confirm_within
    within = limit.days * DAY if limit is not None and limit.days is not None else usual

    def unless_confirmed() -> None:
        if not request.confirmed and not request.outcome:
            run.relation(request.to).move(run.now, "oral and never confirmed")
            _stop(run, request, "lapsed")

    run.at(run.now + round(within), unless_confirmed)
    return "receipt"


def _confirm(run: CaseRun, what: Any) -> None:
    request = _sent(run, what.request)
    request.confirmed = True
    if not request.outcome:
        run.tell("note", request.id, "confirmed in writing")


def _preserve(run: CaseRun, what: Any) -> None:
    item = run.evidence[what.evidence]
    count = 1 + sum(1 for request in run.requests.values() if request.preserves == what.evidence)
    id_ = f"preserve-{what.evidence}" + (f"-{count}" if count > 1 else "")
    graph = run.scenario.find("procedure", "preservation")
    request = _traced(run, graph, id_, item.record.at, preserves=what.evidence)
    run.dispatch(request, graph, measures=("preservation",), channel=what.channel)


def _consult(run: CaseRun, what: Any) -> None:
    relation = run.relation(what.to)
    if not relation.consulted:
        relation.move(run.now, "consulted")
    relation.consulted = True
    run.weigh_again(what.to)
    run.tell("note", what.to, "consulted")


def _share(run: CaseRun, what: Any) -> None:
    relation = run.relation(what.to)
    if not relation.shared:
        relation.move(run.now, "shared")
    relation.shared = True
    run.weigh_again(what.to)
    run.tell("note", what.to, "shared" if what.conditions else "shared without conditions")


def _ask(run: CaseRun, what: Any) -> None:
    services.ask(run, run.scenario.find("service", what.service), what.to, what.person)


def _chase(run: CaseRun, what: Any) -> None:
    request = _sent(run, what.request)
    if run.now - request.sent < run.behaviour.coordination.too_soon and not request.outcome:
        run.relation(request.to).move(run.now, "chased too soon")
    request.chased = True
    run.weigh(request)
    if not request.outcome:
        run.tell("note", request.id, f"progress: {request.stage}")


def _supplement(run: CaseRun, what: Any) -> None:
    request = _sent(run, what.request)
    request.items |= dict(what.items) or {name: "full" for name in request.items}
    if not request.outcome:
        run.relation(request.to).move(run.now, "answered")
    run.weigh(request)
    if not request.outcome:
        run.tell("note", request.id, "supplemented")


def _withdraw(run: CaseRun, what: Any) -> None:
    request = _sent(run, what.request)
    if request.outcome:
        return
    if all(run.evidence[id_].state(run.now) in ("lost", "obtained") for id_ in request.evidence):
        run.relation(request.to).move(run.now, "withdrawn")
    _stop(run, request, "withdrawn")


def _stop(run: CaseRun, request: TracedRequest, outcome: str) -> None:
    if request.token is not None:
        run.simulation.withdraw(request.token, outcome)
    request.outcome = outcome
    perishing.release(run, request)
    run.tell("finished", request.id, outcome)


def _feedback(run: CaseRun, what: Any) -> None:
    request = _sent(run, what.request)
    if request.to:
        run.relation(request.to).move(run.now, "feedback")
        run.weigh_again(request.to)
        run.tell("note", request.id, "feedback given")


def _use(run: CaseRun, what: Any) -> None:
    """Use evidence; beyond its purpose or before consent, a court leaves it out and the sender remembers."""
    item = run.evidence[what.evidence]
    if item.obtained_at is None or item.from_state is None:
        return
    beyond = what.purpose == "another proceeding"
    if item.consented or not (beyond or item.lead_only):
        run.tell("note", item.id, "used")
        return
    item.excluded = True
    run.relation(item.from_state).move(run.now, "used beyond its purpose" if beyond else "used without consent")
    run.weigh_again(item.from_state)
    run.tell("note", item.id, "used beyond its conditions")


def _ask_consent(run: CaseRun, what: Any) -> None:
    item = run.evidence[what.evidence]
    if item.obtained_at is None or item.from_state is None:
        return
    state, figures = item.from_state, run.behaviour.coordination

    def decide() -> None:
        # Whether consent is given is for the sender; the better the two trust each other, the likelier.
        likely = figures.consent + figures.consent_by_trust * run.relation(state).trust
        if run.simulation.draw("consent", item.id) < likely:
            item.consented = True
            if item.may_be_consented:
                item.lead_only = False
            run.tell("consented", item.id)
        else:
            run.tell("note", item.id, "no consent to further use")

    run.at(run.now + figures.consent_takes, decide)


def _propose_team(run: CaseRun, what: Any) -> None:
    """Propose a team to each State; with third States it rests on UNTOC art. 19, case by case."""
    for state in what.members:
        id_ = f"team-{state}"
        if id_ in run.requests:
            continue
        if not law.allows(run.scenario, run.home, state, "joint-investigation"):
            run.tell("note", state, "no basis for a team")
            continue
        graph = run.scenario.find("procedure", TEAM)
        request = _traced(run, graph, id_, state, joins=state)
        run.dispatch(request, graph, channel="central-authority-email", urgent=run.relation(state).urgent)


def _protect(run: CaseRun, what: Any) -> None:
    run.people[what.person].supports |= set(what.by)
    run.tell("note", what.person, "support arranged: " + ", ".join(what.by))


def _interview(run: CaseRun, what: Any) -> None:
    person, item = run.people[what.person], run.evidence[what.evidence]

    def interview() -> None:
        if not person.available:
            run.tell("note", person.id, "no longer available")
            return
        person.interview(run.now, run.start, what.manner)
        if item.obtained_at is None:
            item.obtained_at = run.now
            run.tell("evidence-obtained", item.id, "interview")

    run.at(run.now + run.behaviour.people.interview_takes, interview)


def _invite(run: CaseRun, what: Any) -> None:
    """Ask somebody to come and testify; nobody is compelled (UNTOC art. 18(3)(h))."""
    person, item, figures = run.people[what.person], run.evidence[what.evidence], run.behaviour.people

    def come() -> None:
        willing = figures.willing_to_travel + figures.willing_by_wellbeing * person.wellbeing
        willing += figures.willing_by_safe_conduct * what.safe_conduct
        if not person.available or run.simulation.draw("travel", person.id) > willing:
            run.tell("note", person.id, "does not wish to travel")
            return
        if not what.safe_conduct and person.record.made_to_offend:
            person.change(figures.unprotected_travel)
        if item.obtained_at is None:
            item.obtained_at = run.now
            run.tell("evidence-obtained", item.id, "testimony")
        if what.safe_conduct:
            run.at(run.now + figures.safe_conduct, lambda: run.tell("note", person.id, "safe conduct ends"))

    run.at(run.now + figures.travel_takes, come)


def _repatriate(run: CaseRun, what: Any) -> None:
    person = run.people[what.person]
    if person.returned or not person.available:
        return
    person.go_home(voluntary=what.voluntary)
    run.tell("note", person.id, "returned home")


def _treat(run: CaseRun, what: Any) -> None:
    """Deal with somebody who was made to offend; to prosecute a victim breaks trust in the proceedings."""
    person = run.people[what.person]
    if person.record.made_to_offend and what.as_ == "suspect":
        person.change(run.behaviour.people.treated_as_suspect)
        if person.available:
            perishing.withdraw(run, person.id)
    elif what.as_ == "victim":
        person.change(run.behaviour.people.treated_as_victim)
    run.tell("note", person.id, f"treated as a {what.as_}")


def _sent(run: CaseRun, id_: str) -> TracedRequest:
    if id_ not in run.requests:
        # The option was written for a request that this play never sent: nothing to act on.
        return TracedRequest(id_, None, "", (), {}, run.now, outcome="not sent")
    return run.requests[id_]


ACTIONS: dict[str, Callable[[CaseRun, Any], None]] = {
    "send": _send,
    "preserve": _preserve,
    "renew": _preserve,
    "consult": _consult,
    "chase": _chase,
    "supplement": _supplement,
    "withdraw": _withdraw,
    "share": _share,
    "ask": _ask,
    "confirm": _confirm,
    "feedback": _feedback,
    "use": _use,
    "ask_consent": _ask_consent,
    "propose_team": _propose_team,
    "protect": _protect,
    "interview": _interview,
    "repatriate": _repatriate,
    "invite": _invite,
    "treat": _treat,
    **desk.STEPS,
    "receive": partner.receive,
}
"""What each kind of action does."""
