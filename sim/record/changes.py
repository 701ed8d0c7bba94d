"""One shape of a change: what was measured of whom, before and after, the difference, and whether it is clear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from sim.i18n import Words, say
from sim.model.measures import ALL, GROUPS, Better, Key, Measure, measure_of
from sim.record.statistics import Interval, Way, mean_interval, paired_difference

Verdict = Literal["better", "worse", "changed", "unclear"]
"""What a change is; ``changed`` where it is clear, but neither direction is an improvement."""
VERDICTS: dict[Verdict, Words] = {
    "better": say("better"),
    "worse": say("worse"),
    "changed": say("changed"),
    "unclear": say("not clear"),
}
"""Verdicts in words."""


def judged(way: Way, better: Better) -> Verdict:
    """What a difference is, given which direction is an improvement."""
    if way == "unclear":
        return "unclear"
    if not better:
        return "changed"
    return "better" if way == better else "worse"


@dataclass(frozen=True)
class Change:
    """One figure before and after, and its paired difference, replication by replication."""

    key: Key
    """What is measured, and of whom."""
    before: Interval
    after: Interval
    difference: Interval
    """For itself alone."""
    adjusted: Interval
    """So wide that those of its whole family hold at once; the same as ``difference`` where it is judged alone."""
    better: Better = ""
    """Which direction is an improvement: as the measure says, or as whoever asks does."""
    alternative: str = ""
    """What makes the change."""
    family: str = ""
    """What it is judged together with."""
    title: Words = field(default_factory=lambda: GROUPS[ALL])
    """What people call whom it is of: for a corridor the names of its States, for an office its title."""

    @property
    def measure(self) -> Measure:
        """What kind of figure it is."""
        return measure_of(self.key)

    @property
    def way(self) -> Way:
        """Whether it is clearly ``less``, clearly ``more``, or ``unclear``."""
        return self.adjusted.way

    @property
    def clear(self) -> bool:
        """Whether the interval that holds together with its family leaves zero out."""
        return self.adjusted.clear

    @property
    def verdict(self) -> Verdict:
        """Whether that is an improvement."""
        return judged(self.way, self.better)


def change_of(
    key: Key, pairs: Sequence[tuple[float, float]], level: float = 0.95, together: float | None = None
) -> Change:
    """The change that pairs of (before, after) show. ``level`` is that of its intervals, ``together`` the one that its
    family needs."""
    before, after = [b for b, _after in pairs], [a for _before, a in pairs]
    difference = paired_difference(before, after, level)
    adjusted = difference if together is None else paired_difference(before, after, together)
    means = mean_interval(before, level), mean_interval(after, level)
    return Change(key, *means, difference, adjusted, measure_of(key).better)
