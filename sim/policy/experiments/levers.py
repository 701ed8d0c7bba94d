"""Levers: named changes of the process, applied as patches to a scenario's data and validated like the original.

Precedence: levers in the order given, each one's changes in the order of its file, upon what those before have left.
Factors and sums compose and keep their order; nothing is ever silently overwritten, because a value that is set goes
together with no other change of the same place. Single settings come after all levers, by the same rules. Every change
made stands in the scenario's ``applied``, with the number of places it met.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from sim.errors import UsageError
from sim.i18n import say
from sim.model.data import Data, Path
from sim.model.library import Key
from sim.model.loading import Applied, Scenario, load_lever, with_data
from sim.model.world import CHANGES, Lever, Patch

SETTINGS = "settings"
"""Id of the lever that stands for an alternative's single settings."""
Place = tuple[Key, Path]
"""A file (kind, id) and a path in it."""


def apply(scenario: Scenario, levers: Sequence[str | Lever]) -> Scenario:
    """The scenario with levers applied in the order given.

    Factors and sums compose; two levers that set the same place to different values, or one that sets what
    another changes, are in conflict. Raises `UsageError` for a conflict or a change that finds nothing to
    change, `ScenarioError` if the changed scenario is no longer sound.
    """
    loaded = [lever if isinstance(lever, Lever) else load_lever(lever) for lever in levers]
    ids = [*scenario.levers, *(lever.id for lever in loaded)]
    twice = next((id_ for id_ in ids if ids.count(id_) > 1 and id_ != SETTINGS), None)
    if twice is not None:
        raise UsageError(say("the lever {twice!r} is pulled twice — once is all it can do", twice=twice))
    data = dict(scenario.data)  # a file is copied when it is first changed
    changed: dict[Place, tuple[str, Patch]] = {}
    files: set[tuple[str, str]] = set()
    applied = list(scenario.applied)
    for lever in loaded:
        for patch in lever.changes:
            places = list(_places(data, patch))
            if not places and not patch.where_present:
                raise UsageError(
                    say(
                        "the lever {id!r} changes {at!r}, but {scenario!r} has nothing there",
                        id=lever.id,
                        at=patch.at,
                        scenario=scenario.id,
                    )
                )
            for place in places:
                earlier = changed.get(place)
                if earlier is not None and _conflict(earlier[1], patch):
                    if earlier[0] == lever.id == SETTINGS:
                        raise UsageError(say("two settings change {at!r} — give one of them", at=patch.at))
                    raise UsageError(
                        say(
                            "the levers {earlier!r} and {id!r} both change {at!r}",
                            earlier=earlier[0],
                            id=lever.id,
                            at=patch.at,
                        )
                    )
                changed[place] = (lever.id, patch)
                if place[0] not in files:
                    data[place[0]] = copy.deepcopy(data[place[0]])
                    files.add(place[0])
                _change(data, place, patch)
            applied.append(Applied(lever.id, patch.at, change_in_words(patch), len(places), lever.origin))
    names = (*scenario.levers, *(lever.id for lever in loaded))
    return with_data(scenario, {file: data[file] for file in files}, names, tuple(applied))


def touches(scenario: Scenario, lever: Lever) -> bool:
    """Whether a lever finds something to change in a scenario."""
    found = [(patch, any(True for _place in _places(dict(scenario.data), patch))) for patch in lever.changes]
    return any(there for _, there in found) and all(there or patch.where_present for patch, there in found)


def change_in_words(patch: Patch) -> str:
    """What a change does, as its file says it: ``times 0.5``."""
    how = next(name for name in CHANGES if name in patch.model_fields_set)
    value = getattr(patch, how)
    return f"{how} {value:g}" if isinstance(value, float) else f"{how} {value}"


def _conflict(first: Patch, second: Patch) -> bool:
    """Setting does not go together with any other change of the same place, unless both set the same value."""
    sets = [patch for patch in (first, second) if "set" in patch.model_fields_set]
    if not sets:
        return False
    return len(sets) == 1 or first.set != second.set


def _places(data: dict[Key, Data], patch: Patch) -> Iterator[Place]:
    """Every place that a patch changes; in its path, ``*`` stands for every id, key or position,
    ``*-central`` for those that end so. Paths are ``kind/id/key/…``."""
    at = patch.at
    kind, _, rest = at.partition("/")
    id_, _, inside = rest.partition("/")
    steps = inside.split("/") if inside else []
    if not steps:
        raise UsageError(say("{at!r} names a whole file — write kind/id/key/…", at=at))
    for file in sorted(data):
        if file[0] == kind and id_ in ("*", file[1]):
            for path in _paths(data[file], steps):
                if not patch.instead_of or _value(data[file], path) in patch.instead_of:
                    yield file, path


def _paths(value: Data, steps: list[str]) -> Iterator[Path]:
    if not steps:
        yield ()
        return
    step, rest = steps[0], steps[1:]
    keys: list[str | int] = []
    if isinstance(value, dict):
        keys = [key for key in value if fnmatchcase(str(key), step)]
    elif isinstance(value, list):
        there = step.isdigit() and int(step) < len(value)
        keys = list(range(len(value))) if step == "*" else [int(step)] if there else []
    for key in keys:
        for path in _paths(value[key], rest):
            yield (key, *path)


def _value(value: Data, path: Path) -> Data:
    for key in path:
        value = value[key]
    return value


def _change(data: dict[Key, Data], place: Place, patch: Patch) -> None:
    file, path = place
    owner, key = _value(data[file], path[:-1]), path[-1]
    value = owner[key]
    if "set" in patch.model_fields_set:
        owner[key] = patch.set
    elif {"append", "prepend"} & patch.model_fields_set:
        if not isinstance(value, list):
            raise UsageError(say("{at!r} is no list, so nothing can be put into it", at=patch.at))
        entry = patch.append if "append" in patch.model_fields_set else patch.prepend
        if entry not in value:
            owner[key] = [*value, entry] if "append" in patch.model_fields_set else [entry, *value]
    elif patch.times is not None:
        # A number is multiplied; anything else here is a duration in words, which knows how to be scaled.
        plain = isinstance(value, int | float) and not isinstance(value, bool)
        owner[key] = _number(value * patch.times, value) if plain else {"times": patch.times, "of": value}
    else:
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise UsageError(say("{at!r} is no number, so nothing can be added to it", at=patch.at))
        owner[key] = _number(value + (patch.plus or 0), value)


def _number(result: float, before: float) -> float:
    """Whole numbers stay whole."""
    return round(result) if isinstance(before, int) else result
