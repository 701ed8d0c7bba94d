"""Names of seats and of games for two teams, as people write them in every script, and the folders they stand for.

Two spellings are one name if they differ in case, in blanks, or in how Unicode composes a letter. Two names never share
a folder: one that is not plain letters, digits and single hyphens (``table-4``) has a mark of its own behind it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from sim.errors import UsageError
from sim.i18n import say

LONGEST = 40
"""Characters of a name."""
_BESIDE = frozenset(" -_'’.")
_JOINERS = "\u200c\u200d"
"""What Persian and Indic words need inside and nobody sees."""
_PLAIN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_RESERVED = frozenset({"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)})
"""What Windows takes for a device."""
_READABLE = 24
"""Characters of a name that its folder shows, so that folders of names in every script stay short in bytes."""


def spelled(name: str) -> str:
    """A name as it is shown: composed, with single blanks, and none around it.

    Raises `UsageError` if it is none.
    """
    name = " ".join(unicodedata.normalize("NFC", name).split())
    kinds = [unicodedata.category(character)[0] for character in name]
    fits = all(
        kind in "LMN" or character in _BESIDE or character in _JOINERS
        for character, kind in zip(name, kinds, strict=True)
    )
    if not fits or len(name) > LONGEST or not {"L", "N"} & set(kinds):
        raise UsageError(
            say(
                "Write a name of letters and digits, with blanks, hyphens or underscores between them, no longer than "
                "{most} characters.",
                most=LONGEST,
            )
        )
    return name


def key(name: str) -> str:
    """What two spellings of one name have in common. Raises what `spelled` does."""
    seen = spelled(name).lower().translate({ord(joiner): None for joiner in _JOINERS})
    return unicodedata.normalize("NFC", seen)


def folder_of(name: str) -> str:
    """The name of the folder that a name stands for; no path, and on every file system another one for every name.

    >>> folder_of("table-4"), folder_of("Table 4")
    ('table-4', 'table-4_021725f2c6')

    Raises what `spelled` does.
    """
    same = key(name)
    if _PLAIN.fullmatch(same) and same not in _RESERVED:
        return same
    letters = "".join(c if unicodedata.category(c)[0] in "LMN" else "-" for c in same)
    readable = re.sub("-+", "-", letters).strip("-")[:_READABLE]
    return f"{readable}_{hashlib.sha256(same.encode()).hexdigest()[:10]}"
