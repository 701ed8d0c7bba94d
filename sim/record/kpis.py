"""Figures of a run, as central authorities count them: every measure of the table, and what stands beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import get_args

from sim.engine.log import EventLog
from sim.errors import UsageError
from sim.i18n import Words, say
from sim.model.events import EvidenceLost
from sim.model.measures import MEASURES, OfRequests
from sim.model.outcomes import Outcome
from sim.record.measures import Cohort, Counted, request_flows, requests_of
from sim.record.offices import OfficeKpis, office_kpis


@dataclass(frozen=True, repr=False)
class Kpis:
    """Figures of some flows of a run after its warm-up: ``kpis["mean days"]``."""

    flows: tuple[str, ...]
    counted: Counted
    """What measures are computed from: ``counted.received`` requests, ``counted.days`` of those answered …"""
    evidence_expired: int
    """Items of evidence lost."""
    offices: tuple[OfficeKpis, ...]

    def __getitem__(self, measure: str) -> float:
        """A measure of requests by its name in `sim.model.measures`; NaN where nothing was counted.

        Raises `KeyError` for a name that is none.
        """
        found = MEASURES[measure]
        if not isinstance(found, OfRequests):
            raise KeyError(f"{measure} is a measure of offices")
        return found.compute(self.counted)

    @property
    def years(self) -> float:
        """Simulated years after the warm-up."""
        return self.counted.years

    @property
    def outcomes(self) -> Mapping[str, int]:
        """Finished requests by outcome."""
        return self.counted.outcomes

    @property
    def refusals(self) -> dict[str, int]:
        """Refused requests by ground."""
        return {Outcome.of(name).ground: count for name, count in self.outcomes.items() if Outcome.of(name).refused}

    def figures(self) -> dict[str, float]:
        """Every measure of requests that something was counted for, by its name."""
        return dict(self.counted.figures())

    def rows(self) -> list[tuple[Words, float]]:
        """The same with the words of each, and its unit, for a table."""
        return [(MEASURES[name].title, value) for name, value in self.figures().items()]

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        return "\n".join(f"{words!s:<62} {value:10.1f}" for words, value in self.rows())

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(str(words))}</td><td style='text-align:right'>{value:.1f}</td></tr>"
            for words, value in self.rows()
        )
        return f"<table>{rows}</table>"


def kpis_of(log: EventLog, flows: Sequence[str] | None = None, *, durations_of: Cohort = "finished") -> Kpis:
    """Figures of the named flows (default: all requests between States) after the warm-up.

    ``durations_of`` changes the durations, their share within the deadline and how many were answered; nothing else:
    see `sim.record.measures`. Raises `UsageError` for any other word.
    """
    if durations_of not in get_args(Cohort):
        raise UsageError(
            say(
                "durations_of={durations_of!r} — write one of {names}",
                durations_of=durations_of,
                names=get_args(Cohort),
            )
        )
    chosen = request_flows(log) if flows is None else tuple(flows)
    expired = sum(isinstance(event, EvidenceLost) and event.moment >= log.warm_up for event in log.events)
    counted = Counted(log, requests_of(log, chosen), durations_of=durations_of)
    return Kpis(chosen, counted, expired, office_kpis(log))
