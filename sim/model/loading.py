"""Files to scenarios: a world or a case with everything it refers to, by id, each file read once."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice
from pathlib import Path as FilePath

from sim.errors import ScenarioError, UsageError
from sim.i18n import joined, say
from sim.model.base import Header
from sim.model.behaviour import TOPICS, Behaviour
from sim.model.cross_checks import fitting
from sim.model.data import Data
from sim.model.library import FOLDERS, Key, Library, files, is_file, is_named_as_one, scenario_folder, shipped_folder
from sim.model.policy import Policy, policy_fits
from sim.model.problems import MOST, Misfit, Problem, did_you_mean, named, said_at_once
from sim.model.reading import read
from sim.model.scenario import Applied, Question, Scenario, hash_of
from sim.model.validation import validate
from sim.model.world import Lever, World

__all__ = [
    "FOLDERS",
    "Applied",
    "Library",
    "Question",
    "Scenario",
    "available",
    "copied_data",
    "examine",
    "files",
    "finish",
    "library_for",
    "load",
    "load_lever",
    "load_policy",
    "load_text",
    "shipped_folder",
    "usual_behaviour",
    "with_data",
]


def load(what: str | FilePath) -> Scenario:
    """A world or a case, by id from the shipped library or by path of a YAML file.

    Raises `ScenarioError` with every problem found, `UsageError` if there is no such id or file.

    >>> import sim
    >>> case = sim.load("silent-harbour")
    >>> case.kind, case.case.role.jurisdiction
    ('case', 'lys')
    """
    scenario, problems = examine(what)
    if problems:
        raise ScenarioError(problems)
    if scenario is None:
        raise UsageError(say("{what} describes neither a world nor a case — try mlasim check", what=what))
    return scenario


def examine(what: str | FilePath) -> tuple[Scenario | None, list[Problem]]:
    """As `load`, but returns the problems instead of raising them. A library file alone gives no scenario."""
    library, record = _start(what)
    scenario = None if record is None else finish(library, record)
    problems = said_at_once(library.problems)
    return (None if problems else scenario), problems


def load_lever(what: str | FilePath) -> Lever:
    """A lever by id or path."""
    library, record = _start(what, kinds=("lever",))
    if record is None:
        raise ScenarioError(said_at_once(library.problems))
    if not isinstance(record, Lever):
        raise UsageError(say("{what} is a {kind}, not a lever", what=what, kind=named(record.kind)))
    return record


def load_policy(what: str | FilePath) -> Question:
    """A policy question by id or path, with its world and levers."""
    library, record = _start(what, kinds=("policy",))
    if record is not None and not isinstance(record, Policy):
        raise UsageError(say("{what} is a {kind}, not a policy question", what=what, kind=named(record.kind)))
    world = None
    if record is not None:
        finish(library, record)
        asked = library.get("world", record.world)
        world = finish(library, asked) if asked is not None else None
    if record is None or world is None or library.problems:
        raise ScenarioError(said_at_once(library.problems))
    names = dict.fromkeys(name for option in record.alternatives.values() for name in option.levers)
    levers = {name: found for name in names if isinstance(found := library.get("lever", name), Lever)}
    return Question(record, world, levers)


def with_data(
    scenario: Scenario, changed: Mapping[Key, Data], levers: tuple[str, ...] = (), applied: tuple[Applied, ...] = ()
) -> Scenario:
    """The same scenario with the data of some files replaced; validated like the original. No file is read again, and
    what stays is not looked at again by itself, but together with what is new."""
    before = scenario.library
    kept = [key for key in scenario.data if key not in changed and before.records.get(key) is not None]
    library = Library(
        before.folders,
        documents={key: before.documents[key] for key in kept},
        records={key: before.records[key] for key in kept},
        patches={**scenario.data, **changed},
        opened=dict(before.opened),
    )
    record = library.get(scenario.kind, scenario.id)
    changed_scenario = None if record is None else finish(library, record, levers, applied)
    if changed_scenario is None or library.problems:
        raise ScenarioError(said_at_once(library.problems))
    return changed_scenario


def available(kind: str, folder: FilePath | None = None) -> list[str]:
    """Ids of a kind in the shipped library (or in ``folder``).

    >>> import sim
    >>> "silent-harbour" in sim.available("case"), "meridian" in sim.available("world")
    (True, True)
    """
    return Library((folder or shipped_folder(),)).ids(kind)


def usual_behaviour() -> Behaviour:
    """The figures of behaviour that ship. Raises `ScenarioError` if their files have problems."""
    library = Library((shipped_folder(),))
    records = {topic: library.get("behaviour", topic) for topic in TOPICS}
    if library.problems:
        raise ScenarioError(said_at_once(library.problems))
    return Behaviour.of(records.__getitem__)


def load_text(text: str, file: str = "text.yaml") -> tuple[Header | None, list[Problem]]:
    """One file's record from text alone, or its problems; ids outside it are not followed. Never raises."""
    return validate(read(text, file))


