"""What is found in a log: arrivals, hours, durations, branches, staff; and the world made of it."""

from __future__ import annotations

import csv
import io
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

import sim
from sim.engine.random_streams import quantiles
from sim.errors import MlasimError, UsageError
from sim.model.durations import DAY, HOUR, YEAR, Duration
from sim.model.office import Week
from sim.policy.calibration import calibrate, read_columns, read_log
from sim.policy.calibration.arrivals import find_arrivals
from sim.policy.calibration.branching import branches_of, wilson
from sim.policy.calibration.calibrating import split
from sim.policy.calibration.durations import find_duration
from sim.policy.calibration.fitted_process import find, times_of
from sim.policy.calibration.hours import find_hours, in_utc
from sim.policy.calibration.stages import Ending, State
from sim.policy.calibration.world_file import week_words
from sim.views.lab.calibration_report import calibration_html, show_calibration_of, show_log
from tests.policy.calibration_logs import HEAD, MAPPING, adds_up, read, rows_of, table

WEEK: Week = tuple((day, 9 * 60, 17 * 60) for day in range(5))


def moments(count: int, week: Week, zone: str = "UTC", seed: int = 0) -> list[int]:
    """Moments within opening hours, spread evenly over a year."""
    random_, clock, found = random.Random(seed), ZoneInfo(zone), []
    while len(found) < count:
        moment = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=random_.randrange(YEAR))
        local = moment.astimezone(clock)
        minute = local.hour * 60 + local.minute
        if any(local.weekday() == day and opens <= minute < closes for day, opens, closes in week):
            found.append(round(moment.timestamp()))
    return found


# Hours


def test_hours_are_found_by_the_clock_of_the_office() -> None:
    found = find_hours(moments(800, WEEK, "America/New_York"), "America/New_York")
    assert found.week == WEEK and found.found and found.outside == 0.0
    # By another clock, summer and winter lie an hour apart, and a day starts on the one before.
    assert find_hours(moments(800, WEEK, "America/New_York"), "UTC").week != WEEK


def test_stray_work_opens_no_office() -> None:
    stray = moments(12, ((5, 0, 24 * 60), (6, 0, 24 * 60), (2, 0, 6 * 60)), seed=1)
    found = find_hours([*moments(800, WEEK), *stray], "UTC")
    assert found.week == WEEK and found.outside == pytest.approx(12 / 812)


def test_a_short_friday_and_a_break() -> None:
    lunch: Week = (*((day, *hours) for day in range(4) for hours in ((510, 720), (780, 960))), (4, 510, 720))
    assert find_hours(moments(2500, lunch), "UTC").week == tuple(sorted(lunch))
    assert week_words(lunch) == ["Mon-Thu 08:30-12:00", "Mon-Thu 13:00-16:00", "Fri 08:30-12:00"]


def test_day_and_night_and_too_few() -> None:
    always: Week = tuple((day, 0, 24 * 60) for day in range(7))
    assert find_hours(moments(800, always), "UTC").week == ()
    few = find_hours(moments(20, WEEK), "UTC")
    assert few.week == WEEK and not few.found


def test_hours_by_the_clock_of_utc() -> None:
    january = round(datetime(2024, 1, 1, tzinfo=UTC).timestamp())
    assert in_utc(((0, 540, 1020),), "Europe/Oslo", january) == ((0, 480, 960),)
    assert in_utc(((0, 0, 120),), "Europe/Oslo", january) == ((0, 0, 60), (6, 1380, 1440))
    assert in_utc(((6, 1380, 1440),), "America/New_York", january) == ((0, 240, 300),)


# Arrivals


