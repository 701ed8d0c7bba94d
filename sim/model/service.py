"""Services: what institutions offer beside the request itself.

A look-up, a notice, an analysis, a meeting. A service takes time at real offices and then has one or more effects
on the requests towards a State, on a person or on evidence. It never brings evidence by itself.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.i18n import say
from sim.model.base import Header, Id, Origins, Prose, Record, fail, require_origins
from sim.model.durations import Period
from sim.model.procedure import Step

Link = Literal["terrorism", "danger to life", "several States investigate", "child victim", "proceeds"]
"""Facts of a case on which some institutions depend."""


class Availability(Record):
    """What must be so before an institution acts; all of it."""

    network: Id | None = None
    """Both States take part in this network or organisation."""
    instruments: tuple[Id, ...] = ()
    """Both States are bound by each of these instruments."""
    links: tuple[Link, ...] = ()
    """The case has each of these links."""
    channel: Id | None = None
    """The State asked accepts this channel."""


class Hit(Record):
    """Whether a look-up finds something."""

    chance: Annotated[float, Field(ge=0, le=1)]
    """Chance of a hit."""
    gives: Literal["lead", "identity", "whereabouts", "link to another case", "contact"]
    """What a hit gives; never evidence."""


class Effect(Record):
    """What follows from a service, for requests to the State it concerns unless it says otherwise."""

    chances: dict[Id, Annotated[float, Field(ge=0, le=2)]] = {}
    """Factors on the named chances of requests: ``{incomplete: 0.7}``."""
    only_on_hit: bool = False
    """Whether the effects come with a hit only."""
    urgent: bool = False
    """Whether its requests are taken up as urgent ones."""
    trust: Annotated[float, Field(ge=-1, le=1)] = 0.0
    """Change of trust between the two States."""
    wellbeing: Annotated[float, Field(ge=-1, le=1)] = 0.0
    """Change of the wellbeing of the person concerned."""
    fades_over: Period | None = None
    """How long until the effect on chances has faded; none: it stays."""
    alarms: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Chance that it becomes known to suspects."""


class Service(Header):
    """Something an institution does when asked."""

    kind: Literal["service"]
    """Always ``service``."""
    institution: Prose
    """Who offers it."""
    type: Literal["look-up", "notice", "analysis", "coordination", "contact", "urgent action", "support", "training"]
    """What it is."""
    only_if: Availability = Availability()
    """What must be so before it is offered."""
    steps: tuple[Step, ...] = Field(min_length=1)
    """What it takes, one step after the other."""
    hit: Hit | None = None
    """Whether it finds something."""
    effect: Effect = Effect()
    """What follows."""
    worth: Literal["none", "lead only", "evidence once consented"] = "lead only"
    """What its product is worth in court."""
    limits: Prose
    """What it cannot do."""
    source: Prose
    """Where the description comes from."""
    origins: Origins = {}
    """Where its figures come from: ``chance`` of a hit, ``effect``."""

    @model_validator(mode="after")
    def _figures_have_origins(self) -> Service:
        effect = self.effect
        acts = bool(effect.chances or effect.trust or effect.wellbeing or effect.alarms)
        if (acts or self.hit is not None) and "all" not in self.origins:
            needed = (("hit",) if self.hit is not None else ()) + (("effect",) if acts else ())
            require_origins(self, needed)
        if effect.only_on_hit and self.hit is None:
            raise fail("F210", say("effects on a hit only, but nothing is looked up"), say("add hit"), ("effect",))
        return self
