"""The lines of a session's file as records: what is played, and each step of the trainee's."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

from sim.i18n import marked
from sim.training.line_reading import STRICTLY, Line, Nested, Number
from sim.unchanging import Unchanging
from sim.versions import versions

FORMAT = 2
UNSEALED = 1
"""The format before lines were sealed. It is still read."""


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
class Provenance(Unchanging):
    """Where a play comes from."""

    play: str
    """A name by chance, which copies of the session share and no other session has; none: from before there was one."""
    begun: int
    """When it began, in seconds of Unix time; 0: not known."""
    versions: Mapping[str, str]
    """What it began with, by name (`sim.versions`); empty: not known."""

    @classmethod
    def new(cls, begun: float) -> Provenance:
        """That of a play that begins here."""
        return cls(secrets.token_hex(8), round(begun), versions())


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
    rules: Line = ""
    """Hash of what in the scenario can change a play, without its words; none in sessions from before there was one."""
    partner: Line = ""
    """The State that another team plays."""
    exchange: Line = ""
    """What another team's post knows this session by, where two teams play two States."""
    peer: Line = ""
    """What the other team's session is called, once it has been heard of."""
    play: Line = ""
    """A name by chance, which copies of the session share and no other session has."""
    begun: Number = 0
    """When the play began, in seconds of Unix time."""
    versions: Nested = None
    """What it began with, by name: `sim.versions.versions`."""
    altered: Line = ""
    """What was found to have been changed from outside before it was written anew: names of `ALTERED`."""
    seal: Line = ""
    steps: Number = 0
    """How many lines follow."""
    last: Line = ""
    """Seal of the last of them."""

    @property
    def provenance(self) -> Provenance:
        """Where the play comes from."""
        known = self.versions or {}
        return Provenance(self.play, self.begun, {str(name): str(number)[:40] for name, number in known.items()})


ALTERED = {
    "header": marked("its first line (case, seed, versions) is not as it was written"),
    "shortened": marked("steps that it once had at its end are missing"),
    "unsealed": marked("it was written before sessions were sealed, or its seals were taken off"),
}
"""What can have befallen a session's file, apart from single steps."""


@dataclass(frozen=True)
class Entry(Unchanging):
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
    taken: Number = 0
    """When the step was taken, in seconds of Unix time; 0: not known."""
    altered: Number = 0
    """1 if the line was found to have been changed after it was written."""
    seal: Line = ""

    @property
    def kind(self) -> str:
        """``decision``, ``act`` or ``time``."""
        return "decision" if self.decision else "act" if self.action is not None else "time"


def follows_on(entries: list[Entry], entry: Entry) -> bool:
    """Whether a step is time let pass right after time let pass, so that the later one says all."""
    return entry.kind == "time" and bool(entries) and entries[-1].kind == "time" and entries[-1].moment <= entry.moment
