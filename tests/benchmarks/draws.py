"""Ten million draws of every shape, by compiled and by scalar code: ``python -m tests.benchmarks.draws``.

The suite compares a million of each, and fewer of gamma variates, of which the scalar code makes few a second. What
compiled code leaves to the scalar code, because two libraries could cut it differently, is counted.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.engine.compiled_draws import SHAPES, check

AT_A_TIME = 250_000
"""Draws that are in memory together."""


def main() -> int:
    """Compare and print. Returns 1 for the first shape of which a draw differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=10_000_000, help="of each shape")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for place, written in enumerate(SHAPES):
        begun, left = time.process_time(), 0
        for part, first in enumerate(range(0, options.draws, AT_A_TIME)):
            count = min(AT_A_TIME, options.draws - first)
            try:
                left += check(written, count, (options.seed, place, part))
            except AssertionError:
                print(f"{written}: between draw {first:,} and {first + count:,} one differs")
                return 1
        taken = time.process_time() - begun
        print(
            f"{written!s:60} {options.draws:>12,} the same, {left:>5} left to the scalar code {taken:7.1f} s",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
