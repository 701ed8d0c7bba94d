"""Compiled draws are the scalar ones: the same bits by name, and of every shape the same whole seconds."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("numba", reason="the compiled engine needs numba (extra policy)")

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.calendar import Calendar
from sim.engine.compile import compile_world
from sim.engine.compiled import calendars, luck
from sim.engine.compiled.jit import helper
from sim.engine.compiled.structs import in_one
from sim.engine.compiled.tables import shape_of, tables_of
from sim.engine.random_streams import _WORDS, BLOCK, Draws, identity, normal_quantile, quantiles
from sim.model.durations import HOUR, YEAR, Duration
from sim.model.loading import load
from tests.engine.compiled_draws import SHAPES, check, many

pytestmark = pytest.mark.xdist_group("compiled")


@helper
def words_of(words, have, stamps, name, head, names, ends, block, attempt, found):
    for place in range(found.size):
        found[place] = luck.word(words, have, stamps, name, head, names, ends, 0, block, attempt, place)


@helper
def quantile_of(u, found):
    for at in range(u.size):
        found[at] = luck.normal_quantile(u[at], 0.0, 1.0)


@helper
def on_calendars(tables, moments, calendar, moment, work):
    t = in_one(tables)
    return (
        calendars.add(t, moments, calendar, moment, work),
        calendars.open_seconds(t, moments, calendar, moment),
        calendars.next_open(t, moments, calendar, moment),
        calendars.closes(t, moments, calendar, moment),
    )


@pytest.mark.parametrize("written", SHAPES, ids=str)
def test_draws(written: Any) -> None:
    count = 10_000 if "gamma" in str(written) else 100_000  # one scalar gamma costs as much as ten others
    assert check(written, count, 1) < count / 1_000


@pytest.mark.slow
@pytest.mark.parametrize("written", SHAPES, ids=str)
def test_millions_of_draws(written: Any) -> None:
    count = 100_000 if "gamma" in str(written) else 1_000_000
    assert check(written, count, 2) < count / 1_000


def test_extreme_draws() -> None:
    """The first and the last numbers there are."""
    bits = np.array([0, 1, 2, 1 << 52, (1 << 53) - 3, (1 << 53) - 2], np.int64)
    for written in SHAPES:
        duration = Duration.model_validate(written)
        shape, numbers, values = shape_of(duration, 8 * HOUR, 1.0)
        found, unsure = np.empty(len(bits), np.int64), np.empty(len(bits), np.bool_)
        column = np.array(values or [0], np.int64)
        many(shape, np.array(numbers), bits, column, np.empty(625, np.uint64), luck.NEAR, found, unsure)
        for at, u in enumerate(((bits + 0.5) * 2.0**-53).tolist()):
            assert unsure[at] or found[at] == quantiles(duration)([u])[0], (written, u)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.integers(0, 10**12),
    st.integers(0, 10**6),
    st.text(st.characters(codec="utf-8", exclude_characters="\x1f"), max_size=400),
    st.integers(0, 300),
    st.integers(0, 10**6),
)
def test_bits_are_those_of_the_name(seed: int, replication: int, name: str, attempt: int, block: int) -> None:
    """Names of every length, also those that end where a piece of the sponge does."""
    head, body = f"{seed}\x1f{replication}\x1f".encode(), f"{name}\x1fflow\x1f".encode()
    sheet = np.zeros(len(head) + len(body) + 64, np.uint8)
    sheet[: len(head)] = list(head)
    found = np.empty(BLOCK, np.int64)
    words = np.empty((1, luck.WIDTH), np.uint64)
    names, ends = np.array(list(body), np.uint8), np.array([0, len(body)])
    words_of(words, np.zeros(1, int), np.zeros(1, int), sheet, len(head), names, ends, block, attempt, found)
    bits = Draws(seed, replication, name, "flow", identity)._bits(attempt, block)
    assert found.tolist() == [word >> 11 for word in _WORDS.unpack(bits)]


@pytest.mark.parametrize("length", range(100, 180))
def test_names_as_long_as_the_sponge_is_wide(length: int) -> None:
    test_bits_are_those_of_the_name.hypothesis.inner_test(1, 2, "x" * length, 0, 7)


def test_normal_quantiles() -> None:
    """Python's own, which is in C where there is one."""
    u = np.concatenate(
        [np.random.default_rng(3).random(100_000), 10.0 ** -np.arange(1, 17), 1 - 10.0 ** -np.arange(1, 16)]
    )
    found = np.empty(len(u))
    quantile_of(u, found)
    expected = np.array([normal_quantile(one, 0.0, 1.0) for one in u.tolist()])
    assert np.allclose(found, expected, rtol=1e-14, atol=1e-15)


@pytest.mark.slow
def test_calendars() -> None:
    """At openings and closings, beside them, and anywhere, with work of none, of seconds and of months."""
    plan = compile_world(load("meridian"))
    tables = tables_of(plan, 2 * YEAR)
    random = np.random.default_rng(4)
    moments = np.zeros(32, np.int64)
    for index, calendar in enumerate(plan.calendars):
        assert isinstance(calendar, Calendar)
        some = [*calendar.starts[:40], *calendar.ends[:40], *random.integers(0, YEAR, 100).tolist()]
        for moment in (max(0, one + off) for one in some for off in (-1, 0, 1)):
            for work in (0, 1, int(random.integers(1, 10**5)), int(random.integers(1, 10**6))):
                expected = (
                    calendar.add(moment, work),
                    calendar.open_seconds(moment),
                    calendar.next_open(moment),
                    calendar.closes(moment),
                )
                assert on_calendars(tables, moments, index, moment, work) == expected
