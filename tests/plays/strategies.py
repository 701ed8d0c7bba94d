"""What automatic players make of a case: how strategies compare, with luck averaged out."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from sim.case.plan import plan_of
from sim.model.loading import Scenario
from sim.training.players import play_through, player
from sim.training.scoring import score, total


@dataclass(frozen=True)
class Standing:
    """How a player fared over many plays of a case."""

    player: str
    scores: tuple[float, ...]
    """Of each play, 0 to 100, by seed."""
    endings: dict[str, int]
    """How often each ending came."""

    @property
    def mean(self) -> float:
        return sum(self.scores) / len(self.scores)

    @property
    def variance(self) -> float:
        """Sample variance of the scores."""
        return sum((value - self.mean) ** 2 for value in self.scores) / max(1, len(self.scores) - 1)


def distance(better: Standing, worse: Standing) -> float:
    """Difference of two means in pooled standard deviations (Cohen's d, J. Cohen 1988, ch. 2)."""
    pooled = math.sqrt((better.variance + worse.variance) / 2)
    gap = better.mean - worse.mean
    return gap / pooled if pooled else math.copysign(math.inf, gap) if gap else 0.0


def standings(
    scenario: Scenario,
    players: Sequence[str] = ("random", "naive", "textbook"),
    plays: int = 200,
    *,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Standing]:
    """Each player's plays of a case with seeds 0, 1, …; the same seeds for all."""
    found: dict[str, Standing] = {}
    done, steps = 0, plays * len(players)
    for name in players:
        jobs = [(scenario, name, seed) for seed in range(plays)]
        results: list[tuple[float, str]] = []
        for result in map(_play, jobs) if executor is None else executor.map(_play, jobs, chunksize=8):
            results.append(result)
            done += 1
            if progress is not None:
                progress(done, steps)
        endings: dict[str, int] = {}
        for _, ending in results:
            endings[ending] = endings.get(ending, 0) + 1
        found[name] = Standing(name, tuple(value for value, _ in results), endings)
    return found


def _play(job: tuple[Scenario, str, int]) -> tuple[float, str]:
    scenario, name, seed = job
    session = play_through(scenario, player(name, seed), seed=seed, plan=plan_of(scenario))
    return total(score(session)), session.ending[0] if session.ending else ""
