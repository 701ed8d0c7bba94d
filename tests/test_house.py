"""The house: imports point down, heavy libraries stay in their rooms, the public face is what it says."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import sim

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "sim").rglob("*.py"))
FLOORS = {"model": 1, "law": 2, "engine": 3, "record": 4, "training": 5, "policy": 5, "authoring": 5, "views": 6}
ONLY = {
    "simpy": {"engine"},
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


def test_importing_sim_is_light() -> None:
    """It loads none of the heavy libraries, and costs well under 0.3 s (best of five, the machine being shared)."""
    code = (
        "import sys, time; start = time.perf_counter(); import sim; cost = time.perf_counter() - start\n"
        "import json; heavy = [m for m in ('numpy', 'pandas', 'matplotlib', 'scipy', 'ipywidgets', 'pydantic',"
        " 'simpy') if m in sys.modules]\n"
        "print(json.dumps([cost, heavy]))"
    )
    results = [
        json.loads(
            subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        )
        for _ in range(5)
    ]
    assert results[0][1] == []
    assert min(cost for cost, _ in results) < 0.3


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
