"""What offices write: every happening that people should hear of, in plain text."""

from __future__ import annotations

import typing
from collections.abc import Callable
from typing import Any

import pytest

from sim.engine.case_run import CaseRun
from sim.engine.conduct import Circumstance
from sim.engine.nodes import Plan
from sim.engine.traced import Happening
from sim.model.action import Action
from sim.model.actions import SendRequest
from sim.model.circumstances import Moment
from sim.model.loading import Scenario, copied_data, with_data
from sim.training.messages import Message, message_of, subject
from sim.training.session import Session
from tests.training import letters

HOSTILE = "<script>alert(1)</script> {of} {0.__class__} %s ${x} `y`"

LETTER = {**letters.LETTER, "id": "logs", "urgent": "no"}


@pytest.fixture(scope="module")
def run(short: Scenario, short_plan: Plan) -> CaseRun:
    """A run with a letter and a preservation under way; time stands still in it."""
    run = CaseRun(short, seed=1, plan=short_plan)
    run.perform(Action.model_construct(send=SendRequest.model_validate(LETTER)))
    run.perform(Action.model_validate({"preserve": {"evidence": "terminal-logs", "channel": "contact-24-7"}}))
    return run


def say(run: CaseRun, event: str, of: str, detail: str = "") -> Message | None:
    return message_of(run, Happening(run.now, event, of, detail))


SAID = [
    ("sent", "logs", "", "Your office", "has left for Calden"),
    ("acknowledged", "logs", "", "Central authority, Calden", "has been registered"),
    ("question", "logs", "", "Central authority, Calden", "supplementary information"),
    ("postponed", "logs", "", "Central authority, Calden", "is postponed"),
    ("returned", "logs", "", "Central authority, Calden", "Your office corrects what it can and sends it again."),
    (
        "returned",
        "logs",
        "returned unregistered",
        "Central authority, Calden",
        "a paper was missing from the envelope.",
    ),
    ("refused", "logs", "refused: ne-bis-in-idem", "Central authority, Calden", "Ground: ne bis in idem (reasons"),
    ("executed", "logs", "executed", "Central authority, Calden", "has been executed"),
    ("finished", "logs", "lapsed", "Central authority, Calden", "is closed: lapsed."),
    ("finished", "logs", "no result", "Central authority, Calden", "is closed: no result."),
    ("acknowledged", "preserve-terminal-logs", "", "Central authority, Calden", "preservation of Connection logs"),
    ("preserved", "terminal-logs", "90 days", "Satellite provider, Calden", "preserved for 90 days"),
    ("preservation-expires", "terminal-logs", "14 days left", "Satellite provider, Calden", "ends soon (14 days left)"),
    ("evidence-lost", "terminal-logs", "deleted", "Satellite provider, Calden", "no longer to be had — deleted."),
    ("evidence-obtained", "terminal-logs", "logs", "Case file", "now in your file"),
    ("person-withdrew", "deckhand", "", "Victim support", "no longer wishes to take part"),
    ("deadline", "detention-hearing", "", "Registry", "Hearing on the captain's detention"),
    ("note", "cal", "consulted", "Calden", "Calden says what it needs. Languages: English"),
    ("note", "cal", "shared", "Calden", "will respect its conditions"),
    ("note", "cal", "shared without conditions", "Calden", "Calden thanks you for the information."),
    ("conditions", "logs", "", "Central authority, Calden", "under conditions"),
    (
        "carried-out",
        "logs",
        "",
        "Central authority, Calden",
        "Connection logs of the satellite terminal. The papers",
    ),
    ("leak", "logs", "", "Central authority, Calden", "signs that the persons concerned know"),
    ("consented", "terminal-logs", "", "Satellite provider, Calden", "consents to its further use"),
    ("team-agreed", "team", "cal", "Your office", "Calden has signed the agreement"),
    ("hit", "interpol-databases", "identity", "INTERPOL", "the identity could be established. It is no evidence."),
    ("no-hit", "interpol-databases", "", "INTERPOL", "nothing was found"),
    ("note", "logs", "the channel is closed", "Case file", "the channel cannot be used"),
    ("note", "terminal-logs", "used beyond its conditions", "Case file", "the court leaves it out"),
    ("note", "cal", "no basis for a team", "Calden", "no basis for a joint investigation team"),
    ("note", "deckhand", "safe conduct ends", "Case file", "fifteen days have passed"),
    ("note", "logs", "supplemented", "Case file", "Your answer to their question on Connection logs"),
    ("note", "logs", "progress: legal-check", "Central authority", "stands: Checked for completeness and law."),
    ("note", "deckhand", "identity known", "Case file", "The identity of The deckhand"),
    ("note", "deckhand", "no longer available", "Case file", "could not be reached"),
    ("note", "deckhand", "supported: shelter", "Case file", "supported: shelter."),
    ("note", "terminal-logs", "nothing left to preserve", "Case file", "nothing left to preserve"),
    ("note", "somewhere", "something", "Case file", "somewhere: something."),
]


