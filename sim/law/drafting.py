"""How good a drafted letter is, by rule: completeness, breadth and victims' data follow from what was picked.

What a request contains, treaties list much alike (UNTOC art. 18(15)); `provisions_of_points` says what asks for each
item under the instrument that a letter names. Which picks amount to ``full`` or ``partial`` is a teaching
choice of ours: somebody else must be able to tell from the letter alone what connects the evidence with the offence
and how to find it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from sim.i18n import Words, _, say
from sim.law.provisions_by_role import ProvisionAnswer, provision_for
from sim.law.question import TRAFFICKING
from sim.model.actions import Item, ItemQuality, SendRequest
from sim.model.drafting import Draft, Fact, Identifier, Material, TimeSpan
from sim.model.loading import Scenario
from sim.model.roles import Role

OFFENCE = "offence"


@dataclass(frozen=True)
class Point:
    """One line of the checklist."""

    item: Item
    state: ItemQuality
    words: Words
    """What is there of it, or is not, as a sentence without a stop."""
    roles: tuple[Role, ...]
    """What it is asked for by, and what else it touches."""

    @property
    def because(self) -> str:
        """What is there of it, or is not, in the language in use."""
        return str(self.words)


@dataclass(frozen=True)
class Drafted:
    """What a draft comes to."""

    points: tuple[Point, ...]
    scope: Literal["narrow", "broad"]
    names_victim: bool

    @property
    def items(self) -> dict[Item, ItemQuality]:
        """Quality of the six contents."""
        return {point.item: point.state for point in self.points}

    @property
    def missing(self) -> tuple[Point, ...]:
        """What was not in full."""
        return tuple(point for point in self.points if point.state != "full")


def material_for(material: Material, evidence: Mapping[str, str]) -> Material:
    """The author's material; for evidence (id to title) on which it says nothing, one plain fact and one identifier."""
    facts, identifiers = dict(material.facts), dict(material.identifiers)
    if not any(OFFENCE in fact.connects for fact in facts.values()):
        facts["offence"] = Fact(text=_("What is known of the offence, as the file has it"), connects=(OFFENCE,))
    for id_, title in evidence.items():
        if not any(id_ in fact.connects for fact in facts.values()):
            facts[f"link-{id_}"] = Fact(
                text=_("What connects the offence with: {title}").format(title=title), connects=(id_,)
            )
        if not any(id_ in identifier.of for identifier in identifiers.values()):
            identifiers[f"find-{id_}"] = Identifier(
                text=_("Where and under what name it is held: {title}").format(title=title), of=(id_,)
            )
    return material.model_copy(update={"facts": facts, "identifiers": identifiers})


