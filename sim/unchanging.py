"""What stays: records that never change, which a copy of a play shares with the play it was copied from, and what a
process stands on."""

from __future__ import annotations

import gc
from functools import cache
from typing import Any, Self

Memo = dict[int, Any]
"""What `copy.deepcopy` has copied so far, whatever it is, by the identity of what was there before."""


class Unchanging:
    """What is never changed once it is made: its deep copy is itself."""

    __slots__ = ()

    def __deepcopy__(self, memo: Memo) -> Self:
        return self


LOOKS = 20_000, 20, 50
"""New things after which Python looks through them for garbage: every 700 would be many times in a play."""


@cache
def what_is_there_stays() -> None:
    """Said once a process has what it stands on: the library of law, a case, its code. Looking through all of it for
    garbage again and again takes longer than answering a click."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*LOOKS)
