"""The requested State's desk: lawyers' time, what follows from each step, and what the law makes of it."""

from __future__ import annotations

import pytest

from sim.errors import ScenarioError, SessionError
from sim.model.action import Action
from sim.model.loading import Scenario, copied_data, load, with_data
from sim.training.action_rules import described
from sim.training.desk_scoring import JUDGES
from sim.training.session import Session


@pytest.fixture(scope="module")
def desk() -> Scenario:
    """The desk in a world that has not been warmed up, with nothing else to do."""
    data = copied_data(load("a-week-on-the-desk"))
    data["case", "a-week-on-the-desk"]["warm up"] = "1 day"
    world = data["world", "meridian"]
    del world["claims"]
    world["demand"] = {"cal-incoming": world["demand"]["cal-incoming"]}
    return with_data(load("a-week-on-the-desk"), data)


@pytest.fixture
def session(desk: Scenario) -> Session:
    return Session(desk, seed=1)


def act(session: Session, name: str, incoming: str, **more: object) -> None:
    session.act(Action.model_validate({name: {"incoming": incoming, **more}}))


def later(session: Session, days: float) -> None:
    session.run.advance(session.run.now)
    until = session.run.now + round(days * 86400)
    while session.run.now < min(until, session.run.end):
        session.run.advance(until)


def test_a_step_takes_a_lawyers_time_and_only_two_work_at_once(session: Session) -> None:
    for name in ("ledger", "english", "launderer", "video"):
        act(session, "examine", name)
    assert not any(paper.examined for paper in session.run.incoming.values())
    later(session, 0.2)
    assert sum(paper.examined for paper in session.run.incoming.values()) == 2
    later(session, 1.5)
    assert sum(paper.examined for paper in session.run.incoming.values()) == 4


def test_a_lawyer_says_what_the_law_says(session: Session) -> None:
    for name in ("ledger", "english", "hacker", "criminal-record"):
        act(session, "examine", name)
    later(session, 3)
    said = {m.about: m.text for m in session.inbox if m.kind == "examined"}
    assert "missing or thin: " in said["ledger"] and "no ground for refusal" in said["ledger"]
    assert "written in English, which is not accepted here" in said["english"]
    assert "may be refused: want of dual criminality" in said["hacker"]
    assert said["criminal-record"].endswith("nothing is missing; no ground for refusal.")


def test_what_is_granted_is_carried_out_in_time_or_too_late(session: Session) -> None:
    act(session, "grant", "woman-home", conditions=True)
    later(session, 9)
    assert session.run.incoming["woman-home"].state == "executed"
    assert session.run.weight_helped() == 6
    act(session, "grant", "crew-lists")
    later(session, 3)
    assert session.run.incoming["crew-lists"].state == "executed too late"
    assert session.run.weight_helped() == 6


def test_a_question_is_answered_and_then_nothing_is_missing(session: Session) -> None:
    act(session, "inquire", "ledger")
    later(session, 1)
    paper = session.run.incoming["ledger"]
    assert paper.state == "asked" and paper.gaps
    later(session, 8)
    assert paper.state == "answered" and not paper.gaps


def test_trust_follows_conduct(session: Session) -> None:
    def trust(state: str) -> float:
        return session.run.relation(state).trust

    before = {state: trust(state) for state in ("cal", "lys", "hel", "nor")}
    act(session, "refuse", "hacker", ground="dual-criminality", consult=True, reasons=True)
    act(session, "refuse", "video", ground="own-law-forbids", consult=False, reasons=False)
    act(session, "refuse", "ledger", ground="bank-secrecy", consult=True, reasons=True)
    act(session, "inquire", "criminal-record")
    later(session, 4)
    assert trust("cal") == before["cal"], "lawful, with reasons, after consultation"
    assert trust("lys") == pytest.approx(before["lys"] - 0.06 - 0.05), "without a word; and another letter unanswered"
    assert trust("hel") == pytest.approx(before["hel"] - 0.15), "bank secrecy is no ground: UNTOC art. 18(8)"
    assert trust("nor") < before["nor"], "asked for what was there"


