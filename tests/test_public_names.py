"""The public face: every name is typed, says what it gives, and shows it in an example that runs."""

from __future__ import annotations

import ast
import doctest
import inspect
import json
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import sim

ROOT = Path(__file__).parent.parent
STUB = ROOT / "sim" / "__init__.pyi"
FUNCTIONS = sorted(name for name in sim.__all__ if inspect.isfunction(getattr(sim, name)))
LONG = {"calibrate", "compare", "design", "optimise", "study", "verify"}
"""Those whose examples simulate for more than a second."""


def test_the_stub_names_every_public_name_and_its_home() -> None:
    """Read with Python's own grammar; the package reads it with less."""
    found = {}
    for node in ast.parse(STUB.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                assert alias.asname == alias.name, "a name is public in a stub only where it is imported as itself"
                found[alias.name] = node.module or ""
        else:
            assert isinstance(node, ast.AnnAssign) and ast.unparse(node.target) in ("__all__", "__version__")
    assert sorted(found) == sim.__all__
    for name, home in found.items():
        public = getattr(sim, name)
        assert public is getattr(import_module(home), name)
        if home != "sim.training":  # there `play` is at home in the room itself
            assert public.__module__ == home, "named where it is at home, so that an editor opens the right file"
    assert (ROOT / "sim" / "py.typed").is_file()


def test_the_docstring_of_the_package_lists_every_public_name() -> None:
    listed = set(re.findall(r"\b\w+\b", sim.__doc__ or ""))
    assert set(sim.__all__) <= listed
    first_words = re.findall(r"^    (\w+)\(", sim.__doc__ or "", flags=re.MULTILINE)
    assert sorted(first_words) == FUNCTIONS


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_typed_throughout(name: str) -> None:
    signature = inspect.signature(getattr(sim, name))
    for parameter in signature.parameters.values():
        assert parameter.annotation is not inspect.Parameter.empty, parameter.name
    assert signature.return_annotation not in (inspect.Signature.empty, "Any", "object")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow if name in LONG else ()) for name in FUNCTIONS]
)
def test_the_example_of_every_function_runs(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    tests = [test for test in doctest.DocTestFinder(recurse=False).find(getattr(sim, name), name) if test.examples]
    assert len(tests) == 1 and any(example.want for example in tests[0].examples), "an example with its result"
    failed, tried = doctest.DocTestRunner(verbose=False).run(tests[0])
    assert tried and not failed, capsys.readouterr().out


def test_notebooks_use_public_names_alone() -> None:
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        code = "\n".join(
            "".join(cell["source"])
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
            if cell["cell_type"] == "code"
        )
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith("sim"), f"{path.name}: import sim, and nothing from within"
            if isinstance(node, ast.Import):
                assert all(not alias.name.startswith("sim.") for alias in node.names), path.name
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "sim":
                assert node.attr in sim.__all__, f"{path.name}: {node.attr}"


@pytest.mark.slow
def test_a_type_checker_sees_the_types(tmp_path: Path) -> None:
    """What an editor shows: a real signature, a real result, and a mistake where there is one."""
    script = tmp_path / "uses.py"
    script.write_text(
        "import sim\n"
        "reveal_type(sim.load('meridian'))\n"
        "reveal_type(sim.play('silent-harbour', seed=7).day)\n"
        "reveal_type(sim.study('x').headlines)\n"
        "sim.compare('meridian', ['triage'], replicatons=3)\n"
        "sim.nonsense\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", "", "--ignore-missing-imports", str(script)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    for words in (
        'uses.py:2: note: Revealed type is "sim.model.scenario.Scenario"',
        'uses.py:3: note: Revealed type is "int"',
        'uses.py:4: note: Revealed type is "list[sim.i18n.Words]"',
        'uses.py:5: error: Unexpected keyword argument "replicatons"',
        'uses.py:6: error: Module has no attribute "nonsense"',
    ):
        assert words in done.stdout.replace("builtins.", ""), done.stdout + done.stderr
