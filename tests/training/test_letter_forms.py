"""Letters in the form that their instrument prescribes: which form, what stands where, what is left to hand."""

from __future__ import annotations

import io
from typing import get_args

import pytest
from docx import Document

import sim
from sim.engine.plan import Plan
from sim.errors import UsageError
from sim.law.drafting import draft_as_scripted, judge, material_for
from sim.model.action import Action
from sim.model.actions import Item, SendRequest
from sim.model.form import GENERAL_FORMS, Part
from sim.model.library import Library, shipped_folder
from sim.model.loading import Scenario, copied_data, with_data
from sim.training.letter_contents import LetterContents
from sim.training.letters import Letter, letter_called, letter_of, letters_in
from sim.training.session import Session
from sim.views.letter import letter_html
from sim.views.letter_docx import letter_docx

CASES = ("first-letter", "four-days", "her-word", "paper-roses", "silent-harbour", "the-compound")
"""The shipped cases in which letters are written; at the desk of requests from abroad there are none."""
DRAFT = {
    "facts": ["eleven-men", "nightly-orders"],
    "identifiers": ["terminal"],
    "period": "forty-days",
    "persons": {"captain": "by name", "deckhand": "without a name"},
    "nature": "offence and stage, with the provisions",
    "contact": True,
    "purpose": "this case",
    "deadline": "detention-hearing",
    "annexes": ["provisions"],
}
FORMS = {
    ("eio", "bank-records"): "European Investigation Order (EIO)",
    ("e-evidence", "traffic-data"): "European Production Order Certificate (EPOC)",
    ("e-evidence", "preservation"): "European Preservation Order Certificate (EPOC-PR)",
    ("eaw", "extradition"): "European Arrest Warrant",
    ("eu-2018-1805", "freezing"): "Freezing certificate",
    ("eu-2018-1805", "confiscation"): "Confiscation certificate",
    ("jit-framework", "joint-investigation"): "Agreement on the establishment of a joint investigation team",
    ("coe-1959", "bank-records"): "Request for mutual assistance in criminal matters",
    ("coe-1959-p2", "video-hearing"): "Request for mutual assistance in criminal matters",
    ("untoc", "bank-records"): "Request for mutual legal assistance in criminal matters",
    ("budapest", "traffic-data"): "Request for mutual legal assistance in criminal matters",
    ("budapest", "preservation"): "Request for the expedited preservation of stored computer data",
    ("bilateral-mlat", "bank-records"): "Request for mutual legal assistance in criminal matters",
}
"""What a lawyer expects to hold in the hand, by instrument and measure."""


@pytest.fixture(scope="module")
def session(short: Scenario, short_plan: Plan) -> Session:
    return Session(short, seed=7, plan=short_plan)


@pytest.fixture(scope="module", params=[pytest.param(case, marks=pytest.mark.slow) for case in CASES])
def play(request: pytest.FixtureRequest) -> Session:
    return sim.play(request.param, seed=7)


def spec(instrument: str = "eio", measure: str = "traffic-data", **more: object) -> SendRequest:
    return SendRequest.model_validate(
        {
            "id": "logs",
            "to": "nor",
            "measures": [measure],
            "evidence": ["terminal-logs"],
            "instrument": instrument,
            "channel": "direct-judicial",
            "language": "fr",
            "urgent": "with reasons",
            "confidential": True,
            "draft": DRAFT,
            **more,
        }
    )


def ticked(letter: Letter, key: str) -> list[str]:
    section = next(section for section in letter.sections if section.key == key)
    return [box.words for entry in section.entries for box in entry.boxes if box.ticked]


def drafted(contents: LetterContents) -> list[str]:
    """Every line of a letter; of the lines on the authority, the beginning, since forms divide them."""
    found = {part: contents.says(part) for part in get_args(Part)}
    found["authority"] = [line.partition(",")[0].removeprefix("Contact: ") for line in found["authority"]]
    return [line for lines in found.values() for line in lines]


@pytest.mark.slow
@pytest.mark.parametrize(("instrument", "measure"), FORMS)
def test_nothing_drafted_is_lost_for_a_word_processor(session: Session, instrument: str, measure: str) -> None:
    request = spec(instrument, measure)
    words = Document(io.BytesIO(letter_docx(letter_of(session.run, request, seed=7))))
    written = "\n".join([p.text for p in words.paragraphs] + [c.text for t in words.tables for c in t._cells])
    for line in drafted(LetterContents(session.run, request, 7)):
        assert line in written


