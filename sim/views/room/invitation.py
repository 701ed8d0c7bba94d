"""A room's address as a picture that a telephone or a tablet reads: text blocks for a terminal, a PNG to project."""

from __future__ import annotations

import io
from pathlib import Path

import segno

from sim.disk import write_whole

PIXELS = 12
"""Of one module of the picture, so that it is read from the back of a room."""


def blocks(address: str) -> str:
    """The picture in text, light modules as blocks: to be shown light on dark."""
    made = io.StringIO()
    segno.make(address, micro=False).terminal(made, compact=True, border=2)
    return made.getvalue().rstrip("\n")


def picture(address: str, path: Path) -> Path:
    """The picture as a PNG file. Raises `OSError`."""
    made = io.BytesIO()
    segno.make(address, micro=False).save(made, kind="png", scale=PIXELS)
    write_whole(path, made.getvalue(), lasting=False, private=True)  # whoever reads it is let in
    return path
