"""What the other options would have brought, with the same luck: replays that change one decision at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field

from sim.engine.case_plan import plan_of
from sim.model.loading import Scenario
from sim.training.scoring import score, total
from sim.training.session import Session
from sim.training.steps import Steps, take


@dataclass(frozen=True)
class Play:
    """What one replay came to."""

    replication: int
    score: float
    """0 to 100."""
    ending: str
    evidence: float
    """Weight of the evidence obtained."""
    axes: dict[str, float] = field(default_factory=dict)
    """Score on each axis that could be judged, 0 to 1."""


@dataclass
class Alternative:
    """An option of a decision and its replays; ``plays`` grows while replays arrive."""

    decision: str
    option: str
    taken: bool
    plays: list[Play] = field(default_factory=list)
    as_written: bool = False
    """Whether it is the option taken, but with the letter as the author has it and not the trainee's own."""

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
    """Every option of every decision taken, without replays yet; beside a letter of one's own, the author's."""
    found = []
    for entry in session.steps:
        if entry.decision:
            for option in session.case.decisions[entry.decision].options:
                found.append(Alternative(entry.decision, option, option == entry.option))
                if option == entry.option and entry.action is not None:
                    found.append(Alternative(entry.decision, option, False, as_written=True))
    return found


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
    needed = plays_needed(found, replays)
    for done, _ in enumerate(replay_each(session, found, replays, executor=executor), 1):
        if progress is not None:
            progress(done, needed)


def plays_needed(found: list[Alternative], replays: int) -> int:
    """How many plays `replay_each` makes."""
    return replays * (1 + sum(not alternative.taken for alternative in found))


def replay_each(
    session: Session, found: list[Alternative], replays: int, *, executor: Executor | None = None
) -> Iterator[Alternative | None]:
    """As `replay_all`, one play at a time, replication by replication, so that a first picture comes early."""
    taken = Steps.of(session)
    for replication in range(replays):
        jobs: list[tuple[Alternative | None, Steps]] = [(None, taken)]
        jobs += [(a, taken.but(a.decision, a.option)) for a in found if not a.taken]
        arguments = [(session.scenario, session.seed, replication, steps) for _, steps in jobs]
        plays: Iterator[Play] = map(play, arguments) if executor is None else executor.map(play, arguments)
        for (alternative, _), result in zip(jobs, plays, strict=True):
            for target in [alternative] if alternative else [a for a in found if a.taken]:
                target.plays.append(result)
            yield alternative


def play(what: tuple[Scenario, int, int, Steps]) -> Play:
    """One automatic play of given steps: scenario, seed, replication, steps."""
    scenario, seed, replication, steps = what
    session = take(scenario, steps, seed=seed, replication=replication, plan=plan_of(scenario))
    ending, scores = session.ending, score(session)
    axes = {axis.axis: axis.value for axis in scores if axis.value is not None}
    return Play(replication, total(scores), ending[0] if ending else "", session.run.weight_obtained(), axes)
