"""Chance by name in compiled code: the words of `sim.engine.random_streams`, and seconds made of them.

Words are SHAKE-128 (FIPS 202) over a stream's name, an attempt and a block, as there. Seconds are the same integers:
a library's logarithm may differ from another's in the last digits, so where a value lies nearer to the edge between
two integers than any of them can be wrong, it is listed, and the scalar code decides.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled.jit import helper

SCALE = 2.0**-53
RATE = 21
"""Words that one permutation gives."""
STATE = 4 * RATE
"""Where a stream's sponge stands behind its words."""
WIDTH = STATE + 25
FIXED, EXPONENTIAL, UNIFORM, LOGNORMAL, TRIANGULAR, EMPIRICAL, GAMMA = range(7)

NEAR = 1e-12
"""Share of a value by which libraries can differ at most: some hundred times what they do."""
_NEAR_CHOICE = 1e-9
"""The same of the sides of a comparison."""

_ROUNDS = np.array(
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000, 0x000000000000808B,
        0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008A, 0x0000000000000088,
        0x0000000080008009, 0x000000008000000A, 0x000000008000808B, 0x800000000000008B, 0x8000000000008089,
        0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A,
        0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ],
    dtype=np.uint64,
)  # fmt: skip

B = np.arange(65, dtype=np.uint64)
"""Numbers of bits, which are no literals: for each of these a function would be compiled once more."""


@helper
def _turned(word, by):
    return (word << by) | (word >> (B[64] - by))


@helper
def permute(s):
    """Keccak-f[1600] on 25 words in place."""
    a0, a1, a2, a3, a4 = s[0], s[1], s[2], s[3], s[4]
    a5, a6, a7, a8, a9 = s[5], s[6], s[7], s[8], s[9]
    a10, a11, a12, a13, a14 = s[10], s[11], s[12], s[13], s[14]
    a15, a16, a17, a18, a19 = s[15], s[16], s[17], s[18], s[19]
    a20, a21, a22, a23, a24 = s[20], s[21], s[22], s[23], s[24]
    for place in range(24):
        c0 = a0 ^ a5 ^ a10 ^ a15 ^ a20
        c1 = a1 ^ a6 ^ a11 ^ a16 ^ a21
        c2 = a2 ^ a7 ^ a12 ^ a17 ^ a22
        c3 = a3 ^ a8 ^ a13 ^ a18 ^ a23
        c4 = a4 ^ a9 ^ a14 ^ a19 ^ a24
        d0, d1, d2 = c4 ^ _turned(c1, B[1]), c0 ^ _turned(c2, B[1]), c1 ^ _turned(c3, B[1])
        d3, d4 = c2 ^ _turned(c4, B[1]), c3 ^ _turned(c0, B[1])
        b0, b10, b20 = a0 ^ d0, _turned(a1 ^ d1, B[1]), _turned(a2 ^ d2, B[62])
        b5, b15 = _turned(a3 ^ d3, B[28]), _turned(a4 ^ d4, B[27])
        b16, b1, b11 = _turned(a5 ^ d0, B[36]), _turned(a6 ^ d1, B[44]), _turned(a7 ^ d2, B[6])
        b21, b6 = _turned(a8 ^ d3, B[55]), _turned(a9 ^ d4, B[20])
        b7, b17, b2 = _turned(a10 ^ d0, B[3]), _turned(a11 ^ d1, B[10]), _turned(a12 ^ d2, B[43])
        b12, b22 = _turned(a13 ^ d3, B[25]), _turned(a14 ^ d4, B[39])
        b23, b8, b18 = _turned(a15 ^ d0, B[41]), _turned(a16 ^ d1, B[45]), _turned(a17 ^ d2, B[15])
        b3, b13 = _turned(a18 ^ d3, B[21]), _turned(a19 ^ d4, B[8])
        b14, b24, b9 = _turned(a20 ^ d0, B[18]), _turned(a21 ^ d1, B[2]), _turned(a22 ^ d2, B[61])
        b19, b4 = _turned(a23 ^ d3, B[56]), _turned(a24 ^ d4, B[14])
        a0, a1, a2 = b0 ^ (~b1 & b2) ^ _ROUNDS[place], b1 ^ (~b2 & b3), b2 ^ (~b3 & b4)
        a3, a4 = b3 ^ (~b4 & b0), b4 ^ (~b0 & b1)
        a5, a6, a7, a8, a9 = b5 ^ (~b6 & b7), b6 ^ (~b7 & b8), b7 ^ (~b8 & b9), b8 ^ (~b9 & b5), b9 ^ (~b5 & b6)
        a10, a11, a12 = b10 ^ (~b11 & b12), b11 ^ (~b12 & b13), b12 ^ (~b13 & b14)
        a13, a14 = b13 ^ (~b14 & b10), b14 ^ (~b10 & b11)
        a15, a16, a17 = b15 ^ (~b16 & b17), b16 ^ (~b17 & b18), b17 ^ (~b18 & b19)
        a18, a19 = b18 ^ (~b19 & b15), b19 ^ (~b15 & b16)
        a20, a21, a22 = b20 ^ (~b21 & b22), b21 ^ (~b22 & b23), b22 ^ (~b23 & b24)
        a23, a24 = b23 ^ (~b24 & b20), b24 ^ (~b20 & b21)
    s[0], s[1], s[2], s[3], s[4] = a0, a1, a2, a3, a4
    s[5], s[6], s[7], s[8], s[9] = a5, a6, a7, a8, a9
    s[10], s[11], s[12], s[13], s[14] = a10, a11, a12, a13, a14
    s[15], s[16], s[17], s[18], s[19] = a15, a16, a17, a18, a19
    s[20], s[21], s[22], s[23], s[24] = a20, a21, a22, a23, a24


