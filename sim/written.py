"""Text as it is written out: the one way of cleaning it, for pages, documents, tables, logs and the terminal.

What people and files say is data, and some characters are no text: a terminal takes them for commands, XML has no way
to write them, a spreadsheet runs what begins like a formula.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

UTF_8_MARK = "\ufeff"
"""Begins every table that people open, so that a spreadsheet reads every script as it was written."""
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85]")
"""What word processors and other systems break lines with."""
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_NO_CHARACTERS = re.compile("[\ud800-\udfff\ufffe\uffff]")
"""Halves of characters and what Unicode says is none."""
_UNCLEAN = re.compile(f"{_BREAKS.pattern}|{_CONTROLS.pattern}|{_NO_CHARACTERS.pattern}")
_FORMULA = re.compile(r"(^|[;,|\t])(\s*)(?=[=+\-@＝＋－＠])")
"""Where a spreadsheet would begin a formula: at the start of a cell, and behind what it may take for a separator."""


def clean(text: str) -> str:
    """Text that can be written anywhere: every break of a line is one kind, control characters other than tabs are
    left out, and what is no character is shown as U+FFFD."""
    if not _UNCLEAN.search(text):
        return text
    return _NO_CHARACTERS.sub("\ufffd", _CONTROLS.sub("", _BREAKS.sub("\n", text)))


def cell(value: object) -> object:
    """A cell of a table: text on one line, with an apostrophe where a formula would begin (OWASP, CSV Injection);
    numbers and the like as they are."""
    if value is None or isinstance(value, int | float):
        return value
    return _FORMULA.sub(r"\1\2'", " ".join(clean(str(value)).split()))


def csv_text(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV that people open: with the mark of UTF-8, and every cell as `cell` has it."""
    stream = io.StringIO()
    stream.write(UTF_8_MARK)
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([[cell(value) for value in row] for row in rows])
    return stream.getvalue()
