"""A built wheel, installed in an empty environment and used from another folder, plays a case."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


def test_wheel_holds_scenarios_and_notebooks(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    shipped = {f"sim/_shipped/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "scenarios").rglob("*.yaml")}
    assert shipped <= set(names)
    assert {"sim/_shipped/notebooks/start.ipynb", "sim/_shipped/curriculum/axes.md"} <= set(names)
    assert {"sim/views/jupyterlab/mlasim-app/package.json", "sim/views/jupyterlab/mlasim-app/static/app.js"} <= set(
        names
    )
    assert {"sim/py.typed", "sim/__init__.pyi"} <= set(names), "types, and where the public names are at home"
    assert not [name for name in names if name.startswith(("tests/", "scenarios/"))]


def test_wheel_plays_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "environment"
    venv.create(home, with_pip=True)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    lock = ["--constraint", str(ROOT / "requirements.lock")]
    fast = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(python), *lock, str(wheel)]
    if subprocess.run(fast, capture_output=True).returncode:
        subprocess.run([python, "-m", "pip", "install", "--quiet", *lock, str(wheel)], check=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COVERAGE"))}
    done = subprocess.run(
        [scripts / "mlasim", "play", "silent-harbour", "--player", "first", "--seed", "7", "--replays", "0"],
        cwd=elsewhere,
        env=clean,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().splitlines()[-1].startswith("sha256: ")
    code = "import sim; print(sim.load('meridian').id)"
    done = subprocess.run([python, "-c", code], cwd=elsewhere, env=clean, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "meridian"
