"""Draws of compiled code beside those of the scalar code: what tests and ``tests.benchmarks.draws`` compare."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine.compiled import luck
from sim.engine.compiled.jit import helper
from sim.engine.compiled.tables import shape_of
from sim.engine.random_streams import quantiles
from sim.model.durations import HOUR, Duration

SHAPES: tuple[Any, ...] = (
    "5 working days",
    {"exponential": "11 days"},
    {"exponential": "40 seconds"},
    {"between": ["1 hour", "90 days"]},
    {"median": "20 days", "p90": "60 days"},
    {"lognormal": {"mean": "4 hours", "cv": 2.5}},
    {"lognormal": {"mean": "3 working hours", "cv": 0.1}},
    {"triangular": ["1 hour", "3 hours", "20 days"]},
    {"triangular": ["1 hour", "1 hour", "2 hours"]},
    {"empirical": ["1 hour", "2 hours", "7 days"]},
    {"gamma": {"mean": "30 days", "cv": 1.6}},
    {"gamma": {"mean": "30 days", "cv": 0.4}},
    {"times": 0.37, "of": {"median": "3 days", "p90": "100 days"}},
)


@helper
def many(shape, numbers, bits, values, twister, near, found, unsure):
    for at in range(bits.size):
        found[at], unsure[at] = luck.seconds(
            shape, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], bits[at], values, twister, near
        )


def check(written: Any, count: int, seed: int | tuple[int, ...]) -> int:
    """Compare so many draws of a duration; returns how many compiled code leaves to the scalar code. Raises
    `AssertionError` for one that differs."""
    duration = Duration.model_validate(written)
    shape, numbers, values = shape_of(duration, 7 * HOUR, 1.3)
    bits = np.random.default_rng(seed).integers(0, 1 << 53, count)
    found, unsure = np.empty(count, np.int64), np.empty(count, np.bool_)
    column = np.array(values or [0], np.int64)
    many(shape, np.array(numbers), bits, column, np.empty(625, np.uint64), luck.NEAR, found, unsure)
    expected = np.array(quantiles(duration, 7 * HOUR, 1.3)(((bits + 0.5) * 2.0**-53).tolist()))
    assert np.array_equal(found[~unsure], expected[~unsure])
    return int(unsure.sum())
