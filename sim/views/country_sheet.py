"""A State on one page: as HTML to print, as a panel in the seat."""

from __future__ import annotations

from html import escape

from sim.record.country_sheet import CountrySheet
from sim.views.pages import page


def sheet_panel(sheet: CountrySheet) -> str:
    """The sheet's sections as tables of three columns: what, how it is, where that comes from."""
    parts = []
    for section in sheet.sections:
        rows = "".join(
            f"<tr><th scope='row'>{escape(str(line.label))}</th><td>{escape(str(line.value))}</td>"
            f"<td class='quiet'>{escape(str(line.source or ''))}</td></tr>"
            for line in section.lines
        )
        parts.append(f"<h2>{escape(str(section.title))}</h2><table class='sheet'>{rows}</table>")
    return "".join(parts)


def country_sheet_html(sheet: CountrySheet) -> str:
    """The sheet as a complete page that opens offline and prints."""
    from markupsafe import Markup

    from sim.views.seat import panels

    return page("country_sheet", sheet=sheet, style=Markup(panels.style()), body=Markup(sheet_panel(sheet)))
