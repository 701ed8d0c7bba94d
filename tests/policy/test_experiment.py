"""Experiments: nothing twice, the same by any executor, failures as rows, the command that repeats them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.errors import SimulationError, UsageError
from sim.model.measures import Key
from sim.policy.experiments import experiment as module
from sim.policy.experiments.executors import executor
from sim.policy.experiments.experiment import BASELINE, Experiment, Results, run_experiment
from tests.engine import small
from tests.policy.experiments import MEAN, STAFF, desk


def test_only_what_is_missing_is_made() -> None:
    seen: list[tuple[int, int]] = []
    results = run_experiment(desk(), 2, progress=lambda *p: seen.append(p))
    assert seen[-1] == (4, 4) and len(results) == 4
    seen.clear()
    more = run_experiment(
        desk(), {BASELINE: [0, 4], f"{STAFF}+1": [1]}, results=results, progress=lambda *p: seen.append(p)
    )
    assert seen == [(1, 1)] and more is results
    assert results.replications(BASELINE) == [0, 1, 4] and (BASELINE, 4) in results and (BASELINE, 3) not in results


def test_figures_come_back_as_they_were_observed() -> None:
    """Kept by column, in whatever order they arrive, with figures that some replications lack."""
    results = run_experiment(desk(), 3)
    observed = list(results.observations)
    backwards = Results(desk())
    for one in reversed(observed):
        backwards.add(one)
    assert list(backwards.observations) == observed and backwards.sha256 == results.sha256
    assert backwards.keys() == results.keys() and backwards.keys()[0] == MEAN
    assert backwards.values(BASELINE, MEAN) == {one.replication: one.figures[MEAN] for one in observed[:3]}
    rare = Key("mean days", "a to b")
    backwards.add(module.Observation(BASELINE, 7, {rare: 1.5}, "ab" * 32))
    assert backwards.values(BASELINE, rare) == {7: 1.5} and 7 not in backwards.values(BASELINE, MEAN)
    assert backwards.pairs(f"{STAFF}+1", rare) == [] and backwards.sha256 != results.sha256


def test_processes_agree_with_serial() -> None:
    serial = run_experiment(desk(), 3)
    with ProcessPoolExecutor(2) as pool:
        parallel = run_experiment(desk(), 3, executor=pool, in_flight=2)
    assert parallel.sha256 == serial.sha256
    assert list(parallel.observations) == list(serial.observations)


@pytest.mark.slow
def test_a_dask_cluster_agrees_with_serial() -> None:
    """A scheduler and two worker processes on this machine, reached by the scheduler's address."""
    distributed = pytest.importorskip("distributed")
    serial = run_experiment(desk(), 3)
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        executor(cluster=cluster.scheduler_address) as dask,
    ):
        spread = run_experiment(desk(), 3, executor=dask)
        words = ["compare", "queue-mm1", "--lever", f"{STAFF}+1", "--years", "0.02", "--replications", "3"]
        ran = CliRunner().invoke(app, [*words, "--cluster", cluster.scheduler_address])
    assert spread.sha256 == serial.sha256
    assert ran.exit_code == 0 and f"sha256: {serial.sha256}" in ran.output
    assert list(spread.observations) == list(serial.observations)


def test_a_cluster_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("sim.policy.experiments.executors.PATIENCE", "200 ms")
    with pytest.raises(UsageError, match="no Dask scheduler"), executor(cluster="tcp://127.0.0.1:1"):
        pass


def test_a_failure_is_a_row_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    real = module.simulate

    def fails_once(scenario, **options):
        if options["replication"] == 1:
            raise RuntimeError("on purpose")
        return real(scenario, **options)

    monkeypatch.setattr(module, "simulate", fails_once)
    results = run_experiment(desk(), 3)
    assert [(one.alternative, one.replication) for one in results.failures] == [(BASELINE, 1), (f"{STAFF}+1", 1)]
    assert results.failures[0].error == "RuntimeError: on purpose"
    assert len(results.pairs(f"{STAFF}+1", MEAN)) == 2 and (BASELINE, 1) in results


class Unlucky(Executor):
    """Loses every third job, as a cluster does with a worker; or dies."""

    def __init__(self, error: Exception) -> None:
        self.error, self.count = error, 0

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        self.count += 1
        future: Future = Future()
        if self.count % 3:
            future.set_result(fn(*args))
        else:
            future.set_exception(self.error)
        return future


def test_a_lost_job_is_a_row_but_a_broken_pool_is_an_end() -> None:
    from concurrent.futures.process import BrokenProcessPool

    results = run_experiment(desk(), 3, executor=Unlucky(RuntimeError("worker lost")))
    assert len(results.failures) == 2 and len(results) == 6
    with pytest.raises(SimulationError, match="fewer processes"):
        run_experiment(desk(), 3, executor=Unlucky(BrokenProcessPool("gone")))


def repeated(command: str) -> str:
    words = shlex.split(command)
    assert words[0] == "mlasim"
    ran = CliRunner().invoke(app, words[1:])
    assert ran.exit_code == 0, ran.output
    found = re.search(r"sha256: ([0-9a-f]{64})", ran.output)
    assert found is not None
    return found[1]


def worlds(tmp_path: Path) -> Iterator[Experiment]:
    yield desk([f"{STAFF}*2 + world/queue-mm1/demand/requests/every*0.7"], years=1 / 60, seed=4, warm_up=0.01)
    folder = tmp_path / "a folder with 'quotes'"
    folder.mkdir()
    world = small.world(
        folder,
        offices={"desk": small.office(1)},
        stages={"service": small.work("desk", "40 minutes")},
        demand={"requests": small.flow(every="1 hour")},
        working_capacity=0.9,
    )
    yield Experiment.of(world, ["world/small/working capacity=0.8"], years=0.01)


def test_the_command_repeats_a_replication(tmp_path: Path) -> None:
    for experiment in worlds(tmp_path):
        results = run_experiment(experiment, {name: [1] for name in experiment.names})
        for one in results.observations:
            assert repeated(experiment.command(one.alternative, 1)) == one.sha256


def test_identity_changes_with_whatever_decides_the_observations() -> None:
    changed = [
        desk(),
        desk(seed=2),
        desk(years=0.03),
        desk(warm_up=0.001),
        desk([f"{STAFF}+2"]),
        desk([f"{STAFF}+1", f"{STAFF}+2"]),
    ]
    assert len({experiment.identity for experiment in changed}) == len(changed)
    assert desk().identity == changed[0].identity


def test_refusals() -> None:
    with pytest.raises(UsageError, match="stands twice"):
        desk([f"{STAFF}+1", f"{STAFF}+1"])
    with pytest.raises(UsageError, match="years"):
        desk(years=0)
    with pytest.raises(UsageError, match="warm-up"):
        desk(warm_up=-1)
    with pytest.raises(UsageError, match="needs a world"):
        Experiment.of("silent-harbour")