def copied_data(scenario: Scenario) -> dict[Key, Data]:
    """A deep copy of the scenario's data, for changing it."""
    return copy.deepcopy(dict(scenario.data))


def _start(what: str | FilePath, kinds: tuple[str, ...] = ("case", "world")) -> tuple[Library, Header | None]:
    path = FilePath(what)
    if isinstance(what, str) and not is_named_as_one(path) and len(path.parts) == 1 and not is_file(path):
        library = Library((shipped_folder(),))
        for kind in kinds:
            if library.find(kind, what) is not None:
                return library, library.get(kind, what)
        known = [id_ for kind in kinds for id_ in library.ids(kind)]
        raise UsageError(
            say(
                "there is no {kinds} called {what!r} — {hint}",
                kinds=joined(map(named, kinds), " or "),
                what=what[:60],
                hint=did_you_mean(what[:60], known),
            )
        )
    if not is_file(path):
        shown = str(what)[:200]
        raise UsageError(
            say("there is no file {shown!r} — give the path of a .yaml file, or an id from mlasim list", shown=shown)
        )
    path = path.resolve()  # a link given by hand is followed
    library = library_for(path)
    return library, library.read(path)


def library_for(path: FilePath) -> Library:
    """The library that a file's references are looked up in."""
    own, shipped = scenario_folder(path), shipped_folder()
    return Library((own,) if own == shipped.resolve() else (own, shipped))


def finish(
    library: Library, record: Header, levers: tuple[str, ...] = (), applied: tuple[Applied, ...] = ()
) -> Scenario | None:
    """The scenario of a world or case with everything it refers to; None if it is neither, or if any of it has
    problems, which are then in the library."""
    records, complete = library.close_over(record)
    if complete and isinstance(record, Policy):
        world = records["world"][record.world]
        assert isinstance(world, World)
        _note(library, policy_fits(record, world))
    if not complete or record.kind not in ("case", "world"):
        return None
    data = {(kind, id_): library.documents[kind, id_].data for kind, by_id in records.items() for id_ in by_id}
    # What a case assumes itself is in its own data, which is part of the hash.
    behaviour = Behaviour.of(records["behaviour"].__getitem__) if records["behaviour"] else None
    identity = hash_of(data, behaviour)
    scenario = Scenario(record.kind, record.id, _as_supposed(records), data, library, identity, levers, applied)
    return None if _note(library, fitting(scenario)) else scenario


def _as_supposed(records: Mapping[str, Mapping[str, Header]]) -> Mapping[str, Mapping[str, Header]]:
    """The records of a scenario, in which instruments that its world supposes to be in force are."""
    days: dict[str, date] = {}
    for world in records["world"].values():
        assert isinstance(world, World)
        days.update(world.supposed_in_force)
    if not days:
        return records
    supposed = {id_: records["instrument"][id_].model_copy(update={"effective": day}) for id_, day in days.items()}
    return {**records, "instrument": {**records["instrument"], **supposed}}


def _note(library: Library, misfits: Iterable[Misfit]) -> bool:
    """Whether anything does not fit; it is then among the library's problems."""
    found = list(islice(misfits, MOST + 1))
    for kind, id_, path, code, message, hint in found:
        library.problems.append(library.documents[kind, id_].problem(code, message, path, hint))
    return bool(found)
