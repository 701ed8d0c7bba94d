"""What is assumed is found where it stands, with its reason and a range, and only where the demand meets it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import UsageError
from sim.model.loading import Scenario, load, load_lever, with_data
from sim.model.world import Lever
from sim.policy.experiments.alternatives import Alternative
from sim.policy.sensitivity.assumptions import Assumption, assumptions_of, strengthened
from sim.policy.sensitivity.parameter_sites import RANGES, WIDEST
from tests.engine.small import office, wait, work, world
from tests.policy.policy_world import MORE_WORK, WIRE, lever, quick_world

HERE = "world/small/procedures/way"


def small(folder: Path, **more: object) -> Scenario:
    """A desk, a road of which nobody is sure, and an office and a chance that no request meets."""
    stages = {
        "desk": work("desk", "3 hours", "road"),
        "road": wait("2 days", [{"to": "done", "chance": "lost"}, {"to": "known"}]),
        "known": {**wait("1 day"), "origins": {"all": "published: a register, 2020"}},
    }
    offices = {"desk": office(20, hours="Mon-Fri 09:00-17:00"), "unused": office(40)}
    demand = {"letters": {"procedure": "way", "per year": 100, "origins": {"all": "assumption: counted once"}}}
    given = {"chances": {"lost": 0.2, "unheard": 0.5}, "working_capacity": 0.8, **more}
    return world(folder, offices=offices, stages=stages, demand=demand, **given)


def by_id(found: tuple[Assumption, ...]) -> dict[str, Assumption]:
    return {assumption.id: assumption for assumption in found}


def test_only_assumptions_that_requests_meet_are_found(tmp_path: Path) -> None:
    found = by_id(assumptions_of(small(tmp_path), by="place"))
    assert set(found) == {
        "world/small/working capacity",
        "world/small/offices/desk/staff",
        "world/small/demand/letters/per year",
        f"{HERE}/stages/desk/work",
        f"{HERE}/stages/road/takes",
        f"{HERE}/chances/lost",
    }
    assert found["world/small/demand/letters/per year"].reasons == ("counted once",)
    assert found[f"{HERE}/stages/road/takes"].range == RANGES["duration"]


def test_places_are_what_levers_change(tmp_path: Path) -> None:
    """Every place can be moved to both its ends, and the world then says what was meant."""
    before = small(tmp_path)
    for level, lost in ((-1.0, 0.25 * 0.7 / (1 + 0.25 * 0.7)), (1.0, 0.25 * 1.3 / (1 + 0.25 * 1.3))):
        patches = tuple(patch for found in assumptions_of(before) for patch in found.patches(level))
        after = Alternative("moved", (), patches).applied(before)
        assert all(applied.places == 1 for applied in after.applied)
        way = after.world.procedures["way"]
        assert way.chances["lost"] == pytest.approx(lost)
        low, high = RANGES["duration"]
        assert way.stages["road"].takes.seconds()[0] == pytest.approx(2 * 86400 * (low if level < 0 else high))
        assert after.world.offices["desk"].staff == (17 if level < 0 else 23)
        assert after.world.working_capacity == pytest.approx(0.56 if level < 0 else 1.0)
        assert after.world.offices["unused"].staff == 40


def test_levels_move_by_equal_ratios_and_leave_the_world_alone_at_nought(tmp_path: Path) -> None:
    (road,) = assumptions_of(small(tmp_path), by="place", only=[f"{HERE}/stages/road/takes"])
    assert road.patches(0.0) == ()
    assert road.factors(0.5)[0] ** 2 == pytest.approx(road.factors(1.0)[0])
    assert road.factors(-0.5)[0] ** 2 == pytest.approx(road.factors(-1.0)[0])


@pytest.mark.parametrize(
    ("reason", "stated"),
    [
        ("assumption: 15-25 % of letters, says everybody", (0.15, 0.25)),
        ("assumption: 15–25 %", (0.15, 0.25)),
        ("assumption: 30-60 % elsewhere", None),  # the chance does not lie in it: it speaks of something else
        ("assumption: 1-60 % by corridor", None),  # of the differences between corridors
        ("assumption: rare", None),
    ],
)
def test_a_range_in_the_words_of_a_file_counts(tmp_path: Path, reason: str, stated: tuple[float, float] | None) -> None:
    scenario = small(tmp_path)
    data = {**scenario.data["world", "small"]}
    procedure = {**data["procedures"]["way"], "origins": {"lost": reason, "unheard": "assumption: a test"}}
    changed = with_data(scenario, {("world", "small"): {**data, "procedures": {"way": procedure}}})
    (lost,) = assumptions_of(changed, by="stage", only=["chance-lost"])
    ends = [lost.patches(level)[0].set for level in (-1.0, 1.0)]
    assert lost.places[0].stated == (stated is not None)
    if stated:
        assert ends == pytest.approx(stated)
    else:
        assert lost.range == RANGES["chance"] and max(lost.range) < WIDEST


def test_groups_hold_every_place_once(tmp_path: Path) -> None:
    scenario = quick_world(tmp_path)
    every = {place.at for found in assumptions_of(scenario, by="place") for place in found.places}
    for by in ("stage", "office", "world"):
        groups = assumptions_of(scenario, by=by)  # type: ignore[arg-type]
        places = [place.at for found in groups for place in found.places]
        assert len(places) == len(set(places)) and set(places) == every
        assert len(groups) <= len(every) and all(found.title for found in groups)


def test_a_lever_is_as_strong_as_it_is_assumed_to_be(tmp_path: Path) -> None:
    scenario = quick_world(tmp_path)
    half, none, whole = (strengthened(MORE_WORK, strength) for strength in (0.5, 0.0, 1.0))
    assert [patch.plus for patch in half.changes] == [0.5, None]
    assert half.changes[1].times == pytest.approx(1.4**0.5)

    def figures(lever: Lever) -> tuple[int, float]:
        world = Alternative("tried", (lever,)).applied(scenario).world
        return world.offices["lys-central"].staff, world.procedures["way"].stages["doing"].work.seconds()[0]

    assert figures(none) == (1, 16 * 3600)
    assert figures(whole) == (2, pytest.approx(1.4 * 16 * 3600)) == figures(MORE_WORK)
    found = by_id(assumptions_of(scenario, [WIRE]))
    assert found["lever-wire"].strengths(-1.0) == {"wire": RANGES["effect"][0]}
    assert found["lever-wire"].patches(-1.0) == ()


def test_a_lever_that_only_sets_has_no_size(tmp_path: Path) -> None:
    rule = lever("rule", {"at": "world/small/demand/*/priorities", "set": {"urgent": 1}})
    assert "lever-rule" not in by_id(assumptions_of(quick_world(tmp_path), [rule]))


def test_ranges_and_names_can_be_given(tmp_path: Path) -> None:
    scenario = quick_world(tmp_path)
    (demand,) = assumptions_of(scenario, only=["demand"], ranges={"demand": (0.9, 1.1)})
    assert demand.range == (0.9, 1.1) and all(place.stated for place in demand.places)
    with pytest.raises(UsageError, match="no assumption is called 'demnd' here — did you mean 'demand'"):
        assumptions_of(scenario, only=["demnd"])
    with pytest.raises(UsageError, match="cannot be varied by 'stages' — did you mean 'stage'"):
        assumptions_of(scenario, by="stages")  # type: ignore[arg-type]


def test_what_an_alternative_brings_in_is_found_too() -> None:
    """Letters that go straight to prosecutors meet another channel."""
    meridian = load("meridian")
    direct = Alternative.of("direct-judicial-contact").applied(meridian)
    before = {place.at for found in assumptions_of(meridian, by="place") for place in found.places}
    both = {place.at for found in assumptions_of([meridian, direct], by="place") for place in found.places}
    assert before <= both
    found = assumptions_of([meridian, direct], [load_lever("direct-judicial-contact")])
    assert 10 <= len(found) <= 20
    assert sum(len(group.places) for group in found) == len(both) + 1
    # Every one of them is where it says, in one world or the other, and the moved world is still sound.
    patches = tuple(patch for group in found for patch in group.patches(1.0))
    moved = Alternative("moved", (), patches).applied(meridian)
    assert moved.applied and any(applied.places for applied in moved.applied)
