"""An event from outside the package: one record, one sentence, and it is everywhere."""

from __future__ import annotations

import pickle
from collections.abc import Iterator

import jsonschema
import pytest

from sim.errors import ScenarioError
from sim.model.events import EVENTS, Event, Preserved
from sim.model.loading import Scenario, copied_data, with_data
from sim.model.schema import json_schema
from sim.training import telling
from sim.training.messages import message_of
from sim.training.players import Scripted, finish
from sim.training.session import Session
from sim.training.telling import central_authority, sentence


@pytest.fixture
def forwarded() -> Iterator[type[Event]]:
    """The event is there while a test runs, as it would be with a package that is imported."""

    class Forwarded(Event, name="forwarded", subject="request", needs_you=True, once=True):
        """The central authority has given it to the court that will carry it out."""

    sentence(Forwarded, central_authority, "{title} is with the court of {state} now.")
    try:
        yield Forwarded
    finally:
        del EVENTS["forwarded"], telling.TELLERS[Forwarded]


def announcing(short: Scenario, **when: str) -> Scenario:
    """The case in a world whose letters say that they have been given to a court, with an inject that awaits it."""
    data = copied_data(short)
    data["procedure", "letter-of-request"]["stages"]["allocation"]["announces"] = "forwarded"
    data["case", short.id]["injects"]["a-call"] = {
        "title": "A call",
        "when": {"event": "forwarded", **when},
        "says": "The court's clerk rings.",
    }
    return with_data(short, data)


@pytest.mark.usefixtures("forwarded")
def test_a_procedure_announces_it_and_a_story_can_wait_for_it(short: Scenario, forwarded: type[Event]) -> None:
    case = announcing(short)
    heard = []
    for seed in range(1, 5):
        session = finish(Session(case, seed=seed), Scripted({}))
        told = [event for event in session.run.events if type(event) is forwarded]
        assert len(told) == len({event.about for event in told}), "it is told once of each request"
        calls = [message for message in session.inbox if message.about == "a-call"]
        assert bool(calls) == bool(told)
        heard += [message for message in session.inbox if message.kind == "forwarded"]
    assert heard and all(message.needs_you for message in heard)
    states = {profile.title for profile in short.jurisdictions.values()}
    assert all(message.text.partition(" is with the court of ")[2].removesuffix(" now.") in states for message in heard)


@pytest.mark.usefixtures("forwarded")
def test_files_are_checked_against_it(short: Scenario) -> None:
    with pytest.raises(ScenarioError, match="there is no request 'nowhere' in this case"):
        announcing(short, of="nowhere")
    data = copied_data(short)
    validator = jsonschema.Draft202012Validator(json_schema("procedure"))
    procedure = data["procedure", "letter-of-request"]
    procedure["stages"]["allocation"]["announces"] = "forwarded"
    assert validator.is_valid(procedure)
    procedure["stages"]["allocation"]["announces"] = "forgotten"
    assert not validator.is_valid(procedure)


def test_without_it_nothing_of_it_is_known(short: Scenario) -> None:
    with pytest.raises(ScenarioError, match="'forwarded' is not one of the values allowed"):
        announcing(short)


def test_an_event_without_a_sentence_says_so_and_no_name_is_taken_twice(short: Scenario) -> None:
    class Mumbled(Event, name="mumbled", subject="state"):
        """Nobody has said how it is told."""

    try:
        session = Session(short, seed=1)
        with pytest.raises(LookupError, match="'mumbled' has no sentence"):
            message_of(session.run, Mumbled(0, "cal"))
        with pytest.raises(TypeError, match="there is an event 'mumbled' already"):

            class Again(Event, name="mumbled", subject="state"):
                """The same name."""
    finally:
        del EVENTS["mumbled"]


def test_an_event_is_a_frozen_record() -> None:
    told = Preserved(3, "logs", days=90)
    assert told == Preserved(3, "logs", 90) != Preserved(3, "logs", 60) and len({told, Preserved(3, "logs", 90)}) == 1
    assert pickle.loads(pickle.dumps(told)) == told
    assert repr(told) == "Preserved(moment=3, about='logs', days=90)"
    with pytest.raises(AttributeError, match="cannot be set"):
        told.days = 2  # type: ignore[misc]
    with pytest.raises(TypeError, match="Preserved has the fields days"):
        Preserved(3, "logs", until=2)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="'nameless' has no default for what"):

        class Nameless(Event, name="nameless", subject="state"):
            """It lacks a default."""

            what: str
