"""The closed vocabulary in which a provision says what it means for the simulation.

A provision carries exactly one rule. The law room (`sim.law`) reads rules and nothing else, so a new instrument is
a new file and no new code.
"""

from __future__ import annotations

from functools import cached_property
from typing import Literal, cast

from pydantic import Field, model_validator

from sim.i18n import say
from sim.model.assurances import Assurance
from sim.model.base import Id, Language, Record, fail
from sim.model.durations import Duration
from sim.model.duties import DutyName, PermissionName
from sim.model.grounds import Ground
from sim.model.transfers import DataTransferRule

Party = Literal["requesting", "requested", "both"]


class ChannelRule(Record):
    """A channel the instrument allows."""

    channels: tuple[Id, ...] = Field(min_length=1)
    """Channels by id."""
    when: Literal["always", "urgent", "if the requested State insists", "if both agree"] = "always"
    """The circumstances in which it allows them."""
    measures: tuple[Id, ...] = ()
    """Measures that may travel so; all unless given."""
    whatever_basis: bool = False
    """Whether it is open between the parties whatever instrument the request itself rests on, as a network is."""


class LanguageRule(Record):
    """In which language the request is written."""

    language: Literal[
        "acceptable to the requested State",
        "official language of the requested State",
        "notified by the executing State",
        "translated and authenticated",
        "none needed",
        "language of the addressee",
        "named by the instrument",
    ]
    """What the instrument asks for."""
    named: tuple[Language, ...] = ()
    """Languages that the instrument itself names as always good."""

    @model_validator(mode="after")
    def _names_languages(self) -> LanguageRule:
        if (self.language == "named by the instrument") and not self.named:
            raise fail(
                "F210", say("the instrument names languages, but none is given"), say("add named: [en]"), ("named",)
            )
        return self


class DeadlineRule(Record):
    """A time limit or another rule about time."""

    step: Literal[
        "acknowledge",
        "recognise",
        "execute",
        "preserve",
        "answer",
        "confirm in writing",
        "safe conduct",
        "return",
        "reflection",
        "freeze",
        "notify refusal",
        "validate",
        "decide",
        "surrender",
        "provisional arrest",
    ]
    """What must be done, or what lasts so long."""
    within: Duration | None = None
    """Limit; none where the text says ``as soon as possible``."""
    counted_from: Literal[
        "receipt", "recognition", "order", "request", "end of presence", "arrest", "consent", "decision", "finding"
    ] = "receipt"
    """What starts the clock."""
    at_least: bool = False
    """Whether the text sets a floor, under which it may not last, instead of a limit."""
    extendable_by: Duration | None = None
    """Possible extension."""
    urgent_within: Duration | None = None
    """Limit in urgent cases."""
    measures: tuple[Id, ...] = ()
    """Measures it concerns; all unless given."""


class RefusalRule(Record):
    """A ground on which help may, or must, be refused."""

    ground: Ground
    """Which ground."""
    mandatory: bool = False
    """Whether refusal is a duty; otherwise it is at discretion."""
    consult_first: bool = False
    """Whether the requested State must consult before."""
    coercive_only: bool = False
    """Whether it applies to coercive measures only."""
    non_coercive_only: bool = False
    """Whether it applies to measures only that are not coercive."""
    most_maximum_penalty_years: int | None = None
    """Whether it applies only to offences whose maximum penalty is no more than so many years."""
    where_practised: bool = False
    """Whether it is the requested State's own policy that opens it, and not the text."""
    unless_assured: tuple[Assurance, ...] = ()
    """Assurances any one of which takes it away, where the requested State finds it sufficient; none: none does."""
    whatever_basis: bool = False
    """Whether it binds the requested State alone, whatever the request rests on, as human rights do."""
    measures: tuple[Id, ...] = ()
    """Measures it concerns; all unless given."""
    except_for: tuple[Id, ...] = ()
    """Measures for which it cannot be raised."""


class NeverRefuseRule(Record):
    """A ground on which help may never be refused."""

    ground: Ground
    """Which ground."""


class DualCriminalityRule(Record):
    """How the instrument treats acts that are no offence in the requested State."""

    mode: Literal[
        "not required",
        "discretionary",
        "coercive measures only",
        "required",
        "not checked for listed offences",
    ]
    """Whether, and for what, it is checked."""
    listed: tuple[Id, ...] = ()
    """Offences for which it is not checked."""
    least_maximum_penalty_years: int | None = None
    """Threshold for the list: the least maximum penalty in the requesting State."""
    measures: tuple[Id, ...] = ()
    """Measures for which it is checked; all unless given."""
    except_for: tuple[Id, ...] = ()
    """Measures for which it is never checked."""


class PostponementRule(Record):
    """A ground for putting execution off."""

    ground: Literal["ongoing-proceedings", "needed-elsewhere", "humanitarian-reasons", "legal-remedies"]
    """Which ground."""
    consult_first: bool = False
    """Whether the requested State must consult before."""


