"""Memory, how speed holds for long runs, and how long loading takes; each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MEMORY_LIMIT = 300
"""Megabytes for 100,000 requests with the whole event table."""
LOAD_LIMIT = 0.5
"""Seconds to load a case with the library it refers to, the package being imported."""

_RUN = """
import json, sys, time
from sim.engine.simulation import simulate
from sim.model.loading import load
world = load(sys.argv[1])
begun = time.process_time()
log = simulate(world, arrivals=int(sys.argv[2]), seed=1)
seconds = time.process_time() - begun
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([seconds, peak / 1024, len(log.request)]))
"""

_LOAD = """
import json, sys, time
begun = time.perf_counter()
import sim
load = sim.load
imported = time.perf_counter()
load(sys.argv[1])
print(json.dumps([imported - begun, time.perf_counter() - imported]))
"""


def show(*, million: bool = False) -> None:
    """Print all three."""
    print("\nLong runs of ours: requests per CPU second, and the most memory the process took")
    world = str(Path(__file__).parent / "worlds" / "tandem.yaml")
    for requests in (20_000, 100_000, *((1_000_000,) if million else ())):
        seconds, megabytes, rows = _python(_RUN, world, str(requests))
        limit = f"  (limit {MEMORY_LIMIT} MB)" if requests == 100_000 else ""
        print(f"  {requests:10,}{requests / seconds:10,.0f}{megabytes:9.0f} MB{limit}  {rows:,} rows")
    print("\nFrom a fresh process: seconds to import, seconds to load with all it refers to")
    for name in ("queue-mm1", "meridian", "silent-harbour"):
        imported, loaded = _python(_LOAD, name)
        print(f"  {name:20}{imported:8.2f}{loaded:8.2f}  (limit {LOAD_LIMIT} s)")


def _python(program: str, *arguments: str) -> list[float]:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)
