"""The whole legal answer to one question, as records and as a tree that reads as a reason."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sim.i18n import Words, say
from sim.law.bases import LegalBasis, basis_in_use, considered
from sim.law.channel_rules import ChannelAnswer, channel_answers
from sim.law.contents import ContentItem, contents
from sim.law.language_rules import LanguageAnswer, language_answer
from sim.law.obligations import Duty, Permission, duties, permissions
from sim.law.question import TRAFFICKING, Question, ask
from sim.law.reason import Reason
from sim.law.refusal import RefusalGround, grounds
from sim.law.sources import Sources, speaking
from sim.law.time_limits import Deadline, Postponement, deadlines, postponements
from sim.model.loading import Scenario

_ALL, _IN_BRIEF = 100, 1
"""Levels of reasons below a part of the answer, as text."""

_Answer = (
    LegalBasis
    | ChannelAnswer
    | LanguageAnswer
    | Deadline
    | RefusalGround
    | Postponement
    | ContentItem
    | Duty
    | Permission
)


@dataclass(frozen=True)
class Explanation:
    """What the law says about one request.

    As text, a tree, with duties and the like in brief; `reason` is the whole tree, `to_dict` gives plain data.
    """

    question: Question
    bases: tuple[LegalBasis, ...]
    """Instruments the request can rest on, the first being the one to use."""
    rejected: tuple[LegalBasis, ...]
    """Instruments considered that do not apply, with the reason."""
    basis: LegalBasis | None
    """The instrument the rest speaks about: the one named, else the first of ``bases``, else None."""
    _found: Sources | None
    """The provisions that speak under ``basis``."""

    # Each answer is worked out when it is first read: most callers want one of them.

    @cached_property
    def channels(self) -> tuple[ChannelAnswer, ...]:
        return channel_answers(self.question, self._found) if self._found else ()

    @cached_property
    def language(self) -> LanguageAnswer | None:
        return language_answer(self.question, self._found) if self._found else None

    @cached_property
    def deadlines(self) -> tuple[Deadline, ...]:
        return deadlines(self.question, self._found) if self._found else ()

    @cached_property
    def grounds(self) -> tuple[RefusalGround, ...]:
        """Grounds for refusal, those the facts raise first."""
        return grounds(self.question, self._found, self.basis) if self._found and self.basis else ()

    @cached_property
    def postponements(self) -> tuple[Postponement, ...]:
        return postponements(self.question, self._found) if self._found else ()

    @cached_property
    def duties(self) -> tuple[Duty, ...]:
        return duties(self.question, self._found) if self._found else ()

    @cached_property
    def contents(self) -> tuple[ContentItem, ...]:
        return contents(self._found, self.question.measure.id) if self._found else ()

    @cached_property
    def permissions(self) -> tuple[Permission, ...]:
        return permissions(self.question, self._found) if self._found else ()

    def deadline_for(self, step: str) -> Deadline | None:
        """The time limit for a step, or None if the instrument has no rule on it."""
        return next((deadline for deadline in self.deadlines if deadline.step == step), None)

    @cached_property
    def _branches(self) -> tuple[tuple[Reason, int], ...]:
        """The parts of the answer that are not empty, each with the levels below it that a text shows."""
        language = (self.language,) if self.language else ()
        parts: tuple[tuple[Words, tuple[_Answer, ...], int], ...] = (
            (say("Legal bases, the first being the one to use"), self.bases, _ALL),
            (say("Considered, and no basis"), self.rejected, _ALL),
            (say("Channels"), self.channels, _ALL),
            (say("Language"), language, _ALL),
            (say("Time limits"), self.deadlines, _ALL),
            (say("Grounds for refusal"), self.grounds, _ALL),
            (say("Grounds for postponement"), self.postponements, _ALL),
            (say("What the request must hold"), self.contents, _IN_BRIEF),
            (say("Duties"), tuple(duty for duty in self.duties if not duty.general), _IN_BRIEF),
            (say("Duties owed in general"), tuple(duty for duty in self.duties if duty.general), _IN_BRIEF),
            (say("Possible without being owed"), self.permissions, _IN_BRIEF),
        )
        return tuple(
            (Reason(title, children=tuple(answer.reason for answer in answers)), levels)
            for title, answers, levels in parts
            if answers
        )

    @cached_property
    def reason(self) -> Reason:
        """The whole answer as one tree."""
        words = say("{question}: {verdict}", question=self.question.words, verdict=self._verdict())
        return Reason(words, children=tuple(branch for branch, _ in self._branches))

    def _verdict(self) -> Words:
        if self.basis is None:
            return say("no legal basis")
        short = self.basis.instrument.short
        if not self.basis.applies:
            return say("{instrument} does not apply; what follows is what it would say", instrument=short)
        return say("under {instrument}", instrument=short)

    def __str__(self) -> str:
        lines = [self.reason.text]
        for branch, levels in self._branches:
            lines += branch.lines(levels, 1)
        return "\n".join(lines)

    def to_dict(self) -> dict[str, object]:
        """The answer as plain data, ready for JSON: short values by name, and the tree under ``reason``."""
        question = self.question
        return {
            "requesting": question.requesting.id,
            "requested": question.requested.id,
            "measure": question.measure.id,
            "offence": question.offence,
            "basis": self.basis.id if self.basis else None,
            "applies": bool(self.basis and self.basis.applies),
            "bases": [basis.id for basis in self.bases],
            "channels": [
                {"channel": a.channel, "open": a.open, "when": a.when, "insisted": a.insisted} for a in self.channels
            ],
            "languages": list(self.language.languages) if self.language else [],
            "translate into": self.language.translate_into if self.language else None,
            "deadlines": [{"step": d.step, "days": d.days, "counted from": d.counted_from} for d in self.deadlines],
            "grounds": [
                {"ground": g.ground, "availability": g.availability, "mandatory": g.mandatory} for g in self.grounds
            ],
            "postponements": [p.ground for p in self.postponements],
            "contents": {item.item: item.needed for item in self.contents},
            "duties": [{"duty": d.duty, "owed by": list(d.owed_by)} for d in self.duties],
            "permissions": [p.allows for p in self.permissions],
            "reason": self.reason.to_dict(),
        }


def explain(
    scenario: Scenario,
    *,
    requesting: str,
    requested: str,
    measure: str,
    offence: str = TRAFFICKING,
    instrument: str | None = None,
    maximum_penalty_years: int | None = None,
) -> Explanation:
    """What the law says about a request: basis, channels, languages, time limits, grounds, duties, contents.

    ``instrument`` names the basis to speak about; without it, the first that applies. ``maximum_penalty_years`` is
    the maximum penalty in the requesting State; where a rule turns on it and it is not given, the offence is taken to
    be serious enough. Raises `LawError` for an unknown id.

    >>> import sim
    >>> answer = sim.explain(sim.load("meridian"), requesting="lys", requested="nor", measure="bank-records")
    >>> [basis.instrument.id for basis in answer.bases][:2]
    ['eio', 'eu-2000']
    """
    question = ask(
        scenario,
        requesting=requesting,
        requested=requested,
        measure=measure,
        offence=offence,
        maximum_penalty_years=maximum_penalty_years,
    )
    return scenario.work_out(("explained", question.key, instrument), lambda: _explained(question, instrument))


def _explained(question: Question, instrument: str | None) -> Explanation:
    bases = considered(question)
    applying = tuple(basis for basis in bases if basis.applies)
    rejected = tuple(basis for basis in bases if not basis.applies)
    basis = basis_in_use(question, instrument, bases)
    found = speaking(question, basis.instrument) if basis is not None else None
    return Explanation(question, applying, rejected, basis, found)
