"""How a case plays: what automatic players make of it, and what each of its decisions decides.

For whoever writes a case. A decision that moves nothing is no decision; an ending that never comes is text; where the
longest line does as well as the book nobody has to read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from statistics import fmean

from sim.case.plan import plan_of
from sim.errors import UsageError
from sim.i18n import say
from sim.model.loading import Scenario
from sim.model.problems import did_you_mean
from sim.record.statistics import Interval, mean_interval, simultaneous
from sim.training.players import Player, play_through, player
from sim.training.scoring import score, total
from sim.training.session import Session

BY_ITSELF = ("textbook", "naive", "random", "longest", "first")
"""The players that are held against each other."""
BASES = ("textbook", "random")
"""The players on whose plays each decision is taken otherwise."""
LEVEL = 0.95

# What a well-balanced case comes to: teaching choices of ours.
GUESSING = 5.0
"""Points by which who goes by the length of the lines may do better than who goes by chance."""
FELT = 2.0
"""Points of a hundred that a decision moves at least, from one option to another …"""
FELT_ENDING = 0.05
"""… unless it moves an ending's chance by so much."""
RAREST, COMMONEST = 0.03, 0.50
"""Shares between which each ending lies over all players together."""
EXPLAINED = 0.25
"""Share of the variance of the endings' worth that is between players, at least; the rest is luck."""


@dataclass(frozen=True)
class Fared:
    """What one play came to."""

    score: float
    """0 to 100."""
    ending: str
    choices: Mapping[str, str]
    """Options taken, by decision."""


@dataclass(frozen=True)
class OtherOption:
    """A decision taken otherwise than a player takes it, over those of its plays in which it arises."""

    player: str
    decision: str
    option: str
    plays: int
    difference: Interval
    """Change of the score in points."""
    endings: Mapping[str, float]
    """Change of the chance of each ending that moves."""

    @property
    def felt(self) -> float:
        """The largest change of an ending's chance."""
        return max((abs(change) for change in self.endings.values()), default=0.0)


@dataclass(frozen=True)
class Balance:
    """How a case plays."""

    case: str
    plays: Mapping[str, Sequence[Fared]]
    """By player, one for each luck."""
    worth: Mapping[str, float]
    """What each ending is worth, 0 to 1."""
    otherwise: Sequence[OtherOption]

    def mean(self, who: str) -> Interval:
        """Mean score of a player."""
        return mean_interval([fared.score for fared in self.plays[who]], LEVEL)

    def endings(self, who: str | None = None) -> dict[str, float]:
        """Share of plays in which each ending comes: of a player, or of all together."""
        counted = [fared.ending for name, plays in self.plays.items() if who in (None, name) for fared in plays]
        return {ending: counted.count(ending) / len(counted) for ending in self.worth}

    @property
    def explained(self) -> float:
        """Share of the variance of the endings' worth between players (eta squared: Fisher 1925, ch. VIII)."""
        groups = [[self.worth.get(fared.ending, 0.0) for fared in plays] for plays in self.plays.values()]
        everything = [value for group in groups for value in group]
        middle = fmean(everything)
        whole = sum((value - middle) ** 2 for value in everything)
        return sum(len(group) * (fmean(group) - middle) ** 2 for group in groups) / whole if whole else 1.0

    def moved(self, decision: str) -> tuple[float, float]:
        """The most that a decision moves on any player's plays: points between its options, and an ending's chance."""
        points, chance = 0.0, 0.0
        for who in {other.player for other in self.otherwise}:
            means = [o.difference.mean for o in self.otherwise if (o.player, o.decision) == (who, decision)]
            if means:
                points = max(points, max(0.0, *means) - min(0.0, *means))
            chance = max([chance, *(o.felt for o in self.otherwise if (o.player, o.decision) == (who, decision))])
        return points, chance

    @property
    def decisions(self) -> list[str]:
        """The decisions that arise on the plays on which options were tried."""
        return list(dict.fromkeys(other.decision for other in self.otherwise))

    def unmoved(self) -> list[str]:
        """Decisions on which nothing hangs."""
        found = {decision: self.moved(decision) for decision in self.decisions}
        return [name for name, (points, chance) in found.items() if points < FELT and chance < FELT_ENDING]

    def beats_the_book(self) -> list[OtherOption]:
        """Options that do clearly better than the book's beside the rest of the book."""
        return [o for o in self.otherwise if o.player == "textbook" and o.difference.clear and o.difference.mean > 0]

    def misplaced_endings(self) -> dict[str, float]:
        """Endings that hardly ever come, or nearly always."""
        return {name: share for name, share in self.endings().items() if not RAREST <= share <= COMMONEST}


