"""Memory, how speed holds for long runs, how long starting and answers take; each in a process of its own.

``python -m tests.benchmarks.footprint`` measures starting and answers alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MEMORY_LIMIT = 300
"""Megabytes for 100,000 requests with the whole event table."""
IMPORT_LIMIT, LOAD_LIMIT = 0.15, 0.5
"""Seconds to import the package, and to import it and load a case with the library it refers to."""
REPEATS = 5
"""Fresh processes of which the quickest counts: the machine may be shared, and what is slower is not ours."""

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
imported = time.perf_counter()
sim.load(sys.argv[1])
print(json.dumps([imported - begun, time.perf_counter() - begun]))
"""

_ANSWERS = """
import json, statistics, time
import sim
from sim.model.loading import Library, shipped_folder
from sim.model.validation import KINDS
from sim.training.players import Scripted
def timed(what):
    begun = time.perf_counter()
    what()
    return time.perf_counter() - begun
def everything():
    library = Library((shipped_folder(),))
    assert all(library.get(kind, id_) for kind in KINDS for id_ in library.ids(kind))
world = sim.load("meridian")
home, *others = world.world.jurisdictions
laws = [
    timed(lambda: sim.explain(world, requesting=home, requested=other, measure=measure))
    for measure in world.library.ids("measure") for other in others
]
session, choices = sim.play("silent-harbour", seed=5), []
while session.question is not None:
    option = Scripted({}).decide(session)
    choices.append(timed(lambda: session.choose(option)))
print(json.dumps([min(timed(everything) for _ in range(3)), statistics.median(laws), statistics.median(choices)]))
"""


def show(*, million: bool = False) -> None:
    """Print all of it."""
    print("\nLong runs of ours: requests per CPU second, and the most memory the process took")
    world = str(Path(__file__).parent / "worlds" / "tandem.yaml")
    for requests in (20_000, 100_000, *((1_000_000,) if million else ())):
        seconds, megabytes, rows = _python(_RUN, world, str(requests))
        limit = f"  (limit {MEMORY_LIMIT} MB)" if requests == 100_000 else ""
        print(f"  {requests:10,}{requests / seconds:10,.0f}{megabytes:9.0f} MB{limit}  {rows:,} rows")
    show_starts()
    show_answers()


def show_starts() -> None:
    """Print how long importing the package and loading a scenario take."""
    print(f"\nFrom a fresh process, the best of {REPEATS}: seconds to import; to import and load with all it refers to")
    for name in ("queue-mm1", "meridian", "silent-harbour"):
        tried = [_python(_LOAD, name) for _ in range(REPEATS)]
        imported, loaded = (min(column) for column in zip(*tried, strict=True))
        print(f"  {name:20}{imported:8.2f}{loaded:8.2f}  (limits {IMPORT_LIMIT} and {LOAD_LIMIT} s)")


def show_answers() -> None:
    """Print how long a reader waits; as multiples of loading the library too, which do not hang on the machine."""
    library, law, choice = _python(_ANSWERS)
    print(
        "\nSeconds, and as a share of reading the whole library: an answer of the law desk, a decision until the next"
    )
    print(f"  {library:8.3f} the whole library, remembered")
    print(f"  {law:8.3f}{law / library:8.3f} the law between two States about a measure, at the median")
    print(f"  {choice:8.3f}{choice / library:8.3f} a decision in silent-harbour, at the median")


def _python(program: str, *arguments: str) -> list[float]:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [float(value) for value in json.loads(done.stdout)]


if __name__ == "__main__":
    show_starts()
    show_answers()
