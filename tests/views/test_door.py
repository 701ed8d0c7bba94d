"""The door: which case, whose seat, alone or as two States."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.views.seat import lobby as doors
from sim.views.seat.app import TrainerApp
from sim.views.seat.lobby import Door, open_seat
from tests.views.test_app import every


def door(tmp_path: Path, *, shared: bool = False) -> Door:
    return Door(seed=7, folder=tmp_path, shared=shared, language="en")


def test_every_case_can_be_picked_and_says_what_it_is_about(tmp_path: Path) -> None:
    at = door(tmp_path)
    assert len(at.case.options) >= 6
    for _words, id_ in at.case.options:
        at.case.value = id_
        assert "Before you begin" in at.about.value and "You are: " in at.about.value


@pytest.mark.slow
def test_one_goes_in_and_comes_back_to_the_same_place(tmp_path: Path) -> None:
    at = door(tmp_path)
    at.case.value = "silent-harbour"
    at.go.click()
    assert "mla-seat" in at.view.children[0]._dom_classes
    assert (tmp_path / "silent-harbour-7.session.jsonl").exists()


@pytest.mark.parametrize("seat", ["", "../up", "a/b", "x" * 41, "<b>"])
def test_a_shared_room_wants_a_seat_with_a_harmless_name(tmp_path: Path, seat: str) -> None:
    at = door(tmp_path, shared=True)
    at.seat.value = seat
    at.go.click()
    assert "letters, digits and hyphens" in at.note.value and not list(tmp_path.iterdir())


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
    assert [id_ for _words, id_ in at.case.options] == ["a-week-on-the-desk"], "who is asked needs a desk"
    at.go.click()
    assert "Name a folder" in at.note.value
    at.way.value = "requesting"
    assert at.two.layout.display == "" and [state for _words, state in at.partner.options] == ["tar"]
    assert "her-word" not in [id_ for _words, id_ in at.case.options], "it asks no State that a team can play"
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
            app.options.children[0].children[0].click()
        else:
            app.time.one_week.click()
    assert "the other team is on day 1" in app.status.value and app.session.run.day < 1.01
