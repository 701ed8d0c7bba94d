"""Scores, chances and letters are held against the law that applied, and say so in the language of their reader."""

from __future__ import annotations

from typing import Any

import pytest

from sim import i18n
from sim.case.trust import CONDUCT, Relation
from sim.engine.plan import Plan
from sim.i18n import Words
from sim.law import ROLES, Facts, explain
from sim.model.action import Action
from sim.model.actions import SendRequest
from sim.model.drafting import Draft
from sim.model.loading import Scenario, load
from sim.training.debrief import debrief
from sim.training.desk_scoring import JUDGES
from sim.training.judgement import Reason
from sim.training.letters import letter_of
from sim.training.scoring import AXES, score
from sim.training.session import Session
from sim.training.session_records import Entry
from sim.views.seat.law_desk import reasons_html
from tests.training import letters
from tests.training.behaviour import TRUST

ON_LETTERS = (
    "completeness",
    "proportionality",
    "urgency",
    "consultation",
    "channel-and-language",
    "use-and-confidentiality",
)


def judged(short: Scenario, plan: Plan, **letter: Any) -> dict[str, list[Reason]]:
    """Reasons of every axis after one letter that differs so from a good one."""
    session = Session(short, seed=1, plan=plan)
    session.note(Entry(moment=session.run.now))  # who moves time can do anything at any time
    spec = SendRequest.model_validate({**letters.LETTER, "id": "a", **letter})
    session.run.perform(Action(content=spec))
    return {axis: judge(session)[1] for axis, (_, judge) in AXES.items()}


def instruments(reasons: list[Reason]) -> set[str]:
    """Ids of the instruments they cite."""
    return {reason.cites.partition(" ")[0] for reason in reasons if reason.cites}


def test_an_investigation_order_is_judged_under_the_directive(short: Scenario, short_plan: Plan) -> None:
    found = judged(short, short_plan, to="nor", instrument="eio", channel="direct-judicial", confidential=False)
    for axis in ON_LETTERS:
        assert instruments(found[axis]) == {"eio"}, axis
    assert str(found["completeness"][0].provision) == "EIO art. 5(1)"
    assert str(found["use-and-confidentiality"][0].provision) == "EIO art. 19(1)"
    assert str(found["proportionality"][0].provision) == "EIO art. 6(1)(a)"


def test_a_letter_under_the_bilateral_treaty_is_judged_under_it(short: Scenario, short_plan: Plan) -> None:
    found = judged(short, short_plan, to="hel", instrument="bilateral-mlat", language="en", confidential=False)
    assert found["legal-basis"][0].good, "it binds the two, and comes first"
    assert str(found["completeness"][0].provision) == "MLAT art. 5(1)"
    assert str(found["urgency"][0].provision) == "MLAT art. 5(1)(f)"
    assert str(found["use-and-confidentiality"][0].provision) == "MLAT art. 9"
    assert found["proportionality"][0].provision is not None
    assert found["proportionality"][0].provision.standing == "good practice"
    enquired = found["consultation"][-1].provision
    assert enquired is not None and enquired.standing == "beside" and enquired.basis == "MLAT"
    assert "the request rests on MLAT, which has no such rule" in str(enquired)


def test_a_letter_that_rests_on_nothing_is_judged_under_what_binds_both(short: Scenario, short_plan: Plan) -> None:
    found = judged(short, short_plan, to="cal", instrument="eio")
    assert not found["legal-basis"][0].good and found["legal-basis"][0].cites == "untoc 18(7)"
    for axis in ("proportionality", "urgency", "consultation"):
        assert "eio" not in instruments(found[axis]), axis


def test_breadth_is_not_held_against_the_authority_named(short: Scenario, short_plan: Plan) -> None:
    """``18(15)`` used to print as its first part, the authority, under every axis."""
    for letter in ({}, {"scope": "broad"}):
        for reasons in judged(short, short_plan, **letter).values():
            assert not any("18(15)(a)" in str(reason.provision) for reason in reasons)


