"""What the hash of a log is made of, put in order in columns: the same bytes as row by row."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.engine.log import EventLog
from sim.record.columns import Columns

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    from sim.record.columns import Integers


def hashed(log: EventLog, update: Callable[[bytes], None]) -> None:
    """What `sim.record.run.hash_of` hashes of a log without named requests, in its order."""
    columns = Columns(log)
    np = columns.np
    met = np.flatnonzero(np.bincount(columns.activity)).tolist()
    used = sorted({(log.activities[index].flow, log.activities[index].name) for index in met})
    place = {key: rank for rank, key in enumerate(used)}
    ranks = np.array([place.get((activity.flow, activity.name), -1) for activity in log.activities] or [0])
    by_name = _by_name(columns)
    request_rank = np.empty(len(by_name), np.int64)
    request_rank[by_name] = np.arange(len(by_name))
    requests, activities = request_rank[columns.request], ranks[columns.activity]
    order = _in_order(columns, requests, activities)
    update("\n".join("/".join(key) for key in used).encode())
    flows = [kind.flow for kind in log.kinds]
    number = np.frombuffer(log.request_number, np.int64)
    named = zip(columns.kind[by_name].tolist(), number[by_name].tolist(), strict=True)
    update("\n".join([f"{flows[kind]}#{n}" for kind, n in named]).encode())
    for column in (requests, activities, columns.enabled, columns.started, columns.ended, columns.outcome):
        update(_bytes(columns, column[order]))
    priority = np.frombuffer(log.request_priority, np.int8)
    for column in (columns.arrived, columns.left, priority, columns.loops):
        update(_bytes(columns, column[by_name]))
    if (columns.subject >= 0).any():
        update(_bytes(columns, columns.subject[by_name]))
    outcomes = sorted(log.outcomes)
    rank = np.array([*(outcomes.index(name) for name in log.outcomes), -1])
    # -1 of those under way is the last. A log that is still written has no names of outcomes yet: none counts.
    ending = columns.ending[by_name]
    finished = rank[np.where(ending < len(outcomes), ending, -1)]
    seen = np.flatnonzero(np.bincount(finished[finished >= 0], minlength=1))
    update("\n".join(outcomes[code] for code in seen.tolist()).encode())
    update(_bytes(columns, np.where(finished >= 0, np.searchsorted(seen, finished), -1)))


def _in_order(columns: Columns, requests: Integers, activities: Integers) -> Integers:
    """Rows by end, start, request and activity. They are written in the order of their ends, so that only those that
    end in the same second have to be put in order."""
    np, ended = columns.np, columns.ended
    steps = np.diff(ended)
    order: Integers = np.arange(len(ended))
    if (steps < 0).any():
        found: Integers = np.lexsort((activities, requests, columns.started, ended))
        return found
    same = np.zeros(len(ended), bool)
    same[1:] = steps == 0
    same[:-1] |= steps == 0
    tied = np.flatnonzero(same)
    keys = (activities[tied], requests[tied], columns.started[tied], ended[tied])
    order[tied] = tied[np.lexsort(keys)]
    return order


def _by_name(columns: Columns) -> Integers:
    """Requests in the order of their names, ``flow#number``, without comparing them letter by letter."""
    np, log = columns.np, columns.log
    flows = sorted({f"{kind.flow}#" for kind in log.kinds})
    place = {name: rank for rank, name in enumerate(flows)}
    flow = np.array([place[f"{kind.flow}#"] for kind in log.kinds] or [0])[columns.kind]
    number = np.frombuffer(log.request_number, np.int64)
    digits = np.ones(len(number), np.int64)
    most = 10
    while (longer := number >= most).any():
        digits += longer
        most *= 10
    # As words: 1, 10, 100, 11 …: filled up with noughts, and the shorter first.
    filled = number * 10 ** (digits.max(initial=1) - digits)
    found: Integers = np.lexsort((digits, filled, flow))
    return found


def _bytes(columns: Columns, column: NDArray[numpy.integer]) -> bytes:
    found: bytes = column.astype("<i8").tobytes()
    return found
