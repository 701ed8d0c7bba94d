"""One run of the shipped world for all tests of this room."""

from __future__ import annotations

import pytest

import sim
from sim.record.run import Run


@pytest.fixture(scope="session")
def meridian() -> Run:
    """A few weeks of Meridian after its warm-up."""
    return sim.run("meridian", years=0.2, seed=2)
