"""The drafting desk: the letter beside its fields, as it is typed, with all that is missing said at once."""

from __future__ import annotations

import asyncio
import html
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from sim.case.requests import LetterRequest, PreservationRequest
from sim.model.action import Action
from sim.model.actions import Preserve
from sim.model.loading import Scenario
from sim.views.seat import drafting_desk
from sim.views.seat.app import TrainerApp
from sim.views.seat.drafting_desk import DraftingDesk
from sim.views.seat.tabs import LETTER
from tests.views.test_app import seat


def open_desk(app: TrainerApp) -> DraftingDesk:
    """The desk as it is when its tab has been opened."""
    app.tabs.selected_index = LETTER
    return app.letters


def test_the_letter_follows_what_is_typed_whatever_is_still_to_be_picked(case: Scenario) -> None:
    desk = open_desk(seat(case))
    assert (
        "Request for mutual legal assistance" in desk.preview.value and "to be completed by hand" in desk.preview.value
    )
    desk.words["facts"].value = "Eleven men <b>without</b> papers."
    assert "Eleven men &lt;b&gt;without&lt;/b&gt; papers." in desk.preview.value
    desk.state.value = "nor"
    desk.measure.value = "company-records"
    assert "Executing authority" not in desk.whom.value and "Central authority of Norvale" in desk.whom.value
    desk.instrument.value = "eio"
    assert "Annex A" in desk.preview.value and "Executing authority of Norvale" in desk.whom.value
    before = desk.preview.value
    desk.words["facts"].value = "x" * 4001
    assert desk.preview.value == before, "what could not be kept is not shown"


def test_all_that_is_missing_is_said_at_once(case: Scenario) -> None:
    desk = open_desk(seat(case))
    desk.button.click()
    said = html.unescape(desk.note.value)
    for field in (desk.measure, desk.instrument, desk.channel, desk.language):
        assert f"{field.description}: choose one first." in said
    assert said.count("choose one first.") == 4 and "role='alert'" in said
    desk.words["facts"].value = "x" * 4001
    said = html.unescape(desk.note.value)
    assert said.count("<li>") == 5
    desk.words["facts"].value = ""
    desk.measure.value, desk.instrument.value, desk.channel.value = "bank-records", "untoc", "central-authority"
    assert desk.note.value.count("<li>") == 1
    desk.language.value = "en"
    assert desk.note.value == ""


def test_addressee_holder_preservation_and_annexes_stand_in_the_letter(case: Scenario) -> None:
    app = seat(case)
    app.session.act(Action(content=Preserve(evidence="terminal-logs", channel="contact-24-7")))
    app.tabs.selected_index = LETTER
    desk = app.letters
    desk.state.value = "cal"
    for id_, tick in desk.evidence.items():
        tick.value = id_ == "terminal-logs"
    desk.measure.value, desk.instrument.value, desk.language.value = "traffic-data", "untoc", "en"
    holder = html.escape(case.case.evidence["terminal-logs"].holder, quote=False)
    reference = re.search(r"LYS-\d{4}/P1 of 1 March 2027", desk.whom.value)
    assert reference and holder in html.unescape(desk.whom.value)
    shown = html.unescape(desk.preview.value)
    assert reference[0] in shown and case.case.evidence["terminal-logs"].holder in shown
    desk.nature.value = "offence and stage, with the provisions"
    desk.annexes["court order"].value = desk.annexes["translation"].value = True
    shown = html.unescape(desk.preview.value)
    assert "1. Text of the offence and of the penalty, Lysmark" in shown and "Annex 1: Text of the offence" in shown
    assert "2. Court order: " in shown and "3. Translation into English (certified)" in shown


def test_a_request_for_preservation_has_its_own_headings_and_brings_nothing_into_the_file(case: Scenario) -> None:
    app = seat(case)
    desk = open_desk(app)
    desk.state.value = "cal"
    desk.measure.value, desk.instrument.value = "preservation", "budapest"
    desk.channel.value, desk.language.value = "contact-24-7", "en"
    for tick in desk.evidence.values():
        tick.value = False
    shown = html.unescape(desk.preview.value)
    for heading in (
        "(a) Authority seeking",
        "(c) Stored computer data",
        "(d) Custodian",
        "(e) Necessity",
        "(f) Request",
    ):
        assert heading in shown
    assert "one thing that is to be kept" in desk.note.value
    desk.evidence["terminal-logs"].value = True
    assert desk.note.value == ""
    desk.button.click()
    assert isinstance(app.session.run.requests["preserve-terminal-logs"], PreservationRequest)
    assert not any(isinstance(one, LetterRequest) for one in app.session.run.requests.values())


def test_keystrokes_are_gathered_before_the_letter_is_written_anew(
    case: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafting_desk, "PAUSE", 0.02)
    drawn: list[str] = []
    write = drafting_desk.letter_of

    def counted(*args: object, **kwargs: object) -> object:
        drawn.append("")
        return write(*args, **kwargs)  # type: ignore[arg-type] # passed on as they came

    async def type_on() -> str:
        desk = open_desk(seat(case))
        monkeypatch.setattr(drafting_desk, "letter_of", counted)
        for place in range(1, 12):
            desk.words["facts"].value = "Eleven men."[:place]
        assert not drawn
        await asyncio.sleep(0.1)
        return desk.preview.value

    with ThreadPoolExecutor(1) as own:  # the browser tests may keep a loop running in this thread
        shown = own.submit(asyncio.run, type_on()).result()
    assert "Eleven men." in shown and len(drawn) == 1
