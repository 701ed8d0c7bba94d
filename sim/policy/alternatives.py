"""Alternatives to a world as it is: levers and single settings, in the order in which they take hold.

Precedence: levers first, in the order given, then settings, in the order given. Factors and sums compose; two changes
that set the same place to different values are an error, never a silent overwriting.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sim.errors import UsageError
from sim.model.base import Origin
from sim.model.loading import Scenario
from sim.model.world import Lever, Patch
from sim.policy.levers import apply

BASELINE = "as it is"
_SETTING = re.compile(r"(?P<at>[a-z0-9*/ -]+?)\s*(?P<how>[=*+-])\s*(?P<value>-?[0-9.]+)")
_HOW = {"=": "set", "*": "times", "+": "plus", "-": "plus"}


@dataclass(frozen=True)
class Alternative:
    """A name, the levers pulled (ids or records), and single settings changed."""

    name: str
    levers: tuple[str | Lever, ...] = ()
    settings: tuple[Patch, ...] = ()

    @classmethod
    def of(cls, what: Alternative | str | Lever | Sequence[str | Lever]) -> Alternative:
        """An alternative from a lever, several levers, or words like ``e-transmission + translation-pool``."""
        if isinstance(what, Alternative):
            return what
        if isinstance(what, str):
            what = [part.strip() for part in what.split("+")]
        levers = (what,) if isinstance(what, Lever) else tuple(what)
        if not levers:
            raise UsageError("name at least one lever — see mlasim list levers")
        return cls(" + ".join(lever if isinstance(lever, str) else lever.id for lever in levers), levers)

    def applied(self, scenario: Scenario) -> Scenario:
        """The scenario with everything of this alternative applied, validated like the original."""
        changed: list[str | Lever] = list(self.levers)
        if self.settings:
            changed.append(_as_lever(self.settings))
        return apply(scenario, changed) if changed else scenario


@dataclass(frozen=True)
class Applied:
    """One patch as it was applied, for the provenance of a result."""

    lever: str
    at: str
    change: str
    places: int = field(default=1)
    """How many places it met."""


def setting(words: str) -> Patch:
    """A single setting in words: ``world/meridian/offices/lys-central/staff=4``, ``…*1.5`` or ``…+1``.

    Raises `UsageError` where the words say something else.
    """
    found = _SETTING.fullmatch(words.strip())
    if found is None:
        raise UsageError(f"{words!r} is no setting — write kind/id/field=3, kind/id/field*1.5 or kind/id/field+1")
    value = float(found["value"]) * (-1 if found["how"] == "-" else 1)
    number = int(value) if value.is_integer() and found["how"] != "*" else value
    return Patch.model_validate({"at": found["at"], _HOW[found["how"]]: number})


def _as_lever(settings: Sequence[Patch]) -> Lever:
    return Lever(
        kind="lever",
        id="settings",
        title="Settings of this experiment",
        question="What if these settings were different?",
        changes=tuple(settings),
        evidence_for="None: set for this experiment.",
        evidence_of_limits="None: set for this experiment.",
        origin=Origin(mark="assumption", source="set for this experiment"),
    )
