"""How time passes in the seat: until something needs the trainee, by a day or a week, or to a date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import ipywidgets as widgets

from sim.i18n import _
from sim.training.session import Session
from sim.views.controls import button, labels, row


class PassingTime:
    """Buttons that let time pass. ``wait`` is called with how long, ``wait_until`` with a date or None, ``look`` for
    post where two teams play; ``view`` is the widget to show."""

    def __init__(
        self,
        wait: Callable[..., None],
        wait_until: Callable[[date | None], None],
        look: Callable[[], None] | None = None,
    ):
        self.go_on = button(_("Until something needs me"), _("Let time pass until a question or a message comes"))
        self.one_day = button(_("A day"), _("Let a day pass"))
        self.one_week = button(_("A week"), _("Let a week pass"))
        self.date = widgets.DatePicker(description=_("To"), style=labels(), layout=widgets.Layout(width="13rem"))
        self.to_date = button(_("Go"), _("Let time pass to the date chosen"))
        self.go_on.on_click(lambda _button: wait())
        self.one_day.on_click(lambda _button: wait(days=1))
        self.one_week.on_click(lambda _button: wait(days=7))
        self.to_date.on_click(lambda _button: wait_until(self.date.value))
        controls: list[widgets.Widget] = [self.go_on, self.one_day, self.one_week, self.date, self.to_date]
        if look is not None:
            post = button(_("Look for post"), _("Take in what the other team has sent, and send what is new"))
            post.on_click(lambda _button: look())
            controls.append(post)
        self.view = widgets.HBox(controls, layout=row())

    def show(self, session: Session) -> None:
        """Offer it only where time can pass, and dates only within the story."""
        possible = not session.ended and session.question is None
        self.view.layout.display = "" if possible else "none"
        if possible:
            self.date.min = (session.now + timedelta(days=1)).date()
            self.date.max = session.run.moment(session.run.end).date()
