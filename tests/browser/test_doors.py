"""The doors of a served room, with a real browser: the room's code, a seat's code, hostile addresses and texts, a
process that dies, a room that is full."""

from __future__ import annotations

import http.client
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import pytest

from sim.views.room.connection import CURRENT
from sim.views.room.names import folder_of
from tests.browser.conftest import Lab, free_port, serving
from tests.browser.seat import day, go_in, open_page, play_on
from tests.browser.test_room import TABS, address, kernels, serious

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("browser")]

CODE = "48217730"
ATTACK = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'><svg onload=alert(3)>"

SEND = """([url, kinds, bytes]) => new Promise(resolve => {
  const socket = new WebSocket(url.replace(/session_id=[^&]*/, "session_id=other"), kinds);
  socket.onopen = () => socket.send(new Uint8Array(bytes));
  socket.onclose = event => resolve(event.code);
  setTimeout(() => resolve("it stays open"), 20000);
})"""


@pytest.fixture
def guarded(browser: Any, tmp_path: Path) -> Iterator[Lab]:
    """A room with a code and two seats."""
    pytest.importorskip("voila", reason="Voilà is not installed")
    here = Lab(free_port(), "", tmp_path / "room")
    with serving(here, tmp_path, "--code", CODE, "--seats", "2"):
        yield here


def watched(page: Any) -> list[str]:
    """What scripts that ran have said."""
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    return said


def asked(room: Lab, path: str, host: str) -> int:
    """The status that a request under some name gets."""
    connection = http.client.HTTPConnection("127.0.0.1", room.port, timeout=60)
    connection.request("GET", path, headers={"Host": host})
    status = connection.getresponse().status
    connection.close()
    return status


def door(page: Any, room: Lab, name: str, code: str = "") -> None:
    """Open the room's page, write a name (and a code), and press the button."""
    page.goto(f"http://127.0.0.1:{room.port}/")
    button = page.get_by_role("button", name="Go in", exact=True)
    page.get_by_label("Your name").fill(name)
    button.click()
    if code:
        page.get_by_text("is taken").wait_for()
        page.get_by_label("Code of this seat").fill(code)
        button.click()


def leave(page: Any, room: Lab) -> None:
    """Close a page; its seat is free again when this returns."""
    before = len(kernels(room))
    page.goto("about:blank")
    for _ in range(120):
        if len(kernels(room)) < before:
            break
        page.wait_for_timeout(500)
    assert len(kernels(room)) == before - 1
    page.context.close()


def test_an_address_brings_no_script_and_no_template(browser: Any, room: Lab) -> None:
    page = open_page(browser)
    said = watched(page)
    for query in ('theme=light"><script>alert(1)</script>', "template=nothing", "template=../../x&theme=dark"):
        page.goto(f"http://127.0.0.1:{room.port}/?{quote(query, safe='=&')}")
        page.get_by_role("button", name="Go in", exact=True).wait_for()
        assert page.evaluate("document.body.dataset.jpThemeName") == "JupyterLab Light"
    assert said == []
    page.close()


def test_a_foreign_name_gets_nothing(room: Lab) -> None:
    kernel = "/api/kernels/11111111-1111-1111-1111-111111111111/channels"
    for path in ("/", "/login", "/voila/static/voila.js", "/voila/files/x.png", kernel):
        for foreign in ("evil.example", f"evil.example:{room.port}", "127.0.0.1.evil.example", "10.1.2.3"):
            assert asked(room, path, foreign) == 403, (path, foreign)
    assert asked(room, "/voila/static/voila.js", f"localhost:{room.port}") == 200
    assert asked(room, "/voila/static/voila.js", "127.0.0.1") == 200


