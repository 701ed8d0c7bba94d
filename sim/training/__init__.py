"""A trainee plays a case: session, actions, scoring, debrief, counterfactuals, automatic players."""

from __future__ import annotations

from sim.model.loading import Scenario, load
from sim.training.resuming import resume
from sim.training.session import Session

__all__ = ["Session", "play", "resume"]


def play(case: str | Scenario, *, seed: int = 0) -> Session:
    """Begin a case. The session stops at the first thing that needs the trainee.

    Raises `SessionError` for a world, and what `load` raises for an id or a path.

    >>> import sim
    >>> session = sim.play("silent-harbour", seed=7)
    >>> list(session.question.options)[:1]
    ['preserve-first']
    >>> session.choose("preserve-first", because="logs are erased after ninety days").day
    2
    """
    return Session(case if isinstance(case, Scenario) else load(case), seed=seed)
