"""What follows a stage, how often, and how sure that is: branches, ways back and endings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class BranchFound:
    """One of the ways a stage was left."""

    after: Hashable
    then: Hashable
    count: int
    of: int
    """How often the stage was left."""
    share: float
    low: float
    """Of the 95 % interval (Wilson 1927)."""
    high: float
    back: bool
    """Whether it mostly leads to a stage that the case had been at before."""


def find_branches(walks: Iterable[Sequence[Hashable]]) -> list[BranchFound]:
    """Branches from walks, each the stages of a case in order and, if it is over, its ending; most frequent first.

    Needs the extra ``mlasim[policy]``.
    """
    counts: Counter[tuple[Hashable, Hashable]] = Counter()
    back: Counter[tuple[Hashable, Hashable]] = Counter()
    for walk in walks:
        seen: set[Hashable] = set()
        for after, then in pairwise(walk):
            seen.add(after)
            counts[after, then] += 1
            back[after, then] += then in seen
    left: Counter[Hashable] = Counter()
    for (after, _), count in counts.items():
        left[after] += count
    found = []
    for (after, then), count in counts.items():
        low, high = wilson(count, left[after])
        share = count / left[after]
        found.append(BranchFound(after, then, count, left[after], share, low, high, 2 * back[after, then] > count))
    return sorted(found, key=lambda branch: (str(branch.after), -branch.count, str(branch.then)))


def wilson(count: int, of: int, level: float = 0.95) -> tuple[float, float]:
    """Wilson's interval for a proportion (1927)."""
    from scipy.stats import binomtest

    interval = binomtest(count, of).proportion_ci(level, method="wilson")
    return float(interval.low), float(interval.high)
