"""Two States against the clock: one team requests, another is the requested central authority.

Two sessions exchange through files in a shared folder; there is no server. Each side writes one file and only it does,
a whole line at a time, and reads the other's. Its first line says which play it belongs to. What was read is written
into the reader's own session before it has an effect, so that a session replays without the folder, and a crash or a
late team loses nothing. Post travels for a day of the story; nobody may go further ahead than that, so that nothing can
arrive in somebody's past. What does not fit is left lying with a note, and time goes on.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sim.case.requests import LetterRequest
from sim.errors import SessionError
from sim.i18n import Words, say
from sim.model.action import Action
from sim.model.data import Data
from sim.model.durations import DAY
from sim.model.events import (
    AcknowledgedByYou,
    AssuranceGiven,
    AssuranceSought,
    Event,
    Granted,
    Helped,
    PostponedByYou,
    QuestionSent,
    RefusedByYou,
    Sent,
    SentBackByYou,
    Supplemented,
)
from sim.training.action_rules import action_of, data_of, problem_with
from sim.training.session import Session
from sim.training.session_records import Entry
from sim.training.storage import MAXIMUM_BYTES

TRANSIT = DAY
"""How long post between the two tables takes, and how far one may run ahead of the other. A teaching choice."""
KIND, FORMAT = "mlasim post", 1
_BEGINNING = f'{{"kind": "{KIND}"'.encode()
MAXIMUM_POST = 300
"""Pieces of post that are taken in during one play."""
SHOWN = 3
"""Notes that are shown at once."""
Side = Literal["requesting", "requested"]
_OTHER: dict[str, Side] = {"requesting": "requested", "requested": "requesting"}
_FROM_DESK: dict[type[Event], str] = {
    AcknowledgedByYou: "acknowledged",
    AssuranceSought: "assurance asked",
    QuestionSent: "question",
    Granted: "granted",
    PostponedByYou: "postponed",
    RefusedByYou: "refused",
    SentBackByYou: "sent back",
    Helped: "executed",
}
"""What the other team hears of what was done with its letter."""


class PostError(SessionError):
    """Post cannot be read or sent as things stand; the message says what to do about it."""


class NotSentError(PostError):
    """The folder cannot be written; what was to go is sent at the next time."""


@dataclass(frozen=True)
class Piece:
    """One piece of post, as its file has it."""

    place: str
    """``file:line``."""
    moment: int
    """When it was sent, in seconds of the sender's story."""
    number: int
    post: dict[str, object]
    wrong: str = ""
    """Why it is none; nothing if it can be read."""


@dataclass(frozen=True)
class Posted:
    """What one side has written so far."""

    play: str = ""
    """Which play it belongs to; none: there is no such file yet."""
    to: str = ""
    """Which play of the other side it has heard of."""
    clock: int = 0
    """Seconds of its story that have passed."""
    ended: bool = False
    """Whether its story is over, so that it says nothing more."""
    pieces: tuple[Piece, ...] = ()
    bad: tuple[str, ...] = ()
    """Lines that are none."""
    size: int = 0
    """Bytes of whole lines."""
    cut: bool = False
    """Whether half a line follows them, which a crash has left or which is being written."""


