"""Which requests are about trafficking: a share, drawn by name, and a priority of their own where that is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.engine.log import SUBJECTS, EventLog
from sim.engine.simulation import simulate
from sim.errors import ScenarioError
from sim.model.loading import Scenario
from sim.model.measures import ALL, OTHER, TRAFFICKING, Key
from sim.policy.experiments.levers import apply
from sim.record.measures import figures_of
from sim.record.run import hash_of
from sim.record.tables import requests
from tests.engine.small import DAY, flow, office, work, world
from tests.policy.test_levers import lever

WEIGHTS = {"urgent": 1, "routine": 9}


def desk(folder: Path, **said: Any) -> Scenario:
    stages = {"check": work("desk", {"exponential": "150 minutes"})}
    demand = {"requests": flow(every="3 hours", priorities=WEIGHTS, **said)}
    return world(folder, offices={"desk": office(1)}, stages=stages, demand=demand)


def run(scenario: Scenario) -> EventLog:
    return simulate(scenario, until=365 * DAY, seed=5)


def rows(log: EventLog) -> list[Any]:
    return [log.request, log.enabled, log.started, log.ended, log.request_arrived, log.request_priority]


def test_a_share_moves_no_other_draw_and_grows_by_the_same_names(tmp_path: Path) -> None:
    silent = run(desk(tmp_path))
    few, more = run(desk(tmp_path, about_trafficking=0.1)), run(desk(tmp_path, about_trafficking=0.3))
    assert set(silent.request_subject) == {-1}
    assert rows(silent) == rows(few) == rows(more)
    share = sum(few.request_subject) / len(few.request_subject)
    assert share == pytest.approx(0.1, abs=0.02)
    assert all(b or not a for a, b in zip(few.request_subject, more.request_subject, strict=True))
    assert len({hash_of(silent), hash_of(few), hash_of(more)}) == 3, "the hash tells them apart, where it is said"
    assert run(desk(tmp_path, about_trafficking=0.0)).request_subject.count(0) == len(silent.request_subject)
    assert set(run(desk(tmp_path, about_trafficking=1.0)).request_subject) == {1}


def test_trafficking_first_and_who_pays_for_it(tmp_path: Path) -> None:
    before = desk(tmp_path, about_trafficking=0.2, priorities_of_trafficking=WEIGHTS)
    first = lever({"at": "world/*/demand/*/priorities of trafficking", "set": {"urgent": 1}})
    usual, changed = run(before), run(apply(before, [first]))
    assert usual.request_subject == changed.request_subject and usual.request_arrived == changed.request_arrived
    assert rows(usual) == rows(run(desk(tmp_path, about_trafficking=0.2))), "their own weights equal all others'"
    about = [subject == SUBJECTS.index("trafficking") for subject in usual.request_subject]
    others = [
        (one, two)
        for one, two, trafficking in zip(usual.request_priority, changed.request_priority, about, strict=True)
        if not trafficking
    ]
    assert all(one == two for one, two in others), "nobody else is more urgent than before"
    assert {p for p, trafficking in zip(changed.request_priority, about, strict=True) if trafficking} == {0}
    old, new = figures_of(usual), figures_of(changed)
    assert new[Key("mean days", TRAFFICKING)] < 0.6 * old[Key("mean days", TRAFFICKING)]
    assert new[Key("mean days", OTHER)] > old[Key("mean days", OTHER)]


def test_figures_and_the_table_say_what_requests_are_about(tmp_path: Path) -> None:
    log = run(desk(tmp_path, about_trafficking=0.2))
    table, figures = requests(log), figures_of(log)
    assert set(table["about"]) == {"trafficking", "other matters"}
    parts = [figures[Key("answered a year", group)] for group in (TRAFFICKING, OTHER)]
    assert sum(parts) == pytest.approx(figures[Key("answered a year", ALL)])
    silent = run(desk(tmp_path))
    assert set(requests(silent)["about"]) == {""}
    assert not {key.of for key in figures_of(silent)} & {TRAFFICKING, OTHER}


def test_figures_by_year(tmp_path: Path) -> None:
    log = simulate(desk(tmp_path), until=2 * 365 * DAY, seed=5, warm_up=0)
    figures = figures_of(log, by_year=True)
    years = [figures[Key("answered a year", f"year {year}")] for year in (1, 2)]
    assert sum(years) / 2 == pytest.approx(figures[Key("answered a year")])
    assert figures[Key("open at the end", "year 2")] == figures[Key("open at the end")]
    assert Key("mean days", "year 3") not in figures and Key("mean days", "year 1") not in figures_of(log)


def test_a_share_needs_an_origin_and_a_priority_a_share(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no share"):
        desk(tmp_path, priorities_of_trafficking=WEIGHTS)
    with pytest.raises(ScenarioError, match="no origin for: about trafficking"):
        desk(tmp_path, about_trafficking=0.1, origins={"every": "assumption: a test"})
    with pytest.raises(ScenarioError, match="is not a priority of this world"):
        desk(tmp_path, about_trafficking=0.1, priorities_of_trafficking={"at-once": 1})
