"""Files to scenarios: a world or a case with everything it refers to, by id, each file read once.

Ids are looked up in the scenario's own folder first, then in the library that ships with the package. No other
path is ever opened.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any, TypeVar

from pydantic import BaseModel

from sim.errors import ScenarioError, UsageError
from sim.model.case import Case
from sim.model.instrument import Instrument
from sim.model.jurisdiction import Jurisdiction
from sim.model.problems import Problem, did_you_mean
from sim.model.procedure import Channel, Measure, Procedure
from sim.model.reading import MAXIMUM_CHARACTERS, Document, read
from sim.model.references import fitting, references
from sim.model.validation import KINDS, validate
from sim.model.world import Lever, World

FOLDERS = {
    "case": "cases",
    "world": "worlds",
    "channel": "library/channels",
    "instrument": "library/instruments",
    "jurisdiction": "library/jurisdictions",
    "lever": "library/levers",
    "measure": "library/measures",
    "procedure": "library/procedures",
}
"""Where the files of each kind stand under a scenario folder."""

Found = TypeVar("Found", bound=BaseModel)


def shipped_folder() -> FilePath:
    """The scenario folder that ships with the package (in a wheel), or stands beside it (in a checkout)."""
    package = FilePath(__file__).resolve().parent.parent
    inside = package / "_shipped" / "scenarios"
    return inside if inside.is_dir() else package.parent / "scenarios"


@dataclass
class Library:
    """Records by kind and id, read when first asked for. Collects problems instead of raising."""

    folders: tuple[FilePath, ...]
    problems: list[Problem] = field(default_factory=list)
    documents: dict[tuple[str, str], Document] = field(default_factory=dict)
    records: dict[tuple[str, str], BaseModel | None] = field(default_factory=dict)
    patches: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    """Data that replaces a file's data (a lever's changes), by kind and id."""

    def ids(self, kind: str) -> list[str]:
        """Every id of a kind that can be found."""
        found = set()
        for folder in self.folders:
            found |= {path.stem for path in (folder / FOLDERS[kind]).glob("*.yaml")}
            if folder != shipped_folder():
                found |= {path.stem for path in folder.glob("*.yaml")}
        return sorted(found)

    def find(self, kind: str, id_: str) -> FilePath | None:
        """The file that describes ``id_``, or None."""
        for folder in self.folders:
            for path in (folder / FOLDERS[kind] / f"{id_}.yaml", folder / f"{id_}.yaml"):
                if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
                    return path
        return None

    def get(self, kind: str, id_: str) -> BaseModel | None:
        """The record, or None (with its problems collected)."""
        key = (kind, id_)
        if key not in self.records:
            self.records[key] = None
            path = self.find(kind, id_)
            if path is not None:
                self._read(path, kind)
        return self.records[key]

    def _read(self, path: FilePath, kind: str | None) -> BaseModel | None:
        document = _open(path)
        if kind is not None and isinstance(document.data, dict) and (kind, document.data.get("id")) in self.patches:
            document.data = self.patches[kind, document.data["id"]]
        record, problems = validate(document)
        if record is not None:
            if record.id != path.stem:
                problems.append(
                    document.problem(
                        "R303",
                        f"the file is called {path.stem!r} but its id is {record.id!r}",
                        ("id",),
                        f"write id: {path.stem}, or rename the file",
                    )
                )
            if kind is not None and record.kind != kind:
                problems.append(
                    document.problem("F208", f"this is a {record.kind}, where a {kind} is needed", ("kind",))
                )
        self.problems += problems
        if record is None or problems:
            if kind is not None:
                self.documents.setdefault((kind, path.stem), document)
            return None
        self.documents[record.kind, record.id] = document
        self.records[record.kind, record.id] = record
        return record

    def close_over(self, record: BaseModel) -> dict[str, dict[str, BaseModel]]:
        """The record and all it refers to, directly or not, by kind and id."""
        found: dict[str, dict[str, BaseModel]] = {kind: {} for kind in KINDS}
        found[record.kind][record.id] = record
        frontier = [record]
        while frontier:
            current = frontier.pop()
            document = self.documents[current.kind, current.id]
            for path, kind, id_ in references(current):
                if id_ in found[kind]:
                    continue
                other = self.get(kind, id_)
                if other is None:
                    if self.find(kind, id_) is None:
                        self.problems.append(
                            document.problem(
                                "R301", f"there is no {kind} {id_!r}", path, did_you_mean(id_, self.ids(kind))
                            )
                        )
                    continue
                found[kind][id_] = other
                frontier.append(other)
        return {kind: dict(sorted(records.items())) for kind, records in found.items()}


@dataclass(frozen=True)
class Scenario:
    """A world or a case with everything it refers to. Frozen; compares by its hash."""

    kind: str
    id: str
    records: Mapping[str, Mapping[str, Any]] = field(repr=False, compare=False)
    data: Mapping[tuple[str, str], Any] = field(repr=False, compare=False)
    """Each file's data as written, by kind and id."""
    library: Library = field(repr=False, compare=False)
    hash: str = ""
    """SHA-256 of the data of all files; the order of keys, comments and layout do not matter."""
    levers: tuple[str, ...] = ()
    """Levers applied, in order."""

    @property
    def record(self) -> Any:
        """The world or the case itself."""
        return self.records[self.kind][self.id]

    @property
    def title(self) -> str:
        return self.record.title

    @cached_property
    def case(self) -> Case | None:
        return self.record if self.kind == "case" else None

    @cached_property
    def world(self) -> World:
        return self.records["world"][self.case.world] if self.case else self.record

    @property
    def jurisdictions(self) -> Mapping[str, Jurisdiction]:
        return self.records["jurisdiction"]

    @property
    def instruments(self) -> Mapping[str, Instrument]:
        return self.records["instrument"]

    @property
    def channels(self) -> Mapping[str, Channel]:
        return self.records["channel"]

    @property
    def measures(self) -> Mapping[str, Measure]:
        return self.records["measure"]

    @cached_property
    def procedures(self) -> Mapping[str, Procedure]:
        return {**self.records["procedure"], **self.world.procedures}

    def find(self, kind: str, id_: str) -> Any:
        """A record of this scenario, or of the library where the scenario does not use it; None if nowhere."""
        return self.records[kind].get(id_) or self.library.get(kind, id_)