class Exchange:
    """One side's end of the exchange. Call `sync` after every step; use `wait` instead of the session's own."""

    def __init__(self, folder: str | Path, side: Side, session: Session):
        self.folder, self.side, self.session = Path(folder), side, session
        if side == "requesting" and not session.run.partner:
            raise SessionError(say("say which State the other team plays: Session(…, partner=…)"))
        if side == "requested" and not session.case.incoming:
            raise SessionError(
                say("{id!r} has no desk; the requested side plays a case with incoming requests", id=session.case.id)
            )
        self.own, self.other = self.folder / f"{side}.jsonl", self.folder / f"{_OTHER[side]}.jsonl"
        self.notes: list[str] = []
        """What went wrong and stopped nothing, for whoever shows it to take out; each thing is noted once."""
        self._noted: set[str] = set()
        self._read_before: dict[Path, tuple[tuple[int, int, int], Posted]] = {}
        if not session.exchange:
            session.join(exchange=secrets.token_hex(8))

    @classmethod
    def after(cls, before: Exchange | None, folder: str | Path, side: Side, session: Session) -> Exchange:
        """The end that belongs to a session: the one there was, if it does; the post of a play that is over is set
        aside."""
        if before is not None and before.session is session:
            return before
        if before is not None and before.session.exchange != session.exchange:
            before.leave()
        return cls(folder, side, session)

    # Time

    @property
    def clock(self) -> int:
        """Seconds of this side's story that have passed."""
        return self.session.run.now - self.session.run.start

    @property
    def others_clock(self) -> int:
        """Seconds of the other side's story that have passed, as far as it has told; 0 if it is not there yet."""
        return self._theirs().clock

    def wait(self, *, days: float | None = None, until: datetime | None = None) -> None:
        """Let time pass, no further than the other side's clock and a day. Raises `SessionError` if that is now, or
        if the other side's clock cannot be read."""
        try:
            self.sync()
        except NotSentError as error:
            self._note(str(error))
        start, now, theirs = self.session.run.start, self.session.run.now, self._theirs()
        arrivals = [start + piece.moment + TRANSIT for piece in theirs.pieces if not piece.wrong][:MAXIMUM_POST]
        limits = [moment for moment in arrivals if moment > now]
        if not theirs.ended:
            limits.append(start + theirs.clock + TRANSIT)
            if limits[-1] <= now:
                day = int(theirs.clock / DAY) + 1
                raise SessionError(say("the other team is on day {day} of its story; it has to go on first", day=day))
        self.session.wait(days=days, until=until, at_most=min(limits, default=None))
        try:
            self.sync()
        except PostError as error:
            self._note(str(error))

    def sync(self) -> int:
        """Take in post that has arrived, and send what is new; returns how many pieces were taken in.

        Raises `PostError` where a file cannot be read or written, or belongs to another play.
        """
        try:
            taken = self._collect()
        except PostError:
            self._publish()
            raise
        self._publish()
        return taken

    def try_to_sync(self) -> str:
        """As `sync`; what went wrong is not raised, but returned in words."""
        try:
            self.sync()
        except SessionError as error:
            return f"{error} {self.noted()}".strip()
        return self.noted()

    def noted(self) -> str:
        """What went wrong since this was last asked and stopped nothing, in words."""
        shown = [*self.notes[:SHOWN], *(["…"] if len(self.notes) > SHOWN else [])]
        self.notes.clear()
        return " ".join(shown)

    def leave(self) -> None:
        """Begin anew in the same folder: this play's own file is set aside, so that the next play can write one."""
        if self._read(self.own, self.side).play == self.session.exchange:
            set_aside(self.own)

    def _note(self, text: str) -> None:
        if text not in self._noted:
            self._noted.add(text)
            self.notes.append(text)

    # Post

    def _collect(self) -> int:
        self._ours()
        theirs = self._theirs()
        if self.session.ended:
            return 0
        if theirs.bad:
            more = f" (and {len(theirs.bad) - 1} more)" if len(theirs.bad) > 1 else ""
            self._note(f"{theirs.bad[0]}: left out: it is no line of post{more}")
        known = {(entry.action or {})["receive"]["number"] for entry in self.session.steps if _received(entry)}
        taken = 0
        for piece in theirs.pieces:
            if piece.number in known or piece.moment + TRANSIT > self.clock:
                continue
            if len(known) >= MAXIMUM_POST:
                self._note(
                    f"{piece.place}: left out, as all that follows: no more than {MAXIMUM_POST} pieces are taken"
                )
                break
            problem: str | Words | None = piece.wrong
            if not problem:
                action = action_of({"receive": {**piece.post, "number": piece.number}})
                problem = problem_with(self.session.run, action)
            if problem:
                self._note(f"{piece.place}: a piece of post was left out: {problem}")
                continue
            self.session.act(action)
            known.add(piece.number)
            taken += 1
        return taken

    def _ours(self) -> Posted:
        """What this side has written. Raises `PostError` if somebody else writes this side's file."""
        ours = self._read(self.own, self.side)
        if ours.play and ours.play != self.session.exchange:
            raise PostError(
                f"{self.own}: this is the post of another play. If another team plays this side too, one of you takes "
                "the other side or another folder; if it is left over from an earlier play, move it away"
            )
        return ours

    def _theirs(self) -> Posted:
        """What the other side has written. Raises `PostError` if it belongs to another play than this one."""
        theirs, session = self._read(self.other, _OTHER[self.side]), self.session
        if not theirs.play:
            return theirs
        if theirs.to not in ("", session.exchange):
            raise PostError(
                f"{self.other}: the other team plays with an earlier play of yours; it has to begin anew too. "
                "If it is left over from an earlier play, move it away"
            )
        if theirs.play != session.peer:
            if session.peer and any(_received(entry) for entry in session.steps):
                raise PostError(f"{self.other}: the other team has begun anew; begin anew here too")
            session.join(peer=theirs.play)
        return theirs

    def _publish(self) -> None:
        ours = self._ours()
        known = {(piece.post.get("event"), piece.post.get("request"), piece.moment) for piece in ours.pieces}
        number = max((piece.number for piece in ours.pieces), default=0)
        lines: list[dict[str, object]] = []
        if not ours.play:
            lines.append(
                {"kind": KIND, "format": FORMAT, "play": self.session.exchange, "side": self.side, "moment": 0}
            )
        for moment, post in self._news():
            if (post["event"], post["request"], moment) not in known:
                number += 1
                lines.append({"moment": moment, "number": number, "post": post})
        more: dict[str, object] = {"to": self.session.peer} if self.session.peer != ours.to else {}
        more |= {"ended": True} if self.session.ended and not ours.ended else {}
        if lines or more or ours.cut or self.clock > ours.clock:
            lines.append({"moment": self.clock, **more})
        self._append(lines, ours.size)

    def _news(self) -> list[tuple[int, dict[str, object]]]:
        """What this side has to tell: (moment of the story, piece of post)."""
        run, found = self.session.run, []
        for event in run.events:
            moment = event.moment - run.start
            if self.side == "requesting":
                letter = run.requests.get(event.about)
                if not isinstance(letter, LetterRequest) or letter.to != run.partner:
                    continue
                if isinstance(event, Sent):
                    written = data_of(Action(content=letter.spec))["send"]
                    says = ". ".join((letter.spec.draft.words or {}).values()) if letter.spec.draft else ""
                    post = {"event": "request", "request": letter.id, "from": run.home, "letter": written}
                    found.append((moment, post | ({"detail": says[:4000]} if says else {})))
                elif isinstance(event, Supplemented):
                    found.append((moment, {"event": "answer", "request": letter.id}))
                elif isinstance(event, AssuranceGiven):
                    promised = ", ".join(event.assurances)
                    found.append((moment, {"event": "assurance", "request": letter.id, "detail": promised}))
            elif type(event) in _FROM_DESK and run.incoming[event.about].team:
                name = event.about.removeprefix("team-")
                detail = {"detail": event.ground} if isinstance(event, RefusedByYou) else {}
                if isinstance(event, AssuranceSought):
                    detail = {"detail": ", ".join(event.assurances)}
                found.append((moment, {"event": _FROM_DESK[type(event)], "request": name, **detail}))
        return found

    # Files

    def _append(self, lines: list[dict[str, object]], at: int) -> None:
        """Write lines after the whole ones that are there; half a line that a crash has left is written over."""
        if not lines:
            return
        data = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
        if at + len(data) > MAXIMUM_BYTES:
            raise NotSentError(f"{self.own}: no more than {MAXIMUM_BYTES:,} bytes of post are sent in one play")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            # A file that somebody else begins at the same moment is not written over.
            with self.own.open("r+b" if self.own.exists() else "xb") as stream:
                stream.seek(at)
                stream.truncate()
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise NotSentError(f"{self.own}: cannot be written: {error.strerror}. It is tried again later") from None

    def _read(self, path: Path, side: Side) -> Posted:
        """What a file holds; a last line that is not whole yet is left for the next time.

        Raises `PostError` for a file that cannot be read, is too large, or is no post of that side.
        """
        try:
            found = path.stat()
            if not path.is_file():
                raise PostError(f"{path}: this is no file; move it away and go on")
            seen = (found.st_size, found.st_mtime_ns, found.st_ino)
            before, posted = self._read_before.get(path, (None, Posted()))
            if before == seen:
                return posted
            with path.open("rb") as stream:
                data = stream.read(MAXIMUM_BYTES + 1)
        except FileNotFoundError:
            return Posted()
        except OSError as error:
            raise PostError(f"{path}: cannot be read: {error.strerror}") from None
        except ValueError:
            raise PostError(f"{path}: this is no path of a file") from None
        if len(data) > MAXIMUM_BYTES:
            raise PostError(f"{path}: larger than {MAXIMUM_BYTES:,} bytes; this is no post; move it away and go on")
        posted = _parsed(path, side, data)
        self._read_before[path] = (seen, posted)
        return posted


