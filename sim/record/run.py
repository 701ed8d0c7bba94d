"""A run and what can be asked of it: figures, tables, exports, and the hash of its event table."""

from __future__ import annotations

import hashlib
import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.engine.executor import simulate
from sim.engine.log import EventLog
from sim.engine.plan import Plan
from sim.engine.public_holidays import NotKept, not_kept
from sim.errors import UsageError
from sim.i18n import Words, say
from sim.model.durations import YEAR
from sim.model.loading import Scenario, load
from sim.record import tables
from sim.record.kpis import Kpis, kpis_of
from sim.record.measures import Cohort, in_columns

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, repr=False)
class Run:
    """One run of a world."""

    log: EventLog
    scenario: Scenario
    seed: int
    replication: int = 0

    @property
    def sha256(self) -> str:
        """Hash of the event table: the same scenario, seed and replication give the same hash on every machine."""
        return hash_of(self.log)

    @property
    def made_by(self) -> Words:
        """Which engine made it, and why another one could not where that was asked first; the run is the same."""
        return made_by(self.log)

    @property
    def hangs_on(self) -> tuple[NotKept, ...]:
        """Public holidays that the run met and the library does not keep, so that its hash hangs on the version of the
        calendar package; empty where it hangs on nothing of the kind."""
        return not_kept(self.scenario, self.log.epoch, self.log.ended_at)

    def kpis(self, flows: Sequence[str] | None = None, *, durations_of: Cohort = "finished") -> Kpis:
        """Figures of the run after its warm-up; of some flows only, if they are named.

        ``durations_of``: whose durations count, see `sim.record.measures`.
        """
        return kpis_of(self.log, flows, durations_of=durations_of)

    def table(self) -> pandas.DataFrame:
        """The event table: one row per activity of a request."""
        return tables.activities(self.log)

    def requests(self) -> pandas.DataFrame:
        """One row per request, with its days by cause."""
        return tables.requests(self.log)

    def offices(self) -> pandas.DataFrame:
        """One row per office."""
        return tables.offices(self.log)

    def to_csv(self, folder: str | Path) -> list[Path]:
        """Write the three tables as CSV; returns the files."""
        return tables.write(self.log, Path(folder), "csv")

    def to_parquet(self, folder: str | Path) -> list[Path]:
        """Write the three tables as Parquet; needs the extra ``parquet``."""
        return tables.write(self.log, Path(folder), "parquet")

    def __repr__(self) -> str:
        # Not the columns of the log: a notebook keeps the repr of whatever it shows.
        rows, requests = len(self.log.request), len(self.log.request_kind)
        where = f"{self.scenario.id!r}, seed={self.seed}, replication={self.replication}"
        return f"<Run {where}: {rows:,} activities of {requests:,} requests>"

    def __str__(self) -> str:
        lines = [f"{self.scenario.title}, seed {self.seed}, replication {self.replication}", str(self.kpis())]
        return "\n".join([*lines, *(str(one.words) for one in self.hangs_on)])

    def _repr_html_(self) -> str:
        return self.kpis()._repr_html_()


def run(
    world: str | Scenario,
    *,
    years: float = 3.0,
    seed: int = 0,
    replication: int = 0,
    warm_up: float | None = None,
    plan: Plan | None = None,
) -> Run:
    """Run a world's background demand for ``years`` after its warm-up (in years; the world's own unless given).

    ``plan`` saves compiling the same world again. Raises `UsageError` for a case or for years out of range.

    >>> import sim
    >>> one, again = (sim.run("meridian", years=0.02, warm_up=0, seed=1) for _ in range(2))
    >>> one.sha256 == again.sha256, len(one.table()) > 0
    (True, True)
    """
    scenario = world if isinstance(world, Scenario) else load(world)
    if scenario.kind != "world":
        raise UsageError(
            say("{id!r} is a {kind}; only a world can be run — a case is played", id=scenario.id, kind=scenario.kind)
        )
    if not 0 < years <= 100:
        raise UsageError(say("years must be above 0 and at most 100"))
    if warm_up is not None and not 0 <= warm_up <= 100:
        raise UsageError(say("the warm-up must be 0 to 100 years"))
    given = scenario.world.warm_up
    own = given.seconds()[0] if given is not None else 0.0
    left_out = round(own if warm_up is None else warm_up * YEAR)
    until = round(left_out + years * YEAR)
    log = simulate(scenario, until=until, seed=seed, replication=replication, warm_up=left_out, plan=plan)
    return Run(log, scenario, seed, replication)


def made_by(log: EventLog) -> Words:
    """Which engine made a log, and why compiled code could not where that was asked first."""
    if log.engine != "simpy":
        return say("made by compiled code")
    if log.not_compiled:
        return say("made by SimPy: compiled code cannot do {what}", what=log.not_compiled)
    return say("made by SimPy")


def hash_of(log: EventLog, more: str = "") -> str:
    """SHA-256 of the event table (and of ``more``).

    Rows go in by name, not by index, and in an order of their own (end, start, request, activity), so that nothing
    that leaves the rows alone, such as an office nobody uses, moves the hash. Numbers are little-endian 64-bit.
    """
    digest = hashlib.sha256()
    if in_columns(log) and not log.names:
        from sim.record.hash_columns import hashed

        hashed(log, digest.update)
        digest.update(more.encode())
        return digest.hexdigest()
    names = [log.request_name(index) for index in range(len(log.request_kind))]
    request_rank = _ranks(names, sorted(range(len(names)), key=names.__getitem__))
    used = sorted({(log.activities[index].flow, log.activities[index].name) for index in set(log.activity)})
    place = {key: rank for rank, key in enumerate(used)}
    activity_rank = [place.get((activity.flow, activity.name), -1) for activity in log.activities]
    requests = [request_rank[index] for index in log.request]
    activities = [activity_rank[index] for index in log.activity]
    keys = list(zip(log.ended, log.started, requests, activities, strict=True))
    order = sorted(range(len(keys)), key=keys.__getitem__)
    digest.update("\n".join("/".join(key) for key in used).encode())
    digest.update("\n".join(sorted(names)).encode())
    for column in (requests, activities, log.enabled, log.started, log.ended, log.outcome):
        digest.update(_bytes([column[row] for row in order]))
    by_name = sorted(range(len(names)), key=names.__getitem__)
    outcomes = sorted(log.outcomes)
    rank = {index: outcomes.index(name) for index, name in enumerate(log.outcomes)}
    for column in (log.request_arrived, log.request_left, log.request_priority, log.request_loops):
        digest.update(_bytes([column[index] for index in by_name]))
    if any(subject >= 0 for subject in log.request_subject):
        digest.update(_bytes([log.request_subject[index] for index in by_name]))
    finished = [rank.get(log.request_outcome[index], -1) for index in by_name]
    seen = sorted({outcomes[code] for code in finished if code >= 0})
    digest.update("\n".join(seen).encode())
    digest.update(_bytes([seen.index(outcomes[code]) if code >= 0 else -1 for code in finished]))
    digest.update(more.encode())
    return digest.hexdigest()


def _ranks(names: list[str], order: list[int]) -> list[int]:
    ranks = [0] * len(names)
    for rank, index in enumerate(order):
        ranks[index] = rank
    return ranks


def _bytes(values: Iterable[int]) -> bytes:
    column = array("q", values)
    if sys.byteorder == "big":
        column.byteswap()
    return column.tobytes()
