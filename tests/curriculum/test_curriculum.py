"""The curriculum is in good health: structure, links, citations, and numbers that come from the simulation."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import pytest

from sim.law import provisions
from sim.model import load
from sim.model.reading import read

ROOT = Path(__file__).parents[2] / "curriculum"
MODULES = sorted(path.parent for path in ROOT.glob("*/index.md"))


def front(path: Path) -> dict[str, Any]:
    """The YAML between the two lines of dashes."""
    text = path.read_text(encoding="utf-8")
    assert text.startswith("---\n"), f"{path} begins with its front matter"
    document = read(text.split("---\n")[1], str(path))
    assert not document.problems
    return document.data


def test_there_is_a_module() -> None:
    assert MODULES
    overview = (ROOT / "README.md").read_text(encoding="utf-8")
    for module in MODULES:
        assert f"{module.name}/index.md" in overview


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_structure(module: Path) -> None:
    learner = front(module / "index.md")
    assert 5 <= learner["minutes"] <= 600 and learner["title"]
    assert len(learner["objectives"]) >= 3 and len(learner["key-points"]) >= 3
    text = (module / "index.md").read_text(encoding="utf-8")
    assert "silent-harbour" in text and "## Questions" in text
    assert not re.search(r"^#+ .*answers?\b", text, re.IGNORECASE | re.MULTILINE), "answers stand on the other page"
    notes = (module / "instructor.md").read_text(encoding="utf-8")
    assert "## Answers" in notes and front(module / "instructor.md")["for"] == f"{module.name}/index.md"
    asked = len(re.findall(r"^\d+\. ", text.split("## Questions")[1], re.MULTILINE))
    answered = len(re.findall(r"^\d+\. ", notes.split("## Answers")[1].split("##")[0], re.MULTILINE))
    assert asked == answered >= 3
    assert "instructor.md" not in text


@pytest.mark.parametrize("page", sorted(ROOT.rglob("*.md")), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_and_addresses(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)]+)\)", text):
        assert "://" not in target and (page.parent / target).is_file(), target
    assert "<script" not in text and "http" not in text


def test_cited_articles_of_untoc_exist() -> None:
    world = load("meridian")
    text = " ".join(" ".join(page.read_text(encoding="utf-8").split()) for page in ROOT.rglob("*.md"))
    cited = set(re.findall(r"UNTOC art\. ([0-9]+(?:\([0-9a-z]+\))*)", text))
    assert len(cited) >= 3
    for article in cited:
        assert provisions(world, f"untoc {article}")


def figures(module: Path) -> Any:
    spec = importlib.util.spec_from_file_location("figures", module / "figures.py")
    assert spec is not None and spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_numbers_in_the_text_are_those_measured(module: Path) -> None:
    found = json.loads((module / "figures.json").read_text(encoding="utf-8"))
    text = (module / "index.md").read_text(encoding="utf-8")
    shown = text.split("<!-- figures:begin -->\n")[1].split("\n<!-- figures:end -->")[0]
    made = figures(module)
    assert shown == made.table(found)
    assert (module / "shares.svg").read_text(encoding="utf-8") == made.shares(found)
    assert (module / "race.svg").read_text(encoding="utf-8") == made.race(found)
    ways = found["ways"]
    assert ways["preserve-first"]["from"] > max(ways["letter-now"]["to"], ways["gather-first"]["to"]), (
        "the lesson holds"
    )
    assert found["hash"] == load(found["case"]).hash, "the case has changed: make the figures again"


@pytest.mark.slow
@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_the_simulation_still_gives_these_numbers(module: Path) -> None:
    """The first plays, made again, are among those measured."""
    found = json.loads((module / "figures.json").read_text(encoding="utf-8"))
    again = figures(module).measure(4, processes=1)
    for way, numbers in again["ways"].items():
        assert set(numbers["days"]) <= set(found["ways"][way]["days"])
    assert set(again["erased"]) <= set(found["erased"])
