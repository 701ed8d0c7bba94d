"""What an experiment has observed so far, held by figure and not by replication, and what can be asked of it."""

from __future__ import annotations

import hashlib
import json
import math
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sim.i18n import NOTHING, Words, joined, say
from sim.model.measures import GROUPS, MEASURES, Key, group_in_words
from sim.policy.experiments.alternatives import BASELINE
from sim.record.changes import Change, change_of
from sim.record.statistics import Interval, mean_interval, paired_difference

if TYPE_CHECKING:
    from sim.policy.experiments.experiment import Experiment


@dataclass(frozen=True)
class Observation:
    """What one replication of one alternative came to: figures and the hash of its event table, or why it failed."""

    alternative: str
    replication: int
    figures: Mapping[Key, float] = field(default_factory=dict)
    sha256: str = ""
    error: str = ""
    made_by: Words = field(default=NOTHING, compare=False)
    """Which engine made it, and why another could not; nothing where it was kept and read again."""


class _Columns:
    """Observations of one alternative: a column of numbers for each figure, eight bytes for each replication."""

    def __init__(self) -> None:
        self.row: dict[int, int] = {}
        """Row of each replication, in the order in which they came."""
        self.hashes: list[bytes] = []
        self.errors: dict[int, str] = {}
        """By replication."""
        self.figures: dict[Key, array[float]] = {}

    def add(self, observation: Observation) -> None:
        row = self.row.setdefault(observation.replication, len(self.row))
        if row == len(self.hashes):
            self.hashes.append(b"")
        self.hashes[row] = bytes.fromhex(observation.sha256)
        self.errors.pop(observation.replication, None)
        if observation.error:
            self.errors[observation.replication] = observation.error
        for key, value in observation.figures.items():
            column = self.figures.setdefault(key, array("d"))
            # A figure may be missing in some replications: nothing was counted for it.
            column.extend([math.nan] * (row + 1 - len(column)))
            column[row] = value

    def values(self, key: Key) -> dict[int, float]:
        column = self.figures.get(key, array("d"))
        rows = sorted(self.row.items())
        return {r: column[row] for r, row in rows if row < len(column) and not math.isnan(column[row])}


class Results:
    """Observations of an experiment, and what can be asked of them. Memory: eight bytes for each figure observed."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self._columns: dict[str, _Columns] = {}
        self._made_by: dict[Words, int] = {}

    @property
    def made_by(self) -> list[tuple[Words, int]]:
        """How many observations which engine made here; where compiled code could not, it is said what."""
        return sorted(self._made_by.items(), key=lambda one: str(one[0]))

    def add(self, observation: Observation) -> None:
        """Take in one more; one that is there already is replaced."""
        if observation.made_by:
            self._made_by[observation.made_by] = self._made_by.get(observation.made_by, 0) + 1
        self._columns.setdefault(observation.alternative, _Columns()).add(observation)

    def __contains__(self, what: tuple[str, int]) -> bool:
        """Whether (alternative, replication) has been observed, or has failed."""
        name, replication = what
        return name in self._columns and replication in self._columns[name].row

    def __len__(self) -> int:
        """Number of observations, failed ones included."""
        return sum(len(columns.row) for columns in self._columns.values())

    @property
    def observations(self) -> Iterator[Observation]:
        """Every observation, alternatives by name and replications in order."""
        for name, columns in sorted(self._columns.items()):
            for replication, row in sorted(columns.row.items()):
                figures = {
                    key: column[row]
                    for key, column in columns.figures.items()
                    if row < len(column) and not math.isnan(column[row])
                }
                error = columns.errors.get(replication, "")
                yield Observation(name, replication, figures, columns.hashes[row].hex(), error)

    def replications(self, alternative: str) -> list[int]:
        """Replications of an alternative that have been observed or have failed, in order."""
        return sorted(self._columns[alternative].row) if alternative in self._columns else []

    @property
    def failures(self) -> list[Observation]:
        """Replications that failed, in order."""
        return [
            Observation(name, replication, error=error)
            for name, columns in sorted(self._columns.items())
            for replication, error in sorted(columns.errors.items())
        ]

    @property
    def sha256(self) -> str:
        """Hash of all observations, in whatever order they came: the same experiment gives the same hash."""
        digest = hashlib.sha256(self.experiment.identity.encode())
        for name, columns in sorted(self._columns.items()):
            for replication, row in sorted(columns.row.items()):
                error = columns.errors.get(replication, "")
                digest.update(json.dumps([name, replication, columns.hashes[row].hex(), error]).encode())
        return digest.hexdigest()

    def keys(self, alternative: str = BASELINE) -> list[Key]:
        """Figures that some replication of an alternative has: of all requests, of their groups, then by name."""
        return sorted(self._columns[alternative].figures, key=_order) if alternative in self._columns else []

    def values(self, alternative: str, key: Key) -> dict[int, float]:
        """A figure of an alternative by replication; failed ones are left out."""
        return self._columns[alternative].values(key) if alternative in self._columns else {}

    def pairs(self, alternative: str, key: Key, against: str = BASELINE) -> list[tuple[float, float]]:
        """(against, alternative) of every replication that has both."""
        before, after = self.values(against, key), self.values(alternative, key)
        return [(before[r], after[r]) for r in sorted(before.keys() & after.keys())]

    def mean(self, alternative: str, key: Key, level: float = 0.95) -> Interval:
        """Mean of a figure with its interval."""
        return mean_interval(list(self.values(alternative, key).values()), level)

    def difference(self, alternative: str, key: Key, level: float = 0.95, against: str = BASELINE) -> Interval:
        """Mean paired difference of a figure with its interval."""
        pairs = self.pairs(alternative, key, against)
        return paired_difference([before for before, _ in pairs], [after for _, after in pairs], level)

    def change(
        self, alternative: str, key: Key, level: float = 0.95, together: float | None = None, family: str = ""
    ) -> Change | None:
        """What an alternative changes of a figure; None unless two replications at least have it in both. ``together``
        is the level at which it holds with the others of its ``family``."""
        pairs = self.pairs(alternative, key)
        if len(pairs) < 2:
            return None
        found = change_of(key, pairs, level, together)
        return replace(found, alternative=alternative, family=family, title=self.title_of(key.of))

    def title_of(self, of: str) -> Words:
        """What people call a group: for a corridor, the names of its States instead of their ids; an office's title."""
        world = self.experiment.world
        if of in world.world.offices:
            return joined([world.world.offices[of].title])
        requesting, joint, requested = of.rpartition("to ")
        if not joint or of in GROUPS:
            return group_in_words(of)
        names = [
            world.jurisdictions[state].title if state in world.jurisdictions else state
            for state in (requesting.strip(), requested)
        ]
        if not names[0]:
            return say("elsewhere to {requested}", requested=names[1])
        return say("{requesting} to {requested}", requesting=names[0], requested=names[1])


def _order(key: Key) -> tuple[int, str, int, str]:
    groups, measures = list(GROUPS), list(MEASURES)
    group = groups.index(key.of) if key.of in groups else len(groups)
    place = measures.index(key.measure) if key.measure in measures else len(measures)
    return group, key.of, place, key.measure
