"""Two States against the clock: one team requests, another is the requested central authority.

Two sessions exchange through files in a shared folder; there is no server. Each side writes one file and only it does,
a whole line at a time, and reads the other's. What was read is written into the reader's own session before it has an
effect, so that a session replays without the folder, and a crash or a late team loses nothing. Post travels for a day
of the story; nobody may go further ahead than that, so that nothing can arrive in somebody's past.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sim.errors import SessionError
from sim.model.actions import Action
from sim.model.durations import DAY
from sim.training.acting import action_of, data_of
from sim.training.session import Session
from sim.training.storage import MAXIMUM_BYTES, NotWrittenError

TRANSIT = DAY
"""How long post between the two tables takes, and how far one may run ahead of the other. A teaching choice."""
Side = Literal["requesting", "requested"]
_OTHER: dict[str, Side] = {"requesting": "requested", "requested": "requesting"}
_FROM_DESK = {
    "acknowledged": "acknowledged",
    "a question has gone out": "question",
    "granted": "granted",
    "postponed": "postponed",
    "refused by you": "refused",
    "sent back by you": "sent back",
    "carried out in time": "executed",
    "carried out, too late to be of use": "executed",
}


class Exchange:
    """One side's end of the exchange. Call `sync` after every step; use `wait` instead of the session's own."""

    def __init__(self, folder: str | Path, side: Side, session: Session):
        self.folder, self.side, self.session = Path(folder), side, session
        if side == "requesting" and not session.run.partner:
            raise SessionError("say which State the other team plays: Session(…, partner=…)")
        if side == "requested" and not session.case.incoming:
            raise SessionError(
                f"{session.case.id!r} has no desk; the requested side plays a case with incoming requests"
            )
        self.own, self.other = self.folder / f"{side}.jsonl", self.folder / f"{_OTHER[side]}.jsonl"

    # Time

    @property
    def clock(self) -> int:
        """Seconds of this side's story that have passed."""
        return self.session.run.now - self.session.run.start

    @property
    def others_clock(self) -> int:
        """Seconds of the other side's story that have passed, as far as it has told; 0 if it is not there yet."""
        return max((line["moment"] for line in self._lines(self.other)), default=0)

    def wait(self, *, days: float | None = None, until: datetime | None = None) -> None:
        """Let time pass, no further than the other side's clock and a day. Raises `SessionError` if that is now."""
        self.sync()
        start, now = self.session.run.start, self.session.run.now
        allowed = start + self.others_clock + TRANSIT
        arrivals = [start + line["moment"] + TRANSIT for line in self._post() if start + line["moment"] + TRANSIT > now]
        if allowed <= now:
            day = int(self.others_clock / DAY) + 1
            raise SessionError(f"the other team is on day {day} of its story; it has to go on first")
        self.session.wait(days=days, until=until, at_most=min([allowed, *arrivals]))
        self.sync()

    def sync(self) -> int:
        """Take in post that has arrived, and send what is new; returns how many pieces were taken in."""
        taken = self._collect()
        self._publish()
        return taken

    # Post

    def _collect(self) -> int:
        if self.session.ended:
            return 0
        known = {
            action.receive.number
            for entry in self.session.steps
            if entry.action is not None and (action := action_of(entry.action)).receive is not None
        }
        taken = 0
        for line in self._post():
            if line["number"] not in known and line["moment"] + TRANSIT <= self.clock:
                self.session.act(action_of({"receive": {**line["post"], "number": line["number"]}}))
                taken += 1
        return taken

    def _post(self) -> list[dict[str, Any]]:
        return [line for line in self._lines(self.other) if "post" in line]

    def _publish(self) -> None:
        sent = [line for line in self._lines(self.own)]
        known = {(line["post"]["event"], line["post"]["request"], line["moment"]) for line in sent if "post" in line}
        number = max((line.get("number", 0) for line in sent), default=0)
        lines = []
        for moment, post in self._news():
            if (post["event"], post["request"], moment) not in known:
                number += 1
                lines.append({"moment": moment, "number": number, "post": post})
        if lines or not sent or self.clock > max(line["moment"] for line in sent):
            lines.append({"moment": self.clock})
        self._append(lines)

    def _news(self) -> list[tuple[int, dict[str, Any]]]:
        """What this side has to tell: (moment of the story, piece of post)."""
        run, found = self.session.run, []
        for happening in run.happenings:
            moment = happening.moment - run.start
            if self.side == "requesting":
                request = run.requests.get(happening.of)
                if request is None or request.to != run.partner or request.spec is None:
                    continue
                if happening.event == "sent":
                    letter = data_of(Action(send=request.spec))["send"]
                    says = ". ".join((request.spec.draft.words or {}).values()) if request.spec.draft else ""
                    post = {"event": "request", "request": request.id, "from": run.home, "letter": letter}
                    found.append((moment, post | ({"detail": says[:4000]} if says else {})))
                elif happening.detail == "supplemented":
                    found.append((moment, {"event": "answer", "request": request.id}))
            elif happening.of in run.incoming and run.incoming[happening.of].team and happening.detail in _FROM_DESK:
                name, event = happening.of.removeprefix("team-"), _FROM_DESK[happening.detail]
                ground = {"detail": run.incoming[happening.of].ground} if event == "refused" else {}
                found.append((moment, {"event": event, "request": name, **ground}))
        return found

    # Files

    def _append(self, lines: list[dict[str, Any]]) -> None:
        if not lines:
            return
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self.own.open("a", encoding="utf-8") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise NotWrittenError(f"{self.own}: cannot be written: {error.strerror}") from None

    def _lines(self, path: Path) -> list[dict[str, Any]]:
        """What a file holds; a last line that is not whole yet is left for the next time.

        Raises `SessionError` for a file that is too large or holds anything else than this module writes.
        """
        try:
            with path.open("rb") as stream:
                data = stream.read(MAXIMUM_BYTES + 1)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise SessionError(f"{path}: cannot be read: {error.strerror}") from None
        if len(data) > MAXIMUM_BYTES:
            raise SessionError(f"{path}: larger than {MAXIMUM_BYTES:,} bytes; this is no post")
        return [self._line(path, place, line) for place, line in enumerate(data.split(b"\n")[:-1], 1)]

    def _line(self, path: Path, place: int, text: bytes) -> dict[str, Any]:
        try:
            line = json.loads(text)
            moment, post = line["moment"], line.get("post")
            good = type(moment) is int and 0 <= moment < 100 * 365 * DAY
            if post is not None:
                good = good and type(line["number"]) is int
                action_of({"receive": {**post, "number": line["number"]}})
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, SessionError):
            good = False
        if not good:
            raise SessionError(f"{path}:{place}: not a line of post")
        return line
