"""The film in the seat's debrief: one's own play and the book's, a day at a time, moved by buttons or a slider."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from html import escape

import ipywidgets as widgets

from sim.i18n import _
from sim.training.session import Session
from sim.views.controls import button, row, running_loop, slider, text
from sim.views.seat import panels
from sim.views.seat.film_panels import SeatFilm, days_line, film_of, film_title, parting, scenes

PACE = 1.6
"""Seconds that a day stands while the film plays."""


class FilmView:
    """A film that is made when it is first wanted. ``view`` is the widget to show, folded."""

    def __init__(self, make: Callable[[Session], SeatFilm | None] = film_of):
        self._make = make
        self.session: Session | None = None
        self.film: SeatFilm | None = None
        self.place = 0
        self._task: asyncio.Task[None] | None = None
        self.said, self.line, self.scene = text(), text(), text()
        self.back = button(_("Back"), _("The day before on which something happened"))
        self.on = button(_("Forward"), _("The next day on which something happened"))
        self.play = button(_("Play"), _("Go through the days one after the other; press again to stop"))
        self.part = button(_("Where they part"), _("The first day on which the two plays differ"))
        self.slide = slider(_("Step"), 1, 1, 1)
        self.back.on_click(lambda _button: self._by_hand(self.place - 1))
        self.on.on_click(lambda _button: self._by_hand(self.place + 1))
        self.part.on_click(lambda _button: self._by_hand(self.film.parts or 0 if self.film is not None else 0))
        self.play.on_click(lambda _button: self._play_or_stop())
        self.slide.observe(lambda change: self._slid(change["new"]), names="value")
        self.moves = widgets.HBox([self.back, self.on, self.play, self.part, self.slide], layout=row())
        inside = widgets.VBox([self.said, self.line, self.moves, self.scene])
        self.view = widgets.Accordion([inside], titles=(film_title(),))
        self.view.observe(lambda change: self._opened(), names="selected_index")

    def of(self, session: Session) -> None:
        """Be the film of a play that is over. Nothing is made yet, unless the fold is open."""
        self.forget()
        self.session = session
        self._opened()

    def forget(self) -> None:
        """Be no film any more."""
        self.stop()
        self.session = self.film = None
        self.said.value = self.line.value = self.scene.value = ""

    def wanted(self) -> SeatFilm | None:
        """The film, made now if it is not made yet; None where there is none."""
        if self.film is None and self.session is not None:
            self.film = self._make(self.session)
        return self.film

    def _opened(self) -> None:
        if self.view.selected_index is None:
            self.stop()
            return
        if self.session is None or self.scene.value:
            return
        found = self.wanted()
        self.moves.layout.display = "none" if found is None else ""
        if found is None:
            none = _("There is no play by the book to show beside this one: another team played the other State.")
            self.said.value = panels.wrap(f"<p>{escape(none)}</p>")
            return
        self.said.value = panels.wrap(f"<p>{escape(parting(found))}</p>")
        self.slide.max = len(found.mine)
        self.part.disabled = found.parts is None
        self.show(0)

    def show(self, place: int) -> None:
        """Show a day by its place among those on which something happened."""
        found = self.film
        if found is None or self.session is None:
            return
        before = self.place if self.scene.value else None
        self.place = min(max(place, 0), len(found.mine) - 1)
        self.line.value = panels.wrap(days_line(found, self.place))
        self.scene.value = panels.wrap(scenes(found, self.place, self.session.case.language, before))
        if self.slide.value != self.place + 1:
            self.slide.value = self.place + 1

    def _slid(self, value: int) -> None:
        if value - 1 != self.place:
            self._by_hand(value - 1)

    def _by_hand(self, place: int) -> None:
        self.stop()
        self.show(place)

    # Playing by itself

    def _play_or_stop(self) -> None:
        if self._task is not None:
            self.stop()
            return
        if self.film is None:
            return
        if self.place == len(self.film.mine) - 1:
            self.show(0)
        loop = running_loop()
        if loop is None:  # nothing moves by itself: a press is a step
            self.show(self.place + 1)
            return
        self._task = loop.create_task(self._go())
        self.play.description = _("Stop")

    async def _go(self) -> None:
        assert self.film is not None
        while self.film is not None and self.place < len(self.film.mine) - 1:
            await asyncio.sleep(PACE)
            self.show(self.place + 1)
        self._task = None
        self.play.description = _("Play")

    def stop(self) -> None:
        """Stand still."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self.play.description = _("Play")
