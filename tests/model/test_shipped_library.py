"""The library and the worlds that ship with the package: complete, consistent, and no figure without an origin."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest

from sim.model import Library, examine, load, load_lever, shipped_folder
from sim.model.reading import Document, read
from sim.model.validation import validate
from sim.model.world import World
from sim.policy.experiments.levers import apply

SHIPPED = shipped_folder()
KIND_OF_FOLDER = {
    f"library/{kind}s": kind
    for kind in ("channel", "instrument", "jurisdiction", "lever", "measure", "procedure", "service")
} | {"library/behaviour": "behaviour", "worlds": "world"}
FILES = [path for folder in KIND_OF_FOLDER for path in sorted((SHIPPED / folder).glob("*.yaml"))]
LIBRARY = [path for path in FILES if path.parent.relative_to(SHIPPED).as_posix().startswith("library/")]

FIGURES = ("work", "takes", "staff", "per year", "every", "pace", "working capacity")
"""Keys that hold a figure of the model wherever they occur."""

MEASURES = [
    "bank-records",
    "subscriber-data",
    "traffic-data",
    "stored-content",
    "preservation",
    "witness-statement",
    "witness-hearing",
    "video-hearing",
    "victim-interview",
    "search-and-seizure",
    "service-of-documents",
    "company-records",
    "identity-check",
    "public-records",
    "transfer-of-detained-person",
    "expert-examination",
    "freezing",
]
CHANNELS = ["diplomatic", "central-authority", "central-authority-email", "direct-judicial"]
CHANNELS += ["interpol", "contact-24-7", "provider"]
PROCEDURES = ["letter-of-request", "european-investigation-order", "diplomatic-letter", "preservation"]


def name(path: Any) -> str:
    return path.relative_to(SHIPPED).as_posix()


def opened(path: Any) -> Document:
    return read(path.read_bytes(), name(path))


def mappings(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        yield data
        data = [value for key, value in data.items() if key != "origins"]
    for item in data if isinstance(data, list) else ():
        yield from mappings(item)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_file_is_sound(path):
    record, problems = validate(opened(path))
    assert problems == []
    assert record.id == path.stem
    assert record.kind == KIND_OF_FOLDER[path.parent.relative_to(SHIPPED).as_posix()]


@pytest.mark.parametrize("path", LIBRARY, ids=name)
def test_figures_have_origins(path):
    assert list(figures_without_origin(opened(path).data)) == []


@pytest.mark.parametrize("id_", Library((SHIPPED,)).ids("world"))
def test_world_figures_have_origins(id_):
    assert list(figures_without_origin(load(id_).data["world", id_])) == []


def figures_without_origin(data: Any) -> Iterator[tuple[str, Any]]:
    for mapping in mappings({key: value for key, value in data.items() if key != "effect"}):
        origins = mapping.get("origins", {})
        if "all" in origins:
            continue
        for key in FIGURES:
            if key in mapping and key not in origins:
                yield key, mapping[key]
        chances = mapping.get("chances", {})
        if "chances" not in origins:
            for chance in chances:
                if chance not in origins:
                    yield "chances", chance
        for key in ("stages", "measures"):
            content = mapping.get(key)
            measured = isinstance(content, dict) and any(map(is_duration, content.values()))
            if measured and key not in origins:
                yield key, mapping[key]


def is_duration(value: Any) -> bool:
    shapes = {"median", "p90", "between", "usually", "fixed", "exponential", "lognormal", "gamma", "times", "of"}
    return isinstance(value, str) or (isinstance(value, dict) and bool(value) and set(value) <= shapes)


def test_the_check_for_origins_can_fail():
    assert list(figures_without_origin({"offices": {"a": {"staff": 3}}})) == [("staff", 3)]
    assert list(figures_without_origin({"chances": {"refused": 0.1}, "origins": {}})) == [("chances", "refused")]
    assert list(figures_without_origin({"stages": {"desk": "3 days"}})) == [("stages", {"desk": "3 days"})]


def test_ids_are_unique_within_a_kind():
    ids = [(path.parent, path.stem) for path in FILES]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("kind", "ids"), [("measure", MEASURES), ("channel", CHANNELS), ("procedure", PROCEDURES)])
def test_ids_that_other_rooms_rely_on(kind, ids):
    assert set(ids) <= set(Library((SHIPPED,)).ids(kind))


@pytest.mark.parametrize(
    "id_",
    [
        "letter-of-request",
        "european-investigation-order",
        "diplomatic-letter",
        "production-order",
        "direct-order",
        "police-information",
    ],
)
def test_whoever_writes_hears_what_becomes_of_it(id_):
    procedure = Library((SHIPPED,)).get("procedure", id_)
    announced = {stage.announces for stage in procedure.stages.values()}
    assert {"sent", "acknowledged", "question"} <= announced
    assert procedure.executing and procedure.oral_start in procedure.stages
    comes_back = {stage.announces_again for stage in procedure.stages.values()}
    assert ("resubmitted" in procedure.chances) == ("returned" in comes_back)


@pytest.mark.parametrize("id_", Library((SHIPPED,)).ids("procedure"))
def test_every_branch_that_names_a_chance_has_its_origin(id_):
    procedure = Library((SHIPPED,)).get("procedure", id_)
    used = {b.chance for stage in procedure.stages.values() for b in stage.then if isinstance(b.chance, str)}
    assert used == set(procedure.chances), "a chance is declared and never used, or the reverse"
    for chance in used:
        assert procedure.origins.get(chance) or procedure.origins.get("all")


@pytest.mark.parametrize("id_", Library((SHIPPED,)).ids("world"))
def test_worlds_load(id_):
    scenario, problems = examine(id_)
    assert problems == []
    assert isinstance(scenario.world, World)


def test_every_state_of_meridian_can_execute_every_measure():
    scenario = load("meridian")
    roles: dict[str, set[str]] = {}
    for office in scenario.world.offices.values():
        roles.setdefault(office.jurisdiction, set()).add(office.role)
    measures = [scenario.find("measure", id_) for id_ in MEASURES]
    needed = {step.performer.role for measure in measures for step in measure.steps if step.performer}
    needed |= {"central-authority", "foreign-ministry"}
    for state in scenario.world.jurisdictions:
        assert needed <= roles[state], state
    assert "translation" in roles["lys"], "requests from the trainee's State are translated there"


def test_claims_say_honestly_whether_they_were_fitted():
    claims = load("meridian").world.claims
    assert len(claims) >= 10
    assert {claim.fitted for claim in claims} == {True, False}


@pytest.mark.slow
@pytest.mark.parametrize("id_", Library((SHIPPED,)).ids("lever"))
def test_levers_point_at_something(id_):
    library = Library((SHIPPED,))
    for patch in load_lever(id_).changes:
        kind, owner, *path = patch.at.split("/")
        owners = library.ids(kind) if owner == "*" else [owner]
        hits = 0
        for one in owners:
            assert library.get(kind, one) is not None, patch.at
            hits += len(list(reached(library.documents[kind, one].data, path)))
        assert hits or patch.where_present, f"{patch.at} changes nothing"
    changed = apply(load("meridian"), [id_])
    assert changed.hash != load("meridian").hash, "it changes the largest world"


def reached(data: Any, path: list[str]) -> Iterator[Any]:
    if not path:
        yield data
        return
    first, *rest = path
    if isinstance(data, list):
        chosen = data if first == "*" else [data[int(first)]]
    elif isinstance(data, dict):
        chosen = [value for key, value in data.items() if fnmatchcase(str(key), first)]
    else:
        chosen = []
    for item in chosen:
        yield from reached(item, rest)
