"""The trainee's seat in a notebook: one app of ipywidgets, with callbacks and never a blocking cell.

It needs nothing but the playing path and ipywidgets: pictures are SVG strings, texts are HTML.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from sim import words
from sim.errors import MlasimError, ScenarioError, SessionError
from sim.model.actions import Action, SendRequest
from sim.model.loading import Scenario, load
from sim.training.acting import states_of
from sim.training.exchange import Exchange, Side
from sim.training.session import Session, resume
from sim.training.storage import NotWrittenError
from sim.training.unsent import Unsent, UnsentFile
from sim.views import panels, pictures
from sim.views.controls import button, labels, row, text
from sim.views.debriefing import Debriefing
from sim.views.drafting_desk import DraftingDesk
from sim.views.law_desk import LawDesk
from sim.views.toolbox import Toolbox
from sim.words import _, many, marked

PAUSE = 0.35
"""Seconds after a decision in which no other is taken: the second half of a double click is not an answer."""
TABS = (
    marked("Requests"),
    marked("Case file"),
    marked("Map"),
    marked("Law desk"),
    marked("Act"),
    marked("Write a letter"),
    marked("The story"),
)
LAW, ACT, LETTER = 3, 4, 5


@dataclass(frozen=True)
class Shared:
    """How two teams play two States: the folder they share, this team's side, and the State the other one plays."""

    folder: Path
    side: Side
    partner: str = ""


def open_case(
    case: str | Scenario = "silent-harbour",
    *,
    seed: int = 7,
    folder: str | Path | None = ".",
    language: str = "en",
    shared: Shared | None = None,
) -> Any:
    """The seat for a case, to be shown by a notebook.

    The session is kept in ``folder`` at every step and is found there again; with ``folder=None`` it is not kept.
    ``language`` is that of the interface; ``shared`` says how two teams play two States. A problem is shown as a
    readable panel.
    """
    try:
        words.use(language)
        scenario = case if isinstance(case, Scenario) else load(case)
        return TrainerApp(scenario, seed=seed, folder=folder, shared=shared).view
    except MlasimError as error:
        return problem_panel(error)


def problem_panel(error: MlasimError) -> widgets.HTML:
    """An error in words, with every problem on a line of its own."""
    lines = [str(p) for p in error.problems] if isinstance(error, ScenarioError) else [str(error)]
    items = "".join(f"<li>{panels.escape(line)}</li>" for line in lines)
    head = panels.escape(_("This cannot be opened"))
    return widgets.HTML(panels.style() + panels.wrap(f"<h2>{head}</h2><ul>{items}</ul>"))


