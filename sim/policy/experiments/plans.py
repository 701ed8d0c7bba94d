"""What runs, as plain data that travels to other processes, and the plans that a process has made of it."""

from __future__ import annotations

import gc
import pickle
import zlib
from typing import NamedTuple

from sim.engine.compile import compile_world
from sim.engine.plan import Plan
from sim.engine.rollout import RollOut, compile_roll_out
from sim.model.loading import Scenario

KEPT = 16
"""Plans that a process keeps: ten megabytes each or more."""


class Packed(NamedTuple):
    """A world, or a world into which something is introduced. It goes along with every run, so that it is small."""

    hash: str
    content: bytes


def packed(what: Scenario | RollOut) -> Packed:
    """What runs, for other processes."""
    return Packed(what.hash, zlib.compress(pickle.dumps(what), 1))


_plans: dict[str, tuple[Scenario, Plan]] = {}


def plan_of(what: Packed) -> tuple[Scenario, Plan]:
    """A world with the plan that runs it, compiled once in each process as long as it is among those last asked for."""
    found = _plans.pop(what.hash, None)
    if found is None:
        found = _compiled(unpacked(what.content))
        if len(_plans) >= KEPT:
            _plans.pop(next(iter(_plans)))
    _plans[what.hash] = found
    return found


def unpacked(content: bytes) -> Scenario | RollOut:
    """What was packed. Nothing of a world can be thrown away while it is put together: looking for it takes as long as
    the rest."""
    collects = gc.isenabled()
    gc.disable()
    try:
        found: Scenario | RollOut = pickle.loads(zlib.decompress(content))
        return found
    finally:
        if collects:
            gc.enable()


def _compiled(what: Scenario | RollOut) -> tuple[Scenario, Plan]:
    if isinstance(what, RollOut):
        return what.world, compile_roll_out(what)
    plan = compile_world(what)
    what.worked_out.clear()  # the law was asked for the plan alone, and is most of what would be kept
    return what, plan
