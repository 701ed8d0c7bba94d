"""A JupyterLab of our own in a temporary folder, and a real headless Chromium to look at it with."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
SETTINGS = {
    # No toast that asks about news, and every cell in the page, whether it is scrolled to or not.
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}


@dataclass
class Lab:
    """A running JupyterLab whose folder holds a copy of the notebooks."""

    port: int
    token: str
    folder: Path

    def address(self, notebook: str) -> str:
        return f"http://127.0.0.1:{self.port}/lab/tree/{notebook}?token={self.token}&reset"


def chromium() -> str | None:
    """Where a Chromium is, if there is one: MLASIM_CHROMIUM, or one on the path."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = [os.environ.get("MLASIM_CHROMIUM"), *(shutil.which(name) for name in names)]
    return next((path for path in found if path), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser for the tests of one file. Playwright keeps an event loop running in this thread while it is open,
    which other tests in the same process would take for that of a notebook."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = chromium()
    if path is None:
        pytest.skip("no Chromium on the path (or name one in MLASIM_CHROMIUM)")
    with playwright.sync_playwright() as p:
        instance = p.chromium.launch(executable_path=path, args=FLAGS)
        yield instance
        instance.close()


def private(folder: Path) -> dict[str, str]:
    """An environment whose Jupyter has settings of its own and finds this checkout."""
    names = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    env = {**os.environ, **{f"JUPYTER_{name}": str(folder / name.split("_")[0].lower()) for name in names}}
    return env | {
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "IPYTHONDIR": str(folder / "ipython"),
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
    }


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def lab(browser: Any, tmp_path: Path) -> Iterator[Lab]:
    """A JupyterLab with its own settings, stopped afterwards with its kernels."""
    folder = tmp_path / "room"
    shutil.copytree(ROOT / "notebooks", folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints", "*.session.jsonl"))
    config = tmp_path / "jupyter" / "config" / "labconfig"
    config.mkdir(parents=True)
    (config / "default_setting_overrides.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
    here = Lab(free_port(), secrets.token_hex(8), folder)
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={here.port}"),
        "--ServerApp.ip=127.0.0.1",
        f"--IdentityProvider.token={here.token}",
        f"--ServerApp.root_dir={folder}",
        "--LabApp.expose_app_in_browser=True",
        "--LabApp.extension_manager=readonly",
    ]
    with served(command, private(tmp_path / "jupyter"), f"{here.port}/api/status?token={here.token}", tmp_path):
        yield here


@pytest.fixture
def room(browser: Any, tmp_path: Path) -> Iterator[Lab]:
    """A room served to browsers by `mlasim serve`."""
    pytest.importorskip("voila", reason="Voilà is not installed")
    here = Lab(free_port(), "", tmp_path / "room")
    with serving(here, tmp_path):
        yield here


@contextmanager
def serving(room: Lab, folder: Path, *options: str) -> Iterator[None]:
    """A room served with options of the command."""
    command = [sys.executable, "-m", "sim.cli", "serve", "--folder", str(room.folder), "--port", str(room.port)]
    with served([*command, *options], private(folder / "jupyter"), f"{room.port}/static/nothing", folder):
        yield


@contextmanager
def served(command: list[str], env: dict[str, str], answers_at: str, folder: Path) -> Iterator[None]:
    """A server while it is needed; its whole family is stopped afterwards."""
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(command, env=env, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            _wait(f"http://127.0.0.1:{answers_at}", server, folder / "server.log")
            yield
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 180
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except urllib.error.HTTPError:
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"the server did not start: {log.read_text(encoding='utf-8')[-2000:]}")


@pytest.fixture(scope="session")
def artefacts() -> Path:
    """Where screenshots are left to be looked at; not in git."""
    folder = Path(os.environ.get("MLASIM_ARTEFACTS", ROOT / ".artefacts"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