class TrainerApp:
    """One trainee's seat. ``view`` is the widget to show."""

    def __init__(
        self,
        scenario: Scenario,
        *,
        seed: int = 7,
        folder: str | Path | None = ".",
        shared: Shared | None = None,
    ):
        self.scenario, self.seed, self.shared = scenario, seed, shared
        self.path = None if folder is None else Path(folder) / f"{scenario.id}-{seed}.session.jsonl"
        self.kept = folder is not None
        """Whether the session is meant to be kept."""
        self.note = ""
        self.pause, self._decided = PAUSE, float("-inf")
        self._answering = ""
        """The option whose letter is being drafted."""
        self.debriefing = Debriefing()
        self.session = self._begin_or_resume()
        self.unsent = UnsentFile(self.path)
        self._build()
        self.refresh()
        self._take_up(self.unsent.read())
        if self.session.ended:
            self.debriefing.begin(self.session)

    # Widgets

    def _build(self) -> None:
        self.head, self.clock, self.story, self.status = text(), text(), text(), text()
        self.question, self.options = text(), widgets.VBox([])
        self.inbox, self.file, self.cited, self.timeline, self.map = text(), text(), text(), text(), text()
        self._build_time()
        self._build_reasons()
        run = self.session.run
        measures = sorted(self.scenario.measures, key=lambda name: self.scenario.measures[name].title)
        self.law_desk = LawDesk(self.scenario, run.home, states_of(run), measures)
        self.toolbox = Toolbox(lambda: self.session, self._act)
        self.letters = DraftingDesk(lambda: self.session, self._send, self._keep_unsent)
        law = widgets.VBox([self.cited, self.law_desk.view])
        pages = [self.timeline, self.file, self.map, law, self.toolbox.view, self.letters.view, self.story]
        titles = [_(title) for title in TABS]
        if self.scenario.case is not None and self.scenario.case.team:
            self._build_team()
            pages.append(self.team)
            titles.append(_("At the table"))
        self.tabs = widgets.Tab(pages, titles=tuple(titles))
        self.tabs.observe(lambda change: self._open_tab(), names="selected_index")
        self.undo = button(_("Take back"), _("Take the last step back"))
        self.again = button(_("Start again"), _("Begin anew; the old session file is kept"))
        self.undo.on_click(lambda _button: self._guarded(self._undo))
        self.again.on_click(lambda _button: self._guarded(self._start_again))
        acts = widgets.HBox([self.undo, self.again], layout=widgets.Layout(margin="8px 0 0 0"))
        decide = widgets.VBox([self.question, self.options, self.reasons, self.passing, acts])
        decide.layout = widgets.Layout(flex="3 1 22rem", min_width="0")
        heading = widgets.HTML(panels.wrap(f"<h2>{panels.escape(_('Inbox'))}</h2>"))
        right = widgets.VBox([heading, self.inbox])
        right.layout = widgets.Layout(flex="2 1 18rem", min_width="0", padding="0 0 0 28px")
        seat = widgets.HBox([decide, right], layout=widgets.Layout(margin="0 0 18px 0", flex_flow="row wrap"))
        style = widgets.HTML(panels.style(), layout=widgets.Layout(height="0", margin="0"))
        parts = [style, self.head, self.clock, self.status, seat, self.tabs, self.debriefing.view]
        self.view = widgets.VBox(parts)
        self.view.add_class("mla-seat")
        if words.right_to_left():
            self.view.add_class("rtl")

    def _build_time(self) -> None:
        self.go_on = button(_("Until something needs me"), _("Let time pass until a question or a message comes"))
        self.one_day = button(_("A day"), _("Let a day pass"))
        self.one_week = button(_("A week"), _("Let a week pass"))
        self.date = widgets.DatePicker(description=_("To"), style=labels(), layout=widgets.Layout(width="13rem"))
        self.to_date = button(_("Go"), _("Let time pass to the date chosen"))
        self.go_on.on_click(lambda _button: self._wait())
        self.one_day.on_click(lambda _button: self._wait(days=1))
        self.one_week.on_click(lambda _button: self._wait(days=7))
        self.to_date.on_click(lambda _button: self._wait_until(self.date.value))
        self.post = button(_("Look for post"), _("Take in what the other team has sent, and send what is new"))
        self.post.on_click(lambda _button: self._guarded(self._look_for_post))
        controls = [self.go_on, self.one_day, self.one_week, self.date, self.to_date]
        controls += [self.post] if self.shared is not None else []
        self.passing = widgets.HBox(controls, layout=row())

    def _build_reasons(self) -> None:
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
        self.reasons = widgets.VBox([self.reason, self.prediction, self.days])
        for field in (self.reason, self.prediction, self.days):
            field.observe(lambda change: self._keep_unsent(), names="value")

    def _build_team(self) -> None:
        """Each role's own facts, one role at a time: the others look away."""
        assert self.scenario.case is not None
        nobody = [(_("nobody: all may look"), "")]
        roles = [(seat.title, id_) for id_, seat in self.scenario.case.team.items()]
        self.role = widgets.Dropdown(description=_("For the eyes of"), options=[*nobody, *roles], style=labels())
        self.private = text()
        self.role.observe(lambda change: self._show_role(), names="value")
        self.team = widgets.VBox([self.role, self.private])

    def _show_role(self) -> None:
        self.private.value = panels.wrap(panels.role(self.session, self.role.value)) if self.role.value else ""

    def refresh(self) -> None:
        """Draw everything anew from the session."""
        session = self.session
        self.head.value = panels.wrap(panels.header(session))
        self.clock.value = panels.wrap(panels.clocks(session))
        lost = _("What you do is not being kept.") if self.kept and session.file is None else ""
        notes = [f"<p class='mark' role='status'>{panels.escape(note)}</p>" for note in (self.note, lost) if note]
        self.status.value = panels.wrap("".join(notes)) if notes else ""
        messages = panels.inbox(panels.for_all(session), session)
        name = panels.escape(_("Inbox"))
        self.inbox.value = panels.wrap(
            f"<div class='inbox' role='log' aria-label='{name}' tabindex='0'>{messages}</div>"
        )
        self.file.value = panels.wrap(panels.case_file(session))
        self.story.value = panels.wrap(panels.introduction(session))
        self.timeline.value = panels.wrap(pictures.timeline_of(session))
        self.map.value = panels.wrap(pictures.map_of(session))
        self.undo.disabled = not session.steps
        self._show_question()
        self._open_tab()
        self.debriefing.view.layout.display = "" if session.ended else "none"

    def _open_tab(self) -> None:
        """Prepare the tab that is open; the others are prepared when they are opened."""
        if self.tabs.selected_index == ACT:
            self.toolbox.refresh()
        elif self.tabs.selected_index == LAW and not self.law_desk.answer.value:
            self.law_desk.ask()
        elif self.tabs.selected_index == LETTER and not self.letters.form.children:
            self.letters.open()

    def _show_question(self) -> None:
        session, question = self.session, self.session.question
        self.passing.layout.display = "none" if session.ended or question is not None else ""
        self.reasons.layout.display = "none" if session.ended else ""
        if question is None:
            self.options.children = ()
            if session.ended:
                ending = session.ending
                found = (
                    f"<h2>{panels.escape(ending[1].title)}</h2>{panels.paragraphs(ending[1].says)}" if ending else ""
                )
                self.question.value = panels.wrap(f"{found}<p>{panels.escape(_('The debrief follows below.'))}</p>")
            else:
                self.question.value = panels.wrap(panels.nothing_waits())
                self.date.min = (session.now + timedelta(days=1)).date()
                self.date.max = session.run.moment(session.run.end).date()
            return
        intro = panels.introduction(session) if not session.steps else ""
        self.question.value = panels.wrap(intro + panels.question(session, question))
        self._show_options([(option.text, option.drafted) for option in question.options.values()])
        self.cited.value = panels.wrap(panels.cited(session, question))

    def _show_options(self, texts: list[tuple[str, bool]]) -> None:
        """One row an option. Rows that are there stay, so that the keyboard's focus stays where it is."""
        rows = list(self.options.children[: len(texts)])
        rows += [self._row(place) for place in range(len(rows), len(texts))]
        for place, (line, (says, drafted)) in enumerate(zip(rows, texts, strict=True), 1):
            press, label = line.children
            press.description = (_("Draft {n}") if drafted else _("Choose {n}")).format(n=place)
            press.tooltip = " ".join(says.split())
            label.value = panels.wrap(f"<p class='option'>{panels.escape(press.tooltip)}</p>")
        if len(rows) != len(self.options.children):
            self.options.children = tuple(rows)

    def _row(self, place: int) -> widgets.HBox:
        press = widgets.Button(layout=widgets.Layout(width="auto", flex="0 0 auto", margin="4px 2px"))
        press.on_click(lambda _button: self._pick(place))
        return widgets.HBox([press, widgets.HTML(layout=widgets.Layout(flex="1 1 auto", min_width="0"))])

    # Acting

    def _guarded(self, what: Any) -> None:
        """Do something a click asked for; a problem is shown, not raised."""
        try:
            self.note = ""
            what()
        except MlasimError as error:
            self.note = str(error)
        except OSError as error:
            self.note = _("That could not be written: {why}.").format(why=error.strerror or error)
        self.refresh()
        if self.session.ended and not self.debriefing.begun:
            self.debriefing.begin(self.session)

    def _pick(self, place: int) -> None:
        """A click on an option, unless it is the echo of the click before."""
        question = self.session.question
        if question is None or time.monotonic() - self._decided < self.pause:
            return
        option = list(question.options)[place]
        if question.options[option].drafted:
            self._answering = option
            self.letters.open(question.options[option].letter)
            self.tabs.selected_index = LETTER
            return
        self._guarded(lambda: self._choose(option))
        self._decided = time.monotonic()
        self._focus()

    def _focus(self) -> None:
        """Lead the keyboard to what comes next."""
        if self.session.question is not None and self.options.children:
            self.options.children[0].children[0].focus()
        elif not self.session.ended:
            self.go_on.focus()

    def _why(self) -> dict[str, Any]:
        return {
            "because": self.reason.value.strip(),
            "predict": self.prediction.value.strip(),
            "days": self.days.value,
        }

    def _choose(self, option: str, letter: SendRequest | None = None) -> None:
        self._kept(lambda session: session.choose(option, letter=letter, stay=True, **self._why()))
        self._forget_why()

    def _forget_why(self) -> None:
        self.reason.value = self.prediction.value = ""
        self.days.value = 0

    def _keep_unsent(self) -> None:
        """Keep what has been begun and not sent."""
        question = self.session.question
        answers = self.letters.given is not None and question is not None
        self.unsent.write(
            Unsent(
                self.reason.value,
                self.prediction.value,
                self.days.value,
                question.id if answers and question is not None else "",
                self._answering if answers else "",
                self.letters.begun(),
            )
        )

    def _take_up(self, unsent: Unsent) -> None:
        """Show again what had been begun before the kernel was gone."""
        if unsent.nothing or self.session.ended:
            return
        question = self.session.question
        if unsent.letter:
            given = None
            if question is not None and question.id == unsent.decision and unsent.option in question.options:
                self._answering = unsent.option
                given = question.options[unsent.option].letter
            if given is not None or not unsent.decision:
                self.letters.open(given)
                self.letters.take_up(unsent.letter)
        self.reason.value, self.prediction.value = unsent.reason, unsent.prediction
        self.days.value = min(max(0, unsent.days), self.days.max)

    def _act(self, action: Action) -> None:
        self._kept(lambda session: session.act(action, **self._why()))
        self._forget_why()
        self.note = _("Done.")
        self.refresh()

    def _send(self, letter: SendRequest) -> None:
        """A letter from the drafting desk: the one a decision asked for, or one of the trainee's own."""
        given, question = self.letters.given, self.session.question
        if given is None:
            self._act(Action(send=letter))
        elif question is None or self._answering not in question.options:
            raise SessionError(_("That question has been answered already."))
        else:
            self._choose(self._answering, letter)
            self.note = _("The letter has gone out.")
        self.letters.open()
        self._keep_unsent()
        self.tabs.selected_index = 0
        self.refresh()

    def _kept(self, what: Any) -> None:
        """Take a step; if it cannot be written down, the play goes on unsaved and says so."""
        try:
            what(self.session)
            self._sync()
        except NotWrittenError as error:
            self.note = _("{problem}. The play goes on, unsaved.").format(problem=error)
            unsaved = Session(self.scenario, seed=self.seed, partner=self.session.run.partner)
            unsaved.replay(self.session.entries)
            self.session = unsaved
            what(self.session)

    def _exchange(self) -> Exchange | None:
        shared = self.shared
        return None if shared is None else Exchange(shared.folder, shared.side, self.session)

    def _sync(self) -> int:
        exchange = self._exchange()
        return exchange.sync() if exchange is not None else 0

    def _look_for_post(self) -> None:
        exchange = self._exchange()
        if exchange is not None:
            taken, day = exchange.sync(), int(exchange.others_clock / 86_400) + 1
            self.note = _("{count} pieces of post. The other team is on day {day}.").format(count=taken, day=day)

    def _pass_time(self, session: Session, **how: Any) -> None:
        exchange = self._exchange()
        if exchange is not None:
            exchange.wait(**how)
        else:
            session.wait(**how)

    def _wait(self, **how: Any) -> None:
        self._guarded(lambda: self._kept(lambda session: self._pass_time(session, **how)))
        self._focus()

    def _wait_until(self, day: date | None) -> None:
        if day is None:
            self.note = _("Choose a date first.")
            self.refresh()
            return
        self._wait(until=datetime.combine(day, time_of_day(9)))

    def _undo(self) -> None:
        self.debriefing.stop()
        self.session = self.session.undo()

    def _start_again(self) -> None:
        self.debriefing.stop()
        exists = self.path is not None and self.path.exists()
        kept = self._put_aside() if exists else ""
        self.session = self._new()
        self.note = self.note or (_("The earlier session is kept as {name}.").format(name=kept) if kept else "")

    def _put_aside(self) -> str:
        """Rename the session's file, never over another; its new name."""
        assert self.path is not None
        stem, moment, number = f"{self.scenario.id}-{self.seed}", datetime.now().strftime("%Y%m%d-%H%M%S"), 1
        kept = self.path.with_name(f"{stem}.{moment}.session.jsonl")
        while kept.exists():
            number += 1
            kept = self.path.with_name(f"{stem}.{moment}-{number}.session.jsonl")
        self.path.rename(kept)
        return kept.name

    def _begin_or_resume(self) -> Session:
        if self.path is None or not self.path.exists():
            return self._new()
        try:
            session = resume(self.path, self.scenario)
        except SessionError as error:
            try:
                note = _("{problem} (the old file is kept as {name})").format(problem=error, name=self._put_aside())
            except OSError:
                # It cannot be moved away, so it must not be written over either.
                note = _("{problem}. The folder cannot be written: the play goes on, unsaved.")
                self.note, self.path = note.format(problem=error), None
                return self._new()
            session = self._new()
            self.note = f"{note} {self.note}".strip()
            return session
        if session.steps:
            one, other = marked("Your session goes on after {n} step."), "Your session goes on after {n} steps."
            self.note = many(one, other, len(session.steps))
        return session

    def _new(self) -> Session:
        partner = self.shared.partner if self.shared is not None else ""
        session = Session(self.scenario, seed=self.seed, partner=partner)
        if self.path is not None:
            try:
                session.save(self.path)
            except SessionError as error:
                self.note = _("{problem} — the play goes on, unsaved.").format(problem=error)
        return session
