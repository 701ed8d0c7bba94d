"""Files that refer to each other: what is found, what is not, and the hash of it all."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

import sim.model.library
from sim.errors import ScenarioError, UsageError
from sim.model import Scenario, available, examine, load, load_lever
from sim.model.loading import copied_data, with_data
from sim.model.world import World
from tests.model.conftest import CASE, WORLD, change, said


def test_a_case_comes_with_everything_it_refers_to(harbour: Path) -> None:
    scenario = load(harbour / CASE)
    assert (scenario.kind, scenario.id, scenario.title) == ("case", "first-letter", "The first letter")
    assert scenario.case is not None and scenario.world.id == "two-shores"
    assert list(scenario.jurisdictions) == ["lys", "nor"]
    assert list(scenario.instruments) == ["small-treaty"]
    assert list(scenario.channels) == ["courier"]
    assert list(scenario.measures) == ["bank-records"]
    assert list(scenario.procedures) == ["small-procedure", "quick"]
    assert scenario.find("measure", "bank-records") is scenario.measures["bank-records"]
    assert scenario.find("lever", "faster-post") is not None, "from the folder, though the case does not use it"
    assert scenario.find("lever", "no-such") is None


def test_a_world_is_a_scenario_without_a_case(harbour: Path) -> None:
    scenario = load(harbour / WORLD)
    assert scenario.case is None
    assert isinstance(scenario.record, World) and scenario.world is scenario.record


def test_a_library_file_alone_is_no_scenario(harbour: Path) -> None:
    path = harbour / "library/channels/courier.yaml"
    assert examine(path) == (None, [])
    with pytest.raises(UsageError, match="neither a world nor a case"):
        load(path)


@pytest.mark.parametrize("what", ["no-such-case", "", "missing.yaml", "a/b", "\0", "x" * 5000, "/"])
def test_what_does_not_exist_says_so(what: str) -> None:
    with pytest.raises(UsageError):
        load(what)


def test_all_problems_of_all_files_are_raised_once(harbour: Path) -> None:
    change(harbour, WORLD, "staff: 2", "staff: two")
    change(harbour, "library/channels/courier.yaml", "6 days", "6 dayz")
    change(harbour, "library/measures/bank-records.yaml", "coercive: true", "coercive: maybe")
    with pytest.raises(ScenarioError) as error:
        load(harbour / CASE)
    found = [(Path(problem.file).stem, problem.code) for problem in error.value.problems]
    assert found == [("courier", "F205"), ("bank-records", "F203"), ("two-shores", "F203")]
    assert str(error.value).count("\n") == 2


def test_a_file_of_the_wrong_kind_is_named(harbour: Path) -> None:
    shutil.copy(harbour / "library/channels/courier.yaml", harbour / "library/measures/courier.yaml")
    found = said(change(harbour, CASE, "measures: [bank-records]", "measures: [courier]"))
    assert found == ["F208 this is a channel, where a measure is needed"]


def test_own_folder_comes_before_the_shipped_library(
    harbour: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = tmp_path / "shipped"
    shutil.copytree(harbour / "library", shipped / "library")
    change(shipped, "library/channels/courier.yaml", "title: Courier", "title: The shipped courier")
    cited = Path("library/instruments/untoc.yaml")
    (shipped / cited).parent.mkdir(exist_ok=True)
    shutil.copy(sim.model.library.shipped_folder() / cited, shipped / cited)
    shutil.copytree(sim.model.library.shipped_folder() / "library/behaviour", shipped / "library/behaviour")
    (harbour / "library/measures/bank-records.yaml").unlink()
    monkeypatch.setattr(sim.model.library, "shipped_folder", lambda: shipped)
    monkeypatch.setattr(sim.model.loading, "shipped_folder", lambda: shipped)
    scenario = load(harbour / CASE)
    assert scenario.channels["courier"].title == "Courier"
    assert scenario.measures["bank-records"].title == "Bank records", "only the shipped library has it"
    assert available("channel") == ["courier"]
    with pytest.raises(UsageError, match="there is no lever called 'faster-pots' — did you mean 'faster-post'"):
        load_lever("faster-pots")
    assert load_lever("faster-post").id == "faster-post"


def test_files_side_by_side_in_one_folder_find_each_other(harbour: Path, tmp_path: Path) -> None:
    flat = tmp_path / "flat"
    flat.mkdir()
    for path in harbour.rglob("*.yaml"):
        shutil.copy(path, flat)
    assert load(flat / "first-letter.yaml").hash == load(harbour / CASE).hash


def test_a_folder_that_happens_to_be_called_cases_is_a_folder(harbour: Path, tmp_path: Path) -> None:
    flat = tmp_path / "cases"
    flat.mkdir()
    for path in harbour.rglob("*.yaml"):
        shutil.copy(path, flat)
    assert load(flat / "first-letter.yaml").id == "first-letter"


@pytest.mark.parametrize("id_", ["../../etc/passwd", "..", "a/b", "a\\b", "/etc/passwd"])
def test_an_id_is_never_a_path(harbour: Path, id_: str) -> None:
    found = said(change(harbour, CASE, "world: two-shores", f"world: '{id_}'"))
    assert [message[:4] for message in found] == ["R302"]
    assert sim.model.Library((harbour,)).find("world", id_) is None


def test_a_link_out_of_the_folder_is_not_followed(harbour: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    shutil.move(harbour / WORLD, outside)
    (harbour / WORLD).symlink_to(outside)
    assert said(harbour / CASE) == [
        "R302 this is a link to a file outside the scenario's folders, which is never read"
        " (hint: put a copy here instead)"
    ]


def test_a_folder_or_a_pipe_is_not_read(harbour: Path) -> None:
    (harbour / WORLD).unlink()
    (harbour / WORLD).mkdir()
    assert said(harbour / CASE)[0].startswith("R301 there is no world 'two-shores'")
    (harbour / WORLD).rmdir()
    os.mkfifo(harbour / WORLD)
    assert said(harbour / CASE)[0].startswith("R301 there is no world 'two-shores'")
    with pytest.raises(UsageError, match="there is no file"):
        load(harbour / WORLD)


def test_a_file_that_may_not_be_read_is_a_problem(harbour: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert said(harbour / CASE) == ["R308 cannot be read: permission denied"]


def turned(text: str) -> str:
    """The same mapping with its first three keys in another order."""
    lines = text.split("\n")
    return "\n".join([lines[2], lines[0], lines[1], *lines[3:]])


def test_the_hash_does_not_depend_on_layout(harbour: Path) -> None:
    before = load(harbour / CASE)
    for path in harbour.rglob("*.yaml"):
        path.write_text("# a comment\r\n" + turned(path.read_text("utf-8")) + "\n\n# the end\n", encoding="utf-8")
    change(harbour, CASE, "title: The first letter", "'title':   \"The first letter\"")
    after = load(harbour / CASE)
    assert after.hash == before.hash
    assert after == before and hash(after) == hash(before)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (CASE, "The first letter", "The first lettre"),
        (CASE, "weight: 5", "weight: 6"),
        (CASE, "worth: 0}", "worth: 0.5}"),
        (WORLD, "staff: 2", "staff: 3"),
        (WORLD, "preemptive: true", "preemptive: false"),
        (WORLD, "published: a ministry", "published: two ministries"),
        ("library/procedures/small-procedure.yaml", "0.05", "0.06"),
        ("library/channels/courier.yaml", "6 days", "7 days"),
        ("library/measures/bank-records.yaml", "30 days", "31 days"),
        ("library/instruments/small-treaty.yaml", "90 days", "91 days"),
        ("library/jurisdictions/nor.yaml", "Europe/Oslo", "Europe/Paris"),
    ],
)
def test_the_hash_changes_with_any_value(harbour: Path, file: str, old: str, new: str) -> None:
    before = load(harbour / CASE)
    change(harbour, file, old, new)
    after = load(harbour / CASE)
    assert after.hash != before.hash
    assert after != before


def test_the_order_of_endings_counts_since_the_first_that_fits_is_told(harbour: Path) -> None:
    before = load(harbour / CASE).hash
    path = harbour / CASE
    text = path.read_text("utf-8")
    found, nothing = re.findall(r"^  (?:found|nothing): .*\n", text, re.MULTILINE)
    path.write_text(text.replace(found + nothing, nothing + found), encoding="utf-8")
    assert load(path).hash != before


def test_data_can_be_changed_and_is_validated_like_the_original(harbour: Path) -> None:
    scenario = load(harbour / CASE)
    data = copied_data(scenario)
    data["world", "two-shores"]["offices"]["lys-central"]["staff"] = 9
    changed = with_data(scenario, data, ("more-staff",))
    assert (changed.world.offices["lys-central"].staff, changed.levers) == (9, ("more-staff",))
    assert scenario.world.offices["lys-central"].staff == 2
    assert changed.hash != scenario.hash
    other = with_data(changed, {("case", "first-letter"): {**data["case", "first-letter"], "minutes": 50}})
    assert other.world.offices["lys-central"].staff == 9, "what was changed before stays changed"
    for wrong in ({"staff": 0}, {"agency": "nobody"}):
        data = copied_data(scenario)
        data["world", "two-shores"]["offices"]["lys-central"] |= wrong
        with pytest.raises(ScenarioError, match=r"two-shores.yaml:(29|31):"):
            with_data(scenario, data)
    data = copied_data(scenario)
    data["case", "first-letter"]["minutes"] = 1
    with pytest.raises(ScenarioError, match="minutes"):
        with_data(scenario, data)


def test_a_lever_by_path(harbour: Path) -> None:
    assert load_lever(harbour / "library/levers/faster-post.yaml").changes[0].set == "1 hour"
    with pytest.raises(UsageError, match="is a world, not a lever"):
        load_lever(harbour / WORLD)
    path = change(harbour, "library/levers/faster-post.yaml", "plus: 1", "plus: 1, times: 2")
    with pytest.raises(ScenarioError, match="F210 a change has one of set, times, plus"):
        load_lever(path)


def test_a_scenario_says_what_it_is(harbour: Path) -> None:
    scenario = load(harbour / WORLD)
    assert isinstance(scenario, Scenario)
    assert repr(scenario).startswith("Scenario(kind='world', id='two-shores', hash='")
