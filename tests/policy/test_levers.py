"""Levers change the scenario they are applied to, and nothing else; conflicts are errors."""

from __future__ import annotations

import pytest

import sim
from sim.errors import ScenarioError, UsageError
from sim.model import load
from sim.model.base import Origin
from sim.model.world import Lever, Patch
from sim.policy.experiments.experiment import Experiment
from sim.policy.experiments.levers import apply


def lever(*patches: dict, id: str = "test-lever") -> Lever:
    return Lever(
        kind="lever",
        id=id,
        title="A test",
        question="What if?",
        evidence_for="none",
        evidence_of_limits="none",
        changes=tuple(Patch(**patch) for patch in patches),
        origin=Origin(mark="assumption", source="a test"),
    )


@pytest.fixture(scope="module")
def world():
    return load("queue-mm1")


def office(scenario):
    return next(iter(scenario.world.offices.items()))


def test_factor_sum_and_value(world) -> None:
    name, before = office(world)
    changed = apply(world, [lever({"at": f"world/queue-mm1/offices/{name}/staff", "plus": 2})])
    assert changed.world.offices[name].staff == before.staff + 2
    assert world.world.offices[name].staff == before.staff, "the original is untouched"
    assert changed.hash != world.hash and changed.levers == ("test-lever",)
    tripled = apply(world, [lever({"at": "world/queue-mm1/offices/*/staff", "times": 3})])
    assert tripled.world.offices[name].staff == 3 * before.staff
    closed = apply(world, [lever({"at": f"world/queue-mm1/offices/{name}/title", "set": "Another name"})])
    assert closed.world.offices[name].title == "Another name"


def test_durations_are_scaled_as_such(world) -> None:
    flow = next(iter(world.world.demand))
    changed = apply(world, [lever({"at": f"world/queue-mm1/demand/{flow}/every", "times": 2})])
    before, after = world.world.demand[flow].every, changed.world.demand[flow].every
    assert after.seconds()[0] == pytest.approx(2 * before.seconds()[0])


def test_levers_compose_in_order(world) -> None:
    name, before = office(world)
    at = f"world/queue-mm1/offices/{name}/staff"
    both = apply(world, [lever({"at": at, "plus": 1}), lever({"at": at, "times": 2}, id="second")])
    assert both.world.offices[name].staff == (before.staff + 1) * 2
    assert both.levers == ("test-lever", "second")


def test_conflict_nothing_there_and_unsound(world) -> None:
    name, _ = office(world)
    at = f"world/queue-mm1/offices/{name}/staff"
    with pytest.raises(UsageError, match="both change"):
        apply(world, [lever({"at": at, "set": 3}), lever({"at": at, "plus": 1}, id="second")])
    with pytest.raises(UsageError, match="nothing there"):
        apply(world, [lever({"at": "world/queue-mm1/offices/nowhere/staff", "set": 3})])
    with pytest.raises(UsageError, match="whole file"):
        apply(world, [lever({"at": "world/queue-mm1", "set": 3})])
    with pytest.raises(UsageError, match="no number"):
        apply(world, [lever({"at": f"world/queue-mm1/offices/{name}/title", "plus": 1})])
    with pytest.raises(ScenarioError) as caught:
        apply(world, [lever({"at": at, "set": 0})])
    assert [problem.code for problem in caught.value.problems] == ["F207"]


@pytest.mark.parametrize("name", ["e-transmission", "translation-pool"])
def test_shipped_levers_apply_to_meridian(name: str) -> None:
    world = sim.load("meridian")
    changed = apply(world, [name])
    assert changed.hash != world.hash
    assert apply(world, ["e-transmission", "translation-pool"]).levers == ("e-transmission", "translation-pool")


def test_a_lever_is_pulled_once(world) -> None:
    with pytest.raises(UsageError, match="'e-transmission' is pulled twice"):
        apply(sim.load("meridian"), ["e-transmission", "triage", "e-transmission"])
    nothing = lever({"at": "world/*/offices/nobody/staff", "set": 3, "where_present": True}, id="c")
    with pytest.raises(UsageError, match="'c' finds nothing to change in 'queue-mm1'"):
        _ = Experiment.of(world, [nothing]).scenarios


def test_only_what_stands_there_now_is_replaced() -> None:
    """Direct contact takes the place of the central authority's ways, by paper or by mail, and of no others."""
    world = sim.load("meridian")
    before, after = world.world.demand, apply(world, ["direct-judicial-contact"]).world.demand
    instead = {
        "central-authority": "direct-judicial",
        "diplomatic": "direct-judicial",
        "central-authority-email": "direct-judicial-email",
    }
    for id_, flow in before.items():
        assert after[id_].channel == instead.get(flow.channel or "", flow.channel)
    assert {"contact-24-7", *instead} <= {flow.channel for flow in before.values()}


def test_every_change_made_stands_in_the_scenario(world) -> None:
    name, _ = office(world)
    at = f"world/queue-mm1/offices/{name}/staff"
    changed = apply(world, [lever({"at": at, "plus": 1}), lever({"at": "world/*/offices/*/staff", "times": 2}, id="b")])
    assert [(a.lever, a.at, a.change, a.places) for a in changed.applied] == [
        ("test-lever", at, "plus 1", 1),
        ("b", "world/*/offices/*/staff", "times 2", 1),
    ]
    assert {str(a.origin) for a in changed.applied} == {"assumption: a test"} and world.applied == ()
    nowhere = lever({"at": "world/*/offices/nobody/staff", "set": 3, "where_present": True}, id="c")
    twice = apply(changed, [nowhere])
    assert [a.places for a in twice.applied] == [1, 1, 0], "what met nothing is said, too; earlier changes stay"
