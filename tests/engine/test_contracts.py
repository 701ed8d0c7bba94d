"""Contracts of chance and of runs: what may change a run, and what may not."""

from __future__ import annotations

import copy
import random
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from sim.engine.compile import compile_world
from sim.engine.log import EventLog
from sim.engine.simulation import Simulation, simulate
from sim.model.durations import Duration
from sim.model.loading import Scenario, load, with_data
from tests.engine.small import DAY, HOUR, Row, flow, office, rows, wait, work, world

WORLDS = Path(__file__).parents[1] / "benchmarks" / "worlds"

OFFICES = {
    "desk": office(2),
    "translators": office(2, hours="Mon-Fri 09:00-17:00", closing_rule="hand over"),
    "court": office(1, preemptive=True),
}
STAGES = {
    "sort": wait({"exponential": "1 hour"}, [{"to": "translate", "chance": 0.4}, {"to": "check"}]),
    "translate": work("translators", {"lognormal": {"mean": "5 hours", "cv": 0.8}}, "release"),
    "release": wait({"gamma": {"mean": "2 hours", "cv": 0.7}}),
    "check": work(
        "desk",
        {"exponential": "2 hours"},
        [{"to": "sort", "chance": 0.2}, {"to": "hear", "chance": 0.3}, {"to": "done"}],
    ),
    "hear": work("court", {"between": ["1 hour", "6 hours"], "usually": "2 hours"}),
}
DEMAND = {
    "requests": flow(every="3 hours", priorities={"urgent": 1, "routine": 4}),
    "others": flow(every="1 day", during="Mon-Fri 08:00-16:00"),
}


def lively(folder: Path, **changes: Any) -> Scenario:
    """A world in which everything happens: loops, branches, three kinds of office, two flows."""
    parts: dict[str, Any] = {"offices": OFFICES, "stages": STAGES, "demand": DEMAND}
    return world(folder, **{**copy.deepcopy(parts), **changes})


def run(scenario: Scenario, seed: int = 1, replication: int = 0, arrivals: int = 500) -> list[Row]:
    return rows(simulate(scenario, seed=seed, replication=replication, arrivals=arrivals))


def by_request(found: list[Row]) -> dict[str, list[Row]]:
    journeys: dict[str, list[Row]] = {}
    for row in found:
        journeys.setdefault(row.request, []).append(row)
    return journeys


def test_the_same_seed_gives_the_same_run(tmp_path: Path) -> None:
    scenario = lively(tmp_path)
    first = run(scenario)
    assert run(scenario) == first
    assert run(load(tmp_path / "worlds" / "small.yaml")) == first
    assert run(scenario, seed=2) != first
    assert run(scenario, replication=1) != first


def test_numbers_drawn_elsewhere_do_not_matter(tmp_path: Path) -> None:
    scenario = lively(tmp_path)
    random.seed(1)
    first = run(scenario)
    random.seed(2)
    random.random()
    state = random.getstate()
    assert run(scenario) == first
    assert random.getstate() == state  # and a run draws nothing from the global generator


def test_processes_agree_with_one_another(tmp_path: Path) -> None:
    scenario = lively(tmp_path)
    alone = [run(scenario, 7, replication, 200) for replication in range(4)]
    with ProcessPoolExecutor(2) as executor:
        together = list(executor.map(partial(run, scenario, 7, arrivals=200), range(4)))
    assert together == alone


def test_a_plan_is_shared_and_never_changed(tmp_path: Path) -> None:
    plan = compile_world(lively(tmp_path))
    shared = [rows(simulate(plan.scenario, arrivals=200, replication=r, plan=plan)) for r in (0, 1, 0)]
    assert shared[0] == shared[2] != shared[1]


def test_two_runs_side_by_side_do_not_touch(tmp_path: Path) -> None:
    plan = compile_world(lively(tmp_path))
    apart = [finished(Simulation(plan, seed=1)), finished(Simulation(plan, seed=2))]
    one, other = Simulation(plan, seed=1), Simulation(plan, seed=2)
    for day in range(1, 61):
        one.advance(day * DAY)
        other.advance(day * DAY)
    assert [rows(one.finish()), rows(other.finish())] == apart


def finished(simulation: Simulation) -> list[Row]:
    simulation.advance(60 * DAY)
    return rows(simulation.finish())


def test_an_office_nobody_uses_changes_nothing(tmp_path: Path) -> None:
    before = run(lively(tmp_path))
    unused = {"aaa": office(3, hours="Mon-Fri 10:00-12:00"), "zzz": office(1, preemptive=True)}
    assert run(lively(tmp_path, offices={**OFFICES, **unused})) == before


def test_another_flow_changes_no_draw(tmp_path: Path) -> None:
    stages = {"wait": wait({"exponential": "2 hours"}, [{"to": "wait", "chance": 0.5}, {"to": "done"}])}
    before = run(lively(tmp_path, stages=stages, demand={"requests": flow(every="3 hours")}), arrivals=100)
    demand = {"requests": flow(every="3 hours"), "a-third": flow(every="2 hours")}
    after = by_request(run(lively(tmp_path, stages=stages, demand=demand), arrivals=400))
    assert all(after[id_] == journey for id_, journey in by_request(before).items())


def test_the_order_of_keys_changes_nothing(tmp_path: Path) -> None:
    def turned(value: Any) -> Any:
        return {k: turned(v) for k, v in reversed(value.items())} if isinstance(value, dict) else value

    before = run(lively(tmp_path))
    stages = dict(reversed(STAGES.items()))
    stages = {"sort": stages.pop("sort"), **{name: turned(stage) for name, stage in stages.items()}}
    assert run(lively(tmp_path, offices=turned(OFFICES), stages=stages, demand=turned(DEMAND))) == before


