"""Evidence and its clock: created, kept for a while by whoever holds it, preserved, obtained, or lost."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.case import EvidenceItem
from sim.model.durations import DAY

LEAST_PRESERVATION = 60 * DAY
"""Length of a preservation where the case says nothing (Budapest Convention art. 29(7): at least sixty days)."""


@dataclass
class EvidenceInCase:
    """One item while a case is played. Moments are seconds since the world's epoch."""

    id: str
    record: EvidenceItem
    erased_at: int | None
    """When the holder deletes it; none: never."""
    preserved_until: int | None = None
    secured_by: str | None = None
    """The request under which a copy has been taken."""
    obtained_at: int | None = None
    lost_at: int | None = None
    lead_only: bool = False

    def exists(self, now: int) -> bool:
        """Whether the holder still has it."""
        if self.lost_at is not None:
            return False
        return self.erased_at is None or now < self.erased_at or self.preserved(now)

    def preserved(self, now: int) -> bool:
        """Whether a preservation holds."""
        return self.preserved_until is not None and now < self.preserved_until

    def state(self, now: int) -> str:
        """``obtained``, ``lead only``, ``lost``, ``preserved`` or ``pending``."""
        if self.obtained_at is not None:
            return "lead only" if self.lead_only else "obtained"
        if self.lost_at is not None:
            return "lost"
        return "preserved" if self.preserved(now) else "pending"

    @property
    def preservation(self) -> int:
        """Length of a preservation in seconds."""
        given = self.record.preserved_for
        return round(given.seconds()) if given is not None else LEAST_PRESERVATION
