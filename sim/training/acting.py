"""What a trainee may do at any time: whether an action can be carried out as things stand, and why not."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from sim import law
from sim.engine.case_run import CaseRun
from sim.engine.partner import problem_with_post
from sim.errors import SessionError
from sim.law.drafting import Drafted, judge, material_for
from sim.model.actions import Action, SendRequest
from sim.model.case_references import owners_of_actions
from sim.model.fitting import action_misfits
from sim.model.problems import did_you_mean
from sim.model.reading import Document
from sim.model.validation import problems_of
from sim.words import marked

VICTIMS = ("victim-witness",)


def action_of(data: Any) -> Action:
    """An action from plain data, as a session file holds it. Raises `SessionError` with what is wrong and where."""
    try:
        return Action.model_validate(data)
    except ValidationError as error:
        if not isinstance(data, dict):
            raise SessionError("not an action: it must be a mapping") from None
        first = problems_of(error, Action, Document("", data))[0]
        hint = f" — {first.hint}" if first.hint else ""
        said = str(first.message).replace("tuple should have", "must have").replace(" after validation", "")
        raise SessionError(f"not an action: {said[:160]}{hint[:160]}") from None


def data_of(action: Action) -> dict[str, Any]:
    """An action as plain data for a session file."""
    return action.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def states_of(run: CaseRun) -> list[str]:
    """States that a trainee of this case deals with; the offices of others are not simulated."""
    case = run.case
    if case.incoming:
        return [id_ for id_ in run.scenario.world.jurisdictions if id_ in {p.from_ for p in case.incoming.values()}]
    named = {item.at for item in case.evidence.values()} | {person.at for person in case.people.values()}
    for _, owner in owners_of_actions(case):
        for action in owner.do:
            named |= {getattr(action.content, "to", None) or "", *getattr(action.content, "members", ())}
    return [id_ for id_ in run.scenario.world.jurisdictions if id_ in named and id_ != run.home]


def problem_with(run: CaseRun, action: Action) -> str:
    """Why an action cannot be carried out now; nothing if it can."""
    what, scenario, case = action.content, run.scenario, run.case
    if action.receive is not None:
        return problem_with_post(run, action.receive)
    states = states_of(run)
    for state in [*filter(None, [getattr(what, "to", None)]), *getattr(what, "members", ())]:
        if state not in states:
            return f"there is no State {state!r} to deal with in this case — {did_you_mean(state, states)}"
    for kind, known in (
        ("evidence", case.evidence),
        ("person", case.people),
        ("request", run.requests),
        ("incoming", run.incoming),
    ):
        names = getattr(what, kind, None) or ()
        for name in (names,) if isinstance(names, str) else names:
            if name not in known:
                words = {"request": "request sent so far", "incoming": "request on your desk"}.get(
                    kind, f"{kind} in this case"
                )
                return f"there is no {words} called {name!r} — {did_you_mean(name, known)}"
    if getattr(what, "incoming", None):
        paper = run.incoming[what.incoming]
        if paper.state == "not arrived" or paper.closed:
            return f"{paper.record.title!r} is {paper.state}; there is nothing to be done with it"
    if action.refuse is not None and what.ground not in law.GROUNDS:
        return f"there is no ground for refusal {what.ground!r} — {did_you_mean(what.ground, law.GROUNDS)}"
    if action.send is not None and what.id in run.requests:
        return f"{what.id!r} has been sent already; a new letter needs a name of its own"
    for kind, names in _library(action):
        for name in names:
            if scenario.find(kind, name) is None:
                return f"there is no {kind} {name!r}"
    return next((str(message) for message, _ in action_misfits(scenario, action)), "")


def _library(action: Action) -> list[tuple[str, tuple[str, ...]]]:
    """(kind, ids) of everything of the library that an action names."""
    what = action.content
    found = [(kind, (name,)) for kind in ("channel", "service", "instrument") if (name := getattr(what, kind, None))]
    return [*found, *([("measure", what.measures)] if action.send is not None else [])]


def draft_of(run: CaseRun, spec: SendRequest) -> Drafted | None:
    """What a letter's draft comes to by rule; None if it was not drafted from picks."""
    if spec.draft is None:
        return None
    titles = {id_: run.case.evidence[id_].title for id_ in spec.evidence if id_ in run.case.evidence}
    victims = {id_ for id_, person in run.case.people.items() if person.role in VICTIMS}
    return judge(spec.draft, material_for(run.case.drafting, titles), spec.evidence, victims)


