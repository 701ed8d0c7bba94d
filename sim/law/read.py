"""What the law reads of a scenario: worlds that differ in nothing of it need not be asked about the law twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from sim.model.data import Data
from sim.model.loading import Scenario

_NOT_READ: Mapping[str, frozenset[str]] = {
    "measure": frozenset({"steps"}),
    "channel": frozenset({"there", "back"}),
    "world": frozenset(
        {"offices", "demand", "procedures", "warm up", "working capacity", "claims", "prices", "origins"}
    ),
}
"""Sections of files that say how much there is to do, who does it and how long it takes."""
_NO_LAW = frozenset({"procedure", "behaviour"})
"""Kinds of files that say nothing else."""


def law_of(scenario: Scenario) -> str:
    """Hash of everything that answers about the law can hang on: scenarios that share it share these answers.

    Whatever is not known to be left alone counts. Instruments of the library that no file names count by when they were
    last written.
    """
    read = [(*key, _read(key[0], data)) for key, data in sorted(scenario.data.items()) if key[0] not in _NO_LAW]
    beside = [
        (str(path), (found := path.stat()).st_mtime_ns, found.st_size)
        for id_ in scenario.library.ids("instrument")
        if ("instrument", id_) not in scenario.data and (path := scenario.library.find("instrument", id_)) is not None
    ]
    return hashlib.sha256(json.dumps([scenario.day, read, beside], default=str).encode()).hexdigest()


def _read(kind: str, data: Data) -> Data:
    left_out = _NOT_READ.get(kind, frozenset())
    if not isinstance(data, dict) or not left_out:
        return data
    found = {name: value for name, value in data.items() if name not in left_out}
    if kind == "world" and isinstance(found.get("jurisdictions"), dict):
        found["jurisdictions"] = list(found["jurisdictions"])  # which States; not how they perform
    return found
