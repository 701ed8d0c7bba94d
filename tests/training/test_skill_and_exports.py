"""Skill and luck apart, predictions, lessons, and the debrief as files for other programs."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sim.engine.plan import Plan
from sim.model.action import Action
from sim.model.loading import Scenario
from sim.training.counterfactuals import Play, alternatives, jobs, play, strategies
from sim.training.debrief import debrief, with_alternatives
from sim.training.debrief_records import Debrief
from sim.training.exports import to_csv, to_json, to_xapi
from sim.training.lessons import module_for, says
from sim.training.players import Scripted, finish
from sim.training.resuming import resume
from sim.training.scoring import AXES
from sim.training.session import Session
from tests.plays.strategies import Standing, distance

ROOT = Path(__file__).parents[2]
FORMULA = '=HYPERLINK("x")'


@pytest.fixture(scope="module")
def over(short: Scenario, short_plan: Plan) -> Session:
    session = Session(short, seed=7, plan=short_plan)
    session.choose("preserve-first", because=FORMULA, days=30)
    session.act(Action.model_validate({"consult": {"to": "kow"}}), because="to know them")
    return finish(session, Scripted({}))


@pytest.fixture(scope="module")
def made(over: Session) -> Debrief:
    found, tried = alternatives(over), strategies()
    total = debrief(over, replays=0).total
    for alternative in found:
        alternative.plays += [Play(n, total + n - 2, "network", 1) for n in range(5)]
    for place, strategy in enumerate(tried):
        strategy.plays += [Play(n, total - 6 + place, "captain", 1) for n in range(4)]
    return with_alternatives(over, found, 5, tried)


def test_luck_is_the_place_among_replays_and_skill_the_place_among_strategies(made: Debrief) -> None:
    apart = made.skill_and_luck
    assert apart is not None
    assert apart.luckier_than == pytest.approx(2.5 / 5), "two of five below, and itself half"
    assert apart.mean == pytest.approx(made.total)
    assert apart.strategies == 12 and apart.better_than == pytest.approx(6.5 / 12)


def test_without_replays_nothing_is_claimed(over: Session) -> None:
    assert debrief(over, replays=0).skill_and_luck is None


def test_what_was_expected_stands_beside_what_happened(over: Session, made: Debrief) -> None:
    first = made.decisions[0]
    assert first.days == 30
    preserved = over.run.requests["preserve-terminal-logs"]
    assert first.took == round((preserved.left - first_moment(over)) / 86400)


def first_moment(session: Session) -> int:
    return session.steps[0].moment


def test_every_lesson_has_a_page_that_is_there(made: Debrief) -> None:
    assert len(made.lessons) == 3
    for axis in AXES:
        title, page = module_for(axis)
        path, _, anchor = page.partition("#")
        text = (ROOT / path).read_text(encoding="utf-8")
        assert title in text and (not anchor or f"## {anchor}\n" in text)
        assert says(axis) and not set("*`#") & set(says(axis)), axis


def test_csv_has_a_row_a_step_and_no_formula(made: Debrief) -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(made).removeprefix("\ufeff"))))
    assert len(rows) == len(made.decisions) + len(made.acts)
    assert rows[0]["because"] == "'" + FORMULA and rows[0]["expected days"] == "30"
    assert any(row["kind"] == "act" and row["because"] == "to know them" for row in rows)


def test_json_is_json(made: Debrief, over: Session) -> None:
    data = json.loads(to_json(made), parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert data["sha256"] == over.sha256 and data["skill and luck"]["replays"] == 5
    json.loads(to_json(debrief(over, replays=0)), parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


def test_xapi_statements_hold_what_the_specification_asks(made: Debrief) -> None:
    """xAPI 1.0.3, part 2: actor, verb and object are required; ids are UUIDs, verbs and activities IRIs."""
    found = to_xapi(made, player="seat-12")
    assert len(found) == len(made.decisions) + len(made.acts) + 1
    assert len({statement["id"] for statement in found}) == len(found)
    for statement in found:
        uuid.UUID(statement["id"])
        assert statement["actor"]["account"] == {"homePage": "https://mlasim.example", "name": "seat-12"}
        assert statement["verb"]["id"].startswith("http://adlnet.gov/expapi/verbs/")
        assert statement["object"]["id"].startswith("https://mlasim.example/cases/")
        assert "mbox" not in json.dumps(statement)
    last = found[-1]["result"]
    assert last["completion"] and last["score"]["scaled"] == pytest.approx(made.total / 100, abs=1e-3)
    assert [s["id"] for s in found] == [s["id"] for s in to_xapi(made, player="seat-12")]


def test_distance_is_in_pooled_standard_deviations() -> None:
    better, worse = Standing("a", (10.0, 12.0, 14.0), {}), Standing("b", (6.0, 8.0, 10.0), {})
    assert distance(better, worse) == pytest.approx(2.0)
    assert distance(worse, better) == pytest.approx(-2.0)
    assert distance(Standing("a", (5.0, 5.0), {}), Standing("b", (5.0, 5.0), {})) == 0.0


@pytest.mark.parametrize("words", ["=1+1", "a;=HYPERLINK(1)", "x ; @sum", "＝1", "-2", "a\t+1"])
def test_nothing_in_a_cell_begins_a_formula_whatever_the_separator(made: Debrief, words: str) -> None:
    made = replace(made, decisions=[replace(made.decisions[0], because=words)], acts=[])
    (row,) = csv.DictReader(io.StringIO(to_csv(made).removeprefix("\ufeff")))
    for cell in re.split(r"[;,\t]", row["because"]):
        assert not cell.strip().startswith(tuple("=+-@＝＋－＠")), row["because"]


def test_two_players_who_decide_alike_make_statements_of_their_own(made: Debrief) -> None:
    again = replace(made, provenance=replace(made.provenance, play="0123456789abcdef"))
    one, other = to_xapi(made), to_xapi(again)
    assert not {statement["id"] for statement in one} & {statement["id"] for statement in other}
    assert one[0]["actor"] != other[0]["actor"]
    expected = [s["result"]["extensions"] for s in one if "extensions" in s["result"]]
    assert all("https://mlasim.example/expected-days" in extensions for extensions in expected)


def test_statements_of_a_copied_session_are_the_same(short: Scenario, tmp_path: Path) -> None:
    session = Session(short, seed=7)
    path = session.save(tmp_path / "s.session.jsonl")
    session.choose("preserve-first").choose("recover-first")
    copy = tmp_path / "copy.session.jsonl"
    shutil.copy(path, copy)
    one, other = (to_xapi(debrief(resume(file, short), replays=0)) for file in (path, copy))
    assert one == other and one == to_xapi(debrief(session, replays=0))
    stamps = {entry.taken for entry in session.steps}
    assert all(stamps) and {s["timestamp"] for s in one} == {
        datetime.fromtimestamp(stamp, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") for stamp in stamps
    }
    earlier = resume(copy, short).undo()
    earlier.provenance, earlier.entries[0] = session.provenance, replace(earlier.entries[0], taken=1_700_000_000)
    assert to_xapi(debrief(earlier, replays=0))[0]["id"] != one[0]["id"], "another step"


def test_the_player_that_looks_ahead_is_tried_a_few_times_after_the_first_rounds(over: Session) -> None:
    tried = strategies(ahead=True)
    ahead = next(strategy for strategy in tried if strategy.player == "greedy")
    planned = [job for job in jobs(over, [], 12, tried) if ahead in job.targets]
    assert len(planned) == ahead.most and all(job.long for job in planned)
    assert not [job for job in jobs(over, [], 4, tried) if ahead in job.targets]


def test_what_was_sent_with_a_step_answers_what_was_expected_of_it(short: Scenario, short_plan: Plan) -> None:
    """Acts of one moment do not answer for each other."""
    session = Session(short, seed=7, plan=short_plan).choose("preserve-first", stay=True, days=9)
    session.act(Action.model_validate({"consult": {"to": "kow"}}), days=20)
    session.act(Action.model_validate({"protect": {"person": "deckhand", "by": ["shelter"]}}), predict="he rests")
    made = debrief(finish(session, Scripted({})), replays=0)
    assert made.decisions[0].took is not None and made.decisions[0].sent
    assert [act.took for act in made.acts] == [None, None] and made.acts[1].predict == "he rests"


def test_means_wait_for_enough_replays_and_the_costliest_go_with_the_files(made: Debrief) -> None:
    rows = csv.DictReader(io.StringIO(to_csv(made).removeprefix("\ufeff")))
    assert next(rows)["mean score"]
    data = json.loads(to_json(made))
    assert set(data["verdicts"]) == {item.id for item in made.decisions} and data["costliest"] == []
    few = [replace(a, plays=a.plays[:3]) for a in made.decisions[0].alternatives]
    early = replace(made, decisions=[replace(made.decisions[0], alternatives=few)], acts=[])
    (row,) = csv.DictReader(io.StringIO(to_csv(early).removeprefix("\ufeff")))
    assert row["mean score"] == "" and early.skill_and_luck is None
    assert json.loads(to_json(early))["verdicts"][row["id"]]["kind"] == "waiting"


def test_statements_of_a_play_belong_together_and_say_when(made: Debrief) -> None:
    when = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)
    old = replace(
        made,
        provenance=replace(made.provenance, play="", begun=0),
        decisions=[replace(item, taken=0) for item in made.decisions],
        acts=[replace(act, taken=0) for act in made.acts],
    )
    one, other = (to_xapi(old, player=name, when=when) for name in ("table-1", "table-2"))
    (first,), (second,) = ({s["context"]["registration"] for s in found} for found in (one, other))
    assert uuid.UUID(first) != uuid.UUID(second)
    assert {s["timestamp"] for s in one} == {"2026-03-01T10:30:00.000Z"}
    assert one == to_xapi(old, player="table-1", when=when)


def test_what_acts_were_expected_to_bring_is_in_the_statements(made: Debrief) -> None:
    acts = [replace(made.acts[0], predict="they will like it", days=12)]
    said = [s for s in to_xapi(replace(made, acts=acts)) if s["verb"]["id"].endswith("interacted")]
    extensions = said[0]["result"]["extensions"]
    assert extensions["https://mlasim.example/expected"] == "they will like it"
    assert extensions["https://mlasim.example/expected-days"] == 12


@pytest.mark.slow
def test_the_player_that_looks_ahead_plays(short: Scenario) -> None:
    made = play((short, 7, 0, ("greedy", 0)))
    assert made == play((short, 7, 0, ("greedy", 0))) and made.ending in short.case.endings
