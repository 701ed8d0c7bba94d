"""Commands for those who decide about processes: run, compare, design, calibrate, verify."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

import sim
from sim.cli import console
from sim.errors import UsageError
from sim.i18n import _, say

WarmUpOption = Annotated[
    str | None, typer.Option("--warm-up", help="Years left out at the beginning, or 'found' (default: the world's).")
]


Best = Annotated[str | None, typer.Option("--best", help="Find the best by a figure, such as 'mean days'.")]


Indifference = Annotated[
    float, typer.Option("--indifference", help="Smallest difference worth detecting, for --best.", min=0)
]


Probability = Annotated[
    float, typer.Option("--probability", help="Promised probability of finding the best.", min=0, max=1)
]


@console.app.command()
def run(
    world: Annotated[str, typer.Argument(help="A world's id or file.")],
    years: Annotated[float, typer.Option(help="Simulated years after the warm-up.", min=0.01, max=100)] = 3.0,
    seed: console.Seed = 1,
    replication: Annotated[int, typer.Option(help="Which replication of the seed.", min=0)] = 0,
    lever: Annotated[list[str] | None, typer.Option(help="Apply a lever (again for more).")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="Change a setting: kind/id/field=3, …*1.5, …+1 (again for more).")
    ] = None,
    warm_up: Annotated[
        float | None, typer.Option(help="Years left out at the beginning (default: the world's own).", min=0, max=100)
    ] = None,
    roll_out: Annotated[bool, typer.Option("--roll-out", help="Introduce levers over the time each needs.")] = False,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Write tables (CSV, and Parquet if available) here.")
    ] = None,
    xes: Annotated[Path | None, typer.Option(help="Write the event log as XES.")] = None,
    ocel: Annotated[Path | None, typer.Option(help="Write the event log as OCEL 2.0 (JSON).")] = None,
    engine: console.Engine = None,
    force: console.Force = False,
) -> None:
    """Run a world's background demand and print its figures. The last line is the hash of the event table."""
    from sim.policy.experiments.alternatives import Alternative, setting
    from sim.record.run import run as run_world
    from sim.record.tables import files_in
    from sim.views.terminal.tables import show_kpis

    console.may_write(xes, ocel, force=force, made=files_in(folder) if folder is not None else ())
    changed = Alternative(world, tuple(lever or ()), tuple(setting(words) for words in settings or ()))
    scenario, plan = sim.load(world), None
    if roll_out:
        from sim.engine.rollout import compile_roll_out
        from sim.policy.experiments.experiment import Experiment

        experiment = Experiment.of(scenario, [changed], years=years, warm_up=warm_up, roll_out=True)
        plan = compile_roll_out(experiment.roll_outs[changed.name])
    else:
        scenario = changed.applied(scenario)
    result = run_world(scenario, years=years, seed=seed, replication=replication, warm_up=warm_up, plan=plan)
    show_kpis(result, console.out)
    if engine is not None:
        console.out.print(str(result.made_by), markup=False, highlight=False)
    if folder is not None:
        result.to_csv(folder)
        try:
            result.to_parquet(folder)
        except UsageError as error:
            console.err.print(_("CSV only: {error}").format(error=error), markup=False)
        console.out.print(_("tables written to {folder}").format(folder=folder), markup=False)
    if xes is not None or ocel is not None:
        from sim.record.event_logs import write_ocel, write_xes

        for write, path in ((write_xes, xes), (write_ocel, ocel)):
            if path is not None:
                console.out.print(_("event log written to {path}").format(path=write(result.log, path)), markup=False)
    console.out.print(f"sha256: {result.sha256}", highlight=False)


