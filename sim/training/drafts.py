"""What a trainee has begun and not yet sent: a letter half drafted, a reason half written.

It is kept beside the session, so that a kernel that dies takes nothing along. It decides nothing: whatever in it does
not fit is left out, and a file that is no such file is as good as none.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

from pydantic import StrictBool, StrictInt, StrictStr, TypeAdapter, ValidationError

from sim.disk import write_whole

logger = logging.getLogger("mlasim.training.unsent")

MAXIMUM_BYTES = 200_000
Value = StrictStr | StrictInt | StrictBool


@dataclass
class Unsent:
    """Fields of the seat by name, as they stood last."""

    reason: StrictStr = ""
    prediction: StrictStr = ""
    days: StrictInt = 0
    decision: StrictStr = ""
    """The question whose letter is being drafted, if it answers one."""
    option: StrictStr = ""
    letter: dict[StrictStr, Value] = field(default_factory=dict)
    """Fields of the drafting desk by name."""

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to keep."""
        return self == Unsent()


class UnsentFile:
    """The file beside a session in which it is kept; without a path it is kept nowhere."""

    def __init__(self, session: Path | None):
        self.path = None if session is None else session.with_name(session.name.partition(".")[0] + ".unsent.json")

    def read(self) -> Unsent:
        """What was kept; nothing, where there is no such file or it is not one."""
        if self.path is None:
            return Unsent()
        try:
            if not self.path.is_file():
                return Unsent()
            if self.path.stat().st_size > MAXIMUM_BYTES:
                logger.warning("%s: larger than %d bytes, so it is none of ours", self.path, MAXIMUM_BYTES)
                return Unsent()
            data = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            logger.warning("%s: what was begun cannot be read: %s", self.path, error)
            return Unsent()
        return self._fitting(data)

    def write(self, unsent: Unsent) -> None:
        """Keep it, or remove the file where there is nothing to keep. A folder that cannot be written is no error:
        the session itself says so already."""
        if self.path is None:
            return
        try:
            if unsent.nothing:
                self.path.unlink(missing_ok=True)
            else:
                write_whole(self.path, json.dumps(asdict(unsent)).encode())
        except OSError as error:
            logger.warning("%s: what was begun is not kept: %s", self.path, error)

    def _fitting(self, data: object) -> Unsent:
        """What of it can be taken up; the rest is left out."""
        try:
            return _reader().validate_python(data)
        except ValidationError as error:
            places = {one["loc"][: 2 if one["loc"][:1] == ("letter",) else 1] for one in error.errors()}
            logger.warning("%s: left out: %s", self.path, ", ".join(".".join(map(str, p))[:40] for p in sorted(places)))
            if not isinstance(data, dict) or () in places:
                return Unsent()
            kept: dict[object, object] = {name: value for name, value in data.items() if (name,) not in places}
            letter = kept.get("letter")
            if isinstance(letter, dict):
                kept["letter"] = {name: value for name, value in letter.items() if ("letter", name) not in places}
            return self._fitting(kept) if kept != data else Unsent()


@cache
def _reader() -> TypeAdapter[Unsent]:
    return TypeAdapter(Unsent)
