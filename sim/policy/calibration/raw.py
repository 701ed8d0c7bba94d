"""The rows of a log as they are written: cells by meaning, and rows that are no rows."""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
import logging
import os
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers.expat import ExpatError, ParserCreate

from sim.errors import UsageError
from sim.i18n import marked, say, say_many
from sim.model.problems import did_you_mean
from sim.policy.calibration.columns import XES_COLUMNS, Columns, columns

logger = logging.getLogger("mlasim.policy.calibration.raw")

LARGEST_FILE = 2_000_000_000
"""Bytes; what is larger would not fit into an ordinary computer's memory."""
_PIECE = 1 << 20
"""Bytes unpacked at a time."""
LONGEST_CELL = 1_000
"""Characters; a longer cell is no name and no date, but often the rest of a file behind a missing quotation mark."""
_DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class RawRow:
    """A row of the file. ``number`` is its line in a text file (the first, if it has several), or the number of the
    event in an XES log. ``fault`` says why it is no row."""

    number: int
    cells: dict[str, str]
    """By meaning, see `Columns`."""
    fault: str = ""


@dataclass(frozen=True)
class RawLog:
    """A log as it was found."""

    path: Path
    sha256: str
    columns: Columns
    rows: tuple[RawRow, ...]
    unused: tuple[str, ...] = ()
    """Columns of the file that mean nothing here."""
    remarks: tuple[str, ...] = field(default=())
    """How it was read, where that was found out."""


def read_raw(path: str | Path, mapping: Columns | Mapping[str, object]) -> RawLog:
    """Read a log, CSV or XES by its ending. Raises `UsageError` for a file that is no log, or not the one meant."""
    path = Path(path)
    try:
        _not_too_large(path, path.stat().st_size)
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        raise UsageError(
            say("{path}: cannot be read: {reason}", path=path, reason=getattr(error, "strerror", None) or error)
        ) from None
    if not content.strip():
        raise UsageError(say("{path}: the file is empty", path=path))
    digest = hashlib.sha256(content).hexdigest()
    _no_other_kind(path, content)
    if any(path.name.lower().endswith(ending) for ending in (".xes", ".xes.gz")):
        _check_xml(path, content)
        return _read_xes(path, digest, mapping)
    return _read_csv(path, content, digest, mapping if isinstance(mapping, Columns) else columns(mapping))


_FIRST_BYTES = (
    (b"PK\x03\x04", ".xlsx", marked("an Excel workbook")),
    (b"PK\x03\x04", ".xlsm", marked("an Excel workbook")),
    (b"PK\x03\x04", ".ods", marked("a workbook of LibreOffice")),
    (b"PK\x03\x04", ".docx", marked("a Word document")),
    (b"PK\x03\x04", "", marked("a ZIP archive or a workbook")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "", marked("an Excel workbook of the older kind")),
    (b"PAR1", "", marked("a Parquet file")),
    (b"\x1f\x8b", "", marked("a file compressed with gzip")),
    (b"BZh", "", marked("a file compressed with bzip2")),
    (b"\xfd7zXZ\x00", "", marked("a file compressed with xz")),
    (b"7z\xbc\xaf\x27\x1c", "", marked("a 7-Zip archive")),
    (b"%PDF-", "", marked("a PDF document")),
    (b"SQLite format 3\x00", "", marked("an SQLite database")),
)
"""What a file is that begins so and whose name ends so, where both say more than its first bytes."""


def _no_other_kind(path: Path, content: bytes) -> None:
    """Raise `UsageError` for a file that is no text, by its first bytes, and say what it is. A log as XES may be
    compressed."""
    name = path.name.lower()
    if name.endswith(".xes.gz") and content.startswith(b"\x1f\x8b"):
        return
    for begins, ends, what in _FIRST_BYTES:
        if content.startswith(begins) and name.endswith(ends):
            raise UsageError(
                say(
                    "{path}: is {what}, and a log is read as CSV or XES — open it in the program it comes from and "
                    "save it as CSV (UTF-8)",
                    path=path,
                    what=say(what),
                )
            )


# CSV


def _read_csv(path: Path, content: bytes, digest: str, mapping: Columns) -> RawLog:
    text, remarks = _decoded(path, content, mapping.encoding)
    delimiter = mapping.delimiter or _delimiter(text, mapping)
    if mapping.delimiter is None:
        remarks.append(f"cells are separated by {delimiter!r}")
    lines = _cells(path, text, delimiter)
    header = [name.strip() for name in next(lines, (1, []))[1]]
    places = _places(path, header, mapping, delimiter)
    all_lines = list(lines)
    rows = tuple(_row(number, cells, header, places) for number, cells in all_lines if any(c.strip() for c in cells))
    if empty := len(all_lines) - len(rows):
        remarks.append(f"empty lines passed over: {empty}")
    unused = tuple(name for name in header if name and name not in mapping.meanings.values())
    return RawLog(path, digest, mapping, rows, unused, tuple(remarks))


def _decoded(path: Path, content: bytes, encoding: str) -> tuple[str, list[str]]:
    remarks = []
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
        remarks.append("read as UTF-16")
    elif content.startswith(codecs.BOM_UTF8) or encoding.lower() in ("utf-8", "utf8"):
        encoding = "utf-8-sig"
    try:
        return content.decode(encoding), remarks
    except UnicodeError as error:
        start = getattr(error, "start", 0)
        line = content.count(b"\n", 0, start) + 1
        raise UsageError(
            say(
                "{path}: line {line} is not {encoding} text — say how it is encoded, for example "
                "encoding: cp1252 (most Windows programs in western Europe)",
                path=path,
                line=line,
                encoding=encoding.removesuffix("-sig").upper(),
            )
        ) from None
    except LookupError:
        raise UsageError(
            say("there is no encoding {encoding!r} — write for example utf-8 or cp1252", encoding=encoding[:40])
        ) from None


