"""What comes from another team that plays the other State: a letter on one's desk, or an answer to one's own.

Nothing here happens by chance or by simulation: people on the other side decided it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.engine.conduct import FULL
from sim.engine.desk import OnDesk
from sim.model.actions import Receive
from sim.model.durations import Duration
from sim.model.incoming import Incoming

if TYPE_CHECKING:
    from sim.engine.case_run import CaseRun

WORK = Duration.model_validate("4 working hours")
"""A lawyer's time to have a letter of another team carried out. Assumption: as other requests of the kind."""
EXECUTION = Duration.model_validate({"between": ["1 day", "4 days"]})
"""Time until it has been carried out. Assumption."""
WEIGHT = 5
"""What helping the other team is worth, 0 to 10. A teaching choice."""


def receive(run: CaseRun, what: Receive) -> None:
    """Take in what the other team sent."""
    if what.letter is not None:
        _a_letter(run, what)
    elif what.event == "answer":
        _an_answer(run, what)
    elif what.request in run.requests and not run.requests[what.request].outcome:
        _news(run, what)


def _a_letter(run: CaseRun, what: Receive) -> None:
    letter, id_ = what.letter, f"team-{what.request}"
    assert letter is not None
    if id_ in run.incoming:
        return
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
        weight=WEIGHT,
        concerns_victim=letter.names_victim,
        work=WORK,
        execution=EXECUTION,
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
