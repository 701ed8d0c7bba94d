"""The desk of the requested State's central authority: what its lawyers do with requests, and how long it takes.

Every step takes working time of the trainee's own central authority, whose staff, hours, holidays and other files are
simulated like those of any office. What follows comes when the work is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

from sim import law
from sim.case.action_functions import carries_out
from sim.case.incoming_request import OnDesk
from sim.case.request_chances import FULL
from sim.case.requests import DeskWork
from sim.case.state import CaseState
from sim.model.assurances import Assurance
from sim.model.desk_actions import (
    Acknowledge,
    AskAssurance,
    Examine,
    Grant,
    Inquire,
    OnIncoming,
    Postpone,
    Refuse,
    SendBack,
)
from sim.model.durations import Duration
from sim.model.events import (
    AcknowledgedByYou,
    Arrived,
    AssuranceDeclined,
    AssuranceReceived,
    AssuranceSought,
    Examined,
    Granted,
    Helped,
    NothingToBeDone,
    PostponedByYou,
    QuestionAnswered,
    QuestionSent,
    RefusedByYou,
    Reminded,
    SentBackByYou,
)
from sim.model.procedure import Branch, Performer, Procedure, Stage

Step = TypeVar("Step", bound=OnIncoming)
"""What is done with a request from abroad."""


def lay_out(run: CaseState) -> None:
    """Put requests on the desk as they arrive."""
    for id_, record in run.case.incoming.items():
        run.incoming[id_] = OnDesk(id_, record, items=FULL | dict(record.items))
        delay = round(record.arrives.seconds()) if record.arrives is not None else 0
        run.at(run.start + delay, partial(_arrive, run, id_))


def _arrive(run: CaseState, id_: str) -> None:
    paper = run.incoming[id_]
    paper.state = "waiting"
    run.tell(Arrived(run.now, id_))
    if paper.record.urgent != "no":
        run.at(run.now + run.behaviour.desk.reminded_after, partial(_remind, run, paper))


def _remind(run: CaseState, paper: OnDesk) -> None:
    """Silence is noticed."""
    if not paper.acknowledged and not paper.closed and paper.state == "waiting":
        run.relation(paper.record.from_).move(run.now, "left in silence", paper.record.instrument)
        run.tell(Reminded(run.now, paper.id))


def grounds_on(run: CaseState, paper: OnDesk) -> Iterator[law.RefusalGround]:
    """Every ground for refusal that the law knows on a request, measure by measure."""
    record = paper.record
    for measure in record.measures:
        yield from law.refusal_grounds(
            run.scenario,
            requesting=record.from_,
            requested=run.home,
            measure=measure,
            instrument=record.instrument,
            offence=record.offence,
        )


def _raised(run: CaseState, paper: OnDesk) -> Iterator[law.RefusalGround]:
    """Grounds for refusal that the law raises here and no assurance has taken away."""
    for ground in grounds_on(run, paper):
        if ground.availability == "available" and not ground.lifted_by(paper.assured):
            yield ground


def grounds(run: CaseState, paper: OnDesk) -> dict[str, bool]:
    """Grounds for refusal that the law raises here and no assurance has taken away, and whether each binds."""
    found: dict[str, bool] = {}
    for ground in _raised(run, paper):
        found[ground.ground] = found.get(ground.ground, False) or ground.mandatory
    return found


def _assurances_to_ask_for(run: CaseState, paper: OnDesk) -> tuple[Assurance, ...]:
    """Assurances each of which takes a ground away that the law raises here."""
    return tuple(dict.fromkeys(name for ground in _raised(run, paper) for name in ground.unless_assured))


def transfer_grounds(run: CaseState, paper: OnDesk) -> dict[str, bool]:
    """What a lawyer can note as the ground on which personal data go there, and whether it is open with what was
    promised; empty where the law here asks for no ground. An exception is not open for data on a victim that nothing
    guards: their rights weigh more, unless it is their own safety that is at stake."""
    record = paper.record
    found: dict[str, bool] = {}
    guarded = run.scenario.jurisdictions[record.from_].data_protection != "no guarantees"
    at_stake = record.concerns_victim and record.urgent == "with reasons"
    for transfer in law.transfers_between(run.scenario, run.home, record.from_, record.measures[0]):
        exceptional = transfer.openness == "exceptionally"
        name = "exception" if exceptional else transfer.ground
        outweighed = exceptional and record.concerns_victim and not (guarded or at_stake)
        found[name] = found.get(name, False) or (transfer.open_with(paper.assured) and not outweighed)
    return found


def language_accepted(run: CaseState, paper: OnDesk) -> bool:
    """Whether it is written in a language that the trainee's State accepts."""
    profile = run.scenario.jurisdictions[run.home]
    return paper.record.language in (*profile.languages, *profile.accepts_languages)