@console.app.command()
def compare(
    world: Annotated[str, typer.Argument(help="A world's id or file.")],
    lever: Annotated[
        list[str],
        typer.Option(help="A lever, or a setting like world/ID/offices/ID/staff+1 (again for more; a + b both)."),
    ],
    replications: Annotated[int, typer.Option(help="Runs of each alternative.", min=2, max=100_000)] = 20,
    years: Annotated[float, typer.Option(help="Simulated years after the warm-up.", min=0.01, max=100)] = 2.0,
    seed: console.Seed = 1,
    warm_up: WarmUpOption = None,
    roll_out: Annotated[bool, typer.Option("--roll-out", help="Introduce levers over the time each needs.")] = False,
    precise: Annotated[
        list[str] | None,
        typer.Option(help="Replicate until a difference is this well known: 'mean days±2' (again for more)."),
    ] = None,
    best: Best = None,
    indifference: Indifference = 1.0,
    probability: Probability = 0.95,
    budget: Annotated[
        int, typer.Option(help="Runs of each alternative at most, for --precise and --best.", min=10, max=100_000)
    ] = 500,
    processes: console.Processes = console.CPUS,
    engine: console.Engine = None,
    cluster: console.Cluster = None,
    folder: console.Folder = None,
    csv: Annotated[Path | None, typer.Option(help="Write the table as CSV.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write a report, FILE.html or FILE.docx.")] = None,
    money: Annotated[bool, typer.Option("--money", help="Say what each costs, and what a day saved costs.")] = False,
    force: console.Force = False,
) -> None:
    """Compare process changes with the world as it is: paired differences with intervals, and who gets worse."""
    from sim.views.documents import check_name
    from sim.views.lab.report import write_report
    from sim.views.terminal.tables import show_comparison

    if report is not None:
        check_name(report)
    console.may_write(csv, report, force=force)
    with (
        console.kept(folder),
        console.executor(processes, cluster) as executor,
        console.progress(_("replications")) as progress,
    ):
        result = sim.compare(
            world,
            lever,
            replications=replications,
            years=years,
            seed=seed,
            warm_up=_warm_up(warm_up),
            roll_out=roll_out,
            precise=precise or (),
            best=best,
            indifference=indifference,
            probability=probability,
            budget=budget,
            executor=executor,
            out=folder,
            progress=progress,
        )
    show_comparison(result, console.out)
    if money:
        from sim.views.terminal.money_tables import show_money

        show_money(result.results, console.out, level=result.level)
    if csv is not None:
        from sim.record.tables import write_csv

        write_csv(result.table(), csv)
        console.out.print(_("table written to {csv}").format(csv=csv), markup=False)
    if report is not None:
        console.out.print(_("report written to {path}").format(path=write_report(result, report)), markup=False)
    console.out.print(f"sha256: {result.sha256}", highlight=False)
    if result.failures:
        raise typer.Exit(1)


@console.app.command()
def design(
    world: Annotated[str, typer.Argument(help="A world's id or file.")],
    factor: Annotated[
        list[str],
        typer.Option(help="A lever, or a setting with values: world/ID/offices/ID/staff=3|4 (again for more)."),
    ],
    kind: Annotated[str, typer.Option(help="full, fractional, or 'one at a time'.")] = "full",
    resolution: Annotated[int, typer.Option(help="Of a fraction: 3 or 4.", min=3, max=4)] = 4,
    of: Annotated[list[str] | None, typer.Option(help="Figures (again for more; default: mean days).")] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Say what would be tried, and stop.")] = False,
    replications: Annotated[int, typer.Option(help="Runs of each combination.", min=2, max=100_000)] = 20,
    years: Annotated[float, typer.Option(help="Simulated years after the warm-up.", min=0.01, max=100)] = 2.0,
    seed: console.Seed = 1,
    warm_up: WarmUpOption = None,
    best: Best = None,
    indifference: Indifference = 1.0,
    probability: Probability = 0.95,
    budget: Annotated[
        int, typer.Option(help="Runs of each combination on average at most, for --best.", min=10, max=100_000)
    ] = 500,
    processes: console.Processes = console.CPUS,
    engine: console.Engine = None,
    cluster: console.Cluster = None,
    folder: console.Folder = None,
) -> None:
    """Try combinations of levers and settings: what each does by itself and with another, and which is the best."""
    from sim.policy.experiments.designs import design as combinations
    from sim.policy.experiments.stopping import key_of
    from sim.views.terminal.design_tables import show_design, show_effects

    figures = [key_of(words) for words in of or ["mean days"]]
    made = combinations(world, factor, kind.replace("-", " "), resolution=resolution)  # type: ignore[arg-type]  # checked there
    show_design(made, console.out)
    if plan:
        return
    with (
        console.kept(folder),
        console.executor(processes, cluster) as executor,
        console.progress(_("replications")) as progress,
    ):
        tried = sim.design(
            made,
            of=figures,
            replications=replications,
            years=years,
            seed=seed,
            warm_up=_warm_up(warm_up),
            best=best,
            indifference=indifference,
            probability=probability,
            budget=budget,
            executor=executor,
            out=folder,
            progress=progress,
        )
    for said in (tried.warm_up, tried.selection):
        if said is not None:
            console.out.print(str(said), markup=False, highlight=False)
    for key in figures:
        show_effects(tried.effects(key), 0.95, console.out)
    results, experiment = tried.results, tried.results.experiment
    for one in results.failures:
        command = experiment.command(one.alternative, one.replication)
        words = _("failed: {alternative}, replication {replication}: {reason}\n  repeat it with: {command}").format(
            alternative=one.alternative, replication=one.replication, reason=one.error, command=command
        )
        console.out.print(words, markup=False, highlight=False, soft_wrap=True)
    console.out.print(f"sha256: {results.sha256}", highlight=False)
    if results.failures:
        raise typer.Exit(1)


