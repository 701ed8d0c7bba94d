"""Words that people read, in their language: `_("…")` for a text, `many("…", "…", n)` for a number of things.

English stands in the code; catalogues are gettext files under ``sim/locale``. Two invented languages show what a
translation would do to the screen: ``en-XA`` makes every text longer, as German does, and ``ar-XB`` writes from right
to left. Both are made from English while the program runs.
"""

from __future__ import annotations

import gettext
import re
from contextvars import ContextVar
from io import BytesIO
from pathlib import Path

from sim.errors import UsageError

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


def right_to_left() -> bool:
    """Whether it is written from right to left."""
    return language().split("-")[0] in _RTL


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


def use(wanted: str) -> None:
    """Use a language from now on. Raises `UsageError` if there is no catalogue for it."""
    if wanted not in languages():
        raise UsageError(f"there is no catalogue for the language {wanted[:20]!r}; there are {', '.join(languages())}")
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
