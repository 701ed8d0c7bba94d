"""A team at one table: each role's own facts and messages, one role at a time, while the others look away."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets

from sim.i18n import _
from sim.training.session import Session
from sim.views.controls import labels, text
from sim.views.seat import panels


class Table:
    """Pick a role and read what is for its eyes alone. ``view`` is the widget to show."""

    def __init__(self, session: Callable[[], Session]):
        self.session = session
        nobody = [(_("nobody: all may look"), "")]
        roles = [(seat.title, id_) for id_, seat in session().case.team.items()]
        self.role = widgets.Dropdown(description=_("For the eyes of"), options=[*nobody, *roles], style=labels())
        self.private = text()
        self.role.observe(lambda change: self.show(), names="value")
        self.view = widgets.VBox([self.role, self.private])

    def show(self) -> None:
        """What the role picked may read, as it stands now."""
        role = self.role.value
        self.private.value = panels.wrap(panels.role(self.session(), role)) if role else ""

    def cover(self) -> None:
        """Show nobody's: whoever comes next to the table must not read it."""
        self.role.value = ""
