"""How much help there is at a seat."""

from __future__ import annotations

from typing import Literal

from sim.i18n import marked
from sim.model.case import Case

Level = Literal["coached", "as the case has it", "hard"]
LEVELS: dict[Level, str] = {
    "coached": marked("coached: a checklist beside every letter"),
    "as the case has it": marked("as the case has it"),
    "hard": marked("hard: no law desk, no checklist"),
}


def coached(level: Level, case: Case) -> bool:
    """Whether the checklist of a letter stands beside it while it is written."""
    return level == "coached" or (level != "hard" and case.coaching)


def has_law_desk(level: Level) -> bool:
    """Whether the law desk is open."""
    return level != "hard"
