"""What a calibration found: for the terminal, and as one HTML page that opens offline and asks nobody for anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.i18n import _, many, marked
from sim.policy.calibration import Calibration, CleanLog, Finding
from sim.policy.calibration.branching import Ending, State
from sim.policy.calibration.hours import day_of
from sim.policy.calibration.world_file import fit_words, week_words
from sim.views.pages import page
from sim.views.seat import panels

ROWS_SHOWN = 200
"""Findings shown on the page; the file of rows has all."""
DONE = {
    "used": marked("used"),
    "used for the path only": marked("used for the path only"),
    "set aside": marked("set aside"),
}

Rows = list[tuple[str, ...]]


def show_log(log: CleanLog, console: Console) -> None:
    """How many rows were read and used, and what was wrong with how many."""
    console.print(Text(totals(log), style="bold"))
    for remark in log.remarks:
        console.print(remark, markup=False, highlight=False)
    if log.findings:
        _show(console, _("What was found in rows"), *findings_by_kind(log))


def show_calibration_of(made: Calibration, console: Console) -> None:
    """Arrivals, offices, stages, branches, and the comparison on what was held out."""
    for title, head, rows in sections(made):
        console.print()
        _show(console, title, head, rows)
    console.print()
    for remark in made.found.remarks:
        console.print(remark, markup=False, highlight=False)
    console.print(verdict(made), markup=False, highlight=False)


def calibration_html(made: Calibration) -> str:
    """Everything as a complete HTML page."""
    from markupsafe import Markup

    log = made.log
    head, rows = findings_by_kind(log)
    return page(
        "calibration",
        made=made,
        log=log,
        totals=totals(log),
        period=period(made),
        verdict=verdict(made),
        sections=sections(made),
        findings=(head, rows),
        each=[(str(f.row), f.case, f.what, _(DONE[f.done])) for f in _worst_first(log)[:ROWS_SHOWN]],
        more=max(0, len(log.findings) - ROWS_SHOWN),
        style=Markup(panels.style()),
        is_number=lambda cell: cell[:1].isdigit() or cell == "–",
    )


def totals(log: CleanLog) -> str:
    """Rows read and what was done with them."""
    parts = " + ".join(f"{count} {_(DONE[done])}" for done, count in log.done.items())
    return many("{n} row read", "{n} rows read", log.read) + f" = {parts}"


def period(made: Calibration) -> str:
    """What was used for the fit and what was held out."""
    fitted = _("Figures are from {first} to {last}.").format(
        first=day_of(made.found.first), last=day_of(min(made.found.last, made.until))
    )
    if not made.compared:
        return fitted
    held = _("What came later, until {end}, was held out and is compared below.").format(end=day_of(made.until))
    return f"{fitted} {held}"


def verdict(made: Calibration) -> str:
    """How many figures agree, and what that is worth."""
    if not made.compared:
        return _("Nothing was held out, so that nothing says how good this world is.")
    agree = sum(compared.agrees for compared in made.compared)
    words = _("{agree} of {all} figures of the held-out part lie where 95 of 100 simulated runs would.")
    if 2 * agree < len(made.compared):
        words += " " + _(
            "Do not compare changes in this world yet. Look first at the figures furthest off: was waiting not told "
            "from working, were columns left out (received, office, outcome), or has the process changed?"
        )
    caveat = _(
        "Figures of one log are not independent of each other, and the range of a single run is wide: this can show "
        "that a world is wrong, never that it is right."
    )
    return f"{words.format(agree=agree, all=len(made.compared))} {caveat}"


def findings_by_kind(log: CleanLog) -> tuple[Sequence[str], Rows]:
    """What was wrong with how many rows, and what was done."""
    rows: Rows = [(kind, _(DONE[done]), str(count)) for (kind, done), count in log.counts().items()]
    return (_("what"), _("what was done"), _("rows")), rows


def _worst_first(log: CleanLog) -> list[Finding]:
    """Findings that cost most before the others, each in the order of rows."""
    order = list(DONE)
    return sorted(log.findings, key=lambda finding: -order.index(finding.done))


def sections(made: Calibration) -> list[tuple[str, Sequence[str], Rows]]:
    """(title, head, rows) of every table."""
    found = [
        (_("The log against the simulation, on what was held out"), _COMPARED, list(_compared(made))),
        (_("Arrivals"), _ARRIVALS, list(_arrivals(made))),
        (_("Offices"), _OFFICES, list(_offices(made))),
        (_("Stages"), _STAGES, list(_stages(made))),
        (_("How well durations fit"), _FITS, list(_fits(made))),
        (_("Branches and ways back"), _BRANCHES, list(_branches(made))),
    ]
    return [(title, [_(word) for word in head], rows) for title, head, rows in found if rows]


_COMPARED = (
    marked("figure"),
    marked("log"),
    marked("simulated, mean"),
    marked("95 of 100 runs"),
    marked("agrees"),
)
_ARRIVALS = (
    marked("requests"),
    marked("number"),
    marked("a year"),
    marked("95 % interval"),
    marked("variance over mean"),
    marked("p"),
    marked("like Poisson"),
)
_OFFICES = (
    marked("office"),
    marked("hours"),
    marked("zone"),
    marked("outside, %"),
    marked("most at once"),
    marked("persons"),
    marked("occupied, %"),
)
_STAGES = (
    marked("stage"),
    marked("number"),
    marked("of it measured"),
    marked("time"),
    marked("mean"),
    marked("half below"),
    marked("9 of 10 below"),
    marked("days waited"),
)
_FITS = (
    marked("stage"),
    marked("family"),
    marked("AIC"),
    marked("Kolmogorov-Smirnov distance"),
    marked("Anderson-Darling"),
    marked("simulated p"),
    marked("taken"),
)
_BRANCHES = (
    marked("after"),
    marked("then"),
    marked("number"),
    marked("share, %"),
    marked("95 % interval"),
    marked("way back"),
)


def _compared(made: Calibration) -> Iterable[tuple[str, ...]]:
    for c in made.compared:
        name = str(c.key.title)
        between = f"{c.low:.1f} – {c.high:.1f}"
        mean = f"{c.simulated.mean:.1f} ± {c.simulated.half_width:.1f}"
        yield name, f"{c.log:.1f}", mean, between, _("yes") if c.agrees else _("NO")


def _arrivals(made: Calibration) -> Iterable[tuple[str, ...]]:
    plausible = {True: _("plausible"), False: _("NO"), None: _("too few to say")}
    for a in made.found.arrivals:
        corridor = " → ".join(filter(None, (a.from_, a.to)))
        name = ", ".join(filter(None, (a.kind, corridor))) or _("all")
        tested = (f"{a.dispersion:.2f}", f"{a.p_value:.3f}") if a.bin else ("–", "–")
        yield (
            name,
            str(a.count),
            f"{a.per_year:.1f}",
            f"{a.low:.1f} – {a.high:.1f}",
            *tested,
            plausible[a.poisson],
        )


def _offices(made: Calibration) -> Iterable[tuple[str, ...]]:
    for o in made.found.offices:
        words = week_words(o.hours.week)
        hours = words if isinstance(words, str) else "; ".join(words)
        yield (
            o.name,
            hours if o.hours.found else f"{hours} ({_('assumption')})",
            o.hours.zone,
            f"{100 * o.hours.outside:.1f}",
            str(o.staff) if o.staff_seen else "–",
            str(o.persons or "–"),
            f"{100 * o.busy:.0f}" if o.busy is not None else "–",
        )


def _stages(made: Calibration) -> Iterable[tuple[str, ...]]:
    for s in made.found.stages:
        kind = _("working hours") if s.work else _("calendar days")
        size = 3600 if s.work else 86400
        d = s.duration
        figures = [f"{value / size:.1f}" for value in (d.mean, d.median, d.p90)] if d is not None else ["–"] * 3
        waited = f"{s.waiting_days:.1f}" if s.waiting_days is not None else "–"
        yield (
            _stage_name(made, s.kind, s.state),
            str(s.visits),
            str(d.count if d is not None else 0),
            kind,
            *figures,
            waited,
        )


def _fits(made: Calibration) -> Iterable[tuple[str, ...]]:
    for s in made.found.stages:
        if s.duration is None:
            continue
        name = _stage_name(made, s.kind, s.state)
        if not s.duration.fits:
            yield name, fit_words(s.duration), "–", "–", "–", "–", _("yes")
        for fit in s.duration.fits:
            p = f"{fit.p_value:.2f}" if fit.p_value is not None else "–"
            taken = _("yes") if fit.family == s.duration.chosen else ""
            figures = (f"{fit.aic:.0f}", f"{fit.distance:.3f}", f"{fit.anderson_darling:.2f}")
            yield name, fit.family, *figures, p, taken
        if s.duration.fits and s.duration.chosen == "empirical":
            yield name, _("as they were seen"), "–", "–", "–", "–", _("yes")


def _branches(made: Calibration) -> Iterable[tuple[str, ...]]:
    for kind, branches in made.found.branches.items():
        for b in branches:
            interval = f"{100 * b.low:.1f} – {100 * b.high:.1f}"
            back = _("yes") if b.back else ""
            names = (_place_name(made, kind, b.after), _place_name(made, kind, b.then))
            yield *names, f"{b.count} / {b.of}", f"{100 * b.share:.1f}", interval, back


def _place_name(made: Calibration, kind: str, place: object) -> str:
    if isinstance(place, State):
        return _stage_name(made, kind, place)
    if isinstance(place, Ending):
        return _("the end") + (f": {place.outcome}" if place.outcome else "")
    return _("the beginning")


def _stage_name(made: Calibration, kind: str, state: State) -> str:
    """What people call a stage, with the kind of request where there are several."""
    place = f" ({state.office})" if state.office else ""
    before = f"{kind}: " if kind and len(made.found.branches) > 1 else ""
    return f"{before}{state.activity}{place}"


def _show(console: Console, title: str, head: Sequence[str], rows: Rows) -> None:
    table = Table(title=Text(title), title_justify="left", box=None, padding=(0, 2, 0, 0), header_style="dim")
    for place, word in enumerate(head):
        table.add_column(Text(word), justify="left" if place == 0 else "right", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)
