"""With the last click of a play the debrief says something of its decisions, before any replay: on every shipped case.

How long that takes is measured by ``python -m tests.benchmarks.first_verdict``.
"""

from __future__ import annotations

import re

import pytest

import sim
from sim.training.debrief import debrief
from sim.training.players import player
from sim.views.seat import debrief_panels
from sim.views.seat.app import TrainerApp
from tests.seat import pick
from tests.views.conftest import CASE

CASES = sorted(path.stem for path in CASE.parent.glob("*.yaml"))
VERDICT = re.compile(r"points lost|usually costs anything|would clearly have done better")
"""What a first verdict says: from plays made beforehand, or from the play's own replays."""


@pytest.mark.slow
@pytest.mark.parametrize("who", ["textbook", "naive"])
@pytest.mark.parametrize("case", CASES)
def test_a_verdict_stands_with_the_last_click(case: str, who: str) -> None:
    app, decides = TrainerApp(sim.load(case), seed=7, folder=None), player(who, 7)
    app.pause = 0.0
    while not app.session.ended:
        if app.session.question is not None:
            pick(app, decides.decide(app.session))
        else:
            app.time.go_on.click()
    assert not any(a.plays for a in app.debriefing.alternatives), "no replay has been waited for"
    assert VERDICT.search(app.debriefing.body.value), app.debriefing.body.value[:2000]


def test_where_nothing_was_prepared_nothing_is_claimed(case: sim.Scenario) -> None:
    session = sim.play(case, seed=7)
    session.choose(next(iter(session.question.options)))  # type: ignore[union-attr] # it opens with one
    found = debrief(session, replays=0)
    assert found.beforehand is None, "the case was changed, so the plays that ship are not of it"
    assert not VERDICT.search(debrief_panels.costliest(found))
