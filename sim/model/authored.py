"""What authors wrote for people to read, field by field: the texts a translation of a case would bring.

A field whose annotation carries `Authored` is prose; everything else in a file is an id, a figure, or a word of the
file format. Texts are named by where they stand, so that a translation can be kept beside its file.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass

from sim.model.base import Header
from sim.model.data import Data, Path
from sim.model.prose import texts_of
from sim.model.scenario import Scenario, hash_of


@dataclass(frozen=True)
class AuthoredText:
    """One text of an author."""

    kind: str
    """What the file describes: ``case``, ``lever``, …"""
    id: str
    """The file's id."""
    path: Path
    """Where it stands in the file: keys and ids, and positions in lists: ``("decisions", "care", "title")``."""
    text: str
    language: str
    """The language of its file."""


def authored_texts(what: Scenario | Header) -> Iterator[AuthoredText]:
    """Every authored text of a record, or of a scenario with all it refers to. Empty texts are left out."""
    if isinstance(what, Scenario):
        for by_id in what.records.values():
            for record in by_id.values():
                yield from authored_texts(record)
        return
    for path, text in texts_of(what):
        yield AuthoredText(what.kind, what.id, path, text, what.language)


WITHOUT_EFFECT = ("invented", "language", "origins", "read", "source", "sources", "texts")
"""Keys of scenario files that say where something comes from or how it reads; nothing in a run depends on them."""


def rules_of(scenario: Scenario) -> str:
    """SHA-256 of what in a scenario's files can change a play: all but authors' prose and its sources.

    Two scenarios of one such hash give the same events for the same decisions and seed, in other words perhaps.
    """
    return scenario.work_out("rules", lambda: _rules_of(scenario))


def _rules_of(scenario: Scenario) -> str:
    data = copy.deepcopy(dict(scenario.data))
    for text in authored_texts(scenario):
        _blank(data[text.kind, text.id], text.path)
    return hash_of({key: _effective(value) for key, value in data.items()}, scenario.behaviour)


def _blank(data: Data, path: Path) -> None:
    """Empty the text at a place, if it stands there: what was written in short stands elsewhere, and counts."""
    for key in path[:-1]:
        data = _at(data, key)
    if path and _at(data, path[-1]) is not None:
        data[path[-1]] = ""


def _at(data: Data, key: str | int) -> Data:
    """What stands at a key of a mapping, or at a place of a list; None if nothing does."""
    if isinstance(data, dict):
        return data.get(key)
    return data[key] if isinstance(data, list) and isinstance(key, int) and key < len(data) else None


def _effective(data: Data) -> Data:
    if isinstance(data, dict):
        return {key: _effective(value) for key, value in data.items() if key not in WITHOUT_EFFECT}
    return [_effective(value) for value in data] if isinstance(data, list) else data
