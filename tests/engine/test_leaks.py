"""The check of the books finds what was lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.engine.compile import compile_world
from sim.engine.simulation import Simulation
from sim.errors import SimulationError
from tests.engine.small import DAY, HOUR, flow, office, wait, work, world


def busy(folder: Path) -> Simulation:
    """Two offices in the middle of their work."""
    scenario = world(
        folder,
        offices={"desk": office(1), "other": office(1)},
        stages={
            "draft": work("desk", {"exponential": "1 hour"}, "post"),
            "post": wait("2 hours", "check"),
            "check": work("other", {"exponential": "50 minutes"}),
        },
        demand={"requests": flow(every="1 hour")},
    )
    simulation = Simulation(compile_world(scenario), seed=1)
    simulation.advance(60 * DAY)
    return simulation


def test_sound_books(tmp_path: Path) -> None:
    simulation = busy(tmp_path)
    assert any(simulation.offices[0].queues)
    simulation.finish()


def test_a_lost_request(tmp_path: Path) -> None:
    simulation = busy(tmp_path)
    next(queue for queue in simulation.offices[0].queues if queue).pop()
    with pytest.raises(SimulationError, match=r"leak: .* requests are under way, .* first: requests#\d+"):
        simulation.finish()


def test_a_request_that_never_left_the_books(tmp_path: Path) -> None:
    simulation = busy(tmp_path)
    simulation.log.register(0, 10**6, 0, simulation.now)
    with pytest.raises(SimulationError, match="first: requests#1000000"):
        simulation.finish()


def test_a_desk_that_was_never_given_back(tmp_path: Path) -> None:
    simulation = busy(tmp_path)
    simulation.offices[0].free -= 1
    with pytest.raises(SimulationError, match="leak: desk has 2 of 1 staff occupied, but 1 requests in hand"):
        simulation.finish()


def test_a_request_in_the_wrong_queue(tmp_path: Path) -> None:
    simulation = busy(tmp_path)
    desk, other = simulation.offices
    other.queues[1].append(desk.queues[1].pop())
    with pytest.raises(SimulationError, match="leak: other holds a request that is elsewhere"):
        simulation.finish()


def test_a_request_in_two_places(tmp_path: Path) -> None:
    simulation = busy(tmp_path)
    queue = simulation.offices[0].queues[1]
    simulation.env.schedule(queue[0], 1, HOUR)
    simulation.env.schedule(queue[0], 1, HOUR)
    with pytest.raises(SimulationError, match="is on its way 2 times"):
        simulation.finish()
