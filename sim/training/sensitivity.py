"""What the result of a case hangs on: how an automatic player fares when each assumption goes to the ends of its range.

One assumption at a time, with the same luck: play by play, the score at an end of the range less the score as the files
have it. A play that never asks for a figure is the same play whatever the figure is, so it is not played again; that it
moves nothing is then known and not estimated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sim.case.plan import plan_of
from sim.errors import UsageError
from sim.i18n import say
from sim.model.behaviour import TOPICS, Behaviour
from sim.model.figures import Figure, Value, data_for_file, in_file, names_in
from sim.model.loading import Scenario, copied_data, with_data
from sim.model.problems import did_you_mean
from sim.record.statistics import Interval, mean_interval, paired_difference, simultaneous
from sim.training.players import play_through, player
from sim.training.scoring import score, total

LEVEL = 0.95
"""With which all intervals of the differences hold at once."""


@dataclass(frozen=True)
class Fared:
    """What one play came to."""

    score: float
    """0 to 100."""
    ending: str
    """Id of the ending; nothing if there was none."""
    read: frozenset[str] = frozenset()
    """The figures it asked for, by where they stand; noted of plays with the figures as they are."""


@dataclass(frozen=True)
class End:
    """One end of the range of an assumption."""

    value: Value
    difference: Interval
    """Mean change of the score, in points, against the same luck with the assumption as it is."""
    endings: dict[str, int]
    """How often each ending came."""
    ended_otherwise: int
    """How many plays had another ending than with the assumption as it is."""


@dataclass(frozen=True)
class Swing:
    """What one assumption does between the ends of its range."""

    figure: Figure
    ends: tuple[End, End]
    """At the lowest and at the highest value."""
    met: int
    """How many of the plays ask for the figure at all."""

    @property
    def written(self) -> tuple[str, str]:
        """The lowest and the highest value, as files write them."""
        low, high = (in_file(end.value, self.figure.unit) for end in self.ends)
        return low, high

    @property
    def size(self) -> float:
        """The larger change of the mean score, in points, whatever its sign."""
        return max(abs(end.difference.mean) for end in self.ends)

    @property
    def clear(self) -> bool:
        """Whether the interval of either change leaves zero out."""
        return any(end.difference.clear for end in self.ends)


@dataclass(frozen=True)
class CaseSensitivity:
    """What the result of a case hangs on, for one player."""

    case: str
    title: str
    player: str
    seed: int
    plays: int
    score: Interval
    """The mean score with all assumptions as they are."""
    endings: dict[str, int]
    """How often each ending came, with all assumptions as they are."""
    titles: dict[str, str]
    """Title of every ending that came."""
    swings: tuple[Swing, ...]
    """Every assumption, the largest change first."""


def sensitivity_of(
    scenario: Scenario,
    who: str = "textbook",
    plays: int = 20,
    *,
    seed: int = 1,
    only: Iterable[str] = (),
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> CaseSensitivity:
    """How the mean score and the endings of a player move when each assumption goes to the ends of its range.

    Replications 0, 1, … of ``seed`` are played with the assumptions as they are, and again at each end of the range of
    each assumption that they ask for. ``only`` keeps some, by where they stand (``behaviour/conduct/raised``) or by the
    beginning of that. Raises `UsageError` for a scenario that is no case, fewer than two plays, an unknown player, or
    an assumption that is not there.
    """
    if scenario.case is None:
        raise UsageError(say("{id} is a {kind}, not a case", id=scenario.id, kind=scenario.kind))
    if plays < 2:
        raise UsageError(say("{plays} plays say nothing of a spread — two or more", plays=plays))
    player(who)
    varied = _varied(scenario, tuple(only))
    usual: list[Fared] = []
    for fared in _mapped(_watched, [(scenario, who, seed, luck) for luck in range(plays)], executor):
        usual.append(fared)
        if progress is not None:
            progress(len(usual), plays)
    jobs = [job for figure in varied for job in _jobs(scenario, who, seed, figure, usual)]
    done, steps = plays, plays + sum(len(job.lucks) for job in jobs)
    found: dict[tuple[str, int], dict[int, Fared]] = {}
    for job, results in zip(jobs, _mapped(_varied_plays, jobs, executor), strict=True):
        found[job.figure.at, job.end] = dict(zip(job.lucks, results, strict=True))
        done += len(job.lucks)
        if progress is not None:
            progress(done, steps)
    level = simultaneous(LEVEL, len(jobs))
    swings = [_swing(figure, usual, found, level) for figure in varied]
    endings = _counted(usual)
    return CaseSensitivity(
        scenario.id,
        scenario.title,
        who,
        seed,
        plays,
        mean_interval([fared.score for fared in usual], LEVEL),
        endings,
        {id_: scenario.case.endings[id_].title for id_ in scenario.case.endings},
        tuple(sorted(swings, key=lambda swing: (-swing.size, -swing.met))),
    )


def _varied(scenario: Scenario, only: Sequence[str]) -> list[Figure]:
    """The assumptions that have a range."""
    figures = [figure for figure in scenario.behaviour.figures() if figure.range is not None]
    for name in only:
        if not any(_under(figure, name) for figure in figures):
            known = [figure.at for figure in figures]
            raise UsageError(
                say("no assumption is called {name!r} here — {hint}", name=name, hint=did_you_mean(name, known))
            )
    return [figure for figure in figures if not only or any(_under(figure, name) for name in only)]


def _under(figure: Figure, name: str) -> bool:
    return figure.at == name or figure.at.startswith(f"{name}/")


@dataclass(frozen=True)
class _Job:
    """The plays at one end of the range of an assumption."""

    scenario: Scenario
    who: str
    seed: int
    figure: Figure
    end: int
    """0 for the lowest value, 1 for the highest."""
    lucks: tuple[int, ...]
    """The replications that ask for the figure."""


def _jobs(scenario: Scenario, who: str, seed: int, figure: Figure, usual: Sequence[Fared]) -> Iterator[_Job]:
    lucks = tuple(luck for luck, fared in enumerate(usual) if figure.at in fared.read)
    assert figure.range is not None
    for end, value in enumerate(figure.range):
        if lucks and value != figure.value:
            yield _Job(scenario, who, seed, figure, end, lucks)


One = TypeVar("One")
Made = TypeVar("Made")


def _mapped(function: Callable[[One], Made], jobs: Sequence[One], executor: Executor | None) -> Iterable[Made]:
    return map(function, jobs) if executor is None else executor.map(function, jobs)


def _swing(
    figure: Figure, usual: Sequence[Fared], found: dict[tuple[str, int], dict[int, Fared]], level: float
) -> Swing:
    ends = []
    assert figure.range is not None
    before = [fared.score for fared in usual]
    for end, value in enumerate(figure.range):
        moved = found.get((figure.at, end), {})
        after = [moved.get(luck, fared) for luck, fared in enumerate(usual)]
        otherwise = sum(one.ending != other.ending for one, other in zip(usual, after, strict=True))
        difference = paired_difference(before, [fared.score for fared in after], level)
        ends.append(End(value, difference, _counted(after), otherwise))
    return Swing(figure, (ends[0], ends[1]), sum(figure.at in fared.read for fared in usual))


def _counted(plays: Iterable[Fared]) -> dict[str, int]:
    """How often each ending came, the most frequent first."""
    counts: dict[str, int] = {}
    for fared in plays:
        counts[fared.ending] = counts.get(fared.ending, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def _watched(job: tuple[Scenario, str, int, int]) -> Fared:
    """A play with the assumptions as they are, and which of them it asked for."""
    scenario, who, seed, luck = job
    read: set[tuple[str, str]] = set()
    fared = _play(scenario.read_through(_noting(scenario.behaviour, read)), scenario, who, seed, luck)
    at = {(figure.topic, figure.name.replace(" ", "_")): figure.at for figure in scenario.behaviour.figures()}
    return replace(fared, read=frozenset(at[name] for name in read))


def _varied_plays(job: _Job) -> list[Fared]:
    """The plays at one end of the range of an assumption."""
    assert job.figure.range is not None
    changed = with_figure(job.scenario, job.figure, job.figure.range[job.end])
    return [_play(changed, job.scenario, job.who, job.seed, luck) for luck in job.lucks]


def _play(scenario: Scenario, planned: Scenario, who: str, seed: int, luck: int) -> Fared:
    """One play. The compiled world is that of the scenario it came from: no figure of behaviour is part of it."""
    session = play_through(scenario, player(who, luck), seed=seed, replication=luck, plan=plan_of(planned))
    # Beyond nine digits sums differ by the order in which they are made.
    return Fared(round(total(score(session)), 9), session.ending[0] if session.ending else "")


def with_figure(scenario: Scenario, figure: Figure, value: Value) -> Scenario:
    """The scenario with another value of a figure, validated like the original."""
    data = copied_data(scenario)
    kind, id_, *path, name = figure.at.split("/")
    owner = data[kind, id_]
    for step in path:
        owner = owner[step]
    owner[name] = data_for_file(value, figure.unit)
    return with_data(scenario, {(kind, id_): data[kind, id_]})


class _Noting:
    """The figures of a topic, noting which are asked for."""

    def __init__(self, topic: str, figures: object, read: set[tuple[str, str]]):
        self._topic, self._figures, self._read = topic, figures, read
        self._names = set(names_in(TOPICS[topic]).values())

    def __getattr__(self, name: str) -> Any:  # of whatever type the figure is
        if name in self._names:
            self._read.add((self._topic, name))
        return getattr(self._figures, name)


def _noting(behaviour: Behaviour, read: set[tuple[str, str]]) -> Behaviour:
    topics: dict[str, Any] = {  # each passes for the figures of its topic
        topic: _Noting(topic, getattr(behaviour, topic), read) for topic in TOPICS
    }
    return replace(behaviour, **topics)
