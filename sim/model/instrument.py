"""Legal instruments: what each provision says for the simulation, with its article, and whether it was read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from sim.i18n import say
from sim.model.base import Aside, Header, Id, Prose, Reading, Record, Text, fail
from sim.model.offences import OFFENCES
from sim.model.problems import did_you_mean
from sim.model.roles import Role
from sim.model.rules import Rule


class LegalText(Record):
    """A text that provisions were held against."""

    title: Prose
    """What it is called."""
    edition: Prose
    """Which wording: as adopted, consolidated, in which language version."""
    dated: date
    """The date of that wording."""
    published: Prose
    """Where it is published."""
    read: date | None = None
    """The day on which it was read; a provision may name another."""


class ReadAgainst(Record):
    """That a provision was held against a text. Written in short as the text's id."""

    text: Id
    """Which of the instrument's texts."""
    on: date | None = None
    """When, if not on the day that stands with the text."""

    @model_validator(mode="before")
    @classmethod
    def _from_id(cls, value: object) -> object:
        return {"text": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [{"type": "string"}, handler(core_schema)]}


class Provision(Record):
    """One provision of an instrument, as far as the simulation uses it."""

    article: Text
    """Where it stands: ``18(8)``, ``11(1)(g)``. Several rules of one article repeat it."""
    says: Prose
    """What it says, in our words."""
    rule: Rule
    """What it means for the simulation."""
    read: ReadAgainst | None = None
    """The text it was held against, and when; none: from memory, unchecked."""
    note: Aside = ""
    """A caveat for people."""
    act: Aside = ""
    """The act it stands in, where that is another one than the instrument it is listed with."""
    applies_from: date | None = None
    """The day from which it applies, where that is later than its instrument's."""
    applies_until: date | None = None
    """The last day on which it applies."""
    brings_in_national_law: bool = False
    """Whether it makes the requested State's law, with its own grounds for refusal, a limit of what is owed."""
    by_declaration: bool = False
    """Whether it applies only towards a State whose profile holds such a declaration."""
    unless_bound_by: Id | None = None
    """An instrument between whose parties it does not apply."""
    roles: tuple[Role, ...] | None = None
    """What it is asked for by, instead of what follows from its rule; an empty list: it is asked for by nothing."""

    def applies_on(self, day: date) -> bool:
        """Whether it applies on a day, its instrument being in force."""
        begun = self.applies_from is None or self.applies_from <= day
        return begun and (self.applies_until is None or day <= self.applies_until)


class Regime(Record):
    """Measures that articles of their own govern, such as extradition in a convention on mutual assistance."""

    measures: tuple[Id, ...] = Field(min_length=1)
    """Measures by id."""
    articles: tuple[Text, ...] = Field(min_length=1)
    """Articles that speak of these measures and of no others: ``16`` means 16(1) and so on."""
    instead_of: tuple[Text, ...] = Field(min_length=1)
    """Articles that do not speak of them."""


