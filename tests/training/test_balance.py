"""How a case plays, by automatic players; and the plays that ship with a case."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.engine.plan import Plan
from sim.errors import UsageError
from sim.model.loading import Scenario
from sim.record.statistics import mean_interval
from sim.training import prepared_plays
from sim.training.balance import Balance, Fared, OtherOption, balance_of
from sim.training.counterfactuals import alternatives
from sim.training.debrief import with_alternatives
from sim.training.decision_log import Steps, take
from sim.training.players import play_through, player
from sim.training.prepared_plays import keep, kept_of, prepared_for
from sim.training.scoring import score, total
from sim.training.session import Session
from sim.views.seat.debrief_panels import debrief_panel


@pytest.fixture(scope="module")
def found(short: Scenario) -> Balance:
    return balance_of(short, 2, only=["first-steps", "care"])


def test_players_fare_as_they_do_in_plays_of_their_own(found: Balance, short: Scenario, short_plan: Plan) -> None:
    for name, plays in found.plays.items():
        for luck, fared in enumerate(plays):
            session = play_through(short, player(name, 0), seed=0, replication=luck, plan=short_plan)
            assert fared.score == total(score(session)) and fared.ending == session.ending[0]
            assert fared.choices == session.choices


def test_an_option_is_held_against_the_players_own(found: Balance, short: Scenario, short_plan: Plan) -> None:
    book = Steps({id_: decision.option_of("textbook") for id_, decision in short.case.decisions.items()})
    tried = {(o.player, o.decision, o.option): o for o in found.otherwise}
    options = short.case.decisions["first-steps"].options
    assert {o for who, decision, o in tried if (who, decision) == ("textbook", "first-steps")} == set(options) - {
        book.options["first-steps"]
    }
    one = tried["textbook", "first-steps", "letter-now"]
    means = []
    for luck in range(2):
        scores = [
            total(score(take(short, steps, replication=luck, plan=short_plan)))
            for steps in (book, book.but("first-steps", "letter-now"))
        ]
        means.append(scores[1] - scores[0])
    assert one.plays == 2 and one.difference.mean == pytest.approx(sum(means) / 2)


def test_bad_input_is_said(short: Scenario) -> None:
    with pytest.raises(UsageError, match="two or more"):
        balance_of(short, 1)
    with pytest.raises(UsageError, match="no decision 'first-step' — did you mean 'first-steps'"):
        balance_of(short, 2, only=["first-step"])
    with pytest.raises(UsageError, match="tried on the plays of"):
        balance_of(short, 2, bases=["greedy"])
    with pytest.raises(UsageError, match="is a world, not a case"):
        balance_of(sim.load("corridor"), 2)


def made(scores: dict[str, list[tuple[float, str]]], otherwise: list[OtherOption] = []) -> Balance:  # noqa: B006
    plays = {name: [Fared(value, ending, {}) for value, ending in some] for name, some in scores.items()}
    return Balance("case", plays, {"good": 1.0, "poor": 0.0, "never": 0.5}, otherwise)


def test_what_decisions_and_luck_explain() -> None:
    decided = made({"a": [(90, "good")] * 4, "b": [(10, "poor")] * 4})
    assert decided.explained == pytest.approx(1) and decided.misplaced_endings() == {"never": 0}
    luck = made({"a": [(90, "good"), (10, "poor")] * 2, "b": [(90, "good"), (10, "poor")] * 2})
    assert luck.explained == pytest.approx(0)


def test_decisions_that_move_nothing_and_options_that_beat_the_book() -> None:
    def other(decision: str, option: str, gains: list[float], endings: dict[str, float]) -> OtherOption:
        return OtherOption("textbook", decision, option, len(gains), mean_interval(gains), endings)

    at = made(
        {"a": [(50, "good")]},
        [
            other("idle", "x", [0.5, 0.6, 0.4, 0.5, 0.6], {}),
            other("rare", "x", [-0.1, 0.1], {}),
            other("felt", "x", [-3, -3.1, -2.9, -3, -3], {}),
            other("ends", "x", [0, 0.1, -0.1, 0, 0], {"good": -0.3, "poor": 0.3}),
            other("wrong", "x", [4, 4.1, 3.9, 4, 4], {}),
            other("luck", "x", [40, -30, 5], {}),
        ],
    )
    assert at.unmoved() == ["idle"], "two plays say nothing of a question that is hardly ever put"
    assert [o.decision for o in at.beats_the_book()] == ["idle", "wrong"]


def test_what_moves_a_decision_where_it_is_hardly_ever_met_says_nothing() -> None:
    at = made(
        {"a": [(50, "good")]},
        [
            OtherOption("textbook", "idle", "x", 6, mean_interval([0.1] * 6), {}),
            OtherOption("random", "idle", "y", 1, mean_interval([9.0]), {"good": 1.0}),
        ],
    )
    assert at.unmoved() == ["idle"], "one lucky play of another player is no proof"


def test_a_decision_seldom_met_is_looked_for_in_more_luck(short: Scenario) -> None:
    found = balance_of(short, 6, only=["question-on-men", "care"], players=["textbook"])
    assert [len(plays) for plays in found.plays.values()] == [6], "the players keep to theirs"
    tried = {decision: [o.plays for o in found.otherwise if o.decision == decision] for decision in found.decisions}
    alone = balance_of(short, 6, only=["care"], players=["textbook"])
    assert tried["care"] == [o.plays for o in alone.otherwise], "what is met often enough has been seen"
    assert max(tried["question-on-men"]) >= 2


def test_prepared_plays_speak_until_replays_arrive(
    short: Scenario, short_plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gains = [-12.0, -11.0, -13.0]
    tried = [OtherOption("textbook", "first-steps", "letter-now", 3, mean_interval(gains), {})]
    path = tmp_path / f"{short.id}.json"
    keep(kept_of(made({"textbook": [(80, "good")]}, tried), short), path)
    monkeypatch.setattr(prepared_plays, "file_of", lambda case: path)
    prepared = prepared_for(short)
    assert prepared is not None and prepared.expected("first-steps", "letter-now").points == pytest.approx(12)
    assert prepared.expected("first-steps", prepared.book["first-steps"]) is None
    session = Session(short, seed=7, plan=short_plan).choose("letter-now")
    shown = debrief_panel(with_alternatives(session, alternatives(session), 0))
    assert "about 12.0 points lost (9.5 to 14.5)" in shown and "made beforehand" in shown


def test_prepared_plays_of_another_state_of_a_case_say_nothing(
    short: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "plays.json"
    monkeypatch.setattr(prepared_plays, "file_of", lambda case: path)
    assert prepared_for(short) is None
    path.write_text("{", encoding="utf-8")
    prepared_plays._read.cache_clear()
    assert prepared_for(short) is None, "nor a file that is none"
    keep(kept_of(made({}), short).model_copy(update={"hash": "0" * 64}), path)
    prepared_plays._read.cache_clear()
    assert prepared_for(short) is None
