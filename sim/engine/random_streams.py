"""Chance by name: a draw is a pure function of seed, replication, stream, entity and attempt.

Streams are named by the author's ids, so nothing that is added elsewhere moves a draw. The bits come from
SHAKE-128 over the name (FIPS 202), read as little-endian 64-bit words: the same on every machine and with every
version of every library. Background requests are numbered within their flow, and their draws are produced in
blocks; a block is itself a pure function of its name, so it can be forgotten and made again.
"""

from __future__ import annotations

import math
import random
import struct
from collections.abc import Callable, Iterator, Sequence
from hashlib import shake_128
from itertools import count
from statistics import NormalDist
from typing import Generic, TypeVar

try:  # the same function without a method's cost
    from statistics import _normal_dist_inv_cdf  # type: ignore[attr-defined]  # private to Python

    normal_quantile: Callable[[float, float, float], float] = _normal_dist_inv_cdf
except ImportError:  # pragma: no cover - should Python drop it

    def normal_quantile(u: float, mu: float, sigma: float) -> float:
        """The value below which a normal variate lies with probability ``u`` (Wichura 1988, AS 241)."""
        return mu + sigma * NormalDist().inv_cdf(u)


from sim.model.durations import HOUR, Duration

BLOCK = 64
_KEPT_BLOCKS = 128  # reaches back 8,192 requests
_WORD, _WORDS = struct.Struct("<Q"), struct.Struct(f"<{BLOCK}Q")
_SCALE = 2.0**-53
_Z90 = 1.2815515655446004  # the 90 % point of the standard normal distribution


def _name(*parts: object) -> bytes:
    return "\x1f".join(map(str, parts)).encode()


def uniform(seed: int, replication: int, stream: str, entity: str, attempt: int = 0) -> float:
    """One number in (0, 1) for a named entity."""
    bits = shake_128(_name(seed, replication, stream, entity, attempt)).digest(8)
    return ((int.from_bytes(bits, "little") >> 11) + 0.5) * _SCALE


def _uniforms(bits: bytes) -> list[float]:
    """Numbers in (0, 1) from the upper 53 bits of each word."""
    return [((word >> 11) + 0.5) * _SCALE for word in _WORDS.unpack(bits)]


Quantiles = Callable[[Sequence[float]], list[int]]
"""Uniform numbers to whole seconds."""


def quantiles(duration: Duration, working_day: float = 8 * HOUR, factor: float = 1.0) -> Quantiles:
    """How a duration's seconds follow from uniform numbers, by inversion (gamma: Marsaglia and Tsang 2000).

    ``working_day`` is the length of a working day in seconds, ``factor`` scales every value.
    """
    spans = [seconds * factor for seconds in duration.seconds(working_day)]
    shape = duration.shape
    log, exp, sqrt = math.log, math.exp, math.sqrt
    if shape == "fixed":
        value = round(spans[0])
        return lambda us: [value] * len(us)
    if shape == "exponential":
        mean = spans[0]
        return lambda us: [int(0.5 - mean * log(1.0 - u)) for u in us]
    if shape == "uniform":
        low, width = spans[0], spans[1] - spans[0]
        return lambda us: [int(0.5 + low + width * u) for u in us]
    if shape == "lognormal":
        if duration.number:  # mean and coefficient of variation
            sigma = sqrt(log(1 + duration.number**2))
            mu = log(spans[0]) - sigma**2 / 2
        else:  # median and 90th percentile
            mu, sigma = log(spans[0]), log(spans[1] / spans[0]) / _Z90
        if sigma == 0:
            value = round(spans[0])
            return lambda us: [value] * len(us)
        return lambda us: [int(0.5 + exp(normal_quantile(u, mu, sigma))) for u in us]
    if shape == "triangular":
        low, mode, high = spans
        if high == low:
            return lambda us: [round(low)] * len(us)
        turn = (mode - low) / (high - low)
        rising, falling = (high - low) * (mode - low), (high - low) * (high - mode)
        return lambda us: [
            int(0.5 + (low + sqrt(u * rising) if u < turn else high - sqrt((1 - u) * falling))) for u in us
        ]
    if shape == "empirical":
        values = [round(value) for value in spans]
        return lambda us: [values[int(u * len(values))] for u in us]
    mean, cv = spans[0], duration.number
    return lambda us: [int(0.5 + mean * cv * cv * _standard_gamma(1 / (cv * cv), u)) for u in us]


