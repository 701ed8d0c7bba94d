"""How a request can end, declared once for procedures, the event table, figures and plays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.i18n import Words, marked, say
from sim.unchanging import Unchanging

OutcomeKind = Literal[
    "executed",
    "executed in part",
    "no result",
    "refused",
    "returned unregistered",
    "withdrawn",
    "lapsed",
    "completed",
]
"""Every way to end; ``completed`` is that of work that asks nobody for anything."""

WhyNothing = Literal["not found", "gone", "person withdrew"]
"""Why a request brought nothing: whoever was asked has nothing of the kind · it was there and is no longer · the person
it hangs on no longer takes part."""

_IN_WORDS: dict[str, str] = {
    "executed": marked("executed"),
    "executed in part": marked("executed in part"),
    "no result": marked("no result"),
    "refused": marked("refused"),
    "returned unregistered": marked("returned unregistered"),
    "withdrawn": marked("withdrawn"),
    "lapsed": marked("lapsed"),
    "completed": marked("completed"),
    "not sent": marked("not sent"),
    "under way": marked("under way"),
    "waiting": marked("waiting"),
    "examined": marked("examined"),
    "asked": marked("asked"),
    "answered": marked("answered"),
    "postponed": marked("postponed"),
    "granted": marked("granted"),
    "sent back": marked("sent back"),
    "executed too late": marked("executed too late"),
}


def state_in_words(state: str) -> Words:
    """How a request stands in words: one of ours (``not sent``, ``under way``, or how it ended), or one on the
    trainee's own desk (``waiting``, ``granted``)."""
    return say(_IN_WORDS.get(state, state))


@dataclass(frozen=True)
class Outcome(Unchanging):
    """How one request ended. The event table writes it as ``kind`` or ``kind: ground``."""

    kind: str
    """One of `OutcomeKind`."""
    ground: str = ""
    """For a refusal, the ground, as ``dual-criminality``; for a trainee's letter without result, why (`WhyNothing`)."""

    @classmethod
    def of(cls, written: str) -> Outcome:
        """An outcome as the event table writes it."""
        kind, _, ground = written.partition(": ")
        return cls(kind, ground)

    @property
    def executed(self) -> bool:
        """Whether what was asked for was done, if only in part."""
        return self.kind in ("executed", "executed in part")

    @property
    def done(self) -> bool:
        """Whether the work was done, whether or not anybody had been asked for help."""
        return self.executed or self.kind == "completed"

    @property
    def refused(self) -> bool:
        return self.kind == "refused"

    def __str__(self) -> str:
        return f"{self.kind}: {self.ground}" if self.ground else self.kind
