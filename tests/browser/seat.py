"""What a trainee does in a browser, by keyboard, and what is measured there."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from playwright.sync_api import Error as PlaywrightError

PATIENCE = 120_000
"""Milliseconds to wait for a page or a control. A server that starts beside other tests on a busy machine takes long
to give its first page; how fast clicks are answered is measured elsewhere, not by this limit."""

SEEN = """() => [...document.querySelectorAll('.mla h2, .mla h3, .mla p, .mla-option')].map(e => e.innerText).join('|')
  + [...document.querySelectorAll('.mla svg desc')].map(e => e.textContent).join('|')"""

TIME, COLLEAGUE = "Until something needs me", "Leave it to a colleague"
SAME_LUCK = "With the same luck"
"""Buttons that move the case on where no option waits to be chosen: while time may pass, and while a letter waits."""

FOUND = """const found = name =>
    [...document.querySelectorAll('button')].find(b => b.textContent.trim() === name && b.offsetParent);"""

PRESS = f"""([name, seenSource]) => new Promise((resolve, reject) => {{
  {FOUND}
  const seen = eval(seenSource);
  const button = found(name);
  if (!button) {{ reject(new Error('no button ' + name)); return; }}
  const old = seen(), start = performance.now();
  let last = old, changed = 0;
  const watch = () => {{
    const now = seen(), moment = performance.now();
    if (now !== last) {{ last = now; changed = moment; }}
    if (changed && moment - changed > 500) resolve(changed - start);
    else if (moment - start > 60000) reject(new Error('nothing changed after ' + name));
    else setTimeout(watch, 4);
  }};
  button.click();
  watch();
}})"""
"""Presses a button; the milliseconds until the page had changed for the last time (and stayed so for 500 ms: a decision
that follows another sooner is taken for the second half of a double click)."""

FOCUSED = "() => (document.activeElement.textContent || document.activeElement.getAttribute('aria-label') || '').trim()"


def open_page(context: Any) -> Any:
    """A page that waits with patience; ``context`` is a browser or a context of one."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    return page


def go_in(page: Any) -> None:
    """Through the door, if there is one, to the first question."""
    page.get_by_role("button", name="Go in", exact=True).or_(page.locator(".mla-desk")).first.wait_for()
    if page.get_by_role("button", name="Go in", exact=True).count():
        page.get_by_role("button", name="Silent harbour").click()
        page.get_by_text("You are: Prosecutor for organised crime").wait_for()
        page.get_by_role("button", name="Go in", exact=True).click()
    page.get_by_text("Day ").first.wait_for()


def pick(page: Any, label: str, starts: str) -> None:
    """Choose the option that starts with given words."""
    field = page.locator(".mla-seat").get_by_label(label, exact=True).first
    values = field.locator("option").evaluate_all("options => options.map(option => option.value)")
    field.select_option(value=next(value for value in values if value.startswith(starts)))


def day(page: Any) -> int:
    words = page.locator(".mla", has_text="Day ").first.inner_text()
    return int(words.split("Day ")[1].split()[0])


def moves(page: Any) -> str:
    """The button that moves the case on now: a letter that is left to a colleague, the first option, or time; empty
    when it is over."""
    if (letter := page.get_by_role("button", name=COLLEAGUE, exact=True)).count() and letter.first.is_visible():
        return COLLEAGUE
    if (option := page.locator(".mla-option")).count():
        return str(option.first.text_content()).strip()
    if (wait := page.get_by_role("button", name=TIME, exact=True)).count() and wait.first.is_visible():
        return TIME
    return ""


def play_on(page: Any, steps: int) -> list[float]:
    """Take steps, and return how many milliseconds the page took to answer each."""
    took = []
    for _ in range(steps):
        name = moves(page)
        if not name:
            break
        took.append(page.evaluate(PRESS, [name, SEEN]))
    return took


def tab_to(page: Any, name: str, limit: int = 150) -> None:
    """Press Tab until a control of that name has the focus. Fails if the keyboard cannot reach it."""
    for _ in range(limit):
        if page.evaluate(FOCUSED) == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {name!r}")


def play_by_keyboard(page: Any, limit: int = 120) -> int:
    """A whole case with Tab and Enter alone; how often Enter was pressed."""
    for count in range(limit):
        name = moves(page)
        if not name:
            return count
        if page.evaluate(FOCUSED) != name:
            tab_to(page, name)
        before = page.evaluate(SEEN)
        page.keyboard.press("Enter")
        with suppress(PlaywrightError):  # an option whose letter lies open already: its desk has come into sight by now
            page.wait_for_function(f"old => ({SEEN})() !== old", arg=before, timeout=PATIENCE / 6)
        page.wait_for_timeout(600)  # a decision pressed at once after another is taken for an echo
    raise AssertionError("the case does not end")