# Steps


@carries_out(Acknowledge)
def acknowledge(run: CaseState, what: Acknowledge) -> None:
    _work_on(run, what, "acknowledge", _acknowledged, run.behaviour.desk.acknowledging)


def _acknowledged(run: CaseState, what: Acknowledge, paper: OnDesk) -> None:
    if not paper.acknowledged:
        paper.acknowledged = True
        run.relation(paper.record.from_).move(run.now, "acknowledged", paper.record.instrument)
        run.tell(AcknowledgedByYou(run.now, paper.id))


@carries_out(Examine)
def examine(run: CaseState, what: Examine) -> None:
    _work_on(run, what, "examine", _examined, run.behaviour.desk.examining)


def _examined(run: CaseState, what: Examine, paper: OnDesk) -> None:
    paper.examined = True
    if paper.state == "waiting":
        paper.state = "examined"
    run.tell(_finding(run, paper))


def _finding(run: CaseState, paper: OnDesk) -> Examined:
    """What a lawyer finds who reads it."""
    raised = tuple(grounds(run, paper).items())
    transfers = tuple(transfer_grounds(run, paper).items())
    ask = _assurances_to_ask_for(run, paper)
    return Examined(run.now, paper.id, tuple(paper.gaps), language_accepted(run, paper), raised, ask, transfers)


@carries_out(Inquire)
def inquire(run: CaseState, what: Inquire) -> None:
    _work_on(run, what, "inquire", _inquired, run.behaviour.desk.inquiring)


def _inquired(run: CaseState, what: Inquire, paper: OnDesk) -> None:
    paper.asked, paper.state = True, "asked"
    paper.asked_for_nothing = not paper.gaps and language_accepted(run, paper)
    if paper.asked_for_nothing:
        run.relation(paper.record.from_).move(run.now, "asked for what was there", paper.record.instrument)
    run.tell(QuestionSent(run.now, paper.id))
    if paper.team:
        return
    delay = run.simulation.sample(paper.record.answer_takes, "answer", paper.id)
    run.at(run.now + delay, partial(_answer, run, paper))


def _answer(run: CaseState, paper: OnDesk) -> None:
    paper.items = dict(FULL)
    if not paper.closed:
        paper.state = "answered"
        run.tell(QuestionAnswered(run.now, paper.id))


@carries_out(AskAssurance)
def ask_assurance(run: CaseState, what: AskAssurance) -> None:
    _work_on(run, what, "ask_assurance", _assurance_sought, run.behaviour.desk.asking_assurance)


def _assurance_sought(run: CaseState, what: AskAssurance, paper: OnDesk) -> None:
    paper.state = "asked"
    run.tell(AssuranceSought(run.now, paper.id, what.assurances))
    if paper.team:
        return
    delay = run.simulation.sample(run.behaviour.desk.assurance_comes, "assurance comes", paper.id)
    run.at(run.now + delay, partial(_assured_or_not, run, paper, what.assurances))


def _assured_or_not(run: CaseState, paper: OnDesk, assurances: tuple[Assurance, ...]) -> None:
    """The requesting State gives what it was asked to promise, or says that it does not."""
    if paper.closed:
        return
    figures = run.behaviour.desk
    likely = figures.assured + figures.assured_by_trust * run.relation(paper.record.from_).trust
    if paper.state == "asked":
        paper.state = "answered"
    if run.simulation.draw("assured", f"{paper.id}/{'/'.join(assurances)}") < likely:
        paper.assured |= set(assurances)
        run.tell(AssuranceReceived(run.now, paper.id, assurances))
    else:
        run.tell(AssuranceDeclined(run.now, paper.id, assurances))


@carries_out(Postpone)
def postpone(run: CaseState, what: Postpone) -> None:
    _work_on(run, what, "postpone", _postponed, run.behaviour.desk.postponing)


