"""The closed forms themselves, against Markov chains solved number by number and against one another."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse
import scipy.sparse.linalg

from sim.policy.verification.closed_forms import (
    erlang_c,
    jackson_sojourn,
    mg1_waiting,
    mm1_sojourn,
    mmc_waiting,
    non_preemptive_waiting,
    preemptive_sojourn,
)

STATES = 2_000


def birth_and_death(arrival: float, service: float, servers: int) -> np.ndarray:
    """Chances of each number present in an M/M/c system, by balance of neighbouring states."""
    weights = [1.0]
    for present in range(1, STATES):
        weights.append(weights[-1] * arrival / (min(present, servers) * service))
    return np.array(weights) / sum(weights)


@pytest.mark.parametrize(("arrival", "service", "servers"), [(1, 1.5, 1), (1, 0.375, 4), (3, 1.1, 3), (10, 1.05, 10)])
def test_pools_against_the_chain(arrival: float, service: float, servers: int) -> None:
    chances = birth_and_death(arrival, service, servers)
    present = np.arange(STATES)
    waiting = np.maximum(present - servers, 0)
    assert erlang_c(arrival, service, servers) == pytest.approx(chances[servers:].sum(), rel=1e-9)
    assert mmc_waiting(arrival, service, servers) == pytest.approx(chances @ waiting / arrival, rel=1e-9)
    if servers == 1:
        assert mm1_sojourn(arrival, service) == pytest.approx(chances @ present / arrival, rel=1e-9)


def two_classes(arrivals: tuple[float, float], *, preemptive: bool) -> list[float]:
    """Mean time of each of two classes in an M/M/1 system that finishes one request in a unit of time.

    The chain's state is (urgent present, routine present, whether the one in hand is routine).
    """
    most = 45
    states = [(u, r, h) for u in range(most) for r in range(most) for h in (0, 1) if h <= r and (u or h or not r)]
    place = {state: number for number, state in enumerate(states)}
    balance = scipy.sparse.lil_matrix((len(states), len(states)))
    for (urgent, routine, hand), number in place.items():
        interrupts = preemptive or not hand
        after = (urgent, routine - 1) if hand else (urgent - 1, routine)
        moves = [
            (arrivals[0], (urgent + 1, routine, 0 if interrupts else 1)),
            (arrivals[1], (urgent, routine + 1, hand if urgent or routine else 1)),
            (1.0, (*after, 0 if after[0] or not after[1] else 1)),
        ]
        for rate, state in moves:
            if state in place:
                balance[place[state], number] += rate
                balance[number, number] -= rate
    balance[0, :] = 1.0  # and all chances add up to one
    chances = scipy.sparse.linalg.spsolve(balance.tocsc(), np.eye(1, len(states))[0])
    return [chances @ [state[kind] for state in states] / arrivals[kind] for kind in (0, 1)]


@pytest.mark.parametrize("arrivals", [(0.3, 0.3), (0.1, 0.5)])
def test_priorities_against_the_chain(arrivals: tuple[float, float]) -> None:
    waiting = non_preemptive_waiting(arrivals, 1.0, 1)
    assert [time + 1 for time in waiting] == pytest.approx(two_classes(arrivals, preemptive=False), rel=1e-4)
    assert preemptive_sojourn(arrivals, 1.0) == pytest.approx(two_classes(arrivals, preemptive=True), rel=1e-4)


def test_special_cases_agree() -> None:
    assert mg1_waiting(1, 0.6, 1.0) + 0.6 == pytest.approx(mm1_sojourn(1, 1 / 0.6))  # exponential work has cv 1
    assert mg1_waiting(1, 0.6, 0.0) == pytest.approx(mg1_waiting(1, 0.6, 1.0) / 2)  # even work halves the waiting
    assert mmc_waiting(1, 2, 1) + 1 / 2 == pytest.approx(mm1_sojourn(1, 2))
    assert non_preemptive_waiting([1.0], 0.5, 3) == pytest.approx([mmc_waiting(1, 0.5, 3)])
    assert preemptive_sojourn([0.4, 0.2], 1)[0] == pytest.approx(mm1_sojourn(0.4, 1))  # the urgent notice nobody
    assert jackson_sojourn(1, [(1.0, 2.0, 1)]) == pytest.approx(mm1_sojourn(1, 2))
    assert jackson_sojourn(1, [(2.0, 4.0, 1)]) == pytest.approx(2 * mm1_sojourn(2, 4))


def test_priorities_conserve_work() -> None:
    """Kleinrock's conservation law (1965): what the urgent gain, the routine lose, weighed by their load."""
    arrivals, service, servers = (0.5, 0.8, 0.3), 0.7, 3
    waiting = non_preemptive_waiting(arrivals, service, servers)
    together = mmc_waiting(sum(arrivals), service, servers)
    assert sum(a * w for a, w in zip(arrivals, waiting, strict=True)) == pytest.approx(sum(arrivals) * together)
    assert waiting == sorted(waiting)
