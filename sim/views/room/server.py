"""The served room: Voilà with doors of its own.

Nothing reaches Voilà under a foreign name; nobody gets a page (and with it a Python process) without the room's code,
where there is one; and there are no more such processes than the room has seats. Every browser gets a random name in a
signed cookie, by which a seat knows its owner.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import ssl
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.auth.login import LoginFormHandler
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.base.websocket import WS_PING_INTERVAL
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from jupyter_server.utils import ensure_async
from tornado import web
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPServerRequest
from tornado.ioloop import IOLoop
from tornado.routing import AnyMatches, Matcher, Rule, RuleRouter
from traitlets import Int
from traitlets.config import Config
from voila.app import Voila
from voila.tornado.handler import TornadoVoilaHandler

from sim.disk import write_whole
from sim.i18n import _
from sim.training import replay_pool
from sim.views.pages import page
from sim.views.room import codes, hosts
from sim.views.room.connection import RoomConnection
from sim.views.room.seats import BROWSER_HEADER

logger = logging.getLogger("mlasim.views.room")

Foreign = Any
"""What Voilà, Jupyter Server and Tornado hand over or want, which they give no types."""

IDLE, LOOK = 600, 60
"""Seconds after which the process of a page that was closed is ended, and how often that is looked at."""
FORGOTTEN = 1800
"""Seconds without a click after which a full room gives up an open page, so that somebody else can come in."""
ALIVE = "mlasim/alive"
"""Where a page asks whether its process is still there."""
_SECRET = "cookie-secret"
_KERNEL = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"


@dataclass
class Doors:
    """Who is let in: the room's code (empty: everybody), under which names of this computer, how many at once."""

    code: str
    names: frozenset[str]
    seats: int
    certificate: tuple[Path, Path] | None = None
    """Files of a certificate and its key, where pages are encrypted."""
    _wrong: dict[str, tuple[int, float]] = field(default_factory=dict)
    """For each address: how many wrong codes came from it, and when the last one did."""

    def wait(self, address: str) -> int:
        """Seconds in which no code from an address is looked at."""
        wrong, last = self._wrong.get(address, (0, 0.0))
        return max(0, round(codes.wait_after(wrong) - (time.monotonic() - last) + 0.5)) if wrong else 0

    def opens(self, code: str, address: str) -> bool:
        """Whether a code lets in; wrong ones are counted for the address they come from."""
        if codes.same(codes.typed(code), codes.typed(self.code)):
            self._wrong.pop(address, None)
            return True
        if len(self._wrong) > 10_000:
            self._wrong.clear()  # memory has an end; whoever has that many addresses is not slowed by this list
        self._wrong[address] = (self._wrong.get(address, (0, 0.0))[0] + 1, time.monotonic())
        return False


class RoomServer(Voila):  # type: ignore[misc]  # Voilà and Jupyter Server have no types
    """Voilà for one notebook. ``doors`` and the socket ``listening`` are set before it is started."""

    doors: Doors
    listening: socket.socket

    def load_config_file(self, *arguments: Foreign, **options: Foreign) -> None:
        """Read none: a file that lies where the room was started must not open its doors."""

    def init_settings(self) -> dict[str, Foreign]:
        self.identity_provider_class = RoomIdentity
        self.kernel_websocket_connection_class = RoomConnection
        settings: dict[str, Foreign] = super().init_settings()
        self.identity_provider.doors = self.doors
        return settings | {
            "doors": self.doors,
            "headers": {"Referrer-Policy": "same-origin"},
            "ws_ping_timeout": WS_PING_INTERVAL,  # the default is longer than what tornado takes
        }

    def init_handlers(self) -> list[Foreign]:
        handlers = [_with_seat(handler) for handler in super().init_handlers()]
        return [(r"/login", Entrance), (rf"/{ALIVE}/{_KERNEL}", Alive), *handlers]

    def listen(self) -> None:
        """Answer requests until stopped."""
        context = None
        if self.doors.certificate is not None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(*self.doors.certificate)
        refused = web.Application([(r".*", Refused)])
        router = RuleRouter([Rule(OwnHost(self.doors.names), self.app), Rule(AnyMatches(), refused)])
        self.listening.setblocking(False)
        HTTPServer(router, ssl_options=context).add_socket(self.listening)
        self.ioloop = IOLoop.current()
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            logger.info("stopped")
        finally:
            self.stop()


