"""What the doctor says, and how extras are installed from where this mlasim is."""

from __future__ import annotations

import getpass
import socket
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

import sim.extras
from sim import versions
from sim.cli import doctor
from sim.extras import EXTRAS, lacking, to_install
from sim.i18n import say

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.mark.slow
def test_a_computer_that_has_all_is_said_to(mlasim) -> None:
    code, out, err = mlasim("doctor")
    assert code == 0 and err == "" and "Everything that is needed is there." in out
    for wanted in doctor._requirements():
        assert f"{wanted.name} " in out, wanted
    assert len(doctor._requirements()) == len(PROJECT["dependencies"])
    for name in (*EXTRAS, "cache", "port 8866", "encoding", "To report a fault"):
        assert name in out
    assert "\x1b" not in out, "it can be pasted"


def test_it_names_nobody(mlasim, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home = tmp_path / "anna"
    (home / "cases").mkdir(parents=True)
    (tmp_path / "shared" / "anna").mkdir(parents=True)
    monkeypatch.setattr(Path, "home", lambda: home)
    monkeypatch.setattr(getpass, "getuser", lambda: "anna")
    for folder, shown in ((home / "cases", "~/cases: can"), (tmp_path / "shared" / "anna", "shared/USER: can")):
        monkeypatch.chdir(folder)
        code, out, _ = mlasim("doctor")
        assert code == 0 and shown in out and "anna" not in out


@pytest.mark.parametrize(
    ("package", "version", "said", "code"),
    [
        ("simpy", None, "not installed", 1),
        ("jinja2", "3.0.0", "jinja2>=3.1.6 is needed", 1),
        ("voila", None, "not installed: a served room", 0),
    ],
)
def test_what_is_missing_is_said_with_its_remedy(
    mlasim, monkeypatch: pytest.MonkeyPatch, package: str, version: str | None, said: str, code: int
) -> None:
    real = metadata.version

    def version_of(name: str) -> str:
        if name != package:
            return real(name)
        if version is None:
            raise metadata.PackageNotFoundError(name)
        return version

    monkeypatch.setattr(versions, "version", version_of)
    ended, out, _ = mlasim("doctor")
    assert ended == code and said in out and "pip install" in out
    assert ("Something that is needed is missing" in out) == bool(code)


def test_a_port_in_use_and_a_folder_that_cannot_be_written(mlasim, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setattr(doctor, "PORTS", {taken.getsockname()[1]: "a served room"})
        code, out, _ = mlasim("doctor")
    assert code == 0 and "in use: a served room" in out and "--port" in out

    def refused(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", refused)
    code, out, _ = mlasim("doctor")
    assert code == 1 and "cannot be written: Permission denied" in out


# Extras


def test_extras_are_those_of_the_project() -> None:
    written = {name: set(wanted) for name, wanted in PROJECT["optional-dependencies"].items()}
    assert set(EXTRAS) == set(written) - {"test", "bench"}
    for name, extra in EXTRAS.items():
        direct = {one.split(">=")[0] for one in written[name] if not one.startswith("mlasim[")}
        within = {one[7:-1] for one in written[name] if one.startswith("mlasim[")}
        assert set(extra.packages) == direct.union(*(EXTRAS[inner].packages for inner in within)), name


def test_an_extra_is_installed_from_where_mlasim_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert str(to_install("policy")) == 'in the folder of the checkout write: pip install ".[policy]"'
    said = str(lacking("policy", say("a fraction needs scipy")))
    assert said.startswith("a fraction needs scipy — in the folder of the checkout write: pip install")
    monkeypatch.setattr(sim.extras, "__file__", str(tmp_path / "site-packages" / "sim" / "extras.py"))
    assert f'pip install "./mlasim-{sim.__version__}-py3-none-any.whl[policy]"' in str(to_install("policy"))


def test_no_message_sends_anybody_to_a_public_index() -> None:
    for path in (ROOT / "sim").rglob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert "install mlasim" not in line.replace("install mlasim again", ""), f"{path.name}: {line}"