@helper
def _digits(name, length, number):
    """Write the decimal digits of a number behind a name; returns its new length."""
    power = np.int64(1)
    while number // power >= 10:
        power *= 10
    while power > 0:
        name[length] = 48 + number // power % 10
        length += 1
        power //= 10
    return length


@helper
def _absorb(s, name, length):
    """Begin a sponge with a name. Behind it comes the padding of SHAKE-128."""
    for at in range(25):
        s[at] = np.uint64(0)
    name[length] = 0x1F
    rest = 0
    for at in range(length + 1):
        s[rest >> 3] ^= np.uint64(name[at]) << np.uint64((rest & 7) << 3)
        rest += 1
        if at == length:
            s[RATE - 1] ^= np.uint64(0x8000000000000000)
        if rest == 8 * RATE or at == length:
            permute(s)
            rest = 0


@helper
def word(words, have, stamps, name, head, names, name_ends, stream, block, attempt, place):
    """The upper 53 bits of a stream's word for a place in a block of 64 entities, at an attempt. ``name`` is a sheet to
    write names on, which begin with ``head`` bytes that stand there already."""
    stamp = (block << 16) + attempt + 1
    row = words[stream]
    s = row[STATE:]
    if stamps[stream] != stamp:
        stamps[stream] = stamp
        have[stream] = 0
        length = head
        for at in range(name_ends[stream], name_ends[stream + 1]):
            name[length] = names[at]
            length += 1
        length = _digits(name, length, attempt)
        for byte in (31, 98, 108, 111, 99, 107, 31):  # the unit separator, "block" and once more
            name[length] = byte
            length += 1
        _absorb(s, name, _digits(name, length, block))
    while place >= have[stream]:
        if have[stream]:
            permute(s)
        for at in range(RATE):  # a slice's assignment would bring the words of its errors with it, and compile them
            row[have[stream] + at] = s[at]
        have[stream] += RATE
    return np.int64(row[place] >> np.uint64(11))


@helper
def uniform(bits):
    """A number in (0, 1) from 53 bits."""
    return (bits + 0.5) * SCALE


