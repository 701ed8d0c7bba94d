"""The policy lab in a notebook: pick a world, change something, and watch the answer sharpen. Never a blocking cell."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from html import escape

import ipywidgets as widgets

from sim import i18n, logs
from sim.engine.executor import prepare
from sim.errors import MlasimError
from sim.i18n import _
from sim.model.loading import Scenario, available, load
from sim.policy.experiments.experiment import Experiment
from sim.record.statistics import Interval
from sim.views.controls import button, dropdown, labels, running_loop, text
from sim.views.lab import answer_panels
from sim.views.lab.controls import Levers, Numbers
from sim.views.lab.looking_ahead import LOOK_EVERY, LookingAhead
from sim.views.lab.runs import Runs
from sim.views.lab.takeaway import Takeaway
from sim.views.lab.trial import Trial
from sim.views.seat import panels
from sim.views.seat.app import problem_panel

logger = logging.getLogger("mlasim.views.policy_app")

FIRST = "meridian"
"""The world that a newcomer finds picked."""
PATIENCE = 3.0
"""Seconds after which a run under way that nobody wants any more is not waited for."""
DRAW_EVERY = 1.0
"""Seconds between two drawings, once the first interval is there."""
STYLE = """<style>
.mla-levers{display:grid;grid-template-columns:repeat(auto-fill,minmax(22rem,1fr));gap:0 1.6rem}
.mla-levers .widget-checkbox label,.mla-levers .widget-label-basic{font-weight:600}
.mla-levers .mla{font-size:13.5px}
.mla-levers .widget-checkbox input{align-self:flex-start;margin-top:3px}
.mla-lab figure{margin:1em 0}
.mla-lab figcaption{color:#52606d;font-size:.92em}
.mla-lab .widget-hbox{gap:4px 18px}
</style>"""


def open_policy(
    world: str | Scenario | None = None, *, pairs: int = 10, years: float = 1.0, seed: int = 1, language: str = "en"
) -> widgets.Widget:
    """The policy lab, to be shown by a notebook.

    ``world`` is the one picked to begin with, ``pairs`` how many pairs of runs an answer begins with, ``years`` how
    long each is. ``language`` is that of the interface. A problem is shown as a readable panel.

    >>> import sim
    >>> type(sim.open_policy("queue-mm1")).__name__
    'VBox'
    """
    logs.show_if_asked()
    try:
        i18n.use(language)
        return PolicyApp(world or FIRST, pairs=pairs, years=years, seed=seed).view
    except MlasimError as error:
        return problem_panel(error)


class PolicyApp:
    """One policymaker's lab. ``view`` is the widget to show."""

    def __init__(self, world: str | Scenario = FIRST, *, pairs: int = 10, years: float = 1.0, seed: int = 1):
        self.world = world if isinstance(world, Scenario) else load(world)
        self.trial: Trial | None = None
        self.tried: dict[str, Interval] = {}
        """The change of the mean duration by alternative, in this world."""
        self.runs = Runs()
        self.ahead = LookingAhead(self.runs)
        self._task: asyncio.Task[None] | None = None
        self._drawn = 0.0
        self.levers = Levers(self._touched)
        self.numbers = Numbers(self._touched, pairs=pairs, length=years, seed=seed)
        self.takeaway = Takeaway()
        self._build()
        self._offer()
        prepare()

    def _build(self) -> None:
        ids = available("world")
        worlds = [(load(id_).title, id_) for id_ in ids]
        if self.world.id not in ids:
            worlds.insert(0, (self.world.title, self.world.id))
        self.pick = dropdown(_("World"), worlds)
        self.pick.value = self.world.id
        self.pick.observe(lambda change: self._guarded(self._change_world), names="value")
        self.about, self.wanted, self.status, self.left = text(), text(), text(), text()
        self.answer, self.journey, self.reasons, self.money, self.beside = (text() for _place in range(5))
        self.go = button(_("Try it"), _("Run the world with and without the change, with the same luck"))
        self.go.button_style = "primary"
        self.go.layout = widgets.Layout(width="auto", align_self="flex-start", margin="10px 2px")
        self.go.on_click(lambda _button: self._guarded(self._try))
        self.enough = button(_("Stop here"), _("No more runs; what has arrived stays"))
        self.enough.on_click(lambda _button: self._stop())
        layout = widgets.Layout(width="24rem", min_width="12rem")
        self.progress = widgets.IntProgress(description=_("Runs"), min=0, max=1, layout=layout, style=labels())
        self.running = widgets.HBox([self.progress, self.left, self.enough])
        self.running.layout.display = "none"
        style = widgets.HTML(panels.style() + STYLE, layout=widgets.Layout(height="0", margin="0"))
        parts = [
            *(style, self.pick, self.about),
            *(_head(_("What would you change?")), _hint(), self.levers.view, _head(_("How much, and how thoroughly"))),
            *(self.numbers.view, self.wanted, self.go, self.running, self.status),
            *(self.answer, self.reasons, self.journey, self.money, self.beside, self.takeaway.view),
        ]
        self.view = widgets.VBox(parts)
        self.view.add_class("mla-seat")
        self.view.add_class("mla-lab")
        if i18n.right_to_left():
            self.view.add_class("rtl")

    def _offer(self) -> None:
        """Show what can be changed in the world that is picked."""
        self.levers.offer(self.world)
        self.numbers.offer(self.world)
        self._touched()
        for place in (self.answer, self.reasons, self.journey, self.money, self.beside):
            place.value = ""
        self.takeaway.forget()
        # Last, so that whoever reads what the world is finds its levers there already.
        self.about.value = panels.wrap(answer_panels.about(self.world))

    def _change_world(self) -> None:
        self._give_up()
        self.trial, self.tried = None, {}
        self.runs.forget()
        self.world = load(self.pick.value)
        self._offer()

    def _touched(self) -> None:
        """Something was set: it is said, and begun, so that its answer is there when it is asked for."""
        chosen = self.numbers.named(self.levers.chosen)
        name = _("nothing yet") if chosen is None else chosen.name
        said = _("To be tried: {what}").format(what=name)
        self.wanted.value = panels.wrap(f"<p>{escape(said)}</p>")
        self._look_ahead()

    def _look_ahead(self) -> None:
        """Make the first runs of what is set, or of the world as it is, and of what could be switched on next; not
        while others are wanted, and not where there are no processes to do it aside."""
        if running_loop() is None or (self.trial is not None and self.trial.running):
            return
        self.runs.open()
        if self.runs.pool is not None:
            on = self.levers.chosen
            next_ = [{**on, id_: title} for id_, title in self.levers.all.items() if id_ not in on]
            self.ahead.begin(self._set(), [partial(self.experiment, levers) for levers in (on, *next_)])

    def _set(self) -> tuple[object, ...]:
        """All that decides the runs, as it is set now."""
        numbers = self.numbers
        chosen = numbers.named(self.levers.chosen)
        return self.world.id, chosen, numbers.length.value, numbers.seed.value, numbers.gradual.value

    # Trying

    def _guarded(self, what: Callable[[], None]) -> None:
        """Do something a click asked for; a problem is shown, not raised."""
        try:
            self._say("")
            what()
        except MlasimError as error:
            self._say(str(error), "alert")

    def _say(self, said: str, role: str = "status") -> None:
        kind = "mark" if role == "alert" else "quiet"
        self.status.value = panels.wrap(f"<p class='{kind}' role='{role}'>{escape(said)}</p>") if said else ""

    def _note(self, said: str) -> None:
        """Say something beside the progress."""
        self.left.value = panels.wrap(f"<span class='quiet'>{escape(said)}</span>")

    def _try(self) -> None:
        if self.numbers.named(self.levers.chosen) is None:
            self._say(_("Nothing is changed yet: switch a lever on, or set a number."), "alert")
            return
        begun = self.ahead.begun(self._set())
        self._give_up(but=begun)
        loop = running_loop()
        if loop is not None:
            self.runs.open()
        pairs = self.numbers.pairs.value
        self.trial = begun or Trial(self.experiment(), pairs, self.runs)
        self.trial.pairs = pairs
        self.progress.value, self.progress.max = 0, self.trial.total
        self.running.layout.display = ""
        self._note(_("The answer appears below with the first runs, and sharpens."))
        for place in (self.answer, self.reasons, self.journey, self.money):
            place.value = ""
        self.takeaway.forget()
        if loop is None:
            self.trial.run_here()
            self._finish()
        else:
            self.trial.start(pairs)
            self._draw()
            self._look(self.trial)
            self._task = loop.create_task(self._watch(self.trial))

    def experiment(self, levers: Mapping[str, str] | None = None) -> Experiment:
        """What is tried: what is set (or would be set with other ``levers``) against the world as it is, or that
        alone."""
        numbers = self.numbers
        chosen = numbers.named(self.levers.chosen if levers is None else levers)
        return Experiment.of(
            self.world,
            [] if chosen is None else [chosen],
            years=numbers.length.value,
            seed=numbers.seed.value,
            roll_out=numbers.gradual.value,
        )

    async def _watch(self, trial: Trial) -> None:
        """Take in what arrives until it is over."""
        while not trial.stopped and (trial.running or trial.waiting_for_journeys):
            await asyncio.sleep(LOOK_EVERY)
            self._look(trial)
        self._look(trial)
        self._finish()

    def _look(self, trial: Trial) -> None:
        before = len(trial.intervals)
        if not trial.take():
            return
        self.progress.value = trial.done
        left = trial.seconds_left()
        if left is not None and trial.done < trial.total:
            said = (
                _("about {minutes} min left").format(minutes=f"{left / 60:.0f}")
                if left >= 60
                else _("less than a minute left")
            )
            said = _("{done} of {total} done, {left}").format(done=trial.done, total=trial.total, left=said)
            self._note(said)
        fresh = len(trial.intervals) > before
        if fresh and (before < 2 or time.monotonic() - self._drawn > DRAW_EVERY):
            self._draw()

    def _stop(self) -> None:
        """No more runs; the watch ends when those under way have come."""
        if self.trial is not None and self.trial.running:
            self._end(self.trial)

    def _end(self, trial: Trial) -> None:
        """Stop a trial; processes that are long busy with a run nobody wants are left to themselves."""
        trial.stop()
        if trial.silent > PATIENCE:
            self.runs.close()

    def _give_up(self, *, but: Trial | None = None) -> None:
        """Nothing that was begun is wanted any more, except for one trial."""
        for trial in self.ahead.stop(but=but):
            self._end(trial)
        if self.trial is not None and self.trial is not but and self.trial.running:
            self._end(self.trial)
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _finish(self) -> None:
        trial = self.trial
        if trial is None:
            return
        self.running.layout.display = "none"
        if trial.done:
            self._draw()
        else:
            self.answer.value = ""
        if trial.problem:
            self._say(trial.problem, "alert")
        elif trial.done < trial.total:
            self._say(
                _("Stopped after {n} of {total} runs; what is done stays.").format(n=trial.done, total=trial.total)
            )
        else:
            self._say(_("All {total} runs are done.").format(total=trial.total))
        if len(trial.intervals) > 1:
            self.tried[trial.alternative] = trial.intervals[-1]
            self.takeaway.offer(trial)
            self.money.value = panels.wrap(answer_panels.worth(trial.results))
        self.beside.value = panels.wrap(answer_panels.tried(list(self.tried.items())))
        self._look_ahead()

    def _draw(self) -> None:
        trial = self.trial
        if trial is None:
            return
        self._drawn = time.monotonic()
        results, name = trial.results, trial.alternative
        self.answer.value = panels.wrap(
            answer_panels.answer(results, name, trial.intervals, trial.pairs) + answer_panels.failures(results)
        )
        if len(trial.intervals) > 1:
            self.reasons.value = panels.wrap(answer_panels.reasons(results, name))
        if trial.journeys is not None:
            self.journey.value = panels.wrap(answer_panels.journey(trial.journeys))


def _head(said: str) -> widgets.HTML:
    return widgets.HTML(panels.wrap(f"<h2>{escape(said)}</h2>"))


def _hint() -> widgets.HTML:
    words = _(
        "Switch on one lever or several, or set numbers below; then press Try it. Every change meets the same requests "
        "with the same luck. Open a lever's name to read its evidence, its limits, its cost and what is only assumed."
    )
    return widgets.HTML(panels.wrap(f"<p class='quiet'>{escape(words)}</p>"))
