"""A small scenario folder to change at will, and two profiles of hypothesis."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

HARBOUR = Path(__file__).parent / "fixtures" / "harbour"
"""A world of two States, its library, a case and a lever: everything valid."""

settings.register_profile("quick", max_examples=60, deadline=5_000, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", max_examples=3_000, deadline=20_000, suppress_health_check=list(HealthCheck))
if settings.get_current_profile_name() not in ("thorough", "ci"):
    settings.load_profile("quick")


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    """A copy of the small scenario folder."""
    return Path(shutil.copytree(HARBOUR, tmp_path / "harbour"))
