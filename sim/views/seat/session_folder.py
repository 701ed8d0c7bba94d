"""The folder in which a seat keeps its session: where it begins, goes on, and begins anew, with what is to be said."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from sim.errors import SessionError
from sim.i18n import _, many, marked
from sim.model.loading import Scenario
from sim.training.resuming import resume
from sim.training.session import Session
from sim.training.storage import EditedSinceError, put_aside
from sim.views.room.seats import SEATS

Begun = tuple[Session, str]
"""A session, and what is to be said about how it began."""


class SessionFolder:
    """Where the session of a scenario and seed is kept, if anywhere. Nothing that is there is ever written over."""

    def __init__(self, folder: str | Path | None, scenario: Scenario, seed: int, *, partner: str = ""):
        self.scenario, self.seed, self.partner = scenario, seed, partner
        self.folder = None if folder is None else Path(folder)
        self._last: Session | None = None
        """The last session that was begun here: the next one with the same luck goes on from its beginning."""
        self.wanted = folder is not None
        """Whether the session is meant to be kept."""
        self.path = None if self.folder is None else self.folder / _file(scenario.id, seed)
        """The session's file; None if it is not kept."""

    @property
    def seat(self) -> str:
        """The name of the seat in a room; nothing elsewhere."""
        return self.path.parent.name if self.path is not None and self.path.parent.parent.name == SEATS else ""

    def begin_or_resume(self) -> Begun:
        """The session that is there, or a new one."""
        if self.path is None or not self.path.exists():
            return self._new()
        try:
            session = resume(self.path, self.scenario)
        except EditedSinceError as error:
            return self._taken_again(self.path, error)
        except SessionError as error:
            return self._put_aside_and(error, self._new)
        one, other = marked("Your session goes on after {n} step."), "Your session goes on after {n} steps."
        said = [many(one, other, len(session.steps))] if session.steps else []
        return session, " ".join([*said, *map(str, session.remarks)])

    def begin_anew(self) -> Begun:
        """A new session; the earlier one is kept under another name. Raises `OSError` if it cannot be."""
        kept = put_aside(self.path).name if self.path is not None and self.path.exists() else ""
        session, note = self._new()
        return session, note or (_("The earlier session is kept as {name}.").format(name=kept) if kept else "")

    def begin_with_new_luck(self) -> Begun:
        """A new session with another seed, beside the one that is there."""
        self.seed += 1
        while self.folder is not None and (self.folder / _file(self.scenario.id, self.seed)).exists():
            self.seed += 1
        self.path = None if self.folder is None else self.folder / _file(self.scenario.id, self.seed)
        return self._new()

    def _new(self) -> Begun:
        last = self._last
        if last is None or last.seed != self.seed:
            last = Session(self.scenario, seed=self.seed, partner=self.partner).remember()
        self._last = last.again()
        return self._keeping(last)

    def _keeping(self, session: Session) -> Begun:
        """A session that is kept from now on, as soon as it can be."""
        if self.path is None:
            return session, ""
        try:
            session.keep_in(self.path)
        except SessionError as error:
            return session, _("{problem} — the play goes on, unsaved.").format(problem=error)
        return session, ""

    def _taken_again(self, path: Path, error: SessionError) -> Begun:
        """The steps of a play whose case was edited since, taken again in the case as it is now."""
        try:
            session = resume(path, self.scenario, edited=True)
        except SessionError:
            return self._put_aside_and(error, self._new)

        def again() -> Begun:
            one, other = marked("{n} step was taken again."), "{n} steps were taken again."
            kept, note = self._keeping(session)
            return kept, " ".join([many(one, other, len(kept.steps)), *map(str, kept.remarks), note]).strip()

        return self._put_aside_and(error, again)

    def _put_aside_and(self, error: SessionError, begin: Callable[[], Begun]) -> Begun:
        """Begin, where there is a file that cannot be gone on with; it is kept under another name."""
        assert self.path is not None
        try:
            said = _("{problem} (the old file is kept as {name})").format(problem=error, name=put_aside(self.path).name)
        except OSError:
            # It cannot be moved away, so it must not be written over either.
            said = _("{problem}. The folder cannot be written: the play goes on, unsaved.").format(problem=error)
            self.path = None
        session, note = begin()
        return session, f"{said} {note}".strip()


def latest_seed(folder: Path, case: str, otherwise: int) -> int:
    """The seed of the session of a case that was played last in a folder; ``otherwise`` where there is none."""
    found = [
        (path.stat().st_mtime, int(match[1]))
        for path in folder.glob(f"{case}-*.session.jsonl")
        if (match := _seed_of(path, case))
    ]
    return max(found)[1] if found else otherwise


def _seed_of(path: Path, case: str) -> re.Match[str] | None:
    return re.fullmatch(rf"{re.escape(case)}-([0-9]{{1,9}})\.session\.jsonl", path.name)


def _file(case: str, seed: int) -> str:
    return f"{case}-{seed}.session.jsonl"
