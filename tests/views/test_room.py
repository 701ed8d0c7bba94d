"""A served room: names and their folders, codes, the names of this computer, a certificate of its own."""

from __future__ import annotations

import itertools
import ssl
from pathlib import Path

import pytest
from jupyter_server.services.kernels.connection.base import serialize_binary_message, serialize_msg_to_ws_v1

from sim.errors import UsageError
from sim.views.room import certificate, codes, hosts, names, seats
from sim.views.room.connection import readable

IN_EVERY_SCRIPT = [
    "Zoë",
    "Мария",
    "سارة",
    "佐藤",
    "table 4",
    "Table_4",
    "दीपिका",
    "می\u200cخواهم",
    "O'Brien",
    "김철수",
    "Ελένη",
]


@pytest.mark.parametrize("name", IN_EVERY_SCRIPT)
def test_names_in_every_script_have_a_folder(name: str, tmp_path: Path) -> None:
    folder = tmp_path / names.folder_of(name)
    folder.mkdir()
    assert folder.parent == tmp_path and names.spelled(f"  {name} ") == name


def test_spellings_of_one_name_share_a_folder() -> None:
    for same in (("Zoë", "zoe\u0308", " ZOË "), ("Table 4", "table  4"), ("می\u200cخواهم", "میخواهم")):
        assert len({names.folder_of(name) for name in same}) == 1


def test_two_names_never_share_a_folder() -> None:
    parts = ["a", "4", " ", "-", "_", "ß", "ss", "é", "e", "İ", "i", "ı", "Ⅳ", "com", "1", "."]
    tried = {"".join(some) for length in (1, 2, 3) for some in itertools.product(parts, repeat=length)}
    folders: dict[str, str] = {}
    for name in sorted(tried):
        try:
            key, folder = names.key(name), names.folder_of(name)
        except UsageError:
            continue
        assert folders.setdefault(folder.casefold(), key) == key, f"{name!r} shares {folder!r}"
    taken = names.folder_of("table 4")
    with pytest.raises(UsageError):
        names.folder_of(f"{taken}/")
    assert names.folder_of(taken) != taken, "a folder's name, written as a seat's, is another seat"
    assert len(folders) > 1000


@pytest.mark.parametrize("name", ["con", "NUL", "Com1", "lpt9", "aux"])
def test_no_folder_is_a_device_of_windows(name: str) -> None:
    assert names.folder_of(name).casefold() != name.casefold()


@pytest.mark.parametrize(
    "name",
    ["", " ", "..", ".", "../up", "a/b", "a\\b", "C:", "x" * 41, "<b>", "a\0b", "a\u202eb", "-", "😀", "a\u2028<b"],
)
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="letters and digits"):
        names.folder_of(name)


def test_folders_stay_short() -> None:
    assert len(names.folder_of("佐" * 40).encode()) < 140


def test_a_code_is_known_by_its_hash_however_it_is_written() -> None:
    code = codes.new_code()
    kept = codes.hashed(code)
    assert code not in kept and codes.hashed(code) != kept, "salted"
    arabic = "".join(chr(0x660 + int(digit)) for digit in code)
    assert all(codes.fits(written, kept) for written in (code, codes.shown(code), f" {code}\n", arabic))
    assert not any(codes.fits(written, kept) for written in ("", code[:-1], f"{code}0"))
    assert not any(
        codes.fits(code, spoilt) for spoilt in ("", "scrypt$", "scrypt$zz$zz", kept.replace("scrypt", "plain"))
    )
    assert len({codes.new_code() for _ in range(50)}) == 50


def test_the_rooms_door_is_slow_for_whoever_guesses_and_quick_for_others() -> None:
    pytest.importorskip("voila", reason="Voilà is not installed")
    from sim.views.room.server import Doors

    doors = Doors("1234 5678", frozenset(), 4)
    assert doors.opens("12345678", "10.0.0.1")
    for _ in range(codes.FREE):
        assert not doors.opens("1", "10.0.0.2") and not doors.wait("10.0.0.2")
    assert not doors.opens("1", "10.0.0.2")
    assert doors.wait("10.0.0.2") >= codes.SHORTEST and not doors.wait("10.0.0.1")


