"""The provision that a conduct is held against, asked for by its role under the basis in use.

An Investigation Order is judged under the Directive, a letter under a bilateral treaty under that treaty. Where the
basis in use, or what it builds on, has no such provision, another instrument may that binds the States: the answer says
so and names both. Where none has, it is good practice, and where practitioners' guidance recommends it, that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sim.errors import LawError
from sim.i18n import Words, say
from sim.law.bases import considered, covers, offers, replacing
from sim.law.question import TRAFFICKING, ask
from sim.law.reason import Reason, doubt_of
from sim.law.roles import AS_A_WHOLE, ROLES, roles_of
from sim.law.sources import Source, binds, concerns, instrument, sources
from sim.model.base import Sureness
from sim.model.guidance import Guidance
from sim.model.instrument import Instrument
from sim.model.jurisdiction import Jurisdiction
from sim.model.loading import Scenario
from sim.model.problems import did_you_mean
from sim.model.roles import Role
from sim.model.rules import Content

Standing = Literal["basis", "beside", "national law", "guidance", "good practice"]
"""``basis``: of the basis in use or what it builds on · ``beside``: of another instrument that binds the States ·
``national law``: what the profile of a State says, where no instrument does · ``guidance``: recommended, not law ·
``good practice``: a choice of ours that no instrument here asks for."""


@dataclass(frozen=True)
class ProvisionAnswer:
    """The provision that plays a role, or that none does."""

    role: Role | None
    """The role asked for; None for a provision that was found in another way."""
    standing: Standing
    reference: str = ""
    """As files write it: ``untoc 18(15)``; empty for guidance and good practice."""
    citation: str = ""
    """For people, as it was asked for: ``UNTOC art. 18(15)``, ``Lausanne Guideline 9``; empty for good practice."""
    says: str = ""
    """What it says, in the library's words; of several provisions, the first."""
    sureness: Sureness | None = None
    """How sure the reading is."""
    basis: str = ""
    """What people call the basis in use, where that has no such provision; empty where there is no basis in use."""

    @property
    def doubt(self) -> str:
        """The mark of a reading that is not sure, in the language in use; empty for one that is."""
        return doubt_of(self.sureness)

    @property
    def words(self) -> Words:
        """The citation, with what has to be said about it."""
        if self.standing == "basis" or (self.standing == "beside" and not self.basis):
            return say("{citation}", citation=self.citation)
        if self.standing == "beside":
            return say(
                "{citation}; it binds these States, but the request rests on {basis}, which has no such rule",
                citation=self.citation,
                basis=self.basis,
            )
        if self.standing == "national law":
            return say("law of {state}", state=self.citation)
        if self.standing == "guidance":
            return say(
                "good practice after {citation}; no instrument here that binds these States asks for it",
                citation=self.citation,
            )
        return say("good practice; no instrument here that binds these States asks for it")

    def __str__(self) -> str:
        return str(self.words)


def provision_for(
    scenario: Scenario,
    role: Role,
    *,
    requesting: str,
    requested: str | None = None,
    measure: str | None = None,
    instrument: str | None = None,
    offence: str = TRAFFICKING,
) -> ProvisionAnswer:
    """The provision that plays a role between two States, or (without ``requested``) for one.

    ``instrument`` is the basis in use, whether or not it binds both; without it, the first legal basis for ``measure``;
    without either there is no basis in use, and what binds the States answers. Provisions about other measures than
    ``measure`` do not count; without it, neither do provisions about single measures where others are to be had.
    Raises `LawError` for an unknown id or role.
    """
    if role not in ROLES:
        raise LawError(
            say("no provision has the role {role} — {hint}", role=repr(role), hint=did_you_mean(role, ROLES))
        )

    def answered() -> ProvisionAnswer:
        basis = _basis_in_use(scenario, requesting, requested, measure, instrument, offence)
        states = (requesting,) if requested in (None, requesting) else (requesting, requested)
        return _answer(scenario, role, states, measure, basis, offence)

    return scenario.work_out(("by role", role, requesting, requested, measure, instrument, offence), answered)


def _basis_in_use(
    scenario: Scenario, requesting: str, requested: str | None, measure: str | None, named: str | None, offence: str
) -> Instrument | None:
    if named is not None:
        return instrument(scenario, named)
    if requested is None or measure is None or requested == requesting:
        return None
    question = ask(scenario, requesting=requesting, requested=requested, measure=measure, offence=offence)
    return next((basis.instrument for basis in considered(question) if basis.applies), None)


def _answer(
    scenario: Scenario, role: Role, states: tuple[str, ...], measure: str | None, basis: Instrument | None, offence: str
) -> ProvisionAnswer:
    short = basis.short if basis is not None else ""
    places: list[tuple[Standing, tuple[Source[Content], ...]]] = []
    if basis is not None:
        places.append(("basis", sources(scenario, basis).all))
    for record in _binding(scenario, states, measure, offence, basis):
        places.append(
            (
                "beside",
                tuple(
                    Source(record, provision) for provision in record.provisions if provision.applies_on(scenario.day)
                ),
            )
        )
    # Without a measure, what speaks of all measures comes first, wherever it stands.
    for limited in (False, True) if measure is None else (True,):
        for standing, among in places:
            found = _provision(among, role, measure, offence, limited=limited)
            if found is not None:
                return _cited(role, standing, found, short)
    for list_ in _guidance(scenario):
        for recommendation in list_.recommendations:
            if role in recommendation.roles:
                return ProvisionAnswer(
                    role,
                    "guidance",
                    "",
                    list_.cite(recommendation),
                    recommendation.says,
                    recommendation.sureness,
                    short,
                )
    return ProvisionAnswer(role, "good practice", basis=short)


