"""Nobody is blamed for what they had no way to do; whoever moves time has a way to do anything."""

from __future__ import annotations

from functools import cache

import pytest

import sim
from sim.training.players import Scripted, Textbook, finish
from sim.training.scoring import score
from sim.training.session import Session
from sim.training.session_records import Entry


@cache
def by_the_book(case: str) -> Session:
    return finish(Session(sim.load(case), seed=12), Textbook())


def blames(session: Session) -> set[str]:
    return {reason.text for axis in score(session) for reason in axis.reasons if not reason.good}


NEVER_PUT = [
    ("her-word", "Connection data of the messages: Sokharn was not contacted beforehand"),
    ("her-word", "Connection data of the messages: nothing was answered or enquired while it was there"),
    ("her-word", "The woman in prison: not told afterwards how it stands (Belantara looks at the stay again)"),
    ("paper-roses", "Connection data of the messages: left open although nothing could come of it"),
    ("four-days", "Messages of the game account: Calden was not contacted beforehand"),
]


@pytest.mark.parametrize(("case", "blame"), NEVER_PUT)
def test_what_was_never_put_is_held_against_those_alone_who_move_time(case: str, blame: str) -> None:
    book = by_the_book(case)
    assert blame not in blames(book)
    free = book.copied()
    free.note(Entry(moment=free.run.now))
    assert blame in blames(free)


def test_a_call_while_a_letter_is_there_is_a_word_to_those_who_have_it() -> None:
    """In the middle of the week the magistrate was called once, with one question."""
    free = by_the_book("four-days").copied()
    free.note(Entry(moment=free.run.now))
    quiet = "nothing was answered or enquired while it was there"
    assert f"The two women in the flat: {quiet}" not in blames(free)
    assert f"Payments for flat and tickets: {quiet}" in blames(free)


def test_whoever_decides_so_that_no_call_is_asked_for_had_the_choice() -> None:
    """The letter that leaves on the first day leaves nothing to decide on the fifth, when Calden's desk is called."""
    hurried = finish(Session(sim.load("silent-harbour"), seed=2), Scripted({"first-steps": "letter-now"}, "textbook"))
    assert "logs-letter" not in hurried.choices
    assert any(blame.endswith("Calden was not contacted beforehand") for blame in blames(hurried))


def test_what_counts_for_nothing_is_not_judged() -> None:
    desk = by_the_book("a-week-on-the-desk")
    axes = {axis.axis: axis for axis in score(desk)}
    assert axes["coordination"].weight == 0 and axes["coordination"].value is None
    assert not axes["coordination"].reasons
