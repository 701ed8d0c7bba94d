"""Whether requests went as their procedure says: a Petri net of a procedure, and a log replayed on it by pm4py.

The net is made of the procedure's stages alone, not of what the engine makes of them, so that a request that fits is
a test of the engine. Needs the extra ``mining``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sim.engine.log import DONE, EventLog
from sim.model.procedure import Procedure, Stage
from sim.record.mining import pm4py_ready


@dataclass(frozen=True)
class Conformance:
    """How well requests fit their procedure."""

    procedure: str
    requests: int
    """Finished requests looked at."""
    fitting: int
    """Those that fit without any deviation."""
    fitness: float
    """Mean fitness of the alignments, 0 to 1 (Adriansyah, van Dongen and van der Aalst 2011)."""
    deviations: tuple[tuple[str, str], ...]
    """(request, what does not fit) of those that do not."""


def petri_net(procedure: Procedure) -> tuple[Any, Any, Any]:
    """A procedure as pm4py's net with initial and final marking. A visible transition stands for a stage's activity.

    Stages that may be passed over (under a condition, or because the requesting State is outside the world) can be
    passed over silently; those that expand into steps show one event for each step. Branches lead on whatever their
    chance and condition.
    """
    with pm4py_ready():
        from pm4py.objects.petri_net.obj import Marking, PetriNet
        from pm4py.objects.petri_net.utils.petri_utils import add_arc_from_to

        net = PetriNet(procedure.id)
        before = {name: PetriNet.Place(f"before {name}") for name in procedure.stages}
        after = {name: PetriNet.Place(f"after {name}") for name in procedure.stages}
        done = PetriNet.Place("done")
        net.places.update([done, *before.values(), *after.values()])

        def join(name: str, label: str | None, source: Any, target: Any) -> None:
            transition = PetriNet.Transition(name, label)
            net.transitions.add(transition)
            add_arc_from_to(source, transition, net)
            add_arc_from_to(transition, target, net)

        for name, stage in procedure.stages.items():
            if stage.end is not None:
                join(f"end {name}", None, before[name], after[name])
                join(f"out of {name}", None, after[name], done)
                continue
            join(name, name, before[name], after[name])
            if stage.steps is not None:
                join(f"more {name}", name, after[name], after[name])
            if _may_be_passed_over(stage):
                join(f"pass over {name}", None, before[name], after[name])
            for place, branch in enumerate(stage.then):
                join(f"from {name} to {branch.to} {place}", None, after[name], before[branch.to])
        return net, Marking({before[procedure.start]: 1}), Marking({done: 1})


def _may_be_passed_over(stage: Stage) -> bool:
    side = stage.performer.side if stage.performer else stage.side
    return bool(stage.only_if) or stage.steps is not None or side == "requesting"


def traces(log: EventLog, procedure: str, *, most: int | None = None) -> dict[str, list[tuple[str, int]]]:
    """(stage, ended) of every activity of the finished requests that follow a procedure, by request; of the first
    ``most`` of them."""
    wanted = [
        index
        for index, kind in enumerate(log.request_kind)
        if log.kinds[kind].procedure == procedure and log.request_left[index] >= 0
    ][:most]
    found: dict[int, list[tuple[str, int]]] = {index: [] for index in wanted}
    for request, activity, ended, outcome in zip(log.request, log.activity, log.ended, log.outcome, strict=True):
        if request in found and outcome == DONE:
            found[request].append((log.activities[activity].stage, ended))
    return {log.request_name(index): steps for index, steps in found.items()}


def conformance(traced: dict[str, Sequence[tuple[str, int]]], procedure: Procedure) -> Conformance:
    """Replay requests, each a sequence of (stage, moment), on the net of their procedure. Raises `UsageError`
    without pm4py."""
    net, begin, end = petri_net(procedure)
    by_path: dict[tuple[str, ...], list[str]] = {}
    for name, steps in traced.items():
        by_path.setdefault(tuple(stage for stage, _ in steps), []).append(name)
    fitness, fitting, deviations = 0.0, 0, []
    with pm4py_ready():
        from pm4py.algo.conformance.alignments.petri_net import algorithm
        from pm4py.objects.log.obj import Event, Trace

        for path, names in by_path.items():
            trace = Trace([Event({"concept:name": stage}) for stage in path])
            answer = algorithm.apply_trace(trace, net, begin, end)
            wrong = [words for move in answer["alignment"] if (words := _deviation(move))]
            fitness += answer["fitness"] * len(names)
            fitting += len(names) * (not wrong)
            deviations += [(name, "; ".join(wrong)) for name in names if wrong]
    count = len(traced)
    return Conformance(procedure.id, count, fitting, fitness / count if count else 1.0, tuple(deviations))


def _deviation(move: tuple[str | None, str | None]) -> str:
    """What a move of an alignment says, where log and net do not move together."""
    seen, meant = move
    if seen == meant or (seen == ">>" and meant is None):
        return ""
    return f"{seen} is not foreseen there" if meant == ">>" else f"{meant} is missing"
