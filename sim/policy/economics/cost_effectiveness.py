"""What an alternative is worth: euro for each day saved and for each further request answered in time.

Effects come from paired replications and have intervals; costs are ranges of assumptions and have none. A price is
therefore given twice, at the least and at the most that the alternative may cost, each with its interval.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.i18n import Words, say
from sim.model.measures import ALL, Key
from sim.policy.economics.costs import Bill, Range, bill_of
from sim.policy.economics.ratios import Ratio, ratio_interval
from sim.policy.experiments.alternatives import BASELINE
from sim.policy.experiments.experiment import Results
from sim.record.statistics import Interval, mean_interval, paired_difference


@dataclass(frozen=True)
class Price:
    """Euro for one of what is gained, at the least and at the most that it may cost."""

    least: Ratio
    most: Ratio

    @property
    def clear(self) -> bool:
        """Whether something is clearly gained: then, and only then, it has a price."""
        return self.least.bounded and self.most.bounded

    @property
    def low(self) -> float:
        """The lowest that costs and luck leave open."""
        return min(self.least.low, self.most.low)

    @property
    def high(self) -> float:
        """The highest."""
        return max(self.least.high, self.most.high)


@dataclass(frozen=True)
class Worth:
    """What an alternative costs and what it gains, a year, against the world as it is."""

    alternative: str
    of: str
    """Whose days count: all requests, or a group of them."""
    bill: Bill
    days_saved: Interval
    """Request-days a year: days by which a request is answered sooner on average, times requests answered a year."""
    per_day: Price
    """Euro for one of them."""
    in_time: Interval | None
    """Further requests answered in time, a year; None where no request has a deadline."""
    per_request_in_time: Price | None
    """Euro for one of them."""

    @property
    def cost(self) -> Range:
        """Euro a year."""
        return self.bill.yearly

    @property
    def words(self) -> Words:
        """The price of a day in a sentence."""
        return self.price_in_words(self.per_day, self.days_saved, say("day saved"))

    def price_in_words(self, price: Price, gained: Interval, one: Words) -> Words:
        """A price in a sentence; none where some costs are not known. ``one`` is what is gained."""
        if self.bill.silent:
            return say("no price: its costs are not all known")
        return in_words(price, gained, one)


def worth_of(results: Results, alternative: str, *, of: str = ALL, level: float = 0.95) -> Worth:
    """What an alternative costs and what it gains; ``of`` is a group such as `figures.TRAFFICKING`.

    Raises `UsageError` where a price is missing.
    """
    bill = bill_of(results.experiment, alternative)
    days = list(days_saved(results, alternative, of=of).values())
    pairs = results.pairs(alternative, Key("in time a year", of))
    further = [after - before for before, after in pairs]
    return Worth(
        alternative,
        of,
        bill,
        mean_interval(days, level),
        _price(bill.yearly, days, level),
        mean_interval(further, level) if further else None,
        _price(bill.yearly, further, level) if further else None,
    )


def days_saved(results: Results, alternative: str, *, of: str = ALL) -> dict[int, float]:
    """Request-days saved a year in each replication: the difference of the mean days, times the requests that the
    alternative answers in a year. Negative where days are lost.

    The mean is over answered requests: a change that has more of them answered at all, slow ones among them, can make
    it longer without making anybody wait longer. Such a change shows in ``answered a year`` and in ``in time a year``.
    """
    before, after = (results.values(name, Key("mean days", of)) for name in (BASELINE, alternative))
    answered = results.values(alternative, Key("answered a year", of))
    return {r: (before[r] - after[r]) * answered[r] for r in sorted(before.keys() & after.keys() & answered.keys())}


def _price(cost: Range, gains: list[float], level: float) -> Price:
    least, most = (ratio_interval([euro] * len(gains), gains, level) for euro in (cost.low, cost.high))
    return Price(least, most)


def in_words(price: Price, gained: Interval, one: Words) -> Words:
    """A price in a sentence that claims no more than the data hold. ``one`` is what is gained: a day saved."""
    if not price.clear:
        return say("no price: the effect is not clear")
    if gained.mean < 0:
        return say("no price: it makes things worse")
    least, most = price.least.value, price.most.value
    if least == most == 0:
        return say("it costs nothing that is known")
    if most <= 0:
        return say(
            "it saves {low} to {high} euro for each {one}, and costs nothing",
            low=f"{-most:,.0f}",
            high=f"{-least:,.0f}",
            one=one,
        )
    return say(
        "{least} to {most} euro for each {one} ({level} % intervals from {low} to {high})",
        least=f"{least:,.0f}",
        most=f"{most:,.0f}",
        one=one,
        level=f"{100 * price.least.level:g}",
        low=f"{price.low:,.0f}",
        high=f"{price.high:,.0f}",
    )


@dataclass(frozen=True)
class Point:
    """An alternative among all: what it costs, what it gains, and whether another does better."""

    alternative: str
    cost: Range
    gained: Interval
    dominated_by: tuple[str, ...] = ()
    """One that costs no more and gains no less; or two between which a mix would (extended dominance). Empty for the
    alternatives on the frontier."""
    clearly: bool = False
    """Whether it stays so wherever costs lie in their ranges and gains in their intervals."""
    per_further: float | None = None
    """On the frontier: euro for each further day gained against the point before, at the middle of the ranges."""


def frontier(results: Results, *, of: str = ALL, level: float = 0.95) -> tuple[Point, ...]:
    """Every alternative and the world as it is by cost and by request-days saved a year, cheapest first.

    An alternative whose costs are not all known has no place among them. At the middle of the cost ranges and the mean
    of the gains. Dominance and extended dominance as in the analysis of
    cost and effect in medicine (Cantor 1994, Medical Decision Making 14(3)).
    """
    gains = {name: days_saved(results, name, of=of) for name in results.experiment.names if name != BASELINE}
    points = [Point(BASELINE, Range(), Interval(0.0, 0.0, level, 0))]
    for name, values in gains.items():
        bill = bill_of(results.experiment, name)
        if values and not bill.silent:
            points.append(Point(name, bill.yearly, mean_interval(list(values.values()), level)))
    points.sort(key=lambda point: (point.cost.middle, -point.gained.mean, point.alternative))
    best: list[Point] = []
    judged: dict[str, Point] = {}
    for point in points:
        if best and point.gained.mean <= best[-1].gained.mean:
            judged[point.alternative] = _dominated(point, best[-1], gains, level)
        else:
            best.append(point)
    hull: list[Point] = []
    for point in best:
        while len(hull) > 1 and _slope(hull[-2], hull[-1]) > _slope(hull[-1], point):
            last = hull.pop()
            judged[last.alternative] = _with(last, (hull[-1].alternative, point.alternative))
        hull.append(point)
    for before, point in zip([None, *hull], hull, strict=False):
        further = None if before is None else _slope(before, point)
        judged[point.alternative] = Point(point.alternative, point.cost, point.gained, per_further=further)
    return tuple(judged[point.alternative] for point in points)


def _slope(one: Point, other: Point) -> float:
    """Euro for each further day from one to the other, which gains more."""
    return (other.cost.middle - one.cost.middle) / (other.gained.mean - one.gained.mean)


def _with(point: Point, by: tuple[str, ...], clearly: bool = False) -> Point:
    return Point(point.alternative, point.cost, point.gained, by, clearly)


def _dominated(point: Point, by: Point, gains: dict[str, dict[int, float]], level: float) -> Point:
    """Clearly so where it costs more at its least than the other at its most, and gains less in paired replications."""
    mine, theirs = gains.get(point.alternative, {}), gains.get(by.alternative, {})
    common = sorted((mine or theirs).keys() & (theirs or mine).keys())
    further = paired_difference([mine.get(r, 0.0) for r in common], [theirs.get(r, 0.0) for r in common], level)
    clearly = by.cost.high <= point.cost.low and further.low > 0
    return _with(point, (by.alternative,), clearly)
