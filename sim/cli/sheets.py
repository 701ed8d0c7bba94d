"""The command that shows what is known of a State."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import sim
from sim.cli import console
from sim.i18n import _


@console.app.command()
def show(
    state: Annotated[str, typer.Argument(help="A State's id, such as nor.")],
    world: Annotated[str, typer.Option(help="The world (or case) in which it is met: an id or a file.")] = "meridian",
    years: Annotated[
        float, typer.Option(help="Simulated years from which durations come; 0 leaves them out.", min=0, max=100)
    ] = 1.0,
    seed: Annotated[int, typer.Option(help="Seed of the run.", min=0)] = 1,
    html: Annotated[Path | None, typer.Option(help="Write it as one HTML page to print.")] = None,
    force: console.Force = False,
) -> None:
    """Show a State on one page: authorities, ways in, languages, forms, how long requests take and what makes them
    fail, each with where it comes from."""
    from sim.record.country_sheet import country_sheet
    from sim.views.country_sheet import country_sheet_html
    from sim.views.terminal.country_sheet import show_country_sheet

    console.may_write(html, force=force)
    scenario = sim.load(world)
    country_sheet(scenario, state)  # so that a State that is not there is said before anything costs time
    run = sim.run(scenario, years=years, seed=seed) if years and scenario.kind == "world" else None
    sheet = country_sheet(scenario, state, run)
    show_country_sheet(sheet, console.out)
    if html is not None:
        console.write(html, country_sheet_html(sheet))
        console.out.print(_("sheet written to {html}").format(html=html), markup=False)
