"""What a case needs of its world and of national law is said before it is played."""

from __future__ import annotations

from typing import Any

import pytest

from sim.errors import ScenarioError
from sim.model.loading import copied_data, load, with_data


def problems(change: Any) -> list[str]:
    """What is wrong with silent-harbour after a change to its data."""
    scenario = load("silent-harbour")
    data = copied_data(scenario)
    change(data)
    with pytest.raises(ScenarioError) as caught:
        with_data(scenario, data)
    return [str(problem) for problem in caught.value.problems]


def first_option(data: Any) -> Any:
    decision = next(iter(data["case", "silent-harbour"]["decisions"].values()))
    option = next(iter(decision["options"].values()))
    option["do"] = []
    return option


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ({"propose team": {"members": ["nowhere"]}}, "there is no jurisdiction 'nowhere'"),
        ({"ask": {"service": "interpol-database", "to": "cal"}}, "did you mean 'interpol-databases'?"),
        ({"ask": {"service": "interpol-databases", "to": "nowhere"}}, "there is no jurisdiction 'nowhere'"),
        ({"treat": {"person": "nobody", "as": "victim"}}, "there is no person 'nobody'"),
        ({"use": {"evidence": "nothing"}}, "there is no evidence 'nothing'"),
        (
            {"preserve": {"evidence": "statement", "channel": "contact-24-7"}},
            "is nothing that a holder can be told to keep",
        ),
        ({"feedback": {"request": "never-sent"}}, "there is no request 'never-sent'"),
    ],
)
def test_an_action_that_cannot_be_carried_out(action: dict[str, Any], words: str) -> None:
    found = problems(lambda data: first_option(data)["do"].append(action))
    assert any(words in problem for problem in found), found


def test_an_office_that_an_action_needs(tmp_path: Any) -> None:
    def change(data: Any) -> None:
        del data["world", "meridian"]["offices"]["lys-bureau"]
        first_option(data)["do"].append({"ask": {"service": "interpol-databases", "to": "cal"}})

    found = problems(change)
    assert any("R306" in problem and "'national-bureau' in 'lys'" in problem for problem in found), found


def test_an_institution_that_the_world_does_not_have() -> None:
    def change(data: Any) -> None:
        del data["world", "meridian"]["offices"]["interpol"]
        first_option(data)["do"].append({"ask": {"service": "interpol-red-notice", "to": "cal"}})

    assert any("needs the office 'interpol'" in problem for problem in problems(change))


def test_a_limit_that_the_law_does_not_give() -> None:
    def change(data: Any) -> None:
        data["case", "silent-harbour"]["deadlines"]["detention-hearing"]["due"] = "detention limit"
        del data["jurisdiction", "lys"]["detention limit"]

    assert any("R309" in problem and "no detention limit" in problem for problem in problems(change))


def test_states_in_circumstances_and_events_exist() -> None:
    def change(data: Any) -> None:
        case = data["case", "silent-harbour"]
        next(iter(case["endings"].values()))["if"] = {"trust": {"nowhere": 0.5}, "team": ["nobody"]}
        next(iter(case["injects"].values()))["trust"] = {"elsewhere": -0.1}
        next(iter(case["injects"].values()))["closes"] = {"pigeon-post": "3 days"}

    found = "\n".join(problems(change))
    for word in ("nowhere", "nobody", "elsewhere"):
        assert f"there is no jurisdiction {word!r}" in found or "pigeon-post" in found


def test_a_lever_can_put_an_entry_into_a_list() -> None:
    from sim.errors import UsageError
    from sim.model.world import Lever
    from sim.policy.experiments.levers import apply

    def lever(**change: Any) -> Lever:
        return Lever.model_validate(
            {
                "kind": "lever",
                "id": "test",
                "title": "T",
                "question": "T",
                "changes": [change],
                "evidence for": "T",
                "evidence of limits": "T",
                "origin": "assumption: made for this test",
            }
        )

    world = load("meridian")
    at = "jurisdiction/cal/channels"
    last = apply(world, [lever(at=at, append="ordinary-email")]).jurisdictions["cal"].channels
    first = apply(world, [lever(at=at, prepend="ordinary-email")]).jurisdictions["cal"].channels
    assert last[-1] == first[0] == "ordinary-email" and len(last) == len(first)
    again = apply(world, [lever(at=at, append="interpol")]).jurisdictions["cal"].channels
    assert again == world.jurisdictions["cal"].channels, "what is there already is not doubled"
    with pytest.raises(UsageError, match="no list"):
        apply(world, [lever(at="jurisdiction/cal/title", append="x")])
    with pytest.raises(UsageError, match="nothing there"):
        apply(world, [lever(at="jurisdiction/xyz/title", set="x")])
    assert apply(world, [lever(at="jurisdiction/xyz/title", set="x", **{"where present": True})]).hash == world.hash


@pytest.mark.parametrize(
    ("cites", "words"),
    [
        ("eio 19(9)", "EIO has no article '19(9)' here"),
        ("eioo 19(1)", "there is no instrument 'eioo' (hint: did you mean 'eio'?)"),
        ("untoc", "UNTOC has no article ''"),
    ],
)
@pytest.mark.parametrize("key", ["cites", "breaks"])
def test_a_citation_that_leads_nowhere(cites: str, words: str, key: str) -> None:
    found = problems(lambda data: first_option(data).update({key: [cites]}))
    assert any(words in problem for problem in found), found


def test_a_guide_may_name_people_of_the_case_and_nobody_else() -> None:
    def change(data: Any) -> None:
        data["case", "silent-harbour"]["decisions"]["care"]["guide"] = "Ask {somebody} first."

    found = problems(change)
    assert any("R301" in problem and "{somebody} stands for nothing here" in problem for problem in found), found
    scenario = load("silent-harbour")
    data = copied_data(scenario)
    case = data["case", "silent-harbour"]
    case["people"]["deckhand"]["gender"] = "male"
    case["decisions"]["care"]["guide"] = "Ask {deckhand} first."
    assert with_data(scenario, data).case is not None