def set_aside(path: Path) -> Path:
    """Rename a file in the shared folder that does not belong there, never over another; its new name.

    The team whose file it was sends all of it again when it goes on.
    """
    number = 1
    while (aside := path.with_name(f"{path.stem}.aside-{number}{path.suffix}")).exists():
        number += 1
    try:
        path.rename(aside)
    except OSError as error:
        raise PostError(f"{path}: cannot be moved away: {error.strerror}") from None
    return aside


def _received(entry: Entry) -> bool:
    return entry.action is not None and "receive" in entry.action


def _parsed(path: Path, side: Side, data: bytes) -> Posted:
    """The whole lines of a file. What is no line of post is left out and listed."""
    lines = data.split(b"\n")[:-1]
    if not lines:
        if not _BEGINNING.startswith(data[: len(_BEGINNING)]):
            raise PostError(f"{path}: this is no post of another team; move it away and go on")
        return Posted(cut=bool(data))
    first = _object(lines[0].removeprefix(b"\xef\xbb\xbf"))
    play = first.get("play")
    if first.get("kind") != KIND or not isinstance(play, str) or not 0 < len(play) <= 40 or not play.isalnum():
        raise PostError(f"{path}: this is no post of another team; move it away and go on")
    if first.get("format") != FORMAT or first.get("side") != side:
        raise PostError(f"{path}: this is post of another side or of another version; move it away and go on")
    clock, to, ended, pieces, bad = 0, "", False, [], []
    for number, text in enumerate(lines[1:], 2):
        line = _object(text)
        moment, place = line.get("moment"), f"{path}:{number}"
        if type(moment) is not int or not 0 <= moment < 100 * 365 * DAY:
            bad.append(place)
            continue
        clock = max(clock, moment)
        ended = ended or line.get("ended") is True
        if isinstance(line.get("to"), str):
            to = line["to"]
        if "post" in line:
            pieces.append(_piece(place, moment, line.get("number"), line["post"]))
    size = sum(len(line) + 1 for line in lines)
    return Posted(play, to, clock, ended, tuple(pieces), tuple(bad), size, size < len(data))


def _piece(place: str, moment: int, number: object, post: object) -> Piece:
    """A piece of post; one that cannot be read says why."""
    try:
        if type(number) is not int or not isinstance(post, dict) or "number" in post:
            raise SessionError(say("it has no number or no content"))
        action_of({"receive": {**post, "number": number}})
    except (SessionError, TypeError, ValueError, RecursionError) as error:
        why = str(error) if isinstance(error, SessionError) else "it cannot be read"
        return Piece(place, moment, 0, {}, why)
    return Piece(place, moment, number, post)


def _object(text: bytes) -> dict[str, Data]:
    """The object that a line holds; an empty one if it holds none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
