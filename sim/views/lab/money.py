"""Money in a report and in the app: the bill of each alternative, what a day saved costs, the efficient frontier."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sim.errors import UsageError
from sim.i18n import _, marked
from sim.model.base import MARKS
from sim.policy.answers.sentences import between, number, signed
from sim.policy.economics.cost_effectiveness import frontier, worth_of
from sim.policy.experiments.results import Results
from sim.views.documents import Block, Grid, Paragraph, Picture
from sim.views.lab import pictures as figures
from sim.views.lab import prints
from sim.views.lab.pictures import Bid
from sim.views.terminal.money_tables import euro, verdict

COST, EFFECT = marked("euro a year"), marked("request-days saved a year")


def money(results: Results, *, level: float = 0.95) -> Iterator[Block]:
    """Costs as ranges, gains with intervals; a sentence instead where the world has no prices."""
    try:
        worths = [worth_of(results, name, level=level) for name in results.experiment.names[1:]]
        points = frontier(results, level=level)
    except UsageError as error:
        yield Paragraph(_("Costs cannot be reckoned: {why}.").format(why=error))
        return
    rows = [
        (
            worth.alternative,
            str(line.title),
            euro(line.once),
            euro(line.yearly),
            _(MARKS.get(line.mark, line.mark)),
            line.source,
        )
        for worth in worths
        for line in worth.bill.lines
    ]
    for worth in worths:
        silent = worth.bill.silent
        if silent:
            words = _("{alternative}: no costs in figures are known for {names}, so that its bill is not complete.")
            yield Paragraph(words.format(alternative=worth.alternative, names=", ".join(silent)))
        if worth.bill.lines:
            gained = worth.days_saved
            words = (
                _("{alternative}: {cost} euro a year; {gain} request-days saved a year ({interval}); {price}.")
                if gained.clear
                else _(
                    "{alternative}: {cost} euro a year; whether request-days are saved is not clear: {gain} a year "
                    "({interval}); {price}."
                )
            )
            yield Paragraph(
                words.format(
                    alternative=worth.alternative,
                    cost=euro(worth.cost),
                    gain=signed(gained.mean),
                    interval=between(gained),
                    price=worth.words,
                )
            )
    if not rows:
        return
    head = (_("Alternative"), _("What for"), _("euro once"), _("euro a year"), _("Mark"), _("Source"))
    yield Grid(head, tuple(rows), frozenset({2, 3}))
    yield Paragraph(
        _("Costs are ranges from the least to the most of everything, not intervals; gains have intervals."), "quiet"
    )
    if len(points) < 3:  # one alternative is on the frontier whatever it costs
        return
    bids = [Bid(p.alternative, p.cost.middle, p.gained, not p.dominated_by) for p in points]
    caption = _("What each alternative brings against what it costs; the line joins those that none does better than.")
    svg = figures.frontier(bids, title=caption, cost=_(COST), effect=_(EFFECT))
    said = "; ".join(f"{p.alternative}: {number(p.cost.middle)}, {number(p.gained.mean)}, {verdict(p)}" for p in points)
    yield Picture(caption, svg, partial(prints.print_frontier, bids, cost=_(COST), effect=_(EFFECT)), said)