@pytest.mark.parametrize(
    ("asked", "may"),
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        ("127.0.0.1", True),
        ("[::1]", True),
        ("192.168.7.20", True),
        ("[::ffff:192.168.7.20]", True),
        ("room.example", True),
        ("192.168.7.21", False),
        ("evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("", False),
    ],
)
def test_a_room_answers_to_its_own_names(asked: str, may: bool) -> None:
    known = hosts.own_names("0.0.0.0", "Room.example")
    assert hosts.allowed(asked, known, at="192.168.7.20") is may
    assert "0.0.0.0" not in known


def test_a_certificate_is_kept_while_it_fits(tmp_path: Path) -> None:
    pytest.importorskip("trustme")
    files = certificate.own_certificate(tmp_path, ["localhost", "192.168.7.20"])
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(*files)
    first = certificate.fingerprint(files[0])
    assert len(first.split(":")) == 32
    certificate.own_certificate(tmp_path, ["192.168.7.20", "localhost"])
    assert certificate.fingerprint(files[0]) == first
    certificate.own_certificate(tmp_path, ["localhost", "192.168.7.99"])
    assert certificate.fingerprint(files[0]) != first


def test_a_lost_code_is_replaced_by_whoever_runs_the_room(tmp_path: Path) -> None:
    old = seats.take(tmp_path, "Мария", "hers").code
    new = seats.renew(tmp_path, "мария")
    with pytest.raises(seats.SeatClosedError):
        seats.take(tmp_path, "Мария", "another", old)
    assert seats.take(tmp_path, "Мария", "another", new)
    with pytest.raises(UsageError, match="there is no seat"):
        seats.renew(tmp_path, "nobody")


def test_a_code_that_was_not_noted_is_followed_by_another(tmp_path: Path) -> None:
    before, after = seats.take(tmp_path, "a", "hers").code, seats.take(tmp_path, "a", "hers").code
    assert before and after and before != after
    seats.noted(seats.take(tmp_path, "a", "hers").folder)
    assert not seats.take(tmp_path, "a", "hers").code


def test_wrong_codes_are_slowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = seats.take(tmp_path, "a", "hers").code
    now = 1_800_000_000.7
    monkeypatch.setattr(seats.time, "time", lambda: now)
    for _ in range(codes.FREE + 1):
        with pytest.raises(seats.SeatClosedError, match="not the code"):
            seats.take(tmp_path, "a", "another", "1")
    with pytest.raises(seats.SeatClosedError, match=f"Wait {codes.SHORTEST} seconds"):
        seats.take(tmp_path, "a", "another", code)
    now += codes.SHORTEST + 1
    assert seats.take(tmp_path, "a", "another", code)
    assert seats.take(tmp_path, "a", "hers"), "its owner's browser needs no code, whatever others try"


def test_a_seat_belongs_to_whoever_is_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two browsers find the seat free at the same moment: one has it, the other is asked for the code."""
    read = seats._read
    seats.take(tmp_path, "a", "first")
    answers = iter([None])
    monkeypatch.setattr(seats, "_read", lambda folder: next(answers, read(folder)))
    with pytest.raises(seats.SeatClosedError):
        seats.take(tmp_path, "a", "second")


@pytest.mark.parametrize(
    ("message", "current", "may"),
    [
        (serialize_msg_to_ws_v1([b"{}", b"{}", b"{}", b"{}"], "shell"), True, True),
        (serialize_msg_to_ws_v1([b"{}", b"{}", b"{}", b"{}"], "shell"), False, False),
        (serialize_binary_message({"header": {}, "buffers": [b"a", b"bc"]}), False, True),
        ('{"header": {}}', False, True),
        ('{"header": {}}', True, False),
        ((2**60).to_bytes(8, "little"), True, False),
        (b"", True, False),
        (b"", False, False),
    ],
)
def test_a_message_holds_as_many_parts_as_it_says(message: bytes | str, current: bool, may: bool) -> None:
    assert readable(message, current=current) is may
