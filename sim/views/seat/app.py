"""The trainee's seat in a notebook: one app of ipywidgets, with callbacks and never a blocking cell.

It needs nothing but the playing path and ipywidgets: pictures are SVG strings, texts are HTML.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as time_of_day
from html import escape
from pathlib import Path
from typing import TypedDict, Unpack

import ipywidgets as widgets

from sim import i18n
from sim.errors import MlasimError, ScenarioError, SessionError
from sim.i18n import _, many
from sim.model.action import Action
from sim.model.actions import SendRequest
from sim.model.loading import Scenario, load
from sim.training.action_rules import described, sent_as, states_of
from sim.training.drafts import Unsent, UnsentFile
from sim.training.exchange import Exchange, Side
from sim.training.session import Session
from sim.unchanging import what_is_there_stays
from sim.views.controls import button, text
from sim.views.downloads import downloads
from sim.views.seat import panels, pictures
from sim.views.seat.again import Again
from sim.views.seat.debriefing import Debriefing
from sim.views.seat.drafting_desk import DraftingDesk
from sim.views.seat.law_desk import LawDesk, law_desk_is_closed
from sim.views.seat.levels import Level, coached, has_law_desk
from sim.views.seat.notes import Why
from sim.views.seat.options import Options
from sim.views.seat.session_folder import SessionFolder
from sim.views.seat.tabs import INBOX, LETTER, STORY, TABS, WIDE
from sim.views.seat.team_table import Table
from sim.views.seat.time_controls import PassingTime
from sim.views.seat.toolbox import Toolbox

PAUSE = 0.35
"""Seconds after a decision in which no other is taken: the second half of a double click is not an answer."""


@dataclass(frozen=True)
class Shared:
    """How two teams play two States: the folder they share, this team's side, and the State the other one plays."""

    folder: Path
    side: Side
    partner: str = ""


class HowLong(TypedDict, total=False):
    """How long time is let pass: keyword arguments of `Session.wait`."""

    days: float | None
    until: datetime | None


def open_case(
    case: str | Scenario = "silent-harbour",
    *,
    seed: int = 7,
    folder: str | Path | None = ".",
    language: str = "en",
    shared: Shared | None = None,
    level: Level = "as the case has it",
) -> widgets.Widget:
    """The seat for a case, to be shown by a notebook.

    The session is kept in ``folder`` at every step and is found there again; with ``folder=None`` it is not kept.
    ``language`` is that of the interface; ``shared`` says how two teams play two States; ``level`` how much help there
    is. A problem is shown as a readable panel.
    """
    try:
        i18n.use(language)
        scenario = case if isinstance(case, Scenario) else load(case)
        return TrainerApp(scenario, seed=seed, folder=folder, shared=shared, level=level).view
    except MlasimError as error:
        return problem_panel(error)


