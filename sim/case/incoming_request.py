"""A request from abroad on the trainee's own desk."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.model.actions import ItemQuality
from sim.model.assurances import Assurance
from sim.model.incoming import Incoming

CLOSED = ("refused", "sent back", "executed", "executed too late")


@dataclass
class OnDesk:
    """One request while the case is played."""

    id: str
    record: Incoming
    state: str = "not arrived"
    """``waiting``, ``examined``, ``asked``, ``answered``, ``granted``, ``postponed``, or how it was closed."""
    items: dict[str, ItemQuality] = field(default_factory=dict)
    acknowledged: bool = False
    examined: bool = False
    asked: bool = False
    asked_for_nothing: bool = False
    """Whether a question was put although everything was there."""
    consulted: bool = False
    ground: str = ""
    reasons: bool = False
    conditions: bool = False
    personal_data: str = "not considered"
    """The ground noted on which personal data go with it."""
    assured: set[Assurance] = field(default_factory=set)
    """What the requesting State has promised."""
    finished_at: int | None = None
    team: bool = False
    """Whether another team wrote it, who answers for itself."""
    busy: int = 0
    """Steps of a lawyer's that are under way."""

    @property
    def closed(self) -> bool:
        """Whether nothing more is to be done."""
        return self.state in CLOSED

    @property
    def gaps(self) -> list[str]:
        """Contents that are not there in full."""
        return [item for item, quality in self.items.items() if quality != "full"]
