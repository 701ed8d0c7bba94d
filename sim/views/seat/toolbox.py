"""The toolbox: every action that a trainee may take at any time, with the fields it needs and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as widgets

from sim.errors import SessionError
from sim.i18n import _
from sim.model.action import Action
from sim.model.action_kinds import ActionField, ActionKind
from sim.training.action_rules import action_of, described
from sim.training.choices import choices, data_for, kinds_for
from sim.training.effort import hours_in_words
from sim.training.session import Session
from sim.views.controls import button, dropdown, filled_in, put, text, tick
from sim.views.seat import panels

Filled = tuple[str, widgets.Widget]
"""A control and what it fills in: a field, or ``field:value`` where a field has one control for each of its values."""


class Toolbox:
    """Actions by picking. ``do`` is called with the action; ``view`` is the widget to show."""

    def __init__(self, session: Callable[[], Session], do: Callable[[Action], None]):
        self.session, self.do = session, do
        self.kinds = {kind.name: kind for kind in kinds_for(session().run)}
        self.what = dropdown(_("Action"), [(_(kind.label), name) for name, kind in self.kinds.items()])
        self.fields = widgets.VBox([])
        self.note = text()
        self.button = button(_("Do it now"), _("Carry the action out; time stands still"))
        self.button.on_click(lambda _button: self._act())
        self.what.observe(lambda change: self.refresh(), names="value")
        self._fields: list[Filled] = []
        self.view = widgets.VBox([self.what, self.fields, self.button, self.note])

    @property
    def kind(self) -> ActionKind:
        """The kind of action that is picked."""
        return self.kinds[self.what.value]

    def refresh(self) -> None:
        """Offer what can be picked as things stand; what was picked stays picked where it can."""
        before = {name: widget.value for name, widget in self._fields}
        self._fields = [filled for field in self.kind.fields for filled in self._controls(field)]
        for name, widget in self._fields:
            old = before.get(name)
            if isinstance(widget, widgets.Dropdown) and old in [value for _words, value in widget.options]:
                widget.value = old
        put(self.fields, [widget for _name, widget in self._fields])
        lacking = [w.description for _n, w in self._fields if isinstance(w, widgets.Dropdown) and not w.options]
        self.button.disabled = bool(lacking) or self.session().ended
        words = str(hours_in_words(self.kind))
        if lacking:
            words = _("There is nothing yet to do this with: {what}.").format(what=", ".join(lacking))
        self.note.value = panels.wrap(f"<p class='quiet'>{escape(words)}</p>")

    def _controls(self, field: ActionField) -> list[Filled]:
        """What a field is filled in with, by what it may hold."""
        offered = [(str(choice.words), choice.id) for choice in choices(self.session().run, field)]
        if field.shape == "several of":
            return [(f"{field.name}:{value}", tick(words, False)) for words, value in offered]
        return [(field.name, filled_in(field, offered))]

    # Acting

    def _act(self) -> None:
        try:
            action = action_of(data_for(self.kind, self._filled()))
            self.do(action)
            words = _("Done on day {day}: {what}.").format(
                day=self.session().day, what=described(self.session().run, action)
            )
            self.note.value = panels.wrap(f"<p class='good' role='status'>{escape(words)}</p>")
        except SessionError as error:
            self.note.value = panels.wrap(f"<p class='mark' role='alert'>{escape(str(error))}</p>")

    def _filled(self) -> dict[str, object]:
        filled: dict[str, Any] = {}  # of whatever type a control holds
        for name, widget in self._fields:
            field, several, value = name.partition(":")
            if several:
                filled.setdefault(field, [])
                filled[field] += [value] if widget.value else []
            else:
                filled[field] = widget.value
        return filled
