"""No instrument is known by name outside the library: what a conduct is held against is asked for by its role."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from sim.model.instrument import Instrument
from sim.model.loading import Library, shipped_folder

SIM = Path(__file__).parent.parent / "sim"


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
        for line, text in _words_of(path.read_text(encoding="utf-8"))
        if names.search(text)
    ]
    assert not found, found
