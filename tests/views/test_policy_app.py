"""The policy lab: what is offered, what is tried, what is said when nothing can be."""

from __future__ import annotations

import asyncio
import base64
import re
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ipywidgets as widgets
import pytest
from traitlets import TraitError

from sim import i18n
from sim.model.loading import Scenario
from sim.model.world import Lever
from sim.policy.experiments.experiment import Experiment, Observation
from sim.policy.experiments.journeys import compare_journeys, journey_job
from sim.views.lab.answer_panels import answer
from sim.views.lab.app import PolicyApp, open_policy
from sim.views.lab.runs import Runs
from sim.views.lab.trial import Trial
from tests.policy.policy_world import WIRE, quick_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return quick_world(tmp_path_factory.mktemp("world"))


@pytest.fixture(autouse=True)
def no_loop() -> Iterator[None]:
    """A plain program: a browser test of the same process leaves Playwright's loop running in this thread."""
    left = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(left)


def app(world: Scenario, pairs: int = 4) -> PolicyApp:
    return PolicyApp(world, pairs=pairs, years=0.5, seed=3)


def test_nothing_changed_is_said(world: Scenario) -> None:
    lab = app(world)
    lab.go.click()
    assert "Nothing is changed yet" in lab.status.value and "role='alert'" in lab.status.value
    assert lab.trial is None


def test_more_staff_is_tried_and_explained(world: Scenario) -> None:
    lab = app(world, pairs=8)
    lab.numbers.office.value = "nor-central"
    assert lab.numbers.staff.value == 1 and "To be tried: nothing yet" in lab.wanted.value
    lab.numbers.staff.value = 3
    assert "To be tried: Central authority of Nor: 3 staff" in lab.wanted.value
    lab.go.click()
    assert "All 16 runs are done" in lab.status.value
    assert "less on average" in lab.answer.value and "8 pairs of runs" in lab.answer.value
    assert "so far" not in lab.answer.value
    assert "Where the days come from" in lab.reasons.value and "waiting for staff" in lab.reasons.value
    assert "Central authority of Nor" in lab.reasons.value
    assert list(lab.tried) == ["Central authority of Nor: 3 staff"]
    assert len(lab.trial.intervals) == 8
    assert "8 of 20 pairs of runs so far" in answer(lab.trial.results, lab.trial.alternative, lab.trial.intervals, 20)
    assert lab.trial.intervals[0].half_width == float("inf") > lab.trial.intervals[-1].half_width


def test_a_slider_keeps_its_bounds_whatever_a_browser_sends(world: Scenario) -> None:
    numbers = app(world).numbers
    numbers.office.value = "nor-central"
    numbers.staff.set_state({"value": 10**9})
    assert numbers.staff.value == numbers.staff.max == 10
    numbers.staff.set_state({"value": -4})
    assert numbers.staff.value == 1
    with pytest.raises(TraitError):
        numbers.staff.set_state({"value": "<script>"})


