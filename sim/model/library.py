"""Records by kind and id, each file read once; the folders they are looked for in, and no other.

Ids are looked up in the scenario's own folder first, then in the library that ships with the package.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath

from sim.i18n import Words, say
from sim.model.base import Header, usable_id
from sim.model.data import Data
from sim.model.problems import MOST, Problem, did_you_mean, named
from sim.model.reading import MAXIMUM_CHARACTERS, Document, read_known
from sim.model.references import references
from sim.model.validation import KINDS, validate

FOLDERS = {
    "case": "cases",
    "world": "worlds",
    "policy": "policies",
    "behaviour": "library/behaviour",
    "channel": "library/channels",
    "coverage": "library",
    "form": "library/forms",
    "glossary": "library/glossaries",
    "guidance": "library/guidance",
    "holidays": "library/holidays",
    "instrument": "library/instruments",
    "jurisdiction": "library/jurisdictions",
    "lever": "library/levers",
    "measure": "library/measures",
    "procedure": "library/procedures",
    "service": "library/services",
}
"""Where the files of each kind stand under a scenario folder."""

Key = tuple[str, str]
"""Kind and id."""


def shipped_folder() -> FilePath:
    """The scenario folder that ships with the package (in a wheel), or stands beside it (in a checkout)."""
    package = FilePath(__file__).resolve().parent.parent
    inside = package / "_shipped" / "scenarios"
    return inside if inside.is_dir() else package.parent / "scenarios"


def scenario_folder(path: FilePath) -> FilePath:
    """The scenario folder a file belongs to: the one whose ``cases``, ``worlds`` or ``library`` it stands in;
    otherwise the folder it is in."""
    path = path.absolute()
    for inner in FOLDERS.values():
        depth = inner.count("/") + 1
        if path.parts[-depth - 1 : -1] == tuple(inner.split("/")):
            outer = path.parents[depth]
            if (outer / "library").is_dir() or (outer / "worlds").is_dir():
                return outer
    return path.parent


ENDINGS = (".yaml", ".yml", ".YAML", ".YML")
"""How the names of scenario files end; the first is what is meant where several files have one name."""


def is_named_as_one(path: FilePath) -> bool:
    """Whether a name is that of a scenario file."""
    return path.suffix.lower() in ENDINGS


def files(folder: FilePath) -> Iterator[FilePath]:
    """Every scenario file under a folder, in order."""
    yield from sorted(path for path in folder.rglob("*.[yY]*[mM][lL]") if is_named_as_one(path))


@dataclass
class Library:
    """Records by kind and id, read when first asked for. Collects problems instead of raising."""

    folders: tuple[FilePath, ...]
    """Where to look, in this order."""
    problems: list[Problem] = field(default_factory=list)
    """Everything wrong in the files read so far."""
    documents: dict[Key, Document] = field(default_factory=dict)
    records: dict[Key, Header | None] = field(default_factory=dict)
    """What has been asked for; None where there is no such file or it has problems."""
    patches: Mapping[Key, Data] = field(default_factory=dict)
    """Data that replaces a file's data (a lever's changes), by kind and id."""
    opened: dict[FilePath, Document] = field(default_factory=dict)
    """The files read so far."""

    def ids(self, kind: str) -> list[str]:
        """Every id of a kind that can be found."""
        found = set()
        for folder in self.folders:
            places = [folder / FOLDERS[kind], *([folder] if folder != shipped_folder() else [])]
            found |= {path.stem for place in places for path in place.glob("*.[yY]*[mM][lL]") if is_named_as_one(path)}
        return sorted(found)

    def find(self, kind: str, id_: str) -> FilePath | None:
        """The file that describes ``id_``, or None. It may be a link that leads out of the folder: see `get`."""
        if "/" in id_ or "\\" in id_:
            return None
        for folder in self.folders:
            for place in (folder / FOLDERS[kind], folder):
                for ending in ENDINGS:
                    if is_file(path := place / f"{id_}{ending}"):
                        return path
        return None

    def get(self, kind: str, id_: str) -> Header | None:
        """The record, or None (with its problems collected)."""
        key = (kind, id_)
        if key not in self.records:
            self.records[key] = None
            path = self.find(kind, id_)
            if path is not None:
                self.read(path, kind)
        return self.records[key]

    def read(self, path: FilePath, kind: str | None = None) -> Header | None:
        """The record of a file (of any kind unless one is needed), or None (with its problems collected)."""
        document = self._open(path)
        if kind is not None and document.data is not None and (kind, path.stem) in self.patches:
            document = replace(document, data=self.patches[kind, path.stem])
        record, problems = validate(document)
        if record is not None:
            problems += self._misplaced(record, document, path, kind)
        self.problems += problems
        if record is None or problems:
            if kind is not None:
                self.documents.setdefault((kind, path.stem), document)
            return None
        self.documents[record.kind, record.id] = document
        self.records[record.kind, record.id] = record
        return record

    def _open(self, path: FilePath) -> Document:
        if path not in self.opened:
            self.opened[path] = self._read_inside(path)
        return self.opened[path]

    def _read_inside(self, path: FilePath) -> Document:
        shown = _shown(path)
        if not any(path.resolve().is_relative_to(folder.resolve()) for folder in self.folders):
            message = say("this is a link to a file outside the scenario's folders, which is never read")
            return Document(shown, problems=[Problem(shown, 1, 1, "R302", message, say("put a copy here instead"))])
        try:
            if not path.is_file():  # a pipe would wait for ever
                return Document(shown, problems=[Problem(shown, 1, 1, "R308", say("this is not a file"))])
            with path.open("rb") as file:
                return read_known(file.read(4 * MAXIMUM_CHARACTERS + 1), shown)
        except OSError as error:
            message = say(
                "cannot be read: {reason}", reason=error.strerror.lower() if error.strerror else say("unknown reason")
            )
            return Document(shown, problems=[Problem(shown, 1, 1, "R308", message)])

    def _misplaced(self, record: Header, document: Document, path: FilePath, kind: str | None) -> Iterator[Problem]:
        if record.id != path.stem:
            message = say("the file is called {stem!r} but its id is {id!r}", stem=path.stem, id=record.id)
            yield document.problem("R303", message, ("id",), _one_name(path.stem, record.id))
        if kind is not None and record.kind != kind:
            yield document.problem(
                "F208",
                say("this is a {kind}, where a {wanted} is needed", kind=named(record.kind), wanted=named(kind)),
                ("kind",),
            )

    def close_over(self, record: Header) -> tuple[dict[str, dict[str, Header]], bool]:
        """The record and all it refers to, directly or not, by kind and id; and whether all of it was found."""
        found: dict[str, dict[str, Header]] = {kind: {} for kind in KINDS}
        found[record.kind][record.id] = record
        frontier, complete, missing, known = [record], True, 0, _KnownIds(self)
        while frontier:
            current = frontier.pop()
            document = self.documents[current.kind, current.id]
            for path, kind, id_ in references(current):
                if id_ in found[kind]:
                    continue
                other = self.get(kind, id_)
                if other is None:
                    complete = False
                    if self.find(kind, id_) is None:
                        missing += 1
                        if missing > MOST + 1:  # one more, so that it is said that there are more
                            continue
                        inline = getattr(current, "procedures", ()) if kind == "procedure" else ()
                        hint = did_you_mean(id_, [*known[kind], *inline])
                        self.problems.append(
                            document.problem(
                                "R301", say("there is no {kind} {id!r}", kind=named(kind), id=id_), path, hint
                            )
                        )
                    continue
                found[kind][id_] = other
                frontier.append(other)
        return {kind: dict(sorted(records.items())) for kind, records in found.items()}, complete


class _KnownIds(dict[str, list[str]]):
    """Ids by kind, looked for once."""

    def __init__(self, library: Library):
        super().__init__()
        self.library = library

    def __missing__(self, kind: str) -> list[str]:
        self[kind] = self.library.ids(kind)
        return self[kind]


def _one_name(stem: str, id_: str) -> Words:
    """How a file and its id come to one name. A copy that a file manager made has a name that no id can have."""
    usable = usable_id(stem)
    if usable == stem:
        return say("write id: {stem}, or rename the file", stem=stem)
    if not usable:
        return say("call the file {id}.yaml", id=id_)
    return say("write id: {usable}, and call the file {usable}.yaml", usable=usable)


def is_file(path: FilePath) -> bool:
    """Whether there is such a file; no, too, where the system would not even look (a name far too long)."""
    try:
        return path.is_file()
    except OSError:
        return False


def _shown(path: FilePath) -> str:
    """The path as people know it: from the current folder where it lies below it."""
    try:
        return path.absolute().relative_to(FilePath.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
