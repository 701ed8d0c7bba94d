"""Money in the terminal: what each alternative costs, what a day saved costs, and which are worth their money."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.i18n import _, many, say
from sim.model.base import MARKS
from sim.model.measures import ALL, Key
from sim.policy.economics.cost_effectiveness import Point, Worth, frontier, worth_of
from sim.policy.economics.costs import Range
from sim.policy.experiments.alternatives import BASELINE, name_in_words
from sim.policy.experiments.results import Results
from sim.views.terminal.tables import _table, number


def show_money(results: Results, console: Console, *, of: str = ALL, level: float = 0.95) -> None:
    """Bills, prices of a day saved, and the frontier; costs are assumptions unless marked otherwise."""
    worths = [
        worth_of(results, name, of=of, level=level)
        for name in results.experiment.names
        if name != BASELINE and results.values(name, Key("mean days", of))
    ]
    console.print()
    console.print(Text(_("Money, euro a year"), style="bold"))
    console.print(
        _("Costs are ranges, from the least to the most of everything; gains have intervals."), highlight=False
    )
    for worth in worths:
        console.print()
        console.print(_bill(worth))
        console.print(_gain(worth), highlight=False, markup=False)
    if worths:
        console.print()
        console.print(_frontier(frontier(results, of=of, level=level)))


def _bill(worth: Worth) -> Table:
    made = _table(worth.alternative, _("once"), _("a year"), _("mark"))
    for line in worth.bill.lines:
        made.add_row(Text(str(line.title)), euro(line.once), euro(line.yearly), _(MARKS.get(line.mark, line.mark)))
    spread = _("all, a year, with a part of what is paid once")
    made.add_row(Text(spread, style="bold"), euro(worth.bill.once), Text(euro(worth.cost), style="bold"), "")
    return made


def _gain(worth: Worth) -> str:
    gained = worth.days_saved
    words = [
        _("{days} request-days saved a year (± {half}): {price}").format(
            days=number(gained.mean), half=number(gained.half_width), price=worth.words
        )
    ]
    if worth.in_time is not None and worth.per_request_in_time is not None:
        price = worth.price_in_words(worth.per_request_in_time, worth.in_time, say("request in time"))
        line = _("{requests} further requests answered in time a year (± {half}): {price}")
        half = number(worth.in_time.half_width)
        words.append(line.format(requests=number(worth.in_time.mean), half=half, price=price))
    if worth.bill.silent:
        silent = worth.bill.silent
        said = many(
            "{n} change has no known costs: {{names}}", "{n} changes have no known costs: {{names}}", len(silent)
        )
        words.append(said.format(names=", ".join(silent)))
    return "\n".join(words)


def _frontier(points: tuple[Point, ...]) -> Table:
    made = _table(_("alternatives by cost"), _("euro a year"), _("days saved"), _("euro a further day"), _("verdict"))
    for point in points:
        further = number(point.per_further) if point.per_further is not None else "–"
        made.add_row(
            str(name_in_words(point.alternative)), euro(point.cost), number(point.gained.mean), further, verdict(point)
        )
    made.columns[-1].no_wrap = False  # sentences; the names and figures before them are what must be read
    made.columns[-1].justify = "left"
    made.columns[1].no_wrap = False
    return made


def verdict(point: Point) -> str:
    """Whether an alternative is worth its money, in words."""
    if not point.dominated_by:
        sure = point.gained.clear or point.alternative == BASELINE
        return _("on the frontier") if sure else _("on the frontier, if its effect is real")
    names = ", ".join(point.dominated_by)
    if len(point.dominated_by) > 1:
        return _("a mix of {names} does better").format(names=names)
    if point.clearly:
        return _("{names} does clearly better").format(names=names)
    return _("{names} does better, but not clearly").format(names=names)


def euro(amount: Range) -> str:
    """A range in words; a dash for nothing."""
    if not amount.low and not amount.high:
        return "–"
    return f"{amount.low:,.0f}" if amount.low == amount.high else f"{amount.low:,.0f} … {amount.high:,.0f}"