class DutyRule(Record):
    """Something one side owes."""

    duty: DutyName
    """What is owed."""
    on: Party
    """Who owes it."""
    strength: Literal["owed", "to be endeavoured", "to be considered"] = "owed"
    """How much is owed: the thing itself (``shall``), the endeavour, or only that it is considered."""
    before_issuing: bool = False
    """Whether no request is made under the instrument by a State whose law does not provide for it."""
    measures: tuple[Id, ...] = ()
    """Measures it concerns; all unless given."""


class ContentRule(Record):
    """An item a request must hold."""

    item: Literal["authority", "nature", "facts", "assistance", "persons", "purpose", "formalities", "urgency"]
    """Which item."""
    where_possible: bool = False
    """Whether it is needed only where possible."""
    measures: tuple[Id, ...] = ()
    """Measures it concerns; all unless given."""
    except_for: tuple[Id, ...] = ()
    """Measures for which it is not needed."""


class MeasureRule(Record):
    """Measures the instrument opens."""

    measures: tuple[Id, ...] = Field(min_length=1)
    """Measures by id; ``any`` for all not contrary to the requested State's law."""
    except_for: tuple[Id, ...] = ()
    """Measures that ``any`` does not reach, because other provisions or instruments govern them."""
    always_available: bool = False
    """Whether every requested State must have them at hand."""


class ScopeRule(Record):
    """Which offences and situations the instrument covers."""

    offences: tuple[Id, ...] = ()
    """Offences by id; ``any`` for all; none: a condition or an extension of those covered by other provisions."""
    least_maximum_penalty_years: int | None = None
    """Least maximum penalty that makes them serious enough."""
    threshold: Literal["any", "reasonable grounds to suspect", "serious crime or group and transnational"] = "any"
    """How much must be known before it applies."""
    transnational: bool = False
    """Whether a cross-border element is needed."""
    organised_group: bool = False
    """Whether involvement of an organised criminal group is needed."""
    legal_persons: bool = False
    """Whether it extends to offences of legal persons."""


class ElementRule(Record):
    """An element of an offence's definition."""

    offence: Id
    """Whose definition it belongs to."""
    element: Literal["act", "means", "purpose", "child-exception", "consent-irrelevant", "child-age"]
    """Which element."""
    any_of: tuple[Id, ...] = ()
    """Facts any one of which fulfils the element."""
    below_age: int | None = None
    """For the age of a child: below this many years."""


class RelationRule(Record):
    """How the instrument stands to others."""

    relation: Literal[
        "leaves others unaffected",
        "stands in where no treaty binds",
        "supplements",
        "replaces",
        "gives way to",
        "amends",
        "applies mutatis mutandis",
        "saves",
    ]
    """How it stands to them."""
    to: tuple[Id, ...] = ()
    """Instruments by id; ``any`` for all."""
    except_for: tuple[Id, ...] = ()
    """Measures for which those instruments stay as they are, such as one that replaces only what corresponds to it."""


class PermissionRule(Record):
    """Something that is possible without being owed."""

    allows: PermissionName
    """What is possible."""
    agreed_only: bool = False
    """Whether both sides must agree."""
    measures: tuple[Id, ...] = ()
    """Measures it concerns; all unless given."""


Content = (
    ChannelRule
    | LanguageRule
    | DeadlineRule
    | RefusalRule
    | NeverRefuseRule
    | DualCriminalityRule
    | PostponementRule
    | DutyRule
    | ContentRule
    | MeasureRule
    | ScopeRule
    | ElementRule
    | RelationRule
    | PermissionRule
    | DataTransferRule
)
"""What a provision can say."""


class Rule(Record):
    """What a provision says for the simulation: exactly one of these."""

    channel: ChannelRule | None = None
    """A channel it allows."""
    language: LanguageRule | None = None
    """The language of requests."""
    deadline: DeadlineRule | None = None
    """A time limit."""
    refusal: RefusalRule | None = None
    """A ground on which help may be refused."""
    never_refuse: NeverRefuseRule | None = None
    """A ground on which it may not."""
    dual_criminality: DualCriminalityRule | None = None
    """How it treats acts that are no offence there."""
    postponement: PostponementRule | None = None
    """A ground for putting execution off."""
    duty: DutyRule | None = None
    """Something owed."""
    content: ContentRule | None = None
    """Something a request must hold."""
    measure: MeasureRule | None = None
    """Measures it opens."""
    scope: ScopeRule | None = None
    """What it covers."""
    element: ElementRule | None = None
    """An element of an offence."""
    relation: RelationRule | None = None
    """How it stands to other instruments."""
    permission: PermissionRule | None = None
    """Something possible without being owed."""
    data_transfer: DataTransferRule | None = None
    """A ground on which personal data may go to a State outside."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Rule:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            raise fail(
                "F210",
                say("a rule says one thing; this one says {count}", count=len(given)),
                say("write one rule per provision"),
            )
        return self

    @cached_property
    def name(self) -> str:
        """Which kind of rule it is: ``channel``, ``refusal``, …"""
        return next(name for name in type(self).model_fields if getattr(self, name) is not None)

    @cached_property
    def content_of(self) -> Content:
        """The rule itself."""
        return cast(Content, getattr(self, self.name))
