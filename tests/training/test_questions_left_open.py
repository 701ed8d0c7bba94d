"""What an answer does that leaves open what they had asked: it is asked again, and the request is given up at last."""

from __future__ import annotations

import pytest

from sim.case.run import CaseRun
from sim.case.state import CaseState
from sim.engine.plan import Plan
from sim.model import events
from sim.model.action import Action
from sim.model.loading import Scenario
from sim.training.effort import hours
from sim.training.messages import message_of
from sim.training.scoring import AXES
from sim.training.session import Session
from tests.training.behaviour import CONDUCT
from tests.training.letters import do, letter, told

FULLY = {"request": "a-letter"}
BRIEFLY = {"request": "a-letter", "items": {"facts": "partial", "purpose": "missing"}}


@pytest.fixture
def run(short: Scenario, short_plan: Plan) -> CaseRun:
    """A letter on its way, about which a question has been put."""
    run = CaseRun(short, seed=7, plan=short_plan)
    do(run, send=letter())
    ask(run)
    return run


def ask(run: CaseState) -> None:
    """They put a question, and whatever follows at once has followed."""
    run._on_notice(run.requests["a-letter"], "began", "legal-check", run.now)
    run._on_notice(run.requests["a-letter"], "began", "supplement", run.now)
    run.advance(run.now + 1)


def long_ago(run: CaseState) -> None:
    """Their questions so far were put so long ago that they need not wait any longer."""
    waited = run.behaviour.coordination.answer_awaited
    for place, event in enumerate(run.events):
        if isinstance(event, events.QuestionAsked):
            run.events[place] = events.QuestionAsked(event.moment - waited, event.about)


def asked(run: CaseRun) -> float:
    return run.requests["a-letter"].chances["incomplete"]


def test_what_is_left_open_is_asked_again_until_it_is_answered(run: CaseRun) -> None:
    do(run, supplement=BRIEFLY)
    assert asked(run) == CONDUCT.asked_again
    why = [reason for reason in run.letters[0].why if reason.chance == "incomplete"][-1]
    assert "still open" in why.because and "18(16)" in why.cites
    do(run, consult={"to": "cal"})
    run.advance(run.now + 1)
    assert asked(run) == CONDUCT.asked_again, "a call before the letter is no answer to the question"
    do(run, supplement=FULLY)
    assert asked(run) < CONDUCT.asked_again


def test_saying_less_unasked_leaves_no_question_open(short: Scenario, short_plan: Plan) -> None:
    run = CaseRun(short, seed=7, plan=short_plan)
    do(run, send=letter())
    do(run, supplement=BRIEFLY)
    assert asked(run) < CONDUCT.asked_again


def test_a_request_whose_question_is_put_again_may_lapse(short: Scenario, short_plan: Plan) -> None:
    lapsed = 0
    for luck in range(40):
        run = CaseRun(short, seed=7, replication=luck, plan=short_plan)
        do(run, send=letter())
        ask(run)
        assert run.request_state("a-letter") == "under way", "nobody gives up at the first question"
        do(run, supplement=BRIEFLY)
        ask(run)
        assert run.request_state("a-letter") == "under way", "nor a moment later"
        long_ago(run)
        ask(run)
        lapsed += run.request_state("a-letter") == "lapsed"
    assert lapsed / 40 == pytest.approx(CONDUCT.given_up, abs=0.2)


@pytest.mark.parametrize("answer", [FULLY, None], ids=["answered", "by the office itself"])
def test_a_request_whose_question_is_answered_does_not(short: Scenario, short_plan: Plan, answer: dict | None) -> None:
    for luck in range(10):
        run = CaseRun(short, seed=7, replication=luck, plan=short_plan)
        do(run, send=letter())
        for _ in range(4):
            ask(run)
            long_ago(run)
            if answer is not None:
                do(run, supplement=answer)
        assert run.request_state("a-letter") == "under way"


def test_why_it_lapsed_is_said(run: CaseRun) -> None:
    do(run, supplement=BRIEFLY)
    long_ago(run)
    while run.request_state("a-letter") == "under way":
        ask(run)
    assert told(run, events.Finished) == [("a-letter", "lapsed", True)]
    message = message_of(run, run.events[-1])
    assert message is not None and "what they had asked was not answered" in message.text


def test_it_counts_as_a_question_without_an_answer(short: Scenario, short_plan: Plan) -> None:
    values = []
    for answer in (FULLY, BRIEFLY):
        session = Session(short, seed=7, plan=short_plan)
        do(session.run, send=letter())
        ask(session.run)
        do(session.run, supplement=answer)
        value, reasons = AXES["consultation"][1](session)
        values.append(value)
        assert any("stayed without an answer" in reason.text for reason in reasons) == (answer is BRIEFLY)
    assert values == [0.3, 0.0]


def test_an_answer_costs_by_what_is_said(run: CaseRun) -> None:
    fully, briefly = (hours(run, Action.model_validate({"supplement": answer})) for answer in (FULLY, BRIEFLY))
    assert fully - briefly == 4, "six contents, and two of them"
