"""What people call the trainee's requests, and their stages: the same words in the inbox, on clocks, timelines and the
map, and in the debrief. Files and exports for machines have ids."""

from __future__ import annotations

from sim.case.requests import (
    DeskWork,
    LetterRequest,
    PreservationRequest,
    ServiceRequest,
    TeamProposal,
    TracedRequest,
)
from sim.case.services import step_of
from sim.case.state import CaseState
from sim.i18n import Words, joined, marked, say
from sim.law.procedure_terms import stage_in_words as as_stage
from sim.model.procedure import Stage


def request_name(run: CaseState, request: str) -> Words | str:
    """What a request is called: what it is about, and which it is of those about the same."""
    traced = run.requests[request]
    name, place = _name(run, traced), _place_among_its_like(run, traced)
    if place < 1 or isinstance(traced, DeskWork):
        return name
    return say(_AGAIN[place - 1], name=name) if place <= len(_AGAIN) else say("{name} ({n})", name=name, n=place + 1)


_AGAIN = (
    marked("{name} (second request)"),
    marked("{name} (third request)"),
    marked("{name} (fourth request)"),
)


def _name(run: CaseState, traced: TracedRequest) -> Words | str:
    """What a request is about, with a capital, as titles are."""
    if isinstance(traced, DeskWork):
        title = run.incoming[traced.incoming].record.title
        return say("{title}: {step}", title=title, step=say(STEPS_AT_THE_DESK[traced.step]))
    if isinstance(traced, PreservationRequest):
        return say("Preservation: {title}", title=run.evidence[traced.preserves].record.title)
    if isinstance(traced, ServiceRequest):
        return run.scenario.service(traced.service).title
    if isinstance(traced, TeamProposal):
        return say("Joint investigation team with {state}", state=run.scenario.jurisdictions[traced.joins].title)
    if traced.evidence:
        return joined(run.evidence[id_].record.title for id_ in traced.evidence)
    first, *others = [run.scenario.measure(name).title for name in _measures(traced)] or [""]
    return joined([first, *map(str.lower, others)], marked(" and ")) if first else say("A request")


def _measures(traced: TracedRequest) -> tuple[str, ...]:
    return traced.spec.measures if isinstance(traced, LetterRequest) else ()


def _place_among_its_like(run: CaseState, traced: TracedRequest) -> int:
    """How many requests of the same name were made before it."""
    about, before = _about(traced), 0
    for other in run.requests.values():
        if other is traced:
            break
        before += _about(other) == about
    return before


def _about(traced: TracedRequest) -> tuple[object, ...]:
    """What a request's name follows from."""
    if isinstance(traced, PreservationRequest):
        return "preservation", traced.preserves
    if isinstance(traced, ServiceRequest):
        return "service", traced.service
    if isinstance(traced, TeamProposal):
        return "team", traced.joins
    return "letter", traced.evidence or _measures(traced)


STEPS_AT_THE_DESK = {
    "acknowledge": marked("acknowledgement"),
    "examine": marked("examination"),
    "inquire": marked("question to the other side"),
    "ask_assurance": marked("assurance asked for"),
    "postpone": marked("postponement"),
    "refuse": marked("refusal"),
    "send_back": marked("return"),
    "grant": marked("execution"),
}
"""What a lawyer does with a request from abroad."""

_AT_THE_OTHER_TABLE = {
    "": marked("not yet taken up"),
    "acknowledged": marked("registered"),
    "question": marked("a question is open"),
    "granted": marked("granted"),
    "postponed": marked("postponed"),
}
"""How a letter stands that another team deals with, in place of a stage."""


def stage_in_words(run: CaseState, request: str, name: str) -> Words | str:
    """What a stage of a request is called."""
    traced = run.requests[request]
    if isinstance(traced, DeskWork):
        return say(STEPS_AT_THE_DESK[traced.step])
    if isinstance(traced, ServiceRequest):
        step = step_of(run.scenario.service(traced.service), name)
        return step.title if step is not None else say("done")
    procedure = run.scenario.find("procedure", traced.procedure)
    stage: Stage | None = procedure.stages.get(name) if procedure is not None else None
    if stage is not None:
        return as_stage(stage)
    return say(_AT_THE_OTHER_TABLE.get(name, "under way"))
