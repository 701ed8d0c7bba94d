"""The drafting desk: a letter of request from picks and words of one's own, with the document beside it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from html import escape
from typing import get_args

import ipywidgets as widgets
from pydantic import ValidationError

from sim.errors import SessionError
from sim.i18n import _, marked, say
from sim.law.drafting import OFFENCE, judge, material_for, provisions_of_points
from sim.model.actions import SendRequest
from sim.model.drafting import Draft
from sim.training.action_rules import VICTIMS
from sim.training.choices import choices
from sim.training.drafts import Value
from sim.training.letter_contents import filled
from sim.training.letters import label_languages, letter_of
from sim.training.session import Session
from sim.views.controls import area, button, dropdown, filled_in, heading, put, text, tick, values
from sim.views.downloads import DOCX, downloads
from sim.views.letter import letter_fragment, letter_html
from sim.views.letter_docx import letter_docx
from sim.views.seat import panels

logger = logging.getLogger("mlasim.views.drafting_desk")

PARTS: dict[str, str] = {
    "facts": marked("Facts, in your own words"),
    "persons": marked("On the persons concerned"),
    "urgency": marked("Why it is urgent"),
    "notes": marked("Anything else"),
}
"""Parts for which the desk offers a field for words of one's own."""
SINGLE = (
    *("state", "measure", "instrument", "channel", "language", "translation", "authority", "nature"),
    *("purpose", "urgency", "contact", "confidential", "formalities", "child", "oral", "copy", "period"),
)
GROUPS = ("evidence", "facts", "identifiers", "persons", "annexes", "words")
"""Fields of the form: single ones, and groups of one field for each thing that can be picked."""
URGENT_STAMP = "the word"


