"""A check of the books at the end of a run: every request is somewhere, and every office's staff add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from simpy import Environment

from sim.engine.log import EventLog
from sim.engine.runtime import LiveOffice, Token
from sim.errors import SimulationError


def check_leaks(env: Environment, log: EventLog, offices: Sequence[LiveOffice]) -> None:
    """Raise `SimulationError` unless every request is accounted for and every office's staff add up."""
    present: set[int] = set()
    busy: Counter[str] = Counter()
    scheduled = Counter(event for *_, event in env._queue if isinstance(event, Token))
    for token, times in scheduled.items():
        if times > token.stale + 1:
            raise SimulationError(f"leak: {log.request_name(token.index)} is on its way {times} times")
        if times > token.stale:
            present.add(token.index)
            if token.node.office >= 0:
                busy[offices[token.node.office].id] += 1
    for index, office in enumerate(offices):
        for queue in office.queues:
            for token in queue:
                present.add(token.index)
                if token.node.office != index:
                    raise SimulationError(f"leak: {office.id} holds a request that is elsewhere")
        if office.staff - office.free != busy[office.id]:
            raise SimulationError(
                f"leak: {office.id} has {office.staff - office.free} of {office.staff} staff occupied, "
                f"but {busy[office.id]} requests in hand"
            )
    under_way = {index for index, left in enumerate(log.request_left) if left < 0}
    if under_way != present:
        lost = [log.request_name(index) for index in sorted(under_way ^ present)[:5]]
        raise SimulationError(
            f"leak: {len(under_way)} requests are under way, {len(present)} are somewhere; first: {', '.join(lost)}"
        )
