"""Remembered data is the same as data read anew, is never trusted, and is not needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.model import examine
from sim.model.reading import read, read_known
from sim.model.yaml_cache import folder, recall, remember

TEXT = (
    "format: 1\nkind: world\nid: some\n" + "".join(f"key {n}: [{n}, 1.5, NO, true, null, 'é']\n" for n in range(40))
).encode()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("MLASIM_CACHE", str(tmp_path / "cache"))
    folder.cache_clear()
    yield tmp_path / "cache"
    folder.cache_clear()


def test_same_data_and_same_places(cache: Path) -> None:
    first, second = read_known(TEXT, "some.yaml"), read_known(TEXT, "some.yaml")
    assert second.unmarked is not None, "the second time it comes from memory"
    assert first.data == second.data == read(TEXT, "some.yaml").data
    assert second.place(("key 7", 2)) == first.place(("key 7", 2)) == (11, 17)
    assert second.problem("F203", "x", ("key 7",), of_key=True) == first.problem("F203", "x", ("key 7",), of_key=True)


def test_what_cannot_be_used_is_forgotten(cache: Path) -> None:
    read_known(TEXT, "some.yaml")
    (kept,) = cache.rglob("*.json")
    for rubbish in (b"", b"[1, 2]", b"{", b"\xff\xfe", b"[" * 100_000):
        kept.write_bytes(rubbish)
        assert recall(TEXT) is None
        assert read_known(TEXT, "some.yaml").data["kind"] == "world"
        kept.write_bytes(rubbish)


def test_texts_with_problems_and_small_texts_are_not_kept(cache: Path) -> None:
    read_known(TEXT + b"id: again\n", "some.yaml")
    read_known(b"format: 1\n", "some.yaml")
    remember(TEXT, ["no mapping"])
    assert list(cache.rglob("*.json")) == []


def test_without_a_folder_everything_works(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    for value in ("off", str(tmp_path / "file")):
        monkeypatch.setenv("MLASIM_CACHE", value)
        folder.cache_clear()
        assert folder() is None and recall(TEXT) is None
        assert read_known(TEXT, "some.yaml").data["kind"] == "world"
    folder.cache_clear()


def test_only_the_newest_are_kept(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = folder()
    assert place is not None
    for n in range(5):
        (place / f"{n}.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr("sim.model.yaml_cache.KEPT", 2)
    folder.cache_clear()
    folder()
    assert len(list(place.glob("*.json"))) == 2


def test_scenarios_are_the_same_either_way(cache: Path) -> None:
    fresh, problems = examine("silent-harbour")
    again, _ = examine("silent-harbour")
    assert not problems and fresh is not None and again is not None
    assert fresh.hash == again.hash and fresh.record == again.record
