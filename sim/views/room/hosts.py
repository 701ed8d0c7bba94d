"""Which names of this computer a browser may ask for: a page from elsewhere must not reach the room under its own name
(DNS rebinding)."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable

ANY = ("", "0.0.0.0", "::")
"""What is listened at to be reached at every address."""


def own_names(*further: str) -> frozenset[str]:
    """What this computer is called, and further names given for it, in small letters."""
    called = socket.gethostname().lower()
    short = called.partition(".")[0]
    given = {bare(name) for name in further if name not in ANY}
    return frozenset({"localhost", called, short, f"{short}.local"} | given) - {""}


def allowed(asked: str, names: Iterable[str], at: str) -> bool:
    """Whether a request for a host is meant for this computer.

    ``asked`` is the Host of the request without its port, ``names`` what `own_names` found, and ``at`` the address that
    the request came in at, which is this computer's own whatever else it is called.
    """
    host = bare(asked)
    if host in names:
        return True
    address = _address(host)
    return address is not None and (address.is_loopback or address == _address(at))


def bare(host: str) -> str:
    """A host's name or address as it is compared: in small letters, without brackets and the last dot."""
    return host.strip().lower().removeprefix("[").removesuffix("]").removesuffix(".")


def reached_at(ip: str) -> str:
    """The name or address to give to participants for an address that is listened at."""
    if ip not in ANY:
        return ip
    family, somewhere = (socket.AF_INET6, "2001:db8::1") if ip == "::" else (socket.AF_INET, "192.0.2.1")
    with socket.socket(family, socket.SOCK_DGRAM) as way_out:
        try:
            way_out.connect((somewhere, 9))  # sends nothing: it only finds out which address would be the sender's
            return str(way_out.getsockname()[0])
        except OSError:
            return socket.gethostname()


def is_local(ip: str) -> bool:
    """Whether only this computer reaches an address."""
    address = _address(bare(ip))
    return bare(ip) == "localhost" or (address is not None and address.is_loopback)


def in_address(host: str) -> str:
    """A host as an address of a page has it: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found
