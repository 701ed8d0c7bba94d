"""The case file shows every state that evidence and people can be in."""

from __future__ import annotations

import typing

from sim.model.action import Action
from sim.model.conditions import EvidenceState, PersonState
from sim.model.loading import load
from sim.model.natures import NATURES
from sim.training.session import Session
from sim.views.seat import panels
from sim.views.seat.clocks import clocks_of
from sim.views.seat.evidence_tables import evidence, people


def test_every_state_has_words() -> None:
    assert set(typing.get_args(EvidenceState)) == set(panels.STATES)
    assert set(typing.get_args(PersonState)) == set(panels.AVAILABLE)


def test_a_person_gone_home_and_evidence_left_out_are_shown() -> None:
    session = Session(load("silent-harbour"), seed=1)
    session.run.perform(Action.model_validate({"repatriate": {"person": "deckhand"}}))
    item = session.run.evidence["terminal-logs"]
    item.obtained_at, item.excluded = session.run.now, True
    shown = panels.case_file(session)
    assert "from home" in shown and "left out by the court" in shown
    made = session.debrief(replays=0)
    assert "left out by the court" in evidence(made) and "from home" in people(made)


def test_people_are_spoken_of_as_people() -> None:
    """The kind of thing decides the sentence: in the file, in its clocks, in the inbox, in the debrief."""
    session = Session(load("four-days"), seed=1)
    while not session.ended:  # nothing is ever asked for
        session.wait(days=20) if session.question is None else session.choose(session.question.decision.default)
        shown = panels.case_file(session) + "".join(clock.words for clock in clocks_of(session))
        sought = shown.split("People to be reached")[1].split("</table>")[0]
        assert "The two women in the flat" in sought
        assert not any(word in sought for word in ("file", "Worth", "preserved", "deleted", "keep"))
    made = session.debrief(replays=0)
    sought = evidence(made).split("</table>")[0]
    assert "People to be reached" in sought and "The two women in the flat" in sought and "of 10" not in sought
    told = [message.text for message in session.inbox] + [
        str(reason.words) for axis in made.scores for reason in axis.reasons
    ]
    about = [text for text in told if text.startswith("The two women in the flat:")]
    assert about
    assert not any(word in text for text in about for word in ("deleted", "preserved", "retention", "file"))


def test_every_kind_of_thing_is_lost_in_words_of_its_own() -> None:
    assert {item.nature for item in load("meridian").measures.values()} == set(NATURES)
    assert all(name == nature.name for name, nature in NATURES.items())
    for nature in NATURES.values():
        assert ("preserved" in nature.any_day) == nature.preservable
        assert "{title}" in nature.came and "{title}" in nature.ended and "{title}" in nature.warned


def test_dates_that_are_no_dates_of_the_proceedings_are_not_told_to_victims() -> None:
    story = load("four-days").case
    assert story is not None
    assert [id_ for id_, one in story.deadlines.items() if one.of_the_proceedings] == ["remand"]


def test_the_style_has_no_characters_that_cannot_be_seen() -> None:
    """An escape that Python reads before the browser does would leave a box beside every point lost."""
    assert all(character.isprintable() or character == "\n" for character in panels.STYLE)
    assert "\\2212" in panels.STYLE, "CSS writes the minus sign so"
