"""The benchmark workload, read from the world file and written down in the plainest possible way for every engine.

Times are hours. A world with ``Mon-Fri 09:00-17:00`` starting on a Monday gives ``office_hours``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from sim.model.durations import HOUR, Duration
from sim.model.loading import Scenario, load

WORLDS = Path(__file__).parent / "worlds"

PUBLISHED = {"mean sojourn": 207.0, "urgent": 191.2, "routine": 210.9, "visits": 14.33}
"""Values of 20,000 requests from an empty start on which several engines agree over 30 and more runs, in hours."""


@dataclass(frozen=True)
class Figures:
    """What one run of any engine is compared by: mean hours from start to end, and mean visits to a station."""

    sojourn: float
    urgent: float
    routine: float
    visits: float


@dataclass(frozen=True)
class Station:
    """A pool of servers, or a delay (``servers`` 0)."""

    name: str
    servers: int
    shape: str
    mean: float
    cv: float
    then: tuple[tuple[str, float], ...]
    """(station, chance); nothing where requests leave."""

    @property
    def mu(self) -> float:
        """Mean of the logarithm, for a lognormal service."""
        return math.log(self.mean) - self.sigma**2 / 2

    @property
    def sigma(self) -> float:
        """Standard deviation of the logarithm, for a lognormal service."""
        return math.sqrt(math.log(1 + self.cv**2))


@dataclass(frozen=True)
class Workload:
    """A queueing network with two non-preemptive priority classes."""

    stations: dict[str, Station]
    start: str
    gap: float
    """Mean time between arrivals."""
    urgent: float
    """Share of the urgent class."""
    office_hours: bool


def scenario(name: str = "tandem") -> Scenario:
    """The world file as our engine takes it."""
    return load(WORLDS / f"{name}.yaml")


def workload(world: Scenario) -> Workload:
    """The same as plain numbers."""
    (flow,) = world.world.demand.values()
    procedure = world.procedures[flow.procedure]
    stations = {}
    for name, stage in procedure.stages.items():
        if stage.end is not None:
            continue
        duration = stage.work or stage.takes
        assert isinstance(duration, Duration) and flow.every is not None
        servers = world.world.offices[stage.performer.office].staff if stage.performer else 0
        then, left = [], 1.0
        for branch in stage.then:
            chance = left if branch.chance is None else float(branch.chance)
            left -= chance
            if procedure.stages[branch.to].end is None:
                then.append((branch.to, chance))
        mean = duration.seconds()[0] / HOUR
        stations[name] = Station(name, servers, duration.shape, mean, duration.number, tuple(then))
    weights = flow.priorities
    urgent = weights["urgent"] / sum(weights.values())
    return Workload(stations, procedure.start, flow.every.seconds()[0] / HOUR, urgent, bool(flow.during))
