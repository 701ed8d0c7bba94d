"""What a log says about a process: arrivals, hours, staff, durations, branches. Figures only; no world yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sim.errors import UsageError
from sim.i18n import say
from sim.model.durations import DAY
from sim.policy.calibration.arrivals import ArrivalsFound, find_arrivals
from sim.policy.calibration.branching import BranchFound, State
from sim.policy.calibration.cleaning import CleanLog
from sim.policy.calibration.columns import OfficeOfLog
from sim.policy.calibration.hours import HoursFound, find_hours
from sim.policy.calibration.stages import Horizon, StageFound, find_stages
from sim.policy.calibration.steps import LogCase, Step
from sim.policy.calibration.utilisation import Clocks, done_at, in_work, most_at_once
from sim.record.statistics import percentile

FEWEST_CASES = 10
"""Cases below which nothing is found."""
MOST_STAGES, MOST_KINDS = 300, 60
"""More of these are a sign that a column holds something else, such as names of persons or sentences."""


@dataclass(frozen=True)
class OfficeFound:
    """An office."""

    name: str
    hours: HoursFound
    settings: OfficeOfLog
    steps: int
    staff: int
    """The largest number of steps in work at once, without those far longer than their like, so that there were at
    least so many; 1 where it cannot be seen."""
    staff_seen: bool
    persons: int
    """Different persons named; 0 where none is."""
    busy: float | None
    """Share of the staff's open hours spent on steps."""


@dataclass(frozen=True)
class Found:
    """Everything found between two moments of a log."""

    first: int
    """In seconds since 1970."""
    last: int
    cases: int
    arrivals: tuple[ArrivalsFound, ...]
    arrival_hours: HoursFound
    offices: tuple[OfficeFound, ...]
    stages: tuple[StageFound, ...]
    branches: dict[str, tuple[BranchFound, ...]]
    """By kind of request."""
    case_days_p90: float
    splits_waiting: bool
    """Whether waiting and working could be told apart."""
    remarks: tuple[str, ...]


def times_of(log: CleanLog) -> tuple[int, int]:
    """The first and the last moment at which something was done. Raises `UsageError` for too few cases."""
    if len(log.cases) < FEWEST_CASES:
        raise UsageError(
            say(
                "{path}: only {count} cases can be used, and {fewest_cases} are needed — {totals}",
                path=log.raw.path,
                count=len(log.cases),
                fewest_cases=FEWEST_CASES,
                totals=log.totals(),
            )
        )
    steps = [step for case in log.cases for step in case.steps]
    moments = [moment for step in steps for moment in (step.start, step.end) if moment is not None]
    first, last = min(moments), max(moments)
    if last - first < DAY:
        raise UsageError(say("{path}: everything happens within one day; rates cannot be found", path=log.raw.path))
    return first, last


def closed_at(case: LogCase, log: CleanLog, patience: int, last: int) -> int | None:
    """When a case was over; None if it is under way. By its outcome, its last activity, or because nothing happened
    for longer than is usual between two steps."""
    moment, columns = done_at(case.steps[-1]), log.raw.columns
    ended = max(done_at(step) for step in case.steps)
    if case.steps[-1].end is None and case.steps[-1].start is not None and not case.outcome:
        return None if moment > last - patience else ended
    if columns.outcome is not None:
        return ended if case.outcome else None
    if columns.closing:
        return ended if case.steps[-1].activity in columns.closing else None
    return ended if ended <= last - patience else None


def patience_of(log: CleanLog) -> int:
    """How long one has to wait before a silent case counts as over: the 99th percentile of the times between two of
    its moments, at least a day."""
    gaps = sorted(second.order[0] - done_at(first) for case in log.cases for first, second in pairwise(case.steps))
    return max(DAY, round(percentile([max(0, gap) for gap in gaps], 0.99))) if gaps else DAY


def clocks_of(log: CleanLog, offices: Sequence[OfficeFound]) -> Clocks:
    """The open time of offices, from the first moment of a log."""
    earliest = min(min(case.received, case.steps[0].order[0]) for case in log.cases)
    return Clocks({office.name: (office.hours, office.settings) for office in offices}, earliest)


def find(log: CleanLog, first: int, last: int, *, seed: int = 0) -> Found:
    """Everything between two moments. Raises `UsageError` where a column plainly holds something else."""
    return _Finder(log, first, last, seed).found()


