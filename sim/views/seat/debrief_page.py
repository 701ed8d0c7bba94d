"""The debrief as one HTML file: opens offline, prints well, asks nobody for anything."""

from __future__ import annotations

from datetime import datetime

from sim.training.debrief_records import Debrief
from sim.versions import in_one_line
from sim.views.dates import in_full
from sim.views.pages import page
from sim.views.seat import panels
from sim.views.seat.debrief_panels import debrief_panel
from sim.views.seat.film_panels import SeatFilm


def debrief_html(debrief: Debrief, *, starts: datetime | None = None, film: SeatFilm | None = None) -> str:
    """The debrief as a complete HTML page. ``starts``, the story's first day, puts dates on the timeline; ``film``
    shows the play beside the book's."""
    from markupsafe import Markup

    body = Markup(debrief_panel(debrief, starts=starts, film=film))
    style = Markup(panels.style())
    began = {} if debrief.provenance.versions == debrief.versions else debrief.provenance.versions
    return page(
        "debrief",
        debrief=debrief,
        starts=starts,
        in_full=in_full,
        in_one_line=in_one_line,
        begun_with=in_one_line(began),
        style=style,
        body=body,
    )
