"""The world the legal questions are asked in."""

from pathlib import Path

import pytest

from sim.model.loading import Scenario, load

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def shores() -> Scenario:
    """Six invented States that differ in everything a legal answer can turn on."""
    return load(HERE / "shores" / "worlds" / "shores.yaml")
