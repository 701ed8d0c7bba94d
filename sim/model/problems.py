"""Problems in scenario files: what is wrong, where, and what to write instead.

Every code has an example file under ``tests/model/problems/`` that triggers it; that file is its test.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from sim.i18n import NOTHING, Words, marked, say
from sim.model.data import Path

Misfit = tuple[str, str, Path, str, Words, Words]
"""What does not fit another file: (kind, id, path, code, message, hint)."""

MOST = 100
"""Problems of one file that are said; who has mended those sees the next."""
_COMPARED = 200
"""Known words that an unknown one is compared with at most."""

CODES: dict[str, str] = {
    "Y101": "not valid YAML",
    "Y102": "a key is written twice",
    "Y103": "the file is too large",
    "Y104": "nested too deeply",
    "Y105": "too many aliases",
    "Y106": "not UTF-8 text",
    "Y107": "a tag is not allowed",
    "Y108": "more than one document in a file",
    "Y109": "the file is empty or not a mapping",
    "Y110": "a key is not plain text",
    "Y111": "a number that can be read in two ways",
    "F201": "unknown key",
    "F202": "a key is missing",
    "F203": "the wrong kind of value",
    "F204": "not one of the values allowed",
    "F205": "not a duration",
    "F206": "not a usable id",
    "F207": "a number out of range",
    "F208": "unknown kind or format",
    "F209": "not a date, time, time zone, holiday calendar or language",
    "F210": "values that do not fit together",
    "F211": "a number without its origin",
    "F212": "more mistakes than are said at once",
    "R301": "an id that nothing has",
    "R302": "a file outside the scenario's folders",
    "R303": "file name and id differ",
    "R304": "a stage that leads nowhere or cannot be reached",
    "R305": "chances that do not add up",
    "R306": "no office for a role",
    "R307": "a loop without a way out",
    "R308": "a file that cannot be read",
    "R309": "a figure that national law should give and does not",
    "R310": "a way to execution on which nothing is taken",
}


KINDS_IN_WORDS: dict[str, str] = {
    "agency": marked("agency"),
    "behaviour": marked("behaviour"),
    "case": marked("case"),
    "channel": marked("channel"),
    "coverage": marked("coverage"),
    "deadline": marked("deadline"),
    "decision": marked("decision"),
    "evidence": marked("evidence"),
    "flow": marked("flow"),
    "form": marked("form of a letter"),
    "glossary": marked("glossary"),
    "guidance": marked("guidance"),
    "holidays": marked("calendar of public holidays"),
    "incoming": marked("incoming"),
    "instrument": marked("instrument"),
    "jurisdiction": marked("jurisdiction"),
    "lever": marked("lever"),
    "measure": marked("measure"),
    "office": marked("office"),
    "option": marked("option"),
    "person": marked("person"),
    "policy": marked("policy"),
    "procedure": marked("procedure"),
    "request": marked("request"),
    "role at the table": marked("role at the table"),
    "service": marked("service"),
    "state": marked("State"),
    "team": marked("team"),
    "world": marked("world"),
}
"""What files describe, and the things in a world or a case that others name."""


def named(kind: str) -> Words:
    """A kind of file, or of a part of a world, in words."""
    return say(KINDS_IN_WORDS[kind])


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a file. ``line`` and ``column`` count from 1. Sorts by file, line, column and code."""

    file: str
    line: int
    column: int
    code: str
    message: Words
    hint: Words = NOTHING

    def __str__(self) -> str:
        words = self.message
        if self.hint:
            words = say("{message} (hint: {hint})", message=self.message, hint=self.hint)
        return f"{self.file}:{self.line}:{self.column}: {self.code} {words}"

    def __lt__(self, other: Problem) -> bool:
        return self._order < other._order

    @property
    def _order(self) -> tuple[object, ...]:
        return self.file, self.line, self.column, self.code, str(self.message), str(self.hint)


def said_at_once(problems: Iterable[Problem]) -> list[Problem]:
    """Problems in file and line order, each once; of a file with more than `MOST`, so many, and that there are more."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        found.setdefault(problem.file, []).append(problem)
    return [problem for file in sorted(found) for problem in _of_a_file(found[file])]


def _of_a_file(problems: list[Problem]) -> list[Problem]:
    by_place = sorted(problems, key=lambda problem: (problem.line, problem.column, problem.code))
    if len(problems) <= MOST:
        return sorted(set(problems))
    kept = sorted({problem for problem in by_place[:MOST] if problem.code != "F212"})
    return [*kept, more_after(kept[-1])]


def more_after(last: Problem) -> Problem:
    """That more is wrong than is said at once, at the place of the last problem that is."""
    message, hint = say("more is wrong than is said at once"), say("mend what is said above first")
    return Problem(last.file, last.line, last.column, "F212", message, hint)


class _Meant(Words):
    """The hint of `did_you_mean`, found when somebody reads it: a file may hold thousands of unknown words."""

    __slots__ = ("_known", "_otherwise", "_word")

    def __init__(self, word: str, known: tuple[str, ...], otherwise: Words):
        self._word, self._known, self._otherwise = word, known, otherwise

    def __getattr__(self, name: str) -> object:
        """What the sentence consists of, as soon as it is asked for."""
        if name not in Words.__slots__:
            raise AttributeError(name)
        found = self._find()
        super().__init__(found.key, found.values, found.other, found.count)
        return getattr(self, name)

    def __reduce__(self) -> tuple[type[Words], tuple[object, ...]]:
        return Words, (self.key, self.values, self.other, self.count)

    def _find(self) -> Words:
        word, known = self._word, sorted({str(name) for name in self._known})
        alike = known if len(known) <= _COMPARED else [name for name in known if name[:1] == word[:1]][:_COMPARED]
        close = difflib.get_close_matches(word, alike, n=1, cutoff=0.6)
        if close:
            return say("did you mean {meant!r}?", meant=close[0])
        if self._otherwise:
            return self._otherwise
        if known:
            shown = ", ".join(known[:12]) + (", …" if len(known) > 12 else "")
            return say("write one of: {names}", names=shown)
        return NOTHING


def did_you_mean(word: str, known: Iterable[str], otherwise: Words = NOTHING) -> Words:
    """A hint naming the closest known word, or the known words themselves when none is close."""
    return _Meant(str(word)[:80], tuple(known), otherwise)
