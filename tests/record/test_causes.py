"""Where the days went: causes add up exactly, by hand and for any rows."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.log import EventLog
from sim.model.causes import CAUSES
from sim.record.causes import causes_of, causes_of_all, rows_by_request, seconds_by_cause
from sim.record.run import Run
from tests.record.logs import ACTIVITIES, DAY, HOUR, log_of


def nonzero(causes: dict[str, int]) -> dict[str, int]:
    return {cause: seconds for cause, seconds in causes.items() if seconds}


def causes_by_stage(log: EventLog, request: int) -> dict[str, dict[str, int]]:
    """Seconds by stage and cause of one request, those of no time left out."""
    found: dict[str, dict[str, int]] = {}
    for row in rows_by_request(log, {request}).get(request, []):
        stage = found.setdefault(log.activities[row[0]].stage, {})
        for cause, seconds in zip(CAUSES, seconds_by_cause(log, [row]), strict=True):
            if seconds:
                stage[cause] = stage.get(cause, 0) + seconds
    return found


def test_around_a_weekend_by_hand() -> None:
    friday = 4 * DAY
    # Arrives Friday 16:00, taken up Friday 16:30, two hours of work: until Monday 10:30.
    row = (0, "day-desk", friday + 16 * HOUR, friday + 16 * HOUR + 1800, friday + 3 * DAY + 10 * HOUR + 1800)
    log = log_of([row], [(row[2], row[4], "executed")])
    assert nonzero(causes_of(log, 0)) == {
        "waiting for staff": 1800,
        "being worked on": 2 * HOUR,
        "closed hours and holidays": 64 * HOUR,
    }


def test_nights_in_a_queue_are_waits_for_staff_and_nights_before_a_closed_door_are_not() -> None:
    friday = 4 * DAY
    evening, monday = friday + 20 * HOUR, friday + 3 * DAY + 9 * HOUR
    # Comes on Friday evening; others are before it when the office opens on Monday at nine, until Tuesday noon.
    taken_up, done = monday + DAY + 3 * HOUR, monday + DAY + 5 * HOUR
    log = log_of([(0, "day-desk", evening, taken_up, done)], [(evening, done, "executed")])
    assert nonzero(causes_of(log, 0)) == {
        "closed hours and holidays": monday - evening,
        "waiting for staff": DAY + 3 * HOUR,
        "being worked on": 2 * HOUR,
    }
    # Taken up the moment the door opens: nobody was missing.
    log = log_of([(0, "day-desk", evening, monday, monday + HOUR)], [(evening, monday + HOUR, "executed")])
    assert nonzero(causes_of(log, 0)) == {"closed hours and holidays": monday - evening, "being worked on": HOUR}


def test_every_cause_has_its_place() -> None:
    rows = [
        (0, "desk", 0, 10, 30),
        (0, "road", 30, 30, 130),
        (0, "asked", 130, 130, 150),
        (0, "appeal", 150, 150, 450),
        (0, "bank", 450, 450, 500),
    ]
    log = log_of(rows, [(0, 500, "executed")])
    assert nonzero(causes_of(log, 0)) == {
        "waiting for staff": 10,
        "being worked on": 20,
        "transmission": 100,
        "legal remedies": 300,
        "waiting for the other side": 70,
    }
    assert causes_by_stage(log, 0)["desk"] == {"waiting for staff": 10, "being worked on": 20}
    assert causes_by_stage(log, 0)["execution"] == {"waiting for the other side": 50}
    day = log_of([(0, "translators", 9 * HOUR, 9 * HOUR, 11 * HOUR)], [(9 * HOUR, 11 * HOUR, "executed")])
    assert nonzero(causes_of(day, 0)) == {"translation": 2 * HOUR}


def test_of_parallel_measures_the_last_to_end_counts() -> None:
    rows = [
        (0, "road", 0, 0, 10),
        (0, "bank", 10, 10, 60),
        (0, "court", 10, 30, 40),
        (0, "court", 40, 45, 90),
        (0, "road", 90, 90, 100),
    ]
    log = log_of(rows, [(0, 100, "executed")])
    found = causes_of(log, 0)
    assert sum(found.values()) == 100
    assert nonzero(found) == {"transmission": 20, "waiting for staff": 25, "being worked on": 55}


@st.composite
def journeys(draw):
    """A contiguous journey of random activities, now and then forking into two measures."""
    now, rows = draw(st.integers(0, 20 * DAY)), []
    begun = now
    for _ in range(draw(st.integers(1, 8))):
        if draw(st.booleans()):
            name = draw(st.sampled_from([n for n, a in ACTIVITIES.items() if not a.branch]))
            wait = draw(st.integers(0, 3 * DAY)) if ACTIVITIES[name].office >= 0 else 0
            end = now + wait + draw(st.integers(0, 5 * DAY))
            rows.append((0, name, now, now + wait, end))
            now = end
        else:
            ends = []
            for name in ("bank", "court"):
                wait = draw(st.integers(0, DAY)) if name == "court" else 0
                ends.append(now + wait + draw(st.integers(1, 9 * DAY)))
                rows.append((0, name, now, now + wait, ends[-1]))
            now = max(ends)
    return rows, begun, now


@given(journeys())
@settings(max_examples=150, deadline=None)
def test_causes_add_up_exactly(journey) -> None:
    rows, begun, ended = journey
    log = log_of(rows, [(begun, ended, "executed")])
    assert sum(causes_of(log, 0).values()) == ended - begun
    assert causes_of_all(log)[0] == [causes_of(log, 0)[cause] for cause in CAUSES]


def test_they_add_up_for_every_request_of_a_real_world(meridian: Run) -> None:
    log = meridian.log
    found = causes_of_all(log)
    finished = 0
    for request, left in enumerate(log.request_left):
        if left >= 0 and request in found:
            assert sum(found[request]) == left - log.request_arrived[request]
            finished += 1
    assert finished > 1_000


def test_activities_that_took_no_time_hold_nobody_up() -> None:
    rows = [(0, "bank", 5, 5, 5), (0, "bank", 5, 5, 20), (0, "court", 5, 5, 5), (0, "court", 5, 8, 30)]
    log = log_of([*rows, (0, "desk", 30, 30, 30)], [(5, 30, "executed")])
    assert nonzero(causes_of(log, 0)) == {"waiting for staff": 3, "being worked on": 22}
    assert causes_by_stage(log, 0) == {"execution": {"waiting for staff": 3, "being worked on": 22}}


def test_a_request_without_rows_has_no_causes() -> None:
    log = log_of([(0, "desk", 0, 0, 9)], [(0, 9, "executed"), (4, -1, "")])
    assert nonzero(causes_of(log, 1)) == {} and causes_by_stage(log, 1) == {} and set(causes_of_all(log)) == {0}