def _with_seat(handler: tuple[Foreign, ...]) -> tuple[Foreign, ...]:
    pattern, kind, *options = handler
    return (pattern, SeatPage if kind is TornadoVoilaHandler else kind, *options)


class OwnHost(Matcher):
    """Requests that ask for this computer by a name of its own."""

    def __init__(self, names: frozenset[str]):
        self.names = names

    def match(self, request: HTTPServerRequest) -> dict[str, Foreign] | None:
        here = request.connection.stream.socket.getsockname()[0]  # type: ignore[union-attr]  # a request that has come has a connection
        return {} if hosts.allowed(request.host_name, self.names, here) else None


class Refused(web.RequestHandler):
    """What is answered under a foreign name."""

    def prepare(self) -> None:
        logger.warning("refused: a request for the host %r", self.request.host[:100])
        self.set_status(403)
        words = _("This room is not known by that name. Whoever runs it can add the name: mlasim serve --host NAME")
        self.finish(_page(_("Not this way"), message=words))


class RoomIdentity(IdentityProvider):
    """Everybody is somebody: a browser with a random name, given once the room's code was right, or at once."""

    doors: Doors

    def __init__(self, **options: Foreign):
        super().__init__(**options)
        self.cookie_options = {"samesite": "Lax"}

    @property
    def auth_enabled(self) -> bool:
        return bool(self.doors.code)

    def generate_anonymous_user(self, handler: web.RequestHandler) -> User:
        return User(secrets.token_urlsafe(24))


class InOurWords(JupyterHandler):
    """What goes wrong is said on a page of ours: those of Voilà's servers need files that it does not serve."""

    def write_error(self, status_code: int, **details: Foreign) -> None:
        if status_code == 503:
            words = _("All seats of this room are taken. Ask whoever runs it, or come back in a while.")
        elif status_code == 404:
            words = _("There is no such page in this room.")
        else:
            words = _("That could not be done. Load this page anew; if it happens again, tell whoever runs the room.")
        self.finish(_page(_("The room is full") if status_code == 503 else _("Not this way"), message=words))


class Entrance(InOurWords, LoginFormHandler):
    """Where the room's code is written. A picture's address brings the code with it."""

    @allow_unauthenticated
    async def get(self) -> None:
        code = self.get_argument("code", "")
        if self.current_user:
            self._go_in()
        elif code:
            self._try(code)
        else:
            self._ask("")

    @allow_unauthenticated
    async def post(self) -> None:
        self._try(self.get_body_argument("code", ""))

    def _try(self, code: str) -> None:
        doors: Doors = self.settings["doors"]
        address = self.request.remote_ip or ""
        wait = doors.wait(address)
        if wait:
            self._ask(str(codes.too_many(wait)), 429)
        elif doors.opens(code, address):
            self.identity_provider.set_login_cookie(self, self.identity_provider.generate_anonymous_user(self))
            self._go_in()
        else:
            self._ask(_("That is not the code of this room. Look at it again, and write all its digits."), 401)

    def _go_in(self) -> None:
        self._redirect_safe(self.get_argument("next", self.base_url))  # type: ignore[no-untyped-call]  # Jupyter Server has no types

    def _ask(self, message: str, status: int = 200) -> None:
        self.set_status(status)
        onward = self.get_argument("next", self.base_url)
        self.finish(_page(_("The code of this room"), message=message, form=self.xsrf_form_html(), onward=onward))


class SeatPage(InOurWords, TornadoVoilaHandler):  # type: ignore[misc]  # Voilà and Jupyter Server have no types
    """The notebook's page. It brings the browser's name to the process behind it, if the room has a seat left."""

    async def prepare(self) -> None:  # type: ignore[override]  # Jupyter Server has no types
        await super().prepare()
        user = self.current_user
        self.request.headers[BROWSER_HEADER] = user.username if user else ""

    @web.authenticated
    async def get(self, path: str | None = None) -> None:
        _cookie = self.xsrf_token  # with its cookie the page may say that it is left, which ends the process
        await TornadoVoilaHandler.get(self, path)


class RoomKernels(AsyncMappingKernelManager):
    """The processes behind the pages: no more than the room has seats."""

    most = Int(40, min=1, config=True)

    async def start_kernel(self, **options: Foreign) -> str:  # type: ignore[override]  # Jupyter Server has no types
        """As its parent's, after the one that was forgotten longest has been given up in a full room. Raises
        `tornado.web.HTTPError` 503 where there is no seat left."""
        if len({*self._kernels, *self._pending_kernels}) >= self.most:
            idle = {id_: _idle(self.get_kernel(id_)) for id_ in self.list_kernel_ids()}
            longest = max(idle, key=lambda id_: idle[id_], default="")
            if not longest or idle[longest] < FORGOTTEN:
                raise web.HTTPError(503)
            logger.info("the room is full; a page without a click for %.0f s is given up", idle[longest])
            await self.shutdown_kernel(longest, now=True)  # type: ignore[no-untyped-call]  # Jupyter Server has no types
        return await self._async_start_kernel(**options)


