"""How each other State stands to the trainee's office while a case is played: trust, preparation, services used.

Trust moves with conduct and moves how requests fare. No published figure exists for either; that slow answers breed
slow answers, and that breaches of confidence are remembered, is what practitioners report. All steps are
assumptions, in the library's file of behaviour ``trust``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.law import ProvisionAnswer, provision_for
from sim.model.behaviour import Trust
from sim.model.loading import Scenario
from sim.model.roles import Role
from sim.model.service import Effect
from sim.unchanging import Unchanging

NEUTRAL = 0.5
"""The middle of the scale, at which trust moves nothing."""

CONDUCT: dict[str, Role] = {
    "consulted": "prior-contact",
    "shared": "spontaneous-information",
    "answered": "additional-information",
    "withdrawn": "withdrawal",
    "feedback": "feedback",
    "urgent without reasons": "content-urgency",
    "asked twice": "withdrawal",
    "chased too soon": "progress",
    "overbroad": "proportionality",
    "oral and never confirmed": "oral-confirmation",
    "acknowledged": "acknowledgement",
    "helped": "assistance",
    "helped too late": "promptness",
    "left in silence": "acknowledgement",
    "asked for what was there": "additional-information",
    "refused without a word": "reasons",
    "refused without a ground": "grounds-for-refusal",
    "used beyond its purpose": "use-limitation",
    "used without consent": "use-limitation",
    "assured": "conditions",
    "assurance broken": "conditions",
}
"""Conduct that moves trust, by the name of its figure, and the role of the provision it touches."""


@dataclass(frozen=True)
class Step(Unchanging):
    """One change of trust."""

    moment: int
    change: float
    because: str
    touches: Role | None = None
    """The role of the provision that the conduct touches."""
    instrument: str | None = None
    """What the request it concerned rested on, where there was one."""

    def provision(self, scenario: Scenario, home: str, state: str) -> ProvisionAnswer | None:
        """The provision it touches, between the trainee's State and the other; None where it touches none."""
        if self.touches is None:
            return None
        return provision_for(scenario, self.touches, requesting=home, requested=state, instrument=self.instrument)


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

    def move(self, moment: int, conduct: str, instrument: str | None = None) -> None:
        """Change trust as a conduct does; ``instrument`` is what the request it concerns rests on."""
        change: float = getattr(self.figures, conduct.replace(" ", "_"))
        self.change(moment, change, conduct, CONDUCT[conduct], instrument)

    def change(
        self, moment: int, change: float, because: str, touches: Role | None = None, instrument: str | None = None
    ) -> None:
        """Change trust within 0 and 1."""
        before = self.trust
        self.trust = min(1.0, max(0.0, before + change))
        if self.trust != before:
            self.steps.append(Step(moment, self.trust - before, because, touches, instrument))

    def factors(self, now: int) -> dict[str, tuple[float, tuple[str, ...]]]:
        """Factors of services on named chances, faded by now: (factor, the services)."""
        found: dict[str, tuple[float, tuple[str, ...]]] = {}
        for service, (since, effect) in self.services.items():
            left = 1.0
            if effect.fades_over is not None:
                left = max(0.0, 1 - (now - since) / effect.fades_over.seconds())
            for chance, factor in effect.chances.items():
                weight = 1 + (factor - 1) * left
                known = found.get(chance, (1.0, ()))
                found[chance] = known[0] * weight, (*known[1], service)
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