@pytest.mark.parametrize(("event", "of", "detail", "sender", "words"), SAID)
def test_what_is_said(run: CaseRun, event: str, of: str, detail: str, sender: str, words: str) -> None:
    message = say(run, event, of, detail)
    assert message is not None
    assert message.sender == sender
    assert words in message.text
    assert "{" not in message.text
    assert (message.kind, message.about, message.moment) == (event, of, run.now)


def test_every_event_that_a_moment_can_name_is_told() -> None:
    (events,) = [a for a in typing.get_args(Moment.model_fields["event"].annotation) if a is not type(None)]
    at_the_desk = {"arrived", "examined", "answered", "reminder"}  # told in tests/training/test_desk.py
    assert set(typing.get_args(events)) - {event for event, *_ in SAID} - at_the_desk == {"decided"}


SILENT = [
    ("decided", "first-steps", "preserve-first"),
    ("finished", "logs", "executed"),
    ("finished", "logs", "executed in part"),
    ("finished", "logs", "refused: ne-bis-in-idem"),
    ("finished", "logs", "returned unregistered"),
    ("sent", "preserve-terminal-logs", ""),
    ("executed", "preserve-terminal-logs", "executed"),
    ("sent", "unknown", ""),
]


@pytest.mark.parametrize(("event", "of", "detail"), SILENT)
def test_what_is_told_otherwise_or_known_already(run: CaseRun, event: str, of: str, detail: str) -> None:
    assert say(run, event, of, detail) is None


def test_subject_of_a_request_of_several_measures(short: Scenario, short_plan: Plan) -> None:
    run = CaseRun(short, seed=1, plan=short_plan)
    spec = SendRequest.model_validate({**LETTER, "measures": ["traffic-data", "subscriber-data"]})
    run.perform(Action.model_construct(send=spec))
    assert subject(run, "logs") == "Connection logs of the satellite terminal"
    run.requests["logs"].evidence = ()
    assert subject(run, "logs") == "traffic and location data and subscriber data"
    run.requests["logs"].spec = None
    assert subject(run, "logs") == "logs"


def test_a_letter_that_comes_back_says_why(run: CaseRun) -> None:
    request = run.requests["logs"]
    known = request.why
    request.why = [Circumstance("returned", 0.85, "Calden does not take requests that way", "untoc 18(13)")]
    told = say(run, "returned", "logs")
    request.why = known
    assert told is not None and "unregistered: Calden does not take requests that way." in told.text


def test_a_hearing_that_can_only_be_in_writing_says_so(short: Scenario) -> None:
    data = copied_data(short)
    data["jurisdiction", "cal"]["video link"] = "written questions only"
    run = CaseRun(with_data(short, data), seed=1)
    run.perform(Action.model_construct(send=SendRequest.model_validate({**LETTER, "measures": ["video-hearing"]})))
    done, advice = say(run, "carried-out", "logs"), say(run, "note", "cal", "consulted")
    assert done is not None and "your questions were put in writing" in done.text
    assert advice is not None and "No hearings by video" in advice.text


def test_words_of_an_author_pass_through_unchanged(short: Scenario) -> None:
    data = copied_data(short)
    case: dict[str, Any] = data["case", short.id]
    case["evidence"]["terminal-logs"] |= {"title": HOSTILE, "holder": HOSTILE}
    case["people"]["deckhand"]["title"] = HOSTILE
    case["deadlines"]["detention-hearing"]["title"] = HOSTILE
    case["injects"]["retention-notice"] |= {"title": HOSTILE, "says": HOSTILE, "when": {"after": "0 days"}}
    hostile = with_data(short, data)
    session = Session(hostile, seed=1)
    run = session.run
    texts = [
        say(run, "preserved", "terminal-logs", HOSTILE),
        say(run, "person-withdrew", "deckhand"),
        say(run, "deadline", "detention-hearing"),
        say(run, "note", "deckhand", HOSTILE),
        say(run, "note", HOSTILE, "feedback given"),
    ]
    assert all(message is not None and HOSTILE in message.text for message in texts)
    assert texts[0].sender == HOSTILE
    session.choose("gather-first")
    inject = next(message for message in session.inbox if message.kind == "inject")
    assert (inject.sender, inject.text) == (HOSTILE, HOSTILE)


def test_a_play_tells_everything_in_order(usual: Session) -> None:
    moments = [message.moment for message in usual.inbox]
    assert moments == sorted(moments)
    assert all(message.text and message.sender for message in usual.inbox)
    happened = [happening for happening in usual.run.happenings if message_of(usual.run, happening) is not None]
    injects = [message for message in usual.inbox if message.kind == "inject"]
    assert len(usual.inbox) == len(happened) + len(injects)
    assert len(injects) >= 4


def test_what_comes_back_unregistered_was_never_registered(played: Callable[..., Session]) -> None:
    session = played(1, first_steps="gather-first", logs_letter="by-courier")
    assert session.run.request_state("logs") == "returned unregistered"
    kinds = [message.kind for message in session.inbox if message.about == "logs"]
    assert "returned" in kinds
    assert "acknowledged" not in kinds
