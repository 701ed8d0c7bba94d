"""A world: who exists, which instruments bind them, and how busy everybody is. No story."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.i18n import say
from sim.model.base import (
    Aside,
    Finding,
    Header,
    Id,
    OneOf,
    Origin,
    Origins,
    Prose,
    Record,
    Text,
    fail,
    fail_with,
    require_origins,
)
from sim.model.data import Data
from sim.model.durations import WEEK, YEAR, Duration, StartDay
from sim.model.measures import MEASURES, OfOffice
from sim.model.money import Cost, Prices
from sim.model.office import Agency, Hours, Office
from sim.model.problems import did_you_mean
from sim.model.procedure import Procedure

Chance = Annotated[float, Field(ge=0, le=1)]


class Performance(Record):
    """How one State's offices really perform where that differs from the procedure's and the measure's defaults.
    Measured performance is kept apart from law and from practice, because its sources are different."""

    stages: dict[Id, Duration] = {}
    """Effort or time of a stage on this State's side, by stage id."""
    measures: dict[Id, Duration] = {}
    """Time of the longest step of a measure executed in this State, by measure id."""
    chances: dict[Id, Chance] = {}
    """Named chances of requests sent to this State."""
    pace: Annotated[float, Field(gt=0, le=20)] | None = None
    """Factor on every time a request spends on this State's side without occupying an office."""
    spread: Annotated[float, Field(gt=0, le=2)] | None = None
    """How much requests to this State differ as wholes: the standard deviation of the logarithm of a factor, with
    mean 1, that all times of one request share which occupy no office on this side. Stages drawn independently of
    each other give too narrow a spread; slow authorities are slow at every stage."""
    origins: Origins = {}
    """Where its figures come from."""

    @model_validator(mode="after")
    def _figures_have_origins(self) -> Performance:
        given = tuple(n for n in ("stages", "measures", "chances", "pace", "spread") if getattr(self, n))
        if given:
            require_origins(self, given)
        return self


class Treaty(Record):
    """A bilateral instrument in force between two States of the world."""

    instrument: Id
    """Which instrument."""
    between: tuple[Id, Id]
    """The two States."""


class Relation(Record):
    """How two States stand to each other beyond what binds them."""

    between: tuple[Id, Id]
    """The two States."""
    trust: Annotated[float, Field(ge=0, le=1)]
    """Trust between their authorities, 0 to 1; 0.5 where nothing is said. Conduct moves it while a case is played."""
    origins: Origins
    """Where it comes from."""


class Surge(Record):
    """Requests that come all at once, as after a joint operation."""

    after: Duration
    """When it begins, counted from the first day."""
    lasts: Duration
    """How long it lasts."""
    requests: Annotated[int, Field(ge=1, le=1_000_000)]
    """How many requests it brings on average."""


