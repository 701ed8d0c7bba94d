"""From the last click of a play, how long until the debrief says something of its decisions: on every shipped case."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

import sim
from sim.training.debrief import debrief
from sim.training.players import PLAYERS
from sim.views.seat import debrief_panels
from sim.views.seat.app import TrainerApp
from tests.seat import pick
from tests.views.conftest import CASE

SECONDS = 3.0
CASES = sorted(path.stem for path in CASE.parent.glob("*.yaml"))
VERDICT = re.compile(r"points lost|usually costs anything|would clearly have done better")
"""What a first verdict says: from plays made beforehand, or from the play's own replays."""


@pytest.mark.slow
@pytest.mark.parametrize("player", ["textbook", "naive"])
@pytest.mark.parametrize("case", CASES)
def test_a_verdict_stands_within_three_seconds_of_the_last_click(case: str, player: str, tmp_path: Path) -> None:
    app = TrainerApp(sim.load(case), seed=7, folder=tmp_path)
    app.pause, took, who = 0.0, 0.0, PLAYERS[player](7)
    while not app.session.ended:
        began = time.perf_counter()
        if app.session.question is not None:
            pick(app, who.decide(app.session))
        else:
            app.time.go_on.click()
        took = time.perf_counter() - began
    assert not any(a.plays for a in app.debriefing.alternatives), "no replay has been waited for"
    assert VERDICT.search(app.debriefing.body.value), app.debriefing.body.value[:2000]
    assert took < SECONDS, f"{took:.1f} s from the click to the debrief"


def test_where_nothing_was_prepared_nothing_is_claimed(case: sim.Scenario) -> None:
    session = sim.play(case, seed=7)
    session.choose(next(iter(session.question.options)))  # type: ignore[union-attr] # it opens with one
    found = debrief(session, replays=0)
    assert found.beforehand is None, "the case was changed, so the plays that ship are not of it"
    assert not VERDICT.search(debrief_panels.costliest(found))
