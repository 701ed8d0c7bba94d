"""A room served by Voilà, with a real browser: keyboard only, a kernel that dies, every screen, accessibility."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.browser.conftest import Lab
from tests.browser.seat import day, go_in, open_page, play_by_keyboard, play_on, tab_to

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("browser")]

TABS = ("Inbox", "Requests", "Case file", "Map", "Law desk", "Act", "Write a letter", "The story")
OURS_TO_MEND = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")
AXE = """async ([within, tags]) => (await axe.run(within, {runOnly: {type: 'tag', values: tags}})).violations
  .filter(v => ['serious', 'critical'].includes(v.impact))
  .map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' || '))"""


def address(room: Lab, seat: str, case: str = "silent-harbour") -> str:
    return f"http://127.0.0.1:{room.port}/?seat={seat}&case={case}"


def serious(page: Any, within: str = ".mla-seat") -> list[str]:
    axe = pytest.importorskip("axe_playwright_python", reason="axe-core is not installed")
    page.evaluate((Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8"))
    return page.evaluate(AXE, [within, OURS_TO_MEND])


def test_a_whole_case_by_keyboard_alone_and_every_screen_is_accessible(
    browser: Any, room: Lab, artefacts: Path
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 1300}, accept_downloads=True)
    page = open_page(context)
    elsewhere: list[str] = []
    here = (f"http://127.0.0.1:{room.port}/", f"ws://127.0.0.1:{room.port}/", "data:", "blob:")
    context.on("request", lambda request: None if request.url.startswith(here) else elsewhere.append(request.url))

    page.goto(f"http://127.0.0.1:{room.port}/?seat=table-1")
    page.get_by_role("button", name="Go in", exact=True).wait_for()
    page.screenshot(path=artefacts / "room-0-door.png")
    assert serious(page) == []
    go_in(page)
    found = {"opened": serious(page)}
    for place, name in enumerate(TABS):
        page.get_by_role("tab", name=name, exact=True).click()
        page.wait_for_timeout(700)
        page.screenshot(path=artefacts / f"room-1-{place}-{name.lower().replace(' ', '-')}.png", full_page=True)
        found[name] = serious(page)
    assert {screen: problems for screen, problems in found.items() if problems} == {}

    page.get_by_role("tab", name="Requests", exact=True).click()
    assert play_by_keyboard(page) > 20
    page.get_by_text("Skill and luck").wait_for()
    tab_to(page, "Prepare downloads", 400)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Decisions as CSV").wait_for()
    page.screenshot(path=artefacts / "room-2-debrief.png", full_page=True)
    assert serious(page) == []
    for name, ends, holds in (
        ("Debrief as one page", ".html", "<!doctype html>"),
        ("Decisions as CSV", ".csv", "kind,day,id"),
        ("Everything as JSON", ".json", "scenario_hash"),
        ("xAPI statements", ".xapi.json", "adlnet.gov"),
    ):
        with page.expect_download() as download:
            page.get_by_role("link", name=name, exact=True).click()
        file = download.value
        assert file.suggested_filename.endswith(ends)
        assert holds in Path(file.path()).read_text(encoding="utf-8")
    assert elsewhere == []
    context.close()


def test_the_kernel_dies_and_the_seat_goes_on_where_it_was(browser: Any, room: Lab, artefacts: Path) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    page = open_page(context)
    page.goto(address(room, "table-2"))
    go_in(page)
    play_on(page, 9)
    reached = day(page)
    (file,) = (room.folder / "seats" / "table-2").glob("*.session.jsonl")
    before = file.read_bytes()
    killed = [pid for pid in kernels(room) if os.kill(pid, signal.SIGKILL) is None]
    assert killed
    page.goto(address(room, "table-2"))
    go_in(page)
    assert day(page) == reached and file.read_bytes() == before
    page.screenshot(path=artefacts / "room-3-resumed.png")
    context.close()


def kernels(room: Lab) -> list[int]:
    """Kernels of this room and of no other: another test may have a room of its own at the same time."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        command = " ".join(process.info["cmdline"] or ())
        if "ipykernel_launcher" not in command:
            continue
        try:
            served_by = " ".join(word for parent in process.parents() for word in parent.cmdline())
        except psutil.Error:
            continue
        if str(room.folder) in served_by:
            found.append(process.pid)
    return found


def test_two_seats_do_not_meet(browser: Any, room: Lab) -> None:
    context = browser.new_context()
    one, other = open_page(context), open_page(context)
    for page, seat in ((one, "a"), (other, "b")):
        page.goto(address(room, seat))
        go_in(page)
    play_on(one, 6)
    assert day(one) > 1
    other.reload()
    go_in(other)
    assert day(other) == 1
    context.close()


@pytest.mark.parametrize("seat", ["../../../etc", "a/b", "<script>alert(1)</script>", "x" * 200])
def test_a_hostile_seat_writes_nowhere_and_runs_nothing(browser: Any, room: Lab, seat: str) -> None:
    from urllib.parse import quote

    page = open_page(browser)
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.goto(f"http://127.0.0.1:{room.port}/?seat={quote(seat)}&case=silent-harbour")
    page.get_by_role("button", name="Go in", exact=True).wait_for()
    page.get_by_role("button", name="Go in", exact=True).click()
    page.get_by_text("letters and digits").wait_for()
    assert said == [] and not (room.folder / "seats").exists()
    page.close()


def test_a_hostile_session_runs_nothing(browser: Any, room: Lab) -> None:
    """What a trainee wrote, or what somebody wrote into their file, is shown as text."""
    import sim

    attack = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    session = sim.play("silent-harbour", seed=7)
    folder = room.folder / "seats" / "guest"
    folder.mkdir(parents=True)
    session.save(folder / "silent-harbour-7.session.jsonl")
    while not session.ended:
        session.choose(next(iter(session.question.options)), because=attack, predict=attack)
    page = open_page(browser)
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.goto(address(room, "guest"))
    page.get_by_text("Your decisions beside the others").wait_for()
    assert page.get_by_text("onerror=alert(1)").count() > 3
    assert page.locator(".mla-seat img, .mla-seat script").count() == 0 and said == []
    (folder / "silent-harbour-7.session.jsonl").write_text(
        json.dumps({"kind": "mlasim session", "format": 1, "scenario": attack, "hash": attack, "seed": 7}) + "\n",
        encoding="utf-8",
    )
    page.goto(address(room, "guest"))
    page.get_by_text("the old file is kept as").wait_for()
    assert page.locator(".mla-seat img, .mla-seat script").count() == 0 and said == []
    page.close()
