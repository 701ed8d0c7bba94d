"""A policy question and its answer as a report: the answer first, then everything that STRESS-DES asks for.

The sections are those of the checklist for discrete-event simulation in Monks, Currie, Onggo, Robinson, Kunc and
Taylor 2019, Strengthening the reporting of empirical simulation studies: introducing the STRESS guidelines, Journal
of Simulation 13(1), 55-67. What was not done is said, not left out in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sim.i18n import _, many
from sim.model.measures import Key, measure_of
from sim.policy.answers.causes import Why, why
from sim.policy.answers.caveats import cautions_of
from sim.policy.answers.conclusions import Sensitivity
from sim.policy.answers.sentences import apart, between, difference, number, sentences_of, signed, years
from sim.policy.experiments.alternatives import name_in_words
from sim.policy.experiments.comparison import Comparison
from sim.policy.experiments.experiment import Results
from sim.policy.experiments.journeys import Journey, compare_journeys, journey_job
from sim.policy.experiments.levers import SETTINGS
from sim.record.changes import VERDICTS, Change
from sim.record.statistics import Interval
from sim.views.documents import Block, Document, Grid, Heading, Items, Paragraph, Picture, check_name, write_document
from sim.views.lab import pictures as figures
from sim.views.lab import prints
from sim.views.lab.money import money
from sim.views.lab.pictures import Swing

if TYPE_CHECKING:
    from sim.policy.answers.study import Study

MEAN = Key("mean days")
_SWINGS = 12
"""Assumptions in a tornado."""


@dataclass(frozen=True)
class Material:
    """What a report is made of. Only the comparison must be there; the report says what else was not asked for."""

    comparison: Comparison
    title: str = ""
    question: Sequence[str] = ()
    """The question, who asks it, and what would be enough of an answer."""
    answer: Sequence[str] = ()
    """The answer in sentences; the causes' first sentences unless given."""
    findings: Grid | None = None
    """The figures that the question asks for."""
    limits: Sequence[str] = ()
    """What the answer does not say."""
    command: str = ""
    """The command that repeats everything; the comparison's unless given."""
    journeys: Mapping[str, Sequence[Journey]] = field(default_factory=dict)
    """By alternative: one request as it is and changed."""
    sensitivity: Sequence[Sensitivity] = ()
    """What conclusions hang on."""

    @property
    def results(self) -> Results:
        return self.comparison.results

    @property
    def level(self) -> float:
        return self.comparison.level

    @property
    def alternatives(self) -> tuple[str, ...]:
        return self.results.experiment.names[1:]

    @property
    def pairs(self) -> dict[str, int]:
        """Pairs of runs by alternative."""
        return {name: len(self.results.pairs(name, MEAN)) for name in self.alternatives}


def material_of(what: Comparison | Study) -> Material:
    """What a report of a comparison, or of a policy question answered, is made of. One typical request of each
    alternative is run for it."""
    results = what.results
    found = {name: compare_journeys(journey_job(results.experiment, name)) for name in results.experiment.names[1:]}
    journeys = {name: pair for name, pair in found.items() if pair is not None}
    if isinstance(what, Comparison):
        return Material(what, journeys=journeys)
    policy = what.policy
    question = (policy.question, _("Asked by: {who}").format(who=policy.asked_by))
    enough = _("What would be enough of an answer: {words}").format(words=policy.enough)
    return Material(
        what.comparison,
        title=policy.title,
        question=(*question, enough),
        answer=[str(words) for words in what.headlines],
        findings=_findings(what),
        limits=policy.limits,
        command=what.command,
        journeys=journeys,
        sensitivity=what.sensitivity,
    )


def _findings(study: Study) -> Grid:
    enough = {"yes": _("yes"), "no": _("no"), "perhaps": _("perhaps"), None: "–"}
    rows = tuple(
        (
            one.change.alternative,
            str(one.title),
            *apart(one.change.before.mean, one.change.after.mean),
            f"{difference(one.change.adjusted.mean, one.change.measure.unit_of_change)} "
            f"({between(one.change.adjusted)})",
            str(VERDICTS[one.change.verdict]),
            enough[one.enough],
        )
        for one in study.findings
    )
    head = (_("Alternative"), _("Figure"), _("as it is"), _("changed"), _("difference"), _("verdict"), _("enough?"))
    return Grid(head, rows, frozenset({2, 3, 4}))


def report(material: Material) -> Document:
    """The whole report."""
    from sim.views.lab.stress_des import stress

    experiment = material.results.experiment
    title = material.title or _("{world}: what a change would bring").format(world=experiment.world.title)
    below = _("{pairs}, {years} each after the warm-up, seed {seed}.").format(
        pairs=many("{n} pair of runs", "{n} pairs of runs", max(material.pairs.values(), default=0)),
        years=years(experiment.years),
        seed=experiment.seed,
    )
    foot = _(
        "The States are invented; the instruments are real. Figures marked as assumptions are the authors' and not "
        "measured. A simulation compares alternatives under stated assumptions; it does not forecast."
    )
    document = Document(title, below, foot=foot)
    document.add(Heading(_("The answer"), 1))
    document.add(*_question(material), *_answer(material))
    document.add(Heading(_("Money")), *money(material.results, level=material.level))
    document.add(*_sensitivity(material))
    if material.limits:
        document.add(
            Heading(_("What the answer does not say")), Items(tuple(" ".join(m.split()) for m in material.limits))
        )
    document.add(*stress(material))
    return document


