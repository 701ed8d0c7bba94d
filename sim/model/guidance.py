"""Guidance: what practitioners' lists recommend. It is no law and binds nobody."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from sim.model.base import Aside, Header, Mark, Prose, Record, Text
from sim.model.roles import Role


class Recommendation(Record):
    """One recommendation of a list."""

    number: Text
    """Its number there."""
    says: Prose
    """What it recommends, in our words."""
    roles: tuple[Role, ...] = Field(min_length=1)
    """What it speaks about."""
    sureness: Mark = "published"
    """How sure the reading is."""
    note: Aside = ""
    """A caveat for people."""


class Guidance(Header):
    """A list of recommendations. Where no instrument has a rule, it shows what good practice is."""

    kind: Literal["guidance"]
    """Always ``guidance``."""
    short: Prose
    """How people call one of them, before its number: Lausanne Guideline."""
    citation: Prose
    """Full citation."""
    source: Prose
    """Where the text was read."""
    reviewed: date
    """When this file was last checked against the text."""
    recommendations: tuple[Recommendation, ...] = Field(min_length=1)
    """What it recommends, as far as the simulation uses it."""

    def cite(self, recommendation: Recommendation) -> str:
        """A recommendation for people: ``Lausanne Guideline 9``."""
        return f"{self.short} {recommendation.number}"
