"""One answer at a time, for those who need no whole explanation: the engine, training, the instructor's desk.

All take the same facts as `explain`, and raise `LawError` for an unknown id. Without a legal basis they are empty.
"""

from __future__ import annotations

from datetime import date
from typing import NotRequired, TypedDict, Unpack, get_args

from sim.errors import LawError
from sim.i18n import say
from sim.law.channel_rules import ChannelAnswer
from sim.law.explanation import explain
from sim.law.language_rules import LanguageAnswer
from sim.law.refusal import RefusalGround
from sim.law.time_limits import Deadline
from sim.model.loading import Scenario
from sim.model.problems import did_you_mean
from sim.model.rules import DeadlineRule

STEPS: tuple[str, ...] = get_args(DeadlineRule.model_fields["step"].annotation)
"""Steps that a time limit can be about."""


class Facts(TypedDict):
    """The keyword arguments of `explain`."""

    requesting: str
    requested: str
    measure: str
    offence: NotRequired[str]
    instrument: NotRequired[str | None]
    maximum_penalty_years: NotRequired[int | None]
    day: NotRequired[date | None]
    urgent: NotRequired[bool]


def channels(scenario: Scenario, **facts: Unpack[Facts]) -> tuple[ChannelAnswer, ...]:
    """Channels the instrument and practice speak of: open ones first, then closed ones, each with its reason."""
    return explain(scenario, **facts).channels


def languages(scenario: Scenario, **facts: Unpack[Facts]) -> LanguageAnswer | None:
    """In which languages the request may be written, and whether a translation is needed."""
    return explain(scenario, **facts).language


def refusal_grounds(scenario: Scenario, **facts: Unpack[Facts]) -> tuple[RefusalGround, ...]:
    """Grounds for refusal, those the facts raise first; also those on which help may never be refused."""
    return explain(scenario, **facts).grounds


def deadline_for(scenario: Scenario, step: str, **facts: Unpack[Facts]) -> Deadline | None:
    """The time limit for a step such as ``execute``; None if the instrument has no rule on it."""
    if step not in STEPS:
        raise LawError(say("no time limit is about {step} — {hint}", step=repr(step), hint=did_you_mean(step, STEPS)))
    return explain(scenario, **facts).deadline_for(step)
