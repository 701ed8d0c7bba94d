"""Speed and memory of experiments: ``python -m tests.benchmarks.policy``.

Requests a second on one core, the speed-up with processes and with Dask workers on this machine, and memory against
the number of replications. Results of all executors are compared first; a faster one that disagrees does not count.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from sim.engine.compile import compile_world
from sim.engine.simulation import simulate
from sim.model.loading import load
from sim.policy.experiments.executors import executor
from sim.policy.experiments.experiment import BASELINE, Experiment, Results, run_experiment

_MEMORY = """
import resource, sys, tempfile
from sim.policy.experiments.experiment import Experiment, run_experiment
from sim.policy.experiments.store import ParquetStore
world, levers, years, replications = sys.argv[1], sys.argv[2].split(","), float(sys.argv[3]), int(sys.argv[4])
experiment = Experiment.of(world, levers, years=years)
with tempfile.TemporaryDirectory() as folder:
    results = run_experiment(experiment, replications, store=ParquetStore(folder + "/kept", experiment))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak // (1 if sys.platform != "darwin" else 1024), sum(len(one.figures) for one in results.observations))
"""


def main() -> int:
    """Measure and print. Returns 1 if executors disagree."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--world", default="meridian")
    parser.add_argument("--levers", default="e-transmission,translation-pool", help="with commas between them")
    parser.add_argument("--years", type=float, default=1.0)
    parser.add_argument("--replications", type=int, default=20, help="200 for the figure of the README")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--memory", default="10,40,160", help="replications for the memory table; empty for none")
    parser.add_argument("--memory-years", type=float, default=0.1, help="years of a run in the memory table")
    options = parser.parse_args()
    experiment = Experiment.of(options.world, options.levers.split(","), years=options.years)
    runs = options.replications * len(experiment.names)
    python = f"{platform.python_implementation()} {platform.python_version()}"
    print(f"{python} on {platform.machine()}, {os.cpu_count()} cores; {options.world}, {options.years:g} years a run")
    requests_per_second(experiment)
    print(f"\n{options.replications} replications of {len(experiment.names)} alternatives, {runs} runs")
    hashes, alone = set(), 0.0
    for words, executor_of in (
        ("in this process", lambda: executor(1)),
        (f"{options.workers} processes", lambda: executor(options.workers)),
        (f"{options.workers} Dask workers", lambda: _dask(options.workers)),
    ):
        with executor_of() as workers:
            seconds, results = _timed(experiment, options.replications, workers)
        alone = alone or seconds
        hashes.add(results.sha256)
        print(f"  {words:20}{seconds:9.2f} s{seconds / runs:9.3f} s a run{alone / seconds:7.2f} times as fast")
    if options.memory:
        memory(options.world, options.levers, options.memory_years, [int(n) for n in options.memory.split(",")])
    if len(hashes) > 1:
        print("\nThe executors disagree; their speed means nothing.")
    return len(hashes) > 1


def requests_per_second(experiment: Experiment) -> None:
    """Simulated requests of one run, with its figures and without, by CPU time."""
    scenario = load(experiment.world.id)
    plan = compile_world(scenario)
    warm_up, end = experiment.seconds
    begun = time.process_time()
    log = simulate(scenario, until=end, seed=1, warm_up=warm_up, plan=plan)
    engine = time.process_time() - begun
    one = Experiment(experiment.world, (), experiment.years)
    run_experiment(one, 1)
    begun = time.process_time()
    run_experiment(one, {BASELINE: [1]})
    whole = time.process_time() - begun
    count = len(log.request_kind)
    print(f"{count:,} requests and {len(log.request):,} activities in a run, with its warm-up")
    print(f"  engine alone          {count / engine:9,.0f} requests a second of one core")
    print(f"  with figures and hash {count / whole:9,.0f} requests a second of one core")


def memory(world: str, levers: str, years: float, numbers: list[int]) -> None:
    """Largest memory of a process of its own that keeps its observations in a folder, by replications."""
    print(f"\nMemory, {years:g} years a run, kept in a folder while running")
    for number in numbers:
        command = [sys.executable, "-c", _MEMORY, world, levers, str(years), str(number)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        peak, figures = (int(word) for word in done.stdout.split())
        print(f"  {number:6} replications{peak / 1024:9.1f} MB{figures:12,} figures")


def _timed(experiment: Experiment, replications: int, workers: Executor | None) -> tuple[float, Results]:
    # Every worker loads the library and compiles the worlds once; that is not what is measured.
    run_experiment(
        experiment, {name: [10**6 + number for number in range(4)] for name in experiment.names}, executor=workers
    )
    begun = time.perf_counter()
    results = run_experiment(experiment, replications, executor=workers)
    return time.perf_counter() - begun, results


@contextmanager
def _dask(workers: int) -> Iterator[Executor | None]:
    from distributed import LocalCluster

    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
        executor(cluster=cluster.scheduler_address) as found,
    ):
        yield found


if __name__ == "__main__":
    sys.exit(main())
