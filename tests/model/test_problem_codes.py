"""Each problem code has an example file that triggers it; the file says on its first lines what is expected."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.authoring.check import check
from sim.model import CODES, load_text
from sim.model.problems import MOST

EXAMPLES = Path(__file__).parent / "problems"
MARK = "# expect: "


def expectations(example: Path) -> list[str]:
    """What the files of an example say is wrong with them, in file order."""
    files = [example] if example.is_file() else sorted(example.rglob("*.yaml"))
    found = []
    for file in files:
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            if not line.startswith(MARK):
                break
            found.append(f"{file.relative_to(EXAMPLES).as_posix()}:{line.removeprefix(MARK)}")
    return found


@pytest.mark.parametrize("example", sorted(EXAMPLES.iterdir()), ids=lambda path: path.stem)
def test_an_example_gives_exactly_the_problems_it_says(example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLES)
    found = [str(problem) for problem in check(example.relative_to(EXAMPLES)).problems]
    assert found == expectations(example)
    assert found


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("[fry][0-9]*")), ids=lambda path: path.stem)
def test_an_example_named_for_a_code_shows_that_code_alone(example: Path) -> None:
    assert {problem.code for problem in check(example).problems} == {example.stem.upper()}


def _too_large(folder: Path) -> Path:
    file = folder / "large.yaml"
    file.write_text("# a comment\n" * 90_000)
    return file


def _unreadable(folder: Path) -> Path:
    (folder / "broken.yaml").symlink_to(folder / "nowhere.yaml")
    return folder


MADE_HERE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "Y103": (_too_large, "the file has more than 500,000 characters"),
    "R308": (_unreadable, "this is not a file"),
}
"""Examples too large, or too odd, to keep as files."""


@pytest.mark.parametrize("code", MADE_HERE)
def test_an_example_made_here(code: str, tmp_path: Path) -> None:
    make, message = MADE_HERE[code]
    (problem,) = check(make(tmp_path)).problems
    assert (problem.code, str(problem.message)) == (code, message)


def test_every_code_has_an_example_and_every_example_a_code() -> None:
    named = {path.stem.upper() for path in EXAMPLES.glob("[fry][0-9]*")}
    assert sorted([*named, *MADE_HERE, "F212"]) == sorted(CODES)


MANY = {
    "unknown keys": "key{n}: 1\n",
    "keys written twice": "title: T\n",
    "keys of an office": "  d{n}: {{titel: x}}\n",
    "ids": "  D{n}: {{title: x, staff: 1, origins: {{all: 'assumption: x'}}}}\n",
}
"""Lines with a mistake each, of a world without offices."""


@pytest.mark.parametrize("kind", MANY)
def test_of_many_mistakes_the_first_are_said_and_that_there_are_more(kind: str) -> None:
    lines = [MANY[kind].format(n=n) for n in range(1_000)]
    text = "format: 1\nkind: world\nid: t\ntitle: T\n" + ("offices:\n" if lines[0].startswith(" ") else "")
    record, problems = load_text(text + "".join(lines))
    assert record is None and MOST // 2 < len(problems) <= MOST + 1
    assert [problem.code for problem in problems].count("F212") == 1 and problems[-1].code == "F212"
    assert str(problems[-1].hint) == "mend what is said above first"
    assert not any(problem.code == "F212" for problem in load_text(text + "".join(lines[:20]))[1])


def test_references_that_lead_nowhere_are_said_as_far_as_anybody_reads(tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).parent / "fixtures" / "harbour", tmp_path, dirs_exist_ok=True)
    world = tmp_path / "worlds" / "two-shores.yaml"
    treaties = "".join(f"  - {{instrument: none-{n}, between: [lys, nor]}}\n" for n in range(500))
    text = world.read_text(encoding="utf-8")
    world.write_text(text.replace("treaties:\n", f"treaties:\n{treaties}"), encoding="utf-8")
    problems = check(world).problems
    assert len(problems) == MOST + 1 and {problem.code for problem in problems[:-1]} == {"R301"}
    assert problems[-1].code == "F212"


def test_examples_are_checked_together_as_apart(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES, tmp_path / "all")
    report = check(tmp_path / "all")
    together = {(Path(problem.file).name, problem.line, problem.code) for problem in report.problems}
    apart = {
        (Path(problem.file).name, problem.line, problem.code)
        for path in EXAMPLES.iterdir()
        if path.is_file()
        for problem in check(path).problems
    }
    assert apart <= together
    assert list(report.problems) == sorted(set(report.problems))
