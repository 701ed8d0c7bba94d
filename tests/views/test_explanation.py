"""Answers of the law as trees: brief or whole, cited, with doubts marked, and safe."""

from __future__ import annotations

import io
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

import sim
from sim.law.reason import Reason
from sim.views.seat.law_desk import reasons_html
from sim.views.terminal.explanation import show_explanation
from tests.views.conftest import HOSTILE


@pytest.fixture(scope="module")
def answer() -> Any:
    return sim.explain(sim.load("meridian"), requesting="lys", requested="kow", measure="bank-records")


def shown(explanation: Any, *, full: bool = False, width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    show_explanation(explanation, console, full=full)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def reasons(reason: Reason) -> list[Reason]:
    return [reason, *(below for child in reason.children for below in reasons(child))]


def bare(words: str) -> str:
    return "".join(words.replace("│", " ").replace("├──", " ").replace("└──", " ").split())


def test_in_full_every_reason_is_there_with_its_citation(answer: Any) -> None:
    said = bare(shown(answer, full=True))
    for reason in reasons(answer.reason):
        assert bare(reason.text) in said
        assert bare(str(reason.citation)) in said
    assert "--full" not in said


def test_in_brief_it_is_shorter_and_says_how_to_see_the_rest(answer: Any) -> None:
    brief, full = shown(answer), shown(answer, full=True)
    assert len(brief.splitlines()) < len(full.splitlines())
    assert bare(answer.reason.text) in bare(brief)
    assert "--full" in brief


@pytest.mark.parametrize("full", [False, True])
def test_it_fits_eighty_columns(answer: Any, full: bool) -> None:
    assert max(map(len, shown(answer, full=full).splitlines())) <= 80


def test_assumptions_are_marked() -> None:
    sure = Reason("sure", "UNTOC art. 18", sureness="primary source")
    guess = Reason("guess", sureness="assumption", note="a caveat")
    tree = Reason("answer", children=(sure, guess))
    lines = shown(SimpleNamespace(reason=tree)).splitlines()
    assert "[assumption]" in next(line for line in lines if "guess" in line)
    assert "(a caveat)" in next(line for line in lines if "guess" in line)
    assert "[assumption]" not in next(line for line in lines if "sure" in line)


class Tree(HTMLParser):
    """Counts what opens, and insists that it closes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.count: dict[str, int] = {}
        self.words = ""
        self.deepest = 0
        self.feed(text)
        self.close()
        assert not self.stack

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.stack.append(tag)
        self.count[tag] = self.count.get(tag, 0) + 1
        self.deepest = max(self.deepest, self.stack.count("details"))
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def test_as_html_it_holds_the_whole_tree(answer: Any) -> None:
    tree = Tree(reasons_html(answer.reason))
    every = reasons(answer.reason)
    assert tree.count["details"] == sum(bool(reason.children) for reason in every)
    assert tree.count["cite"] == sum(bool(reason.citation) for reason in every)
    for reason in every:
        assert reason.text in tree.words


def test_as_html_the_first_levels_are_open() -> None:
    tree = Reason("a", children=(Reason("b", children=(Reason("c", children=(Reason("d"),)),)),))
    page = reasons_html(tree)
    assert page.count("<details open") == 2 and page.count("<details") == 3


def test_as_html_what_does_not_apply_is_folded(answer: Any) -> None:
    page = reasons_html(answer.reason)
    before = page[: page.index("Cannot be raised on these facts")]
    assert before.endswith("<details class='reason'><summary>"), "closed until it is opened"


def test_as_html_hostile_words_stay_words() -> None:
    tree = Reason(HOSTILE, HOSTILE, note=HOSTILE, children=(Reason(HOSTILE),))
    parsed = Tree(reasons_html(tree))
    assert not set(parsed.count) & {"script", "img", "svg"}
    assert parsed.words.count("<script>alert(1)</script>") == 4


def test_markup_in_a_reason_is_no_markup() -> None:
    assert "[bold]x[/]" in shown(SimpleNamespace(reason=Reason("[bold]x[/]")))
