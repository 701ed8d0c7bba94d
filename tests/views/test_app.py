"""The trainee's seat without a browser: its buttons, its notes, its file, its debrief."""

from __future__ import annotations

import asyncio
import errno
import itertools
import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import ipywidgets as widgets
import pytest

from sim.errors import ScenarioError, SessionError
from sim.model.loading import Scenario, load
from sim.training.counterfactuals import Play
from sim.training.decision_log import Steps
from sim.training.session_records import Entry
from sim.training.storage import read_session
from sim.views.seat import debriefing
from sim.views.seat.app import TrainerApp, open_case
from sim.views.seat.tabs import INBOX, LETTER, STORY
from tests.seat import card, debrief_of, look, pick
from tests.views.conftest import HOSTILE, copy_of_case


def seat(case: Scenario, folder: Path | None = None) -> TrainerApp:
    app = TrainerApp(case, seed=7, folder=folder)
    app.pause = 0.0
    return app


def choose(app: TrainerApp) -> None:
    """Answer the question that waits, by the book, and let time pass to the next."""
    question = app.session.question
    assert question is not None
    pick(app, question.decision.option_of("textbook"))
    reach(app)


def reach(app: TrainerApp) -> None:
    while app.session.question is None and not app.session.ended:
        app.time.go_on.click()


def steps_in(path: Path | None) -> list[Entry]:
    return [entry for entry in read_session(path)[1] if entry.kind != "time"]


def play(app: TrainerApp) -> None:
    while not app.session.ended:
        choose(app)


def every(widget: widgets.Widget) -> Iterator[widgets.Widget]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from every(child)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_it_opens_with_story_question_options_clocks_and_pictures(case: Scenario) -> None:
    app = seat(case)
    assert "Day 1<" in app.clock.value and "Prosecutor" in app.head.value
    assert "Before you begin." in app.question.value and "The first day" in app.question.value
    shown = [row.children[0].description for row in app.options.view.children]
    options = app.session.question.options.values()
    assert shown == [f"{place}  {' '.join(option.text.split())}" for place, option in enumerate(options, 1)]
    assert all(
        "of work" in row.children[1].value or "no work" in row.children[1].value for row in app.options.view.children
    )
    assert "deckhand" in app.story.value, "the story lies open before the first step"
    assert "Before you begin." in app.question.value and "Before you begin." not in app.story.value, "said once"
    assert "<div role='status'><h2" in app.question.value, "a new question is heard"
    assert "in 120 days" in app.clock.value and "may be deleted in 45 to 60 days" in app.clock.value
    look(app, "requests", "map", "law")
    assert "<svg" in app.timeline.value and "<svg" in app.map.value
    assert "UNTOC art." in app.cited.value and "read against the text" in app.cited.value
    assert "No messages yet" in app.inbox.value
    assert app.undo.disabled and app.debriefing.view.layout.display == "none"


def test_every_control_has_a_name(case: Scenario) -> None:
    app = seat(case)
    buttons = [w for w in every(app.view) if isinstance(w, widgets.Button)]
    assert len(buttons) > 12
    cards = [row.children[0] for row in app.options.view.children]
    for button in buttons:
        assert button.description and (button.tooltip or button in cards), button
    for tab in range(len(app.tabs.children)):
        app.tabs.selected_index = tab
    fields = (widgets.Dropdown, widgets.Checkbox, widgets.Textarea, widgets.Text, widgets.DatePicker)
    for field in every(app.view):
        assert not isinstance(field, fields) or field.description, field
        theirs = type(field).__module__.startswith("ipywidgets") and type(field).__name__.endswith("Slider")
        assert not theirs, "sliders of ipywidgets have no name that a screen reader says"
    assert app.why.reason.description and app.why.prediction.description
    assert all(app.tabs.titles)


def test_a_choice_moves_the_case_and_everything_that_is_shown(case: Scenario) -> None:
    app = seat(case)
    look(app, "requests", "map")
    before = (app.clock.value, app.question.value, app.inbox.value, app.timeline.value, app.map.value)
    while app.session.day == 1:
        choose(app)
    look(app, "law", "requests", "map", "story")
    assert app.law_desk.day.value == app.session.now.date(), "the law is asked as it stands today"
    after = (app.clock.value, app.question.value, app.inbox.value, app.timeline.value, app.map.value)
    assert all(old != new for old, new in zip(before, after, strict=True))
    assert "Before you begin." not in app.question.value and "Before you begin." in app.story.value
    assert not app.undo.disabled


