"""The trainee's seat in a notebook: one app of ipywidgets, with callbacks and never a blocking cell.

It needs nothing but the playing path and ipywidgets: pictures are SVG strings, texts are HTML.
"""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from sim.errors import MlasimError, ScenarioError, SessionError
from sim.model.loading import Scenario, load
from sim.training.counterfactuals import Alternative, alternatives, plays_needed, replay_each
from sim.training.debrief import citation, request_lines, with_alternatives
from sim.training.session import Session, resume
from sim.views import panels, svg
from sim.views.clocks import clocks_of
from sim.views.debrief_panels import debrief_panel

REPLAYS = 12
PAUSE = 0.35
"""Seconds after a decision in which no other is taken: the second half of a double click is not an answer."""


def open_case(case: str | Scenario = "silent-harbour", *, seed: int = 7, folder: str | Path | None = ".") -> Any:
    """The seat for a case, to be shown by a notebook.

    The session is kept in ``folder`` at every decision and is found there again; with ``folder=None`` it is not kept.
    A problem is shown as a readable panel.
    """
    try:
        scenario = case if isinstance(case, Scenario) else load(case)
        return TrainerApp(scenario, seed=seed, folder=folder).view
    except MlasimError as error:
        return problem_panel(error)


def problem_panel(error: MlasimError) -> widgets.HTML:
    """An error in words, with every problem on a line of its own."""
    lines = [str(p) for p in error.problems] if isinstance(error, ScenarioError) else [str(error)]
    items = "".join(f"<li>{panels.escape(line)}</li>" for line in lines)
    return widgets.HTML(panels.style() + panels.wrap(f"<h2>This cannot be opened</h2><ul>{items}</ul>"))