def test_silence_brings_a_reminder_and_a_line_does_not(session: Session) -> None:
    act(session, "acknowledge", "hacker")
    later(session, 5)
    reminded = {m.about for m in session.inbox if m.kind == "reminder"}
    assert "crew-lists" in reminded and "hacker" not in reminded


def test_what_is_closed_or_not_there_cannot_be_worked_on(session: Session) -> None:
    with pytest.raises(SessionError, match="not arrived"):
        act(session, "grant", "two-sisters")
    with pytest.raises(SessionError, match="no request on your desk called"):
        act(session, "grant", "atlantis")
    with pytest.raises(SessionError, match="no ground for refusal"):
        act(session, "refuse", "hacker", ground="i-do-not-like-it")
    act(session, "send back", "english")
    later(session, 2)
    with pytest.raises(SessionError, match="sent back"):
        act(session, "grant", "english")


def test_the_side_that_is_asked_is_judged_by_its_own_duties(session: Session) -> None:
    act(session, "refuse", "hacker", ground="dual-criminality", consult=True, reasons=True)
    act(session, "refuse", "ledger", ground="bank-secrecy", consult=False, reasons=False)
    act(session, "send back", "english", reasons=True)
    later(session, 4)
    value, reasons = JUDGES["legal-basis"](session)
    assert value == 0.5 and any("does not raise" in reason.text for reason in reasons)
    value, reasons = JUDGES["completeness"](session)
    assert any("refused instead of asked" in reason.text for reason in reasons)
    assert JUDGES["channel-and-language"](session)[0] == 1.0
    cites = {reason.cites for reason in JUDGES["consultation"](session)[1]}
    assert {"untoc 18(26)", "untoc 18(23)"} <= cites


def test_the_desk_can_ask_for_an_assurance_before_it_helps(session: Session) -> None:
    act(session, "ask assurance", "shelter-file", assurances=["confidentiality", "data-protection"])
    later(session, 8)
    paper = session.run.incoming["shelter-file"]
    assert paper.state == "answered" and paper.assured == {"confidentiality", "data-protection"}
    act(session, "grant", "shelter-file")
    later(session, 2)
    value, reasons = JUDGES["use-and-confidentiality"](session)
    assert value == 1.0 and all(reason.good for reason in reasons), "what was promised binds as conditions do"


def test_it_is_described_and_taken_back(session: Session) -> None:
    act(session, "postpone", "summons")
    assert str(described(session.run, session.actions[-1])) == "Put a request from abroad off: A summons"
    earlier = session.undo()
    later(earlier, 2)
    assert earlier.run.incoming["summons"].state == "waiting"


def test_a_case_needs_something_to_do_and_a_desk_needs_an_office(desk: Scenario) -> None:
    data = copied_data(desk)
    data["case", desk.id]["incoming"] = {}
    with pytest.raises(ScenarioError, match="evidence or incoming"):
        with_data(desk, data)
    data = copied_data(desk)
    data["case", desk.id]["incoming"]["ledger"]["from"] = "atlantis"
    with pytest.raises(ScenarioError, match="no jurisdiction 'atlantis'"):
        with_data(desk, data)


def test_what_comes_first_is_taken_up_before_what_waits(session: Session) -> None:
    for name in ("ledger", "english", "launderer", "video"):
        act(session, "examine", name)
    act(session, "examine", "summons", first=True)
    later(session, 1.1)
    papers = session.run.incoming
    assert papers["ledger"].examined and papers["summons"].examined, "who is at work ends it, then what comes first"
    assert not papers["video"].examined


@pytest.mark.parametrize(
    ("name", "examined", "value", "said"),
    [
        ("politician", True, 0.0, "on facts that do not carry it"),
        ("hacker", False, 0.5, "nobody had examined a ground for refusal"),
        ("hacker", True, 1.0, ""),
        ("criminal-record", False, 1.0, ""),
    ],
)
def test_help_is_judged_by_what_it_rests_on(
    session: Session, name: str, examined: bool, value: float, said: str
) -> None:
    if examined:
        act(session, "examine", name)
        later(session, 2)
    act(session, "grant", name)
    later(session, 9)
    assert session.run.incoming[name].state in ("granted", "executed")
    found, reasons = JUDGES["legal-basis"](session)
    assert found == value
    assert [reason for reason in reasons if said and said in reason.text] or not said
