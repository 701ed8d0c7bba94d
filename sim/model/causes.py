"""Causes of delay: everything that a request's time can count as, one entry each.

An entry says its name (in tables and figures), its words, whether it is waiting or work, how it is told from a row of
the event log, and how it is drawn. Whoever adds a cause adds it here; procedures may then name it, and every table,
figure, picture and debrief knows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.i18n import Words, joined, say

Told = Literal["queue", "stage", "closed", "rest"]
"""How a cause is told from a row: by the time in the queue, by what the stage says its time counts as, by the hours in
which the office is closed; or not at all, because no row is written yet."""


@dataclass(frozen=True)
class Cause:
    """Something that a request's time counts as."""

    name: str
    """As tables and figures name it."""
    words: Words
    """As people read it."""
    kind: Literal["waiting", "work"]
    """Whether somebody works on the request meanwhile, or it waits: in a queue, on its way, for somebody's answer."""
    told: Told
    stage: str = ""
    """What a stage writes as its cause where its own time counts as this; empty where no stage can say so."""
    colour: str = "#8795a1"
    pattern: str = ""
    """Hatching laid over the colour: ``diagonal``, ``stripes``, ``dots``, ``cross`` or none."""
    style: str = ""
    """Colour in a terminal."""
    mark: str = "?"
    """Sign in a terminal, which carries the meaning without the colour."""


_TABLE = (
    Cause("waiting for staff", say("waiting for staff"), "waiting", "queue", "", "#b2452e", "diagonal", "red", "░"),
    Cause("being worked on", say("being worked on"), "work", "stage", "work", "#1b7f5c", "", "green", "█"),
    Cause(
        "closed hours and holidays", say("closed hours and holidays"), "waiting", "closed", "",
        "#cbd2d9", "stripes", "bright_black", "▫",
    ),
    Cause(
        "transmission", say("transmission"), "waiting", "stage", "transmission", "#2f6db5", "stripes", "blue", "─"
    ),
    Cause("translation", say("translation"), "work", "stage", "translation", "#8a4fa3", "dots", "magenta", "▒"),
    Cause(
        "waiting for the other side", say("waiting for the other side"), "waiting", "stage", "other side",
        "#c98a12", "", "yellow", "·",
    ),
    Cause(
        "legal remedies", say("legal remedies"), "waiting", "stage", "legal remedies", "#4a5568", "cross", "cyan", "§"
    ),
    Cause("postponement", say("postponement"), "waiting", "stage", "postponement", "#8795a1", "dots", "white", "z"),
)  # fmt: skip

CAUSES: dict[str, Cause] = {cause.name: cause for cause in _TABLE}
"""Every cause by name, in the order in which they are shown. Seconds by cause add up to a request's time."""
OF_STAGES: dict[str, Cause] = {cause.stage: cause for cause in _TABLE if cause.stage}
"""Causes by what a stage writes."""
UNDER_WAY = Cause("under way", say("under way"), "waiting", "rest", "", "#dde3e9", "", "dim", "…")
"""What is drawn of a request's time after its last finished stage. No cause: nobody knows yet what it will count as."""


def cause_named(name: str) -> Cause:
    """The cause of a name that tables use, `UNDER_WAY` included; one that is shown as it is for a name of another
    version."""
    if name == UNDER_WAY.name:
        return UNDER_WAY
    return CAUSES.get(name) or Cause(name, joined([name]), "waiting", "rest")
