"""Services in a case: whether an institution acts, the time it takes, and what follows."""

from __future__ import annotations

from functools import partial

from sim.case.expiry import leak
from sim.case.requests import ServiceRequest
from sim.case.state import CaseState
from sim.model.events import ServiceDone, ServiceFoundNothing, ServiceHit, ServiceUnavailable
from sim.model.procedure import Branch, Procedure, Stage, Step
from sim.model.service import Service


def why_not(run: CaseState, service: Service, to: str | None) -> ServiceUnavailable | None:
    """Why a service is not offered here; None if it is."""
    wanted, profiles = service.only_if, run.scenario.jurisdictions
    sides = [run.home] + ([to] if to is not None else [])
    if wanted.network is not None:
        outside = tuple(side for side in sides if wanted.network not in profiles[side].networks)
        if outside:
            return ServiceUnavailable(run.now, service.id, "network", wanted.network, outside)
    for instrument in wanted.instruments:
        outside = tuple(side for side in sides if instrument not in profiles[side].instruments)
        if outside:
            return ServiceUnavailable(run.now, service.id, "instrument", instrument, outside)
    for link in wanted.links:
        if link not in run.case.links:
            return ServiceUnavailable(run.now, service.id, "link", link)
    if wanted.channel is not None and to is not None and wanted.channel not in profiles[to].channels:
        return ServiceUnavailable(run.now, service.id, "channel", wanted.channel, (to,))
    return None


def ask(run: CaseState, service: Service, to: str | None, person: str | None) -> None:
    """Ask for a service: it takes its time at real offices, then `answered` says what follows."""
    unavailable = why_not(run, service, to)
    if unavailable is not None:
        run.found[service.id] = "not available"
        run.tell(unavailable)
        return
    asked = [other for other in run.requests.values() if isinstance(other, ServiceRequest)]
    count = 1 + sum(other.service == service.id for other in asked)
    id_ = f"ask-{service.id}" + (f"-{count}" if count > 1 else "")
    request = ServiceRequest(id_, to or run.home, run.now, service=service.id, concerns=person or "")
    request.then = partial(answered, run, request)
    run.dispatch(request, _as_procedure(service))


def step_of(service: Service, stage: str) -> Step | None:
    """The step that a stage of asking for a service stands for; none where it is over."""
    return next((step for place, step in enumerate(service.steps, start=1) if _stage(place) == stage), None)


def _stage(place: int) -> str:
    return f"step-{place}"


def _as_procedure(service: Service) -> Procedure:
    stages = {}
    for place, step in enumerate(service.steps, start=1):
        following = _stage(place + 1) if place < len(service.steps) else "done"
        stages[_stage(place)] = Stage.model_construct(
            title=step.title,
            performer=step.performer,
            work=step.work,
            takes=step.takes,
            side=step.side or "requesting",
            cause=step.cause,
            then=(Branch.model_construct(to=following),),
        )
    stages["done"] = Stage.model_construct(end="completed")
    return Procedure.model_construct(id=f"service-{service.id}", title=service.title, start=_stage(1), stages=stages)


def answered(run: CaseState, request: ServiceRequest) -> None:
    """What follows from a service once it has been given."""
    if request.outcome is None or request.outcome.kind != "completed":
        return
    service: Service = run.scenario.service(request.service)
    effect, hit = service.effect, True
    if service.hit is not None:
        hit = run.simulation.draw("hit", request.id) < service.hit.chance
        run.found[service.id] = "hit" if hit else "no hit"
        if hit:
            run.tell(ServiceHit(run.now, service.id, service.hit.gives))
        else:
            run.tell(ServiceFoundNothing(run.now, service.id))
    else:
        run.found[service.id] = "hit"
        run.tell(ServiceDone(run.now, service.id))
    if effect.alarms and run.simulation.draw("alarm", request.id) < effect.alarms:
        leak(run, request.id, request.to)
    if effect.only_on_hit and not hit:
        return
    if request.to != run.home:
        relation = run.relation(request.to)
        relation.services[service.id] = (run.now, effect)
        if effect.trust:
            relation.change(run.now, effect.trust, service.title)
        run.weigh_again(request.to)
    if request.concerns:
        run.people[request.concerns].change(effect.wellbeing)
