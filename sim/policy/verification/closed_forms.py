"""Closed forms of queueing theory, in the notation of their authors: arrivals at rate ``arrival``, ``servers`` desks
that each finish work at rate ``service``. Times are in the unit of the rates. Every system must be stable.

References: Erlang 1917; Kleinrock 1975, Queueing Systems, volume I; Cobham 1954, Operations Research 2(1); White and
Christie 1958, Operations Research 6(1); Jackson 1957, Operations Research 5(4).
"""

from __future__ import annotations

import math
from collections.abc import Sequence


def mm1_sojourn(arrival: float, service: float) -> float:
    """Mean time in an M/M/1 system (Kleinrock 1975, 3.26)."""
    return 1 / (service - arrival)


def erlang_c(arrival: float, service: float, servers: int) -> float:
    """Chance of having to wait in an M/M/c system (Erlang 1917; Kleinrock 1975, 3.40)."""
    load = arrival / service
    waiting = load**servers / math.factorial(servers) * servers / (servers - load)
    return waiting / (sum(load**k / math.factorial(k) for k in range(servers)) + waiting)


def mmc_waiting(arrival: float, service: float, servers: int) -> float:
    """Mean waiting time in an M/M/c system."""
    return erlang_c(arrival, service, servers) / (servers * service - arrival)


def mg1_waiting(arrival: float, mean: float, cv: float) -> float:
    """Mean waiting time in an M/G/1 system by mean service time and its coefficient of variation (Pollaczek 1930 and
    Khinchine 1932; Kleinrock 1975, 5.69)."""
    return arrival * mean**2 * (1 + cv**2) / (2 * (1 - arrival * mean))


def non_preemptive_waiting(arrivals: Sequence[float], service: float, servers: int) -> list[float]:
    """Mean waiting time of each class, the most urgent first, in an M/M/c system where classes share one service
    rate and nobody is interrupted (Cobham 1954)."""
    residual = erlang_c(sum(arrivals), service, servers) / (servers * service)
    return [residual * factor for factor in _priority_factors(arrivals, servers * service)]


def preemptive_sojourn(arrivals: Sequence[float], service: float) -> list[float]:
    """Mean time of each class in an M/M/1 system where more urgent work interrupts and work is resumed (White and
    Christie 1958), for one service rate."""
    return [factor / service for factor in _priority_factors(arrivals, service)]


def _priority_factors(arrivals: Sequence[float], capacity: float) -> list[float]:
    factors, load = [], 0.0
    for arrival in arrivals:
        above = load
        load += arrival / capacity
        factors.append(1 / ((1 - above) * (1 - load)))
    return factors


def jackson_sojourn(arrival: float, stations: Sequence[tuple[float, float, int]]) -> float:
    """Mean time in an open network of M/M/c stations with feedback (Jackson 1957).

    ``stations`` are (visits per request, service rate, servers).
    """
    total = 0.0
    for visits, service, servers in stations:
        total += visits * (mmc_waiting(visits * arrival, service, servers) + 1 / service)
    return total
