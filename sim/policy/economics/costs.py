"""What an alternative costs: what its levers say, at the world's prices, and the staff that its changes add.

A cost is a range wherever nobody knows better, and ranges are carried through: the least of everything and the most
of everything. They are not confidence intervals; nothing random is in them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sim.errors import UsageError
from sim.i18n import Words, joined, say
from sim.law.procedure_terms import office_in_words
from sim.model.base import Mark
from sim.model.durations import YEAR
from sim.model.loading import Scenario
from sim.model.money import Amount, Cost, Prices
from sim.model.world import Lever
from sim.policy.experiments.alternatives import setting_in_words
from sim.policy.experiments.experiment import Experiment
from sim.policy.experiments.levers import SETTINGS


@dataclass(frozen=True)
class Range:
    """From the least to the most, in euro or in what is counted."""

    low: float = 0.0
    high: float = 0.0

    @classmethod
    def of(cls, amount: Amount) -> Range:
        """A number stands for itself."""
        return cls(*amount) if isinstance(amount, tuple) else cls(amount, amount)

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)

    def times(self, other: Range | float) -> Range:
        """All products of one of each: a saving may be at most what a cost is at most."""
        factors = (other.low, other.high) if isinstance(other, Range) else (other, other)
        products = [a * b for a in (self.low, self.high) for b in factors]
        return Range(min(products), max(products))

    @property
    def middle(self) -> float:
        """Half-way, for drawing and for ordering only."""
        return (self.low + self.high) / 2


@dataclass(frozen=True)
class CostLine:
    """One thing that has to be paid."""

    title: Words
    lever: str
    """Its id; empty for staff that the changes add."""
    once: Range
    yearly: Range
    mark: Mark
    source: str
    """Where the amount comes from, and the price it is paid at."""
    reached: float = 1.0
    """Share of it that is in place on average over the time that is compared; below 1 while it is introduced."""


@dataclass(frozen=True)
class Bill:
    """Everything an alternative costs, in euro."""

    alternative: str
    lines: tuple[CostLine, ...]
    introductions_last: float
    """Years over which what is paid once is spread, in equal parts."""
    silent: tuple[str, ...] = field(default=())
    """Levers, and settings of anything but staff, whose costs nobody knows in figures."""

    @property
    def once(self) -> Range:
        """To introduce it."""
        return sum((line.once for line in self.lines), Range())

    @property
    def running(self) -> Range:
        """In every year, when it is in place."""
        return sum((line.yearly for line in self.lines), Range())

    @property
    def yearly(self) -> Range:
        """A year, with an equal part of what is paid once, as far as it is in place over the time compared."""
        whole = (line.yearly + line.once.times(1 / self.introductions_last) for line in self.lines)
        return sum((cost.times(line.reached) for cost, line in zip(whole, self.lines, strict=True)), Range())


def bill_of(experiment: Experiment, alternative: str) -> Bill:
    """What an alternative of an experiment costs against the world as it is.

    Raises `UsageError` where the world has no price for what is counted.
    """
    world = experiment.world
    found = next((a for a in experiment.alternatives if a.name == alternative), None)
    if found is None:
        raise UsageError(say("{alternative!r} is no alternative of this experiment", alternative=alternative))
    lines: list[CostLine] = []
    if experiment.roll_out:
        before, done = world, set[str]()
        for introduction, after in experiment.roll_outs[alternative].stages:
            new = [lever for lever in found.changes if lever.id in after.levers and lever.id not in done]
            lines += _lines(before, after, new, _reached(introduction.lasts / YEAR, experiment.years))
            before, done = after, done | {lever.id for lever in new}
    else:
        lines += _lines(world, experiment.scenarios[alternative], found.changes, 1.0)
    unpriced = tuple(name for lever in found.changes for name in silent(lever))
    return Bill(alternative, tuple(lines), _prices(world).introductions_last, unpriced)


def silent(lever: Lever) -> Iterator[str]:
    """What of a lever has no costs in figures: staff has a price, whoever adds it."""
    if lever.id == SETTINGS:
        yield from (setting_in_words(patch) or patch.at for patch in lever.changes if not patch.at.endswith("/staff"))
    elif not lever.costs and not all(patch.at.endswith("/staff") for patch in lever.changes):
        yield lever.id


def _reached(lasts: float, years: float) -> float:
    """Mean share, over the years compared, of what is introduced evenly in ``lasts`` years."""
    if years <= lasts:
        return years / (2 * lasts)
    return 1 - lasts / (2 * years)


def _lines(before: Scenario, after: Scenario, levers: Sequence[Lever], reached: float) -> Iterator[CostLine]:
    for lever in levers:
        for cost in lever.costs:
            quantity = Range.of(cost.once if cost.once is not None else cost.yearly or 0.0)
            price, paid = _price(before, cost)
            amount = quantity.times(_number(before, cost)).times(price)
            source = "; ".join(part for part in (cost.origin.source, paid) if part)
            once, yearly = (amount, Range()) if cost.once is not None else (Range(), amount)
            yield CostLine(joined([cost.title]), lever.id, once, yearly, cost.origin.mark, source, reached)
    for role, more in _staff_added(before, after).items():
        price, source = _staff_year(before, role)
        named = office_in_words(role) if role else say("no role")
        title = say("{more} staff, {role}", more=f"{more:+d}", role=named)
        yield CostLine(title, "", Range(), price.times(more), "assumption", source, reached)


def _staff_added(before: Scenario, after: Scenario) -> dict[str, int]:
    added: Counter[str] = Counter()
    for id_, office in after.world.offices.items():
        added[office.role or ""] += office.staff - before.world.offices[id_].staff
    return {role: more for role, more in sorted(added.items()) if more}


def _price(scenario: Scenario, cost: Cost) -> tuple[Range, str]:
    """Euro for one of what is counted, and where the price comes from."""
    if cost.in_ == "euro":
        return Range(1.0, 1.0), ""
    prices = _prices(scenario)
    if cost.in_ == "translated words":
        if prices.translated_word is None:
            raise _no_price(scenario, say("a translated word"))
        return Range.of(prices.translated_word), _origin(prices, "translated word")
    year, source = _staff_year(scenario, cost.role or "")
    return (year.times(1 / prices.hours_in_a_year) if cost.in_ == "staff hours" else year), source


def _staff_year(scenario: Scenario, role: str) -> tuple[Range, str]:
    prices = _prices(scenario)
    amount = prices.staff_year.get(role, prices.staff_year.get("all"))
    if amount is None:
        raise _no_price(scenario, say("a staff year of the role {role!r}", role=role))
    return Range.of(amount), _origin(prices, "staff year")


def _origin(prices: Prices, name: str) -> str:
    return str(prices.origins.get(name) or prices.origins.get("all") or "")


def _no_price(scenario: Scenario, what: Words) -> UsageError:
    return UsageError(
        say(
            "{world!r} has no price for {what} — add prices: {{staff year: {{all: [40000, 110000]}}, "
            "translated word: [0.15, 0.3], origins: …}}",
            world=scenario.world.id,
            what=what,
        )
    )


def _prices(scenario: Scenario) -> Prices:
    return scenario.world.prices or Prices()


def _number(scenario: Scenario, cost: Cost) -> float:
    """How many there are of what a cost is for."""
    world = scenario.world
    offices = [o for o in world.offices.values() if cost.role in (None, o.role)]
    if cost.for_each == "State":
        return max(1, len(world.jurisdictions))
    if cost.for_each == "office":
        return len(offices)
    if cost.for_each == "member of staff":
        return sum(office.staff for office in offices)
    if cost.for_each == "request":
        return sum(_requests_a_year(scenario))
    return 1


def _requests_a_year(scenario: Scenario) -> Iterable[float]:
    """Of the flows that are requests between States; in a plain network, of all (a surge belongs to no year)."""
    flows = list(scenario.world.demand.values())
    for flow in [flow for flow in flows if flow.channel] or flows:
        if flow.per_year is not None:
            yield flow.per_year
        elif flow.every is not None:
            yield YEAR / flow.every.seconds()[0]
