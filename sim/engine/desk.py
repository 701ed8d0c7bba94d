"""The desk of the requested State's central authority: what its lawyers do with requests, and how long it takes.

Every step takes working time of the trainee's own central authority, whose staff, hours, holidays and other files are
simulated like those of any office. What follows comes when the work is done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim import law
from sim.engine.conduct import FULL
from sim.engine.traced import TracedRequest
from sim.model.durations import Duration
from sim.model.incoming import Incoming
from sim.model.procedure import Branch, Performer, Procedure, Stage

if TYPE_CHECKING:
    from sim.engine.case_run import CaseRun

CLOSED = ("refused", "sent back", "executed", "executed too late")


@dataclass
class OnDesk:
    """One request while the case is played."""

    id: str
    record: Incoming
    state: str = "not arrived"
    """``waiting``, ``examined``, ``asked``, ``answered``, ``granted``, ``postponed``, or how it was closed."""
    items: dict[str, str] = field(default_factory=dict)
    acknowledged: bool = False
    examined: bool = False
    asked: bool = False
    asked_for_nothing: bool = False
    """Whether a question was put although everything was there."""
    consulted: bool = False
    ground: str = ""
    reasons: bool = False
    conditions: bool = False
    finished_at: int | None = None
    team: bool = False
    """Whether another team wrote it, who answers for itself."""
    busy: int = 0
    """Steps of a lawyer's that are under way."""

    @property
    def closed(self) -> bool:
        """Whether nothing more is to be done."""
        return self.state in CLOSED

    @property
    def gaps(self) -> list[str]:
        """Contents that are not there in full."""
        return [item for item, quality in self.items.items() if quality != "full"]


def lay_out(run: CaseRun) -> None:
    """Put requests on the desk as they arrive."""
    for id_, record in run.case.incoming.items():
        run.incoming[id_] = OnDesk(id_, record, items=FULL | dict(record.items))
        delay = round(record.arrives.seconds()) if record.arrives is not None else 0
        run.at(run.start + delay, lambda id_=id_: _arrive(run, id_))  # type: ignore[misc]


def _arrive(run: CaseRun, id_: str) -> None:
    paper = run.incoming[id_]
    paper.state = "waiting"
    run.tell("arrived", id_)
    if paper.record.urgent != "no":
        run.at(run.now + run.behaviour.desk.reminded_after, lambda: _remind(run, paper))


def _remind(run: CaseRun, paper: OnDesk) -> None:
    """Silence is noticed."""
    if not paper.acknowledged and not paper.closed and paper.state == "waiting":
        run.relation(paper.record.from_).move(run.now, "left in silence")
        run.tell("reminder", paper.id)


def grounds(run: CaseRun, paper: OnDesk) -> dict[str, bool]:
    """Grounds for refusal that the law raises here, and whether each binds."""
    found: dict[str, bool] = {}
    record = paper.record
    for measure in record.measures:
        for ground in law.refusal_grounds(
            run.scenario,
            requesting=record.from_,
            requested=run.home,
            measure=measure,
            instrument=record.instrument,
            offence=record.offence,
        ):
            if ground.availability == "available":
                found[ground.ground] = found.get(ground.ground, False) or ground.mandatory
    return found


def language_accepted(run: CaseRun, paper: OnDesk) -> bool:
    """Whether it is written in a language that the trainee's State accepts."""
    profile = run.scenario.jurisdictions[run.home]
    return paper.record.language in (*profile.languages, *profile.accepts_languages)


# Steps


def acknowledge(run: CaseRun, what: Any) -> None:
    def done(paper: OnDesk) -> None:
        if not paper.acknowledged:
            paper.acknowledged = True
            run.relation(paper.record.from_).move(run.now, "acknowledged")
            run.tell("note", paper.id, "acknowledged")

    _work_on(run, what, "acknowledge", done, run.behaviour.desk.acknowledging)


def examine(run: CaseRun, what: Any) -> None:
    def done(paper: OnDesk) -> None:
        paper.examined = True
        if paper.state == "waiting":
            paper.state = "examined"
        run.tell("examined", paper.id, _finding(run, paper))

    _work_on(run, what, "examine", done, run.behaviour.desk.examining)


def _finding(run: CaseRun, paper: OnDesk) -> str:
    """What a lawyer finds who reads it."""
    parts = [f"missing or thin: {', '.join(paper.gaps)}" if paper.gaps else "nothing is missing"]
    if not language_accepted(run, paper):
        parts.append(f"written in {paper.record.language}, which is not accepted here")
    raised = grounds(run, paper)
    parts += [f"{'must' if must else 'may'} be refused: {name.replace('-', ' ')}" for name, must in raised.items()]
    return "; ".join([*parts, *([] if raised else ["no ground for refusal"])])


