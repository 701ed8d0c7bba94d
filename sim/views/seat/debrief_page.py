"""The debrief as one HTML file: opens offline, prints well, asks nobody for anything."""

from __future__ import annotations

from datetime import datetime

from sim.training.debrief_records import Debrief
from sim.views.dates import in_full
from sim.views.pages import page
from sim.views.seat import panels
from sim.views.seat.debrief_panels import debrief_panel


def debrief_html(debrief: Debrief, *, starts: datetime | None = None) -> str:
    """The debrief as a complete HTML page. ``starts``, the story's first day, puts dates on the timeline."""
    from markupsafe import Markup

    body = Markup(debrief_panel(debrief, starts=starts))
    style = Markup(panels.style())
    return page("debrief", debrief=debrief, starts=starts, in_full=in_full, style=style, body=body)
