"""An action from outside the package: one record, one function, and it is everywhere."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import ipywidgets as widgets
import jsonschema
import pytest
from rich.console import Console

from sim.case import action_functions
from sim.case.action_functions import carries_out
from sim.case.state import CaseState
from sim.engine.plan import Plan
from sim.errors import SessionError, UsageError
from sim.model.action import Action
from sim.model.action_kinds import ACTIONS, ActionContent, Hours, Picked, kind_of_action
from sim.model.base import Id, Origin
from sim.model.loading import Scenario, copied_data, with_data
from sim.model.schema import json_schema
from sim.training.action_rules import action_of, data_of, described
from sim.training.debrief import debrief
from sim.training.effort import hours
from sim.training.exports import to_json
from sim.training.players import Scripted, finish
from sim.training.resuming import resume
from sim.training.session import Session
from sim.views.seat.decision_reviews import acts
from sim.views.seat.toolbox import Toolbox
from sim.views.terminal import play

GUESSED = Origin(mark="assumption", source="a test's own")
COST = 400.0
"""Hours for each of its means: enough to be seen in a score."""


class Visit(ActionContent):
    """Send somebody of one's own to the office abroad."""

    to: Annotated[Id, Picked("state")]
    """The State that is visited."""
    evidence: Annotated[tuple[Id, ...], Picked("evidence", label="What to look at")] = ()
    """What is looked at there."""
    bringing: Annotated[tuple[Literal["an interpreter", "an expert"], ...], Picked(label="Bringing")] = ()
    """Who comes along."""
    announced: Annotated[bool, Picked(label="Announced before")] = True
    """Whether the office knows."""


def visit(run: CaseState, what: Visit) -> None:
    relation = run.relation(what.to)
    relation.consulted = relation.consulted or what.announced


@pytest.fixture
def visiting() -> Iterator[None]:
    """The action is registered while a test runs, as it would be by a package that is imported."""
    more = (Hours(10.0, GUESSED), Hours(COST, GUESSED, each="bringing"), Hours(5.0, GUESSED, where=("announced", True)))
    kind_of_action("visit", label="Visit the office abroad", hours=more, asks="prior-contact")(Visit)
    carries_out(Visit)(visit)
    try:
        yield
    finally:
        del ACTIONS["visit"], action_functions._FUNCTIONS[Visit]


def written(short: Scenario, **visit: object) -> Scenario:
    """The case with an option that visits."""
    data = copied_data(short)
    options = data["case", short.id]["decisions"]["first-steps"]["options"]
    options["preserve-first"]["do"] = [*options["preserve-first"]["do"], {"visit": {"to": "cal", **visit}}]
    return with_data(short, data)


VISIT = {"visit": {"to": "cal", "evidence": ["terminal-logs"], "bringing": ["an expert"]}}


@pytest.mark.usefixtures("visiting")
def test_a_case_can_have_it_and_it_is_carried_out(short: Scenario, short_plan: Plan) -> None:
    case = written(short, evidence=["terminal-logs"])
    session = Session(case, seed=7)
    assert not session.run.relation("cal").consulted
    session.choose("preserve-first", stay=True)
    assert session.run.relation("cal").consulted
    assert [action.name for action in session.actions][-1] == "visit"


@pytest.mark.usefixtures("visiting")
@pytest.mark.parametrize(
    ("visit", "code", "words"),
    [
        ({"evidense": ["terminal-logs"]}, "F201", "did you mean 'evidence'?"),
        ({"bringing": ["a dog"]}, "F204", "'a dog' is not one of the values allowed"),
        ({"evidence": ["gold"]}, "R301", "there is no evidence 'gold' in this case"),
        ({"to": "atlantis"}, "R301", "there is no jurisdiction 'atlantis' in the world"),
    ],
)
def test_mistakes_in_it_are_found_where_they_are(short: Scenario, visit: dict, code: str, words: str) -> None:
    from sim.errors import ScenarioError

    with pytest.raises(ScenarioError) as caught:
        written(short, **visit)
    (problem,) = caught.value.problems
    assert problem.code == code and words in str(problem)


@pytest.mark.usefixtures("visiting")
def test_the_toolbox_offers_it_with_its_label_fields_and_hours(short: Scenario, short_plan: Plan) -> None:
    session = Session(short, seed=7, plan=short_plan)
    toolbox = Toolbox(lambda: session, lambda action: session.act(action) and None)
    assert ("Visit the office abroad", "visit") in toolbox.what.options
    toolbox.what.value = "visit"
    assert "at least about 10" in toolbox.note.value
    fields = dict(toolbox._fields)
    assert list(fields) == ["to", "evidence", "bringing:an interpreter", "bringing:an expert", "announced"]
    assert fields["evidence"].description == "What to look at"
    assert isinstance(fields["announced"], widgets.Checkbox) and fields["announced"].value
    fields["to"].value, fields["evidence"].value = "cal", "terminal-logs"
    fields["bringing:an expert"].value = True
    toolbox.button.click()
    assert "Visit the office abroad: Connection logs" in toolbox.note.value
    assert session.actions == [Action.model_validate(VISIT)]