def write_report(what: Comparison | Study, path: str | Path) -> Path:
    """The report of a comparison or of a policy question answered, as HTML or DOCX by its name.

    Raises `UsageError` for another name, or where it cannot be written.
    """
    check_name(path)
    return write_document(report(material_of(what)), path)


def _question(material: Material) -> Iterator[Block]:
    if material.question:
        yield from (Paragraph(" ".join(words.split())) for words in material.question)
        return
    changes = [lever for one in material.results.experiment.alternatives for lever in one.changes]
    asked = tuple(dict.fromkeys(lever.question for lever in changes if lever.id != SETTINGS))
    if asked:
        yield Items(asked)


def _answer(material: Material) -> Iterator[Block]:
    results, level = material.results, material.level
    found = {name: why(results, name, level=level) for name in material.alternatives}
    first = [f"{name}: {sentences_of(reasons)[0]}" for name, reasons in found.items()]
    yield from (Paragraph(words, "answer") for words in material.answer or first)
    yield from (Paragraph(str(words)) for words in cautions_of(material.comparison))
    if material.findings is not None:
        yield material.findings
        yield Paragraph(_("All intervals of this table hold at once."), "quiet")
    yield _table(material.comparison.figures, ("headline", "year", "matter"))
    yield Paragraph(
        _(
            "Every alternative met the same requests with the same luck in every pair of runs; differences are means "
            "over the pairs. The intervals are widened for their number, so that those of a family (headline figures; "
            "groups of requests; years) hold at once with {level} %."
        ).format(level=f"{100 * level:g}"),
        "quiet",
    )
    if len(found) > 1:
        figures_ = material.comparison.figures
        rows = [(one.alternative, one.adjusted) for one in figures_ if one.key == MEAN]
        yield _forest(rows, _("Change of the mean duration by alternative, intervals that hold together"))
    for name, reasons in found.items():
        yield Heading(_("Why: {alternative}").format(alternative=name))
        yield Items(tuple(str(words) for words in sentences_of(reasons)[1:]))
        yield from _pictures(reasons)
        if pair := material.journeys.get(name):
            yield Picture(
                _("One typical request, {request}: as it is and changed, with the same luck.").format(
                    request=pair[0].request
                ),
                figures.journeys(pair),
                partial(prints.print_journeys, pair),
                "; ".join(f"{name_in_words(one.alternative)}: {number(one.days)}" for one in pair),
            )
    yield Heading(_("Further figures"))
    yield _table(material.comparison.figures, ("further",))
    yield Paragraph(_("All intervals of this table hold at once."), "quiet")


def _pictures(reasons: Why) -> Iterator[Block]:
    if reasons.waterfall is not None:
        yield Picture(
            _("Where the days come from. The steps add up to the change; whiskers are intervals of each step."),
            figures.waterfall(reasons.waterfall),
            partial(prints.print_waterfall, reasons.waterfall),
        )
    if reasons.bottleneck is not None:
        yield Picture(
            _("The longest queues and how busy the staff are, before and after."),
            figures.offices(reasons.bottleneck),
            partial(prints.print_offices, reasons.bottleneck),
        )
    if reasons.fairness is not None and len(reasons.fairness.corridors) > 1:
        rows = [(str(one.title), one.adjusted) for one in reasons.fairness.corridors]
        yield _forest(rows, _("Who gets slower, who quicker: change by corridor, intervals that hold together"))
    elif reasons.fairness is None:
        yield Paragraph(_("This world has no corridors between States, so nobody can be compared with others."))


def _forest(rows: Sequence[tuple[str, Interval]], caption: str) -> Picture:
    unit = _("days")
    svg = figures.forest(rows, title=caption, unit=unit)
    words = "; ".join(f"{label}: {signed(found.mean)} ({between(found)})" for label, found in rows)
    return Picture(caption, svg, partial(prints.print_forest, rows, unit=unit), words)


def _table(figures_: Sequence[Change], families: Sequence[str]) -> Grid:
    rows = tuple(
        (
            one.alternative,
            str(one.key.title),
            *apart(one.before.mean, one.after.mean),
            str(difference(one.difference.mean, one.measure.unit_of_change)),
            str(between(one.adjusted)),
            _("clear") if one.clear else _("not clear"),
        )
        for one in figures_
        if one.family in families
    )
    head = (_("Alternative"), _("Figure"), _("as it is"), _("changed"), _("difference"), _("interval"), _("clear?"))
    return Grid(head, rows, frozenset({2, 3, 4, 5}))


def _sensitivity(material: Material) -> Iterator[Block]:
    yield Heading(_("What the conclusion hangs on"))
    if not material.sensitivity:
        yield Paragraph(
            _(
                "No sensitivity analysis is part of this study: how far the answer depends on the assumptions listed "
                "below was not examined. mlasim sensitivity does so."
            )
        )
    for found in material.sensitivity:
        yield Paragraph(f"{found.alternative}, {found.key.words}:")
        yield Items(tuple(str(words) for words in found.sentences))
        swings = [Swing(str(one.title), *one.ends) for one in found.tornado.swings[:_SWINGS]]
        base, unit = found.tornado.base.mean, str(measure_of(found.key).change_words)
        caption = _("How far each assumption moves the answer, from its lowest to its highest value.")
        yield Picture(
            caption,
            figures.tornado(swings, base, title=caption, unit=unit),
            partial(prints.print_tornado, swings, base, unit=unit),
            "; ".join(f"{one.label}: {signed(one.at_low)}, {signed(one.at_high)}" for one in swings),
        )
