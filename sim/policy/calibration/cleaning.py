"""From rows to the steps of cases. Nothing is dropped silently: every row is used, used in part or set aside, and
whatever is wrong or doubtful about one is a finding with its row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Literal

from sim.disk import write_whole
from sim.errors import UsageError
from sim.i18n import say
from sim.model.durations import YEAR
from sim.policy.calibration.raw import RawLog, RawRow
from sim.policy.calibration.steps import LogCase, Step, much_longer, paused, span_in_words
from sim.policy.calibration.timestamps import EMPTY, Reader, Time
from sim.written import csv_text

Done = Literal["used", "used for the path only", "set aside"]
"""What was done with a row. *For the path only*: its place among the steps counts, its duration does not."""
USED: Done = "used"
PATH: Done = "used for the path only"
ASIDE: Done = "set aside"
_WORST = {USED: 0, PATH: 1, ASIDE: 2}
FAR_AWAY = 15 * YEAR
"""Seconds from the median time beyond which a date is taken for a slip."""


@dataclass(frozen=True)
class Finding:
    """Something wrong or doubtful about a row."""

    row: int
    case: str
    kind: str
    """What it is in general, for counting."""
    what: str
    """What it is in particular."""
    done: Done


@dataclass(frozen=True)
class CleanLog:
    """What could be read of a log, and what was found on the way."""

    raw: RawLog
    cases: tuple[LogCase, ...]
    findings: tuple[Finding, ...]
    done: dict[Done, int]
    """Number of rows by what was done with them; they add up to all rows."""
    has_starts: bool
    dates_only: bool
    """Whether the log knows days, and no time of the day."""
    remarks: tuple[str, ...]
    too_long: frozenset[int]
    """Rows of steps so long that a wrong date is likely; they occupy nobody where staff is counted."""

    @property
    def read(self) -> int:
        """Rows read."""
        return len(self.raw.rows)

    def counts(self) -> dict[tuple[str, str], int]:
        """In how many rows each kind of finding was met, by what was done."""
        met = {(f.kind, f.done, f.row) for f in self.findings}
        return dict(sorted(Counter((kind, done) for kind, done, _ in met).items()))

    def totals(self) -> str:
        """The sum in words."""
        parts = [f"{count} {done}" for done, count in self.done.items()]
        return f"{self.read} rows read = {' + '.join(parts)}"


def write_findings(log: CleanLog, path: str | Path) -> Path:
    """Every finding as CSV: row, case, what, what was done. Raises `UsageError`."""
    rows = [(finding.row, finding.case, finding.what, finding.done) for finding in log.findings]
    try:
        write_whole(Path(path), csv_text(("row", "case", "what", "done"), rows).encode())
    except OSError as error:
        raise UsageError(
            say("{path}: cannot be written: {reason}", path=path, reason=error.strerror or error)
        ) from None
    return Path(path)


_OF_A_CASE = ("kind", "from_", "to", "outcome")
"""Columns that say something of the case, and not of the step."""


def clean(raw: RawLog) -> CleanLog:
    """The steps of a log's cases, and every finding in the order of rows. Raises `UsageError` where the dates of the
    whole log cannot be told."""
    return _Cleaning(raw).clean()


@dataclass
class _Cleaning:
    raw: RawLog
    findings: list[Finding] = field(default_factory=list)
    done: dict[int, Done] = field(default_factory=dict)
    """By place among the rows."""
    place: dict[int, int] = field(default_factory=dict)
    """Place by row number."""
    naive: int = 0
    zoned: int = 0
    whole_days: int = 0
    rarer: bool | None = None
    """Where some times name a zone and others do not: whether those without one are the fewer."""
    around: int = 0

    def clean(self) -> CleanLog:
        columns = self.raw.columns
        self.reader = Reader(columns.time_zone, columns.date_format, columns.day_first, self._sample())
        self._look_at_times()
        steps: dict[str, list[Step]] = {}
        described: dict[str, dict[str, tuple[str, int]]] = {}
        received: dict[str, int] = {}
        known: dict[tuple[str, ...], int] = {}
        events: dict[tuple[str, str, str], list[tuple[RawRow, int, str]]] = {}
        for row in self.raw.rows:
            self.done[row.number] = USED
            if not self._is_a_row(row, known):
                continue
            case = row.cells["case"]
            self._describe(row, described.setdefault(case, {}))
            if "received" in row.cells and case not in received and (when := self._time(row, "received")) is not None:
                received[case] = when
            if columns.time is not None:
                self._event(row, events)
            elif (step := self._step(row)) is not None:
                steps.setdefault(case, []).append(step)
        for (case, activity, _), found in events.items():
            steps.setdefault(case, []).extend(self._pair(case, activity, found))
        cases = [self._case(case, found, described[case], received.get(case)) for case, found in steps.items()]
        has_starts = any(step.start is not None for case in cases for step in case.steps)
        dates_only = self.naive + self.zoned > 0 and self.whole_days == self.naive + self.zoned
        kept = self._without_twins(cases, dates_only)
        if has_starts:
            self._without_start(kept)
        too_long: set[int] = set()
        for case_id, step, words in much_longer(kept):
            self._find(step.rows[-1], case_id, "much longer than others", f"{words}; left out where staff is counted")
            too_long.update(step.rows)
        totals: dict[Done, int] = dict.fromkeys((USED, PATH, ASIDE), 0)
        for outcome in self.done.values():
            totals[outcome] += 1
        order = {row.number: place for place, row in enumerate(self.raw.rows)}
        self.findings.sort(key=lambda finding: order[finding.row])
        remarks = (*self.raw.remarks, *self._remarks(dates_only))
        return CleanLog(
            self.raw, tuple(kept), tuple(self.findings), totals, has_starts, dates_only, remarks, frozenset(too_long)
        )

    # Findings

    def _find(self, row: RawRow | int, case: str, kind: str, what: str, done: Done = USED) -> None:
        number = row if isinstance(row, int) else row.number
        if _WORST[done] > _WORST[self.done[number]]:
            self.done[number] = done
        self.findings.append(Finding(number, case[:80], kind, what, done))

    def _is_a_row(self, row: RawRow, known: dict[tuple[str, ...], int]) -> bool:
        case = row.cells.get("case", "")
        if row.fault:
            self._find(row, case, "no proper row", row.fault, ASIDE)
            return False
        for name in ("case", "activity"):
            if row.cells[name].lower() in EMPTY:
                self._find(row, case, f"no {name}", f"the cell of the {name} is empty", ASIDE)
                return False
        content = tuple(row.cells.values())
        if content in known:
            # Two events without an instance may well be alike only in a log of events; a row of a table is not.
            self._find(row, case, "row entered twice", f"the same as row {known[content]}", ASIDE)
            return False
        known[content] = row.number
        formula = next((n for n, c in row.cells.items() if c.startswith("=") or c.startswith("@")), None)
        if formula is not None:
            words = f"{row.cells[formula][:40]!r} looks like a spreadsheet's formula; taken as text"
            self._find(row, case, "looks like a formula", words)
        return True

    def _describe(self, row: RawRow, known: dict[str, tuple[str, int]]) -> None:
        """Take what a row says of its case; an empty cell says nothing, wherever systems fill in the others."""
        for name in _OF_A_CASE:
            value = row.cells.get(name, "")
            if value.lower() in EMPTY:
                continue
            first, number = known.setdefault(name, (value, row.number))
            if value != first:
                other = f"another {name.rstrip('_')} ({value[:40]!r}) than in row {number} of the same case"
                self._find(row, row.cells["case"], "case with two descriptions", f"{other}; the first counts")

    # Times

    def _sample(self) -> Iterable[str]:
        for row in self.raw.rows:
            for name in ("end", "time", "start", "received"):
                if not row.fault and row.cells.get(name):
                    yield row.cells[name]

    def _look_at_times(self) -> None:
        """Whether some times name a zone and others do not, and around which day they lie."""
        found = [time for text in self._sample() if isinstance(time := self.reader.read(text), Time)]
        naive = sum(time.naive for time in found)
        if 0 < naive < len(found):
            self.rarer = 2 * naive <= len(found)
        self.around = round(median(time.seconds for time in found)) if found else 0

    def _time(self, row: RawRow, name: str) -> int | None:
        """The time in a cell; None for an empty one and, with a finding, for what is no time."""
        text = row.cells.get(name, "")
        if text.lower() in EMPTY:
            return None
        found = self.reader.read(text)
        case = row.cells["case"]
        if isinstance(found, str):
            self._find(row, case, "date cannot be read", f"{name}: {found}")
            return None
        if abs(found.seconds - self.around) > FAR_AWAY:
            words = f"{name}: {text[:40]!r} is more than {FAR_AWAY // YEAR} years from most of the log"
            self._find(row, case, "time far from all others", words)
            return None
        self.naive += found.naive
        self.zoned += not found.naive
        self.whole_days += found.whole_day
        if found.naive == self.rarer:
            # One side of a mixture is enough; the other would be a finding in nearly every row.
            zone = self.raw.columns.time_zone
            if found.naive:
                words = f"{name}: names no zone, as most times do; taken as {zone}"
                self._find(row, case, "time without a zone", words)
            else:
                words = f"{name}: {text[:40]!r} names a zone; most times do not, and are taken as {zone}"
                self._find(row, case, "time with a zone", words)
        if found.doubt:
            self._find(row, case, "time when clocks change", f"{name}: {found.doubt}")
        return found.seconds

    # Steps

    def _step(self, row: RawRow) -> Step | None:
        """A row that describes a whole step."""
        case, columns = row.cells["case"], self.raw.columns
        start, end = self._time(row, "start"), self._time(row, "end")
        if start is None and end is None:
            self._find(row, case, "no time", "neither a start nor an end that can be read", ASIDE)
            return None
        if end is None and columns.start is not None:
            self._find(row, case, "no end", "begun and not ended: under way, or the end is missing", PATH)
        return self._checked(row.number, case, self._new_step(row, start, end))

    def _new_step(self, row: RawRow, start: int | None, end: int | None) -> Step:
        activity, office = row.cells["activity"], row.cells.get("office", "")
        if office.lower() in EMPTY or activity in self.raw.columns.nobody:
            office = ""
        return Step((row.number,), activity, office, start, end, row.cells.get("person", ""))

    def _checked(self, row: int, case: str, step: Step) -> Step:
        if step.start is not None and step.end is not None and step.end < step.start:
            words = f"it ends {span_in_words(step.start - step.end)} before it begins"
            self._find(row, case, "negative duration", words, PATH)
            return replace(step, end=None)
        return step

    # Events

    def _event(self, row: RawRow, events: dict[tuple[str, str, str], list[tuple[RawRow, int, str]]]) -> None:
        case, activity = row.cells["case"], row.cells["activity"]
        when = self._time(row, "time")
        if when is None:
            self._find(row, case, "no time", "no time that can be read", ASIDE)
            return
        transition = row.cells.get("lifecycle", "").lower() or "complete"
        if transition not in _TRANSITIONS:
            words = f"the lifecycle has {transition[:40]!r}, which neither begins nor ends work"
            self._find(row, case, "event of another kind", words, ASIDE)
            return
        key = (case, activity, row.cells.get("instance", "") if "instance" in row.cells else "")
        events.setdefault(key, []).append((row, when, _TRANSITIONS[transition]))

    def _pair(self, case: str, activity: str, events: list[tuple[RawRow, int, str]]) -> Iterable[Step]:
        """Steps from the events of one activity of a case: ends belong to the earliest start still open."""
        events.sort(key=lambda event: (event[1], _FIRST[event[2]], event[0].number))
        begun: list[tuple[Step, RawRow]] = []
        for row, when, what in events:
            if what == "start":
                begun.append((self._new_step(row, when, None), row))
            elif what == "end":
                if begun:
                    step, _ = begun.pop(0)
                    yield replace(step, end=when, rows=(*step.rows, row.number))
                else:
                    yield self._new_step(row, None, when)
            elif begun:
                begun[0] = (paused(begun[0][0], what, when, row.number), begun[0][1])
            elif what == "resume":
                # An instance for each piece of the work: every piece is a step of its own.
                begun.append((self._new_step(row, when, None), row))
            else:
                self._find(row, case, "event without a beginning", f"{what} of what has not begun", ASIDE)
        for step, row in begun:
            self._find(row, case, "no end", "begun and not ended: under way, or the end is missing", PATH)
            yield step

    # Cases

    def _case(
        self, id_: str, steps: Sequence[Step], described: Mapping[str, tuple[str, int]], received: int | None
    ) -> LogCase:
        ordered = tuple(sorted(steps, key=lambda step: step.order))
        first = ordered[0].order[0]
        if received is not None and received > first:
            words = f"the request came {span_in_words(received - first)} after its first step; the first step counts"
            self._find(ordered[0].rows[0], id_, "received after the first step", words)
            received = None
        cells = {name: described.get(name, ("", 0))[0] for name in _OF_A_CASE}
        known = received is not None
        return LogCase(
            id_, received=first if received is None else received, steps=ordered, received_known=known, **cells
        )

    def _without_twins(self, cases: list[LogCase], dates_only: bool) -> list[LogCase]:
        """Cases without those entered twice under two names: the same steps at the same seconds."""
        seen: dict[tuple[object, ...], str] = {}
        kept = []
        for case in cases:
            content = (case.kind, *((s.activity, s.office, s.start, s.end) for s in case.steps))
            twin = seen.setdefault(content, case.id)
            if twin == case.id or dates_only or len(case.steps) < 2:
                kept.append(case)
                continue
            for row in (row for step in case.steps for row in step.rows):
                words = f"the case has the same steps at the same times as {twin[:40]!r}"
                self._find(row, case.id, "case entered twice", words, ASIDE)
        return kept

    def _without_start(self, cases: list[LogCase]) -> None:
        for case in cases:
            for step in case.steps:
                if step.start is None and step.office:
                    self._find(step.rows[0], case.id, "no start", "ended, and no start that can be read", PATH)

    def _remarks(self, dates_only: bool) -> Iterable[str]:
        zone = self.raw.columns.time_zone
        if dates_only:
            yield "the log knows days and no time of the day: working hours and effort cannot be found in it"
        elif self.naive and not self.zoned:
            yield f"no time names its zone; all are taken as {zone}"
        elif self.rarer is not None:
            yield (
                f"{self.naive} times name no zone and are taken as {zone}, {self.zoned} name one; the rows of the "
                "fewer are listed"
            )
        if self.raw.unused:
            more = f" and {len(self.raw.unused) - 20} more" if len(self.raw.unused) > 20 else ""
            yield f"columns not used: {', '.join(name[:40] for name in self.raw.unused[:20])}{more}"


_TRANSITIONS = {
    "start": "start",
    "manualskip": "end",
    "complete": "end",
    "autoskip": "end",
    "ate_abort": "end",
    "pi_abort": "end",
    "suspend": "suspend",
    "resume": "resume",
}
"""Transitions of the XES lifecycle that begin, end or break off work; the others say how it was assigned."""
_FIRST = {"resume": 0, "start": 1, "suspend": 2, "end": 3}
