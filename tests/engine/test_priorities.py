"""Who comes first, and what interrupting work does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.engine.small import HOUR, Play, Row, by_both_engines, office, work, world  # noqa: F401 - a fixture


def play(folder: Path, *, takes: str = "6 hours", **more: Any) -> Play:
    desk = office(**more)
    return Play(
        world(
            folder,
            offices={"desk": desk},
            stages={"service": work("desk", takes)},
            priorities=["urgent", "prompt", "routine"],
        )
    )


def visits(rows: list[Row]) -> list[tuple[str, float, float, str]]:
    return [(r.request, r.started / HOUR, r.ended / HOUR, r.outcome) for r in rows]


def test_first_come_first_served_inside_a_class(tmp_path: Path) -> None:
    run = play(tmp_path)
    for place, id_ in enumerate(("first", "second", "third")):
        run.send(id_, place * HOUR)
    assert [row.request for row in run.run()] == ["first", "second", "third"]


def test_more_urgent_first_without_interrupting(tmp_path: Path) -> None:
    run = play(tmp_path)
    run.send("routine", 0, priority=2)
    run.send("waiting", 1 * HOUR, priority=2)
    run.send("prompt", 2 * HOUR, priority=1)
    run.send("urgent", 3 * HOUR, priority=0)
    assert visits(run.run()) == [
        ("routine", 0, 6, "done"),
        ("urgent", 6, 12, "done"),
        ("prompt", 12, 18, "done"),
        ("waiting", 18, 24, "done"),
    ]


def test_interrupted_work_is_resumed_not_begun_again(tmp_path: Path) -> None:
    run = play(tmp_path, preemptive=True)
    run.send("routine", 0, priority=2)
    run.send("urgent", 2 * HOUR, priority=0)
    assert visits(run.run()) == [
        ("routine", 0, 2, "interrupted"),
        ("urgent", 2, 8, "done"),
        ("routine", 8, 12, "done"),
    ]
    assert run.told.count(("routine", "ended", "service", 12 * HOUR)) == 1
    assert [what for id_, what, *_ in run.told if id_ == "routine"] == ["began", "ended", "began", "left"]


def test_what_ends_in_a_second_has_ended_before_what_comes_in_it(tmp_path: Path) -> None:
    run = play(tmp_path, takes="2 hours", preemptive=True)
    run.send("routine", 0, priority=2)
    run.send("urgent", 2 * HOUR, priority=0)
    assert visits(run.run()) == [("routine", 0, 2, "done"), ("urgent", 2, 4, "done")]


def test_one_desk_that_becomes_free_is_taken_once(tmp_path: Path) -> None:
    run = play(tmp_path, takes="2 hours", staff=2, preemptive=True)
    run.send("ends", 0, priority=2)
    run.send("goes on", 1 * HOUR, priority=2)
    run.send("first", 2 * HOUR, priority=0)
    run.send("second", 2 * HOUR, priority=0)
    assert sorted(visits(run.run()), key=lambda visit: (*visit[1:3], visit[0])) == [
        ("ends", 0, 2, "done"),
        ("goes on", 1, 2, "interrupted"),
        ("first", 2, 4, "done"),
        ("second", 2, 4, "done"),
        ("goes on", 4, 5, "done"),
    ]


def test_interrupted_twice(tmp_path: Path) -> None:
    run = play(tmp_path, preemptive=True)
    run.send("routine", 0, priority=2)
    run.send("prompt", 2 * HOUR, priority=1)
    run.send("urgent", 3 * HOUR, priority=0)
    assert visits(run.run()) == [
        ("routine", 0, 2, "interrupted"),
        ("prompt", 2, 3, "interrupted"),
        ("urgent", 3, 9, "done"),
        ("prompt", 9, 14, "done"),
        ("routine", 14, 18, "done"),
    ]


def test_the_least_urgent_and_last_begun_is_interrupted(tmp_path: Path) -> None:
    run = play(tmp_path, staff=3, preemptive=True)
    run.send("prompt", 0, priority=1)
    run.send("early", 1 * HOUR, priority=2)
    run.send("late", 2 * HOUR, priority=2)
    run.send("urgent", 3 * HOUR, priority=0)
    interrupted = [row.request for row in run.run() if row.outcome == "interrupted"]
    assert interrupted == ["late"]


def test_equals_do_not_interrupt_each_other(tmp_path: Path) -> None:
    run = play(tmp_path, preemptive=True)
    run.send("one", 0, priority=1)
    run.send("other", 1 * HOUR, priority=1)
    assert visits(run.run()) == [("one", 0, 6, "done"), ("other", 6, 12, "done")]


def test_interrupted_work_counts_open_hours_only(tmp_path: Path) -> None:
    run = play(tmp_path, preemptive=True, hours="Mon-Fri 09:00-17:00")
    run.send("routine", 15 * HOUR, priority=2)  # two hours on Monday
    run.send("urgent", 34 * HOUR, priority=0)  # and one on Tuesday
    assert visits(run.run()) == [
        ("routine", 15, 34, "interrupted"),
        ("urgent", 34, 40, "done"),
        ("routine", 40, 59, "done"),  # one more hour on Tuesday, two on Wednesday
    ]


def test_interrupted_at_an_office_that_finishes_in_the_evening(tmp_path: Path) -> None:
    run = play(tmp_path, preemptive=True, hours="Mon-Fri 09:00-17:00", closing_rule="finish")
    run.send("routine", 15 * HOUR, priority=2)
    run.send("urgent", 18 * HOUR, priority=0)  # in the evening, three hours of six are done
    assert visits(run.run()) == [
        ("routine", 15, 18, "interrupted"),
        ("urgent", 18, 39, "done"),  # nothing is begun in the evening
        ("routine", 39, 42, "done"),
    ]


def test_interrupted_before_it_began(tmp_path: Path) -> None:
    run = play(tmp_path, preemptive=True, hours="Mon-Fri 09:00-17:00", closing_rule="finish")
    run.send("routine", 2 * HOUR, priority=2)
    run.send("urgent", 3 * HOUR, priority=0)
    assert visits(run.run()) == [
        ("routine", 2, 3, "interrupted"),
        ("urgent", 3, 15, "done"),
        ("routine", 15, 21, "done"),  # all six hours, into the evening
    ]


def test_interrupted_and_handed_over(tmp_path: Path) -> None:
    run = play(tmp_path, preemptive=True, hours="Mon-Fri 09:00-17:00", closing_rule="hand over")
    run.send("routine", 9 * HOUR, priority=2)
    run.send("urgent", 12 * HOUR, priority=0)
    assert visits(run.run()) == [
        ("routine", 9, 12, "interrupted"),
        ("urgent", 12, 17, "handed over"),
        ("urgent", 33, 34, "done"),
        ("routine", 34, 37, "done"),
    ]


def test_no_leak_while_work_is_interrupted(tmp_path: Path) -> None:
    for stop in (1, 2, 3, 7, 9, 11, 15):
        run = play(tmp_path, preemptive=True)
        run.send("routine", 0, priority=2)
        run.send("prompt", 2 * HOUR, priority=1)
        run.send("urgent", 3 * HOUR, priority=0)
        found = run.run(stop * HOUR)  # closing the books raises where something leaked
        assert all(row.enabled <= row.started <= row.ended <= stop * HOUR for row in found)
    assert found
