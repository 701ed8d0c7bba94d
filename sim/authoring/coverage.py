"""What the library holds and how sure it is; and, item by item, what covers the founding article."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from sim.errors import ScenarioError, UsageError
from sim.i18n import say
from sim.model.base import Origin, Reading
from sim.model.coverage import Coverage
from sim.model.figures import Figures, figures_of
from sim.model.instrument import Instrument
from sim.model.jurisdiction import Jurisdiction
from sim.model.library import FOLDERS, Library, shipped_folder
from sim.model.world import World

Status = Literal["passed", "failed", "tested", "missing", "tests not here"]
"""``tested``: files and tests exist, and were not run now. ``tests not here``: the package without its checkout."""

LISTED = sorted(set(FOLDERS) - {"case", "coverage", "policy", "world"})


@dataclass(frozen=True)
class Contents:
    """One kind of file in the library."""

    kind: str
    files: int
    marks: dict[str, int]
    """How many figures are published, read in a primary source, measured, or assumed."""


@dataclass(frozen=True)
class Provenance:
    """How many provisions of one instrument were read against a text."""

    id: str
    short: str
    """What people call it."""
    readings: dict[Reading, int]
    """How many are read against a text, from memory, or invented."""
    worlds: tuple[str, ...] = ()
    """Titles of the worlds in which it binds two States, or in which requests rest on it without a treaty."""

    @property
    def provisions(self) -> int:
        return sum(self.readings.values())


@dataclass(frozen=True)
class Covered:
    """One item of the founding article."""

    number: int
    named: str
    works: str
    files: tuple[str, ...]
    tests: tuple[str, ...]
    status: Status
    missing: tuple[str, ...] = ()
    """Files or tests that are named and do not exist."""


def contents_of() -> list[Contents]:
    """Every kind of file in the library that ships, with the marks of its figures. Raises `ScenarioError`."""
    library = _read(LISTED)
    found = []
    for kind in LISTED:
        marks: Counter[str] = Counter()
        for id_ in library.ids(kind):
            marks.update(_marks(library.get(kind, id_)))
        found.append(Contents(kind, len(library.ids(kind)), dict(marks)))
    return found


def provenance_of() -> list[Provenance]:
    """Every instrument that ships, with how its provisions were read. Raises `ScenarioError`."""
    library = _read(["instrument", "jurisdiction", "world"])
    worlds = [(world, _met_in(library, world)) for world in _worlds(library)]
    found = []
    for id_ in library.ids("instrument"):
        record = library.get("instrument", id_)
        assert isinstance(record, Instrument)
        readings = Counter(record.sureness_of(provision) for provision in record.provisions)
        met = tuple(world.title for world, ids in worlds if id_ in ids)
        found.append(Provenance(id_, record.short, dict(readings), met))
    return found


def _worlds(library: Library) -> list[World]:
    """Worlds of States; networks of queues have none."""
    records = (library.get("world", id_) for id_ in library.ids("world"))
    return [record for record in records if isinstance(record, World) and record.jurisdictions]


def _met_in(library: Library, world: World) -> set[str]:
    """Instruments that bind two States of a world, or on which a flow between two of them rests."""
    profiles = (library.get("jurisdiction", state) for state in world.jurisdictions)
    parties = Counter(id_ for one in profiles if isinstance(one, Jurisdiction) for id_ in one.instruments)
    treaties = {treaty.instrument for treaty in world.treaties}
    flows = {flow.instrument for flow in world.demand.values() if flow.instrument and flow.from_}
    return {id_ for id_, count in parties.items() if count > 1} | treaties | flows


def _marks(record: object) -> Iterator[str]:
    """The mark of every origin and recommendation in a record."""
    if hasattr(record, "sureness"):
        yield record.sureness
    if isinstance(record, Figures):  # an origin may speak of several figures there
        yield from (figure.mark for figure in figures_of("", record, {}))
        return
    if isinstance(record, Origin):
        yield record.mark
        return
    if isinstance(record, dict):
        values = list(record.values())
    elif isinstance(record, tuple | list):
        values = list(record)
    else:
        values = [getattr(record, name) for name in getattr(type(record), "model_fields", ())]
    for value in values:
        yield from _marks(value)


def coverage_of(*, run: bool = False) -> list[Covered]:
    """Every item, in order. With ``run`` the tests named are run (in a checkout) and say whether they pass.

    Raises `UsageError` if they are to be run where there are none.
    """
    record = _read(["coverage"]).get("coverage", "coverage")
    assert isinstance(record, Coverage)
    top = shipped_folder().parent
    here = (top / "tests").is_dir()
    if run and not here:
        raise UsageError(say("the tests are not part of the installed package — run this in a checkout of the project"))
    results = _results(top, record) if run else {}
    found = []
    for number, row in record.rows.items():
        missing = [file for file in row.files if here and not (top / file).is_file()]
        missing += [test for test in row.tests if here and not _exists(top, test)]
        status: Status = "tests not here" if not here else "missing" if missing else "tested"
        if run and not missing:
            status = "passed" if all(results.get(test, False) for test in row.tests) else "failed"
        found.append(Covered(int(number), row.named, row.works, row.files, row.tests, status, tuple(missing)))
    return found


def _read(kinds: list[str]) -> Library:
    """The library that ships, with every file of some kinds read."""
    library = Library((shipped_folder(),))
    for kind in kinds:
        for id_ in library.ids(kind):
            library.get(kind, id_)
    if library.problems:
        raise ScenarioError(library.problems)
    return library


def _exists(top: Path, test: str) -> bool:
    path, _, name = test.partition("::")
    return (top / path).is_file() and (not name or name in _functions(top / path))


@cache
def _functions(path: Path) -> frozenset[str]:
    """Names of the functions in a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def _results(top: Path, record: Coverage) -> dict[str, bool]:
    """Whether each test named passes; a test passes if all its cases do."""
    tests = sorted({test for row in record.rows.values() for test in row.tests})
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rA", "--tb=no", *tests]
    done = subprocess.run(command, cwd=top, capture_output=True, text=True, check=False)
    outcomes: dict[str, list[bool]] = {test: [] for test in tests}
    for line in done.stdout.splitlines():
        word, _, rest = line.partition(" ")
        if word in ("PASSED", "FAILED", "ERROR"):
            name = rest.split("[")[0].split(" - ")[0].strip()
            for test in tests:
                if name == test or name.startswith(f"{test}::"):
                    outcomes[test].append(word == "PASSED")
    return {test: bool(found) and all(found) for test, found in outcomes.items()}
