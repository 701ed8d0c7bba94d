"""A trainee plays a case: session, actions, scoring, debrief, counterfactuals, automatic players."""

from __future__ import annotations

from sim.model.loading import Scenario, load
from sim.training.session import Session, resume

__all__ = ["Session", "play", "resume"]


def play(case: str | Scenario, *, seed: int = 0) -> Session:
    """Begin a case. The session stops at the first thing that needs the trainee."""
    return Session(case if isinstance(case, Scenario) else load(case), seed=seed)
