"""The workload in salabim: a component for each request, a resource for each pool."""

from __future__ import annotations

import random
from typing import Any

import pandas as pd
import salabim

from tests.benchmarks.workload import Station, Workload


def run(workload: Workload, requests: int, seed: int) -> pd.DataFrame:
    """The table of visits."""
    env = salabim.Environment(trace=False, random_seed=seed, yieldless=False)
    pools = {
        name: salabim.Resource(name, capacity=station.servers)
        for name, station in workload.stations.items()
        if station.servers
    }
    visits: list[dict[str, Any]] = []

    class Source(salabim.Component):
        def process(self) -> Any:
            for number in range(requests):
                yield self.hold(random.expovariate(1 / workload.gap))
                Request(number=number, urgency=0 if random.random() < workload.urgent else 1)

    class Request(salabim.Component):
        def setup(self, number: int, urgency: int) -> None:
            self.number, self.urgency = number, urgency

        def process(self) -> Any:
            arrived = env.now()
            name: str | None = workload.start
            while name is not None:
                station = workload.stations[name]
                enabled = env.now()
                if station.servers:
                    yield self.request((pools[name], 1, self.urgency))
                started = env.now()
                yield self.hold(draw(station))
                if station.servers:
                    self.release(pools[name])
                visits.append(
                    {
                        "request": self.number,
                        "priority": self.urgency,
                        "arrived": arrived,
                        "station": name,
                        "enabled": enabled,
                        "started": started,
                        "ended": env.now(),
                    }
                )
                name = following(station)

    Source()
    env.run()
    return pd.DataFrame(visits)


def draw(station: Station) -> float:
    """A service time."""
    if station.shape == "exponential":
        return random.expovariate(1 / station.mean)
    return random.lognormvariate(station.mu, station.sigma)


def following(station: Station) -> str | None:
    """Where the request goes from here."""
    draw = random.random()
    for name, chance in station.then:
        draw -= chance
        if draw < 0:
            return name
    return None
