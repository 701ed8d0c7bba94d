"""What tests of several rooms share."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from sim import cli
from sim.cli import console
from sim.views.terminal.screen import Screen

# One engine for all tests, however many a process has run before; tests of the compiled one ask for it.
os.environ.setdefault("MLASIM_ENGINE", "simpy")
# What they compile is kept with the rest that tests keep, and not among the user's own.
os.environ.setdefault("MLASIM_CACHE", str(Path(__file__).parent.parent / ".pytest_cache" / "compiled"))


@pytest.fixture
def mlasim(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path):
    """Run the command in this process, in an empty folder: (exit code, output, errors)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLASIM_ENGINE", os.environ["MLASIM_ENGINE"])  # a command may choose another, for itself

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["mlasim", *map(str, arguments)])
        monkeypatch.setattr(console, "out", Screen(markup=False, width=100))
        monkeypatch.setattr(console, "err", Screen(stderr=True, highlight=False, markup=False, width=100))
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capfd.readouterr()
        assert "Traceback" not in captured.out + captured.err
        return code, captured.out, captured.err

    return run
