"""The door: which case, whose seat, alone or as two States."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import psutil
import pytest

from sim.model.case import Case
from sim.model.loading import load
from sim.views.room import names, seats
from sim.views.seat import lobby as doors
from sim.views.seat.app import TrainerApp
from sim.views.seat.case_cards import DIFFICULTIES
from sim.views.seat.lobby import Door, open_seat
from sim.views.seat.motifs import MOTIFS
from sim.views.seat.session_folder import latest_seed
from sim.views.seat.tabs import LAW
from tests.seat import look, pick
from tests.views.test_app import every


def door(tmp_path: Path, *, shared: bool = False) -> Door:
    return Door(seed=7, folder=tmp_path, shared=shared, language="en")


def test_every_case_can_be_picked_and_says_what_it_is_about(tmp_path: Path) -> None:
    at = door(tmp_path)
    assert len(at.case.options) >= 6
    for id_ in at.case.options:
        at.case.value = id_
        assert "Before you begin" in at.about.value and "You are: " in at.about.value


@pytest.mark.slow
def test_one_goes_in_and_comes_back_to_the_same_place(tmp_path: Path) -> None:
    at = door(tmp_path)
    at.case.value = "silent-harbour"
    at.go.click()
    assert "mla-seat" in at.view.children[0]._dom_classes
    assert (tmp_path / "silent-harbour-7.session.jsonl").exists()


def test_in_a_shared_room_who_gives_no_name_is_told_where_and_who_is_in_finds_the_way_back(tmp_path: Path) -> None:
    at = door(tmp_path, shared=True)
    at.seat.value = " "
    at.go.click()
    assert "role='alert'" in at.note.value and "top of this page" in at.note.value and not list(tmp_path.iterdir())
    at.case.value, at.seat.value = "first-letter", "Zoë 4"
    at.go.click()
    said = "".join(w.value for w in every(at.view) if isinstance(getattr(w, "value", None), str))
    assert "<a href='?seat=Zo%C3%AB+4'>Another case</a>" in said


@pytest.mark.parametrize("seat", ["../up", "a/b", "x" * 41, "<b>"])
def test_a_shared_room_wants_a_seat_with_a_harmless_name(tmp_path: Path, seat: str) -> None:
    at = door(tmp_path, shared=True)
    at.seat.value = seat
    at.go.click()
    assert "letters and digits" in at.note.value and not list(tmp_path.iterdir())


def test_cards_are_pictures_with_a_name_and_say_what_was_begun(tmp_path: Path) -> None:
    assert set(MOTIFS) == set(get_args(Case.model_fields["picture"].annotation))
    assert set(DIFFICULTIES) == set(get_args(Case.model_fields["difficulty"].annotation))
    (tmp_path / "her-word-9.session.jsonl").write_text("", encoding="utf-8")
    at = door(tmp_path)
    assert at.case.value == "her-word"
    for id_, card in zip(at.case.options, at.case.view.children, strict=True):
        picture, press, says = card.children
        assert "<svg" in picture.value and press.description == load(id_).title and "minutes" in says.value
        assert ("begun" in says.value) == (id_ == "her-word")
        assert ("chosen" in card._dom_classes) == (id_ == "her-word")
    at.case.view.children[0].children[1].click()
    assert at.case.value == at.case.options[0] and "chosen" in at.case.view.children[0]._dom_classes


def test_a_level_is_chosen_at_the_door(tmp_path: Path) -> None:
    for level, checklist, desk in (
        ("coached", True, True),
        ("as the case has it", False, True),
        ("hard", False, False),
    ):
        app = TrainerApp(load("silent-harbour"), folder=None, level=level)
        look(app, "law", "letter")
        assert bool(app.letters.checklist.value) == checklist
        assert bool(app.law_desk.answer.value) == desk
        assert (
            "law desk is closed" in "".join(w.value for w in app.tabs.children[LAW].children if hasattr(w, "value"))
        ) != desk


def test_starting_again_asks_which_luck(tmp_path: Path) -> None:
    app = TrainerApp(load("silent-harbour"), seed=7, folder=tmp_path)
    app.pause = 0
    pick(app)
    app.again.press.click()
    assert app.again.view.layout.display == "" and app.session.steps
    app.again.stay.click()
    assert app.again.view.layout.display == "none" and app.session.steps
    app.again.press.click()
    app.again.new.click()
    assert app.session.seed == 8 and not app.session.steps and app.session.question is not None
    pick(app)
    app.again.same.click()
    assert app.session.seed == 8 and not app.session.steps
    assert sorted(path.name for path in tmp_path.glob("*.jsonl"))[0] == "silent-harbour-7.session.jsonl"
    assert latest_seed(tmp_path, "silent-harbour", 7) == 8 and latest_seed(tmp_path, "her-word", 7) == 7


def test_the_address_says_which_seat_and_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5")
    monkeypatch.setenv("QUERY_STRING", "seat=table-4&case=silent-harbour&case=x&other=1")
    open_seat(folder=tmp_path)
    assert (tmp_path / "seats" / "table-4" / "silent-harbour-7.session.jsonl").exists()
    monkeypatch.setenv("QUERY_STRING", "&".join(f"a{n}=1" for n in range(50)))
    assert doors._address() == {}


def test_two_states_need_a_folder_and_are_offered_what_fits(tmp_path: Path) -> None:
    at = door(tmp_path)
    at.way.value = "requested"
    assert at.case.options == ["a-week-on-the-desk"], "who is asked needs a desk"
    at.go.click()
    assert "Name a folder" in at.note.value
    at.way.value = "requesting"
    assert at.two.layout.display == "" and [state for _words, state in at.partner.options] == ["tar"]
    assert "her-word" not in at.case.options, "it asks no State that a team can play"
    at.way.value = ""
    assert len(at.case.options) >= 6


@pytest.mark.slow
def test_the_door_knows_what_was_begun(tmp_path: Path) -> None:
    first = door(tmp_path)
    first.case.value = "her-word"
    first.go.click()
    again = door(tmp_path)
    assert again.case.value == "her-word" and "goes on where you were" in again.about.value
    again.case.value = "silent-harbour"
    assert "goes on where you were" not in again.about.value


@pytest.mark.slow
def test_two_teams_go_in_and_post_comes_over(tmp_path: Path) -> None:
    post = tmp_path / "post"
    asking, asked = door(tmp_path / "a"), door(tmp_path / "b")
    for at, way, case in ((asking, "requesting", "silent-harbour"), (asked, "requested", "a-week-on-the-desk")):
        at.folder.mkdir()
        at.way.value, at.case.value, at.post.value = way, case, str(post)
    asking.partner.value = "tar"
    for at in (asking, asked):
        at.go.click()
        looks = [w for w in every(at.view) if getattr(w, "description", "") == "Look for post"]
        assert len(looks) == 1
        looks[0].click()
    assert sorted(path.name for path in post.iterdir()) == ["requested.jsonl", "requesting.jsonl"]
    said = "".join(str(getattr(w, "value", "")) for w in every(asking.view))
    assert "The other team is on day 1" in said


def test_a_seat_of_two_states_is_stopped_by_the_other_teams_clock(tmp_path: Path) -> None:
    from sim.model.loading import load
    from sim.views.seat.app import Shared

    shared = Shared(tmp_path / "post", "requesting", "tar")
    app = TrainerApp(load("silent-harbour"), seed=7, folder=tmp_path, shared=shared)
    app.pause = 0.0
    for _ in range(12):
        if app.session.question is not None:
            pick(app)
        else:
            app.time.one_week.click()
    assert "the other team is on day 1" in app.status.value and app.session.run.day < 1.01


# A served room: whose seat is whose


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch):
    """Be another browser from now on."""
    return lambda name: monkeypatch.setenv(seats.BROWSER, name)


def came_in(at: Door) -> bool:
    return at.go not in at.view.children


def code_in(at: Door) -> str:
    """The code that the owner of a seat is shown."""
    found = re.search(r"code of this seat: ([0-9 ]+)", "".join(str(getattr(w, "value", "")) for w in every(at.view)))
    return found[1] if found else ""


def go_in(tmp_path: Path, name: str, code: str = "") -> Door:
    at = door(tmp_path, shared=True)
    at.seat.value, at.code.value = name, code
    at.go.click()
    return at


@pytest.mark.slow
def test_a_seat_opens_for_its_owner_and_for_its_code_alone(tmp_path: Path, browser) -> None:
    browser("a laptop")
    first = go_in(tmp_path, "Zoë")
    code = code_in(first).strip()
    assert came_in(first) and re.fullmatch(r"\d{4} \d{4}", code)
    kept = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "seats").rglob("*.json"))
    assert code.replace(" ", "") not in kept and "a laptop" not in kept, "neither is kept as it is"
    next(w for w in every(first.view) if getattr(w, "description", "") == "I have noted it").click()
    assert came_in(again := go_in(tmp_path, "zoe\u0308")) and not code_in(again), "another spelling, the same name"

    browser("somebody else's")
    closed = door(tmp_path, shared=True)
    assert closed.code.layout.display == "none", "nobody is asked for a code who needs none"
    closed.seat.value = "ZOË"
    closed.go.click()
    assert not came_in(closed) and "is taken" in closed.note.value and closed.code.layout.display == ""
    closed.code.value = "00000000"
    closed.go.click()
    assert not came_in(closed) and "not the code" in closed.note.value and "role='alert'" in closed.note.value
    closed.code.value = code
    closed.go.click()
    assert came_in(closed)
    assert came_in(go_in(tmp_path, "Zoë")), "this browser is known now"


@pytest.mark.slow
def test_a_seat_without_a_folder_is_played_unsaved(tmp_path: Path) -> None:
    (tmp_path / "seats").write_text("a file where the folder should be")
    at = go_in(tmp_path, "Zoë")
    said = "".join(str(getattr(w, "value", "")) for w in every(at.view))
    assert came_in(at) and "cannot be written" in said and "unsaved" in said


@pytest.mark.slow
def test_a_record_that_cannot_be_read_is_said_and_opens_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "seats" / names.folder_of("a")
    folder.mkdir(parents=True)
    (folder / "seat.json").write_text("{}")
    at = go_in(tmp_path, "a")
    assert not came_in(at) and "cannot be read" in at.note.value


@pytest.mark.slow
def test_a_second_window_is_told_of_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seats, "GRACE", 0.0)
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    try:
        folder = tmp_path / "seats" / names.folder_of("a")
        assert "another window" not in str([getattr(w, "value", "") for w in every(go_in(tmp_path, "a").view)])
        began = psutil.Process(other.pid).create_time()
        (folder / "open-in").write_text(json.dumps({"process": other.pid, "began": began}))
        second = go_in(tmp_path, "b").view, go_in(tmp_path, "a", "").view
    finally:
        other.kill()
        other.wait()
    assert "is taken" in str([getattr(w, "value", "") for w in every(second[1])]), "no browser, no code: not let in"
    (folder / "open-in").write_text(json.dumps({"process": other.pid, "began": began}))
    assert not seats.open_elsewhere(folder), "that process is gone"


@pytest.mark.slow
def test_games_of_two_teams_are_names_under_the_room(tmp_path: Path) -> None:
    at = door(tmp_path, shared=True)
    at.way.value, at.seat.value = "requesting", "a"
    for free in ("/etc", "../up", "C:\\x"):
        at.post.value = free
        at.go.click()
        assert not came_in(at) and "letters and digits" in at.note.value
    at.post.value = "Spiel 1"
    at.go.click()
    assert came_in(at)
    assert seats.game_folder(tmp_path, "spiel 1").parent == tmp_path / "games"
