"""Chance by name: the same name always gives the same number, other names give others, and distributions are right."""

from __future__ import annotations

import math
from hashlib import shake_128
from typing import Any

import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from sim.engine import random_streams
from sim.engine.random_streams import BLOCK, Draws, identity, quantiles, uniform
from sim.model.durations import HOUR, Duration

names = st.text(st.characters(codec="utf-8", exclude_characters="\x1f"), max_size=12)


def draws(stream: str = "stream", source: str = "flow", seed: int = 1, transform: Any = identity) -> Draws:
    return Draws(seed, 0, stream, source, transform)


def duration(written: Any) -> Duration:
    return Duration.model_validate(written)


@given(st.integers(0, 2**63), st.integers(0, 10**6), names, names, st.integers(0, 20))
def test_a_draw_is_a_function_of_its_name(seed: int, replication: int, stream: str, entity: str, attempt: int) -> None:
    first = uniform(seed, replication, stream, entity, attempt)
    assert 0 < first < 1
    assert uniform(seed, replication, stream, entity, attempt) == first
    assert uniform(seed + 1, replication, stream, entity, attempt) != first
    assert uniform(seed, replication + 1, stream, entity, attempt) != first
    assert uniform(seed, replication, stream + "x", entity, attempt) != first
    assert uniform(seed, replication, stream, entity + "x", attempt) != first
    assert uniform(seed, replication, stream, entity, attempt + 1) != first


def test_the_bits_are_what_the_documentation_says() -> None:
    bits = shake_128(b"7\x1f2\x1fleak\x1fletter\x1f0").digest(8)
    assert uniform(7, 2, "leak", "letter") == ((int.from_bytes(bits, "little") >> 11) + 0.5) / 2**53


@given(st.tuples(names, names, st.integers(0, 99)), st.tuples(names, names, st.integers(0, 99)))
def test_no_two_names_share_bits(one: tuple[str, str, int], other: tuple[str, str, int]) -> None:
    if one != other:
        assert uniform(1, 0, *one) != uniform(1, 0, *other)


def test_neighbouring_names_do_not_run_together() -> None:
    assert uniform(1, 11, "a", "b") != uniform(11, 1, "a", "b")
    assert uniform(1, 0, "ab", "c") != uniform(1, 0, "a", "bc")
    numbered = {draws("a").at(n, attempt) for n in range(3 * BLOCK) for attempt in range(4)}
    numbered |= {draws("b").at(n, attempt) for n in range(3 * BLOCK) for attempt in range(4)}
    numbered |= {draws("a").named(str(n), attempt) for n in range(3 * BLOCK) for attempt in range(4)}
    assert len(numbered) == 3 * 3 * BLOCK * 4


def test_a_block_forgotten_is_made_again() -> None:
    stream, far = draws(), 1_000 * BLOCK
    early = [(stream.at(n), stream.at(n, 1), stream.at(n, 3)) for n in range(2 * BLOCK)]
    for number in range(0, far, BLOCK):
        stream.at(number)
        stream.at(number, 1)
    assert 0 not in stream.first  # forgotten
    assert len(stream.first) <= 200
    assert [(stream.at(n), stream.at(n, 1), stream.at(n, 3)) for n in range(2 * BLOCK)] == early


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 3)), min_size=1, max_size=30))
def test_the_order_of_asking_does_not_matter(asked: list[tuple[int, int]]) -> None:
    one, other = draws(), draws()
    forward = {key: one.at(*key) for key in asked}
    assert {key: other.at(*key) for key in reversed(asked)} == forward


def test_a_sequence_is_the_first_attempts_in_order() -> None:
    sequence = draws().sequence()
    assert [next(sequence) for _ in range(200)] == [draws().at(number) for number in range(200)]


def test_numbers_are_uniform_and_independent() -> None:
    stream = draws(seed=3)
    first = [stream.at(number) for number in range(20_000)]
    second = [stream.at(number, 1) for number in range(20_000)]
    other = [draws("another", seed=3).at(number) for number in range(20_000)]
    for numbers in (first, second, other):
        assert scipy.stats.kstest(numbers, "uniform").pvalue > 0.001
        assert abs(scipy.stats.pearsonr(numbers[1:], numbers[:-1]).statistic) < 0.03
    assert abs(scipy.stats.pearsonr(first, second).statistic) < 0.03
    assert abs(scipy.stats.pearsonr(first, other).statistic) < 0.03


