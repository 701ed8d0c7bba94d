"""Where each scoring axis is taught: a lesson of the curriculum."""

from __future__ import annotations

ELECTRONIC = ("Electronic evidence: preserve first, then ask", "curriculum/electronic-evidence/index.md")
AXES_PAGE = "curriculum/axes.md"

_TITLES = {
    "legal-basis": "Which instrument, and why",
    "completeness": "The six contents of a request",
    "proportionality": "Asking for what the facts support",
    "channel-and-language": "Their channel, their language",
    "urgency": "A deadline with its reasons",
    "consultation": "Talking before and during a request",
    "use-and-confidentiality": "Purpose, conditions, confidentiality",
    "victim-centred": "Nobody is only a witness",
    "resources": "Other people's time",
    "coordination": "Who else should know",
    "outcome": "What a case is for",
}


def module_for(axis: str) -> tuple[str, str]:
    """Title and page of the lesson on an axis."""
    if axis == "preservation":
        return ELECTRONIC
    return _TITLES[axis], f"{AXES_PAGE}#{axis}"
