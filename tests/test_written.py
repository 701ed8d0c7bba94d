"""Nothing that people or files say writes more than text, wherever it is written."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

import sim
from sim.training.letters import Annex, Entry, Letter, Section, TickBox
from sim.views.documents import Document, Grid, Heading, Items, Paragraph, as_docx, as_html
from sim.views.letter import letter_html
from sim.views.letter_docx import letter_docx
from sim.views.terminal.screen import Screen
from sim.written import cell, clean, csv_text

EVERY = "".join(map(chr, [*range(0x20), 0x7F, *range(0x80, 0xA0), 0xD800, 0xDFFF, 0xFFFE, 0xFFFF]))
ANY_TEXT = st.text(st.characters(codec=None) | st.sampled_from(EVERY + "=+-@;"))
"""Any text, halves of characters too."""


@given(ANY_TEXT)
def test_what_is_clean_can_be_written_as_xml_and_utf_8(text: str) -> None:
    written = clean(text)
    assert clean(written) == written
    element = ElementTree.Element("a")
    element.text = written
    assert ElementTree.fromstring(ElementTree.tostring(element, encoding="utf-8")).text in (written, written or None)
    assert not any((ord(c) < 32 and c not in "\t\n") or 0x7F <= ord(c) < 0xA0 for c in written)


def test_what_is_text_stays_and_lines_break_in_one_way() -> None:
    for text in ("Zoë, Мария, سارة, 佐藤\t🙂\n\u200f", "", "a-b"):
        assert clean(text) == text
    assert clean("a\r\nb\rc\x0bd\x0ce\x85f") == "a\nb\nc\nd\ne\nf"
    assert clean("\x1b[2J\x9b31m\x07") == "[2J31m" and clean("\ud83d \ufffe") == "\ufffd \ufffd"


@given(st.lists(st.lists(ANY_TEXT, min_size=2, max_size=2), max_size=4))
def test_a_table_opens_as_it_was_written_and_runs_nothing(rows: list[list[str]]) -> None:
    text = csv_text(("a", "b"), rows)
    assert text.encode().startswith(b"\xef\xbb\xbf")
    found = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert found[0] == ["a", "b"] and len(found) == len(rows) + 1
    for read in found[1:]:
        assert not any(value.lstrip().startswith(("=", "+", "-", "@")) for value in read)


def test_cells_that_are_numbers_stay_numbers() -> None:
    assert (cell(-1.5), cell(3), cell(None), cell("-1.5"), cell(" =A1")) == (-1.5, 3, None, "'-1.5", "'=A1")


@pytest.mark.parametrize("shown", [Text(EVERY), EVERY, Panel(Text(EVERY), title=Text(EVERY)), "table"])
def test_nothing_said_reaches_the_terminal_as_a_command(shown: object) -> None:
    if shown == "table":
        table = Table(title=Text(EVERY))
        table.add_row(Text(EVERY), "\x1b[2J")
        shown = table
    screen = Screen(file=io.StringIO(), width=300, force_terminal=True, color_system=None, markup=False)
    screen.print(shown)
    assert isinstance(screen.file, io.StringIO)
    written = screen.file.getvalue()
    assert not any((ord(c) < 32 and c != "\n") or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000 for c in written)
    written.encode()


def test_what_the_screen_itself_says_stays() -> None:
    screen = Screen(file=io.StringIO(), width=80, force_terminal=True, color_system="standard")
    screen.print(Text("red\x1b[2J", style="red"))
    screen.show_cursor(False)
    assert isinstance(screen.file, io.StringIO)
    assert "\x1b[31mred[2J\x1b[0m" in screen.file.getvalue() and "\x1b[?25l" in screen.file.getvalue()


def test_documents_and_letters_are_made_of_any_text() -> None:
    blocks = [Heading(EVERY, 1), Paragraph(EVERY), Items((EVERY,)), Grid((EVERY,), ((EVERY,),))]
    document = Document(EVERY, EVERY, list(blocks), EVERY)
    sections = (Section("facts", EVERY, (Entry(EVERY, (EVERY,), (TickBox(EVERY, True),), EVERY),), EVERY),)
    head, annexes = ((EVERY, EVERY),), (Annex(EVERY, (EVERY,), EVERY),)
    letter = Letter("a", EVERY, EVERY, EVERY, "en", False, head, EVERY, sections, (EVERY,), annexes, sections)
    assert as_docx(document).startswith(b"PK") and letter_docx(letter).startswith(b"PK")
    for written in (as_html(document), letter_html(letter)):
        written.encode()
        assert "\x1b" not in written and "\x00" not in written and "\uffff" not in written


# From end to end

WORLD = """format: 1
kind: world
id: odd
title: "A small world \\uffff\\e[2J"
starts: 2027-01-04
offices:
  desk:
    title: "=1+1"
    staff: 1
    hours: Mon-Fri 09:00-17:00
    time zone: Europe/Oslo
    holidays: none
    origins: {all: "assumption: a test"}
procedures:
  way:
    title: The way
    start: do
    stages:
      do:
        title: "Do \\ufffe\\e[31m"
        performer: office desk
        work: 2 working hours
        then: done
        origins: {all: "assumption: a test"}
      done: {end: completed}
demand:
  letters: {title: Letters, procedure: way, per year: 500, origins: {all: "assumption: a test"}}
warm up: 10 days
origins: {all: "assumption: a test"}
"""


@pytest.mark.slow
def test_a_world_with_odd_titles_is_reported_and_exported(mlasim, tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_text(WORLD, encoding="utf-8")
    compare = ("compare", "odd.yaml", "--lever", "world/odd/offices/desk/staff+1", "--years", "0.1")
    code, out, err = mlasim(*compare, "--replications", "2", "--processes", "1", "--report", "a.docx", "--csv", "a.csv")
    assert code == 0, err
    assert "\x1b" not in out + err
    code, out, err = mlasim(
        "run", "odd.yaml", "--years", "0.1", "--out", "tables", "--xes", "a.xes", "--ocel", "a.json"
    )
    assert code == 0 and "\x1b" not in out + err, err
    ElementTree.parse(tmp_path / "a.xes")
    for name in ("a.csv", "tables/activities.csv", "tables/requests.csv", "tables/offices.csv"):
        content = (tmp_path / name).read_bytes()
        assert content.startswith(b"\xef\xbb\xbf") and b"\x1b" not in content, name
    assert "desk,'=1+1," in (tmp_path / "tables" / "offices.csv").read_text(encoding="utf-8-sig")


def test_a_reason_cannot_command_the_terminal_of_who_opens_it(mlasim, tmp_path: Path) -> None:
    session = sim.play("four-days", seed=7)
    session.save(tmp_path / "a.session.jsonl")
    assert session.question is not None
    option = next(iter(session.question.options))
    session.choose(option, because="\x1b[2J\x1b[31mred \x1b]0;title\x07")
    code, out, err = mlasim("debrief", "a.session.jsonl", "--replays", "0")
    assert code == 0 and "[2J[31mred ]0;title" in out and "\x1b" not in out + err
    code, _, err = mlasim("run", "\x1b[2Jnowhere")
    assert code == 2 and "\x1b" not in err
