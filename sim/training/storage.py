"""Session files: one JSON object a line, a header and then the decisions, appended and flushed as they are taken.

A file from outside is data: it is read with limits, checked, and nothing in it is executed. Nothing is written that
those limits would not let back in, and nothing over what somebody else has written meanwhile.
"""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import json
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TypedDict, Unpack

from sim.disk import write_whole
from sim.errors import SessionError
from sim.i18n import say
from sim.model.loading import Scenario, available, load
from sim.training.line_reading import STRICTLY, Line, Nested, Number, read_line

FORMAT = 1
ALWAYS = ("scenario", "hash", "seed", "replication", "format", "kind", "decision", "option", "because", "moment")
"""Fields written even where they are empty."""
MAXIMUM_BYTES = 2_000_000
MAXIMUM_DECISIONS = 1_000


class NotWrittenError(SessionError):
    """The file cannot be written; what was to be written is not lost, it only is not kept."""


class OpenElsewhereError(SessionError):
    """Something else has written the file since; a step is not taken, so that both do not ruin it."""


class Names(TypedDict):
    """Who plays with a session: the fields of the same names of its header."""

    partner: str
    exchange: str
    peer: str


class InPost(TypedDict, total=False):
    """What both sessions are called in the post of two teams."""

    exchange: str
    peer: str


class Beginning(Names):
    """What the header of a session says beside its scenario."""

    seed: int
    replication: int


@dataclass(frozen=True)
class Header:
    """First line of a session file."""

    __pydantic_config__ = STRICTLY

    scenario: Line
    hash: Line
    seed: Number
    replication: Number = 0
    format: Number = FORMAT
    kind: Line = "mlasim session"
    partner: Line = ""
    """The State that another team plays."""
    exchange: Line = ""
    """What another team's post knows this session by, where two teams play two States."""
    peer: Line = ""
    """What the other team's session is called, once it has been heard of."""


@dataclass(frozen=True)
class Entry:
    """A step of the trainee's: a decision taken, something done unasked, or time let pass."""

    __pydantic_config__ = STRICTLY

    decision: Line = ""
    """The question answered; empty for other steps."""
    option: Line = ""
    because: Line = ""
    predict: Line = ""
    """What the trainee expected, in words."""
    moment: Number = 0
    """When, in seconds since the world's epoch. For a decision it is for information: it is put when it is put."""
    days: Number = 0
    """How many days the trainee expected an answer to take; 0: nothing expected."""
    stays: Number = 0
    """1 if time stood still after a decision; otherwise it went on to the next question."""
    action: Nested = None
    """What was done unasked; for a decision that drafts a letter, the letter."""

    @property
    def kind(self) -> str:
        """``decision``, ``act`` or ``time``."""
        return "decision" if self.decision else "act" if self.action is not None else "time"


