"""Which engine makes a run: SimPy, or compiled code of the same plan with the same event table.

SimPy is the reference and needs nothing more. Compiled code (the extra ``policy``) takes a moment to load, and some
seconds to compile once for each user, so that it is chosen where there is enough to do: in a process, from the request
on at which SimPy would have been at work for some seconds. While it is compiled in the background, SimPy answers. What
compiled code cannot do goes to SimPy, and the log says so.
"""

from __future__ import annotations

import logging
import os
import sys
from importlib.util import find_spec
from typing import Literal, get_args

from sim.engine import simulation
from sim.engine.compile import compile_world
from sim.engine.log import EventLog
from sim.engine.plan import Plan
from sim.engine.played_world import Notice, PlayedWorld
from sim.errors import CannotCompile, UsageError
from sim.extras import lacking
from sim.i18n import NOTHING, say
from sim.model.loading import Scenario

logger = logging.getLogger("mlasim.engine.executor")

Engine = Literal["simpy", "compiled"]
VARIABLE = "MLASIM_ENGINE"
"""Environment variable that decides, for this process and those it starts."""
WORTH_LOADING = 20_000
"""Background requests of a process from which on compiled code is loaded: SimPy takes one to two seconds for them, and
loading half of one."""
WORTH_RUNNING = 200
"""Background requests of a run from which on compiled code is used once it is loaded; below, its tables cost more."""

NEEDED = ("numba", "numpy")
"""What compiled code needs."""

_expected = 0.0
"""Background requests that this process has been asked for."""


def simulate(
    scenario: Scenario,
    *,
    until: int | None = None,
    arrivals: int | None = None,
    seed: int = 0,
    replication: int = 0,
    warm_up: int | None = None,
    plan: Plan | None = None,
    engine: Engine | None = None,
) -> EventLog:
    """As `sim.engine.simulation.simulate`, by whichever engine is chosen: the log is the same.

    ``engine`` decides, or the environment variable `VARIABLE`, or how much there is to do. Raises `UsageError` for an
    engine that is none or is not installed.
    """
    warm_up = simulation.warm_up_of(scenario, until, arrivals, warm_up)
    plan = plan or compile_world(scenario)
    why_not = NOTHING
    if chosen(plan, until, arrivals, engine) == "compiled":
        from sim.engine.compiled.run import run

        try:
            return run(plan, until=until, arrivals=arrivals, seed=seed, replication=replication, warm_up=warm_up)
        except CannotCompile as error:
            logger.info("SimPy makes a run of %s, because compiled code cannot do %s", scenario.id, error)
            why_not = error.what
    log = simulation.simulate(
        scenario, until=until, arrivals=arrivals, seed=seed, replication=replication, warm_up=warm_up, plan=plan
    )
    log.not_compiled = why_not
    return log


def in_motion(
    plan: Plan,
    *,
    until: int,
    seed: int,
    replication: int = 0,
    on_notice: Notice | None = None,
    engine: Engine = "simpy",
) -> PlayedWorld:
    """A world to play in, by an engine; ``until`` is the moment behind which nothing will be asked for. Raises
    `CannotCompile`, now or later, for what compiled code cannot do."""
    if engine == "simpy":
        return simulation.Simulation(plan, seed=seed, replication=replication, on_notice=on_notice)
    from sim.engine.compiled.play import CompiledPlay

    return CompiledPlay(plan, until=until, seed=seed, replication=replication, on_notice=on_notice)


def chosen(
    plan: Plan, until: int | None, arrivals: int | None, engine: Engine | None = None, *, runs: int = 1
) -> Engine:
    """Which engine makes a run, or so many ``runs`` of the same. What it is asked about counts as asked for. Raises
    `UsageError`."""
    global _expected
    wanted = engine or os.environ.get(VARIABLE)
    if wanted:
        return engine_named(wanted)
    if not installed():
        return "simpy"
    requests = expected(plan, until, arrivals)
    _expected += requests * runs
    if requests < WORTH_RUNNING or _expected < WORTH_LOADING:
        return "simpy"
    from sim.engine.compiled.warm import ready

    return "compiled" if ready(_expected) else "simpy"


def engine_named(name: str) -> Engine:
    """The engine of a name. Raises `UsageError` for one that is none or is not installed."""
    if name not in get_args(Engine):
        raise UsageError(say("there is no engine {name!r} — write simpy or compiled", name=name))
    if name == "compiled" and not installed():
        raise lacking("policy", say("the compiled engine needs numba"))
    return "compiled" if name == "compiled" else "simpy"


def prepare() -> None:
    """Have compiled code made in the background, if it is not there yet and may be chosen: for those who will soon ask
    for many runs."""
    if installed() and os.environ.get(VARIABLE) != "simpy":
        from sim.engine.compiled.background import begin

        begin()


def load_compiled() -> None:
    """Load compiled code now where it is kept and may be chosen: for a process of which runs will be wanted at once."""
    if installed() and os.environ.get(VARIABLE) != "simpy":
        from sim.engine.compiled.warm import kept, make

        if kept():
            make()


def installed() -> bool:
    """Whether there is what compiles."""
    try:
        return all(sys.modules.get(name, name) is not None and find_spec(name) is not None for name in NEEDED)
    except ImportError as error:  # where it is kept out of reach, as in some browsers' Python
        logger.info("there is nothing that compiles: %s", error)
        return False


def expected(plan: Plan, until: int | None, arrivals: int | None) -> float:
    """About how many background requests a run has."""
    if arrivals is not None:
        return arrivals
    assert until is not None
    open_share = {index: calendar.total / max(1, calendar.ends[-1]) for index, calendar in enumerate(plan.calendars)}
    return sum(
        max(0, min(until, until if flow.last is None else flow.last) - flow.first)
        / flow.mean_gap
        * open_share.get(flow.calendar, 1.0)
        for flow in plan.flows
    )
