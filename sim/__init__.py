"""mlasim — a flight simulator for cross-border cooperation against human trafficking.

The whole public API:

    load(id_or_path)                  a world or a case, or every problem in its files
    play(case, seed=0)                a session that stops whenever it needs the trainee
    resume(path)                      a session from its file
    run(world, years=3, seed=0)       background demand of a world; figures, tables, exports
    compare(world, levers, ...)       process changes against the world as it is, with intervals
    explain(world, requesting=, requested=, measure=)   which law, which channel, why
    check(paths_or_ids)               everything wrong in scenario files
    available(kind)                   ids in the library
    open_case(case)                   the trainee's seat, in a notebook

Importing this module loads nothing else; each name brings what it needs when it is first used.
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "Scenario": "sim.model",
    "available": "sim.model",
    "load": "sim.model",
    "explain": "sim.law",
    "run": "sim.record.run",
    "play": "sim.training",
    "resume": "sim.training",
    "compare": "sim.policy",
    "check": "sim.authoring.check",
    "open_case": "sim.views.app",
    "MlasimError": "sim.errors",
    "ScenarioError": "sim.errors",
    "LawError": "sim.errors",
    "SimulationError": "sim.errors",
    "SessionError": "sim.errors",
    "UsageError": "sim.errors",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
