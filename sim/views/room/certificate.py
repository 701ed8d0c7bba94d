"""A certificate of the room's own, for pages that travel encrypted where nobody else has given one.

Browsers do not know who signed it and warn once; what it is told by is its fingerprint.
"""

from __future__ import annotations

import hashlib
import re
import ssl
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sim.disk import write_whole

VALID = timedelta(days=90)
"""How long one is good for. A room is a matter of days."""
_CERTIFIED = re.compile(r"[0-9A-Za-z.:-]+")
"""Names that a certificate can have: some systems call a computer otherwise, and browsers do not reach it so."""
_CERTIFICATE, _KEY, _NAMES = "certificate.pem", "certificate-key.pem", "certificate-names.txt"


def own_certificate(folder: Path, names: Iterable[str]) -> tuple[Path, Path]:
    """Certificate and key for the names and addresses of this computer, kept in a folder and made anew when they end or
    do not fit. Raises `OSError`."""
    import trustme

    certificate, key, told = (folder / name for name in (_CERTIFICATE, _KEY, _NAMES))
    wanted = sorted(name for name in set(names) if _CERTIFIED.fullmatch(name))
    until = datetime.now(UTC) + VALID
    try:
        *before, ends = told.read_text(encoding="utf-8").split("\n")
        fresh = datetime.fromisoformat(ends) > datetime.now(UTC) + VALID / 10
        if before == wanted and fresh and certificate.is_file() and key.is_file():
            return certificate, key
    except (FileNotFoundError, ValueError):
        pass  # there is none yet, or what is said about it is spoilt
    made = trustme.CA(organization_name="mlasim").issue_cert(*wanted, organization_name="mlasim", not_after=until)
    write_whole(key, made.private_key_pem.bytes(), private=True)
    write_whole(certificate, b"".join(part.bytes() for part in made.cert_chain_pems))
    write_whole(told, "\n".join([*wanted, until.isoformat()]).encode())
    return certificate, key


def fingerprint(certificate: Path) -> str:
    """SHA-256 of the first certificate of a file, as browsers show it. Raises `OSError`, `ValueError` if there is
    none."""
    text = certificate.read_text(encoding="ascii")
    end = "-----END CERTIFICATE-----"
    first = text[text.index("-----BEGIN CERTIFICATE-----") : text.index(end) + len(end)]
    found = hashlib.sha256(ssl.PEM_cert_to_DER_cert(first)).hexdigest().upper()
    return ":".join(found[place : place + 2] for place in range(0, len(found), 2))
