"""A session's file: a line that says what is played, then a line for each step.

Whoever opens one may have got it from somebody else: it is read with limits, checked, and nothing in it is executed.
Each line carries a seal, a digest of itself and of the seal before it, so that a line that was edited, moved or dropped
afterwards is noticed and named. A seal is no signature: it has no secret, and whoever knows how can make it anew.
Nothing is written that those limits would not let back in, and nothing over what somebody else has written meanwhile.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Unpack

from sim.disk import write_whole
from sim.errors import SessionError
from sim.i18n import Words, say
from sim.model.authored import rules_of
from sim.model.loading import Scenario, available, load
from sim.training import seals
from sim.training.line_reading import read_line
from sim.training.session_records import ALTERED, FORMAT, UNSEALED, Beginning, Entry, Header, Provenance, follows_on

ALWAYS = ("scenario", "hash", "seed", "replication", "format", "kind", "decision", "option", "because", "moment")
"""Fields written even where they are empty."""
ENDING = ".session.jsonl"
"""How the name of a session's file ends."""
MAXIMUM_BYTES = 2_000_000
MAXIMUM_STEPS = 1_000
NEAR_FULL = 50
"""Steps before the last that is kept from which on the trainee is told."""


class NotWrittenError(SessionError):
    """The file cannot be written; what was to be written is not lost, it only is not kept."""


class OpenElsewhereError(SessionError):
    """Something else has written the file since; a step is not taken, so that both do not ruin it."""


class EditedSinceError(SessionError):
    """The scenario was changed since in a way that can change a play; its steps can be taken again all the same."""


@dataclass
class SessionFile:
    """A session's file, written whole at every step, so that a crash leaves what it was before or after."""

    path: Path
    header: Header
    _content: bytes | None = field(default=None, repr=False)
    """What this program has read or written there; none: nothing yet."""
    _sealed: list[tuple[str, Entry, str, bytes]] = field(default_factory=list, repr=False)
    """Of each step written last: the seal before it, the step, its own seal, its line."""

    @classmethod
    def of(cls, path: Path, scenario: Scenario, provenance: Provenance, **header: Unpack[Beginning]) -> SessionFile:
        """A file for a session that is not kept yet."""
        first = Header(
            scenario.id,
            scenario.hash,
            rules=rules_of(scenario),
            play=provenance.play,
            begun=provenance.begun,
            versions=dict(provenance.versions) or None,
            **header,
        )
        return cls(path, first)

    def write(self, entries: Sequence[Entry], *, over: bool = False) -> None:
        """Write the session; it is on the disk when this returns. ``over`` whatever is there.

        Raises `NotWrittenError` if it cannot be written or would be too large to be read again, `OpenElsewhereError`
        if something else has written the file.
        """
        if not over:
            self.untouched()
        if len(entries) > MAXIMUM_STEPS:
            raise NotWrittenError(
                say("{path}: no more than {most} steps are kept in one file", path=self.path, most=f"{MAXIMUM_STEPS:,}")
            )
        data = self.content(entries)
        if len(data) > MAXIMUM_BYTES:
            raise NotWrittenError(
                say("{path}: no more than {most} bytes are kept in one file", path=self.path, most=f"{MAXIMUM_BYTES:,}")
            )
        try:
            write_whole(self.path, data)
        except (OSError, ValueError) as error:
            raise self._not_written(error) from None
        self._content = data

    def content(self, entries: Sequence[Entry]) -> bytes:
        """What the file of these steps holds, sealed."""
        header = _written(replace(self.header, format=FORMAT, seal="", steps=0, last=""))
        header["seal"] = before = seals.seal("", header)
        lines: list[bytes] = []
        known = self._sealed
        sealed: list[tuple[str, Entry, str, bytes]] = []
        for place, entry in enumerate(entries):
            if place < len(known) and known[place][:2] == (before, entry):  # so that a long play is as quick as a short
                sealed.append(known[place])
            else:
                line = _written(replace(entry, seal=""))
                own = seals.seal(before, line)
                sealed.append((before, entry, own, _line({**line, "seal": own})))
            before = sealed[-1][2]
            lines.append(sealed[-1][3])
        self._sealed = sealed
        return b"".join([_line({**header, "steps": len(lines), "last": before}), *lines])

    def check(self, entry: Entry) -> None:
        """Raise `SessionError` if a step could not be read again."""
        read_line(Entry, asdict(entry), f"{self.path}:1")

    def untouched(self) -> None:
        """Raise unless the file holds what this program has left there, or is not there."""
        try:
            if not self.path.exists():
                return
            if not self.path.is_file():
                raise NotWrittenError(say("{path}: cannot be written: this is no file", path=self.path))
            with self.path.open("rb") as stream:
                data = stream.read(MAXIMUM_BYTES + 1)
        except (OSError, ValueError) as error:
            raise self._not_written(error) from None
        if data != self._content:
            raise OpenElsewhereError(
                say("{path}: this session is open elsewhere too and went on there: reopen it here", path=self.path)
            )

    def _not_written(self, error: Exception) -> NotWrittenError:
        why = (isinstance(error, OSError) and error.strerror) or str(error)
        return NotWrittenError(say("{path}: cannot be written: {why}", path=self.path, why=why))