def _warm_up(words: str | None) -> float | Literal["found"] | None:
    if words is None:
        return None
    if words == "found":
        return "found"
    try:
        return float(words)
    except ValueError:
        raise UsageError(say("--warm-up {words!r} — write a number of years, or found", words=words)) from None


@console.app.command()
def calibrate(
    log: Annotated[Path, typer.Argument(help="A case-management export: CSV, or XES by its ending.")],
    world: Annotated[Path, typer.Option("--out", help="World file to write; its name is the world's id.")],
    mapping: Annotated[Path | None, typer.Option("--map", help="What the columns mean (YAML).")] = None,
    case: Annotated[str | None, typer.Option(help="Column that names the request.")] = None,
    activity: Annotated[str | None, typer.Option(help="Column of what was done.")] = None,
    start: Annotated[str | None, typer.Option(help="Column of when work on it began.")] = None,
    end: Annotated[str | None, typer.Option(help="Column of when it was finished.")] = None,
    received: Annotated[str | None, typer.Option(help="Column of when the request came.")] = None,
    office: Annotated[str | None, typer.Option(help="Column of who did it.")] = None,
    kind: Annotated[str | None, typer.Option(help="Column of the kind of request.")] = None,
    outcome: Annotated[str | None, typer.Option(help="Column of how the request ended.")] = None,
    zone: Annotated[str | None, typer.Option(help="Time zone of offices, and of times that name none.")] = None,
    rows: Annotated[Path | None, typer.Option(help="Write what was found row by row (CSV).")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the report as one HTML file.")] = None,
    hold_out: Annotated[float, typer.Option(help="Share of the log's time kept for the comparison.")] = 0.25,
    replications: Annotated[int, typer.Option(help="Simulations of the held-out part.", min=2, max=10_000)] = 20,
    seed: console.Seed = 1,
    force: console.Force = False,
) -> None:
    """Make a world of a log of your own: arrivals, hours, durations, branches, each with its origin; and compare."""
    from sim.policy import calibration
    from sim.views.lab.calibration_report import calibration_html, show_calibration_of, show_log

    console.may_write(rows, html, force=force, made=[world])
    options = {"case": case, "activity": activity, "start": start, "end": end, "received": received, "office": office}
    options |= {"kind": kind, "outcome": outcome, "time zone": zone}
    given = {name: value for name, value in options.items() if value is not None}
    cleaned = calibration.read_log(log, calibration.read_columns(mapping, **given) if mapping else given)
    show_log(cleaned, console.out)
    if rows is not None:
        console.out.print(
            _("rows written to {write_findings}").format(write_findings=calibration.write_findings(cleaned, rows)),
            markup=False,
        )
    with console.progress(_("simulations")) as progress:
        made = sim.calibrate(cleaned, world, hold_out=hold_out, replications=replications, seed=seed, progress=progress)
    show_calibration_of(made, console.out)
    if html is not None:
        console.write(html, calibration_html(made))
        console.out.print(_("report written to {path}").format(path=html), markup=False)
    console.out.print(_("world written to {file}").format(file=made.file), markup=False)


@console.app.command()
def verify(
    world: Annotated[str, typer.Option(help="World whose claims are checked.")] = "meridian",
    replications: Annotated[int, typer.Option(help="Runs for the calibration table.", min=2, max=10_000)] = 10,
    years: Annotated[float, typer.Option(help="Simulated years after the warm-up.", min=0.1, max=100)] = 3.0,
    theory_replications: Annotated[int, typer.Option(help="Runs for the theory table.", min=2, max=10_000)] = 20,
    processes: console.Processes = console.CPUS,
    engine: console.Engine = None,
) -> None:
    """Check the engine against queueing theory and a world against published figures, and say where it misses."""
    from sim.engine.executor import prepare
    from sim.policy.questions import Verification
    from sim.policy.verification.verification import calibration_table, theory_table
    from sim.views.terminal.tables import show_calibration, show_theory

    prepare()
    with console.executor(processes) as executor:
        with console.progress(_("theory")) as progress:
            theory = theory_table(theory_replications, executor=executor, progress=progress)
        show_theory(theory, console.out)
        with console.progress(_("calibration")) as progress:
            claims = calibration_table(world, replications, years, executor=executor, progress=progress)
        show_calibration(claims, console.out)
    if not Verification(tuple(theory), tuple(claims)).passed:
        raise typer.Exit(1)
