"""A case, a whole play of it, its debrief, and texts that mean harm."""

from __future__ import annotations

import pytest

from sim.model.loading import Scenario, load
from sim.training.debrief import Debrief, debrief
from sim.training.session import Session

HOSTILE = "<script>alert(1)</script> & \"double\" 'single' </text></svg><img src=x onerror=alert(2)> ]]> \x00\x0b\x1f \u202e"


@pytest.fixture(scope="session")
def case() -> Scenario:
    return load("silent-harbour")


@pytest.fixture(scope="session")
def played(case: Scenario) -> Session:
    """A whole play by the first options, with hostile reasons. Not to be changed."""
    session = Session(case, seed=7)
    while session.question is not None:
        session.choose(next(iter(session.question.options)), because=HOSTILE, predict=f"within a month {HOSTILE}")
    return session


@pytest.fixture(scope="session")
def found(played: Session) -> Debrief:
    """Its debrief, without replays."""
    return debrief(played, replays=0)
