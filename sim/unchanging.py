"""Records that never change, which a copy of a play shares with the play it was copied from."""

from __future__ import annotations

from typing import Self


class Unchanging:
    """What is never changed once it is made: its deep copy is itself."""

    __slots__ = ()

    def __deepcopy__(self, memo: object) -> Self:
        return self
