"""Requests that come all at once, authorities that are slow at every stage, translators by language."""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest

from sim.engine.compile import compile_world
from sim.engine.simulation import simulate
from sim.model.durations import DAY
from sim.model.loading import copied_data, load, with_data


@pytest.mark.slow
def test_a_surge_comes_all_at_once_and_only_then() -> None:
    world = load("archipelago")
    counts = []
    for seed in range(3):
        log = simulate(world, until=1100 * DAY, seed=seed)
        flows = [log.kinds[kind].flow for kind in log.request_kind]
        arrived = [log.request_arrived[i] / DAY for i, flow in enumerate(flows) if flow == "operation"]
        assert arrived and min(arrived) >= 1000 and max(arrived) <= 1010
        counts.append(len(arrived))
    assert 8 <= statistics.mean(counts) <= 24, "fifteen on average"


def _days(spread: float | None) -> list[float]:
    world = load("meridian")
    data = copied_data(world)
    for performance in data["world", "meridian"]["jurisdictions"].values():
        performance.pop("spread", None)
        if spread is not None:
            performance["spread"] = spread
            performance["origins"] = {"all": "assumption: made for this test"}
    scenario = with_data(world, data)
    log = simulate(scenario, until=2500 * DAY, seed=1, plan=compile_world(scenario, flows=frozenset({"kow-incoming"})))
    return [
        (left - entered) / DAY
        for left, entered, flow in zip(log.request_left, log.request_arrived, log.request_kind, strict=True)
        if left >= 0 and entered < 1500 * DAY and log.kinds[flow].flow == "kow-incoming"
    ]


def test_slow_authorities_are_slow_at_every_stage() -> None:
    narrow, wide = _days(None), _days(0.8)
    variation = [statistics.stdev(days) / statistics.mean(days) for days in (narrow, wide)]
    assert variation[1] > 1.15 * variation[0]
    assert statistics.mean(wide) == pytest.approx(statistics.mean(narrow), rel=0.15), "the factor has mean one"


def test_translators_are_chosen_by_language(tmp_path: Path) -> None:
    world = load("meridian")
    data = copied_data(world)
    offices = data["world", "meridian"]["offices"]
    offices["lys-french"] = {**offices["lys-translation"], "title": "French desk", "languages": ["fr"], "staff": 1}
    plan = compile_world(with_data(world, data))
    french = plan.office_index["lys-french"]

    def translators(flow: str) -> set[int]:
        activities = [(node.activity, node.office) for node in plan.nodes]
        return {office for activity, office in activities if (activity.flow, activity.stage) == (flow, "translation")}

    assert translators("lys-nor") == {french} and french not in translators("lys-tar")
