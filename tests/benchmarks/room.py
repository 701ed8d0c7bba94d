"""A room of trainees on one machine: memory of each session, and how long the page takes to answer a click.

    python -m tests.benchmarks.room --seats 30

Starts the served room, opens every seat, and plays one of them in a real browser while the others stay open.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

import psutil

from tests.browser.conftest import FLAGS, chromium, free_port, private, served
from tests.browser.seat import go_in, play_on


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seats", type=int, default=30)
    parser.add_argument("--steps", type=int, default=24)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        measure(Path(name), wanted.seats, wanted.steps)


def measure(folder: Path, seats: int, steps: int) -> None:
    """Print memory per seat and click latency."""
    import sys

    from playwright.sync_api import sync_playwright

    port = free_port()
    command = [sys.executable, "-m", "sim.cli", "serve", "--folder", str(folder / "room"), "--port", str(port)]
    with served(command, private(folder / "jupyter"), f"{port}/static/nothing", folder), sync_playwright() as p:
        took: list[float] = []

        def open_seat(number: int) -> None:
            began = time.monotonic()
            address = f"http://127.0.0.1:{port}/?seat=seat-{number}&case=silent-harbour"
            urllib.request.urlopen(address, timeout=600).read()
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
        page.goto(f"http://127.0.0.1:{port}/?seat=seen&case=silent-harbour")
        go_in(page)
        print(f"the last seat, in a browser: inside the case after {time.monotonic() - began:.1f} s")
        clicks = sorted(play_on(page, steps))
        p95 = clicks[min(len(clicks) - 1, round(0.95 * len(clicks)))]
        middle = statistics.median(clicks)
        print(f"click to page, {len(clicks)} clicks: median {middle:.0f} ms, 95th percentile {p95:.0f} ms")
        memory = [kernel.memory_full_info().pss / 1e6 for kernel in kernels()]
        print(f"{len(memory)} kernels: {statistics.mean(memory):.0f} MB each (PSS), {sum(memory):.0f} MB together")
        browser.close()


def kernels() -> list[Any]:
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = " ".join(process.info["cmdline"] or ())
        if "ipykernel_launcher" in words and "voila" in words:
            found.append(process)
    return found


if __name__ == "__main__":
    main()
