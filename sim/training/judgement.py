"""What a judgement of an axis is made of."""

from __future__ import annotations

from dataclasses import dataclass

from sim.i18n import Words
from sim.law import ProvisionAnswer


@dataclass(frozen=True)
class Reason:
    """Why points were given or not."""

    words: Words | str
    """The sentence, ours or (a plain string) the author's; without a stop."""
    provision: ProvisionAnswer | None = None
    """What it is held against; None where it is a choice of ours to teach, and no law."""
    good: bool = False
    """Whether it says what went well."""

    @property
    def text(self) -> str:
        """The sentence in the language in use."""
        return str(self.words)

    @property
    def cites(self) -> str:
        """The provision as files write it; empty where there is none, or good practice alone."""
        return self.provision.reference if self.provision is not None else ""


Judgement = tuple[float | None, list[Reason]]
"""A value between 0 and 1, or None where there is nothing to judge; and why."""


def mean(values: list[float]) -> float | None:
    """Their mean; None where there are none."""
    return sum(values) / len(values) if values else None