LOGNORMAL = scipy.stats.lognorm
SHAPES: dict[str, tuple[Any, Any]] = {
    "exponential": ({"exponential": "2 hours"}, scipy.stats.expon(scale=2 * HOUR)),
    "uniform": ({"between": ["1 hour", "5 hours"]}, scipy.stats.uniform(HOUR, 4 * HOUR)),
    "triangular": (
        {"between": ["1 hour", "7 hours"], "usually": "2 hours"},
        scipy.stats.triang(1 / 6, loc=HOUR, scale=6 * HOUR),
    ),
    "lognormal": (
        {"lognormal": {"mean": "10 hours", "cv": 0.8}},
        LOGNORMAL(s=math.log(1.64) ** 0.5, scale=10 * HOUR / 1.64**0.5),
    ),
    "median and p90": (
        {"median": "20 hours", "p90": "60 hours"},
        LOGNORMAL(s=math.log(3) / scipy.stats.norm.ppf(0.9), scale=20 * HOUR),
    ),
    "gamma": ({"gamma": {"mean": "10 hours", "cv": 0.5}}, scipy.stats.gamma(4, scale=2.5 * HOUR)),
    "gamma below one": ({"gamma": {"mean": "10 hours", "cv": 1.6}}, scipy.stats.gamma(1 / 2.56, scale=25.6 * HOUR)),
    "scaled": ({"times": 0.5, "of": {"exponential": "4 hours"}}, scipy.stats.expon(scale=2 * HOUR)),
}


@pytest.mark.parametrize("name", SHAPES)
def test_distributions_are_those_of_the_textbook(name: str) -> None:
    written, exact = SHAPES[name]
    stream = draws(name, transform=quantiles(duration(written)))
    values = [stream.at(number) for number in range(20_000)]
    assert all(isinstance(value, int) and value >= 0 for value in values)
    # Whole seconds are as good as any real number here: the values are hours.
    assert scipy.stats.kstest(values, exact.cdf).pvalue > 0.001
    error = exact.std() / len(values) ** 0.5
    assert sum(values) / len(values) == pytest.approx(exact.mean(), abs=4 * error)


@pytest.mark.parametrize("name", [name for name in SHAPES if "gamma" not in name])
def test_quantiles_by_inversion(name: str) -> None:
    written, exact = SHAPES[name]
    points = [0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999]
    found = quantiles(duration(written))(points)
    for value, point in zip(found, points, strict=True):
        assert value == pytest.approx(exact.ppf(point), abs=0.51, rel=1e-4)


def test_shapes_without_chance() -> None:
    assert quantiles(duration("90 minutes"))([0.1, 0.9]) == [5400, 5400]
    assert quantiles(duration({"triangular": ["2 hours", "2 hours", "2 hours"]}))([0.1, 0.9]) == [7200, 7200]
    assert quantiles(duration({"empirical": ["1 hour", "3 hours", "2 hours"]}))([0.1, 0.5, 0.99]) == [3600, 10800, 7200]


def test_working_days_and_factors() -> None:
    assert quantiles(duration("3 working days"), 6 * HOUR)([0.5]) == [18 * HOUR]
    assert quantiles(duration("3 working days"), 6 * HOUR, 2.0)([0.5]) == [36 * HOUR]
    once = quantiles(duration({"gamma": {"mean": "10 hours", "cv": 0.5}}))([0.3])
    twice = quantiles(duration({"gamma": {"mean": "10 hours", "cv": 0.5}}), factor=2.0)([0.3])
    assert twice[0] == pytest.approx(2 * once[0], abs=1)


def test_nearly_certain_durations() -> None:
    same = quantiles(duration({"median": "20 days", "p90": "20 days"}))([0.01, 0.99])
    assert same == [20 * 24 * HOUR] * 2


def test_the_normal_quantile_is_the_textbooks() -> None:
    exact = scipy.stats.norm(3, 2)
    for point in (1e-12, 0.01, 0.5, 0.975, 1 - 1e-12):
        assert random_streams.normal_quantile(point, 3.0, 2.0) == pytest.approx(exact.ppf(point), rel=1e-9)
