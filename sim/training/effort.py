"""Working hours that a trainee's steps ask of their own office and of others: what help costs those who give it.

All figures are assumptions of ours within the ranges of effort that practitioners' guides give for types of
assistance (a few hours for records, tens for bank records and hearings, more for searches and for a joint team).
"""

from __future__ import annotations

from sim.engine.case_run import CaseRun
from sim.model.actions import Action
from sim.model.durations import HOUR, Duration

LETTER = 12.0
"""Hours to draft, check, send and receive a letter of request."""
TRANSLATED = 8.0
"""Hours of translation where it is not written in one's own language: about five thousand words."""
ACTS = {
    "preserve": 2.0,
    "renew": 2.0,
    "consult": 3.0,
    "chase": 1.0,
    "supplement": 6.0,
    "withdraw": 1.0,
    "share": 4.0,
    "ask": 6.0,
    "confirm": 1.0,
    "feedback": 1.0,
    "use": 2.0,
    "ask_consent": 3.0,
    "propose_team": 100.0,
    "repatriate": 16.0,
    "invite": 30.0,
    "treat": 4.0,
    "interview": 12.0,
    "acknowledge": 0.3,
    "examine": 2.5,
    "inquire": 3.5,
    "grant": 6.0,
    "refuse": 2.0,
    "send_back": 0.7,
    "postpone": 0.8,
    "receive": 0.0,
}
"""Hours of each other kind of step."""
CONSULTED = 1.5
"""Further hours where the other side is consulted before a refusal."""
SUPPORT = 10.0
"""Hours of each kind of support arranged for a person."""


def hours(run: CaseRun, action: Action) -> float:
    """Working hours that a step asks of everybody together, without what comes of it by chance."""
    if action.protect is not None:
        return SUPPORT * len(action.protect.by)
    if action.refuse is not None and action.refuse.consult:
        return ACTS["refuse"] + CONSULTED
    if action.send is None:
        return ACTS.get(action.name, 4.0)
    own = run.scenario.jurisdictions[run.home].languages
    executing = sum(_work(run.scenario.find("measure", name)) for name in action.send.measures)
    broad = 1.5 if action.send.scope == "broad" else 1.0
    return LETTER + (0.0 if action.send.language in own else TRANSLATED) + broad * executing


def _work(measure: object) -> float:
    """Usual working hours of a measure's steps: their medians (or the least, where only a range is known)."""
    total = 0.0
    for step in getattr(measure, "steps", ()):
        duration: Duration | None = step.work
        if duration is not None:
            total += duration.seconds()[0] / HOUR
    return total