def test_rows_stay_so_that_the_keyboard_keeps_its_place(case: Scenario) -> None:
    app = seat(case)
    while len(app.session.inbox) < 2:
        choose(app)
    row = app.options.view.children[1]
    app.why.reason.value = "while I think"
    app.refresh()
    assert app.options.view.children[1] is row and app.why.reason.value == "while I think"


def test_the_echo_of_a_double_click_decides_nothing(case: Scenario) -> None:
    app = seat(case)
    app.pause = 60.0
    choose(app)
    choose(app)
    assert len(app.session.steps) == 1
    app.pause = 0.0
    choose(app)
    assert len(app.session.steps) == 2


def test_take_back(case: Scenario, tmp_path: Path) -> None:
    app = seat(case, tmp_path)
    choose(app)
    question, picture = app.question.value, app.timeline.value
    choose(app)
    app.undo.click()
    assert app.question.value == question and app.timeline.value == picture
    assert len(steps_in(app.path)) == 1
    app.undo.click()
    assert app.undo.disabled and "Before you begin." in app.question.value
    app.undo.click()
    assert "there are 0 decisions to undo" in app.status.value


def test_start_again_keeps_the_old_file(case: Scenario, tmp_path: Path) -> None:
    app = seat(case, tmp_path)
    choose(app)
    old = app.path.read_text(encoding="utf-8")
    app.again.same.click()
    assert not app.session.entries and "is kept as" in app.status.value
    kept = next(path for path in tmp_path.iterdir() if path != app.path)
    assert kept.read_text(encoding="utf-8") == old and kept.name in app.status.value
    choose(app)
    app.again.same.click()  # within the same second, perhaps: nothing is written over
    assert len(files(tmp_path)) == 3
    assert kept.read_text(encoding="utf-8") == old
    assert all(name.endswith(".session.jsonl") for name in files(tmp_path))


@pytest.mark.slow
def test_the_session_goes_on_from_its_folder(case: Scenario, tmp_path: Path) -> None:
    app = seat(case, tmp_path)
    choose(app)
    assert "goes on" not in seat(case, None).status.value
    again = seat(case, tmp_path)
    assert again.session.sha256 == app.session.sha256
    assert "goes on after 1 step." in again.status.value
    choose(again)
    assert "goes on after 2 steps." in seat(case, tmp_path).status.value
    assert files(tmp_path) == ["silent-harbour-7.session.jsonl"]


def test_a_finished_session_opens_at_its_debrief(case: Scenario, tmp_path: Path) -> None:
    app = seat(case, tmp_path)
    play(app)
    again = seat(case, tmp_path)
    assert again.session.ended and "Where the days went" in again.debriefing.body.value
    assert again.debriefing.view.layout.display != "none"


def test_the_steps_are_taken_again_in_an_edited_case_and_the_seat_says_so(case: Scenario, tmp_path: Path) -> None:
    room = tmp_path / "room"
    room.mkdir()
    app = seat(case, room)
    choose(app)
    old = app.path.read_text(encoding="utf-8")
    new = seat(copy_of_case(tmp_path, "lasts: 330 days", "lasts: 331 days"), room)
    assert len(new.session.steps) == 1 and "1 step was taken again" in new.status.value
    assert "has been edited since this session was played" in new.status.value
    assert "old file is kept" in new.status.value
    kept = next(path for path in room.iterdir() if path != new.path)
    assert kept.read_text(encoding="utf-8") == old


def test_a_file_that_is_no_session_is_put_aside(case: Scenario, tmp_path: Path) -> None:
    (tmp_path / "silent-harbour-7.session.jsonl").write_text("my shopping list\n", encoding="utf-8")
    app = seat(case, tmp_path)
    assert "not a line of a session file" in app.status.value
    assert any("shopping" in (tmp_path / name).read_text(encoding="utf-8") for name in files(tmp_path))
    choose(app)
    assert len(steps_in(app.path)) == 1


def test_a_folder_that_cannot_be_written_is_noted_and_the_play_goes_on(case: Scenario, tmp_path: Path) -> None:
    app = seat(case, tmp_path / "is-not-there")
    assert "No such file or directory" in app.status.value and "not being kept" in app.status.value
    choose(app)
    assert len(app.session.steps) == 1
    (tmp_path / "is-not-there").mkdir()
    reach(app)
    choose(app)
    assert "not being kept" not in app.status.value and len(steps_in(app.path)) == len(app.session.steps)


