"""How each other State stands to the trainee's office while a case is played: trust, preparation, services used.

Trust moves with conduct and moves how requests fare. No published figure exists for either; that slow answers breed
slow answers, and that breaches of confidence are remembered, is what practitioners report. All steps are
assumptions, kept here in one table.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.law import ProvisionAnswer, provision_for
from sim.model.durations import DAY
from sim.model.loading import Scenario
from sim.model.roles import Role
from sim.model.service import Effect

NEUTRAL = 0.5
"""Trust where the world says nothing."""

CONDUCT: dict[str, tuple[float, Role]] = {
    "consulted": (0.05, "prior-contact"),
    "shared": (0.06, "spontaneous-information"),
    "answered": (0.03, "additional-information"),
    "withdrawn": (0.03, "withdrawal"),
    "feedback": (0.05, "feedback"),
    "urgent without reasons": (-0.05, "content-urgency"),
    "asked twice": (-0.05, "withdrawal"),
    "chased too soon": (-0.04, "progress"),
    "overbroad": (-0.04, "proportionality"),
    "oral and never confirmed": (-0.08, "oral-confirmation"),
    "acknowledged": (0.02, "acknowledgement"),
    "helped": (0.04, "assistance"),
    "helped too late": (-0.02, "promptness"),
    "left in silence": (-0.05, "acknowledgement"),
    "asked for what was there": (-0.03, "additional-information"),
    "refused without a word": (-0.06, "reasons"),
    "refused without a ground": (-0.15, "grounds-for-refusal"),
    "used beyond its purpose": (-0.3, "use-limitation"),
    "used without consent": (-0.2, "use-limitation"),
}
"""What conduct does to trust, and the role of the provision it touches. All assumptions."""


@dataclass(frozen=True)
class Step:
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

    trust: float = NEUTRAL
    consulted: bool = False
    shared: bool = False
    services: dict[str, tuple[int, Effect]] = field(default_factory=dict)
    """Services that have had an effect on requests to this State: when, and which."""
    steps: list[Step] = field(default_factory=list)
    """How trust came to be what it is."""

    def move(self, moment: int, conduct: str, instrument: str | None = None) -> None:
        """Change trust as a conduct does; ``instrument`` is what the request it concerns rests on."""
        change, touches = CONDUCT[conduct]
        self.change(moment, change, conduct, touches, instrument)

    def change(
        self, moment: int, change: float, because: str, touches: Role | None = None, instrument: str | None = None
    ) -> None:
        """Change trust within 0 and 1."""
        before = self.trust
        self.trust = min(1.0, max(0.0, before + change))
        if self.trust != before:
            self.steps.append(Step(moment, self.trust - before, because, touches, instrument))

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