@pytest.mark.parametrize(("instrument", "measure"), FORMS)
def test_the_instrument_decides_the_form_and_nothing_drafted_is_lost(
    session: Session, instrument: str, measure: str
) -> None:
    request = spec(instrument, measure)
    letter = letter_of(session.run, request, seed=7)
    assert letter.title.startswith(FORMS[instrument, measure])
    contents = LetterContents(session.run, request, 7)
    page = letter_html(letter)
    for line in drafted(contents):
        assert line.split("'")[0] in page, line
    entries = [entry for section in letter.sections for entry in section.entries]
    assert letter.blanks == sum(
        not e.lines and not any(b.ticked for b in e.boxes) and e.state == "blank" for e in entries
    )
    assert "Form" in letter.form or "Model" in letter.form


def test_every_letter_of_a_shipped_case_has_the_form_of_its_basis(play: Session) -> None:
    known = letters_in(play.run)
    assert known
    for request, moment in known.values():
        letter = letter_of(play.run, request, seed=7, moment=moment)
        order = FORMS["eio", "bank-records"] if request.instrument == "eio" else FORMS["untoc", "bank-records"]
        assert letter.title == order
        assert letter_html(letter) and letter_docx(letter)
        titles = [play.case.evidence[id_].title for id_ in request.evidence]
        said = " ".join(line for section in letter.sections for line in section.paragraphs)
        assert all(title in said for title in titles)
        if dict(request.items).get("nature", "full") == "full":
            assert letter.annexes and "invented" in letter.annexes[0].note


def test_a_scripted_letter_is_written_as_good_as_its_author_says_it_is(play: Session) -> None:
    victims = {id_ for id_, person in play.case.people.items() if person.role == "victim-witness"}
    for request, _moment in letters_in(play.run).values():
        titles = {id_: play.case.evidence[id_].title for id_ in request.evidence}
        material = material_for(play.case.drafting, titles)
        found = judge(draft_as_scripted(request, material, victims), material, request.evidence, victims)
        said = {item: dict(request.items).get(item, "full") for item in get_args(Item)}
        for item in ("authority", "nature", "purpose"):
            assert found.items[item] == said[item]  # type: ignore[index]  # an item, as the loop names it
        assert all(found.items[item] == "full" for item in ("facts", "assistance") if said[item] == "full")  # type: ignore[index]
        assert found.names_victim <= request.names_victim


def test_boxes_are_ticked_by_rule_and_by_nothing_else(session: Session) -> None:
    def eio(measure: str, **more: object) -> Letter:
        return letter_of(session.run, spec("eio", measure, **more), seed=7)

    assert ticked(eio("bank-records"), "C") == ["information on banking and other financial transactions"]
    assert ticked(eio("victim-interview"), "C") == ["hearing", "victim"]
    assert ticked(eio("company-records"), "C") == []
    assert ticked(eio("company-records"), "B") == ["any other reason"]
    assert ticked(eio("company-records", urgent="stamped"), "B") == []
    assert ticked(eio("company-records"), "G") == ["trafficking in human beings"]
    grounds = next(section for section in eio("company-records").sections if section.key == "G")
    listed = [box.words for box in grounds.entries[-1].boxes]
    assert listed[0] == "participation in a criminal organisation" and listed[-1] == "sabotage" and len(listed) == 32
    assert ticked(eio("company-records", draft={**DRAFT, "nature": "the offence only", "annexes": []}), "G") == []
    assert ticked(eio("company-records", formalities=False), "I") == []


@pytest.mark.parametrize("instrument", ["eio", "untoc"])
def test_hostile_words_neither_run_nor_break_the_document(session: Session, instrument: str) -> None:
    words = "</p><script>alert(1)</script> ' \" & \x00\x1b[2J \u202e ]]> {iban}\x0b{0}"
    draft = {**DRAFT, "words": dict.fromkeys(("facts", "persons", "urgency", "notes", "authority"), words)}
    letter = letter_of(session.run, spec(instrument, draft=draft), seed=7)
    page = letter_html(letter)
    assert "<script" not in page and "\x00" not in page and "\x1b" not in page
    assert page.count("&lt;script&gt;") >= 5, "kept, in every part and beside the form"
    assert page.count("<p") == page.count("</p>") and page.count("<div") == page.count("</div>")
    document = Document(io.BytesIO(letter_docx(letter)))
    assert sum("<script>alert(1)</script>" in paragraph.text for paragraph in document.paragraphs) >= 5


