"""How people and offices behave while a case is played, in figures: each field one figure, each docstring what it is.

Nobody has published most of them. They are assumptions with a reason, or figures of the law; their values, ranges and
origins stand in ``scenarios/library/behaviour``, a file a topic, and a case may assume otherwise (see
`sim.model.behaviour_files`). Code reads them as ``scenario.behaviour.conduct.complete_contents``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sim.model.base import Header, Record
from sim.model.figures import (
    Chance,
    Factor,
    Figure,
    Figures,
    Lasting,
    OfTrust,
    OfWellbeing,
    Points,
    Time,
    TrustLevel,
    Weight,
    WorkingTime,
    figures_of,
    names_in,
)


class Conduct(Figures):
    """How a request fares by how it is written and sent."""

    complete_contents: Factor
    """Factor on the usual share of questions when all six contents are full."""
    worst_contents: Chance
    """Chance of a question when little of the contents is there."""
    missing_contents: Weight
    """How fast the chance of a question rises towards that with the share of contents that is missing."""
    no_nexus: Chance
    """Chance that a request whose facts do not connect the evidence with the offence is considered for refusal."""
    overbroad: Chance
    """Added chance of a question for an overbroad request."""
    overbroad_part: Chance
    """Added chance that an overbroad request is executed in part only."""
    overbroad_effort: Factor
    """Factor on the effort of executing an overbroad request."""
    prior_contact: Factor
    """Factor on questions and returns after prior contact or a shared draft."""
    spontaneous: Factor
    """Factor on questions where information was shared beforehand."""
    chased: Factor
    """Factor on silence after a progress enquiry."""
    wrong_language: Chance
    """Chance of a return where the language is not accepted."""
    uncertified_translation: Chance
    """Added chance of a question because an uncertified translation must be done again."""
    machine_translation: Chance
    """The same for a translation by machine."""
    guessed_authority: Factor
    """Factor on going to the wrong authority where it was guessed and not looked up."""
    wrong_channel: Chance
    """Chance of a return where the State does not accept the channel."""
    to_confirm: Chance
    """Added chance of a question where the channel leaves authenticity to be confirmed."""
    raised: Chance
    """Chance that a ground is considered which the facts raise and the law leaves to discretion."""
    raised_by_duty: Chance
    """The same where refusal is a duty."""
    asked_again: Chance
    """Chance that a question is put again where the answer leaves open what was asked."""
    given_up: Chance
    """Chance that a request is closed, each time a question is put again that was left open."""
    trusted: Weight
    """How strongly trust moves silence and questions: at full trust they fall by so much times a half."""


class People(Figures):
    """How people in a case are, and whether they still take part."""

    supported: OfWellbeing
    """In a month with shelter and counselling."""
    either_alone: Weight
    """How much of it one of the two alone does."""
    silence: OfWellbeing
    """In a month without information on the proceedings."""
    specialist_interview: OfWellbeing
    """For an interview by a specialist."""
    recorded_interview: OfWellbeing
    """For an interview that is recorded, so that it need not be repeated."""
    ordinary_interview: OfWellbeing
    """For an ordinary interview."""
    repeated: Factor
    """Factor on that from the second interview on."""
    repeated_for_a_child: Factor
    """The same where the person is a child."""
    child_unprotected: OfWellbeing
    """Further change for a child who is heard without a guardian or representative, or not by a trained person."""
    pressed: OfWellbeing
    """Further change for an interview within the recovery and reflection period."""
    exposed: OfWellbeing
    """When the person's identity becomes known."""
    forced_return: OfWellbeing
    """When a person is sent home against their wish."""
    unassessed_return: OfWellbeing
    """When nobody assessed the risk before a return."""
    out_of_reach: Factor
    """Factor on withdrawal after the return home."""
    kept_in_touch: Factor
    """Factor on withdrawal with relocation, or with a mediator of the person's own language and culture."""
    interview_takes: Time
    """From the decision to interview to a usable statement."""
    travel_takes: Time
    """From an invitation to the testimony."""
    willing_to_travel: Chance
    """Chance of coming to testify at the lowest wellbeing and without safe conduct."""
    willing_by_wellbeing: Chance
    """What the highest wellbeing adds to it."""
    willing_by_safe_conduct: Chance
    """What safe conduct adds to it."""
    unprotected_travel: OfWellbeing
    """When somebody who was made to offend testifies abroad without safe conduct."""
    treated_as_suspect: OfWellbeing
    """When somebody who was made to offend is dealt with as a suspect."""
    treated_as_victim: OfWellbeing
    """When somebody is dealt with as a victim."""
    safe_conduct: Time
    """How long safe conduct lasts after the person was told that they may go."""


