"""No instrument is known by name outside the library: what a conduct is held against is asked for by its role."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from sim.model.instrument import Instrument
from sim.model.loading import Library, shipped_folder

SIM = Path(__file__).parent.parent / "sim"

EXCEPTIONS = {
    "training/messages.py": "letters of offices, which the events' own sentences replace",
}
"""Files that may name an instrument for a while, and why."""


@pytest.fixture(scope="module")
def names() -> re.Pattern[str]:
    """Ids and short names of every instrument of the library, as whole words, and an article with a number."""
    library = Library((shipped_folder(),))
    records = [library.get("instrument", id_) for id_ in library.ids("instrument")]
    found = {name for record in records if isinstance(record, Instrument) for name in (record.id, record.short)}
    found |= {record.id for record in map(lambda id_: library.get("guidance", id_), library.ids("guidance")) if record}
    assert {"untoc", "UNTOC", "eio", "Trafficking Protocol", "lausanne-guidelines"} <= found
    longest_first = sorted(found, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, longest_first))})(?![\w-])|\barts?\. ?\d")


def _words_of(source: str) -> list[tuple[int, str]]:
    """Every string of a module but its docstrings: its line and text."""
    tree = ast.parse(source)
    docstrings = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]


def test_no_code_names_an_instrument(names: re.Pattern[str]) -> None:
    found = [
        f"{path.relative_to(SIM)}:{line}: {text[:80]}"
        for path in sorted(SIM.rglob("*.py"))
        if path.relative_to(SIM).as_posix() not in EXCEPTIONS
        for line, text in _words_of(path.read_text(encoding="utf-8"))
        if names.search(text)
    ]
    assert not found, found


def test_an_exception_that_is_none_any_more_is_taken_off(names: re.Pattern[str]) -> None:
    for file in EXCEPTIONS:
        texts = [text for _, text in _words_of((SIM / file).read_text(encoding="utf-8"))]
        assert any(names.search(text) for text in texts), f"{file} names no instrument any more: take it off the list"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('cites = "untoc 18(15)"', 1),
        ('words = "postponed (UNTOC art. 18(25))"', 1),
        ("words = 'as the Trafficking Protocol says'", 1),
        ("words = f'{request}: see art. 3'", 1),
        ('"""UNTOC art. 18(15) lists it."""', 0),
        ('words = "an article of law, partial"', 0),
        ('FIELDS = ("eio-something", "priority")', 0),
    ],
)
def test_it_would_be_found(names: re.Pattern[str], source: str, found: int) -> None:
    assert sum(bool(names.search(text)) for _, text in _words_of(source)) == found
