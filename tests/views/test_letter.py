"""The letter to look at, to print and to edit."""

from __future__ import annotations

import io
import zipfile
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from docx import Document

from sim.training.letters import Letter, Section
from sim.views.seat.letter import letter_docx, letter_fragment, letter_html

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> \x00\x0b & {0} \ud800"


@pytest.fixture
def letter() -> Letter:
    sections = (Section("legal-basis", "Basis", ("One",)), Section("facts", "Facts", (HOSTILE, "Two\nlines")))
    return Letter("logs", "Request", "en", False, (("To", HOSTILE), ("Date", "2027-03-01")), sections, ("A", "B"))


def arabic(letter: Letter) -> Letter:
    from dataclasses import replace

    return replace(letter, labels="ar", title="طلب المساعدة")


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_html_is_one_page_that_asks_nobody_and_runs_nothing(letter: Letter) -> None:
    text = letter_html(letter)
    page = Page(text)
    assert not {tag for tag, _ in page.tags} & {"script", "img", "link", "iframe"}
    assert not any(name.startswith("on") or name in ("src", "href") for _, attrs in page.tags for name in attrs)
    assert "&lt;script&gt;" in text and "\x00" not in text and "Two<br>lines" in text
    levels = [int(tag[1]) for tag, _ in page.tags if tag in ("h1", "h2")]
    assert levels[0] == 1 and all(b - a <= 1 for a, b in pairwise(levels))
    text.encode()


def test_direction_and_language_are_said(letter: Letter) -> None:
    assert Page(letter_html(letter)).tags[0] == ("html", {"lang": "en", "dir": "ltr"})
    assert Page(letter_html(arabic(letter))).tags[0] == ("html", {"lang": "ar", "dir": "rtl"})
    assert "dir='rtl'" in letter_fragment(arabic(letter))


def test_docx_opens_again_with_headings_and_text(letter: Letter) -> None:
    document = Document(io.BytesIO(letter_docx(letter)))
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert headings == ["1. Basis", "2. Facts"]
    assert any("<script>alert(1)</script>" in p.text for p in document.paragraphs), "text, as it was written"
    assert document.core_properties.title == "Request" and document.core_properties.language == "en"
    assert document.tables[0].rows[1].cells[1].text == "2027-03-01"


def test_docx_is_written_from_right_to_left_where_the_language_is(letter: Letter) -> None:
    def xml(document: Letter) -> str:
        return zipfile.ZipFile(io.BytesIO(letter_docx(document))).read("word/document.xml").decode()

    assert "<w:bidi/>" in xml(arabic(letter)) and "<w:bidi/>" not in xml(letter)