def load(what: str | FilePath) -> Scenario:
    """A world or a case, by id from the shipped library or by path of a YAML file.

    Raises `ScenarioError` with every problem found, `UsageError` if there is no such id or file.
    """
    scenario, problems = examine(what)
    if problems:
        raise ScenarioError(problems)
    assert scenario is not None
    return scenario


def examine(what: str | FilePath) -> tuple[Scenario | None, list[Problem]]:
    """As `load`, but returns the problems instead of raising them. A library file alone gives no scenario."""
    library, record = _start(what)
    if record is None:
        return None, sorted(set(library.problems))
    return _finish(library, record)


def load_lever(what: str | FilePath) -> Lever:
    """A lever by id or path."""
    library, record = _start(what, kinds=("lever",))
    if library.problems:
        raise ScenarioError(sorted(set(library.problems)))
    if not isinstance(record, Lever):
        raise UsageError(f"{what} is a {record.kind if record else 'broken file'}, not a lever")
    return record


def with_data(scenario: Scenario, changed: Mapping[tuple[str, str], Any], levers: tuple[str, ...] = ()) -> Scenario:
    """The same scenario with the data of some files replaced; validated like the original."""
    library = Library(scenario.library.folders, patches=changed)
    record = library.get(scenario.kind, scenario.id)
    if record is None:
        raise ScenarioError(sorted(set(library.problems)))
    changed_scenario, problems = _finish(library, record, levers)
    if problems:
        raise ScenarioError(problems)
    assert changed_scenario is not None
    return changed_scenario


def available(kind: str, folder: FilePath | None = None) -> list[str]:
    """Ids of a kind in the shipped library (or in ``folder``)."""
    return Library((folder or shipped_folder(),)).ids(kind)


def load_text(text: str, file: str = "text.yaml") -> tuple[BaseModel | None, list[Problem]]:
    """One file's record from text alone, or its problems; ids outside it are not followed. Never raises."""
    return validate(read(text, file))


def _start(what: str | FilePath, kinds: tuple[str, ...] = ("case", "world")) -> tuple[Library, BaseModel | None]:
    path = FilePath(what)
    shipped = shipped_folder()
    if isinstance(what, str) and path.suffix != ".yaml" and len(path.parts) == 1 and not path.exists():
        library = Library((shipped,))
        for kind in kinds:
            if library.find(kind, what) is not None:
                return library, library.get(kind, what)
        known = [id_ for kind in kinds for id_ in library.ids(kind)]
        raise UsageError(f"there is no {' or '.join(kinds)} called {what!r} — {did_you_mean(what, known)}")
    if not path.is_file():
        raise UsageError(f"there is no file {str(what)!r} — give the path of a .yaml file, or an id from mlasim list")
    own = path.resolve().parent
    for parent in own.parents:
        if (parent / "library").is_dir() and own.is_relative_to(parent):
            own = parent
            break
    library = Library((own,) if own == shipped.resolve() else (own, shipped))
    return library, library._read(path.resolve(), None)


def _finish(library: Library, record: BaseModel, levers: tuple[str, ...] = ()) -> tuple[Scenario | None, list[Problem]]:
    records = library.close_over(record)
    data = {(kind, id_): library.documents[kind, id_].data for kind, by_id in records.items() for id_ in by_id}
    canonical = json.dumps(
        [[kind, id_, data[kind, id_]] for kind, id_ in sorted(data)], sort_keys=True, ensure_ascii=False
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    scenario = Scenario(record.kind, record.id, records, data, library, digest, levers)
    if not library.problems and record.kind in ("case", "world"):
        for kind, id_, path, code, message, hint in fitting(scenario):
            library.problems.append(library.documents[kind, id_].problem(code, message, path, hint))
    problems = sorted(set(library.problems))
    return (None if problems else scenario), problems


def _open(path: FilePath) -> Document:
    shown = _shown(path)
    try:
        with path.open("rb") as file:
            return read(file.read(4 * MAXIMUM_CHARACTERS + 1), shown)
    except OSError as error:
        return Document(shown, problems=[Problem(shown, 1, 1, "R308", f"cannot be read: {error.strerror}")])


def _shown(path: FilePath) -> str:
    """The path as people know it: from the current folder where it lies below it."""
    try:
        return path.resolve().relative_to(FilePath.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def copied_data(scenario: Scenario) -> dict[tuple[str, str], Any]:
    """A deep copy of the scenario's data, for changing it."""
    return copy.deepcopy(dict(scenario.data))


def files(folder: FilePath) -> Iterator[FilePath]:
    """Every scenario file under a folder, in order."""
    yield from sorted(folder.rglob("*.yaml"))
