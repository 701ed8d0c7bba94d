"""Stages of a log: how long each takes and what follows it, allowing for what the end of the log hides."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sim.model.durations import DAY
from sim.policy.calibration.branching import BEGINNING, After, BranchFound, Ending, State, Then, branches_of, reached
from sim.policy.calibration.censoring import FollowUps, sample_of
from sim.policy.calibration.durations import DurationFound, find_duration
from sim.policy.calibration.steps import LogCase, Step
from sim.policy.calibration.utilisation import Clocks, done_at

MOST_NAMED = 12
"""Stages that a remark names before it says that there are more."""


@dataclass(frozen=True)
class StageFound:
    """A stage of one kind of request."""

    kind: str
    state: State
    visits: int
    work: bool
    """Whether its duration is working time at the office; otherwise the calendar time from the step before."""
    duration: DurationFound | None
    """None where no visit could be measured."""
    waiting_days: float | None
    """Mean days from the step before until the work began; None where the log does not show it."""


@dataclass(frozen=True)
class Move:
    """A case going from one stage to the next, or to its end."""

    after: After
    then: Then
    seen_after: float
    """Seconds from the end of the stage before until it is in the log where the case went."""
    back: bool
    """Whether the case had been there before."""
    length: float | None = None
    """Seconds that the next stage took, where they can be told; of its clock where it is work."""
    waited: float | None = None
    """Of work: seconds from the stage before until it began."""
    under_way: bool = False
    """Whether the next stage had begun and was not over."""


@dataclass
class _Visits:
    """All moves from stages, and how long each stay at one could be followed."""

    moves: list[Move] = field(default_factory=list)
    stays: dict[After, FollowUps] = field(default_factory=dict)
    works: dict[State, FollowUps] = field(default_factory=dict)
    """How long the work of a stage could be followed, by its office's clock."""
    count: dict[State, int] = field(default_factory=dict)
    open: int = 0
    overlapping: int = 0

    def stay(self, at: After, span: float) -> None:
        self.stays.setdefault(at, FollowUps()).add(max(0.0, span))


