"""Claims: every kind of figure, what counts as a hit, and plain words for a miss."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sim.model.world import Claim
from sim.record.claims import _hits as hits
from sim.record.claims import evaluate_claims, figure
from sim.record.statistics import mean_interval
from tests.record.logs import DAY, log_of


def run_of(scale: int = 1):
    requests = [(n * DAY, n * DAY + (n + 1) * scale * DAY, "executed") for n in range(10)]
    requests += [(0, 3 * DAY, "refused: fiscal"), (50 * DAY, -1, "")]
    rows = [(0, "appeal", 0, 0, 90 * DAY), (1, "appeal", 0, 0, 110 * DAY)]
    return SimpleNamespace(log=log_of(rows, requests, ended_at=365 * DAY))


def claim(kpi: str, *published: float, **more) -> Claim:
    defaults = {"title": kpi, "of": ("flow",), "published": published, "fitted": False, "source": "a test"}
    return Claim.model_validate({**defaults, "kpi": kpi, **more})


@pytest.mark.parametrize(
    ("kpi", "value", "more"),
    [
        ("mean days", 5.5, {}),
        ("median days", 5.5, {}),
        ("p10 days", 1.9, {}),
        ("p90 days", 9.1, {}),
        ("received a year", 12, {}),
        ("finished a year", 11, {}),
        ("refused", 100 / 11, {}),
        ("share within days", 30, {"within": 3}),
        ("shortest days", 1, {}),
        ("mean appeal days", 100, {}),
        ("oldest open", 315, {}),
        ("open stock", (55 + 3 + 315) / 365, {}),
    ],
)
def test_every_kind_of_figure(kpi: str, value: float, more: dict) -> None:
    assert figure(claim(kpi, 1.0, **more), run_of()) == pytest.approx(value)


def results(published: tuple[float, ...], scales: tuple[int, ...], **more):
    scenario = SimpleNamespace(
        world=SimpleNamespace(
            claims=(claim(more.pop("kpi", "mean days"), *published, **more),),
        )
    )
    (result,) = evaluate_claims(scenario, [run_of(scale) for scale in scales])
    return result


def test_hits_and_misses() -> None:
    assert results((5.5,), (1, 1)).hit
    assert results((5.9,), (1, 1), tolerance=0.1).hit
    assert str(results((5.0, 6.0), (1, 1), fitted=True).words) == "agrees with 5–6 (fitted)"
    missed = results((11.0,), (1, 1))
    assert not missed.hit and str(missed.words) == "misses 11 by -50 % (not fitted)"
    assert not results((0.0,), (1, 1)).hit and "misses 0" in str(results((0.0,), (1, 1)).words)


def test_tolerance_and_interval_do_not_add_up() -> None:
    interval = mean_interval([5.5, 5.6, 5.5, 5.6, 5.5, 5.6])
    assert interval.mean == pytest.approx(5.55) and 0.05 < interval.half_width < 0.1

    def judged(*published: float, **more) -> bool:
        return hits(claim("mean days", *published, **more), interval)

    assert judged(5.55 / 1.1 + 0.001, tolerance=0.1), "within the tolerance"
    assert not judged(5.55 / 1.1 - 0.01, tolerance=0.1), "just outside it, though the interval touches its edge"
    assert judged(5.6, tolerance=0), "covered by a narrow interval"
    assert not judged(5.7, tolerance=0)
    assert judged(5.5, 5.56) and judged(5.56, 5.5)
    assert not judged(5.57, 6.0), "a range holds the mean itself, not the edge of its interval"


def test_a_wide_interval_covers_nothing() -> None:
    wide = results((40.0,), (1, 9))
    assert wide.value.half_width > 20 and 30.0 in wide.value and not wide.hit


def test_staff_and_nothing_counted() -> None:
    assert results((3,), (1, 1), kpi="staff", of=("desk", "day-desk")).hit, "two and one"
    empty = claim("mean days", 5.0, of=("nowhere",))
    scenario = SimpleNamespace(world=SimpleNamespace(claims=(empty,), offices={}))
    (result,) = evaluate_claims(scenario, [run_of(), run_of()])
    assert not result.hit and str(result.words) == "misses 5 (not fitted)"
    for kpi in ("share within days", "shortest days", "mean appeal days"):
        assert figure(claim(kpi, 1.0, of=("nowhere",), within=1), run_of()) != figure(
            claim(kpi, 1.0, within=1), run_of()
        )
