"""Tables and files: what they hold, and that they come back as they went."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas
import pytest

import sim
from sim.errors import UsageError
from sim.record import tables
from sim.record.run import hash_of
from tests.record.logs import HOUR, log_of


@pytest.fixture(scope="module")
def run():
    return sim.run("queue-feedback", years=0.02, seed=1)


def test_tables_agree_with_the_log(run) -> None:
    table, requests, offices = run.table(), run.requests(), run.offices()
    assert len(table) == len(run.log.request) and len(requests) == len(run.log.request_kind)
    assert (table["ended"] >= table["started"]).all() and (table["started"] >= table["enabled"]).all()
    elapsed = (requests.left - requests.arrived).dt.total_seconds() / 86400
    attributed = requests[[c for c in requests if c.startswith("days ")]].sum(axis=1)
    finished = requests.left.notna()
    assert ((elapsed - attributed)[finished].abs() < 1e-9).all() and finished.sum() > 20
    assert set(offices.office) == set(run.scenario.world.offices)
    assert str(table["enabled"].dt.tz) == "UTC"


def test_files_come_back(run, tmp_path: Path) -> None:
    written = run.to_csv(tmp_path / "csv") + run.to_parquet(tmp_path / "parquet")
    assert sorted(p.name for p in written) == sorted(
        f"{n}.{f}" for n in ("activities", "offices", "requests") for f in ("csv", "parquet")
    )
    back = pandas.read_csv(tmp_path / "csv" / "requests.csv", keep_default_na=False)
    assert list(back["request"]) == list(run.requests()["request"])
    parquet = pandas.read_parquet(tmp_path / "parquet" / "activities.parquet")
    pandas.testing.assert_frame_equal(parquet, run.table(), check_dtype=False, check_categorical=False)


def test_without_pyarrow_it_says_what_to_install(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r'pip install "\.\[parquet\]"'):
        run.to_parquet(tmp_path)


def test_a_folder_that_cannot_be_written(run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be written"):
        run.to_csv(tmp_path / "file")


def test_open_requests_and_unnamed_priorities() -> None:
    log = log_of([(0, "desk", 0, 0, HOUR)], [(0, -1, "")])
    log.priorities = ()
    table = tables.requests(log)
    assert table.left.isna().all() and table.outcome[0] == "" and table.priority[0] == ""


def test_a_run_speaks_for_itself(run) -> None:
    assert "seed 1" in str(run) and "<table>" in run._repr_html_()
    assert len(repr(run)) < 200 and "'queue-feedback', seed=1, replication=0" in repr(run)
    assert repr(run.kpis()) == str(run.kpis())
    assert run.kpis(durations_of="arrived")["answered a year"] <= run.kpis()["answered a year"]
    assert run.sha256 == hash_of(run.log) and len(run.sha256) == 64
    with pytest.raises(UsageError, match="only a world can be run"):
        sim.run("silent-harbour")
    with pytest.raises(UsageError, match="years"):
        sim.run("queue-mm1", years=0)
