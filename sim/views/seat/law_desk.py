"""The law desk: who can be asked for what, through which channel, under which article, and why not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

import ipywidgets as widgets

from sim import law
from sim.errors import LawError
from sim.i18n import _
from sim.law.question import known_offences
from sim.law.terms import STEPS_IN_WORDS, ground_in_words, offence_in_words
from sim.model.loading import Scenario
from sim.record.country_sheet import country_sheet
from sim.views.controls import button, dropdown, labels, row, text, tick, whole
from sim.views.country_sheet import country_sheet_html, sheet_panel
from sim.views.downloads import downloads
from sim.views.glossary import with_terms
from sim.views.seat import panels

AT_A_GLANCE = 8
"""A group of more answers than this is closed at first, so that the desk is not a wall of law."""


LONGEST_PENALTY = 100
"""Years of imprisonment that can be named at most."""


class LawDesk:
    """Questions to the law with all facts it turns on, asked by picking. ``view`` is the widget to show."""

    def __init__(self, scenario: Scenario, home: str, states: Sequence[str], measures: Sequence[str]):
        self.scenario, self.home = scenario, home
        titles = {id_: scenario.jurisdictions[id_].title for id_ in states}
        self.state = dropdown(_("State"), [(title, id_) for id_, title in titles.items()])
        self.measure = dropdown(_("Asking for"), [(scenario.measure(m).title, m) for m in measures])
        assert scenario.case is not None
        offences = sorted((str(offence_in_words(id_)), id_) for id_ in known_offences(scenario))
        self.offence = dropdown(_("Offence"), offences)
        self.offence.value = scenario.case.offence
        self.day = widgets.DatePicker(description=_("On the day"), value=scenario.day, style=labels())
        self.penalty = whole(_("Maximum penalty in years (0: not named)"), 0, 0, LONGEST_PENALTY)
        self.urgent = tick(_("The circumstances are urgent"))
        instruments = sorted((record.short, id_) for id_, record in scenario.instruments.items())
        self.instrument = dropdown(_("Under"), [(_("the basis to use"), ""), *instruments])
        self.why = dropdown(_("Why not"), [(_("choose …"), "")])
        self.answer, self.sheet = text(), text()
        self.about = button(_("About this State"), _("Authorities, ways in, languages, forms, limits, on one page"))
        self.about.on_click(lambda _button: self._show_sheet())
        self._quiet, self._today = False, self.day.value
        for field in (self.state, self.measure, self.offence, self.day, self.penalty, self.urgent, self.instrument):
            field.observe(lambda change: self.ask(), names="value")
        self.why.observe(lambda change: self._show(), names="value")
        asked = widgets.HBox([self.state, self.measure, self.about], layout=row())
        facts = widgets.HBox([self.offence, self.penalty, self.day, self.urgent], layout=row())
        more = widgets.HBox([self.instrument, self.why], layout=row())
        self.view = widgets.VBox([asked, facts, more, self.sheet, self.answer])

    def open(self, today: date) -> None:
        """Answer as the law stands today, unless another day was picked."""
        if self.day.value == self._today:
            self.day.value = today
        self._today = today
        if not self.answer.value:
            self.ask()

    def ask(self) -> None:
        """Answer anew for the facts picked."""
        if self.state.value is None or self.measure.value is None:
            return
        self._quiet, self.sheet.value = True, ""
        self.why.options = [(_("choose …"), ""), *self._things()]
        self.why.value = ""
        self._quiet = False
        self._show()

    def _show_sheet(self) -> None:
        """The State picked on one page, or away with it where it is open."""
        if self.sheet.value or self.state.value is None:
            self.sheet.value = ""
            return
        found = country_sheet(self.scenario, self.state.value)
        name = f"{found.id}.html"
        page = downloads((_("This page to print"), name, "text/html", country_sheet_html(found).encode()))
        self.sheet.value = panels.wrap(f"<h2>{escape(found.title)}</h2>{page}{sheet_panel(found)}")

    def _facts(self) -> law.Facts:
        return {
            "requesting": self.home,
            "requested": self.state.value,
            "measure": self.measure.value,
            "offence": self.offence.value,
            "instrument": self.instrument.value or None,
            "maximum_penalty_years": self.penalty.value or None,
            "day": self.day.value,
            "urgent": self.urgent.value,
        }

    def _things(self) -> list[tuple[str, str]]:
        """Instruments, channels, grounds and time limits one may wonder about, by the name people use."""
        found = [(record.short, id_) for id_, record in self.scenario.instruments.items()]
        found += [(record.title, id_) for id_, record in self.scenario.channels.items()]
        found += [(str(ground_in_words(ground)), ground) for ground in law.GROUNDS]
        found += [(_(words), step) for step, words in STEPS_IN_WORDS.items()]
        return sorted(found, key=lambda pair: pair[0].lower())

    def _show(self) -> None:
        if self._quiet:
            return
        try:
            if self.why.value:
                reason = law.why_not(self.scenario, self.why.value, **self._facts())
                body = f"<h3>{escape(_('Why, or why not'))}</h3>{reasons_html(reason)}"
            else:
                body = reasons_html(law.explain(self.scenario, **self._facts()).reason)
        except LawError as error:
            body = f"<p>{escape(str(error))}</p>"
        self.answer.value = panels.wrap(f"<div class='law'>{with_terms(body, self.scenario)}</div>")


def reasons_html(reason: law.Reason, depth: int = 0) -> str:
    """An answer with the reasons under it, as lists that open and close."""
    cites = f" <cite>{escape(str(reason.citation))}</cite>" if reason.citation else ""
    mark = f" <span class='mark'>{escape(reason.doubt)}</span>" if reason.doubt else ""
    note = f" <small>({escape(reason.note)})</small>" if reason.note else ""
    words = f"{escape(reason.text)}{cites}{mark}{note}"
    if not reason.children:
        return f"<div class='reason'>{words}</div>"
    if depth == 1:
        words += f" <span class='quiet'>({len(reason.children)})</span>"
    inside = "".join(reasons_html(child, depth + 1) for child in reason.children)
    opened = " open" if depth == 0 or (depth == 1 and len(reason.children) <= AT_A_GLANCE) else ""
    return f"<details{opened} class='reason'><summary>{words}</summary>{inside}</details>"


def law_desk_is_closed() -> str:
    """What stands in its place where there is none."""
    return panels.wrap(f"<p>{escape(_('At this level the law desk is closed: the law is yours to find.'))}</p>")
