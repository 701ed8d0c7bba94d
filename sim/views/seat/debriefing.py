"""The debrief in the seat: it grows while replays arrive, beside a page that stays alive."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import BrokenExecutor
from html import escape
from itertools import chain

import ipywidgets as widgets

from sim.engine import executor
from sim.i18n import _, many, marked
from sim.training import replay_pool
from sim.training.counterfactuals import (
    Alternative,
    Job,
    Play,
    Strategy,
    alternatives,
    jobs,
    play,
    plays_needed,
    strategies,
)
from sim.training.debrief import most_replays, with_alternatives
from sim.training.debrief_records import Debrief
from sim.training.exports import to_csv, to_json, to_xapi
from sim.training.kept_replays import ReplaysFile
from sim.training.replay_pool import Replayers
from sim.training.session import Session
from sim.views.controls import button, line, running_loop, text
from sim.views.downloads import downloads
from sim.views.seat import debrief_panels, panels
from sim.views.seat.film_view import FilmView

logger = logging.getLogger("mlasim.views.debriefing")

REPLAYS = 200
"""Replays of each alternative. They arrive luck by luck, so that what is there can be read from the first on."""
DRAW_EVERY = 3.0
"""Seconds between two drawings of a debrief that grows."""
FIRST_FEW = 4
"""Replays after each of which it is drawn anew, so that a first picture comes at once."""
KEEP_EVERY = 20.0
"""Seconds between two writings of the replays that have arrived."""
A_WHILE = 300
"""Seconds left from which on the trainee is told not to wait."""
NEAR_ITS_END = 0.75
"""Share of the story's time from which on replaying is got ready."""


