"""A world compiled once into flat tables that every replication shares."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

from sim.engine.calendar import Calendar
from sim.engine.expand import unfold
from sim.engine.log import OfficeInfo, RequestKind
from sim.engine.plan import FlowPlan, OfficePlan, Plan, RequestToUnfold
from sim.engine.public_holidays import calendar_of
from sim.law.read import law_of
from sim.model.durations import YEAR
from sim.model.jurisdiction import HolidayCalendar
from sim.model.loading import Scenario
from sim.model.office import Week
from sim.model.world import Flow


def compile_world(scenario: Scenario, *, epoch: datetime | None = None, flows: frozenset[str] | None = None) -> Plan:
    """Compile a world. ``epoch`` is the moment 0 (default: midnight UTC of the world's first day); ``flows``
    restricts background demand to some flows."""
    world = scenario.world
    start = epoch or datetime.combine(world.starts, datetime.min.time(), UTC)
    plan = Plan(scenario, start.astimezone(UTC), refusable=refusable_of(scenario))
    compile_offices(plan)
    plan.flows += compile_flows(plan, flows)
    return plan


Grounds = dict[tuple[str, ...], frozenset[str]]
_refusable: dict[str, Grounds] = {}
_LAWS = 8
"""States of the law of which a process keeps what was asked."""


def refusable_of(scenario: Scenario) -> Grounds:
    """Grounds for refusal that were asked for in a world with the same law; to be added to.

    Asking is most of compiling, and worlds that are compared differ in staff or times and seldom in law."""
    law = law_of(scenario)
    if law not in _refusable and len(_refusable) >= _LAWS:
        _refusable.pop(next(iter(_refusable)))
    return _refusable.setdefault(law, {})


def compile_offices(plan: Plan) -> None:
    """Put the offices of the plan's world into it, and who does what in which State."""
    scenario, calendars = plan.scenario, _Calendars(plan)
    for id_, office in sorted(scenario.world.offices.items()):
        index = len(plan.offices)
        profile = scenario.jurisdictions.get(office.jurisdiction or "")
        zone = office.time_zone or (profile.time_zone if profile else "UTC")
        calendar = calendars.index(office.hours, zone, calendar_of(scenario, office))
        plan.offices.append(OfficePlan(id_, office.staff, calendar, office.closing_rule, office.preemptive))
        state, role = office.jurisdiction or "", office.role or ""
        plan.office_infos.append(OfficeInfo(id_, office.title, office.staff, calendar, state, role))
        plan.office_index[id_] = index
        for name in (role, *office.also):
            if name and not (role == "translation" and office.languages):
                plan.role_index.setdefault((state, name), index)
        if role == "translation":
            for language in office.languages:
                plan.translators.setdefault((state, language), index)
        if state and (role == "central-authority" or state not in plan.clock_index):
            plan.clock_index[state] = calendar
    for (state, _), index in plan.translators.items():  # specialists alone do all languages
        plan.role_index.setdefault((state, "translation"), index)


def compile_flows(plan: Plan, flows: frozenset[str] | None = None) -> list[FlowPlan]:
    """The flows of the plan's world (or some of them); what their requests walk is added to the plan."""
    calendars = _Calendars(plan)
    return [
        _flow_plan(plan, calendars, id_, flow)
        for id_, flow in sorted(plan.scenario.world.demand.items())
        if flows is None or id_ in flows
    ]


_calendar = lru_cache(maxsize=128)(Calendar)
"""Calendars grow as far as somebody has looked, and worlds that are compared keep the same."""


class _Calendars:
    """One calendar for all offices that keep the same hours, zone and holidays."""

    def __init__(self, plan: Plan):
        self.plan = plan
        self.known: dict[tuple[Week, str, HolidayCalendar | None], int] = {
            (calendar.week, calendar.zone.key, calendar.holidays): index
            for index, calendar in enumerate(plan.calendars)
        }

    def index(self, week: Week, zone: str, holidays: HolidayCalendar | None) -> int:
        if not week:
            return -1
        key = (week, zone, holidays)
        if key not in self.known:
            self.known[key] = len(self.plan.calendars)
            self.plan.calendars.append(_calendar(week, zone, holidays, self.plan.epoch))
        return self.known[key]


def _flow_plan(plan: Plan, calendars: _Calendars, id_: str, flow: Flow) -> FlowPlan:
    scenario = plan.scenario
    calendar = -1
    if flow.during:
        profile = scenario.jurisdictions.get(flow.from_ or flow.to or "")
        calendar = calendars.index(
            flow.during, profile.time_zone if profile else "UTC", profile.holidays if profile else None
        )
    first, last = 0, None
    if flow.surge is not None:
        first = round(flow.surge.after.seconds()[0])
        lasts = flow.surge.lasts.seconds()[0]
        last, mean_gap = round(first + lasts), lasts / flow.surge.requests
    elif flow.per_year is not None:
        open_year = plan.calendars[calendar].between(0, YEAR) if calendar >= 0 else YEAR
        mean_gap = open_year / flow.per_year
    else:
        assert flow.every is not None
        mean_gap = flow.every.seconds()[0]
    measures = sorted(flow.measures.items()) or [("", 1.0)]
    deadline = round(flow.deadline.seconds()[0]) if flow.deadline else -1
    ways, total = [], sum(weight for _, weight in measures)
    cumulative = 0.0
    for measure, weight in measures:
        chosen = (measure,) if measure else ()
        kind = RequestKind(
            id_,
            flow.from_ or "",
            flow.to or "",
            flow.procedure,
            chosen,
            flow.channel or "",
            flow.instrument or "",
            deadline,
        )
        channel = scenario.find("channel", flow.channel) if flow.channel else None
        translation = not flow.languages_match
        profile = scenario.jurisdictions.get(flow.to or "")
        request = RequestToUnfold(
            scenario.procedures[flow.procedure],
            kind,
            channel,
            flow.chances,
            translation,
            language=profile.languages[0] if profile else "",
        )
        plan.ways.append(unfold(plan, request))
        cumulative += weight / total
        ways.append((cumulative, len(plan.ways) - 1))
    return FlowPlan(
        id_,
        mean_gap,
        calendar,
        tuple(ways),
        _shares(scenario, flow.priorities or {scenario.world.priorities[-1]: 1.0}),
        first,
        last,
        flow.about_trafficking,
        _shares(scenario, flow.priorities_of_trafficking),
    )


def _shares(scenario: Scenario, priorities: Mapping[str, float]) -> tuple[tuple[float, int], ...]:
    """(cumulative share, priority level) of weighted priority classes."""
    levels = {name: level for level, name in enumerate(scenario.world.priorities)}
    weights = {levels[name]: weight for name, weight in priorities.items()}
    shares, cumulative = [], 0.0
    for level, weight in sorted(weights.items()):
        cumulative += weight / sum(weights.values())
        shares.append((cumulative, level))
    return tuple(shares)
