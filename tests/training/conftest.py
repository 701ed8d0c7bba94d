"""The case and its compiled world, once for all tests of the room."""

from __future__ import annotations

import pytest

from sim.engine.case_plan import compile_case
from sim.model import load
from sim.training.players import Scripted, play_through


@pytest.fixture(scope="session")
def case():
    return load("silent-harbour")


@pytest.fixture(scope="session")
def plan(case):
    return compile_case(case)


@pytest.fixture(scope="session")
def careful(case, plan):
    """A whole careful play: the author's defaults."""
    return play_through(case, Scripted({}), seed=7, plan=plan)
