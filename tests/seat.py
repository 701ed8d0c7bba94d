"""A hand at the seat: it presses what a trainee would press."""

from __future__ import annotations

import ipywidgets as widgets

from sim.views.seat.app import TrainerApp
from sim.views.seat.debriefing import Debriefing
from sim.views.seat.tabs import TABS


def card(app: TrainerApp, option: str) -> widgets.Button:
    """What is clicked to take an option of the question that waits."""
    assert app.session.question is not None
    press: widgets.Button = app.options.view.children[list(app.session.question.options).index(option)].children[0]
    return press


def pick(app: TrainerApp, option: str = "") -> None:
    """Answer the question that waits: by an option's id, or with the option that the author wrote first, wherever it
    stands. A letter is left to a colleague."""
    question = app.session.question
    assert question is not None
    card(app, option or next(iter(question.decision.options))).click()
    if app.letters.given is not None and app.session.question is question:
        app.letters.colleague.click()


def look(app: TrainerApp, *tabs: str) -> None:
    """Open tabs, one after the other."""
    for name in tabs:
        app.tabs.selected_index = list(TABS).index(name)


def debrief_of(at: Debriefing) -> str:
    """Everything that a debrief says, its folds opened."""
    return "".join([at.body.value, *(part.value for part in at.folds.children), at.rest.value])
