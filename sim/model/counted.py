"""What measures are computed from: what was counted of a group of requests, or of an office, in a period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol


class Requests(Protocol):
    """What was counted of a group of requests in a period."""

    @property
    def years(self) -> float:
        """Length of the period."""

    @property
    def received(self) -> int:
        """Requests that arrived in it."""

    @property
    def outcomes(self) -> Mapping[str, int]:
        """Requests that ended in it, by outcome: ``executed``, ``refused: dual-criminality`` …"""

    @property
    def days(self) -> Sequence[float]:
        """Calendar days from arrival to end of those that ended in it with an answer, the shortest first."""

    @property
    def in_time(self) -> Sequence[bool]:
        """Of those that have a deadline: whether they kept it."""

    @property
    def loops(self) -> Sequence[int]:
        """How often each request that ended in it went back to an earlier stage."""

    @property
    def open_days(self) -> Sequence[float]:
        """Age in calendar days of every request under way when it ends."""

    @property
    def open_stock(self) -> float:
        """Requests under way, averaged over the time of the period."""

    @property
    def days_by_cause(self) -> Mapping[str, float]:
        """Mean days by cause of those that were answered; they add up to the mean of ``days``. Empty if none was."""

    @property
    def within(self) -> float | None:
        """Days that somebody asks about, as a claim does; None where nobody does."""

    def quantile(self, share: float) -> float:
        """Days that this share of ``days`` stays below; NaN if there are none."""

    def days_at(self, cause: str) -> float:
        """Mean days that those answered spent at stages whose own time counts as a cause: with waiting there and
        nights and holidays. NaN if none was answered."""

    def spells(self, cause: str) -> Sequence[float]:
        """Calendar days of every stage that counts as a cause of waiting and ended in the period."""


class Office(Protocol):
    """What was counted of an office in a period."""

    @property
    def staff(self) -> int:
        """At its end."""

    @property
    def utilisation(self) -> float:
        """Share of the staff's open time spent on requests."""

    @property
    def waiting_days(self) -> float:
        """Mean calendar days a visit waited."""

    @property
    def queue(self) -> float:
        """Mean number of requests waiting."""
