"""What a trainee has begun and not yet sent: a letter half drafted, a reason half written.

It is kept beside the session, so that a kernel that dies takes nothing along. It decides nothing: whatever in it does
not fit is left out, and a file that is no such file is as good as none.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

MAXIMUM_BYTES = 200_000
Value = str | int | bool


@dataclass
class Unsent:
    """Fields of the seat by name, as they stood last."""

    reason: str = ""
    prediction: str = ""
    days: int = 0
    decision: str = ""
    """The question whose letter is being drafted, if it answers one."""
    option: str = ""
    letter: dict[str, Value] = field(default_factory=dict)
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
            if not self.path.is_file() or self.path.stat().st_size > MAXIMUM_BYTES:
                return Unsent()
            data = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return Unsent()
        return _checked(data)

    def write(self, unsent: Unsent) -> None:
        """Keep it, or remove the file where there is nothing to keep. A folder that cannot be written is no error:
        the session itself says so already."""
        if self.path is None:
            return
        with contextlib.suppress(OSError):
            if unsent.nothing:
                self.path.unlink(missing_ok=True)
                return
            draft = self.path.with_name(self.path.name + ".new")
            draft.write_text(json.dumps(asdict(unsent)), encoding="utf-8")
            os.replace(draft, self.path)


def _checked(data: object) -> Unsent:
    if not isinstance(data, dict):
        return Unsent()
    found = Unsent()
    for name, default in asdict(found).items():
        value = data.get(name)
        if type(value) is type(default):
            setattr(found, name, value)
    found.letter = {
        str(name): value for name, value in found.letter.items() if isinstance(value, str | int) and str(name) == name
    }
    return found
