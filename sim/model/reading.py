"""YAML 1.2 text to plain data with a mark (file, line, column) for every key and value.

Only the parser of ruamel.yaml is used (pure Python). Data is built here from its events, so that duplicate
keys, depth and aliases are checked before anything grows, no tag can construct an object, and every value
keeps its place. Scalars follow the YAML 1.2 core schema: ``NO`` is text; only true/false, null and numbers
are special.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from sim.model.problems import Problem

MAXIMUM_CHARACTERS = 1_000_000
MAXIMUM_DEPTH = 30
MAXIMUM_ALIASES = 50
MAXIMUM_VALUES = 100_000

Path = tuple[Any, ...]

_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_SPECIAL |= {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
_PLAIN_TAGS = {None, "!", "tag:yaml.org,2002:str"}


@dataclass
class Document:
    """The data of one file and where each part of it stands.

    ``marks`` maps a path (keys and list positions from the root) to (line, column) of the value, and
    ``key_marks`` to that of its key; both count from 1.
    """

    file: str
    data: Any = None
    marks: dict[Path, tuple[int, int]] = field(default_factory=dict)
    key_marks: dict[Path, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, path: Path, *, of_key: bool = False) -> tuple[int, int]:
        """Line and column of the value (or key) at ``path``, or of the nearest part above it that exists."""
        while path:
            if of_key and path in self.key_marks:
                return self.key_marks[path]
            if path in self.marks:
                return self.marks[path]
            if path in self.key_marks:
                return self.key_marks[path]
            path = path[:-1]
        return self.marks.get((), (1, 1))

    def problem(self, code: str, message: str, path: Path = (), hint: str = "", *, of_key: bool = False) -> Problem:
        line, column = self.place(path, of_key=of_key)
        return Problem(self.file, line, column, code, message, hint)


class _Stop(Exception):
    """Reading cannot go on; the problem says why."""

    def __init__(self, code: str, message: str, line: int = 1, column: int = 1, hint: str = ""):
        self.code, self.message, self.line, self.column, self.hint = code, message, line, column, hint


def read(text: str | bytes, file: str) -> Document:
    """Read one YAML document. Problems are collected in the result; nothing is raised for bad text."""
    document = Document(file)
    try:
        if isinstance(text, bytes):
            if len(text) > 4 * MAXIMUM_CHARACTERS:
                raise _Stop("Y103", f"the file has more than {MAXIMUM_CHARACTERS:,} characters", hint="split it")
            try:
                text = text.decode("utf-8-sig")
            except UnicodeDecodeError as error:
                line = text[: error.start].count(b"\n") + 1
                raise _Stop("Y106", "the file is not UTF-8 text", line, hint="save it as UTF-8") from None
        if len(text) > MAXIMUM_CHARACTERS:
            raise _Stop("Y103", f"the file has more than {MAXIMUM_CHARACTERS:,} characters", hint="split it")
        _Builder(document).build(text)
    except _Stop as stop:
        document.data = None
        document.problems.append(Problem(file, stop.line, stop.column, stop.code, stop.message, stop.hint))
    return document


class _Builder:
    def __init__(self, document: Document):
        self.document = document
        self.anchors: dict[str, Any] = {}
        self.aliases = 0
        self.values = 0

    def build(self, text: str) -> None:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError, YAMLError
        from ruamel.yaml.events import (
            AliasEvent,
            DocumentStartEvent,
            MappingEndEvent,
            MappingStartEvent,
            ScalarEvent,
            SequenceEndEvent,
            SequenceStartEvent,
        )

        self.alias, self.mapping_start, self.mapping_end = AliasEvent, MappingStartEvent, MappingEndEvent
        self.scalar, self.sequence_start, self.sequence_end = (
            ScalarEvent,
            SequenceStartEvent,
            SequenceEndEvent,
        )
        documents = 0
        parser = YAML(typ="safe", pure=True)
        try:
            events = iter(parser.parse(text))
            for event in events:
                if isinstance(event, DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        raise _Stop("Y108", "a file holds one document", *_place(event), hint="remove the ---")
                    self.document.data = self.value(next(events), events, (), 0)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            what = " ".join(str(error.problem or error.context or "cannot be read").split())
            hint = "indent with spaces, not tabs" if "\\t" in what else "check indentation, colons and quotes"
            raise _Stop("Y101", f"not valid YAML: {what}", *place, hint=hint) from None
        except (
            YAMLError,
            ValueError,
            RecursionError,
            IndexError,
            TypeError,
            AttributeError,
            AssertionError,
        ) as error:
            # The parser raises plain Python errors on some malformed input (fuzzing found them).
            what = " ".join(str(error).split())[:200] or type(error).__name__
            raise _Stop("Y101", f"not valid YAML: {what}", hint="check indentation, colons and quotes") from None
        if not isinstance(self.document.data, dict):
            place = self.document.place(())
            raise _Stop("Y109", "the file holds no mapping", *place, hint="begin with: format: 1")

    def value(self, event: Any, events: Any, path: Path, depth: int) -> Any:
        place = _place(event)
        self.document.marks[path] = place
        self.values += 1
        if self.values > MAXIMUM_VALUES:
            raise _Stop("Y105", f"more than {MAXIMUM_VALUES:,} values, aliases counted", *place)
        if depth > MAXIMUM_DEPTH:
            raise _Stop("Y104", f"nested more than {MAXIMUM_DEPTH} levels deep", *place, hint="flatten it")
        if isinstance(event, self.alias):
            self.aliases += 1
            if self.aliases > MAXIMUM_ALIASES:
                raise _Stop("Y105", f"more than {MAXIMUM_ALIASES} aliases", *place, hint="write the values out")
            if event.anchor not in self.anchors:
                raise _Stop("Y101", f"not valid YAML: nothing is anchored as &{event.anchor}", *place)
            content, size = self.anchors[event.anchor]
            self.values += size
            if self.values > MAXIMUM_VALUES:
                raise _Stop("Y105", f"more than {MAXIMUM_VALUES:,} values, aliases counted", *place)
            return content
        tag = getattr(event, "tag", None)
        if tag is not None and str(tag) not in _PLAIN_TAGS:
            raise _Stop("Y107", f"the tag {str(tag)[:60]} is not allowed", *place, hint="remove the tag")
        before = self.values
        if isinstance(event, self.scalar):
            plain = event.style in (None, "") and tag is None
            content: Any = _resolve(event.value) if plain else event.value
        elif isinstance(event, self.sequence_start):
            content = []
            for item in events:
                if isinstance(item, self.sequence_end):
                    break
                content.append(self.value(item, events, (*path, len(content)), depth + 1))
        else:
            content = self.mapping(events, path, depth)
        if event.anchor:
            self.anchors[event.anchor] = (content, self.values - before + 1)
        return content

    def mapping(self, events: Any, path: Path, depth: int) -> dict[str, Any]:
        content: dict[str, Any] = {}
        for item in events:
            if isinstance(item, self.mapping_end):
                break
            place = _place(item)
            if not isinstance(item, self.scalar):
                raise _Stop("Y110", "a key must be plain text", *place, hint="write key: value")
            key = item.value
            here = (*path, key)
            if key in content:
                first = self.document.key_marks[here][0]
                self.document.problems.append(
                    Problem(
                        self.document.file,
                        *place,
                        "Y102",
                        f"the key {key!r} is written twice",
                        f"it stands on line {first} already; keep one",
                    )
                )
                here = (*path, key, "(again)")
            self.document.key_marks[here] = place
            value = self.value(next(events), events, here, depth + 1)
            content.setdefault(key, value)
        return content


def _place(event: Any) -> tuple[int, int]:
    mark = event.start_mark
    return mark.line + 1, mark.column + 1


def _resolve(text: str) -> Any:
    """A plain scalar by the YAML 1.2 core schema (YAML 1.2.2, section 10.3.2)."""
    if text in _SPECIAL:
        return _SPECIAL[text]
    if _INTEGER.fullmatch(text) and len(text) < 40:
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if _FLOAT.fullmatch(text) and len(text) < 40:
        return float(text)
    if text.lower() in (".inf", "+.inf", "-.inf", ".nan"):
        return float(text.lower().replace(".", ""))
    return text
