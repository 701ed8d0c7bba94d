"""The tabs of the seat."""

from __future__ import annotations

from sim.i18n import marked

TABS = {
    "inbox": marked("Inbox"),
    "requests": marked("Requests"),
    "file": marked("Case file"),
    "map": marked("Map"),
    "law": marked("Law desk"),
    "act": marked("Act"),
    "letter": marked("Write a letter"),
    "story": marked("The story"),
}
"""Tabs in their order, by name, and what stands on them."""
INBOX, LAW, ACT, LETTER, STORY = (list(TABS).index(name) for name in ("inbox", "law", "act", "letter", "story"))
WIDE = frozenset((LAW, LETTER, *map(list(TABS).index, ("requests", "map"))))
"""Tabs that need more room than a half of the page."""
