"""Beginning a case again: asked first, with the same luck or with new luck."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import ipywidgets as widgets

from sim.i18n import _
from sim.views.controls import button, row, text
from sim.views.seat import panels


class Again:
    """A button that asks before it does anything. ``begin`` is called with whether the luck is to be new; ``press`` and
    ``view`` are the widgets to show."""

    def __init__(self, begin: Callable[[bool], None]):
        self._begin = begin
        self.press = button(_("Start again"), _("Begin anew; the old session file is kept"))
        self.same = button(_("With the same luck"), _("Offices, holders and chance behave as before"))
        self.new = button(_("With new luck"), _("Everything that chance decides is drawn anew"))
        self.stay = button(_("Go on with this play"), _("Leave it as it is"))
        said = text()
        said.value = panels.wrap(
            f"<p role='status'>{escape(_('Start again? What you have played is kept under another name.'))}</p>"
        )
        self.view = widgets.VBox([said, widgets.HBox([self.same, self.new, self.stay], layout=row())])
        self.view.add_class("mla-ask")
        self.press.on_click(lambda _button: self._ask())
        self.same.on_click(lambda _button: self._answer(lambda: self._begin(False)))
        self.new.on_click(lambda _button: self._answer(lambda: self._begin(True)))
        self.stay.on_click(lambda _button: self._answer(self.press.focus))
        self.view.layout.display = "none"

    def _ask(self) -> None:
        self.view.layout.display = ""
        self.same.focus()

    def _answer(self, then: Callable[[], None]) -> None:
        self.view.layout.display = "none"
        then()