def with_quality(run: CaseRun, action: Action) -> Action:
    """The action whose letter, if it was drafted, carries the quality that follows from its draft."""
    drafted = draft_of(run, action.send) if action.send is not None else None
    if drafted is None or action.send is None:
        return action
    quality = {"items": drafted.items, "scope": drafted.scope, "names_victim": drafted.names_victim}
    return Action(send=action.send.model_copy(update=quality))


def drafted_action(run: CaseRun, given: SendRequest, written: SendRequest) -> Action:
    """The letter that a decision has drafted: to whom, for what and called what, as the decision says.

    Raises `SessionError` if the letter written is about something else.
    """
    for field in ("id", "to", "evidence"):
        if getattr(given, field) != getattr(written, field):
            raise SessionError(f"the letter to be written here has {field} {getattr(given, field)!r}")
    action = Action(send=written)
    problem = problem_with(run, action)
    if problem:
        raise SessionError(problem)
    return action


def described(run: CaseRun, action: Action) -> str:
    """An action in words, for lists of what was done."""
    what = action.content
    parts = [WORDS[action.name]]
    if action.send is not None:
        parts.append(" and ".join(run.scenario.find("measure", name).title.lower() for name in what.measures))
    for kind, records in (
        ("evidence", run.case.evidence),
        ("person", run.case.people),
        ("incoming", run.case.incoming),
    ):
        names = getattr(what, kind, None) or ()
        names = (names,) if isinstance(names, str) else names
        parts += [records[name].title for name in names if name in records]
    if getattr(what, "service", None):
        parts.append(run.scenario.find("service", what.service).title)
    if getattr(what, "request", None):
        parts.append(what.request)
    states = [*filter(None, [getattr(what, "to", None)]), *getattr(what, "members", ())]
    parts += [run.scenario.jurisdictions[state].title for state in states]
    parts += [", ".join(what.by)] if action.protect is not None else []
    return f"{parts[0]}: {'; '.join(parts[1:])}" if len(parts) > 1 else parts[0]


WORDS = {
    "send": marked("Send a letter of request"),
    "preserve": marked("Have data preserved"),
    "renew": marked("Have a preservation prolonged"),
    "consult": marked("Contact the authority before sending"),
    "chase": marked("Ask how far a request is"),
    "supplement": marked("Answer a question on a request"),
    "withdraw": marked("Withdraw a request"),
    "share": marked("Share information unasked"),
    "ask": marked("Ask an institution for a service"),
    "confirm": marked("Confirm an oral request in writing"),
    "feedback": marked("Tell the executing authority what became of it"),
    "use": marked("Put evidence before the court"),
    "ask_consent": marked("Ask the sender's consent to a further use"),
    "propose_team": marked("Propose a joint investigation team"),
    "repatriate": marked("Arrange a return home"),
    "invite": marked("Invite somebody to come and testify"),
    "treat": marked("Decide how somebody is dealt with"),
    "protect": marked("Arrange support for a person"),
    "interview": marked("Interview somebody at home"),
    "acknowledge": marked("Acknowledge a request from abroad"),
    "examine": marked("Have a request from abroad examined"),
    "inquire": marked("Ask the requesting State for what is missing"),
    "grant": marked("Have a request from abroad carried out"),
    "refuse": marked("Refuse a request from abroad"),
    "send_back": marked("Send a request from abroad back"),
    "postpone": marked("Put a request from abroad off"),
    "receive": marked("Hear from the other team"),
}
"""Every action that can be taken at any time, in words."""
