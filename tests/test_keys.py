"""Keys of the catalogue as they stand in the code: what they name is given, none is built, none is glued to another.

A key with a place that nothing fills would show braces to whoever reads it; a key made by an f-string is in no
catalogue; two halves of a sentence glued together can be put in order in no other language.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from tests.catalogue import ARGUMENTS, SOURCE

FILES = sorted(path for path in SOURCE.rglob("*.py"))
SPOKEN = ("_", "many", "say", "say_many")
"""Calls that give words."""
GLUED: dict[str, str] = {}
"""Files in which letters may stand beside words of the catalogue, and why."""
_PLACE = re.compile(r"\{\w+(![rs])?\}")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_TAG = re.compile(r"<[^<>]*>?|\{[^{}]*\}|^[^<]*>")


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE.parent).as_posix()


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


def keys_of(call: ast.Call) -> list[ast.expr]:
    assert isinstance(call.func, ast.Name)
    return call.args[: ARGUMENTS[call.func.id]]


def places_of(key: str) -> set[str]:
    """What a key names in braces. Raises `ValueError` where its braces are no places."""
    return {field for _text, field, _spec, _conversion in Formatter().parse(key) if field is not None}


def mismatched(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, why) of every sentence whose places and values are not the same."""
    formatted: dict[int, ast.Call] = {
        id(node.func.value): node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"
    }
    for call in calls(tree, "_", "say", "say_many"):
        keys = [key.value for key in keys_of(call) if isinstance(key, ast.Constant)]
        assert isinstance(call.func, ast.Name)
        filled = call if call.func.id != "_" else formatted.get(id(call))
        if filled is None:  # shown as it is, or filled in elsewhere under the name it was given
            continue
        given = {keyword.arg for keyword in filled.keywords if keyword.arg}
        if any(keyword.arg is None for keyword in filled.keywords):  # given as a mapping
            continue
        if not given and call.func.id == "say":
            # Without values a sentence is shown as it is, so that it may quote YAML in braces; but no place.
            yield from ((call.lineno, f"{key!r}: nothing given") for key in keys if _PLACE.search(key))
            continue
        given |= {"n"} if call.func.id == "say_many" else set()
        for key in keys:
            try:
                wanted = places_of(key)
            except ValueError as error:
                yield call.lineno, f"{key!r}: {error}"
                continue
            unfilled, unused = wanted - given, given - wanted - ({"n"} if call.func.id == "say_many" else set())
            if unfilled or unused:
                yield call.lineno, f"{key!r}: nothing for {sorted(unfilled)}, no place for {sorted(unused)}"


def built(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, source) of every key that is made while the program runs."""
    for call in calls(tree, *ARGUMENTS):
        for key in keys_of(call):
            if isinstance(key, ast.JoinedStr | ast.BinOp) or (
                isinstance(key, ast.Call)
                and isinstance(key.func, ast.Attribute)
                and key.func.attr in ("format", "join")
            ):
                yield call.lineno, ast.unparse(key)[:80]


def speaks(node: ast.AST) -> bool:
    """Whether an expression is words of the catalogue: a call, filled in or not."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("format", "strip"):
        return speaks(node.func.value)
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SPOKEN


def glued(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, letters) of words in the code beside words of the catalogue, tags and names of attributes aside."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            if any(isinstance(part, ast.FormattedValue) and speaks(part.value) for part in node.values):
                # Where a tag begins in one piece and ends in another, the whole is looked at.
                whole = "".join(part.value if isinstance(part, ast.Constant) else "\0" for part in node.values)
                if found := _LETTERS.search(_TAG.sub(" ", whole)):
                    yield node.lineno, found[0]
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            for one, other in ((node.left, node.right), (node.right, node.left)):
                if speaks(one) and isinstance(other, ast.Constant) and isinstance(other.value, str):
                    if found := _LETTERS.search(_TAG.sub(" ", other.value)):
                        yield node.lineno, found[0]
                elif speaks(one) and speaks(other):
                    yield node.lineno, "two sentences without a joint"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_places_and_values_are_the_same(path: Path) -> None:
    assert list(mismatched(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_key_is_built(path: Path) -> None:
    assert list(built(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_sentence_is_glued(path: Path) -> None:
    found = list(glued(ast.parse(path.read_text(encoding="utf-8"))))
    assert bool(found) == (name_of(path) in GLUED), found


def test_what_is_wrong_would_be_found() -> None:
    wrong = 'say("{one} of {two}", one=1)\nsay("{one}", one=1, two=2)\n_("{one}").format(two=2)\nsay("{one}")'
    assert sorted(line for line, _why in mismatched(ast.parse(wrong))) == [1, 2, 3, 4]
    assert list(mismatched(ast.parse('say_many("{n} day", "{n} days", n)\n_("{one}").format(one=1)'))) == []
    assert [line for line, _why in built(ast.parse('_(f"a {b}")\nsay("a" + b)\nsay("a")'))] == [1, 2]
    assert [
        line for line, _why in glued(ast.parse('f"{_(\'a\')} today"\n_("a") + " today"\nf"<p>{_(\'a\')}</p>"'))
    ] == [1, 2]
