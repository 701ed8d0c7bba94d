"""Which days are public holidays: as the library keeps them; what it does not keep, the calendar package says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from importlib.metadata import version

from sim.errors import ScenarioError
from sim.i18n import Words, say
from sim.model.jurisdiction import HolidayCalendar
from sim.model.library import Library, shipped_folder
from sim.model.loading import Scenario
from sim.model.office import Office
from sim.model.public_holidays import PublicHolidays

PACKAGE = "holidays"
"""The calendar package."""


@cache
def kept(calendar: HolidayCalendar) -> PublicHolidays | None:
    """A calendar as the library keeps it; None if it does not. Raises `ScenarioError` if its file has problems."""
    library = Library((shipped_folder(),))
    record = library.get("holidays", calendar.id)
    if library.problems:
        raise ScenarioError(sorted(set(library.problems)))
    return record if isinstance(record, PublicHolidays) and record.of == calendar else None


def public_holidays(calendar: HolidayCalendar, year: int) -> frozenset[date]:
    """The public holidays of a year."""
    file = kept(calendar)
    found = file.days.get(year) if file is not None else None
    return _of_package(calendar, year) if found is None else found


@lru_cache(maxsize=1024)
def _of_package(calendar: HolidayCalendar, year: int) -> frozenset[date]:
    from holidays import country_holidays  # slow to import, and hardly ever needed

    return frozenset(country_holidays(calendar.like, subdiv=calendar.region, years=year))


def calendar_of(scenario: Scenario, office: Office) -> HolidayCalendar | None:
    """Whose public holidays an office keeps: its own, or those of its State; None if it keeps none."""
    profile = scenario.jurisdictions.get(office.jurisdiction or "")
    found = office.holidays or (profile.holidays if profile else None)
    return None if found == "none" else found


@dataclass(frozen=True)
class NotKept:
    """Public holidays that the library does not keep: a result that meets them hangs on the package's version."""

    calendar: HolidayCalendar
    first: int
    """The years met, from this one"""
    last: int
    """to this one."""
    version: str
    """Of the package, as it is installed."""

    @property
    def words(self) -> Words:
        """In a sentence, for whoever reads the result."""
        return say(
            "The public holidays of {calendar} from {first} to {last} are not kept in the library. They are those of "
            "the package {package} {version}: the result, and its hash, hang on this version.",
            calendar=self.calendar.title,
            first=self.first,
            last=self.last,
            package=PACKAGE,
            version=self.version,
        )


def not_kept(scenario: Scenario, epoch: datetime, until: int) -> tuple[NotKept, ...]:
    """What the offices of a world meet of public holidays that the library does not keep, from ``epoch`` until so many
    seconds later. Empty: the result is the same with every version of the package, and without it."""
    first, last = epoch.year, (epoch + timedelta(seconds=until)).year
    return tuple(sorted(_not_kept(scenario, first, last), key=lambda one: (one.calendar.id, one.first)))


def _not_kept(scenario: Scenario, first: int, last: int) -> Iterator[NotKept]:
    world = scenario.world
    met = {calendar_of(scenario, office) for office in world.offices.values() if office.hours}
    for flow in world.demand.values():
        profile = scenario.jurisdictions.get(flow.from_ or flow.to or "") if flow.during else None
        met |= {profile.holidays} if profile is not None else set()
    for calendar in met - {None}:
        assert calendar is not None
        file = kept(calendar)
        before = (first, last if file is None else min(last, file.first - 1))
        after = (last + 1 if file is None else max(first, file.last + 1), last)
        yield from (NotKept(calendar, *years, version(PACKAGE)) for years in (before, after) if years[0] <= years[1])