def test_poisson_arrivals_are_told_from_waves_and_appointments() -> None:
    random_ = random.Random(2)
    poisson = [random_.randrange(2 * YEAR) for _ in range(500)]
    found = find_arrivals(poisson, 0, 2 * YEAR)
    assert found.poisson is True and found.low < 250 < found.high and found.per_year == pytest.approx(250)
    waves = [random_.randrange(2 * YEAR) // (60 * DAY) * 60 * DAY for _ in range(500)]
    assert find_arrivals(waves, 0, 2 * YEAR).poisson is False
    appointments = list(range(0, 2 * YEAR, 2 * YEAR // 500))
    found = find_arrivals(appointments, 0, 2 * YEAR)
    assert found.poisson is False and found.dispersion < 0.5
    assert find_arrivals(poisson[:9], 0, 2 * YEAR).poisson is None


def test_the_interval_of_a_rate_is_garwoods() -> None:
    found = find_arrivals(list(range(10)), 0, YEAR)
    assert (found.low, found.high) == pytest.approx((4.795, 18.39), abs=0.01)  # Garwood's table for 10
    assert find_arrivals([], 0, YEAR).low == 0.0


# Durations


@pytest.mark.parametrize(
    ("words", "family"),
    [
        ({"median": "10 working hours", "p90": "40 working hours"}, "lognormal"),
        ({"gamma": {"mean": "10 working hours", "cv": 0.5}}, "gamma"),
        ({"exponential": "10 working hours"}, "exponential"),
    ],
)
def test_a_family_is_recognised_and_its_parameters_found(words: object, family: str) -> None:
    random_ = random.Random(5)
    values = quantiles(Duration.model_validate(words))([random_.random() for _ in range(2500)])
    found = find_duration(values, "working")
    assert found.chosen == family and found.fits[0].p_value is not None and found.fits[0].p_value > 0.01
    again = Duration.model_validate(found.words)
    meant = Duration.model_validate(words)
    assert again.shape == meant.shape and again.clock == "working"
    assert again.seconds() == pytest.approx(meant.seconds(), rel=0.07)
    assert again.number == pytest.approx(meant.number, rel=0.07)
    assert [fit.aic for fit in found.fits] == sorted(fit.aic for fit in found.fits)
    assert found.fits[0].distance < 0.03 and found.fits[0].anderson_darling < 2.5


def test_what_no_family_fits_is_taken_as_seen() -> None:
    two_peaks = [HOUR + i for i in range(100)] + [40 * HOUR + i for i in range(100)]
    found = find_duration(two_peaks, "calendar")
    assert found.chosen == "empirical" and found.fits[0].distance > 0.08
    seconds = Duration.model_validate(found.words).seconds()
    assert len(seconds) == 100 and sum(seconds) / 100 == pytest.approx(found.mean, rel=0.01)
    assert find_duration([0.0, *[5.0] * 30], "calendar").chosen == "empirical"
    assert find_duration([1.0, 2.0, 3.0], "calendar").words == {"empirical": ["1 seconds", "2 seconds", "3 seconds"]}
    assert find_duration([7200.0] * 30, "working").words == "2 working hours"


def test_the_simulated_p_value_is_fair() -> None:
    """Where the family is right, p is below 0.2 about one time in five; a table's p hardly ever would be."""
    random_ = random.Random(9)
    exponential = quantiles(Duration.model_validate({"exponential": "10 hours"}))
    low = 0
    for _ in range(40):
        found = find_duration(exponential([random_.random() for _ in range(60)]), "calendar")
        fit = next(fit for fit in found.fits if fit.p_value is not None)
        low += (fit.p_value or 0) < 0.2
    assert 2 <= low <= 16


# Branches


def test_branches_with_wilsons_interval() -> None:
    a, b = State("a"), State("b")
    end = Ending("")
    moves = [("beginning", a), (a, b), (b, end), ("beginning", a), (a, b), (b, a), (a, end), ("beginning", a)]
    found = branches_of([(after, then, (after, then) == (b, a), 1.0) for after, then in moves])
    by_pair = {(branch.after, branch.then): branch for branch in found}
    assert by_pair[a, b].count == 2 and by_pair[a, b].of == 3 and not by_pair[a, b].back
    assert by_pair[b, a].back and by_pair[b, end].share == 0.5
    assert wilson(10, 20) == pytest.approx((0.2993, 0.7007), abs=1e-4)  # Wilson (1927), by his formula


# A log as a whole


def test_staff_is_the_most_in_work_at_once_and_waiting_is_split_off(tmp_path: Path) -> None:
    rows = [*rows_of(40)]
    for at_once in range(3):
        rows.append((f"X-{at_once}", "Check", "2024-02-05 10:00", "2024-02-05 12:00", "Desk"))
    log = read(tmp_path / "log.csv", rows)
    found = find(log, *times_of(log))
    (desk,) = found.offices
    assert desk.staff >= 3 and desk.staff_seen and desk.hours.week == WEEK and 0 < (desk.busy or 0) < 1
    assert found.splits_waiting
    assert all(
        stage.work and (stage.waiting_days or 0) > 0 for stage in found.stages if stage.state.activity != "Register"
    )


def test_neither_a_pause_nor_a_wrong_date_is_a_member_of_staff(tmp_path: Path) -> None:
    """One person, whose work on A is broken off for B; and a step that ends two months late."""
    events = []
    for day in range(1, 29):
        for name, what, hour in (
            *(("A", "start", 9), ("A", "suspend", 10), ("B", "start", 10), ("B", "complete", 11)),
            *(("A", "resume", 11), ("A", "complete", 12)),
        ):
            events.append((f"{name}-{day}", "Work", what, f"2024-02-{day:02} {hour}:00", "Desk"))
    given = {"case": "c", "activity": "a", "lifecycle": "l", "time": "t", "office": "o"}

    def staff(rows: list) -> int:
        log = read_log(table(tmp_path / "log.csv", rows, ("c", "a", "l", "t", "o")), given)
        (desk,) = find(log, *times_of(log)).offices
        return desk.staff

    assert staff(events) == 1
    late = [
        ("A-0", "Work", "start", "2024-02-01 12:00", "Desk"),
        ("A-0", "Work", "complete", "2024-04-01 12:00", "Desk"),
    ]
    assert staff([*events, *late]) == 1
    beside = [
        ("A-0", "Work", "start", "2024-02-02 9:00", "Desk"),
        ("A-0", "Work", "complete", "2024-02-02 9:30", "Desk"),
    ]
    assert staff([*events, *beside]) == 2


def test_people_who_do_several_steps_at_once_are_remarked(tmp_path: Path) -> None:
    rows = [(*row, "P") for row in rows_of(40)]
    rows += [(f"X-{i}", "Check", "2024-02-05 10:00", "2024-02-05 12:00", "Desk", "Q") for i in range(5)]
    log = read_log(table(tmp_path / "log.csv", rows, (*HEAD, "Who")), {**MAPPING, "person": "Who"})
    found = find(log, *times_of(log))
    assert found.offices[0].persons == 2
    assert any("Desk: up to" in words and "2 different members of staff" in words for words in found.remarks)


def test_what_was_over_before_the_step_before_it_took_no_time_of_its_own(tmp_path: Path) -> None:
    rows = rows_of(40)
    double = [(row[0], "Beside", "2023-12-31 10:00", "2023-12-31 11:00", "") for row in rows if row[1] == "Check"][:12]
    received = [(*row, "2024-01-01") for row in (*rows, *double)]
    log = read_log(table(tmp_path / "log.csv", received, (*HEAD, "Came")), {**MAPPING, "received": "Came"})
    found = find(log, *times_of(log))
    assert all(stage.duration is None or stage.duration.median > 0 for stage in found.stages)


@pytest.mark.parametrize("form", ["no starts", "days only"])
def test_where_waiting_cannot_be_split_off_it_says_so(form: str, tmp_path: Path) -> None:
    if form == "no starts":
        log = read_log(table(tmp_path / "log.csv", rows_of()), {k: v for k, v in MAPPING.items() if k != "start"})
    else:
        log = read(tmp_path / "log.csv", rows_of(form="%Y-%m-%d"))
    made = calibrate(log, tmp_path / "worlds" / "mine.yaml", replications=2)
    world = sim.load(made.file).world
    assert not made.found.splits_waiting and any("cannot be told apart" in words for words in made.found.remarks)
    stages = [stage for procedure in world.procedures.values() for stage in procedure.stages.values()]
    assert all(stage.work is None for stage in stages)
    assert all(office.origins["staff"].mark == "assumption" for office in world.offices.values())


def test_nobody_works_at_what_only_takes_time(tmp_path: Path) -> None:
    log = read(tmp_path / "log.csv", rows_of(), nobody=["Ask"])
    found = find(log, *times_of(log))
    assert {stage.state: stage.work for stage in found.stages}[State("Ask")] is False
    assert {stage.state: stage.work for stage in found.stages}[State("Check", "Desk")] is True


def test_the_world_says_where_every_figure_comes_from(tmp_path: Path) -> None:
    rows = [(*row, "letter" if int(row[0][2:]) % 3 else "order", "aaa", "bbb") for row in rows_of(90)]
    log = read_log(
        table(tmp_path / "log.csv", rows, (*HEAD, "Kind", "From", "To")),
        {**MAPPING, "kind": "Kind", "from": "From", "to": "To"},
    )
    made = calibrate(log, tmp_path / "worlds" / "mine.yaml", replications=2)
    world = sim.load(made.file).world
    assert set(world.procedures) == {"letter", "order"} and set(world.demand) == {"letter-aaa-bbb", "order-aaa-bbb"}
    assert log.raw.sha256 in world.about and log.totals() in world.about
    flow = world.demand["letter-aaa-bbb"].origins["per year"]
    assert flow.mark == "measured" and log.raw.sha256[:12] in flow.source and "2024-01-01 to" in flow.source
    for procedure in world.procedures.values():
        for stage in procedure.stages.values():
            if stage.work is not None:
                assert stage.origins["work"].mark == "measured" and "steps" in stage.origins["work"].source
    desk = world.offices["desk"]
    assert desk.origins["hours"].mark == "measured" and desk.time_zone == "Europe/Oslo"
    assert desk.origins["staff"].mark == "assumption" and "lower bound" in desk.origins["staff"].source
    assert sim.check([made.file]).problems == ()


def test_names_of_all_scripts_and_awkward_ones(tmp_path: Path) -> None:
    names = {"Register": "تسجيل", "Check": "no", "Ask": "2024-01-01: {x}", "Answer": "#'\"\\\t<b>"}
    rows = [(row[0], names[row[1]], row[2], row[3], "Büro №1") for row in rows_of()]
    made = calibrate(read(tmp_path / "log.csv", rows), tmp_path / "worlds" / "mine.yaml", replications=2)
    (procedure,) = sim.load(made.file).world.procedures.values()
    titles = {stage.title for stage in procedure.stages.values() if stage.end is None}
    assert titles == {"تسجيل", "no", "2024-01-01: {x}", "#'\"\\ <b>"}
    assert set(sim.load(made.file).world.offices) == {"buro-no1"}


def test_outcomes_are_kept_and_empty_ones_are_under_way(tmp_path: Path) -> None:
    outcomes = {0: "refused: dual-criminality", 1: "Denied", 2: ""}
    rows = [(*row, outcomes.get(int(row[0][2:]) % 5, "executed")) for row in rows_of(90)]
    given = {**MAPPING, "outcome": "How", "outcomes": {"Denied": "withdrawn"}}
    made = calibrate(read_log(table(tmp_path / "log.csv", rows, (*HEAD, "How")), given), tmp_path / "worlds" / "a.yaml")
    (procedure,) = sim.load(made.file).world.procedures.values()
    ends = {(stage.end, stage.reason) for stage in procedure.stages.values() if stage.end is not None}
    assert ends == {("refused", "dual-criminality"), ("withdrawn", ""), ("executed", "")}
    walks = {branch.then for branch in made.found.branches[""] if isinstance(branch.then, Ending)}
    assert Ending("") not in walks


def test_a_stage_that_nobody_leaves_still_has_a_way_out(tmp_path: Path) -> None:
    rows = [(*row, "executed" if int(row[0][2:]) % 2 else "") for row in rows_of(90)]
    rows = [r if r[5] or r[1] != "Answer" else (r[0], "Wait", *r[2:]) for r in rows]
    given = {**MAPPING, "outcome": "How"}
    made = calibrate(read_log(table(tmp_path / "log.csv", rows, (*HEAD, "How")), given), tmp_path / "worlds" / "a.yaml")
    (procedure,) = sim.load(made.file).world.procedures.values()
    assert procedure.stages["wait"].origins["then"].mark == "assumption"


def test_steps_side_by_side_are_said(tmp_path: Path) -> None:
    rows = rows_of(40)
    double = [(row[0], "Beside", row[2], row[3], "Desk") for row in rows if row[1] == "Check"]
    log = read(tmp_path / "log.csv", [*rows, *double])
    found = find(log, *times_of(log))
    assert any("began before the one before was over" in words for words in found.remarks)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (rows_of(5), "only 5 cases .* 10 are needed — .* rows read ="),
        ([("F", "x", "soon", "later", "Desk")] * 3, "only 0 cases"),
        ([(f"F-{i}", f"step {i}", "2024-01-01 10:00", "2024-03-01 10:00", "Desk") for i in range(400)], "right ones"),
        ([(f"F-{i}", "x", "2024-01-01 10:00", f"2024-01-01 11:{i:02}", "Desk") for i in range(30)], "within one day"),
    ],
)
def test_what_cannot_be_calibrated(rows: list[tuple[str, ...]], says: str, tmp_path: Path) -> None:
    log = read(tmp_path / "log.csv", rows)
    assert adds_up(log)
    with pytest.raises(UsageError, match=says):
        calibrate(log, tmp_path / "worlds" / "mine.yaml")


def test_wrong_arguments(tmp_path: Path) -> None:
    log = read(tmp_path / "log.csv", rows_of(20))
    for name in ("Mine.yaml", "mine.yml", "a b.yaml"):
        with pytest.raises(UsageError, match="named by its id"):
            calibrate(log, tmp_path / name)
    with pytest.raises(UsageError, match="hold out"):
        calibrate(log, tmp_path / "a.yaml", hold_out=0.9)
    with pytest.raises(UsageError, match="2 replications"):
        calibrate(log, tmp_path / "a.yaml", replications=1)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be written"):
        calibrate(log, tmp_path / "file" / "a.yaml")


def test_without_scipy_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    log = read(tmp_path / "log.csv", rows_of(20))
    monkeypatch.setitem(sys.modules, "scipy", None)
    with pytest.raises(UsageError, match=r'pip install "\.\[policy\]"'):
        calibrate(log, tmp_path / "a.yaml")


def test_the_held_out_part_begins_with_a_month() -> None:
    def seconds(*day: int) -> int:
        return round(datetime(*day, tzinfo=UTC).timestamp())  # type: ignore[arg-type]

    assert split(seconds(2024, 1, 1), seconds(2025, 12, 31), 0.25) == seconds(2025, 7, 1)
    assert split(seconds(2024, 1, 1), seconds(2024, 1, 31), 0.25) == seconds(2024, 1, 23)


def test_the_example_of_the_readme_is_read(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    example = readme.split("`columns.yaml` says")[1].split("```yaml")[1].split("```")[0]
    file = tmp_path / "columns.yaml"
    file.write_text(example, encoding="utf-8")
    columns = read_columns(file)
    assert columns.case == "File number" and columns.outcomes["turned down"] == "refused"
    assert columns.time_zone == "Europe/Oslo"
    holidays = columns.offices["Central authority"].holidays
    assert holidays is not None and holidays.like == "NO"


def test_the_report_escapes_and_says_everything(tmp_path: Path) -> None:
    rows = [*((r[0], f"<b>{r[1]}", *r[2:]) for r in rows_of(80)), ("<script>", "x", "soon", "", "Desk")]
    rows.append(("F-1", "x", "2024-03-31 02:30", "2024-03-31 10:00", "Desk"))
    rows[0] = ("=1+1", *rows[0][1:])
    made = calibrate(read(tmp_path / "log.csv", rows), tmp_path / "worlds" / "mine.yaml", replications=3)
    page = calibration_html(made)
    by_row = page.split("Row by row")[1]
    assert by_row.index("&lt;script&gt;") < by_row.index("=1+1") < by_row.index("skipped"), "what was set aside first"
    assert "<script>" not in page and "&lt;script&gt;" in page and "<b>" not in page.split("<main")[1]
    assert made.log.raw.sha256 in page and "rows read" in page and "http" not in page
    console = Console(width=200, record=True, file=io.StringIO())
    show_log(made.log, console)
    show_calibration_of(made, console)
    said = console.export_text()
    for words in ("no time", "Arrivals", "Offices", "Mon-Fri 09:00-17:00", "Branches", "of 7 figures", "simulated p"):
        assert words in said, words
    nothing = calibrate(made.log, tmp_path / "worlds" / "all.yaml", hold_out=0)
    assert not nothing.compared and "Nothing was held out" in calibration_html(nothing)


def test_a_stage_that_only_cases_begun_before_the_log_came_to_is_left_out_and_said(tmp_path: Path) -> None:
    moment = "2023-01-01 00:00:00"
    rows = [(str(number), "a", moment, moment, "") for number in range(10) for _ in range(2)]
    rows += [("10", "c", moment, moment, ""), ("0", "c", "2023-01-12 01:00:00", moment, "")]
    rows += [("0", "c", "2023-01-10 00:00:00", moment, "")]
    path = tmp_path / "log.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEAD, *rows])
    made = calibrate(read_log(path, MAPPING), tmp_path / "worlds" / "mine.yaml", replications=2)
    assert set(sim.load(made.file).procedures["requests"].stages) == {"a", "end-completed"}
    assert any("are left out: c (1)" in remark for remark in made.found.remarks)


CELLS = st.one_of(
    st.sampled_from(["", "F-1", "F-2", "=1+1", "Desk", "null", "2024-01-05", "2024-01-05 10:00", "05/01/2024", "\x00"]),
    st.datetimes(datetime(2023, 1, 1), datetime(2024, 1, 1)).map(str),
    st.integers(0, 12).map(lambda number: f"F-{number}"),
    st.text(max_size=12),
)
TIMES = st.datetimes(datetime(2023, 1, 1), datetime(2023, 6, 1)).map(lambda moment: moment.isoformat(" ", "seconds"))
LIKELY = st.tuples(st.integers(0, 14).map(str), st.sampled_from("abc"), TIMES, TIMES, st.sampled_from(["", "o", "p"]))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.one_of(LIKELY, LIKELY, st.lists(CELLS, min_size=3, max_size=6)), max_size=60))
def test_whatever_the_table_only_our_errors_are_raised(rows: list, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    with path.open("w", encoding="utf-8", newline="", errors="replace") as file:
        csv.writer(file).writerows([HEAD, *rows])
    try:
        log = read_log(path, MAPPING)
    except MlasimError:
        return
    assert adds_up(log)
    try:
        made = calibrate(log, tmp_path / "worlds" / "mine.yaml", replications=2)
    except UsageError:  # too little; a world that does not load would be a ScenarioError, and a mistake of ours
        return
    assert sim.load(made.file).kind == "world"