def _idle(kernel: Foreign) -> float:
    """Seconds since a kernel has last done something."""
    return float((datetime.now(UTC) - kernel.last_activity).total_seconds()) if kernel.last_activity else 0.0


class Alive(APIHandler):
    """Whether the process of a page is there: 204 if it is, 404 if not."""

    @web.authenticated
    async def get(self, kernel_id: str) -> None:
        manager: Foreign = self.kernel_manager
        if kernel_id not in manager:
            raise web.HTTPError(404)
        if not await ensure_async(manager.get_kernel(kernel_id).is_alive()):
            await ensure_async(manager.shutdown_kernel(kernel_id, now=True))  # so that its seat is free again
            raise web.HTTPError(404)
        self.set_status(204)
        self.finish()


def _page(title: str, *, message: str, form: str = "", onward: str = "") -> str:
    """A page of words; with the hidden fields of a ``form``, the one that asks for the code and leads ``onward``."""
    from markupsafe import Markup

    from sim.views.seat import panels

    style = Markup(panels.style())
    return page("entrance", title=title, message=message, form=Markup(form), onward=onward, style=style)


def configuration(secret: bytes, seats: int, *, kept: bool) -> Config:
    """What Voilà is set to, for pages of which everything is ``kept``, or nothing."""
    gone = (
        _("The connection to this seat is gone. Nothing is lost: load this page anew, and the seat goes on.")
        if kept
        else _("The connection to this page is gone. Load it anew; what was set has to be set again.")
    )
    # What the processes say to each other is not for others who work on this computer. The folder's name is short,
    # because systems limit the length of a socket's.
    private = os.name == "posix"
    kernels: dict[str, Foreign] = {"transport": "ipc"} if private else {}
    connections: dict[str, Foreign] = {"connection_dir_root": "/tmp"} if private else {}
    return Config(
        {
            "Voila": {
                "open_browser": False,
                "cookie_secret": secret,
                "log_level": logging.ERROR,
                **connections,
            },
            "VoilaConfiguration": {
                "template": "mlasim",
                # What an address says about theme and template would be written into the page as it stands.
                "allow_theme_override": "NO",
                "allow_template_override": "NO",
                "file_allowlist": [],  # nothing that lies in the room's folder is handed out
                "multi_kernel_manager_class": RoomKernels,
                "http_header_envs": [BROWSER_HEADER],
                "resources": {"mlasim": {"gone": gone, "anew": _("Load this page anew"), "alive": ALIVE}},
            },
            "RoomKernels": {"most": seats},
            "MappingKernelManager": {"cull_idle_timeout": IDLE, "cull_interval": LOOK},
            # A process begun again in the place of one that died would know nothing of the page.
            "KernelManager": {"autorestart": False, **kernels},
        }
    )


def cookie_secret(folder: Path) -> bytes:
    """What the room's cookies are signed with: kept in its folder, so that who was let in is let in after a restart.

    Raises `OSError`.
    """
    path = folder / _SECRET
    try:
        kept = bytes.fromhex(path.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        kept = b""
    if len(kept) < 32:
        kept = secrets.token_bytes(32)
        write_whole(path, kept.hex().encode(), private=True)
    return kept


def run(notebook: Path, doors: Doors, listening: socket.socket, *, kept: bool) -> None:
    """Serve a notebook until stopped; ``kept`` says whether its page comes back as it was."""
    # Voilà looks for templates in a folder called voila on the Jupyter path.
    templates = Path(__file__).parents[1]
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, (str(templates), os.environ.get("JUPYTER_PATH"))))
    if doors.seats > 1:
        os.environ.setdefault(replay_pool.VARIABLE, "1")  # the seats share the cores
    logging.getLogger("tornado").setLevel(logging.ERROR)  # that a page is refused, or a certificate, is no news
    server = RoomServer(config=configuration(cookie_secret(notebook.parent), doors.seats, kept=kept))
    server.doors, server.listening = doors, listening
    server.initialize([str(notebook)])
    server.start()
