"""The way round: a world is simulated, its log exported, a world made of the log and simulated again."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

import sim
from sim.policy.calibration import calibrate, read_log
from sim.record.event_logs import write_xes
from sim.record.kpis import Kpis
from sim.record.statistics import mean_interval
from tests.policy.calibration_logs import small_office


@pytest.mark.slow
def test_simulated_calibrated_and_simulated_again(tmp_path: Path) -> None:
    """The figures of a world and of the world made of its log agree: their intervals over replications overlap."""
    truth = small_office(tmp_path)
    log = read_log(
        write_xes(sim.run(truth, years=6, seed=11).log, tmp_path / "run.xes"),
        {
            "offices": {"desk": {"time zone": "Europe/Oslo"}},
        },
    )
    assert not log.findings and log.done["used"] == log.read
    made = calibrate(log, tmp_path / "worlds" / "again.yaml", replications=10)
    again = sim.load(made.file)
    assert again.world.offices["desk"].staff == 2 and again.world.offices["court"].staff == 1
    assert again.world.offices["desk"].hours == truth.world.offices["desk"].hours
    assert again.world.offices["court"].hours == truth.world.offices["court"].hours
    assert sum(compared.agrees for compared in made.compared) >= len(made.compared) - 1 >= 8

    before = [sim.run(truth, years=2, seed=1, replication=r).kpis() for r in range(16)]
    after = [sim.run(again, years=2, seed=1, replication=r).kpis() for r in range(16)]

    def busy(kpis: Kpis, name: str) -> float:
        return next(office.utilisation for office in kpis.offices if office.id == name)

    figures = {
        "mean days": lambda kpis: kpis["mean days"],
        "p90 days": lambda kpis: kpis["p90 days"],
        "finished a year": lambda kpis: kpis["finished a year"],
        "desk": lambda kpis: busy(kpis, "desk"),
        "court": lambda kpis: busy(kpis, "court"),
    }
    # The log is one piece of luck: the number of arrivals in six years, from which their rate is estimated, scatters
    # by its square root (Poisson), whatever is simulated afterwards.
    arrived = sum(kpis["received a year"] for kpis in before) / len(before)
    scatter = 2.576 / math.sqrt(6 * arrived)
    by_rate = ("finished a year", "desk", "court")
    for name, figure in figures.items():
        one, other = mean_interval([figure(k) for k in before], 0.99), mean_interval([figure(k) for k in after], 0.99)
        slack = scatter * one.mean if name in by_rate else 0.0
        assert one.low <= other.high + slack and other.low <= one.high + slack, (name, one, other)
        assert one.half_width < 0.25 * one.mean, "an interval that wide would overlap with anything"
