"""YAML 1.2 text to plain data with a mark (file, line, column) for every key and value.

Whatever the text, reading gives data or problems, never an exception, and within bounds of size and depth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sim.i18n import NOTHING, Words, say
from sim.model.data import Data, Path
from sim.model.problems import Problem
from sim.model.yaml_cache import recall, remember

MAXIMUM_CHARACTERS = 500_000
MAXIMUM_DEPTH = 30
MAXIMUM_ALIASES = 50
MAXIMUM_VALUES = 12_000
"""Eight times as many as in the largest file of the library; reading takes a second or two at most."""

SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass
class Document:
    """The data of one file and where each part of it stands.

    ``marks`` maps a path (keys and list positions from the root) to (line, column) of the value, and
    ``key_marks`` to that of its key; both count from 1.
    """

    file: str
    data: Data = None
    marks: dict[Path, tuple[int, int]] = field(default_factory=dict)
    key_marks: dict[Path, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unmarked: bytes | None = field(default=None, repr=False)
    """The text, where the data was remembered and its marks have not been needed yet."""

    def place(self, path: Path, *, of_key: bool = False) -> tuple[int, int]:
        """Line and column of the value (or key) at ``path``, or of the nearest part above it that exists."""
        if self.unmarked is not None:
            again = read(self.unmarked, self.file)
            self.marks, self.key_marks, self.unmarked = again.marks, again.key_marks, None
        while path:
            if of_key and path in self.key_marks:
                return self.key_marks[path]
            if path in self.marks:
                return self.marks[path]
            if path in self.key_marks:
                return self.key_marks[path]
            path = path[:-1]
        return self.marks.get((), (1, 1))

    def problem(
        self, code: str, message: Words, path: Path = (), hint: Words = NOTHING, *, of_key: bool = False
    ) -> Problem:
        line, column = self.place(path, of_key=of_key)
        return Problem(self.file, line, column, code, message, hint)


class Unreadable(Exception):
    """Reading cannot go on; the problem says why."""

    def __init__(self, code: str, message: Words, line: int = 1, column: int = 1, hint: Words = NOTHING):
        self.code, self.message, self.line, self.column, self.hint = code, message, line, column, hint


def read(text: str | bytes, file: str) -> Document:
    """Read one YAML document. Problems are collected in the result; nothing is raised for bad text."""
    document = Document(file)
    try:
        if isinstance(text, bytes):
            if len(text) > 4 * MAXIMUM_CHARACTERS:
                raise Unreadable(
                    "Y103",
                    say("the file has more than {most} characters", most=f"{MAXIMUM_CHARACTERS:,}"),
                    hint=say("split it"),
                )
            try:
                text = text.decode("utf-8-sig")
            except UnicodeDecodeError as error:
                line = error.object.count(b"\n", 0, error.start) + 1
                raise Unreadable(
                    "Y106", say("the file is not UTF-8 text"), line, hint=say("save it as UTF-8")
                ) from None
        elif half := SURROGATE.search(text):
            line = half.string.count("\n", 0, half.start()) + 1
            raise Unreadable(
                "Y106", say("half a character (a lone surrogate)"), line, hint=say("write the character itself")
            )
        if len(text) > MAXIMUM_CHARACTERS:
            raise Unreadable(
                "Y103",
                say("the file has more than {most} characters", most=f"{MAXIMUM_CHARACTERS:,}"),
                hint=say("split it"),
            )
        from sim.model.yaml_builder import Builder  # brings the parser, so only when a file is read

        Builder(document).build(text)
    except Unreadable as stop:
        document.data = None
        document.problems.append(Problem(file, stop.line, stop.column, stop.code, stop.message, stop.hint))
    return document


def read_known(text: bytes, file: str) -> Document:
    """As `read`, from memory where the same text has been read before."""
    data = recall(text)
    if data is not None:
        return Document(file, data, unmarked=text)
    document = read(text, file)
    if not document.problems:
        remember(text, document.data)
    return document
