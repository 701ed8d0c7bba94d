"""The cases as cards, of which one is picked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

import ipywidgets as widgets

from sim.i18n import _, marked
from sim.model.case import Case
from sim.model.loading import Scenario
from sim.views.controls import put
from sim.views.seat import panels
from sim.views.seat.motifs import motif

DIFFICULTIES = {
    "introductory": marked("first steps"),
    "intermediate": marked("for those who know the seat"),
    "advanced": marked("demanding"),
}


class CaseCards:
    """Cards in order. ``picked`` is called when another one is picked; ``view`` is the widget to show."""

    def __init__(self, picked: Callable[[], None]):
        self._picked = picked
        self._cases: dict[str, Scenario] = {}
        self._begun: Mapping[str, str] = {}
        self._value = ""
        self.view = widgets.Box([], layout=widgets.Layout(flex_flow="row wrap"))
        self.view.add_class("mla-cards")

    @property
    def options(self) -> list[str]:
        """Ids of the cases that are offered."""
        return list(self._cases)

    def offer(self, cases: Mapping[str, Scenario], begun: Mapping[str, str]) -> None:
        """Offer these; ``begun`` says of some how far they are. What is picked stays picked where it is offered."""
        self._cases, self._begun = dict(cases), begun
        put(self.view, [self._card(place) for place in self._cases])
        if self._value not in self._cases:
            self._value = next(iter(self._cases))
        self._mark()

    @property
    def value(self) -> str:
        """The id of the case that is picked."""
        return self._value

    @value.setter
    def value(self, id_: str) -> None:
        self._value = id_
        self._mark()
        self._picked()

    def _card(self, id_: str) -> widgets.VBox:
        case = self._cases[id_].case
        assert case is not None
        press = widgets.Button(layout=widgets.Layout(width="auto", height="auto", margin="0"))
        press.add_class("mla-card-title")
        press.on_click(lambda _button: setattr(self, "value", id_))
        card = widgets.VBox([widgets.HTML(_picture(case)), press, widgets.HTML(panels.wrap(self._says(id_, case)))])
        card.add_class("mla-card")
        return card

    def _says(self, id_: str, case: Case) -> str:
        facts = _("{role} · {minutes} minutes · {difficulty}").format(
            role=case.role.title, minutes=case.minutes, difficulty=_(DIFFICULTIES[case.difficulty])
        )
        begun = f"<p class='mark'>{escape(self._begun[id_])}</p>" if id_ in self._begun else ""
        return f"<p class='asks'>{escape(facts)}</p>{begun}"

    def _mark(self) -> None:
        for (id_, scenario), card in zip(self._cases.items(), self.view.children, strict=True):
            chosen = id_ == self._value
            card.add_class("chosen") if chosen else card.remove_class("chosen")
            press = card.children[1]
            press.description = scenario.title
            press.tooltip = _("{case}: picked").format(case=scenario.title) if chosen else scenario.title


def _picture(case: Case) -> str:
    return motif(case.picture)
