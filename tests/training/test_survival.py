"""What is done is kept: processes killed at any moment, and a room of teams that crash, take back and come late."""

from __future__ import annotations

import os
import random
import signal
import time
import warnings
from pathlib import Path

import pytest

from sim import disk
from sim.engine.plan import Plan
from sim.errors import SessionError
from sim.model.loading import Scenario
from sim.training.action_rules import action_of
from sim.training.exchange import Exchange
from sim.training.resuming import resume
from sim.training.session import Session
from sim.training.storage import read_kept
from tests.training.test_exchange import LETTER, desk, go

__all__ = ["desk"]
KILLS, TEAMS = 200, 30


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_two_hundred_kills_lose_no_step_that_was_seen(
    short: Scenario, short_plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each child goes on with the session where the one before was killed, in the middle of whatever it did."""
    path, told = tmp_path / "s.session.jsonl", tmp_path / "told"
    Session(short, seed=7, plan=short_plan).save(path)
    chance, longest = random.Random(1), 0
    for kill in range(KILLS):
        told.write_bytes(b"")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of forking beside threads, which pytest may have
            child = os.fork()
        if not child:
            _play_until_killed(path, short, told, kill)
        time.sleep(chance.uniform(0.0, 0.25))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        kept = read_kept(path)
        assert not kept.remarks, kept.remarks
        seen = told.read_bytes().split(b"\n")
        steps = int(seen[-2]) if len(seen) > 1 else 0
        assert len(kept.entries) >= steps, f"kill {kill}: {steps} steps were seen, {len(kept.entries)} are kept"
        longest = max(longest, len(kept.entries))
    assert longest > 3, "children got to play"
    monkeypatch.setattr(disk, "_LEFT", -1)
    assert resume(path, short).keep()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["s.session.jsonl", "told"], "drafts of the dead are gone"


def _play_until_killed(path: Path, short: Scenario, told: Path, number: int) -> None:
    """Take steps, back and forth, and tell of each once it has been taken."""
    try:
        session = resume(path, short)
        with told.open("ab", buffering=0) as stream:
            for count in range(10_000):
                if session.question is not None:
                    session.choose(session.question.decision.default, because=f"{number}/{count}", stay=True)
                elif not session.ended:
                    session.wait(days=2)
                if session.ended:
                    stream.write(b"0\n")  # told before: killed in the middle, both the old and the new are right
                    session = session.undo(len(session.steps))
                    continue
                stream.write(f"{len(session.entries)}\n".encode())
    finally:
        os._exit(0)


@pytest.mark.slow
def test_thirty_teams_that_crash_and_come_late_lose_and_double_nothing(
    short: Scenario, short_plan: Plan, desk: Scenario, tmp_path: Path
) -> None:
    """Fifteen games of two teams, each with its letters, its crashes and its pauses."""
    for game in range(TEAMS // 2):
        chance, folder = random.Random(game), tmp_path / f"{game}"
        folder.mkdir()
        ends = {
            "requesting": Session(short, seed=game, plan=short_plan, partner="tar"),
            "requested": Session(desk, seed=game),
        }
        for side, session in ends.items():
            session.save(folder / f"{side}.session.jsonl")
        sent = 0
        for turn in range(24):
            side = chance.choice(("requesting", "requested", "requested"))
            scenario = short if side == "requesting" else desk
            if chance.random() < 0.3:  # a crash: all that is left is the file
                ends[side] = resume(folder / f"{side}.session.jsonl", scenario)
            end = Exchange(folder / "post", side, ends[side])  # type: ignore[arg-type]
            if side == "requesting" and sent < 4 and not end.session.ended:
                try:
                    letter = {**LETTER, "id": f"letter-{turn}", "evidence": []}
                    end.session.act(action_of({"send": letter}))
                    sent += 1
                except SessionError as error:
                    raise AssertionError(f"game {game}, turn {turn}: {error}") from None
            go(end, chance.choice((0.5, 1.0, 2.0)))
            ends[side] = end.session
        for _ in range(8):  # so that whatever is on its way arrives
            for side in ("requesting", "requested"):
                go(Exchange(folder / "post", side, ends[side]), 1.0)  # type: ignore[arg-type]
        arrived = [id_ for id_ in ends["requested"].run.incoming if id_.startswith("team-")]
        expected = [f"team-{id_}" for id_ in ends["requesting"].run.requests if id_.startswith("letter-")]
        assert sorted(arrived) == sorted(set(arrived)) == sorted(expected), game
        for side, scenario in (("requesting", short), ("requested", desk)):
            again = resume(folder / f"{side}.session.jsonl", scenario)
            assert again.sha256 == ends[side].sha256 and not again.remarks
