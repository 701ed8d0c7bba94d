"""A trainee in JupyterLab, with a real browser: what they click, what they see, and how long it takes."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Lab

pytestmark = [pytest.mark.slow, pytest.mark.browser]

RUN_ALL = """async () => {
  const app = window.jupyterapp;
  await app.restored;
  const panel = app.shell.currentWidget;
  await panel.context.ready; await panel.revealed; await panel.sessionContext.ready;
  await panel.sessionContext.session.kernel.info;
  await app.commands.execute('notebook:run-all-cells');
  const cells = panel.content.model.sharedModel.cells.filter(c => c.cell_type === 'code');
  return cells.flatMap(c => c.getOutputs().filter(o => o.output_type === 'error').map(o => o.evalue));
}"""
"""Runs every cell once the kernel is really there; the errors of all cells."""

SHUT_DOWN = "async () => { await window.jupyterapp.shell.currentWidget.sessionContext.shutdown(); }"

CLICK = """number => new Promise((resolve, reject) => {
  const seen = () => [...document.querySelectorAll('.mla h2, .mla p, .mla .option')].map(e => e.innerText).join('|')
    + [...document.querySelectorAll('.mla svg desc')].map(e => e.textContent).join('|');
  const button = [...document.querySelectorAll('button')].find(b => b.textContent.trim() === `Choose ${number}`);
  const old = seen(), start = performance.now();
  let last = old, changed = 0;
  const watch = () => {
    const now = seen(), moment = performance.now();
    if (now !== last) { last = now; changed = moment; }
    if (changed && moment - changed > 400) resolve(changed - start);
    else if (moment - start > 20000) reject(new Error('nothing changed'));
    else setTimeout(watch, 5);
  };
  button.click();
  watch();
})"""
"""Clicks an option; the milliseconds until the page had changed for the last time (and stayed so for 400 ms)."""


def open_notebook(page: Any, lab: Lab, notebook: str = "trainee.ipynb") -> None:
    page.goto(lab.address(notebook))
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    assert page.evaluate(RUN_ALL) == []
    page.get_by_role("button", name="Choose 1", exact=True).wait_for(timeout=30_000)


def day(page: Any) -> int:
    words = page.locator(".mla", has_text="Day ").first.inner_text()
    return int(words.split("Day ")[1].split()[0])


def test_a_trainee_plays_in_a_browser(browser: Any, lab: Lab, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 1800})
    page = context.new_page()
    page.set_default_timeout(20_000)
    elsewhere: list[str] = []
    here = (f"http://127.0.0.1:{lab.port}/", f"ws://127.0.0.1:{lab.port}/", "data:", "blob:")
    context.on("request", lambda request: None if request.url.startswith(here) else elsewhere.append(request.url))
    open_notebook(page, lab)
    page.screenshot(path=tmp_path / "1-opened.png")
    assert day(page) == 1

    timeline, inbox = page.locator("svg[aria-label='Timeline of requests']"), page.locator(".mla .message")
    first_picture, first_messages = timeline.first.inner_html(), inbox.count()
    took = []
    for _ in range(5):
        took.append(page.evaluate(CLICK, 1))
    print(f"\nclick to page: median {statistics.median(took):.0f} ms, worst {max(took):.0f} ms")
    assert statistics.median(took) < 1500
    assert day(page) > 1
    assert timeline.first.inner_html() != first_picture
    assert inbox.count() > first_messages
    page.screenshot(path=tmp_path / "2-playing.png")

    # With the keyboard alone.
    question = page.locator(".mla h2").all_inner_texts()
    page.get_by_role("button", name="Choose 2", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_function(
        "old => [...document.querySelectorAll('.mla h2')].map(h => h.innerText).join() !== old.join()", arg=question
    )
    assert page.evaluate("document.activeElement.textContent.trim()") == "Choose 2", "the keyboard keeps its place"
    reached = day(page)

    # The browser is closed and the kernel dies; the session is beside the notebook and goes on.
    page.evaluate(SHUT_DOWN)
    page.close()
    files = list(lab.folder.glob("*.session.jsonl"))
    assert len(files) == 1 and len(files[0].read_text(encoding="utf-8").splitlines()) == 7
    page = context.new_page()
    page.set_default_timeout(20_000)
    open_notebook(page, lab)
    assert day(page) == reached
    assert page.get_by_text("goes on after 6 decisions").count() == 1
    page.screenshot(path=tmp_path / "3-resumed.png")

    # To the end: the debrief grows by itself while the page stays alive.
    for _ in range(30):
        choices = page.get_by_role("button", name="Choose 1", exact=True)
        if not choices.count():
            break
        page.evaluate(CLICK, 1)
    page.get_by_text("Where the days went").wait_for(timeout=30_000)
    page.get_by_text("replays", exact=False).first.wait_for()
    page.screenshot(path=tmp_path / "4-debrief.png", full_page=True)
    assert elsewhere == []
    page.evaluate(SHUT_DOWN)
    context.close()