class Expiry(Figures):
    """What does not wait: how long evidence is there, and what it is worth."""

    there_at_the_start: Time
    """How long evidence lasts at least that is still there when the story begins."""
    warning: Time
    """How long before its end a preservation is announced to expire."""
    preservation: Time
    """Length of a preservation where the case says nothing."""
    lack_of_form: Factor
    """Factor on what evidence is worth at home that was taken without the forms its courts need."""


class Secrecy(Figures):
    """How secrets become known, and what follows."""

    named_in_clear: Chance
    """Chance that an identity written in clear in a request becomes known."""
    unguarded: Factor
    """Factor on it where nothing protects personal data."""
    known_after: Time
    """How long it takes until it does."""
    not_confidential: Factor
    """Factor on a channel's leaks where confidentiality was not asked for."""
    person_informed: Chance
    """Chance that the person concerned is told where the law there says so and confidentiality was not asked for, or
    cannot be kept."""
    warned: Chance
    """Chance that suspects who are warned move or destroy what they can."""
    to_react: Time
    """How long they take."""


class Trust(Figures):
    """What conduct does to trust between two offices."""

    where_nothing_is_said: TrustLevel
    """Trust at the start where the world says nothing."""
    consulted: OfTrust
    """The other authority was contacted before a request was sent."""
    shared: OfTrust
    """Information was shared without a request."""
    answered: OfTrust
    """A question was answered."""
    withdrawn: OfTrust
    """A request that had become useless was withdrawn."""
    feedback: OfTrust
    """They were told what came of their help."""
    urgent_without_reasons: OfTrust
    """A request was stamped urgent without saying why."""
    asked_twice: OfTrust
    """The same was asked twice."""
    chased_too_soon: OfTrust
    """Progress was asked for before it was reasonable to ask."""
    overbroad: OfTrust
    """More was asked for than the facts support."""
    oral_and_never_confirmed: OfTrust
    """An oral request was never confirmed in writing."""
    acknowledged: OfTrust
    """Their request was acknowledged."""
    helped: OfTrust
    """Their request was carried out in time."""
    helped_too_late: OfTrust
    """Their request was carried out too late to be of use."""
    left_in_silence: OfTrust
    """Their urgent request was left without a word."""
    asked_for_what_was_there: OfTrust
    """They were asked for something that their request said."""
    refused_without_a_word: OfTrust
    """Their request was refused or sent back without reasons, or without consulting them."""
    refused_without_a_ground: OfTrust
    """Their request was refused on a ground that the law does not raise."""
    used_beyond_its_purpose: OfTrust
    """Evidence was used for another purpose than the one it was given for."""
    used_without_consent: OfTrust
    """What was a lead only was used as evidence before they consented."""
    assured: OfTrust
    """An assurance that they had asked for was given."""
    assurance_broken: OfTrust
    """What they handed over on an assurance was used against it."""


class Coordination(Figures):
    """How long things take between two offices, and when they agree."""

    answer_awaited: Time
    """After a question: so long its answer is waited for before a request is closed for want of it."""
    too_soon: Time
    """A progress enquiry before so long is no reasonable one."""
    confirm_within: Time
    """How long an oral request may stay unconfirmed where the instrument names no limit."""
    consent_takes: Time
    """How long the sender's consent to a further use takes."""
    consent: Chance
    """Chance of that consent where there is no trust."""
    consent_by_trust: Chance
    """What full trust adds to it."""
    assurance_asked_after: Time
    """How long after a letter has left the requested State asks for an assurance that its law or a treaty needs."""
    assurance_awaited: Time
    """How long it waits for it before it refuses."""
    ministry_takes: Time
    """How long an assurance takes that the ministry gives, by which it binds the State."""
    ministry_gives: Chance
    """Chance that the ministry gives it."""
    assurance_takes: Time
    """How long an assurance takes that a court or the central authority gives for its own conduct."""


