"""What was put to the trainee. Nobody is blamed for what they were never asked, or for what they had no way to do."""

from __future__ import annotations

from collections.abc import Callable

from sim.model.action import Action
from sim.model.events import Event
from sim.training.session import Session


def put_to_them(session: Session, event: Event) -> bool:
    """Whether an event was put to the trainee: by a decision on it, or in an inbox that they could act upon."""
    if _at_liberty(session):
        return True
    decisions = [(entry, session.case.decisions[entry.decision].when) for entry in session.entries]
    return any(
        when.event == event.name and when.of in (None, event.about) and entry.moment >= event.moment
        for entry, when in decisions
    )


def open_to_them(session: Session, does: Callable[[Action], bool], since: int, until: int) -> bool:
    """Whether the trainee had a way, between two moments, to do what an action ``does``: an option of a decision that
    they took then, or liberty to act unasked."""
    if _at_liberty(session):
        return True
    decisions = session.case.decisions
    return any(
        since <= entry.moment <= until
        and any(does(action) for option in decisions[entry.decision].options.values() for action in option.do)
        for entry in session.entries
    )


def foreseen(session: Session, does: Callable[[Action], bool]) -> bool:
    """Whether the case has a decision of a certain day at which one could do what an action ``does``; whoever decided
    before so that it never came had the choice all the same."""
    if _at_liberty(session):
        return True
    put = session.choices
    return any(
        does(action)
        for id_, decision in session.case.decisions.items()
        if decision.when.event is None or id_ in put
        for option in decision.options.values()
        for action in option.do
    )


def _at_liberty(session: Session) -> bool:
    """Whether they moved time or acted unasked themselves: whoever does can do anything at any time."""
    return any(entry.kind != "decision" for entry in session.entries)
