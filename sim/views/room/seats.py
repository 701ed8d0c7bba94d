"""Whose seat is whose in a served room.

A seat belongs to the browser that took it first. From any other browser it is opened with the seat's code, which is
made when the seat is first taken, shown to its owner, and kept as a salted hash beside the seat's sessions. Browsers
are told apart by a random name that the server gives each in a signed cookie; the page never sees it.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.disk import write_whole
from sim.errors import MlasimError, UsageError
from sim.i18n import Words, say
from sim.model.data import Data
from sim.views.room import codes
from sim.views.room.names import folder_of, key, spelled

if TYPE_CHECKING:
    import psutil

logger = logging.getLogger("mlasim.views.room")

SEATS, GAMES = "seats", "games"
"""Folders in the room's own: one for each seat in the first, one for each game of two teams in the second."""
BROWSER_HEADER, BROWSER = "Mlasim-Browser", "HTTP_MLASIM_BROWSER"
"""How the server tells a seat's process which browser it works for: a header, and what the process sees of it."""
_RECORD, _WRONG, _OPEN = "seat.json", "wrong-codes", "open-in"
GRACE = 2.0
"""Seconds that the process of a page that was left may take to end."""
_BROWSERS = 20
"""Browsers that a seat knows: more than a person has."""


class SeatClosedError(MlasimError):
    """A seat is somebody's: its code is wanted, was wrong, or is not looked at for a while."""


class SeatDamagedError(MlasimError):
    """What a seat's record says cannot be read."""


@dataclass(frozen=True)
class _Record:
    """What is kept about a seat."""

    name: str
    code: str
    """Salted hash of its code."""
    browsers: tuple[str, ...] = ()
    """Hashes of the names of browsers that open it without the code, the latest last."""
    noted: bool = False
    """Whether its owner has said that the code is noted. Until then a new one is made and shown at each opening."""


@dataclass(frozen=True)
class Seat:
    """A seat that may be gone into."""

    folder: Path
    code: str = ""
    """Its code, to be noted by its owner; empty where that has been done."""


def game_folder(room: Path, name: str) -> Path:
    """Where two teams of a room exchange their post. Raises `UsageError` if the name is none."""
    return room / GAMES / folder_of(name)


def take(room: Path, name: str, browser: str, code: str = "") -> Seat:
    """Go into a seat, or take it where it is nobody's.

    ``browser`` is the server's name for the browser, empty if there is none; ``code`` what was written, if anything.
    Raises `UsageError` if the name is none, `SeatClosedError` if the seat is somebody else's, `SeatDamagedError` if its
    record cannot be read, and `OSError` if its folder cannot be written.
    """
    folder = room / SEATS / folder_of(name)
    folder.mkdir(parents=True, exist_ok=True)
    record = _read(folder)
    if record is None:
        fresh = codes.new_code()
        if _claimed(folder, _Record(spelled(name), codes.hashed(fresh), _with((), browser))):
            return Seat(folder, fresh)
        record = _read(folder)  # somebody else took it in between
    if record is None or key(record.name) != key(name):
        raise SeatDamagedError(say("{path}: this is the record of another seat", path=folder / _RECORD))
    if not browser or _hash(browser) not in record.browsers:
        _check(folder, record, code)
        record = replace(record, browsers=_with(record.browsers, browser))
        _write(folder, record)
    if record.noted:
        return Seat(folder)
    return Seat(folder, renew(room, name))


def renew(room: Path, name: str) -> str:
    """A new code for a seat, in place of the one it had. Raises `UsageError` if there is no such seat, and what `take`
    does of records and folders."""
    folder = room / SEATS / folder_of(name)
    record = _read(folder)
    if record is None:
        raise UsageError(say("there is no seat {name!r} in {room}", name=name[:60], room=room))
    fresh = codes.new_code()
    _write(folder, replace(record, code=codes.hashed(fresh), noted=False))
    (folder / _WRONG).unlink(missing_ok=True)
    return fresh