class Desk(Figures):
    """The desk of the requested State's central authority: what its lawyers' steps take."""

    acknowledging: WorkingTime
    """A lawyer's time to acknowledge a request."""
    examining: WorkingTime
    """To examine it."""
    inquiring: WorkingTime
    """To ask for what is missing."""
    refusing: WorkingTime
    """To refuse it."""
    consulting: WorkingTime
    """Further time for consulting the other side before a refusal."""
    sending_back: WorkingTime
    """To send it back."""
    postponing: WorkingTime
    """To postpone it."""
    asking_assurance: WorkingTime
    """To ask for an assurance."""
    assurance_comes: Lasting
    """How long the other State takes to give an assurance, or to say that it gives none."""
    assured: Chance
    """Chance that it gives one where there is no trust."""
    assured_by_trust: Chance
    """What full trust adds to it."""
    reminded_after: Time
    """How long a State waits in silence before it asks where its urgent request stands."""
    team_work: Lasting
    """A lawyer's time to have a letter of another team carried out, where two teams play two States."""
    team_execution: Lasting
    """Time until it has been carried out."""
    team_weight: Points
    """What helping the other team is worth."""


Topic = Literal["conduct", "people", "expiry", "secrecy", "trust", "coordination", "desk"]

TOPICS: dict[str, type[Figures]] = {
    "conduct": Conduct,
    "people": People,
    "expiry": Expiry,
    "secrecy": Secrecy,
    "trust": Trust,
    "coordination": Coordination,
    "desk": Desk,
}
"""Every topic: its file's id, and the record of its figures."""


@dataclass(frozen=True)
class Behaviour:
    """The figures that a case is played with."""

    conduct: Conduct
    people: People
    expiry: Expiry
    secrecy: Secrecy
    trust: Trust
    coordination: Coordination
    desk: Desk
    own: frozenset[tuple[str, str]] = frozenset()
    """The figures that the case has put in place of the library's: topic and name."""
    case: str = ""
    """The id of the case that has."""

    @classmethod
    def of(cls, found: Callable[[str], Header | None], assumed: Record | None = None, case: str = "") -> Behaviour:
        """What the library says (``found`` gives the record of a topic), and in its place what a ``case`` assumes."""
        records: dict[str, Any] = {}  # by topic, each of the class that `TOPICS` names
        own: set[tuple[str, str]] = set()
        for topic in TOPICS:
            record, instead = found(topic), getattr(assumed, topic, None)
            assert isinstance(record, TOPICS[topic])
            if instead is not None:
                names = _given(instead)
                own |= {(topic, key) for key in names}
                record = _put(record, instead, names)
            records[topic] = record
        return cls(**records, own=frozenset(own), case=case)

    def figures(self) -> Iterator[Figure]:
        """Every figure, by topic."""
        for topic in TOPICS:
            own = {name: self.case for of, name in self.own if of == topic}
            yield from figures_of(topic, getattr(self, topic), own)

    def values(self) -> dict[str, dict[str, object]]:
        """Every value, by topic and name: what decides a play, without what explains it."""
        found: dict[str, dict[str, object]] = {topic: {} for topic in TOPICS}
        for topic, values in found.items():
            record = getattr(self, topic)
            for key, name in names_in(TOPICS[topic]).items():
                value = getattr(record, name)
                values[key] = value if isinstance(value, int | float) else value.model_dump()
        return found


def _given(instead: Figures) -> dict[str, str]:
    """The figures that a case gives: field names by the names that files write."""
    return {key: name for key, name in names_in(type(instead)).items() if getattr(instead, name) is not None}


def _put(record: Figures, instead: Figures, names: dict[str, str]) -> Figures:
    """A topic with figures of a case in place of the library's, whose ranges do not speak of them."""
    spoken = instead.origins.get("all")
    return record.model_copy(
        update={name: getattr(instead, name) for name in names.values()}
        | {
            "ranges": {key: ends for key, ends in record.ranges.items() if key not in names} | instead.ranges,
            "origins": record.origins | {key: instead.origins.get(key, spoken) for key in names},
        }
    )
