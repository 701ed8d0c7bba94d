"""The debrief in the seat: it grows while replays arrive, beside a page that stays alive."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from typing import Any

import ipywidgets as widgets

from sim.training.counterfactuals import Alternative, Job, Strategy, alternatives, jobs, play, plays_needed, strategies
from sim.training.debrief import Debrief, with_alternatives
from sim.training.exports import to_csv, to_json, to_xapi
from sim.training.session import Session
from sim.views import panels
from sim.views.controls import button, text
from sim.views.debrief_panels import debrief_panel
from sim.views.downloads import downloads
from sim.words import _

REPLAYS = 200
"""Replays of each alternative. They arrive luck by luck, so that what is there can be read from the first on."""
DRAW_EVERY = 3.0
"""Seconds between two drawings of a debrief that grows."""
IN_FLIGHT = 2


class Debriefing:
    """The debrief of a play that is over. ``view`` is the widget to show."""

    def __init__(self, replays: int = REPLAYS):
        self.replays = replays
        self.alternatives: list[Alternative] = []
        self.strategies: list[Strategy] = []
        self.session: Session | None = None
        self._jobs: Iterator[Job] | None = None
        self._task: asyncio.Task[None] | None = None
        self._drawn = 0.0
        layout = widgets.Layout(width="24rem", min_width="12rem")
        self.progress = widgets.IntProgress(description=_("Replays"), min=0, max=1, layout=layout)
        self.left, self.body, self.files = text(), text(), text()
        self.enough = button(_("Enough replays"), _("Stop replaying; what has arrived stays"))
        self.enough.on_click(lambda _button: self.finish())
        self.download = button(_("Prepare downloads"), _("Make the files of this debrief"))
        self.download.on_click(lambda _button: self._offer_files())
        self.running = widgets.HBox([self.progress, self.left, self.enough])
        self.download.layout = widgets.Layout(width="auto", align_self="flex-start")
        self.view = widgets.VBox([self.running, self.download, self.files, self.body])

    @property
    def begun(self) -> bool:
        """Whether there is a debrief."""
        return self.session is not None

    def begin(self, session: Session) -> None:
        """Show the debrief, and begin to replay."""
        self.session = session
        self.alternatives, self.strategies = alternatives(session), strategies()
        self.progress.value = 0
        self.progress.max = plays_needed(self.alternatives, self.replays, self.strategies)
        self.running.layout.display = ""
        self.files.value = ""
        self._jobs = jobs(session, self.alternatives, self.replays, self.strategies)
        self._draw()
        try:
            self._task = asyncio.get_running_loop().create_task(self._in_background())
        except RuntimeError:
            self._task = None  # no event loop: somebody else calls `replay_some`

    async def _in_background(self) -> None:
        """Replays in a process of their own where there can be one, so that clicks are answered meanwhile."""
        loop, started, pool = asyncio.get_running_loop(), time.monotonic(), _pool()
        try:
            waiting: list[tuple[Job, Any]] = []
            while self._jobs is not None:
                while len(waiting) < (IN_FLIGHT if pool is not None else 1) and (job := next(self._jobs, None)):
                    future = loop.run_in_executor(pool, play, job.what) if pool is not None else None
                    waiting.append((job, future))
                if not waiting:
                    break
                job, future = waiting.pop(0)
                if future is None:
                    self._enter(job)
                    await asyncio.sleep(0.02)
                else:
                    self._enter(job, await future)
                self._say_left(time.monotonic() - started)
            self.finish()
        finally:
            if pool is not None:
                pool.shutdown(wait=False, cancel_futures=True)

    def replay_some(self, count: int) -> bool:
        """Make up to ``count`` replays here and now; whether there is more to do."""
        for _place in range(count):
            job = next(self._jobs, None) if self._jobs is not None else None
            if job is None:
                self.finish()
                return False
            self._enter(job)
        return True

    def _enter(self, job: Job, result: Any = None) -> None:
        job.enter(play(job.what) if result is None else result)
        self.progress.value += 1
        first_round = self.progress.max // max(self.replays, 1)
        if self.progress.value == first_round or time.monotonic() - self._drawn > DRAW_EVERY:
            self._draw()

    def _say_left(self, passed: float) -> None:
        done = self.progress.value
        if done and done % 10 == 0:
            minutes = passed / done * (self.progress.max - done) / 60
            words = _("about {minutes} min left").format(minutes=f"{minutes:.0f}" if minutes >= 1 else "<1")
            self.left.value = panels.wrap(f"<span class='quiet'>{panels.escape(words)}</span>")

    def finish(self) -> None:
        """No more replays; what has arrived stays."""
        self._jobs = None
        self.running.layout.display = "none"
        self._draw()

    def debrief(self) -> Debrief:
        """The debrief as far as replays have arrived."""
        assert self.session is not None
        done = max((len(a.plays) for a in self.alternatives if a.taken), default=0)
        return with_alternatives(self.session, self.alternatives, done, self.strategies)

    def _draw(self) -> None:
        if self.session is not None:
            self._drawn = time.monotonic()
            self.body.value = panels.wrap(debrief_panel(self.debrief(), starts=self.session.run.starts))

    def _offer_files(self) -> None:
        """The debrief as files, as it stands now."""
        if self.session is None:
            return
        import json

        debrief, name = self.debrief(), f"{self.session.case.id}-{self.session.seed}"
        statements = json.dumps(to_xapi(debrief), ensure_ascii=False, indent=1)
        found = [
            (_("Decisions as CSV"), f"{name}.csv", "text/csv", to_csv(debrief).encode()),
            (_("Everything as JSON"), f"{name}.json", "application/json", to_json(debrief).encode()),
            (_("xAPI statements"), f"{name}.xapi.json", "application/json", statements.encode()),
        ]
        with contextlib.suppress(ImportError):  # a printed page needs a template engine, the rest does not
            from sim.views.report import debrief_html

            page = debrief_html(debrief, starts=self.session.run.starts).encode()
            found.insert(0, (_("Debrief as one page"), f"{name}.html", "text/html", page))
        self.files.value = panels.wrap(downloads(*found))

    def stop(self) -> None:
        """Forget the debrief: a step has been taken back."""
        self._jobs = self.session = None
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self.alternatives, self.body.value, self.files.value = [], "", ""


def _pool() -> Executor | None:
    """One process for replays; none where processes cannot be had, as in a browser's Python."""
    try:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        return ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    except (ImportError, OSError, NotImplementedError, ValueError):
        return None
