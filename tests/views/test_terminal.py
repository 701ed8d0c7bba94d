"""A case in a terminal: what is asked, what is answered, and that it fits."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from sim.model.causes import CAUSES, UNDER_WAY
from sim.model.loading import Scenario
from sim.training.counterfactuals import Play, alternatives
from sim.training.debrief import with_alternatives
from sim.training.debrief_records import Debrief, RequestLine, Segment
from sim.training.players import First, play_through
from sim.training.session import Session
from sim.views.terminal import play
from tests.views.conftest import HOSTILE

Script = Callable[[Session, Sequence[str]], tuple[Session | None, str]]


def screen(width: int = 80) -> Console:
    return Console(file=io.StringIO(), width=width, force_terminal=False, color_system=None)


def text(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def fits(words: str, width: int = 80) -> None:
    for line in words.splitlines():
        assert cell_len(line) <= width, line


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Script:
    """Play with answers written down: (session or None, what was shown, prompts included)."""

    def run(session: Session, answers: Sequence[str]) -> tuple[Session | None, str]:
        console, left = screen(), list(answers)

        def answer(prompt: object = "", **_: object) -> str:
            console.print(prompt, end="")
            given = left.pop(0)
            console.print(given, markup=False)
            return given

        monkeypatch.setattr(console, "input", answer)
        ended = play.play(session, console)
        assert not left, f"answers nobody asked for: {left}"
        return ended, text(console)

    return run


def test_a_case_is_played_through(case: Scenario, script: Script) -> None:
    reference = play_through(case, First(), seed=7)
    answers = [words for _ in reference.entries for words in ("1", "")]
    ended, shown = script(Session(case, seed=7), answers)
    assert ended is not None and ended.ended
    assert ended.sha256 == reference.sha256
    assert shown.index("Before you begin.") < shown.index("The first day")
    assert shown.count("Before you begin.") == 1
    for message in ended.inbox:
        start = " ".join(message.text.split()[:3])
        assert start in shown
    fits(shown)
    # Each message is told once.
    assert shown.count("The provider's policy") == 1 and shown.count("Victim support") == sum(
        message.sender.startswith("Victim support") for message in ended.inbox
    )


def test_the_reason_is_kept_and_an_option_may_be_named(case: Scenario, script: Script) -> None:
    session = Session(case, seed=7)
    left, _ = script(session, ["letter-now", "  the clock runs ", "q"])
    assert left is None
    assert [(e.option, e.because) for e in session.entries] == [("letter-now", "the clock runs")]


def test_a_wrong_answer_is_asked_again(case: Scenario, script: Script) -> None:
    wrong = ["0", "4", "99", "-1", "x", "", "²", "1.5", "[bold]", "preserve"]
    session = Session(case, seed=7)
    _, shown = script(session, [*wrong, "q"])
    assert " ".join(shown.split()).count("Please write a number from 1 to 3, or a, u, q, ? or r.") == len(wrong)
    assert not session.entries


def test_law_requests_and_taking_back(case: Scenario, script: Script) -> None:
    session = Session(case, seed=7)
    ended, shown = script(session, ["?", "R", "u", "1", "", "r", "U", "q"])
    assert ended is None
    said = " ".join(shown.split())
    assert "UNTOC art. 18(3)(i)" in said and "[read against the text]" in said
    assert "Nothing has been sent yet." in said
    assert "There is nothing to take back yet." in said
    assert "The last decision is taken back." in said
    assert shown.count("Day 1 · 01 Mar 2027 · The first day") == 5
    fits(shown)


def test_leaving_says_the_truth_about_what_is_kept(case: Scenario, script: Script, tmp_path: Path) -> None:
    _, shown = script(Session(case, seed=7), ["q"])
    assert "not kept" in shown
    session = Session(case, seed=7)
    path = tmp_path / "room [3]" / "mine.jsonl"
    path.parent.mkdir()
    session.save(path)
    _, shown = script(session, ["q"])
    assert f"keptin{path}.".replace(" ", "") in "".join(shown.split()), "a path is no markup"


def test_a_session_that_goes_on_is_not_introduced_again(case: Scenario, script: Script) -> None:
    session = Session(case, seed=7)
    session.choose("preserve-first")
    _, shown = script(session, ["q"])
    assert "Before you begin." not in shown


def test_a_play_that_nobody_watched(played: Session) -> None:
    console = screen()
    play.show_play(played, console)
    shown = text(console)
    fits(shown)
    assert shown.count("You decide:") == len(played.entries)
    places = [shown.index(f"You decide: {played.case.decisions[e.decision].title}") for e in played.entries]
    assert places == sorted(places)


@pytest.fixture(scope="module")
def replayed(played: Session) -> Debrief:
    """A debrief whose replays are made up, to see how they are told."""
    found = alternatives(played)
    for number, alternative in enumerate(found):
        alternative.plays += [Play(0, 10.0 + number % 7, "captain", 1), Play(1, 60.0, "nothing", 2)]
        alternative.plays += [Play(2, 80.0, "captain", 9)]
    return with_alternatives(played, found, 3)


@pytest.mark.parametrize("width", [80, 100])
def test_the_debrief_fits(replayed: Debrief, width: int) -> None:
    console = screen(width)
    play.show_debrief(replayed, console)
    fits(text(console), width)


def test_the_debrief_tells_everything(replayed: Debrief) -> None:
    console = screen()
    play.show_debrief(replayed, console)
    shown = text(console)
    said = " ".join(shown.split())
    assert f"score {replayed.total:.0f} of 100" in said
    for part in ("Where the days went", "Evidence", "To take home", "Your decisions"):
        assert part in said
    for axis in replayed.scores:
        assert axis.title in said
    for review in replayed.decisions:
        assert f"Day {review.day} · {review.title}" in said
    assert "(10–80, 3 replays) — The captain alone 2×, The file is closed 1×" in said
    assert shown.count("▸") == len(replayed.decisions)


def test_hostile_words_are_shown_as_they_are(found: Debrief) -> None:
    console = screen(200)
    play.show_debrief(found, console)
    assert "Because: <script>alert(1)</script>" in text(console)
    assert HOSTILE in found.decisions[0].because


def test_markup_in_a_reason_is_no_markup(case: Scenario, script: Script) -> None:
    session = Session(case, seed=7)
    script(session, ["1", "[red]because[/red] [/nothing]", "q"])
    console = screen()
    play.show_debrief(session.debrief(replays=0), console)
    assert "[red]because[/red] [/nothing]" in text(console)


def test_a_bar_has_a_mark_for_every_cause_and_a_legend_for_it() -> None:
    causes = [*CAUSES.values(), UNDER_WAY]
    segments = tuple(Segment(10.0 * n, 10.0 * n + 10, cause.name, "stage") for n, cause in enumerate(causes))
    line = RequestLine("money", "records", "kow", 0.0, 90.0, "executed", segments, {}, ())
    console = screen()
    console.print(play.timeline([line], 90.0, [{"day": 30.0, "title": "hearing"}]))
    shown = text(console)
    name, bar = shown.splitlines()[:2]
    assert name.split() == ["1", "records"] and "money" not in shown
    for cause in causes:
        assert cause.mark in bar, cause
        assert f"{cause.mark} {cause.words}" in " ".join(shown.split()), cause
    assert len({cause.mark for cause in causes}) == len(causes), "marks tell without colour"
    assert "day 30: hearing" in shown
    fits(shown)
