"""A file is written whole or not at all; what is caught on the way is said in the log."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim import logs
from sim.disk import write_whole
from sim.errors import UsageError
from sim.training.drafts import Unsent, UnsentFile

ROOT = Path(__file__).parent.parent


def test_content_and_name_reach_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bool] = []
    real = os.fsync

    def fsync(number: int) -> None:
        synced.append(os.path.isdir(f"/proc/self/fd/{number}"))
        real(number)

    monkeypatch.setattr(os, "fsync", fsync)
    write_whole(tmp_path / "a.txt", b"one")
    assert (tmp_path / "a.txt").read_bytes() == b"one"
    if sys.platform == "linux":
        assert synced == [False, True], "the file before it is renamed, the folder after"
    synced.clear()
    write_whole(tmp_path / "a.txt", b"two", lasting=False)
    assert (tmp_path / "a.txt").read_bytes() == b"two" and synced == []


@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_what_fails_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    path = tmp_path / "a.txt"
    write_whole(path, b"old")

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, broken, full)
        with pytest.raises(OSError, match="No space left"):
            write_whole(path, b"new")
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_synchronised_is_said_and_gone_on_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(*_arguments: object) -> int:
        raise PermissionError(13, "Permission denied")

    with caplog.at_level(logging.DEBUG, "mlasim"), monkeypatch.context() as patched:
        patched.setattr(os, "open", refused)
        write_whole(tmp_path / "a.txt", b"kept")
    assert (tmp_path / "a.txt").read_bytes() == b"kept"
    assert "cannot be synchronised" in caplog.text


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_stays_a_link_and_a_file_keeps_who_may_read_it(tmp_path: Path) -> None:
    real, link = tmp_path / "share" / "a.txt", tmp_path / "a.txt"
    real.parent.mkdir()
    link.symlink_to(real)
    write_whole(link, b"one")
    assert link.is_symlink() and real.read_bytes() == b"one", "also where it leads to nothing yet"
    real.chmod(0o600)
    write_whole(link, b"two")
    assert link.is_symlink() and real.read_bytes() == b"two" and real.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.txt", "a.txt", "share"], "no draft is left"


@pytest.mark.skipif(os.name == "nt", reason="a draft's age alone decides there")
def test_drafts_that_a_crash_left_go_and_those_of_others_stay(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left, fresh = tmp_path / f".a.txt.{ended.pid}-1.new", tmp_path / f".a.txt.{ended.pid}-2.new"
    running, other = tmp_path / f".a.txt.{os.getpid()}-1.new", tmp_path / f".b.txt.{ended.pid}-1.new"
    own = tmp_path / ".a.txt.notes.new"
    for path in (left, fresh, running, other, own):
        path.write_bytes(b"half")
        if path is not fresh:
            os.utime(path, (1, 1))
    write_whole(tmp_path / "a.txt", b"whole")
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"a.txt", fresh.name, running.name, other.name, own.name}


# What was begun


@pytest.mark.parametrize(
    ("text", "left", "said"),
    [
        ('{"reason": "why", "days": "x"}', Unsent(reason="why"), "left out: days"),
        ('{"reason": "why", "days": true}', Unsent(reason="why"), "left out: days"),
        ('{"letter": {"state": "nor", "pages": 1.5}}', Unsent(letter={"state": "nor"}), "left out: letter.pages"),
        ('{"letter": 3, "option": "a"}', Unsent(option="a"), "left out: letter"),
        ('{"unknown": 3, "option": "a"}', Unsent(option="a"), ""),
        ("[1]", Unsent(), "left out"),
        ("{", Unsent(), "cannot be read"),
    ],
)
def test_of_what_was_begun_what_does_not_fit_is_left_out_and_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str, left: Unsent, said: str
) -> None:
    file = UnsentFile(tmp_path / "a.session.jsonl")
    assert file.path is not None
    file.path.write_text(text, encoding="utf-8")
    assert file.read() == left
    assert said in caplog.text and bool(said) == bool(caplog.records)


def test_what_was_begun_comes_back(tmp_path: Path) -> None:
    file, begun = UnsentFile(tmp_path / "a.session.jsonl"), Unsent("why", "soon", 3, "care", "b", {"a": "x", "b": True})
    file.write(begun)
    assert file.read() == begun
    file.write(Unsent())
    assert list(tmp_path.iterdir()) == []


# The log


def said_by(*arguments: str, variable: str | None = None) -> str:
    """What a process that warns says on its error output."""
    code = f"import sys, logging, sim; from sim import logs; {'; '.join(arguments)}"
    code += "; logging.getLogger('mlasim.room').warning('gone on after'); logging.getLogger('mlasim').debug('detail')"
    environment = {name: value for name, value in os.environ.items() if name != logs.VARIABLE}
    environment |= {"PYTHONPATH": str(ROOT)} | ({logs.VARIABLE: variable} if variable is not None else {})
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stderr


def test_nothing_is_shown_unless_it_is_asked_for() -> None:
    assert said_by("pass") == ""
    assert said_by("logs.show_if_asked()", variable="nonsense") == ""
    assert said_by("logs.show_if_asked()", variable="warning") == "WARNING mlasim.room: gone on after\n"
    twice = said_by("logs.show('debug')", "logs.show('debug')")
    assert twice == "WARNING mlasim.room: gone on after\nDEBUG mlasim: detail\n", "once, however often it is asked"


def test_a_level_there_is_not_is_said() -> None:
    with pytest.raises(UsageError, match="there is no level 'loud' of the log — write debug, info, warning, error"):
        logs.show("loud")
