"""Where each scoring axis is taught: a lesson of the curriculum."""

from __future__ import annotations

import logging
import re
from functools import cache

from sim.i18n import marked
from sim.model.library import shipped_folder

logger = logging.getLogger("mlasim.training.lessons")

ELECTRONIC = (marked("Electronic evidence: preserve first, then ask"), "curriculum/electronic-evidence/index.md")
AXES_PAGE = "curriculum/axes.md"

_TITLES = {
    "legal-basis": marked("Which instrument, and why"),
    "completeness": marked("The six contents of a request"),
    "proportionality": marked("Asking for what the facts support"),
    "channel-and-language": marked("Their channel, their language"),
    "urgency": marked("A deadline with its reasons"),
    "consultation": marked("Talking before and during a request"),
    "use-and-confidentiality": marked("Purpose, conditions, confidentiality"),
    "victim-centred": marked("Nobody is only a witness"),
    "resources": marked("Other people's time"),
    "coordination": marked("Who else should know"),
    "outcome": marked("What a case is for"),
}


def module_for(axis: str) -> tuple[str, str]:
    """Title and page of the lesson on an axis."""
    if axis == "preservation":
        return ELECTRONIC
    return _TITLES[axis], f"{AXES_PAGE}#{axis}"


@cache
def says(axis: str) -> str:
    """What the page on the axes says of one, as plain text; nothing where the course is not at hand."""
    page = shipped_folder().parent / AXES_PAGE
    try:
        text = page.read_text(encoding="utf-8")
    except OSError as error:
        logger.info("the page on the axes is not at hand: %s", error)
        return ""
    found = re.search(rf"^## {re.escape(axis)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return " ".join(re.sub(r"[*`]", "", found[1]).split()) if found else ""
