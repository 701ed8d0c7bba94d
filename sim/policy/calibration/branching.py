"""What follows a stage, how often, and how sure that is: branches, ways back and endings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple


class State(NamedTuple):
    """A stage: what is done, and at which office."""

    activity: str
    office: str = ""


class Ending(NamedTuple):
    """How a case ended, in the log's words; empty where it has none."""

    outcome: str


BEGINNING: Final = "beginning"

After = State | Literal["beginning"]
"""Where a case is."""
Then = State | Ending
"""Where it goes."""


@dataclass(frozen=True)
class BranchFound:
    """One of the ways a stage was left."""

    after: After
    then: Then
    count: int
    of: int
    """How often the stage was left."""
    share: float
    """Of those that left it, with those of which the end of the log hides where they went."""
    low: float
    """Of the 95 % interval (Wilson 1927), as if so many had been seen with this share."""
    high: float
    back: bool
    """Whether it mostly leads to a stage that the case had been at before."""


def branches_of(
    moves: Iterable[tuple[After, Then, bool, float]],
    hidden: Mapping[tuple[After, Then], float] | None = None,
) -> list[BranchFound]:
    """Branches from moves: after what, to what, whether back, and how many like it it stands for; the most frequent
    first. ``hidden`` are moves that nobody saw, by (after, then). Needs the extra ``policy``."""
    counts: Counter[tuple[After, Then]] = Counter()
    back: Counter[tuple[After, Then]] = Counter()
    weights: defaultdict[tuple[After, Then], float] = defaultdict(float, hidden or {})
    for after, then, returns, weight in moves:
        counts[after, then] += 1
        back[after, then] += returns
        weights[after, then] += weight
    left: Counter[After] = Counter()
    weighed: defaultdict[After, float] = defaultdict(float)
    for (after, then), count in counts.items():
        left[after] += count
        weighed[after] += weights[after, then]
    found = []
    for (after, then), count in counts.items():
        share = weights[after, then] / weighed[after]
        low, high = wilson(round(share * left[after]), left[after])
        found.append(BranchFound(after, then, count, left[after], share, low, high, 2 * back[after, then] > count))
    return sorted(found, key=lambda branch: (str(branch.after), -branch.share, str(branch.then)))


def reached(branches: Iterable[BranchFound]) -> set[After]:
    """Where a request that comes in can get to; empty if none was seen to come in."""
    by_stage: defaultdict[After, list[Then]] = defaultdict(list)
    for branch in branches:
        by_stage[branch.after].append(branch.then)
    found: set[After] = set()
    ahead: list[After] = [BEGINNING] if BEGINNING in by_stage else []
    while ahead:
        stage = ahead.pop()
        if stage not in found:
            found.add(stage)
            ahead += [then for then in by_stage[stage] if isinstance(then, State)]
    return found


def wilson(count: int, of: int, level: float = 0.95) -> tuple[float, float]:
    """Wilson's interval for a proportion (1927)."""
    from scipy.stats import binomtest

    interval = binomtest(count, of).proportion_ci(level, method="wilson")
    return float(interval.low), float(interval.high)
