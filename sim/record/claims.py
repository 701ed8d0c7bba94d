"""Published figures that a world claims to represent, beside what its runs give, with an interval, plainly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.i18n import Words, say
from sim.model.loading import Scenario
from sim.model.measures import MEASURES, OfRequests
from sim.model.world import Claim
from sim.record.measures import Counted, in_columns, requests_of
from sim.record.offices import office_kpis
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
    def words(self) -> Words:
        """The verdict in a sentence."""
        published = "–".join(f"{figure:g}" for figure in self.claim.published)
        kind = say("fitted") if self.claim.fitted else say("not fitted")
        if self.hit:
            return say("agrees with {published} ({kind})", published=published, kind=kind)
        nearest = min(self.claim.published, key=lambda figure: abs(figure - self.value.mean))
        if not nearest or math.isnan(self.value.mean):
            return say("misses {published} ({kind})", published=published, kind=kind)
        off = f"{100 * (self.value.mean - nearest) / nearest:+.0f}"
        return say("misses {published} by {off} % ({kind})", published=published, off=off, kind=kind)


def evaluate_claims(scenario: Scenario, runs: Sequence[Run]) -> list[ClaimResult]:
    """Every claim of the scenario's world over independent replications.

    A range is hit if the mean lies in it; a single figure if the mean lies within the claim's tolerance of it or a
    narrow interval covers the figure itself.
    """
    return judged(scenario, [figures(scenario.world.claims, run) for run in runs])


def judged(scenario: Scenario, runs: Sequence[Sequence[float]]) -> list[ClaimResult]:
    """The same from what `figures` gives of every run."""
    results = []
    for place, claim in enumerate(scenario.world.claims):
        value = mean_interval([run[place] for run in runs if not math.isnan(run[place])], LEVEL)
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
    return figures([claim], run)[0]


def figures(claims: Sequence[Claim], run: Run) -> list[float]:
    """The figures of claims in one run, in their order."""
    log, columns = run.log, None
    if in_columns(log):
        from sim.record.columns import Columns, CountedInColumns

        columns = Columns(log, {name for claim in claims for name in claim.of})
    offices = office_kpis(log) if columns is None else columns.offices()
    found = []
    for claim in claims:
        measure = MEASURES[claim.kpi]
        if isinstance(measure, OfRequests):
            some = (
                Counted(log, requests_of(log, claim.of), within=claim.within)
                if columns is None
                else CountedInColumns(columns, columns.of_flows(claim.of), within=claim.within)
            )
            found.append(measure.compute(some))
        else:
            values = [measure.compute(office) for office in offices if office.id in claim.of]
            found.append(sum(values) if values else math.nan)
    return found
