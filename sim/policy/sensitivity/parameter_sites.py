"""Where the assumed figures of a world stand, why they were made, and how far each may be off.

What counts is what the world's demand really meets: the compiled world is asked which durations, chances and offices
its requests can come to, so that a figure nobody uses, or one that a State's own figure replaces, is left out. Prices
are not here: they touch what a change costs, not how long requests take.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from sim.engine.compile import compile_world
from sim.engine.plan import END, WORK, NodePlan, Plan
from sim.model.base import Origin
from sim.model.durations import Duration, Written
from sim.model.loading import Scenario
from sim.model.procedure import Stage, Step
from sim.model.world import Flow, Patch, Performance

Kind = Literal["duration", "rate", "chance", "staff", "number", "effect"]
Grouping = Literal["place", "stage", "office", "world"]

RANGES: dict[Kind, tuple[float, float]] = {
    "duration": (0.7, 1.4),
    "rate": (0.7, 1.4),
    "number": (0.7, 1.4),
    "chance": (0.7, 1.3),
    "staff": (0.85, 1.15),
    "effect": (0.5, 1.4),
}
"""Lowest and highest factor where a file states no range. They are this project's choice, not measured: about a third
either way for what takes time or comes in, 30 % of its odds for a chance, less for staff (numbers were chosen so that
offices are busy but keep up, and beyond 15 % that no longer holds), half to 1.4 times for the effect of a lever."""

WIDEST = 4.0
"""A range in a file's words counts only if it is at most so many times the odds either way: wider ones speak of the
differences between States, not of doubt about one."""
_SUBJECT = "about-trafficking"
_BOUNDS = {"working capacity": 1.0, "spread": 2.0, "pace": 20.0}
_STATED = re.compile(r"(?P<low>[0-9]+(?:\.[0-9]+)?)\s*[-–]\s*(?P<high>[0-9]+(?:\.[0-9]+)?)\s*%")


Value = float | Written
"""A figure as its file says it: a number, or a duration in words."""


@dataclass(frozen=True)
class Place:
    """One assumed figure."""

    at: str
    """Where it stands, as levers write it: ``procedure/letter-of-request/stages/desk/takes``."""
    kind: Kind
    value: Value
    """As the file says it."""
    reason: str
    """Why it was assumed, as the file says it."""
    low: float
    """Lowest factor; of its odds, for a chance."""
    high: float
    stated: bool
    """Whether the range is the file's own (a range in per cent in the reason), or one of `RANGES`."""
    stage: str = ""
    office: str = ""
    world: str = ""

    def group(self, by: Grouping) -> str:
        """The id under which it is varied."""
        return self.at if by == "place" else str(getattr(self, by))

    def patch(self, factor: float) -> Patch:
        """The change that makes it ``factor`` times what it is; it may find nothing, in a world that has no such
        place before a lever is pulled."""
        if self.kind == "chance":
            assert isinstance(self.value, float | int)
            odds = self.value / (1 - self.value) * factor
            return Patch(at=self.at, set=odds / (1 + odds), where_present=True)
        return Patch(at=self.at, times=factor, where_present=True)


@lru_cache(maxsize=16)
def assumed_places(scenario: Scenario) -> tuple[Place, ...]:
    """The assumed figures of one world that its demand meets. A study asks this of the same few worlds many times."""
    return tuple(_places(scenario))


def _places(scenario: Scenario) -> Iterator[Place]:
    plan = compile_world(scenario)
    met = _Met(plan)
    yield from _of_world(scenario, met)
    for id_, procedure in sorted(scenario.procedures.items()):
        inline = id_ in scenario.world.procedures
        here = f"world/{scenario.world.id}/procedures/{id_}" if inline else f"procedure/{id_}"
        for name, stage in procedure.stages.items():
            yield from met.step(f"{here}/stages/{name}", stage, name)
        for chance, value in procedure.chances.items():
            if ("procedure", id_, chance) in met.chances:
                alone = chance in procedure.origins
                origin = _origin(procedure.origins, chance)
                yield from _chance(f"{here}/chances/{chance}", value, origin, chance, alone=alone)
    for kind, steps in (("channel", ("there", "back")), ("measure", ("steps",))):
        for id_, record in sorted(scenario.records[kind].items()):
            for part in steps:
                for place, step in enumerate(getattr(record, part)):
                    yield from met.step(f"{kind}/{id_}/{part}/{place}", step, f"{kind}-{id_}")
    for id_, state in sorted(scenario.jurisdictions.items()):
        if state.appeal_takes is not None:
            origin = _origin(state.origins, "appeal takes")
            yield from met.duration(f"jurisdiction/{id_}/appeal takes", state.appeal_takes, origin, "legal-remedies")


