"""Assurances by name: what one State promises another so that it helps, or helps without a risk to a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from sim.i18n import marked
from sim.model.grounds import Ground

Assurance = Literal[
    "no-death-penalty",
    "no-capital-use",
    "humane-treatment",
    "fair-trial",
    "retrial",
    "sentence-review",
    "no-onward-removal",
    "protection-of-person",
    "speciality",
    "return-of-person",
    "confidentiality",
    "data-protection",
]
"""What can be assured."""

Giver = Literal["ministry", "central authority", "court"]
"""Who can bind the State by it. Treaties leave that to each State; it is a modelling choice after the practice that who
gives up a penalty, or speaks for prisons, speaks for the government, and who promises their own conduct does not."""


@dataclass(frozen=True)
class AssuranceKind:
    """What is said about an assurance."""

    title: str
    """What is promised, in a few words (``marked``)."""
    given_by: Giver


KINDS: dict[Assurance, AssuranceKind] = {
    "no-death-penalty": AssuranceKind(marked("no death penalty is imposed or carried out"), "ministry"),
    "no-capital-use": AssuranceKind(marked("the material is not used for a charge that carries death"), "ministry"),
    "humane-treatment": AssuranceKind(marked("humane treatment in custody, open to visits"), "ministry"),
    "fair-trial": AssuranceKind(marked("trial by an ordinary court with counsel and interpreter"), "ministry"),
    "retrial": AssuranceKind(marked("a retrial after a judgment in absence"), "court"),
    "sentence-review": AssuranceKind(marked("review of a life sentence"), "ministry"),
    "no-onward-removal": AssuranceKind(marked("no removal to another State"), "ministry"),
    "protection-of-person": AssuranceKind(marked("protection of the person in danger"), "central authority"),
    "speciality": AssuranceKind(marked("no trial for other offences (speciality)"), "ministry"),
    "return-of-person": AssuranceKind(marked("return of a person who is transferred for a time"), "central authority"),
    "confidentiality": AssuranceKind(marked("confidentiality of what is handed over"), "central authority"),
    "data-protection": AssuranceKind(
        marked("personal data used for the stated purpose only and deleted afterwards"), "central authority"
    ),
}
"""Every assurance."""

TITLES: dict[str, str] = {name: kind.title for name, kind in KINDS.items()}
"""What people call them (``marked``)."""

ASSURANCES: tuple[Assurance, ...] = get_args(Assurance)
"""Every assurance by name."""

LIFTS: dict[Assurance, Ground] = {
    "no-death-penalty": "death-penalty",
    "no-capital-use": "death-penalty",
    "humane-treatment": "torture-or-ill-treatment",
    "fair-trial": "denial-of-fair-trial",
    "retrial": "trial-in-absence",
    "sentence-review": "life-sentence-without-review",
    "protection-of-person": "danger-to-person-or-investigation",
}
"""The ground that an assurance asked for by a State's own law is about. Whether it takes a ground of an instrument away
is said by the provision that has the ground."""
