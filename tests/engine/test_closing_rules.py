"""What happens to work in hand at closing time, at offices small enough to follow by hand.

The office is open Monday to Friday, 9 to 17; the epoch is a Monday at midnight, UTC. Hours are written as hours
since the epoch: 9 is Monday at nine, 33 Tuesday at nine, 105 Friday at nine, 177 the next Monday at nine.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.small import HOUR, Play, Row, by_both_engines, office, work, world  # noqa: F401 - a fixture

HOURS = "Mon-Fri 09:00-17:00"


def play(
    folder: Path, rule: str, *, takes: str = "6 hours", staff: int = 1, hours: str = HOURS, **more: object
) -> Play:
    desk = office(staff, hours=hours, closing_rule=rule, **more)
    return Play(world(folder, offices={"desk": desk}, stages={"service": work("desk", takes)}))


def visits(rows: list[Row]) -> list[tuple[str, float, float, float, str]]:
    return [(r.request, r.enabled / HOUR, r.started / HOUR, r.ended / HOUR, r.outcome) for r in rows]


def test_suspended_work_is_resumed_by_the_same_desk(tmp_path: Path) -> None:
    run = play(tmp_path, "suspend and resume")
    run.send("a", 14 * HOUR)
    run.send("b", 15 * HOUR)
    assert visits(run.run()) == [
        ("a", 14, 14, 36, "done"),  # three hours on Monday, three on Tuesday
        ("b", 15, 36, 58, "done"),  # Tuesday from twelve, until ten on Wednesday
    ]


def test_work_that_reaches_a_closed_office_begins_when_it_opens(tmp_path: Path) -> None:
    run = play(tmp_path, "suspend and resume")
    run.send("a", 20 * HOUR)
    (visit,) = visits(run.run())
    assert visit == ("a", 20, 20, 39, "done")  # the desk is taken at once, six hours from Tuesday at nine


def test_suspended_over_a_weekend(tmp_path: Path) -> None:
    run = play(tmp_path, "suspend and resume", takes="10 hours")
    run.send("a", 105 * HOUR)
    assert visits(run.run()) == [("a", 105, 105, 179, "done")]


def test_finished_the_same_evening(tmp_path: Path) -> None:
    run = play(tmp_path, "finish")
    run.send("a", 14 * HOUR)
    run.send("b", 15 * HOUR)
    run.send("c", 30 * HOUR)
    assert visits(run.run()) == [
        ("a", 14, 14, 20, "done"),
        ("b", 15, 20, 39, "done"),  # nothing is begun in the evening
        ("c", 30, 39, 45, "done"),
    ]


def test_finishing_needs_no_time_for_no_work(tmp_path: Path) -> None:
    run = play(tmp_path, "finish", takes="0 hours")
    run.send("a", 3 * HOUR)
    assert visits(run.run()) == [("a", 3, 3, 3, "done")]


def test_handed_over_to_whoever_is_free_next(tmp_path: Path) -> None:
    run = play(tmp_path, "hand over")
    run.send("a", 14 * HOUR)
    run.send("b", 15 * HOUR)
    assert visits(run.run()) == [
        ("a", 14, 14, 17, "handed over"),
        ("a", 17, 33, 36, "done"),  # it stands at the head of the line
        ("b", 15, 36, 41, "handed over"),
        ("b", 41, 57, 58, "done"),
    ]


def test_handed_over_work_goes_behind_more_urgent_work(tmp_path: Path) -> None:
    run = play(tmp_path, "hand over")
    run.send("a", 14 * HOUR)
    run.send("urgent", 20 * HOUR, priority=0)
    assert visits(run.run()) == [
        ("a", 14, 14, 17, "handed over"),
        ("urgent", 20, 33, 39, "done"),
        ("a", 17, 39, 41, "handed over"),
        ("a", 41, 57, 58, "done"),
    ]


def test_done_exactly_at_closing_time_is_done(tmp_path: Path) -> None:
    run = play(tmp_path, "hand over")
    run.send("a", 11 * HOUR)
    run.send("b", 12 * HOUR)
    assert visits(run.run()) == [("a", 11, 11, 17, "done"), ("b", 12, 33, 39, "done")]


def test_waiting_for_an_office_to_open_that_hands_over(tmp_path: Path) -> None:
    run = play(tmp_path, "hand over", staff=2)
    for place, id_ in enumerate(("a", "b", "c")):
        run.send(id_, (1 + place) * HOUR)
    assert visits(run.run()) == [
        ("a", 1, 9, 15, "done"),
        ("b", 2, 9, 15, "done"),
        ("c", 3, 15, 17, "handed over"),
        ("c", 17, 33, 37, "done"),
    ]


def test_many_days_of_handing_over(tmp_path: Path) -> None:
    run = play(tmp_path, "hand over", takes="20 hours")
    run.send("a", 9 * HOUR)
    found = visits(run.run())
    assert [outcome for *_, outcome in found] == ["handed over", "handed over", "done"]
    assert sum(ended - started for _, _, started, ended, _ in found) == 20


@pytest.mark.parametrize("rule", ["suspend and resume", "finish", "hand over"])
def test_rules_agree_where_the_office_never_closes(tmp_path: Path, rule: str) -> None:
    run = play(tmp_path, rule, hours="always")
    run.send("a", 14 * HOUR)
    run.send("b", 15 * HOUR)
    assert visits(run.run()) == [("a", 14, 14, 20, "done"), ("b", 15, 20, 26, "done")]


@pytest.mark.parametrize("rule", ["suspend and resume", "finish", "hand over"])
def test_no_leak_whenever_the_run_stops(tmp_path: Path, rule: str) -> None:
    for stop in (16, 17, 18, 30, 34, 40, 60):
        run = play(tmp_path, rule)
        for place in range(4):
            run.send(f"letter-{place}", (14 + place) * HOUR)
        found = run.run(stop * HOUR)  # closing the books raises where something leaked
        assert all(row.enabled <= row.started <= row.ended <= stop * HOUR for row in found)
    assert found
