"""A room of browsers, served by this computer: `serve`, and a new code for a seat whose owner has lost it."""

from __future__ import annotations

import errno
import shutil
import socket
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from sim.cli import console
from sim.errors import UsageError
from sim.extras import lacking
from sim.i18n import _, many, say
from sim.model.loading import shipped_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.views.room.server import Doors

ROOM = Path("mlasim-room")
PICTURE = "room-code.png"
Room = Annotated[Path, typer.Option("--folder", help="Where sessions are kept, a folder a seat.")]


@console.app.command()
def serve(
    folder: Room = ROOM,
    port: Annotated[int, typer.Option(help="Port of the room's page.", min=1, max=65535)] = 8866,
    ip: Annotated[str, typer.Option(help="Address to listen at; 0.0.0.0 lets the whole room in.")] = "127.0.0.1",
    notebook: Annotated[str, typer.Option(help="trainee: the seat; policymaker: the policy lab.")] = "trainee",
    code: Annotated[
        str | None,
        typer.Option(
            help="The room's code in digits, instead of a random one (as there is where --ip lets others in)."
        ),
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="No code: whoever reaches the page is let in.")] = False,
    host: Annotated[
        list[str] | None, typer.Option(help="A further name that this computer is reached under; may be repeated.")
    ] = None,
    seats: Annotated[int, typer.Option(help="How many can be in at once.", min=1, max=1000)] = 40,
    tls: Annotated[bool, typer.Option("--tls", help="Encrypt, with a certificate made for this room.")] = False,
    certfile: Annotated[Path | None, typer.Option(help="Encrypt, with this certificate (PEM).")] = None,
    keyfile: Annotated[Path | None, typer.Option(help="The certificate's key (PEM).")] = None,
) -> None:
    """Serve the trainee's seat (or the policy lab) to a room of browsers (Voilà). Each seat has a name and a code and
    keeps its own sessions."""
    if not all(find_spec(package) for package in ("voila", "segno", "trustme", "psutil")):
        raise lacking("workshop", say("this needs Voilà and what goes with it"))
    if notebook not in ("trainee", "policymaker"):
        raise UsageError(say("--notebook {notebook!r} — write trainee or policymaker", notebook=notebook))
    if code is not None and open_:
        raise UsageError(say("give --code or --open, not both"))
    from sim.views.room import codes, hosts, server

    if code is not None and not (len(codes.typed(code)) >= 6 and codes.typed(code).isdecimal()):
        raise UsageError(say("--code: a code is six digits at least, so that every telephone can write it"))
    console.folder(folder, private=True)
    local = hosts.is_local(ip) and not host
    wanted = "" if open_ or (local and code is None) else code or codes.new_code()
    names = hosts.own_names(ip, *(host or ()))
    reached = hosts.in_address((host or [hosts.reached_at(ip)])[0])
    certificate = _certificate(folder, [*names, hosts.reached_at(ip)], tls, certfile, keyfile)
    address = f"{'http' if certificate is None else 'https'}://{reached}:{port}/"
    shutil.copy(shipped_folder().parent / "notebooks" / f"{notebook}.ipynb", folder / f"{notebook}.ipynb")
    doors = server.Doors(wanted, names, seats, certificate)
    listening = _listening(ip, port)
    _invite(address, doors, folder, local=local, seat=notebook == "trainee")
    server.run(folder / f"{notebook}.ipynb", doors, listening, kept=notebook == "trainee")


@console.app.command("seat-code")
def seat_code(
    seat: Annotated[str, typer.Argument(help="The seat's name.")],
    folder: Room = ROOM,
) -> None:
    """Make a new code for a seat of a served room, for somebody who has lost theirs."""
    from sim.views.room import codes, seats

    fresh = seats.renew(folder, seat)
    console.out.print(_("The code of this seat: {code}").format(code=codes.shown(fresh)), markup=False, highlight=False)


