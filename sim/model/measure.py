"""Types of assistance: what is asked for, what it brings, and what executing it takes."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from sim.i18n import say
from sim.model.base import Header, Id, Prose, fail
from sim.model.natures import NatureName
from sim.model.procedure import Step


class MeasureStep(Step):
    """One step of executing a measure in the requested State."""

    secures: bool = False
    """Whether it is this step that takes what was asked for: the seizure, the interview, the production. The others
    prepare it or follow it. Where no step says so, the last one does."""


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
    steps: tuple[MeasureStep, ...] = Field(min_length=1)
    """Execution in the requested State, one step after the other."""
    source: Prose
    """Where effort and duration come from."""

    @cached_property
    def securing(self) -> int:
        """Place of the step that takes what was asked for."""
        return next((place for place, step in enumerate(self.steps) if step.secures), len(self.steps) - 1)

    @model_validator(mode="after")
    def _secured_once(self) -> Measure:
        if sum(step.secures for step in self.steps) > 1:
            raise fail(
                "F210",
                say("what was asked for is taken once, and more than one step says that it takes it"),
                say("keep secures: true on the step that takes it"),
            )
        return self