@dataclass(frozen=True)
class Kept:
    """What a session file holds."""

    file: SessionFile
    entries: list[Entry]
    places: list[str]
    """Where each of them stands, as ``file:line``."""
    remarks: list[Words]
    """What is to be said about the file: a line cut off, lines that were changed after they were written."""


def read_session(path: Path) -> tuple[Header, list[Entry]]:
    """Header and steps of a session file. A last line cut off by a crash is left out.

    Raises `SessionError` with the line that is wrong.
    """
    kept = read_kept(path)
    return kept.file.header, kept.entries


def scenario_of(file: SessionFile, given: Scenario | None = None, *, edited: bool = False) -> Scenario:
    """The scenario that a session plays, as it is now: the one given, or the library's.

    Words of a scenario may have been changed since. Raises `SessionError` if it is another one, `EditedSinceError` if
    it has changed in what can change a play, unless that is wanted (``edited``).
    """
    path, header = file.path, file.header
    if given is None and header.scenario not in available("case"):
        words = say("{path}: there is no case {scenario!r} in the library — give the scenario", **_names(file))
        raise SessionError(words)
    scenario = load(header.scenario) if given is None else given
    if scenario.id != header.scenario:
        words = say("{path}: this is a session of {scenario!r}, not of {id!r}", **_names(file), id=scenario.id)
        raise SessionError(words)
    if not edited and is_edited(scenario, header):
        raise EditedSinceError(
            say(
                "{path}: the scenario {scenario!r} has been edited since this session was played (was {before}, is "
                "{now}) — play it with the scenario it began with, begin anew, or have its steps taken again in the "
                "edited one",
                path=path,
                scenario=header.scenario,
                before=header.hash[:12],
                now=scenario.hash[:12],
            )
        )
    return scenario


def is_edited(scenario: Scenario, header: Header) -> bool:
    """Whether a scenario was changed since a session of it began, in what can change a play."""
    return scenario.hash != header.hash and rules_of(scenario) != header.rules


def _names(file: SessionFile) -> dict[str, object]:
    return {"path": file.path, "scenario": file.header.scenario[:60]}


