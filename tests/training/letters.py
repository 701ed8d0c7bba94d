"""A letter for the logs as it should be, and how tests act in a case and listen to what follows."""

from __future__ import annotations

from typing import Any

from sim.case.run import CaseRun
from sim.model.action import Action
from sim.model.actions import SendRequest
from sim.model.events import Event

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


def told(run: CaseRun, *kinds: type[Event]) -> list[tuple[Any, ...]]:
    """(about what, whatever else it says) of every event of some kinds, in their order."""
    found = [vars(event) for event in run.events if isinstance(event, kinds)]
    return [tuple(value for name, value in fields.items() if name != "moment") for fields in found]
