"""mlasim — a flight simulator for cross-border cooperation against human trafficking.

The whole public API:

    load(id_or_path)                  a world or a case, or every problem in its files
    available(kind)                   ids in the library
    check(paths_or_ids)               everything wrong in scenario files
    explain(world, requesting=, requested=, measure=)   which law, which channel, why

    play(case, seed=0)                a session that stops whenever it needs the trainee
    resume(path)                      a session from its file
    open_seat(case)                   the trainee's seat, in a notebook

    run(world, years=3, seed=0)       background demand of a world; figures, tables, exports
    compare(world, levers, ...)       process changes against the world as it is, with intervals
    study(question, ...)              the answer to a policy question that is written down
    design(world, factors, ...)       what several changes do alone and with each other
    sensitivity(world, lever, ...)    what a conclusion hangs on, and what would flip it
    optimise(world, budget, ...)      the best mix of levers and posts within a budget
    calibrate(log, world, ...)        a world made of a case-management log of your own
    verify(world, ...)                the engine against queueing theory, a world against published figures
    open_policy(world)                the policy lab, in a notebook

    Scenario                          what `load` gives
    MlasimError                       the root of all errors: ScenarioError, LawError, SimulationError, SessionError,
                                      UsageError

Importing this module loads nothing else; each name brings what it needs when it is first used. Their types stand in
``__init__.pyi``, which also says where each is at home (lazy loading as in SPEC 1 of Scientific Python).
"""

from __future__ import annotations

import logging

__version__ = "0.1.0"

# What was caught and gone on after is said under this name, and shown only where somebody asks (`sim.logs`).
logging.getLogger("mlasim").addHandler(logging.NullHandler())


def _homes() -> dict[str, str]:
    """Public names and the modules they are at home in, from the stub: ``from HOME import NAME as NAME``."""
    from pathlib import Path

    lines = Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8").splitlines()
    return {words[3]: words[1] for line in lines if (words := line.split())[:1] == ["from"]}


_HOMES = _homes()

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> object:
    if name in _HOMES:
        from importlib import import_module

        found: object = getattr(import_module(_HOMES[name]), name)
        globals()[name] = found
        return found
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
