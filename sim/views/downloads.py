"""Files to take away: links that carry their file with them, so that nothing is asked of a server."""

from __future__ import annotations

import base64
from html import escape

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
"""The media type of a word processor's document."""


def downloads(*files: tuple[str, str, str, bytes], pressed: bool = False) -> str:
    """Links from (words, file name, media type, content); ``pressed``: they look like buttons."""
    links = []
    for words, name, type_, content in files:
        data = base64.b64encode(content).decode()
        links.append(f"<a download='{escape(name)}' href='data:{type_};base64,{data}'>{escape(words)}</a>")
    kind, between = ("downloads buttons", " ") if pressed else ("downloads", " · ")
    return f"<p class='{kind}'>{between.join(links)}</p>"