def draft_as_scripted(spec: SendRequest, material: Material, victims: Collection[str]) -> Draft:
    """What a letter that an author sent without drafting it was drafted from: of the material, what makes each item
    as good as the author says it is. Urgent reasons and words of one's own are nobody's but the author's."""
    state: Mapping[Item, ItemQuality] = {item: spec.items.get(item, "full") for item in get_args(Item)}
    evidence, broad = set(spec.evidence), spec.scope == "broad"
    told = {"full": {OFFENCE, *evidence}, "partial": {OFFENCE}, "missing": set[str]()}[state["facts"]]
    about = {id_: one for id_, one in material.identifiers.items() if evidence & {*one.of}}
    fitting = {id_: span for id_, span in material.periods.items() if not span.of or evidence & {*span.of}}
    concerned = [id_ for id_, person in material.persons.items() if evidence & {*person.of}]
    kept = {"full": len(concerned), "partial": len(concerned) // 2, "missing": 0}[state["persons"]]
    named = {
        id_: "by name" if spec.names_victim or material.persons[id_].person not in victims else "without a name"
        for id_ in concerned[:kept]
    }
    return Draft.model_validate(
        {
            "facts": [
                id_
                for id_, fact in material.facts.items()
                if told & {*fact.connects} and (spec.names_victim or fact.identifies not in victims)
            ],
            "identifiers": _as_broad(about, broad) if state["assistance"] != "missing" else [],
            "period": next(iter(_as_broad(fitting, broad)), None) if state["assistance"] == "full" else None,
            "persons": named,
            "nature": _NATURE[state["nature"]],
            "contact": state["authority"] == "full",
            "purpose": _PURPOSE[state["purpose"]],
            "annexes": ["provisions"] if state["nature"] == "full" else [],
        }
    )


def _as_broad(known: Mapping[str, Identifier | TimeSpan], broad: bool) -> list[str]:
    """Those that are as broad or as narrow as the letter; all, where none is."""
    return [id_ for id_, one in known.items() if one.broad == broad] or [*known]


_NATURE: Mapping[ItemQuality, str] = {
    "full": "offence and stage, with the provisions",
    "partial": "the offence only",
    "missing": "nothing",
}
_PURPOSE: Mapping[ItemQuality, str] = {
    "full": "this case",
    "partial": "this case and any other",
    "missing": "nothing",
}


def judge(draft: Draft, material: Material, evidence: Collection[str], victims: Collection[str]) -> Drafted:
    """Hold picks against what a request contains. Ids that the material does not have count for nothing."""
    facts = [material.facts[id_] for id_ in draft.facts if id_ in material.facts]
    identifiers = [material.identifiers[id_] for id_ in draft.identifiers if id_ in material.identifiers]
    period = material.periods.get(draft.period or "")
    named = {
        person
        for id_, how in draft.persons.items()
        if how == "by name" and id_ in material.persons and (person := material.persons[id_].person) is not None
    } | {fact.identifies for fact in facts if fact.identifies is not None}
    broad = any(i.broad for i in identifiers) or (period is not None and period.broad)
    points = (
        _authority(draft),
        _nature(draft),
        _facts(facts, evidence),
        _assistance(draft, material, identifiers, evidence),
        _persons(draft, material, evidence),
        _purpose(draft),
    )
    return Drafted(points, "broad" if broad else "narrow", bool(named & set(victims)))


def provisions_of_points(
    scenario: Scenario,
    points: Iterable[Point],
    *,
    requesting: str,
    requested: str,
    measure: str | None,
    instrument: str | None,
    offence: str = TRAFFICKING,
) -> dict[Role, ProvisionAnswer]:
    """What asks for each line of a checklist under the instrument that the letter names."""
    return {
        role: provision_for(
            scenario,
            role,
            requesting=requesting,
            requested=requested,
            measure=measure,
            instrument=instrument,
            offence=offence,
        )
        for point in points
        for role in point.roles
    }


def _authority(draft: Draft) -> Point:
    words = say("the authority and whom to call") if draft.contact else say("the authority, but nobody to call")
    return Point("authority", "full" if draft.contact else "partial", words, ("content-authority",))


def _nature(draft: Draft) -> Point:
    state: ItemQuality = (
        "missing" if draft.nature == "nothing" else "partial" if draft.nature == "the offence only" else "full"
    )
    words = {
        "missing": say("nothing on the offence or the stage of the proceedings"),
        "partial": say("the offence, but neither the stage of the proceedings nor the provisions"),
        "full": say("offence, stage of the proceedings and provisions"),
    }
    return Point("nature", state, words[state], ("content-nature",))


def _facts(facts: Iterable[Fact], evidence: Collection[str]) -> Point:
    shown = {name for fact in facts for name in fact.connects}
    unconnected = [id_ for id_ in evidence if id_ not in shown]
    if not shown:
        state: ItemQuality = "missing"
        words = say("no fact that shows the offence or connects the evidence with it")
    elif OFFENCE not in shown:
        state, words = "partial", say("what connects the evidence, but not the offence itself")
    elif unconnected:
        state, words = "partial", say("the offence, but not what connects the evidence with it")
    else:
        state, words = "full", say("the offence, and what connects the evidence with it")
    return Point("facts", state, words, ("content-facts",))


def _assistance(
    draft: Draft, material: Material, identifiers: Iterable[Identifier], evidence: Collection[str]
) -> Point:
    given = {name for identifier in identifiers for name in identifier.of}
    lacking = [id_ for id_ in evidence if id_ not in given]
    fitting = [p for p in material.periods.values() if not p.of or set(p.of) & set(evidence)]
    chosen = material.periods.get(draft.period or "")
    # A hearing or a service has no period: one is wanted only where a narrow one is to be had.
    timed = chosen in fitting or all(period.broad for period in fitting)
    if not lacking and timed:
        words = say("what is sought can be found from the letter")
        return Point("assistance", "full", words, ("content-assistance",))
    words = say("no period that fits") if not lacking else say("not by what to find the evidence")
    state: ItemQuality = "missing" if len(lacking) == len(evidence) and not timed else "partial"
    return Point("assistance", state, words, ("content-assistance",))


def _persons(draft: Draft, material: Material, evidence: Collection[str]) -> Point:
    needed = [id_ for id_, person in material.persons.items() if set(person.of) & set(evidence)]
    there = [id_ for id_ in needed if id_ in draft.persons]
    if len(there) == len(needed):
        return Point("persons", "full", say("who is concerned"), ("content-persons",))
    state: ItemQuality = "partial" if there else "missing"
    return Point("persons", state, say("not everybody concerned is mentioned"), ("content-persons",))


def _purpose(draft: Draft) -> Point:
    if draft.purpose == "this case":
        return Point("purpose", "full", say("what it is needed for"), ("content-purpose",))
    if draft.purpose == "nothing":
        return Point("purpose", "missing", say("not what it is needed for"), ("content-purpose",))
    words = say("any other proceedings too: that is no purpose")
    return Point("purpose", "partial", words, ("content-purpose", "use-limitation"))
