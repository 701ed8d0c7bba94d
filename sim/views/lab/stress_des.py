"""The six sections of STRESS-DES for a policy question, filled from the experiment and its world."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.i18n import _, many, say
from sim.model.base import MARKS, Origin
from sim.model.durations import YEAR
from sim.model.measures import MEASURES
from sim.policy.answers.sentences import years
from sim.policy.experiments.alternatives import Alternative, name_in_words, setting_in_words
from sim.policy.experiments.levers import SETTINGS
from sim.policy.experiments.provenance import inputs_of
from sim.versions import in_one_line, version_of, versions
from sim.views.documents import Block, Code, Grid, Heading, Items, Paragraph, Picture
from sim.views.lab.procedure_chart import in_order, procedure_chart

if TYPE_CHECKING:
    from sim.views.lab.report import Material

_PACKAGES = ("pydantic", "scipy", "SALib")
"""Packages that an answer rests on, besides what every result names."""


def stress(material: Material) -> Iterator[Block]:
    """Objectives, logic, data, experimentation, implementation, access to the code."""
    yield from _objectives(material)
    yield from _logic(material)
    yield from _data(material)
    yield from _experimentation(material)
    yield from _implementation(material)
    yield from _access(material)
    yield from _annex(material)


def _objectives(material: Material) -> Iterator[Block]:
    experiment = material.results.experiment
    yield Heading(_("1 Objectives"), 1)
    yield Heading(_("1.1 Purpose of the model"))
    yield Paragraph(
        _(
            "To compare changes of the process of mutual legal assistance in the world “{world}” before they are made."
        ).format(world=experiment.world.title)
    )
    if experiment.world.record.about:
        yield Paragraph(" ".join(experiment.world.record.about.split()))
    yield Heading(_("1.2 Model outputs"))
    better = {"less": _("less is better"), "more": _("more is better"), "": ""}
    rows = tuple((str(one.words), str(one.unit_words), better[one.better]) for one in MEASURES.values())
    yield Grid((_("Figure"), _("Unit"), _("Direction")), rows)
    yield Paragraph(
        _(
            "Durations are of requests that ended after the warm-up and were answered; those refused, returned, "
            "withdrawn or never answered are counted beside them."
        )
    )
    yield Heading(_("1.3 Experimentation aims"))
    for alternative in experiment.alternatives:
        yield from _aim(alternative)


def _aim(alternative: Alternative) -> Iterator[Block]:
    for lever in alternative.changes:
        if lever.id == SETTINGS:
            settings = ", ".join(setting_in_words(patch) or patch.at for patch in lever.changes)
            yield Paragraph(_("{name}: settings changed: {settings}").format(name=alternative.name, settings=settings))
            continue
        needs = lever.roll_out
        title = lever.title if lever.title in alternative.name else f"{alternative.name}: {lever.title}"
        yield Paragraph(f"{title}. {lever.question}")
        points = [
            _("Evidence: {words}").format(words=lever.evidence_for),
            _("Limits: {words}").format(words=lever.evidence_of_limits),
            _("Cost: {words}").format(words=lever.cost or _("not stated")),
            _("Size of the effect: {origin}").format(origin=lever.origin.words),
        ]
        if needs is not None:
            points.append(_("Time to introduce it: {years}").format(years=years(needs.seconds()[0] / YEAR)))
        yield Items(tuple(points))


def _logic(material: Material) -> Iterator[Block]:
    world = material.results.experiment.world
    yield Heading(_("2 Logic"), 1)
    yield Heading(_("2.1 Base model overview"))
    yield Paragraph(
        _(
            "Requests arrive, each follows the stages of its procedure (preparing, transmission, taking up, execution, "
            "return), waits in the queue of an office where a stage needs staff, and ends answered or not."
        )
    )
    for name in sorted({flow.procedure for flow in world.world.demand.values()}):
        procedure = world.procedures[name]
        caption = _("Stages of the procedure: {title}").format(title=procedure.title)
        yield Picture(caption, procedure_chart(procedure), None, in_order(procedure))
    yield Heading(_("2.2 Base model logic"))
    yield Paragraph(
        _(
            "Law decides which way is open: legal basis, channel, languages and grounds for refusal follow from the "
            "instruments in force between the two States. Chances (incomplete, refused, returned, no reply) decide at "
            "the branches of a procedure; a request may go back to an earlier stage. Offices work their own hours in "
            "their own time zone with their own holidays; work in hand at closing time is treated as each office says."
        )
    )
    yield Heading(_("2.3 Scenario logic"))
    yield Paragraph(
        _(
            "An alternative is the same world with named changes to its data, applied in the order given (levers, then "
            "settings) and validated like the original. Two changes that set one place to different values are an "
            "error."
        )
    )
    if material.results.experiment.roll_out:
        yield Paragraph(_("Levers are introduced from the end of the warm-up on, each over the time it needs."))
    else:
        yield Paragraph(_("Levers are compared as fully in place; the time of introducing them is not simulated."))
    rows: list[tuple[str, ...]] = []
    before: Origin | None = None
    for name, changes in material.results.experiment.provenance.items():
        for applied in changes:
            origin = _("as above") if applied.origin == before else str(applied.origin.words)
            rows.append((name, applied.lever, applied.at, applied.change, str(applied.places), origin))
            before = applied.origin
    if rows:
        head = (_("Alternative"), _("Lever"), _("Where"), _("Change"), _("Places"), _("Origin"))
        yield Grid(head, tuple(rows), frozenset({4}))
    yield Heading(_("2.4 Algorithms"))
    yield Items(
        (
            _("Queues: most urgent class first, then first come, first served, with the rules of each office."),
            _(
                "Days by cause: every second of a request belongs to one cause, so that causes add up to its duration; "
                "of measures executed side by side, the one that ended last counts."
            ),
            _("Longest queue: by the mean number waiting, which is visits times waiting time (Little 1961)."),
        )
    )
    yield Heading(_("2.5 Components"))
    offices = world.world.offices
    arrivals = sum(flow.per_year or 0 for flow in world.world.demand.values())
    yield Items(
        (
            _(
                "Entities: requests of {flows} ({year} a year where a yearly rate is given), in the classes {classes}."
            ).format(
                flows=many("{n} flow", "{n} flows", len(world.world.demand)),
                year=f"{arrivals:,.0f}",
                classes=", ".join(world.world.priorities),
            ),
            _("Activities: the stages above; work occupies one member of staff, other stages only take time."),
            _("Resources: {offices} with {staff} staff together.").format(
                offices=many("{n} office", "{n} offices", len(offices)),
                staff=sum(office.staff for office in offices.values()),
            ),
            _("Queues: one at every office, without limit."),
            _("Entry: Poisson arrivals by flow. Exit: an end of the procedure, with its outcome."),
        )
    )


def _data(material: Material) -> Iterator[Block]:
    found = inputs_of(material.results.experiment.world)
    marks = Counter(one.mark for one in found)
    yield Heading(_("3 Data"), 1)
    yield Heading(_("3.1 Data sources"))
    total = sum(marks.values())
    yield Paragraph(
        _(
            "{total} entries with figures: {published} published, {primary} from primary legal sources, {assumed} "
            "assumptions."
        ).format(
            total=total,
            published=marks["published"],
            primary=marks["primary source"],
            assumed=marks["assumption"],
        )
    )
    rows = tuple(
        (one.place, one.figure, one.value, _(MARKS[one.mark]), one.source) for one in found if one.mark != "assumption"
    )
    head = (_("Where"), _("Figure"), _("Value"), _("Mark"), _("Source"))
    if rows:
        yield Grid(head, rows)
    yield Heading(_("3.2 Pre-processing"))
    yield Paragraph(
        _(
            "None beyond what each source says: figures stand in the world's files as they are used, durations as "
            "spans or as distributions given by two quantiles."
        )
    )
    yield Heading(_("3.3 Input parameters"))
    yield Paragraph(_("Every figure of the world stands in the annex with its mark and source."))
    claims = material.results.experiment.world.world.claims
    if claims:
        yield Paragraph(_("Published figures the world is held against (mlasim verify says which it meets):"))
        held = tuple(
            (c.title, "–".join(f"{value:g}" for value in c.published), _("yes") if c.fitted else _("no"), c.source)
            for c in claims
        )
        yield Grid((_("Claim"), _("Published"), _("Fitted"), _("Source")), held, frozenset({1}))
    yield Heading(_("3.4 Assumptions"))
    yield Paragraph(
        _(
            "{n} entries are assumptions of the authors; they stand in the annex, marked. What the levers change is an "
            "assumption too where 1.3 says so."
        ).format(n=marks["assumption"])
    )


def _experimentation(material: Material) -> Iterator[Block]:
    results = material.results
    warm_up, end = results.experiment.seconds
    yield Heading(_("4 Experimentation"), 1)
    yield Heading(_("4.1 Initialisation"))
    yield Paragraph(
        _("Runs begin empty. A warm-up of {years} is left out of every figure.").format(years=years(warm_up / YEAR))
    )
    if material.comparison.warm_up is None:
        yield Paragraph(
            _(
                "It was given, not found: busy offices may still fill after it, with and without the change, so that "
                "levels are less sure than differences. --warm-up found looks for it (MSER-5)."
            )
        )
    yield Heading(_("4.2 Run length"))
    yield Paragraph(_("{years} after the warm-up in every run.").format(years=years((end - warm_up) / YEAR)))
    yield Heading(_("4.3 Estimation approach"))
    pairs = "; ".join(f"{name}: {count}" for name, count in material.pairs.items())
    yield Paragraph(
        _(
            "Independent replications, paired with the world as it is by common random numbers: {pairs}. Intervals are "
            "Student's t for the mean of paired differences, {level} %; those of figures, groups, corridors "
            "and queues are widened for their number (Bonferroni), those of the steps of causes are not. They cover "
            "the chance in the runs, not whether the assumptions are right."
        ).format(pairs=pairs, level=f"{100 * material.level:g}")
    )
    found = (material.comparison.warm_up, material.comparison.stopping, material.comparison.selection)
    if any(found):
        yield Items(tuple(str(one) for one in found if one is not None))
    failures = results.failures
    if failures:
        yield Paragraph(many("{n} run failed and is left out.", "{n} runs failed and are left out.", len(failures)))
        rows = tuple(
            (
                one.alternative,
                str(one.replication),
                one.error,
                results.experiment.command(one.alternative, one.replication),
            )
            for one in failures[:20]
        )
        yield Grid((_("Alternative"), _("Replication"), _("Reason"), _("Repeat it with")), rows)
    else:
        yield Paragraph(_("No run failed."))


def _implementation(material: Material) -> Iterator[Block]:
    results = material.results
    yield Heading(_("5 Implementation"), 1)
    yield Heading(_("5.1 Software"))
    yield Paragraph(in_one_line(versions() | {name: version_of(name) for name in _PACKAGES}) + ".")
    for words, count in material.results.made_by:
        yield Paragraph(str(say("Runs: {count}, {words}.", count=count, words=words)))
    yield Heading(_("5.2 Random sampling"))
    yield Paragraph(
        _(
            "Every draw is a pure function of seed, replication, stream name, request and attempt, so that the same "
            "request has the same luck in every alternative and no draw depends on the order of events. Seed: {seed}."
        ).format(seed=results.experiment.seed)
    )
    yield Heading(_("5.3 Model execution"))
    yield Paragraph(
        _(
            "Time is whole seconds; events at one moment are ordered by priority, then by sequence. Runs may be made "
            "in any number of processes; the results, and their hash, are the same."
        )
    )
    yield Code(_("Hash of all observations: {hash}").format(hash=results.sha256))
    rows = tuple((str(name_in_words(name)), scenario.hash) for name, scenario in results.experiment.scenarios.items())
    yield Grid((_("Alternative"), _("Hash of its data")), rows)
    yield Heading(_("5.4 System specification"))
    yield Paragraph(f"{platform.system()} {platform.machine()}, {platform.python_implementation()}.")


def _access(material: Material) -> Iterator[Block]:
    yield Heading(_("6 Code access"), 1)
    yield Heading(_("6.1 Sharing statement"))
    yield Paragraph(
        _(
            "mlasim is free software (Apache-2.0; scenarios and texts CC BY 4.0). The world and the levers named above "
            "ship with it. The command that repeats this study:"
        )
    )
    yield Code(material.command or material.comparison.command)


def _annex(material: Material) -> Iterator[Block]:
    found = [one for one in inputs_of(material.results.experiment.world) if one.mark == "assumption"]
    yield Heading(_("Annex: every assumption of the world"), 1)
    head = (_("Where"), _("Figure"), _("Value"), _("Reason"))
    yield Grid(head, tuple((one.place, one.figure, one.value, one.source) for one in found))
