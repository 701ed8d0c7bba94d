"""What a seat puts on the page and takes away again: nothing that is replaced is kept."""

from __future__ import annotations

import ipywidgets as widgets
import pytest

from sim.model.loading import Scenario
from sim.views.controls import close, line, put, shown, tick
from sim.views.seat.app import TrainerApp
from sim.views.seat.tabs import ACT, LETTER, TABS
from tests.seat import pick


def alive() -> int:
    """How many widgets this process keeps."""
    return len(widgets.Widget.get_manager_state()["state"])


@pytest.mark.slow
def test_two_hundred_clicks_leave_no_more_widgets_than_fifty(case: Scenario) -> None:
    app = TrainerApp(case, seed=7, folder=None)
    app.pause = 0.0
    kinds, kept = list(app.toolbox.kinds), []
    for click in range(200):
        app.tabs.selected_index = click % len(TABS)
        if app.tabs.selected_index == ACT:
            app.toolbox.what.value = kinds[click % len(kinds)]
        if app.tabs.selected_index == LETTER:
            states = [value for _words, value in app.letters.state.options]
            app.letters.state.value = states[click % len(states)]
        if app.session.question is None and not app.session.ended:
            app.time.go_on.click()
        elif not app.session.ended:
            pick(app)
        else:
            app.again.same.click()
        if click % 50 == 49:  # counted at the same place each time
            app.again.same.click()
            app.toolbox.what.value = kinds[0]
            app.letters.open()
            kept.append(alive())
    assert len(set(kept)) == 1, kept


def test_a_control_is_closed_with_all_that_is_in_it() -> None:
    stays, other = line("c"), tick("d")
    before = alive()
    box = widgets.VBox([])
    put(box, [widgets.HBox([line("a"), tick("b")]), stays])
    put(box, [stays])
    assert box.children == (stays,) and alive() == before + len((box, box.layout))
    close(box)
    assert alive() == before - len((stays,)) and other.layout.comm is not None


def test_controls_that_look_alike_share_their_look_until_one_is_hidden() -> None:
    one, other = line("a"), line("b")
    assert one.layout is other.layout and one.style is other.style
    shown(one, False)
    assert one.layout.display == "none" and other.layout.display is None
    assert one.layout.max_width == other.layout.max_width
    shown(one, True)
    assert one.layout.display == "" and line("c").layout is other.layout


def test_a_letter_is_heard_once_however_often_its_state_is_picked(case: Scenario) -> None:
    app = TrainerApp(case, seed=7, folder=None)
    heard: list[int] = []
    app.letters.changed = lambda: heard.append(1)
    app.letters.open()
    states = [value for _words, value in app.letters.state.options]
    for state in (*states, *states):
        app.letters.state.value = state
    heard.clear()
    app.letters.contact.value = not app.letters.contact.value
    assert heard == [1]
