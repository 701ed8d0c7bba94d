"""A room of trainees on one machine: memory of each session, and how long the page takes to answer a click.

    python -m tests.benchmarks.room --seats 30
    python -m tests.benchmarks.room --seats 12 --clicks 300

The first opens every seat and plays one of them in a real browser while the others stay open. The second plays all of
them in a browser at once, as people do who read between two clicks, and looks whether memory stays where it was.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import psutil

from tests.browser.conftest import FLAGS, chromium, free_port, private, served
from tests.browser.seat import COLLEAGUE, FOUND, PATIENCE, SAME_LUCK, TIME, go_in, play_on

SETTLED = 50
"""Clicks after which a seat's memory is held against later."""
SLOW = 500
"""Milliseconds that no click may take."""
AGAIN = "Start again"
ROUND = 12
"""Moves after which a seat begins its case again: long before the end, whose debrief is measured elsewhere."""

QUIETLY = f"""name => new Promise((resolve, reject) => {{
  {FOUND}
  const button = found(name);
  if (!button) {{ reject(new Error('no button ' + name)); return; }}
  const start = performance.now();
  let last = 0;
  const watch = new MutationObserver(() => {{ last = performance.now(); }});
  const what = {{childList: true, characterData: true, subtree: true, attributeFilter: ['class', 'style']}};
  watch.observe(document.body, what);  // a question that opens is a class, and who begins again gets a seat anew
  const over = () => {{
    const now = performance.now();
    if (last ? now - last > 500 : now - start > 60000) {{ watch.disconnect(); resolve((last || now) - start); }}
    else setTimeout(over, 100);
  }};
  button.click();
  over();
}})"""
"""As `PRESS`, told of changes instead of looking for them again and again: many pages share this computer."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seats", type=int, default=30)
    parser.add_argument("--steps", type=int, default=24, help="clicks of the one seat that is played")
    parser.add_argument("--clicks", type=int, default=0, help="play every seat, with so many clicks each")
    parser.add_argument("--pause", type=float, default=3.0, help="seconds in which somebody reads between two clicks")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, _room(Path(name), wanted.seats) as port:
        if wanted.clicks:
            asyncio.run(measure_all(port, wanted.seats, wanted.clicks, wanted.pause))
        else:
            measure(port, wanted.seats, wanted.steps)


@contextmanager
def _room(folder: Path, seats: int) -> Iterator[int]:
    """A served room; its port."""
    port = free_port()
    command = [sys.executable, "-m", "sim.cli", "serve", "--folder", str(folder / "room"), "--port", str(port)]
    command += ["--seats", str(seats)]
    with served(command, private(folder / "jupyter"), f"{port}/static/nothing", folder):
        yield port


def measure(port: int, seats: int, steps: int) -> None:
    """Print memory per seat and click latency of one seat while the others are open."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        took: list[float] = []

        def open_seat(number: int) -> None:
            began = time.monotonic()
            urllib.request.urlopen(_address(port, f"seat-{number}"), timeout=600).read()
            took.append(time.monotonic() - began)

        others = [threading.Thread(target=open_seat, args=(number,)) for number in range(seats - 1)]
        began = time.monotonic()
        for thread in others:
            thread.start()
        for thread in others:
            thread.join()
        if took:
            middle, wall = statistics.median(took), time.monotonic() - began
            print(f"{seats - 1} seats opened at once in {wall:.0f} s (median {middle:.0f} s)")
        browser = p.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(60_000)
        began = time.monotonic()
        page.goto(_address(port, "seen"))
        go_in(page)
        print(f"the last seat, in a browser: inside the case after {time.monotonic() - began:.1f} s")
        _say_clicks(play_on(page, steps))
        memory = _memory()
        print(f"{len(memory)} kernels: {statistics.mean(memory):.0f} MB each (PSS), {sum(memory):.0f} MB together")
        browser.close()


async def measure_all(port: int, seats: int, clicks: int, pause: float) -> None:
    """Print click latency of all seats played at once, and their memory as the clicks go on."""
    from playwright.async_api import async_playwright

    took: list[float] = []
    slow: Counter[str] = Counter()
    chance = Random(0)
    done, inside = [0] * seats, [False] * seats
    coming = asyncio.Semaphore(2)  # who comes at once is measured above, and clicks once all are there

    async def play(browser: Any, number: int) -> None:
        page = await (await browser.new_context(viewport={"width": 1280, "height": 1000})).new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda said: print(number, said.text[:1500], flush=True) if said.type == "error" else None)
        page.on("pageerror", lambda error: print(number, str(error)[:1500], flush=True))
        async with coming:
            await page.goto(_address(port, f"seat-{number}"))
            await page.locator(".mla-desk").wait_for()
        inside[number] = True
        while not all(inside):
            await asyncio.sleep(1)
        while done[number] < clicks:
            await asyncio.sleep(pause * (0.5 + chance.random()))  # people do not press in step
            name = AGAIN if done[number] % ROUND == ROUND - 1 else await _move(page) or AGAIN
            took.append(await page.evaluate(QUIETLY, name))
            if took[-1] > SLOW:
                slow[name if name in (SAME_LUCK, COLLEAGUE, TIME, AGAIN) else "an option"] += 1
            done[number] += 1

    async def watch() -> None:
        for mark in range(SETTLED, clicks + 1, SETTLED):
            while min(done) < mark:
                await asyncio.sleep(1)
            memory = _memory()
            each = statistics.mean(memory)
            print(f"after {mark} clicks each: {each:.1f} MB a seat (PSS; largest {max(memory):.1f} MB)", flush=True)

    async with async_playwright() as p:
        browser = await p.chromium.launch(executable_path=chromium(), args=FLAGS)
        await asyncio.gather(watch(), *(play(browser, number) for number in range(seats)))
        await browser.close()
    _say_clicks(took)
    print("slow were:", ", ".join(f"{name} ({count})" for name, count in slow.most_common()) or "none")


async def _move(page: Any) -> str:
    """The button that moves the case on now, as `tests.browser.seat.moves` finds it; empty when it is over."""
    for name in (SAME_LUCK, COLLEAGUE, TIME):
        button = page.get_by_role("button", name=name, exact=True)
        if await button.count() and await button.first.is_visible():
            return name
    option = page.locator(".mla-option")
    return str(await option.first.text_content()).strip() if await option.count() else ""


def _address(port: int, seat: str) -> str:
    return f"http://127.0.0.1:{port}/?seat={seat}&case=silent-harbour"


def _say_clicks(took: list[float]) -> None:
    clicks = sorted(took)
    p95 = clicks[min(len(clicks) - 1, round(0.95 * len(clicks)))]
    print(
        f"click to page, {len(clicks)} clicks: median {statistics.median(clicks):.0f} ms, "
        f"95th percentile {p95:.0f} ms, slowest {clicks[-1]:.0f} ms, "
        f"above {SLOW} ms: {sum(click > SLOW for click in clicks)}"
    )


def _memory() -> list[float]:
    """Megabytes of each kernel."""
    return [kernel.memory_full_info().pss / 1e6 for kernel in kernels()]


def kernels() -> list[Any]:
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = " ".join(process.info["cmdline"] or ())
        if "ipykernel_launcher" in words and "voila" in words:
            found.append(process)
    return found


if __name__ == "__main__":
    main()
