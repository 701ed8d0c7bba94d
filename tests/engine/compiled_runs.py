"""Both engines side by side: the same plan, the same log, column by column and in the same order of rows."""

from __future__ import annotations

from typing import Any

from sim.engine import simulation
from sim.engine.log import EventLog
from sim.engine.plan import Plan
from sim.record.run import hash_of

COLUMNS = (
    "request", "activity", "enabled", "started", "ended", "outcome", "request_kind", "request_number",
    "request_priority", "request_arrived", "request_left", "request_outcome", "request_loops", "request_subject",
    "activities", "kinds", "outcomes", "staffing", "ended_at", "warm_up",
)  # fmt: skip


def by_simpy(plan: Plan, until: int | None, seed: int, replication: int, arrivals: int | None = None) -> EventLog:
    """The reference."""
    return simulation.simulate(
        plan.scenario, until=until, arrivals=arrivals, seed=seed, replication=replication, warm_up=0, plan=plan
    )


def by_compiled(
    plan: Plan, until: int | None, seed: int, replication: int, arrivals: int | None = None, **more: Any
) -> EventLog:
    """The other. It raises `CannotCompile` and never asks SimPy."""
    from sim.engine.compiled.run import run

    return run(plan, until=until, arrivals=arrivals, seed=seed, replication=replication, warm_up=0, **more)


def different(one: EventLog, other: EventLog) -> list[str]:
    """Columns in which two logs differ; the hash, if only that does."""
    found = [name for name in COLUMNS if getattr(one, name) != getattr(other, name)]
    return found or ([] if hash_of(one) == hash_of(other) else ["hash"])


def compared(
    plan: Plan, until: int | None, seed: int = 0, replication: int = 0, arrivals: int | None = None, **more: Any
) -> EventLog:
    """A run by both, which are the same; that of compiled code."""
    reference = by_simpy(plan, until, seed, replication, arrivals)
    found = by_compiled(plan, until, seed, replication, arrivals, **more)
    assert not different(found, reference)
    return found
