"""The calendars of public holidays that the library keeps, taken anew from the calendar package.

    python -m tests.public_holidays

writes a file under ``scenarios/library/holidays`` for every calendar that a shipped profile or office names, with the
version of the package that is installed and today's date, and removes those that none names any more. With another
version of the package, days may be others: then results change, and their hashes (``python -m tests.engine.baseline``).
"""

from __future__ import annotations

from datetime import date
from importlib.metadata import metadata, version

from holidays import country_holidays

from sim.engine.public_holidays import PACKAGE
from sim.model.jurisdiction import HolidayCalendar, Jurisdiction
from sim.model.library import FOLDERS, Library, shipped_folder
from sim.model.world import World

FOLDER = shipped_folder() / FOLDERS["holidays"]
YEARS = range(2015, 2061)
"""Long enough for measured logs of the past, and for worlds that run for a generation."""


def used() -> list[HolidayCalendar]:
    """Every calendar that a shipped profile or an office of a shipped world names."""
    library = Library((shipped_folder(),))
    records = [library.get(kind, id_) for kind in ("jurisdiction", "world") for id_ in library.ids(kind)]
    found = {record.holidays for record in records if isinstance(record, Jurisdiction)}
    for world in records:
        for office in world.offices.values() if isinstance(world, World) else ():
            found |= {office.holidays} if isinstance(office.holidays, HolidayCalendar) else set()
    return sorted(found, key=lambda calendar: calendar.id)


def days(calendar: HolidayCalendar, year: int) -> list[date]:
    """What the package says of a year."""
    return sorted(country_holidays(calendar.like, subdiv=calendar.region, years=year))


def written(calendar: HolidayCalendar, day: date) -> str:
    """The file of a calendar."""
    of = ", ".join(f"{key}: {value}" for key, value in calendar.model_dump(exclude_none=True).items())
    licence = metadata(PACKAGE)["License-Expression"]
    lines = [
        "# Written by python -m tests.public_holidays, not by hand.",
        "format: 1",
        "kind: holidays",
        f"id: {calendar.id}",
        f"title: Public holidays of {calendar.title}",
        "about: A real calendar, borrowed by a State that is invented. Days that hang on the moon are estimates.",
        f"of: {{{of}}}",
        f'version: "{version(PACKAGE)}"',
        f"made on: {day}",
        "origin:",
        "  mark: published",
        f"  source: the Python package {PACKAGE}, github.com/vacanza/holidays, licence {licence}",
        "years:",
        *(f"  {year}: {' '.join(f'{one:%m-%d}' for one in days(calendar, year))}" for year in YEARS),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    calendars = used()
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.yaml"):
        path.unlink()
    for calendar in calendars:
        (FOLDER / f"{calendar.id}.yaml").write_text(written(calendar, date.today()), encoding="utf-8")
    print(f"{len(calendars)} calendars, {PACKAGE} {version(PACKAGE)}, {YEARS[0]} to {YEARS[-1]}")


if __name__ == "__main__":
    main()