def test_without_the_extra_numbers_are_typed(world: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.delitem(sys.modules, "sim.views.lab.slider", raising=False)
    lab = app(world, pairs=2)
    assert isinstance(lab.numbers.demand, widgets.BoundedIntText) and lab.numbers.demand.step == 10
    lab.numbers.demand.value = 120
    lab.go.click()
    assert "All 4 runs are done" in lab.status.value


def test_what_was_tried_stands_beside_each_other(world: Scenario) -> None:
    lab = app(world, pairs=2)
    lab.numbers.demand.value = 120
    lab.go.click()
    assert lab.beside.value.count("<svg") == 0
    lab.numbers.demand.value = 80
    lab.go.click()
    assert "120 % of requests" in lab.beside.value and "80 % of requests" in lab.beside.value


def test_files_to_take_away(world: Scenario) -> None:
    lab = app(world, pairs=2)
    assert lab.takeaway.view.layout.display == "none"
    lab.numbers.demand.value = 120
    lab.go.click()
    lab.takeaway.button.click()
    links = dict(re.findall(r"download='([^']+)' href='data:[^;]+;base64,([^']+)'", lab.takeaway.files.value))
    assert set(links) == {"small-3.html", "small-3.docx", "small-3.csv"}
    table = base64.b64decode(links["small-3.csv"]).decode("utf-8-sig").splitlines()
    assert table[0].startswith("alternative,figure,of,unit,pairs") and table[1].startswith(
        "120 % of requests,mean days"
    )
    page = base64.b64decode(links["small-3.html"]).decode()
    assert "6.1 Sharing statement" in page and "per year*1.2" in page


def test_levers_offered_are_those_that_find_something() -> None:
    lab = PolicyApp("queue-mm1")
    assert not lab.levers.switches and "No lever of the library" in lab.levers.view.children[0].value
    lab.pick.value = "corridor"
    assert "liaison-magistrates" in lab.levers.switches
    switch = lab.levers.switches["liaison-magistrates"]
    assert switch.description == "What if the States posted magistrates with each other?"
    assert (
        "<summary>Liaison magistrates</summary>"
        in lab.levers.view.children[list(lab.levers.switches).index("liaison-magistrates")].children[1].value
    )


def test_a_lever_that_clashes_with_a_setting_is_a_sentence() -> None:
    lab = PolicyApp("corridor")
    lab.levers.switches["more-lawyers"].value = True
    lab.numbers.office.value = "sol-central"
    lab.numbers.staff.value += 3
    lab.go.click()
    assert "both change" in lab.status.value and "role='alert'" in lab.status.value
    assert lab.answer.value == "" and lab.takeaway.view.layout.display == "none"


@pytest.fixture
def without_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a browser's Python: the thread does the work, and nothing is begun ahead."""
    monkeypatch.setattr(Runs, "open", lambda self: None)


class Threads(Runs):
    """Threads instead of processes: what is under test is what is begun when."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, int]] = []
        """Alternative and replication of every run that was made."""

    def open(self) -> None:
        if self.pool is None:
            self.pool = ThreadPoolExecutor(1)

    def remember(self, experiment: Experiment, observation: Observation) -> None:
        self.asked.append((observation.alternative, observation.replication))
        super().remember(experiment, observation)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.02)


def test_what_is_set_is_begun_ahead_and_nothing_is_run_twice(world: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.views.lab.app.Runs", Threads)

    async def play() -> None:
        lab = app(world, pairs=5)
        runs = lab.runs
        await until(lambda: len(runs.asked) == 2)
        assert sorted(runs.asked) == [("as it is", 0), ("as it is", 1)], "the world as it is, before anything is set"
        lab.numbers.demand.value = 120
        more = "120 % of requests"
        await until(lambda: len(runs.asked) == 4)
        assert sorted(runs.asked[2:]) == [(more, 0), (more, 1)] and lab.trial is None, "only the change, and unseen"
        assert lab.answer.value == "" and lab.running.layout.display == "none"
        lab.go.click()
        await until(lambda: lab.trial is not None and lab.trial.done == 10)
        await lab._task
        assert sorted(set(runs.asked)) == sorted(runs.asked), "no run was made twice"
        assert "5 pairs of runs" in lab.answer.value and "All 10 runs are done" in lab.status.value

        made = len(runs.asked)
        lab.numbers.demand.value = 80
        lab.go.click()
        await lab._task
        lab.numbers.demand.value = 120
        lab.go.click()
        assert lab.trial.alternative == more
        await lab._task
        assert len(runs.asked) == made + 5, "the world as it is and what was tried before answer from memory"
        assert lab.trial.done == 10 and len(lab.trial.intervals) == 5

        direct = Trial(lab.experiment(), 5, Runs())
        direct.run_here()
        assert direct.results.sha256 == lab.trial.results.sha256, "what is remembered is what would be observed"
        lab.runs.close()

    asyncio.run(play())


def test_what_could_be_switched_on_next_is_run_while_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.views.lab.app.Runs", Threads)
    monkeypatch.setattr("sim.views.lab.looking_ahead.busy", lambda: working)
    monkeypatch.setattr("sim.views.lab.controls.available", lambda kind: ("accept-english", "triage"))
    working = False

    async def play() -> None:
        nonlocal working
        lab = PolicyApp("caravan", pairs=2, years=0.2)
        runs, levers = lab.runs, lab.levers.all
        assert len(levers) == 2
        await until(lambda: len({name for name, _replication in runs.asked}) == 1 + len(levers))
        made = len(runs.asked)
        next(iter(lab.levers.switches.values())).value = True
        lab.go.click()
        await lab._task
        assert len(lab.trial.intervals) == 2 and len(runs.asked) == made, "a lever answers from what was run before"
        working = True
        await asyncio.sleep(1)
        made = len(runs.asked)
        lab.numbers.seed.value = 5
        await until(lambda: len(runs.asked) == made + 4)
        await asyncio.sleep(1)
        assert len(runs.asked) == made + 4, "on a machine that is busy only what is set is run"
        lab.runs.close()

    asyncio.run(play())


def test_another_seed_is_another_run(world: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.views.lab.app.Runs", Threads)

    async def play() -> None:
        lab = app(world, pairs=2)
        lab.numbers.demand.value = 120
        lab.go.click()
        await lab._task
        first = lab.trial.intervals[-1].mean
        lab.numbers.seed.value = 4
        lab.go.click()
        await lab._task
        assert lab.trial.intervals[-1].mean != first
        lab.runs.close()

    asyncio.run(play())


@pytest.mark.usefixtures("without_processes")
def test_in_a_notebook_runs_arrive_while_the_page_stays_alive(world: Scenario) -> None:
    async def play() -> tuple[PolicyApp, int]:
        lab = app(world, pairs=6)
        lab.numbers.demand.value = 120
        lab.go.click()
        beats = 0
        assert lab._task is not None and lab.running.layout.display == ""
        while not lab._task.done():
            await asyncio.sleep(0.05)
            beats += 1
        return lab, beats

    lab, beats = asyncio.run(play())
    assert beats > 1 and "All 12 runs are done" in lab.status.value
    assert lab.running.layout.display == "none"


@pytest.mark.usefixtures("without_processes")
def test_stopped_it_keeps_what_is_done(world: Scenario) -> None:
    async def play() -> PolicyApp:
        lab = app(world, pairs=500)
        lab.numbers.demand.value = 120
        lab.go.click()
        while len(lab.trial.intervals) < 3:
            await asyncio.sleep(0.05)
        lab.enough.click()
        await asyncio.wait_for(lab._task, 10)
        return lab

    lab = asyncio.run(play())
    assert "what is done stays" in lab.status.value
    assert 6 <= lab.trial.done < 1000
    assert "The change of the mean duration" in lab.answer.value
    assert lab.takeaway.view.layout.display == ""


def test_one_request_with_the_same_luck_differs_by_the_lever_alone(world: Scenario) -> None:
    experiment = Experiment.of(world, [WIRE], years=0.5, seed=3)
    before, after = compare_journeys(journey_job(experiment, "wire"))
    assert before.request == after.request
    days = {
        one.alternative: {cause: last - first for first, last, cause, _stage in one.stretches}
        for one in (before, after)
    }
    assert days["as it is"]["transmission"] == pytest.approx(6) and days["wire"]["transmission"] == pytest.approx(1.2)
    assert sum(last - first for first, last, _cause, _stage in after.stretches) == pytest.approx(after.days)
    assert days["as it is"]["being worked on"] == pytest.approx(days["wire"]["being worked on"])


def test_while_a_lever_is_introduced_the_typical_request_meets_what_is_there(world: Scenario) -> None:
    """Half a year of an introduction that takes two: the wire carries a part of them, and shortens no way fully."""
    lever = Lever.model_validate({**WIRE.model_dump(by_alias=True, exclude_unset=True), "roll out": "2 years"})
    fully = compare_journeys(journey_job(Experiment.of(world, [lever], years=0.5, seed=3), "wire"))
    gradual = Experiment.of(world, [lever], years=0.5, seed=3, roll_out=True)
    before, after = compare_journeys(journey_job(gradual, "wire"))
    assert before.request == after.request and after.days > fully[1].days


def test_a_run_that_fails_is_shown_with_its_command(world: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.policy.experiments import experiment
    from sim.views.lab.answer_panels import failures

    def fails(*args, **options):
        raise RuntimeError("on purpose")

    monkeypatch.setattr(experiment, "simulate", fails)
    trial = Trial(Experiment.of(world, [WIRE], years=0.5, seed=3), 1, Runs())
    trial.run_here()
    said = failures(trial.results)
    assert "2 runs failed" in said and "mlasim run " in said and "on purpose" in said


def test_problems_are_panels_and_languages_are_heard(tmp_path: Path) -> None:
    assert "This cannot be opened" in open_policy("no-such-world").value
    try:
        open_policy("queue-mm1", language="ar-XB")
        lab = PolicyApp("queue-mm1")
        assert "rtl" in lab.view._dom_classes
    finally:
        i18n.use("en")
