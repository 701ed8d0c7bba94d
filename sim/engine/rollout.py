"""Changes that take time: several scenarios of one world compiled into one plan, each taking over from the one before.

A request meets the changes that have reached its corner of the world when it arrives, and keeps to them. Which those
are follows from one number drawn by its name, so that a request which has met a change would have met it at any later
time too. Arrival rates go over evenly, and staff comes and goes desk by desk, so that on average over the introduction
the number of staff is what an even change would give.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from math import ceil, floor

from sim.engine.compile import compile_flows, compile_offices, compile_world, refusable_of
from sim.engine.plan import FlowPlan, Introduction, Plan
from sim.errors import UsageError
from sim.i18n import say
from sim.model.loading import Scenario
from sim.model.world import Flow


@dataclass(frozen=True)
class RollOut:
    """The world as it is and what it becomes. ``stages`` hold more and more changes, the quickest introduced first."""

    world: Scenario
    stages: tuple[tuple[Introduction, Scenario], ...]
    """All begin at the same moment, and none is introduced more quickly than the one before."""

    @property
    def hash(self) -> str:
        """Tells it apart from others, and from its scenarios."""
        stages = (f"{i.begin}+{i.lasts}:{scenario.hash}" for i, scenario in self.stages)
        return "roll-out/" + "/".join((self.world.hash, *stages))


def check_roll_out(roll_out: RollOut) -> None:
    """Raise `UsageError` where a change cannot be introduced bit by bit: of an office's hours, rules or duties, of the
    priorities of the world, of the hours in which requests come, of a surge."""
    world = roll_out.world
    start = datetime.combine(world.world.starts, datetime.min.time(), UTC)
    offices = Plan(world, start)
    compile_offices(offices)
    for _, scenario in roll_out.stages:
        _check_offices(offices, scenario)
        if scenario.world.demand.keys() != world.world.demand.keys():
            raise _not_phased("which flows there are")
        for id_, flow in world.world.demand.items():
            if _times(world, flow) != _times(scenario, scenario.world.demand[id_]):
                raise _not_phased(f"when requests of {id_!r} come")


def compile_roll_out(roll_out: RollOut) -> Plan:
    """Compile the world with every stage of the changes. All stages share its offices. Raises as `check_roll_out`."""
    check_roll_out(roll_out)
    plan = compile_world(roll_out.world)
    later: dict[str, list[tuple[Introduction, FlowPlan]]] = {flow.id: [] for flow in plan.flows}
    for introduction, scenario in roll_out.stages:
        # Nodes and ways go into the same lists; what was found out about another law does not count.
        for flow in compile_flows(
            replace(plan, scenario=scenario, refusable=refusable_of(scenario), unfolded={}),
        ):
            later[flow.id].append((introduction, flow))
    plan.flows[:] = [replace(flow, later=tuple(later[flow.id])) for flow in plan.flows]
    _staff(plan, roll_out)
    return plan


def _times(scenario: Scenario, flow: Flow) -> object:
    """When requests of a flow come, but for how many."""
    surge = (flow.surge.after, flow.surge.lasts) if flow.surge is not None else None
    profile = scenario.jurisdictions.get(flow.from_ or flow.to or "") if flow.during else None
    return flow.during, surge, (profile.time_zone, profile.holidays) if profile is not None else None


def _check_offices(plan: Plan, scenario: Scenario) -> None:
    """Raise unless the offices differ from those of the plan in their staff only."""
    if scenario.world.priorities != plan.scenario.world.priorities:
        raise _not_phased("the priorities of the world")
    other = Plan(scenario, plan.epoch)
    compile_offices(other)
    if [office.id for office in plan.offices] != [office.id for office in other.offices]:
        raise _not_phased("which offices there are")
    for index, (one, two) in enumerate(zip(plan.offices, other.offices, strict=True)):
        rules = (one.rule, one.preemptive) == (two.rule, two.preemptive)
        infos = replace(plan.office_infos[index], staff=0), replace(other.office_infos[index], staff=0)
        duties = (infos[0].state, infos[0].role) == (infos[1].state, infos[1].role)
        if not rules or not duties or _hours(plan, one.calendar) != _hours(other, two.calendar):
            raise _not_phased(f"the hours, rules or duties of the office {one.id!r}")
    if (plan.role_index, plan.translators) != (other.role_index, other.translators):
        raise _not_phased("which office does what")


def _hours(plan: Plan, index: int) -> object:
    if index < 0:
        return "always"
    calendar = plan.calendars[index]
    return calendar.week, calendar.zone.key, calendar.holidays


def _not_phased(what: str) -> UsageError:
    return UsageError(
        say(
            "a change of {what} cannot be introduced bit by bit — compare it as fully in place, without the roll-out",
            what=what,
        )
    )


def _staff(plan: Plan, roll_out: RollOut) -> None:
    """How many staff each office has at the beginning, and when that changes."""
    for index, office in enumerate(plan.offices):
        numbers = [s.world.offices[office.id].staff for s in (roll_out.world, *(s for _, s in roll_out.stages))]
        if len(set(numbers)) == 1:
            continue
        introductions = [introduction for introduction, _ in roll_out.stages]
        first = _staff_at(numbers, introductions, 0)
        plan.offices[index] = replace(office, staff=first)
        plan.office_infos[index] = replace(plan.office_infos[index], staff=first)
        changes, last = [], first
        for moment in _moments(numbers, introductions):
            number = _staff_at(numbers, introductions, moment)
            if moment > 0 and number != last:
                changes.append((moment, number))
                last = number
        if changes:
            plan.staffing[index] = tuple(changes)


def _exact(numbers: list[int], introductions: list[Introduction], moment: float) -> float:
    """Staff as a fraction: the changes of each stage, as far as it is introduced."""
    return numbers[0] + sum(
        introduction.share(moment) * (after - before)
        for introduction, (before, after) in zip(introductions, pairwise(numbers), strict=True)
    )


def _staff_at(numbers: list[int], introductions: list[Introduction], moment: float) -> int:
    """Whole staff at a moment, and never none."""
    return max(1, floor(_exact(numbers, introductions, moment) + 0.5))


def _moments(numbers: list[int], introductions: list[Introduction]) -> list[int]:
    """Every second at which the number of staff can change: where it passes a half, and where a stage ends."""
    turns = sorted({i.begin for i in introductions} | {i.begin + i.lasts for i in introductions})
    found = set(turns)
    for start, end in pairwise(turns):
        # What is introduced at once is there from the first turn on; from there it changes evenly to the next.
        first, last = _exact(numbers, introductions, start), _exact(numbers, introductions, end)
        for half in range(floor(min(first, last)), ceil(max(first, last))):
            if first != last:
                # At the very half a number that grows has changed already, and one that falls changes a second later.
                passes = start + (end - start) * (half + 0.5 - first) / (last - first)
                found |= {ceil(passes), floor(passes) + 1}
    return sorted(found)
