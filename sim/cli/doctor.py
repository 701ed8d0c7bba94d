"""What this computer has of what mlasim needs, in words that can be pasted into a report."""

from __future__ import annotations

import getpass
import locale
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import tomllib
import webbrowser
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import typer
from packaging.requirements import Requirement

import sim
from sim.cli import console
from sim.errors import MlasimError
from sim.extras import EXTRAS, checkout, to_install
from sim.i18n import NOTHING, Words, _, language, language_name, marked, say
from sim.versions import version_of

PORTS = {8866: marked("a served room"), 8888: marked("JupyterLab")}
"""Ports that commands use unless told otherwise."""
ROOM, NOTEBOOKS = Path("mlasim-room"), Path("mlasim-notebooks")
_WIDE = 26


@dataclass(frozen=True)
class Line:
    """Something looked at: what it is, what was found, and what to do where that is not as it should be."""

    what: str
    found: str
    remedy: Words = NOTHING
    needed: bool = False
    """Whether nothing works as it should without it; otherwise it is good to know."""

    def __str__(self) -> str:
        line = f"  {self.what:<{_WIDE}} {self.found}"
        return f"{line}\n  {'':<{_WIDE}} -> {self.remedy}" if self.remedy else line


@console.app.command()
def doctor() -> None:
    """Say what this computer has of what mlasim needs, and what to do where something is wrong."""
    missing = 0
    for title, lines in (
        (_("Program"), _program()),
        (_("Packages"), _packages()),
        (_("Extras"), _extras()),
        (_("Folders"), _folders()),
        (_("Browser and ports"), _doors()),
        (_("Fonts"), _fonts()),
        (_("Time zones"), _zones()),
        (_("Terminal"), _terminal()),
    ):
        _print(title)
        for line in lines:
            missing += line.needed and bool(line.remedy)
            _print(without_names(str(line)))
    _print("")
    if missing:
        _print(_("Something that is needed is missing: see the lines with an arrow (->)."))
    else:
        _print(_("Everything that is needed is there."))
    _print(
        _(
            "To report a fault, send the text above, the command as you wrote it, and what it said. Nothing of yours "
            "is in this text: no user name, no case and no session. Of those send what you want to be read."
        )
    )
    raise typer.Exit(1 if missing else 0)


def _print(words: str) -> None:
    console.out.print(words, markup=False, highlight=False, soft_wrap=True)


def without_names(text: str) -> str:
    """Text without the name of who uses the computer: the home folder is ``~``, and elsewhere in a path ``USER``."""
    homes = {str(Path.home()), os.path.realpath(Path.home())}
    for home in sorted((home for home in homes if len(home) > 1), key=len, reverse=True):
        text = text.replace(home, "~")
    try:
        name = getpass.getuser()
    except (KeyError, OSError, ImportError):  # nobody is known by a name here
        return text
    return re.sub(rf"(?<=[/\\]){re.escape(name)}(?![\w.-])", "USER", text)


def _program() -> Iterator[Line]:
    yield Line("mlasim", f"{sim.__version__} ({_('a checkout') if checkout() else _('an installed package')})")
    yield Line("Python", f"{platform.python_version()} {platform.python_implementation()}")
    yield Line(_("system"), f"{platform.system()} {platform.release()} {platform.machine()}")
    try:
        loaded = sim.load("silent-harbour")
        yield Line(_("library"), _("can be read ({id} {hash})").format(id=loaded.id, hash=loaded.hash[:12]))
    except MlasimError as error:
        remedy = say("install mlasim again: {install}", install=to_install())
        yield Line(_("library"), str(error).splitlines()[0], remedy, needed=True)


def _requirements() -> list[Requirement]:
    """What mlasim needs, extras left out: as the checkout says, or the installed package."""
    root = checkout()
    if root is not None:
        written = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    else:
        written = metadata.requires("mlasim") or []
    return [found for found in map(Requirement, written) if found.marker is None]


def _packages() -> Iterator[Line]:
    for wanted in _requirements():
        version, remedy = version_of(wanted.name), NOTHING
        if not version:
            remedy = to_install()
        elif not wanted.specifier.contains(version, prereleases=True):
            remedy = say("{wanted} is needed: {install}", wanted=str(wanted), install=to_install())
        yield Line(wanted.name, version or _("not installed"), remedy, needed=True)


