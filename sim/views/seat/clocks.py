"""What does not wait, as far as a trainee may know: deadlines, preservations, and how long holders usually keep things.

When an item is really deleted is drawn by chance and hidden; shown is what the holder's practice lets one expect.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.case.evidence import EvidenceInCase
from sim.case.requests import PreservationRequest
from sim.i18n import _, many
from sim.model.durations import DAY, Duration
from sim.model.natures import Nature
from sim.training.session import Session
from sim.views.svg import Mark

A_MOMENT = 1 / 1440
"""A minute: a clock read a moment after midnight has not lost a day."""


@dataclass(frozen=True)
class Clock:
    """Something that runs. ``first`` and ``last`` are days of the story; they differ where only a range is known."""

    title: str
    kind: str
    """``deadline``, ``deletion`` or ``preservation``."""
    first: float
    last: float
    today: float
    over: bool = False
    """Whether the case is over, so that nothing runs any more."""
    nature: Nature | None = None
    """Of what can be gone: what kind of thing it is."""
    asked: bool = False
    """Whether a preservation has been asked for and not been answered yet."""

    @property
    def left(self) -> int:
        """Whole days until it may strike."""
        return int(self.first - self.today + A_MOMENT) if self.first > self.today else 0

    @property
    def words(self) -> str:
        """How it stands, in words."""
        latest = max(int(self.last - self.today + A_MOMENT), 0)
        if self.kind == "preservation":
            return _("preserved for {days}").format(days=self._left())
        if self.kind == "deletion":
            return self._until_gone(latest)
        if self.over or self.last < self.today:
            return _("passed")
        return _("in {days}").format(days=self._left())

    def _until_gone(self, latest: int) -> str:
        assert self.nature is not None
        when = self._left()
        if latest != self.left:
            when = _("{least} to {most}").format(least=self.left, most=days(latest))
        if self.first <= self.today:
            if self.asked:
                return _("preservation asked for, no answer yet; may be deleted any day")
            return _(self.nature.any_day)
        if self.asked:
            return _("preservation asked for, no answer yet; may be deleted in {when}").format(when=when)
        return _(self.nature.in_time).format(when=when)

    def _left(self) -> str:
        """Days left, or hours on the last day."""
        if self.left:
            return days(self.left)
        return many("{n} hour", "{n} hours", max(1, round(24 * (self.first - self.today))))

    @property
    def near(self) -> bool:
        """Whether it may strike within a fortnight."""
        return not self.over and self.last >= self.today and self.left <= 14

    @property
    def mark(self) -> Mark:
        """Its place in a timeline."""
        gone = _(self.nature.from_here) if self.nature is not None else ""
        words = {"deletion": gone, "preservation": _("preservation ends")}.get(self.kind)
        kind = "deadline" if self.kind == "deadline" else "clock"
        return Mark(self.first, f"{self.title}: {words}" if words else self.title, kind)


def clocks_of(session: Session) -> list[Clock]:
    """Every clock that a trainee knows to run, deadlines first."""
    run = session.run
    found = []
    for id_, deadline in session.case.deadlines.items():
        due = (run.deadline(id_) - run.start) / DAY
        found.append(Clock(deadline.title, "deadline", due, due, run.day, session.ended))
    if session.ended:
        return found
    preserving = [request for request in run.requests.values() if isinstance(request, PreservationRequest)]
    asked = {request.preserves for request in preserving if request.outcome is None}
    for id_, item in run.evidence.items():
        state = item.state(run.now)
        if state == "preserved" and item.preserved_until is not None:
            until = (item.preserved_until - run.start) / DAY
            found.append(Clock(item.record.title, "preservation", until, until, run.day))
        elif state == "pending" and item.retention is not None:
            first, last = deletion(item)
            found.append(
                Clock(item.record.title, "deletion", first, last, run.day, nature=item.nature, asked=id_ in asked)
            )
    return found


def deletion(item: EvidenceInCase) -> tuple[float, float]:
    """First and last day of the story on which the holder may delete an item in the ordinary course."""
    assert item.retention is not None
    age = item.record.age.seconds() / DAY
    least, most = kept_for(item.retention)
    return max(least - age, 1.0), max(most - age, 1.0)


def kept_for(retention: Duration) -> tuple[float, float]:
    """Between how many days things are usually kept."""
    spans = [seconds / DAY for seconds in retention.seconds()]
    if retention.shape in ("uniform", "triangular", "empirical"):
        return min(spans), max(spans)
    return spans[0], spans[0]  # the span itself, the median or the mean


def practice(item: EvidenceInCase) -> str:
    """How long the holder keeps it, in words."""
    if item.retention is None:
        return _("does not perish")
    least, most = kept_for(item.retention)
    length = _("about {days}").format(days=days(round(most)))
    if most - least >= 1:
        length = _("{least} to {most}").format(least=round(least), most=days(round(most)))
    age = item.record.age.seconds() / DAY
    if not item.nature.preservable:
        return _(item.nature.lasts).format(length=length)
    if age < 1:
        return _("usually {length}; new when the case began").format(length=length)
    return _("usually {length}; {age} old when the case began").format(length=length, age=days(round(age)))


def days(count: int) -> str:
    """A number of days in words."""
    return many("{n} day", "{n} days", count)
