"""The options of a question, each a card that is clicked as a whole."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import ipywidgets as widgets

from sim.i18n import _, many
from sim.model.case import Option
from sim.training.effort import hours
from sim.training.session import Session
from sim.training.story import Question
from sim.views.controls import put
from sim.views.seat import panels


class Options:
    """Cards in the order in which the question shows its options. ``pick`` is called with the place of the one that was
    clicked, from 0; ``view`` is the widget to show."""

    def __init__(self, pick: Callable[[int], None]):
        self._pick = pick
        self.view = widgets.VBox([])

    def show(self, session: Session, question: Question | None) -> None:
        """Show these, or none. Cards that are there stay, so that the keyboard's focus stays where it is."""
        options = list(question.options.values()) if question is not None else []
        cards = list(self.view.children[: len(options)])
        cards += [self._card(place) for place in range(len(cards), len(options))]
        for place, (card, option) in enumerate(zip(cards, options, strict=True), 1):
            press, about = card.children
            press.description = f"{place}  {' '.join(option.text.split())}"
            about.value = panels.wrap(f"<p class='asks'>{escape(_about(session, option))}</p>")
        if len(cards) != len(self.view.children):
            put(self.view, cards)

    def focus(self) -> None:
        """Lead the keyboard to the first."""
        if self.view.children:
            self.view.children[0].children[0].focus()

    def _card(self, place: int) -> widgets.VBox:
        press = widgets.Button(layout=widgets.Layout(width="auto", height="auto", margin="0"))
        press.add_class("mla-option")
        press.on_click(lambda _button: self._pick(place))
        return widgets.VBox([press, widgets.HTML(layout=widgets.Layout(margin="0"))])


def _about(session: Session, option: Option) -> str:
    """What an option asks for: hours of work of everybody, and whether a letter is to be written."""
    spent = round(sum(hours(session.run, action) for action in option.do))
    words = many("about {n} hour of work", "about {n} hours of work", spent) if spent else _("no work to speak of")
    return _("{hours} · you write the letter").format(hours=words) if session.case.drafts(option) else words
