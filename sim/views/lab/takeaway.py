"""Files of an answer to take away: the figures as CSV, the report as one page and for a word processor."""

from __future__ import annotations

from html import escape

import ipywidgets as widgets

from sim.errors import MlasimError
from sim.i18n import _
from sim.policy.experiments.comparison import compared
from sim.views.controls import button, text
from sim.views.downloads import DOCX, downloads
from sim.views.lab import answer_panels
from sim.views.lab.trial import Trial
from sim.views.seat import panels


class Takeaway:
    """A button, and the links it makes. ``view`` is the widget to show."""

    def __init__(self) -> None:
        self.trial: Trial | None = None
        self.button = button(_("Prepare the report"), _("Make the report and the table of this answer"))
        self.button.layout = widgets.Layout(width="auto", align_self="flex-start")
        self.button.on_click(lambda _button: self._make())
        self.files = text()
        self.view = widgets.VBox([self.button, self.files])
        self.forget()

    def forget(self) -> None:
        """There is no answer yet, or a new one is on its way."""
        self.trial, self.files.value = None, ""
        self.view.layout.display = "none"

    def offer(self, trial: Trial) -> None:
        """An answer is there."""
        self.trial = trial
        self.view.layout.display = ""

    def _make(self) -> None:
        if self.trial is None:
            return
        try:
            self.files.value = panels.wrap(downloads(*_files(self.trial)))
        except MlasimError as error:
            self.files.value = panels.wrap(f"<p class='mark' role='alert'>{escape(str(error))}</p>")


def _files(trial: Trial) -> list[tuple[str, str, str, bytes]]:
    from sim.views.documents import as_docx, as_html
    from sim.views.lab.report import Material, report

    name = f"{trial.experiment.world.id}-{trial.experiment.seed}"
    journeys = {trial.alternative: trial.journeys} if trial.journeys is not None else {}
    document = report(Material(compared(trial.results), journeys=journeys))
    return [
        (_("Report as one page"), f"{name}.html", "text/html", as_html(document).encode()),
        (_("Report for a word processor"), f"{name}.docx", DOCX, as_docx(document)),
        (
            _("Figures as CSV"),
            f"{name}.csv",
            "text/csv",
            answer_panels.as_csv(trial.results, trial.alternative).encode(),
        ),
    ]
