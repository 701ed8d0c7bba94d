"""The workload as people usually write it in SimPy: a generator for each request, `PriorityResource`, scalar draws.

Every visit is a dict in a list, which becomes a DataFrame in the end.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import simpy

from tests.benchmarks.workload import Station, Workload


class Model:
    """One run of the workload."""

    def __init__(self, workload: Workload, requests: int, seed: int):
        self.workload = workload
        self.requests = requests
        self.env = simpy.Environment()
        self.random = np.random.default_rng(seed)
        self.pools = {
            name: simpy.PriorityResource(self.env, capacity=station.servers)
            for name, station in workload.stations.items()
            if station.servers
        }
        self.visits: list[dict[str, Any]] = []

    def run(self) -> pd.DataFrame:
        """The table of visits."""
        self.env.process(self.source())
        self.env.run()
        return pd.DataFrame(self.visits)

    def source(self) -> Any:
        """Poisson arrivals, urgent or routine."""
        for number in range(self.requests):
            yield self.env.timeout(self.working(self.random.exponential(self.workload.gap)))
            priority = 0 if self.random.random() < self.workload.urgent else 1
            self.env.process(self.request(number, priority))

    def request(self, number: int, priority: int) -> Any:
        """A request's way through the stations."""
        arrived = self.env.now
        name: str | None = self.workload.start
        while name is not None:
            station = self.workload.stations[name]
            enabled = self.env.now
            if station.servers:
                with self.pools[name].request(priority=priority) as desk:
                    yield desk
                    started = self.env.now
                    yield self.env.timeout(self.working(self.draw(station)))
            else:
                started = self.env.now
                yield self.env.timeout(self.draw(station))
            self.visits.append(
                {
                    "request": number,
                    "priority": priority,
                    "arrived": arrived,
                    "station": name,
                    "enabled": enabled,
                    "started": started,
                    "ended": self.env.now,
                }
            )
            name = self.following(station)

    def draw(self, station: Station) -> float:
        """A service time."""
        if station.shape == "exponential":
            return self.random.exponential(station.mean)
        return self.random.lognormal(station.mu, station.sigma)

    def following(self, station: Station) -> str | None:
        """Where the request goes from here."""
        if len(station.then) == 1:
            return station.then[0][0]
        draw = self.random.random()
        for name, chance in station.then:
            draw -= chance
            if draw < 0:
                return name
        return None

    def working(self, hours: float) -> float:
        """Time until so many working hours (Monday to Friday, 9 to 17) have passed."""
        if not self.workload.office_hours:
            return hours
        now = moment = self.env.now
        while True:
            day, hour = divmod(moment, 24)
            opens = max(moment, day * 24 + 9)
            if day % 7 < 5 and hour < 17:
                room = day * 24 + 17 - opens
                if hours <= room:
                    return opens + hours - now
                hours -= room
            moment = (day + 1) * 24