def read_kept(path: Path) -> Kept:
    """As `read_session`, with the file to go on writing, and what is to be said about it. Nothing is written."""
    data = _bytes(path)
    *complete, tail = data.removeprefix(codecs.BOM_UTF8).split(b"\n")
    objects = [(number, _object(path, number, line)) for number, line in enumerate(complete, 1) if line.strip()]
    remarks: list[Words] = []
    if tail.strip():
        try:  # a file without a last line break, written by hand, or a line cut off by a crash
            objects.append((len(complete) + 1, _object(path, len(complete) + 1, tail)))
        except SessionError:
            if not objects:
                raise
            remarks.append(
                say("{path}:{number}: half a line, cut off; it is left out", path=path, number=len(complete) + 1)
            )
    first = objects[0][1] if objects else {}
    if first.get("kind") != "mlasim session":
        raise SessionError(say("{path}:1: this is no session file", path=path))
    if first.get("format") not in (UNSEALED, FORMAT):
        found = first.get("format")
        shown = str(found)[:20] if isinstance(found, int) else "unsaid"
        raise SessionError(say("{path}:1: format {shown} is not known", path=path, shown=shown))
    header = read_line(Header, first, f"{path}:1")
    altered = _altered(objects, header)
    entries: list[Entry] = []
    places: list[str] = []
    for place, (number, content) in enumerate(objects[1:], 1):
        entry = _entry(content, path, number)
        entry = replace(entry, altered=int(entry.altered or place in altered), seal="")
        if entry.altered:
            remarks.append(
                say(
                    "{path}:{number}: this line is not as it was written: it was changed, or the line before it was "
                    "dropped or moved",
                    path=path,
                    number=number,
                )
            )
        if follows_on(entries, entry):
            entries.pop(), places.pop()
        entries.append(entry)
        places.append(f"{path}:{number}")
        if len(entries) > MAXIMUM_STEPS:
            raise SessionError(say("{path}: more than {most} steps", path=path, most=MAXIMUM_STEPS))
    befallen = _befallen(header, objects, altered)
    remarks += [say("{path}:1: {what}", path=path, what=say(ALTERED[name])) for name in befallen]
    file = SessionFile(path, replace(header, altered=", ".join(befallen)), data)
    return Kept(file, entries, places, remarks)


def _altered(objects: Sequence[tuple[int, dict[str, object]]], header: Header) -> set[int]:
    """Places among the lines that are not as they were written; those before sealing cannot be told."""
    return set() if header.format == UNSEALED else set(seals.broken([content for _number, content in objects]))


def _befallen(header: Header, objects: Sequence[tuple[int, dict[str, object]]], altered: set[int]) -> list[str]:
    """What has befallen a file apart from single steps, now or before: names of `ALTERED`."""
    found = [name for name in header.altered.split(", ") if name in ALTERED]
    last = objects[-1][1].get("seal")
    if header.format == UNSEALED:
        found.append("unsealed")
    else:
        found += ["header"] * (0 in altered)
        ends = len(objects) - 1 == header.steps and last == header.last
        found += ["shortened"] * (not ends and len(objects) - 1 <= header.steps)
        found += ["header"] * (not ends and len(objects) - 1 > header.steps)
    return list(dict.fromkeys(found))


def replays_beside(session: Path) -> Path:
    """Where replays of the session in a file are kept (`sim.training.kept_replays`)."""
    return session.with_name(f"{session.name.removesuffix(ENDING)}.replays.json")


def put_aside(path: Path) -> Path:
    """Rename a session's file, never over another, so that another can begin in its place; its new path. Replays of it
    go along.

    Raises `OSError` if it cannot be renamed.
    """
    stem, moment, number = path.name.removesuffix(ENDING), datetime.now().strftime("%Y%m%d-%H%M%S"), 1
    kept = path.with_name(f"{stem}.{moment}{ENDING}")
    while kept.exists():
        number += 1
        kept = path.with_name(f"{stem}.{moment}-{number}{ENDING}")
    path.rename(kept)
    with suppress(OSError):  # there are none, or they stay: they can be made again
        replays_beside(path).rename(replays_beside(kept))
    return kept


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


def _written(record: Header | Entry) -> dict[str, object]:
    """The fields of a record that its line holds: those that say something."""
    return {name: value for name, value in asdict(record).items() if name in ALWAYS or value not in (0, "", None)}


def _line(data: dict[str, object]) -> bytes:
    return (json.dumps(data, ensure_ascii=False) + "\n").encode()
