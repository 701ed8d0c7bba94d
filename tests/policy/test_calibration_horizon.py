"""What the ends of a log hide: waits still under way, and cases that had begun before."""

from __future__ import annotations

import math
import random
from datetime import datetime, timedelta
from pathlib import Path
from statistics import fmean

import pytest

from sim.policy.calibration.censoring import FollowUps, Sample, sample_of
from sim.policy.calibration.durations import DurationFound, find_duration
from sim.policy.calibration.fitted_process import Found, find, times_of
from tests.policy.calibration_logs import read

DAY = 86_400
A_YEAR = 200


def of_a_register(
    folder: Path, seed: int, *, mean: float, years: float = 2, quick: float | None = None, ongoing: bool = False
) -> Found:
    """A log with ends only: registered, and answered after an exponential wait of ``mean`` days, or by an even chance
    after one of ``quick``. An ongoing one holds what is left of cases from before it begins."""
    luck, rows, moment = random.Random(seed), [], -8 * mean if ongoing else 0.0
    number, end = 0, 365 * years
    while (moment := moment + luck.expovariate(A_YEAR / 365)) < end:
        number += 1
        registered = moment + luck.expovariate(1 / 3)
        is_quick = quick is not None and luck.random() < 0.5
        answered = registered + luck.expovariate(1 / (quick if is_quick and quick else mean))
        for step, when in (("Register", registered), ("Quick" if is_quick else "Answer", answered)):
            if 0 <= when < end:
                written = (datetime(2022, 1, 1) + timedelta(days=when)).strftime("%Y-%m-%d %H:%M")
                rows.append((f"F-{number}", step, "", written, "Desk"))
    log = read(folder / f"{seed}.csv", rows, closing=["Answer", "Quick"])
    first, last = times_of(log)
    return find(log, first, last + 1)


def mean_days(duration: DurationFound) -> float:
    """Of the family chosen."""
    best = duration.fits[0]
    mean = best.parameters[0]
    return (mean * math.exp(best.parameters[1] ** 2 / 2) if best.family == "lognormal" else mean) / DAY


def answered(found: Found) -> DurationFound:
    return next(stage.duration for stage in found.stages if stage.state.activity == "Answer" and stage.duration)


@pytest.mark.slow
@pytest.mark.parametrize("mean", [60, 240])
def test_waits_still_under_way_do_not_make_the_rest_look_short(tmp_path: Path, mean: float) -> None:
    """In two years those that are over took 240 days on average as little as 130."""
    logs = [of_a_register(tmp_path, seed, mean=mean) for seed in range(1, 7)]
    assert fmean(mean_days(answered(found)) for found in logs) == pytest.approx(mean, rel=0.12)
    assert all("under way when the part used ends" in " ".join(found.remarks) for found in logs)
    if mean == 240:
        assert any("extrapolated" in " ".join(found.remarks) for found in logs)


@pytest.mark.slow
def test_slow_branches_do_not_look_rare(tmp_path: Path) -> None:
    shares = []
    for seed in range(1, 9):
        found = of_a_register(tmp_path, seed, mean=120, years=1, quick=5)
        (quick,) = [b for b in found.branches[""] if getattr(b.then, "activity", "") == "Quick"]
        shares.append(quick.share)
        assert quick.count / quick.of > quick.share, "what was seen is mostly what was quick"
    assert fmean(shares) == pytest.approx(0.5, abs=0.06)


@pytest.mark.slow
def test_cases_from_before_the_log_are_no_arrivals(tmp_path: Path) -> None:
    """Without it, a log of a running system would show 240 a year instead of 200, one in six of them beginning with
    its answer, which then would take no time."""
    rates = []
    for seed in range(1, 7):
        found = of_a_register(tmp_path, seed, mean=120, ongoing=True)
        assert "had begun before the log does" in " ".join(found.remarks)
        (begins,) = [branch for branch in found.branches[""] if branch.after == "beginning"]
        assert begins.then.activity == "Register" and begins.share == 1  # type: ignore[attr-defined]
        rates.append(found.arrivals[0].per_year)
    assert fmean(rates) == pytest.approx(A_YEAR, rel=0.06)


def test_weights_are_those_of_kaplan_and_meier() -> None:
    """Five visits, of which two were not seen to the end; the estimator by hand."""
    stay = FollowUps()
    for span in (2.0, 4.0, 6.0, 8.0, 10.0):
        stay.add(span)
    assert [stay.weight(length) for length in (1.0, 3.0, 5.0)] == [1, 5 / 4, 5 / 3]
    assert stay.weight(10.0) == 5 and stay.longest == 10
    sample = sample_of([(1.0, 1.0), (3.0, 1.25), (5.0, 5 / 3)], 5 - 1 - 1.25 - 5 / 3, 10.0)
    assert sample.values == (1.0, 3.0, 5.0) and (sample.seen, sample.beyond) == (3, 1)
    assert sample_of([(1.0, 1.0), (2.0, 1.0)], 0.0, 9.0).values == (1.0, 2.0)


@pytest.mark.slow
def test_a_censored_fit_finds_the_mean_of_what_it_hardly_sees() -> None:
    """Exponential with mean 100, seen up to 60: Aitken's estimate, total time over those that are over."""
    luck = random.Random(4)
    drawn = [luck.expovariate(1 / 100) for _ in range(2_000)]
    seen = [value for value in drawn if value < 60]
    sample = Sample(tuple(seen), len(seen), len(drawn) - len(seen), 60.0)
    found = find_duration(sample, "calendar")
    exponential = next(fit for fit in found.fits if fit.family == "exponential")
    total = sum(seen) + 60 * sample.beyond
    assert exponential.parameters[0] == pytest.approx(total / len(seen), rel=1e-3)
    assert found.count == len(seen) and found.chosen != "empirical"
    assert found.fits[0].p_value is not None and found.fits[0].p_value > 0.05
