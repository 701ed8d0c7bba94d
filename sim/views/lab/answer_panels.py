"""What a policymaker sees of an answer, as pieces of HTML. Everything that goes in is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from sim.i18n import _, many
from sim.model.loading import Scenario
from sim.model.measures import ALL, measure_of
from sim.policy.answers.causes import why
from sim.policy.answers.sentences import apart, between, difference, sentences_of, signed
from sim.policy.experiments.alternatives import BASELINE
from sim.policy.experiments.comparison import compared
from sim.policy.experiments.experiment import Results
from sim.policy.experiments.journeys import Journey
from sim.record.changes import VERDICTS, Change
from sim.record.statistics import Interval
from sim.views.documents import html_of
from sim.views.lab import pictures as figures
from sim.views.lab.money import money
from sim.views.seat.panels import heads
from sim.written import csv_text

_FEW = 5
"""Pairs of runs below which an interval is itself a rough guess."""


def about(world: Scenario) -> str:
    """What a world is, before anything is tried."""
    record = world.record
    size = _("{offices} · {flows} of requests").format(
        offices=many("{n} office", "{n} offices", len(world.world.offices)),
        flows=many("{n} flow", "{n} flows", len(world.world.demand)),
    )
    return f"<p>{escape(' '.join(record.about.split()))}</p><p class='quiet'>{escape(size)}</p>"


def answer(results: Results, alternative: str, intervals: Sequence[Interval], wanted: int) -> str:
    """The answer as far as runs have arrived, of as many pairs as are wanted: a sentence, the interval as it sharpened,
    the figures."""
    head = f"<h2>{escape(alternative)}</h2>"
    if len(intervals) < 2:
        words = _("The first interval comes with the second pair of runs.")
        first = ""
        if intervals:
            first = _("First pair of runs: {change} days on average; one pair alone may mislead.").format(
                change=signed(intervals[0].mean)
            )
        return f"{head}<p>{escape(first)}</p><p class='quiet'>{escape(words)}</p>"
    sentence = sentences_of(why(results, alternative))[0]
    picture = figures.sharpening(intervals, title=_("The change of the mean duration, pair by pair"), unit=_("days"))
    note = _(
        "Every pair of runs is the same world with the same luck, with and without the change. The band is the 95 % "
        "interval of the mean change, for itself alone; it narrows while pairs arrive."
    )
    return (
        f"{head}<div class='outcome'><p><b>{escape(str(sentence))}</b></p></div>{picture}"
        f"{_so_far(intervals[-1].count, wanted)}<p class='quiet'>{escape(note)}</p>{_table(results, alternative)}"
    )


def _so_far(pairs: int, wanted: int) -> str:
    """A warning while pairs are few, or not all there: whoever looks after each and stops when it suits them is
    misled far more often than one time in twenty (Armitage, McPherson and Rowe 1969, Journal of the Royal Statistical
    Society A 132(2))."""
    if pairs < _FEW:
        words = many(
            "{n} pair of runs so far: the interval itself is rough. Let more arrive before you rely on it.",
            "{n} pairs of runs so far: the interval itself is rough. Let more arrive before you rely on it.",
            pairs,
        )
    elif pairs < wanted:
        words = _(
            "{n} of {wanted} pairs of runs so far. Let all arrive: an interval that is watched leaves zero out at some "
            "moment far more often than it should."
        ).format(n=pairs, wanted=wanted)
    else:
        return ""
    return f"<p class='mark'>{escape(words)}</p>"


def _table(results: Results, alternative: str) -> str:
    found = [one for one in compared(results).figures if one.alternative == alternative]
    shown = [one for one in found if one.family in ("headline", "matter")]
    further = [one for one in found if one.family == "further"]
    note = _(
        "The intervals are widened (Bonferroni) so that those of all requests hold together with 95 %, and likewise "
        "those of the two groups; none then looks clear by chance alone."
    )
    more = f"<details><summary>{escape(_('Further figures'))}</summary>{_rows(further)}</details>" if further else ""
    return f"{_rows(shown)}<p class='quiet'>{escape(note)}</p>{more}"


def _rows(changes: Sequence[Change]) -> str:
    rows = []
    for one in changes:
        before, after = apart(one.before.mean, one.after.mean)
        change = str(difference(one.difference.mean, one.measure.unit_of_change))
        rows.append(
            f"<tr><td>{escape(str(one.key.title))}</td>"
            f"<td class='number'>{before}</td><td class='number'>{after}</td>"
            f"<td class='number'><b>{escape(change)}</b></td>"
            f"<td class='number whole'>{escape(str(between(one.adjusted)))}</td>"
            f"<td class='whole'>{escape(str(VERDICTS[one.verdict]))}</td></tr>"
        )
    head = heads(_("Figure"), _("as it is"), _("changed"), _("difference"), _("interval"), _("verdict"))
    return f"<table>{head}{''.join(rows)}</table>"


def reasons(results: Results, alternative: str) -> str:
    """Why: where the days come from, where the queue went, who gets slower."""
    found = why(results, alternative)
    if found.waterfall is None:
        return ""
    items = "".join(f"<li>{escape(str(sentence))}</li>" for sentence in sentences_of(found)[1:])
    parts = [f"<h2>{escape(_('Why'))}</h2><ul>{items}</ul>", figures.waterfall(found.waterfall)]
    if found.bottleneck is not None:
        parts.append(f"<h3>{escape(_('Offices: the longest queues'))}</h3>{figures.offices(found.bottleneck)}")
    if found.fairness is not None and len(found.fairness.corridors) > 1:
        rows = [(str(one.title), one.adjusted) for one in found.fairness.corridors]
        head = _("Who gets slower, who quicker")
        picture = figures.forest(rows, title=head, unit=_("days, intervals that hold together"))
        parts.append(f"<h3>{escape(head)}</h3>{picture}")
    return "".join(parts)


def worth(results: Results) -> str:
    """What it costs, and what a day saved costs."""
    blocks = "".join(html_of(block) for block in money(results))
    return f"<h2>{escape(_('Money'))}</h2>{blocks}" if blocks else ""


def journey(pair: Sequence[Journey]) -> str:
    """One typical request, as it is and changed."""
    head = _("One typical request, with the same luck")
    return f"<h3>{escape(head)}</h3>{figures.journeys(pair)}"


def tried(rows: Sequence[tuple[str, Interval]]) -> str:
    """Everything tried so far in this world, beside each other."""
    if len(rows) < 2:
        return ""
    head = _("What you have tried")
    picture = figures.forest(rows, title=head, unit=_("days, change of the mean duration"))
    return f"<h2>{escape(head)}</h2>{picture}"


def failures(results: Results) -> str:
    """Runs that failed, with the command that repeats each."""
    found = results.failures
    if not found:
        return ""
    head = many("{n} run failed and is left out", "{n} runs failed and are left out", len(found))
    commands = [(one.error, results.experiment.command(one.alternative, one.replication)) for one in found[:5]]
    items = "".join(f"<li>{escape(reason)} <code>{escape(command)}</code></li>" for reason, command in commands)
    return f"<p class='mark' role='alert'>{escape(head)}</p><ul>{items}</ul>"


def as_csv(results: Results, alternative: str) -> str:
    """Every figure of an alternative against the world as it is."""
    head = ("alternative", "figure", "of", "unit", "pairs", "as it is", "changed", "difference", "low", "high")
    rows = []
    for key in results.keys(alternative):
        pairs = results.pairs(alternative, key)
        if len(pairs) < 2:
            continue
        before, after = results.mean(BASELINE, key), results.mean(alternative, key)
        change = results.difference(alternative, key)
        unit = measure_of(key).unit
        of = "" if key.of == ALL else key.of
        figures_ = [float(f"{value:.6g}") for value in (before.mean, after.mean, change.mean, change.low, change.high)]
        rows.append((alternative, key.measure, of, unit, len(pairs), *figures_))
    return csv_text(head, rows)
