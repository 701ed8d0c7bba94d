"""Changes that are introduced bit by bit: nothing at the beginning, everything at the end, and the same luck."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.engine.compile import compile_world
from sim.engine.log import EventLog
from sim.engine.plan import Introduction
from sim.engine.rollout import RollOut, compile_roll_out
from sim.engine.simulation import simulate
from sim.errors import UsageError
from sim.model.durations import DAY, YEAR, Duration
from sim.model.loading import Scenario
from sim.model.measures import Key
from sim.policy.experiments.alternatives import Alternative
from sim.policy.experiments.experiment import Experiment, run_experiment
from sim.policy.experiments.levers import apply
from sim.record.offices import office_kpis
from sim.record.run import hash_of
from tests.engine.small import MONDAY, flow, office, wait, work, world
from tests.policy.test_levers import lever

END = YEAR // 2
OFFICES = {
    "desk": office(2),
    "translators": office(3, hours="Mon-Fri 09:00-17:00", closing_rule="hand over"),
    "court": office(2, preemptive=True),
}
STAGES = {
    "road": wait("4 days", "check"),
    "check": work("desk", {"exponential": "5 hours"}, [{"to": "road", "chance": 0.1}, {"to": "translate"}]),
    "translate": work("translators", {"lognormal": {"mean": "2 hours", "cv": 0.8}}, "hear"),
    "hear": work("court", {"exponential": "4 hours"}),
}
DEMAND = {
    "requests": flow(every="5 hours", priorities={"urgent": 1, "routine": 4}),
    "others": flow(per_year=300, during="Mon-Fri 08:00-16:00"),
}
AT = "world/small"
WIRE = {"at": f"{AT}/procedures/way/stages/road/takes", "times": 0.25}
FEWER = {"at": f"{AT}/demand/*/per year", "times": 0.5, "where_present": True}
HIRE = {"at": f"{AT}/offices/*/staff", "plus": 2}
CLOSE = {"at": f"{AT}/offices/*/staff", "plus": -1}


@pytest.fixture
def lively(tmp_path: Path) -> Scenario:
    return world(tmp_path, offices=OFFICES, stages=STAGES, demand=DEMAND)


def rolled(scenario: Scenario, begin: int, **changes: tuple[int, dict[str, Any]]) -> RollOut:
    """The world while changes (days needed, patch) are introduced from ``begin``."""
    ordered = sorted(changes.items(), key=lambda item: item[1][0])
    stages, levers = [], []
    for name, (days, patch) in ordered:
        levers.append(lever(patch, id=name))
        stages.append((Introduction(begin, days * DAY), apply(scenario, levers)))
    return RollOut(scenario, tuple(stages))


def run(roll_out: RollOut, until: int = END) -> EventLog:
    return simulate(roll_out.world, until=until, seed=3, plan=compile_roll_out(roll_out))


def plain(scenario: Scenario, until: int = END) -> EventLog:
    return simulate(scenario, until=until, seed=3)


ALL = {"wire": (30, WIRE), "fewer": (60, FEWER), "hire": (90, HIRE)}


def test_before_it_begins_nothing_has_changed(lively: Scenario) -> None:
    log = run(rolled(lively, END, **ALL))
    assert hash_of(log) == hash_of(plain(lively))
    assert office_kpis(log) == office_kpis(plain(lively))


@pytest.mark.parametrize("begin", [-YEAR, 0])
def test_long_after_it_began_everything_is_in_place(lively: Scenario, begin: int) -> None:
    """Either introduced a year before the run, or at once at its first second."""
    days = {name: (0 if begin == 0 else needed, patch) for name, (needed, patch) in ALL.items()}
    roll_out = rolled(lively, begin, **days)
    changed = roll_out.stages[-1][1]
    log = run(roll_out)
    assert hash_of(log) == hash_of(plain(changed))
    assert office_kpis(log) == office_kpis(plain(changed))


def test_desks_that_close_leave_the_same_as_if_they_had_never_been_there(lively: Scenario) -> None:
    roll_out = rolled(lively, -YEAR, close=(30, CLOSE))
    assert hash_of(run(roll_out)) == hash_of(plain(roll_out.stages[-1][1]))


def test_until_it_begins_a_run_is_the_same_even_where_desks_will_close(lively: Scenario) -> None:
    """The slower way that such offices take gives the same rows."""
    log, usual = run(rolled(lively, END // 2, close=(30, CLOSE))), plain(lively)
    assert log.staffing == [(END // 2 + 15 * DAY + 1, index, staff - 1) for index, staff in enumerate([2, 2, 3])]
    first = next(moment for moment, _, _ in log.staffing)
    names = [log.activities[i].name for i in log.activity]
    before = [row for row in zip(log.request, names, log.started, log.ended, strict=True) if row[3] < first]
    same = zip(
        usual.request, [usual.activities[i].name for i in usual.activity], usual.started, usual.ended, strict=True
    )
    assert before == [row for row in same if row[3] < first] and len(before) > 500


def test_halfway_lies_between_and_more_is_more(lively: Scenario) -> None:
    """The road is shorter for those who meet the change, whose number grows with time."""
    log = run(rolled(lively, END // 3, wire=(61, WIRE)))
    roads: dict[int, list[bool]] = {}
    for request, activity, enabled, ended in zip(log.request, log.activity, log.enabled, log.ended, strict=True):
        if log.activities[activity].name == "road":
            third = min(2, 3 * (log.request_arrived[request] - END // 3) // (61 * DAY))
            roads.setdefault(-1 if log.request_arrived[request] < END // 3 else third, []).append(
                ended - enabled == DAY
            )
    shares = {third: sum(short) / len(short) for third, short in roads.items()}
    assert shares[-1] == 0
    assert [shares[third] for third in range(3)] == sorted(shares[third] for third in range(3))
    assert shares[0] == pytest.approx(1 / 6, abs=0.08) and shares[1] == pytest.approx(1 / 2, abs=0.12)
    assert shares[2] > 0.85


def test_whoever_meets_a_slow_change_has_met_the_quick_ones(tmp_path: Path) -> None:
    stages = {"road": wait("4 days", "wait"), "wait": wait("8 days")}
    scenario = world(tmp_path, offices={"desk": office()}, stages=stages, demand={"requests": flow(every="2 hours")})
    slow = {"at": f"{AT}/procedures/way/stages/wait/takes", "times": 0.25}
    log = run(rolled(scenario, 0, wire=(60, WIRE), slow=(120, slow)))
    seen = {left - arrived for left, arrived in zip(log.request_left, log.request_arrived, strict=True) if left >= 0}
    assert seen == {12 * DAY, 9 * DAY, 3 * DAY}, "nothing, the quick one, or both; never the slow one alone"


def test_the_same_luck_with_and_without_a_change(lively: Scenario) -> None:
    """Requests arrive when they arrive otherwise, and who meets a change draws nothing else."""
    log, usual = run(rolled(lively, 0, wire=(100, WIRE))), plain(lively)
    assert log.request_arrived == usual.request_arrived and log.request_priority == usual.request_priority


def test_arrivals_go_over_evenly(tmp_path: Path) -> None:
    """Twice as many in the end: 3/2 as many while it is introduced; and fewer never come earlier."""
    scenario = world(tmp_path, offices=OFFICES, stages=STAGES, demand={"requests": flow(per_year=4000)})
    more = {"at": f"{AT}/demand/*/per year", "times": 2.0}
    log = run(rolled(scenario, 0, more=(100, more)), until=200 * DAY)
    first = sum(moment < 100 * DAY for moment in log.request_arrived)
    assert first == pytest.approx(1.5 * 4000 * 100 / 365, rel=0.06)
    assert len(log.request_arrived) - first == pytest.approx(2 * 4000 * 100 / 365, rel=0.06)
    usual = plain(scenario, 200 * DAY).request_arrived
    assert all(early <= late for early, late in zip(log.request_arrived, usual, strict=False))


def test_staff_comes_desk_by_desk_and_is_counted(lively: Scenario) -> None:
    log = run(rolled(lively, 20 * DAY, hire=(40, HIRE)))
    assert [(moment, staff) for moment, index, staff in log.staffing if index == 1] == [(30 * DAY, 3), (50 * DAY, 4)]
    assert log.staff_seconds(1, 0, 60 * DAY) == (2 * 30 + 3 * 20 + 4 * 10) * DAY
    assert log.staff_seconds(1, 40 * DAY, 45 * DAY) == 3 * 5 * DAY
    assert [office.staff for office in office_kpis(log)] == [4, 4, 5]
    assert all(office.utilisation <= 1 for office in office_kpis(log))


@pytest.mark.parametrize(("quick", "slow"), [(3, -1), (-1, 4), (-2, -1), (5, 5), (0, 3)])
def test_staff_is_the_even_change_rounded_at_every_hour(tmp_path: Path, quick: int, slow: int) -> None:
    scenario = world(tmp_path, offices={"desk": office(4)}, stages={"check": work("desk", "1 hour")})
    at = f"{AT}/offices/desk/staff"
    plan = compile_roll_out(
        rolled(scenario, 10 * DAY, a=(7, {"at": at, "plus": quick}), b=(30, {"at": at, "plus": slow}))
    )
    for hour in range(50 * 24):
        moment = hour * 3600 + 1
        passed = moment / DAY - 10
        even = 4 + quick * min(1, max(0, passed / 7)) + slow * min(1, max(0, passed / 30))
        staff = [plan.offices[0].staff, *(number for when, number in plan.staffing[0] if when <= moment)][-1]
        assert abs(staff - even) < 0.5 + 1e-3, hour


def test_a_queue_is_taken_up_when_a_desk_opens(tmp_path: Path) -> None:
    """One desk, far too few: the second takes the longest waiting at the second at which it opens."""
    stages = {"check": work("desk", "10 days")}
    demand = {"requests": flow(every="12 hours")}
    for rule in ("suspend and resume", "hand over"):
        scenario = world(tmp_path, offices={"desk": office(1, closing_rule=rule)}, stages=stages, demand=demand)
        hire = {"at": f"{AT}/offices/desk/staff", "plus": 1}
        log = run(rolled(scenario, 50 * DAY, hire=(20, hire)), until=100 * DAY)
        assert log.staffing == [(60 * DAY, 0, 2)]
        assert 60 * DAY in log.started, rule


def test_desks_in_use_close_when_they_are_free(tmp_path: Path) -> None:
    stages = {"check": work("desk", {"exponential": "10 days"})}
    demand = {"requests": flow(every="12 hours")}
    scenario = world(tmp_path, offices={"desk": office(4)}, stages=stages, demand=demand, starts=MONDAY)
    fewer = {"at": f"{AT}/offices/desk/staff", "plus": -3}
    log = run(rolled(scenario, 50 * DAY, fewer=(0, fewer)), until=150 * DAY)
    assert log.staffing == [(50 * DAY, 0, 1)]
    rows = list(zip(log.started, log.ended, strict=True))
    in_hand = [end for start, end in rows if start < 50 * DAY < end]
    assert len(in_hand) == 4, "nobody is sent away"
    later = sorted(start for start, _ in rows if start >= 50 * DAY)
    assert later[0] == max(in_hand), "the last desk in use is the one that stays"
    assert all(sum(start <= moment < end for start, end in rows) == 1 for moment in later)


@pytest.mark.parametrize(
    ("patch", "what"),
    [
        ({"at": f"{AT}/offices/translators/hours", "set": "Mon-Fri 08:00-18:00"}, "hours, rules or duties"),
        ({"at": f"{AT}/offices/translators/closing rule", "set": "finish"}, "hours, rules or duties"),
        ({"at": f"{AT}/offices/court/preemptive", "set": False}, "hours, rules or duties"),
        ({"at": f"{AT}/demand/others/during", "set": "Mon-Fri 08:00-18:00"}, "when requests of 'others' come"),
    ],
)
def test_what_cannot_come_bit_by_bit_is_said(lively: Scenario, patch: dict[str, Any], what: str) -> None:
    with pytest.raises(UsageError, match=what):
        compile_roll_out(rolled(lively, 0, hours=(30, patch)))


def test_an_alternative_knows_its_stages(lively: Scenario) -> None:
    quick, slow = lever(WIRE, id="quick"), lever(HIRE, id="slow")
    slow = slow.model_copy(update={"roll_out": Duration.model_validate("2 years")})
    alternative = Alternative("both", (slow, quick))
    roll_out = alternative.rolled_out(lively, 7)
    assert [(i.begin, i.lasts, s.levers) for i, s in roll_out.stages] == [
        (7, 0, ("quick",)),
        (7, 2 * YEAR, ("slow", "quick")),
    ]
    assert roll_out.stages[-1][1].hash == alternative.applied(lively).hash
    assert roll_out.hash != alternative.rolled_out(lively, 8).hash
    assert compile_roll_out(roll_out).offices[0].staff == compile_world(lively).offices[0].staff


def test_an_experiment_says_so_before_it_begins(lively: Scenario) -> None:
    hours = lever({"at": f"{AT}/offices/translators/hours", "set": "Mon-Fri 08:00-18:00"}, id="hours")
    with pytest.raises(UsageError, match="without the roll-out"):
        run_experiment(Experiment.of(lively, [hours], years=0.1, roll_out=True), 1)
    assert not run_experiment(Experiment.of(lively, [hours], years=0.1), 1).failures


def test_an_experiment_follows_the_roll_out_year_by_year(lively: Scenario) -> None:
    slow = lever(WIRE, id="slow").model_copy(update={"roll_out": Duration.model_validate("2 years")})
    followed = Experiment.of(lively, [slow], years=3, warm_up=0.1, roll_out=True)
    results = run_experiment(followed, 2)
    assert not results.failures
    years = [results.difference("slow", Key("mean days", f"year {year}")).mean for year in (1, 2, 3)]
    # A quarter, three quarters and all of three days, of those that end in the year.
    assert years == pytest.approx([-3 / 4, -9 / 4, -3], rel=0.25)
    assert followed.identity != Experiment.of(lively, [slow], years=3, warm_up=0.1).identity
    assert "--roll-out" in followed.command("slow", 0)
    assert [a.change for a in followed.provenance["slow"]] == ["times 0.25"] and followed.provenance["as it is"] == ()