def balance_of(
    scenario: Scenario,
    plays: int = 25,
    *,
    players: Sequence[str] = BY_ITSELF,
    bases: Sequence[str] = BASES,
    only: Iterable[str] = (),
    seed: int = 0,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Balance:
    """Play a case with replications 0, 1, … of a seed, and again with each decision taken otherwise.

    ``only`` keeps some decisions. Raises `UsageError` for a scenario that is no case, fewer than two plays, or a player
    or decision that is not there.
    """
    case = scenario.case
    if case is None:
        raise UsageError(say("{id} is a {kind}, not a case", id=scenario.id, kind=scenario.kind))
    if plays < 2:
        raise UsageError(say("{plays} plays say nothing of a spread — two or more", plays=plays))
    wanted = tuple(only) or tuple(case.decisions)
    for name in wanted:
        if name not in case.decisions:
            hint = did_you_mean(name, case.decisions)
            raise UsageError(say("{case} has no decision {name!r} — {hint}", case=case.id, name=name, hint=hint))
    for name in (*players, *bases):
        player(name)
    known = list(dict.fromkeys((*players, *bases)))
    first = [(scenario, seed, luck, name, "", "") for name in known for luck in range(plays)]
    found: list[Fared] = []
    for fared in map(_play, first) if executor is None else executor.map(_play, first):
        found.append(fared)
        if progress is not None:
            progress(len(found), len(first))
    by_player = {name: found[at * plays : (at + 1) * plays] for at, name in enumerate(known)}
    jobs = [
        (scenario, seed, luck, name, decision, option)
        for name in bases
        for decision in wanted
        for option in case.decisions[decision].options
        for luck in range(plays)
        if by_player[name][luck].choices.get(decision, option) != option
    ]
    tried: dict[tuple[str, str, str], list[tuple[int, Fared]]] = {}
    results = map(_play, jobs) if executor is None else executor.map(_play, jobs)
    for done, (job, fared) in enumerate(zip(jobs, results, strict=True), len(first) + 1):
        tried.setdefault(job[3:], []).append((job[2], fared))
        if progress is not None:
            progress(done, len(first) + len(jobs))
    level = simultaneous(LEVEL, len([key for key in tried if key[0] == "textbook"]))
    otherwise = [_compared(key, by_player[key[0]], after, level) for key, after in tried.items()]
    worth = {id_: ending.worth for id_, ending in case.endings.items()}
    return Balance(scenario.id, {name: by_player[name] for name in players}, worth, otherwise)


def _compared(
    key: tuple[str, str, str], before: Sequence[Fared], after: Sequence[tuple[int, Fared]], level: float
) -> OtherOption:
    pairs = [(before[luck], fared) for luck, fared in after]
    gained = Counter(fared.ending for _, fared in pairs)
    gained.subtract(fared.ending for fared, _ in pairs)
    changes = {ending: count / len(pairs) for ending, count in sorted(gained.items()) if count}
    difference = mean_interval([other.score - one.score for one, other in pairs], level)
    return OtherOption(*key, len(pairs), difference, changes)


Job = tuple[Scenario, int, int, str, str, str]
"""Scenario, seed, replication, player, and a decision with the option to take there instead."""


class _But:
    """A player who takes one decision otherwise."""

    def __init__(self, who: Player, decision: str, option: str):
        self.who, self.decision, self.option = who, decision, option

    def decide(self, session: Session) -> str:
        assert session.question is not None
        return self.option if session.question.id == self.decision else self.who.decide(session)


def _play(job: Job) -> Fared:
    scenario, seed, luck, name, decision, option = job
    who = _But(player(name, seed), decision, option)
    session = play_through(scenario, who, seed=seed, replication=luck, plan=plan_of(scenario))
    return Fared(total(score(session)), session.ending[0] if session.ending else "", session.choices)


__all__ = ["BASES", "BY_ITSELF", "Balance", "Fared", "OtherOption", "balance_of"]
