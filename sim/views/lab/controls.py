"""What a policymaker sets: levers as switches with their evidence, single settings as sliders and numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

import ipywidgets as widgets

from sim.i18n import _
from sim.model.durations import YEAR
from sim.model.loading import Scenario, available, load_lever
from sim.model.world import Lever, Patch
from sim.policy.answers.sentences import years
from sim.policy.experiments.alternatives import Alternative, setting
from sim.policy.experiments.levers import touches
from sim.views.controls import dropdown, labels, put, row, shown, slider, tick, whole
from sim.views.seat import panels

_MOST, _TIMES = 10, 3
"""An office is tried with up to ten people, or three times as many as it has."""


class Levers:
    """Every lever that finds something to change in a world. ``view`` is the widget to show."""

    def __init__(self, changed: Callable[[], None]):
        self._changed = changed
        self.switches: dict[str, widgets.Checkbox] = {}
        self._records: dict[str, Lever] = {}
        self.view = widgets.VBox([])
        self.view.add_class("mla-levers")

    def offer(self, world: Scenario) -> None:
        """Show those of a world, all off."""
        found = [load_lever(id_) for id_ in available("lever")]
        self._records = {lever.id: lever for lever in found if touches(world, lever)}
        self.switches = {id_: tick(lever.question) for id_, lever in self._records.items()}
        entries: list[widgets.Widget] = []
        for id_, switch in self.switches.items():
            switch.observe(lambda change: self._changed(), names="value")
            about = widgets.HTML(panels.wrap(_about(self._records[id_])))
            entries.append(widgets.VBox([switch, about], layout=widgets.Layout(margin="0 0 10px 0")))
        if not entries:
            none = escape(_("No lever of the library fits this world."))
            entries = [widgets.HTML(panels.wrap(f"<p class='quiet'>{none}</p>"))]
        put(self.view, entries)

    @property
    def all(self) -> dict[str, str]:
        """Id and title of all of them."""
        return {id_: record.title for id_, record in self._records.items()}

    @property
    def chosen(self) -> dict[str, str]:
        """Id and title of those that are on."""
        return {id_: self._records[id_].title for id_, switch in self.switches.items() if switch.value}


def _about(lever: Lever) -> str:
    """Evidence, limits, cost and time, to be opened."""
    facts = [
        (_("Evidence"), lever.evidence_for),
        (_("Limits"), lever.evidence_of_limits),
        (_("Cost"), lever.cost or _("not stated")),
        (_("Size of the effect"), str(lever.origin.words)),
    ]
    if lever.roll_out is not None:
        facts.append((_("Time to introduce it"), str(years(lever.roll_out.seconds()[0] / YEAR))))
    items = "".join(f"<li><b>{escape(head)}:</b> {escape(words)}</li>" for head, words in facts)
    return f"<details><summary>{escape(lever.title)}</summary><ul>{items}</ul></details>"


class Numbers:
    """Settings beside the levers, and how thoroughly to try. ``view`` is the widget to show."""

    def __init__(self, changed: Callable[[], None], *, pairs: int, length: float, seed: int):
        self._changed = changed
        self._world: Scenario | None = None
        self.office = dropdown(_("Staff of"), [(_("no office changed"), "")])
        self.staff = slider(_("Number of staff"), 1, 1, _MOST, unit=_("people"))
        self.demand = slider(_("Requests a year"), 100, 10, 300, step=10, unit=_("% of today"))
        self.pairs = whole(_("Pairs of runs"), pairs, 2, 2000)
        self.pairs.tooltip = _("More pairs make the interval narrower")
        self.length = widgets.BoundedFloatText(
            description=_("Years in each run"),
            value=length,
            min=0.1,
            max=50,
            step=0.5,
            style=labels(),
            layout=widgets.Layout(width="auto", max_width="20rem"),
        )
        self.seed = whole(_("Seed of all chance"), seed, 0, 10**9)
        self.gradual = tick(_("Introduce levers over the time each needs"))
        self.office.observe(lambda change: self._show_staff(), names="value")
        fields = (self.office, self.staff, self.demand, self.pairs, self.length, self.seed, self.gradual)
        for field in fields:
            field.observe(lambda change: self._changed(), names="value")
        what = widgets.HBox([self.office, self.staff, self.demand], layout=row())
        how = widgets.HBox([self.pairs, self.length, self.seed, self.gradual], layout=row())
        hint = _(
            "More pairs of runs make the interval narrower and take longer. Longer runs show effects that come late. "
            "The same seed gives the same luck again; try another one to see whether the answer stands."
        )
        note = widgets.HTML(panels.wrap(f"<p class='quiet'>{escape(hint)}</p>"))
        self.view = widgets.VBox([what, how, note])

    def offer(self, world: Scenario) -> None:
        """Show those of a world, nothing changed."""
        self._world = world
        offices = sorted((office.title, id_) for id_, office in world.world.offices.items())
        self.office.options = [(_("no office changed"), ""), *offices]
        self.office.value, self.demand.value = "", 100
        yearly = any(flow.per_year is not None for flow in world.world.demand.values())
        shown(self.demand, bool(yearly))
        self._show_staff()

    def _show_staff(self) -> None:
        shown(self.staff, bool(self.office.value))
        if self.office.value and self._world is not None:
            staff = self._world.world.offices[self.office.value].staff
            self.staff.max = max(_MOST, _TIMES * staff)
            self.staff.value = staff

    @property
    def settings(self) -> tuple[Patch, ...]:
        """What is set otherwise than the world has it."""
        assert self._world is not None
        found, world = [], self._world
        if self.office.value and self.staff.value != world.world.offices[self.office.value].staff:
            found.append(setting(f"world/{world.id}/offices/{self.office.value}/staff={self.staff.value}"))
        if self.demand.value != 100:
            found.append(setting(f"world/{world.id}/demand/*/per year*{self.demand.value / 100:g}"))
        return tuple(found)

    def named(self, levers: Mapping[str, str]) -> Alternative | None:
        """What is to be tried, with a name that people can read; None if nothing is changed.

        ``levers`` are those that are on, id to title.
        """
        words = list(levers.values())
        if self.office.value and len(self.settings):
            office = self._world.world.offices[self.office.value].title if self._world is not None else ""
            words.append(_("{office}: {n} staff").format(n=self.staff.value, office=office))
        if self.demand.value != 100:
            words.append(_("{n} % of requests").format(n=self.demand.value))
        return Alternative(" + ".join(words), tuple(levers), self.settings) if levers or self.settings else None
