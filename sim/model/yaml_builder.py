"""Plain data from the parser's events, with a mark for every key and value.

Only the parser of ruamel.yaml is used. Data is built here, so that duplicate keys, depth and aliases are checked
before anything grows, no tag can construct an object, and every value keeps its place. Scalars follow the
YAML 1.2 core schema: ``NO`` is text; only true/false, null and numbers are special.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from sim.i18n import Words, say
from sim.model.data import Data, Path
from sim.model.problems import MOST, Problem
from sim.model.reading import (
    MAXIMUM_ALIASES,
    MAXIMUM_DEPTH,
    MAXIMUM_VALUES,
    SURROGATE,
    Document,
    Unreadable,
)

_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_TWO_WAYS = re.compile(r"[-+]?[1-9][0-9]{0,2}\.[0-9]{2}0")
_SPECIAL: dict[str, bool | None] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_SPECIAL |= {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
_SURPRISES = (YAMLError, ValueError, IndexError, TypeError, AttributeError, AssertionError)
"""The parser raises plain Python errors on some malformed input (fuzzing found them)."""
_PLAIN_TAGS = {None, "!", "tag:yaml.org,2002:str"}


class Builder:
    """Builds the data of one document."""

    def __init__(self, document: Document):
        self.document = document
        self.anchors: dict[str, tuple[Data, int]] = {}
        """What each anchor names, and how many values that is."""
        self.aliases = 0
        self.values = 0
        """Values so far, those repeated by aliases counted each time."""

    def build(self, text: str) -> None:
        documents = 0
        try:
            stream = YAML(typ="safe", pure=True).parse(text)
            for event in stream:
                if isinstance(event, DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        raise Unreadable(
                            "Y108", say("a file holds one document"), *_place(event), hint=say("remove the ---")
                        )
                    self.document.data = self.value(next(stream), stream, (), 0)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            raise _malformed(error.problem or error.context or say("cannot be read"), *place) from None
        except ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            raise _malformed(
                say("the character U+{character} is not allowed", character=f"{error.character:04X}"), line
            ) from None
        except _SURPRISES as error:
            raise _malformed(str(error) or type(error).__name__) from None
        if not isinstance(self.document.data, dict):
            raise Unreadable(
                "Y109", say("the file holds no mapping"), *self.document.place(()), hint=say("begin with: format: 1")
            )

    def value(self, event: Event, events: Iterator[Event], path: Path, depth: int) -> Data:
        place = _place(event)
        self.document.marks[path] = place
        self.values += 1
        if self.values > MAXIMUM_VALUES:
            raise Unreadable(
                "Y105", say("more than {most} values, aliases counted", most=f"{MAXIMUM_VALUES:,}"), *place
            )
        if depth > MAXIMUM_DEPTH:
            raise Unreadable(
                "Y104", say("nested more than {most} levels deep", most=MAXIMUM_DEPTH), *place, hint=say("flatten it")
            )
        if isinstance(event, AliasEvent):
            return self.alias(event, place)
        assert isinstance(event, ScalarEvent | CollectionStartEvent)  # the parser gives a value here, or raises
        self.check_tag(event, place)
        before = self.values
        if isinstance(event, ScalarEvent):
            plain = not event.style and event.tag is None
            content: Data = _resolve(event.value) if plain else self.whole_characters(event.value, place)
            if plain and _TWO_WAYS.fullmatch(event.value):
                self.note(self.read_in_two_ways(event.value, place))
        elif isinstance(event, SequenceStartEvent):
            content = []
            for item in events:
                if isinstance(item, SequenceEndEvent):
                    break
                content.append(self.value(item, events, (*path, len(content)), depth + 1))
        else:
            content = self.mapping(events, path, depth)
        if event.anchor:
            self.anchors[event.anchor] = (content, self.values - before + 1)
        return content

    def read_in_two_ways(self, number: str, place: tuple[int, int]) -> Problem:
        """The problem with a number such as 1.500: one and a half, or what much of the world writes for 1500."""
        message = say("{number} can be read in two ways", number=number)
        hint = say("write {thousands} or {decimal}", thousands=number.replace(".", ""), decimal=f"{float(number):g}")
        return Problem(self.document.file, *place, "Y111", message, hint)

    def alias(self, event: AliasEvent, place: tuple[int, int]) -> Data:
        self.aliases += 1
        if self.aliases > MAXIMUM_ALIASES:
            raise Unreadable(
                "Y105", say("more than {most} aliases", most=MAXIMUM_ALIASES), *place, hint=say("write the values out")
            )
        if event.anchor not in self.anchors:
            raise _malformed(say("nothing above is anchored as &{anchor}", anchor=event.anchor[:60]), *place)
        content, size = self.anchors[event.anchor]
        self.values += size
        if self.values > MAXIMUM_VALUES:
            raise Unreadable(
                "Y105", say("more than {most} values, aliases counted", most=f"{MAXIMUM_VALUES:,}"), *place
            )
        return content

    def check_tag(self, event: ScalarEvent | CollectionStartEvent, place: tuple[int, int]) -> None:
        if event.tag is not None and str(event.tag) not in _PLAIN_TAGS:
            raise Unreadable(
                "Y107", say("the tag {tag} is not allowed", tag=str(event.tag)[:60]), *place, hint=say("remove the tag")
            )

    def note(self, problem: Problem) -> None:
        """Collect a problem, unless there are more already than are said."""
        if len(self.document.problems) <= MOST:
            self.document.problems.append(problem)

    def whole_characters(self, text: str, place: tuple[int, int]) -> str:
        """The text, unless an escape such as ``\\ud800`` put half a character into it."""
        if not text.isascii() and SURROGATE.search(text):
            raise Unreadable(
                "Y106", say("half a character (a lone surrogate)"), *place, hint=say("write the character itself")
            )
        return text

    def mapping(self, events: Iterator[Event], path: Path, depth: int) -> dict[str, Data]:
        content: dict[str, Data] = {}
        for item in events:
            if isinstance(item, MappingEndEvent):
                break
            place = _place(item)
            if not isinstance(item, ScalarEvent):
                raise Unreadable("Y110", say("a key must be plain text"), *place, hint=say("write key: value"))
            self.check_tag(item, place)
            key = self.whole_characters(item.value, place)
            if item.anchor:
                self.anchors[item.anchor] = (key, 1)
            here = (*path, key)
            if key in content:
                hint = say("it stands on line {line} already; keep one", line=self.document.key_marks[here][0])
                message = say("the key {key!r} is written twice", key=key[:60])
                self.note(Problem(self.document.file, *place, "Y102", message, hint))
                here = (*path, key, "(again)")
            self.document.key_marks[here] = place
            value = self.value(next(events), events, here, depth + 1)
            content.setdefault(key, value)
        return content


def _malformed(what: str | Words, line: int = 1, column: int = 1) -> Unreadable:
    """``what``: a sentence of ours, or what the parser says in its own English."""
    if isinstance(what, str):
        what = " ".join(what.split())[:200]
    hint = say("indent with spaces, not tabs") if "\\t" in str(what) else say("check indentation, colons and quotes")
    return Unreadable("Y101", say("not valid YAML: {what}", what=what), line, column, hint)


def _place(event: Event) -> tuple[int, int]:
    mark = event.start_mark
    return mark.line + 1, mark.column + 1


def _resolve(text: str) -> str | int | float | bool | None:
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
