"""The hash of the event table: the same for the same run, whatever the numbering inside."""

from __future__ import annotations

import sys

import pytest

from sim.engine.log import OfficeInfo
from sim.engine.simulation import simulate
from sim.model import load
from sim.record.run import hash_of
from tests.record.logs import ACTIVITIES, log_of

ROWS = [(0, "desk", 0, 5, 20), (1, "desk", 3, 20, 40), (0, "road", 20, 20, 60)]
REQUESTS = [(0, 60, "executed"), (3, 40, "refused: fiscal")]


def test_numbering_inside_does_not_matter() -> None:
    one = log_of(ROWS, REQUESTS)
    other = log_of(ROWS, REQUESTS, order=tuple(reversed(list(ACTIVITIES))))
    assert hash_of(one) == hash_of(other)
    swapped = log_of(ROWS[::-1], REQUESTS)
    assert hash_of(one) == hash_of(swapped), "nor does the order in which rows were written"
    other.offices.append(OfficeInfo("unused", "Unused", 9, -1, "", ""))
    other.outcomes.append("never")
    assert hash_of(one) == hash_of(other), "nor what nobody used"


@pytest.mark.parametrize(
    "column",
    [
        "enabled",
        "started",
        "ended",
        "outcome",
        "request_arrived",
        "request_left",
        "request_priority",
        "request_loops",
        "request_outcome",
    ],
)
def test_anything_that_differs_shows(column: str) -> None:
    log = log_of(ROWS, REQUESTS)
    before = hash_of(log)
    values = getattr(log, column)
    values[1] = 0 if column == "request_outcome" else values[1] + 1
    assert hash_of(log) != before
    assert hash_of(log, "more") != hash_of(log)


def test_the_same_on_a_machine_of_the_other_byte_order(monkeypatch: pytest.MonkeyPatch) -> None:
    log = log_of(ROWS, REQUESTS)
    before = hash_of(log)
    monkeypatch.setattr(sys, "byteorder", "big" if sys.byteorder == "little" else "little")
    assert hash_of(log) != before, "bytes are swapped where the machine's order is the other one"


def test_a_run_keeps_its_hash() -> None:
    world = load("queue-mm1")
    assert hash_of(simulate(world, arrivals=300, seed=5)) == hash_of(simulate(world, arrivals=300, seed=5))
    assert hash_of(simulate(world, arrivals=300, seed=5)) != hash_of(simulate(world, arrivals=300, seed=6))
