"""Scores from the requested State's side: what was done with requests from abroad, held against the law.

How many points a conduct is worth is a teaching choice of ours, not law.
"""

from __future__ import annotations

from sim.engine.desk import OnDesk, grounds, language_accepted
from sim.training.reasons import Judgement, Reason, mean
from sim.training.session import Session


def _arrived(session: Session) -> list[OnDesk]:
    return [paper for paper in session.run.incoming.values() if paper.state != "not arrived"]


def legal_basis(session: Session) -> Judgement:
    values, reasons = [], []
    for paper in _arrived(session):
        raised, title = grounds(session.run, paper), paper.record.title
        if paper.state == "refused":
            lawful = paper.ground in raised
            values.append(1.0 if lawful else 0.0)
            words = paper.ground.replace("-", " ")
            said = f"{title}: refused for {words}, " + (
                "which the law raises" if lawful else "which the law does not raise"
            )
            reasons.append(Reason(said, "untoc 18(21)", good=lawful))
        elif paper.state in ("granted", "executed", "executed too late"):
            binding = [name for name, must in raised.items() if must]
            values.append(0.0 if binding else 1.0)
            if binding:
                reasons.append(Reason(f"{title}: granted although it must be refused", "untoc 18(21)"))
    return mean(values), reasons


def completeness(session: Session) -> Judgement:
    values, reasons = [], []
    for paper in _arrived(session):
        incomplete = any(quality != "full" for quality in dict(paper.record.items).values())
        title = paper.record.title
        if paper.asked:
            values.append(0.3 if paper.asked_for_nothing else 1.0)
            words = "asked for what was there" if paper.asked_for_nothing else "asked for what was missing"
            reasons.append(Reason(f"{title}: {words}", "untoc 18(16)", good=not paper.asked_for_nothing))
        elif incomplete and paper.state in ("granted", "executed", "executed too late"):
            values.append(0.4)
            reasons.append(Reason(f"{title}: carried out although something was missing", "untoc 18(15)"))
        elif incomplete and paper.state == "refused":
            values.append(0.2)
            reasons.append(Reason(f"{title}: refused instead of asked", "untoc 18(16)"))
    return mean(values), reasons


def consultation(session: Session) -> Judgement:
    values, reasons = [], []
    for paper in _arrived(session):
        title = paper.record.title
        if paper.state == "refused":
            values.append(0.5 * paper.consulted + 0.5 * paper.reasons)
            if not paper.consulted:
                reasons.append(Reason(f"{title}: refused without consultation", "untoc 18(26)"))
            if not paper.reasons:
                reasons.append(Reason(f"{title}: refused without reasons", "untoc 18(23)"))
        elif paper.state == "sent back":
            values.append(1.0 if paper.reasons else 0.3)
        handled = paper.state not in ("waiting", "examined")
        values.append(1.0 if paper.acknowledged else NEVER_ACKNOWLEDGED if handled else 0.0)
    silent = sum(not p.acknowledged and p.state in ("waiting", "examined") for p in _arrived(session))
    if silent:
        reasons.append(Reason(f"{silent} requests heard nothing from you", "untoc 18(24)"))
    return mean(values), reasons or [Reason("everybody heard from you", "untoc 18(24)", good=True)]


NEVER_ACKNOWLEDGED = 0.8
"""What it is worth that a request was dealt with whose sender never heard that it had arrived. A teaching choice."""


def urgency(session: Session) -> Judgement:
    values, reasons = [], []
    for paper in _arrived(session):
        if paper.record.urgent == "with reasons":
            in_time = paper.state == "executed"
            values.append(1.0 if in_time else 0.0)
            words = "answered in time" if in_time else "not answered in time"
            reasons.append(Reason(f"{paper.record.title}: a reasoned deadline, {words}", "untoc 18(24)", good=in_time))
    return mean(values), reasons


def channel_and_language(session: Session) -> Judgement:
    values, reasons = [], []
    for paper in _arrived(session):
        if not language_accepted(session.run, paper):
            heard = paper.state == "sent back" or paper.asked
            values.append(1.0 if heard else 0.2)
            words = "told so" if heard else "nobody told them"
            reasons.append(
                Reason(f"{paper.record.title}: not in a language accepted here, {words}", "untoc 18(14)", heard)
            )
    return mean(values), reasons


def victim_centred(session: Session) -> Judgement:
    values, reasons = [], []
    for paper in _arrived(session):
        if paper.record.concerns_victim:
            done = paper.state == "executed"
            under_way = 0.6 if paper.state == "granted" else 0.4 if paper.state in ("asked", "answered") else 0.0
            values.append(1.0 if done else under_way)
            words = "helped in time" if done else f"somebody waits ({paper.state})"
            reasons.append(Reason(f"{paper.record.title}: {words}", "tip-protocol 6(1)", good=done))
    return mean(values), reasons


def use_and_confidentiality(session: Session) -> Judgement:
    values, reasons = [], []
    for paper in _arrived(session):
        if paper.record.concerns_victim and paper.state in ("granted", "executed", "executed too late"):
            values.append(1.0 if paper.conditions else 0.5)
            if not paper.conditions:
                words = f"{paper.record.title}: granted without conditions on use"
                reasons.append(Reason(words, "untoc 18(26)"))
    return mean(values), reasons or [Reason("conditions were thought of", "untoc 18(26)", good=True)]


JUDGES = {
    "legal-basis": legal_basis,
    "completeness": completeness,
    "consultation": consultation,
    "urgency": urgency,
    "channel-and-language": channel_and_language,
    "victim-centred": victim_centred,
    "use-and-confidentiality": use_and_confidentiality,
}
"""How an axis is judged from this side; the other axes have nothing to judge or are judged as ever."""
