"""The drafting desk: a letter of request from picks and words of one's own, with the document beside it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from html import escape
from typing import get_args

import ipywidgets as widgets
from pydantic import ValidationError

from sim.errors import SessionError
from sim.i18n import _, marked
from sim.law.drafting import OFFENCE, judge, material_for, provisions_of_points
from sim.model.action import Action
from sim.model.actions import SendRequest
from sim.model.drafting import Draft
from sim.model.reading import Document
from sim.model.validation import problems_of
from sim.training.action_rules import VICTIMS, problem_with, sent_as
from sim.training.choices import choices
from sim.training.drafts import Value
from sim.training.letter_contents import LetterContents, filled
from sim.training.letters import label_languages, letter_of
from sim.training.session import Session
from sim.views import dates
from sim.views.controls import area, button, dropdown, filled_in, heading, put, running_loop, text, tick, values
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
ANNEXES = {
    "provisions": marked("Text of the provisions on the offence and its penalty"),
    "court order": marked("Court order"),
    "translation": marked("Translation"),
}
"""What can be enclosed, by name."""
SINGLE = (
    *("state", "measure", "instrument", "channel", "language", "translation", "authority", "nature"),
    *("purpose", "urgency", "contact", "confidential", "formalities", "child", "oral", "copy", "period"),
)
GROUPS = ("evidence", "facts", "identifiers", "persons", "annexes", "words")
"""Fields of the form: single ones, and groups of one field for each thing that can be picked."""
PICKED = {"measures": ["any"], "instrument": "any", "channel": "any", "language": "en"}
"""Fields of a letter that are empty until one is picked, with what stands in for it while the rest is looked at."""
URGENT_STAMP = "the word"
PAUSE = 0.3
"""Seconds without a keystroke after which the letter is written out anew."""


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
        self.preview, self.checklist, self.note, self.files = (text() for _place in range(4))
        self.preview.add_class("mla-preview")
        self.labels = dropdown(_("Headings in"), [("English", "en")])
        self.labels.observe(lambda change: self._draw() if self.form.children else None, names="value")
        self.button = button(_("Send it"), _("Send the letter as it stands"))
        self.button.on_click(lambda _button: self._send())
        self.show = button(_("Files to take along"), _("Make files of the letter as it stands"))
        self.show.on_click(lambda _button: self._offer_files())
        self.colleague = button(_("Leave it to a colleague"), _("Have the letter drafted in the office, and send that"))
        self.colleague.on_click(lambda _button: self._leave_it())
        presses = widgets.HBox([self.button, self.show, self.colleague], layout=widgets.Layout(flex_flow="row wrap"))
        left = widgets.VBox([self.title, self.form, self.note, presses, self.files, self.checklist])
        right = widgets.VBox([self.labels, self.preview])
        left.layout, right.layout = (
            widgets.Layout(flex="3 1 22rem", min_width="0"),
            widgets.Layout(flex="3 1 22rem", min_width="0", padding="0 0 0 18px", overflow="visible"),
        )
        self._due: asyncio.TimerHandle | None = None
        self.view = widgets.HBox([left, right], layout=widgets.Layout(flex_flow="row wrap", overflow="visible"))

    # What is being written

    def open(self, given: SendRequest | None = None, answers: tuple[str, str] = ("", "")) -> None:
        """Begin a letter: the one a decision asks for, or any."""
        self.given, self.answers = given, answers
        session = self.session()
        self.preview.value = self.note.value = self.checklist.value = self.files.value = ""
        self._touched = False
        self._common(session)
        self._about(session)

    def focus(self) -> None:
        """Lead the keyboard to the first field that is to be filled in; a small screen goes there too."""
        self.authority.focus()

    def put_away(self) -> None:
        """No letter is being written; the next is begun when somebody looks for one."""
        self.given, self.answers, self._touched = None, ("", ""), False
        if self._due is not None:
            self._due.cancel()
            self._due = None
        self.preview.value = self.note.value = self.checklist.value = self.files.value = ""
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
        self.annexes = {
            name: tick(_(ANNEXES[name])) for name in get_args(get_args(Draft.model_fields["annexes"].annotation)[0])
        }
        self.words = {part: area(_(words), height="56px") for part, words in PARTS.items()}
        self.whom = text()
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
        self.title.value = panels.wrap(f"<h3>{escape(head)}</h3>{self._answered()}")
        self.colleague.layout.display = "" if given else "none"
        groups: list[tuple[str, list[widgets.Widget]]] = [
            (_("To whom, for what"), [self.state, self.authority, self.measure, *self.evidence.values(), self.whom]),
            (_("Legal basis and way"), [self.instrument, self.channel, self.language, self.translation]),
            (_("Authority and proceedings"), [self.contact, self.nature]),
            (_("Facts to be told"), [*self.facts.values(), self.words["facts"]]),
            (_("What exactly"), [*self.identifiers.values(), self.period]),
            (_("Persons concerned"), [*self.persons.values(), self.words["persons"]]),
            (
                _("Purpose, forms, urgency"),
                [self.purpose, self.formalities, self.child, self.urgency, self.words["urgency"]],
            ),
            (_("Confidentiality, and how it is made"), [self.confidential, self.oral, self.copy]),
            (_("Annexes"), [*self.annexes.values()]),
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
        self._draw()

    def _answered(self) -> str:
        """The option that sends this letter, so that nobody forgets which was pressed."""
        question, (decision, option) = self.session().question, self.answers
        if question is None or question.id != decision:
            return ""
        return f"<p class='quiet'>{escape(' '.join(question.options[option].text.split()))}</p>"

    def _filled_in(self) -> None:
        self._touched = True
        self._draw_soon()
        self.changed()

    def _draw_soon(self) -> None:
        """Draw the letter anew once nothing has been filled in for a moment, so that typing is not slowed down."""
        loop = running_loop()
        if loop is None:
            self._draw()
            return
        if self._due is not None:
            self._due.cancel()
        self._due = loop.call_later(PAUSE, self._draw)

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
        """The letter as it stands. Raises `SessionError` with all that keeps it from being sent."""
        if problems := self.problems():
            raise SessionError(" ".join(problems))
        return SendRequest.model_validate(self._data())

    def problems(self) -> list[str]:
        """All that keeps the letter from being sent as it stands."""
        session = self.session()
        picks = (self.measure, self.instrument, self.channel, self.language)
        found = [_("{what}: choose one first.").format(what=pick.description) for pick in picks if not pick.value]
        given = self._data()
        data = {**given, **{key: usual for key, usual in PICKED.items() if not given[key]}}
        try:
            written = SendRequest.model_validate(data)
        except ValidationError as error:
            wrong = [one.message for one in problems_of(error, SendRequest, Document("", data))]
            return found + [_("{problem}.").format(problem=str(words).rstrip(".")) for words in wrong]
        if found:
            return found
        try:
            problem = problem_with(session.run, Action(content=written) if self.given is not None else sent_as(written))
        except SessionError as error:
            return [_("{problem}.").format(problem=error)]
        return [_("{problem}.").format(problem=problem)] if problem is not None else []

    def _data(self) -> dict[str, object]:
        """The letter as it stands, as data; what was not picked yet is empty."""
        evidence = [id_ for id_, tick in self.evidence.items() if tick.value]
        if self.given is not None:
            evidence = list(self.given.evidence)
        number = 1 + sum(name.startswith("letter-") for name in self.session().run.requests)
        reason = self.urgency.value not in ("no", URGENT_STAMP)
        return {
            "id": self.given.id if self.given is not None else f"letter-{number}",
            "to": self.state.value,
            "measures": [self.measure.value] if self.measure.value else [],
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

    def _as_it_stands(self) -> SendRequest | None:
        """The letter to look at, whatever is still to be picked; None where something in it could not be kept."""
        data = self._data()
        try:
            draft = Draft.model_validate(data["draft"])
        except ValidationError as error:
            logger.info("the letter is shown as it was: %d things in it cannot be kept", error.error_count())
            return None
        names = {"interpol copy": "interpol_copy"}
        fields = {names.get(key, key): tuple(v) if isinstance(v, list) else v for key, v in data.items()}
        # Not validated: what is not picked yet is empty, and stays empty in the letter that is shown.
        return SendRequest.model_construct(_fields_set=None, **{**fields, "draft": draft})

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
        """Write out the letter as it stands, whom it goes to, and what is still to be done before it can be sent."""
        self._due = None
        if self.coached:
            self._coach()
        if self._touched:
            self._say_problems(self.problems())
        shown = self._as_it_stands()
        if shown is None:
            return
        session = self.session()
        self.whom.value = panels.wrap(whom(session, shown))
        document = letter_of(session.run, shown, seed=session.seed, labels=self.labels.value)
        self.preview.value = panels.wrap(letter_fragment(document))

    def _offer_files(self) -> None:
        """The letter as it stands as files."""
        shown, session = self._as_it_stands(), self.session()
        if shown is None:
            return
        document = letter_of(session.run, shown, seed=session.seed, labels=self.labels.value)
        found = [(_("Save as page"), f"{shown.id}.html", "text/html", letter_html(document).encode())]
        try:
            found.append((_("Save as Word"), f"{shown.id}.docx", DOCX, letter_docx(document)))
        except ImportError as error:  # a browser's Python may lack the library for it
            logger.info("the letter is not offered for a word processor: %s", error)
        self.files.value = panels.wrap(downloads(*found, pressed=True))

    def _say_problems(self, problems: list[str], *, pressed: bool = False) -> None:
        """What keeps it from being sent: all of it, at once."""
        if not problems:
            self.note.value = ""
            return
        items = "".join(f"<li>{escape(words)}</li>" for words in problems)
        kind, role = ("mark", "alert") if pressed else ("quiet", "status")
        head = escape(_("Before it can be sent:"))
        self.note.value = panels.wrap(f"<div class='{kind}' role='{role}'>{head}<ul>{items}</ul></div>")

    def _send(self) -> None:
        problems = self.problems()
        if problems:
            self._say_problems(problems, pressed=True)
            return
        try:
            self.send(self.letter())
        except SessionError as error:
            self._say_problems([str(error)], pressed=True)

    def _leave_it(self) -> None:
        try:
            self.send(None)
        except SessionError as error:
            self._say_problems([str(error)], pressed=True)


def whom(session: Session, letter: SendRequest) -> str:
    """Whom a letter goes to, who holds what it asks for, and what has been preserved of it."""
    contents = LetterContents(session.run, letter, session.seed)
    lines = [
        (_("Addressed to"), [contents.addressee()]),
        (_("Held by"), contents.holders()),
        (_("Preserved at our request"), [*contents.preservations(), *_until(session, letter)]),
    ]
    return "".join(
        f"<p><span class='quiet'>{escape(label)}:</span> {escape('; '.join(said))}</p>" for label, said in lines if said
    )


def _until(session: Session, letter: SendRequest) -> list[str]:
    """Until when what a letter asks for is preserved, as far as it is."""
    run = session.run
    items = [run.evidence[id_] for id_ in letter.evidence if id_ in run.evidence]
    ends = [
        item.preserved_until
        for item in items
        if item.preserved_until is not None and item.state(run.now) == "preserved"
    ]
    return [_("kept until {date}").format(date=dates.in_full(run.moment(min(ends))))] if ends else []