def test_an_order_to_a_provider_tells_it_nothing_that_the_certificate_does_not(session: Session) -> None:
    letter = letter_of(session.run, spec("e-evidence", "preservation", channel="provider-order"), seed=7)
    sent = " ".join(line for section in letter.sections for line in section.paragraphs)
    assert "Eleven men" not in sent and "the man who came forward" not in sent
    assert {section.key for section in letter.beside} >= {"facts", "persons"}
    assert dict(letter.head)["To"] == session.case.evidence["terminal-logs"].holder
    production = letter_of(session.run, spec("e-evidence", "subscriber-data", channel="provider-order"), seed=7)
    assert "at the latest within 10 days" in ticked(production, "C")[0]
    assert "(a) subscriber data" in ticked(production, "F")


@pytest.mark.slow
def test_a_proposal_of_a_joint_team_is_the_model_agreement() -> None:
    play = sim.play("paper-roses", seed=7)
    play.act(Action.model_validate({"propose team": {"members": ["nor"]}}))
    request, moment = letter_called(play.run, "team-nor")
    letter = letter_of(play.run, request, seed=7, moment=moment)
    assert letter.title.startswith("Agreement on the establishment of a joint investigation team")
    assert request.instrument == "eu-2000"
    parties = letter.sections[0].paragraphs
    assert "Lysmark" in parties[0] and parties[-1] == "Norvale" and letter.blanks == 5


@pytest.mark.slow
def test_a_penalty_that_the_profile_lacks_is_left_to_hand(session: Session) -> None:
    data = copied_data(session.scenario)
    del data["jurisdiction", "lys"]["criminal law"]
    bare = Session(with_data(session.scenario, data), seed=7)
    letter = letter_of(bare.run, spec(), seed=7)
    assert not letter.annexes and ticked(letter, "G") == []
    assert letter.blanks == letter_of(session.run, spec(), seed=7).blanks + 1, "the applicable statutory provision"


def test_a_letter_is_dated_when_it_was_sent(short: Scenario, short_plan: Plan) -> None:
    play = Session(short, seed=7, plan=short_plan)
    sent: list[str] = []
    while not sent:
        assert play.question is not None
        play.choose(play.question.decision.option_of("textbook"))
        sent = [id_ for id_ in letters_in(play.run) if id_ in play.run.requests]
    request, moment = letter_called(play.run, sent[0])
    dated = letter_of(play.run, request, seed=7, moment=moment)
    while letter_of(play.run, request, seed=7) == dated:
        assert play.question is not None
        play.choose(play.question.decision.option_of("textbook"))
    assert letter_of(play.run, request, seed=7, moment=letter_called(play.run, sent[0])[1]) == dated
    with pytest.raises(UsageError, match="did you mean"):
        letter_called(play.run, f"{sent[0]}x")


@pytest.mark.slow
def test_a_form_of_an_authors_own_is_used_and_its_mistakes_are_said(short: Scenario) -> None:
    data = copied_data(short)
    data["form", "european-investigation-order"]["sections"].append(
        {"number": "99", "heading": "Costs", "fields": [{"asks": "Who bears them"}]}
    )
    play = Session(with_data(short, data), seed=7)
    letter = letter_of(play.run, spec("eio"), seed=7)
    assert letter.sections[-1].heading == "Costs" and letter.sections[-1].entries[0].state == "blank"


def test_every_shipped_form_is_used_by_an_instrument_and_says_whether_it_was_read() -> None:
    library = Library((shipped_folder(),))
    named = {id_ for one in library.ids("instrument") for id_ in library.get("instrument", one).letter_forms}  # type: ignore[union-attr]
    assert {*library.ids("form")} == named | {*GENERAL_FORMS}
    read = {id_ for id_ in library.ids("form") if library.get("form", id_).read is not None}  # type: ignore[union-attr]
    assert read == {
        "preservation-request",
        "european-production-order-certificate",
        "european-preservation-order-certificate",
        "freezing-certificate",
        "confiscation-certificate",
    }
