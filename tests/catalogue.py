"""The catalogue of the interface's words, taken from the code and written anew.

    python -m tests.catalogue

reads every call of ``_``, ``say``, ``say_many``, ``marked``, ``many``, and the joints of ``joined``, with Python's own
grammar (words inside f-strings are found on every version of Python), those of the templates with Jinja's, and the
values that people pick from in actions and letters; writes
the template, and brings the English catalogue up to date.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import get_args

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

from sim.model.action_kinds import ACTIONS
from sim.model.drafting import Draft

SOURCE = Path(__file__).parent.parent / "sim"
TEMPLATE = SOURCE / "locale" / "mlasim.pot"
ENGLISH = SOURCE / "locale" / "en" / "LC_MESSAGES" / "mlasim.po"
ARGUMENTS = {"_": 1, "say": 1, "marked": 1, "many": 2, "say_many": 2}
"""How many of a function's arguments are words."""


def extracted() -> set[str | tuple[str, str]]:
    """Every text of the code; of a number of things, its two forms."""
    found: set[str | tuple[str, str]] = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                name = node.func.id
                given = [word.value for word in node.args if isinstance(word, ast.Constant)]
                if name in ARGUMENTS and len(given) >= ARGUMENTS[name]:
                    found.add(_entry(given[: ARGUMENTS[name]]))
                elif name == "joined":
                    found |= {joint for joint in given if any(letter.isalpha() for letter in joint)}
    return found | _of_commands() | _of_templates() | picked()


def _of_commands() -> set[str | tuple[str, str]]:
    """Every help text of the command: of options and arguments, and the docstrings of commands."""
    found: set[str | tuple[str, str]] = set()
    for path in (SOURCE / "cli").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("typer."):
                found |= {key.value.value for key in node.keywords if key.arg == "help"}
            elif isinstance(node, ast.FunctionDef) and any("app" in ast.unparse(d) for d in node.decorator_list):
                found.add(ast.get_docstring(node))
    return found


def picked() -> set[str]:
    """Named values that people pick from: those of every action of the package, and those of a letter's draft."""
    ours = [kind for kind in ACTIONS.values() if kind.record.__module__.startswith("sim.")]
    found = {value for kind in ours for field in kind.fields for value in field.values}
    for info in Draft.model_fields.values():
        found |= {value for value in get_args(info.annotation) if isinstance(value, str)}  # one of them
        found |= {value for part in get_args(info.annotation) for value in get_args(part) if isinstance(value, str)}
    return found


def _of_templates() -> set[str | tuple[str, str]]:
    """Every text of the pages, which call ``words`` and ``many``."""
    found = set()
    for path in SOURCE.rglob("*.jinja"):
        for call in Environment().parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in ("words", "many", "marked_up"):
                given = [word.value for word in call.args if isinstance(word, nodes.Const)]
                found.add(_entry(given[: 2 if call.node.name == "many" else 1]))
    return found


def _entry(texts: list[str]) -> str | tuple[str, str]:
    return texts[0] if len(texts) == 1 else (texts[0], texts[1])


def main() -> None:
    template = Catalog(project="mlasim", header_comment="# Words of mlasim's interface.")
    for message in sorted(extracted(), key=str):
        template.add(message)
    with ENGLISH.open("rb") as file:
        english = read_po(file, locale="en")
    english.update(template, no_fuzzy_matching=True)
    english.obsolete.clear()
    for path, catalogue in ((TEMPLATE, template), (ENGLISH, english)):
        with path.open("wb") as file:
            write_po(file, catalogue, omit_header=True, sort_output=True, width=120)


if __name__ == "__main__":
    main()