def _delimiter(text: str, mapping: Columns) -> str:
    """The one with which most of the columns named are found in the first line; of those, the most frequent."""
    first = text.split("\n", 1)[0]
    wanted = set(mapping.meanings.values())

    def found(delimiter: str) -> tuple[int, int]:
        names = {name.strip() for name in next(csv.reader([first], delimiter=delimiter), [])}
        return len(wanted & names), first.count(delimiter)

    try:
        return max(_DELIMITERS, key=found)
    except csv.Error as error:
        logger.info("the delimiter cannot be told from the first line, a comma is taken: %s", error)
        return ","


def _cells(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of every row. Its size is no reason to stop: whatever is too long is said row by row."""
    before = csv.field_size_limit(len(text) + 1)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        line = 1
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise UsageError(say("{path}: line {line}: {error}", path=path, line=reader.line_num, error=error)) from None
    finally:
        csv.field_size_limit(before)


def _places(path: Path, header: list[str], mapping: Columns, delimiter: str) -> dict[str, int]:
    missing = [name for name in mapping.meanings.values() if name not in header]
    if missing:
        hints = "; ".join(f"{name[:40]!r}: {did_you_mean(name, [h[:40] for h in header])}" for name in missing)
        raise UsageError(
            say_many(
                "{path}: there is no column {hints} (cells are separated by {delimiter!r})",
                "{path}: there are no columns {hints} (cells are separated by {delimiter!r})",
                len(missing),
                path=path,
                hints=hints,
                delimiter=delimiter,
            )
        )
    twice = [name for name in mapping.meanings.values() if header.count(name) > 1]
    if twice:
        raise UsageError(
            say(
                "{path}: the column {twice!r} stands twice in the first line — rename one",
                path=path,
                twice=twice[0][:40],
            )
        )
    return {meaning: header.index(name) for meaning, name in mapping.meanings.items()}


def _row(number: int, cells: list[str], header: list[str], places: dict[str, int]) -> RawRow:
    found = {meaning: cells[place].strip() for meaning, place in places.items() if place < len(cells)}
    longest = max((len(cell) for cell in found.values()), default=0)
    short = {meaning: cell[:LONGEST_CELL] for meaning, cell in found.items()}
    if len(cells) != len(header):
        return RawRow(number, short, f"has {len(cells)} cells where the first line has {len(header)}")
    if longest > LONGEST_CELL:
        return RawRow(number, short, f"has a cell of {longest:,} characters; perhaps a quotation mark is missing")
    if any("\0" in cell for cell in found.values()):
        return RawRow(number, short, "has a NUL character")
    return RawRow(number, found)


def _not_too_large(path: Path, size: int) -> None:
    if size > LARGEST_FILE:
        most = f"{LARGEST_FILE / 1e9:g}"
        raise UsageError(say("{path}: has more than {size} GB — export fewer columns or years", path=path, size=most))


# XES


def _read_xes(path: Path, digest: str, mapping: Columns | Mapping[str, object]) -> RawLog:
    from sim.record.mining import pm4py_ready

    with pm4py_ready():
        import pm4py

        try:
            # The progress bar would write where the command prints.
            table = pm4py.read_xes(os.fspath(path), show_progress_bar=False)
        except Exception as error:  # whatever pm4py and its parser raise for what is no XES
            words = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
            raise UsageError(
                say("{path}: is no XES log that pm4py can read: {words}", path=path, words=words)
            ) from None
    if not len(table):
        raise UsageError(say("{path}: the log has no events", path=path))
    names = [str(name) for name in table.columns]
    found = mapping if isinstance(mapping, Columns) else columns(_of_xes(names, mapping))
    missing = [name for name in found.meanings.values() if name not in names]
    if missing:
        raise UsageError(
            say(
                "{path}: no event has {missing!r} — {hint}",
                path=path,
                missing=missing[0][:60],
                hint=did_you_mean(missing[0], names),
            )
        )
    written = {
        meaning: [_written(value) for value in table[column].tolist()] for meaning, column in found.meanings.items()
    }
    rows = tuple(
        RawRow(number, dict(zip(written, values, strict=True)))
        for number, values in enumerate(zip(*written.values(), strict=True), 1)
    )
    unused = tuple(name for name in names if name not in found.meanings.values() and not name.startswith("@@"))
    return RawLog(path, digest, found, rows, unused)


def _check_xml(path: Path, content: bytes) -> None:
    """Raise `UsageError` for what is no XML, with its line; pm4py would leave the file open. What is compressed may
    unpack to as much as a file that is not: a few kilobytes can hold terabytes."""
    parser = ParserCreate()
    try:
        if path.suffix.lower() != ".gz":
            parser.Parse(content, True)
            return
        unpacked = 0
        with gzip.open(io.BytesIO(content)) as stream:
            while piece := stream.read(_PIECE):
                unpacked += len(piece)
                _not_too_large(path, unpacked)
                parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (ExpatError, OSError, EOFError, zlib.error) as error:
        raise UsageError(say("{path}: is no XES log: {error}", path=path, error=error)) from None


def _of_xes(names: list[str], given: Mapping[str, object]) -> dict[str, object]:
    """Where the standard puts things, as far as they are there, and what was said otherwise."""
    usual = {
        meaning: name
        for meaning, name in XES_COLUMNS.items()
        if name in names or meaning in ("case", "activity", "time")
    }
    if "office" not in usual and "person" in usual:
        usual["office"] = usual.pop("person")
    if given.get("end"):
        usual.pop("time")
    return usual | {key: value for key, value in given.items() if value is not None}


def _written(value: object) -> str:
    if value is None or value != value:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)[: LONGEST_CELL + 1]
