"""What the other options would have brought, with the same luck: replays that change one decision at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from itertools import chain, groupby

from sim.model.loading import Scenario
from sim.training.branches import Otherwise, played
from sim.training.decision_log import Steps
from sim.training.effort import hours
from sim.training.players import Greedy, Player, player
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
    axes: dict[str, float] = field(default_factory=dict)
    """Score on each axis that could be judged, 0 to 1."""
    hours: float = 0.0
    """Working hours that its steps asked of everybody."""


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


@dataclass
class Strategy:
    """An automatic player and its plays with the same luck as the trainee's; ``plays`` grows."""

    player: str
    seed: int = 0
    plays: list[Play] = field(default_factory=list)
    most: int | None = None
    """Plays at most."""

    @property
    def long(self) -> bool:
        """Whether each of its plays takes much longer than a play; they come after the first rounds."""
        return self.player == LOOKS_AHEAD

    @property
    def mean(self) -> float:
        """Mean score of its plays so far."""
        return sum(play.score for play in self.plays) / len(self.plays) if self.plays else float("nan")


RANDOM_STRATEGIES, RANDOM_MOST = 10, 20
"""Players that choose blindly, and the plays of each: together as many as the replays of an option."""
LOOKS_AHEAD = "greedy"
"""The player whose every play is some thirty: at each decision it tries each option once."""
FIRST_ROUNDS = 4
"""Rounds of the trainee's own options before automatic players begin."""
AHEAD_AFTER, AHEAD_MOST = 4, 6
"""Rounds before that player begins, and its plays: one takes as long as a round."""


def strategies(*, ahead: bool = False) -> list[Strategy]:
    """Automatic players to measure decisions against: by the book, in a hurry, and ten that choose blindly.

    With ``ahead`` also one that looks one decision ahead, which takes its time.
    """
    return [
        Strategy("textbook"),
        Strategy("naive"),
        *([Strategy(LOOKS_AHEAD, most=AHEAD_MOST)] if ahead else []),
        *(Strategy("random", seed, most=RANDOM_MOST) for seed in range(RANDOM_STRATEGIES)),
    ]


Who = Steps | Otherwise | tuple[str, int]
"""Who decides: given steps, the same but for one decision, or the name and seed of a player."""
What = tuple[Scenario, int, int, Who]
"""A play to be made: scenario, seed, replication, and who decides."""


@dataclass(frozen=True)
class Job:
    """One play to be made, and where its result goes."""

    what: What
    targets: tuple[Alternative | Strategy, ...]

    @property
    def long(self) -> bool:
        """Whether it takes much longer than a play."""
        return any(isinstance(target, Strategy) and target.long for target in self.targets)

    @property
    def made(self) -> bool:
        """Whether its result is there already, kept from before."""
        replication = self.what[2]
        return all(any(play.replication == replication for play in target.plays) for target in self.targets)

    def enter(self, result: Play) -> None:
        """Write the result down."""
        for target in self.targets:
            target.plays.append(result)


def jobs(session: Session, found: list[Alternative], replays: int, tried: Sequence[Strategy] = ()) -> list[Job]:
    """Every play that a debrief needs and does not have yet, in the order in which they are to be made."""
    return [job for job in _jobs(session, found, replays, tried) if not job.made]


def _jobs(session: Session, found: list[Alternative], replays: int, tried: Sequence[Strategy]) -> Iterator[Job]:
    """Every play that a debrief needs, replication by replication, so that a first picture comes early.

    What was really chosen comes first, and is replayed once for all decisions, since it is the same play; then the
    options of the decisions that are likely to matter most. Automatic players follow once each option has been
    replayed often enough for a word about it.
    """
    taken, ordered = Steps.of(session), by_promise(session, found)
    for replication in range(replays):
        luck = (session.scenario, session.seed)
        yield Job((*luck, replication, taken), tuple(a for a in found if a.taken))
        for a in ordered:
            yield Job((*luck, replication, Otherwise(taken, a.decision, a.option)), (a,))
        last = replication == replays - 1
        for strategy in tried:
            most = _most(strategy, replays)
            for which in [replication - AHEAD_AFTER] if strategy.long else _due(replication, last, most):
                if 0 <= which < most:
                    yield Job((*luck, which, (strategy.player, strategy.seed)), (strategy,))


def _due(replication: int, last: bool, most: int) -> range:
    """Replications of an automatic player that follow a round: none in the first rounds, then those left out too."""
    if replication < FIRST_ROUNDS - 1 and not last:
        return range(0)
    return range(0 if replication <= FIRST_ROUNDS - 1 else replication, min(replication + 1, most))


def by_promise(session: Session, found: Sequence[Alternative]) -> list[Alternative]:
    """Options not taken, those first that say most: the book's where the trainee left it, the earliest first.

    What differs from the book is likely to have cost something, and early decisions have more to follow.
    """

    def promise(place: int) -> tuple[bool, bool, int]:
        option = found[place]
        book = session.case.decisions[option.decision].option_of("textbook")
        left = session.choices.get(option.decision) != book
        return not left, not (option.as_written or option.option == book), place

    return [found[place] for place in sorted(range(len(found)), key=promise) if not found[place].taken]


def _most(strategy: Strategy, replays: int) -> int:
    possible = max(0, replays - AHEAD_AFTER) if strategy.long else replays
    return possible if strategy.most is None else min(strategy.most, possible)


def plays_needed(found: list[Alternative], replays: int, tried: Sequence[Strategy] = ()) -> int:
    """How many plays a debrief needs, those included that are there already."""
    options = 1 + sum(not alternative.taken for alternative in found)
    return replays * options + sum(_most(strategy, replays) for strategy in tried)


def replay_all(
    session: Session,
    found: list[Alternative],
    replays: int,
    *,
    tried: Sequence[Strategy] = (),
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Fill alternatives (and strategies) with ``replays`` replays each, all with the same luck: replications 0, 1, …;
    those that are there are not made again."""
    needed = plays_needed(found, replays, tried)
    listed = jobs(session, found, replays, tried)
    if executor is None:
        results: Iterator[tuple[Job, Play]] = ((job, play(job.what)) for job in listed)
    else:
        lucks = [list(some) for _, some in groupby(listed, lambda job: job.what[2])]
        plays = executor.map(_plays, [[job.what for job in some] for some in lucks])
        results = zip(listed, chain.from_iterable(plays), strict=True)
    for done, (job, result) in enumerate(results, needed - len(listed) + 1):
        job.enter(result)
        if progress is not None:
            progress(done, needed)


def _plays(some: Sequence[What]) -> list[Play]:
    return [play(what) for what in some]


def play(what: What) -> Play:
    """One automatic play."""
    scenario, seed, replication, who = what
    session = played(scenario, seed, replication, _player(*who) if isinstance(who, tuple) else who)
    ending, scores = session.ending, score(session)
    axes = {axis.axis: axis.value for axis in scores if axis.value is not None}
    spent = sum(hours(session.run, action) for action in session.actions)
    return Play(replication, total(scores), ending[0] if ending else "", session.run.weight_obtained(), axes, spent)


def _player(name: str, seed: int) -> Player:
    return Greedy(tries=1) if name == LOOKS_AHEAD else player(name, seed)
