"""Assurances between two States: asked for where the law needs one, given by whoever can bind the State, or not.

What they hand over waits for the assurance. Without one in time the request is refused on the ground that the
assurance would have taken away.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from sim.case import results
from sim.case.action_functions import carries_out
from sim.case.request_chances import grounds_on
from sim.case.requests import Awaited, LetterRequest
from sim.case.state import CaseState
from sim.model.actions import Assure
from sim.model.assurances import KINDS, Assurance
from sim.model.events import AssuranceAsked, AssuranceGiven, AssuranceWithheld

OF_USE: frozenset[Assurance] = frozenset({"no-capital-use", "speciality", "confidentiality", "data-protection"})
"""Assurances that a use beyond the purpose stated breaks."""


def may_be_asked(run: CaseState, request: LetterRequest) -> None:
    """A letter has left: where the facts raise a ground that an assurance takes away, the other State asks for one."""
    if request.in_team:
        return
    request.awaited = _needed(run, request)
    if not request.awaited:
        return
    run.at(run.now + run.behaviour.coordination.assurance_asked_after, partial(_ask, run, request))


def _ask(run: CaseState, request: LetterRequest) -> None:
    if request.outcome is None:
        asked(run, request)


def _needed(run: CaseState, request: LetterRequest) -> list[Awaited]:
    found = [
        Awaited(ground.ground, ground.unless_assured)
        for ground in grounds_on(run.scenario, request.spec, run.home)
        if ground.availability == "available" and ground.unless_assured
    ]
    return list(dict.fromkeys(found))


def asked(run: CaseState, request: LetterRequest) -> None:
    """The other State says of what it has to be assured; it waits, and then refuses."""
    for one in request.awaited:
        run.tell(AssuranceAsked(run.now, request.id, one.assurances, one.ground))

    if request.awaited and request.to != run.partner:
        run.at(run.now + run.behaviour.coordination.assurance_awaited, partial(_refused_unless_given, run, request))


def _refused_unless_given(run: CaseState, request: LetterRequest) -> None:
    if request.awaited and request.outcome is None:
        results.refuse(run, request, request.awaited[0].ground)


@carries_out(Assure)
def _assure(run: CaseState, what: Assure) -> None:
    request, figures = run.requests[what.request], run.behaviour.coordination
    if not isinstance(request, LetterRequest):
        return
    of_the_ministry = tuple(name for name in what.assurances if KINDS[name].given_by == "ministry")
    others = tuple(name for name in what.assurances if name not in of_the_ministry)

    if others:
        run.at(run.now + figures.assurance_takes, partial(_given, run, request, others))
    if of_the_ministry:
        run.at(run.now + figures.ministry_takes, partial(_decided, run, request, of_the_ministry))


def _decided(run: CaseState, request: LetterRequest, assurances: tuple[Assurance, ...]) -> None:
    """The ministry gives what was asked of it, or does not."""
    figures = run.behaviour.coordination
    if run.simulation.draw("assurance", f"{request.id}/{'/'.join(assurances)}") < figures.ministry_gives:
        _given(run, request, assurances)
    else:
        run.tell(AssuranceWithheld(run.now, request.id, assurances))


def _given(run: CaseState, request: LetterRequest, assurances: Iterable[Assurance]) -> None:
    """An assurance reaches the other State: what it waited for goes on, or is handed over."""
    if request.outcome is not None:
        return
    request.assured |= set(assurances)
    waited = len(request.awaited)
    request.awaited = [one for one in request.awaited if not set(one.assurances) & request.assured]
    if len(request.awaited) < waited:
        run.relation(request.to).move(run.now, "assured", request.instrument)
        run.weigh_again(request.to)
    run.tell(AssuranceGiven(run.now, request.id, tuple(assurances)))
    if request.held is not None and not request.awaited:
        request.outcome, request.held = request.held, None
        results.letter_over(run, request)
