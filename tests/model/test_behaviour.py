"""Figures of behaviour: in files with origins, in a case in their place, and nowhere in the code."""

from __future__ import annotations

import ast
import json
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.errors import ScenarioError
from sim.model.behaviour import TOPICS
from sim.model.durations import DAY
from sim.model.figures import Figure, names_in
from sim.model.library import FOLDERS, shipped_folder
from sim.model.loading import Scenario, copied_data, load_text, usual_behaviour, with_data
from sim.model.world import Lever
from sim.policy.experiments.levers import apply, change_in_words
from sim.policy.experiments.provenance import inputs_of
from tests.model.conftest import CASE, change, said

CASE_ROOM = Path(sim.__file__).parent / "case"
MODULES = sorted(path.stem for path in CASE_ROOM.glob("*.py"))
NEUTRAL_ELEMENTS = {0, 1, 2, -1}
"""Nothing, a whole, twice (the rate of withdrawal is said for a wellbeing of a half), and one step back or on."""
NO_ASSUMPTIONS = {
    ("people", "MONTH"): "a unit: rates of people are those of a month of thirty days",
    ("plan", "_REMEMBERED"): "how many compiled plans a process keeps",
    ("trust", "NEUTRAL"): "the middle of the scale of trust, at which it moves nothing by definition",
}


def numbers(tree: ast.AST) -> Iterator[tuple[int, float]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
            yield node.lineno, node.value


def unexplained(module: str, source: str) -> list[tuple[int, float]]:
    """Numbers of a module that are neither neutral nor explained: module-level constants and literals in functions."""
    found = []
    for node in ast.parse(source).body:
        names = [target.id for target in getattr(node, "targets", ()) if isinstance(target, ast.Name)]
        if not any((module, name) in NO_ASSUMPTIONS for name in names):
            found += [(line, value) for line, value in numbers(node) if value not in NEUTRAL_ELEMENTS]
    return found


@pytest.mark.parametrize("module", MODULES)
def test_no_assumption_stands_in_the_code(module: str) -> None:
    assert unexplained(module, (CASE_ROOM / f"{module}.py").read_text("utf-8")) == []


def test_the_reading_of_the_code_can_fail() -> None:
    assert unexplained("people", "MONTH = 30 * DAY\nWEEK = 7 * DAY") == [(2, 7)]
    assert unexplained("incoming", "def f(trust):\n    return 0.4 + 0.6 * trust") == [(2, 0.4), (2, 0.6)]
    assert unexplained("incoming", "TABLE = {'a': -0.05}") == [(1, 0.05)]


def test_every_exception_is_there() -> None:
    for module, name in NO_ASSUMPTIONS:
        assert f"\n{name} = " in (CASE_ROOM / f"{module}.py").read_text("utf-8")


# The files


def figures() -> dict[str, Figure]:
    return {figure.at: figure for figure in usual_behaviour().figures()}


def test_each_topic_has_its_file_and_each_file_its_topic() -> None:
    assert {path.stem for path in (shipped_folder() / FOLDERS["behaviour"]).glob("*.yaml")} == set(TOPICS)


def test_law_is_marked_as_law_and_is_not_varied() -> None:
    law = {at: figure for at, figure in figures().items() if figure.mark == "primary source"}
    assert {at: figure.value for at, figure in law.items()} == {
        "behaviour/people/safe conduct": 15 * DAY,
        "behaviour/expiry/preservation": 60 * DAY,
        "behaviour/coordination/confirm within": 5 * DAY,
    }
    assert all("art." in figure.origin.source and figure.range is None for figure in law.values())


def test_every_assumption_has_a_range_around_its_value() -> None:
    for figure in figures().values():
        if figure.mark == "assumption" and figure.unit.spread != "none" and isinstance(figure.value, int | float):
            assert figure.range is not None
            low, high = figure.range
            assert figure.unit.least <= low <= figure.value <= high <= figure.unit.most, figure.at
            assert low < high, f"{figure.at} could not matter"


def test_a_range_that_a_file_argues_comes_before_the_usual_one() -> None:
    assert figures()["behaviour/conduct/complete contents"].range == (0.4, 0.8)
    assert figures()["behaviour/conduct/prior contact"].range == (0.465, 0.775), "0.6 to the power of a half and of 1.5"
    assert figures()["behaviour/desk/examining"].written == "150 working minutes"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("named in clear: 0.25", "named in clear: 1.25", "F207 named in clear: must be less than or equal to 1"),
        ("named in clear: 0.25", "named in cleer: 0.25", "did you mean 'named in clear'?"),
        ("to react: 7 days", "to react: 7", "F205 '7' is not a duration"),
        ("to react: 7 days", "to react: 3 working days", "is not a length of calendar time"),
        ("to react: 7 days", "to react: {between: [3 days, 9 days]}", "this is a distribution"),
        ("id: secrecy", "id: secrecie", "F204 id: 'secrecie' is not one of the values allowed (hint: did you mean"),
        ("  warned: 'assumption", "  warnt: 'assumption", "F211 no origin for: warned"),
        (
            "warned: 0.5",
            "warned: 0.5\nranges: {warned: [0.6, 0.7]}",
            "F210 warned is 0.5, outside its range 0.6 to 0.7",
        ),
        (
            "warned: 0.5",
            "warned: 0.5\nranges: {warnt: [0.4, 0.7]}",
            "unknown key 'warnt' (hint: did you mean 'warned'?)",
        ),
        ("warned: 0.5", "warned: 0.5\nranges: {warned: [few, many]}", "F207 'few' cannot be an end of the range"),
        ("warned: 0.5", "warned: 0.5\nranges: {to react: [3, 9]}", "F205 '3' is not a duration"),
    ],
)
def test_bad_values_are_problems_with_their_place(old: str, new: str, expected: str) -> None:
    text = (shipped_folder() / FOLDERS["behaviour"] / "secrecy.yaml").read_text("utf-8")
    assert old in text
    record, problems = load_text(text.replace(old, new, 1), "secrecy.yaml")
    assert record is None and any(expected in str(problem) for problem in problems), list(map(str, problems))
    assert all(problem.line >= 1 and problem.file == "secrecy.yaml" for problem in problems)


