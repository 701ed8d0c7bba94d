"""A small scenario folder to change at will, and two profiles of hypothesis."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from sim.model import examine

HARBOUR = Path(__file__).parent / "fixtures" / "harbour"
"""A world of two States, its library, a case and a lever: everything valid."""
CASE, WORLD = "cases/first-letter.yaml", "worlds/two-shores.yaml"

settings.register_profile("quick", max_examples=60, deadline=5_000, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", max_examples=3_000, deadline=20_000, suppress_health_check=list(HealthCheck))
if settings.get_current_profile_name() not in ("thorough", "ci"):
    settings.load_profile("quick")


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    """A copy of the small scenario folder."""
    return Path(shutil.copytree(HARBOUR, tmp_path / "harbour"))


def change(folder: Path, file: str, old: str, new: str) -> Path:
    """Replace a part of a file that must be there; the file."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def said(path: Path) -> list[str]:
    """The problems of a scenario as CODE and message with hint, in order."""
    scenario, problems = examine(path)
    assert scenario is None
    return [str(problem).split(": ", 1)[1] for problem in problems]
