"""`mlasim lab` as somebody meets it who has never seen JupyterLab: the seat, running, and nothing around it."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.training.players import Textbook, finish
from tests.browser.conftest import Lab, free_port, private, served
from tests.browser.seat import go_in, open_page, tab_to

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("browser")]

AROUND = {
    "the menu": "#jp-menu-panel, #jp-MainMenu",
    "the side bars": ".jp-SideBar",
    "the file browser": ".jp-DirListing",
    "the launcher": ".jp-Launcher",
    "the notebook's tools": ".jp-NotebookPanel-toolbar",
    "code": ".jp-CodeCell .jp-Cell-inputWrapper",
    "text for those who see the code": ".jp-MarkdownCell",
    "the status bar": "#jp-main-statusbar",
    "tabs": ".lm-DockPanel-tabBar",
    "news": ".Toastify__toast",
    "the cover": ".mlasim-cover",
}


@contextmanager
def opened(folder: Path, *options: str) -> Iterator[Lab]:
    """What the command opens, at a port of the test's."""
    here = Lab(free_port(), secrets.token_hex(8), folder / "room")
    settings = {
        "ServerApp": {"port": here.port, "port_retries": 0, "ip": "127.0.0.1"},
        "IdentityProvider": {"token": here.token},
    }
    config = folder / "jupyter" / "config"
    config.mkdir(parents=True)
    (config / "jupyter_server_config.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [sys.executable, "-m", "sim.cli", "lab", "--no-browser", "--folder", str(here.folder), *options]
    with served(command, private(folder / "jupyter"), f"{here.port}/api/status?token={here.token}", folder):
        yield here


def in_sight(page: Any, what: str) -> int:
    return int(page.locator(what).evaluate_all("found => found.filter(one => one.checkVisibility()).length"))


def first_address(lab: Lab) -> str:
    """The address that a browser is opened at: that of the server, which leads to the page."""
    return f"http://127.0.0.1:{lab.port}/?token={lab.token}"


def test_the_seat_stands_alone_and_runs(browser: Any, tmp_path: Path, artefacts: Path) -> None:
    over = finish(sim.play("first-letter", seed=7), Textbook())
    (tmp_path / "room").mkdir()
    with opened(tmp_path) as lab:
        over.save(lab.folder / "first-letter-7.session.jsonl")
        page = open_page(browser.new_context(viewport={"width": 1366, "height": 768}))
        page.goto(first_address(lab))
        page.get_by_role("button", name="Go in", exact=True).wait_for()
        page.locator(".mlasim-cover").wait_for(state="detached")
        page.wait_for_timeout(500)
        page.screenshot(path=artefacts / "alone-1-door.png")
        assert {name: count for name, what in AROUND.items() if (count := in_sight(page, what))} == {}
        seat = page.locator(".mla-seat, .jp-OutputArea-output").first.bounding_box()
        assert seat["x"] < 60 and seat["y"] < 60 and seat["width"] > 1200, "it fills the page"

        # Keys that would cut the cell out of a notebook, or its output away.
        page.get_by_role("button", name="Go in", exact=True).focus()
        for key in ("Escape", "d", "d", "x", "o", "0", "0"):
            page.keyboard.press(key)
        assert page.get_by_role("button", name="Go in", exact=True).is_visible()
        go_in(page)
        page.screenshot(path=artefacts / "alone-2-seat.png")
        page.reload()
        page.get_by_role("button", name="Go in", exact=True).wait_for()

        # A play that is over opens at its debrief; its film is moved by keyboard.
        page.get_by_role("button", name="First letter").click()
        page.get_by_role("button", name="Go in", exact=True).click()
        page.get_by_text("Where the days went").wait_for()
        page.get_by_text("Your play beside the book's, day by day").click()
        page.locator(".film-day").wait_for()
        tab_to(page, "Forward", 400)
        page.keyboard.press("Enter")
        page.wait_for_timeout(2500)
        page.screenshot(path=artefacts / "alone-3-film.png")
        page.set_viewport_size({"width": 390, "height": 800})
        page.wait_for_timeout(500)
        page.screenshot(path=artefacts / "alone-4-film-phone.png")
        page.context.close()


def test_with_code_it_is_a_notebook_in_jupyterlab(browser: Any, tmp_path: Path) -> None:
    with opened(tmp_path, "--code") as lab:
        page = open_page(browser)
        page.goto(first_address(lab))
        page.locator(".jp-CodeCell .jp-Cell-inputWrapper").first.wait_for()
        assert in_sight(page, ".jp-SideBar") and in_sight(page, ".jp-NotebookPanel-toolbar")
        page.close()


def test_a_notebook_that_is_no_app_is_shown_as_one(browser: Any, tmp_path: Path) -> None:
    with opened(tmp_path, "--notebook", "start") as lab:
        page = open_page(browser)
        page.goto(first_address(lab))
        page.locator("strong", has_text="Which door is yours?").wait_for()
        page.locator(".mlasim-cover").wait_for(state="detached")
        assert in_sight(page, ".jp-CodeCell .jp-Cell-inputWrapper") and in_sight(page, ".jp-SideBar")
        page.close()