_BIND_NOBODY = ("comity", "scheme")
_TREATIES = ("convention", "protocol", "agreement", "bilateral treaty")


def _binding(
    scenario: Scenario, states: tuple[str, ...], measure: str | None, offence: str, basis: Instrument | None
) -> list[Instrument]:
    """Instruments in force that bind every one of the States for an offence and a measure, in the order in which a
    basis is looked for, those between police forces last. Beside a basis in use only treaties count that it does not
    replace: a Union act speaks of its own orders and requests, and of no others."""
    replaced = (
        set()
        if basis is None
        else {
            id_
            for id_, found in replacing(scenario).items()
            for later, relation in found
            if later.id in {source.instrument.id for source in sources(scenario, basis).all}
            and measure not in relation.rule.except_for
        }
    )
    found = [
        record
        for record in scenario.instruments.values()
        if (record.type not in _BIND_NOBODY if basis is None else record.type in _TREATIES)
        and record.id not in replaced
        and record.in_force(scenario.day)
        and binds(scenario, record, *states)
        and covers(sources(scenario, record), offence)
        and (measure is None or offers(sources(scenario, record), measure))
    ]
    return sorted(found, key=lambda record: (record.police_information, record.precedence, record.id))


def _guidance(scenario: Scenario) -> tuple[Guidance, ...]:
    def read() -> tuple[Guidance, ...]:
        records = (scenario.find("guidance", id_) for id_ in scenario.library.ids("guidance"))
        return tuple(record for record in records if isinstance(record, Guidance))

    return scenario.work_out("guidance", read)


_Found = tuple[Source[Content], str]
"""A provision and the article by which it is cited."""


def _provision(
    among: Iterable[Source[Content]], role: Role, measure: str | None, offence: str, *, limited: bool
) -> _Found | None:
    """The provision that plays a role: the first that speaks of this measure or of all, and of this offence."""
    parts = AS_A_WHOLE.get(role, (role,))
    playing = [s for s in among if any(part in roles_of(s.provision) for part in parts)]
    playing = [s for s in playing if not s.provision.by_declaration]
    if measure is not None:
        playing = [s for s in playing if s.instrument.speaks_of(s.provision, measure)]
    playing = [s for s in playing if getattr(s.rule, "offence", offence) == offence]
    if measure is not None:
        playing = [source for source in playing if concerns(source.rule, measure)]
    elif not limited:
        playing = [source for source in playing if not getattr(source.rule, "measures", ())]
    if not playing:
        return None
    if role not in AS_A_WHOLE:
        return playing[0], playing[0].provision.article
    # Where an instrument adds one part to what it builds on, the whole stands in the other.
    most = Counter(source.instrument.id for source in playing).most_common(1)[0][0]
    return _whole([source for source in playing if source.instrument.id == most])


def _whole(parts: list[Source[Content]]) -> _Found:
    """The article that holds several provisions: what all have in common, otherwise where most of them stand."""
    levels = [_levels(source.provision.article) for source in parts]
    common = []
    for pieces in zip(*levels, strict=False):
        if len(set(pieces)) > 1:
            break
        common.append(pieces[0])
    if common:
        return parts[0], "".join(common)
    above = Counter("".join(pieces[:-1] or pieces) for pieces in levels)
    article = above.most_common(1)[0][0]
    return next(s for s in parts if s.provision.article.startswith(article)), article


def _levels(article: str) -> list[str]:
    """``18(15)(a)`` is ``18``, ``(15)``, ``(a)``."""
    number, *more = article.split("(")
    return [number, *(f"({piece}" for piece in more)]


def by_law_of(state: Jurisdiction, role: Role) -> ProvisionAnswer:
    """What a State's own law says; profiles are invented, so that it is an assumption."""
    return ProvisionAnswer(role, "national law", citation=state.title, sureness="assumption")


def provision_of(reason: Reason | None) -> ProvisionAnswer | None:
    """The provision a reason rests on, or the nearest below it; None where it rests on facts and practice alone."""
    node = next((node for node in reason.walk() if node.reference), None) if reason is not None else None
    if node is None:
        return None
    return ProvisionAnswer(None, "basis", node.reference, str(node.citation), sureness=node.sureness)


def _cited(role: Role, standing: Standing, found: _Found, basis: str = "") -> ProvisionAnswer:
    source, article = found
    record = source.instrument
    return ProvisionAnswer(
        role,
        standing,
        f"{record.id} {article}",
        record.cite_article(article),
        source.provision.says,
        source.sureness,
        basis if standing == "beside" else "",
    )
