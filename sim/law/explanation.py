"""The whole legal answer to one question, as records and as a tree that reads as a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from sim.i18n import Words, joined, marked, say
from sim.law.bases import LegalBasis, basis_in_use, considered, speaks_beside
from sim.law.changes import Change, changes
from sim.law.channel_rules import ChannelAnswer, channel_answers
from sim.law.contents import ContentItem, contents, standard_of_proof
from sim.law.data_transfers import DataTransfer, data_transfers
from sim.law.language_rules import LanguageAnswer, language_answer
from sim.law.obligations import Duty, Permission, duties, permissions
from sim.law.question import TRAFFICKING, Question, ask
from sim.law.reason import Reason
from sim.law.refusal import RefusalGround, grounds
from sim.law.sources import Source, Sources, speaking
from sim.law.terms import (
    DUTIES_IN_WORDS,
    GROUNDS_IN_WORDS,
    PERMISSIONS_IN_WORDS,
    ground_in_words,
    in_words,
    item_in_words,
)
from sim.law.time_limits import Deadline, Postponement, deadlines, postponements
from sim.model.base import MARKS, Sureness
from sim.model.loading import Scenario
from sim.model.played import DUTIES, GROUNDS, PERMISSIONS
from sim.model.rules import Content, MeasureRule

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
    | DataTransfer
    | Change
)


_BY_WHEN = ("acknowledge", "recognise", "decide", "execute", "surrender", "preserve", "answer", "freeze")
"""Steps of the requested State, or of a provider, for which whoever asks waits."""


def _reasons(answers: Iterable[_Answer]) -> tuple[Reason, ...]:
    return tuple(answer.reason for answer in answers)


def _each_once(answers: Iterable[_Answer]) -> tuple[Reason, ...]:
    """Answers of one wording as one line, with the citations and the reasons of them all: several instruments may
    forbid or allow the same."""
    alike: dict[Words | str, list[Reason]] = {}
    for answer in answers:
        alike.setdefault(answer.reason.words, []).append(answer.reason)
    return tuple(reasons[0] if len(reasons) == 1 else _as_one(reasons) for reasons in alike.values())


def _as_one(reasons: Sequence[Reason]) -> Reason:
    cited = list(dict.fromkeys(reason.citation for reason in reasons if reason.citation))
    below = tuple(dict.fromkeys(child for reason in reasons for child in reason.children))
    return replace(reasons[0], citation=joined(cited, "; "), children=below)


def _once(duties: Sequence[Duty]) -> tuple[Reason, ...]:
    """Duties, each once: what both sides owe is not said again for one of them who owes it as much."""
    of_both = {(duty.duty, duty.strength) for duty in duties if duty.on == "both"}
    shown = []
    for duty in duties:
        which = (duty.duty, duty.strength)
        if duty.on == "both":
            more = [other.reason for other in duties if (other.duty, other.strength) == which and other.on != "both"]
            below = [*duty.reason.children, *(child for reason in more for child in reason.children)]
            shown.append(replace(duty.reason, children=tuple(below)))
        elif which not in of_both:
            shown.append(duty.reason)
    return tuple(shown)


def _folded(words: Words, named: Sequence[Words | str], answers: Sequence[_Answer]) -> tuple[Reason, ...]:
    """Several answers as one line that opens, each named once; one alone stands for itself, and none for nothing."""
    lines = _each_once(answers)
    if len(lines) < 2:
        return lines
    said = say("{what}: {names}", what=words, names=joined(list(dict.fromkeys(named)), "; "))
    return (Reason(said, children=lines),)


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
    def standard_of_proof(self) -> Reason | None:
        """What the facts must show by the law of the requested State, or None if no more than in any request."""
        return standard_of_proof(self.question, self._found) if self._found else None

    @cached_property
    def permissions(self) -> tuple[Permission, ...]:
        return permissions(self.question, self._found) if self._found else ()

    @cached_property
    def data_transfers(self) -> tuple[DataTransfer, ...]:
        """Grounds on which personal data may go to the requesting State, where the law of the other asks for one."""
        return data_transfers(self.question) if self.basis is not None else ()

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What begins or ceases to apply within a year of the day asked about."""
        return changes(self.question, self.bases)

    @cached_property
    def national_law(self) -> tuple[Source[Content], ...]:
        """Provisions that bring in the requested State's law, with the grounds for refusal it knows."""
        return self._found.national_law() if self._found else ()

    def deadline_for(self, step: str) -> Deadline | None:
        """The time limit for a step, or None if the instrument has no rule on it."""
        return next((deadline for deadline in self.deadlines if deadline.step == step), None)

    @cached_property
    def _branches(self) -> tuple[tuple[Reason, int], ...]:
        """The parts of the answer that are not empty, each with the levels below it that a text shows."""
        language = (self.language,) if self.language else ()
        joined_up = {one.id for basis in self.bases for one in basis.read_with}
        bases = tuple(basis for basis in self.bases if basis.id not in joined_up)
        live = tuple(ground for ground in self.grounds if ground.availability in ("available", "possible"))
        # One that one provision opens is not told of as closed because another speaks of other measures.
        opened = {ground.ground for ground in live}
        excluded = tuple(g for g in self.grounds if g.availability == "unavailable" and g.ground not in opened)
        forbidden = tuple(ground for ground in self.grounds if ground.availability == "never")
        of_this = tuple(duty for duty in self.duties if not duty.general)
        general = tuple(duty for duty in self.duties if duty.general)
        refusal = (
            *_each_once(live),
            *_folded(say("Cannot be raised on these facts"), [ground_in_words(g.ground) for g in excluded], excluded),
            *_folded(
                say("Must not be refused on the ground of"), [ground_in_words(g.ground) for g in forbidden], forbidden
            ),
        )
        standard = (self.standard_of_proof,) if self.standard_of_proof else ()
        owed = [in_words(duty.duty, DUTIES_IN_WORDS) for duty in general]
        no_basis = [basis for basis in self.rejected if basis.id not in joined_up]
        rejected = _folded(say("Examined"), [basis.instrument.short for basis in no_basis], no_basis)
        parts: tuple[tuple[Words, tuple[Reason, ...], int], ...] = (
            (say("Legal basis, the first being the one to use"), _reasons(bases), _ALL),
            (say("Channels"), _reasons(self.channels), _ALL),
            (say("Language"), _reasons(language), _ALL),
            (say("Time limits"), _each_once(self.deadlines), _ALL),
            (say("Grounds for refusal"), refusal, _ALL),
            (say("Grounds for postponement"), _reasons(self.postponements), _ALL),
            (say("What the request must contain"), (*_reasons(self.contents), *standard), _IN_BRIEF),
            (say("Duties in this request"), _once(of_this), _IN_BRIEF),
            (say("At discretion, or if both agree"), _reasons(self.permissions), _IN_BRIEF),
            (say("Personal data that go with the answer"), _reasons(self.data_transfers), _IN_BRIEF),
            (say("The law will change"), _reasons(self.changes), _ALL),
            (say("No basis for this request"), rejected, _ALL),
            (say("Owed whatever the request"), _folded(say("The parties must"), owed, general), _IN_BRIEF),
        )
        found = [(Reason(title, children=reasons), levels) for title, reasons, levels in parts if reasons]
        if self.not_played:
            names = joined([in_words(name, table) for name, table in self.not_played], "; ")
            found.append((Reason(say("Law that the simulation does not play: {names}", names=names)), _IN_BRIEF))
        return tuple(found)

    @cached_property
    def not_played(self) -> tuple[tuple[str, dict[str, str]], ...]:
        """Grounds that are open, duties and permissions that have no effect in a play, each with the table of its
        words."""
        live = [g.ground for g in self.grounds if g.availability in ("available", "possible")]
        named = (
            (live, GROUNDS, GROUNDS_IN_WORDS),
            ([duty.duty for duty in self.duties], DUTIES, DUTIES_IN_WORDS),
            ([permission.allows for permission in self.permissions], PERMISSIONS, PERMISSIONS_IN_WORDS),
        )
        return tuple(
            (name, words) for names, played, words in named for name in dict.fromkeys(names) if not played.get(name)
        )

    @cached_property
    def in_short(self) -> Reason:
        """The answer first: whether, under what, how, in what language, by when, in what form, what could stop it."""
        lines = [
            self._whether(),
            *self._how(),
            *(Reason(change.reason.words, change.reason.citation) for change in self.changes),
            self._how_sure(),
        ]
        return Reason(say("In short"), children=tuple(lines))

    def _whether(self) -> Reason:
        sides = {"requesting": self.question.requesting.title, "requested": self.question.requested.title}
        if self.basis is None:
            return Reason(say("{requesting} has no legal basis on which to ask {requested} for this", **sides))
        short = self.basis.instrument.short
        if not self.basis.applies:
            return Reason(self._verdict())
        if self.basis.instrument.needs_no_treaty:
            words = say(
                "{requesting} may ask, and nothing obliges {requested} to help: {instrument}", **sides, instrument=short
            )
            return Reason(words)
        named: str | Words = short
        if self.basis.read_with:
            others = joined([one.short for one in self.basis.read_with], marked(" and "))
            named = say("{instrument} with {others}", instrument=short, others=others)
        return Reason(say("{requesting} may ask {requested} for this under {instrument}", **sides, instrument=named))

    def _how(self) -> list[Reason]:
        """By which way, in what language, by when, in what form, and what could stop it."""
        if self.basis is None:
            return []
        opened = {"urgent"} if self.question.urgent else set()
        if not any(answer.insisted for answer in self.channels):
            opened |= {"always", "if both agree", "by practice"}
        ways = [answer.title for answer in self.channels if answer.insisted or (answer.open and answer.when in opened)]
        way = (
            say("By which way: {channels}", channels=joined(ways, "; ")) if ways else say("By which way: no rule on it")
        )
        # Where no request rests on it, its silence on ways, languages and days means nothing.
        request = self.basis.instrument.legal_basis
        lines = [Reason(way)] if request or ways else []
        if self.language is not None and (request or self.language.reason.reference):
            lines.append(Reason(say("In what language: {language}", language=self.language.reason.words)))
        limits = list(dict.fromkeys(limit.reason.words for limit in self.deadlines if limit.step in _BY_WHEN))
        when = joined(limits, "; ") if limits else say("no limit is set")
        if request or limits:
            lines.append(Reason(say("By when: {limits}", limits=when)))
        items = [item_in_words(item.item) for item in self.contents if item.needed == "yes"]
        if items:
            lines.append(Reason(say("In what form: a request that states {items}", items=joined(items, "; "))))
        if self.standard_of_proof is not None:
            standard = self.standard_of_proof
            lines.append(Reason(standard.words, standard.citation, sureness=standard.sureness))
        lines += self._what_could_stop_it()
        return lines

    @cached_property
    def _offered_by(self) -> set[str]:
        """The provisions that offer the measure by name."""
        found = self._found.of(MeasureRule) if self._found else []
        return {source.reference for source in found if self.question.measure.id in source.rule.measures}

    def _what_could_stop_it(self) -> list[Reason]:
        lines = []
        for permission in self.permissions:
            r = permission.reason
            if permission.agreed_only and r.reference in self._offered_by:
                words = say("Nothing obliges {state} to agree", state=self.question.requested.title)
                lines.append(Reason(words, r.citation, r.reference, r.sureness))
        raised = _each_once(ground for ground in self.grounds if ground.availability == "available")
        lines += [
            Reason(say("It could be stopped: {ground}", ground=r.words), r.citation, r.reference, r.sureness)
            for r in raised
        ]
        thinkable = [ground_in_words(g.ground) for g in self.grounds if g.availability == "possible"]
        if thinkable:
            lines.append(
                Reason(
                    say(
                        "It could be stopped if the facts bear it out: {grounds}",
                        grounds=joined(list(dict.fromkeys(thinkable)), "; "),
                    )
                )
            )
        if not lines:
            lines.append(Reason(say("Nothing on these facts could stop it")))
        return lines

    def _how_sure(self) -> Reason:
        """How many of the provisions it rests on were read against a text."""
        marks: dict[str, Sureness] = {}
        for branch, _ in self._branches:
            for node in branch.walk():
                if node.reference and node.sureness is not None:
                    marks[node.reference] = node.sureness
        counted = Counter(marks.values())
        parts = [say("{n} {mark}", mark=say(MARKS[mark]), n=n) for mark, n in counted.most_common()]
        return Reason(say("It rests on provisions: {marks}", marks=joined(parts, "; ") if parts else "0"))

    @cached_property
    def reason(self) -> Reason:
        """The whole answer as one tree."""
        words = say("{question}: {verdict}", question=self.question.words, verdict=self._verdict())
        return Reason(words, children=(self.in_short, *(branch for branch, _ in self._branches)))

    def _verdict(self) -> Words:
        if self.basis is None:
            return say("no legal basis")
        short = self.basis.instrument.short
        if speaks_beside(self.question, self.basis.instrument):
            return say(
                "{instrument} binds both, but no request rests on it; what follows is what it says", instrument=short
            )
        if not self.basis.applies:
            return say("{instrument} does not apply; what follows is what it would say", instrument=short)
        return say("under {instrument}", instrument=short)

    def __str__(self) -> str:
        lines = [self.reason.text, *self.in_short.lines(_ALL, 1)]
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
            "day": question.day.isoformat(),
            "urgent": question.urgent,
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
            "standard of proof": question.requested.standard_of_proof.get(question.measure.id)
            if self.standard_of_proof
            else None,
            "duties": [{"duty": d.duty, "owed by": list(d.owed_by)} for d in self.duties],
            "permissions": [p.allows for p in self.permissions],
            "data transfers": [{"ground": t.ground, "openness": t.openness} for t in self.data_transfers],
            "not played": [name for name, _ in self.not_played],
            "changes": [{"instrument": c.instrument, c.what: c.day.isoformat()} for c in self.changes],
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
    day: date | None = None,
    urgent: bool = False,
) -> Explanation:
    """What the law says about a request: basis, channels, languages, time limits, grounds, duties, contents.

    ``instrument`` names the basis to speak about; without it, the first that applies. ``maximum_penalty_years`` is
    the maximum penalty in the requesting State; where a rule turns on it and it is not given, the offence is taken to
    be serious enough. ``day`` is the day of which the law is asked, without it that on which the scenario begins; with
    ``urgent`` the circumstances are. Raises `LawError` for an unknown id.

    >>> import sim
    >>> answer = sim.explain(sim.load("meridian"), requesting="lys", requested="nor", measure="bank-records")
    >>> [basis.instrument.id for basis in answer.bases][:2]
    ['eio', 'tip-protocol']
    """
    question = ask(
        scenario,
        requesting=requesting,
        requested=requested,
        measure=measure,
        offence=offence,
        maximum_penalty_years=maximum_penalty_years,
        day=day,
        urgent=urgent,
    )
    return scenario.work_out(("explained", question.key, instrument), lambda: _explained(question, instrument))


def _explained(question: Question, instrument: str | None) -> Explanation:
    bases = considered(question)
    applying = tuple(basis for basis in bases if basis.applies)
    rejected = tuple(basis for basis in bases if not basis.applies)
    basis = basis_in_use(question, instrument, bases)
    found = speaking(question, basis.instrument) if basis is not None else None
    return Explanation(question, applying, rejected, basis, found)