class TrainerApp:
    """One trainee's seat. ``view`` is the widget to show."""

    def __init__(self, scenario: Scenario, *, seed: int = 7, folder: str | Path | None = "."):
        self.scenario, self.seed = scenario, seed
        self.path = None if folder is None else Path(folder) / f"{scenario.id}-{seed}.session.jsonl"
        self.note = ""
        self.alternatives: list[Alternative] = []
        self._replays: Any = None
        self._task: asyncio.Task[None] | None = None
        self.pause, self._decided = PAUSE, float("-inf")
        self._build()
        self.session = self._begin_or_resume()
        self.refresh()

    # Widgets

    def _build(self) -> None:
        wide = widgets.Layout(width="auto", max_width="36rem")
        self.head, self.clock, self.story = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.question, self.options = widgets.HTML(), widgets.VBox([])
        self.reason = widgets.Textarea(
            description="Why",
            placeholder="Optional, before you choose: your reason, for the debrief",
            layout=widgets.Layout(width="auto", height="58px", margin="10px 2px 2px 2px"),
        )
        self.prediction = widgets.Text(
            description="Expect",
            placeholder="Optional: what do you expect, and by when?",
            layout=widgets.Layout(width="auto"),
        )
        self.inbox, self.file, self.law = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.timeline, self.map, self.status = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.progress = widgets.IntProgress(description="Replays", min=0, max=1, layout=wide)
        self.debrief = widgets.HTML()
        self.undo = widgets.Button(description="Take back", tooltip="Take the last decision back")
        self.again = widgets.Button(description="Start again", tooltip="Begin anew; the old session file is kept")
        self.undo.on_click(lambda _: self._guarded(self._undo))
        self.again.on_click(lambda _: self._guarded(self._start_again))
        self.tabs = widgets.Tab(
            [self.timeline, self.file, self.map, self.law, self.story],
            titles=("Requests", "Case file", "Map", "The law", "The story"),
        )
        self.decide = widgets.VBox([self.question, self.options, self.reason, self.prediction])
        for field in (self.reason, self.prediction):
            field.style.description_width = "56px"
        acts = widgets.HBox([self.undo, self.again], layout=widgets.Layout(margin="8px 0 0 0"))
        left = widgets.VBox([self.decide, acts], layout=widgets.Layout(flex="3 1 0", min_width="0"))
        messages = widgets.VBox([self.inbox], layout=widgets.Layout(max_height="420px", overflow="auto"))
        right = widgets.VBox(
            [widgets.HTML(panels.wrap("<h2>Inbox</h2>")), messages],
            layout=widgets.Layout(flex="2 1 0", min_width="0", padding="0 0 0 28px"),
        )
        self.after = widgets.VBox([self.progress, self.debrief])
        seat = widgets.HBox([left, right], layout=widgets.Layout(margin="0 0 18px 0"))
        style = widgets.HTML(panels.style(), layout=widgets.Layout(height="0", margin="0"))
        self.view = widgets.VBox([style, self.head, self.clock, self.status, seat, self.tabs, self.after])
        self.view.add_class("mla-seat")

    def refresh(self) -> None:
        """Draw everything anew from the session."""
        session = self.session
        self.head.value = panels.wrap(panels.header(session))
        self.clock.value = panels.wrap(panels.clocks(session))
        self.status.value = panels.wrap(f"<p class='mark'>{panels.escape(self.note)}</p>") if self.note else ""
        self.inbox.value = panels.wrap(panels.inbox(session.inbox, session))
        self.file.value = panels.wrap(panels.case_file(session))
        self.story.value = panels.wrap(panels.introduction(session))
        self.timeline.value = panels.wrap(self._timeline())
        self.map.value = panels.wrap(self._map())
        self.undo.disabled = not session.entries
        self._show_question()
        self.after.layout.display = "" if session.ended else "none"

    def _show_question(self) -> None:
        session, question = self.session, self.session.question
        if question is None:
            ending = session.ending
            words = f"<h2>{panels.escape(ending[1].title)}</h2>{panels.paragraphs(ending[1].says)}" if ending else ""
            self.question.value = panels.wrap(words + "<p>The debrief follows below.</p>")
            self.options.children = ()
            self.law.value = panels.wrap("<p>The debrief cites the law beside each decision.</p>")
            self.reason.layout.display = self.prediction.layout.display = "none"
            return
        self.reason.layout.display = self.prediction.layout.display = ""
        intro = panels.introduction(session) if not session.entries else ""
        self.question.value = panels.wrap(
            f"{intro}<h2>{panels.escape(question.decision.title)}</h2>{panels.paragraphs(question.decision.question)}"
        )
        self._show_options([option.text for option in question.options.values()])
        references = dict.fromkeys(reference for option in question.options.values() for reference in option.cites)
        found = [citation(session, reference) for reference in references]
        self.law.value = panels.wrap(panels.provisions(found) or "<p>No provision is cited here.</p>")

    def _show_options(self, texts: list[str]) -> None:
        """One row an option. Rows that are there stay, so that the keyboard's focus stays where it is."""
        rows = list(self.options.children[: len(texts)])
        rows += [self._row(place) for place in range(len(rows), len(texts))]
        for row, text in zip(rows, texts, strict=True):
            button, label = row.children
            button.tooltip = " ".join(text.split())
            label.value = panels.wrap(f"<p class='option'>{panels.escape(button.tooltip)}</p>")
        if len(rows) != len(self.options.children):
            self.options.children = tuple(rows)

    def _row(self, place: int) -> widgets.HBox:
        button = widgets.Button(
            description=f"Choose {place + 1}", layout=widgets.Layout(width="92px", flex="0 0 auto", margin="4px 2px")
        )
        button.on_click(lambda _: self._pick(place))
        return widgets.HBox([button, widgets.HTML(layout=widgets.Layout(flex="1 1 auto", min_width="0"))])

    def _timeline(self) -> str:
        session, run = self.session, self.session.run
        marks = [clock.mark for clock in clocks_of(session)]
        if not session.ended:
            marks.append(svg.Mark(run.day, f"today, day {session.day}", "today"))
        return svg.timeline(svg.bars_of(request_lines(session)), run.day, marks, starts=run.starts)

    def _map(self) -> str:
        run = self.session.run
        states: dict[str, list[tuple[str, str]]] = {
            item.record.at: [] for item in run.evidence.values() if item.record.at != run.home
        }
        for request in run.requests.values():
            states.setdefault(request.to, []).append((request.id, request.state))
        titles = {id_: profile.title for id_, profile in self.scenario.jurisdictions.items()}
        return svg.request_map(run.home, states, titles)

    # Acting

    def _guarded(self, what: Any) -> None:
        """Do something a click asked for; a problem is shown, not raised."""
        try:
            self.note = ""
            what()
        except MlasimError as error:
            self.note = str(error)
        except OSError as error:
            self.note = f"That could not be written: {error.strerror or error}."
        self.refresh()

    def _pick(self, place: int) -> None:
        """A click on an option, unless it is the echo of the click before."""
        question = self.session.question
        if question is None or time.monotonic() - self._decided < self.pause:
            return
        option = list(question.options)[place]
        self._guarded(lambda: self._choose(option))
        self._decided = time.monotonic()

    def _choose(self, option: str) -> None:
        reason, prediction = self.reason.value.strip(), self.prediction.value.strip()
        try:
            self.session.choose(option, because=reason, predict=prediction)
        except OSError as error:
            self.note = f"The session could not be written: {error.strerror or error}. The play goes on, unsaved."
            unsaved = Session(self.scenario, seed=self.seed)
            unsaved.replay(self.session.entries)
            self.session = unsaved.choose(option, because=reason, predict=prediction)
        self.reason.value = self.prediction.value = ""
        if self.session.ended:
            self._begin_debrief()

    def _undo(self) -> None:
        self._stop_replays()
        self.session = self.session.undo()

    def _start_again(self) -> None:
        self._stop_replays()
        note = f"The earlier session is kept as {self._put_aside()}." if self.path and self.path.exists() else ""
        self.session = self._new()
        self.note = self.note or note

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
                note = f"{error} (the old file is kept as {self._put_aside()})"
            except OSError:
                # It cannot be moved away, so it must not be written over either.
                self.note, self.path = f"{error}. The folder cannot be written: the play goes on, unsaved.", None
                return self._new()
            session = self._new()
            self.note = f"{note} {self.note}".strip()
            return session
        if session.entries:
            count = len(session.entries)
            self.note = f"Your session goes on after {count} decision{'s' * (count > 1)}."
        if session.ended:
            self.session = session
            self._begin_debrief()
        return session

    def _new(self) -> Session:
        session = Session(self.scenario, seed=self.seed)
        if self.path is not None:
            try:
                session.save(self.path)
            except SessionError as error:
                self.note = f"{error} — the play goes on, unsaved."
        return session

    # The debrief, a replay at a time

    def _begin_debrief(self) -> None:
        self.alternatives = alternatives(self.session)
        self.progress.value, self.progress.max = 0, plays_needed(self.alternatives, REPLAYS)
        self.progress.layout.display = ""
        self._replays = replay_each(self.session, self.alternatives, REPLAYS)
        self._draw_debrief()
        try:
            self._task = asyncio.get_running_loop().create_task(self._replay_in_background())
        except RuntimeError:
            self._task = None  # no event loop: somebody else calls `replay_some`

    async def _replay_in_background(self) -> None:
        while self.replay_some(1):
            await asyncio.sleep(0.02)

    def replay_some(self, count: int) -> bool:
        """Make up to ``count`` replays; whether there is more to do."""
        for _ in range(count):
            if self._replays is None or next(self._replays, False) is False:
                self._replays = None
                self.progress.layout.display = "none"
                self._draw_debrief()
                return False
            self.progress.value += 1
        every = max(1, self.progress.max // REPLAYS)
        if self.progress.value % every == 0:
            self._draw_debrief()
        return True

    def _draw_debrief(self) -> None:
        done = max((len(a.plays) for a in self.alternatives if a.taken), default=0)
        debrief = with_alternatives(self.session, self.alternatives, done)
        self.debrief.value = panels.wrap(debrief_panel(debrief, starts=self.session.run.starts))

    def _stop_replays(self) -> None:
        self._replays = None
        if self._task is not None:
            self._task.cancel()
        self.alternatives, self.debrief.value = [], ""
