"""What the trainee may note before a step: why, what they expect, and how many days they expect it to take."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

import ipywidgets as widgets

from sim.i18n import _
from sim.views.controls import labels


class Noted(TypedDict):
    """What a step is taken with: keyword arguments of `Session.choose` and `Session.act`."""

    because: str
    predict: str
    days: int


class Why:
    """Three fields. ``changed`` is called when something was written; ``view`` is the widget to show."""

    def __init__(self, changed: Callable[[], None]):
        self.reason = widgets.Textarea(
            description=_("Why"),
            placeholder=_("Optional, before you decide: your reason, for the debrief"),
            layout=widgets.Layout(width="auto", height="58px", margin="10px 2px 2px 2px"),
            style=labels(),
        )
        self.prediction = widgets.Text(
            description=_("Expect"),
            placeholder=_("Optional: what do you expect?"),
            layout=widgets.Layout(width="auto"),
            style=labels(),
        )
        self.days = widgets.BoundedIntText(
            description=_("Days until an answer (0: no guess)"),
            min=0,
            max=5000,
            layout=widgets.Layout(width="auto", max_width="22rem"),
            style=labels(),
        )
        self.view = widgets.VBox([self.reason, self.prediction, self.days])
        for field in (self.reason, self.prediction, self.days):
            field.observe(lambda change: changed(), names="value")

    def noted(self) -> Noted:
        """What a step is taken with."""
        return {
            "because": self.reason.value.strip(),
            "predict": self.prediction.value.strip(),
            "days": self.days.value,
        }

    def fill(self, reason: str = "", prediction: str = "", days: int = 0) -> None:
        """Write something into the fields; nothing empties them."""
        self.reason.value, self.prediction.value = reason, prediction
        self.days.value = min(max(0, days), self.days.max)