@helper
def normal_quantile(p, mu, sigma):
    """The value below which a normal variate lies with probability ``p`` (Wichura 1988, AS 241), as Python has it."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        num = (((((((2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r + 6.7265770927008700853e4) * r
            + 4.5921953931549871457e4) * r + 1.3731693765509461125e4) * r + 1.9715909503065514427e3) * r
            + 1.3314166789178437745e2) * r + 3.3871328727963666080e0) * q  # fmt: skip
        den = (((((((5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r + 3.9307895800092710610e4) * r
            + 2.1213794301586595867e4) * r + 5.3941960214247511077e3) * r + 6.8718700749205790830e2) * r
            + 4.2313330701600911252e1) * r + 1.0)  # fmt: skip
        return mu + num / den * sigma
    r = math.sqrt(-math.log(p if q <= 0.0 else 1.0 - p))
    if r <= 5.0:
        r = r - 1.6
        num = (((((((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r + 2.41780725177450611770e-1) * r
            + 1.27045825245236838258e0) * r + 3.64784832476320460504e0) * r + 5.76949722146069140550e0) * r
            + 4.63033784615654529590e0) * r + 1.42343711074968357734e0)  # fmt: skip
        den = (((((((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r + 1.51986665636164571966e-2) * r
            + 1.48103976427480074590e-1) * r + 6.89767334985100004550e-1) * r + 1.67638483018380384940e0) * r
            + 2.05319162663775882187e0) * r + 1.0)  # fmt: skip
    else:
        r = r - 5.0
        num = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 1.24266094738807843860e-3) * r
            + 2.65321895265761230930e-2) * r + 2.96560571828504891230e-1) * r + 1.78482653991729133580e0) * r
            + 5.46378491116411436990e0) * r + 6.65790464350110377720e0)  # fmt: skip
        den = (((((((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r + 1.84631831751005468180e-5) * r
            + 7.86869131145613259100e-4) * r + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1) * r
            + 5.99832206555887937690e-1) * r + 1.0)  # fmt: skip
    x = num / den
    return mu + (-x if q < 0.0 else x) * sigma


@helper
def edge(value, near):
    """Whether a value that is cut to an integer could be cut to another one, too."""
    return abs(value - round(value)) <= near * value + near


@helper
def seconds(shape, a, b, c, d, e, bits, values, twister, near):
    """(whole seconds of a duration, whether the scalar code has to decide), from 53 bits and `Tables.numbers`."""
    u = uniform(bits)
    if shape == LOGNORMAL:
        value = 0.5 + math.exp(normal_quantile(u, a, b))
    elif shape == EXPONENTIAL:
        value = 0.5 - a * math.log(1.0 - u)
    elif shape == UNIFORM:
        value = 0.5 + a + b * u
    elif shape == TRIANGULAR:
        value = 0.5 + (a + math.sqrt(u * d) if u < c else b - math.sqrt((1 - u) * e))
    elif shape == EMPIRICAL:
        return values[np.int64(a) + np.int64(u * b)], False
    elif shape == GAMMA:
        found, unsure = _standard_gamma(c, bits, twister)
        value = 0.5 + a * b * b * found
        if unsure:
            return np.int64(0), True
    else:
        return np.int64(a), False
    if not value < 4503599627370496.0:  # 2 ** 52: no time is so long, and the scalar code says so
        return np.int64(0), True
    return np.int64(value), edge(value, near)


@helper
def _standard_gamma(shape, bits, twister):
    """`random_streams._standard_gamma`, and whether a comparison in it was too close to call."""
    _seed(twister, np.uint64(bits + 0.5))
    boost, unsure = 1.0, False
    if shape < 1:
        boost = (1.0 - _random(twister)) ** (1 / shape)
        shape += 1
    d = shape - 1 / 3
    c = 1 / math.sqrt(9 * d)
    while True:
        x = normal_quantile(min(max(_random(twister), 1e-16), 1 - 1e-16), 0.0, 1.0)
        v = (1 + c * x) ** 3
        unsure = unsure or abs(1 + c * x) < _NEAR_CHOICE
        if v > 0:
            u = math.log(1.0 - _random(twister))
            other = 0.5 * x * x + d - d * v + d * math.log(v)
            unsure = unsure or abs(u - other) < _NEAR_CHOICE * (1 + d)
            if u < other:
                return d * v * boost, unsure


@helper
def _seed(mt, number):
    """The Mersenne twister (Matsumoto and Nishimura 1998) as Python seeds it with a whole number below 2 ** 64."""
    low = np.uint64(0xFFFFFFFF)
    mt[0] = np.uint64(19650218)
    for i in range(1, 624):
        before = mt[i - 1]
        mt[i] = (np.uint64(1812433253) * (before ^ (before >> np.uint64(30))) + np.uint64(i)) & low
    first, second = number & low, number >> np.uint64(32)
    length = 2 if second else 1
    i, j = 1, 0
    for _ in range(624):
        before = mt[i - 1]
        key = second if j else first
        mt[i] = ((mt[i] ^ ((before ^ (before >> np.uint64(30))) * np.uint64(1664525))) + key + np.uint64(j)) & low
        i, j = i + 1, (j + 1) % length
        if i >= 624:
            mt[0], i = mt[623], 1
    for _ in range(623):
        before = mt[i - 1]
        mt[i] = ((mt[i] ^ ((before ^ (before >> np.uint64(30))) * np.uint64(1566083941))) - np.uint64(i)) & low
        i += 1
        if i >= 624:
            mt[0], i = mt[623], 1
    mt[0] = np.uint64(0x80000000)
    mt[624] = np.uint64(0)


@helper
def _next32(mt):
    """The next 32 bits; each word of the twister is renewed when its turn comes."""
    i = np.int64(mt[624] % np.uint64(624))
    y = (mt[i] & np.uint64(0x80000000)) | (mt[(i + 1) % 624] & np.uint64(0x7FFFFFFF))
    made = mt[(i + 397) % 624] ^ (y >> np.uint64(1))
    if y & np.uint64(1):
        made ^= np.uint64(0x9908B0DF)
    mt[i] = made
    mt[624] += np.uint64(1)
    made ^= made >> np.uint64(11)
    made ^= (made << np.uint64(7)) & np.uint64(0x9D2C5680)
    made ^= (made << np.uint64(15)) & np.uint64(0xEFC60000)
    return made ^ (made >> np.uint64(18))


@helper
def _random(mt):
    """`random.Random.random`."""
    high = np.int64(_next32(mt) >> np.uint64(5))
    low = np.int64(_next32(mt) >> np.uint64(6))
    return (high * 67108864.0 + low) * (1.0 / 9007199254740992.0)
