"""What the end of a log hides: waits still under way when it stops.

Waits that are over are the shorter ones: a log of two years shows hardly any of those that take longer. How long each
visit could be seen at most, from its beginning to the end of the log, is known for all of them, so that each that is
over can stand for those like it that could not be seen: it is weighted with one over the share of visits that were
followed for at least as long (inverse probability of censoring weighting; it gives the Kaplan-Meier estimator: Satten
and Datta 2001, The American Statistician 55(3), 207-210). What takes longer than any visit was followed is not seen
at all; its share is what the weights leave over.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class FollowUps:
    """How long each visit to a stage could be seen at most, over or not."""

    spans: list[float] = field(default_factory=list)
    _sorted: list[float] = field(default_factory=list, repr=False)

    def add(self, span: float) -> None:
        """One more visit."""
        self.spans.append(span)

    @property
    def longest(self) -> float:
        return max(self.spans, default=0.0)

    def weight(self, length: float) -> float:
        """How many visits one that was over after ``length`` stands for."""
        if len(self._sorted) != len(self.spans):
            self._sorted = sorted(self.spans)
        followed = len(self._sorted) - bisect_left(self._sorted, length)
        return len(self._sorted) / max(followed, 1)


@dataclass(frozen=True)
class Sample:
    """Lengths as if all visits had been followed to their end, or as far as any was."""

    values: tuple[float, ...]
    """Placed so that each stands for as many visits as any other."""
    seen: int
    """How many lengths they rest on. There are fewer values where some weigh more than others: as many as would be as
    informative if all weighed the same (Kish 1965, Survey Sampling, 11.7)."""
    beyond: int = 0
    """How many more took longer than any was followed."""
    longest: float = 0.0
    """How long that was."""


def sample_of(lengths: Sequence[tuple[float, float]], left_over: float, longest: float) -> Sample:
    """A sample of (length, weight) pairs; ``left_over`` is the weight of what took longer than ``longest``."""
    ordered = sorted(lengths)
    total = sum(weight for _, weight in ordered)
    count = max(1, round(total**2 / sum(weight**2 for _, weight in ordered)))
    values: list[float] = []
    reached, place = 0.0, 0
    for length, weight in ordered:
        reached += weight
        while place < count and (place + 0.5) / count * total <= reached:
            values.append(length)
            place += 1
    values += [ordered[-1][0]] * (count - len(values))
    return Sample(tuple(values), len(ordered), round(left_over / total * count), longest)
