"""Replays kept beside a session: made once, read again, and believed only where they are of this play."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim
from sim.model.loading import Scenario
from sim.training import counterfactuals
from sim.training.counterfactuals import Alternative, Play, Strategy, What, alternatives, jobs, strategies
from sim.training.debrief import debrief
from sim.training.kept_replays import ReplaysFile
from sim.training.session import Session
from sim.training.storage import put_aside, replays_beside
from sim.views.seat import debriefing
from sim.views.seat.app import TrainerApp
from tests.seat import debrief_of, pick


@pytest.fixture(scope="module")
def ended(short: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A play that is over, in its file. Not to be changed."""
    session = Session(short, seed=7)
    session.save(tmp_path_factory.mktemp("kept") / "mine.session.jsonl")
    while session.question is not None:
        session.choose(next(iter(session.question.options)))
    assert session.ended
    return session


def grown(session: Session, replays: int) -> tuple[list[Alternative], list[Strategy]]:
    found, tried = alternatives(session), strategies()
    for job in jobs(session, found, replays, tried):
        job.enter(Play(job.what[2], 50.0 + job.what[2], "", 3.0, {"outcome": 0.5}, 12.5))
    return found, tried


@pytest.fixture
def file(ended: Session, tmp_path: Path) -> Iterator[ReplaysFile]:
    here = ReplaysFile(tmp_path / "mine.session.jsonl")
    assert here.write(ended, *grown(ended, 5))
    yield here


def test_what_is_kept_is_read_to_the_last_digit_and_not_made_again(ended: Session, file: ReplaysFile) -> None:
    found, tried = alternatives(ended), strategies()
    assert file.read(ended, found, tried) is None
    once, by_players = grown(ended, 5)
    assert [a.plays for a in found] == [a.plays for a in once]
    assert [s.plays for s in tried] == [s.plays for s in by_players]
    assert jobs(ended, found, 5, tried) == []
    left = jobs(ended, found, 6, tried)
    assert left and {job.what[2] for job in left} == {5}, "it goes on where it stopped"


def test_half_a_round_goes_on_where_it_stopped(ended: Session, tmp_path: Path) -> None:
    found, tried = alternatives(ended), strategies()
    every = jobs(ended, found, 3, tried)
    for job in every[:7]:
        job.enter(Play(job.what[2], 50.0, "", 3.0))
    here = ReplaysFile(tmp_path / "mine.session.jsonl")
    assert here.write(ended, found, tried)
    again, by = alternatives(ended), strategies()
    assert here.read(ended, again, by) is None
    assert [job.what for job in jobs(ended, again, 3, by)] == [job.what for job in every[7:]]


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b'"score": 50.0', b'"score": 99.0', 1),
        lambda data: b"[" * 100_000,
        lambda data: b"\xff\xfe",
        lambda data: b"{}",
        lambda data: b'{"format": 1, "kind": "mlasim replays"}',
        lambda data: data.replace(b'"score": 50.0', b'"score": NaN', 1),
        lambda data: b" " * 20_000_001,
    ],
)
def test_a_damaged_file_is_said_and_left_out(ended: Session, file: ReplaysFile, harm) -> None:  # type: ignore[no-untyped-def] # a lambda has no types
    assert file.path is not None
    file.path.write_bytes(harm(file.path.read_bytes()))
    found, tried = alternatives(ended), strategies()
    said = file.read(ended, found, tried)
    assert "damaged" in str(said) and file.path.name in str(said)
    assert not any(a.plays for a in found) and not any(s.plays for s in tried)


def test_replays_of_another_play_are_said_and_left_out(ended: Session, file: ReplaysFile, short: Scenario) -> None:
    other = Session(short, seed=7)
    while other.question is not None:
        other.choose(list(other.question.options)[-1])
    found, tried = alternatives(other), strategies()
    assert "of another play" in str(file.read(other, found, tried)) and not any(a.plays for a in found)
    assert file.path is not None
    content = json.loads(file.path.read_bytes())
    assert content["play"] == ended.sha256 and content["scenario"] == short.hash


def test_an_ending_that_the_case_does_not_have_is_none(ended: Session, tmp_path: Path) -> None:
    found, tried = grown(ended, 1)
    found[0].plays[0] = Play(0, 50.0, "<b>elsewhere</b>", 3.0)
    here = ReplaysFile(tmp_path / "mine.session.jsonl")
    assert here.write(ended, found, tried)
    assert "damaged" in str(here.read(ended, alternatives(ended), strategies()))


def test_where_nothing_is_kept_nothing_is_written_and_a_folder_that_refuses_is_no_error(
    ended: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not ReplaysFile(None).write(ended, [], []) and ReplaysFile(None).read(ended, [], []) is None
    monkeypatch.setattr("sim.disk.os.replace", lambda *paths: (_ for _ in ()).throw(PermissionError(13, "no")))
    assert not ReplaysFile(tmp_path / "mine.session.jsonl").write(ended, *grown(ended, 1))
    assert list(tmp_path.iterdir()) == []


def quick(what: What) -> Play:
    return Play(what[2], 40.0 + what[2], "", 3.0)


def seat(short: Scenario, folder: Path) -> TrainerApp:
    app = TrainerApp(short, folder=folder, seed=7)
    app.pause = 0
    return app


def test_the_seat_makes_replays_once(short: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[What] = []

    def counted(what: What) -> Play:
        made.append(what)
        return quick(what)

    monkeypatch.setattr(debriefing, "play", counted)
    app = seat(short, tmp_path)
    app.debriefing.replays = 5
    while not app.session.ended:
        pick(app) if app.session.question is not None else app.time.go_on.click()
    assert app.debriefing.replay_some(20)
    app.debriefing.enough.click()
    assert app.path is not None and replays_beside(app.path).is_file() and len(made) == 20

    again = seat(short, tmp_path)
    assert again.debriefing.progress.value == 20 and "20 replays were kept" in again.debriefing.note.value
    assert "at most" in debrief_of(again.debriefing)
    again.debriefing.replays = 5
    again.debriefing.begin(again.session)
    assert again.debriefing.progress.value == 20
    while again.debriefing.replay_some(50):
        pass
    assert len(made) == again.debriefing.progress.max, "each replay was made once"
    whole = seat(short, tmp_path)
    whole.debriefing.replays = 5
    whole.debriefing.begin(whole.session)
    assert whole.debriefing.running.layout.display == "none" and len(made) == again.debriefing.progress.max
    assert "was replayed 5 times" in debrief_of(whole.debriefing)

    kept = put_aside(whole.path)  # type: ignore[arg-type] # it is kept
    assert replays_beside(kept).is_file() and not replays_beside(whole.path).exists()  # type: ignore[arg-type] # as above


def test_a_debrief_reads_what_was_kept_and_writes_nothing(
    ended: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.session.jsonl"
    path.write_bytes(ended.content())
    here = ReplaysFile(path)
    assert here.write(ended, *grown(ended, 5))
    before = {one: one.read_bytes() for one in tmp_path.iterdir()}
    monkeypatch.setattr(counterfactuals, "play", lambda what: pytest.fail("all of them are kept"))
    session = sim.resume(path, ended.scenario, writing=False)
    found = debrief(session, replays=5, kept=here)
    assert found.replays == 5 and all(len(a.plays) == 5 for item in found.decisions for a in item.alternatives)
    assert {one: one.read_bytes() for one in tmp_path.iterdir()} == before
    assert here.path is not None
    here.path.write_bytes(b"{}")
    monkeypatch.setattr(counterfactuals, "play", quick)
    assert any("damaged" in str(note) for note in debrief(session, replays=1, kept=here).notes)
