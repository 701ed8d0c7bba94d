"""Personal data that go with what is handed over: on what ground they may leave the area in which they are protected.

An instrument on data protection binds the State that sends. Between States that it binds data move freely; to another
State they go only on one of its grounds, and what the profile of that State says of its protection opens them or not.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from sim.i18n import Words, marked, say
from sim.law.question import Question, ask
from sim.law.reason import Reason, by_practice_of
from sim.law.sources import Source
from sim.law.terms import TRANSFERS_IN_WORDS, assurances_in_words
from sim.model.assurances import Assurance
from sim.model.loading import Scenario
from sim.model.transfers import DataTransferRule, TransferGround

Openness = Literal["open", "if assured", "exceptionally", "closed"]
"""``if assured``: once the receiving State has promised what is named · ``exceptionally``: where the case is as the
ground says, and nothing weighs more on the side of the person."""

_VERDICTS: dict[Openness, str] = {
    "open": marked("Personal data may go to {state} on {ground}"),
    "if assured": marked("Personal data may go to {state} on {ground}, once it has promised: {assurances}"),
    "exceptionally": marked("Personal data may go to {state} by way of exception, for {ground}"),
    "closed": marked("Personal data may not go to {state} on {ground}"),
}

_CAPITAL: frozenset[Assurance] = frozenset({"no-capital-use", "no-death-penalty"})
"""Assurances that only a State has to give which may impose the death penalty."""


@dataclass(frozen=True)
class DataTransfer:
    """A ground on which personal data may, or may not, go to the requesting State."""

    ground: TransferGround
    openness: Openness
    assurances: tuple[Assurance, ...]
    """What has to be promised first."""
    reason: Reason

    def open_with(self, given: Collection[str]) -> bool:
        """Whether data may go on it, with the assurances given."""
        return self.openness != "closed" and set(self.assurances) <= set(given)

    def __str__(self) -> str:
        return str(self.reason)


def data_transfers(question: Question) -> tuple[DataTransfer, ...]:
    """Grounds on which the requested State may send personal data to the requesting one, in the instrument's order;
    empty where no such instrument binds it, or one that binds both."""
    found = []
    for record in question.scenario.instruments.values():
        sends, receives = question.requested.instruments, question.requesting.instruments
        if record.id not in sends or record.id in receives or not record.in_force(question.day):
            continue
        for provision in record.provisions:
            if provision.rule.data_transfer is not None and provision.applies_on(question.day):
                found.append(_answer(question, Source(record, provision)))
    return tuple(found)


def transfers_between(scenario: Scenario, sender: str, receiver: str, measure: str) -> tuple[DataTransfer, ...]:
    """The same for two States of a scenario; raises `LawError` for an unknown id."""
    return data_transfers(ask(scenario, requesting=receiver, requested=sender, measure=measure))


def _answer(question: Question, source: Source[DataTransferRule]) -> DataTransfer:
    rule, state = source.rule, question.requesting
    needed = tuple(name for name in rule.assurances if name not in _CAPITAL or state.death_penalty)
    openness, why = _openness(question, rule, needed)
    words = say(
        _VERDICTS[openness],
        state=state.title,
        ground=say(TRANSFERS_IN_WORDS[rule.ground]),
        assurances=assurances_in_words(needed),
    )
    below = [source.reason(), by_practice_of(state, why)]
    if rule.documented and openness != "closed":
        below.append(Reason(say("It is documented: when, to whom, why, and which data")))
    return DataTransfer(rule.ground, openness, needed, source.reason(words, *below))


def _openness(question: Question, rule: DataTransferRule, needed: tuple[Assurance, ...]) -> tuple[Openness, Words]:
    state = question.requesting
    protected = say(_PROTECTED[state.data_protection], state=state.title)
    if rule.ground == "adequacy decision":
        return ("open" if state.data_protection == "adequate" else "closed"), protected
    if rule.ground == "binding safeguards":
        return ("closed" if state.data_protection == "no guarantees" else "open"), protected
    if rule.ground == "assessed safeguards":
        return ("if assured" if needed else "open"), protected
    return "exceptionally", protected


_PROTECTED = {
    "adequate": marked("{state} protects personal data adequately"),
    "by agreement": marked("{state} protects personal data as far as agreements with it say"),
    "no guarantees": marked("Nothing in {state} guarantees the protection of personal data"),
}
"""What protects personal data in a State, by its profile."""