def test_a_disk_that_fails_in_the_middle_costs_no_decision(
    case: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = seat(case, tmp_path)
    choose(app)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    real = os.fsync
    monkeypatch.setattr(os, "fsync", full)
    app.why.reason.value = "the disk is full"
    pick(app)
    assert [entry.because for entry in app.session.steps] == ["", "the disk is full"]
    assert "No space left" in app.status.value and "not being kept" in app.status.value
    monkeypatch.setattr(os, "fsync", real)
    reach(app)
    choose(app)
    assert len(app.session.steps) == 3 and "not being kept" not in app.status.value
    assert len(steps_in(app.path)) == len(app.session.steps)


def test_an_old_file_that_cannot_be_moved_is_not_written_over(
    case: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "silent-harbour-7.session.jsonl"
    path.write_text("precious\n", encoding="utf-8")

    def refuse(self: Path, target: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    app = seat(case, tmp_path)
    assert "unsaved" in app.status.value
    choose(app)
    app.again.same.click()
    assert path.read_text(encoding="utf-8") == "precious\n"


def test_what_cannot_be_opened_is_a_panel_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    panel = open_case("silent-harbor")
    assert isinstance(panel, widgets.HTML)
    assert "This cannot be opened" in panel.value and "silent-harbour" in panel.value
    (tmp_path / "b.yaml").write_text("format: 1\nkind: case\nid: <b>\n", encoding="utf-8")
    panel = open_case("b.yaml")
    assert "b.yaml:3" in panel.value and "<b>" not in panel.value.split("</style>")[1].replace("<b></b>", "")
    assert panel.value.count("<li>") > 3, "every problem has a line"
    with pytest.raises(ScenarioError):
        load("b.yaml")
    assert "a world, not a case" in open_case("meridian", folder=None).value


@pytest.mark.slow
def test_reason_and_expectation_reach_file_and_debrief_as_text(case: Scenario, tmp_path: Path) -> None:
    app = seat(case, tmp_path)
    app.why.reason.value, app.why.prediction.value = f"  because {HOSTILE}", f"soon {HOSTILE}"
    choose(app)
    assert app.why.reason.value == app.why.prediction.value == ""
    entry = read_session(app.path)[1][0]
    assert entry.because.startswith("because <script>") and entry.predict.startswith("soon <script>")
    play(app)
    assert "You wrote:" in debrief_of(app.debriefing) and "You expected:" in debrief_of(app.debriefing)
    tags: set[str] = set()

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.add(tag)
            assert not any(name.startswith("on") for name, _ in attrs)

    for widget in every(app.view):
        if isinstance(widget, widgets.HTML):
            Tags().feed(widget.value)
    assert "svg" in tags and not tags & {"script", "img", "iframe", "link", "object"}
    assert "&lt;script&gt;alert(1)" in debrief_of(app.debriefing)


def test_the_debrief_grows_replay_by_replay(case: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    def quick(what: tuple[Scenario, int, int, Steps | tuple[str, int]]) -> Play:
        options = what[3].options if isinstance(what[3], Steps) else {"first-steps": ""}
        return Play(what[2], 40.0 + len(options["first-steps"]), "captain", 3)

    monkeypatch.setattr(debriefing, "play", quick)
    app = seat(case)
    play(app)
    assert not app.options.view.children and app.why.view.layout.display == "none"
    title = escape(app.session.ending[1].title)
    assert f">{title}</h3>" in app.debriefing.body.value and title not in app.question.value, "said once"
    assert "have not been replayed yet" in debrief_of(app.debriefing)
    assert app.debriefing.progress.value == 0 and app.debriefing.progress.max > 12
    round_ = 1 + sum(not a.taken for a in app.debriefing.alternatives)
    assert app.debriefing.replay_some(round_)
    assert app.debriefing.progress.value == round_
    assert "was replayed 1 time with" in debrief_of(app.debriefing)
    assert all(len(a.plays) == 1 for a in app.debriefing.alternatives)
    assert "The captain alone 1×" in debrief_of(app.debriefing)
    assert "Not yet enough replays" in debrief_of(app.debriefing), "a mean of one is none"
    assert app.debriefing.replay_some(3 * round_)
    app.debriefing.enough.click()
    yours = next(a for a in app.debriefing.alternatives if a.taken).plays[0]
    assert f"mean {yours.score:.0f}, from" in debrief_of(app.debriefing)
    assert "Not yet enough replays" not in debrief_of(app.debriefing)
    assert "passed" in app.clock.value and "in 1" not in app.clock.value


@pytest.mark.slow
def test_in_a_notebook_replays_run_beside_and_stop_when_a_decision_is_taken_back(case: Scenario) -> None:
    async def visit() -> None:
        app = seat(case)
        play(app)
        task = app.debriefing._task
        assert task is not None
        while app.debriefing.progress.value < 2:
            await asyncio.sleep(0.01)
        app.undo.click()
        await asyncio.gather(task, return_exceptions=True)
        assert task.done() and app.debriefing.body.value == "" and app.debriefing.view.layout.display == "none"
        assert not app.session.ended and app.options.view.children

    with ThreadPoolExecutor(1) as own:  # the browser tests may keep a loop running in this thread
        own.submit(asyncio.run, visit()).result()


@pytest.mark.slow
def test_the_last_replay_hides_the_progress(case: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    app = seat(case)
    play(app)
    app.debriefing._jobs = itertools.islice(app.debriefing._jobs, 2)
    assert app.debriefing.replay_some(2)
    assert not app.debriefing.replay_some(1)
    assert app.debriefing.running.layout.display == "none"


def test_a_click_that_the_session_refuses_is_a_note(case: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    app = seat(case)

    def refuse(*_: object, **__: object) -> None:
        raise SessionError("no <such> thing")

    monkeypatch.setattr(app.session, "choose", refuse)
    choose(app)
    assert "no &lt;such&gt; thing" in app.status.value
    assert not re.search(r"<such>", app.status.value)


def test_what_was_begun_and_not_sent_is_there_again_when_the_kernel_is_gone(case: Scenario, tmp_path: Path) -> None:
    app = seat(case, tmp_path)
    app.why.reason.value, app.why.days.value = "logs are short-lived", 30
    app.letters.open()
    app.letters.state.value = "kow"
    app.letters.words["facts"].value = "Eighteen months, two accounts."
    next(iter(app.letters.facts.values())).value = True
    again = seat(case, tmp_path)
    assert (again.why.reason.value, again.why.days.value) == ("logs are short-lived", 30)
    assert again.letters.state.value == "kow"
    assert again.letters.words["facts"].value == "Eighteen months, two accounts."
    assert next(iter(again.letters.facts.values())).value and again.letters.begun() == app.letters.begun()
    choose(again)
    assert seat(case, tmp_path).why.reason.value == "", "what was used is not begun any more"


def test_a_letter_that_a_decision_asks_for_is_taken_up_where_it_was(drafted: Scenario, tmp_path: Path) -> None:
    app = seat(drafted, tmp_path)
    choose(app)
    choose(app)
    card(app, "full-letter").click()
    assert app.letters.given is not None
    app.letters.instrument.value, app.letters.channel.value, app.letters.language.value = "untoc", "interpol", "en"
    app.letters.words["notes"].value = "half of it"
    again = seat(drafted, tmp_path)
    assert again.letters.given == app.letters.given and again.letters.words["notes"].value == "half of it"
    again.letters.button.click()
    assert again.session.question is None or again.session.question.id != app.session.question.id
    assert seat(drafted, tmp_path).letters.begun() == {}


def test_a_letter_goes_with_the_question_that_asked_for_it(
    drafted: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    led_to: list[widgets.DOMWidget] = []
    monkeypatch.setattr(widgets.DOMWidget, "focus", lambda widget: led_to.append(widget))
    app = seat(drafted, tmp_path)
    for leave, then in ((app.undo.click, INBOX), (app.again.same.click, STORY)):
        choose(app)
        choose(app)
        asked = app.session.question.id
        card(app, "full-letter").click()
        assert app.letters.answers == (asked, "full-letter") and app.tabs.selected_index == LETTER
        said = " ".join(app.session.question.options["full-letter"].text.split())
        assert escape(said) in app.letters.title.value, "for which option it is written"
        assert led_to[-1] is app.letters.authority, "the keyboard goes to the letter"
        leave()
        assert (f"Back on day {app.session.day}:" in app.status.value) == (then == INBOX)
        assert app.session.question.id != asked
        assert app.letters.given is None and app.letters.answers == ("", "") and app.tabs.selected_index == then
        app.again.same.click()
        assert led_to[-1] is app.options.view.children[0].children[0], "and to the first question of a new play"


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    ["", "[1]", "{", '{"letter": 3, "days": "x"}', '{"letter": {"state": "nowhere", "facts:": 1, "contact": "yes"}}',
     '{"letter": {"state": "kow"}, "decision": "x", "option": "y", "days": 99999999999}', "[" * 100_000],
)  # fmt: skip
def test_a_file_of_unsent_things_that_is_none_does_no_harm(case: Scenario, tmp_path: Path, text: str) -> None:
    app = seat(case, tmp_path)
    app.unsent.path.write_text(text, encoding="utf-8")
    assert seat(case, tmp_path).session.question is not None