def test_one_more_translator_changes_only_those_who_meet_a_translator(tmp_path: Path) -> None:
    more = {**OFFICES, "translators": {**OFFICES["translators"], "staff": 5}}
    before, after = by_request(run(lively(tmp_path))), by_request(run(lively(tmp_path, offices=more)))
    assert before.keys() == after.keys()
    moved = {id_ for id_ in before if before[id_] != after[id_]}
    # Translation is followed by release alone, so those who meet no translator are not touched in any way.
    meets = {id_ for id_, journey in before.items() if any(row.activity == "translate" for row in journey)}
    assert moved
    assert moved <= meets


def test_staff_moves_no_draw_anywhere(tmp_path: Path) -> None:
    """In the tandem every request meets every pool: times move, but neither work nor ways do."""
    scenario = load(WORLDS / "tandem.yaml")
    more = copy.deepcopy(dict(scenario.data))
    changed = more["world", "tandem"]["offices"]
    for name in ("translation", "closing"):
        changed[name] = {**changed[name], "staff": changed[name]["staff"] + 1}
    before, after = (simulate(s, arrivals=400, seed=3) for s in (scenario, with_data(scenario, more)))
    assert before.request_arrived == after.request_arrived
    assert before.request_priority == after.request_priority
    assert before.request_loops == after.request_loops
    assert lengths(before) == lengths(after)
    assert sum(before.request_left) > sum(after.request_left)


def lengths(log: EventLog) -> dict[tuple[int, int], list[int]]:
    """What each request's visits to each station took, in order."""
    found: dict[tuple[int, int], list[int]] = {}
    for request, activity, started, ended in zip(log.request, log.activity, log.started, log.ended, strict=True):
        found.setdefault((request, activity), []).append(ended - started)
    return found


def test_rows_are_sound(tmp_path: Path) -> None:
    """Invariants of the event table, in a world in which everything happens."""
    scenario = lively(tmp_path)
    log = simulate(scenario, until=300 * DAY, seed=5)
    found = rows(log)
    assert len(found) > 3_000
    assert {row.outcome for row in found} == {"done", "interrupted", "handed over"}
    ended = 0
    for row in found:
        assert 0 <= row.enabled <= row.started <= row.ended
        assert ended <= row.ended  # written when it ends
        ended = row.ended
    for office_ in scenario.world.offices:
        spells = [row for row in found if row.activity in stages_of(office_)]
        steps = sorted([(row.started, 1) for row in spells] + [(row.ended, -1) for row in spells])
        busy = 0
        for _, change in steps:
            busy += change
            assert busy <= scenario.world.offices[office_].staff
    for journey in by_request(found).values():
        for before, after in pairwise(journey):
            assert after.enabled == before.ended  # nothing happens between two stages


def stages_of(office_: str) -> set[str]:
    return {name for name, stage in STAGES.items() if stage.get("performer") == f"office {office_}"}


@pytest.mark.parametrize("staff", [1, 3])
def test_a_plain_office_serves_as_a_queue_should(tmp_path: Path, staff: int) -> None:
    """Waiting times worked out again, one request after the other (Kiefer and Wolfowitz 1955)."""
    scenario = world(
        tmp_path,
        offices={"desk": office(staff)},
        stages={"service": work("desk", {"exponential": f"{50 * staff} minutes"})},
        demand={"requests": flow(every="1 hour")},
    )
    free = [0] * staff
    for row in sorted(run(scenario, arrivals=1_000), key=lambda row: row.enabled):
        free.sort()
        assert row.started == max(row.enabled, free[0])
        free[0] = row.ended
    assert max(free) > 900 * HOUR


def test_things_that_are_not_stages_draw_by_name_too(tmp_path: Path) -> None:
    plan = compile_world(lively(tmp_path))
    retention = Duration.model_validate({"between": ["30 days", "90 days"]})
    one, other = Simulation(plan, seed=1), Simulation(plan, seed=1)
    other.advance(30 * DAY)
    assert one.draw("leak", "letter") == other.draw("leak", "letter")
    assert one.draw("leak", "letter") != one.draw("leak", "letter", 1) != one.draw("leak", "another", 1)
    kept = one.sample(retention, "retention", "chat")
    assert kept == other.sample(retention, "retention", "chat")
    assert 30 * DAY <= kept <= 90 * DAY
    assert kept != Simulation(plan, seed=2).sample(retention, "retention", "chat")


def test_ordinary_processes_run_beside_and_change_nothing(tmp_path: Path) -> None:
    plan = compile_world(lively(tmp_path))
    alone = finished(Simulation(plan, seed=1))
    watched = Simulation(plan, seed=1)
    seen: list[tuple[float, int]] = []

    def clerk() -> Any:
        while True:
            yield watched.env.timeout(DAY)
            seen.append((watched.env.now, sum(len(queue) for queue in watched.offices[0].queues)))

    def visitor() -> Any:
        done = watched.env.process(errand())
        yield done | watched.env.timeout(5 * DAY)
        seen.append((watched.env.now, -1))

    def errand() -> Any:
        yield watched.env.timeout(HOUR)

    watched.env.process(clerk())
    watched.env.process(visitor())
    assert finished(watched) == alone
    assert [moment for moment, queue in seen if queue >= 0] == [day * DAY for day in range(1, 60)]
    assert (HOUR, -1) in seen


def test_an_error_in_an_ordinary_process_is_not_swallowed(tmp_path: Path) -> None:
    simulation = Simulation(compile_world(lively(tmp_path)), seed=1)

    def broken() -> Any:
        yield simulation.env.timeout(DAY)
        raise RuntimeError("a mistake")

    simulation.env.process(broken())
    with pytest.raises(RuntimeError, match="a mistake"):
        simulation.advance(2 * DAY)
