"""Calibration and Little's law as tables."""

from __future__ import annotations

import copy
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from sim.errors import UsageError
from sim.model.loading import Scenario, load, with_data
from sim.policy.verification.verification import calibration_table
from sim.record.offices import littles_law
from sim.record.run import run

WORLDS = Path(__file__).parents[1] / "benchmarks" / "worlds"


@pytest.fixture(scope="module")
def claimed() -> Scenario:
    """The tandem, with one claim that it meets and one that it does not."""
    scenario = load(WORLDS / "tandem.yaml")
    data = copy.deepcopy(dict(scenario.data))
    claim = {"title": "Days", "kpi": "mean days", "of": ["requests"], "fitted": False, "source": "a test"}
    claims = [{**claim, "published": [8.0, 9.0]}, {**claim, "published": [30.0]}]
    data["world", "tandem"]["claims"] = claims
    return with_data(scenario, data)


def test_claims_beside_what_runs_give(claimed: Scenario) -> None:
    told: list[tuple[int, int]] = []
    results = calibration_table(claimed, 3, 0.2, progress=lambda done, of: told.append((done, of)))
    assert [result.hit for result in results] == [True, False]
    assert results[0].value.mean == pytest.approx(8.6, abs=0.5)
    assert told == [(1, 3), (2, 3), (3, 3)]
    with ProcessPoolExecutor(2) as executor:
        assert calibration_table(claimed, 3, 0.2, executor=executor) == results


def test_littles_law_at_every_office(claimed: Scenario) -> None:
    """Little's law (1961): number present = arrivals x time present."""
    for replication in range(2):
        results = littles_law(run(claimed, years=0.2, seed=1, replication=replication).log)
        assert {result.office for result in results} == set(claimed.world.offices)
        for result in results:
            assert result.present == pytest.approx(result.rate_times_time, rel=1e-9)
            assert result.present > 0


def test_only_worlds_and_several_runs() -> None:
    with pytest.raises(UsageError, match="at least 2"):
        calibration_table("queue-mm1", 1)
    with pytest.raises(UsageError, match="only a world"):
        calibration_table("silent-harbour")
