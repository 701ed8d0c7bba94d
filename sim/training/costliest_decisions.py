"""Which decisions cost most: options held against each other replay by replay, with the same luck on both sides."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from sim.record.statistics import mean_interval
from sim.training.counterfactuals import Alternative, Play

ENOUGH = 4
"""Replays below which nothing is said about a mean."""
SAME = 2.0
"""Points of a hundred within which two options made no difference: less is nothing to regret. A teaching choice."""


@dataclass(frozen=True)
class Comparison:
    """Another option beside the one taken, over the replays that both have."""

    option: str
    as_written: bool
    replays: int
    points: float
    """Mean difference in score; above nought the other option did better."""
    low: float
    high: float
    """Its 95 % interval (Student's t, paired)."""
    evidence: float
    """Mean difference in the weight of evidence obtained."""
    endings: tuple[tuple[str, float, float], ...]
    """Endings whose share differs, with the share under the option taken and under this one; widest gap first."""
    with_this_luck: float | None = None
    """The difference in the replay that has the luck of the play itself; None if there is none."""

    @property
    def better(self) -> bool:
        """Whether it did clearly better: the interval leaves nought out, and the gap can be felt."""
        return self.low > 0 and self.points >= SAME

    @property
    def same(self) -> bool:
        """Whether it made no difference."""
        return self.low >= -SAME and self.high <= SAME


@dataclass(frozen=True)
class Verdict:
    """What the replays say about one decision."""

    kind: Literal["costly", "unlawful", "best", "equal", "open", "waiting"]
    """``costly``: another option did clearly better · ``unlawful``: none did, but the law forbids the one taken ·
    ``best``: none did, and some did worse · ``equal``: it made no difference · ``open``: luck still hides it ·
    ``waiting``: not enough replays yet."""
    better: Comparison | None = None
    """The option that did best, where one did clearly better."""


def compared(taken: Alternative, other: Alternative, luck: int = 0) -> Comparison | None:
    """The other option beside the one taken; None while they have too few replays in common. ``luck`` is the
    replication of the play itself."""
    mine = {play.replication: play for play in taken.plays}
    pairs = [(mine[play.replication], play) for play in other.plays if play.replication in mine]
    if len(pairs) < ENOUGH:
        return None
    points = mean_interval([b.score - a.score for a, b in pairs])
    evidence = sum(b.evidence - a.evidence for a, b in pairs) / len(pairs)
    endings = _endings([a for a, _ in pairs], [b for _, b in pairs])
    own = next((b.score - a.score for a, b in pairs if a.replication == luck), None)
    return Comparison(
        other.option, other.as_written, len(pairs), points.mean, points.low, points.high, evidence, endings, own
    )


def _endings(mine: Sequence[Play], theirs: Sequence[Play]) -> tuple[tuple[str, float, float], ...]:
    def share(plays: Sequence[Play], ending: str) -> float:
        return sum(play.ending == ending for play in plays) / len(plays)

    names = sorted({play.ending for play in [*mine, *theirs]})
    found = [(name, share(mine, name), share(theirs, name)) for name in names]
    return tuple(sorted((f for f in found if f[1] != f[2]), key=lambda f: -abs(f[2] - f[1])))


def verdict(alternatives: Sequence[Alternative], barred: Collection[str] = (), luck: int = 0) -> Verdict:
    """What the replays of one decision's options say about the one taken. Options that are ``barred`` because the law
    forbids them are never held against it, and never praised, whatever they score; ``luck`` is the replication of the
    play itself."""
    taken = next((a for a in alternatives if a.taken), None)
    others = [a for a in alternatives if not a.taken and a.option not in barred]
    unlawful = taken is not None and taken.option in barred
    if taken is None or not others:
        return Verdict("unlawful" if unlawful else "equal")
    found = [comparison for other in others if (comparison := compared(taken, other, luck)) is not None]
    better = max((c for c in found if c.better), key=lambda c: c.points, default=None)
    if better is not None:
        return Verdict("costly", better)
    if len(found) < len(others):
        return Verdict("waiting")
    if unlawful:
        return Verdict("unlawful")
    if all(c.same for c in found):
        return Verdict("equal")
    return Verdict("best" if all(c.high <= SAME for c in found) else "open")