def noted(folder: Path) -> None:
    """A seat's owner has noted its code: it is shown no more. Raises what `take` does of records and folders."""
    record = _read(folder)
    if record is not None:
        _write(folder, replace(record, noted=True))


def open_elsewhere(folder: Path) -> bool:
    """Whether another process than this one has this seat open; from now on this one has. Raises `OSError`."""
    import psutil  # what only a served room needs is not asked of a browser's Python

    path, me = folder / _OPEN, psutil.Process()
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
        other = psutil.Process(int(before["process"]))
        same = abs(other.create_time() - float(before["began"])) < 1
        there = other.pid != me.pid and same and _goes_on(other)
    except (OSError, ValueError, KeyError, TypeError, psutil.Error) as error:
        logger.debug("%s: nobody else has the seat open: %s", path, error)
        there = False
    write_whole(path, json.dumps({"process": me.pid, "began": me.create_time()}).encode(), lasting=False)
    return there


def _goes_on(process: psutil.Process) -> bool:
    """Whether a process stays: a page that is loaded anew ends the old one's, which takes a moment."""
    import psutil

    try:
        process.wait(GRACE)
    except psutil.TimeoutExpired as error:
        logger.debug("the seat is open elsewhere: %s", error)
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False


def _check(folder: Path, record: _Record, code: str) -> None:
    """Raise `SeatClosedError` unless a code is this seat's."""
    if not codes.typed(code):
        raise SeatClosedError(_taken(record))
    wrong = _wrong_tries(folder)
    wait = codes.wait_after(len(wrong)) - (int(time.time()) - wrong[-1]) if wrong else 0
    if codes.wait_after(len(wrong)) and 0 < wait <= codes.LONGEST:
        raise SeatClosedError(codes.too_many(wait))
    if not codes.fits(code, record.code):
        with (folder / _WRONG).open("a", encoding="ascii") as stream:
            stream.write(f"{int(time.time())}\n")
        raise SeatClosedError(
            say(
                "That is not the code of this seat. Look at it again, and write all its digits. If it is lost, whoever "
                "runs the room can make another."
            )
        )
    (folder / _WRONG).unlink(missing_ok=True)


def _taken(record: _Record) -> Words:
    return say(
        "The seat {name} is taken. If it is yours, write its code, which was shown when you first went in; if not, "
        "write another name.",
        name=record.name,
    )


def _wrong_tries(folder: Path) -> list[int]:
    """When wrong codes were written, in seconds since 1970."""
    try:
        lines = (folder / _WRONG).read_text(encoding="ascii").split()
    except FileNotFoundError:
        return []
    return [int(line) for line in lines if line.isdecimal()]


def _hash(browser: str) -> str:
    return hashlib.sha256(browser.encode()).hexdigest()  # a random name is too long to be guessed; it needs no salt


def _with(browsers: tuple[str, ...], browser: str) -> tuple[str, ...]:
    return (*browsers, _hash(browser))[-_BROWSERS:] if browser else browsers


def _read(folder: Path) -> _Record | None:
    """What is kept about a seat; none if it is nobody's."""
    path = folder / _RECORD
    try:
        data: dict[str, Data] = json.loads(path.read_text(encoding="utf-8"))
        return _Record(str(data["name"]), str(data["code"]), tuple(map(str, data["browsers"])), bool(data["noted"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        logger.warning("%s: %s", path, error)
        raise SeatDamagedError(
            say("{path}: cannot be read. Whoever runs this room takes it away; the seat's plays stay.", path=path)
        ) from None


def _claimed(folder: Path, record: _Record) -> bool:
    """Write the record of a seat that has none; false if somebody else was faster."""
    try:
        handle = os.open(folder / _RECORD, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "wb") as stream:
        stream.write(_data(record))
    return True


def _write(folder: Path, record: _Record) -> None:
    write_whole(folder / _RECORD, _data(record))


def _data(record: _Record) -> bytes:
    return json.dumps(asdict(record), ensure_ascii=False, indent=1).encode()
