"""Checking files, folders and ids: every problem, and never an exception."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim.authoring.check
import sim.model.library
from sim.authoring.check import check
from sim.model.base import usable_id
from sim.model.behaviour import TOPICS
from sim.model.loading import load

FIXTURES = Path(__file__).parent.parent / "model"
HARBOUR = FIXTURES / "fixtures" / "harbour"
ALL = len(list(HARBOUR.rglob("*.yaml"))) + 1 + len(TOPICS)
"""Its files, the instrument of the shipped library that its case cites, and the files of behaviour."""


def test_a_good_folder_has_no_problems_and_each_file_is_read_once() -> None:
    report = check(HARBOUR)
    assert (report.problems, report.good, report.files) == ((), True, ALL)


def test_a_file_brings_the_files_it_refers_to() -> None:
    assert check(HARBOUR / "cases/first-letter.yaml").files == 16, "the instrument cited, and behaviour"
    assert check([HARBOUR / "library/channels/courier.yaml"]).files == 1
    assert check([HARBOUR, HARBOUR / "worlds/two-shores.yaml"]).files == ALL


def test_one_broken_file_does_not_hide_what_is_wrong_in_others(tmp_path: Path) -> None:
    text = (HARBOUR / "library/measures/bank-records.yaml").read_text("utf-8")
    (tmp_path / "a.yaml").write_text("kind: [")
    (tmp_path / "b.yaml").write_text(text)
    (tmp_path / "c.yaml").write_text(text.replace("id: bank-records", "id: c").replace("true", "maybe"))
    (tmp_path / "d.yaml").mkdir()
    os.mkfifo(tmp_path / "e.yaml")
    (tmp_path / "f.yaml").symlink_to("/etc/hostname")
    found = [(Path(problem.file).name, problem.code) for problem in check(tmp_path).problems]
    assert found == [
        ("a.yaml", "Y101"),
        ("b.yaml", "R303"),
        ("c.yaml", "F203"),
        ("d.yaml", "R308"),
        ("e.yaml", "R308"),
        ("f.yaml", "R302"),
    ]


def test_what_does_not_exist_is_a_problem(tmp_path: Path) -> None:
    found = check(["no-such-thing", tmp_path / "missing.yaml", "x" * 5000, "\0", "\udc80", tmp_path]).problems
    assert {problem.code for problem in found} == {"R308"}
    assert len(found) == 6
    for problem in found:
        str(problem).encode()


def test_ids_are_looked_up_in_the_shipped_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sim.authoring.check, "shipped_folder", lambda: HARBOUR)
    assert check("two-shores").files == 7
    assert check(["courier", "faster-post"]).files == 2
    (problem,) = check("two-shoes").problems
    assert str(problem.hint) == "did you mean 'two-shores'?"
    assert check().files == ALL, "nothing given: all of it, and the instrument cited"


@settings(max_examples=40)
@given(st.lists(st.text(max_size=20) | st.sampled_from(["..", "/dev/null", "a.yaml", "~", "con/x"]), max_size=3))
def test_nothing_is_raised_for_any_argument(wanted: list[str]) -> None:
    if wanted and not any(Path(what.replace("\0", "")).is_dir() for what in wanted):
        assert not check(wanted).good or check(wanted).files


@pytest.mark.parametrize("ending", [".yml", ".YAML", ".YML", ".Yml"])
def test_files_are_read_however_their_ending_is_written(tmp_path: Path, ending: str) -> None:
    world = json.dumps(
        {
            "format": 1,
            "kind": "world",
            "id": "small",
            "title": "T",
            "offices": {"desk": {"title": "Desk", "staff": 1, "origins": {"all": "assumption: x"}}},
        }
    )
    (tmp_path / f"small{ending}").write_text(world, encoding="utf-8")
    assert check(tmp_path).files == 1 and check(tmp_path).good
    assert load(tmp_path / f"small{ending}").id == "small"
    (tmp_path / f"small{ending}").write_text(world.replace("staff", "stafff"), encoding="utf-8")
    assert [problem.code for problem in check(tmp_path).problems] == ["F201"]


def test_what_a_file_refers_to_is_found_under_either_ending(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(HARBOUR, tmp_path / "harbour"))
    for path in sorted(folder.rglob("*.yaml")):
        path.rename(path.with_suffix(".yml"))
    assert check(folder).good and load(folder / "cases" / "first-letter.yml").world.id == "two-shores"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("good - Copy", "write id: good-copy, and call the file good-copy.yaml"),
        ("Füße (2)", "write id: fusse-2, and call the file fusse-2.yaml"),
        ("other", "write id: other, or rename the file"),
        ("文件", "call the file bank-records.yaml"),
    ],
)
def test_a_hint_on_a_name_is_accepted_when_it_is_followed(tmp_path: Path, name: str, hint: str) -> None:
    text = (HARBOUR / "library" / "measures" / "bank-records.yaml").read_text(encoding="utf-8")
    (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    (problem,) = check(tmp_path).problems
    assert problem.code == "R303" and str(problem.hint) == hint
    meant = usable_id(name) or "bank-records"
    (tmp_path / f"{name}.yaml").unlink()
    (tmp_path / f"{meant}.yaml").write_text(text.replace("id: bank-records", f"id: {meant}"), encoding="utf-8")
    assert check(tmp_path).good
