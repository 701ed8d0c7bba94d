"""The same scenario and seed give the same run as when the baseline was written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.engine.baseline import FILE, RUNS, described


@pytest.mark.parametrize(("path", "arrivals"), RUNS, ids=[path.stem for path, _ in RUNS])
def test_runs_are_what_they_were(path: Path, arrivals: int) -> None:
    assert described(path, arrivals) == json.loads(FILE.read_text("utf-8"))[path.stem]
