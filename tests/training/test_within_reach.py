"""People still to be brought to safety, and pages that outlive the readiness of whoever spoke."""

from __future__ import annotations

import pytest

from sim.case import expiry
from sim.case.evidence import EvidenceInCase
from sim.case.run import CaseRun
from sim.engine.plan import Plan
from sim.errors import ScenarioError
from sim.model.durations import DAY
from sim.model.events import InterviewImpossible, PersonWithdrew
from sim.model.loading import Scenario, copied_data, with_data
from tests.training.behaviour import EXPIRY, PEOPLE
from tests.training.letters import do

WHO, SOUGHT = "deckhand", "terminal-logs"


def story(short: Scenario, reaches: str | None) -> Scenario:
    """The deckhand gives up as soon as he can, and where one says so has to be brought to safety first."""
    data = copied_data(short)
    case = data["case", short.id]
    case["people"][WHO] |= {"withdrawal per month": 1.0, "wellbeing": 0.0}
    if reaches is not None:
        case["evidence"][SOUGHT]["reaches"] = reaches
    return with_data(short, data)


def statement_of(run: CaseRun) -> EvidenceInCase:
    return next(item for item in run.evidence.values() if item.record.person == WHO)


@pytest.mark.parametrize(("reaches", "gives_up"), [(None, True), (WHO, False)])
def test_who_has_not_been_reached_neither_speaks_nor_withdraws(
    short: Scenario, short_plan: Plan, reaches: str | None, gives_up: bool
) -> None:
    run = CaseRun(story(short, reaches), seed=7, plan=short_plan)
    do(run, interview={"person": WHO, "evidence": statement_of(run).id, "manner": "specialist"})
    run.simulation.advance(run.now + PEOPLE.interview_takes + DAY)
    impossible = any(isinstance(event, InterviewImpossible) for event in run.events)
    assert impossible is not gives_up and (statement_of(run).obtained_at is None) is impossible
    run.simulation.advance(run.start + 40 * DAY)
    assert any(isinstance(event, PersonWithdrew) for event in run.events) is gives_up
    run.evidence[SOUGHT].obtained_at = run.now
    run.simulation.advance(run.start + 70 * DAY)
    assert not run.people[WHO].available


@pytest.mark.parametrize(("manner", "left"), [("ordinary", EXPIRY.lack_of_form), ("video-recorded", 1.0)])
def test_a_page_is_worth_less_once_whoever_said_it_is_gone(
    short: Scenario, short_plan: Plan, manner: str, left: float
) -> None:
    run = CaseRun(short, seed=7, plan=short_plan)
    item = statement_of(run)
    do(run, interview={"person": WHO, "evidence": item.id, "manner": manner})
    run.simulation.advance(run.now + PEOPLE.interview_takes + DAY)
    assert item.obtained_at is not None and item.worth == item.record.weight
    expiry.withdraw(run, WHO)
    assert item.worth == item.record.weight * left


def test_who_is_reached_is_somebody_in_the_case(short: Scenario) -> None:
    with pytest.raises(ScenarioError, match="deckhnd"):
        story(short, "deckhnd")
