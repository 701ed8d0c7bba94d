"""How a trainee's request fares: from what was written and how it was sent to the chances on its way.

The law says what is possible; how often offices ask back, return or fall silent is nowhere published as a clean
table. The factors are therefore assumptions, each with the finding it leans on, in the library's file of behaviour
``conduct``. They change the named chances of the procedure (``incomplete``, ``returned``, ``refused``, ``no-reply``)
for one request only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sim import law
from sim.case.trust import NEUTRAL, Relation
from sim.i18n import LanguageName, Words, joined, say
from sim.law.procedure_terms import chance_in_words
from sim.law.terms import ground_in_words, item_in_words
from sim.model.actions import IN_FULL, ItemQuality, SendRequest
from sim.model.behaviour import Conduct
from sim.model.loading import Scenario
from sim.model.procedure import Procedure
from sim.model.roles import Role
from sim.unchanging import Unchanging

FULL: dict[str, ItemQuality] = {str(name): quality for name, quality in IN_FULL.items()}
"""Quality of the six contents where a request says nothing else."""


@dataclass(frozen=True)
class Circumstance(Unchanging):
    """One thing that moved a chance, for the debrief."""

    chance: str
    value: float
    words: Words | str
    """Why, as a sentence without a stop."""
    provision: law.ProvisionAnswer | None
    """What the law says to it; None where the law has nothing to say."""
    mark: str = "assumption"

    @property
    def because(self) -> str:
        """Why, in the language in use."""
        return str(self.words)

    @property
    def likely(self) -> Words:
        """What the chance is of, in words."""
        return chance_in_words(self.chance)

    @property
    def cites(self) -> str:
        """The provision as files write it; empty where there is none."""
        return self.provision.reference if self.provision is not None else ""


Cited = law.ProvisionAnswer | None


class _Weighing:
    """Named chances of one request, and why they are what they are."""

    def __init__(self, usual: Mapping[str, float], figures: Conduct, provision: Callable[[Role], law.ProvisionAnswer]):
        self.usual, self.figures, self.provision = usual, figures, provision
        self.found = dict(usual)
        self.why: list[Circumstance] = []

    def put(self, name: str, value: float, because: Words, cites: Cited, mark: str = "assumption") -> None:
        """Set a chance the procedure knows."""
        if name in self.found:
            self.found[name] = min(1.0, max(0.0, value))
            self.why.append(Circumstance(name, self.found[name], because, cites, mark))

    def times(self, name: str, factor: float, because: Words, cites: Cited) -> None:
        """Multiply it."""
        self.put(name, self.found.get(name, 0.0) * factor, because, cites)

    def plus(self, name: str, amount: float, because: Words, cites: Cited) -> None:
        """Add to it."""
        self.put(name, self.found.get(name, 0.0) + amount, because, cites)

    def at_least(self, name: str, value: float, because: Words, cites: Cited, mark: str = "assumption") -> None:
        """Raise it."""
        self.put(name, max(value, self.found.get(name, 0.0)), because, cites, mark)

    @property
    def back(self) -> str:
        """Where deficient requests go: an Investigation Order knows no return, it is recognised or not."""
        return "returned" if "returned" in self.found else "refused"


def chances(
    scenario: Scenario,
    spec: SendRequest,
    items: dict[str, ItemQuality],
    requesting: str,
    usual: Mapping[str, float],
    relation: Relation,
    chased: bool,
    now: int = 0,
    lacks_consent: bool = False,
    left_open: bool = False,
) -> tuple[dict[str, float], list[Circumstance]]:
    """The named chances of a request, and why they are what they are. ``usual`` are those of the corridor."""
    assessment = assess(scenario, spec, items, requesting)

    def provision(role: Role) -> law.ProvisionAnswer:
        return law.provision_for(
            scenario,
            role,
            requesting=requesting,
            requested=spec.to,
            measure=spec.measures[0],
            instrument=assessment.judged_under,
            offence=offence(scenario),
        )

    weighing = _Weighing(usual, scenario.behaviour.conduct, provision)
    _contents(weighing, spec, items, assessment)
    _standing(weighing, scenario, spec, relation, chased, now)
    if not assessment.rests:
        because = say("the instrument does not bind both States")
        weighing.put(weighing.back, 1.0, because, provision("no-treaty"), "primary source")
        return weighing.found, weighing.why
    _form(weighing, scenario, spec, assessment)
    _grounds(weighing, scenario, spec, requesting)
    if lacks_consent:
        because, cites = say("the person concerned has not consented"), provision("consent")
        weighing.at_least("refused", weighing.figures.raised_by_duty, because, cites, "primary source")
        weighing.put("conditions", 0.0, because, cites)
        _point(weighing, "consent-missing")
    if left_open:
        because, cites = say("what they had asked is still open"), provision("additional-information")
        weighing.at_least("incomplete", weighing.figures.asked_again, because, cites)
    return weighing.found, weighing.why


def proposal_chances(
    scenario: Scenario, to: str, usual: Mapping[str, float], relation: Relation, now: int
) -> dict[str, float]:
    """The named chances of a proposal to set up a team: by what they know of the case and what services have done."""
    found = dict(usual)
    own = scenario.case.investigations.get(to) if scenario.case is not None else None
    if own is not None and (relation.shared or relation.consulted):
        found["no-parallel-case"] = own.declines_team
    for name, (factor, _services) in relation.factors(now).items():
        if name in found:
            found[name] *= factor
    return found


def _contents(
    weighing: _Weighing, spec: SendRequest, items: dict[str, ItemQuality], view: law.LetterAssessment
) -> None:
    """Completeness, nexus and breadth."""
    gaps, figures = view.completeness.gaps, weighing.figures
    worst = figures.worst_contents
    questions = weighing.usual.get("incomplete", 0.0) * figures.complete_contents
    questions += (1 - view.completeness.share) * figures.missing_contents * (worst - questions)
    if gaps:
        cites = law.provision_of(gaps[0].reason) if len(gaps) == 1 else weighing.provision("contents")
        because = say("not complete: {items}", items=joined([item_in_words(gap.item) for gap in gaps]))
        weighing.put("incomplete", min(worst, questions), because, cites)
    else:
        weighing.put("incomplete", questions, say("all contents are there"), weighing.provision("contents"))
    if items.get("facts") == "missing":
        because = say("nothing connects the evidence with the offence")
        weighing.at_least("refused", figures.no_nexus, because, weighing.provision("content-facts"))
        _point(weighing, "not-in-conformity")
    if spec.scope == "broad":
        because, cites = say("it asks for more than the facts support"), weighing.provision("proportionality")
        weighing.plus("incomplete", figures.overbroad, because, cites)
        weighing.plus("partial", figures.overbroad_part, because, cites)


def _standing(
    weighing: _Weighing, scenario: Scenario, spec: SendRequest, relation: Relation, chased: bool, now: int
) -> None:
    """What was done before or beside it, and how the two offices stand to each other."""
    figures = weighing.figures
    if relation.consulted:
        for name in ("incomplete", "returned"):
            because = say("the authority was contacted before")
            weighing.times(name, figures.prior_contact, because, weighing.provision("prior-contact"))
    if relation.shared:
        because, cites = say("the facts had been shared before"), weighing.provision("spontaneous-information")
        weighing.times("incomplete", figures.spontaneous, because, cites)
    for name, (factor, services) in relation.factors(now).items():
        titles = joined(scenario.service(id_).title for id_ in services)
        weighing.times(name, factor, say("prepared with: {services}", services=titles), None)
    if spec.authority == "guessed" and not relation.consulted:
        because, cites = say("the authority was guessed"), weighing.provision("competent-authority")
        weighing.times("wrong-authority", figures.guessed_authority, because, cites)
    own = scenario.case.investigations.get(spec.to) if scenario.case is not None else None
    if own is not None and not relation.consulted and not relation.shared:
        because, cites = say("it cuts across a case of their own"), weighing.provision("postponement")
        weighing.at_least("postponed", own.put_off, because, cites)
    if relation.trust != NEUTRAL:
        factor = 1 - figures.trusted * (relation.trust - NEUTRAL)
        suffered = say("trust between the two offices has suffered")
        because = say("the two offices trust each other") if factor < 1 else suffered
        weighing.times("no-reply", factor, because, None)
        weighing.times("incomplete", factor, because, None)
    if chased:
        weighing.times("no-reply", figures.chased, say("progress was asked for"), weighing.provision("progress"))


def _form(weighing: _Weighing, scenario: Scenario, spec: SendRequest, view: law.LetterAssessment) -> None:
    """Language, translation, channel and authenticity."""
    state, figures = scenario.jurisdictions[spec.to], weighing.figures
    cites = law.provision_of(view.language_reason) or weighing.provision("language")
    if not view.language_accepted:
        because = say("{state} does not accept {language}", state=state.title, language=LanguageName(spec.language))
        weighing.at_least(weighing.back, figures.wrong_language, because, cites)
    elif view.translated:
        if state.translators == "sworn translators" and spec.translation != "certified":
            because = say("{state} takes sworn translations only", state=state.title)
            weighing.at_least(weighing.back, figures.wrong_language, because, cites)
        elif spec.translation != "certified":
            by_machine = spec.translation == "machine"
            poor = figures.machine_translation if by_machine else figures.uncertified_translation
            weighing.plus("incomplete", poor, say("the translation is poor and must be done again"), cites)
    if not view.channel_open:
        because = say("{state} does not take requests that way", state=state.title)
        cites = law.provision_of(view.channel_reason) or weighing.provision("channel")
        weighing.at_least(weighing.back, figures.wrong_channel, because, cites)
    elif not view.authentic and not spec.interpol_copy:
        because = say("whether it is authentic has to be confirmed first")
        weighing.plus("incomplete", figures.to_confirm, because, weighing.provision("written-form"))


def _grounds(weighing: _Weighing, scenario: Scenario, spec: SendRequest, requesting: str) -> None:
    """Grounds for refusal that the facts raise; consultation and conditions come first where the law has them."""
    for ground in grounds_on(scenario, spec, requesting):
        if ground.availability != "available" or ground.ground == "no-legal-basis":
            continue
        if ground.unless_assured:
            continue  # they ask for the assurance (`sim.case.assurances`), and nothing is left to chance
        chance = weighing.figures.raised_by_duty if ground.mandatory else weighing.figures.raised
        words, cites = ground_in_words(ground.ground), law.provision_of(ground.reason)
        may = say("may be refused: {ground}", ground=words)
        because = say("must be refused: {ground}", ground=words) if ground.mandatory else may
        weighing.at_least("refused", chance, because, cites, "primary source")
        _point(weighing, ground.ground)
        if ground.mandatory:
            weighing.put("conditions", 0.0, because, cites)


def grounds_on(scenario: Scenario, spec: SendRequest, requesting: str) -> Iterator[law.RefusalGround]:
    """Every ground for refusal that the law knows on a letter, measure by measure."""
    for measure in spec.measures:
        yield from law.refusal_grounds(
            scenario,
            requesting=requesting,
            requested=spec.to,
            measure=measure,
            instrument=spec.instrument,
            offence=offence(scenario),
        )


def _point(weighing: _Weighing, ground: str) -> None:
    """The ground that the facts raise is the one considered, where the procedure knows it by name."""
    if ground in weighing.found:
        for name in law.GROUNDS:
            if name in weighing.found:
                weighing.found[name] = 1.0 if name == ground else 0.0


def assess(
    scenario: Scenario, spec: SendRequest, items: Mapping[str, ItemQuality], requesting: str
) -> law.LetterAssessment:
    """The law's view of a request as sent. Urgency is thin when only stamped, formalities missing unless asked for."""
    also: dict[str, ItemQuality] = {
        "formalities": "full" if spec.formalities else "missing",
        "urgency": "partial" if spec.urgent == "stamped" else "full",
    }
    return law.assess_letter(
        scenario,
        requesting=requesting,
        requested=spec.to,
        measure=spec.measures[0],
        instrument=spec.instrument,
        channel=spec.channel,
        language=spec.language,
        items=also | dict(items),
        urgent=spec.urgent == "with reasons",
        offence=offence(scenario),
    )


def offence(scenario: Scenario) -> str:
    """The offence under investigation."""
    return scenario.case.offence if scenario.case else "trafficking-in-persons"


def usual_chances(scenario: Scenario, procedure: Procedure, to: str) -> dict[str, float]:
    """The named chances of requests to a State under a procedure, before anybody's conduct."""
    performance = scenario.world.jurisdictions.get(to)
    return {**procedure.chances, **(performance.chances if performance else {})}