class Flow(Record):
    """Background demand: requests that arrive whether or not anybody plays."""

    title: Aside = ""
    """What people call it."""
    from_: Id | None = None
    """Requesting State; none: from outside the world, whose own work is then not simulated."""
    to: Id | None = None
    """Requested State; none in a plain queueing network."""
    procedure: Id
    """The procedure they follow."""
    measures: dict[Id, Annotated[float, Field(gt=0)]] = {}
    """What they ask for, with relative weights."""
    channel: Id | None = None
    """The channel they use."""
    instrument: Id | None = None
    """The instrument they rest on."""
    languages_match: bool = True
    """Whether they arrive in a language the requested State accepts, so that it need not translate them."""
    per_year: Annotated[float, Field(gt=0, le=1_000_000)] | None = None
    """Mean number of arrivals in a year (Poisson)."""
    every: Duration | None = None
    """Mean time between arrivals (Poisson), for plain networks."""
    surge: Surge | None = None
    """Arrivals in one stretch of time only, as after a joint operation."""
    during: Hours = ()
    """Arrivals come only in these hours, the Poisson process resting outside; day and night unless given."""
    priorities: dict[Id, Annotated[float, Field(gt=0)]] = {}
    """Relative weights of the world's priority classes; all of the last class unless given."""
    chances: dict[Id, Chance] = {}
    """Named chances for these requests."""
    deadline: Duration | None = None
    """Time limit against which requests of this flow are counted."""
    about_trafficking: Chance | None = None
    """Share of the requests that are about trafficking in persons; the others are about any other matter. Which
    they are is drawn by name, so that saying a share moves no other draw."""
    priorities_of_trafficking: dict[Id, Annotated[float, Field(gt=0)]] = {}
    """Relative weights of the priority classes of the requests about trafficking; those of all others unless given."""
    origins: Origins = {}
    """Where its figures come from."""

    @model_validator(mode="after")
    def _one_rate(self) -> Flow:
        if sum(rate is not None for rate in (self.per_year, self.every, self.surge)) != 1:
            raise fail("F210", say("a flow has one of per year, every, surge"), say("keep one of them"))
        if self.every is not None and self.every.shape not in ("fixed", "exponential"):
            raise fail(
                "F210", say("every gives the mean time between Poisson arrivals"), say("write one span: every: 2 hours")
            )
        if self._mean_gap < 1:
            raise fail(
                "F207",
                say("more than one request a second on average"),
                say("let fewer requests come, or in more time"),
            )
        require_origins(self, ("per_year", "every", "surge", "about_trafficking"))
        if self.priorities_of_trafficking and self.about_trafficking is None:
            raise fail(
                "F210",
                say("priorities of trafficking, but no share of requests about trafficking"),
                say("add about trafficking: 0.03, with its origin"),
            )
        return self

    @property
    def _mean_gap(self) -> float:
        """Seconds between arrivals on average, of the hours in which they come, holidays aside."""
        if self.surge is not None:
            return float(self.surge.lasts.seconds()[0] / self.surge.requests)
        if self.every is not None:
            return self.every.seconds()[0]
        assert self.per_year is not None
        open_share = sum(closes - opens for _, opens, closes in self.during) * 60 / WEEK if self.during else 1.0
        return YEAR * open_share / self.per_year


class Claim(Record):
    """A published figure that the world claims to reproduce, for `mlasim verify`."""

    title: Prose
    """The figure in words."""
    kpi: Annotated[str, OneOf(lambda: MEASURES)]
    """What is compared: see `sim.model.measures`."""
    of: tuple[Id, ...] = Field(min_length=1)
    """Flows whose requests are counted together; for a measure of offices, offices: their sum."""
    within: Annotated[float, Field(gt=0)] | None = None
    """Days, for a share within days."""
    published: tuple[float, ...] = Field(min_length=1, max_length=2)
    """The figure, or a range of two."""
    tolerance: Annotated[float, Field(ge=0, le=1)] = 0.1
    """Relative difference that still counts as a hit, where the figure is a single one."""
    fitted: bool
    """Whether the world was tuned to this figure (true) or it was kept out (false)."""
    source: Prose
    """Where it was published."""

    @model_validator(mode="after")
    def _can_be_counted(self) -> Claim:
        measure = MEASURES[self.kpi]
        if isinstance(measure, OfOffice) and not measure.adds_up and len(self.of) > 1:
            raise fail(
                "F210", say("{kpi!r} of several offices is no sum", kpi=self.kpi), say("name one office"), ("of",)
            )
        if measure.needs_days and self.within is None:
            raise fail("F202", say("{kpi!r} needs to know how many", kpi=self.kpi), say("add within: DAYS"))
        return self


