"""Hashes of short runs, kept beside this file: ``python -m tests.engine.baseline`` writes them anew.

A changed hash means that the same scenario and seed no longer give the same run. Where that is meant, write them
anew and say so in the changelog.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.engine.simulation import simulate
from sim.model.loading import load
from sim.record.run import hash_of

FILE = Path(__file__).with_suffix(".json")
BENCHMARKS = Path(__file__).parents[1] / "benchmarks" / "worlds"
SHIPPED = Path(__file__).parents[2] / "scenarios" / "worlds"
RUNS = [(BENCHMARKS / "tandem.yaml", 1_000), (BENCHMARKS / "tandem-office-hours.yaml", 1_000)]
RUNS += [(path, 500) for path in sorted(SHIPPED.glob("queue-*.yaml"))]
FIRST = 6


def described(path: Path, arrivals: int) -> dict[str, Any]:
    """A run's hash, and enough of it to see what moved: a few rows and figures."""
    log = simulate(load(path), arrivals=arrivals, seed=1)
    first = zip(log.activity, log.enabled, log.started, log.ended, strict=True)
    return {
        "arrivals": arrivals,
        "rows": len(log.request),
        "seconds from start to end": sum(log.request_left) - sum(log.request_arrived),
        "seconds waiting": sum(log.started) - sum(log.enabled),
        "first rows": [
            f"{log.activities[a].name} {e} {s} {x}" for (a, e, s, x), _ in zip(first, range(FIRST), strict=False)
        ],
        "sha256": hash_of(log),
    }


def main() -> None:
    """Write the baseline anew."""
    found = {path.stem: described(path, arrivals) for path, arrivals in RUNS}
    FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
