"""Commands about files: what the library holds, what is wrong in a file, what the law says."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

import sim
from sim.cli import console
from sim.errors import UsageError
from sim.i18n import _, many, marked, say

_SEVERAL = {
    "behaviour": marked("behaviour"),
    "case": marked("cases"),
    "channel": marked("channels"),
    "form": marked("forms of letters"),
    "glossary": marked("glossaries"),
    "guidance": marked("guidance"),
    "holidays": marked("calendars of public holidays"),
    "instrument": marked("instruments"),
    "jurisdiction": marked("jurisdictions"),
    "lever": marked("levers"),
    "measure": marked("measures"),
    "policy": marked("policies"),
    "procedure": marked("procedures"),
    "service": marked("services"),
    "world": marked("worlds"),
}
"""Kinds of files in the plural, as they can be asked for."""


@console.app.command("list")
def list_(
    kind: Annotated[str, typer.Argument(help="cases, worlds, levers, instruments, …; all if left out")] = "",
) -> None:
    """List what the library holds."""
    from sim.model.loading import Library, shipped_folder
    from sim.model.problems import did_you_mean
    from sim.model.validation import KINDS

    kinds = sorted(set(KINDS) - {"coverage"})
    wanted = [k for k in kinds if kind in ("", k, _SEVERAL[k])]
    if not wanted:
        raise UsageError(
            say("there is no kind {kind!r} — {hint}", kind=kind, hint=did_you_mean(kind, _SEVERAL.values()))
        )
    library = Library((shipped_folder(),))
    usual = [
        "case",
        "world",
        "policy",
        "lever",
        "jurisdiction",
        "instrument",
        "channel",
        "measure",
        "procedure",
        "service",
        "behaviour",
    ]
    for name in wanted if kind else usual:
        table = Table(title=_(_SEVERAL[name]), title_justify="left", show_header=False, box=None, padding=(0, 2, 0, 0))
        table.add_column(style="bold", no_wrap=True)
        table.add_column()
        for id_ in library.ids(name):
            record = library.get(name, id_)
            table.add_row(id_, record.title if record else _("(has problems: mlasim check)"))
        console.out.print(table)


@console.app.command()
def check(what: Annotated[list[str], typer.Argument(help="Files, folders or ids.")]) -> None:
    """Say everything that is wrong in scenario files, with line and remedy."""
    from sim.authoring.check import check as check_all

    report = check_all(what)
    for problem in report.problems:
        console.out.print(str(problem), markup=False, highlight=False, soft_wrap=True)
    count = len(report.problems)
    read = many("{n} file read", "{n} files read", report.files)
    found = many("{n} problem", "{n} problems", count) if count else _("no problems")
    console.out.print(f"{read}, {found}")
    raise typer.Exit(1 if count else 0)


@console.app.command()
def explain(
    world: Annotated[str, typer.Argument(help="A world's or a case's id or file.")],
    requesting: Annotated[str, typer.Option("--from", help="Requesting State.")],
    requested: Annotated[str, typer.Option("--to", help="Requested State.")],
    measure: Annotated[str, typer.Option(help="What is asked for.")],
    offence: Annotated[str, typer.Option(help="The offence.")] = "trafficking-in-persons",
    instrument: Annotated[
        str | None, typer.Option(help="The instrument to speak about, whether or not it applies.")
    ] = None,
    penalty: Annotated[
        int | None, typer.Option(help="Maximum penalty in the requesting State, in years.", min=0, max=100)
    ] = None,
    on: Annotated[
        datetime | None,
        typer.Option(
            "--date", formats=["%Y-%m-%d"], help="The day the law is asked of (default: the scenario's first)."
        ),
    ] = None,
    urgent: Annotated[bool, typer.Option("--urgent", help="The circumstances are urgent.")] = False,
    why_not: Annotated[str | None, typer.Option(help="Why not this instrument, channel, ground or limit?")] = None,
    full: Annotated[bool, typer.Option("--full", help="Show every reason under every answer.")] = False,
) -> None:
    """Say which law applies between two States, which channels, languages, deadlines, grounds and duties, and why."""
    from sim import law
    from sim.views.terminal.explanation import show_explanation, show_reason

    facts: law.Facts = {
        "requesting": requesting,
        "requested": requested,
        "measure": measure,
        "offence": offence,
        "instrument": instrument,
        "maximum_penalty_years": penalty,
        "day": on.date() if on is not None else None,
        "urgent": urgent,
    }
    if why_not is not None:
        show_reason(law.why_not(sim.load(world), why_not, **facts), console.out)
        return
    show_explanation(sim.explain(sim.load(world), **facts), console.out, full=full)


@console.app.command()
def library(
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Item by item, what the founding article names.")
    ] = False,
    behaviour: Annotated[
        bool, typer.Option("--behaviour", help="Every assumption on how people and offices behave, with its origin.")
    ] = False,
    case: Annotated[str | None, typer.Option(help="With --behaviour: as this case (id or file) has them.")] = None,
    run: Annotated[
        bool, typer.Option("--run", help="Run the tests named, and say which pass (in a checkout).")
    ] = False,
) -> None:
    """Say what the library holds, how sure its figures are, and what covers each item of the founding article."""
    from sim.authoring.coverage import contents_of, coverage_of, provenance_of
    from sim.views.terminal.tables import show_coverage, show_library

    if behaviour or case is not None:
        from sim.model.loading import usual_behaviour
        from sim.views.terminal.behaviour import show_behaviour

        show_behaviour(usual_behaviour() if case is None else sim.load(case).behaviour, console.out)
        return
    if not coverage:
        show_library(contents_of(), provenance_of(), console.out)
        return
    found = coverage_of(run=run)
    show_coverage(found, console.out)
    if any(item.status in ("missing", "failed") for item in found):
        raise typer.Exit(1)


@console.app.command()
def schema(
    folder: Annotated[Path | None, typer.Option("--out", help="Folder for one file per kind.")] = None,
    kind: Annotated[str | None, typer.Option(help="Print the schema of one kind instead (columns: of a log).")] = None,
    force: console.Force = False,
) -> None:
    """Write JSON Schemas of the scenario files, for editors. Those written before are renewed."""
    import json

    from sim.model.problems import did_you_mean
    from sim.model.schema import json_schema, others_in, schema_of, write_schemas
    from sim.model.validation import KINDS

    if kind == "columns":
        from sim.policy.calibration.columns import Columns

        print(json.dumps(schema_of(Columns, kind), indent=2, ensure_ascii=False))
        return
    if kind is not None:
        if kind not in KINDS:
            raise UsageError(say("there is no kind {kind!r} — {hint}", kind=kind, hint=did_you_mean(kind, KINDS)))
        print(json.dumps(json_schema(kind), indent=2, ensure_ascii=False))
        return
    folder = console.folder(folder or Path("schemas"))
    console.may_write(made=others_in(folder), force=force)
    for path in write_schemas(folder):
        console.out.print(str(path), markup=False)
