"""The letter as a document: as thin as the draft, in the order of UNTOC art. 18(15), with invented data only."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import get_args

import pytest

from sim.engine.plan import Plan
from sim.model.actions import SendRequest
from sim.model.drafting import Draft
from sim.model.form import Part
from sim.model.loading import Scenario, copied_data, with_data
from sim.training.letters import Letter, label_languages, letter_of
from sim.training.session import Session

KEYS = ("to", "from", "reference", "date", "title", "signature")


@pytest.fixture(scope="module")
def session(short: Scenario) -> Session:
    data = copied_data(short)
    data["case", short.id]["drafting"] = {
        "facts": {
            "messages": {"text": "Orders came by satellite.", "connects": ["terminal-logs"]},
            "account": {"text": "Eleven men work unpaid.", "connects": ["offence"]},
        },
        "identifiers": {"terminal": {"text": "Terminal {account}, {iban}, {phone}, {0}", "of": ["terminal-logs"]}},
        "periods": {"forty": {"text": "The last forty days"}},
        "persons": {
            "captain": {"text": "the captain", "of": ["terminal-logs"]},
            "deckhand": {"text": "the man who came forward", "person": "deckhand"},
        },
    }
    return Session(with_data(short, data), seed=7)


def spec(**draft: object) -> SendRequest:
    return SendRequest.model_validate(
        {
            "id": "logs",
            "to": "cal",
            "measures": ["traffic-data"],
            "evidence": ["terminal-logs"],
            "instrument": "untoc",
            "channel": "central-authority",
            "language": "en",
            "urgent": "with reasons",
            "confidential": True,
            "draft": {
                "facts": ["messages", "account"],
                "identifiers": ["terminal"],
                "period": "forty",
                "persons": {"captain": "by name", "deckhand": "without a name"},
                "nature": "offence and stage, with the provisions",
                "contact": True,
                "purpose": "this case",
                "deadline": "detention-hearing",
                "annexes": ["provisions"],
                **draft,
            },
        }
    )


def written(session: Session, request: SendRequest, seed: int = 7, labels: str = "en") -> Letter:
    return letter_of(session.run, request, seed=seed, labels=labels)


def words(letter: Letter) -> str:
    return "\n".join(line for section in letter.sections for line in section.paragraphs)


def test_a_full_letter_has_every_part_in_the_order_of_the_convention(session: Session) -> None:
    letter = written(session, spec())
    keys = [section.key for section in letter.sections]
    assert keys == [part for part in get_args(Part) if part != "notes"]
    assert words(letter).index("Eleven men") < words(letter).index("Orders came"), "the offence before its links"
    assert "29 June 2027" in words(letter) and "Hearing on the captain" in words(letter)


def test_what_was_left_out_is_not_repaired(session: Session) -> None:
    thin = spec(facts=[], nature="nothing", purpose="nothing", persons={}, annexes=[], deadline=None, contact=False)
    thin = thin.model_copy(update={"urgent": "stamped", "confidential": False, "formalities": False})
    letter = written(session, thin)
    said = [section.key for section in letter.sections if section.paragraphs]
    assert said == ["legal-basis", "authority", "assistance", "urgency", "language"]
    left = [section.key for section in letter.sections if not section.paragraphs]
    assert left == ["nature", "facts", "persons", "purpose"] and letter.blanks == 4, "blank, not invented"
    assert "URGENT" in words(letter) and "Contact" not in words(letter)


def test_a_protected_person_gets_no_name_and_a_named_one_an_invented_one(session: Session) -> None:
    letter = written(session, spec())
    persons = next(section for section in letter.sections if section.key == "persons").paragraphs
    assert re.fullmatch(r".+, born \d{1,2} [A-Z][a-z]+ \d{4}: the captain", persons[0])
    assert persons[1] == "Person B: the man who came forward"


def test_numbers_and_addresses_cannot_be_anybodys(session: Session) -> None:
    text = words(written(session, spec()))
    assert re.search(r"XX00 \d{4} \d{4} \d{4} \d{4}, \+999 \d{8}, \{0\}", text)
    assert all(address.endswith(".example") for address in re.findall(r"@[\w.]+", text))


def test_the_same_play_invents_the_same_people_and_another_seed_others(session: Session) -> None:
    assert written(session, spec()) == written(session, spec())
    assert words(written(session, spec())) != words(written(session, spec(), seed=8))


def test_every_language_has_every_heading(session: Session) -> None:
    assert set(label_languages()) == {"en", "fr", "es", "ru", "zh", "ar"}
    english = written(session, spec())
    for language in label_languages():
        letter = written(session, spec(), labels=language)
        assert letter.title and len(letter.sections) == len(english.sections)
        if language != "en":
            assert all(a.heading for a in letter.sections)
            assert sum(a.heading != b.heading for a, b in zip(letter.sections, english.sections, strict=True)) > 8
        assert letter.right_to_left == (language == "ar")
    missing = written(session, spec(), labels="xx")
    assert missing.labels_missing and missing.title == english.title


def test_own_words_stand_where_they_were_written(session: Session) -> None:
    own = "He said {iban} <b>& more</b>"
    letter = written(session, spec(words={"facts": own, "notes": "Thank you."}))
    assert next(s for s in letter.sections if s.key == "facts").paragraphs[-1] == own
    assert letter.sections[-1].paragraphs == ("Thank you.",)


def test_a_letter_that_was_not_drafted_can_still_be_written_out(session: Session, short_plan: Plan) -> None:
    assert written(session, spec().model_copy(update={"draft": None})).sections
    assert Draft() == Draft.model_validate({})
    assert replace(written(session, spec()), labels="en") == written(session, spec())