class Debriefing:
    """The debrief of a play that is over. ``player`` is a pseudonym for statements (none: one made from
    the play); ``view`` is the widget to show."""

    def __init__(self, replays: int = REPLAYS, player: str = ""):
        self.replays, self.player = replays, player
        self.alternatives: list[Alternative] = []
        self.strategies: list[Strategy] = []
        self.session: Session | None = None
        self.missed = 0
        """Replays that could not be made."""
        self._replayers: Replayers | None = None
        self._lost = 0
        self._jobs: Iterator[Job] | None = None
        self._task: asyncio.Task[None] | None = None
        self._drawn = self._started = self._kept = 0.0
        self._fresh = False
        """Whether replays have arrived since they were kept last."""
        self._file = ReplaysFile(None)
        layout = widgets.Layout(width="24rem", min_width="12rem")
        self.progress = widgets.IntProgress(description=_("Replays"), min=0, max=1, layout=layout)
        self.left, self.note, self.body, self.files = text(), text(), text(), text()
        self.enough = button(_("Enough replays"), _("Stop replaying; what has arrived stays"))
        self.enough.layout = widgets.Layout(width="auto", flex="0 0 auto")
        self.enough.on_click(lambda _button: self.finish())
        self.download = button(_("Prepare downloads"), _("Make the files of this debrief"))
        self.download.on_click(lambda _button: self._offer_files())
        self.running = widgets.HBox([self.progress, self.left, self.enough])
        self.download.layout = widgets.Layout(width="auto", align_self="flex-start")
        self.rest = text()
        self.film = FilmView()
        self.folds = widgets.Accordion([])
        self._parts: dict[str, widgets.HTML] = {}
        """What lies behind the first page, by name."""
        above = [self.running, self.note, self.body, self.film.view, self.folds, self.rest]
        self.name = line(_("Your name on the record of practice, if you like (kept nowhere)"))
        self.view = widgets.VBox([*above, self.name, self.download, self.files])

    @property
    def _round(self) -> int:
        """Replays of every option with one luck. So many for each process wait there, since one luck is one's."""
        return 1 + sum(not alternative.taken for alternative in self.alternatives)

    @property
    def begun(self) -> bool:
        """Whether there is a debrief."""
        return self.session is not None

    def get_ready(self, session: Session) -> None:
        """Begin the processes that will replay, once the play nears its end. Call it as often as you like."""
        asked = len(session.choices) + (session.question is not None)
        passed = session.run.day * 86_400 / max(1.0, session.case.lasts.seconds())
        near = asked >= len(session.case.decisions) - 1 or passed >= NEAR_ITS_END
        if self._replayers is None and (near or session.ended) and running_loop() is not None:
            executor.prepare()
            self._replayers = replay_pool.begin(session.scenario)

    def begin(self, session: Session) -> None:
        """Show the debrief, and make the replays that are not kept with the session yet."""
        self.session, loop = session, running_loop()
        self.missed, self._lost, self._fresh = 0, 0, False
        self._started = self._kept = time.monotonic()
        self._file = ReplaysFile(session.file)
        self.alternatives, tried = alternatives(session), strategies(ahead=True)
        said = self._file.read(session, self.alternatives, tried)
        wanted = jobs(session, self.alternatives, self.replays, tried)
        if wanted:
            self.get_ready(session)
        # A player that looks ahead takes its time: without processes it makes none of its plays.
        self.strategies = [one for one in tried if not one.long or one.plays or self._replayers is not None]
        if self._replayers is None:
            wanted = [job for job in wanted if not job.long]
        needed = plays_needed(self.alternatives, self.replays, self.strategies)
        self.progress.max, self.progress.value = needed, needed - len(wanted)
        self.running.layout.display = ""
        self.files.value = self.left.value = self.note.value = ""
        self._jobs = iter(wanted)
        self.film.of(session)
        if said is not None:
            self._say(str(said))
        elif self.progress.value:
            one, other = marked("{n} replay was kept with the session."), "{n} replays were kept with the session."
            self._say(many(one, other, self.progress.value))
        if not wanted:
            self.finish()
            return
        self._draw()
        # Without an event loop somebody else calls `replay_some`.
        self._task = loop.create_task(self._in_background()) if loop is not None else None

    async def _in_background(self) -> None:
        """Replays in processes of their own where there can be some, so that clicks are answered meanwhile."""
        try:
            while self._replayers is not None and self._jobs is not None:
                await self._beside(self._replayers)
            while (job := self._next()) is not None:
                begun = time.monotonic()
                if not job.long:
                    self._try(job)
                await asyncio.sleep(max(0.02, time.monotonic() - begun))
            self.finish()
        finally:
            self._dismiss()

    async def _beside(self, workers: Replayers) -> None:
        """Have replays made by processes until there are no more, or until one of them dies."""
        assert self._jobs is not None
        waiting: deque[tuple[Job, asyncio.Future[Play]]] = deque()
        try:
            while self._jobs is not None:
                while len(waiting) < (workers.count + 1) * self._round and (job := self._next()) is not None:
                    waiting.append((job, _unheard(workers, job)))
                if not waiting:
                    break
                job, future = waiting[0]
                try:
                    result = await future
                except BrokenExecutor:
                    self._died([job for job, _future in waiting])
                    return
                except Exception as error:  # whatever a play ran into: the others go on, and the page says so
                    self._miss(job, error)
                else:
                    self._enter(job, result)
                waiting.popleft()
            self._jobs = None
        finally:
            for _job, future in waiting:
                future.cancel()

    def _died(self, lost: list[Job]) -> None:
        """A process is gone. Others take over once; after that the page goes on by itself, without the job at hand."""
        self._lost += 1
        self._dismiss()
        if self._jobs is None or self.session is None:
            return
        logger.warning("a process that makes replays has died; processes lost so far: %d", self._lost)
        if self._lost == 1:
            self._replayers = replay_pool.begin(self.session.scenario)
        else:
            self._miss(lost[0], BrokenExecutor("no process is left for it"))
            lost = lost[1:]
            self._say(_("Helpers of this page have stopped; the replays go on here, more slowly."))
        self._jobs = chain(lost, self._jobs)

    def _next(self) -> Job | None:
        return next(self._jobs, None) if self._jobs is not None else None

    def replay_some(self, count: int) -> bool:
        """Make up to ``count`` replays here and now; whether there is more to do."""
        for _place in range(count):
            job = self._next()
            if job is None:
                self.finish()
                return False
            self._try(job)
        return True

    def _try(self, job: Job) -> None:
        """Make one replay here. One that cannot be made is left out; the others go on."""
        try:
            result = play(job.what)
        except Exception as error:  # as above
            self._miss(job, error)
        else:
            self._enter(job, result)

    def _miss(self, job: Job, why: Exception) -> None:
        logger.warning("a replay cannot be made: replication %d, %s", job.what[2], job.what[3], exc_info=why)
        self.missed += 1
        self.progress.value += 1
        self._say(
            many("{n} replay could not be made; it is left out.", "{n} replays could not be made; they are left out.",
                 self.missed)
        )  # fmt: skip

    def _say(self, words: str) -> None:
        self.note.value = panels.wrap(f"<p class='quiet' role='status'>{escape(words)}</p>")

    def _enter(self, job: Job, result: Play) -> None:
        job.enter(result)
        self._fresh = True
        self.progress.value += 1
        done = self.progress.value
        if time.monotonic() - self._kept > KEEP_EVERY:
            self._keep()
        if done <= FIRST_FEW or done == self._round or time.monotonic() - self._drawn > DRAW_EVERY:
            self._draw()
            self._say_left()

    def _say_left(self) -> None:
        done, wanted = self.progress.value, self.progress.max
        words = _("{done} of {wanted} replays").format(done=done, wanted=wanted)
        if self._task is not None and (time.monotonic() - self._started) / done * (wanted - done) > A_WHILE:
            words = _("{replays}: you can read on; it gets sharper").format(replays=words)
        self.left.value = panels.wrap(f"<span class='quiet'>{escape(words)}</span>")

    def _keep(self) -> None:
        """Keep the replays that have arrived with the session."""
        if self.session is not None:
            self._kept, self._fresh = time.monotonic(), False
            self._file.write(self.session, self.alternatives, self.strategies)

    def finish(self) -> None:
        """No more replays; what has arrived stays."""
        self._jobs = None
        if self._fresh:
            self._keep()
        self._dismiss()
        self.running.layout.display = "none"
        self._draw()

    def _dismiss(self) -> None:
        if self._replayers is not None:
            self._replayers.close()
            self._replayers = None

    def debrief(self) -> Debrief:
        """The debrief as far as replays have arrived."""
        assert self.session is not None
        return with_alternatives(self.session, self.alternatives, most_replays(self.alternatives), self.strategies)

    def _draw(self) -> None:
        if self.session is not None:
            self._drawn = time.monotonic()
            found = self.debrief()
            first = debrief_panels.notes(found) + debrief_panels.first_page(found, starts=self.session.run.starts)
            self.body.value = panels.wrap(first)
            self.rest.value = panels.wrap(debrief_panels.small_print(found))
            self._draw_parts(debrief_panels.parts(found))

    def _draw_parts(self, parts: Mapping[str, tuple[str, str]]) -> None:
        """The parts that have something to say, as folds: what is open stays open while it is drawn anew."""
        there = {id_: text_ for id_, text_ in parts.items() if text_[1]}
        for id_, (_title, body) in there.items():
            if id_ not in self._parts:
                self._parts[id_] = text()
            if self._parts[id_].value != (drawn := panels.wrap(body)):
                self._parts[id_].value = drawn
        children = tuple(self._parts[id_] for id_ in there)
        if self.folds.children != children:
            self.folds.children = children
            self.folds.titles = tuple(title for title, _body in there.values())

    def _offer_files(self) -> None:
        """The debrief as files, as it stands now."""
        if self.session is None:
            return
        import json

        debrief, name = self.debrief(), f"{self.session.case.id}-{self.session.seed}"
        statements = json.dumps(to_xapi(debrief, player=self.player), ensure_ascii=False, indent=1)
        found = [
            (_("Decisions as CSV"), f"{name}.csv", "text/csv", to_csv(debrief).encode()),
            (_("Everything as JSON"), f"{name}.json", "application/json", to_json(debrief).encode()),
            (_("xAPI statements"), f"{name}.xapi.json", "application/json", statements.encode()),
        ]
        try:  # a printed page needs a template engine, the rest does not
            from sim.views.seat.debrief_page import debrief_html
            from sim.views.seat.record_of_practice import record_of_practice

            page = debrief_html(debrief, starts=self.session.run.starts, film=self.film.wanted()).encode()
            record = record_of_practice(debrief, name=self.name.value).encode()
        except ImportError as error:
            logger.info("the debrief is not offered as one page: %s", error)
        else:
            found[:0] = [
                (_("Debrief as one page"), f"{name}.html", "text/html", page),
                (_("Record of practice, one side"), f"{name}.record.html", "text/html", record),
            ]
        self.files.value = panels.wrap(downloads(*found))

    def stop(self) -> None:
        """Forget the debrief: a step has been taken back."""
        self._jobs = self.session = None
        self.film.forget()
        self.name.value = ""
        self._dismiss()
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self.alternatives = []
        for shown in (self.body, self.rest, self.files, self.note, *self._parts.values()):
            shown.value = ""


def _unheard(workers: Replayers, job: Job) -> asyncio.Future[Play]:
    """A job on its way to a process; what becomes of it may be ignored without complaint."""
    try:
        future: asyncio.Future[Play] = asyncio.wrap_future(workers.submit(job.what))
    except BrokenExecutor as error:
        future = asyncio.get_running_loop().create_future()
        future.set_exception(error)
    future.add_done_callback(lambda done: done.cancelled() or done.exception())
    return future
