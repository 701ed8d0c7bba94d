"""Speed of the compiled engine: ``python -m tests.benchmarks.compiled``.

First both engines have to make the same event tables: all shipped worlds with many seeds, and all levers in all
worlds (``--quick`` for a few of each; ``pytest -m slow tests/engine`` makes random worlds). Then all is measured
side by side: the way from a plan to an event table against idiomatic SimPy and our engine on SimPy; the whole
way of a replication (draws, run, figures, hash, packing) against the same way with SimPy, counting row by row; memory;
and how long compiling takes.
"""

from __future__ import annotations

import argparse
import gc
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from sim.engine.compile import compile_world
from sim.engine.compiled.run import run as run_compiled
from sim.engine.log import EventLog
from sim.engine.plan import Plan
from sim.engine.simulation import simulate
from sim.errors import UsageError
from sim.model.durations import YEAR
from sim.model.loading import available, load
from sim.policy.experiments.alternatives import Alternative
from sim.record import measures, run
from sim.record.measures import figures_of
from sim.record.run import hash_of
from tests.benchmarks.event_table import as_table
from tests.benchmarks.idiomatic import Model
from tests.benchmarks.workload import scenario, workload

WORLDS = ("archipelago", "caravan", "corridor", "meridian", "windward")


def main() -> int:
    """Agree, measure, print. Returns 1 if the engines disagree."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="agree on a few runs only")
    parser.add_argument("--repeats", type=int, default=7, help="interleaved runs of each")
    parser.add_argument("--requests", type=int, default=20_000, help="requests of a run of the tandem")
    options = parser.parse_args()
    runs = agree(quick=options.quick)
    if runs is None:
        return 1
    print(f"Agreement: {runs} runs with the same event table, column by column\n")
    for name in ("tandem", "tandem-office-hours"):
        to_event_table(name, options.requests, options.repeats)
    for name in ("meridian", "windward"):
        whole_way(name, options.repeats)
    memory()
    compiling()
    return 0


def agree(*, quick: bool) -> int | None:
    """How many runs both engines made alike; None as soon as one is not."""
    from tests.engine.compiled_runs import by_compiled, by_simpy, different

    count = 0
    for name in WORLDS:
        world = load(name)
        plans: list[tuple[str, Plan, int]] = [("", compile_world(world), seed) for seed in range(2 if quick else 20)]
        for lever in available("lever")[: 3 if quick else None]:
            try:
                plans.append((lever, compile_world(Alternative.of(lever).applied(world)), 1))
            except UsageError:
                continue  # it finds nothing to change here
        for lever, plan, seed in plans:
            found, reference = by_compiled(plan, YEAR // 2, seed, 0), by_simpy(plan, YEAR // 2, seed, 0)
            if different(found, reference):
                print(f"{name} {lever} seed {seed}: the engines disagree; their speed means nothing.")
                return None
            count += 1
    return count


def seconds(work: Callable[[], Any]) -> float:
    """CPU seconds of some work."""
    gc.collect()
    begun = time.process_time()
    work()
    return time.process_time() - begun


def side_by_side(title: str, works: dict[str, Callable[[int], Any]], repeats: int) -> None:
    """Interleaved, and each as a multiple of the speed of the first and of the second."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work(repeats)  # caches of a plan, and the memory of the first run
    for seed in range(repeats):
        for name, work in works.items():
            taken[name].append(seconds(lambda work=work, seed=seed: work(seed)))
    print(f"{title}: CPU seconds, and speed as a multiple of each of the others (range over the runs)")
    for name, mine in taken.items():
        said = ""
        for other, theirs in taken.items():
            if other != name:
                ratios = sorted(b / a for a, b in zip(mine, theirs, strict=True))
                said += f"   {median(ratios):5.1f} x {other} ({ratios[0]:.1f} to {ratios[-1]:.1f})"
        print(f"  {name:28}{median(mine):8.3f}{said}")
    print()


