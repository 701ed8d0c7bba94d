"""Every axis both ways: points where the conduct deserves them, none where it does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sim.engine.plan import Plan
from sim.model.action import Action
from sim.model.actions import SendRequest
from sim.model.loading import Scenario
from sim.model.outcomes import Outcome
from sim.training import scoring
from sim.training.scoring import AXES, AxisScore, Reason, score, total
from sim.training.session import Session
from sim.training.session_records import Entry
from tests.training import letters

GOOD = {**letters.LETTER, "id": "a", "confidential": True}

Judge = Callable[..., tuple[float | None, list[Reason]]]


@pytest.fixture
def judged(short: Scenario, short_plan: Plan) -> Judge:
    """Judge an axis after actions, given as (name, content); a letter as what differs from a good one."""

    def judge(axis: str, *actions: tuple[str, dict[str, Any]], then: Callable[[Session], None] | None = None):
        session = Session(short, seed=1, plan=short_plan)
        session.note(Entry(moment=session.run.now))  # who moves time can do anything at any time
        for name, content in actions:
            if name == "letter":
                session.run.perform(Action(content=SendRequest.model_validate({**GOOD, **content})))
            else:
                session.run.perform(Action.model_validate({name: content}))
        if then is not None:
            then(session)
        return AXES[axis][1](session)

    return judge


LOOK_UP = {"service": "interpol-databases", "to": "tar"}
LETTER = ("letter", {})
AS_IT_SHOULD_BE = [
    ("legal-basis", [LETTER], 1.0),
    ("legal-basis", [("letter", {"instrument": "letters-rogatory"})], 0.6),
    ("legal-basis", [("letter", {"instrument": "eio"})], 0.0),
    ("legal-basis", [LETTER, ("letter", {"id": "b", "instrument": "eio"})], 0.5),
    ("completeness", [LETTER], 1.0),
    ("proportionality", [LETTER], 1.0),
    ("proportionality", [("letter", {"scope": "broad"})], 0.2),
    ("channel-and-language", [LETTER], 1.0),
    ("channel-and-language", [("letter", {"language": "sv"})], 0.5),
    ("channel-and-language", [("letter", {"to": "tar", "language": "en"})], 0.0),
    ("urgency", [LETTER], 1.0),
    ("urgency", [("letter", {"urgent": "no"})], 0.5),
    ("urgency", [("letter", {"urgent": "stamped"})], 0.2),
    ("consultation", [LETTER], 0.0),
    ("consultation", [LETTER, ("chase", {"request": "a"})], 0.3),
    ("consultation", [LETTER, ("supplement", {"request": "a"})], 0.3),
    ("consultation", [("consult", {"to": "cal"}), LETTER], 0.7),
    ("consultation", [("share", {"to": "cal"}), LETTER, ("chase", {"request": "a"})], 1.0),
    ("use-and-confidentiality", [LETTER], 1.0),
    ("use-and-confidentiality", [("letter", {"confidential": False})], 0.7),
    ("use-and-confidentiality", [LETTER, ("share", {"to": "kow", "conditions": False})], 0.7),
    ("use-and-confidentiality", [LETTER, ("share", {"to": "kow", "conditions": True})], 1.0),
    ("resources", [LETTER], 1.0),
    ("resources", [LETTER, ("letter", {"id": "b"})], 0.7),
    ("resources", [LETTER, ("withdraw", {"request": "a"}), ("letter", {"id": "b"})], 1.0),
    ("coordination", [LETTER], 0.0),
    ("coordination", [("consult", {"to": "cal"})], 0.5),
    (
        "coordination",
        [("consult", {"to": "cal"}), ("ask", {"service": "interpol-databases", "to": "tar"}), ("share", {"to": "kow"})],
        0.8,  # the institution has not answered yet
    ),
    ("victim-centred", [("protect", {"person": "deckhand", "by": ["shelter", "information"]})], 1.0),
    ("victim-centred", [("protect", {"person": "deckhand", "by": ["shelter"]})], 0.9),
    ("victim-centred", [], 0.7),
    (
        "victim-centred",
        [("protect", {"person": "deckhand", "by": ["shelter", "information"]}), ("letter", {"names victim": True})],
        0.7,
    ),
    ("preservation", [("preserve", {"evidence": "terminal-logs", "channel": "contact-24-7"})], 1.0),
    ("preservation", [], 0.0),
]


@pytest.mark.parametrize(("axis", "actions", "value"), AS_IT_SHOULD_BE)
def test_an_axis(judged: Judge, axis: str, actions: list, value: float) -> None:
    found, reasons = judged(axis, *actions)
    assert found == pytest.approx(value)
    assert any(reason.good for reason in reasons) or value < 1
    assert any(not reason.good for reason in reasons) or value == 1
    assert all(reason.text for reason in reasons)


def test_completeness_falls_with_every_gap_and_names_it(judged: Judge) -> None:
    values = []
    for items in ({}, {"facts": "partial"}, {"facts": "missing"}, {"facts": "missing", "purpose": "missing"}):
        value, reasons = judged("completeness", ("letter", {"items": items}))
        values.append(value)
        assert all(name in reasons[0].text for name in items)
        assert reasons[0].cites.startswith("untoc 18(15)") or not items
    assert values == sorted(values, reverse=True)
    assert len(set(values)) == 4


def test_a_letter_is_judged_as_it_was_first_sent(judged: Judge) -> None:
    letter = ("letter", {"items": {"facts": "missing"}})
    assert judged("completeness", letter) == judged("completeness", letter, ("supplement", {"request": "a"}))


@pytest.mark.parametrize(
    "axis",
    [
        "legal-basis",
        "completeness",
        "proportionality",
        "channel-and-language",
        "urgency",
        "consultation",
        "use-and-confidentiality",
        "resources",
    ],
)
def test_without_a_letter_there_is_nothing_to_judge(judged: Judge, axis: str) -> None:
    assert judged(axis) == (None, [])


@pytest.mark.parametrize(("day", "value"), [(1.9, 1.0), (14, 0.7), (15, 0.4)])
def test_preservation_is_worth_more_the_sooner(judged: Judge, day: float, value: float) -> None:
    def later(session: Session) -> None:
        moment = round(session.run.start + day * 86400)
        while session.run.now < moment:  # decisions stop it
            session.run.advance(moment)
        session.run.perform(
            Action.model_validate({"preserve": {"evidence": "terminal-logs", "channel": "contact-24-7"}})
        )

    assert judged("preservation", then=later)[0] == value


def test_preservation_of_what_was_lost_or_came_by_luck(judged: Judge) -> None:
    def lost(session: Session) -> None:
        session.run.evidence["terminal-logs"].lost_at = session.run.now

    def luck(session: Session) -> None:
        session.run.evidence["terminal-logs"].obtained_at = session.run.now

    preserve = ("preserve", {"evidence": "terminal-logs", "channel": "contact-24-7"})
    assert judged("preservation", preserve, then=lost)[0] == 0.5
    value, reasons = judged("preservation", then=luck)
    assert value == 0.4
    assert "by luck" in reasons[0].text


def test_interviews_cost_and_so_does_harm(judged: Judge) -> None:
    support = ("protect", {"person": "deckhand", "by": ["shelter"]})

    def early(session: Session) -> None:
        session.run.people["deckhand"].interview(session.run.now, session.run.start, "ordinary")

    def late_twice(session: Session) -> None:
        deckhand = session.run.people["deckhand"]
        for _ in range(2):
            deckhand.interview(session.run.start + 40 * 86400, session.run.start, "specialist")

    def harmed(session: Session) -> None:
        session.run.people["deckhand"].change(-0.4)

    told = 0.0 if "information" in support[1]["by"] else 0.1
    value, reasons = judged("victim-centred", support, then=early)
    assert value == pytest.approx(1 - 0.4 - 0.15 - 0.1 - told)
    assert "reflection period" in reasons[0].text
    assert judged("victim-centred", support, then=late_twice)[0] == pytest.approx(1 - 0.2 - 0.06 - told)
    assert judged("victim-centred", support, then=harmed)[0] == pytest.approx(0.8 - told)


def test_support_for_somebody_at_home_is_no_coordination(judged: Judge) -> None:
    def answered(session: Session) -> None:
        for request in session.run.requests.values():
            request.outcome = Outcome("completed")

    for_him = ("ask", {"service": "individual-risk-assessment", "person": "deckhand"})
    assert judged("coordination", for_him, then=answered)[0] == 0.0
    assert judged("coordination", ("ask", LOOK_UP), then=answered)[0] == 0.5


def test_harm_that_came_of_a_choice_counts_though_it_healed(judged: Judge) -> None:
    support = ("protect", {"person": "deckhand", "by": ["shelter", "information"]})

    def hurt(session: Session, by_choice: bool) -> None:
        deckhand = session.run.people["deckhand"]
        deckhand.meets(-0.1, by_choice=by_choice)
        deckhand.change(0.3)

    value, reasons = judged("victim-centred", support, then=lambda session: hurt(session, by_choice=True))
    assert value == pytest.approx(0.9) and any("came of your decisions" in reason.text for reason in reasons)
    assert judged("victim-centred", support, then=lambda session: hurt(session, by_choice=False))[0] == 1.0


def test_a_request_left_open_for_nothing(judged: Judge) -> None:
    def lost(session: Session) -> None:
        session.run.evidence["terminal-logs"].lost_at = session.run.now

    value, reasons = judged("resources", LETTER, then=lost)
    assert value == pytest.approx(0.7)
    assert "left open" in reasons[0].text
    assert judged("resources", LETTER, ("withdraw", {"request": "a"}), then=lost)[0] == 1.0


def test_a_case_without_a_victim_has_no_such_axis(judged: Judge) -> None:
    assert judged("victim-centred", then=lambda session: session.run.people.clear()) == (None, [])


def test_the_outcome_is_the_endings_worth(judged: Judge, usual: Session) -> None:
    assert judged("outcome") == (None, [])
    assert usual.ending is not None
    assert scoring._outcome(usual)[0] == usual.ending[1].worth


def test_total_is_the_weighted_mean_of_what_could_be_judged() -> None:
    def axis(value: float | None, weight: float) -> AxisScore:
        return AxisScore("a", "A", weight, value, ())

    assert total([axis(1.0, 1), axis(0.0, 3)]) == 25
    assert total([axis(1.0, 1), axis(0.0, 3), axis(None, 100)]) == 25
    assert total([axis(None, 1)]) == 0
    assert total([]) == 0
    assert total([axis(0.5, 0), axis(1.0, 2)]) == 100


def test_a_play_is_scored_by_the_axes_of_its_case(usual: Session, case: Scenario) -> None:
    found = score(usual)
    assert [(s.axis, s.weight) for s in found] == list(case.case.scoring.items())
    assert all(s.value is None or 0 <= s.value <= 1 for s in found)
    assert 80 < total(found) <= 100


def test_careless_scores_less_on_every_axis_it_touches(usual: Session, played: Callable[..., Session]) -> None:
    careless = played(
        first_steps="letter-now",
        care="interview-now",
        money="quick-letter",
        flag_state="straight-email",
        landing_papers="letter-of-request",
        offer="everything",
        progress="wait",
        after_hearing="second-interview",
        going_home="ticket",
    )
    before = {s.axis: s.value for s in score(usual)}
    after = {s.axis: s.value for s in score(careless)}
    for axis in set(before) - {"proportionality", "resources", "outcome"}:
        assert after[axis] < before[axis], axis
    assert total(score(careless)) < total(score(usual)) - 25


def test_help_has_its_price_in_hours(short: Scenario, short_plan: Plan) -> None:
    session = Session(short, seed=7, plan=short_plan)
    session.act(Action.model_validate({"consult": {"to": "cal"}}))
    session.act(Action.model_validate({"propose team": {"members": ["cal"]}}))
    value, reasons = AXES["resources"][1](session)
    assert value == pytest.approx(1 - 103 / 2000) and "103 working hours" in reasons[-1].text


def test_going_home_without_an_assessment_costs(short: Scenario, short_plan: Plan) -> None:
    def home(*by: str) -> float | None:
        session = Session(short, seed=7, plan=short_plan)
        session.act(Action.model_validate({"protect": {"person": "deckhand", "by": ["information", *by]}}))
        session.act(Action.model_validate({"repatriate": {"person": "deckhand"}}))
        return AXES["victim-centred"][1](session)[0]

    assert home("risk assessment") == pytest.approx(1.0)
    assert home("shelter") == pytest.approx(1 - 0.3 - 0.1), "and the fear of it"