def inquire(run: CaseRun, what: Any) -> None:
    def done(paper: OnDesk) -> None:
        paper.asked, paper.state = True, "asked"
        paper.asked_for_nothing = not paper.gaps and language_accepted(run, paper)
        if paper.asked_for_nothing:
            run.relation(paper.record.from_).move(run.now, "asked for what was there")
        run.tell("note", paper.id, "a question has gone out")
        if paper.team:
            return
        delay = run.simulation.sample(paper.record.answer_takes, "answer", paper.id)
        run.at(run.now + delay, lambda: _answer(run, paper))

    _work_on(run, what, "inquire", done, run.behaviour.desk.inquiring)


def _answer(run: CaseRun, paper: OnDesk) -> None:
    paper.items = dict(FULL)
    if not paper.closed:
        paper.state = "answered"
        run.tell("answered", paper.id)


def postpone(run: CaseRun, what: Any) -> None:
    def done(paper: OnDesk) -> None:
        paper.state = "postponed"
        run.tell("note", paper.id, "postponed")

    _work_on(run, what, "postpone", done, run.behaviour.desk.postponing)


def refuse(run: CaseRun, what: Any) -> None:
    def done(paper: OnDesk) -> None:
        paper.ground, paper.reasons, paper.consulted = what.ground, what.reasons, what.consult
        _close(run, paper, "refused")
        lawful = what.ground in grounds(run, paper)
        if not lawful:
            run.relation(paper.record.from_).move(run.now, "refused without a ground")
        elif not (what.reasons and what.consult):
            run.relation(paper.record.from_).move(run.now, "refused without a word")
        run.tell("note", paper.id, "refused by you")

    figures = run.behaviour.desk
    _work_on(run, what, "refuse", done, figures.refusing + (figures.consulting if what.consult else 0))


def send_back(run: CaseRun, what: Any) -> None:
    def done(paper: OnDesk) -> None:
        paper.reasons = what.reasons
        _close(run, paper, "sent back")
        if not what.reasons:
            run.relation(paper.record.from_).move(run.now, "refused without a word")
        run.tell("note", paper.id, "sent back by you")

    _work_on(run, what, "send_back", done, run.behaviour.desk.sending_back)


def grant(run: CaseRun, what: Any) -> None:
    paper = run.incoming[what.incoming]
    work = paper.record.work

    def done(paper: OnDesk) -> None:
        paper.state, paper.conditions = "granted", what.conditions
        run.tell("note", paper.id, "granted")
        delay = run.simulation.sample(paper.record.execution, "execution", paper.id)
        run.at(run.now + delay, lambda: _executed(run, paper))

    _work_on(run, what, "grant", done, work)


def _executed(run: CaseRun, paper: OnDesk) -> None:
    if paper.closed:
        return
    limit = paper.record.useful_for
    late = limit is not None and run.now > run.start + limit.seconds()
    _close(run, paper, "executed too late" if late else "executed")
    run.relation(paper.record.from_).move(run.now, "helped too late" if late else "helped")
    run.tell("note", paper.id, "carried out, too late to be of use" if late else "carried out in time")


def _close(run: CaseRun, paper: OnDesk, state: str) -> None:
    paper.state, paper.finished_at = state, run.now


def _work_on(
    run: CaseRun,
    what: Any,
    name: str,
    done: Callable[[OnDesk], None],
    takes: Duration | int,
) -> None:
    """Have a lawyer do something that ``takes`` so long (or so many working seconds); what follows comes when the work
    is done, unless it was closed meanwhile."""
    paper = run.incoming[what.incoming]
    if paper.closed or paper.state == "not arrived":
        run.tell("note", paper.id, "nothing to be done with it")
        return
    work = takes if isinstance(takes, Duration) else Duration.model_validate(f"{takes} working seconds")
    stages = {
        "work": Stage.model_construct(
            title=f"{name.replace('_', ' ')}: {paper.record.title}",
            performer=Performer(side="requesting", role="central-authority"),
            work=work,
            then=(Branch.model_construct(to="done"),),
        ),
        "done": Stage.model_construct(end="completed"),
    }
    graph = Procedure.model_construct(id=f"desk-{name}", title=name, start="work", stages=stages)
    count = 1 + sum(1 for request in run.requests.values() if request.desk == paper.id)
    paper.busy += 1

    def then() -> None:
        paper.busy -= 1
        if not paper.closed:
            done(paper)

    request = TracedRequest(f"desk-{paper.id}-{count}", None, run.home, (), {}, run.now, desk=paper.id, then=then)
    run.dispatch(request, graph)


STEPS: dict[str, Callable[[CaseRun, Any], None]] = {
    "acknowledge": acknowledge,
    "examine": examine,
    "inquire": inquire,
    "grant": grant,
    "refuse": refuse,
    "send_back": send_back,
    "postpone": postpone,
}
"""What each step does."""