def to_event_table(name: str, requests: int, repeats: int) -> None:
    """From the workload to an event table as a DataFrame."""
    world = scenario(name)
    load, plan = workload(world), compile_world(world)
    side_by_side(
        f"{name}, {requests:,} requests to an event table",
        {
            "idiomatic SimPy": lambda seed: Model(load, requests, seed).run(),
            "our engine on SimPy": lambda seed: as_table(simulate(world, arrivals=requests, seed=seed, plan=plan)),
            "compiled": lambda seed: as_table(compiled(plan, arrivals=requests, seed=seed)),
        },
        repeats,
    )


def compiled(plan: Plan, *, seed: int, until: int | None = None, arrivals: int | None = None) -> EventLog:
    """A run by the compiled engine."""
    return run_compiled(plan, until=until, arrivals=arrivals, seed=seed, replication=0, warm_up=_warm_up(plan, until))


def _warm_up(plan: Plan, until: int | None) -> int:
    given = plan.scenario.world.warm_up
    return round(given.seconds()[0]) if given is not None and until is not None else 0


def whole_way(name: str, repeats: int) -> None:
    """What a replication of an experiment does, two years after the warm-up."""
    world = load(name)
    plan = compile_world(world)
    until = _warm_up(plan, 1) + 2 * YEAR

    def counted(log: EventLog, *, columns: bool) -> bytes:
        before = measures.in_columns
        for module in (measures, run):
            module.in_columns = before if columns else lambda log: False  # type: ignore[attr-defined]  # a switch
        try:
            return pickle.dumps((figures_of(log), hash_of(log)))
        finally:
            for module in (measures, run):
                module.in_columns = before  # type: ignore[attr-defined]  # back again

    def by_simpy(seed: int) -> bytes:
        return counted(simulate(world, until=until, seed=seed, plan=plan), columns=False)

    def by_compiled(seed: int) -> bytes:
        return counted(compiled(plan, until=until, seed=seed), columns=True)

    assert by_simpy(3) == by_compiled(3), "figures differ"
    side_by_side(
        f"{name}, {until / YEAR:.0f} years: draws, run, figures, hash, packing",
        {"SimPy, row by row": by_simpy, "compiled, in columns": by_compiled},
        repeats,
    )


_PEAK = """
import sys
import numpy
from sim.model.loading import load
from sim.engine.compile import compile_world
from sim.engine.executor import simulate
from sim.record.measures import figures_of
from sim.record.run import hash_of
world = load("windward")
plan = compile_world(world)
if sys.argv[1] == "compiled":
    simulate(world, until=1, plan=plan, engine="compiled")
def peak():  # of this process alone, in kilobytes (Linux)
    return next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
before = peak()
log = simulate(world, until=5 * 365 * 86400, plan=plan, engine=sys.argv[1])
run = peak()
figures_of(log), hash_of(log)
print(before, run, peak())
"""


def memory() -> None:
    """Peak memory of a long run in a process of its own."""
    if not Path("/proc/self/status").exists():
        return
    print("windward, 5 years: peak memory in MB before the run, after it, with figures and hash")
    peaks = {}
    for engine in ("simpy", "compiled"):
        done = subprocess.run([sys.executable, "-c", _PEAK, engine], capture_output=True, text=True, check=True)
        peaks[engine] = [int(kilobytes) / 1024 for kilobytes in done.stdout.split()]
        print(f"  {engine:28}" + "".join(f"{peak:8.0f}" for peak in peaks[engine]))
    print(f"  {'compiled / simpy':28}{'':8}" + "".join(f"{c / s:8.2f}" for c, s in zip(*_last_two(peaks), strict=True)))


def _last_two(peaks: dict[str, list[float]]) -> tuple[list[float], list[float]]:
    return peaks["compiled"][1:], peaks["simpy"][1:]


def compiling() -> None:
    """How long the first time takes, and how long every later one."""
    with tempfile.TemporaryDirectory() as folder:
        for words in ("compiled for the first time", "loaded afterwards"):
            code = "from sim.engine.compiled.warm import make; make(); import time; print(time.process_time())"
            environment = {**os.environ, "MLASIM_CACHE": folder}
            root = Path(__file__).parents[2]
            done = subprocess.run(
                [sys.executable, "-c", code], env=environment, cwd=root, capture_output=True, text=True, check=True
            )
            print(f"{words}: {float(done.stdout):.1f} CPU seconds, imports included")


if __name__ == "__main__":
    sys.exit(main())
