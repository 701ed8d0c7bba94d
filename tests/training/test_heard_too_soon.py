"""Who is heard before they can tell what happened says nothing that a court could use, and may be asked again later."""

from __future__ import annotations

from typing import Any

import pytest

from sim.case import results
from sim.case.run import CaseRun
from sim.engine.plan import Plan
from sim.errors import ScenarioError
from sim.model import events
from sim.model.durations import DAY
from sim.model.loading import Scenario, copied_data, with_data
from sim.model.outcomes import Outcome
from tests.training.behaviour import PEOPLE
from tests.training.letters import do, told
from tests.training.letters import letter as a_letter

WHO, WORDS = "deckhand", "statement"
NEEDED = 0.45


def story(short: Scenario, **more: object) -> Scenario:
    """The story in which the deckhand can speak only from some wellbeing on."""
    data = copied_data(short)
    data["case", short.id]["people"][WHO] |= {"speaks from": NEEDED, "origins": {"all": "assumption: x"}, **more}
    return with_data(short, data)


@pytest.fixture
def run(short: Scenario, short_plan: Plan) -> CaseRun:
    return CaseRun(story(short, wellbeing=0.4), seed=7, plan=short_plan)


def interview(run: CaseRun) -> None:
    do(run, interview={"person": WHO, "evidence": WORDS, "manner": "specialist"})
    run.simulation.advance(run.now + PEOPLE.interview_takes + DAY)


def letter_comes_back(run: CaseRun, **more: Any) -> None:
    """An order to hear the deckhand abroad has been carried out."""
    do(run, send=a_letter(id="hearing", evidence=[WORDS], measures=["victim-interview"], confidential=True, **more))
    request = run.requests["hearing"]
    request.secured.add(WORDS)
    request.outcome = Outcome("executed")
    results.letter_over(run, request)


def test_an_interview_at_home_before_that_yields_nothing_and_harms(run: CaseRun) -> None:
    before = run.people[WHO].wellbeing
    interview(run)
    assert told(run, events.HeardTooSoon) == [(WHO,)]
    assert run.evidence[WORDS].obtained_at is None and run.people[WHO].wellbeing < before


def test_whoever_is_given_time_speaks(run: CaseRun) -> None:
    interview(run)
    run.people[WHO].wellbeing = NEEDED + 0.2
    interview(run)
    assert run.evidence[WORDS].state(run.now) == "obtained"


def test_an_order_abroad_before_that_brings_nothing_and_the_words_can_be_had_later(run: CaseRun) -> None:
    letter_comes_back(run)
    assert told(run, events.HeardTooSoon) == [(WHO,)] and told(run, events.EvidenceObtained) == []
    assert run.people[WHO].interviews and run.evidence[WORDS].state(run.now) == "pending"


def test_somebody_who_can_speak_is_heard_as_before(short: Scenario, short_plan: Plan) -> None:
    run = CaseRun(story(short, wellbeing=0.5), seed=7, plan=short_plan)
    letter_comes_back(run)
    assert told(run, events.HeardTooSoon) == [] and run.evidence[WORDS].state(run.now) == "obtained"


def test_who_travels_too_soon_says_nothing(short: Scenario, short_plan: Plan) -> None:
    came = []
    for seed in range(6):
        run = CaseRun(story(short, wellbeing=0.4), seed=seed, plan=short_plan)
        do(run, invite={"person": WHO, "evidence": WORDS, "safe conduct": True})
        run.simulation.advance(run.now + PEOPLE.travel_takes + DAY)
        came += told(run, events.HeardTooSoon)
        assert run.evidence[WORDS].obtained_at is None
    assert came, "somebody came"


def test_the_figure_needs_an_origin(short: Scenario) -> None:
    with pytest.raises(ScenarioError, match="speaks from"):
        story(short, origins={"wellbeing": "assumption: x", "withdrawal per month": "assumption: x"})
