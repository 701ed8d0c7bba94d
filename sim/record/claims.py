"""Published figures that a world claims to represent, beside what its runs give, with an interval, plainly."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from sim.model.durations import DAY
from sim.model.loading import Scenario
from sim.model.world import Claim
from sim.record.kpis import ANSWERED, Kpis, kpis_of
from sim.record.run import Run
from sim.record.statistics import Interval, mean_interval

LEVEL = 0.95
NARROW = 0.1
"""Half-width, as a share of the mean, up to which the interval counts when a claim is judged."""


@dataclass(frozen=True)
class ClaimResult:
    """One claim and what the runs gave."""

    claim: Claim
    value: Interval
    hit: bool

    @property
    def tells(self) -> bool:
        """Whether the runs tell: an interval half as wide as the figure itself agrees with anything."""
        return self.value.half_width <= 0.25 * max(abs(figure) for figure in self.claim.published)

    @property
    def words(self) -> str:
        """The verdict in a sentence."""
        published = "–".join(f"{figure:g}" for figure in self.claim.published)
        kind = "fitted" if self.claim.fitted else "not fitted"
        if self.hit:
            return f"agrees with {published} ({kind})"
        nearest = min(self.claim.published, key=lambda figure: abs(figure - self.value.mean))
        if not nearest or math.isnan(self.value.mean):
            return f"misses {published} ({kind})"
        off = 100 * (self.value.mean - nearest) / nearest
        return f"misses {published} by {off:+.0f} % ({kind})"


def evaluate_claims(scenario: Scenario, runs: Sequence[Run]) -> list[ClaimResult]:
    """Every claim of the scenario's world over independent replications.

    A range is hit if the mean lies in it; a single figure if the mean lies within the claim's tolerance of it or a
    narrow interval covers the figure itself.
    """
    results = []
    for claim in scenario.world.claims:
        if claim.kpi == "staff":
            staff = float(sum(scenario.world.offices[office].staff for office in claim.of))
            value = Interval(staff, 0.0, LEVEL, len(runs))
        else:
            values = [figure(claim, run) for run in runs]
            value = mean_interval([v for v in values if not math.isnan(v)], LEVEL)
        results.append(ClaimResult(claim, value, _hits(claim, value)))
    return results


def _hits(claim: Claim, value: Interval) -> bool:
    if math.isnan(value.mean):
        return False
    low, high = min(claim.published), max(claim.published)
    if len(claim.published) == 2:
        return low <= value.mean <= high
    # An interval may only speak for the claim while it is narrow; a wide one covers anything. It does not add to the
    # tolerance: the two together would pass a world that is off by both.
    narrow = value.half_width <= NARROW * abs(value.mean)
    return abs(value.mean - low) <= claim.tolerance * abs(low) or (narrow and low in value)


def figure(claim: Claim, run: Run) -> float:
    """The claim's figure in one run; NaN where nothing was counted."""
    special = _SPECIAL.get(claim.kpi)
    return special(claim, run) if special else _PLAIN[claim.kpi](kpis_of(run.log, claim.of))


_PLAIN: dict[str, Callable[[Kpis], float]] = {
    "mean days": lambda kpis: kpis.mean_days,
    "median days": lambda kpis: kpis.median_days,
    "p10 days": lambda kpis: kpis.p10_days,
    "p90 days": lambda kpis: kpis.p90_days,
    "open stock": lambda kpis: kpis.mean_stock,
    "received per year": lambda kpis: kpis.received_per_year,
    "finished per year": lambda kpis: kpis.finished_per_year,
    "refused share": lambda kpis: kpis.refused_share,
}


def _answered_days(claim: Claim, run: Run) -> list[float]:
    log = run.log
    return [
        (left - arrived) / DAY
        for kind, arrived, left, outcome in zip(
            log.request_kind, log.request_arrived, log.request_left, log.request_outcome, strict=True
        )
        if left >= log.warm_up and log.kinds[kind].flow in claim.of and log.outcomes[outcome] in ANSWERED
    ]


def _share_within(claim: Claim, run: Run) -> float:
    days = _answered_days(claim, run)
    return sum(day <= (claim.within or 0) for day in days) / len(days) if days else math.nan


def _shortest(claim: Claim, run: Run) -> float:
    return min(_answered_days(claim, run), default=math.nan)


def _appeal_days(claim: Claim, run: Run) -> float:
    """Mean length of a legal remedy, over those that ended after the warm-up."""
    log = run.log
    wanted = {i for i, a in enumerate(log.activities) if a.cause == "legal remedies" and a.flow in claim.of}
    days = [
        (ended - enabled) / DAY
        for activity, enabled, ended in zip(log.activity, log.enabled, log.ended, strict=True)
        if activity in wanted and ended >= log.warm_up
    ]
    return fmean(days) if days else math.nan


_SPECIAL: dict[str, Callable[[Claim, Run], float]] = {
    "share within days": _share_within,
    "shortest days": _shortest,
    "mean appeal days": _appeal_days,
}
