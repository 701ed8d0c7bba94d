"""Messages that agree with what was said before: no answer given is missed, nobody in safety is looked for."""

from __future__ import annotations

from typing import Any

from sim.case.run import CaseRun
from sim.engine.plan import Plan
from sim.model import events
from sim.model.action import Action
from sim.model.actions import SendRequest
from sim.model.loading import Scenario
from sim.model.natures import NATURES
from sim.training.messages import message_of
from sim.training.telling import Message
from tests.training.letters import LETTER

ID = "a-letter"


def say(run: CaseRun, kind: type[events.Event], about: str, **fields: Any) -> Message:
    message = message_of(run, kind(run.now, about, **fields))
    assert message is not None
    return message


def test_an_answer_given_is_not_said_to_be_wanting(short: Scenario, short_plan: Plan) -> None:
    run = CaseRun(short, seed=1, plan=short_plan)
    run.perform(Action(content=SendRequest.model_validate({**LETTER, "id": ID})))
    wanting = say(run, events.Finished, ID, outcome="withdrawn").text
    run.events.append(events.Supplemented(run.now, ID))
    late = say(run, events.Finished, ID, outcome="withdrawn").text
    assert "no answer to our question reached us" in wanting
    assert "the answer to our question did not reach us in time" in late and "no answer" not in late


def test_nobody_looks_for_those_who_are_in_safety(short: Scenario, short_plan: Plan) -> None:
    run = CaseRun(short, seed=1, plan=short_plan)
    item = run.evidence["terminal-logs"]
    item.nature = NATURES["people"]
    for reached, words in ((None, "there is a trace of the whereabouts"), (run.now, "whoever was looked for is in")):
        item.obtained_at = reached
        assert words in say(run, events.ServiceHit, "interpol-databases", gives="whereabouts").text
    assert "could be established" in say(run, events.ServiceHit, "interpol-databases", gives="identity").text


def test_a_preservation_refused_has_its_ground(short: Scenario, short_plan: Plan) -> None:
    run = CaseRun(short, seed=1, plan=short_plan)
    refused = say(run, events.PreservationFailed, "terminal-logs", outcome="refused: sovereignty-or-security")
    assert "refused. Ground: sovereignty" in refused.text
    assert "Ground" not in say(run, events.PreservationFailed, "terminal-logs", outcome="no result").text
