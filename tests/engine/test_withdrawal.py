"""A request of the trainee's can be withdrawn wherever it is, and nothing is left behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.engine.small import HOUR, Play, Row, by_both_engines, office, wait, work, world  # noqa: F401 - a fixture
from tests.engine.test_journeys import LETTER
from tests.engine.two_states import two_states

OFFICES: dict[str, dict[str, Any]] = {
    "plain": {},
    "office hours": {"hours": "Mon-Fri 09:00-17:00"},
    "finish": {"hours": "Mon-Fri 09:00-17:00", "closing_rule": "finish"},
    "hand over": {"hours": "Mon-Fri 09:00-17:00", "closing_rule": "hand over"},
    "preemptive": {"preemptive": True},
    "preemptive, hand over": {"preemptive": True, "hours": "Mon-Fri 09:00-17:00", "closing_rule": "hand over"},
}


def play(folder: Path, kind: str, staff: int = 1) -> Play:
    desk = office(staff, **OFFICES[kind])
    return Play(world(folder, offices={"desk": desk}, stages={"service": work("desk", "6 hours")}))


def visits(rows: list[Row], id: str) -> list[tuple[float, float, float, str]]:
    return [(r.enabled / HOUR, r.started / HOUR, r.ended / HOUR, r.outcome) for r in rows if r.request == id]


@pytest.mark.parametrize("kind", OFFICES)
def test_in_hand(tmp_path: Path, kind: str) -> None:
    run = play(tmp_path, kind)
    run.send("gone", 9 * HOUR)
    run.send("next", 10 * HOUR)
    run.withdraw("gone", 11 * HOUR)
    rows = run.run()
    assert visits(rows, "gone") == [(9, 9, 11, "stopped")]
    assert visits(rows, "next")[0][:3] == (10, 11, 17)  # the desk goes to whoever waits
    assert run.left("gone") == 11 * HOUR
    assert run.simulation.log.outcomes[run.simulation.log.request_outcome[0]] == "withdrawn"


@pytest.mark.parametrize("kind", OFFICES)
def test_in_hand_with_nobody_waiting(tmp_path: Path, kind: str) -> None:
    run = play(tmp_path, kind)
    run.send("gone", 9 * HOUR)
    run.withdraw("gone", 10 * HOUR)
    run.send("later", 34 * HOUR)
    rows = run.run()
    assert visits(rows, "later") == [(34, 34, 40, "done")]
    assert len(rows) == 2


@pytest.mark.parametrize("kind", OFFICES)
def test_in_the_queue(tmp_path: Path, kind: str) -> None:
    run = play(tmp_path, kind)
    run.send("first", 9 * HOUR)
    run.send("gone", 10 * HOUR)
    run.send("next", 10 * HOUR)
    run.withdraw("gone", 12 * HOUR)
    rows = run.run()
    assert visits(rows, "gone") == [(10, 12, 12, "stopped")]
    assert visits(rows, "next")[0][:2] == (10, 15)


def test_while_it_waits_for_an_office_to_open(tmp_path: Path) -> None:
    run = play(tmp_path, "hand over")
    run.send("gone", 3 * HOUR)
    run.withdraw("gone", 5 * HOUR)
    run.send("next", 6 * HOUR)
    rows = run.run()
    assert visits(rows, "gone") == [(3, 5, 5, "stopped")]
    assert visits(rows, "next") == [(6, 9, 15, "done")]


def test_after_it_was_interrupted(tmp_path: Path) -> None:
    run = play(tmp_path, "preemptive")
    run.send("gone", 0, priority=1)
    run.send("urgent", 2 * HOUR, priority=0)
    run.withdraw("gone", 4 * HOUR)
    rows = run.run()
    assert visits(rows, "gone") == [(0, 0, 2, "interrupted"), (2, 4, 4, "stopped")]
    assert visits(rows, "urgent") == [(2, 2, 8, "done")]


def test_after_it_was_resumed(tmp_path: Path) -> None:
    run = play(tmp_path, "preemptive")
    run.send("gone", 0, priority=1)
    run.send("urgent", 2 * HOUR, priority=0)
    run.withdraw("gone", 9 * HOUR)
    assert visits(run.run(), "gone") == [(0, 0, 2, "interrupted"), (2, 8, 9, "stopped")]


def test_while_time_passes(tmp_path: Path) -> None:
    run = Play(world(tmp_path, offices={"x": office()}, stages={"wait": wait("6 hours")}))
    run.send("gone", 0)
    run.withdraw("gone", 2 * HOUR)
    run.withdraw("gone", 3 * HOUR)  # twice makes no difference
    assert visits(run.run(), "gone") == [(0, 0, 2, "stopped")]
    assert run.left("gone") == 2 * HOUR


def test_after_it_has_left(tmp_path: Path) -> None:
    run = Play(world(tmp_path, offices={"x": office()}, stages={"wait": wait("1 hour")}))
    run.send("done", 0)
    run.withdraw("done", 2 * HOUR)
    run.run()
    assert run.left("done") == 1 * HOUR


def test_while_measures_are_executed_side_by_side(tmp_path: Path) -> None:
    run = Play(two_states(tmp_path, LETTER), from_="lys", to="nor")
    run.send("gone", measures=["records", "hearing", "notice"], channel="wire")
    run.withdraw("gone", 5 * HOUR)
    run.send("next", 4 * HOUR, measures=["hearing"], channel="wire")
    found = [(row.activity, row.started / HOUR, row.ended / HOUR, row.outcome) for row in run.run()]
    assert found[2:5] == [
        ("execution/records/1", 3, 5, "stopped"),
        ("execution/hearing/1", 5, 5, "stopped"),  # it was waiting
        ("execution/notice/1", 3, 5, "stopped"),
    ]
    assert ("execution/hearing/1", 7, 13, "done") in found  # the other letter's
    assert found[-1][0] == "home/1"


MOMENTS = [("began", "draft"), ("ended", "draft"), ("began", "travel"), ("began", "execution"), ("ended", "execution")]


@pytest.mark.parametrize(("what", "stage"), [*MOMENTS, ("began", "home"), ("ended", "home"), ("left", "completed")])
@pytest.mark.parametrize("measures", [["records"], ["records", "hearing", "notice"], ["notice", "records"]])
def test_in_the_very_moment_of_being_told(tmp_path: Path, what: str, stage: str, measures: list[str]) -> None:
    run = Play(two_states(tmp_path, LETTER), from_="lys", to="nor")
    moment: list[int] = []

    def withdraw(letter: Any, told: str, where: str, now: int) -> None:
        if letter.id == "gone" and (told, where) == (what, stage) and not moment:
            moment.append(now)
            run.simulation.withdraw(letter.token)

    run.on_told = withdraw
    run.send("gone", 1 * HOUR, measures=measures, channel="wire")
    run.send("next", 1 * HOUR, measures=measures, channel="wire")
    rows = run.run()  # and nothing has leaked
    assert run.left("gone") == moment[0]
    assert all(row.ended <= moment[0] for row in rows if row.request == "gone")
    assert run.told[-1][:2] == ("next", "left")


def test_between_two_measures_that_begin_at_once(tmp_path: Path) -> None:
    run = Play(two_states(tmp_path, LETTER), from_="lys", to="nor")
    begun: list[int] = []

    def withdraw(letter: Any, told: str, where: str, now: int) -> None:
        if (told, where) == ("began", "execution"):
            begun.append(now)
            if len(begun) == 2:  # the first of three measures, the others not yet begun
                run.simulation.withdraw(letter.token)

    run.on_told = withdraw
    run.send("gone", measures=["records", "hearing", "notice"], channel="wire")
    assert [row.activity for row in run.run()] == ["draft", "travel/1"]
    assert len(begun) == 2
    assert run.left("gone") == begun[0] == begun[1]
