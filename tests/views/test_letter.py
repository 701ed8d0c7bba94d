"""The letter to look at, to print and to edit."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from docx import Document

from sim.training.letters import Annex, Entry, Letter, Section, TickBox
from sim.views.letter import letter_fragment, letter_html
from sim.views.letter_docx import letter_docx

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> ' \" \x00\x0b & {0} \ud800 ]]> --> </w:t>"


def entry(*lines: str, **more: object) -> Entry:
    return Entry(lines=lines, **more)  # type: ignore[arg-type]


@pytest.fixture
def letter() -> Letter:
    boxes = (TickBox(HOSTILE, True), TickBox("inside", False, depth=1))
    sections = (
        Section("legal-basis", "Basis", (entry("One"),), "1"),
        Section("facts", "Facts", (entry(HOSTILE, "Two\nlines", asks=HOSTILE, boxes=boxes, note=HOSTILE),), "2"),
        Section("J", "Remedies", (entry(asks="Which", state="blank"), entry(asks="Others", state="open")), "J"),
    )
    return Letter(
        id="logs",
        title="Request",
        form=HOSTILE,
        reading="from memory",
        labels="en",
        labels_missing=False,
        head=(("To", HOSTILE), ("Date", "2027-03-01")),
        opening=HOSTILE,
        sections=sections,
        signature=("A", "B"),
        annexes=(Annex("Text", (HOSTILE,), HOSTILE),),
        beside=(Section("notes", "Notes", (entry(HOSTILE),)),),
    )


def arabic(letter: Letter) -> Letter:
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


def test_what_is_left_to_complete_is_shown_and_counted(letter: Letter) -> None:
    text = letter_html(letter)
    assert (letter.blanks, letter.where_applicable) == (1, 1)
    assert "1 field is to be completed by hand. 1 more is for where it applies." in text
    classes = [attrs.get("class") for tag, attrs in Page(text).tags if tag == "p"]
    assert classes.count("blank") == 1 and classes.count("open") == 1
    complete = replace(letter, sections=letter.sections[:2])
    assert "No field is left" in letter_html(complete) and "to be completed by hand</p>" not in letter_html(complete)


def test_boxes_say_to_everybody_whether_they_are_ticked(letter: Letter) -> None:
    signs = [attrs["aria-label"] for tag, attrs in Page(letter_html(letter)).tags if attrs.get("role") == "img"]
    assert signs == ["ticked", "not ticked"]


def test_every_printed_page_says_that_it_is_an_exercise_and_has_its_number(letter: Letter) -> None:
    style = letter_html(letter).partition("<style>")[2].partition("</style>")[0]
    assert '@top-center{content:"Training exercise.' in style and "counter(page)" in style and "size:A4" in style
    assert "not to be sent" in letter_html(letter)


def xml(document: Letter, part: str = "document") -> str:
    return zipfile.ZipFile(io.BytesIO(letter_docx(document))).read(f"word/{part}.xml").decode()


def test_docx_opens_again_with_headings_and_text(letter: Letter) -> None:
    document = Document(io.BytesIO(letter_docx(letter)))
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert headings[:4] == ["1. Basis", "2. Facts", "J. Remedies", "Annex 1: Text"] and headings[-1] == "Notes"
    assert any("<script>alert(1)</script>" in p.text for p in document.paragraphs), "text, as it was written"
    assert document.core_properties.title == "Request" and document.core_properties.language == "en"
    assert document.tables[0].rows[1].cells[1].text == "2027-03-01"
    assert "Training exercise" in document.sections[0].header.paragraphs[0].text


def test_docx_has_boxes_to_tick_and_numbers_its_pages(letter: Letter) -> None:
    written = xml(letter)
    assert re.findall(r'<w14:checked w14:val="(\d)"', written) == ["1", "0"]
    assert {"PAGE", "NUMPAGES"} == set(re.findall(r"> (\w+) </w:instrText>", xml(letter, "footer1")))


def test_docx_is_written_from_right_to_left_where_the_language_is(letter: Letter) -> None:
    assert "<w:bidi/>" in xml(arabic(letter)) and "<w:bidi/>" not in xml(letter)
