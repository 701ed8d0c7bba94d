"""The terminal that everything is printed on."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from sim.written import clean


class Screen(Console):
    """A console on which text is text: what a trainee or an author wrote can neither clear the screen nor colour it."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Pieces of text without control characters; what the console says to the terminal itself is no text."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(clean(segment.text), segment.style)
