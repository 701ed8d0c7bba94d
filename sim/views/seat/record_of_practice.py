"""A record of practice to keep: one printed side that says what was practised and what came of it. No grade."""

from __future__ import annotations

from datetime import datetime

from sim.i18n import _
from sim.training.debrief_records import Debrief
from sim.views.dates import in_full
from sim.views.pages import page

LONGEST = 80
"""Characters of a name: as many as a line has."""


def record_of_practice(debrief: Debrief, *, name: str = "") -> str:
    """The record as a complete HTML page. ``name`` is whatever the trainee wants to stand there; it is kept nowhere."""
    begun = debrief.provenance.begun
    return page(
        "record_of_practice",
        debrief=debrief,
        who=" ".join(name.split())[:LONGEST],
        played=datetime.fromtimestamp(begun) if begun else None,
        ending=" ".join(debrief.ending_text.split()),
        lessons=[(_(lesson.module), lesson.text) for lesson in debrief.lessons],
        in_full=in_full,
    )
