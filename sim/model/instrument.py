"""Legal instruments: what each provision says for the simulation, with article, date, source and sureness."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.i18n import say
from sim.model.base import Aside, Header, Id, Mark, Prose, Record, Text, fail
from sim.model.offences import OFFENCES
from sim.model.problems import did_you_mean
from sim.model.roles import Role
from sim.model.rules import Rule


class Provision(Record):
    """One provision of an instrument, as far as the simulation uses it."""

    article: Text
    """Where it stands: ``18(8)``, ``11(1)(g)``. Several rules of one article repeat it."""
    says: Prose
    """What it says, in our words."""
    rule: Rule
    """What it means for the simulation."""
    sureness: Mark = "primary source"
    """How sure the reading is."""
    note: Aside = ""
    """A caveat for people."""
    act: Aside = ""
    """The act it stands in, where that is another one than the instrument it is listed with."""
    by_declaration: bool = False
    """Whether it applies only towards a State whose profile holds such a declaration."""
    unless_bound_by: Id | None = None
    """An instrument between whose parties it does not apply."""
    roles: tuple[Role, ...] | None = None
    """What it is asked for by, instead of what follows from its rule; an empty list: it is asked for by nothing."""


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
    ]
    """What kind of instrument."""
    citation: Prose
    """Full citation."""
    adopted: date | None = None
    """When it was adopted or opened for signature."""
    effective: date | None = None
    """When it took effect; none: not in force."""
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
    source: Prose
    """Where the text was read."""
    reviewed: date
    """When this file was last checked against the text."""
    procedure: Id | None = None
    """The procedure that requests under it follow."""
    regimes: tuple[Regime, ...] = ()
    """Measures that articles of their own govern."""
    own_offences: tuple[Id, ...] = ()
    """Offences it names that the table of offences (`sim.model.offences`) lacks."""
    provisions: tuple[Provision, ...] = Field(min_length=1)
    """What it says, as far as the simulation uses it."""

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
        return exact or tuple(p for p in self.provisions if article and p.article.startswith(f"{article}("))

    def speaks_of(self, provision: Provision, measure: str) -> bool:
        """Whether a provision can concern a measure, as the regimes divide the articles among them."""
        for regime in self.regimes:
            silent = regime.instead_of if measure in regime.measures else regime.articles
            if any(_within(provision.article, article) for article in silent):
                return False
        return True

    def in_force(self, day: date) -> bool:
        """Whether it has taken effect by a day."""
        return self.effective is not None and self.effective <= day

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
