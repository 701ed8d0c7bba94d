"""How each other State stands to the trainee's office while a case is played: trust, preparation, services used.

Trust moves with conduct and moves how requests fare. No published figure exists for either; that slow answers breed
slow answers, and that breaches of confidence are remembered, is what practitioners report. All steps are
assumptions, kept here in one table.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.model.durations import DAY
from sim.model.loading import Scenario
from sim.model.service import Effect

NEUTRAL = 0.5
"""Trust where the world says nothing."""

CONDUCT: dict[str, tuple[float, str]] = {
    "consulted": (0.05, "lausanne-guideline 9"),
    "shared": (0.06, "untoc 18(4)"),
    "answered": (0.03, "untoc 18(16)"),
    "withdrawn": (0.03, "untoc 18(24)"),
    "feedback": (0.05, "warsaw-2005 34(1)"),
    "urgent without reasons": (-0.05, "untoc 18(24)"),
    "asked twice": (-0.05, "untoc 18(24)"),
    "chased too soon": (-0.04, "untoc 18(24)"),
    "overbroad": (-0.04, "untoc 18(15)"),
    "oral and never confirmed": (-0.08, "untoc 18(14)"),
    "acknowledged": (0.02, "untoc 18(24)"),
    "helped": (0.04, "untoc 18(1)"),
    "helped too late": (-0.02, "untoc 18(24)"),
    "left in silence": (-0.05, "untoc 18(24)"),
    "asked for what was there": (-0.03, "untoc 18(16)"),
    "refused without a word": (-0.06, "untoc 18(23)"),
    "refused without a ground": (-0.15, "untoc 18(21)"),
    "used beyond its purpose": (-0.3, "untoc 18(19)"),
    "used without consent": (-0.2, "eu-2023-977 1(4)"),
}
"""What conduct does to trust, and the provision it touches. All assumptions."""


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

    trust: float = NEUTRAL
    consulted: bool = False
    shared: bool = False
    services: dict[str, tuple[int, Effect]] = field(default_factory=dict)
    """Services that have had an effect on requests to this State: when, and which."""
    steps: list[Step] = field(default_factory=list)
    """How trust came to be what it is."""

    def move(self, moment: int, conduct: str) -> None:
        """Change trust as a conduct does."""
        change, cites = CONDUCT[conduct]
        self.change(moment, change, conduct, cites)

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
    for relation in scenario.world.relations:
        if set(relation.between) == {home, state}:
            return Relation(relation.trust)
    return Relation()


TOO_SOON = 20 * DAY
"""A progress enquiry before so many days is no *reasonable* one (UNTOC art. 18(24)). Assumption."""