def _of_world(scenario: Scenario, met: _Met) -> Iterator[Place]:
    world = scenario.world
    here = f"world/{world.id}"
    if "working_capacity" in world.model_fields_set:  # what is not written cannot be changed where it stands
        origin = _origin(world.origins, "working capacity")
        yield from _figure(f"{here}/working capacity", "number", world.working_capacity, origin)
    for id_, office in world.offices.items():
        if id_ in met.offices:
            names = (f"staff-{id_}", f"staff-{office.jurisdiction or id_}", "staff")
            at = f"{here}/offices/{id_}/staff"
            yield from _figure(at, "staff", office.staff, _origin(office.origins, "staff"), *names)
    for id_, state in world.jurisdictions.items():
        at = f"{here}/jurisdictions/{id_}"
        for name, duration in state.stages.items():
            yield from met.duration(f"{at}/stages/{name}", duration, _origin(state.origins, "stages"), name)
        for name, duration in state.measures.items():
            origin = _origin(state.origins, "measures")
            yield from met.duration(f"{at}/measures/{name}", duration, origin, f"measure-{name}")
        for name, value in state.chances.items():
            if ("state", id_, name) in met.chances:
                origin, alone = _origin(state.origins, "chances"), _alone(state)
                yield from _chance(f"{at}/chances/{name}", value, origin, name, id_, alone=alone)
        for figure, number in (("pace", state.pace), ("spread", state.spread)):
            if number and id_ in met.states:
                names = (f"{figure}-{id_}", f"pace-and-spread-{id_}", figure)
                yield from _figure(f"{at}/{figure}", "number", number, _origin(state.origins, figure), *names)
    for id_, flow in world.demand.items():
        yield from _of_flow(f"{here}/demand/{id_}", id_, flow, met)


def _of_flow(at: str, id_: str, flow: Flow, met: _Met) -> Iterator[Place]:
    among = "demand" if flow.measures or flow.from_ else "other-work"
    names = (f"{among}-{id_}", f"{among}-{flow.to or id_}", among)
    if flow.per_year is not None:
        yield from _figure(f"{at}/per year", "rate", flow.per_year, _origin(flow.origins, "per year"), *names)
    if flow.surge is not None:
        origin = _origin(flow.origins, "surge")
        yield from _figure(f"{at}/surge/requests", "rate", flow.surge.requests, origin, *names)
    if flow.every is not None:
        yield from _figure(f"{at}/every", "duration", str(flow.every), _origin(flow.origins, "every"), *names)
    if flow.about_trafficking is not None:
        origin = _origin(flow.origins, "about trafficking")
        alone = "about trafficking" in flow.origins
        for place in _chance(f"{at}/about trafficking", flow.about_trafficking, origin, "", alone=alone):
            yield replace(place, stage=_SUBJECT, office=_SUBJECT, world=_SUBJECT)
    for name, value in flow.chances.items():
        if ("flow", id_, name) in met.chances:
            origin, alone = _origin(flow.origins, "chances"), _alone(flow)
            yield from _chance(f"{at}/chances/{name}", value, origin, name, id_, alone=alone)


