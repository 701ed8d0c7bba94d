"""Words that people read, in their language.

`_("…")` gives a text now, `many("…", "…", n)` one for a number of things. `say("… {name} …", name=…)` keeps a sentence
as its key and what stands in its places, so that it can be passed on, stored with an answer, sent to another process,
and is put into words only where somebody reads it: ``str(sentence)``.

English stands in the code; catalogues are gettext files under ``sim/locale``. Two invented languages show what a
translation would do to the screen: ``en-XA`` makes every text longer, as German does, and ``ar-XB`` writes from right
to left. Both are made from English while the program runs.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from io import BytesIO
from pathlib import Path

from sim.unchanging import Unchanging

LOCALES = Path(__file__).parent / "locale"
LONGER, RIGHT_TO_LEFT = "en-XA", "ar-XB"
_KEPT = re.compile(r"(\{[^{}]*\}|%[A-Za-z]|<[^<>]*>)")
_ACCENTS = str.maketrans("aeiouyAEIOUY", "äëïöüÿÄËÏÖÜŸ")
_RTL = ("ar", "he", "fa", "ur")


class _Pseudo(gettext.NullTranslations):
    """A language made from English; what stands in braces or tags is left alone."""

    def __init__(self, language: str):
        super().__init__()
        self.language = language

    def gettext(self, message: str) -> str:
        parts = [part if _KEPT.fullmatch(part) else part.translate(_ACCENTS) for part in _KEPT.split(message)]
        changed = "".join(parts)
        if self.language == RIGHT_TO_LEFT:
            return f"\u200f{changed}\u200f"
        longer = " ".join("lang" * 2 for _ in range(1 + len(message.split()) // 4))
        return f"[{changed} {longer}]"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


_current: ContextVar[tuple[str, gettext.NullTranslations]] = ContextVar(
    "words", default=("en", gettext.NullTranslations())
)


def _(message: str) -> str:
    """A text in the language in use."""
    return _current.get()[1].gettext(message)


def many(one: str, other: str, count: int) -> str:
    """A text for a number of things, with ``{n}`` filled in."""
    return _current.get()[1].ngettext(one, other, count).format(n=count)


class Words(Unchanging):
    """A sentence of ours that is not yet in any language: ``str()`` puts it into the language in use.

    ``key`` is the English sentence as the catalogue has it, ``values`` what stands in its places: numbers, names and
    authors' texts as they are, or other `Words`. Two are equal if they say the same. It is no ``str`` on purpose, so
    that a sentence cannot lose its key by being glued to another.
    """

    __slots__ = ("count", "key", "other", "values")

    def __init__(self, key: str, values: Mapping[str, object], other: str = "", count: int | None = None):
        self.key, self.values, self.other, self.count = key, values, other, count

    def __str__(self) -> str:
        if not self.key:
            return ""  # a catalogue's entry for nothing is its own header
        catalogue = _current.get()[1]
        text = catalogue.gettext(self.key) if self.count is None else _counted(catalogue, self)
        return text.format_map({name: str(value) for name, value in self.values.items()}) if self.values else text

    def __repr__(self) -> str:
        return f"Words({str(self)!r})"

    def __format__(self, specification: str) -> str:
        return format(str(self), specification)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Words):
            return NotImplemented
        return self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash(self.key)

    def __bool__(self) -> bool:
        return bool(self.key)

    def _parts(self) -> tuple[object, ...]:
        return self.key, self.other, self.count, dict(self.values)

    def walk(self) -> Iterator[Words]:
        """This sentence and every one that stands in its places."""
        yield self
        for value in self.values.values():
            if isinstance(value, Words):
                yield from value.walk()


class _Joined(Words):
    """Several words one after the other."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[object, ...], joint: str):
        super().__init__(joint, {str(place): part for place, part in enumerate(parts)})
        self.parts = parts

    def __str__(self) -> str:
        joint = _current.get()[1].gettext(self.key) if self.key.strip(" \n·,;:.–—|/") else self.key
        return joint.join(str(part) for part in self.parts)

    def __bool__(self) -> bool:
        return bool(self.parts)


def _counted(catalogue: gettext.NullTranslations, words: Words) -> str:
    assert words.count is not None
    return catalogue.ngettext(words.key, words.other, words.count)


def say(message: str, /, **values: object) -> Words:
    """A sentence to be put into words where it is shown; ``values`` stand in its places: ``{name}``."""
    return Words(message, values)


def say_many(one: str, other: str, count: int, /, **values: object) -> Words:
    """A sentence about a number of things; ``{n}`` is the number."""
    return Words(one, {"n": count, **values}, other, count)


def joined(parts: Iterable[object], joint: str = ", ") -> Words:
    """Several words one after the other. A ``joint`` with letters in it is a text of the catalogue."""
    return _Joined(tuple(parts), joint)


NOTHING = Words("", {})
"""No words, where there may be some."""


def marked(message: str) -> str:
    """A text for the catalogue that is translated later, where it is shown."""
    return message


def languages() -> list[str]:
    """Languages with a catalogue, and the two invented ones."""
    found = {path.parent.parent.name for path in LOCALES.glob("*/LC_MESSAGES/mlasim.po")}
    return [*sorted(found | {"en"}), LONGER, RIGHT_TO_LEFT]


def language() -> str:
    """The language in use."""
    return _current.get()[0]


def right_to_left(code: str | None = None) -> bool:
    """Whether a language, or else the one in use, is written from right to left."""
    return (code or language()).split("-")[0] in _RTL


def language_name(code: str) -> str:
    """A language's name in the language in use; its code where no names are at hand."""
    try:
        from babel import Locale, UnknownLocaleError
    except ImportError:
        return code
    try:
        return str(Locale.parse(language().split("-")[0]).languages.get(code, code))
    except (ValueError, UnknownLocaleError):
        return code


class LanguageName(Words):
    """A language's name, in the language in use when it is read."""

    def __init__(self, code: str):
        super().__init__(code, {})

    def __str__(self) -> str:
        return language_name(self.key)


def use(wanted: str) -> None:
    """Use a language from now on. Raises `UsageError` if there is no catalogue for it."""
    if wanted not in languages():
        from sim.errors import UsageError  # errors know of problems, whose words these are

        raise UsageError(
            say(
                "there is no catalogue for the language {wanted!r}; there are {names}",
                wanted=wanted[:20],
                names=", ".join(languages()),
            )
        )
    if wanted in (LONGER, RIGHT_TO_LEFT):
        found: gettext.NullTranslations = _Pseudo(wanted)
    elif wanted == "en":
        found = gettext.NullTranslations()
    else:
        found = _catalogue(wanted)
    _current.set((wanted, found))


def _catalogue(wanted: str) -> gettext.NullTranslations:
    """A catalogue as translators write it, compiled on the way in."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with (LOCALES / wanted / "LC_MESSAGES" / "mlasim.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=wanted))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
