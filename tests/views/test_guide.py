"""What a guide says beside a question: in the seat, in a terminal, and nowhere where nobody wrote one."""

from __future__ import annotations

import io

from rich.console import Console

from sim.model.loading import Scenario, copied_data, load, with_data
from sim.training.session import Session
from sim.views.seat import panels
from sim.views.terminal.play import show_question
from tests.views.conftest import HOSTILE


def guided(case: Scenario, says: str, language: str = "en") -> Session:
    """The case, just opened, with something said by a guide beside its first question."""
    data = copied_data(case)
    story = data["case", case.id]
    story["language"] = language
    story["decisions"]["first-steps"]["guide"] = says
    return Session(with_data(case, data), seed=7)


def asked(session: Session) -> str:
    assert session.question is not None
    return panels.question(session, session.question)


def test_a_guide_stands_above_the_question_as_a_note_in_the_authors_language(case: Scenario) -> None:
    words = asked(guided(case, "Look at the clocks.", "ar"))
    note, rest = words.split("<h2", 1)
    assert "class='guide'" in note and "role='note'" in note and "lang='ar' dir='rtl'" in note
    assert "Look at the clocks." in note and "guide" not in rest


def test_no_guide_no_note(case: Scenario) -> None:
    assert "guide" not in asked(Session(case, seed=7))


def test_hostile_words_of_a_guide_stay_words(case: Scenario) -> None:
    words = asked(guided(case, HOSTILE.replace("\x00", "").replace("\x0b", "").replace("\x1f", "")))
    assert "<script" not in words and "<img" not in words and "&lt;script&gt;" in words


def test_a_guide_is_printed_in_a_terminal_too(case: Scenario) -> None:
    session = guided(case, "Look at\nthe clocks.")
    assert session.question is not None
    console = Console(file=io.StringIO(), width=80, force_terminal=False, color_system=None)
    show_question(session, session.question, console)
    assert isinstance(console.file, io.StringIO)
    printed = console.file.getvalue()
    assert printed.index("Look at the clocks.") < printed.index("will delete the logs")


def test_the_first_case_guides_through_each_of_its_three_decisions() -> None:
    case = load("first-letter").case
    assert case is not None
    guided_ones = [name for name, decision in case.decisions.items() if decision.guide]
    assert len(guided_ones) == 3 and len(case.decisions) <= 4
    assert case.coaching and case.minutes <= 15
    drafted = [
        option for decision in case.decisions.values() for option in decision.options.values() if case.drafts(option)
    ]
    assert len(drafted) == 1
