"""The debrief that grows in the seat: processes that die, replays that fail, words on how far it is."""

from __future__ import annotations

import asyncio
import html
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

import pytest

from sim.training import replay_pool
from sim.training.counterfactuals import Play, What, alternatives
from sim.training.debrief import citation, with_alternatives
from sim.training.session import Session
from sim.views.seat import debriefing
from sim.views.seat.debrief_panels import debrief_panel
from sim.views.seat.debriefing import Debriefing
from tests.seat import debrief_of


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
    monkeypatch.setattr(replay_pool, "begin", begin)
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
    assert "1 of" in at.left.value and "replay" in debrief_of(at)


@pytest.mark.slow
def test_a_real_process_replays(played: Session) -> None:
    workers = replay_pool.begin(played.scenario)
    assert workers is not None
    try:
        from sim.training.counterfactuals import play
        from sim.training.decision_log import Steps

        what = (played.scenario, played.seed, 0, Steps.of(played))
        assert workers.submit(what).result(120) == play(what), "the same play, wherever it is made"
    finally:
        workers.close()


def test_nobody_is_told_to_wait_for_hours(played: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debriefing, "play", quick)
    at = Debriefing(replays=200)
    at.begin(played)
    at._task, at._started = Any, at._started - 30  # as if each replay took half a minute
    at.replay_some(1)
    assert "it gets sharper" in at.left.value and "1 of" in at.left.value
    assert "min" not in at.left.value and "hour" not in at.left.value


def test_means_wait_for_enough_replays(played: Session) -> None:
    made = grown_by_hand(played, 3)
    assert "Not yet enough replays" in made and "not yet enough replays" in made
    assert "mean 5" not in made and "Luck:" not in made
    made = grown_by_hand(played, 4)
    assert "Not yet enough replays" not in made and "mean 5" in made and "Luck:" in made


def grown_by_hand(session: Session, replays: int) -> str:
    """The debrief after so many replays, in which each option of the first decision but one brings nothing."""
    found = alternatives(session)
    worst = next(a for a in found if a.taken)
    for alternative in found:
        gain = 7.0 if alternative.decision == worst.decision and not alternative.taken else 0.0
        alternative.plays += [Play(n, 50 + n + gain, "captain", 3 + gain) for n in range(replays)]
    return debrief_panel(with_alternatives(session, found, replays))


def test_the_costliest_decision_comes_first_and_what_made_no_difference_is_folded(played: Session) -> None:
    made, first = grown_by_hand(played, 6), next(iter(played.choices))
    decision = played.case.decisions[first]
    first_page, rest = made.split("Score by axis", 1)
    assert f"{decision.title} · " in first_page and "7.0 points lost" in first_page and "6 replays" in first_page
    assert f"{len(played.choices) - 1} decisions made no difference here" in rest
    folded = rest.split(" decisions made no difference here")[1]
    assert decision.title not in folded.split("</details>")[0], "what cost something is not folded"


def test_every_option_is_shown_with_its_remark_and_its_provisions(played: Session) -> None:
    made = html.unescape(grown_by_hand(played, 4))
    for name, chosen in played.choices.items():
        for option, record in played.case.decisions[name].options.items():
            remark = " ".join(record.remark.split())
            assert remark in made, (name, option)
            for reference in record.cites:
                assert citation(played, reference).says in made, (name, option, chosen)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="ends a process the way Unix does")
def test_processes_do_not_outlive_the_page() -> None:
    code = (
        "import os, sim\n"
        "from sim.training import replay_pool\n"
        "if __name__ == '__main__':\n"
        "    workers = replay_pool.begin(sim.load('a-week-on-the-desk'))\n"
        "    print(workers._pools[0].submit(os.getpid).result(), flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    child = int(done.stdout)
    for _place in range(200):
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("it still runs")


@pytest.mark.parametrize(("cores", "asked", "expected"), [(1, "", 1), (2, "", 2), (8, "", 3), (8, "1", 1), (8, "x", 3)])
def test_every_core_makes_replays_unless_fewer_are_asked_for(
    cores: int, asked: str, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    monkeypatch.setenv(replay_pool.VARIABLE, asked)
    assert replay_pool.how_many() == expected
