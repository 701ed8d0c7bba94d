"""Types of assistance: what is asked for, what it brings, and what executing it takes."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.model.base import Header, Id, Prose
from sim.model.natures import NatureName
from sim.model.procedure import Step


class Measure(Header):
    """A type of assistance: what is asked for, and what executing it takes."""

    kind: Literal["measure"]
    """Always ``measure``."""
    coercive: bool
    """Whether it compels somebody or intrudes on rights."""
    hook: tuple[str, ...] = ()
    """Articles that name it, such as ``untoc 18(3)(f)``."""
    yields: Id
    """What it brings: the kind of evidence."""
    nature: NatureName = "data"
    """What that is: data, records, objects, assets, what somebody says, people to be reached, or a step done."""
    perishes: bool = False
    """Whether what it seeks is deleted in the ordinary course of things."""
    consent_of: Literal["nobody", "the person heard", "the detained person", "the accused"] = "nobody"
    """Whose consent it needs."""
    steps: tuple[Step, ...] = Field(min_length=1)
    """Execution in the requested State, one step after the other."""
    source: Prose
    """Where effort and duration come from."""
