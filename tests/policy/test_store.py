"""Results that are kept while they arrive: go on where it stopped, torn parts, other experiments."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.errors import UsageError
from sim.model.measures import Key
from sim.policy.experiments import experiment as module
from sim.policy.experiments.experiment import BASELINE, Observation, Results, run_experiment
from sim.policy.experiments.store import ParquetStore
from tests.policy.experiments import STAFF, desk

pytest.importorskip("pyarrow")


@pytest.fixture(scope="module")
def whole() -> Results:
    """Five replications without an interruption, and nowhere to keep them."""
    return run_experiment(desk(), 5)


def kept(folder: Path, **options: float) -> ParquetStore:
    return ParquetStore(folder, desk(), **options)  # type: ignore[arg-type]


def test_what_is_kept_comes_back(tmp_path: Path, whole: Results) -> None:
    run_experiment(desk(), 5, store=kept(tmp_path / "kept", count=3))
    again = Results(desk())
    for observation in kept(tmp_path / "kept").read():
        again.add(observation)
    assert list(again.observations) == list(whole.observations) and again.sha256 == whole.sha256
    assert len(list((tmp_path / "kept" / "observations").iterdir())) == 4, "parts of three and a last one of one"


def test_one_long_table(tmp_path: Path) -> None:
    """Any reader of Parquet finds one tidy table, with a row for each hash, reason and command."""
    pandas = pytest.importorskip("pandas")
    store = kept(tmp_path / "kept")
    run_experiment(desk(), 2, store=store)
    store.add(Observation(BASELINE, 9, error="RuntimeError: on purpose"))
    store.flush()
    table = pandas.read_parquet(tmp_path / "kept" / "observations")
    assert list(table.columns) == ["alternative", "replication", "measure", "of", "value", "text"]
    means = table[table.measure == "mean days"]
    assert len(means) == 4 and means.value.notna().all()
    failed = table[table.replication == 9].set_index("measure").text
    assert failed["error"] == "RuntimeError: on purpose" and failed["command"] == desk().command(BASELINE, 9)


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_stopped_in_the_middle_it_goes_on_to_the_same_hash(
    tmp_path: Path, whole: Results, error: type[BaseException]
) -> None:
    def stop(done: int, total: int) -> None:
        if done == 4:
            raise error

    with pytest.raises(error):
        run_experiment(desk(), 5, store=kept(tmp_path / "kept"), progress=stop)
    assert len(list(kept(tmp_path / "kept").read())) == 4, "what is done is left"
    seen: list[tuple[int, int]] = []
    resumed = run_experiment(desk(), 5, store=kept(tmp_path / "kept"), progress=lambda *p: seen.append(p))
    assert seen[-1] == (6, 6) and resumed.sha256 == whole.sha256


@pytest.mark.parametrize("left", [0, 1, 100, -1])
def test_a_torn_part_is_set_aside_and_made_again(tmp_path: Path, whole: Results, left: int) -> None:
    run_experiment(desk(), 5, store=kept(tmp_path / "kept", count=4))
    part = sorted((tmp_path / "kept" / "observations").iterdir())[-1]
    part.write_bytes(part.read_bytes()[:left])
    store = kept(tmp_path / "kept")
    seen: list[tuple[int, int]] = []
    resumed = run_experiment(desk(), 5, store=store, progress=lambda *p: seen.append(p))
    assert [path.name for path in store.torn] == [f"{part.name}.torn"] and store.torn[0].exists()
    assert seen[-1] == (2, 2) and resumed.sha256 == whole.sha256
    assert len(list(kept(tmp_path / "kept").read())) == 10


def test_what_failed_is_tried_again(tmp_path: Path, whole: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(module, "simulate", lambda *_args, **_options: 1 / 0)
        failed = run_experiment(desk(), 5, store=kept(tmp_path / "kept"))
    assert len(failed.failures) == 10
    resumed = run_experiment(desk(), 5, store=kept(tmp_path / "kept"))
    assert not resumed.failures and resumed.sha256 == whole.sha256


def test_a_folder_of_another_experiment_is_refused(tmp_path: Path) -> None:
    ParquetStore(tmp_path / "kept", desk())
    for other, words in (
        (desk(seed=2), "seed 1 instead of 2"),
        (desk(years=0.03), r"years 0\.02 instead of 0\.03"),
        (desk([f"{STAFF}+2"]), "its alternatives are"),
        (desk(warm_up=0.01), "warm-up"),
    ):
        with pytest.raises(UsageError, match=f"another experiment.*{words}"):
            ParquetStore(tmp_path / "kept", other)
    path = tmp_path / "kept" / "experiment.json"
    described = json.loads(path.read_text())
    assert described["world"] == "queue-mm1" and described["versions"]["mlasim"]
    path.write_text(json.dumps({**described, "identity": "0", "versions": {"mlasim": "0.0.1"}}))
    with pytest.raises(UsageError, match=r"made with mlasim 0\.0\.1"):
        ParquetStore(tmp_path / "kept", desk())
    for text, words in (("{", "cannot be read"), ('{"format": 9}', "not of a format")):
        path.write_text(text)
        with pytest.raises(UsageError, match=words):
            ParquetStore(tmp_path / "kept", desk())


def test_other_things_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(UsageError, match="other things"):
        ParquetStore(tmp_path, desk())
    with pytest.raises(UsageError, match="cannot be written"):
        ParquetStore(tmp_path / "thesis.txt" / "inside", desk())


def test_memory_holds_numbers_and_not_dictionaries() -> None:
    """2,000 replications of 100 figures stay near eight bytes a figure."""
    import tracemalloc

    keys = [Key(f"figure {number}") for number in range(100)]

    def observations(count: int) -> Iterator[Observation]:
        for replication in range(count):
            yield Observation(BASELINE, replication, {key: replication + 0.5 for key in keys}, "ab" * 32)

    results = Results(desk())
    tracemalloc.start()
    for one in observations(2_000):
        results.add(one)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 2_000 * (100 * 8 * 1.25 + 400)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="an interrupt of a terminal is sent otherwise there")
def test_an_interrupt_leaves_what_is_done(tmp_path: Path) -> None:
    """Ctrl-C reaches the command and its worker processes; the folder goes on to the hash of an uninterrupted run."""
    words = ["compare", "queue-mm1", "--lever", f"{STAFF}+1", "--years", "0.1", "--processes", "2"]
    command = [sys.executable, "-m", "sim.cli", *words, "--out", str(tmp_path / "kept")]
    begun = subprocess.Popen(
        [*command, "--replications", "100000"], stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    parts = tmp_path / "kept" / "observations"
    until = time.monotonic() + 120
    while not list(parts.glob("part-*")) and time.monotonic() < until:
        time.sleep(0.1)
    os.killpg(begun.pid, signal.SIGINT)
    _, said = begun.communicate(timeout=120)
    assert begun.returncode == 130 and said.startswith("stopped; ") and said.count("\n") == 1
    experiment = desk(years=0.1)
    store = ParquetStore(tmp_path / "kept", experiment)
    done = {(one.alternative, one.replication) for one in store.read()}
    assert len(done) > 10
    most = 1 + max(replication for _, replication in done)
    resumed = run_experiment(experiment, min(most, 40), store=store)
    alone = run_experiment(experiment, {name: range(5) for name in experiment.names})
    assert [one for one in resumed.observations if one.replication < 5] == list(alone.observations)
