"""What is said to be played of the law is played there; for the rest it is said that it is not."""

from __future__ import annotations

from typing import Any, get_args

import pytest

import sim
from sim.case.action_functions import check_functions
from sim.case.run import CaseRun  # noqa: F401 (its functions)
from sim.case.trust import CONDUCT
from sim.law.roles import roles_of
from sim.model import played
from sim.model.action_kinds import ACTIONS
from sim.model.behaviour import TOPICS
from sim.model.duties import DutyName, PermissionName
from sim.model.events import EVENTS
from sim.model.figures import names_in
from sim.model.grounds import Ground
from sim.model.instrument import Instrument, Provision
from sim.model.jurisdiction import Jurisdiction
from sim.model.library import Library, shipped_folder
from sim.model.played import Place
from sim.model.procedure import Procedure
from sim.model.roles import Role
from sim.model.rules import DutyRule, PermissionRule
from sim.record.country_sheet import country_sheet

TABLES = {"duty": played.DUTIES, "permission": played.PERMISSIONS, "ground": played.GROUNDS}
CLAIMS = [(of, name, place) for of, table in TABLES.items() for name, places in table.items() for place in places]


@pytest.fixture(scope="module")
def library() -> Library:
    return Library((shipped_folder(),))


def test_every_duty_permission_and_ground_says_whether_it_is_played() -> None:
    assert set(played.DUTIES) == set(get_args(DutyName))
    assert set(played.PERMISSIONS) == set(get_args(PermissionName))
    assert set(played.GROUNDS) == set(get_args(Ground))


def is_there(place: Place, library: Library) -> bool:
    """Whether what a place names exists, and something does it."""
    if place.kind == "action":
        check_functions()
        return place.name in ACTIONS
    if place.kind == "conduct":
        return place.name in CONDUCT and place.name in names_in(TOPICS["trust"])
    if place.kind == "event":
        return place.name in EVENTS
    if place.kind == "practice":
        return place.name.replace(" ", "_") in Jurisdiction.model_fields
    first, _, rest = place.name.partition("/")
    if place.kind == "figure":
        return first in TOPICS and rest in names_in(TOPICS[first])
    record: Any = library.get("procedure", first)
    if place.kind == "chance":
        branches = [branch for stage in record.stages.values() for branch in stage.then]
        return rest in record.chances and rest in {branch.chance for branch in branches}
    return place.kind == "procedure" and isinstance(record, Procedure)


@pytest.mark.parametrize(("of", "name", "place"), CLAIMS, ids=lambda value: str(getattr(value, "name", value)))
def test_every_place_named_is_there(of: str, name: str, place: Place, library: Library) -> None:
    assert is_there(place, library), f"{of} {name}: {place}"


@pytest.mark.parametrize(
    "written",
    ["action usee", "conduct kindness", "event rain", "figure people/age", "chance surrender/rain", "house x"],
)
def test_a_place_that_is_not_there_is_found(written: str, library: Library) -> None:
    assert not is_there(Place.of(written), library)


def test_actions_and_conduct_are_held_against_a_role_that_the_duty_plays(library: Library) -> None:
    """An action or conduct claimed for a duty or permission is held against a provision that can be one of them."""
    playing: dict[tuple[str, str], set[Role]] = {}
    for id_ in library.ids("instrument"):
        record = library.get("instrument", id_)
        assert isinstance(record, Instrument)
        for provision in record.provisions:
            playing.setdefault(_what(provision), set()).update(roles_of(provision))
    # A step can serve another beside its own role: an assurance holds to speciality, a letter goes by INTERPOL.
    beside = {
        ("duty", "consult-before-refusal"): {"reasons"},
        ("duty", "inform"): {"victim-assistance"},
        ("duty", "speciality"): {"conditions"},
        ("duty", "protect-witness"): {"victim-assistance"},
        ("duty", "immunity"): {"voluntary-appearance"},
        ("duty", "safe-conduct"): {"voluntary-appearance"},
        ("duty", "risk-assessment"): {"victim-assistance"},
        ("duty", "legal-counsel"): {"victim-assistance"},
        ("duty", "guardian"): {"victim-assistance"},
        ("duty", "data-protection"): {"assistance"},
        ("duty", "careful-interviews"): {"victim-needs"},
        ("permission", "interpol"): {"contents"},
        ("permission", "oral-request"): {"oral-confirmation"},
        ("permission", "relocation"): {"victim-assistance"},
        ("permission", "use-as-evidence-by-consent"): {"use-limitation"},
        ("permission", "conditional-surrender"): {"conditions"},
        ("permission", "recorded-interview"): {"victim-needs"},
    }
    for of, name, place in CLAIMS:
        if of == "ground" or place.kind not in ("action", "conduct"):
            continue
        asks = ACTIONS[place.name].asks if place.kind == "action" else CONDUCT[place.name]
        allowed = playing.get((of, name), set()) | beside.get((of, name), set())
        assert asks in allowed, f"{of} {name}: {place.kind} {place.name} is held against {asks}, not {sorted(allowed)}"


def _what(provision: Provision) -> tuple[str, str]:
    rule = provision.rule.content_of
    if isinstance(rule, DutyRule):
        return "duty", rule.duty
    return ("permission", rule.allows) if isinstance(rule, PermissionRule) else ("", "")


def test_readers_are_told_in_one_line_what_is_not_played() -> None:
    world = sim.load("meridian")
    answer = sim.explain(world, requesting="tar", requested="nor", measure="bank-records", instrument="untoc")
    lines = [line for line in str(answer).splitlines() if "the simulation does not play" in line]
    assert len(lines) == 1
    assert "bear the ordinary costs" in lines[0] and "presence of officials" not in lines[0]
    assert "confidential" not in lines[0], "which is played"
    assert "costs" in answer.to_dict()["not played"]  # type: ignore[operator]
    sheet = country_sheet(world, "nor")
    told = [line for section in sheet.sections for line in section.lines if "not played" in str(line.label)]
    assert len(told) == 1 and "train" not in str(told[0].value) and "strengthen border controls" in str(told[0].value)
