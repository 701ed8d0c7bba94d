"""The steps of a log's cases, as cleaning finds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sim.model.durations import DAY
from sim.record.statistics import percentile

MUCH_LONGER, HARMLESS, ENOUGH_LIKE_IT = 10, 14 * DAY, 20
"""A step is much longer than others if it lasts ten times what nine of ten last, and more than two weeks, where there
are twenty like it: this program's choice, made so that neither a weekend nor a long tail is taken for a wrong date."""


@dataclass(frozen=True)
class Step:
    """A step of a case; times in seconds since 1970 (UTC), None where they are not known."""

    rows: tuple[int, ...]
    """The rows that speak of it: one, or one for each of its events."""
    activity: str
    office: str
    """Empty where nobody is occupied."""
    start: int | None
    end: int | None
    person: str = ""
    pauses: tuple[tuple[int, int], ...] = ()
    """When it was suspended."""

    @property
    def order(self) -> tuple[int, int, int]:
        """Its place among the steps of a case."""
        first = self.start if self.start is not None else self.end
        last = self.end if self.end is not None else self.start
        assert first is not None and last is not None
        return first, max(first, last), self.rows[0]


@dataclass(frozen=True)
class LogCase:
    """A request with its steps in order."""

    id: str
    kind: str
    from_: str
    to: str
    received: int
    """When it came; its first time seen where the log does not say it."""
    outcome: str
    steps: tuple[Step, ...]
    received_known: bool = True
    """Whether the log says when it came."""


def paused(step: Step, what: str, when: int, row: int) -> Step:
    """The step with a pause begun or ended; what says so a second time changes nothing."""
    step = replace(step, rows=(*step.rows, row))
    is_paused = bool(step.pauses) and step.pauses[-1][1] < 0
    if what == "suspend" and not is_paused:
        return replace(step, pauses=(*step.pauses, (when, -1)))
    if what == "resume" and is_paused:
        return replace(step, pauses=(*step.pauses[:-1], (step.pauses[-1][0], when)))
    return step


def much_longer(cases: Iterable[LogCase]) -> Iterator[tuple[str, Step, str]]:
    """(case, step, in words) of steps far longer than their like: each would count as a person for all its time."""
    lengths: dict[tuple[str, str], list[tuple[int, Step, str]]] = {}
    for case in cases:
        for step in case.steps:
            if step.start is not None and step.end is not None:
                found = lengths.setdefault((step.activity, step.office), [])
                found.append((step.end - step.start, step, case.id))
    for found in lengths.values():
        if len(found) < ENOUGH_LIKE_IT:
            continue
        usual = round(percentile(sorted(length for length, _, _ in found), 0.9))
        for length, step, case_id in found:
            if length > max(MUCH_LONGER * usual, HARMLESS):
                lasts, most = span_in_words(length), span_in_words(usual)
                yield case_id, step, f"it lasts {lasts}, where nine of ten of its kind last {most} at most"


def span_in_words(seconds: int) -> str:
    """A length of time for people, roughly."""
    if seconds >= 172_800:
        return f"{seconds / 86_400:.0f} days"
    return f"{seconds / 3600:.1f} hours" if seconds >= 3600 else f"{seconds // 60} minutes"