def problem_panel(error: MlasimError) -> widgets.HTML:
    """An error in words, with every problem on a line of its own."""
    lines = [str(p) for p in error.problems] if isinstance(error, ScenarioError) else [str(error)]
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    head = escape(_("This cannot be opened"))
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
        level: Level = "as the case has it",
    ):
        self.scenario, self.shared, self.level = scenario, shared, level
        self.folder = SessionFolder(folder, scenario, seed, partner=shared.partner if shared is not None else "")
        self.pause, self._decided = PAUSE, float("-inf")
        self.debriefing = Debriefing(player=self.folder.seat)
        self.session, self.note = self.folder.begin_or_resume()
        self.unsent = UnsentFile(self.path)
        self._read = 0
        """Messages that have been seen."""
        self._build()
        self.refresh()
        self._take_up(self.unsent.read())
        if self.session.ended:
            self.debriefing.begin(self.session)

    @property
    def path(self) -> Path | None:
        """Where the session is kept; None if it is not."""
        return self.folder.path

    # Widgets

    def _build(self) -> None:
        self.head, self.clock, self.story, self.status = text(), text(), text(), text()
        self.question, self.options = text(), Options(self._pick)
        self.inbox, self.file, self.cited, self.timeline, self.map = text(), text(), text(), text(), text()
        look = None if self.shared is None else lambda: self._guarded(self._look_for_post)
        self.time = PassingTime(self._wait, self._wait_until, look)
        self.why = Why(self._keep_unsent)
        self.table = Table(lambda: self.session) if self.session.case.team else None
        run = self.session.run
        measures = sorted(self.scenario.measures, key=lambda name: self.scenario.measures[name].title)
        self.law_desk = LawDesk(self.scenario, run.home, states_of(run), measures)
        self.toolbox = Toolbox(lambda: self.session, self._act)
        helped = coached(self.level, self.session.case)
        self.letters = DraftingDesk(lambda: self.session, self._send, self._keep_unsent, coached=helped)
        open_ = [self.cited, self.law_desk.view] if has_law_desk(self.level) else [widgets.HTML(law_desk_is_closed())]
        law = widgets.VBox(open_)
        shown = {
            "inbox": self.inbox,
            "requests": self.timeline,
            "file": self.file,
            "map": self.map,
            "law": law,
            "act": self.toolbox.view,
            "letter": self.letters.view,
            "story": self.story,
        }
        pages = [shown[name] for name in TABS]
        titles = [_(title) for title in TABS.values()]
        if self.table is not None:
            pages.append(self.table.view)
            titles.append(_("At the table"))
        self.tabs = widgets.Tab(pages, titles=tuple(titles), selected_index=INBOX if self.session.steps else STORY)
        self.tabs.observe(lambda change: self._look_up(), names="selected_index")
        self.keep_now = button(_("Try again to keep it"), _("Write the session down now"))
        self.keep_now.on_click(lambda _button: self._guarded(self._keep_now))
        self.undo = button(_("Take back"), _("Take the last step back"))
        self.again = Again(lambda new: self._guarded(lambda: self._start_again(new), lead=True))
        self.undo.on_click(lambda _button: self._guarded(self._undo))
        acts = widgets.HBox([self.undo, self.again.press], layout=widgets.Layout(margin="8px 0 0 0"))
        parts = [
            self.question,
            self.options.view,
            self.why.view,
            self.time.view,
            self.debriefing.view,
            acts,
            self.again.view,
        ]
        self.decide = widgets.VBox(parts, layout=widgets.Layout(min_width="0"))
        self.decide.add_class("mla-decide")
        self.desk = widgets.VBox([self.tabs], layout=widgets.Layout(min_width="0"))
        self.desk.add_class("mla-desk")
        self.work = widgets.HBox([self.decide, self.desk], layout=widgets.Layout(flex_flow="row wrap"))
        self.work.add_class("mla-work")
        style = widgets.HTML(panels.style(), layout=widgets.Layout(height="0", margin="0"))
        self.view = widgets.VBox([style, self.head, self.clock, self.status, self.keep_now, self.work])
        self.view.add_class("mla-seat")
        if i18n.right_to_left():
            self.view.add_class("rtl")
        what_is_there_stays()

    def refresh(self) -> None:
        """Draw everything anew from the session."""
        session = self.session
        self.head.value = panels.wrap(panels.header(session))
        self.clock.value = panels.wrap(panels.clocks(session))
        self._show_notes()
        self.undo.disabled = not session.steps
        self._put_letter_away()
        self._show_question()
        self._open_tab()
        if self.table is not None:
            self.table.show()
        self.debriefing.view.layout.display = "" if session.ended else "none"
        self.work.add_class("over") if session.ended else self.work.remove_class("over")
        self._say_what_is_new()

    def _say_what_is_new(self) -> None:
        """How many messages have come since the inbox was last looked at, on its tab."""
        if self.tabs.selected_index == INBOX or len(self.session.inbox) < self._read:
            self._read = len(self.session.inbox)
        new = len(self.session.inbox) - self._read
        name = _(TABS["inbox"])
        title = _("{name} ({count} new)").format(name=name, count=new) if new else name
        if self.tabs.titles[INBOX] != title:
            self.tabs.titles = (title, *self.tabs.titles[1:])

    def _show_notes(self) -> None:
        """What has to be said: about the last click, and about what is not being kept."""
        session, unkept, left = self.session, self.session.unkept, self.session.steps_left
        notes = [f"<p class='mark' role='status'>{escape(self.note)}</p>"] if self.note else []
        if unkept is not None:
            said = _("What you do is not being kept: {why}. It is tried again at every step.").format(why=unkept)
            notes.append(f"<p class='mark' role='alert'>{escape(said)}</p>")
            name = f"{self.scenario.id}-{self.folder.seed}.session.jsonl"
            words = _("Take the session with you as it stands")
            notes.append(downloads((words, name, "application/x-ndjson", session.content())))
        elif self.folder.wanted and session.file is None:
            notes.append(f"<p class='mark' role='status'>{escape(_('What you do is not being kept.'))}</p>")
        elif left is not None:
            words = many("{n} more step is kept in this session.", "{n} more steps are kept in this session.", left)
            notes.append(f"<p class='mark' role='status'>{escape(words)}</p>")
        self.status.value = panels.wrap("".join(notes)) if notes else ""
        self.keep_now.layout.display = "" if unkept is not None else "none"

    def _keep_now(self) -> None:
        if self.session.keep():
            self.note = _("Everything is kept again.")

    def _look_up(self) -> None:
        """A tab has been opened."""
        self._open_tab()
        self._say_what_is_new()

    def _open_tab(self) -> None:
        """Draw the tab that is open, and the inbox, which is heard where it is not seen; the others are drawn when they
        are opened."""
        session, place = self.session, self.tabs.selected_index
        self.inbox.value = panels.wrap(panels.log_of_messages(session))
        self.work.remove_class("wide") if place not in WIDE else self.work.add_class("wide")
        if place < len(TABS) and self.table is not None:
            self.table.cover()
        name = list(TABS)[place] if place < len(TABS) else ""
        if name == "requests":
            self.timeline.value = panels.wrap(pictures.timeline_of(session))
        elif name == "file":
            self.file.value = panels.wrap(panels.case_file(session))
        elif name == "map":
            self.map.value = panels.wrap(pictures.map_of(session))
        elif name == "law":
            question = session.question
            self.cited.value = panels.wrap(panels.cited(session, question)) if question is not None else ""
            if has_law_desk(self.level):
                self.law_desk.open(session.now.date())
        elif name == "act":
            self.toolbox.refresh()
        elif name == "letter" and not self.letters.form.children:
            self.letters.open()
        elif name == "story":
            self.story.value = panels.wrap(panels.introduction(session))

    def _show_question(self) -> None:
        session, question = self.session, self.session.question
        self.time.show(session)
        self.why.view.layout.display = "none" if session.ended else ""
        if question is None:
            self.options.show(session, None)
            if session.ended:
                over = _("The case is over. The debrief follows.")
                self.question.value = panels.wrap(f"<p class='quiet' role='status'>{escape(over)}</p>")
            else:
                self.question.value = panels.wrap(panels.nothing_waits())
            return
        note = panels.content_note(session) if not session.steps else ""
        self.question.value = panels.wrap(note + panels.question(session, question))
        self.options.show(session, question)

    # Acting

    def _guarded(self, what: Callable[[], object], *, lead: bool = False) -> None:
        """Do something a click asked for, and ``lead`` the keyboard on; a problem is shown, not raised."""
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
        elif not self.session.ended:
            self.debriefing.get_ready(self.session)
        if lead:
            self._focus()

    def _pick(self, place: int) -> None:
        """A click on an option, unless it is the echo of the click before."""
        question = self.session.question
        if question is None or time.monotonic() - self._decided < self.pause:
            return
        option = list(question.options)[place]
        given = self.session.case.drafts(question.options[option])
        if given is not None:
            self.letters.open(given, (question.id, option))
            self.tabs.selected_index = LETTER
            self.letters.focus()
            return
        self._guarded(lambda: self._choose(option), lead=True)

    def _focus(self) -> None:
        """Lead the keyboard to what comes next."""
        if self.session.question is not None:
            self.options.focus()
        elif not self.session.ended:
            self.time.go_on.focus()

    def _choose(self, option: str, letter: SendRequest | None = None) -> None:
        self._then_tell(lambda session: session.choose(option, letter=letter, stay=True, **self.why.noted()))
        self._decided = time.monotonic()
        self.note = f"{_set_going(self.session)} {self.note}".strip()
        self.why.fill()

    def _keep_unsent(self) -> None:
        """Keep what has been begun and not sent."""
        why = self.why
        written = (why.reason.value, why.prediction.value, why.days.value, *self.letters.answers, self.letters.begun())
        self.unsent.write(Unsent(*written))

    def _take_up(self, unsent: Unsent) -> None:
        """Show again what had been begun before the kernel was gone."""
        if unsent.nothing or self.session.ended:
            return
        question = self.session.question
        if unsent.letter:
            given = None
            if question is not None and question.id == unsent.decision and unsent.option in question.options:
                given = self.session.case.drafts(question.options[unsent.option])
            if given is not None or not unsent.decision:
                self.letters.open(given, (unsent.decision, unsent.option))
                self.letters.take_up(unsent.letter)
        self.why.fill(unsent.reason, unsent.prediction, unsent.days)

    def _act(self, action: Action) -> None:
        self._then_tell(lambda session: session.act(action, **self.why.noted()))
        self.why.fill()
        self.note = self.note or _("Done.")
        self.refresh()

    def _send(self, letter: SendRequest | None) -> None:
        """A letter from the drafting desk: the one a decision asked for, as the trainee or a colleague drafted it, or
        one of the trainee's own."""
        given, question = self.letters.given, self.session.question
        if given is None and letter is not None:
            self._act(sent_as(letter))
        elif question is None or self.letters.answers[0] != question.id:
            raise SessionError(_("That question has been answered already."))
        else:
            self._choose(self.letters.answers[1], letter)
        self.letters.put_away()
        self._keep_unsent()
        self.tabs.selected_index = INBOX
        self.refresh()
        self._focus()

    def _then_tell(self, what: Callable[[Session], object]) -> None:
        """Take a step, and tell the other team where there is one."""
        what(self.session)
        self._sync()

    _end: Exchange | None = None
    """This team's end of the exchange, for the session it belongs to."""

    def _exchange(self) -> Exchange | None:
        if self.shared is not None:
            self._end = Exchange.after(self._end, self.shared.folder, self.shared.side, self.session)
        return self._end

    def _sync(self) -> None:
        """Tell the other team; what cannot be told now is noted and told at the next step."""
        try:
            exchange = self._exchange()
            said = exchange.try_to_sync() if exchange is not None else ""
        except (MlasimError, OSError) as error:
            said = str(error)
        self.note = f"{self.note} {said}".strip()

    def _look_for_post(self) -> None:
        exchange = self._exchange()
        if exchange is not None:
            taken, day = exchange.sync(), int(exchange.others_clock / 86_400) + 1
            self.note = _("{count} pieces of post. The other team is on day {day}.").format(count=taken, day=day)
            self.note = f"{self.note} {exchange.noted()}".strip()

    def _pass_time(self, session: Session, **how: Unpack[HowLong]) -> None:
        exchange = self._exchange()
        if exchange is not None:
            exchange.wait(**how)
        else:
            session.wait(**how)

    def _wait(self, **how: Unpack[HowLong]) -> None:
        self._guarded(lambda: self._then_tell(lambda session: self._pass_time(session, **how)), lead=True)

    def _wait_until(self, day: date | None) -> None:
        if day is None:
            self.note = _("Choose a date first.")
            self.refresh()
            return
        self._wait(until=datetime.combine(day, time_of_day(9)))

    def _undo(self) -> None:
        self.debriefing.stop()
        self.session = self.session.undo()
        words = _("Back on day {day}: your last step is undone, and the time that passed after it.")
        self.note = words.format(day=self.session.day)

    def _put_letter_away(self) -> None:
        """A letter that a decision asked for, if that is not the question now."""
        question = self.session.question
        if self.letters.given is not None and (question is None or self.letters.answers[0] != question.id):
            self.letters.put_away()
            if self.tabs.selected_index == LETTER:
                self.tabs.selected_index = INBOX

    def _start_again(self, new_luck: bool = False) -> None:
        self._exchange()  # so that what this play has posted is known, and put aside with it
        self.debriefing.stop()
        self.session, self.note = self.folder.begin_with_new_luck() if new_luck else self.folder.begin_anew()
        self.unsent = UnsentFile(self.path)
        self.letters.put_away()
        self.tabs.selected_index = STORY
        gc.collect()  # the play before, some megabytes


def _set_going(session: Session) -> str:
    """What the last step has set in motion, in words."""
    done = [str(described(session.run, action)) for action in session.actions_of(session.steps[-1])]
    return _("Set going: {what}.").format(what="; ".join(done)) if done else _("Nothing has been set going.")
