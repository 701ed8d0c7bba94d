"""An option that the law forbids: the debrief says so, and never proposes it."""

from __future__ import annotations

import sim
from sim.training.counterfactuals import Play, alternatives
from sim.training.debrief import with_alternatives
from sim.training.session import Session
from sim.views.seat.debrief_panels import debrief_panel
from tests.untranslated import TERM


def reviewed(option: str) -> str:
    """The debrief of a play in which the forbidden option would score best by far."""
    session = Session(sim.load("a-week-on-the-desk"), seed=7)
    while "the-ledger" not in session.choices:
        if session.question is None:
            session.go_on()
        else:
            asked = session.question
            session.choose(option if asked.id == "the-ledger" else asked.decision.default, stay=True)
    found = alternatives(session)
    for alternative in found:
        gain = 20.0 if (alternative.decision, alternative.option) == ("the-ledger", "refuse-it") else 0.0
        alternative.plays += [Play(n, 50 + gain, "", 0) for n in range(6)]
    return TERM.sub(r"\1", debrief_panel(with_alternatives(session, found, 6)))


def test_what_the_law_forbids_is_not_proposed_and_is_said_to_who_took_it() -> None:
    allowed, forbidden = reviewed("ask"), reviewed("refuse-it")
    assert "points lost" not in allowed and "does not allow" not in allowed
    assert "The law does not allow what you chose, whatever it scored." in forbidden
    assert "the law does not allow it" in forbidden and "the law does not allow it" not in allowed
    assert "These decisions held" in allowed and "These decisions held" not in forbidden
    assert "UNTOC art. 18(8)" in forbidden.split("does not allow")[1][:600]
