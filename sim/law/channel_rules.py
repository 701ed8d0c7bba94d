"""Channels: which ways a request may take, by the instrument and by the requested State's practice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from sim.i18n import joined, marked, say
from sim.law.question import Question
from sim.law.reason import Reason, by_practice_of
from sim.law.sources import Source, Sources, binds, speaking
from sim.model.jurisdiction import Jurisdiction
from sim.model.rules import ChannelRule

When = Literal["always", "urgent", "if the requested State insists", "if both agree", "by practice"]
_RANK = {
    "always": 0,
    "if both agree": 0,
    "insisted": 0,
    "by practice": 1,
    "if the requested State insists": 2,
    "urgent": 3,
}


@dataclass(frozen=True)
class ChannelAnswer:
    """A channel, and whether the request may take it."""

    channel: str
    """Its id."""
    title: str
    """Its name for people."""
    open: bool
    """Whether it may be used, in the circumstances of ``when``."""
    when: When
    """The circumstances; ``by practice``: the instrument does not name it, but both States use it."""
    insisted: bool
    """Whether the requested State insists on it."""
    reason: Reason

    def __str__(self) -> str:
        return str(self.reason)


def channel_answers(question: Question, found: Sources) -> tuple[ChannelAnswer, ...]:
    """Open channels first, those for urgent circumstances last among them; then closed ones, with the reason."""
    requested = question.requested
    rules = [
        (channel, source) for source in found.of(ChannelRule, question.measure.id) for channel in source.rule.channels
    ]
    rules += [
        (channel, source)
        for source in _whatever_basis(question, found)
        for channel in source.rule.channels
        if channel not in {named for named, _ in rules}
    ]
    ordinary = {channel for channel, source in rules if source.rule.when == "always"}
    answers: dict[str, ChannelAnswer] = {}
    for channel, source in rules:
        answer = _by_rule(question, channel, source, ordinary)
        if channel not in answers or (answer.open, -_rank(answer)) > (
            answers[channel].open,
            -_rank(answers[channel]),
        ):
            answers[channel] = answer
    for channel in () if _only_what_it_names(found) else requested.channels:
        if channel in ordinary:
            break
        if channel not in answers and _practised(question, channel):
            answers[channel] = _by_practice(question, channel)
    answers = _beside_what_is_insisted_on(question, answers)
    return tuple(sorted(answers.values(), key=lambda a: (not a.open, _rank(a), _place(requested, a.channel))))


def _beside_what_is_insisted_on(question: Question, answers: dict[str, ChannelAnswer]) -> dict[str, ChannelAnswer]:
    """The same answers; of a channel that the text opens it is said where the requested State insists on another."""
    insisted = next((answer for answer in answers.values() if answer.insisted), None)
    if insisted is None:
        return answers
    found = {}
    for channel, answer in answers.items():
        if answer.open and not answer.insisted and answer.when in ("always", "if both agree"):
            words = say(
                "{channel}: open by the text, but {state} insists on another way: {other}",
                channel=answer.title,
                state=question.requested.title,
                other=insisted.title,
            )
            answer = replace(answer, reason=replace(answer.reason, words=words))
        found[channel] = answer
    return found


def _only_what_it_names(found: Sources) -> bool:
    """Whether no way is open under an instrument but those it names: it closes others, or no request rests on it."""
    return found.instrument.closed_channels or not found.instrument.legal_basis


def _whatever_basis(question: Question, found: Sources) -> Iterator[Source[ChannelRule]]:
    """Channels that other instruments open between their parties whatever a request rests on, unless its basis names
    all there are."""
    if _only_what_it_names(found):
        return
    heard = {source.instrument.id for source in found.all}
    for record in question.scenario.instruments.values():
        if record.id in heard or not record.in_force(question.day):
            continue
        if binds(question.scenario, record, question.requesting.id, question.requested.id):
            for source in speaking(question, record).of(ChannelRule, question.measure.id):
                if source.rule.whatever_basis and source.instrument is record:
                    yield source


def _rank(answer: ChannelAnswer) -> int:
    return _RANK["insisted" if answer.insisted else answer.when]


def _place(state: Jurisdiction, channel: str) -> int:
    return state.channels.index(channel) if channel in state.channels else len(state.channels)


def _takes(state: Jurisdiction, channel: str) -> bool:
    return not state.channels or channel in state.channels


def _insists(state: Jurisdiction, channel: str, ordinary: set[str]) -> bool:
    """A State insists on a channel that it puts before every one the instrument opens to all."""
    return channel in state.channels and all(_place(state, channel) < _place(state, other) for other in ordinary)


def _outside(question: Question, channel: str) -> tuple[Jurisdiction, ...]:
    """States that do not take part in the network a channel belongs to."""
    record = question.scenario.find("channel", channel)
    network = record.only_if_network if record is not None else None
    sides = (question.requesting, question.requested)
    return tuple(side for side in sides if network is not None and network not in side.networks)


def _by_rule(question: Question, channel: str, source: Source[ChannelRule], ordinary: set[str]) -> ChannelAnswer:
    requested, when = question.requested, source.rule.when
    title = _title(question, channel)
    insisted = when == "if the requested State insists" and _insists(requested, channel, ordinary)
    open_ = _takes(requested, channel) and (when != "if both agree" or _takes(question.requesting, channel))
    outside = _outside(question, channel)
    if outside:
        open_, insisted = False, False
        words = say("{channel}: closed", channel=title)
        practice = say("{states} does not take part", states=joined([s.title for s in outside], marked(" and ")))
    elif not open_:
        refusing = requested if not _takes(requested, channel) else question.requesting
        words = say("{channel}: closed", channel=title)
        practice = say("{state} does not use it", state=refusing.title)
    elif insisted:
        words = say("{channel}: to be used", channel=title)
        practice = say("{state} insists on it", state=requested.title)
    elif when == "if the requested State insists":
        words = say("{channel}: possible", channel=title)
        practice = say("{state} takes it without insisting on it", state=requested.title)
    elif when == "urgent" and question.urgent:
        words = say("{channel}: open, the circumstances being urgent", channel=title)
        practice = say("{state} takes it", state=requested.title)
    elif when == "urgent":
        words = say("{channel}: in urgent circumstances only", channel=title)
        practice = say("{state} takes it", state=requested.title)
    elif when == "if both agree":
        words = say("{channel}: open by agreement", channel=title)
        practice = say("{one} and {other} use it", one=question.requesting.title, other=requested.title)
    else:
        words = say("{channel}: open", channel=title)
        practice = say("{state} takes it", state=requested.title)
    reason = source.reason(words, source.reason(), by_practice_of(requested, practice))
    return ChannelAnswer(channel, title, open_, when, insisted, reason)


def _practised(question: Question, channel: str) -> bool:
    record = question.scenario.find("channel", channel)
    if record is None or {"any", question.measure.id} & set(record.only_if_named_for):
        return False
    carries = record.evidence == "evidence" and not record.urgent_only
    return carries and channel in question.requesting.channels and not _outside(question, channel)


def _by_practice(question: Question, channel: str) -> ChannelAnswer:
    title = _title(question, channel)
    words = say("{channel}: open by practice; the instrument does not name it, so confirm first", channel=title)
    used = say("{one} and {other} use it", one=question.requesting.title, other=question.requested.title)
    reason = Reason(words, children=(by_practice_of(question.requested, used),), sureness="assumption")
    return ChannelAnswer(channel, title, True, "by practice", False, reason)


def _title(question: Question, channel: str) -> str:
    record = question.scenario.find("channel", channel)
    return record.title if record is not None else channel