class DraftingDesk:
    """A letter in the making. ``send`` is called with the letter, or with None where a colleague is to draft the one
    that a decision asks for; ``changed`` when something was filled in; ``view`` is the widget to show.

    ``coached`` shows the checklist beside the letter while it is written. With ``given`` (the letter a decision asks
    for), addressee, evidence and name are fixed; otherwise they are picked. ``answers`` is the decision that asks for
    it and the option that sends it, by their names in the file.
    """

    def __init__(
        self,
        session: Callable[[], Session],
        send: Callable[[SendRequest | None], None],
        changed: Callable[[], None] = lambda: None,
        *,
        coached: bool = False,
    ):
        self.session, self.send, self.changed, self.coached = session, send, changed, coached
        self.given: SendRequest | None = None
        self.answers = ("", "")
        self._touched = False
        self.title = text()
        self.form = widgets.VBox([])
        self.preview, self.checklist, self.note = text(), text(), text()
        self.labels = dropdown(_("Headings in"), [("English", "en")])
        self.labels.observe(lambda change: self._draw() if self.preview.value else None, names="value")
        self.button = button(_("Send it"), _("Send the letter as it stands"))
        self.button.on_click(lambda _button: self._send())
        self.show = button(_("Show the letter"), _("Write out the letter as it stands"))
        self.show.on_click(lambda _button: self._draw())
        self.colleague = button(_("Leave it to a colleague"), _("Have the letter drafted in the office, and send that"))
        self.colleague.on_click(lambda _button: self._leave_it())
        presses = widgets.HBox([self.button, self.show, self.colleague], layout=widgets.Layout(flex_flow="row wrap"))
        left = widgets.VBox([self.title, self.form, presses, self.note, self.checklist])
        right = widgets.VBox([self.labels, self.preview])
        left.layout, right.layout = (
            widgets.Layout(flex="3 1 24rem", min_width="0"),
            widgets.Layout(flex="3 1 24rem", min_width="0", padding="0 0 0 18px"),
        )
        self.view = widgets.HBox([left, right], layout=widgets.Layout(flex_flow="row wrap"))

    # What is being written

    def open(self, given: SendRequest | None = None, answers: tuple[str, str] = ("", "")) -> None:
        """Begin a letter: the one a decision asks for, or any."""
        self.given, self.answers = given, answers
        session = self.session()
        self.preview.value = self.note.value = self.checklist.value = ""
        self._common(session)
        self._about(session)
        self._touched = False

    def put_away(self) -> None:
        """No letter is being written; the next is begun when somebody looks for one."""
        self.given, self.answers, self._touched = None, ("", ""), False
        self.preview.value = self.note.value = self.checklist.value = ""
        put(self.form, [])

    def _common(self, session: Session) -> None:
        run, case = session.run, session.case
        deadlines = [(_("the date of: {clock}").format(clock=d.title), id_) for id_, d in case.deadlines.items()]
        fields = {field.name: field for field in SendRequest.kind.fields}

        def asked(name: str, *first: tuple[str, str]) -> widgets.Widget:
            offered = [(str(choice.words), choice.id) for choice in choices(run, fields[name])]
            return filled_in(fields[name], [*first, *offered])

        # Nothing is picked beforehand: what stands first in a list is nobody's advice.
        choose = (_("choose …"), "")
        self.state, self.measure, self.instrument = asked("to"), asked("measures", choose), asked("instrument", choose)
        self.channel, self.language = asked("channel", choose), asked("language", choose)
        self.translation, self.authority = asked("translation"), asked("authority")
        self.confidential, self.formalities = asked("confidential"), asked("formalities")
        self.child, self.oral, self.copy = asked("child"), asked("oral"), asked("interpol_copy")
        self.nature = values(_("Proceedings"), Draft, "nature", last=True)
        self.purpose = values(_("Purpose"), Draft, "purpose", last=True)
        urgent = [(_("not urgent"), "no"), (_("the word URGENT"), URGENT_STAMP), *deadlines]
        self.urgency = dropdown(_("Urgency"), urgent)
        self.contact = tick(_("Say whom to call about it"))
        self.annexes = {name: tick(_(name)) for name in get_args(get_args(Draft.model_fields["annexes"].annotation)[0])}
        self.words = {part: area(_(words), height="56px") for part, words in PARTS.items()}
        self.labels.options = [(name, code) for code, name in label_languages().items()]
        self.labels.value = "en"
        if self.given is not None:
            self.state.value, self.measure.value = self.given.to, self.given.measures[0]
            self.state.disabled = True
        self.state.observe(lambda change: self._about(self.session()), names="value")

    def _about(self, session: Session) -> None:
        """Offer the evidence of the State picked, and what can be said about it."""
        case = session.case
        here = {id_: item.title for id_, item in case.evidence.items() if item.at == self.state.value}
        fixed = self.given.evidence if self.given is not None else ()
        self.evidence = {
            id_: tick(title, id_ in fixed or (not fixed and len(here) == 1)) for id_, title in here.items()
        }
        for field in self.evidence.values():
            field.disabled = self.given is not None
        material = self.material = material_for(case.drafting, here)
        at_hand = {*here, OFFENCE}
        self.facts = {i: tick(f.text) for i, f in material.facts.items() if not f.connects or at_hand & {*f.connects}}
        self.identifiers = {
            id_: tick(filled(session.run, one.text, seed=session.seed))
            for id_, one in material.identifiers.items()
            if at_hand & {*one.of}
        }
        periods = [(span.text, i) for i, span in material.periods.items() if not span.of or at_hand & {*span.of}]
        self.period = dropdown(_("Period"), [(_("none named"), ""), *periods])
        how = [(_("left out"), ""), (_("by name"), "by name"), (_("without a name"), "without a name")]
        self.persons = {id_: dropdown(person.text, how) for id_, person in material.persons.items()}
        self._lay_out(here)

    def _lay_out(self, here: dict[str, str]) -> None:
        given = self.given is not None
        head = _("The letter to be written") if given else _("A letter of your own")
        self.title.value = panels.wrap(f"<h3>{escape(head)}</h3>")
        self.colleague.layout.display = "" if given else "none"
        groups: list[tuple[str, list[widgets.Widget]]] = [
            (_("To whom, for what"), [self.state, self.authority, self.measure, *self.evidence.values()]),
            (_("Legal basis and way"), [self.instrument, self.channel, self.language, self.translation]),
            (_("Authority and proceedings"), [self.contact, self.nature]),
            (_("Facts to be told"), [*self.facts.values(), self.words["facts"]]),
            (_("What exactly"), [*self.identifiers.values(), self.period]),
            (_("Persons concerned"), [*self.persons.values(), self.words["persons"]]),
            (
                _("Purpose, forms, urgency"),
                [self.purpose, self.formalities, self.child, self.urgency, self.words["urgency"]],
            ),
            (_("Confidentiality and annexes"), [self.confidential, self.oral, self.copy, *self.annexes.values()]),
            ("", [self.words["notes"]]),
        ]
        children: list[widgets.Widget] = []
        for words, fields in groups:
            above = [heading(panels.wrap(f"<h4>{escape(words)}</h4>"))] if words else []
            children += [*above, *fields]
        heard = self.form.children
        put(self.form, children)
        for widget in children:
            if widget not in heard and not isinstance(widget, widgets.HTML):
                widget.observe(lambda change: self._filled_in(), names="value")
        if self.coached:
            self._coach()

    def _filled_in(self) -> None:
        self._touched = True
        if self.coached:
            self._coach()
        self.changed()

    # What has been filled in so far

    def begun(self) -> dict[str, Value]:
        """Every field of the letter by name, as it stands; nothing while nothing has been filled in."""
        return {name: widget.value for name, widget in self._fields().items()} if self._touched else {}

    def take_up(self, begun: Mapping[str, object]) -> None:
        """Fill in what was filled in before. The State comes first, since the rest depends on it."""
        for name in sorted(begun, key=lambda name: name != "state"):
            widget = self._fields().get(name)
            if widget is None or widget.disabled or type(begun[name]) is not type(widget.value):
                continue
            if isinstance(widget, widgets.Dropdown) and begun[name] not in [value for _words, value in widget.options]:
                continue
            widget.value = begun[name]

    def _fields(self) -> dict[str, widgets.Widget]:
        found = {name: getattr(self, name) for name in SINGLE}
        for group in GROUPS:
            found |= {f"{group}:{name}": widget for name, widget in getattr(self, group).items()}
        return found

    # What it comes to

    def letter(self) -> SendRequest:
        """The letter as it stands. Raises `SessionError` if it cannot be sent so."""
        for field in (self.measure, self.instrument, self.channel, self.language):
            if not field.value:
                raise SessionError(_("{what}: choose one first.").format(what=field.description))
        evidence = [id_ for id_, tick in self.evidence.items() if tick.value]
        if self.given is not None:
            evidence = list(self.given.evidence)
        run = self.session().run
        number = 1 + sum(name.startswith("letter-") for name in run.requests)
        reason = self.urgency.value not in ("no", URGENT_STAMP)
        data = {
            "id": self.given.id if self.given is not None else f"letter-{number}",
            "to": self.state.value,
            "measures": [self.measure.value],
            "evidence": evidence,
            "instrument": self.instrument.value,
            "channel": self.channel.value,
            "language": self.language.value,
            "translation": self.translation.value,
            "authority": self.authority.value,
            "urgent": "with reasons" if reason else "stamped" if self.urgency.value == URGENT_STAMP else "no",
            "confidential": self.confidential.value,
            "formalities": self.formalities.value,
            "child": self.child.value,
            "oral": self.oral.value,
            "interpol copy": self.copy.value,
            "draft": self._draft(),
        }
        try:
            return SendRequest.model_validate(data)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = " ".join(str(part) for part in first["loc"])
            raise SessionError(say("{place}: {first}", place=place, first=first["msg"])) from None

    def _draft(self) -> dict[str, object]:
        reason = self.urgency.value not in ("no", URGENT_STAMP)
        return {
            "facts": [id_ for id_, tick in self.facts.items() if tick.value],
            "identifiers": [id_ for id_, tick in self.identifiers.items() if tick.value],
            "period": self.period.value or None,
            "persons": {id_: field.value for id_, field in self.persons.items() if field.value},
            "nature": self.nature.value,
            "contact": self.contact.value,
            "purpose": self.purpose.value,
            "deadline": self.urgency.value if reason else None,
            "annexes": [name for name, tick in self.annexes.items() if tick.value],
            "words": {part: field.value.strip() for part, field in self.words.items() if field.value.strip()},
        }

    def _coach(self) -> None:
        """Show what is missing while it is drafted, where the scenario wants that."""
        case = self.session().case
        evidence = [id_ for id_, tick in self.evidence.items() if tick.value]
        victims = {id_ for id_, person in case.people.items() if person.role in VICTIMS}
        drafted = judge(Draft.model_validate(self._draft()), self.material, evidence, victims)
        session = self.session()
        provisions = provisions_of_points(
            session.scenario,
            drafted.points,
            requesting=session.run.home,
            requested=self.state.value,
            measure=self.measure.value or None,
            instrument=self.instrument.value or None,
            offence=case.offence,
        )
        self.checklist.value = panels.wrap(panels.checklist(drafted, provisions))

    def _draw(self) -> None:
        session = self.session()
        try:
            written = self.letter()
        except SessionError as error:
            self._say(str(error))
            return
        document = letter_of(session.run, written, seed=session.seed, labels=self.labels.value)
        found = [(_("Save as page"), f"{written.id}.html", "text/html", letter_html(document).encode())]
        try:
            found.append((_("Save as Word"), f"{written.id}.docx", DOCX, letter_docx(document)))
        except ImportError as error:  # a browser's Python may lack the library for it
            logger.info("the letter is not offered for a word processor: %s", error)
        self.preview.value = panels.wrap(f"{downloads(*found, pressed=True)}{letter_fragment(document)}")
        self.note.value = ""

    def _say(self, words: str) -> None:
        self.note.value = panels.wrap(f"<p class='mark' role='alert'>{escape(words)}</p>")

    def _send(self) -> None:
        try:
            self.send(self.letter())
        except SessionError as error:
            self._say(str(error))

    def _leave_it(self) -> None:
        try:
            self.send(None)
        except SessionError as error:
            self._say(str(error))
