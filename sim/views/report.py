"""The debrief as one HTML file: opens offline, prints well, asks nobody for anything."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

from sim.training.debrief import Debrief
from sim.views import panels
from sim.views.debrief_panels import debrief_panel


def debrief_html(debrief: Debrief, *, starts: datetime | None = None) -> str:
    """The debrief as a complete HTML page. ``starts``, the story's first day, puts dates on the timeline."""
    from markupsafe import Markup

    body = Markup(debrief_panel(debrief, starts=starts))
    return _template().render(debrief=debrief, starts=starts, style=Markup(panels.style()), body=body)


@lru_cache(maxsize=1)
def _template() -> Any:
    from jinja2 import Environment

    text = (files("sim.views") / "debrief.html.jinja").read_text(encoding="utf-8")
    return Environment(autoescape=True).from_string(text)
