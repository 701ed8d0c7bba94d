"""Public holidays are kept in the library, so that a result is the same with every version of the calendar package."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

import pytest
from holidays import country_holidays

import sim
from sim.engine import public_holidays as module
from sim.engine.public_holidays import PACKAGE, kept, not_kept, public_holidays
from sim.errors import ScenarioError, UsageError
from sim.model.durations import YEAR
from sim.model.jurisdiction import HolidayCalendar
from sim.model.loading import Scenario, copied_data, load_text, with_data
from sim.model.public_holidays import PublicHolidays
from sim.policy.answers.caveats import cautions_of
from sim.policy.experiments.experiment import Experiment
from sim.policy.experiments.provenance import inputs_of
from sim.policy.experiments.store import ParquetStore
from tests.public_holidays import FOLDER, YEARS, days, used, written

ROOT = Path(__file__).parents[2]
NORWAY = HolidayCalendar(like="NO")
RESULTS = """
import sim
from sim.training.players import player, play_through
print(sim.run("meridian", years=0.05, warm_up=0, seed=1).sha256)
print(play_through(sim.load("silent-harbour"), player("first", 0), seed=3).sha256)
"""
FILE = """format: 1
kind: holidays
id: se
title: Public holidays of SE
of: {like: SE}
version: "0.1"
made on: 2026-11-28
origin: 'published: a package'
years:
  2026: 01-01 12-25
  2027: 01-01 12-25