@pytest.mark.usefixtures("visiting")
def test_the_terminal_asks_for_it(short: Scenario, short_plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(short, seed=7, plan=short_plan)
    console = Console(file=io.StringIO(), width=80, force_terminal=False, color_system=None)
    kinds = [name for name, kind in ACTIONS.items() if kind.seat == "requesting" and not kind.own_form]
    answers = ["a", str(kinds.index("visit") + 1), "1", "", "2", "", "to be seen", "q"]
    monkeypatch.setattr(console, "input", lambda prompt="", **_: answers.pop(0))
    assert play.play(session, console) is None and not answers
    (action,) = session.actions
    assert action.content.evidence == ()
    assert action.content.bringing == ("an expert",) and action.content.announced
    assert session.steps[0].because == "to be seen"
    assert isinstance(console.file, io.StringIO)
    shown = console.file.getvalue()
    for words in ("Visit the office abroad", "at least about 10", "What to look at", "Bringing", "Announced before"):
        assert words in shown


@pytest.mark.usefixtures("visiting")
def test_it_costs_its_hours_and_the_debrief_tells_it(short: Scenario, short_plan: Plan) -> None:
    without = finish(Session(short, seed=7, plan=short_plan), Scripted({}))
    session = Session(short, seed=7, plan=short_plan)
    session.act(Action.model_validate(VISIT))
    assert hours(session.run, session.actions[0]) == 10 + COST + 5
    finish(session, Scripted({}))
    made, before = debrief(session, replays=0), debrief(without, replays=0)

    def resources(found: object) -> float:
        return next(axis.value for axis in found.scores if axis.axis == "resources")

    assert resources(made) < resources(before)
    told = "Visit the office abroad: Connection logs of the satellite terminal; Calden; an expert"
    assert str(described(session.run, session.actions[0])) == told
    assert [str(act.text) for act in made.acts] == [told]
    assert told in acts(made) and told in to_json(made)


@pytest.mark.usefixtures("visiting")
def test_it_is_saved_resumed_and_taken_back(short: Scenario, short_plan: Plan, tmp_path: Path) -> None:
    session = Session(short, seed=7, plan=short_plan)
    path = session.save(tmp_path / "s.jsonl")
    session.act(Action.model_validate(VISIT))
    assert data_of(session.actions[0]) == VISIT and action_of(VISIT) == session.actions[0]
    session.keeper = None
    again = resume(path, short)
    assert again.actions == session.actions and again.sha256 == session.sha256
    assert again.run.relation("cal").consulted and not again.undo().run.relation("cal").consulted


@pytest.mark.usefixtures("visiting")
def test_what_cannot_be_done_says_why(short: Scenario, short_plan: Plan) -> None:
    session = Session(short, seed=7, plan=short_plan)
    with pytest.raises(SessionError, match="no State 'lys' to deal with"):
        session.act(Action.model_validate({"visit": {"to": "lys"}}))


def test_the_schema_has_it_while_it_is_registered(visiting: None) -> None:
    schema = json_schema("case")
    assert schema["$defs"]["Action"]["properties"]["visit"]["description"].startswith("Send somebody of one's own")
    fields = schema["$defs"]["Visit"]["properties"]
    assert fields["announced"]["description"] == "Whether the office knows."
    validator = jsonschema.Draft202012Validator({**schema["$defs"]["Action"], "$defs": schema["$defs"]})
    assert validator.is_valid(VISIT) and not validator.is_valid({"visit": {"to": "cal", "bringing": ["a dog"]}})


def test_afterwards_nobody_knows_it(short: Scenario) -> None:
    assert "visit" not in json_schema("case")["$defs"]["Action"]["properties"]
    with pytest.raises(SessionError, match="unknown key 'visit'"):
        action_of(VISIT)


# What is not there is said at once


class Wave(ActionContent):
    """Wave across the border."""


def test_an_action_without_label_hours_or_words_is_no_action() -> None:
    none = Hours(0.0, GUESSED)
    with pytest.raises(TypeError, match="'wave' has no label"):
        kind_of_action("wave", label=" ", hours=none)(Wave)
    with pytest.raises(TypeError, match="'wave' has no hours"):
        kind_of_action("wave", label="Wave", hours=())(Wave)
    with pytest.raises(TypeError, match="there is an action 'chase' already"):
        kind_of_action("chase", label="Wave", hours=none)(Wave)
    with pytest.raises(TypeError, match="has no field 'crowd'"):
        kind_of_action("wave", label="Wave", hours=Hours(1.0, GUESSED, each="crowd"))(Wave)
    with pytest.raises(TypeError, match="has no field 'to'"):
        kind_of_action("wave", label="Wave", hours=none, told="to")(Wave)
    with pytest.raises(TypeError, match="no provision has the role 'waving'"):
        kind_of_action("wave", label="Wave", hours=none, asks="waving")(Wave)
    assert "wave" not in ACTIONS


def test_a_field_that_nobody_could_fill_in_is_no_field() -> None:
    class Point(ActionContent):
        """Point at something."""

        where: dict[str, int]

    class Nod(ActionContent):
        """Nod."""

        twice: bool = False

    with pytest.raises(TypeError, match="nobody can fill in 'where'"):
        kind_of_action("point", label="Point", hours=Hours(0.0, GUESSED))(Point)
    with pytest.raises(TypeError, match="'twice' has no label"):
        kind_of_action("nod", label="Nod", hours=Hours(0.0, GUESSED))(Nod)


def test_a_case_is_not_played_while_an_action_has_no_function(short: Scenario, short_plan: Plan) -> None:
    kind_of_action("wave", label="Wave", hours=Hours(0.0, GUESSED))(Wave)
    try:
        with pytest.raises(UsageError, match="nothing carries out: wave"):
            Session(short, seed=7, plan=short_plan)
    finally:
        del ACTIONS["wave"]
    with pytest.raises(TypeError, match="Wave is no registered kind"):
        carries_out(Wave)(lambda run, what: None)


def test_an_action_has_one_function() -> None:
    with pytest.raises(TypeError, match="is carried out by _chase already"):
        carries_out(ACTIONS["chase"].record)(lambda run, what: None)


def test_every_figure_of_hours_has_an_origin() -> None:
    for kind in ACTIONS.values():
        assert all(part.origin.mark and part.origin.source for part in kind.hours), kind.name
