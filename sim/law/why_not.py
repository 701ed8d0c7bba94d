"""Why something is not available: an instrument, a channel, a ground for refusal, a time limit."""

from __future__ import annotations

from typing import Unpack

from sim.errors import LawError
from sim.i18n import Words, say
from sim.law.answers import STEPS, Facts
from sim.law.bases import examined
from sim.law.explanation import Explanation, explain
from sim.law.reason import Reason, by_practice_of
from sim.law.refusal import GROUNDS
from sim.law.sources import instrument
from sim.model.loading import Scenario
from sim.model.problems import did_you_mean


def why_not(scenario: Scenario, what: str, **facts: Unpack[Facts]) -> Reason:
    """Why an instrument, a channel, a ground for refusal or a time limit is not to be had for a request; where it is
    to be had after all, that, with the reason.

    ``what`` is its id: ``eio``, ``europol-siena``, ``bank-secrecy``, ``execute``. Takes the same facts as `explain`.
    Raises `LawError` for an unknown id.
    """
    answer = explain(scenario, **facts)
    if scenario.find("instrument", what) is not None:
        return _instrument(answer, what)
    if scenario.find("channel", what) is not None:
        return _channel(answer, what)
    if what in GROUNDS:
        return _ground(answer, what)
    if what in STEPS:
        return _limit(answer, what)
    known = [*GROUNDS, *STEPS, *scenario.instruments, *scenario.channels]
    hint = did_you_mean(what, known)
    raise LawError(say("there is no instrument, channel, ground or time limit {id} — {hint}", id=repr(what), hint=hint))


def _speaking(answer: Explanation) -> Words | str:
    return answer.basis.instrument.short if answer.basis is not None else say("no instrument")


def _instrument(answer: Explanation, what: str) -> Reason:
    place = next((n for n, basis in enumerate(answer.bases) if basis.id == what), None)
    if place == 0:
        return Reason(say("It is the basis to use"), children=(answer.bases[0].reason,))
    if place is not None:
        first = answer.bases[0]
        words = say("It applies, but {instrument} comes first", instrument=first.instrument.short)
        return Reason(words, children=(first.reason,))
    known = next((basis for basis in answer.rejected if basis.id == what), None)
    return (known or examined(answer.question, instrument(answer.question.scenario, what))).reason


def _channel(answer: Explanation, what: str) -> Reason:
    found = next((channel for channel in answer.channels if channel.channel == what), None)
    if found is not None:
        return found.reason
    question = answer.question
    if answer.basis is not None and answer.basis.instrument.closed_channels:
        words = say(
            "{instrument} goes by the channels it names, and this is none of them", instrument=_speaking(answer)
        )
        return Reason(words, children=tuple(channel.reason for channel in answer.channels))
    lacking = [s for s in (question.requesting, question.requested) if s.channels and what not in s.channels]
    practice = tuple(by_practice_of(state, say("{state} does not use it", state=state.title)) for state in lacking)
    words = say("{instrument} does not name this channel for the measure asked for", instrument=_speaking(answer))
    return Reason(words, children=practice)


def _ground(answer: Explanation, what: str) -> Reason:
    found = next((ground for ground in answer.grounds if ground.ground == what), None)
    if found is not None:
        return found.reason
    brought_in = answer.national_law
    if not brought_in:
        words = say(
            "{instrument} knows no such ground, and a refusal needs one the instrument knows",
            instrument=_speaking(answer),
        )
        return Reason(words)
    state = answer.question.requested
    words = say(
        "{instrument} does not list this ground, but it brings in the law of {state}: a refusal may rest on it where "
        "that law knows it",
        instrument=_speaking(answer),
        state=state.title,
    )
    unknown = say("What the law of {state} says about it is not part of its profile here", state=state.title)
    return Reason(words, children=(*(source.reason() for source in brought_in), by_practice_of(state, unknown)))


def _limit(answer: Explanation, what: str) -> Reason:
    found = answer.deadline_for(what)
    if found is not None:
        return found.reason
    return Reason(say("{instrument} sets no time limit for it", instrument=_speaking(answer)))
