"""How a procedure unfolds and how a request walks it: measures, channels, loops, facts, performance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.engine.compile import compile_world
from sim.engine.simulation import Simulation, simulate
from sim.errors import SimulationError
from tests.engine.small import DAY, HOUR, ORIGIN, Play, Row, by_both_engines, flow, office, rows, wait, work, world  # noqa: F401 - a fixture
from tests.engine.two_states import two_states

LETTER: dict[str, Any] = {
    "draft": {"performer": "requesting central-authority", "work": "2 hours", "then": "travel", "origins": ORIGIN},
    "travel": {"steps": "channel", "then": "execution"},
    "execution": {"steps": "each measure", "then": "home"},
    "home": {"steps": "channel back", "then": "done"},
}


def play(folder: Path, stages: dict[str, Any] = LETTER, **more: Any) -> Play:
    return Play(two_states(folder, stages, **more), from_="lys", to="nor")


def spells(found: list[Row]) -> list[tuple[str, float, float]]:
    return [(row.activity, row.started / HOUR, row.ended / HOUR) for row in found]


def test_one_measure_step_by_step(tmp_path: Path) -> None:
    run = play(tmp_path)
    run.send("letter", measures=["records"], channel="courier")
    assert spells(run.run()) == [
        ("draft", 0, 2),
        ("travel/1", 2, 3),
        ("travel/2", 3, 51),
        ("execution/records/1", 51, 55),
        ("execution/records/2", 55, 175),
        ("home/1", 175, 223),
        ("home/2", 223, 224),
    ]
    assert run.told[-1] == ("letter", "left", "completed", 224 * HOUR)


def test_the_way_back_mirrors_the_way_there(tmp_path: Path) -> None:
    run = play(tmp_path)
    run.send("letter", measures=["notice"], channel="courier")
    run.run()
    log = run.simulation.log
    way = {activity.name: activity for activity in log.activities}
    assert (way["travel/1"].side, way["travel/1"].state) == ("requesting", "lys")
    assert log.offices[way["travel/1"].office].id == "lys-central"
    assert (way["home/1"].title, way["home/1"].side, way["home/1"].state) == ("On the road", "requested", "nor")
    assert (way["home/2"].title, way["home/2"].side) == ("Franking", "requested")
    assert log.offices[way["home/2"].office].id == "nor-central"


def test_a_channel_with_its_own_way_back(tmp_path: Path) -> None:
    run = play(tmp_path)
    run.send("letter", measures=["notice"], channel="wire")
    assert spells(run.run())[1:] == [("travel/1", 2, 3), ("execution/notice/1", 3, 27), ("home/1", 27, 30)]


def test_measures_are_executed_side_by_side(tmp_path: Path) -> None:
    run = play(tmp_path)
    run.send("letter", measures=["records", "hearing", "notice"], channel="wire")
    assert spells(run.run()) == [
        ("draft", 0, 2),
        ("travel/1", 2, 3),
        ("execution/records/1", 3, 7),
        ("execution/hearing/1", 7, 13),  # one prosecutor: the hearing waits for the order
        ("execution/notice/1", 3, 27),
        ("execution/records/2", 7, 127),
        ("home/1", 127, 130),  # when the last is done, and once
    ]
    assert {activity.branch for activity in run.simulation.log.activities} == {"", "records", "hearing", "notice"}


def test_two_letters_of_one_case_do_not_share_a_channel(tmp_path: Path) -> None:
    run = play(tmp_path)
    run.send("slow", measures=["notice"], channel="courier")
    run.send("fast", measures=["notice"], channel="wire")
    run.send("wide", measures=["hearing"], channel="wire", effort=2.0)
    run.send("narrow", measures=["hearing"], channel="wire")
    found = {(row.request, row.activity): row.ended - row.started for row in run.run()}
    assert found["slow", "travel/1"] == found["fast", "travel/1"] == HOUR
    assert found["slow", "home/1"] == 2 * DAY
    assert found["fast", "home/1"] == 3 * HOUR
    assert found["wide", "execution/hearing/1"] == 2 * found["narrow", "execution/hearing/1"] == 12 * HOUR


def test_background_requests_choose_among_measures(tmp_path: Path) -> None:
    demand = {
        "mixed": flow(from_="lys", to="nor", measures={"notice": 3, "hearing": 1}, channel="wire", every="5 hours")
    }
    log = simulate(two_states(tmp_path, LETTER, demand=demand), arrivals=800, seed=4)
    chosen = [log.kinds[kind].measures for kind in log.request_kind]
    assert chosen.count(("notice",)) / 800 == pytest.approx(0.75, abs=0.06)
    assert {row.activity for row in rows(log)} >= {"execution/notice/1", "execution/hearing/1"}


def test_requests_from_outside_meet_only_the_requested_side(tmp_path: Path) -> None:
    demand = {"incoming": flow(to="nor", measures={"records": 1}, channel="courier", every="1 day")}
    log = simulate(two_states(tmp_path, LETTER, demand=demand), arrivals=20, seed=1)
    # No drafting, no travel, no way home on the other side: the requesting State is not simulated.
    assert {row.activity for row in rows(log)} == {"execution/records/1", "execution/records/2", "home/1", "home/2"}


def test_steps_without_measures_or_channel(tmp_path: Path) -> None:
    run = play(tmp_path)
    with pytest.raises(SimulationError, match="need a channel"):
        run.send("letter", measures=["notice"])
        run.run()
    bare = play(tmp_path)
    bare.send("letter", channel="wire")
    assert [row.activity for row in bare.run()] == ["draft", "travel/1", "home/1"]


def test_an_office_nobody_has(tmp_path: Path) -> None:
    # A file is checked when it is loaded; a letter to a State the world does not have is found out here.
    run = Play(two_states(tmp_path, LETTER), from_="lys", to="far")
    run.send("letter", measures=["records"], channel="wire")
    with pytest.raises(SimulationError, match="'far' has no office with the role 'prosecution'"):
        run.run()


def test_stages_that_do_not_apply_are_skipped(tmp_path: Path) -> None:
    stages = {
        "warrant": wait("1 hour", "appeal", side="requested", only_if={"coercive": True}),
        "appeal": wait("2 hours", "translate", side="requested", only_if={"legal remedies": True}),
        "translate": wait("3 hours", "fast", side="requested", only_if={"translation needed": True}),
        "fast": wait("4 hours", side="requested", only_if={"channel": ["wire", "courier"], "urgent": True}),
    }

    def walked(**more: Any) -> list[str]:
        run = play(tmp_path, stages)
        run.send("letter", **more)
        return [row.activity for row in run.run()]

    assert walked(measures=["records"]) == ["warrant", "appeal"]
    assert walked(measures=["notice"]) == ["appeal"]
    assert walked(measures=["notice"], translation_needed=True) == ["appeal", "translate"]
    assert walked(measures=["notice"], channel="wire", urgent=True) == ["appeal", "fast"]
    assert walked(measures=["notice"], urgent=True) == ["appeal"]
    home = Play(two_states(tmp_path, stages), from_="nor", to="lys")
    home.send("letter", measures=["notice"])
    assert home.run() == []  # no time passes at all
    assert home.left("letter") == 0


def test_branches_that_depend_on_facts(tmp_path: Path) -> None:
    stages = {
        "look": wait("1 hour", [{"to": "order", "if": {"measure": "records"}}, {"to": "ask"}], side="requested"),
        "order": wait("2 hours", side="requested"),
        "ask": wait("3 hours", side="requested"),
    }
    run = play(tmp_path, stages)
    run.send("records", measures=["records"])
    run.send("both", measures=["records", "notice"])
    run.send("notice", measures=["notice"])
    found = {row.request: row.activity for row in run.run() if row.activity != "look"}
    assert found == {"records": "order", "both": "ask", "notice": "ask"}


def test_a_skipped_stage_still_says_what_comes_next(tmp_path: Path) -> None:
    stages = {
        "draft": wait("1 hour", "translate", side="requested"),
        "translate": wait(
            "9 hours", [{"to": "draft", "chance": 0.5}, {"to": "check"}], side="requested", only_if={"coercive": True}
        ),
        "check": wait("9 hours", "again", side="requested", only_if={"coercive": True}),
        "again": wait("1 hour", [{"to": "draft", "chance": 0.5}, {"to": "done"}], side="requested"),
    }
    run = play(tmp_path, stages)
    for number in range(200):
        run.send(f"letter-{number}", measures=["notice"])
    found = run.run()
    assert {row.activity for row in found} == {"draft", "again"}
    drafts = sum(row.activity == "draft" for row in found)
    assert drafts / 200 == pytest.approx(4, abs=1)  # half go back from each of two places
    assert sum(run.simulation.log.request_loops) == drafts - 200


def test_a_skipped_stage_that_leads_back(tmp_path: Path) -> None:
    stages = {
        "draft": wait("1 hour", [{"to": "ask", "chance": 0.5}, {"to": "done"}], side="requested"),
        "ask": wait("9 hours", "draft", side="requested", only_if={"coercive": True}),
    }
    run = play(tmp_path, stages)
    for number in range(100):
        run.send(f"letter-{number}", measures=["notice"])
    drafts = len(run.run())
    assert drafts / 100 == pytest.approx(2, abs=0.5)
    assert sum(run.simulation.log.request_loops) == drafts - 100


def test_measured_performance_replaces_defaults(tmp_path: Path) -> None:
    states = {
        "lys": {},
        "nor": {
            "stages": {"check": "10 hours"},
            "measures": {"records": "1 day"},
            "pace": 2.0,
            "chances": {"refused": 1.0},
            "origins": ORIGIN,
        },
    }
    stages = {
        "check": wait("1 hour", "post", side="requested"),
        "post": wait("3 hours", "execution", side="requesting"),
        "execution": {"steps": "each measure", "then": [{"to": "no", "chance": "refused"}, {"to": "done"}]},
        "no": {"end": "refused", "reason": "dual-criminality"},
    }
    run = play(tmp_path, stages, jurisdictions=states, chances={"refused": 0.0})
    run.send("letter", measures=["records"])
    lengths = {row.activity: (row.ended - row.started) / HOUR for row in run.run()}
    assert lengths == {
        "check": 20,  # ten hours at half the pace
        "post": 3,  # the other side's own time
        "execution/records/1": 4,  # work at an office is not slowed
        "execution/records/2": 48,  # the longest step, measured, at half the pace
    }
    assert run.told[-1][2] == "refused: dual-criminality"


def test_capacity_stretches_work_and_not_time(tmp_path: Path) -> None:
    run = play(tmp_path, LETTER, working_capacity=0.5)
    run.send("letter", measures=["records"], channel="wire")
    lengths = {row.activity: (row.ended - row.started) / HOUR for row in run.run()}
    assert lengths["draft"] == 4
    assert lengths["execution/records/1"] == 8
    assert lengths["execution/records/2"] == 120


def test_working_days_are_those_of_the_side(tmp_path: Path) -> None:
    offices = {
        "lys-central": office(jurisdiction="lys", role="central-authority", hours="Mon-Fri 09:00-13:00"),
        "nor-central": office(jurisdiction="nor", role="central-authority", hours="Mon-Fri 08:00-18:00"),
        "nor-prosecution": office(jurisdiction="nor", role="prosecution"),
    }
    stages = {
        "here": wait("2 working days", "there", side="requesting"),
        "there": wait("2 working days", side="requested"),
    }
    run = play(tmp_path, stages, offices=offices)
    run.send("letter")
    # Eight hours of Lys end on Tuesday at one; twenty of Nor on Thursday at one.
    assert spells(run.run()) == [("here", 0, 37), ("there", 37, 85)]


def test_going_back_begins_another_round_of_draws(tmp_path: Path) -> None:
    stages = {
        "draft": work("desk", {"exponential": "1 hour"}, "check"),
        "check": wait({"exponential": "1 hour"}, [{"to": "draft", "chance": "incomplete"}, {"to": "done"}]),
    }
    scenario = world(
        tmp_path,
        offices={"desk": office(50)},
        stages=stages,
        chances={"incomplete": 0.5},
        demand={"requests": flow(every="1 hour")},
    )
    log = simulate(scenario, arrivals=4_000, seed=2)
    found = rows(log)
    drafts = [row for row in found if row.activity == "draft"]
    lengths = [row.ended - row.started for row in drafts]
    assert len(set(lengths)) > 0.5 * len(lengths)  # a request never repeats its first round
    assert len(drafts) / 4_000 == pytest.approx(2.0, abs=0.1)
    assert sum(log.request_loops) == len(drafts) - 4_000
    assert max(log.request_loops) > 5


def test_chances_of_a_letter_may_change_on_the_way(tmp_path: Path) -> None:
    stages = {
        "check": wait("1 hour", [{"to": "refuse", "chance": "refused"}, {"to": "wait"}]),
        "wait": wait("1 hour", [{"to": "check", "chance": "incomplete"}, {"to": "done"}]),
        "refuse": {"end": "refused"},
    }
    run = Play(
        world(tmp_path, offices={"x": office()}, stages=stages, chances={"refused": 0.0, "incomplete": 1.0}), seed=3
    )

    def third_time(letter: Any, what: str, stage: str, now: int) -> None:
        if stage == "check" and what == "began" and now >= 4 * HOUR:
            letter.chances = {"refused": 1.0}

    run.on_told = third_time
    run.send("letter", chances={"incomplete": 1.0})
    assert len(run.run()) == 5
    assert run.told[-1][1:] == ("left", "refused", 5 * HOUR)


def test_arrivals_in_working_hours_only(tmp_path: Path) -> None:
    demand = {"requests": flow(per_year=2_000, during="Mon-Fri 09:00-17:00", priorities={"urgent": 1, "routine": 3})}
    scenario = world(tmp_path, offices={"x": office()}, stages={"wait": wait("1 hour")}, demand=demand)
    log = simulate(scenario, until=365 * DAY, seed=1)
    assert len(log.request_arrived) == pytest.approx(2_000, abs=4 * 2_000**0.5)
    for arrived in log.request_arrived:
        assert arrived // DAY % 7 < 5
        assert 9 * HOUR <= arrived % DAY <= 17 * HOUR
    assert list(log.request_priority).count(0) / len(log.request_priority) == pytest.approx(0.25, abs=0.04)


def test_a_run_ends_at_a_time_or_after_a_number_of_arrivals(tmp_path: Path) -> None:
    demand = {"one": flow(every="1 hour"), "other": flow(every="30 minutes")}
    scenario = world(
        tmp_path, offices={"x": office()}, stages={"wait": wait("3 days")}, demand=demand, warm_up="2 days"
    )
    counted = simulate(scenario, arrivals=100)
    assert len(counted.request_arrived) == 100
    assert min(counted.request_left) > 0  # all have left
    assert (counted.warm_up, counted.ended_at) == (0, max(counted.request_left))
    timed = simulate(scenario, until=10 * DAY)
    assert (timed.warm_up, timed.ended_at) == (2 * DAY, 10 * DAY)
    assert max(timed.request_arrived) < 10 * DAY
    assert timed.request_left.count(-1) == sum(arrived > 7 * DAY for arrived in timed.request_arrived)
    assert simulate(scenario, until=10 * DAY, warm_up=5).warm_up == 5
    for wrong in ({}, {"until": 5, "arrivals": 5}):
        with pytest.raises(SimulationError, match="one of the two"):
            simulate(scenario, **wrong)


def test_time_stands_still_between_two_advances(tmp_path: Path) -> None:
    scenario = world(
        tmp_path, offices={"x": office()}, stages={"wait": wait("90 minutes")}, demand={"r": flow(every="1 hour")}
    )
    whole = simulate(scenario, until=5 * DAY, seed=9)
    parts = Simulation(compile_world(scenario), seed=9)
    for hour in range(0, 121, 5):
        parts.advance(hour * HOUR)
        assert parts.now == hour * HOUR
        parts.advance(hour * HOUR)  # nothing happens twice
    assert rows(parts.finish()) == rows(whole)
    assert parts.log.moment(DAY).isoformat() == "2026-01-06T00:00:00+00:00"


def test_attention_stops_time(tmp_path: Path) -> None:
    scenario = world(tmp_path, offices={"x": office()}, stages={"wait": wait("1 hour")})
    run = Simulation(compile_world(scenario), seed=1)
    first, second = run.event(), run.event()
    run.at(2 * HOUR, first.succeed)
    run.advance(5 * HOUR, attention=first)
    assert run.now == 2 * HOUR
    run.advance(5 * HOUR, attention=second)
    assert run.now == 5 * HOUR
    run.at(6 * HOUR, second.succeed)
    run.advance(attention=second)
    assert run.now == 6 * HOUR
    run.at(1 * HOUR, lambda: None)  # what has passed happens now
    run.advance()
    assert run.now == 6 * HOUR
