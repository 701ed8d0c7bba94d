"""Figures by hand; Little's law on every office of the shipped world."""

from __future__ import annotations

import math
from statistics import quantiles

import pytest

from sim.engine.log import HANDED_OVER, INTERRUPTED
from sim.errors import UsageError
from sim.record.kpis import kpis_of
from sim.record.measures import request_flows
from sim.record.offices import littles_law, office_kpis
from sim.record.run import Run
from sim.record.statistics import percentile
from tests.record.logs import DAY, HOUR, log_of


def test_by_hand() -> None:
    requests = [
        (0, 2 * DAY, "executed"),  # ended within the warm-up
        (1 * DAY, 14 * DAY, "executed"),
        (11 * DAY, 16 * DAY, "no result"),
        (12 * DAY, 13 * DAY, "refused: fiscal"),
        (12 * DAY, 30 * DAY, "lapsed"),
        (25 * DAY, -1, ""),
    ]
    log = log_of([], requests, ended_at=35 * DAY, warm_up=10 * DAY, deadline=10 * DAY)
    kpis = kpis_of(log)
    counted = kpis.counted
    assert (counted.received, len(counted.finished), len(counted.answered), kpis["open at the end"]) == (4, 4, 2, 1)
    assert kpis["mean days"] == pytest.approx((13 + 5) / 2) and kpis["median days"] == pytest.approx(9)
    assert kpis["within deadline"] == 50
    assert kpis["age of open"] == pytest.approx(10)
    assert kpis.refusals == {"fiscal": 1} and kpis["refused"] == 25
    assert kpis.outcomes == {"executed": 1, "no result": 1, "refused: fiscal": 1, "lapsed": 1}
    assert kpis["open stock"] == pytest.approx((4 + 5 + 1 + 18 + 10) / 25)
    assert kpis["received a year"] == pytest.approx(4 / 25 * 365)
    assert "mean duration (days)" in str(kpis) and "<table>" in kpis._repr_html_()


def test_nothing_counted_is_not_a_number() -> None:
    kpis = kpis_of(log_of([], [], ended_at=DAY))
    assert all(math.isnan(kpis[name]) for name in ("mean days", "within deadline", "refused", "oldest open"))
    assert kpis_of(log_of([], []), ["nowhere"])["received a year"] == 0
    with pytest.raises(KeyError, match="of offices"):
        kpis["busy"]


def test_offices_by_hand() -> None:
    rows = [(0, "desk", 0, 100, 300), (1, "desk", 100, 100, 200), (0, "day-desk", 9 * HOUR, 10 * HOUR, 12 * HOUR)]
    log = log_of(rows, [(0, 12 * HOUR, "executed"), (100, 200, "executed")], ended_at=DAY)
    desk, day = office_kpis(log)
    assert desk.utilisation == pytest.approx(300 / (2 * DAY)) and desk.visits == 2
    assert desk.queue == pytest.approx(100 / DAY) and desk.present == pytest.approx(400 / DAY)
    assert day.utilisation == pytest.approx(2 / 8) and day.waiting_days == pytest.approx(1 / 24)
    late = log_of(rows, [(0, 12 * HOUR, "executed"), (100, 200, "executed")], ended_at=DAY, warm_up=11 * HOUR)
    assert office_kpis(late)[1].utilisation == pytest.approx(1 / 6), "only what lies after the warm-up counts"


def test_a_visit_in_pieces_is_one_visit() -> None:
    rows = [(0, "desk", 0, 10, 20), (0, "desk", 20, 50, 60), (1, "desk", 5, 5, 8), (1, "desk", 8, 68, 90)]
    log = log_of(rows, [(0, 60, "executed"), (5, 90, "executed")])
    log.outcome[0], log.outcome[2] = HANDED_OVER, INTERRUPTED
    desk = office_kpis(log)[0]
    assert desk.visits == 2 and desk.waiting_days == pytest.approx((10 + 30 + 0 + 60) / 2 / DAY)


def test_durations_by_arrival_leave_out_whoever_came_in_the_warm_up() -> None:
    requests = [(0, 60 * DAY, "executed"), (20 * DAY, 25 * DAY, "executed"), (30 * DAY, -1, "")]
    log = log_of([], requests, ended_at=70 * DAY, warm_up=10 * DAY, deadline=10 * DAY)
    both, later = kpis_of(log), kpis_of(log, durations_of="arrived")
    assert [len(both.counted.answered), both["mean days"], both["within deadline"]] == [2, pytest.approx(32.5), 50]
    assert [len(later.counted.answered), later["mean days"], later["within deadline"]] == [1, pytest.approx(5), 100]
    assert len(both.counted.finished) == len(later.counted.finished) == 2, "what is counted beside durations stays"
    with pytest.raises(UsageError, match="durations_of='left'"):
        kpis_of(log, durations_of="left")  # type: ignore[arg-type]


def test_other_work_of_the_offices_is_no_request(meridian: Run) -> None:
    assert request_flows(log_of([], [], channel="post")) == ("flow",)
    assert request_flows(log_of([], [], channel="")) == ("flow",), "in a plain network everything is"
    assert "lys-own-cases" not in meridian.kpis().flows and "hel-direct" in meridian.kpis().flows


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.25])
def test_percentiles(share: float) -> None:
    values = sorted([3.0, 1.0, 4.0, 1.5, 9.0, 2.6, 5.3, 5.8])
    cuts = quantiles(values, n=100, method="inclusive")
    assert percentile(values, share) == pytest.approx(cuts[round(100 * share) - 1])
    assert math.isnan(percentile([], 0.5)) and percentile([7.0], 0.9) == 7.0


def test_littles_law_on_every_office_of_meridian(meridian: Run) -> None:
    """L from sweeping who is present, lambda times W from the visits: two computations that must meet."""
    log = meridian.log
    found = {law.office: law for law in littles_law(log)}
    used = [log.activities[index] for index in set(log.activity)]
    busy = {log.offices[activity.office].id for activity in used if activity.office >= 0}
    assert set(found) == busy and len(found) >= 25
    for law in found.values():
        assert law.present == pytest.approx(law.rate_times_time, rel=1e-9)
    # A third way, from the log alone: presence integrated hour by hour.
    office = log.offices.index(next(o for o in log.offices if o.id == "hel-central"))
    spans = [
        (e, x)
        for a, e, x in zip(log.activity, log.enabled, log.ended, strict=True)
        if log.activities[a].office == office
    ]
    hours = [0] * (log.ended_at // HOUR + 1)
    for enabled, ended in spans:
        for hour in range(-(-enabled // HOUR), -(-ended // HOUR)):
            hours[hour] += 1
    assert sum(hours) / len(hours) == pytest.approx(found["hel-central"].present, rel=0.02)
