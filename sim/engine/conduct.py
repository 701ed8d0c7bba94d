"""How a trainee's request fares: from what was written and how it was sent to the chances on its way.

The law says what is possible; how often offices ask back, return or fall silent is nowhere published as a clean
table. The factors below are therefore modelling assumptions, each with the finding it leans on. They change the
named chances of the procedure (``incomplete``, ``returned``, ``refused``, ``no-reply``) for one request only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim import law
from sim.model.case import SendRequest
from sim.model.loading import Scenario

COMPLETE = 0.5
"""Factor on the usual share of questions when all six contents are full. Assumption: half, the middle of the
0.4-0.8 expected of tools that prompt for missing items; no impact evaluation is published."""
WORST = 0.95
"""Chance of a question when little of UNTOC art. 18(15) is there. Assumption."""
OVERBROAD = 0.15
"""Added chance of a question for an overbroad request. Assumption within the 5-15 % share of overbroad requests."""
OVERBROAD_EFFORT = 1.5
"""Factor on the effort of executing an overbroad request. Assumption."""
PRIOR_CONTACT = 0.6
"""Factor on questions and returns after prior contact or a shared draft. Assumption after Lausanne Guideline 9,
which recommends both without figures."""
SPONTANEOUS = 0.8
"""Factor on questions where information was shared beforehand (UNTOC art. 18(4)). Assumption."""
CHASED = 0.5
"""Factor on silence after a progress enquiry (UNTOC art. 18(24)). Assumption after the effect expected of
reminders in case-management systems."""
WRONG_LANGUAGE = 0.9
"""Chance of a return where the language is not accepted. Assumption; central authorities warn that a bad or
missing translation may mean the request is not even analysed."""
WRONG_CHANNEL = 0.85
"""Chance of a return where the State does not accept the channel. Assumption after practice of returning
deficient requests unregistered."""


@dataclass(frozen=True)
class Circumstance:
    """One thing that moved a chance, for the debrief."""

    chance: str
    value: float
    because: str
    cites: str
    mark: str = "assumption"


@dataclass
class Preparation:
    """What was done towards a State before or beside a request."""

    consulted: bool = False
    shared: bool = False
    asked_interpol: bool = False


def chances(
    scenario: Scenario,
    spec: SendRequest,
    items: dict[str, str],
    requesting: str,
    usual: dict[str, float],
    preparation: Preparation,
    chased: bool,
) -> tuple[dict[str, float], list[Circumstance]]:
    """The named chances of a request, and why they are what they are. ``usual`` are those of the corridor."""
    found = dict(usual)
    why: list[Circumstance] = []

    def put(name: str, value: float, because: str, cites: str, mark: str = "assumption") -> None:
        if name in found:
            found[name] = min(1.0, max(0.0, value))
            why.append(Circumstance(name, found[name], because, cites, mark))

    assessment = assess(scenario, spec, items, requesting)
    gaps = assessment.completeness.gaps
    usual_questions = usual.get("incomplete", 0.35)
    questions = usual_questions * COMPLETE
    questions += (1 - assessment.completeness.share) * 1.5 * (WORST - questions)
    if gaps:
        missing = ", ".join(gap.item for gap in gaps)
        put("incomplete", min(WORST, questions), f"not complete: {missing}", gaps[0].reason.reference)
    else:
        put("incomplete", questions, "all contents are there", "untoc 18(15)")
    if spec.scope == "broad":
        asked = found.get("incomplete", 0.0)
        put("incomplete", asked + OVERBROAD, "it asks for more than the facts support", "untoc 18(15)")
    if preparation.consulted:
        asked = found.get("incomplete", 0.0)
        put("incomplete", asked * PRIOR_CONTACT, "the authority was contacted before", "untoc 18(16)")
        put(
            "returned", found.get("returned", 0.0) * PRIOR_CONTACT, "the authority was contacted before", "untoc 18(13)"
        )
    if preparation.shared:
        asked = found.get("incomplete", 0.0)
        put("incomplete", asked * SPONTANEOUS, "the facts had been shared before", "untoc 18(4)")
    if chased:
        put("no-reply", found.get("no-reply", 0.0) * CHASED, "progress was asked for", "untoc 18(24)")

    state = scenario.jurisdictions[spec.to]
    # Where a procedure knows no return (an Investigation Order is recognised or not), deficiencies end in refusal.
    back = "returned" if "returned" in found else "refused"
    if not assessment.rests:
        put(
            back,
            1.0,
            "the instrument does not bind both States",
            reference(None, spec.instrument),
            "primary source",
        )
        return found, why
    if not assessment.language_accepted:
        put(
            back,
            max(WRONG_LANGUAGE, found.get(back, 0.0)),
            f"{state.title} does not accept {spec.language}",
            reference(assessment.language_reason, spec.instrument),
        )
    if not assessment.channel_open:
        put(
            back,
            max(WRONG_CHANNEL, found.get(back, 0.0)),
            f"{state.title} does not take requests that way",
            reference(assessment.channel_reason, spec.instrument),
        )
    return found, why


def assess(scenario: Scenario, spec: SendRequest, items: Mapping[str, str], requesting: str) -> law.LetterAssessment:
    """The law's view of a request as sent. Formalities are taken as asked for; urgency is thin when only stamped."""
    also = {"formalities": "full", "urgency": "partial" if spec.urgent == "stamped" else "full"}
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
        offence=scenario.case.offence if scenario.case else "trafficking-in-persons",
    )


def reference(reason: law.Reason | None, otherwise: str) -> str:
    """The citation of a reason or of the nearest reason under it; ``otherwise`` if it has none."""
    found = [node.reference for node in reason.walk() if node.reference] if reason is not None else []
    return found[0] if found else otherwise


def usual_chances(scenario: Scenario, procedure: Any, to: str) -> dict[str, float]:
    """The named chances of requests to a State under a procedure, before anybody's conduct."""
    performance = scenario.world.jurisdictions.get(to)
    return {**procedure.chances, **(performance.chances if performance else {})}
