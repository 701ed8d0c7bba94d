"""People of a story get names by the play's luck; what evidence shows and what the court made of it is told."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from sim.errors import ScenarioError
from sim.model.loading import Scenario, copied_data, with_data
from sim.training.invented_names import names_of
from sim.training.players import play_through, player
from sim.training.session import Session
from sim.views.seat import panels
from sim.views.seat.evidence_tables import evidence


def named(short: Scenario, **person: Any) -> Scenario:
    data = copied_data(short)
    case: dict[str, Any] = data["case", short.id]
    case["people"]["deckhand"] |= {"gender": "male", **person}
    case["story"] = "{deckhand} walked off a long-liner."
    case["decisions"]["care"]["question"] = "{deckhand} sleeps in a cell."
    case["decisions"]["care"]["options"]["recover-first"]["text"] = "Shelter for {deckhand}."
    case["evidence"]["statement"] |= {"shows": "{deckhand} tells of nine men.", "in court": "The court believed him."}
    return with_data(short, data)


def test_a_name_stands_wherever_the_story_uses_it_and_is_the_same_in_every_replay(short: Scenario) -> None:
    case = named(short)
    one, again, other = Session(case, seed=7), Session(case, seed=7), Session(case, seed=8)
    name = one.case.story.split(" walked")[0]
    assert "{" not in name and len(name.split()) >= 2
    assert again.case.story == one.case.story != other.case.story
    assert one.case.decisions["care"].question == f"{name} sleeps in a cell."
    assert one.case.decisions["care"].options["recover-first"].text == f"Shelter for {name}."
    assert one.case.evidence["statement"].shows.startswith(name)
    assert one.case.decisions["money"] is case.case.decisions["money"]  # type: ignore[union-attr]  # shared


def test_names_decide_nothing(short: Scenario) -> None:
    plain = play_through(short, player("textbook"), seed=7)
    assert play_through(named(short), player("textbook"), seed=7).sha256 == plain.sha256


@pytest.mark.parametrize("locale", ["th_TH", "ar_EG", "ru_RU", "id_ID"])
def test_a_name_can_be_read_wherever_it_is_from(short: Scenario, locale: str) -> None:
    found = names_of(named(short, names=locale), seed=3)["deckhand"]
    assert all("LATIN" in unicodedata.name(letter) for letter in found if letter.isalpha())


def test_nobody_is_named_whose_gender_is_not_said(short: Scenario) -> None:
    data = copied_data(short)
    told = {"deckhand"}
    assert names_of(short, seed=7).keys() == told, "of the others the case does not say it"
    for word in ("gender", "names"):
        data["case", short.id]["people"]["deckhand"].pop(word)
    data["case", short.id]["story"] = "{deckhand} walked off; {decand} did, too."
    with pytest.raises(ScenarioError) as error:
        with_data(short, data)
    assert str(error.value).count("R301") >= 2 and "whose gender stands in people" in str(error.value)


def test_what_evidence_shows_is_read_once_it_is_in_the_file_and_the_court_is_quoted_at_the_end(short: Scenario) -> None:
    session = Session(named(short), seed=7)
    assert "tells of nine men" not in panels.case_file(session)
    who = player("textbook")
    while not session.ended:
        if session.question is not None:
            session.choose(who.decide(session))
        else:
            session.go_on()
    assert session.run.evidence["statement"].obtained_at is not None
    assert "tells of nine men" in panels.case_file(session)
    assert "The court believed him." in evidence(session.debrief(replays=0))


def test_who_takes_the_longest_text_reads_nothing(short: Scenario) -> None:
    session = Session(short, seed=7)
    assert session.question is not None
    texts = {id_: len(" ".join(option.text.split())) for id_, option in session.question.options.items()}
    assert texts[player("longest").decide(session)] == max(texts.values())
