"""Services in a case: whether an institution acts, the time it takes, and what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.engine.perishing import leak
from sim.engine.traced import TracedRequest
from sim.model.procedure import Branch, Procedure, Stage
from sim.model.service import Service

if TYPE_CHECKING:
    from sim.engine.case_run import CaseRun


def why_not(run: CaseRun, service: Service, to: str | None) -> str:
    """Why a service is not offered here; nothing if it is."""
    wanted, profiles = service.only_if, run.scenario.jurisdictions
    sides = [profiles[run.home]] + ([profiles[to]] if to is not None else [])
    if wanted.network is not None:
        outside = [side.title for side in sides if wanted.network not in side.networks]
        if outside:
            return f"{' and '.join(outside)} does not take part in {wanted.network.replace('-', ' ')}"
    for instrument in wanted.instruments:
        outside = [side.title for side in sides if instrument not in side.instruments]
        if outside:
            return f"{instrument} does not bind {' and '.join(outside)}"
    for link in wanted.links:
        if link not in run.case.links:
            return f"nothing in the case points to it: {link}"
    if wanted.channel is not None and to is not None and wanted.channel not in profiles[to].channels:
        return f"{profiles[to].title} does not use that channel"
    return ""


def ask(run: CaseRun, service: Service, to: str | None, person: str | None) -> None:
    """Ask for a service: it takes its time at real offices, then `answered` says what follows."""
    reason = why_not(run, service, to)
    if reason:
        run.found[service.id] = "not available"
        run.tell("note", service.id, f"not available: {reason}")
        return
    count = 1 + sum(1 for request in run.requests.values() if request.service == service.id)
    id_ = f"ask-{service.id}" + (f"-{count}" if count > 1 else "")
    request = TracedRequest(id_, None, to or run.home, (), {}, run.now, service=service.id, concerns=person or "")
    run.dispatch(request, _as_procedure(service))


def _as_procedure(service: Service) -> Procedure:
    stages = {}
    for place, step in enumerate(service.steps, start=1):
        following = f"step-{place + 1}" if place < len(service.steps) else "done"
        stages[f"step-{place}"] = Stage.model_construct(
            title=step.title,
            performer=step.performer,
            work=step.work,
            takes=step.takes,
            side=step.side or "requesting",
            cause=step.cause,
            then=(Branch.model_construct(to=following),),
        )
    stages["done"] = Stage.model_construct(end="completed")
    return Procedure.model_construct(id=f"service-{service.id}", title=service.title, start="step-1", stages=stages)


def answered(run: CaseRun, request: TracedRequest) -> None:
    """What follows from a service once it has been given."""
    if not request.outcome.startswith("completed"):
        return
    service: Service = run.scenario.find("service", request.service)
    effect, hit = service.effect, True
    if service.hit is not None:
        hit = run.simulation.draw("hit", request.id) < service.hit.chance
        run.found[service.id] = "hit" if hit else "no hit"
        run.tell("hit" if hit else "no-hit", service.id, service.hit.gives if hit else "")
    else:
        run.found[service.id] = "hit"
        run.tell("note", service.id, "answered")
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
