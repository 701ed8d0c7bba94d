"""Evidence and its clock: created, kept for a while by whoever holds it, preserved, obtained, or lost."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.assurances import Assurance
from sim.model.behaviour import Expiry
from sim.model.case import EvidenceItem
from sim.model.durations import Duration
from sim.model.natures import NATURES, Nature


@dataclass
class EvidenceInCase:
    """One item while a case is played. Moments are seconds since the world's epoch."""

    id: str
    record: EvidenceItem
    figures: Expiry
    erased_at: int | None
    """When the holder deletes it; none: never."""
    nature: Nature = NATURES["data"]
    """What kind of thing it is."""
    retention: Duration | None = None
    """How long the holder keeps it."""
    preserved_until: int | None = None
    secured_by: str | None = None
    """The request under which a copy has been taken."""
    obtained_at: int | None = None
    lost_at: int | None = None
    lead_only: bool = False
    may_be_consented: bool = False
    """Whether it becomes evidence once the sender consents."""
    from_state: str | None = None
    """The State it came from."""
    conditions: bool = False
    """Whether it came under conditions (UNTOC art. 18(26))."""
    assured: frozenset[Assurance] = frozenset()
    """On which assurances it was handed over."""
    consented: bool = False
    """Whether the sender has agreed to a further use."""
    excluded: bool = False
    """Whether a court leaves it out: used beyond what was allowed, or never open to the defence's questions."""
    on_paper: bool = False
    """Whether it is what somebody said, written down and not recorded: worth less once they are gone."""
    lacks_form: bool = False
    """Whether it was taken without the forms that courts at home need."""

    def exists(self, now: int) -> bool:
        """Whether the holder still has it."""
        if self.lost_at is not None:
            return False
        return self.erased_at is None or now < self.erased_at or self.preserved(now)

    def preserved(self, now: int) -> bool:
        """Whether a preservation holds."""
        return self.preserved_until is not None and now < self.preserved_until

    def state(self, now: int) -> str:
        """``obtained``, ``lead only``, ``excluded``, ``lost``, ``preserved`` or ``pending``."""
        if self.excluded:
            return "excluded"
        if self.obtained_at is not None:
            return "lead only" if self.lead_only else "obtained"
        if self.lost_at is not None:
            return "lost"
        return "preserved" if self.preserved(now) else "pending"

    @property
    def worth(self) -> float:
        """What it is worth to the case, less if it lacks the forms that courts at home need."""
        return self.record.weight * (self.figures.lack_of_form if self.lacks_form else 1)

    @property
    def preservation(self) -> int:
        """Length of a preservation in seconds."""
        given = self.record.preserved_for
        return round(given.seconds()) if given is not None else self.figures.preservation
