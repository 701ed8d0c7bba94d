"""The short answer says every limit for which whoever asks waits."""

from __future__ import annotations

import sim
from sim.law.answers import STEPS
from sim.law.explanation import _BY_WHEN

OTHERS = {
    "confirm in writing": "the requesting State's own step",
    "safe conduct": "a person's",
    "return": "a person's, or of papers lent",
    "reflection": "a person's",
    "notify refusal": "of a State that was only notified",
    "validate": "of the requesting State",
    "provisional arrest": "how long it may last, no answer",
}
"""Steps for which nobody waits who asks, and whose they are."""


def test_a_warrant_is_decided_by_a_day_that_the_short_answer_names() -> None:
    answer = str(sim.explain(sim.load("meridian"), requesting="lys", requested="nor", measure="extradition"))
    (line,) = [line for line in answer.splitlines() if "By when" in line]
    assert "Decide: 60 days from arrest" in line and "Surrender: 10 days from decision" in line


def test_every_step_is_waited_for_or_somebody_elses() -> None:
    assert set(STEPS) == set(_BY_WHEN) | set(OTHERS) and not set(_BY_WHEN) & set(OTHERS)