@dataclass
class SessionFile:
    """A session's file, appended to at every decision."""

    path: Path
    header: Header
    steps: int = 0
    """How many steps it holds; times let pass one after the other are one."""
    _in_time: bool = False
    """Whether the last of them is time let pass."""
    _size: int = 0
    _content: hashlib._Hash | None = field(default=None, repr=False)
    """Hash of what this program has read or written there; none: nothing yet."""

    @classmethod
    def create(cls, path: Path, scenario: Scenario, entries: list[Entry], **header: Unpack[Beginning]) -> SessionFile:
        """A file for a session, written at once."""
        file = cls(path, Header(scenario.id, scenario.hash, **header))
        file.rewrite(entries)
        return file

    def append(self, entry: Entry) -> None:
        """Add a step; it is on the disk when this returns. Raises what `ready` does."""
        data = self.ready(entry)
        try:
            with self.path.open("ab") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            with contextlib.suppress(OSError):
                os.truncate(self.path, self._size)
            raise NotWrittenError(f"{self.path}: cannot be written: {error.strerror}") from None
        self._holds(entry)
        assert self._content is not None  # `ready` has compared it
        self._content.update(data)
        self._size += len(data)

    def ready(self, entry: Entry) -> bytes:
        """What `append` would write. Raises `SessionError` if it could not be read again, if the file is full or gone,
        or if something else has written it."""
        data = self._checked(entry)
        self._untouched()
        more = not (self._in_time and entry.kind == "time")
        if self.steps + more > MAXIMUM_DECISIONS:
            raise NotWrittenError(f"{self.path}: no more than {MAXIMUM_DECISIONS:,} steps are kept in one file")
        self._fits(self._size + len(data))
        return data

    def say(self, entries: list[Entry], **values: Unpack[InPost]) -> None:
        """Write the file anew with other values in its header."""
        before, self.header = self.header, replace(self.header, **values)
        try:
            self.rewrite(entries)
        except SessionError:
            self.header = before
            raise

    def rewrite(self, entries: list[Entry]) -> None:
        """Write the whole file anew, replacing the old one at once, so that a crash leaves one or the other."""
        if self._content is not None:
            self._untouched()
        if len(entries) > MAXIMUM_DECISIONS:
            raise NotWrittenError(f"{self.path}: no more than {MAXIMUM_DECISIONS:,} steps are kept in one file")
        data = b"".join([self._checked(self.header), *(self._checked(entry) for entry in entries)])
        self._fits(len(data))
        try:
            write_whole(self.path, data)
        except OSError as error:
            raise NotWrittenError(f"{self.path}: cannot be written: {error.strerror}") from None
        self.remember(data, entries)

    def remember(self, data: bytes, entries: list[Entry]) -> None:
        """Take what the file holds for known."""
        self.steps, self._in_time, self._size, self._content = 0, False, len(data), hashlib.sha256(data)
        for entry in entries:
            self._holds(entry)

    def _holds(self, entry: Entry) -> None:
        time = entry.kind == "time"
        self.steps += not (self._in_time and time)
        self._in_time = time

    def _checked(self, record: Header | Entry) -> bytes:
        """A record's line, held against what `read_session` will accept."""
        data = asdict(record)
        read_line(type(record), data, f"{self.path}:1")
        return _line({name: value for name, value in data.items() if name in ALWAYS or value not in (0, "", None)})

    def _fits(self, size: int) -> None:
        if size > MAXIMUM_BYTES:
            raise NotWrittenError(f"{self.path}: no more than {MAXIMUM_BYTES:,} bytes are kept in one file")

    def _untouched(self) -> None:
        """Raise unless the file holds what this program has left there."""
        try:
            if not self.path.is_file():
                raise NotWrittenError(f"{self.path}: cannot be written: it is not there any more")
            with self.path.open("rb") as stream:
                data = stream.read(MAXIMUM_BYTES + 1)
        except OSError as error:
            raise NotWrittenError(f"{self.path}: cannot be written: {error.strerror}") from None
        if self._content is None or hashlib.sha256(data).digest() != self._content.digest():
            raise OpenElsewhereError(
                f"{self.path}: this session is open elsewhere too and went on there: reopen it here"
            )


@dataclass(frozen=True)
class Kept:
    """What a session file holds."""

    file: SessionFile
    entries: list[Entry]
    places: list[str]
    """Where each of them stands, as ``file:line``."""
    whole: bool
    """Whether it can be gone on with as it is."""


def read_session(path: Path) -> tuple[Header, list[Entry]]:
    """Header and steps of a session file. A last line cut off by a crash is left out.

    Raises `SessionError` with the line that is wrong.
    """
    kept = read_kept(path)
    return kept.file.header, kept.entries


def scenario_of(file: SessionFile, given: Scenario | None = None) -> Scenario:
    """The scenario that a session plays, as it is now: the one given, or the library's.

    Raises `SessionError` if it is another one, or has changed since.
    """
    path, header = file.path, file.header
    if given is None and header.scenario not in available("case"):
        words = say("{path}: there is no case {scenario!r} in the library — give the scenario", **_names(file))
        raise SessionError(words)
    scenario = load(header.scenario) if given is None else given
    if scenario.id != header.scenario:
        words = say("{path}: this is a session of {scenario!r}, not of {id!r}", **_names(file), id=scenario.id)
        raise SessionError(words)
    if scenario.hash != header.hash:
        raise SessionError(
            say(
                "{path}: the scenario {scenario!r} has been edited since this session was played (was {before}, is "
                "{now}) — play it with the scenario it began with, or begin anew",
                path=path,
                scenario=header.scenario,
                before=header.hash[:12],
                now=scenario.hash[:12],
            )
        )
    return scenario