def _extras() -> Iterator[Line]:
    for name, extra in EXTRAS.items():
        versions = {package: version_of(package) for package in extra.packages}
        there = [f"{package} {version}" for package, version in versions.items() if version]
        complete = len(there) == len(versions)
        found = ", ".join(there) if complete else _("not installed")
        yield Line(name, f"{found}: {_(extra.what_for)}", NOTHING if complete else to_install(name))


def _folders() -> Iterator[Line]:
    from sim.model.yaml_cache import folder as cache

    for what, folder, needed in (
        (_("this folder"), Path.cwd(), True),
        (_("notebooks"), Path.cwd() / NOTEBOOKS, False),
        (_("room"), Path.cwd() / ROOM, False),
        (_("temporary files"), Path(tempfile.gettempdir()), True),
    ):
        reason = _not_writable(folder)
        remedy = say("work in a folder of your own, or name one: --folder, --session, --out") if reason else NOTHING
        yield Line(what, f"{folder}: {reason or _('can be written')}", remedy, needed)
    kept = cache()
    where = _("none: files are read anew each time") if kept is None else f"{kept}: {_('can be written')}"
    remedy = say("set MLASIM_CACHE to a folder that can be written") if kept is None else NOTHING
    yield Line(_("cache"), where, remedy)


def _not_writable(folder: Path) -> str:
    """Why nothing can be written into a folder, or into the one that it would be made in; empty where it can."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return _("cannot be written: {reason}").format(reason=error.strerror or error)


def _doors() -> Iterator[Line]:
    try:
        found = getattr(webbrowser.get(), "name", "") or _("the system's own")
        yield Line(_("browser"), str(found))
    except webbrowser.Error:
        remedy = say("copy the address that lab or serve prints into a browser, here or on another computer")
        yield Line(_("browser"), _("none that can be opened from here"), remedy)
    for port, what in PORTS.items():
        free = _is_free(port)
        remedy = NOTHING if free else say("name another one with --port, or end what uses it")
        yield Line(_("port {port}").format(port=port), f"{_('free') if free else _('in use')}: {_(what)}", remedy)


def _is_free(port: int) -> bool:
    with socket.socket() as door:
        if os.name != "nt":  # as servers do: what was closed a moment ago is free
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _fonts() -> Iterator[Line]:
    """Whether pages and letters can be shown in the languages that letters have headings in."""
    from sim.training.letters import label_languages

    program = shutil.which("fc-list")
    if program is None:
        yield Line(_("fonts"), _("those of the system (fontconfig is not there to be asked)"))
        return
    lacking = [code for code in label_languages() if not _has_font(program, code)]
    for code in lacking:
        remedy = say("install one, such as those of Noto (on Debian: fonts-noto-core, fonts-noto-cjk)")
        yield Line(language_name(code), _("no font has its letters"), remedy)
    if not lacking:
        yield Line(_("fonts"), _("there are some for all languages of letters"))


def _has_font(program: str, code: str) -> bool:
    asked = subprocess.run([program, f":lang={code}", "family"], capture_output=True, text=True, check=False)
    return bool(asked.stdout.strip())


def _zones() -> Iterator[Line]:
    known = len(zoneinfo.available_timezones())
    missing = [name for name in ("Europe/Oslo", "Asia/Bangkok", "Africa/Lagos") if not _is_zone(name)]
    remedy = say("install the data: pip install tzdata") if missing else NOTHING
    found = _("not known: {names}").format(names=", ".join(missing)) if missing else _("{n} known").format(n=known)
    yield Line(_("zones"), found, remedy, needed=True)


def _is_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, OSError, ValueError):
        return False
    return True


def _terminal() -> Iterator[Line]:
    encoding = (sys.stdout.encoding or "").lower()
    plain = encoding.replace("-", "") != "utf8"
    remedy = say("set PYTHONUTF8=1, or choose UTF-8 in the terminal's settings") if plain else NOTHING
    yield Line(_("encoding"), encoding or _("unknown"), remedy)
    yield Line(_("locale"), ".".join(filter(None, locale.getlocale())) or "C")
    yield Line(_("language of mlasim"), language())
    yield Line(_("width"), _("{n} columns").format(n=console.out.width))
