"""Two plays of a case with the same luck, day by day: the trainee's own, and one that goes by the book.

Both are taken again from their beginning and stop at the end of each day on which something was decided, done or heard
in either of them; there whoever looks at the film sees what a trainee could see then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sim.i18n import Words
from sim.model.durations import DAY
from sim.training.action_rules import action_of, described
from sim.training.debrief import request_lines
from sim.training.debrief_records import RequestLine
from sim.training.decision_log import Steps, follow
from sim.training.players import Textbook, finish
from sim.training.session import Session
from sim.training.session_records import Entry
from sim.training.telling import Message

Seen = TypeVar("Seen")


@dataclass(frozen=True)
class Taken:
    """A step of a play."""

    title: str
    """Title of the decision; empty for what was done unasked."""
    words: str | Words
    """The option in the author's words, or what was done."""
    decision: str
    option: str
    own_letter: bool = False
    """Whether it sent a letter of the trainee's own."""


@dataclass(frozen=True)
class Scene(Generic[Seen]):
    """One day of one play, as it stands when the day ends."""

    day: int
    """Day of the story, from 1."""
    date: datetime
    taken: tuple[Taken, ...]
    came: tuple[Message, ...]
    """Messages since the scene before."""
    seen: Seen
    over: bool
    """Whether the case is over."""


@dataclass(frozen=True)
class Film(Generic[Seen]):
    """Two plays beside each other, the same days in both."""

    mine: tuple[Scene[Seen], ...]
    book: tuple[Scene[Seen], ...]
    endings: tuple[str, str]
    """Title of the ending of each."""
    requests: tuple[tuple[RequestLine, ...], tuple[RequestLine, ...]]
    """What was sent in each, and where its days went."""
    lasted: tuple[float, float]
    """Days of the story that each lasted."""

    @property
    def parts(self) -> int | None:
        """The place of the first day on which the two were played differently; None: on none."""
        pairs = enumerate(zip(self.mine, self.book, strict=True))
        return next((place for place, (mine, book) in pairs if mine.taken != book.taken), None)


def film(session: Session, look: Callable[[Session], Seen]) -> Film[Seen] | None:
    """The film of a play. ``look`` says what is seen of a session as it stands. None while the play goes on, and where
    another team plays the other State: with the book it would have met somebody else."""
    if not session.ended or session.partner:
        return None
    beginning = session.again().remember()
    book = finish(beginning.again(), Textbook())
    days = sorted({*_days(session), *_days(book)})
    mine, by_the_book = (_scenes(beginning.again(), play, days, look) for play in (session, book))
    return Film(
        mine,
        by_the_book,
        (_ending(session), _ending(book)),
        (tuple(request_lines(session)), tuple(request_lines(book))),
        (session.run.day, book.run.day),
    )


def _ending(session: Session) -> str:
    return session.ending[1].title if session.ending is not None else ""


def _day(session: Session, moment: int) -> int:
    return int((moment - session.run.start) / DAY) + 1


def _days(session: Session) -> set[int]:
    """Days on which something was decided, done or heard, and the last."""
    moments = [entry.moment for entry in session.steps] + [message.moment for message in session.inbox]
    return {_day(session, moment) for moment in [*moments, session.run.now]}


def _scenes(
    fresh: Session, play: Session, days: Sequence[int], look: Callable[[Session], Seen]
) -> tuple[Scene[Seen], ...]:
    """The days of a play, which is taken again in a fresh session."""
    steps, start, found, heard = Steps.of(play), fresh.run.start, list[Scene[Seen]](), 0

    def stopped() -> None:
        nonlocal heard
        day = days[len(found)]
        taken = tuple(_taken(fresh, entry) for entry in fresh.steps if _day(fresh, entry.moment) == day)
        came = tuple(fresh.inbox[heard:])
        heard = len(fresh.inbox)
        date = fresh.run.moment(start + round((day - 1) * DAY))
        found.append(Scene(day, date, taken, came, look(fresh), fresh.ended))

    follow(fresh, steps, steps.acts, stops=[start + round(day * DAY) - 1 for day in days], stopped=stopped)
    return tuple(found)


def _taken(session: Session, entry: Entry) -> Taken:
    if not entry.decision:
        assert entry.action is not None
        return Taken("", described(session.run, action_of(entry.action)), "", "")
    decision = session.case.decisions[entry.decision]
    words = " ".join(decision.options[entry.option].text.split())
    return Taken(decision.title, words, entry.decision, entry.option, entry.action is not None)