def test_the_rooms_code_lets_in(browser: Any, guarded: Lab, artefacts: Path) -> None:
    home = f"http://127.0.0.1:{guarded.port}/"
    for path in ("", "?seat=a&case=silent-harbour", "api/kernels/11111111-1111-1111-1111-111111111111"):
        assert asked(guarded, f"/{path}", "127.0.0.1") in (302, 403)
    (guarded.folder / "room-code.png").write_bytes(b"no picture")
    assert asked(guarded, "/voila/files/room-code.png", "127.0.0.1") == 403, "nothing of the folder is handed out"
    context = browser.new_context()
    page = open_page(context)
    page.goto(f"{home}?seat=a")
    assert kernels(guarded) == [], "whoever is not let in starts no process"
    said = watched(page)
    page.goto(f"{home}login?next={quote(ATTACK)}")
    page.goto(f"{home}login?next=//evil.example/?seat=a")
    assert serious(page, "main") == []
    page.screenshot(path=artefacts / "doors-0-code.png")
    field = page.get_by_label("Whoever runs this room")
    field.fill("1111 1111")
    page.keyboard.press("Enter")
    page.get_by_role("alert").filter(has_text="not the code").wait_for()
    assert serious(page, "main") == []
    page.screenshot(path=artefacts / "doors-1-wrong.png")
    field.fill("4821 7730")
    page.keyboard.press("Enter")
    page.get_by_label("Your name").wait_for()
    assert page.url == home and said == [], "nobody is led elsewhere"
    leave(page, guarded)
    other = browser.new_context()
    page = open_page(other)
    page.goto(f"{home}?seat=a")
    page.get_by_label("Whoever runs this room").fill(CODE)
    page.keyboard.press("Enter")
    page.get_by_label("Your name").wait_for()
    assert page.get_by_label("Your name").input_value() == "a", "the address goes on where it was"
    leave(page, guarded)
    scanned = browser.new_context()
    page = open_page(scanned)
    page.goto(f"{home}login?code={CODE}")
    page.get_by_label("Your name").wait_for()
    assert CODE not in page.url
    leave(page, guarded)


def test_a_full_room_says_so_until_somebody_leaves(browser: Any, guarded: Lab, artefacts: Path) -> None:
    home = f"http://127.0.0.1:{guarded.port}/login?code={CODE}"
    contexts = [browser.new_context() for _ in range(3)]
    pages = [open_page(context) for context in contexts]
    for page in pages[:2]:
        page.goto(home)
        page.get_by_role("button", name="Go in", exact=True).wait_for()
    assert pages[2].goto(home).status == 503
    pages[2].get_by_role("heading", name="The room is full").wait_for()
    pages[2].screenshot(path=artefacts / "doors-2-full.png")
    assert len(kernels(guarded)) == 2
    leave(pages[0], guarded)
    pages[2].reload()
    pages[2].get_by_role("button", name="Go in", exact=True).wait_for()
    for context in contexts[1:]:
        context.close()


def test_a_seat_is_opened_with_its_code_alone(browser: Any, room: Lab, artefacts: Path) -> None:
    owner, other = browser.new_context(), browser.new_context()
    page = open_page(owner)
    door(page, room, "Zoë")
    page.get_by_text("Note it down").wait_for()
    page.screenshot(path=artefacts / "doors-3-seat-code.png")
    assert serious(page) == []
    code = re.search(r"code of this seat: (\d{4} \d{4})", page.locator(".mla-notice").inner_text())[1]
    page.get_by_role("button", name="I have noted it").click()
    page.locator(".mla-notice").wait_for(state="hidden")
    page.goto(address(room, quote("Zoë")))
    page.locator(".mla-desk").wait_for()
    assert page.locator(".mla-notice").count() == 0, "its own browser needs no code, and is shown none"

    stranger = open_page(other)
    stranger.goto(address(room, quote("zoë")))
    stranger.get_by_text("is taken").wait_for()
    stranger.get_by_label("Code of this seat").fill("00000000")
    stranger.get_by_role("button", name="Go in", exact=True).click()
    stranger.get_by_text("That is not the code of this seat").wait_for()
    stranger.screenshot(path=artefacts / "doors-4-closed.png")
    assert stranger.locator(".mla-desk").count() == 0 and serious(stranger) == []
    stranger.get_by_label("Code of this seat").fill(code)
    stranger.get_by_role("button", name="Go in", exact=True).click()
    stranger.get_by_text("open in another window").wait_for()
    play_on(stranger, 1)
    play_on(page, 1)
    page.get_by_text("went on there").wait_for()
    stranger.screenshot(path=artefacts / "doors-5-two-windows.png")
    owner.close()
    other.close()


