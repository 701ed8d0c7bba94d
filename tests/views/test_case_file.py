"""The case file shows every state that evidence and people can be in."""

from __future__ import annotations

import typing

from sim.model.action import Action
from sim.model.conditions import EvidenceState, PersonState
from sim.model.loading import load
from sim.training.session import Session
from sim.views.seat import panels
from sim.views.seat.debrief_panels import evidence, people


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


def test_the_style_has_no_characters_that_cannot_be_seen() -> None:
    """An escape that Python reads before the browser does would leave a box beside every point lost."""
    assert all(character.isprintable() or character == "\n" for character in panels.STYLE)
    assert "\\2212" in panels.STYLE, "CSS writes the minus sign so"