def _names(file: SessionFile) -> dict[str, object]:
    return {"path": file.path, "scenario": file.header.scenario[:60]}


def read_kept(path: Path) -> Kept:
    """As `read_session`, with the file to go on writing."""
    data = _bytes(path)
    *complete, tail = data.removeprefix(codecs.BOM_UTF8).split(b"\n")
    objects = [(number, _object(path, number, line)) for number, line in enumerate(complete, 1) if line.strip()]
    if tail.strip():
        try:  # a file without a last line break, written by hand, or a line cut off by a crash
            objects.append((len(complete) + 1, _object(path, len(complete) + 1, tail)))
        except SessionError:
            if not objects:
                raise
    first = objects[0][1] if objects else {}
    if first.get("kind") != "mlasim session":
        raise SessionError(say("{path}:1: this is no session file", path=path))
    if first.get("format") != FORMAT:
        found = first.get("format")
        shown = str(found)[:20] if isinstance(found, int) else "unsaid"
        raise SessionError(say("{path}:1: format {shown} is not known", path=path, shown=shown))
    header = read_line(Header, first, f"{path}:1")
    entries: list[Entry] = []
    places: list[str] = []
    for number, content in objects[1:]:
        entry = _entry(content, path, number)
        if follows_on(entries, entry):
            entries.pop(), places.pop()
        entries.append(entry)
        places.append(f"{path}:{number}")
        if len(entries) > MAXIMUM_DECISIONS:
            raise SessionError(say("{path}: more than {most} decisions", path=path, most=MAXIMUM_DECISIONS))
    file = SessionFile(path, header)
    file.remember(data, entries)
    swollen = len(data) > MAXIMUM_BYTES // 2 and len(entries) < len(objects) - 1
    return Kept(file, entries, places, whole=not tail and not swollen)


def follows_on(entries: list[Entry], entry: Entry) -> bool:
    """Whether a step is time let pass right after time let pass, so that the later one says all."""
    return entry.kind == "time" and bool(entries) and entries[-1].kind == "time" and entries[-1].moment <= entry.moment


def _entry(data: dict[str, object], path: Path, number: int) -> Entry:
    """A step, of which each kind has what it needs."""
    entry = read_line(Entry, data, f"{path}:{number}")
    if bool(entry.decision) != bool(entry.option) or not (entry.decision or "moment" in data):
        missing = "option" if entry.decision else "decision" if entry.option else "moment"
        raise SessionError(say("{path}:{number}: incomplete line {missing}", path=path, number=number, missing=missing))
    return entry


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise SessionError(say("{path}: there is no such file", path=path))
        with path.open("rb") as stream:
            found = stream.read(MAXIMUM_BYTES + 1)
    except OSError as error:
        raise SessionError(say("{path}: cannot be read: {reason}", path=path, reason=error.strerror)) from None
    if len(found) > MAXIMUM_BYTES:
        raise SessionError(
            say("{path}: larger than {most} bytes; this is no session file", path=path, most=f"{MAXIMUM_BYTES:,}")
        )
    return found


def _object(path: Path, number: int, line: bytes) -> dict[str, object]:
    try:
        data = json.loads(line.decode())
    except (ValueError, RecursionError):
        raise SessionError(say("{path}:{number}: not a line of a session file", path=path, number=number)) from None
    if not isinstance(data, dict):
        raise SessionError(say("{path}:{number}: not a line of a session file", path=path, number=number))
    return data


def _line(data: dict[str, object]) -> bytes:
    return (json.dumps(data, ensure_ascii=False) + "\n").encode()
