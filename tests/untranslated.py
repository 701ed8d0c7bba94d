"""Finds English of ours in what is shown while the invented language ``en-XA`` is in use.

In that language every word of ours that has a vowel has an accent. What an author wrote, ids out of files, and code to
be copied are taken away first; a word that is then left without an accent is one that nobody could translate.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from sim.model.authored import authored_texts
from sim.model.base import Header
from sim.model.loading import Library, Scenario, shipped_folder
from sim.model.validation import KINDS

NAMES = {
    "mlasim": "the program's name",
    "CSV": "a file format",
    "DOCX": "a file format",
    "HTML": "a file format",
    "JSON": "a file format",
    "xAPI": "a format of statements",
    "MSER": "a method's name",
}
"""Words that are the same in every language."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_PLAIN = re.compile(r"[aeiouyAEIOUY]")
_ACCENT = re.compile(r"[äëïöüÿÄËÏÖÜŸ]")
_PADDING = re.compile(r"(lang){2}")
_CITATION = re.compile(r"\barts?\. (?:\d[\w()]*(?:, |-|–| and )?)+")
_QUOTED = re.compile(r"'[^'\n]{1,80}'|\"[^\"\n]{1,80}\"")
_PATH = re.compile(r"\S*[/\\]\S+|\S+\.(?:yaml|html|docx|csv|jsonl)\b|--[a-z-]+")
_PLACE = re.compile(r"^\S+:\d+:\d+: [A-Z]\d{3} ")
_CODE = re.compile(r"\{[^{}]*\}")
_GONE = " § "


class Finder:
    """Knows what authors wrote in a scenario and in the library, and what they call things by."""

    def __init__(self, *what: Scenario | Header, also: Iterable[str] = ()):
        library = Library((shipped_folder(),))
        records = [
            library.get(kind, id_) for kind in KINDS for id_ in library.ids(kind) if kind not in ("case", "policy")
        ]
        known: set[str] = {" ".join(text.split()) for text in also}
        ids: set[str] = set()
        for one in (*what, *filter(None, records)):
            for text in authored_texts(one):
                for block in text.text.split("\n\n"):
                    known.add(" ".join(block.split()))
                known.add(" ".join(text.text.split()))
                ids |= {part for part in text.path if isinstance(part, str)}
                ids.add(text.id)
        ids |= {part for one in what for part in _keys(one)}
        # Where an id is shown as near to words as it comes, it stands without hyphens. Ids of one plain word are not
        # taken away, or a label of ours that says the same would hide behind them.
        compound = {id_ for id_ in ids if "-" in id_}
        known |= compound | {id_.replace("-", " ") for id_ in compound}
        self._known = sorted((text for text in known if len(text) > 1), key=len, reverse=True)

    def in_text(self, text: str) -> list[str]:
        """Runs of words without an accent, each with what stands around it."""
        rest = " ".join(text.split())
        for pattern in (_PLACE, _CITATION, _QUOTED, _CODE, _PATH):
            rest = pattern.sub(_GONE, rest)
        for known in self._known:
            if known in rest:
                rest = re.sub(rf"(?<!\w){re.escape(known)}(?!\w)", _GONE, rest)
        return [rest[max(0, m.start() - 30) : m.end() + 40] for m in _WORD.finditer(rest) if _is_english(m[0])]

    def in_all(self, shown: Iterable[tuple[str, str]]) -> list[str]:
        """``where: words`` of everything untranslated in (where, text) pairs, each once."""
        return list(dict.fromkeys(f"{where}: …{found[0]}…" for where, text in shown if (found := self.in_text(text))))


def _is_english(word: str) -> bool:
    return word not in NAMES and bool(_PLAIN.search(word)) and not _ACCENT.search(word) and not _PADDING.search(word)


def _keys(what: Any) -> Iterator[str]:
    """Every id in a scenario's own data."""
    if isinstance(what, Scenario):
        for (kind, id_), data in what.data.items():
            yield id_
            if kind in ("case", "world"):
                yield from _keys_of(data)


def _keys_of(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield str(key)
            yield from _keys_of(value)
    elif isinstance(data, list):
        for value in data:
            yield from _keys_of(value)
    elif isinstance(data, str) and "-" in data and " " not in data:
        yield data


class _Page(HTMLParser):
    """The texts of a page: of elements and of attributes that people hear or see."""

    SILENT = ("style", "script", "code", "pre")
    SAID = ("title", "aria-label", "alt", "placeholder")

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.SILENT:
            self._inside.append(tag)
        self.texts += [value for name, value in attrs if name in self.SAID and value]

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside and data.strip():
            self.texts.append(data)


def of_html(where: str, html: str) -> Iterator[tuple[str, str]]:
    """The texts of a piece of HTML."""
    page = _Page()
    page.feed(html.replace("<wbr>", ""))
    page.close()
    yield from ((where, text) for text in page.texts)


def of_widgets(where: str, view: Any) -> Iterator[tuple[str, str]]:
    """The texts of a widget and of all in it: pages, labels, hints, choices, titles of tabs."""
    if isinstance(view, widgets.HTML):
        yield from of_html(where, view.value)
    for name in ("description", "tooltip", "placeholder"):
        if text := getattr(view, name, None):
            yield f"{where}, {type(view).__name__} {name}", str(text)
    for label in getattr(view, "_options_labels", ()):
        yield f"{where}, choice", str(label)
    for title in getattr(view, "titles", ()):
        yield f"{where}, title", title
    for inner in getattr(view, "children", ()):
        yield from of_widgets(where, inner)


def of_lines(where: str, text: str) -> Iterator[tuple[str, str]]:
    """The lines of what a command says."""
    yield from ((where, line) for line in text.splitlines() if line.strip())


def folder_of(path: str | Path) -> Path:
    """A folder of the tests."""
    return Path(__file__).parent / path
