"""The debrief as a file: whole in itself, safe, and fit for paper."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from sim.training.counterfactuals import Alternative, Play
from sim.training.debrief_records import ActReview, Debrief, Lesson
from sim.training.session import Session
from sim.views.seat.debrief_page import debrief_html
from tests.views.conftest import HOSTILE

VOID = {"meta", "br", "img", "link", "input", "hr"}


class Page(HTMLParser):
    """Reads a page, insisting that every element that opens is closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in VOID and not (self.get_starttag_text() or "").endswith("/>"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.words.append(data)


@pytest.fixture(scope="module")
def page(found: Debrief) -> str:
    return debrief_html(found)


def test_it_is_a_whole_page(page: str, found: Debrief) -> None:
    parsed = Page(page)
    assert parsed.open == []
    words = " ".join(parsed.words)
    for part in (
        found.title,
        found.ending_title,
        f"Score {found.total:.0f} of 100",
        "Where the days went",
        "Your decisions beside the others",
        "To take home",
    ):
        assert all(word in words for word in part.split()), part
    for review in found.decisions:
        assert review.title in words
        for cite in review.cites:  # in which words of the glossary are elements of their own
            assert "".join(cite.article.split()) in "".join(words.split())
    assert page.startswith("<!doctype html>") and 'lang="en"' in page and 'charset="utf-8"' in page


def test_it_asks_nobody_for_anything(page: str) -> None:
    bare = page.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?:|//[a-z]|@import|url\((?!#)", bare)
    parsed = Page(page)
    assert not parsed.tags & {"script", "link", "iframe", "img", "object", "embed", "form", "base"}
    assert not {name for name, _ in parsed.attributes} & {"src", "href", "srcset", "action", "data"}


def test_hostile_texts_stay_texts(found: Debrief) -> None:
    """Reasons are hostile already; here every other text that a case may bring is, too."""
    page = debrief_html(
        replace(
            found,
            title=HOSTILE,
            ending_title=HOSTILE,
            ending_text=HOSTILE,
            lessons=[Lesson(HOSTILE, HOSTILE, HOSTILE, HOSTILE)],
            acts=[ActReview(1, HOSTILE, HOSTILE, HOSTILE, 5, 6)],
            case=HOSTILE,
            requests=[replace(line, name=HOSTILE, outcome=HOSTILE) for line in found.requests],
            evidence=[{**item, "title": HOSTILE, "state": HOSTILE} for item in found.evidence],
            deadlines=[{**item, "title": HOSTILE} for item in found.deadlines],
            scores=[replace(axis, words=HOSTILE) for axis in found.scores],
            decisions=[
                replace(
                    review,
                    title=HOSTILE,
                    question=HOSTILE,
                    remarks=dict.fromkeys(review.texts, HOSTILE),
                    texts=dict.fromkeys(review.texts, HOSTILE),
                    alternatives=[
                        Alternative(
                            review.id,
                            option,
                            option == review.chosen,
                            [Play(n, 5.0 + place, HOSTILE, 1) for n in range(5)],
                        )
                        for place, option in enumerate(review.texts)
                    ],
                    citations={
                        option: tuple(replace(c, article=HOSTILE, says=HOSTILE, sureness=HOSTILE) for c in cites)
                        for option, cites in review.citations.items()
                    },
                )
                for review in found.decisions
            ],
        )
    )
    parsed = Page(page)
    assert parsed.open == []
    assert not parsed.tags & {"script", "img"}
    assert not any(name.startswith("on") for name, _ in parsed.attributes)
    assert "<script>alert(1)</script>" in "".join(parsed.words)


def test_reason_and_expectation_are_there(page: str) -> None:
    assert "You wrote:" in page and "You expected:" in page and "within a month" in page


def test_it_is_fit_for_paper(page: str) -> None:
    paper = page.split("@media print")[-1].split("</style>")[0]
    assert "break-inside:avoid" in paper and "svg" in paper


def test_it_says_what_it_is_and_how_to_repeat_it(page: str, found: Debrief, played: Session) -> None:
    footer = page.split("<footer>")[1]
    for part in (found.scenario_hash[:16], played.sha256[:16], "seed 7", "mlasim debrief", "no forecast", "invented"):
        assert part in footer


def test_a_case_that_goes_on_has_a_page_too(case) -> None:
    session = Session(case, seed=7)
    page = debrief_html(session.debrief(replays=0))
    assert Page(page).open == []
    assert "The case goes on" in page and "Nothing was sent." in page


def test_tables_add_up(page: str, found: Debrief) -> None:
    table = re.search(r"<table class='days'>.*?</table>", page, flags=re.DOTALL)
    assert table is not None
    rows = table[0].split("<tr>")[2:]
    assert len(rows) == len(found.requests)
    for row in rows:
        *parts, together = [float(n) for n in re.findall(r"<td class='number'>(?:<b>)?([\d.]+)", row)]
        assert sum(parts) == pytest.approx(together, abs=0.06 * len(parts))
