"""What a judgement of an axis is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """Why points were given or not."""

    text: str
    cites: str = ""
    good: bool = False
    """Whether it says what went well."""


Judgement = tuple[float | None, list[Reason]]
"""A value between 0 and 1, or None where there is nothing to judge; and why."""


def mean(values: list[float]) -> float | None:
    """Their mean; None where there are none."""
    return sum(values) / len(values) if values else None
