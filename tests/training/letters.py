"""A letter for the logs as it should be, and how tests act in a case and listen to what follows."""

from __future__ import annotations

from typing import Any

from sim.engine.case_run import CaseRun
from sim.model.action import Action
from sim.model.actions import SendRequest

LETTER = {
    "id": "a-letter",
    "to": "cal",
    "measures": ["traffic-data"],
    "evidence": ["terminal-logs"],
    "instrument": "tip-protocol",
    "channel": "central-authority-email",
    "language": "en",
    "urgent": "with reasons",
}


def letter(**more: Any) -> SendRequest:
    """The letter, with changes. Underscores are spaces."""
    return SendRequest.model_validate({**LETTER, **{key.replace("_", " "): value for key, value in more.items()}})


def do(run: CaseRun, **action: Any) -> None:
    """Perform one action."""
    ((name, content),) = action.items()
    if isinstance(content, SendRequest):
        run.perform(Action(content=content))
    else:
        run.perform(Action.model_validate({name.replace("_", " "): content}))


def told(run: CaseRun, event: str) -> list[tuple[str, str]]:
    """(about what, detail) of every happening of a kind."""
    return [(happening.of, happening.detail) for happening in run.happenings if happening.event == event]
