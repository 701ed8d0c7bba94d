"""What comes from another team that plays the other State: a letter on one's desk, or an answer to one's own.

Nothing here happens by chance or by simulation: people on the other side decided it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.engine.conduct import FULL
from sim.engine.desk import OnDesk
from sim.model.actions import Action, Receive
from sim.model.incoming import Incoming

if TYPE_CHECKING:
    from sim.engine.case_run import CaseRun


def problem_with_post(run: CaseRun, what: Receive) -> str:
    """Why what came cannot be taken in; nothing if it can. It comes from outside, so nothing in it is believed."""
    if (what.event == "request") != (what.letter is not None):
        return "a letter is missing" if what.letter is None else f"{what.event!r} comes with a letter"
    if what.letter is not None:
        return _problem_with_letter(run, what)
    if what.event == "answer":
        known = f"team-{what.request}" in run.incoming
        return "" if known else f"it answers a question about {what.request!r}, which never came"
    request = run.requests.get(what.request)
    known = request is not None and request.spec is not None and bool(run.partner) and request.to == run.partner
    return "" if known else f"it is about {what.request!r}, which was never sent to that team"


def _problem_with_letter(run: CaseRun, what: Receive) -> str:
    letter, scenario = what.letter, run.scenario
    assert letter is not None
    states = scenario.world.jurisdictions if scenario.world is not None else {}
    if not run.case.incoming:
        return "there is no desk here to put a letter on"
    if what.from_ not in states or what.from_ == run.home:
        return f"{what.from_!r} is no other State of this world"
    if letter.to != run.home:
        return f"it is addressed to {letter.to!r}, not to {run.home!r}"
    named = (("instrument", letter.instrument), ("channel", letter.channel), *(("measure", m) for m in letter.measures))
    for kind, name in named:
        if scenario.find(kind, name) is None:
            return f"there is no {kind} {name!r}"
    if not any(letter.language in (*s.languages, *s.accepts_languages) for s in scenario.jurisdictions.values()):
        return f"no State here reads {letter.language!r}"
    if f"team-{what.request}" in run.incoming:
        return f"a letter {what.request!r} has come already"
    return ""


def goes_over(run: CaseRun, action: Action) -> bool:
    """Whether the other team hears of an action, or it came from there."""
    if action.receive is not None:
        return True
    if action.send is not None:
        return bool(run.partner) and action.send.to == run.partner
    if action.supplement is not None:
        request = run.requests.get(action.supplement.request)
        return bool(run.partner) and request is not None and request.to == run.partner
    paper = run.incoming.get(getattr(action.content, "incoming", ""))
    return paper is not None and paper.team


def receive(run: CaseRun, what: Receive) -> None:
    """Take in what the other team sent; what does not fit is left lying."""
    if problem_with_post(run, what):
        return
    if what.letter is not None:
        _a_letter(run, what)
    elif what.event == "answer":
        _an_answer(run, what)
    elif not run.requests[what.request].outcome:
        _news(run, what)


def _a_letter(run: CaseRun, what: Receive) -> None:
    letter, id_, figures = what.letter, f"team-{what.request}", run.behaviour.desk
    assert letter is not None
    titles = [run.scenario.find("measure", name).title for name in letter.measures]
    record = Incoming.model_construct(
        title=f"{' and '.join(titles)}, for the other team",
        from_=what.from_ or "",
        says=what.detail or "A letter from the other team.",
        measures=letter.measures,
        instrument=letter.instrument,
        channel=letter.channel,
        language=letter.language,
        offence="trafficking-in-persons",
        items=dict(letter.items),
        urgent=letter.urgent,
        useful_for=None,
        weight=figures.team_weight,
        concerns_victim=letter.names_victim,
        work=figures.team_work,
        execution=figures.team_execution,
    )
    run.incoming[id_] = OnDesk(id_, record, state="waiting", items=FULL | dict(letter.items), team=True)
    run.tell("arrived", id_)


def _an_answer(run: CaseRun, what: Receive) -> None:
    paper = run.incoming.get(f"team-{what.request}")
    if paper is not None and not paper.closed:
        paper.items, paper.state = dict(FULL), "answered"
        run.tell("answered", paper.id)


def _news(run: CaseRun, what: Receive) -> None:
    request = run.requests[what.request]
    if what.event == "executed":
        run.take_home(request)
    elif what.event == "refused":
        request.outcome = f"refused: {what.detail}"
        run.tell("refused", request.id, request.outcome)
    elif what.event == "sent back":
        request.outcome = "returned unregistered"
        run.tell("returned", request.id, request.outcome)
    else:
        request.stage = what.event
        run.tell(
            what.event if what.event in ("acknowledged", "question", "postponed") else "note", request.id, what.event
        )
