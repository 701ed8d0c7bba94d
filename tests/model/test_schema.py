"""The JSON Schemas accept what the loader accepts and refuse typical mistakes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest

from sim.errors import UsageError
from sim.model import shipped_folder
from sim.model.base import Mark, Record
from sim.model.loading import load_text
from sim.model.reading import read
from sim.model.schema import DIALECT, field_docstrings, json_schema, write_schemas
from sim.model.validation import KINDS
from tests.model.conftest import CASE, HARBOUR, WORLD

VALIDATORS = {kind: jsonschema.Draft202012Validator(json_schema(kind)) for kind in KINDS}
VALID = sorted(HARBOUR.rglob("*.yaml")) + sorted(shipped_folder().rglob("*.yaml"))


def data_of(path: Path) -> Any:
    return read(path.read_bytes(), path.name).data


@pytest.mark.parametrize("kind", KINDS)
def test_each_schema_is_one(kind: str) -> None:
    schema = json_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert (schema["$schema"], schema["$id"]) == (DIALECT, f"{kind}.schema.json")
    forms = schema.get("oneOf", [schema])
    assert len(forms) == max(1, len(KINDS[kind].forms()))
    for form in forms:
        assert form["additionalProperties"] is False
        assert form["properties"]["title"]["description"] == "A name for people."


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_what_loads_fits_its_schema(path: Path) -> None:
    data = data_of(path)
    if data["kind"] in VALIDATORS:
        errors = [
            f"{list(error.absolute_path)}: {error.message[:200]}"
            for error in VALIDATORS[data["kind"]].iter_errors(data)
        ]
        assert errors == []


@pytest.mark.parametrize("mark", get_args(Mark))
def test_every_mark_is_read_and_fits_the_schema(mark: str) -> None:
    data = data_of(HARBOUR / WORLD)
    for origin in (f"{mark}: where from", {mark: "where from"}, {"mark": mark, "source": "where from"}):
        data["offices"]["lys-central"]["origins"] = {"all": origin}
        record, problems = load_text(json.dumps(data))
        assert not problems and str(record.offices["lys-central"].origins["all"]) == f"{mark}: where from"
        assert not list(VALIDATORS["world"].iter_errors(data))


@pytest.mark.parametrize(
    ("file", "path", "value"),
    [
        (WORLD, ["offices", "lys-central", "staff"], "two"),
        (WORLD, ["offices", "lys-central", "staff"], 0),
        (WORLD, ["offices", "lys-central", "closing_rule"], "finish"),
        (WORLD, ["offices", "lys-central", "closing rule"], "stop"),
        (WORLD, ["offices", "lys-central", "hours"], "nine to five"),
        (WORLD, ["offices", "lys-central", "hours"], []),
        (WORLD, ["offices", "lys-central", "origins"], {"staff": "hearsay"}),
        (WORLD, ["offices", "lys-central", "preemptive"], "no"),
        (WORLD, ["offices"], {}),
        (WORLD, ["warm up"], "a while"),
        (WORLD, ["warm up"], {"median": "3 days"}),
        (WORLD, ["procedures", "quick", "stages", "look", "then"], 5),
        (WORLD, ["procedures", "quick", "stages", "look", "performer"], "somebody"),
        (WORLD, ["kind"], "case"),
        (WORLD, ["format"], 2),
        (WORLD, ["id"], "Two Shores"),
        (CASE, ["decisions", "basis", "when"], "later"),
        (CASE, ["decisions", "basis", "guide"], 5),
        (CASE, ["evidence", "statements", "age"], {"fixed": "3 days"}),
        (CASE, ["evidence", "statements", "weight"], 11),
        (CASE, ["people", "deckhand", "role"], "victim"),
        ("library/levers/faster-post.yaml", ["origin"], {"rumour": "somebody said"}),
        ("library/levers/faster-post.yaml", ["changes"], []),
    ],
)
def test_typical_mistakes_do_not_fit(file: str, path: list[str], value: Any) -> None:
    data = data_of(HARBOUR / file)
    holder = data
    for part in path[:-1]:
        holder = holder[part]
    holder[path[-1]] = value
    assert not VALIDATORS[data_of(HARBOUR / file)["kind"]].is_valid(data)


@pytest.mark.parametrize("path", [WORLD, CASE, "library/measures/bank-records.yaml"])
def test_a_missing_key_does_not_fit(path: str) -> None:
    data = data_of(HARBOUR / path)
    del data["title"]
    assert not VALIDATORS[data["kind"]].is_valid(data)


def records(of: type[Record] = Record) -> Iterator[type[Record]]:
    """Every record that is written in code; the one of all actions is made of their records."""
    for record in of.__subclasses__():
        if record.__name__ != "OneOfManyActions":
            yield record
            yield from records(record)


@pytest.mark.parametrize("record", sorted(set(records()), key=lambda r: r.__qualname__), ids=lambda r: r.__name__)
def test_every_record_and_field_is_described(record: type[Record]) -> None:
    described = field_docstrings(record)
    assert record.__doc__
    assert [name for name in record.model_fields if not described.get(name)] == []


def test_descriptions_reach_every_property_of_every_schema() -> None:
    for kind in KINDS:
        schema = json_schema(kind)
        forms = [(kind, form) for form in schema.get("oneOf", [schema])]
        for name, part in [*forms, *schema["$defs"].items()]:
            for key, described in part.get("properties", {}).items():
                if name not in ("Duration", "Origin", "Performer"):
                    assert described.get("description"), f"{kind}: {name}.{key}"


def test_schemas_are_written(tmp_path: Path) -> None:
    written = write_schemas(tmp_path / "schemas")
    assert [path.name for path in written] == [f"{kind}.schema.json" for kind in KINDS]
    assert json.loads(written[0].read_text("utf-8")) == json_schema(next(iter(KINDS)))


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(UsageError, match="'wrld' is not a kind of file — did you mean 'world'"):
        json_schema("wrld")


def test_importing_the_model_brings_neither_parser_nor_holidays_nor_schemas() -> None:
    code = "import sys, sim.model; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"ruamel.yaml", "holidays", "sim.model.schema"} & set(done.stdout.split())
