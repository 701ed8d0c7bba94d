"""A State on one page, in a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.i18n import _
from sim.record.country_sheet import CountrySheet


def show_country_sheet(sheet: CountrySheet, console: Console) -> None:
    """What is known of a State, section by section, with where it comes from."""
    console.print(Text(sheet.title, style="bold"))
    words = _("An invented State, as it is met in {world}. What it is like: {likeness}")
    console.print(Text(words.format(world=sheet.world, likeness=sheet.likeness), style="dim"))
    for section in sheet.sections:
        console.print(Text(f"\n{section.title}", style="bold"))
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        table.add_column(ratio=3)
        table.add_column(ratio=4)
        table.add_column(ratio=4, style="dim")
        for line in section.lines:
            table.add_row(Text(str(line.label)), Text(str(line.value)), Text(str(line.source or "")))
        console.print(table)
