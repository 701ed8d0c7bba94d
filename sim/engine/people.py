"""People in a case: how they are, and whether they still take part.

No published rate exists for victims withdrawing from proceedings; the figures are modelling assumptions that
follow what guidance stresses: recovery, information, few interviews, no exposure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sim.model.case import Person
from sim.model.durations import DAY, Period

MONTH = 30 * DAY
SUPPORTED = 0.04
"""Gain of wellbeing in a month with shelter and counselling. Assumption (0.01 a week)."""
SILENCE = -0.02
"""Change in a month without information on the proceedings. Assumption."""
INTERVIEWS = {"specialist": -0.02, "video-recorded": -0.02, "ordinary": -0.05}
"""Change for an interview. Assumption: 0.05 for an ordinary one, less with a specialist."""
PRESSED = -0.10
"""Further change for an interview within the recovery and reflection period (CETS 197 art. 13). Assumption."""
EXPOSED = -0.15
"""Change when the person's identity becomes known (Palermo Protocol art. 6(1)). Assumption."""

FORCED_RETURN = -0.2
"""Change when a person is sent home against their wish (Palermo Protocol art. 8(2)). Assumption."""
UNASSESSED_RETURN = -0.1
"""Change when nobody assessed the risk before a return (Palermo Protocol art. 8(2)). Assumption."""
OUT_OF_REACH = 2.5
"""Factor on withdrawal after the return home. Assumption: contact is often lost; half are thought unreachable after
eighteen months, which no figure confirms."""
KEPT_IN_TOUCH = 0.6
"""Factor on withdrawal with relocation, or with a mediator of the person's own language and culture. Assumption."""


@dataclass
class PersonInCase:
    """One person while a case is played."""

    id: str
    record: Person
    wellbeing: float
    reflection: Period | None = None
    """The recovery and reflection period, from the start."""
    supports: set[str] = field(default_factory=set)
    withdrawn_at: int | None = None
    interviews: list[tuple[int, str, bool]] = field(default_factory=list)
    """(moment, manner, whether it was within the reflection period)."""
    months: int = 0
    exposed: bool = False
    returned: bool = False
    """Whether they have gone home."""

    @classmethod
    def of(cls, id_: str, record: Person, by_law: Period | None = None) -> PersonInCase:
        """``by_law`` is the recovery and reflection period of the trainee's State."""
        reflection = by_law if record.reflection == "by national law" else record.reflection
        return cls(id_, record, record.wellbeing, reflection)  # type: ignore[arg-type]

    @property
    def available(self) -> bool:
        return self.withdrawn_at is None

    def change(self, amount: float) -> None:
        """Change wellbeing within 0 and 1."""
        self.wellbeing = min(1.0, max(0.0, self.wellbeing + amount))

    def interview(self, now: int, start: int, manner: str) -> None:
        """Interview the person; within the reflection period it harms more."""
        early = self.reflection is not None and now - start < self.reflection.seconds()
        self.interviews.append((now, manner, early))
        repeated = len(self.interviews) > 1
        self.change(INTERVIEWS[manner] * (2 if repeated else 1) + (PRESSED if early else 0))

    def consents(self, to: str) -> bool:
        """Whether they consent to what a measure needs: free, and informed where they are to be moved."""
        if to == "the detained person":
            return self.available and bool({"information", "legal aid"} & self.supports)
        return self.available

    def go_home(self, *, voluntary: bool) -> None:
        """Return home: only if it is wished, and after an individual risk assessment (Palermo Protocol art. 8)."""
        self.returned = True
        if not voluntary:
            self.change(FORCED_RETURN)
        if "risk assessment" not in self.supports:
            self.change(UNASSESSED_RETURN)

    def month_passes(self, draw: Any) -> bool:
        """A month goes by; returns whether the person withdraws. ``draw(month)`` gives a uniform number."""
        self.months += 1
        if {"shelter", "counselling"} <= self.supports:
            self.change(SUPPORTED)
        elif self.supports & {"shelter", "counselling"}:
            self.change(SUPPORTED / 2)
        if "information" not in self.supports:
            self.change(SILENCE)
        hazard = self.record.withdrawal_per_month * 2 * (1 - self.wellbeing)
        if self.returned:
            hazard *= OUT_OF_REACH
        if "relocation" in self.supports or "cultural mediator" in self.supports:
            hazard *= KEPT_IN_TOUCH
        return self.available and draw(self.months) < hazard
