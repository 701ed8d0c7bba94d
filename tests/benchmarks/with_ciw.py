"""The workload in Ciw, as its documentation teaches: a network of nodes, customer classes with priorities."""

from __future__ import annotations

import random
from statistics import fmean
from typing import Any

import ciw

from tests.benchmarks.workload import Figures, Station, Workload

FOREVER = 1e9


class Arrivals(ciw.dists.Distribution):
    """Exponential gaps for as long as requests are left; all classes draw on the same number."""

    def __init__(self, rate: float, left: list[int]):
        self.rate, self.left = rate, left

    def sample(self, t: float | None = None, ind: Any = None) -> float:
        self.left[0] -= 1
        return random.expovariate(self.rate) if self.left[0] >= 0 else float("inf")


def service(station: Station) -> Any:
    """The station's distribution of service times."""
    if station.shape == "exponential":
        return ciw.dists.Exponential(rate=1 / station.mean)
    return ciw.dists.Lognormal(mean=station.mu, sd=station.sigma)


def run(workload: Workload, requests: int, seed: int) -> list[Any]:
    """The records of all visits."""
    ciw.seed(seed)
    names = list(workload.stations)
    stations = list(workload.stations.values())
    left = [requests]
    shares = {"urgent": workload.urgent, "routine": 1 - workload.urgent}
    network = ciw.create_network(
        arrival_distributions={
            name: [Arrivals(share / workload.gap, left) if n == workload.start else None for n in names]
            for name, share in shares.items()
        },
        service_distributions={name: [service(station) for station in stations] for name in shares},
        number_of_servers=[station.servers or float("inf") for station in stations],
        priority_classes={"urgent": 0, "routine": 1},
        routing={name: [[dict(station.then).get(n, 0.0) for n in names] for station in stations] for name in shares},
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(FOREVER)
    return simulation.get_all_records()


def figures(records: list[Any]) -> Figures:
    """What the run is compared by."""
    first: dict[int, float] = {}
    last: dict[int, float] = {}
    classes: dict[int, str] = {}
    for record in records:
        number = record.id_number
        first[number] = min(first.get(number, FOREVER), record.arrival_date)
        last[number] = max(last.get(number, 0.0), record.exit_date)
        classes[number] = record.customer_class
    sojourn = {number: last[number] - first[number] for number in first}
    return Figures(
        fmean(sojourn.values()),
        fmean(sojourn[number] for number in sojourn if classes[number] == "urgent"),
        fmean(sojourn[number] for number in sojourn if classes[number] == "routine"),
        len(records) / len(first),
    )
