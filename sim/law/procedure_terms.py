"""What procedures are made of, in words: stages, the offices that work on them, the chances on the way, the networks
that States take part in. A term that a file brings along and no table knows is shown as it is written."""

from __future__ import annotations

from sim.i18n import Words, marked, say
from sim.law.terms import GROUNDS_IN_WORDS, in_words, outcome_in_words
from sim.model.outcomes import Outcome
from sim.model.procedure import Stage

OFFICES_IN_WORDS: dict[str, str] = {
    "central-authority": marked("central authority"),
    "constituent-units": marked("authorities of a constituent unit"),
    "contact-24-7": marked("24/7 contact point"),
    "court": marked("court"),
    "foreign-ministry": marked("foreign ministry"),
    "laboratory": marked("forensic laboratory"),
    "national-bureau": marked("National Central Bureau"),
    "national-unit": marked("national unit"),
    "police": marked("police"),
    "prosecution": marked("prosecution"),
    "translation": marked("translation service"),
    "victim-support": marked("victim support"),
}
"""Offices by the role they have in procedures."""


def office_in_words(role: str) -> Words:
    """An office by its role."""
    return in_words(role, OFFICES_IN_WORDS)


def stage_in_words(stage: Stage) -> Words | str:
    """A stage of a procedure: its title; how it ends there, or who works on it, where its author gave it none."""
    if stage.title:
        return stage.title
    if stage.end is not None:
        return outcome_in_words(str(Outcome(stage.end, stage.reason)))
    if stage.performer is not None and stage.performer.role is not None:
        return say("at work: {office}", office=office_in_words(stage.performer.role))
    return say("on its way") if stage.steps else say("time passes")


CHANCES_IN_WORDS: dict[str, str] = {
    "appeal": marked("an appeal"),
    "conditions": marked("help under conditions instead of a refusal"),
    "incomplete": marked("a question back"),
    "no-reply": marked("no reply at all"),
    "nothing-found": marked("nothing found"),
    "partial": marked("execution in part only"),
    "postponed": marked("postponement"),
    "refused": marked("consultation about a ground for refusal"),
    "resubmitted": marked("corrected and sent again"),
    "returned": marked("sent back unregistered"),
    "withdrawn": marked("withdrawn for want of need"),
    "wrong-authority": marked("forwarded to another authority"),
    "wrong-unit": marked("forwarded within the State"),
}
"""What the named chances of procedures are of; those named like a ground for refusal are in the law's terms."""


def chance_in_words(chance: str) -> Words:
    """What a named chance is of."""
    return in_words(chance, CHANCES_IN_WORDS | GROUNDS_IN_WORDS)


NETWORKS_IN_WORDS: dict[str, str] = {
    "carin": marked("CARIN"),
    "ejn": marked("the European Judicial Network"),
    "eurojust": marked("Eurojust"),
    "europol": marked("Europol"),
    "interpol": marked("INTERPOL"),
    "seajust": marked("SEAJust"),
    "wacap": marked("WACAP"),
}
"""Networks and organisations by their ids."""


def network_in_words(network: str) -> Words:
    """A network or organisation by its id."""
    return in_words(network, NETWORKS_IN_WORDS)
