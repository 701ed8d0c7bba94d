"""How each other State stands to the trainee's office while a case is played: trust, preparation, services used.

Trust moves with conduct and moves how requests fare. No published figure exists for either; that slow answers breed
slow answers, and that breaches of confidence are remembered, is what practitioners report. All steps are
assumptions, in the library's file of behaviour ``trust``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.model.behaviour import Trust
from sim.model.loading import Scenario
from sim.model.service import Effect

NEUTRAL = 0.5
"""The middle of the scale, at which trust moves nothing."""

CONDUCT: dict[str, str] = {
    "consulted": "lausanne-guideline 9",
    "shared": "untoc 18(4)",
    "answered": "untoc 18(16)",
    "withdrawn": "untoc 18(24)",
    "feedback": "warsaw-2005 34(1)",
    "urgent without reasons": "untoc 18(24)",
    "asked twice": "untoc 18(24)",
    "chased too soon": "untoc 18(24)",
    "overbroad": "untoc 18(15)",
    "oral and never confirmed": "untoc 18(14)",
    "acknowledged": "untoc 18(24)",
    "helped": "untoc 18(1)",
    "helped too late": "untoc 18(24)",
    "left in silence": "untoc 18(24)",
    "asked for what was there": "untoc 18(16)",
    "refused without a word": "untoc 18(23)",
    "refused without a ground": "untoc 18(21)",
    "used beyond its purpose": "untoc 18(19)",
    "used without consent": "eu-2023-977 1(4)",
}
"""Conduct that moves trust, by the name of its figure, and the provision it touches."""


@dataclass(frozen=True)
class Step:
    """One change of trust."""

    moment: int
    change: float
    because: str
    cites: str = ""


@dataclass
class Relation:
    """One State, as it stands to the trainee's office."""

    figures: Trust
    trust: float = NEUTRAL
    consulted: bool = False
    shared: bool = False
    services: dict[str, tuple[int, Effect]] = field(default_factory=dict)
    """Services that have had an effect on requests to this State: when, and which."""
    steps: list[Step] = field(default_factory=list)
    """How trust came to be what it is."""

    def move(self, moment: int, conduct: str) -> None:
        """Change trust as a conduct does."""
        change: float = getattr(self.figures, conduct.replace(" ", "_"))
        self.change(moment, change, conduct, CONDUCT[conduct])

    def change(self, moment: int, change: float, because: str, cites: str = "") -> None:
        """Change trust within 0 and 1."""
        before = self.trust
        self.trust = min(1.0, max(0.0, before + change))
        if self.trust != before:
            self.steps.append(Step(moment, self.trust - before, because, cites))

    def factors(self, now: int) -> dict[str, tuple[float, str]]:
        """Factors of services on named chances, faded by now: (factor, the service)."""
        found: dict[str, tuple[float, str]] = {}
        for service, (since, effect) in self.services.items():
            left = 1.0
            if effect.fades_over is not None:
                left = max(0.0, 1 - (now - since) / effect.fades_over.seconds())
            for chance, factor in effect.chances.items():
                weight = 1 + (factor - 1) * left
                known = found.get(chance, (1.0, ""))
                found[chance] = known[0] * weight, ", ".join(filter(None, (known[1], service)))
        return found

    @property
    def urgent(self) -> bool:
        """Whether a service has made its requests urgent there."""
        return any(effect.urgent for _, effect in self.services.values())


def initial(scenario: Scenario, home: str, state: str) -> Relation:
    """The relation at the start of a play."""
    figures = scenario.behaviour.trust
    for relation in scenario.world.relations:
        if set(relation.between) == {home, state}:
            return Relation(figures, relation.trust)
    return Relation(figures, figures.where_nothing_is_said)
