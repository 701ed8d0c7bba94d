"""Assurances: asked for where the law needs one, given by whoever can bind the State, kept or broken."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from sim.case.incoming import transfer_grounds
from sim.case.plan import compile_case
from sim.case.run import CaseRun
from sim.engine.plan import Plan
from sim.model import events
from sim.model.action import Action
from sim.model.durations import DAY
from sim.model.loading import Scenario, copied_data, load, with_data
from sim.model.outcomes import Outcome
from sim.training.action_rules import described
from sim.training.desk_scoring import JUDGES
from sim.training.messages import message_of
from sim.training.session import Session
from tests.training.behaviour import TRUST
from tests.training.letters import do, told
from tests.training.letters import letter as a_letter

letter = partial(a_letter, confidential=True)


@pytest.fixture(scope="module")
def capital(short: Scenario) -> Scenario:
    """The story as if the trainee's State could impose the death penalty, which Calden's law looks at; every assurance
    that its ministry is asked for is given."""
    data = copied_data(short)
    data["jurisdiction", "lys"]["death penalty"] = True
    quick = {"ministry gives": 1.0, "assurance asked after": "2 days", "assurance awaited": "10 days"}
    data["case", short.id]["assumes"] = {
        "coordination": {**quick, "ministry takes": "5 days", "origins": {"all": "assumption: made for this test"}}
    }
    return with_data(short, data)


@pytest.fixture(scope="module")
def capital_plan(capital: Scenario) -> Plan:
    return compile_case(capital)


@pytest.fixture
def run(capital: Scenario, capital_plan: Plan) -> CaseRun:
    return CaseRun(capital, seed=7, plan=capital_plan)


def later(run: CaseRun, seconds: float) -> None:
    run.simulation.advance(run.now + round(seconds))


def trust_steps(run: CaseRun, state: str = "cal") -> list[str]:
    return [step.because for step in run.relation(state).steps]


def carried_out(run: CaseRun, request: Any) -> None:
    """As if the requested State had just carried the letter out."""
    run.simulation.withdraw(request.token)
    run.execute(request)
    request.outcome = Outcome("executed")
    request.then()


# The seat that asks


def test_without_the_penalty_nobody_asks(short: Scenario, short_plan: Plan) -> None:
    run = CaseRun(short, seed=7, plan=short_plan)
    do(run, send=letter())
    later(run, 30 * DAY)
    assert told(run, events.AssuranceAsked) == []


def test_it_is_asked_for_and_refused_if_it_does_not_come(run: CaseRun) -> None:
    do(run, send=letter())
    later(run, 3 * DAY)
    asked = [event for event in run.events if isinstance(event, events.AssuranceAsked)]
    assert [(e.assurances, e.ground) for e in asked] == [(("no-death-penalty", "no-capital-use"), "death-penalty")]
    message = message_of(run, asked[0])
    assert message is not None and message.needs_you
    assert "no death penalty is imposed or carried out or the material is not used" in message.text
    assert "Ground: death penalty" in message.text
    later(run, 10 * DAY)
    assert run.requests["a-letter"].outcome == Outcome("refused", "death-penalty")
    assert ("a-letter", "death-penalty") in told(run, events.Refused)
    assert run.evidence["terminal-logs"].obtained_at is None


def test_what_is_given_in_time_is_trusted_and_nothing_is_refused(run: CaseRun) -> None:
    do(run, send=letter())
    later(run, 3 * DAY)
    do(run, assure={"request": "a-letter", "assurances": ["no-capital-use"]})
    later(run, 6 * DAY)
    assert told(run, events.AssuranceGiven) == [("a-letter", ("no-capital-use",))]
    assert trust_steps(run) == ["assured"] and run.relation("cal").trust == pytest.approx(0.5 + TRUST.assured)
    later(run, 10 * DAY)
    assert run.requests["a-letter"].outcome != Outcome("refused", "death-penalty")


@pytest.mark.slow
def test_an_assurance_of_another_kind_does_not_do(run: CaseRun) -> None:
    do(run, send=letter())
    do(run, assure={"request": "a-letter", "assurances": ["confidentiality"]})
    later(run, 13 * DAY)
    assert told(run, events.AssuranceGiven) == [("a-letter", ("confidentiality",))]
    assert run.requests["a-letter"].outcome == Outcome("refused", "death-penalty") and trust_steps(run) == []


@pytest.mark.slow
def test_given_before_they_ask_it_is_not_asked_for(capital: Scenario) -> None:
    data = copied_data(capital)
    data["case", capital.id]["assumes"]["coordination"]["ministry takes"] = "1 day"
    run = CaseRun(with_data(capital, data), seed=7)
    do(run, send=letter())
    do(run, assure={"request": "a-letter", "assurances": ["no-death-penalty"]})
    later(run, 3 * DAY)
    assert told(run, events.AssuranceAsked) == []


def test_what_was_taken_is_held_back_until_it_comes(run: CaseRun) -> None:
    do(run, send=letter())
    request = run.requests["a-letter"]
    carried_out(run, request)
    assert run.request_state("a-letter") == "under way" and run.evidence["terminal-logs"].obtained_at is None
    do(run, assure={"request": "a-letter", "assurances": ["no-death-penalty"]})
    later(run, 6 * DAY)
    item = run.evidence["terminal-logs"]
    assert run.request_state("a-letter") == "executed" and item.obtained_at is not None
    assert item.assured == {"no-death-penalty"}


@pytest.mark.slow
def test_what_was_taken_is_never_handed_over_without_it(run: CaseRun) -> None:
    do(run, send=letter())
    request = run.requests["a-letter"]
    carried_out(run, request)
    later(run, 13 * DAY)
    assert request.outcome == Outcome("refused", "death-penalty")
    assert run.evidence["terminal-logs"].obtained_at is None


@pytest.mark.slow
def test_a_ministry_may_withhold_it(capital: Scenario) -> None:
    data = copied_data(capital)
    data["case", capital.id]["assumes"]["coordination"]["ministry gives"] = 0.0
    stern = with_data(capital, data)
    run = CaseRun(stern, seed=7, plan=compile_case(stern))
    do(run, send=letter())
    do(run, assure={"request": "a-letter", "assurances": ["no-death-penalty", "confidentiality"]})
    later(run, 6 * DAY)
    assert told(run, events.AssuranceWithheld) == [("a-letter", ("no-death-penalty",))]
    assert told(run, events.AssuranceGiven) == [("a-letter", ("confidentiality",))], "which no ministry has to give"


@pytest.mark.parametrize(
    ("assured", "because"), [("no-capital-use", "assurance broken"), ("humane-treatment", "used beyond its purpose")]
)
def test_a_broken_assurance_costs_more_than_a_use_beyond_the_purpose(run: CaseRun, assured: Any, because: str) -> None:
    item = run.evidence["terminal-logs"]
    item.obtained_at, item.from_state, item.assured = run.now, "cal", frozenset({assured})
    do(run, use={"evidence": "terminal-logs", "purpose": "another proceeding"})
    assert trust_steps(run) == [because] and item.excluded
    assert TRUST.assurance_broken < TRUST.used_beyond_its_purpose


def test_giving_one_is_described_in_words(run: CaseRun) -> None:
    do(run, send=letter())
    action = Action.model_validate({"assure": {"request": "a-letter", "assurances": ["no-death-penalty"]}})
    assert "no death penalty is imposed or carried out" in str(described(run, action))


# The desk that is asked


@pytest.fixture(scope="module")
def desk() -> Scenario:
    """A desk in Norvale, which Tarsene asks for telephone data."""
    data = copied_data(load("a-week-on-the-desk"))
    case = data["case", "a-week-on-the-desk"]
    case["warm up"] = "1 day"
    case["role"] |= {"jurisdiction": "nor", "office": "nor-central"}
    asked = case["incoming"]["thank-you"] | {"from": "tar", "instrument": "untoc"}
    case["incoming"] |= {"thank-you": asked, "visa-files": case["incoming"]["visa-files"] | {"from": "lys"}}
    for paper in case["incoming"].values():
        if paper["from"] == "nor":
            paper["from"] = "lys"
    world = data["world", "meridian"]
    del world["claims"]
    world["demand"] = {"cal-incoming": world["demand"]["cal-incoming"]}
    return with_data(load("a-week-on-the-desk"), data)


def at_the_desk(session: Session, name: str, **more: Any) -> None:
    session.act(Action.model_validate({name: {"incoming": "thank-you", **more}}))


def days(session: Session, count: float) -> None:
    until = session.run.now + round(count * DAY)
    while session.run.now < min(until, session.run.end):
        session.run.advance(until)


def test_to_grant_what_must_be_refused_is_judged_unless_an_assurance_came(desk: Scenario) -> None:
    rash, careful = Session(desk, seed=1), Session(desk, seed=1)
    at_the_desk(rash, "grant")
    at_the_desk(careful, "examine")
    days(careful, 2)
    found = next(m for m in careful.inbox if m.kind == "examined")
    assert "must be refused: death penalty" in found.text
    assert "an assurance could take a ground away: no death penalty is imposed or carried out or the mat" in found.text
    at_the_desk(careful, "ask assurance", assurances=["no-capital-use"])
    days(careful, 7.5)
    paper = careful.run.incoming["thank-you"]
    assert paper.assured == {"no-capital-use"}, "with this luck it is given"
    assert any(m.kind == "assurance-received" and "not used for a charge" in m.text for m in careful.inbox)
    at_the_desk(careful, "grant")
    days(careful, 2)
    days(rash, 11)
    assert JUDGES["legal-basis"](rash)[0] == 0.0 and JUDGES["legal-basis"](careful)[0] == 1.0
    assert any("must be refused" in reason.text for reason in JUDGES["legal-basis"](rash)[1])


@pytest.mark.slow
def test_the_other_side_may_decline(desk: Scenario) -> None:
    data = copied_data(desk)
    data["case", desk.id]["assumes"] = {
        "desk": {"assured": 0.0, "assured by trust": 0.0, "origins": {"all": "assumption: made for this test"}}
    }
    session = Session(with_data(desk, data), seed=1)
    at_the_desk(session, "ask assurance", assurances=["no-capital-use", "confidentiality"])
    days(session, 9)
    paper = session.run.incoming["thank-you"]
    assert paper.assured == set() and paper.state == "answered"
    assert any(m.kind == "assurance-declined" for m in session.inbox)


# Personal data that go with an answer


def test_personal_data_go_on_a_ground_or_the_score_says_so(desk: Scenario) -> None:
    session = Session(desk, seed=1)
    paper = session.run.incoming["thank-you"]
    promised = {"data-protection", "no-capital-use"}
    for noted, assured, lawful in (
        ("not considered", set(), False),
        ("adequacy decision", set(), False),
        ("binding safeguards", set(), False),
        ("assessed safeguards", set(), False),
        ("assessed safeguards", promised, True),
        ("exception", set(), True),
    ):
        paper.state, paper.personal_data, paper.assured = "granted", noted, assured
        value, reasons = JUDGES["use-and-confidentiality"](session)
        about_data = [reason for reason in reasons if "personal data went" in reason.text]
        assert value == (1.0 if lawful else 0.0) and [reason.good for reason in about_data] == [lawful], noted
        assert about_data[0].cites == "eu-2016-680 36(1)"


def test_a_victims_data_do_not_go_by_exception_where_nothing_guards_them(desk: Scenario) -> None:
    session = Session(desk, seed=1)
    paper = session.run.incoming["thank-you"]
    assert transfer_grounds(session.run, paper)["exception"]
    paper.record = paper.record.model_copy(update={"concerns_victim": True})
    assert not transfer_grounds(session.run, paper)["exception"]
    paper.record = paper.record.model_copy(update={"urgent": "with reasons"})
    assert transfer_grounds(session.run, paper)["exception"], "it is their own safety"


@pytest.mark.slow
def test_the_lawyer_says_on_what_ground_and_safeguards_bring_conditions(desk: Scenario) -> None:
    session = Session(desk, seed=1)
    at_the_desk(session, "examine")
    days(session, 2)
    text = next(m for m in session.inbox if m.kind == "examined").text
    assert "personal data may go there on: an exception" in text
    at_the_desk(session, "grant", **{"personal data": "assessed safeguards"})
    days(session, 2)
    assert session.run.incoming["thank-you"].conditions


@pytest.mark.slow
def test_a_desk_that_no_such_law_binds_is_not_judged_by_it() -> None:
    session = Session(load("a-week-on-the-desk"), seed=1)
    assert all(transfer_grounds(session.run, paper) == {} for paper in session.run.incoming.values())