def _postponed(run: CaseState, what: Postpone, paper: OnDesk) -> None:
    paper.state = "postponed"
    run.tell(PostponedByYou(run.now, paper.id))


@carries_out(Refuse)
def refuse(run: CaseState, what: Refuse) -> None:
    figures = run.behaviour.desk
    _work_on(run, what, "refuse", _refused, figures.refusing + (figures.consulting if what.consult else 0))


def _refused(run: CaseState, what: Refuse, paper: OnDesk) -> None:
    paper.ground, paper.reasons, paper.consulted = what.ground, what.reasons, what.consult
    _close(run, paper, "refused")
    lawful = what.ground in grounds(run, paper)
    if not lawful:
        run.relation(paper.record.from_).move(run.now, "refused without a ground", paper.record.instrument)
    elif not (what.reasons and what.consult):
        run.relation(paper.record.from_).move(run.now, "refused without a word", paper.record.instrument)
    run.tell(RefusedByYou(run.now, paper.id, what.ground))


@carries_out(SendBack)
def send_back(run: CaseState, what: SendBack) -> None:
    _work_on(run, what, "send_back", _sent_back, run.behaviour.desk.sending_back)


def _sent_back(run: CaseState, what: SendBack, paper: OnDesk) -> None:
    paper.reasons = what.reasons
    _close(run, paper, "sent back")
    if not what.reasons:
        run.relation(paper.record.from_).move(run.now, "refused without a word", paper.record.instrument)
    run.tell(SentBackByYou(run.now, paper.id))


@carries_out(Grant)
def grant(run: CaseState, what: Grant) -> None:
    paper = run.incoming[what.incoming]
    work = paper.record.work

    _work_on(run, what, "grant", _granted, work)


def _granted(run: CaseState, what: Grant, paper: OnDesk) -> None:
    paper.state, paper.personal_data = "granted", what.personal_data
    # What goes on safeguards goes for the purpose stated, to be deleted afterwards.
    paper.conditions = what.conditions or what.personal_data in ("binding safeguards", "assessed safeguards")
    run.tell(Granted(run.now, paper.id))
    delay = run.simulation.sample(paper.record.execution, "execution", paper.id)
    run.at(run.now + delay, partial(_executed, run, paper))


def _executed(run: CaseState, paper: OnDesk) -> None:
    if paper.closed:
        return
    limit = paper.record.useful_for
    late = limit is not None and run.now > run.start + limit.seconds()
    _close(run, paper, "executed too late" if late else "executed")
    run.relation(paper.record.from_).move(run.now, "helped too late" if late else "helped", paper.record.instrument)
    run.tell(Helped(run.now, paper.id, late))


def _close(run: CaseState, paper: OnDesk, state: str) -> None:
    paper.state, paper.finished_at = state, run.now


def _work_on(
    run: CaseState,
    what: Step,
    name: str,
    done: Callable[[CaseState, Step, OnDesk], None],
    takes: Duration | int,
) -> None:
    """Have a lawyer do something that ``takes`` so long (or so many working seconds); what follows comes when the work
    is done, unless it was closed meanwhile."""
    paper = run.incoming[what.incoming]
    if paper.closed or paper.state == "not arrived":
        run.tell(NothingToBeDone(run.now, paper.id))
        return
    work = takes if isinstance(takes, Duration) else Duration.model_validate(f"{takes} working seconds")
    stages = {
        "work": Stage.model_construct(
            title=paper.record.title,
            performer=Performer(side="requesting", role="central-authority"),
            work=work,
            then=(Branch.model_construct(to="done"),),
        ),
        "done": Stage.model_construct(end="completed"),
    }
    graph = Procedure.model_construct(id=f"desk-{name}", title=name, start="work", stages=stages)
    count = 1 + sum(isinstance(other, DeskWork) and other.incoming == paper.id for other in run.requests.values())
    paper.busy += 1

    then = partial(_worked_on, run, what, done)
    request = DeskWork(f"desk-{paper.id}-{count}", run.home, run.now, then=then, incoming=paper.id, step=name)
    run.dispatch(request, graph, urgent=what.first)


def _worked_on(run: CaseState, what: Step, done: Callable[[CaseState, Step, OnDesk], None]) -> None:
    paper = run.incoming[what.incoming]
    paper.busy -= 1
    if not paper.closed:
        done(run, what, paper)