# The hash


def test_a_file_of_one_s_own_moves_the_hash_by_its_values_alone(harbour: Path) -> None:
    before = sim.load(harbour / CASE)
    own = harbour / FOLDERS["behaviour"]
    own.mkdir()
    text = (shipped_folder() / FOLDERS["behaviour"] / "secrecy.yaml").read_text("utf-8")
    (own / "secrecy.yaml").write_text(text.replace("title: How", "title: In this country, how"))
    assert sim.load(harbour / CASE).hash == before.hash
    (own / "secrecy.yaml").write_text(text.replace("warned: 0.5", "warned: 0.75"))
    after = sim.load(harbour / CASE)
    assert after.hash != before.hash and after.behaviour.secrecy.warned == 0.75
    (own / "secrecy.yaml").write_text(text.replace("warned: 0.5", "warned: 7.5"))
    assert said(harbour / CASE)[0].endswith("F207 warned: must be less than or equal to 1")


# A case that assumes otherwise


ASSUMES = """assumes:
  conduct:
    complete contents: 0.7
    origins: {complete contents: 'published: a study'}
  secrecy: {to react: 3 days, ranges: {to react: [1 day, 5 days]}, origins: {all: 'assumption: they are quick'}}
"""


def assuming(folder: Path, assumes: str) -> Path:
    return change(folder, CASE, "world: two-shores\n", f"world: two-shores\n{assumes}")


def test_a_case_may_assume_otherwise(harbour: Path) -> None:
    before = sim.load(harbour / CASE)
    scenario = sim.load(assuming(harbour, ASSUMES))
    behaviour = scenario.behaviour
    assert (behaviour.conduct.complete_contents, behaviour.secrecy.to_react) == (0.7, 3 * DAY)
    assert behaviour.conduct.raised == before.behaviour.conduct.raised
    own = {figure.at: figure for figure in behaviour.figures() if figure.case}
    quick = own["case/first-letter/assumes/secrecy/to react"]
    assert (quick.range, str(quick.origin)) == ((DAY, 5 * DAY), "assumption: they are quick")
    published = own["case/first-letter/assumes/conduct/complete contents"]
    assert published.range is None, "the range of the library does not speak of what was published"
    assert len(own) == 2 and scenario.hash != before.hash
    assert any(one.place == "case/first-letter/assumes/conduct" and one.value == "0.7" for one in inputs_of(scenario))
    assert pickle.loads(pickle.dumps(scenario)).behaviour.values() == behaviour.values()


@pytest.mark.parametrize(
    ("assumes", "expected"),
    [
        ("assumes: {conduct: {complete contentz: 0.7}}\n", "did you mean 'complete contents'?"),
        ("assumes: {conducts: {}}\n", "did you mean 'conduct'?"),
        ("assumes: {conduct: {complete contents: 0.7}}\n", "F211 no origin for: complete contents"),
        ("assumes: {conduct: {raised: 2, origins: {all: 'assumption: x'}}}\n", "F207 raised: must be less than"),
    ],
)
def test_what_is_wrong_in_a_case_has_its_place(harbour: Path, assumes: str, expected: str) -> None:
    path = assuming(harbour, assumes)
    (problem,) = said(path)
    assert expected in problem
    with pytest.raises(ScenarioError) as error:
        sim.load(path)
    line = path.read_text("utf-8").splitlines().index(assumes.strip()) + 1
    assert error.value.problems[0].line == line


# Patches


def lever(*changes: dict[str, Any]) -> Lever:
    words = {"title": "A test", "question": "What if?", "evidence for": "none", "evidence of limits": "none"}
    content = {"format": 1, "kind": "lever", "id": "settings", "origin": "assumption: a test", "changes": changes}
    return Lever.model_validate(content | words)


def test_figures_can_be_reached_as_other_settings_are(harbour: Path) -> None:
    scenario = sim.load(harbour / CASE)
    changed = apply(
        scenario,
        [
            lever(
                {"at": "behaviour/conduct/raised", "times": 0.5},
                {"at": "behaviour/secrecy/to react", "times": 0.5},
                {"at": "behaviour/people/repeated", "plus": 1},
                {"at": "behaviour/desk/team execution", "set": "2 days"},
            )
        ],
    )
    found = changed.behaviour
    assert (found.conduct.raised, found.secrecy.to_react, found.people.repeated) == (0.3, round(3.5 * DAY), 3.0)
    assert found.desk.team_execution.seconds() == (2 * DAY,) and changed.hash != scenario.hash
    assert change_in_words(lever({"at": "behaviour/conduct/raised", "times": 0.5}).changes[0]) == "times 0.5"
    with pytest.raises(ScenarioError, match="raised: must be less than or equal to 1"):
        apply(scenario, [lever({"at": "behaviour/conduct/raised", "times": 5.0})])


def test_every_figure_can_be_patched() -> None:
    scenario: Scenario = sim.load("silent-harbour")
    data = copied_data(scenario)
    for topic, record in TOPICS.items():
        assert set(names_in(record)) <= set(data["behaviour", topic])
    assert with_data(scenario, {}).hash == scenario.hash == sim.load("silent-harbour").hash
    assert json.dumps(scenario.behaviour.values(), sort_keys=True)
