"""What a trainee does unasked, lets time pass, drafts: all of it is kept, replayed, taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sim.engine.plan import Plan
from sim.errors import SessionError
from sim.model.action import Action
from sim.model.actions import SendRequest
from sim.model.durations import DAY
from sim.model.loading import Scenario, copied_data, with_data
from sim.training.action_rules import action_of, data_of, described
from sim.training.decision_log import Steps, take
from sim.training.players import Scripted, finish
from sim.training.resuming import resume
from sim.training.session import Session
from sim.training.storage import read_session

LETTER = {
    "id": "own",
    "to": "kow",
    "measures": ["bank-records"],
    "evidence": ["payments"],
    "instrument": "untoc",
    "channel": "central-authority",
    "language": "en",
}


@pytest.fixture
def begun(short: Scenario, short_plan: Plan) -> Session:
    return Session(short, seed=7, plan=short_plan)


@pytest.fixture(scope="module")
def drafting(short: Scenario) -> Scenario:
    """The case with an option whose letter the trainee drafts."""
    data = copied_data(short)
    case = data["case", short.id]
    case["decisions"]["logs-letter"]["options"]["full-letter"]["drafted"] = True
    case["drafting"] = {
        "facts": {
            "account": {"text": "What he told", "connects": ["offence"]},
            "messages": {"text": "Orders came by satellite", "connects": ["terminal-logs"]},
            "rumour": {"text": "People talk"},
            "his-name": {"text": "His name", "identifies": "deckhand", "connects": ["offence"]},
        },
        "identifiers": {
            "terminal": {"text": "Terminal {account}", "of": ["terminal-logs"]},
            "fleet": {"text": "All terminals", "of": ["terminal-logs"], "broad": True},
        },
        "periods": {"forty": {"text": "Forty days"}, "ever": {"text": "Since ever", "broad": True}},
        "persons": {"captain": {"text": "The captain", "of": ["terminal-logs"]}},
    }
    return with_data(short, data)


def letter(**draft: object) -> SendRequest:
    given = {
        "id": "logs",
        "to": "cal",
        "measures": ["traffic-data"],
        "evidence": ["terminal-logs"],
        "instrument": "tip-protocol",
        "channel": "central-authority-email",
        "language": "en",
        "urgent": "with reasons",
        "confidential": True,
        "draft": draft,
    }
    return SendRequest.model_validate(given)


def test_an_act_stays_in_time_and_is_kept(begun: Session, tmp_path: Path) -> None:
    path = begun.save(tmp_path / "s.jsonl")
    moment = begun.run.now
    begun.act(Action.model_validate({"send": LETTER}), because="money first", days=90)
    assert begun.run.now == moment and begun.question is not None and begun.question.id == "first-steps"
    assert begun.run.request_state("own") == "under way"
    entry = read_session(path)[1][0]
    assert entry.kind == "act" and entry.because == "money first" and entry.days == 90
    assert action_of(entry.action).content.to == "kow"


def test_time_passes_by_day_to_a_date_and_until_something_needs_the_trainee(begun: Session) -> None:
    begun.choose("preserve-first", stay=True)
    assert begun.question is None and begun.day == 1
    begun.wait(days=0.5)
    assert begun.day == 1 and begun.question is None
    begun.wait()
    assert begun.question is not None and begun.question.id == "care"
    with pytest.raises(SessionError, match="waits for an answer first"):
        begun.wait(days=1)
    begun.choose("recover-first", stay=True)
    begun.wait()
    assert begun.question is None and begun.inbox[-1].needs_you, "a message that calls for a look stops time"
    begun.wait(until=begun.now.replace(tzinfo=None) + timedelta(hours=5))
    with pytest.raises(SessionError, match="has passed"):
        begun.wait(until=datetime(2027, 3, 1))
    with pytest.raises(SessionError, match="forward only"):
        begun.wait(days=-1)


def test_with_acts_and_waiting_it_resumes_where_it_stood(short: Scenario, begun: Session, tmp_path: Path) -> None:
    path = begun.save(tmp_path / "s.jsonl")
    begun.choose("preserve-first", stay=True)
    begun.wait(days=0.25)
    begun.act(Action.model_validate({"consult": {"to": "kow"}}))
    begun.act(Action.model_validate({"send": LETTER}))
    begun.wait(days=0.5)
    begun.keeper = None
    again = resume(path, short)
    assert (again.run.now, again.question, again.inbox) == (begun.run.now, begun.question, begun.inbox)
    assert again.sha256 == begun.sha256
    for session in (again, begun):
        finish(session, Scripted({}))
    assert again.sha256 == begun.sha256
    assert take(short, Steps.of(begun), seed=7).sha256 == begun.sha256, "replayed from its steps it is the same play"


def test_undo_takes_back_an_act_and_the_time_after_it(begun: Session) -> None:
    begun.choose("preserve-first", stay=True)
    before = begun.run.now
    begun.act(Action.model_validate({"send": LETTER}))
    begun.wait(days=0.3)
    earlier = begun.undo()
    assert earlier.run.now == before and "own" not in earlier.run.requests
    assert earlier.undo().question.id == "first-steps"


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ({"chase": {"request": "logs"}}, "no request sent so far"),
        ({"consult": {"to": "lys"}}, "no State 'lys' to deal with"),
        ({"consult": {"to": "atlantis"}}, "no State 'atlantis'"),
        ({"preserve": {"evidence": "gold", "channel": "contact-24-7"}}, "no evidence in this case called 'gold'"),
        ({"protect": {"person": "captain", "by": ["shelter"]}}, "no person in this case"),
        ({"ask": {"service": "magic", "to": "cal"}}, "no service 'magic'"),
        ({"send": {**LETTER, "instrument": "magna-carta"}}, "no instrument 'magna-carta'"),
        ({"send": {**LETTER, "measures": ["torture"]}}, "no measure 'torture'"),
        ({"send": {**LETTER, "channel": "pigeon"}}, "no channel 'pigeon'"),
    ],
)
def test_what_cannot_be_done_says_why_and_leaves_no_trace(begun: Session, action: dict, words: str) -> None:
    with pytest.raises(SessionError, match=words):
        begun.act(Action.model_validate(action))
    assert not begun.entries and not begun.run.requests


def test_the_same_letter_is_not_sent_twice(begun: Session) -> None:
    begun.act(Action.model_validate({"send": LETTER}))
    with pytest.raises(SessionError, match="sent already"):
        begun.act(Action.model_validate({"send": LETTER}))


def test_nothing_is_done_after_the_end(usual: Session) -> None:
    with pytest.raises(SessionError, match="the case is over"):
        usual.act(Action.model_validate({"consult": {"to": "cal"}}))
    with pytest.raises(SessionError, match="the case is over"):
        usual.wait()


@pytest.mark.parametrize(
    "line",
    [
        '{"moment": 5, "action": {"explode": {}}}',
        '{"moment": 5, "action": {"send": {"id": "../../etc/passwd"}}}',
        '{"moment": 5, "action": []}',
        '{"moment": 5, "action": {"chase": {"request": "logs"}, "consult": {"to": "cal"}}}',
        '{"moment": 5, "action": ' + '{"a":' * 40 + "1" + "}" * 41,
        '{"moment": 5, "action": {"send": {"id": "' + "a" * 20_000 + '"}}}',
        '{"moment": 99999999999}',
        '{"moment": 1}',
        '{"because": "only words"}',
    ],
)
def test_hostile_steps_are_refused_and_named(short: Scenario, begun: Session, tmp_path: Path, line: str) -> None:
    path = begun.save(tmp_path / "s.jsonl")
    begun.keeper = None
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    with pytest.raises(SessionError):
        resume(path, short)


def test_an_action_has_words_and_survives_a_file(begun: Session) -> None:
    action = Action.model_validate({"send": LETTER})
    assert action_of(data_of(action)) == action
    assert str(described(begun.run, action)).startswith("Send a letter of request: bank")


# Letters of one's own


def at_letter(scenario: Scenario) -> Session:
    return Session(scenario, seed=7).choose("preserve-first").choose("recover-first")


FULL = {
    "facts": ["account", "messages"],
    "identifiers": ["terminal"],
    "period": "forty",
    "persons": {"captain": "by name"},
    "nature": "offence and stage, with the provisions",
    "contact": True,
    "purpose": "this case",
}


def test_a_full_draft_is_a_full_letter_and_a_thin_one_comes_back_as_questions(drafting: Scenario) -> None:
    good = at_letter(drafting).choose("full-letter", letter=letter(**FULL), stay=True)
    thin = at_letter(drafting).choose("full-letter", letter=letter(facts=["rumour"]), stay=True)
    assert set(good.run.requests["logs"].items.values()) == {"full"}
    assert thin.run.requests["logs"].items["facts"] == "missing"
    asked = [session.run.requests["logs"].chances["incomplete"] for session in (good, thin)]
    assert asked[1] > 3 * asked[0]


def test_breadth_and_victims_follow_from_picks(drafting: Scenario) -> None:
    broad = at_letter(drafting).choose("full-letter", letter=letter(**{**FULL, "period": "ever"}), stay=True)
    assert broad.run.requests["logs"].spec.scope == "broad"
    named = letter(**{**FULL, "facts": ["his-name", "messages"]})
    assert at_letter(drafting).choose("full-letter", letter=named, stay=True).run.requests["logs"].spec.names_victim


def test_a_draft_is_kept_word_for_word_and_replayed(drafting: Scenario, tmp_path: Path) -> None:
    session = at_letter(drafting)
    path = session.save(tmp_path / "s.jsonl")
    own = letter(**FULL, words={"facts": "In my own words: <b>…</b>"})
    session.choose("full-letter", letter=own, days=40)
    session.keeper = None
    again = resume(path, drafting)
    assert again.sha256 == session.sha256
    kept = action_of(again.steps[-1].action).content
    assert kept == own and again.steps[-1].days == 40


def test_a_letter_about_something_else_is_refused(drafting: Scenario) -> None:
    session = at_letter(drafting)
    with pytest.raises(SessionError, match="has to 'cal'"):
        session.choose("full-letter", letter=letter(**FULL).model_copy(update={"to": "kow"}))
    assert session.question.id == "logs-letter"
    at_first = Session(drafting, seed=7)
    with pytest.raises(SessionError, match="no letter to draft"):
        at_first.choose("gather-first", letter=letter(**FULL))


def test_beside_a_letter_of_ones_own_stands_the_authors(drafting: Scenario) -> None:
    from sim.training.counterfactuals import alternatives

    session = at_letter(drafting).choose("full-letter", letter=letter(**FULL), stay=True)
    found = [a for a in alternatives(session) if a.option == "full-letter"]
    assert [(a.taken, a.as_written) for a in found] == [(True, False), (False, True)]


def test_an_act_that_other_luck_makes_impossible_is_left_out(short: Scenario) -> None:
    from sim.training.decision_log import Act

    steps = Steps({}, acts=(Act(3 * DAY, {"chase": {"request": "never-sent"}}),))
    session = take(short, steps, seed=7)
    assert session.ended and all(entry.kind == "decision" for entry in session.steps)