def _standard_gamma(shape: float, u: float) -> float:
    """A gamma variate of scale 1 whose further random numbers come from ``u``'s bits (Marsaglia and Tsang 2000).

    Only ``Random.random`` is used, whose sequence Python promises to keep.
    """
    more = random.Random(int(u * 2**53)).random
    boost = 1.0
    if shape < 1:
        boost = (1.0 - more()) ** (1 / shape)
        shape += 1
    d = shape - 1 / 3
    c = 1 / math.sqrt(9 * d)
    while True:
        x = normal_quantile(min(max(more(), 1e-16), 1 - 1e-16), 0.0, 1.0)
        v = (1 + c * x) ** 3
        if v > 0 and math.log(1.0 - more()) < 0.5 * x * x + d - d * v + d * math.log(v):
            return d * v * boost


Value = TypeVar("Value")


class Draws(Generic[Value]):
    """Values of one stream for the numbered entities of one source, made in blocks.

    ``first[number >> 6][number & 63]`` is the value at the first attempt; a KeyError means ``at`` must make it.
    Few entities come to a second attempt, so of later blocks only the bits are kept, and values made one by one.
    """

    __slots__ = ("_later", "_prefix", "first", "names", "transform")

    def __init__(
        self,
        seed: int,
        replication: int,
        stream: str,
        source: str,
        transform: Callable[[Sequence[float]], Sequence[Value]],
    ):
        self.names = (seed, replication, stream, source)
        self.transform = transform
        self.first: dict[int, Sequence[Value]] = {}
        self._later: dict[tuple[int, int], bytes] = {}
        self._prefix = _name(*self.names, "").decode()

    def at(self, number: int, attempt: int = 0) -> Value:
        """The value for entity ``number`` at its ``attempt``."""
        block, place = number // BLOCK, number % BLOCK
        if attempt:
            bits = self._later.get((attempt, block))
            if bits is None:
                bits = self._later[attempt, block] = self._bits(attempt, block)
                if len(self._later) > _KEPT_BLOCKS:
                    del self._later[next(iter(self._later))]
            (word,) = _WORD.unpack_from(bits, 8 * place)
            return self.transform((((word >> 11) + 0.5) * _SCALE,))[0]
        values = self.first.get(block)
        if values is None:
            values = self.first[block] = self.transform(_uniforms(self._bits(0, block)))
            if len(self.first) > _KEPT_BLOCKS:
                del self.first[next(iter(self.first))]
        return values[place]

    def sequence(self, first: int = 0) -> Iterator[Value]:
        """The values of entities ``first``, ``first`` + 1 and so on at their first attempt."""
        place = first % BLOCK
        for block in count(first // BLOCK):
            yield from self.transform(_uniforms(self._bits(0, block)))[place:]
            place = 0

    def _bits(self, attempt: int, block: int) -> bytes:
        return shake_128(f"{self._prefix}{attempt}\x1fblock\x1f{block}".encode()).digest(8 * BLOCK)

    def named(self, entity: str, attempt: int = 0) -> Value:
        """The value for an entity that has a name instead of a number."""
        seed, replication, stream, source = self.names
        return self.transform([uniform(seed, replication, stream, f"{source}/{entity}", attempt)])[0]


def identity(values: Sequence[float]) -> Sequence[float]:
    """The transform of streams that are used as uniform numbers."""
    return values