@dataclass(frozen=True)
class KindFound:
    """Stages and branches of one kind of request."""

    stages: tuple[StageFound, ...]
    branches: tuple[BranchFound, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Horizon:
    """How far a log is looked at, and what it can show."""

    last: int
    """Seconds since 1970."""
    silence: int
    """Seconds of silence after which a case counts as over, where nothing else says so; else 0."""
    clocks: Clocks
    works: Callable[[State], bool]
    """Whether a stage is work, rather than time that passes."""


def find_stages(
    kind: str,
    cases: Sequence[LogCase],
    closed: Mapping[str, int | None],
    headless: Collection[str],
    horizon: Horizon,
    *,
    seed: int = 0,
) -> KindFound:
    """Stages and branches of the cases of one kind. ``closed`` says when each case was over, ``headless`` which
    had plainly begun before the log did. Needs the extra ``policy``."""
    visits = _Visits()
    for case in cases:
        _follow(case, closed[case.id], case.id in headless, visits, horizon)
    weighted = [(move, visits.stays[move.after].weight(move.seen_after)) for move in visits.moves]
    hidden = _hidden(weighted, visits.stays)
    branches = branches_of([(m.after, m.then, m.back, weight) for m, weight in weighted], hidden)
    known = reached(branches)
    stages = tuple(
        _stage(kind, state, count, visits, hidden, horizon, seed)
        for state, count in sorted(visits.count.items())
        if state in known
    )
    remarks = list(_remarks(kind, visits, hidden))
    unknown = sorted(f"{state.activity} ({count})" for state, count in visits.count.items() if state not in known)
    if unknown and known:
        of = f" of {kind}" if kind else ""
        remarks.append(
            f"steps{of} to which no request was seen to come that began within the log are left out: "
            f"{', '.join(unknown[:MOST_NAMED])}{'…' if len(unknown) > MOST_NAMED else ''}"
        )
    return KindFound(stages, tuple(branch for branch in branches if branch.after in known), tuple(remarks))


def _follow(case: LogCase, over: int | None, headless: bool, visits: _Visits, horizon: Horizon) -> None:
    """Note where a case went, and how long each of its stays could be followed."""
    last, before = horizon.last, case.received
    if before >= last:
        return
    at: After | None = None if headless else BEGINNING
    been: set[State] = set()
    for place, step in enumerate(case.steps):
        if step.order[0] >= last:
            visits.open += 1
            if at is not None:
                visits.stay(at, last - before)
            return
        state = State(step.activity, step.office)
        visits.count[state] = visits.count.get(state, 0) + 1
        visits.overlapping += place > 0 and step.order[0] < before
        if at is not None:
            visits.stay(at, last - before)
            unknown = place == 0 and not case.received_known and step.start is None
            under_way = step.end >= last if step.end is not None else over is None and step is case.steps[-1]
            length, waited = (None, None) if unknown else _lengths(step, state, before, horizon)
            if step.start is not None and horizon.works(state) and (under_way or length is not None):
                followed = horizon.clocks.open(step.office, step.start, last)
                visits.works.setdefault(state, FollowUps()).add(followed)
            seen = max(0, step.order[0] - before)
            visits.moves.append(Move(at, state, seen, state in been, length, waited, under_way))
        been.add(state)
        at, before = state, max(before, done_at(step))
        if step.end is not None and step.end >= last:
            visits.open += 1
            return
    if at is None:  # begun before the log, and nothing of it is in it
        return
    visits.stay(at, last - before)
    if over is not None and over < last:
        visits.moves.append(Move(at, Ending(case.outcome), horizon.silence, False))
    else:
        visits.open += 1


def _lengths(step: Step, state: State, before: int, horizon: Horizon) -> tuple[float | None, float | None]:
    """How long a step took and was waited for, as far as the log shows it."""
    if step.end is None or step.end >= horizon.last or (step.start is None and horizon.works(state)):
        return None, None
    waited = max(0, step.start - before) if step.start is not None else None
    if horizon.works(state):
        return horizon.clocks.effort(step), waited
    # What was over before the step before it was done beside that one, and took none of its own time.
    return (step.end - before if step.end >= before else None), waited


def _hidden(
    weighted: Sequence[tuple[Move, float]], stays: Mapping[After, FollowUps]
) -> dict[tuple[After, Then], float]:
    """By (stage, next): visits that lasted longer than any was followed.

    Where they went is not known. They are taken to have gone where those went that were seen to leave in the later half
    of the longest time followed, or where all went if there are none.
    """
    hidden: dict[tuple[After, Then], float] = {}
    by_stage: dict[After, list[tuple[Move, float]]] = {}
    for move, weight in weighted:
        by_stage.setdefault(move.after, []).append((move, weight))
    for after, moves in by_stage.items():
        stay = stays[after]
        left_over = len(stay.spans) - sum(weight for _, weight in moves)
        if left_over < 0.5:
            continue
        late = [(move, weight) for move, weight in moves if move.seen_after > stay.longest / 2] or moves
        total = sum(weight for _, weight in late)
        for move, weight in late:
            key = after, move.then
            hidden[key] = hidden.get(key, 0.0) + left_over * weight / total
    return hidden


def _stage(
    kind: str,
    state: State,
    count: int,
    visits: _Visits,
    hidden: Mapping[tuple[After, Then], float],
    horizon: Horizon,
    seed: int,
) -> StageFound:
    works = horizon.works(state)
    into = [move for move in visits.moves if move.then == state]
    moves = [move for move in into if move.length is not None]
    waits = [move.waited for move in moves if move.waited is not None] if works else []
    days = sum(waits) / len(waits) / DAY if waits else None
    if not moves:
        return StageFound(kind, state, count, works, None, days)
    if works:
        work = visits.works[state]
        lengths = [(move.length or 0.0, work.weight(move.length or 0.0)) for move in moves]
        begun, longest = float(len(work.spans)), work.longest
    else:
        lengths = [(move.length or 0.0, visits.stays[move.after].weight(move.length or 0.0)) for move in moves]
        begun = sum(visits.stays[m.after].weight(m.seen_after) for m in into if m.length is not None or m.under_way)
        begun += sum(value for (_after, then), value in hidden.items() if then == state)
        longest = max(visits.stays[move.after].longest for move in moves)
    left_over = max(0.0, begun - sum(weight for _, weight in lengths))
    sample = sample_of(lengths, left_over, longest)
    return StageFound(
        kind, state, count, works, find_duration(sample, "working" if works else "calendar", seed=seed), days
    )


def _remarks(kind: str, visits: _Visits, hidden: Mapping[tuple[After, Then], float]) -> Iterator[str]:
    of = f" of {kind}" if kind else ""
    if visits.overlapping:
        yield (
            f"{visits.overlapping} steps{of} began before the one before was over; a world made of a log does one "
            "after the other"
        )
    if visits.open:
        yield (
            f"{visits.open} cases{of} were under way when the part used ends; durations and branches allow for what is "
            "not seen of them"
        )
    for (after, then), value in sorted(hidden.items(), key=lambda item: -item[1]):
        share = value / len(visits.stays[after].spans)
        if share >= 0.05 and isinstance(then, State):
            from_ = "coming in" if after == BEGINNING else after.activity
            yield (
                f"{100 * share:.0f} % of the waits{of} after {from_} lasted longer than the log can show; that they go "
                f"on to {then.activity}, and how long they last, is extrapolated"
            )
