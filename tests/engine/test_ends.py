"""What a check passes runs to the end, or stops with words: time goes on, and nothing outgrows its column."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sim.engine.kernel import MOST_ROUNDS, ROUNDS_WITHOUT_TIME
from sim.engine.simulation import simulate
from sim.errors import ScenarioError, SimulationError
from sim.model.loading import load
from sim.record.run import run
from tests.engine.small import DAY, Play, flow, office, wait, work, world

AGAIN = [{"to": "do", "chance": "again"}, {"to": "done"}]


def problems(folder: Path, **more: Any) -> list[str]:
    """What is wrong with a small world, as CODE and message."""
    with pytest.raises(ScenarioError) as raised:
        world(folder, **{"offices": {"desk": office()}, "stages": {"do": work("desk", "2 hours")}, **more})
    return [str(problem).split(": ", 1)[1] for problem in raised.value.problems]


@pytest.mark.parametrize(
    "branches",
    [
        [{"to": "do", "chance": 1.0}, {"to": "done"}],
        [{"to": "do", "chance": 0.5}, {"to": "do", "chance": 0.5}, {"to": "done"}],
        [{"to": "done", "chance": 0}, {"to": "do"}],
    ],
)
def test_a_branch_to_which_no_chance_is_left_is_no_way_to_the_end(tmp_path: Path, branches: list[Any]) -> None:
    (said,) = problems(tmp_path, stages={"do": wait("1 day", branches)})
    assert said.startswith("R307 from the stage 'do' no end can be reached")


@pytest.mark.parametrize("takes", ["0 seconds", "1 second"])
def test_rounds_for_ever_are_stopped_and_the_stage_is_named(tmp_path: Path, takes: str) -> None:
    endless = world(
        tmp_path,
        offices={"desk": office()},
        stages={"do": wait(takes, AGAIN)},
        chances={"again": 1.0},
        demand={"letters": flow(per_year=500)},
    )
    with pytest.raises(SimulationError) as raised:
        simulate(endless, until=30 * DAY)
    most = ROUNDS_WITHOUT_TIME if takes == "0 seconds" else MOST_ROUNDS
    assert f"{most} times" in str(raised.value) and "the stage 'do'" in str(raised.value)
    assert ("no time has passed" in str(raised.value)) == (takes == "0 seconds")


def test_stages_passed_over_without_time_are_stopped_too(tmp_path: Path) -> None:
    play = Play(
        world(
            tmp_path,
            offices={"desk": office()},
            stages={
                "do": work(
                    "desk", "2 hours", [{"to": "over", "chance": "again"}, {"to": "done"}], only_if={"urgent": True}
                ),
                "over": work("desk", "2 hours", "do", only_if={"urgent": True}),
            },
            chances={"again": 1.0},
        )
    )
    play.send("letter")
    with pytest.raises(SimulationError, match="letter has gone back from the stage 'over' 1000 times and no time"):
        play.run()


def test_many_rounds_that_end_are_no_endless_ones(tmp_path: Path) -> None:
    often = world(
        tmp_path,
        offices={"desk": office()},
        stages={"do": wait("0 seconds", AGAIN)},
        chances={"again": 0.95},
        demand={"letters": flow(per_year=500)},
    )
    log = simulate(often, until=100 * DAY)
    assert max(log.request_loops) > 50 and all(left >= 0 for left in log.request_left)


@pytest.mark.parametrize(
    "takes",
    [
        {"median": "1 second", "p90": "20 hours"},
        {"lognormal": {"mean": "100 years", "cv": 10}},
        {"gamma": {"mean": "100 years", "cv": 10}},
        "100 years",
    ],
)
def test_work_that_outlasts_every_calendar_is_only_late(tmp_path: Path, takes: Any) -> None:
    slow = world(
        tmp_path,
        offices={"desk": office(staff=20, hours="Mon 09:00-09:10", time_zone="Europe/Oslo", holidays="none")},
        stages={"do": work("desk", takes)},
        demand={"letters": flow(per_year=100)},
    )
    log = run(slow, years=0.2, warm_up=0).log
    assert len(log.request_left) > 5


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"starts": "9998-12-01"}, "F207 starts in 9998, where it may be 1950 to 2100"),
        ({"starts": "1949-12-31"}, "F207 starts in 1949, where it may be 1950 to 2100"),
        ({"priorities": []}, "F207 priorities: must have at least 1 item, not 0"),
        ({"priorities": [f"p{n}" for n in range(130)]}, "F207 priorities: must have at most 100 items, not 130"),
        ({"demand": {"a": flow(every="0 seconds")}}, "F207 more than one request a second on average"),
        (
            {"demand": {"a": flow(surge={"after": "1 day", "lasts": "1 minute", "requests": 100})}},
            "F207 more than one request a second on average",
        ),
        (
            {"demand": {"a": flow(per_year=1_000_000, during="Mon 09:00-09:01")}},
            "F207 more than one request a second on average",
        ),
        ({"stages": {"do": wait({"median": "1 second", "p90": "100 years"})}}, "F207 the 90th percentile is more than"),
        ({"stages": {"do": wait({"gamma": {"mean": "1 day", "cv": 1e-200}})}}, "F207 cv must be a number above 1e-06"),
        ({"stages": {"do": wait({"times": 1e-9, "of": "1 day"})}}, "F207 times must be a number above 1e-06"),
        ({"stages": {"do": wait("1 day", only_if={"urgnet": True})}}, "R301 there is no fact 'urgnet' (hint: did you"),
        ({"stages": {"do": wait("1 day", only_if={"urgent": "yes"})}}, "F203 urgent: needs true or false, not 'yes'"),
        (
            {"stages": {"do": wait("1 day", [{"to": "done", "if": {"refusable": ["a"]}}, {"to": "done"}])}},
            "F203 refusable: needs text",
        ),
        (
            {"stages": {f"s{n}": wait("1 day", f"s{n + 1}" if n < 299 else "done") for n in range(300)}},
            "F207 stages: must have at most 250 items, not 301",
        ),
    ],
)
def test_what_could_not_run_is_said_beforehand(tmp_path: Path, more: dict[str, Any], said: str) -> None:
    (found,) = problems(tmp_path, **more)
    assert found.startswith(said)


def test_as_many_stages_as_are_let_in_are_run(tmp_path: Path) -> None:
    stages = {f"s{n}": wait("1 hour", f"s{n + 1}" if n < 248 else "done") for n in range(249)}
    long = world(tmp_path, offices={"desk": office()}, stages=stages, demand={"a": flow(per_year=300)})
    assert any(left >= 0 for left in run(long, years=0.1, warm_up=0).log.request_left)


@pytest.mark.slow
def test_a_world_runs_from_the_last_year_in_which_it_can_start(tmp_path: Path) -> None:
    late = world(
        tmp_path,
        offices={"desk": office(hours="Mon-Fri 09:00-17:00", time_zone="Europe/Oslo", holidays={"like": "NO"})},
        stages={"do": work("desk", "2 hours")},
        demand={"letters": flow(per_year=20)},
        starts="2100-12-31",
    )
    done = run(late, years=30, warm_up=0)
    assert len(done.table()) > 300 and len(done.requests()) > 300


def test_a_case_starts_in_a_year_with_law(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(json.dumps({"format": 1, "kind": "case", "id": "case", "starts": "1927-03-01T09:00"}), "utf-8")
    with pytest.raises(ScenarioError, match="F207 starts in 1927, where it may be 1950 to 2100"):
        load(path)
