"""A policy question: what a ministry asks, what could be done, what is looked at, and when the answer is enough."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.i18n import marked, say
from sim.model.base import Aside, Header, Id, OneOf, Prose, Record, Text, fail
from sim.model.measures import ALL, GROUPS, MEASURES, OfOffice, corridor
from sim.model.problems import Misfit, did_you_mean
from sim.model.world import Patch, World

MeasureName = Annotated[str, OneOf(lambda: MEASURES)]
"""What can be looked at: see `sim.model.measures`."""


class Option(Record):
    """One answer to the question: levers to pull and settings to change, together."""

    title: Prose
    """What people call it."""
    levers: tuple[Id, ...] = ()
    """Levers of the library, in the order in which they take hold."""
    settings: tuple[Patch, ...] = ()
    """Single changes, after the levers."""

    @model_validator(mode="after")
    def _changes_something(self) -> Option:
        if not self.levers and not self.settings:
            raise fail("F210", say("an alternative that changes nothing"), say("name a lever or a setting"))
        return self


class Headline(Record):
    """A figure by which the alternatives are judged."""

    measure: MeasureName
    """What is measured."""
    of: Text = ALL
    """Of whom: all requests, about trafficking, about other matters, a corridor such as ``lys to nor``, or an
    office's id."""
    better: Literal["less", "more"]
    """Which direction is an improvement."""
    enough: Annotated[float, Field(gt=0)] | None = None
    """The smallest improvement that would be worth the effort, in the figure's unit."""
    because: Aside = ""
    """Why that much."""


class Variation(Record):
    """Which assumptions are varied, to see what the conclusion hangs on."""

    by: Literal["place", "stage", "office", "world"] = "world"
    """What is varied together: nothing, all that concerns a stage, an office or a State, or the world."""
    only: tuple[Text, ...] = ()
    """The assumptions to vary, by their ids; all of them unless given."""
    ranges: dict[Text, tuple[Annotated[float, Field(gt=0)], Annotated[float, Field(gt=0)]]] = {}
    """Lowest and highest factor by id, where the usual range is too wide or too narrow; of odds, for chances."""
    because: Aside = ""
    """Why these ranges."""

    @model_validator(mode="after")
    def _around_one(self) -> Variation:
        for name, (low, high) in self.ranges.items():
            if not low <= 1 <= high:
                raise fail("F207", say("a range of factors has 1 inside"), say("write [0.8, 1.25]"), ("ranges", name))
        return self


class Policy(Header):
    """A question about the process, as a ministry asks it, and how it is to be answered."""

    kind: Literal["policy"]
    """Always ``policy``."""
    question: Prose
    """The question, as it is asked."""
    asked_by: Prose
    """Who asks."""
    world: Id
    """The world in which it is answered."""
    alternatives: dict[Id, Option] = Field(min_length=1)
    """What could be done, beside leaving everything as it is."""
    kpis: tuple[Headline, ...] = Field(min_length=1)
    """What is looked at, the most important first."""
    years: Annotated[float, Field(gt=0, le=100)] = 2.0
    """Simulated years after the warm-up."""
    replications: Annotated[int, Field(ge=2, le=100_000)] = 100
    """Runs of each alternative."""
    seed: Annotated[int, Field(ge=0)] = 1
    """Seed of all chance."""
    roll_out: bool = False
    """Whether levers are introduced over the time each needs, rather than being fully in place."""
    enough: Prose
    """What would count as an answer that is sure enough to act on."""
    assumptions_to_vary: Variation = Variation()
    """What is varied, to see what the conclusion hangs on."""
    limits: tuple[Prose, ...] = Field(min_length=1)
    """What the answer does not say."""

    @model_validator(mode="after")
    def _each_once(self) -> Policy:
        titles = [option.title for option in self.alternatives.values()]
        for id_, option in self.alternatives.items():
            if titles.count(option.title) > 1:
                raise fail(
                    "F210",
                    say("{title!r} stands twice", title=option.title),
                    say("name them apart"),
                    ("alternatives", id_, "title"),
                )
        seen = set()
        for place, kpi in enumerate(self.kpis):
            if (kpi.measure, kpi.of) in seen:
                raise fail(
                    "F210",
                    say("{measure!r} of {of} twice", measure=kpi.measure, of=kpi.of),
                    say("keep one of them"),
                    ("kpis", place),
                )
            seen.add((kpi.measure, kpi.of))
        return self


def policy_fits(policy: Policy, world: World) -> Iterator[Misfit]:
    """What of a policy question does not fit its world: (kind, id, path, code, message, hint)."""
    corridors = dict.fromkeys(corridor(flow.from_ or "", flow.to) for flow in world.demand.values() if flow.to)
    for place, kpi in enumerate(policy.kpis):
        of_office = isinstance(MEASURES[kpi.measure], OfOffice)
        known = [*world.offices] if of_office else [*GROUPS, *corridors]
        if kpi.of not in known:
            message = marked("the world {world!r} has no group of requests or corridor {of!r}")
            if of_office:
                message = marked("the world {world!r} has no office {of!r}")
            found = say(message, world=world.id, of=kpi.of[:60])
            yield "policy", policy.id, ("kpis", place, "of"), "R301", found, did_you_mean(kpi.of[:60], known)