class _Met:
    """What the requests of a compiled world can come to."""

    def __init__(self, plan: Plan) -> None:
        self.nodes: dict[int, NodePlan] = {}
        """By identity of the duration, which the compiled world shares with the records it was made from."""
        self.offices: set[str] = set()
        self.states: set[str] = set()
        self.chances: set[tuple[str, str, str]] = set()
        """Whose figure is used: of a procedure, a State or a flow; its id; the chance."""
        self.roles = [info.role or info.id for info in plan.office_infos]
        world = plan.scenario.world
        for node in plan.nodes:
            flow = world.demand[node.activity.flow]
            self.states |= {flow.from_ or "", flow.to or ""}
            if node.duration is not None:
                self.nodes.setdefault(id(node.duration), node)
            if node.kind == WORK:
                self.offices.add(plan.office_infos[node.office].id)
            for route in node.routes if node.kind != END else ():
                if route.name:
                    self.chances.add(_whose(plan.scenario, node.activity.flow, flow, route.name))

    def step(self, at: str, step: Stage | Step, stage: str) -> Iterator[Place]:
        """The work or the time of a stage or a step."""
        for field in ("work", "takes"):
            if (duration := getattr(step, field)) is not None:
                yield from self.duration(f"{at}/{field}", duration, _origin(step.origins, field), stage)

    def duration(self, at: str, duration: Duration, origin: Origin | None, stage: str) -> Iterator[Place]:
        """A duration, if some request meets it."""
        node = self.nodes.get(id(duration))
        if node is None:
            return
        if node.kind == WORK:
            office, world = f"effort-{self.roles[node.office]}", "effort"
        else:
            office = world = f"time-{node.activity.cause.replace(' ', '-')}"
        yield from _figure(at, "duration", duration.model_dump(), origin, stage, office, world)


def _whose(scenario: Scenario, id_: str, flow: Flow, chance: str) -> tuple[str, str, str]:
    if chance in flow.chances:
        return "flow", id_, chance
    state = scenario.world.jurisdictions.get(flow.to or "")
    if state is not None and chance in state.chances:
        return "state", flow.to or "", chance
    return "procedure", flow.procedure, chance


def _origin(origins: Mapping[str, Origin], figure: str) -> Origin | None:
    return origins.get(figure) or origins.get("all")


def _alone(owner: Performance | Flow) -> bool:
    """Whether what stands under ``chances`` in the origins speaks of one chance only."""
    return len(owner.chances) == 1 and "chances" in owner.origins


def _figure(
    at: str, kind: Kind, value: Value, origin: Origin | None, stage: str = "", office: str = "", world: str = ""
) -> Iterator[Place]:
    if origin is None or origin.mark != "assumption":
        return
    low, high = RANGES[kind]
    if kind == "staff" and isinstance(value, int) and round(value * low) == value == round(value * high):
        return  # so few that no whole number of people lies within the range
    own = at.rpartition("/")[2].replace(" ", "-")
    names = (stage or own, office or stage or own, world or stage or own)
    yield Place(at, kind, value, origin.source, low, max(1.0, min(high, highest(at, value))), False, *names)


def _chance(
    at: str, value: float, origin: Origin | None, name: str, owner: str = "", *, alone: bool
) -> Iterator[Place]:
    """A chance between 0 and 1. Only where the origin speaks of it ``alone`` is a range in its words taken for its
    own, and only if the chance lies in it."""
    if origin is None or origin.mark != "assumption" or not 0 < value < 1:
        return
    low, high = RANGES["chance"]
    stated = next(
        (
            (least, most)
            for found in _STATED.finditer(origin.source if alone else "")
            if 0 < (least := float(found["low"]) / 100) <= value <= (most := float(found["high"]) / 100) < 1
        ),
        None,
    )
    if stated is not None:
        least, most = (bound / (1 - bound) / (value / (1 - value)) for bound in stated)
        stated = (least, most) if least >= 1 / WIDEST and most <= WIDEST else None
        low, high = stated or (low, high)
    office = f"chances-{owner}" if owner else "chances"
    yield Place(at, "chance", value, origin.source, low, high, stated is not None, f"chance-{name}", office, "chances")


def highest(at: str, value: Value) -> float:
    """The highest factor that what may be written there allows."""
    bound = _BOUNDS.get(at.rpartition("/")[2])
    return bound / value if bound is not None and isinstance(value, float | int) else 1000.0
