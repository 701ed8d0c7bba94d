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

from sim.errors import UsageError
from sim.i18n import say
from sim.model.loading import Scenario
from sim.model.problems import did_you_mean
from sim.record.statistics import Interval, mean_interval, simultaneous
from sim.training.branches import Decides, Otherwise, played
from sim.training.decision_log import Steps
from sim.training.players import Random, player
from sim.training.scoring import score, total

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
SEEN = 5
"""Plays in which a decision is met before it is said that nothing hangs on it: one or two say nothing, either way."""
MET = 1 / 3
"""Part of the plays in which a decision should be met; for those met less often more luck is tried …"""
FURTHER = 8
"""… up to so many times the plays."""
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
        """The most that a decision moves on any player's plays: points between its options, and an ending's chance. Of
        players who meet it often enough, where there are any."""
        points, chance = 0.0, 0.0
        plays = self._met(decision)
        often = [who for who, met in plays.items() if met >= SEEN]
        for who in often or plays:
            tried = [other for other in self.otherwise if (other.player, other.decision) == (who, decision)]
            means = [other.difference.mean for other in tried]
            points = max(points, max(0.0, *means) - min(0.0, *means))
            chance = max(chance, *(other.felt for other in tried))
        return points, chance

    @property
    def decisions(self) -> list[str]:
        """The decisions that arise on the plays on which options were tried."""
        return list(dict.fromkeys(other.decision for other in self.otherwise))

    def unmoved(self) -> list[str]:
        """Decisions on which nothing hangs, in the plays in which they are met. Of one that nobody meets often enough
        with all the luck that was tried, nothing is said."""
        judged = [name for name in self.decisions if max(self._met(name).values()) >= SEEN]
        found = {name: self.moved(name) for name in judged}
        return [name for name, (points, chance) in found.items() if points < FELT and chance < FELT_ENDING]

    def _met(self, decision: str) -> dict[str, int]:
        """In how many plays a decision was met, by player."""
        found: dict[str, int] = {}
        for other in self.otherwise:
            if other.decision == decision:
                found[other.player] = max(other.plays, found.get(other.player, 0))
        return found

    def beats_the_book(self) -> list[OtherOption]:
        """Options that do clearly better than the book's beside the rest of the book, in plays enough to say so."""
        beside = [o for o in self.otherwise if o.player == "textbook" and o.plays >= SEEN]
        return [o for o in beside if o.difference.clear and o.difference.mean > 0]

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

    ``only`` keeps some decisions. A decision that is seldom met, as a question that is put in one play of ten, is
    looked for in more luck than the players have: what two or three plays come to is mostly luck. Plays with the same
    luck share their beginning (`sim.training.branches`). Raises `UsageError` for a scenario that is no case, fewer than
    two plays, a player or decision that is not there, or a base whose decisions hang on how the play goes.
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
    for name in bases:
        if name not in BASES:
            raise UsageError(
                say("options are tried on the plays of {known}, not of {name!r}", known=", ".join(BASES), name=name)
            )
    found: list[_Found] = []
    tried: dict[tuple[str, str, str], list[tuple[Fared, Fared]]] = {}
    jobs = [_Luck(scenario, seed, luck, tuple(players), tuple(bases), wanted) for luck in range(plays)]
    while jobs:
        for one in map(_with_luck, jobs) if executor is None else executor.map(_with_luck, jobs):
            found.append(one)
            for key, fared in one.otherwise.items():
                tried.setdefault(key, []).append((one.bases[key[0]], fared))
            if progress is not None:
                progress(len(found), max(plays, len(found)))
        seldom = [name for name in wanted if _most_plays(tried, name) < MET * plays]
        further = range(len(found), min(len(found) + plays, FURTHER * plays)) if seldom else ()
        jobs = [_Luck(scenario, seed, luck, (), tuple(bases), tuple(seldom)) for luck in further]
    counts = Counter(name for name, _decision, _option in tried)
    order = {name: place for place, name in enumerate(case.decisions)}
    keys = sorted(
        tried, key=lambda key: (bases.index(key[0]), order[key[1]], list(case.decisions[key[1]].options).index(key[2]))
    )
    otherwise = [_compared(key, tried[key], simultaneous(LEVEL, counts[key[0]])) for key in keys]
    worth = {id_: ending.worth for id_, ending in case.endings.items()}
    of_players = {name: [one.players[name] for one in found[:plays]] for name in players}
    return Balance(scenario.id, of_players, worth, otherwise)


def _most_plays(tried: Mapping[tuple[str, str, str], Sequence[object]], decision: str) -> int:
    """In how many plays of one player a decision was met, at most."""
    return max((len(plays) for (_who, name, _option), plays in tried.items() if name == decision), default=0)


def _compared(key: tuple[str, str, str], pairs: Sequence[tuple[Fared, Fared]], level: float) -> OtherOption:
    gained = Counter(other.ending for _, other in pairs)
    gained.subtract(one.ending for one, _ in pairs)
    changes = {ending: count / len(pairs) for ending, count in sorted(gained.items()) if count}
    difference = mean_interval([other.score - one.score for one, other in pairs], level)
    return OtherOption(*key, len(pairs), difference, changes)


@dataclass(frozen=True)
class _Luck:
    """All plays of a case with one luck."""

    scenario: Scenario
    seed: int
    replication: int
    players: tuple[str, ...]
    bases: tuple[str, ...]
    decisions: tuple[str, ...]


@dataclass(frozen=True)
class _Found:
    """What they came to: by player; of the bases; and by base, decision and the option taken instead."""

    players: dict[str, Fared]
    bases: dict[str, Fared]
    otherwise: dict[tuple[str, str, str], Fared]


def _with_luck(job: _Luck) -> _Found:
    case = job.scenario.case
    assert case is not None
    of_players = {name: _fared(job, player(name, job.seed)) for name in job.players}
    of_bases, otherwise = {}, {}
    for name in job.bases:
        steps = _steps(job, name)
        of_bases[name] = _fared(job, steps)
        for decision in job.decisions:
            for option in case.decisions[decision].options:
                if of_bases[name].choices.get(decision, option) != option:
                    otherwise[name, decision, option] = _fared(job, Otherwise(steps, decision, option))
    return _Found(of_players, of_bases, otherwise)


def _steps(job: _Luck, name: str) -> Steps:
    """What a player decides at every question, whenever it comes."""
    case = job.scenario.case
    assert case is not None
    if name == "textbook":
        return Steps({id_: decision.option_of("textbook") for id_, decision in case.decisions.items()})
    who = Random(job.seed)
    return Steps({id_: who.takes(job.replication, id_, decision) for id_, decision in case.decisions.items()})


def _fared(job: _Luck, who: Decides) -> Fared:
    session = played(job.scenario, job.seed, job.replication, who)
    return Fared(total(score(session)), session.ending[0] if session.ending else "", session.choices)