@pytest.mark.parametrize("name", ["Мария", "سارة", "佐藤", "Table_4"])
def test_a_name_in_any_script_goes_in(browser: Any, room: Lab, name: str) -> None:
    page = open_page(browser)
    door(page, room, name)
    page.locator(".mla-desk").wait_for()
    (file,) = (room.folder / "seats").glob("*/*.session.jsonl")
    assert file.parent.name == folder_of(name)
    page.close()


def test_a_dead_process_is_said_and_nothing_is_lost(browser: Any, room: Lab, artefacts: Path) -> None:
    page = open_page(browser)
    page.goto(address(room, "table-3"))
    go_in(page)
    play_on(page, 4)
    reached = day(page)
    assert page.locator("#mlasim-gone").inner_text() == ""
    assert [os.kill(pid, signal.SIGKILL) for pid in kernels(room)]
    alert = page.get_by_role("alert").filter(has_text="The connection to this seat is gone. Nothing is lost")
    alert.wait_for(timeout=30_000)
    page.screenshot(path=artefacts / "doors-6-gone.png")
    page.get_by_role("button", name="Load this page anew").click()
    page.get_by_text("goes on after").wait_for()
    assert day(page) == reached
    page.close()


def test_a_page_that_lost_a_control_on_the_way_says_so(browser: Any, room: Lab) -> None:
    page = open_page(browser)
    page.goto(address(room, "table-4"))
    go_in(page)
    # What ipywidgets shows in place of a control whose message never came.
    page.evaluate("""() => document.querySelector('.mla-seat').append(
        Object.assign(document.createElement('div'), {className: 'jupyter-widgets-error-widget'}))""")
    page.get_by_role("alert").filter(has_text="Nothing is lost: load this page anew").wait_for(timeout=30_000)
    page.get_by_role("button", name="Load this page anew").click()
    page.locator(".mla-desk").wait_for()
    page.wait_for_timeout(5_000)
    assert page.locator("#mlasim-gone").inner_text() == ""
    page.close()


def test_a_hostile_message_costs_its_connection_and_not_the_room(browser: Any, room: Lab) -> None:
    """Eight bytes may say that a message has a hundred million parts, or more than there are."""
    page = open_page(browser)
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.goto(address(room, "table-5"))
    go_in(page)
    play_on(page, 1)
    url = next(url for url in sockets if "/channels" in url)
    server = next(
        one for one in psutil.process_iter(["cmdline"]) if {"serve", str(room.port)} <= set(one.info["cmdline"] or ())
    )
    before = server.memory_info().rss
    for number, kinds in ((6, []), (2**60, [CURRENT]), (6, [CURRENT])):
        code = page.evaluate(SEND, [url, kinds, list(number.to_bytes(8, "little"))])
        assert code == 1003, f"the connection ended with {code}"
    assert server.memory_info().rss < before + 200 * 2**20
    play_on(page, 1)
    page.close()


def test_hostile_texts_in_every_field_run_nothing(browser: Any, room: Lab) -> None:
    page = open_page(browser)
    said = watched(page)
    page.goto(f"http://127.0.0.1:{room.port}/")
    page.get_by_label("Your name").fill(ATTACK)
    page.get_by_role("button", name="Go in", exact=True).click()
    page.get_by_text("letters and digits").wait_for()
    page.get_by_label("Your name").fill("guest")
    page.get_by_label("Play", exact=True).select_option(index=2)
    page.get_by_label("Name of the game").fill(ATTACK)
    page.get_by_role("button", name="Go in", exact=True).click()
    page.get_by_text("letters and digits").wait_for()
    page.get_by_label("Play", exact=True).select_option(index=0)
    page.locator(".mla-card").nth(5).wait_for()
    go_in(page)
    filled = 0
    for name in TABS:
        page.get_by_role("tab", name=name, exact=True).click()
        page.wait_for_timeout(500)
        for field in page.locator(".mla-seat :is(input[type=text], textarea)").all():
            if field.is_visible() and field.is_enabled():
                field.fill(ATTACK)
                field.press("Tab")
                filled += 1
        page.wait_for_timeout(500)
    assert filled > 4
    play_on(page, 8)
    assert "onerror=alert" in (room.folder / "seats" / "guest" / "silent-harbour-7.session.jsonl").read_text("utf-8")
    assert page.locator(".mla-seat :is(img, script), .mla-seat svg[onload]").count() == 0 and said == []
    page.close()
