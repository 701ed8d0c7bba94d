"""Seals on the lines of a session's file, by which a line that was changed afterwards is noticed.

The seal of a line is a digest of the line and of the seal before it. There is no secret in it: it shows what was
edited, moved or dropped by hand, and does not stop somebody who makes all seals anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

LENGTH = 16
"""Hexadecimal digits of a seal: 64 bits, so that no two lines of a room's sessions have the same by accident."""
SEAL = "seal"
OUTSIDE = ("steps", "last")
"""Fields of the first line that change with every step; they are held against the lines themselves."""


def seal(before: str, line: Mapping[str, object]) -> str:
    """The seal of a line that follows on the one sealed with ``before`` (nothing: the first line)."""
    sealed = {name: value for name, value in line.items() if name != SEAL and (before or name not in OUTSIDE)}
    canonical = json.dumps(sealed, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{canonical}".encode()).hexdigest()[:LENGTH]


def broken(lines: Sequence[Mapping[str, object]]) -> list[int]:
    """Places (from 0) of the lines whose seal is not theirs, or that do not follow on the line before them.

    Each line is held against the seal that the line before it carries, so that one that was changed is named alone.
    """
    found, before = [], ""
    for place, line in enumerate(lines):
        if line.get(SEAL) != seal(before, line):
            found.append(place)
        before = str(line.get(SEAL) or "unsealed")
    return found
