"""The house: imports point down, heavy libraries stay in their rooms, the public face is what it says."""

from __future__ import annotations

import ast
import io
import itertools
import json
import re
import subprocess
import sys
import tokenize
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "sim").rglob("*.py"))
FLOORS = {
    "model": 1,
    "law": 2,
    "engine": 3,
    "case": 4,
    "record": 5,
    "training": 6,
    "policy": 6,
    "authoring": 7,
    "views": 8,
}
ONLY = {
    "simpy": {"engine"},
    "numba": {"engine"},
    "matplotlib": {"views"},
    "ipywidgets": {"views"},
    "anywidget": {"views"},
    "jinja2": {"views"},
    "rich": {"views", "cli"},
    "typer": {"cli"},
}


def room(path: Path) -> str:
    """The room a file is in; the file's own name for those directly under ``sim``."""
    parts = path.relative_to(ROOT / "sim").parts
    return parts[0] if len(parts) > 1 else path.stem


def imports(path: Path) -> list[tuple[int, str]]:
    """(line, module) of every import, also inside functions."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: write absolute imports"
            module = node.module or ""
            found.append((node.lineno, module))
            if module == "sim":
                found += [(node.lineno, f"sim.{alias.name}") for alias in node.names]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path: Path) -> None:
    here = room(path)
    for line, module in imports(path):
        top, _, rest = module.partition(".")
        place = f"{path.relative_to(ROOT)}:{line}"
        if top in ONLY:
            assert here in ONLY[top], f"{place}: {top} belongs to {ONLY[top]}"
        there = rest.partition(".")[0]
        if top == "sim" and here in FLOORS and there in FLOORS and there != here:
            assert FLOORS[there] < FLOORS[here], f"{place}: {here} must not import {there}"
        if top == "sim" and here not in FLOORS and here != "cli":
            assert there not in FLOORS or here == "errors", f"{place}: the ground stands on nothing"
        if top == "sim" and here in FLOORS:
            assert there != "cli", f"{place}: nothing imports the command"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_have_one_subject(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 450, "one subject a file"
    assert path.stem not in ("utils", "helpers", "manager", "common", "misc")
    assert not text.strip() or ast.get_docstring(ast.parse(text)), "a module says what it is for"


def test_public_names_exist() -> None:
    for name in sim.__all__:
        assert getattr(sim, name) is not None
    with pytest.raises(AttributeError, match="no attribute"):
        _ = sim.nonsense  # type: ignore[attr-defined]


def test_version_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert sim.__version__ == project["version"]
    assert f"version: {sim.__version__}" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def loaded_after(code: str) -> set[str]:
    """Modules that a fresh process has loaded after some code."""
    program = f"{code}\nimport json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def test_importing_sim_loads_nothing_else() -> None:
    """What it costs in time is measured by ``python -m tests.benchmarks.footprint``."""
    loaded = loaded_after("import sim")
    assert not {name for name in loaded if name.startswith("sim.")}
    assert not loaded & {"numpy", "pandas", "matplotlib", "scipy", "ipywidgets", "pydantic", "simpy", "holidays"}


def test_loading_a_case_needs_the_model_alone() -> None:
    loaded = loaded_after("import sim; sim.load('silent-harbour')")
    rooms = {name.split(".")[1] for name in loaded if name.startswith("sim.")}
    assert rooms <= {"model", "errors", "disk", "i18n", "unchanging"}, rooms
    assert not loaded & {"numpy", "pandas", "matplotlib", "scipy", "ipywidgets", "simpy", "holidays"}


# Circles

CIRCLES = {
    frozenset({"sim.model.case", "sim.model.case_references"}): "one subject in two files: a case and its references",
    frozenset({"sim.training.replay", "sim.training.session"}): "taking steps again is a method of a session",
    frozenset(
        {"sim.policy.experiments.experiment", "sim.policy.experiments.results"}
    ): "what an experiment is and what it observes",
}
"""Modules that may name each other, and why. Only for types: at run time nothing may."""


def graph(*, for_types: bool) -> dict[str, set[str]]:
    """Which module of ours imports which: when it is loaded, or (``for_types``) also for a type checker.

    An import inside a function is made when everything has been loaded and makes no circle; it still points down.
    """
    names = {module_name(path): path for path in FILES}
    found: dict[str, set[str]] = {name: set() for name in names}
    for name, path in names.items():
        for node in loaded_nodes(ast.parse(path.read_text(encoding="utf-8")).body, for_types=for_types):
            if isinstance(node, ast.Import):
                wanted = [alias.name for alias in node.names]
            else:
                wanted = [f"{node.module}.{alias.name}" for alias in node.names]
                wanted = [full if full in names else node.module or "" for full in wanted]
            found[name] |= {module for module in wanted if module in names and module != name}
    return found


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def loaded_nodes(body: list[ast.stmt], *, for_types: bool) -> Iterator[ast.Import | ast.ImportFrom]:
    """Imports outside functions."""
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.If):
            if for_types or "TYPE_CHECKING" not in ast.unparse(node.test):
                yield from loaded_nodes(node.body, for_types=for_types)
            yield from loaded_nodes(node.orelse, for_types=for_types)
        elif isinstance(node, ast.Try | ast.ClassDef | ast.With):
            yield from loaded_nodes(node.body, for_types=for_types)


def circles(imported: dict[str, set[str]]) -> set[frozenset[str]]:
    """Sets of modules each of which leads to all the others (Tarjan's strongly connected components, 1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: set[frozenset[str]] = set()

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in imported[name]:
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            circle = set()
            while True:
                circle.add(stack.pop())
                if name in circle:
                    break
            if len(circle) > 1:
                found.add(frozenset(circle))

    for name in imported:
        if name not in index:
            visit(name)
    return found


def test_no_circle_is_imported_when_modules_are_loaded() -> None:
    assert circles(graph(for_types=False)) == set()


def test_no_circle_is_imported_for_types_but_those_with_a_reason() -> None:
    found = circles(graph(for_types=True))
    assert found - CIRCLES.keys() == set(), "a new circle"
    assert CIRCLES.keys() - found == set(), "a circle that is gone; its exception goes, too"
    assert all(CIRCLES.values())


def test_a_circle_would_be_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == {frozenset({"b", "c"})}


# What is caught

ORDINARY = {
    "sim/model/library.py": "no file, too, where the system would not look; a path elsewhere is shown whole",
    "sim/model/yaml_cache.py": "a text read for the first time is not remembered yet",
    "sim/training/exchange.py": "a team that has posted nothing has no file; a line that is none is named by its place",
    "sim/training/line_reading.py": "whether text can be written is the question",
    "sim/views/seat/debriefing.py": "a died process is handled where it is said",
    "sim/views/controls.py": "whether a loop runs is the question",
    "sim/views/lab/trial.py": "an empty queue says that nothing has arrived",
    "sim/model/public_holidays.py": "what is no day is a finding",
    "sim/policy/calibration/timestamps.py": "what is no date is said in words, row by row",
    "sim/logs.py": "a log that cannot be written says so in logging's own way",
    "sim/engine/kernel.py": "a draw or length that is not yet known is made",
    "sim/engine/random_streams.py": "the same function by another name",
    "sim/law/terms.py": "a date that nobody writes out in that language is written plainly",
    "sim/i18n.py": "a language whose name nobody knows is called by its code",
    "sim/disk.py": "what failed first is raised",
    "sim/cli/__init__.py": "the command's last words",
    "sim/views/seat/session_folder.py": "the file that cannot be moved away is said in a note",
    "sim/cli/doctor.py": "whether something is there, and works, is the question",
    "sim/views/terminal/play.py": "the end of the input is how somebody leaves",
    "sim/cli/serving.py": "whether a picture can be written in the terminal's letters is the question",
    "sim/views/room/codes.py": "what is no hash fits nothing",
    "sim/views/room/hosts.py": "a name is no address; without a way out there is the computer's name",
    "sim/views/room/certificate.py": "a room has no certificate yet, or what is said about it is spoilt",
    "sim/views/room/seats.py": "a seat in which nobody was wrong, or that is nobody's, has no such file",
    "sim/views/room/server.py": "a room that is new has no secret yet",
}
"""Files in which something is caught without being raised, told or logged, and why that is right there."""


def silent(path: Path) -> list[int]:
    """Lines of handlers that neither raise nor use what they caught nor log."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            inside = [part for statement in node.body for part in ast.walk(statement)]
            told = any(isinstance(part, ast.Raise) for part in inside)
            told |= any(isinstance(part, ast.Name) and part.id in (node.name, "logger") for part in inside)
            if not told:
                found.append(node.lineno)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "contextlib.suppress":
            found.append(node.lineno)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_swallowed(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    lines = silent(path)
    assert bool(lines) == (name in ORDINARY), f"{name}: lines {lines}: log what is caught and gone on after"


def test_nothing_catches_what_only_a_mistake_of_ours_raises() -> None:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                caught = ast.unparse(node.type) if node.type else "everything"
                assert caught != "everything" and not {"AssertionError", "AttributeError", "NameError"} & set(
                    re.findall(r"\w+", caught)
                ), f"{path}:{node.lineno}: {caught}"


# Types

ANY = re.compile(r"\bAny\b")
IGNORED = re.compile(r"# type: ignore(\[[\w, -]+\])?")


def untold(path: Path) -> list[int]:
    """Lines that leave a type open, or a type checker's complaint aside, and do not say why.

    The reason is a comment on the line, or the docstring of the alias that it declares.
    """
    text = path.read_text(encoding="utf-8")
    tree, said = ast.parse(text), comments(text)
    explained = {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef)
        for alias, after in itertools.pairwise(node.body)
        if isinstance(alias, ast.Assign) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        for line in range(alias.lineno, (alias.end_lineno or 0) + 1)
    }
    open_ = {node.lineno for node in ast.walk(tree) if is_any(node)} - explained
    open_ |= {line for line, comment in said.items() if IGNORED.search(comment)}
    return sorted(line for line in open_ if not IGNORED.sub("", said.get(line, "")).strip("# "))


def is_any(node: ast.AST) -> bool:
    """Whether something names the type, also where an annotation stands in quotes."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and ANY.search(node.value):
        try:
            return any(map(is_any, ast.walk(ast.parse(node.value, mode="eval"))))
        except SyntaxError:  # a sentence
            return False
    return isinstance(node, ast.Name) and node.id == "Any"


def comments(text: str) -> dict[int, str]:
    """Comments by line."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_type_that_is_left_open_says_why(path: Path) -> None:
    lines = untold(path)
    assert not lines, f"{path.relative_to(ROOT)}: lines {lines}: name the type, or say in a comment why there is none"


def test_an_open_type_without_a_reason_would_be_found(tmp_path: Path) -> None:
    path = tmp_path / "one.py"
    path.write_text(
        'from typing import Any\nTable = Any\n"""Of a library without types."""\nBare = Any\n'
        "one: Any = 1\ntwo: Any = 2  # whatever a control holds\n"
        "three = one.x  # type: ignore[attr-defined]\nfour = one.x  # type: ignore[attr-defined]  # private\n"
        'def five(value: "list[int]") -> "list[Any]": ...\n',
        encoding="utf-8",
    )
    assert untold(path) == [4, 5, 7, 9]


def test_no_test_asserts_how_long_something_takes() -> None:
    """Time is measured in ``tests/benchmarks``, side by side; here it would be the machine that fails."""
    clocks = {"perf_counter", "process_time", "thread_time"}
    for path in sorted((ROOT / "tests").rglob("*.py")):
        if "benchmarks" in path.parts or "browser" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Attribute) and node.attr in clocks), f"{path}:{node.lineno}"


def test_top_level_is_as_agreed() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode or not listed.stdout:
        pytest.skip("not a git checkout")
    tops = {line.split("/")[0] for line in listed.stdout.splitlines()}
    assert tops - {".ci", ".gitignore"} == {
        "sim",
        "scenarios",
        "notebooks",
        "curriculum",
        "tests",
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "LICENSE-CONTENT",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "CITATION.cff",
        "requirements.lock",
    }


def test_lock_holds_names_and_versions_only() -> None:
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines():
        assert "://" not in line and "--" not in line, line
        assert "==" in line, line
