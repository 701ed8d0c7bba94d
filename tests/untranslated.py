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
from babel import Locale
from pydantic import BaseModel

from sim.model.authored import authored_texts
from sim.model.base import Header
from sim.model.loading import Library, Scenario, shipped_folder
from sim.model.validation import KINDS
from sim.training.invented_names import with_names
from tests.catalogue import extracted

NAMES = {
    "mlasim": "the program's name",
    "CSV": "a file format",
    "DOCX": "a file format",
    "HTML": "a file format",
    "JSON": "a file format",
    "xAPI": "a format of statements",
    "MSER": "a method's name",
    "sha256": "a method's name",
    "Python": "a language's name",
    "simpy": "a package's name",
    "holidays": "a package's name",
}
"""Words that are the same in every language."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_PLAIN = re.compile(r"[aeiouyAEIOUY]")
_ACCENT = re.compile(r"[äëïöüÿÄËÏÖÜŸ]")
_PADDING = re.compile(r"(lang){2}")
_CITATION = re.compile(r"\barts?\. [\d(]\S*(?:(?:,| and|-|–) [\d(]\S*)*")
_DATA = re.compile(r"\b(?:world|channel|measure|jurisdiction|procedure|lever|service|instrument|case)/\S+")
"""A place in the data, as settings name it."""
_DATE = re.compile(r"\b\d{1,2} (?:Jan|Febr|M|Apr|Ju|Aug|Sept|Oct|Nov|Dec)[a-z]+ \d{4}\b")
"""A date as Babel writes it, which takes the invented language for English."""
_HASH = re.compile(r"\b[0-9a-f]{16,}\b")
_QUOTED = re.compile(r"(?<!\w)'[^'\n]{1,80}'(?!\w)|\"[^\"\n]{1,80}\"")
_PATH = re.compile(r"\S*[/\\]\S+|\S+\.(?:yaml|html|docx|csv|jsonl)\b|--[a-z-]+")
_PLACE = re.compile(r"^\S+:\d+:\d+: [A-Z]\d{3} ")
_LINK = re.compile(r"\S+\.md#\S+")
_CODE = re.compile(r"\{[^{}]*\}")
_GONE = " § "
TERM = re.compile(r"<span class='term'[^>]*>(.*?)</span>")
"""A word of the glossary, marked where it stands in somebody's sentence."""


class Finder:
    """Knows what authors wrote in a scenario and in the library, and what they call things by."""

    def __init__(self, *what: Scenario | Header, names: Iterable[str] = ()):
        library = Library((shipped_folder(),))
        records = (library.get(kind, id_) for kind in KINDS for id_ in library.ids(kind))
        known: set[str] = set(NAMES) | set(names)
        ids: set[str] = set()
        labels = {text.casefold() for text in extracted() if isinstance(text, str)}
        told = [with_names(one, 7) for one in what if isinstance(one, Scenario) and one.case is not None]
        for one in (*told, *what, *filter(None, records)):
            for text in authored_texts(one):
                known |= {" ".join(text.text.split()), *_pieces(text.text)}
        for record in library.records.values():
            articles = (provision.article for provision in getattr(record, "provisions", ()))
            ids |= {article for article in articles if article[0].isalpha()}  # ``rule 16``
        for one in what:
            for record in (
                [r for by_id in one.records.values() for r in by_id.values()] if isinstance(one, Scenario) else [one]
            ):
                ids |= set(all_ids(record))
        ids |= {id_ for kind in KINDS for id_ in library.ids(kind)}
        # Where an id is shown as near to words as it comes, it stands without hyphens. An id that is also a label of
        # ours is not taken away, or the label could hide behind it.
        ids = {
            shown
            for id_ in ids
            if any(map(str.isalpha, id_))
            for shown in (id_, id_.replace("-", " "))
            if shown.casefold() not in labels
        }
        known |= ids | {tongue for code in _TONGUES for tongue in _names_of(code)}
        # A number that an author wrote (``18`` for an age) says nothing alone, and would cut a citation in two.
        worded = (text for text in known if len(text) > 1 and any(map(str.isalpha, text)))
        self._known = sorted(worded, key=len, reverse=True)

    def in_text(self, text: str) -> list[str]:
        """Runs of words without an accent, each with what stands around it."""
        rest = _LINK.sub(_GONE, _PLACE.sub("", " ".join(text.split())))
        rest = self._without_cut(rest)
        for known in self._known:
            if known in rest:
                rest = re.sub(rf"(?<!\w){re.escape(known)}(?!\w)", _GONE, rest)
        for pattern in (_DATA, _HASH, _DATE, _CITATION, _QUOTED, _CODE, _PATH):
            rest = pattern.sub(_GONE, rest)
        return [rest[max(0, m.start() - 30) : m.end() + 40] for m in _WORD.finditer(rest) if _is_english(m[0])]

    def in_all(self, shown: Iterable[tuple[str, str]]) -> list[str]:
        """``where: words`` of everything untranslated in (where, text) pairs, each once."""
        return list(dict.fromkeys(f"{where}: …{found[0]}…" for where, text in shown if (found := self.in_text(text))))

    def _without_cut(self, text: str) -> str:
        """Without what stands before an ellipsis, where it is the beginning of something known."""
        for end in [m.start() for m in re.finditer("…", text)]:
            for begin in (m.start() for m in re.finditer(r"(?<!\w)\w", text[:end])):
                cut = text[begin:end].rstrip()
                if len(cut) > 5 and any(known.startswith(cut) for known in self._known):
                    return text[:begin] + _GONE + self._without_cut(text[end + 1 :])
        return text


def _pieces(text: str) -> Iterator[str]:
    """An author's text as it may be shown: whole, by paragraph, by line, and between the places that are filled in."""
    for piece in (text, *text.split("\n\n"), *text.splitlines(), *(p for p in _CODE.split(text) if len(p) > 8)):
        if " " in piece.strip() or piece[:1].isupper():
            yield " ".join(piece.split())


_TONGUES = ("ar", "de", "en", "es", "fr", "hi", "id", "ms", "pt", "ru", "sv", "sw", "th", "vi", "zh", "it", "nb", "nl")


def _names_of(code: str) -> Iterator[str]:
    """A language's name in English, as the invented language has it, and in itself."""
    locale = Locale.parse(code)
    yield from filter(None, (locale.get_language_name("en"), locale.get_language_name(code)))
    yield (locale.get_language_name(code) or "").capitalize()


def _is_english(word: str) -> bool:
    if "langlang".startswith(word):  # a padding that was cut
        return False
    return bool(_PLAIN.search(word)) and not _ACCENT.search(word) and not _PADDING.search(word)


def all_ids(value: Any) -> Iterator[str]:
    """Every id that an author gave: of records, and those by which a record keeps what is in it."""
    if isinstance(value, BaseModel):
        if isinstance(id_ := getattr(value, "id", None), str):
            yield id_
        for name in type(value).model_fields:
            yield from all_ids(getattr(value, name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from all_ids(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from all_ids(item)


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
    page.feed(TERM.sub(r"\1", html.replace("<wbr>", "")))
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
