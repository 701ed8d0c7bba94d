"""JSON Schema (2020-12) of each kind of file, for editors that complete keys and mark mistakes while typing.

Descriptions are the docstrings under the fields in this package's sources, read when a schema is asked for.
"""

from __future__ import annotations

import ast
import inspect
import json
import logging
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from sim.errors import UsageError
from sim.i18n import say
from sim.model.base import Record
from sim.model.problems import did_you_mean
from sim.model.validation import KINDS

logger = logging.getLogger("mlasim.model.schema")

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(kind: str) -> JsonSchemaValue:
    """The schema of a kind of file, with keys as written in files."""
    if kind not in KINDS:
        raise UsageError(say("{kind!r} is not a kind of file — {hint}", kind=kind, hint=did_you_mean(kind, KINDS)))
    forms = KINDS[kind].forms()
    schema = _one_of(forms.values(), kind) if forms else schema_of(KINDS[kind], kind)
    if kind == "world":
        _loosen_procedures(schema)
    return schema


def schema_of(record: type[BaseModel], name: str) -> JsonSchemaValue:
    """The schema of any record that is written as a file, such as the columns of a log."""
    schema = record.model_json_schema(by_alias=True, schema_generator=_Generator)
    return {"$schema": DIALECT, "$id": f"{name}.schema.json", **schema}


def _one_of(forms: Iterable[type[BaseModel]], name: str) -> JsonSchemaValue:
    """The schema of a kind whose files hold one thing or another, by their id."""
    written = [schema_of(form, name) for form in forms]
    shared = {key: definition for schema in written for key, definition in schema.pop("$defs", {}).items()}
    each = [{key: value for key, value in schema.items() if not key.startswith("$")} for schema in written]
    return {"$schema": DIALECT, "$id": f"{name}.schema.json", "$defs": shared, "type": "object", "oneOf": each}


def write_schemas(folder: str | Path) -> list[Path]:
    """Write ``KIND.schema.json`` for every kind into a folder; the files written."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind in KINDS:
        path = folder / f"{kind}.schema.json"
        path.write_text(json.dumps(json_schema(kind), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        written.append(path)
    return written


def others_in(folder: str | Path) -> list[Path]:
    """Files that `write_schemas` would write over and has not written itself."""
    return [path for kind in KINDS if (path := Path(folder) / f"{kind}.schema.json").is_file() and not _is_ours(path)]


def _is_ours(path: Path) -> bool:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        logger.info("%s: is no schema written here: %s", path, error)
        return False
    return isinstance(found, dict) and found.get("$id") == path.name and found.get("$schema") == DIALECT


def field_docstrings(record: type[BaseModel]) -> dict[str, str]:
    """The docstring under each field of a record and of those it builds on, by field name; where a field was made
    while the program runs, the description it was given."""
    found = {name: field.description for name, field in record.model_fields.items() if field.description}
    for base in reversed(record.__mro__):
        if issubclass(base, Record):  # also those of other packages: kinds of actions can be registered by any
            found |= _docstrings(base.__module__).get(base.__name__, {})
    return found


@cache
def _docstrings(module: str) -> dict[str, dict[str, str]]:
    """Docstrings under the fields of every class of a module."""
    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except (KeyError, OSError, TypeError) as error:  # made while the program runs: no source is at hand
        logger.info("fields of %s go without a description: %s", module, error)
        return {}
    return {node.name: _under_fields(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _under_fields(node: ast.ClassDef) -> dict[str, str]:
    found = {}
    for field, after in zip(node.body, node.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
            and isinstance(after.value.value, str)
        ):
            found[field.target.id] = inspect.cleandoc(after.value.value)
    return found


class _Generator(GenerateJsonSchema):
    """As pydantic writes it, with our docstrings and without the titles it invents."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        written = super().model_schema(schema)
        written.pop("title", None)
        docstrings = field_docstrings(schema["cls"])
        for name, field in schema["cls"].model_fields.items():
            described = written.get("properties", {}).get(field.alias or name)
            if described is not None:
                described.pop("title", None)
                if name in docstrings:
                    described["description"] = docstrings[name]
        return written


def _loosen_procedures(schema: JsonSchemaValue) -> None:
    """A procedure inside a world has its id from its key, and needs neither title nor kind."""
    schema["$defs"]["Procedure"]["required"] = ["start", "stages"]
