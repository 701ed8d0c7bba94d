"""How busy a log's offices were, on the hours found for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import fmean

from sim.engine.calendar import Calendar
from sim.model.durations import DAY
from sim.policy.calibration.cleaning import CleanLog
from sim.policy.calibration.columns import OfficeOfLog
from sim.policy.calibration.hours import HoursFound
from sim.policy.calibration.steps import LogCase, Step


@dataclass(frozen=True)
class Load:
    """An office between two moments."""

    open_seconds: int
    worked_seconds: int
    """Of all its people together."""
    waiting_days: float | None
    """Mean days from the step before until work began, of steps that ended; None if there is none."""


class Clocks:
    """Open time of a log's offices, between moments in seconds since 1970."""

    def __init__(self, hours: Mapping[str, tuple[HoursFound, OfficeOfLog]], earliest: int):
        self._epoch = earliest // DAY * DAY - DAY
        epoch = datetime.fromtimestamp(self._epoch, UTC)
        self._calendars = {
            name: Calendar(found.week, found.zone, settings.holidays, epoch) if found.week else None
            for name, (found, settings) in hours.items()
        }

    def open(self, office: str, first: int, last: int) -> int:
        """Open seconds of an office."""
        calendar = self._calendars[office]
        if last <= first:
            return 0
        return last - first if calendar is None else calendar.between(first - self._epoch, last - self._epoch)

    def effort(self, step: Step, first: int | None = None, last: int | None = None) -> int:
        """Open seconds spent on a step that has a start and an end, without its pauses, between two moments; by the
        clock on the wall where the whole step lies outside opening hours."""
        assert step.start is not None and step.end is not None
        start = step.start if first is None else max(step.start, first)
        end = step.end if last is None else min(step.end, last)
        if end <= start:
            return 0
        pauses = [(max(a, start), min(b, end) if b >= 0 else end) for a, b in step.pauses]
        effort = self.open(step.office, start, end) - sum(self.open(step.office, a, b) for a, b in pauses)
        return effort if effort > 0 else max(0, end - start - sum(max(0, b - a) for a, b in pauses))

    def load(self, log: CleanLog, office: str, first: int, last: int) -> Load:
        """How busy an office was between two moments."""
        worked, waits = 0, []
        for before, step in _with_before(log.cases):
            if step.office != office or step.start is None or step.end is None or step.start >= last:
                continue
            worked += self.effort(step, first, last)
            if first <= step.end < last:
                waits.append(max(0, step.start - before) / DAY)
        return Load(self.open(office, first, last), worked, fmean(waits) if waits else None)


def done_at(step: Step) -> int:
    """When a step was over, or last seen."""
    return step.end if step.end is not None else step.order[0]


def in_work(step: Step) -> list[tuple[int, int]]:
    """The stretches in which a step was worked on, by its start and end without its pauses; none if one is missing."""
    if step.start is None or step.end is None:
        return []
    stretches, begun = [], step.start
    for paused, resumed in step.pauses:
        stretches.append((begun, min(paused, step.end)))
        begun = resumed if resumed >= 0 else step.end
    return [*stretches, (begun, step.end)]


def most_at_once(stretches: Sequence[tuple[int, int]]) -> int:
    """The largest number of stretches at one moment; one that ends as another begins makes room for it."""
    lasting = [stretch for stretch in stretches if stretch[1] > stretch[0]]
    number = most = 0
    for _, change in sorted([*((start, 1) for start, _ in lasting), *((end, -1) for _, end in lasting)]):
        number += change
        most = max(most, number)
    return most


def _with_before(cases: Sequence[LogCase]) -> Iterator[tuple[int, Step]]:
    """Every step with the moment at which all steps before it were over."""
    for case in cases:
        before = case.received
        for step in case.steps:
            yield before, step
            before = max(before, done_at(step))
