"""Alternatives to a world as it is: levers and single settings, in the order in which they take hold.

Precedence: levers first, in the order given, then settings, in the order given. Factors and sums compose; two changes
that set the same place to different values are an error, never a silent overwriting.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from sim.engine.plan import Introduction
from sim.engine.rollout import RollOut
from sim.errors import UsageError
from sim.i18n import Words, joined, say
from sim.model.base import Origin
from sim.model.loading import Scenario, load_lever
from sim.model.world import Lever, Patch
from sim.policy.experiments.levers import SETTINGS, apply

BASELINE = "as it is"
_NUMBER = r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?"
_SETTING = re.compile(rf"(?P<at>[a-z0-9*/ -]+?)\s*(?P<how>[=*+-])\s*(?P<value>{_NUMBER})")
_HOW = {"=": "set", "*": "times", "+": "plus", "-": "plus"}
_SIGN = {"set": "=", "times": "*", "plus": "+"}
_AND = re.compile(r"\s*\+\s*(?![0-9.-])")
"""Between the parts of ``a + b``; a plus sign before a number belongs to a setting."""


@dataclass(frozen=True)
class Alternative:
    """A name, the levers pulled (ids or records), and single settings changed."""

    name: str
    levers: tuple[str | Lever, ...] = ()
    settings: tuple[Patch, ...] = ()

    @classmethod
    def of(cls, what: Alternative | str | Lever | Sequence[str | Lever]) -> Alternative:
        """An alternative from a lever, several levers, or words such as ``e-transmission + translation-pool`` and
        ``accept-english + world/meridian/offices/lys-central/staff+1``."""
        if isinstance(what, Alternative):
            return what
        parts: Sequence[str | Lever] = (what,) if isinstance(what, Lever) else what
        if isinstance(what, str):
            parts = [part.strip() for part in _AND.split(what)]
        if not parts or "" in parts:
            raise UsageError(say("name at least one lever — see mlasim list levers"))
        found = [setting(part) if isinstance(part, str) and _SETTING.fullmatch(part) else part for part in parts]
        levers = tuple(part for part in found if not isinstance(part, Patch))
        settings = tuple(part for part in found if isinstance(part, Patch))
        return cls(" + ".join(part if isinstance(part, str) else part.id for part in parts), levers, settings)

    def applied(self, scenario: Scenario) -> Scenario:
        """The scenario with everything of this alternative applied, validated like the original."""
        changed = self.changes
        return apply(scenario, changed) if changed else scenario

    @property
    def changes(self) -> list[Lever]:
        """The levers as records, and the settings as one more, in the order in which they take hold."""
        found = [lever if isinstance(lever, Lever) else load_lever(lever) for lever in self.levers]
        return [*found, _as_lever(self.settings)] if self.settings else found

    def rolled_out(self, scenario: Scenario, begin: int) -> RollOut:
        """The scenario while this alternative is introduced from ``begin`` (seconds), each lever over its own time.

        A lever without a time, and settings, are there at once. The quickest spread first, so that who has met a slow
        change has met every quicker one; within a stage they take hold in their usual order.
        """
        changes = self.changes
        lasts = [round(lever.roll_out.seconds()[0]) if lever.roll_out is not None else 0 for lever in changes]
        stages = []
        for reached in sorted(set(lasts)):
            there = [lever for lever, needed in zip(changes, lasts, strict=True) if needed <= reached]
            stages.append((Introduction(begin, reached), apply(scenario, there)))
        return RollOut(scenario, tuple(stages))


def setting(words: str) -> Patch:
    """A single setting in words: ``world/meridian/offices/lys-central/staff=4``, ``…*1.5`` or ``…+1``.

    Raises `UsageError` where the words say something else.
    """
    found = _SETTING.fullmatch(words.strip())
    if found is None or "/" not in found["at"]:
        raise UsageError(
            say("{words!r} is no setting — write kind/id/field=3, kind/id/field*1.5 or kind/id/field+1", words=words)
        )
    value = float(found["value"]) * (-1 if found["how"] == "-" else 1)
    number = int(value) if value.is_integer() and found["how"] != "*" else value
    try:
        return Patch.model_validate({"at": found["at"], _HOW[found["how"]]: number})
    except ValidationError as error:
        raise UsageError(
            say("{words!r} is out of range — {errors}", words=words, errors=error.errors()[0]["msg"])
        ) from None


def name_in_words(alternative: str) -> Words:
    """An alternative's name: its author's, or ours for the world as it is."""
    return say("as it is") if alternative == BASELINE else joined([alternative])


def setting_in_words(patch: Patch) -> str:
    """A setting in the words that `setting` reads; empty for a change that has none (an entry put into a list)."""
    how = next(iter(patch.model_fields_set - {"at", "where_present"}))
    return f"{patch.at}{_SIGN[how]}{plain(getattr(patch, how))}" if how in _SIGN else ""


def plain(value: float) -> str:
    """A number as short as it can be read back unchanged."""
    short = f"{value:g}"
    return short if float(short) == value else repr(value)


def _as_lever(settings: Sequence[Patch]) -> Lever:
    return Lever(
        kind="lever",
        id=SETTINGS,
        title="Settings of this experiment",
        question="What if these settings were different?",
        changes=tuple(settings),
        evidence_for="None: set for this experiment.",
        evidence_of_limits="None: set for this experiment.",
        origin=Origin(mark="assumption", source="set for this experiment"),
    )