def _listening(ip: str, port: int) -> socket.socket:
    """A socket that listens. Raises `UsageError` if none can."""
    both = ip == "::" and socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    try:
        socket.getaddrinfo(ip, port, family)  # whose error is another one than that of listening
        return socket.create_server((ip, port), family=family, dualstack_ipv6=both)
    except socket.gaierror:
        raise UsageError(say("--ip {ip!r} is no address — write 127.0.0.1 or 0.0.0.0", ip=ip)) from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            problem = say(
                "port {port} is in use; another room may be open in another terminal — write another port: "
                "--port {next}",
                port=port,
                next=port + 1 if port < 65535 else port - 1,
            )
        elif error.errno == errno.EACCES:
            problem = say("port {port} is not for everybody — write one above 1023: --port 8866", port=port)
        elif error.errno == errno.EADDRNOTAVAIL:
            problem = say("--ip {ip} is not an address of this computer — write 127.0.0.1 or 0.0.0.0", ip=ip)
        else:
            problem = say("port {port} of {ip} cannot be listened at: {why}", port=port, ip=ip, why=error.strerror)
        raise UsageError(problem) from None


def _certificate(
    folder: Path, names: list[str], tls: bool, certfile: Path | None, keyfile: Path | None
) -> tuple[Path, Path] | None:
    """Certificate and key, if pages are to be encrypted. Raises `UsageError` if they cannot be used."""
    import ssl

    from sim.views.room.certificate import own_certificate

    if (certfile is None) != (keyfile is None):
        raise UsageError(say("--certfile and --keyfile go together"))
    if certfile is None or keyfile is None:
        return own_certificate(folder, ["127.0.0.1", *names]) if tls else None
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certfile, keyfile)
    except OSError as error:  # an error of ssl is one, too
        raise UsageError(
            say(
                "{certfile} and {keyfile} are no certificate and its key: {why}",
                certfile=certfile,
                keyfile=keyfile,
                why=error.strerror or error,
            )
        ) from None
    return certfile, keyfile


def _invite(address: str, doors: Doors, folder: Path, *, local: bool, seat: bool) -> None:
    """Say where the room is, its code, and what is let in by that."""
    from sim.views.room import codes, invitation
    from sim.views.room.certificate import fingerprint

    def tell(words: str, style: str | None = None) -> None:
        console.out.print(words, markup=False, highlight=False, soft_wrap=True, style=style)

    tell(_("Open {address}").format(address=address), style="bold")
    if doors.code:
        tell(_("The code of this room: {code}").format(code=codes.shown(doors.code)), style="bold")
    if local:
        tell(_("Only this computer reaches this page. For a whole room: --ip 0.0.0.0"))
    else:
        straight_in = f"{address}login?code={codes.typed(doors.code)}" if doors.code else address
        drawn = invitation.blocks(straight_in)
        if _can_be_written(drawn):
            console.out.print(Text(drawn, style="bright_white on black"), soft_wrap=True)
        where = invitation.picture(straight_in, folder / PICTURE)
        tell(_("The same as a picture, to project: {path}. Whoever reads it is let in.").format(path=where))
        _exposed(doors, tell)
    if doors.certificate is not None:
        tell(_("The certificate's fingerprint (SHA-256): {print}").format(print=fingerprint(doors.certificate[0])))
    if seat:
        tell(
            _("A seat and a case can stand in the address: {direct}").format(
                direct=f"{address}?seat=table-1&case=four-days"
            )
        )
    tell(_("To stop: Ctrl-C here."))


def _exposed(doors: Doors, tell: Callable[[str], None]) -> None:
    """What the address lets others do, in three lines."""
    if doors.code:
        tell(_("1. Every computer that reaches this one can ask for the page; who writes the code is let in."))
    else:
        tell(_("1. Every computer that reaches this one is let in, without a code."))
    tell(
        many(
            "2. {n} seat runs a Python process here, with your rights; its page lets nobody write code for it.",
            "2. {n} seats run a Python process each here, with your rights; their pages let nobody write code for it.",
            doors.seats,
        )
    )
    if doors.certificate is None:
        tell(_("3. What is written travels readable for whoever listens on the network; --tls encrypts it."))
    else:
        tell(_("3. What is written travels encrypted; browsers warn of a certificate that nobody vouches for."))


def _can_be_written(text: str) -> bool:
    try:
        text.encode(console.out.encoding)
    except UnicodeEncodeError:
        return False
    return True
