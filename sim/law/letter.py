"""A letter of request as it was sent, held against the law: basis, channel, language, contents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

from sim.errors import LawError
from sim.i18n import say
from sim.law.bases import carries_information, considered
from sim.law.contents import Completeness, completeness
from sim.law.explanation import explain
from sim.law.question import TRAFFICKING, ask
from sim.law.reason import Reason
from sim.model.actions import ItemQuality
from sim.model.loading import Scenario


def bases_of(
    scenario: Scenario,
    instrument: str,
    *,
    requesting: str,
    requested: str,
    measure: str,
    offence: str = TRAFFICKING,
) -> tuple[str, ...]:
    """What a request that names an instrument could rest on, the first being the one to look to; for information asked
    between police forces, that instrument alone or nothing. Raises `LawError` for unknown ids."""
    record = scenario.find("instrument", instrument)
    if record is None:
        raise LawError(say("there is no instrument {id}", id=repr(instrument)))
    question = ask(scenario, requesting=requesting, requested=requested, measure=measure, offence=offence)
    if record.police_information:
        return (instrument,) if carries_information(question, record) else ()
    return tuple(basis.id for basis in considered(question) if basis.applies)


class _Asked(TypedDict):
    """What a letter asks whom for, as keyword arguments of a question."""

    requesting: str
    requested: str
    measure: str
    offence: str


@dataclass(frozen=True)
class LetterAssessment:
    """What the law says to a letter."""

    named: str
    """The instrument it names."""
    bases: tuple[str, ...]
    """Instruments it could rest on, the first being the one to look to."""
    rests: bool
    """Whether the instrument it names is among them."""
    channel_open: bool
    channel_reason: Reason | None
    authentic: bool
    """Whether what comes that way is taken as authentic without more."""
    language_accepted: bool
    translated: bool
    """Whether it had to be translated: it is not in the requesting State's own language."""
    language_reason: Reason | None
    completeness: Completeness

    @property
    def best(self) -> str | None:
        """The instrument to look to first."""
        return self.bases[0] if self.bases else None

    @property
    def judged_under(self) -> str | None:
        """The instrument whose rules apply to it: the one it names or, where that does not bind both, the one it should
        have named; None if nothing binds both."""
        return self.named if self.rests else self.best


def assess_letter(
    scenario: Scenario,
    *,
    requesting: str,
    requested: str,
    measure: str,
    instrument: str,
    channel: str,
    language: str,
    items: Mapping[str, ItemQuality],
    urgent: bool = False,
    offence: str = TRAFFICKING,
) -> LetterAssessment:
    """Hold a letter against the law. ``items`` gives the quality of each content (``full``, ``partial``, ``missing``).

    A letter that rests on an instrument which does not bind both States is judged, for channel and language, under
    the basis it should have named. Raises `LawError` for unknown ids.
    """
    pair: _Asked = {"requesting": requesting, "requested": requested, "measure": measure, "offence": offence}
    bases = bases_of(scenario, instrument, **pair)
    rests = instrument in bases
    judged = instrument if rests else bases[0] if bases else None
    open_, channel_reason, accepted, language_reason = False, None, False, None
    if judged is not None:
        view = explain(scenario, **pair, instrument=judged)
        for answer in view.channels:
            if answer.channel == channel:
                open_ = answer.open and (answer.when != "urgent" or urgent)
                channel_reason = answer.reason
        if view.language is not None:
            accepted, language_reason = language in view.language.languages, view.language.reason
    contents = completeness(scenario, items, instrument=instrument, measure=measure)
    carrier = scenario.find("channel", channel)
    security = carrier.security if carrier is not None else None
    authentic = security is None or security.authenticity == "accepted"
    own = scenario.jurisdictions[requesting].languages
    return LetterAssessment(
        instrument,
        bases,
        rests,
        open_,
        channel_reason,
        authentic,
        accepted,
        language not in own,
        language_reason,
        contents,
    )