"""


def with_calendar(id_: str, like: str) -> Scenario:
    """A scenario in which Lys keeps the public holidays of another calendar."""
    scenario = sim.load(id_)
    data = copied_data(scenario)
    data["jurisdiction", "lys"]["holidays"] = {"like": like}
    return with_data(scenario, data)


@pytest.fixture(scope="module")
def elsewhere() -> Scenario:
    return with_calendar("meridian", "NO")


def in_a_process(program: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.slow
def test_shipped_scenarios_give_the_same_without_the_package() -> None:
    blocked = "import sys\nsys.modules['holidays'] = sys.modules['holidays.registry'] = None\n"
    hashes = in_a_process(blocked + RESULTS)
    assert len(hashes) == 2 and hashes == in_a_process(RESULTS)
    with pytest.raises(subprocess.CalledProcessError):
        in_a_process(blocked + "from sim.model.jurisdiction import HolidayCalendar\nHolidayCalendar(like='NO')")


def test_every_calendar_that_ships_is_kept_and_no_other() -> None:
    assert {calendar.id for calendar in used()} == {path.stem for path in FOLDER.glob("*.yaml")}
    for calendar in used():
        file = kept(calendar)
        assert file is not None and (file.first, file.last) == (YEARS[0], YEARS[-1])


@pytest.mark.parametrize("calendar", used(), ids=lambda calendar: calendar.id)
def test_what_is_kept_is_what_the_package_says(calendar: HolidayCalendar) -> None:
    file = kept(calendar)
    assert file is not None
    if file.version != version(PACKAGE):
        pytest.skip(f"kept from {PACKAGE} {file.version}")
    assert {year: sorted(found) for year, found in file.days.items()} == {year: days(calendar, year) for year in YEARS}
    assert (FOLDER / f"{calendar.id}.yaml").read_text("utf-8") == written(calendar, file.made_on)


def test_a_region_is_another_calendar() -> None:
    assert HolidayCalendar(like="CH", region="ZH").id == "ch-zh"
    assert kept(HolidayCalendar(like="CH")) is None


def test_a_region_is_written_as_it_is() -> None:
    with pytest.raises(ValueError, match="no holiday region"):
        HolidayCalendar(like="CH", region="zh")


@pytest.mark.parametrize(("calendar", "year"), [(NORWAY, 2026), (HolidayCalendar(like="SE"), YEARS[-1] + 1)])
def test_what_is_not_kept_is_the_packages(calendar: HolidayCalendar, year: int) -> None:
    assert public_holidays(calendar, year) == set(country_holidays(calendar.like, years=year)) != set()


# What a result says of it


def test_a_shipped_world_hangs_on_nothing() -> None:
    run = sim.run("meridian", years=0.02, warm_up=0)
    assert run.hangs_on == () and PACKAGE not in str(run)
    assert Experiment.of("meridian").hangs_on == ()


def test_a_run_says_that_it_hangs_on_the_package(elsewhere: Scenario) -> None:
    run = sim.run(elsewhere, years=0.02, warm_up=0)
    (one,) = run.hangs_on
    assert (one.calendar, one.first, one.last, one.version) == (NORWAY, 2026, 2026, version(PACKAGE))
    assert f"{PACKAGE} {version(PACKAGE)}" in str(run) and "NO from 2026 to 2026" in str(run)


@pytest.mark.parametrize(
    ("first", "years", "met"),
    [(2026, 2, []), (2059, 4, [(2061, 2062)]), (2013, 4, [(2013, 2014)]), (2100, 2, [(2100, 2101)])],
)
def test_years_outside_those_kept_are_met(first: int, years: int, met: list[tuple[int, int]]) -> None:
    epoch = datetime(first, 1, 5, tzinfo=UTC)
    found = not_kept(sim.load("meridian"), epoch, (years - 1) * YEAR)
    assert [(one.first, one.last) for one in found if one.calendar.id == "se"] == met


def test_a_comparison_says_it_and_is_another_with_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = copied_data(sim.load("queue-mm1"))
    data["world", "queue-mm1"]["offices"]["desk"] |= {"hours": "Mon-Fri 09:00-17:00", "holidays": {"like": "NO"}}
    desk = with_data(sim.load("queue-mm1"), data)
    more = ["world/queue-mm1/offices/desk/staff+1"]
    compared = sim.compare(desk, more, replications=2, years=0.02, warm_up=0)
    assert any(f"{PACKAGE} {version(PACKAGE)}" in str(words) for words in cautions_of(compared))
    ParquetStore(tmp_path, compared.experiment)
    monkeypatch.setattr(module, "version", lambda name: "0.1")
    other = Experiment.of(desk, more, years=0.02, warm_up=0)
    assert other.identity != compared.experiment.identity
    with pytest.raises(UsageError, match=f"made with {PACKAGE} {re.escape(version(PACKAGE))}"):
        ParquetStore(tmp_path, other)


def test_provenance_names_file_or_package(elsewhere: Scenario) -> None:
    found = {one.place: one for one in inputs_of(elsewhere)}
    assert f"{PACKAGE} {version(PACKAGE)}" in found["holidays/no"].source
    assert "holidays/se" not in found and "licence MIT" in found["holidays/fr"].source
    assert found["holidays/fr"].value == f"{YEARS[0]}–{YEARS[-1]}"


@pytest.mark.slow
def test_a_debrief_says_it() -> None:
    assert sim.play("silent-harbour").debrief(replays=0).hangs_on == []
    debrief = sim.play(with_calendar("silent-harbour", "NO")).debrief(replays=0)
    assert f"{PACKAGE} {version(PACKAGE)}" in str(debrief)
    assert debrief.to_dict()["hangs_on"] == [str(words) for words in debrief.hangs_on] != []


# Files


def test_a_file_is_read() -> None:
    record, problems = load_text(FILE, "se.yaml")
    assert not problems and isinstance(record, PublicHolidays)
    assert record.days[2027] == {date(2027, 1, 1), date(2027, 12, 25)}


@pytest.mark.parametrize(
    ("before", "after", "line", "code"),
    [
        ("2026: 01-01", "2026: 02-30", 10, "F209"),
        ("2026: 01-01", "2026: Easter", 10, "F209"),
        ("2027: 01-01 12-25", "2027: 12-25 01-01", 11, "F210"),
        ("2027: 01-01 12-25", "2027: 01-01 01-01", 11, "F210"),
        ("  2027:", "  2028:", 11, "F210"),
        ("id: se", "id: no", 3, "F210"),
        ("like: SE", "like: XX", 5, "F209"),
        ('version: "0.1"', "version: 0.1", 6, "F203"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_line(before: str, after: str, line: int, code: str) -> None:
    assert before in FILE
    record, problems = load_text(FILE.replace(before, after), "se.yaml")
    assert record is None and [(one.line, one.code) for one in problems] == [(line, code)]


def test_a_wrong_file_stops_what_would_use_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "library" / "holidays"
    folder.mkdir(parents=True)
    (folder / "se.yaml").write_text(FILE.replace("12-25", "12-32", 1), encoding="utf-8")
    monkeypatch.setattr(module, "shipped_folder", lambda: tmp_path)
    with pytest.raises(ScenarioError, match=r"se\.yaml:10:\d+: F209"):
        kept.__wrapped__(HolidayCalendar(like="SE"))
