"""The toolbox: every action that a trainee may take at any time, with the fields it needs and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import ipywidgets as widgets

from sim.engine.desk import STEPS
from sim.errors import SessionError
from sim.law import GROUNDS
from sim.model.actions import Action, Interview, Item, Protect, Treat, Use
from sim.training.acting import WORDS, action_of, described, states_of
from sim.training.session import Session
from sim.views import panels
from sim.views.controls import button, dropdown, text, tick, values
from sim.words import _

LETTERS = ("send", "receive")
"""Actions that have a desk of their own, or come from another table."""
ABOUT_REQUESTS = ("chase", "supplement", "withdraw", "confirm", "feedback")
Field = tuple[str, widgets.Widget]


class Toolbox:
    """Actions by picking. ``do`` is called with the action; ``view`` is the widget to show."""

    def __init__(self, session: Callable[[], Session], do: Callable[[Action], None]):
        self.session, self.do = session, do
        at_desk = bool(session().case.incoming)
        fitting = [name for name in WORDS if (name in STEPS) == at_desk and name not in LETTERS]
        offered = [(_(WORDS[name]), name) for name in fitting]
        self.what = dropdown(_("Action"), offered)
        self.fields = widgets.VBox([])
        self.note = text()
        self.button = button(_("Do it now"), _("Carry the action out; time stands still"))
        self.button.on_click(lambda _button: self._act())
        self.what.observe(lambda change: self.refresh(), names="value")
        self._fields: list[Field] = []
        self.view = widgets.VBox([self.what, self.fields, self.button, self.note])

    def refresh(self) -> None:
        """Offer what can be picked as things stand; what was picked stays picked where it can."""
        before = {name: widget.value for name, widget in self._fields}
        self._fields = self._needed(self.what.value)
        for name, widget in self._fields:
            old = before.get(name)
            if isinstance(widget, widgets.Dropdown) and old in [value for _words, value in widget.options]:
                widget.value = old
        self.fields.children = tuple(widget for _name, widget in self._fields)
        lacking = [w.description for _n, w in self._fields if isinstance(w, widgets.Dropdown) and not w.options]
        ended = self.session().ended
        self.button.disabled = bool(lacking) or ended
        words = _("There is nothing yet to do this with: {what}.").format(what=", ".join(lacking)) if lacking else ""
        self.note.value = panels.wrap(f"<p class='quiet'>{panels.escape(words)}</p>") if words else ""

    # Fields

    def _needed(self, name: str) -> list[Field]:
        if name in ("preserve", "renew"):
            return [("evidence", self._evidence()), ("channel", self._channel())]
        if name in STEPS:
            return [("incoming", self._incoming()), *self._about_incoming(name)]
        if name == "consult":
            return [("to", self._state())]
        if name in ABOUT_REQUESTS:
            return [("request", self._request())]
        if name == "share":
            return [("to", self._state()), ("conditions", tick(_("With conditions on its use"), True))]
        if name == "ask":
            return [("service", self._service()), ("to", self._state()), ("person", self._person(optional=True))]
        if name == "use":
            return [("evidence", self._evidence()), ("purpose", values(_("For"), Use, "purpose"))]
        if name == "ask_consent":
            return [("evidence", self._evidence())]
        if name == "propose_team":
            return [("members", self._state())]
        if name == "repatriate":
            return [("person", self._person()), ("voluntary", tick(_("The person wishes it"), True))]
        if name == "invite":
            promised = tick(_("Promise safe conduct"), True)
            return [("person", self._person()), ("evidence", self._evidence()), ("safe_conduct", promised)]
        if name == "treat":
            return [("person", self._person()), ("as_", values(_("As"), Treat, "as_"))]
        if name == "protect":
            means = get_args(get_args(Protect.model_fields["by"].annotation)[0])
            return [("person", self._person()), *((f"by:{m}", tick(m, False)) for m in means)]
        if name == "interview":
            manner = values(_("Manner"), Interview, "manner")
            return [("person", self._person()), ("evidence", self._evidence()), ("manner", manner)]
        return []

    def _about_incoming(self, name: str) -> list[Field]:
        if name == "refuse":
            known = sorted((ground.replace("-", " "), ground) for ground in GROUNDS)
            why = dropdown(_("Ground"), known)
            consult, reasons = tick(_("Consult them before"), False), tick(_("Give reasons"), False)
            return [("ground", why), ("consult", consult), ("reasons", reasons)]
        if name == "send_back":
            return [("reasons", tick(_("Say why"), False))]
        if name == "grant":
            return [("conditions", tick(_("Under conditions on use and confidentiality"), False))]
        return []

    def _incoming(self) -> widgets.Dropdown:
        papers = self.session().run.incoming.values()
        open_ = [paper for paper in papers if paper.state != "not arrived" and not paper.closed]
        return dropdown(_("Request"), [(f"{paper.record.title} ({paper.state})", paper.id) for paper in open_])

    def _state(self) -> widgets.Dropdown:
        run = self.session().run
        return dropdown(_("State"), [(run.scenario.jurisdictions[s].title, s) for s in states_of(run)])

    def _evidence(self) -> widgets.Dropdown:
        found = [(item.title, id_) for id_, item in self.session().case.evidence.items()]
        return dropdown(_("Evidence"), found)

    def _person(self, *, optional: bool = False) -> widgets.Dropdown:
        found = [(person.title, id_) for id_, person in self.session().case.people.items()]
        return dropdown(_("Person"), [*([(_("nobody in particular"), "")] if optional else []), *found])

    def _request(self) -> widgets.Dropdown:
        from sim.engine.traced import LetterRequest
        from sim.training.telling import subject

        run = self.session().run
        found = [
            (f"{subject(run, id_)}, {run.scenario.jurisdictions[request.to].title} ({run.request_state(id_)})", id_)
            for id_, request in run.requests.items()
            if isinstance(request, LetterRequest)
        ]
        return dropdown(_("Request"), found)

    def _service(self) -> widgets.Dropdown:
        from sim.model.loading import available

        find = self.session().scenario.find
        services = [(id_, find("service", id_)) for id_ in available("service")]
        found = [(f"{service.institution}: {service.title}", id_) for id_, service in services if service is not None]
        return dropdown(_("Service"), sorted(found))

    def _channel(self) -> widgets.Dropdown:
        return dropdown(_("Channel"), channels_of(self.session()))

    # Acting

    def _act(self) -> None:
        name = self.what.value
        try:
            action = action_of({name.rstrip("_").replace("_", " "): self._data(name)})
            self.do(action)
            words = _("Done on day {day}: {what}.").format(
                day=self.session().day, what=described(self.session().run, action)
            )
            self.note.value = panels.wrap(f"<p class='good' role='status'>{panels.escape(words)}</p>")
        except SessionError as error:
            self.note.value = panels.wrap(f"<p class='mark' role='alert'>{panels.escape(str(error))}</p>")

    def _data(self, name: str) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for field, widget in self._fields:
            if field.startswith("by:"):
                data.setdefault("by", [])
                data["by"] += [field[3:]] if widget.value else []
            elif field == "members":
                data[field] = [widget.value]
            elif widget.value != "":
                data[field.rstrip("_").replace("_", " ")] = widget.value
        if name == "supplement":
            data["items"] = {item: "full" for item in get_args(Item)}
        return data


def channels_of(session: Session) -> list[tuple[str, str]]:
    """Channels of the world, by name."""
    return sorted((record.title, id_) for id_, record in session.scenario.channels.items())
