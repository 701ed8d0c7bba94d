"""What comes from another team that plays the other State: a letter on one's desk, or an answer to one's own.

Nothing here happens by chance or by simulation: people on the other side decided it.
"""

from __future__ import annotations

from sim.case import assurances, results
from sim.case.action_functions import carries_out
from sim.case.incoming_request import OnDesk
from sim.case.request_chances import FULL
from sim.case.requests import Awaited, LetterRequest, TracedRequest
from sim.case.state import CaseState
from sim.model.action import Action
from sim.model.assurances import ASSURANCES, Assurance
from sim.model.desk_actions import Receive
from sim.model.events import (
    Acknowledged,
    Arrived,
    AssuranceReceived,
    Event,
    GrantedByOtherTeam,
    Postponed,
    QuestionAnswered,
    QuestionAsked,
    Refused,
    Returned,
)
from sim.model.incoming import Incoming
from sim.model.outcomes import Outcome


def problem_with_post(run: CaseState, what: Receive) -> str:
    """Why what came cannot be taken in; nothing if it can. It comes from outside, so nothing in it is believed."""
    if (what.event == "request") != (what.letter is not None):
        return "a letter is missing" if what.letter is None else f"{what.event!r} comes with a letter"
    if what.letter is not None:
        return _problem_with_letter(run, what)
    if what.event in ("answer", "assurance"):
        known = f"team-{what.request}" in run.incoming
        return "" if known else f"it answers a question about {what.request!r}, which never came"
    request = run.requests.get(what.request)
    return "" if _theirs(run, request) else f"it is about {what.request!r}, which was never sent to that team"


def _theirs(run: CaseState, request: TracedRequest | None) -> bool:
    """Whether it is a letter that went to the other team."""
    return isinstance(request, LetterRequest) and bool(run.partner) and request.to == run.partner


def _problem_with_letter(run: CaseState, what: Receive) -> str:
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


def goes_over(run: CaseState, action: Action) -> bool:
    """Whether the other team hears of an action, or it came from there."""
    if action.kind.seat == "other team":
        return True
    return any(_is_theirs(run, field.of, id_) for field, ids in action.content.told() for id_ in ids)


def _is_theirs(run: CaseState, of: str, id_: str) -> bool:
    """Whether a State is played by the other team, a request was sent to it, or a request on the desk came from it."""
    if of == "state":
        return id_ == run.partner
    if of == "request":
        return _theirs(run, run.requests.get(id_))
    paper = run.incoming.get(id_) if of == "incoming" else None
    return paper is not None and paper.team


@carries_out(Receive)
def receive(run: CaseState, what: Receive) -> None:
    """Take in what the other team sent; what does not fit is left lying."""
    if problem_with_post(run, what):
        return
    if what.letter is not None:
        _a_letter(run, what)
    elif what.event == "answer":
        _an_answer(run, what)
    elif what.event == "assurance":
        _an_assurance(run, what)
    elif isinstance(request := run.requests[what.request], LetterRequest) and request.outcome is None:
        _news(run, request, what)


def _a_letter(run: CaseState, what: Receive) -> None:
    letter, id_, figures = what.letter, f"team-{what.request}", run.behaviour.desk
    assert letter is not None
    titles = [run.scenario.measure(name).title for name in letter.measures]
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
    run.tell(Arrived(run.now, id_))


def _an_answer(run: CaseState, what: Receive) -> None:
    paper = run.incoming.get(f"team-{what.request}")
    if paper is not None and not paper.closed:
        paper.items, paper.state = dict(FULL), "answered"
        run.tell(QuestionAnswered(run.now, paper.id))


def _named(what: Receive) -> tuple[Assurance, ...]:
    """The assurances that a piece of post names, as far as there are such."""
    names = {name.strip() for name in what.detail.split(",")}
    return tuple(name for name in ASSURANCES if name in names)


def _an_assurance(run: CaseState, what: Receive) -> None:
    paper = run.incoming.get(f"team-{what.request}")
    if paper is not None and not paper.closed:
        paper.assured |= set(_named(what))
        paper.state = "answered"
        run.tell(AssuranceReceived(run.now, paper.id, _named(what)))


_NEWS: dict[str, type[Event]] = {
    "acknowledged": Acknowledged,
    "question": QuestionAsked,
    "postponed": Postponed,
    "granted": GrantedByOtherTeam,
}
"""What the other team may say of a letter that goes on."""


def _news(run: CaseState, request: LetterRequest, what: Receive) -> None:
    if what.event == "executed":
        results.take_home(run, request)
    elif what.event == "refused":
        request.outcome = Outcome("refused", what.detail)
        run.tell(Refused(run.now, request.id, what.detail))
    elif what.event == "assurance asked":
        request.awaited = [Awaited("", (name,)) for name in _named(what)]
        assurances.asked(run, request)
    elif what.event == "sent back":
        request.outcome = Outcome("returned unregistered")
        run.tell(Returned(run.now, request.id, for_good=True))
    else:
        request.stage = what.event
        run.tell(_NEWS[what.event](run.now, request.id))