class Instrument(Header):
    """A treaty, a Union act, or comity."""

    kind: Literal["instrument"]
    """Always ``instrument``."""
    short: Prose
    """How people call it: UNTOC, EIO."""
    type: Literal[
        "convention",
        "protocol",
        "directive",
        "regulation",
        "framework decision",
        "council decision",
        "agreement",
        "bilateral treaty",
        "scheme",
        "comity",
        "customary law",
    ]
    """What kind of instrument."""
    citation: Prose
    """Full citation."""
    adopted: date | None = None
    """When it was adopted or opened for signature."""
    effective: date | None = None
    """When it took effect, or the day from which it applies; none: not in force."""
    ends: date | None = None
    """The last day on which it is in force."""
    precedence: Annotated[int, Field(ge=1, le=100)]
    """Order in which a legal basis is looked for, the lowest first; bilateral and regional treaties come before
    UNTOC by its art. 18(6)-(7). A modelling choice where the texts leave it open."""
    bilateral: bool = False
    """Whether it binds only pairs that a world names."""
    needs_no_treaty: bool = False
    """Whether it is available between any two States (comity)."""
    builds_on: Id | None = None
    """An instrument whose provisions apply with it (the Protocol builds on UNTOC)."""
    legal_basis: bool = True
    """Whether a request can rest on it."""
    police_information: bool = False
    """Whether police forces ask each other for information under it, without any letter of request."""
    invented: bool = False
    """Whether it was invented for training, so that there is no text to read."""
    closed_channels: bool = False
    """Whether requests and orders under it go by the channels it names and by no others, whatever States practise."""
    source: Prose
    """Where its text is to be found."""
    reviewed: date
    """When somebody last went over this file; what was read against a text is said provision by provision."""
    texts: dict[Id, LegalText] = Field(default_factory=dict)
    """The texts that provisions were held against."""
    procedure: Id | None = None
    """The procedure that requests under it follow."""
    letter_forms: tuple[Id, ...] = ()
    """The forms its requests are written in, the first that is for the measure; none: the general letter."""
    procedure_by_channel: dict[Id, Id] = {}
    """Channels by which requests under it follow another procedure, such as orders that go straight to a provider."""
    procedure_by_measure: dict[Id, Id] = {}
    """Measures for which alone requests under it follow another procedure, such as an action within days."""
    regimes: tuple[Regime, ...] = ()
    """Measures that articles of their own govern."""
    own_offences: tuple[Id, ...] = ()
    """Offences it names that the table of offences (`sim.model.offences`) lacks."""
    provisions: tuple[Provision, ...] = Field(min_length=1)
    """What it says, as far as the simulation uses it."""

    def sureness_of(self, provision: Provision) -> Reading:
        """How sure a provision of this instrument is."""
        if self.invented:
            return "invented for training"
        return "from memory, unchecked" if provision.read is None else "read against the text"

    def cite(self, provision: Provision) -> str:
        """A provision for people: ``UNTOC art. 18(9)``, ``Regulation (EU) 2018/1727 art. 19(1)``."""
        return self._written(provision.article, provision.act)

    def cite_article(self, article: str) -> str:
        """An article for people as it was asked for: ``18(15)`` is ``UNTOC art. 18(15)``, not its first part."""
        found = self.provisions_at(article)
        return self._written(article, found[0].act if found else "")

    def _written(self, article: str, act: str) -> str:
        number = article.rpartition(" ")[2] if act else article
        return f"{act or self.short} {'art. ' if number[:1].isdigit() else ''}{number}".rstrip()

    def provisions_at(self, article: str) -> tuple[Provision, ...]:
        """The provisions an article means: ``18(3)`` also means 18(3)(a) and so on. Empty if there is none."""
        exact = tuple(p for p in self.provisions if p.article == article)
        return exact or tuple(p for p in self.provisions if article and _within(p.article, article))

    def speaks_of(self, provision: Provision, measure: str) -> bool:
        """Whether a provision can concern a measure, as the regimes divide the articles among them."""
        for regime in self.regimes:
            silent = regime.instead_of if measure in regime.measures else regime.articles
            if any(_within(provision.article, article) for article in silent):
                return False
        return True

    def procedure_for(self, channel: str, measures: Sequence[str] = ()) -> str | None:
        """The procedure that requests under it follow by a channel; of one measure, its own where it has one."""
        own = self.procedure_by_measure.get(measures[0]) if len(measures) == 1 else None
        return own or self.procedure_by_channel.get(channel, self.procedure)

    def in_force(self, day: date) -> bool:
        """Whether it is in force on a day."""
        begun = self.effective is not None and self.effective <= day
        return begun and (self.ends is None or day <= self.ends)

    @model_validator(mode="after")
    def _offences_exist(self) -> Instrument:
        for place, provision in enumerate(self.provisions):
            for path, name in _offences_of(provision.rule):
                if name not in OFFENCES and name not in self.own_offences:
                    message = say("there is no offence {name!r}", name=name)
                    hint = did_you_mean(name, {*OFFENCES, *self.own_offences})
                    raise fail("F204", message, hint, ("provisions", place, "rule", *path))
        return self

    @model_validator(mode="after")
    def _in_force_needs_date(self) -> Instrument:
        if self.adopted and self.effective and self.effective < self.adopted:
            raise fail("F210", say("effective before adopted"), say("check the two dates"), ("effective",))
        return self

    @model_validator(mode="after")
    def _what_is_read_names_text_and_day(self) -> Instrument:
        for place, provision in enumerate(self.provisions):
            if provision.read is None:
                continue
            where = ("provisions", place, "read")
            id_ = provision.read.text
            if self.invented:
                words = say(
                    "{article} is read against a text, but the instrument is invented", article=provision.article
                )
                raise fail("F210", words, say("leave out read, or invented"), where)
            if id_ not in self.texts:
                words = say(
                    "{article} is read against a text that is not listed: {id!r}", article=provision.article, id=id_
                )
                raise fail(
                    "F210", words, say("list it under texts — {hint}", hint=did_you_mean(id_, self.texts)), where
                )
            if provision.read.on is None and self.texts[id_].read is None:
                words = say("nothing says when {article} was read against its text", article=provision.article)
                raise fail("F210", words, say("add read: 2026-01-31 to the text, or on: to the provision"), where)
        return self


def _within(article: str, whole: str) -> bool:
    return article == whole or article.startswith(f"{whole}(")


def _offences_of(rule: Rule) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Where a rule names offences, and which; ``any`` is none."""
    if rule.scope is not None:
        for place, name in enumerate(rule.scope.offences):
            if name != "any":
                yield ("scope", "offences", place), name
    if rule.dual_criminality is not None:
        for place, name in enumerate(rule.dual_criminality.listed):
            yield ("dual criminality", "listed", place), name
    if rule.element is not None:
        yield ("element", "offence"), rule.element.offence
