"""How a trainee's request fares: from what was written and how it was sent to the chances on its way.

The law says what is possible; how often offices ask back, return or fall silent is nowhere published as a clean
table. The factors are therefore assumptions, each with the finding it leans on, in the library's file of behaviour
``conduct``. They change the named chances of the procedure (``incomplete``, ``returned``, ``refused``, ``no-reply``)
for one request only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from sim import law
from sim.engine.relations import NEUTRAL, Relation
from sim.model.actions import Item
from sim.model.behaviour import Conduct
from sim.model.case import SendRequest
from sim.model.loading import Scenario

FULL: dict[str, str] = {name: "full" for name in get_args(Item)}
"""Quality of the six contents where a request says nothing else."""


@dataclass(frozen=True)
class Circumstance:
    """One thing that moved a chance, for the debrief."""

    chance: str
    value: float
    because: str
    cites: str
    mark: str = "assumption"


class _Weighing:
    """Named chances of one request, and why they are what they are."""

    def __init__(self, usual: Mapping[str, float], figures: Conduct):
        self.usual, self.figures = usual, figures
        self.found = dict(usual)
        self.why: list[Circumstance] = []

    def put(self, name: str, value: float, because: str, cites: str, mark: str = "assumption") -> None:
        """Set a chance the procedure knows."""
        if name in self.found:
            self.found[name] = min(1.0, max(0.0, value))
            self.why.append(Circumstance(name, self.found[name], because, cites, mark))

    def times(self, name: str, factor: float, because: str, cites: str) -> None:
        """Multiply it."""
        self.put(name, self.found.get(name, 0.0) * factor, because, cites)

    def plus(self, name: str, amount: float, because: str, cites: str) -> None:
        """Add to it."""
        self.put(name, self.found.get(name, 0.0) + amount, because, cites)

    def at_least(self, name: str, value: float, because: str, cites: str, mark: str = "assumption") -> None:
        """Raise it."""
        self.put(name, max(value, self.found.get(name, 0.0)), because, cites, mark)

    @property
    def back(self) -> str:
        """Where deficient requests go: an Investigation Order knows no return, it is recognised or not."""
        return "returned" if "returned" in self.found else "refused"


def chances(
    scenario: Scenario,
    spec: SendRequest,
    items: dict[str, str],
    requesting: str,
    usual: dict[str, float],
    relation: Relation,
    chased: bool,
    now: int = 0,
    lacks_consent: bool = False,
) -> tuple[dict[str, float], list[Circumstance]]:
    """The named chances of a request, and why they are what they are. ``usual`` are those of the corridor."""
    weighing = _Weighing(usual, scenario.behaviour.conduct)
    assessment = assess(scenario, spec, items, requesting)
    _contents(weighing, spec, items, assessment)
    _standing(weighing, spec, relation, chased, now)
    if not assessment.rests:
        cites = reference(None, spec.instrument)
        weighing.put(weighing.back, 1.0, "the instrument does not bind both States", cites, "primary source")
        return weighing.found, weighing.why
    _form(weighing, scenario, spec, assessment)
    _grounds(weighing, scenario, spec, requesting)
    if lacks_consent:
        cites = "untoc 18(10)"
        weighing.at_least(
            "refused",
            weighing.figures.raised_by_duty,
            "the person concerned has not consented",
            cites,
            "primary source",
        )
        weighing.put("conditions", 0.0, "the person concerned has not consented", cites)
        _point(weighing, "consent-missing")
    return weighing.found, weighing.why


def _contents(weighing: _Weighing, spec: SendRequest, items: dict[str, str], view: law.LetterAssessment) -> None:
    """Completeness, nexus and breadth."""
    gaps, figures = view.completeness.gaps, weighing.figures
    worst = figures.worst_contents
    questions = weighing.usual.get("incomplete", 0.0) * figures.complete_contents
    questions += (1 - view.completeness.share) * figures.missing_contents * (worst - questions)
    if gaps:
        missing = ", ".join(gap.item for gap in gaps)
        weighing.put("incomplete", min(worst, questions), f"not complete: {missing}", gaps[0].reason.reference)
    else:
        weighing.put("incomplete", questions, "all contents are there", "untoc 18(15)")
    if items.get("facts") == "missing":
        because = "nothing connects the evidence with the offence"
        weighing.at_least("refused", figures.no_nexus, because, "untoc 18(15)(c)")
        _point(weighing, "not-in-conformity")
    if spec.scope == "broad":
        because = "it asks for more than the facts support"
        weighing.plus("incomplete", figures.overbroad, because, "untoc 18(15)")
        weighing.plus("partial", figures.overbroad_part, because, "untoc 18(15)")


def _standing(weighing: _Weighing, spec: SendRequest, relation: Relation, chased: bool, now: int) -> None:
    """What was done before or beside it, and how the two offices stand to each other."""
    figures = weighing.figures
    if relation.consulted:
        for name, cites in (("incomplete", "untoc 18(16)"), ("returned", "untoc 18(13)")):
            weighing.times(name, figures.prior_contact, "the authority was contacted before", cites)
    if relation.shared:
        weighing.times("incomplete", figures.spontaneous, "the facts had been shared before", "untoc 18(4)")
    for name, (factor, services) in relation.factors(now).items():
        weighing.times(name, factor, f"prepared with {services.replace('-', ' ')}", "")
    if spec.authority == "guessed" and not relation.consulted:
        weighing.times("wrong-authority", figures.guessed_authority, "the authority was guessed", "untoc 18(13)")
    if relation.trust != NEUTRAL:
        factor = 1 - figures.trusted * (relation.trust - NEUTRAL)
        words = "the two offices trust each other" if factor < 1 else "trust between the two offices has suffered"
        weighing.times("no-reply", factor, words, "")
        weighing.times("incomplete", factor, words, "")
    if chased:
        weighing.times("no-reply", figures.chased, "progress was asked for", "untoc 18(24)")


def _form(weighing: _Weighing, scenario: Scenario, spec: SendRequest, view: law.LetterAssessment) -> None:
    """Language, translation, channel and authenticity."""
    state, figures = scenario.jurisdictions[spec.to], weighing.figures
    cites = reference(view.language_reason, spec.instrument)
    if not view.language_accepted:
        weighing.at_least(
            weighing.back, figures.wrong_language, f"{state.title} does not accept {spec.language}", cites
        )
    elif view.translated:
        if state.translators == "sworn translators" and spec.translation != "certified":
            because = f"{state.title} takes sworn translations only"
            weighing.at_least(weighing.back, figures.wrong_language, because, cites)
        elif spec.translation != "certified":
            by_machine = spec.translation == "machine"
            poor = figures.machine_translation if by_machine else figures.uncertified_translation
            weighing.plus("incomplete", poor, "the translation is poor and must be done again", cites)
    if not view.channel_open:
        because = f"{state.title} does not take requests that way"
        cites = reference(view.channel_reason, spec.instrument)
        weighing.at_least(weighing.back, figures.wrong_channel, because, cites)
    elif not view.authentic and not spec.interpol_copy:
        because = "whether it is authentic has to be confirmed first"
        weighing.plus("incomplete", figures.to_confirm, because, "untoc 18(14)")


def _grounds(weighing: _Weighing, scenario: Scenario, spec: SendRequest, requesting: str) -> None:
    """Grounds for refusal that the facts raise; consultation and conditions come first where the law has them."""
    for measure in spec.measures:
        for ground in law.refusal_grounds(
            scenario,
            requesting=requesting,
            requested=spec.to,
            measure=measure,
            instrument=spec.instrument,
            offence=offence(scenario),
        ):
            if ground.availability != "available" or ground.ground == "no-legal-basis":
                continue
            figures = weighing.figures
            chance = figures.raised_by_duty if ground.mandatory else figures.raised
            words = ground.ground.replace("-", " ")
            because = f"{'must' if ground.mandatory else 'may'} be refused: {words}"
            weighing.at_least("refused", chance, because, reference(ground.reason, spec.instrument), "primary source")
            _point(weighing, ground.ground)
            if ground.mandatory:
                weighing.put("conditions", 0.0, because, reference(ground.reason, spec.instrument))


def _point(weighing: _Weighing, ground: str) -> None:
    """The ground that the facts raise is the one considered, where the procedure knows it by name."""
    if ground in weighing.found:
        for name in law.GROUNDS:
            if name in weighing.found:
                weighing.found[name] = 1.0 if name == ground else 0.0


def assess(scenario: Scenario, spec: SendRequest, items: Mapping[str, str], requesting: str) -> law.LetterAssessment:
    """The law's view of a request as sent. Urgency is thin when only stamped, formalities missing unless asked for."""
    also = {
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


def reference(reason: law.Reason | None, otherwise: str) -> str:
    """The citation of a reason or of the nearest reason under it; ``otherwise`` if it has none."""
    found = [node.reference for node in reason.walk() if node.reference] if reason is not None else []
    return found[0] if found else otherwise


def usual_chances(scenario: Scenario, procedure: Any, to: str) -> dict[str, float]:
    """The named chances of requests to a State under a procedure, before anybody's conduct."""
    performance = scenario.world.jurisdictions.get(to)
    return {**procedure.chances, **(performance.chances if performance else {})}
