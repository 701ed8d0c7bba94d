"""The tabs of the seat."""

from __future__ import annotations

from sim.i18n import marked

TABS = {
    "requests": marked("Requests"),
    "file": marked("Case file"),
    "map": marked("Map"),
    "law": marked("Law desk"),
    "act": marked("Act"),
    "letter": marked("Write a letter"),
    "story": marked("The story"),
}
"""Tabs in their order, by name, and what stands on them."""
LAW, ACT, LETTER = (list(TABS).index(name) for name in ("law", "act", "letter"))
