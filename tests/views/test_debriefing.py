"""The debrief that grows in the seat: processes that die, replays that fail, words on how far it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

import pytest

from sim.training import replayers
from sim.training.counterfactuals import Play, What
from sim.training.session import Session
from sim.views import debriefing
from sim.views.debriefing import Debriefing


class Workers:
    """Stand in for processes: each play is made here, or fails, as told."""

    count = 1

    def __init__(self, make: Callable[[What], Play]):
        self.make, self.asked, self.closed = make, 0, False

    def submit(self, what: What) -> Future[Play]:
        self.asked += 1
        future: Future[Play] = Future()
        try:
            future.set_result(self.make(what))
        except Exception as error:
            future.set_exception(error)
        return future

    def close(self) -> None:
        self.closed = True


def quick(what: What) -> Play:
    return Play(what[1 + 1], 50.0, "captain", 3)


def grown(session: Session, monkeypatch: pytest.MonkeyPatch, begin: Callable[[Any], Any]) -> Debriefing:
    """A debrief that has come to its end."""
    monkeypatch.setattr(replayers, "begin", begin)
    monkeypatch.setattr(debriefing, "play", quick)

    async def wait() -> Debriefing:
        at = Debriefing(replays=2)
        at.begin(session)
        task = at._task
        assert task is not None
        await asyncio.wait_for(task, 60)
        return at

    with ThreadPoolExecutor(1) as own:  # the browser tests may keep a loop running in this thread
        return own.submit(asyncio.run, wait()).result()


def test_processes_make_the_replays_and_are_sent_home(played: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    workers = Workers(quick)
    at = grown(played, monkeypatch, lambda scenario: workers)
    assert workers.asked == at.progress.max and workers.closed
    assert all(len(a.plays) == 2 for a in at.alternatives) and at.missed == 0
    assert at.running.layout.display == "none" and at.note.value == ""


def test_a_process_that_dies_is_replaced_once_and_then_done_without(
    played: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Workers] = []

    def die(what: What) -> Play:
        raise BrokenProcessPool("gone")

    def begin(scenario: Any) -> Workers:
        begun.append(Workers(die))
        return begun[-1]

    at = grown(played, monkeypatch, begin)
    assert len(begun) == 2 and all(workers.closed for workers in begun)
    assert "go on here, more slowly" in at.note.value or at.missed == 1
    assert at.progress.value >= at.progress.max - 6, "the page goes on by itself, but for long plays"
    assert sum(len(a.plays) for a in at.alternatives) > 0 and at.running.layout.display == "none"


def test_a_replay_that_fails_is_left_out_and_said(played: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def sometimes(what: What) -> Play:
        if what[2] == 1:
            raise RuntimeError("this one does not work")
        return quick(what)

    at = grown(played, monkeypatch, lambda scenario: Workers(sometimes))
    assert at.missed > 0 and "could not be made" in at.note.value
    assert all(len(a.plays) == 1 for a in at.alternatives)


def test_the_first_picture_has_a_replay_in_it(played: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debriefing, "play", quick)
    at = Debriefing(replays=200)
    at.begin(played)
    assert at.replay_some(1)
    taken = [a for a in at.alternatives if a.taken]
    assert all(len(a.plays) == 1 for a in taken), "what was really chosen comes first"
    assert "1 of" in at.left.value and "replay" in at.body.value


@pytest.mark.slow
def test_a_real_process_replays(played: Session) -> None:
    workers = replayers.begin(played.scenario)
    assert workers is not None
    try:
        from sim.training.counterfactuals import play
        from sim.training.steps import Steps

        what = (played.scenario, played.seed, 0, Steps.of(played))
        assert workers.submit(what).result(120) == play(what), "the same play, wherever it is made"
    finally:
        workers.close()
