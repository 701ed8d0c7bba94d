"""The record of practice: one side to keep, with a name only where somebody typed one, and without a grade."""

from __future__ import annotations

import base64
import html
import re
from pathlib import Path

import pytest

from sim.model.loading import Scenario
from sim.training.counterfactuals import Play
from sim.training.debrief import debrief
from sim.training.debrief_records import Debrief
from sim.training.session import Session
from sim.views.seat import debriefing
from sim.views.seat.app import TrainerApp
from sim.views.seat.record_of_practice import LONGEST, record_of_practice
from tests.seat import pick
from tests.views.conftest import HOSTILE


def test_it_says_what_was_practised_what_came_of_it_and_where_it_comes_from(found: Debrief, played: Session) -> None:
    page = html.unescape(record_of_practice(found))
    assert played.case.title in page and played.case.role.title in page
    for goal in played.case.objectives:
        assert " ".join(goal.split()) in page
    assert played.ending is not None and played.ending[1].title in page
    assert len(found.lessons) == 3 and all(lesson.text in page for lesson in found.lessons)
    assert found.scenario_hash in page and f"mlasim {found.versions['mlasim']}" in page
    assert re.search(r"Played on \d{1,2} [A-Z][a-z]+ \d{4}", page)


def test_it_has_no_grade_and_nothing_of_what_was_noted(found: Debrief) -> None:
    page = record_of_practice(found)
    assert "Score" not in page and "of 100" not in page and "points" not in page.lower()
    assert "alert(1)" not in page, "reasons were noted for the debrief, not for a wall"


def test_a_name_is_text_and_stands_there_only_if_given(found: Debrief) -> None:
    assert 'class="name"' not in record_of_practice(found)
    page = record_of_practice(found, name=f"  {HOSTILE} " + "x" * 200)
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert len(html.unescape(re.search(r'class="name"[^>]*>([^<]*)<', page)[1])) <= LONGEST  # type: ignore[index] # it is there


def test_the_seat_offers_it_with_the_name_that_was_typed_and_keeps_no_name(
    case: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(debriefing, "play", lambda what: Play(what[2], 50.0, "", 3.0))
    app = TrainerApp(case, seed=7, folder=tmp_path)
    app.pause = 0
    while not app.session.ended:
        pick(app) if app.session.question is not None else app.time.go_on.click()
    app.debriefing.name.value = "Ana Example"
    app.debriefing.download.click()
    link = re.search(
        r"<a download='([^']*record\.html)' href='data:text/html;base64,([^']+)'", app.debriefing.files.value
    )
    assert link is not None and "Ana Example" in base64.b64decode(link[2]).decode()
    app.debriefing.enough.click()
    assert not [one for one in tmp_path.iterdir() if b"Ana Example" in one.read_bytes()]
    app.undo.click()
    assert app.debriefing.name.value == ""


def test_a_play_of_before_sessions_had_dates_has_none(played: Session) -> None:
    from dataclasses import replace

    made = debrief(played, replays=0)
    undated = replace(made, provenance=replace(made.provenance, begun=0))
    assert "Played on" not in record_of_practice(undated)
