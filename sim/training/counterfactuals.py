"""What the other options would have brought, with the same luck: replays that change one decision at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field

from sim.engine.case_plan import plan_of
from sim.engine.nodes import Plan
from sim.model.loading import Scenario
from sim.training.players import Scripted, play_through
from sim.training.scoring import score, total
from sim.training.session import Session


@dataclass(frozen=True)
class Play:
    """What one replay came to."""

    replication: int
    score: float
    """0 to 100."""
    ending: str
    evidence: float
    """Weight of the evidence obtained."""


@dataclass
class Alternative:
    """An option of a decision and its replays; ``plays`` grows while replays arrive."""

    decision: str
    option: str
    taken: bool
    plays: list[Play] = field(default_factory=list)

    @property
    def mean(self) -> float:
        """Mean score of the replays so far."""
        return sum(play.score for play in self.plays) / len(self.plays) if self.plays else float("nan")

    def endings(self) -> dict[str, int]:
        """How often each ending came, the most frequent first."""
        counts: dict[str, int] = {}
        for play in self.plays:
            counts[play.ending] = counts.get(play.ending, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: -item[1]))


def alternatives(session: Session) -> list[Alternative]:
    """Every option of every decision taken, without replays yet."""
    return [
        Alternative(entry.decision, option, option == entry.option)
        for entry in session.entries
        for option in session.case.decisions[entry.decision].options
    ]


def replay_all(
    session: Session,
    found: list[Alternative],
    replays: int,
    *,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Fill alternatives with ``replays`` replays each, all with the same luck (replications 0, 1, …).

    What was really chosen is replayed once for all decisions, since it is the same play.
    """
    total_steps = steps(found, replays)
    for done, _ in enumerate(replay_each(session, found, replays, executor=executor), 1):
        if progress is not None:
            progress(done, total_steps)


def steps(found: list[Alternative], replays: int) -> int:
    """How many plays `replay_each` makes."""
    return replays * (1 + sum(not alternative.taken for alternative in found))


def replay_each(
    session: Session, found: list[Alternative], replays: int, *, executor: Executor | None = None
) -> Iterator[Alternative | None]:
    """As `replay_all`, one play at a time, replication by replication, so that a first picture comes early."""
    chosen = session.choices
    for replication in range(replays):
        jobs: list[tuple[Alternative | None, dict[str, str]]] = [(None, chosen)]
        jobs += [(a, {**chosen, a.decision: a.option}) for a in found if not a.taken]
        arguments = [(session.scenario, session.seed, replication, options) for _, options in jobs]
        if executor is None:
            plays: Iterator[Play] = (play(*argument, plan=session.plan) for argument in arguments)
        else:
            plays = executor.map(play_by_hash, arguments)
        for (alternative, _), result in zip(jobs, plays, strict=True):
            for target in [alternative] if alternative else [a for a in found if a.taken]:
                target.plays.append(result)
            yield alternative


def play(scenario: Scenario, seed: int, replication: int, options: dict[str, str], plan: Plan | None = None) -> Play:
    """One automatic play of given options."""
    session = play_through(scenario, Scripted(options), seed=seed, replication=replication, plan=plan)
    ending = session.ending
    return Play(replication, total(score(session)), ending[0] if ending else "", session.run.weight_obtained())


def play_by_hash(argument: tuple[Scenario, int, int, dict[str, str]]) -> Play:
    """`play` for worker processes, which compile a scenario once."""
    scenario, seed, replication, options = argument
    return play(scenario, seed, replication, options, plan=plan_of(scenario))
