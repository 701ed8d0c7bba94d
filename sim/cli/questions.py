"""Commands for a question of policy: study a file's question, see what a conclusion hangs on, find the best mix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import sim
from sim.cli import console
from sim.errors import UsageError
from sim.i18n import _, say

if TYPE_CHECKING:
    from sim.model.loading import Scenario

Measured = Annotated[str, typer.Option("--figure", help="The figure, such as 'mean days' or 'mean days, lys to nor'.")]
Years = Annotated[float, typer.Option(help="Simulated years after the warm-up.", min=0.01, max=100)]
Reported = Annotated[Path | None, typer.Option("--report", help="Write the report here: NAME.html or NAME.docx.")]


@console.app.command()
def study(
    question: Annotated[str, typer.Argument(help="A policy question's id or file; see mlasim list policies.")],
    replications: Annotated[int | None, typer.Option(help="Runs of each alternative (default: the file's).")] = None,
    years: Annotated[float | None, typer.Option(help="Simulated years (default: the file's).")] = None,
    warm_up: Annotated[float | None, typer.Option(help="Years left out first (default: the world's).")] = None,
    sensitivity: Annotated[int, typer.Option(help="Runs of each setting of the assumptions; 0 leaves it out.")] = 0,
    folder: console.Folder = None,
    report: Reported = None,
    processes: console.Processes = console.CPUS,
    engine: console.Engine = None,
    cluster: console.Cluster = None,
    force: console.Force = False,
) -> None:
    """Answer a question that a ministry asks: the difference, its interval, causes, cost, and how sure it is."""
    from sim.views.documents import check_name
    from sim.views.lab.report import write_report
    from sim.views.terminal.policy_answers import show_study

    if report is not None:
        check_name(report)
    console.may_write(report, force=force)
    workers, bar = console.executor(processes, cluster), console.progress(_("runs"))
    with console.kept(folder), workers as executor, bar as progress:
        found = sim.study(
            question,
            replications=replications,
            years=years,
            warm_up=warm_up,
            sensitivity=sensitivity,
            executor=executor,
            out=folder,
            told=lambda words, done, total: progress(done, total, str(words)),
        )
    show_study(found, console.out)
    if report is not None:
        write_report(found, report)
        console.out.print(_("report written to {path}").format(path=report), markup=False)
    console.out.print(f"sha256: {found.sha256}", highlight=False)


@console.app.command()
def sensitivity(
    what: Annotated[str, typer.Argument(help="A world's or a case's id or file.")],
    lever: Annotated[str | None, typer.Option(help="The change whose effect is asked for; none: the figure.")] = None,
    figure: Measured = "mean days",
    method: Annotated[list[str] | None, typer.Option(help="More than a tornado: morris, sobol (or both).")] = None,
    by: Annotated[str, typer.Option(help="What is varied together: place, stage, office or world.")] = "world",
    replications: Annotated[
        int | None, typer.Option(help="Runs of each setting (default: 5; of a case 20 plays).", min=2)
    ] = None,
    years: Years = 1.0,
    warm_up: Annotated[float | None, typer.Option(help="Years left out first (default: the world's).")] = None,
    budget: Annotated[int | None, typer.Option(help="Runs at most.")] = None,
    player: Annotated[
        str | None, typer.Option(help="Of a case, who plays: first, random, naive, textbook (default) or greedy.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Of a case, vary this alone: behaviour/conduct, … (again for more).")
    ] = None,
    seed: console.Seed = 1,
    processes: console.Processes = console.CPUS,
    engine: console.Engine = None,
    cluster: console.Cluster = None,
) -> None:
    """Vary every assumption within its range: what moves the answer most, and what would flip the conclusion; of a
    case, what moves the score of an automatic player and how it ends."""
    loaded = sim.load(what)
    if loaded.case is not None:
        of_worlds: dict[str, object] = {"--lever": lever, "--method": method, "--warm-up": warm_up, "--budget": budget}
        of_worlds |= {"--cluster": cluster, "--by": by != "world", "--years": years != 1.0}
        of_worlds |= {"--figure": figure != "mean days"}
        _only_of("worlds", of_worlds, loaded.id)
        _sensitivity_of_case(loaded, player or "textbook", replications or 20, only or (), seed, processes)
        return
    _only_of("cases", {"--player": player, "--only": only}, loaded.id)
    from sim.views.terminal.policy_answers import show_sensitivity

    workers, bar = console.executor(processes, cluster), console.progress(_("runs"))
    with workers as executor, bar as progress:
        found = sim.sensitivity(
            loaded,
            lever,
            figure=figure,
            methods=method or (),  # type: ignore[arg-type]  # words of the user, which it looks at
            by=by,  # type: ignore[arg-type]  # likewise
            replications=replications or 5,
            years=years,
            warm_up=warm_up,
            budget=budget,
            seed=seed,
            executor=executor,
            progress=progress,
        )
    show_sensitivity(found, console.out)


def _only_of(kind: str, given: Mapping[str, object], id_: str) -> None:
    """Raise `UsageError` for an option that is about another kind of scenario."""
    for option, value in given.items():
        if value:
            raise UsageError(
                say(
                    "{option} is about {kind}, and {id!r} is none of them — leave it out",
                    option=option,
                    kind=kind,
                    id=id_,
                )
            )


def _sensitivity_of_case(
    case: Scenario, player: str, plays: int, only: Sequence[str], seed: int, processes: int
) -> None:
    from sim.training.sensitivity import sensitivity_of
    from sim.views.terminal.behaviour import show_case_sensitivity

    with console.executor(processes) as executor, console.progress(_("plays")) as progress:
        found = sensitivity_of(case, player, plays, seed=seed, only=only, executor=executor, progress=progress)
    show_case_sensitivity(found, console.out)


@console.app.command()
def optimise(
    world: Annotated[str, typer.Argument(help="A world's id or file.")],
    budget: Annotated[float, typer.Option(help="Euro a year.", min=0)],
    lever: Annotated[list[str] | None, typer.Option(help="A lever that may be pulled (again for more).")] = None,
    post: Annotated[list[str] | None, typer.Option(help="An office and how many posts it may gain: ID=2.")] = None,
    figure: Measured = "mean days",
    search_budget: Annotated[int, typer.Option(help="Runs that the search may make.", min=4)] = 400,
    replications: Annotated[int, typer.Option(help="Runs of each finalist.", min=2)] = 30,
    years: Years = 1.0,
    warm_up: Annotated[float | None, typer.Option(help="Years left out first (default: the world's).")] = None,
    seed: console.Seed = 1,
    processes: console.Processes = console.CPUS,
    engine: console.Engine = None,
    cluster: console.Cluster = None,
) -> None:
    """Find the best mix of levers and posts within a budget, by simulating mixes; the runner-up is named."""
    from sim.views.terminal.policy_answers import show_optimum

    posts: dict[str, int] = {}
    for words in post or ():
        office, equals, most = words.partition("=")
        if not equals or not most.isdigit():
            raise UsageError(say("{words!r} says no number of posts — write OFFICE=2", words=words))
        posts[office] = int(most)
    workers, bar = console.executor(processes, cluster), console.progress(_("runs"))
    with workers as executor, bar as progress:
        found = sim.optimise(
            world,
            budget,
            levers=tuple(lever or ()),
            posts=posts,
            figure=figure,
            search_budget=search_budget,
            replications=replications,
            years=years,
            warm_up=warm_up,
            seed=seed,
            executor=executor,
            progress=progress,
        )
    show_optimum(found, console.out)