class _Finder:
    def __init__(self, log: CleanLog, first: int, last: int, seed: int):
        self.log, self.first, self.last, self.seed = log, first, last, seed
        self.columns = log.raw.columns
        self.splits = log.has_starts and not log.dates_only
        self.remarks: list[str] = []

    def found(self) -> Found:
        self._check_columns()
        kinds = sorted({case.kind for case in self.log.cases})
        _, end = times_of(self.log)
        patience = patience_of(self.log)
        closed = {case.id: closed_at(case, self.log, patience, end) for case in self.log.cases}
        by_closing = self.columns.outcome is None and not self.columns.closing
        if by_closing:
            self.remarks.append(
                "the log does not say when a case is over: one counts as over after "
                f"{patience / DAY:.0f} days of silence"
            )
        headless = self._begun_before(end)
        if headless:
            self.remarks.append(
                f"{len(headless)} cases had begun before the log does: what is seen of them first mostly follows other "
                "steps, and later cases hardly begin with it; they count neither as received nor for how requests begin"
            )
        self.fresh = [case for case in self.log.cases if case.id not in headless]
        received = [case.received for case in self.fresh if self.first <= case.received < self.last]
        hours = self._hours(received if not self.log.dates_only else [], OfficeOfLog())
        offices = tuple(self._offices())
        self.clocks = clocks_of(self.log, offices)
        offices = tuple(self._with_load(office) for office in offices)
        horizon = Horizon(self.last, patience if by_closing else 0, self.clocks, self._works)
        by_kind = {
            kind: find_stages(kind, list(self._of(kind)), closed, headless, horizon, seed=self.seed) for kind in kinds
        }
        stages = tuple(stage for found in by_kind.values() for stage in found.stages)
        branches = {kind: found.branches for kind, found in by_kind.items() if found.branches}
        self.remarks += [remark for found in by_kind.values() for remark in found.remarks]
        days = sorted((over - case.received) / DAY for case in self.log.cases if (over := closed[case.id]) is not None)
        if not self.splits:
            self.remarks.append(
                "waiting and working cannot be told apart, because the log has "
                + ("days only" if self.log.dates_only else "no starts")
                + ": stages take calendar time, nobody queues, and staff has no effect in the world made of it"
            )
        return Found(
            self.first,
            self.last,
            len(received),
            tuple(self._arrivals()),
            hours,
            offices,
            stages,
            branches,
            percentile(days, 0.9) if days else 0.0,
            self.splits,
            tuple(self.remarks),
        )

    def _check_columns(self) -> None:
        states = {State(step.activity, step.office) for case in self.log.cases for step in case.steps}
        kinds = {(case.kind, case.from_, case.to) for case in self.log.cases}
        for what, count, most in (
            (say("activities and offices"), len(states), MOST_STAGES),
            (say("kinds and corridors"), len(kinds), MOST_KINDS),
        ):
            if count > most:
                raise UsageError(
                    say(
                        "{path}: {count} different {what}, more than {most} — are the columns the right ones?",
                        path=self.log.raw.path,
                        count=count,
                        what=what,
                        most=most,
                    )
                )

    def _of(self, kind: str) -> Iterator[LogCase]:
        return (case for case in self.log.cases if case.kind == kind)

    # Arrivals

    def _arrivals(self) -> Iterator[ArrivalsFound]:
        groups: dict[tuple[str, str, str], list[int]] = {}
        for case in self.fresh:
            groups.setdefault((case.kind, case.from_, case.to), []).append(case.received)
        for (kind, from_, to), moments in sorted(groups.items()):
            found = find_arrivals(moments, self.first, self.last, kind=kind, from_=from_, to=to)
            if found.count:
                yield found

    # Offices

    def _hours(self, moments: Sequence[int], settings: OfficeOfLog) -> HoursFound:
        return find_hours(moments, settings.time_zone or self.columns.time_zone)

    def _offices(self) -> Iterator[OfficeFound]:
        steps: dict[str, list[Step]] = {}
        for case in self.log.cases:
            for step in case.steps:
                if step.office and step.order[0] < self.last:
                    steps.setdefault(step.office, []).append(step)
        for name, found in sorted(steps.items()):
            moments = [step.end for step in found if step.end is not None and step.end < self.last]
            settings = self.columns.offices.get(name, OfficeOfLog())
            hours = self._hours([] if self.log.dates_only else moments, settings)
            counted = [step for step in found if self.log.too_long.isdisjoint(step.rows)]
            most = most_at_once([stretch for step in counted for stretch in in_work(step)])
            persons = len({step.person for step in found if step.person not in ("", name)})
            if self.splits and 0 < persons < most:
                self.remarks.append(
                    f"{name}: up to {most} steps were in work at once, and it names {persons} different members of "
                    "staff; people of a world do one step at a time, so that its staff is as many as the steps"
                )
            seen = self.splits and most > 0
            yield OfficeFound(name, hours, settings, len(found), max(1, most) if seen else 1, seen, persons, None)

    def _with_load(self, office: OfficeFound) -> OfficeFound:
        if not office.staff_seen:
            return office
        load = self.clocks.load(self.log, office.name, self.first, self.last)
        open_ = load.open_seconds * office.staff
        return replace(office, busy=load.worked_seconds / open_ if open_ else None)

    # Stages

    def _works(self, state: State) -> bool:
        return self.splits and bool(state.office)

    def _begun_before(self, end: int) -> set[str]:
        """Cases that had plainly begun before the log did, which ends at ``end``.

        Where a log does not say when cases came, one that was under way when it begins looks like one that begins with
        whatever is seen of it first. Steps that mostly follow others, and with which cases begin at least twice as
        often in the first half of the log as in the second, are such.
        """
        middle = (self.first + end) / 2
        firsts: Counter[tuple[str, str, bool]] = Counter()
        visits: Counter[tuple[str, str]] = Counter()
        for case in self.log.cases:
            visits.update((case.kind, step.activity) for step in case.steps)
            if not case.received_known:
                firsts[case.kind, case.steps[0].activity, case.received < middle] += 1
        no_beginning = {
            (kind, activity)
            for kind, activity, early in firsts
            if early
            and firsts[kind, activity, True] > 2 * firsts[kind, activity, False]
            and 2 * (firsts[kind, activity, True] + firsts[kind, activity, False]) < visits[kind, activity]
        }
        return {
            case.id
            for case in self.log.cases
            if not case.received_known and (case.kind, case.steps[0].activity) in no_beginning
        }
