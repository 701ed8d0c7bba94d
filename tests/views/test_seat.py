"""The seat beyond its questions: time, the toolbox, the desks, roles at the table, another language."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import ipywidgets as widgets
import pytest

from sim import i18n
from sim.model.action_kinds import ACTIONS
from sim.model.loading import Scenario, copied_data, load, with_data
from sim.training.action_rules import action_of
from sim.views.seat.app import TrainerApp
from sim.views.seat.tabs import ACT, LAW, LETTER
from tests.seat import card, look, pick
from tests.views.test_app import choose, every, seat, steps_in


def test_time_passes_as_it_is_told(case: Scenario, tmp_path: Path) -> None:
    app = seat(case, tmp_path)
    assert app.time.view.layout.display == "none", "a question keeps time still"
    pick(app)
    assert app.time.view.layout.display != "none" and "Your move" in app.question.value
    day = app.session.run.day
    app.time.one_day.click()
    assert app.session.run.day > day
    choose(app)
    app.time.to_date.click()
    assert "Choose a date first" in app.status.value or app.session.question is not None


def test_to_a_date(case: Scenario) -> None:
    app = seat(case)
    for _place in range(2):
        choose(app)
    pick(app)
    target = (app.session.now + timedelta(days=2)).date()
    app.time.date.value = target
    app.time.to_date.click()
    assert app.session.now.date() == target or app.session.question is not None


def test_every_action_can_be_picked_and_what_lacks_something_says_so(case: Scenario) -> None:
    app = seat(case)
    app.tabs.selected_index = ACT
    offered = [name for _words, name in app.toolbox.what.options]
    assert offered == [kind.name for kind in ACTIONS.values() if kind.seat == "requesting" and kind.name != "send"]
    for name in offered:
        app.toolbox.what.value = name
        assert app.toolbox.fields.children
    app.toolbox.what.value = "chase"
    assert app.toolbox.button.disabled and "nothing yet" in app.toolbox.note.value


def test_an_action_of_the_toolbox_is_done_kept_and_taken_back(case: Scenario, tmp_path: Path) -> None:
    app = seat(case, tmp_path)
    app.tabs.selected_index = ACT
    app.toolbox.what.value = "preserve"
    fields = dict(app.toolbox._fields)
    fields["evidence"].value, fields["channel"].value = "terminal-logs", "contact-24-7"
    app.why.reason.value, app.why.days.value = "before anything else", 2
    app.toolbox.button.click()
    assert "preserve-terminal-logs" in app.session.run.requests
    entry = steps_in(app.path)[0]
    assert (entry.kind, entry.because, entry.days) == ("act", "before anything else", 2)
    assert app.why.days.value == 0 and not app.undo.disabled
    app.undo.click()
    assert not app.session.run.requests


def test_what_cannot_be_done_is_said_beside_the_button(case: Scenario) -> None:
    app = seat(case)
    app.tabs.selected_index = ACT
    app.toolbox.what.value = "protect"
    app.toolbox.button.click()
    assert "not an action" in app.toolbox.note.value and not app.session.steps


def test_the_law_desk_answers_and_says_why_not(case: Scenario) -> None:
    app = seat(case)
    app.tabs.selected_index = LAW
    desk = app.law_desk
    desk.state.value, desk.measure.value = "tar", "company-records"
    first = desk.answer.value
    assert first.index("In short") < first.index("Legal basis") < first.index("Channels") and "art." in first
    desk.why.value = "eio"
    assert desk.answer.value != first and "does not bind" in desk.answer.value


def test_the_law_desk_is_asked_with_every_fact_that_the_command_takes(case: Scenario) -> None:
    app = seat(case)
    app.tabs.selected_index = LAW
    desk = app.law_desk
    desk.state.value, desk.measure.value = "nor", "stored-content"
    assert desk.day.value == case.day and desk.offence.value == "trafficking-in-persons"

    for control, value in (
        (desk.day, date(2017, 1, 2)),
        (desk.offence, "fraud"),
        (desk.penalty, 1),
        (desk.urgent, True),
        (desk.instrument, "untoc"),
    ):
        before = desk.answer.value
        control.value = value
        assert desk.answer.value != before or control is desk.penalty, control.description
        assert desk.answer.value.count("In short") == 1
    facts = desk._facts()
    assert (facts["day"], facts["offence"], facts["maximum_penalty_years"]) == (date(2017, 1, 2), "fraud", 1)
    assert (facts["urgent"], facts["instrument"]) == (True, "untoc")
    desk.why.value = "execute"
    assert "Why, or why not" in desk.answer.value
    desk.day.value = None
    assert "In short" in desk.answer.value, "an empty date is that of the case"
    fields = [w for w in every(desk.view) if isinstance(w, widgets.Dropdown | widgets.DatePicker | widgets.Checkbox)]
    assert len(fields) == 7 and all(field.description for field in (*fields, desk.penalty))


def test_the_letter_stands_beside_its_fields_in_the_form_it_takes(case: Scenario) -> None:
    app = seat(case)
    app.tabs.selected_index = LETTER
    desk = app.letters
    desk.state.value = "nor"
    desk.measure.value, desk.channel.value, desk.language.value = "company-records", "direct-judicial", "fr"
    desk.instrument.value = "eio"
    assert "Annex A" in desk.preview.value and "Grounds for issuing the EIO" in desk.preview.value
    desk.instrument.value = "untoc"
    assert "Summary of relevant facts" in desk.preview.value and "Annex A" not in desk.preview.value
    desk.show.click()
    links = re.findall(r"<a download='([^']+)'[^>]*>([^<]+)</a>", desk.files.value)
    assert links == [("letter-1.html", "Save as page"), ("letter-1.docx", "Save as Word")]


def test_a_letter_of_ones_own_goes_out_from_the_desk(case: Scenario, tmp_path: Path) -> None:
    app = seat(case, tmp_path)
    app.tabs.selected_index = LETTER
    desk = app.letters
    desk.state.value = "kow"
    desk.measure.value, desk.instrument.value, desk.channel.value = "bank-records", "untoc", "central-authority"
    desk.button.click()
    assert "Language: choose one first." in desk.note.value
    desk.language.value = "en"
    assert set(desk.evidence) == {"payments"}
    for tick in [*desk.facts.values(), *desk.identifiers.values(), desk.contact]:
        tick.value = True
    desk.words["facts"].value = "Eighteen months, two accounts."
    desk.button.click()
    request = app.session.run.requests["letter-1"]
    assert request.items["facts"] == "full" and request.items["nature"] == "missing"
    kept = action_of(steps_in(app.path)[0].action).content
    assert kept.draft.words == {"facts": "Eighteen months, two accounts."}


def test_a_question_that_drafts_opens_the_desk_and_is_answered_by_the_letter(drafted: Scenario) -> None:
    app = seat(drafted)
    choose(app)
    choose(app)
    place = list(app.session.question.options).index("full-letter")
    assert "you write the letter" in app.options.view.children[place].children[1].value
    card(app, "full-letter").click()
    assert app.tabs.selected_index == LETTER and app.letters.state.disabled
    assert app.letters.state.value == "cal" and app.session.question.id == "logs-letter"
    app.letters.instrument.value, app.letters.channel.value, app.letters.language.value = "untoc", "interpol", "en"
    app.letters.button.click()
    assert app.session.choices["logs-letter"] == "full-letter"
    assert set(app.session.run.requests["logs"].items.values()) != {"full"}
    assert app.tabs.selected_index == 0


def test_coaching_shows_what_is_missing_only_where_the_author_wants_it(drafted: Scenario) -> None:
    data = copied_data(drafted)
    data["case", drafted.id]["coaching"] = True
    coached = seat(with_data(drafted, data))
    coached.tabs.selected_index = LETTER
    assert "missing" in coached.letters.checklist.value
    coached.letters.contact.value = True
    assert "whom to call" in coached.letters.checklist.value
    plain = seat(drafted)
    plain.tabs.selected_index = LETTER
    assert not plain.letters.checklist.value


def test_each_role_sees_its_own_facts_and_nobody_elses(drafted: Scenario) -> None:
    app = seat(drafted)
    shown = "".join(w.value for w in every(app.view) if isinstance(w, widgets.HTML))
    assert "He cannot read" not in shown
    app.table.role.value = "advocate"
    assert "He cannot read" in app.table.private.value and "moved" not in app.table.private.value
    app.table.role.value = "liaison"
    assert "&lt;b&gt;moved" in app.table.private.value and "He cannot read" not in app.table.private.value
    app.table.role.value = ""
    assert app.table.private.value == ""
    choose(app)
    assert "This one is for: Victim advocate" in app.question.value
    choose(app)
    assert "kept for about ninety days" not in app.inbox.value
    app.table.role.value = "advocate"
    assert "kept for about ninety days" in app.table.private.value


class Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)


@pytest.mark.parametrize("language", [i18n.LONGER, i18n.RIGHT_TO_LEFT])
def test_in_an_invented_language_every_control_is_in_that_language(case: Scenario, language: str) -> None:
    i18n.use(language)
    try:
        app = TrainerApp(case, seed=7, folder=None)
        for tab in range(len(app.tabs.children)):
            app.tabs.selected_index = tab
        authors = set(app.letters.persons.values())
        cards = [row.children[0] for row in app.options.view.children]
        english = [
            w.description
            for w in every(app.view)
            if isinstance(w, widgets.Button | widgets.Dropdown | widgets.Textarea)
            and w not in authors
            and w not in cards
            and w.description.isascii()
        ]
        assert english == []
        assert all(not title.isascii() for title in app.tabs.titles)
        if language == i18n.RIGHT_TO_LEFT:
            assert "rtl" in app.view._dom_classes
    finally:
        i18n.use("en")


def test_on_the_desk_of_the_requested_state_the_tools_are_its_own() -> None:
    app = seat(load("a-week-on-the-desk"))
    look(app, "file")
    assert "Is it safe for her to go home" in app.file.value and "with reasons" in app.file.value
    app.tabs.selected_index = ACT
    assert {name for _words, name in app.toolbox.what.options} == {
        "acknowledge",
        "examine",
        "inquire",
        "ask_assurance",
        "grant",
        "refuse",
        "send_back",
        "postpone",
    }
    app.toolbox.what.value = "refuse"
    fields = dict(app.toolbox._fields)
    fields["incoming"].value, fields["ground"].value, fields["reasons"].value = "hacker", "dual-criminality", True
    app.toolbox.button.click()
    look(app, "file")
    assert "a lawyer works on it" in app.file.value
    for tab in range(len(app.tabs.children)):
        app.tabs.selected_index = tab
