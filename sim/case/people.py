"""People in a case: how they are, and whether they still take part.

No published rate exists for victims withdrawing from proceedings; the figures are assumptions that follow what
guidance stresses (recovery, information, few interviews, no exposure), in the library's file of behaviour ``people``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sim.model.behaviour import People
from sim.model.case import Person
from sim.model.durations import DAY, Period

MONTH = 30 * DAY
"""Rates of people are those of a month of thirty days."""


@dataclass
class PersonInCase:
    """One person while a case is played."""

    id: str
    record: Person
    wellbeing: float
    figures: People
    reflection: Period | None = None
    """The recovery and reflection period, from the start."""
    supports: set[str] = field(default_factory=set)
    withdrawn_at: int | None = None
    interviews: list[tuple[int, str, bool]] = field(default_factory=list)
    """(moment, manner, whether it was within the reflection period)."""
    unprotected: list[int] = field(default_factory=list)
    """When they were heard as a child without what protects children."""
    months: int = 0
    exposed: bool = False
    returned: bool = False
    """Whether they have gone home."""
    hurt: float = 0.0
    """What came of the trainee's choices and hurt them, whether or not they have got over it since."""

    @classmethod
    def of(cls, id_: str, record: Person, figures: People, by_law: Period | None = None) -> PersonInCase:
        """``by_law`` is the recovery and reflection period of the trainee's State."""
        reflection = by_law if record.reflection == "by national law" else record.reflection
        return cls(id_, record, record.wellbeing, figures, reflection)

    @property
    def available(self) -> bool:
        return self.withdrawn_at is None

    @property
    def can_tell(self) -> bool:
        """Whether they are well enough to tell what happened."""
        return self.wellbeing >= self.record.speaks_from

    @property
    def counts_as_child(self) -> bool:
        """Whether they are a child, or have to be taken for one because nobody has assessed their age."""
        return self.record.child or (self.record.age_in_doubt and "age assessment" not in self.supports)

    def change(self, amount: float) -> None:
        """Change wellbeing within 0 and 1."""
        self.wellbeing = min(1.0, max(0.0, self.wellbeing + amount))

    def meets(self, amount: float, *, by_choice: bool) -> None:
        """Something befalls them; it may follow from what the trainee has chosen."""
        self.change(amount)
        if by_choice:
            self.hurt += max(0.0, -amount)

    def interview(self, now: int, start: int, manner: str, protected: bool = True) -> None:
        """Interview the person; it harms more within the reflection period, and where a child lacks its protection."""
        early = self.reflection is not None and now - start < self.reflection.seconds()
        self.interviews.append((now, manner, early))
        repeated = len(self.interviews) > 1
        again = self.figures.repeated_for_a_child if self.counts_as_child else self.figures.repeated
        harm = self._harm_of(manner) * (again if repeated else 1)
        self.change(harm + (self.figures.pressed if early else 0))
        if not protected:
            self.unprotected.append(now)
            self.change(self.figures.child_unprotected)

    def lacking_for_child(self, manner: str) -> tuple[str, ...]:
        """What a hearing in some manner lacks that a child needs: ``guardian``, ``trained interviewer``."""
        if not self.counts_as_child:
            return ()
        guardian = () if "guardian" in self.supports else ("guardian",)
        return guardian + (("trained interviewer",) if manner == "ordinary" else ())

    def _harm_of(self, manner: str) -> float:
        if manner == "specialist":
            return self.figures.specialist_interview
        return self.figures.recorded_interview if manner == "video-recorded" else self.figures.ordinary_interview

    def consents(self, to: str) -> bool:
        """Whether they consent to what a measure needs: free, informed where they are to be moved, and for a child with
        somebody who represents it."""
        if self.counts_as_child and "guardian" not in self.supports:
            return False
        if to == "the detained person":
            return self.available and bool({"information", "legal aid"} & self.supports)
        return self.available

    def go_home(self, *, voluntary: bool) -> None:
        """Return home: only if it is wished, and after an individual risk assessment (Palermo Protocol art. 8)."""
        self.returned = True
        if not voluntary:
            self.change(self.figures.forced_return)
        if "risk assessment" not in self.supports:
            self.change(self.figures.unassessed_return)

    def month_passes(self, draw: Callable[[int], float]) -> bool:
        """A month goes by; returns whether the person withdraws. ``draw(month)`` gives a uniform number."""
        self.months += 1
        if {"shelter", "counselling"} <= self.supports:
            self.change(self.figures.supported)
        elif self.supports & {"shelter", "counselling"}:
            self.change(self.figures.supported * self.figures.either_alone)
        if "information" not in self.supports:
            self.change(self.figures.silence)
        # The rate is said for a wellbeing of a half, the middle of the scale.
        hazard = self.record.withdrawal_per_month * 2 * (1 - self.wellbeing)
        if self.returned:
            hazard *= self.figures.out_of_reach
        if "relocation" in self.supports or "cultural mediator" in self.supports:
            hazard *= self.figures.kept_in_touch
        return self.available and draw(self.months) < hazard
