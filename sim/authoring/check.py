"""What is wrong in scenario files: every problem of every file, each with its line, and nothing raised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sim.i18n import NOTHING, Words, say
from sim.model.library import FOLDERS, Library, files, is_file, shipped_folder
from sim.model.loading import finish, library_for
from sim.model.problems import Problem, did_you_mean, said_at_once


@dataclass(frozen=True)
class CheckReport:
    """What a check found."""

    problems: tuple[Problem, ...]
    """Every problem, each once, in file and line order."""
    files: int
    """How many files were read, those referred to included."""

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def check(paths_or_ids: Iterable[str | Path] | str | Path = ()) -> CheckReport:
    """Check files, folders (every ``.yaml`` or ``.yml`` under them) and ids of the shipped library; all of it if none
    is given.

    What does not exist or cannot be read is a problem like any other.

    >>> import sim
    >>> sim.check("silent-harbour").problems
    ()
    >>> [str(problem.message) for problem in sim.check("silent-harbor").problems]
    ['there is no such file or id']
    """
    wanted = [paths_or_ids] if isinstance(paths_or_ids, str | Path) else list(paths_or_ids)
    problems: list[Problem] = []
    libraries: dict[tuple[Path, ...], Library] = {}
    for path in dict.fromkeys(path for what in wanted or [shipped_folder()] for path in _files_meant(what, problems)):
        fresh = library_for(path)
        library = libraries.setdefault(fresh.folders, fresh)
        record = library.read(path)
        if record is not None:
            finish(library, record)
    for library in libraries.values():
        problems += library.problems
    opened = {path for library in libraries.values() for path in library.opened}
    return CheckReport(tuple(said_at_once(problems)), len(opened))


def _files_meant(what: str | Path, problems: list[Problem]) -> list[Path]:
    path = Path(what)
    try:
        if path.is_dir():
            found = list(files(path.absolute()))
            if not found:
                problems.append(
                    _missing(str(what), say("holds no .yaml file"), say("name a folder with scenario files"))
                )
            return found
    except OSError as error:  # a name too long, a folder that may not be read
        problems.append(_missing(str(what), say("cannot be read: {reason}", reason=error.strerror), NOTHING))
        return []
    if is_file(path):
        return [path.resolve()]
    shipped = Library((shipped_folder(),))
    by_id = [file for kind in FOLDERS if (file := shipped.find(kind, str(what))) is not None]
    if not by_id:
        known = [id_ for kind in FOLDERS for id_ in shipped.ids(kind)]
        problems.append(_missing(str(what), say("there is no such file or id"), did_you_mean(path.stem[:60], known)))
    return by_id


def _missing(what: str, message: Words, hint: Words) -> Problem:
    return Problem(what[:200].encode(errors="replace").decode(), 1, 1, "R308", message, hint)
