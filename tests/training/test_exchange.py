"""Two teams, two States, one folder: post, clocks, crashes, hostile files."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.engine.nodes import Plan
from sim.errors import SessionError
from sim.model.actions import Action
from sim.model.loading import Scenario, copied_data, load, with_data
from sim.training.exchange import Exchange
from sim.training.session import Session, resume

LETTER = {
    "id": "registry",
    "to": "tar",
    "measures": ["company-records"],
    "evidence": ["crew-lists"],
    "instrument": "tip-protocol",
    "channel": "diplomatic",
    "language": "fr",
    "items": {"facts": "partial"},
    "urgent": "with reasons",
    "confidential": True,
}


@pytest.fixture(scope="module")
def desk() -> Scenario:
    data = copied_data(load("a-week-on-the-desk"))
    data["case", "a-week-on-the-desk"]["warm up"] = "1 day"
    world = data["world", "meridian"]
    del world["claims"]
    world["demand"] = {"cal-incoming": world["demand"]["cal-incoming"]}
    return with_data(load("a-week-on-the-desk"), data)


@pytest.fixture
def teams(short: Scenario, short_plan: Plan, desk: Scenario, tmp_path: Path) -> tuple[Exchange, Exchange]:
    asking = Session(short, seed=1, plan=short_plan, partner="tar")
    asked = Session(desk, seed=1)
    asking.save(tmp_path / "a.session.jsonl")
    asked.save(tmp_path / "b.session.jsonl")
    post = tmp_path / "post"
    return Exchange(post, "requesting", asking), Exchange(post, "requested", asked)


def act(end: Exchange, action: dict) -> None:
    end.session.act(Action.model_validate(action))
    end.sync()


def go(end: Exchange, days: float) -> None:
    """Let days pass, answering what is asked by default; stops where the other team's clock stops it."""
    until = end.clock + days * 86400
    while end.clock < until and not end.session.ended:
        while end.session.question is not None:
            end.session.choose(end.session.question.decision.default, stay=True)
        try:
            end.wait(days=(until - end.clock) / 86400)
        except SessionError as error:
            assert "the other team is on day" in str(error)
            return


def both(one: Exchange, other: Exchange, days: int) -> None:
    for _ in range(4 * days):
        go(one, 0.25)
        go(other, 0.25)


def test_a_letter_goes_over_is_asked_about_answered_and_carried_out(teams: tuple[Exchange, Exchange]) -> None:
    asking, asked = teams
    act(asking, {"send": LETTER})
    assert asking.session.run.request_state("registry") == "under way"
    both(asking, asked, 2)
    paper = asked.session.run.incoming["team-registry"]
    assert paper.state == "waiting" and paper.record.from_ == "lys" and paper.items["facts"] == "partial"
    act(asked, {"inquire": {"incoming": "team-registry"}})
    both(asking, asked, 4)
    assert any(m.kind == "question" and m.about == "registry" for m in asking.session.inbox)
    act(asking, {"supplement": {"request": "registry"}})
    both(asking, asked, 2)
    assert paper.state == "answered"
    act(asked, {"grant": {"incoming": "team-registry"}})
    for _ in range(9):
        both(asking, asked, 1)
        if asked.session.ended:
            break
    item = asking.session.run.evidence["crew-lists"]
    assert asking.session.run.request_state("registry") == "executed"
    assert item.state(asking.session.run.now) == "obtained"


def test_nobody_runs_further_ahead_than_post_takes(teams: tuple[Exchange, Exchange]) -> None:
    asking, _ = teams
    go(asking, 10)
    assert asking.clock in (86400, 86401), "the other team is late: one day, and no further"
    with pytest.raises(SessionError, match="the other team is on day 1"):
        asking.wait(days=1)


def test_a_late_team_finds_its_post(teams: tuple[Exchange, Exchange]) -> None:
    asking, asked = teams
    act(asking, {"send": LETTER})
    go(asking, 10)
    assert "team-registry" not in asked.session.run.incoming
    go(asked, 1.5)
    assert "team-registry" in asked.session.run.incoming


def test_a_crash_loses_nothing_and_nothing_comes_twice(
    teams: tuple[Exchange, Exchange], short: Scenario, desk: Scenario, tmp_path: Path
) -> None:
    asking, asked = teams
    act(asking, {"send": LETTER})
    both(asking, asked, 2)
    act(asked, {"acknowledge": {"incoming": "team-registry"}})
    both(asking, asked, 6)
    assert any(m.kind == "acknowledged" and m.about == "registry" for m in asking.session.inbox)
    states = (asking.session.sha256, asked.session.sha256)
    post = [path.read_bytes() for path in (asking.own, asked.own)]
    again = (
        Exchange(asking.folder, "requesting", resume(tmp_path / "a.session.jsonl", short)),
        Exchange(asking.folder, "requested", resume(tmp_path / "b.session.jsonl", desk)),
    )
    assert (again[0].session.sha256, again[1].session.sha256) == states
    assert again[0].session.inbox == asking.session.inbox
    for end in again:
        assert end.sync() == 0
    assert [path.read_bytes() for path in (asking.own, asked.own)] == post


def test_half_a_line_waits_for_its_other_half(teams: tuple[Exchange, Exchange]) -> None:
    asking, asked = teams
    act(asking, {"send": LETTER})
    whole = asking.own.read_bytes()
    asking.own.write_bytes(whole[:-20])
    go(asked, 1.5)
    assert not asked.session.run.incoming.get("team-registry")
    asking.own.write_bytes(whole)
    go(asked, 1.5)
    assert "team-registry" in asked.session.run.incoming


@pytest.mark.parametrize(
    "line",
    [
        "my shopping list",
        "[]",
        '{"moment": "soon"}',
        '{"moment": -5}',
        '{"moment": 1, "number": 1, "post": {"event": "explode", "request": "x"}}',
        '{"moment": 1, "number": 1, "post": {"event": "request", "request": "../../x"}}',
        '{"moment": 1, "number": 1, "post": {"event": "refused", "request": "x", "detail": "' + "a" * 5000 + '"}}',
        "[" * 100_000,
    ],
)
def test_hostile_post_is_refused_with_its_line(teams: tuple[Exchange, Exchange], line: str) -> None:
    asking, asked = teams
    asked.folder.mkdir()
    asked.own.write_text(f'{{"moment": 0}}\n{line}\n', encoding="utf-8")
    with pytest.raises(SessionError, match=r"requested\.jsonl:2: not a line of post"):
        asking.sync()
    assert not asking.session.steps


def test_each_side_plays_a_case_that_fits(short: Scenario, short_plan: Plan, desk: Scenario, tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="which State the other team plays"):
        Exchange(tmp_path, "requesting", Session(short, seed=1, plan=short_plan))
    with pytest.raises(SessionError, match="has no desk"):
        Exchange(tmp_path, "requested", Session(short, seed=1, plan=short_plan))