class World(Header):
    """Jurisdictions, their offices, instruments in force, and background demand."""

    kind: Literal["world"]
    """Always ``world``."""
    starts: StartDay = date(2026, 1, 5)
    """First day of the simulated calendar."""
    priorities: tuple[Id, ...] = Field(("urgent", "routine"), min_length=1, max_length=100)
    """Priority classes from the most to the least urgent."""
    jurisdictions: dict[Id, Performance] = {}
    """States of the world by the id of their profile, with how they perform."""
    treaties: tuple[Treaty, ...] = ()
    """Bilateral treaties in force between them."""
    supposed_in_force: dict[Id, date] = {}
    """Instruments that are not in force and that this world supposes to be, with the day from which, so that it can be
    asked what they would change."""
    relations: tuple[Relation, ...] = ()
    """How pairs of States stand to each other."""
    agencies: dict[Id, Agency] = {}
    """Institutions, by id."""
    offices: dict[Id, Office] = Field(min_length=1)
    """Staffed units with a queue, by id."""
    procedures: dict[Id, Procedure] = {}
    """Procedures of this world only; others are taken from the library."""
    demand: dict[Id, Flow] = {}
    """Requests that arrive whether or not anybody plays, by flow."""
    warm_up: Duration | None = None
    """Time to leave out of figures at the beginning."""
    working_capacity: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Share of an opening hour that staff give to requests (the rest: other duties, meetings, leave)."""
    claims: tuple[Claim, ...] = ()
    """Published figures it is compared with."""
    prices: Prices | None = None
    """What staff and translation cost here, for comparing process changes by their cost."""
    origins: Origins = {}
    """Where its figures come from."""

    @model_validator(mode="before")
    @classmethod
    def _name_inline_procedures(cls, value: object) -> object:
        if isinstance(value, dict) and isinstance(value.get("procedures"), dict):
            named = {
                key: {"id": key, "title": key, **body} if isinstance(body, dict) else body
                for key, body in value["procedures"].items()
            }
            return {**value, "procedures": named}
        return value

    @model_validator(mode="after")
    def _suppositions_have_origins(self) -> World:
        if self.supposed_in_force:
            require_origins(self, ("supposed_in_force",))
        return self

    @model_validator(mode="after")
    def _priorities_known(self) -> World:
        findings = [
            Finding(
                "R301",
                say("{priority!r} is not a priority of this world", priority=priority),
                did_you_mean(priority, self.priorities),
                ("demand", name, field, priority),
            )
            for name, flow in self.demand.items()
            for field, weights in (
                ("priorities", flow.priorities),
                ("priorities of trafficking", flow.priorities_of_trafficking),
            )
            for priority in weights
            if priority not in self.priorities
        ]
        if findings:
            raise fail_with(findings)
        return self


CHANGES = ("set", "times", "plus", "append", "prepend")
"""What a patch can do."""


class Patch(Record):
    """One change a lever makes to the scenario."""

    at: Text
    """Where, as ``kind/id/field/…``, with ``*`` for every id or key, and ``*-central`` for those that
    end so: ``channel/courier/there/*/takes``."""
    set: Data = None
    """The new value, or"""
    times: Annotated[float, Field(ge=0, le=1000)] | None = None
    """a factor on the value there (a number or a duration), or"""
    plus: Annotated[float, Field(ge=-10_000, le=10_000)] | None = None
    """a number added to it, or"""
    append: Data = None
    """an entry put at the end of the list there, or"""
    prepend: Data = None
    """at its beginning (a State's channels stand in its order of preference)."""
    instead_of: tuple[str, ...] = ()
    """Change only places where one of these stands now, such as the channels that a new one replaces; any unless
    given."""
    where_present: bool = False
    """Whether it is fine to find nothing there; otherwise that is an error."""

    @model_validator(mode="after")
    def _one_change(self) -> Patch:
        given = [name for name in CHANGES if name in self.model_fields_set]
        if len(given) != 1:
            raise fail("F210", say("a change has one of {names}", names=", ".join(CHANGES)), say("keep one of them"))
        return self


class Lever(Header):
    """A named change of the process, with the evidence for it, its limits, and its cost."""

    kind: Literal["lever"]
    """Always ``lever``."""
    question: Prose
    """The question a ministry would ask."""
    changes: tuple[Patch, ...] = Field(min_length=1)
    """What it changes, one after the other."""
    roll_out: Duration | None = None
    """How long introducing it takes; it is compared as fully in place unless the comparison follows the roll-out."""
    cost: Aside = ""
    """What it costs, in words, with source."""
    costs: tuple[Cost, ...] = ()
    """What it costs, in figures; staff that its changes add is reckoned beside them."""
    evidence_for: Prose
    """What speaks for it, with source."""
    evidence_of_limits: Prose
    """What it cannot do, with source."""
    origin: Origin
    """Where the size of the effect comes from."""
