"""Codes that open a door: digits, which every keyboard has; kept as salted hashes; wrong ones are slowed down."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata

from sim.i18n import Words, say_many

DIGITS = 8
"""With wrong tries slowed as below, trying half of the codes takes many years."""
FREE = 4
"""Wrong tries that cost nothing but themselves."""
SHORTEST, LONGEST = 5, 300
"""Seconds to wait after one more, and at most; each further one doubles them."""
_COST = {"n": 2**14, "r": 8, "p": 1}
"""Of scrypt: some 16 MB and 50 ms a try."""


def new_code() -> str:
    """Digits that nobody can guess."""
    return "".join(secrets.choice("0123456789") for _ in range(DIGITS))


def shown(code: str) -> str:
    """A code as it is read out and written down: in groups of four."""
    return " ".join(code[place : place + 4] for place in range(0, len(code), 4))


def typed(code: str) -> str:
    """A code as it was meant: digits of every script are digits, and blanks and hyphens are nothing."""
    digits = (str(unicodedata.digit(c, c)) for c in code[:100])
    return "".join(c for c in digits if not c.isspace() and c not in "-–_.")


def same(one: str, other: str) -> bool:
    """Whether two texts are the same, in a time that does not tell how much of them is."""
    return hmac.compare_digest(one.encode(), other.encode())


def hashed(code: str) -> str:
    """A code as it is kept: ``scrypt$salt$hash``."""
    salt = secrets.token_bytes(16)
    return f"scrypt${salt.hex()}${_hash(code, salt)}"


def fits(code: str, kept: str) -> bool:
    """Whether a code is the one that is kept as a hash. What is kept and is no hash fits nothing."""
    kind, _, rest = kept.partition("$")
    salt, _, wanted = rest.partition("$")
    try:
        found = _hash(code, bytes.fromhex(salt))
    except ValueError:
        return False
    return same(found, wanted) and kind == "scrypt"


def _hash(code: str, salt: bytes) -> str:
    return hashlib.scrypt(typed(code).encode(), salt=salt, **_COST, dklen=32).hex()


def too_many(wait: int) -> Words:
    """What is said while no code is looked at."""
    return say_many("Too many wrong codes. Wait {n} second.", "Too many wrong codes. Wait {n} seconds.", wait)


def wait_after(wrong: int) -> int:
    """Seconds in which no code is looked at after so many wrong ones."""
    return 0 if wrong <= FREE else min(LONGEST, SHORTEST * 2 ** min(wrong - FREE - 1, 20))
