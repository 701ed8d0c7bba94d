"""Tables for the terminal: figures of a run, comparisons, and the two tables of `mlasim verify`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, get_args

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.i18n import _, marked
from sim.model.base import MARKS, Mark, Reading
from sim.model.measures import MEASURES
from sim.model.problems import named

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.authoring.coverage import Contents, Covered, Provenance
    from sim.policy.experiments.comparison import Comparison
    from sim.policy.verification.verification import TheoryResult
    from sim.record.claims import ClaimResult
    from sim.record.run import Run

STATUSES = {
    "passed": marked("passed"),
    "failed": marked("failed"),
    "tested": marked("tested"),
    "missing": marked("missing"),
    "tests not here": marked("tests not here"),
}
"""How an item of the founding article stands, in words."""


def show_kpis(run: Run, console: Console) -> None:
    """Figures of a run: requests between States, then each corridor, then the offices."""
    kpis = run.kpis()
    console.print(
        Text(
            _("{title}: {years} years after the warm-up, seed {seed}").format(
                title=run.scenario.title, years=f"{kpis.years:.3g}", seed=run.seed
            ),
            style="bold",
        )
    )
    table = _table(_("figure"), "")
    for words, value in kpis.rows():
        table.add_row(str(words), number(value))
    console.print(table)
    if kpis.refusals:
        grounds = ", ".join(f"{ground.replace('-', ' ')} {count}" for ground, count in kpis.refusals.items())
        console.print(_("Refused on: {grounds}").format(grounds=grounds), highlight=False)
    if len(kpis.flows) > 1:
        console.print()
        console.print(_flows(run, kpis.flows))
    for one in run.hangs_on:
        console.print(Text(str(one.words), style="dim"))
    offices = sorted((o for o in kpis.offices if o.visits), key=lambda office: -office.utilisation)
    console.print()
    table = _table(_("office"), _("staff"), _("busy %"), _("days waiting"), _("waiting"), _("visits"))
    for office in offices[:20]:
        table.add_row(
            office.id,
            str(office.staff),
            number(100 * office.utilisation),
            number(office.waiting_days),
            number(office.queue),
            str(office.visits),
        )
    console.print(table)
    if len(offices) > 20:
        console.print(
            _("… and {count} less busy offices (--out writes all)").format(count=len(offices) - 20), highlight=False
        )


def _flows(run: Run, flows: Sequence[str]) -> Table:
    shown = ("received a year", "mean days", "p10 days", "median days", "p90 days", "open stock")
    table = _table(_("corridor"), *(str(MEASURES[name].short) for name in shown))
    for flow in flows:
        kpis = run.kpis([flow])
        table.add_row(flow, *(number(kpis[name]) for name in shown))
    return table


_FAMILIES = {
    "headline": "",
    "further": "further figures",
    "year": "while it is introduced",
    "matter": "mean days, by subject",
    "corridor": "mean days, by corridor",
    "office": "% busy, by office",
}


def show_comparison(comparison: Comparison, console: Console) -> None:
    """Each alternative against the world as it is: value, paired difference, adjusted interval."""
    from sim.policy.answers.caveats import cautions_of

    console.print(
        Text(
            _("{title}: {replications} replications of {years} years, seed {seed}").format(
                title=comparison.title,
                replications=comparison.replications,
                years=f"{comparison.years:g}",
                seed=comparison.seed,
            ),
            style="bold",
        )
    )
    console.print(
        _(
            "Paired differences (same requests, same luck). Intervals are {adjustment}, and likewise those of "
            "groups and of corridors. Bold where such an interval leaves zero out."
        ).format(adjustment=comparison.adjustment),
        highlight=False,
    )
    for words in (comparison.warm_up, comparison.stopping, comparison.selection, *cautions_of(comparison)):
        if words is not None:
            console.print(str(words), markup=False, highlight=False)
    for alternative in dict.fromkeys(figure.alternative for figure in comparison.figures):
        console.print()
        console.print(Text(alternative, style="bold"))
        table = _table("", _("as it is"), _("changed"), _("difference"), _("interval"))
        family = "headline"
        for figure in comparison.figures:
            if figure.alternative != alternative:
                continue
            if figure.family != family:
                family = figure.family
                table.add_row(Text(_(_FAMILIES[family]), style="dim"))
            d, adjusted = figure.difference, figure.adjusted
            # What a group's rows measure is said once, above them; units that stand in a name are not repeated.
            name = figure.title if family in ("matter", "corridor", "office") else figure.key.title
            table.add_row(
                Text(str(name)),
                number(figure.before.mean),
                number(figure.after.mean),
                Text(
                    _("{change} points").format(change=_signed(d.mean))
                    if figure.measure.unit_of_change == "points"
                    else _signed(d.mean),
                    style="bold" if figure.clear else "",
                ),
                f"{_signed(adjusted.low)} … {_signed(adjusted.high)}",
            )
        console.print(table)
        worse = [
            f
            for f in comparison.figures
            if f.alternative == alternative and f.family == "corridor" and f.verdict == "worse"
        ]
        if worse:
            named = ", ".join(
                _("{corridor} ({change} days)").format(corridor=f.key.of, change=f"{f.difference.mean:+.1f}")
                for f in worse
            )
            console.print(_("Clearly slower: {named}").format(named=named), markup=False, highlight=False)
    for failure in comparison.failures:
        console.print(
            _("failed: {alternative}, replication {replication}: {reason}\n  repeat it with: {command}").format(
                alternative=failure.alternative,
                replication=failure.replication,
                reason=failure.reason,
                command=failure.command,
            ),
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    for path in comparison.torn:
        console.print(
            _("could not be read, set aside and made again: {path}").format(path=path), markup=False, highlight=False
        )


def show_theory(results: Sequence[TheoryResult], console: Console) -> None:
    """The engine against closed forms of queueing theory."""
    console.print(Text(_("The engine against queueing theory"), style="bold"))
    table = _table(_("system"), _("quantity"), _("closed form"), _("simulated"), _("half-width"), _("verdict"), left=2)
    for r in results:
        table.add_row(
            Text(r.name),
            Text(r.quantity),
            f"{r.closed_form:.4g}",
            f"{r.simulated:.4g}",
            f"± {r.half_width:.2g}",
            verdict(r.passed, _("pass"), _("FAIL")),
        )
    console.print(table)


def show_calibration(results: Sequence[ClaimResult], console: Console) -> None:
    """A world against the published figures it claims to represent; misses are said plainly."""
    console.print()
    console.print(Text(_("The world against published figures"), style="bold"))
    table = _table(_("figure"), _("published"), _("simulated"), _("half-width"), _("fitted"), _("verdict"))
    for r in results:
        published = "–".join(f"{figure:g}" for figure in r.claim.published)
        table.add_row(
            Text(r.claim.title),
            published,
            number(r.value.mean),
            f"± {number(r.value.half_width)}",
            _("yes") if r.claim.fitted else _("no"),
            verdict(r.hit, _("agrees"), _("MISSES")) if r.tells else Text(_("cannot tell")),
        )
    console.print(table)
    missed = [r for r in results if r.tells and not r.hit]
    unsure = sum(not r.tells for r in results)
    agree = len(results) - len(missed) - unsure
    console.print(
        _("{agree} of {count} published figures agree.").format(agree=agree, count=len(results)), highlight=False
    )
    if unsure:
        console.print(
            _("{unsure} cannot be told: their intervals are too wide; make more replications.").format(unsure=unsure),
            highlight=False,
        )
    for r in missed:
        console.print(f"  {r.claim.title}: {r.words}", markup=False, highlight=False)
    console.print(
        _(
            "Sources stand beside each claim in the world's file. 'Fitted' figures were used to tune the world; "
            "the others were kept out."
        ),
        highlight=False,
    )


def verdict(good: bool, yes: str, no: str) -> Text:
    return Text(yes, style="green") if good else Text(no, style="bold red")


def number(value: float) -> str:
    """A figure with as many digits as it deserves; a dash where there is none."""
    if isinstance(value, float) and not math.isfinite(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _signed(value: float) -> str:
    """A difference, with its sign also where it is positive."""
    return f"+{number(value)}" if value >= 0 and math.isfinite(value) else number(value)


def _table(first: str, *others: str, left: int = 1) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for place, title in enumerate((first, *others)):
        # The first column may wrap where it holds sentences; ids keep their line.
        table.add_column(
            Text(title),
            justify="left" if place < left else "right",
            no_wrap=place >= left,
            min_width=(20 if left == 1 else 14) * (place < left),  # two of them leave room for verdicts at 80
        )
    return table


def show_library(contents: Iterable[Contents], law: Sequence[Provenance], console: Console) -> None:
    """What the library holds, by kind, how sure its figures are, and which provisions were read against a text."""
    table = Table(title=_("The library"))
    table.add_column(_("kind"))
    for name in (_("files"), *(_(MARKS[mark]) for mark in get_args(Mark))):
        table.add_column(name, justify="right")
    for line in contents:
        marks = [str(line.marks.get(mark, 0)) for mark in get_args(Mark)]
        table.add_row(str(named(line.kind)), str(line.files), *marks)
    console.print(table)
    console.print(_("Marks of the origins of figures. Item by item: --coverage"), style="dim")
    read = Table(title=_("Provisions of instruments"))
    read.add_column(_("instrument"))
    for name in (_("provisions"), *(_(MARKS[reading]) for reading in get_args(Reading))):
        read.add_column(name, justify="right")
    read.add_column(_("met in"))
    for one in law:
        counts = (str(one.readings.get(reading, 0)) for reading in get_args(Reading))
        read.add_row(one.short, str(one.provisions), *counts, ", ".join(one.worlds))
    read.add_section()
    sums = (sum(one.readings.get(reading, 0) for one in law) for reading in get_args(Reading))
    read.add_row(_("in all"), str(sum(one.provisions for one in law)), *map(str, sums))
    console.print(read)


def show_coverage(items: Sequence[Covered], console: Console) -> None:
    """Item by item: what the founding article names and what covers it."""
    table = Table(title=_("What the founding article names"))
    heads = (_("no"), _("named"), _("works in the simulation when"), _("files"), _("tests"), _("status"))
    for place, name in enumerate(heads):
        table.add_column(name, justify="right" if place in (0, 3, 4) else "left")
    for item in items:
        counts = str(len(item.files)), str(len(item.tests))
        table.add_row(str(item.number), item.named, item.works, *counts, _(STATUSES[item.status]))
    console.print(table)
    for item in items:
        for name in item.missing:
            console.print(_("{number}: there is no {name}").format(number=item.number, name=name), markup=False)