def test_chances_are_held_against_the_law_of_the_letter(short: Scenario, short_plan: Plan) -> None:
    session = Session(short, seed=1, plan=short_plan)
    spec = {**letters.LETTER, "id": "a", "to": "nor", "instrument": "eio", "channel": "direct-judicial"}
    session.run.perform(Action.model_validate({"consult": {"to": "nor"}}))
    session.run.perform(Action(content=SendRequest.model_validate({**spec, "scope": "broad"})))
    why = session.run.requests["a"].why
    assert {one.cites.partition(" ")[0] for one in why if one.cites} == {"eio"}
    assert {"eio 6(1)(a)", "eio 5(1)", "eio 9(6)"} <= {one.cites for one in why}


def test_trust_touches_provisions_by_role(short: Scenario) -> None:
    assert set(CONDUCT.values()) <= set(ROLES)
    relation = Relation(TRUST)
    relation.move(0, "urgent without reasons", "eio")
    relation.move(1, "feedback")
    relation.change(2, 0.1, "by an author's hand")
    found = [step.provision(short, "lys", "nor") for step in relation.steps]
    assert [str(one) for one in found] == ["EIO art. 12(2)", "Warsaw 2005 art. 34(1)", "None"]


def test_a_letter_is_asked_for_part_by_part_under_its_instrument(short: Scenario, short_plan: Plan) -> None:
    session = Session(short, seed=7, plan=short_plan)
    draft = Draft(nature="offence and stage, with the provisions", contact=True, purpose="this case")
    spec = {**letters.LETTER, "id": "a", "to": "nor", "confidential": True}
    asked_by = {"eio": ("G", "EIO art. 5(1)(d)"), "bilateral-mlat": ("purpose", "MLAT art. 5(1)(b)")}
    for instrument, (part, contents) in asked_by.items():
        request = SendRequest.model_validate({**spec, "instrument": instrument})
        letter = letter_of(session.run, request.model_copy(update={"draft": draft}), seed=7)
        parts = {section.key: section for section in letter.sections}
        assert str(parts[part].provision) == contents
        said = " ".join(line for section in letter.sections for line in section.paragraphs)
        assert "they follow Trafficking Protocol art. 3 and Trafficking Protocol art. 5" in said


@pytest.fixture
def longer() -> Any:
    """The invented language that makes every text longer, and back to English."""
    i18n.use(i18n.LONGER)
    yield
    i18n.use("en")


def test_every_reason_of_ours_can_be_translated(usual: Session, longer: None) -> None:
    for axis in score(usual):
        assert isinstance(axis.words, Words) and axis.title.startswith("[")
        for reason in axis.reasons:
            assert isinstance(reason.words, Words) or axis.axis == "outcome", "an ending's title is its author's"
    made = debrief(usual, replays=0)
    assert all(isinstance(why.words, Words) for line in made.requests for why in line.why)
    assert all(lesson.text.startswith("[") for lesson in made.lessons)


def test_the_desks_reasons_can_be_translated(longer: None) -> None:
    session = Session(load("a-week-on-the-desk"), seed=1)
    found = [reason for judge in JUDGES.values() for reason in judge(session)[1]]
    assert found and all(isinstance(reason.words, Words) for reason in found)


def test_the_law_desk_speaks_the_language_in_use(short: Scenario) -> None:
    """Answers are kept; a change of language must change what is printed all the same."""
    facts: Facts = {"requesting": "lys", "requested": "nor", "measure": "bank-records"}
    english = reasons_html(explain(short, **facts).reason)
    texts = {provision.says for record in short.instruments.values() for provision in record.provisions}
    i18n.use(i18n.LONGER)
    try:
        answer = explain(short, **facts)
        assert reasons_html(answer.reason) != english and str(answer).startswith("[")
        for reason in answer.reason.walk():
            assert isinstance(reason.words, Words) or reason.words in texts, "the library's own words alone stay"
            if isinstance(reason.words, Words):
                assert reason.text.startswith("["), reason.text
    finally:
        i18n.use("en")
    assert reasons_html(explain(short, **facts).reason) == english
