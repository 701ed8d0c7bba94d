"""A case's world, compiled from the moment its warm-up begins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sim.engine.compile import compile_world
from sim.engine.plan import Plan
from sim.model.case_references import owners_of_actions
from sim.model.loading import Scenario


def compile_case(scenario: Scenario) -> Plan:
    """Compile the case's world from the moment its warm-up begins, with the background demand that can touch it.

    Flows between States that neither sit in the trainee's chair nor are asked for anything in the case share no
    office with it and are left out.
    """
    case = scenario.case
    assert case is not None
    home = case.role.jurisdiction
    start = local_start(scenario)
    states = {home} | {item.at for item in case.evidence.values()}
    for _, owner in owners_of_actions(case):
        states |= {state for action in owner.do for state in action.content.ids("state")}
    flows = frozenset(name for name, flow in scenario.world.demand.items() if flow.to in states or flow.from_ == home)
    epoch = start.astimezone(UTC) - timedelta(seconds=case.warm_up.seconds())
    return compile_world(scenario, epoch=epoch, flows=flows)


def local_start(scenario: Scenario) -> datetime:
    """When the story begins, in the zone of the trainee's seat."""
    case = scenario.case
    assert case is not None
    zone = ZoneInfo(scenario.jurisdictions[case.role.jurisdiction].time_zone)
    return case.starts if case.starts.tzinfo else case.starts.replace(tzinfo=zone)


_REMEMBERED = 4
_plans: dict[str, Plan] = {}


def plan_of(scenario: Scenario) -> Plan:
    """The plan of a case, compiled once in a process for all its plays."""
    if scenario.hash not in _plans:
        if len(_plans) >= _REMEMBERED:
            _plans.pop(next(iter(_plans)))
        _plans[scenario.hash] = compile_case(scenario)
    return _plans[scenario.hash]
