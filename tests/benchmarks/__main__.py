"""Speed of the engine beside other programs for the same workload: ``python -m tests.benchmarks``.

First every engine has to agree with the others; a faster one that disagrees does not count. Then runs are
interleaved, CPU time is taken, and medians are compared. Ratios are what counts: they are measured side by side on
the machine at hand, while requests per second depend on it.
"""

from __future__ import annotations

import argparse
import math
import platform
import sys
from dataclasses import astuple
from statistics import fmean, median, stdev

from tests.benchmarks import footprint
from tests.benchmarks.counts import events_and_calls
from tests.benchmarks.engines import Engine, engines
from tests.benchmarks.workload import PUBLISHED, Figures

SPREAD = (1.7, 2.2, 1.7, 0.035)
"""Standard deviation of the published figures from run to run."""
ALLOWED = 4.0
"""Standard errors by which a mean may be off."""
SLOW = 2_000
"""Requests for Ciw and salabim, which would take minutes otherwise."""


def main() -> int:
    """Check, measure, print. Returns 1 if engines disagree."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=20_000, help="requests in a run")
    parser.add_argument("--repeats", type=int, default=7, help="interleaved runs of each engine")
    parser.add_argument("--million", action="store_true", help="also run 1,000,000 requests")
    parser.add_argument("--only-ours", action="store_true", help="leave Ciw and salabim out")
    options = parser.parse_args()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    print(f"{python} on {platform.machine()}; CPU time, medians of {options.repeats} interleaved runs\n")
    tandem, office_hours = engines(), engines("tandem-office-hours")
    fast, slow = [tandem["ours"], tandem["idiomatic"]], [] if options.only_ours else [tandem["ciw"], tandem["salabim"]]
    agreed = agree_with_published(fast, options.repeats) & agree_with_each_other(list(office_hours.values()), 20_000)
    agreed &= agree_with_each_other([*fast, *slow], SLOW)
    if not agreed:
        print("\nThe engines disagree; their speed means nothing.")
        return 1
    compare(f"Tandem, {options.requests:,} requests", fast, options.requests, options.repeats)
    compare(
        f"Tandem in office hours, {options.requests:,} requests",
        list(office_hours.values()),
        options.requests,
        options.repeats,
    )
    print("\nTandem: kernel events and Python calls for each request")
    for engine in fast:
        print("  {:20}{:10.1f}{:9.0f}".format(engine.name, *events_and_calls(engine.run)))
    if slow:
        title = f"Tandem, {SLOW:,} requests (fewer, because two of them are slow)"
        compare(title, [*fast, *slow], SLOW, max(3, options.repeats // 2))
    footprint.show(million=options.million)
    return 0


def agree_with_published(group: list[Engine], repeats: int) -> bool:
    """Whether each engine's mean over some runs is within reach of the published figures."""
    print("Agreement on 20,000 requests: hours from start to end, urgent, routine; visits")
    print(f"  {'published':20}" + "".join(f"{value:10.2f}" for value in PUBLISHED.values()))
    agreed = True
    for engine in group:
        runs = [astuple(engine.figures(engine.run(20_000, seed))) for seed in range(repeats)]
        means = [fmean(values) for values in zip(*runs, strict=True)]
        reach = [ALLOWED * spread * math.sqrt(1 / repeats + 1 / 30) for spread in SPREAD]
        off = [abs(a - b) > r for a, b, r in zip(means, PUBLISHED.values(), reach, strict=True)]
        agreed &= _line(engine, means, off)
    return agreed


def agree_with_each_other(group: list[Engine], requests: int) -> bool:
    """Whether each engine's mean over some runs is within reach of the first one's."""
    print(f"Agreement on {requests:,} requests" + (", in office hours" if requests > SLOW else ""))
    agreed = True
    reference: list[tuple[float, float]] = []
    for engine in group:
        count = 5 if reference else 15
        runs: list[Figures] = [engine.figures(engine.run(requests, seed)) for seed in range(count)]
        columns = list(zip(*map(astuple, runs), strict=True))
        means = [fmean(values) for values in columns]
        if not reference:
            reference = [(fmean(values), stdev(values)) for values in columns]
        reach = [ALLOWED * spread * math.sqrt(1 / count + 1 / 15) for _, spread in reference]
        off = [abs(m - known) > r for m, (known, _), r in zip(means, reference, reach, strict=True)]
        agreed &= _line(engine, means, off)
    return agreed


def _line(engine: Engine, means: list[float], off: list[bool]) -> bool:
    print(f"  {engine.name:20}" + "".join(f"{m:10.2f}" for m in means) + ("   DISAGREES" if any(off) else ""))
    return not any(off)


def compare(title: str, group: list[Engine], requests: int, repeats: int) -> None:
    """Interleaved runs of each engine, and their speed as a multiple of the idiomatic program's."""
    seconds: dict[str, list[float]] = {engine.name: [] for engine in group}
    for seed in range(repeats):
        for engine in group:
            seconds[engine.name].append(engine.seconds(requests, seed))
    reference = seconds["SimPy, idiomatic"]
    print(f"\n{title}: requests per CPU second, multiple of idiomatic SimPy (range over the runs)")
    for name, values in seconds.items():
        ratios = sorted(b / a for a, b in zip(values, reference, strict=True))
        speed = requests / median(values)
        print(f"  {name:20}{speed:10,.0f}{median(ratios):9.2f}   ({ratios[0]:.2f} to {ratios[-1]:.2f})")


if __name__ == "__main__":
    sys.exit(main())
