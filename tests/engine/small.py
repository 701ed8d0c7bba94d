"""Small worlds written in a test, and requests sent into them at known times."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from sim.engine.compile import compile_world
from sim.engine.executor import Engine, in_motion
from sim.engine.log import ROW_OUTCOMES, Activity, EventLog, RequestKind
from sim.engine.plan import RequestToUnfold
from sim.model.durations import YEAR
from sim.model.loading import Scenario, load

MINUTE, HOUR, DAY = 60, 3600, 86400
ORIGIN = {"all": "assumption: made for a test"}
MONDAY = "2026-01-05"
NINE = 9 * HOUR
"""Opening time on the first Monday."""


def office(staff: int = 1, **more: Any) -> dict[str, Any]:
    """An office; keywords as in a file, with underscores."""
    return {"title": "An office", "staff": staff, "origins": ORIGIN, **_words(more)}


def work(office: str, takes: Any, then: Any = "done", **more: Any) -> dict[str, Any]:
    """A stage at an office."""
    return {"performer": f"office {office}", "work": takes, "then": then, "origins": ORIGIN, **_words(more)}


def wait(takes: Any, then: Any = "done", **more: Any) -> dict[str, Any]:
    """A stage at which time passes."""
    return {"takes": takes, "then": then, "origins": ORIGIN, **_words(more)}


def flow(**more: Any) -> dict[str, Any]:
    """Background demand of the procedure ``way``."""
    return {"procedure": "way", "origins": ORIGIN, **_words(more)}


def world(
    folder: Path,
    *,
    offices: Mapping[str, Any],
    stages: Mapping[str, Any],
    demand: Mapping[str, Any] | None = None,
    chances: Mapping[str, float] | None = None,
    library: Mapping[str, Mapping[str, Any]] | None = None,
    id: str = "small",
    **more: Any,
) -> Scenario:
    """A world with one procedure, ``way``, that begins at its first stage; the last is added: ``done``.

    ``library`` holds further files: kind to id to content.
    """
    procedure: dict[str, Any] = {"start": next(iter(stages)), "stages": {**stages, "done": {"end": "completed"}}}
    if chances:
        procedure |= {"chances": dict(chances), "origins": ORIGIN}
    content = {
        "format": 1,
        "kind": "world",
        "id": id,
        "title": "A small world",
        "starts": MONDAY,
        "offices": dict(offices),
        "procedures": {"way": procedure},
        "demand": dict(demand or {}),
        "origins": ORIGIN,
        **_words(more),
    }
    for kind, records in (library or {}).items():
        for name, record in records.items():
            path = folder / "library" / f"{kind}s" / f"{name}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps({"format": 1, "kind": kind, "id": name, "title": name, **record}), "utf-8")
    (folder / "library").mkdir(exist_ok=True)
    path = folder / "worlds" / f"{id}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content), "utf-8")
    return load(path)


def _words(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name.rstrip("_").replace("_", " "): value for name, value in fields.items()}


@dataclass
class Letter:
    """A request with a name, as a trainee's would be."""

    id: str
    chances: dict[str, float] = field(default_factory=dict)
    token: Any = None


@dataclass(frozen=True)
class Row:
    """One row of the event table, in words."""

    request: str
    activity: str
    enabled: int
    started: int
    ended: int
    outcome: str


class Play:
    """A small world to which named requests are sent."""

    engine: Engine = "simpy"

    def __init__(self, scenario: Scenario, *, seed: int = 0, from_: str = "", to: str = ""):
        self.scenario = scenario
        self.told: list[tuple[str, str, str, int]] = []
        self.on_told: Any = None
        self.simulation = in_motion(
            compile_world(scenario), until=YEAR, seed=seed, on_notice=self._notice, engine=self.engine
        )
        self.letters: dict[str, Letter] = {}
        self._from, self._to = from_, to

    def _notice(self, letter: Letter, what: str, stage: str, now: int, step: Activity) -> None:
        self.told.append((letter.id, what, stage, now))
        if self.on_told is not None:
            self.on_told(letter, what, stage, now)

    def send(self, id: str, at: int = 0, priority: int | None = None, **more: Any) -> None:
        """Send a request at a moment; the least urgent unless told otherwise."""
        level = len(self.simulation.log.priorities) - 1 if priority is None else priority
        letter = self.letters[id] = Letter(id, dict(more.get("chances", {})))
        measures, channel = tuple(more.pop("measures", ())), more.pop("channel", "")
        kind = RequestKind("test", self._from, self._to, "way", measures, channel, "", -1, True)
        found = self.scenario.find("channel", channel) if channel else None
        unfold = RequestToUnfold(self.scenario.procedures["way"], kind, found, more.pop("chances", {}), **more)
        self.simulation.at(at, lambda: self.simulation.send(letter, unfold, level) and None)

    def withdraw(self, id: str, at: int) -> None:
        """Withdraw a request at a moment."""
        self.simulation.at(at, lambda: self.simulation.withdraw(self.letters[id].token))

    def run(self, until: int | None = None) -> list[Row]:
        """Let time pass; the rows so far."""
        self.simulation.advance(until)
        return rows(self.simulation.finish())

    def left(self, id: str) -> int:
        """When a request left."""
        return self.simulation.log.request_left[self.letters[id].token.index]


@pytest.fixture(autouse=True, params=["simpy", "compiled"])
def by_both_engines(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever imports this has every play made by SimPy, and by compiled code."""
    if request.param == "compiled":
        pytest.importorskip("numba")
    monkeypatch.setattr(Play, "engine", request.param)


def rows(log: EventLog) -> list[Row]:
    """The event table in words, in the order written."""
    return [
        Row(log.request_name(r), log.activities[a].name, e, s, x, ROW_OUTCOMES[o])
        for r, a, e, s, x, o in zip(
            log.request, log.activity, log.enabled, log.started, log.ended, log.outcome, strict=True
        )
    ]
