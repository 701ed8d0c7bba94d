"""Children in a case: who represents them, how they are heard, what a letter says of them, and doubts about an age."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from sim.case.run import CaseRun
from sim.engine.plan import Plan
from sim.model import events
from sim.model.durations import DAY
from sim.model.loading import Scenario, copied_data, with_data
from sim.model.outcomes import Outcome
from sim.training.letters import letter_of
from sim.training.session import Session
from sim.training.victim_scoring import victim_centred
from tests.training.behaviour import PEOPLE
from tests.training.letters import do, told
from tests.training.letters import letter as a_letter

letter = partial(a_letter, confidential=True)
WHO = "deckhand"


def story(short: Scenario, **more: object) -> Scenario:
    """The story with the deckhand as a child, or otherwise."""
    data = copied_data(short)
    data["case", short.id]["people"][WHO] |= more
    return with_data(short, data)


@pytest.fixture(scope="module")
def young(short: Scenario) -> Scenario:
    return story(short, child=True)


@pytest.fixture
def run(young: Scenario, short_plan: Plan) -> CaseRun:
    return CaseRun(young, seed=7, plan=short_plan)


def statement_of(run: CaseRun) -> str:
    return next(id_ for id_, item in run.evidence.items() if item.record.person == WHO)


def interview(run: CaseRun, manner: str) -> None:
    do(run, interview={"person": WHO, "evidence": statement_of(run), "manner": manner})
    run.simulation.advance(run.now + PEOPLE.interview_takes + DAY)


@pytest.mark.parametrize(
    ("guardian", "manner", "lacking"),
    [
        (True, "video-recorded", ()),
        pytest.param(True, "specialist", (), marks=pytest.mark.slow),
        pytest.param(True, "ordinary", ("trained interviewer",), marks=pytest.mark.slow),
        pytest.param(False, "specialist", ("guardian",), marks=pytest.mark.slow),
        (False, "ordinary", ("guardian", "trained interviewer")),
    ],
)
def test_a_child_is_heard_with_a_guardian_and_by_somebody_trained(
    run: CaseRun, guardian: bool, manner: str, lacking: tuple[str, ...]
) -> None:
    if guardian:
        do(run, protect={"person": WHO, "by": ["guardian"]})
    person, before = run.people[WHO], run.people[WHO].wellbeing
    early = person.reflection is not None
    interview(run, manner)
    item = run.evidence[statement_of(run)]
    assert told(run, events.ChildHeardUnprotected) == ([(WHO, lacking)] if lacking else [])
    assert item.obtained_at is not None and item.lacks_form is bool(lacking), "it is possible, and worth less"
    usual = PEOPLE.ordinary_interview if manner == "ordinary" else PEOPLE.specialist_interview
    expected = usual + early * PEOPLE.pressed + bool(lacking) * PEOPLE.child_unprotected
    assert person.wellbeing - before == pytest.approx(expected)


def test_the_same_for_somebody_grown_up_is_nothing_of_the_kind(short: Scenario, short_plan: Plan) -> None:
    run = CaseRun(short, seed=7, plan=short_plan)
    interview(run, "ordinary")
    assert told(run, events.ChildHeardUnprotected) == [] and not run.evidence[statement_of(run)].lacks_form


def test_to_hear_a_child_again_hurts_more(run: CaseRun, short: Scenario, short_plan: Plan) -> None:
    grown = CaseRun(short, seed=7, plan=short_plan)
    harm = []
    for one in (run, grown):
        do(one, protect={"person": WHO, "by": ["guardian"]})
        person = one.people[WHO]
        person.wellbeing, person.reflection = 1.0, None
        person.interview(one.now, one.start, "specialist")
        person.interview(one.now, one.start, "specialist")
        harm.append(1.0 - person.wellbeing)
    assert harm[0] > harm[1] > 0


@pytest.mark.slow
def test_an_age_in_doubt_counts_as_a_childs_until_it_is_assessed(short: Scenario, short_plan: Plan) -> None:
    run = CaseRun(story(short, **{"age in doubt": True}), seed=7, plan=short_plan)
    assert run.people[WHO].counts_as_child
    do(run, protect={"person": WHO, "by": ["age assessment"]})
    assert not run.people[WHO].counts_as_child
    doubtful = CaseRun(story(short, child=True, **{"age in doubt": True}), seed=7, plan=short_plan)
    do(doubtful, protect={"person": WHO, "by": ["age assessment"]})
    assert doubtful.people[WHO].counts_as_child, "the assessment finds a child"


def test_nobody_consents_for_a_child_but_who_represents_it(run: CaseRun) -> None:
    person = run.people[WHO]
    assert not person.consents("the person heard")
    do(run, protect={"person": WHO, "by": ["guardian"]})
    assert person.consents("the person heard")


@pytest.mark.parametrize("said", [pytest.param(True, marks=pytest.mark.slow), False])
def test_a_letter_that_says_so_has_a_child_heard_as_a_child(run: CaseRun, said: bool) -> None:
    evidence = statement_of(run)
    do(run, protect={"person": WHO, "by": ["guardian"]})
    do(run, send=letter(measures=["witness-statement"], evidence=[evidence], child=said))
    request: Any = run.requests["a-letter"]
    run.simulation.withdraw(request.token)
    run.execute(request)
    request.outcome = Outcome("executed")
    request.then()
    assert run.evidence[evidence].obtained_at is not None
    assert run.evidence[evidence].lacks_form is not said
    assert len(told(run, events.ChildHeardUnprotected)) == (not said)
    assert [manner for _, manner, _ in run.people[WHO].interviews] == ["video-recorded" if said else "ordinary"]


def test_the_letter_asks_for_what_children_need_by_its_article(run: CaseRun) -> None:
    spec = letter(to="nor", instrument="eio", measures=["victim-interview"], evidence=[statement_of(run)], child=True)
    asking = [
        section
        for section in letter_of(run, spec, seed=1).sections
        if any("guardian or representative" in line for line in section.paragraphs)
    ]
    assert [section.number for section in asking] == ["E"], "of the Investigation Order: the persons concerned"
    assert not any(
        "child" in line for section in letter_of(run, letter(), seed=1).sections for line in section.paragraphs
    )


def test_the_score_says_what_a_child_was_owed(young: Scenario, short_plan: Plan) -> None:
    session = Session(young, seed=7, plan=short_plan)
    value, reasons = victim_centred(session)
    said = {reason.text: reason.cites for reason in reasons}
    nobody = next(text for text in said if "nobody was appointed to represent the child" in text)
    assert said[nobody].startswith(("warsaw-2005 10(4)", "eu-2011-36 1"))
    session.run.people[WHO].unprotected.append(session.run.now)
    worse, again = victim_centred(session)
    assert worse is not None and value is not None and worse < value
    assert any("without what protects children" in reason.text for reason in again)
