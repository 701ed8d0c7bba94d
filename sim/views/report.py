"""The debrief as one HTML file: opens offline, prints well, asks nobody for anything."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sim.training.debrief import Debrief
from sim.views import panels

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Debrief: {{ debrief.title }}</title>
<style>
{{ style }}
body{margin:2rem auto;padding:0 1.2rem;max-width:62rem;background:#fff}
h1{font:600 1.5rem/1.3 system-ui,sans-serif;color:#1f2933;margin:0}
footer{margin-top:3em;border-top:1px solid #cbd2d9;font:13px/1.5 system-ui,sans-serif;color:#52606d}
@media print{body{margin:0;max-width:none;font-size:11pt}h3,table,svg{break-inside:avoid}details>*{display:block}}
</style>
</head>
<body>
<main class="mla">
<h1>{{ debrief.title }}</h1>
<p class="quiet">Debrief after {{ "%.0f"|format(debrief.days) }} days of the story</p>
{{ body }}
</main>
<footer>
<p>Case {{ debrief.case }}, seed {{ debrief.seed }}, {{ debrief.replays }} replays for each alternative.
Scenario {{ debrief.scenario_hash[:16] }}, play {{ debrief.sha256[:16] }}. The States and people are invented;
the instruments are real. How points are given is a teaching choice. Simulated durations are no forecast.</p>
<p>To repeat it: <code>mlasim debrief SESSION --replays {{ debrief.replays }}</code></p>
</footer>
</body>
</html>
"""


def debrief_html(debrief: Debrief) -> str:
    """The debrief as a complete HTML page."""
    from markupsafe import Markup

    body = Markup(panels.debrief_panel(debrief))
    return _template().render(debrief=debrief, style=Markup(panels.STYLE), body=body)


@lru_cache(maxsize=1)
def _template() -> Any:
    from jinja2 import Environment

    return Environment(autoescape=True).from_string(_PAGE)
