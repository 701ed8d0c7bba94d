"""The lawyers' questions in answers/ and definitions/: facts, the answer expected, the article it must cite.

Every article named must stand in the reason of the very answer expected, not just anywhere in the explanation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from ruamel.yaml import YAML

from sim.law import Explanation, Reason, elements, explain, provision, why_not
from sim.model.durations import DAY, HOUR
from sim.model.grounds import Ground
from sim.model.loading import Scenario, load

HERE = Path(__file__).parent


def _questions(folder: str) -> list[Any]:
    found = []
    for path in sorted((HERE / folder).glob("*.yaml")):
        for number, entry in enumerate(YAML(typ="safe", pure=True).load(path.read_text("utf-8")), start=1):
            found.append(pytest.param(entry, id=f"{path.stem}-{number}: {entry['question']}"))
    return found


_world = cache(load)
"""A shipped world, loaded once for all questions about it."""

QUESTIONS, DEFINITIONS = _questions("answers"), _questions("definitions")


_world = cache(load)
"""A shipped world, read once: answers do not change it."""


@pytest.mark.parametrize("entry", QUESTIONS)
def test_question(shores: Scenario, entry: dict[str, Any]) -> None:
    world = _world(entry["world"]) if "world" in entry else shores
    facts = {
        "requesting" if key == "from" else "requested" if key == "to" else key: v for key, v in entry["facts"].items()
    }
    facts = {key.replace(" ", "_"): value for key, value in facts.items()}
    if "why not" in entry["expected"]:
        reason = why_not(world, entry["why not"], **facts)
        assert entry["expected"]["why not"] in "\n".join(node.text for node in reason.walk()), reason
        assert "article" not in entry or entry["article"] in reason.references(), reason
        return
    answer = explain(world, **facts)
    reasons = list(_reasons(answer, dict(entry["expected"])))
    if "article" in entry:
        provision(world, entry["article"])
        assert any(entry["article"] in reason.references() for reason in reasons), answer
    if "not article" in entry:
        provision(world, entry["not article"])
        assert not any(entry["not article"] in reason.references() for reason in reasons), answer


@pytest.mark.parametrize("entry", DEFINITIONS)
def test_definition(shores: Scenario, entry: dict[str, Any]) -> None:
    answer = elements(shores, set(entry["facts"]), entry.get("age"))
    assert {"complete": answer.complete, "missing": list(answer.missing)} == entry["expected"], answer
    assert entry["article"] in answer.reason.references(), answer
    assert str(answer).startswith("The facts show" if answer.complete else "The facts do not show")


def _reasons(answer: Explanation, expected: dict[str, Any]) -> Iterator[Reason]:
    """The reasons of the answers expected; fails where an answer is another."""
    found: Any = None
    for key in list(expected):
        if key not in _CHECKS:
            continue
        found, reasons = _CHECKS[key](answer, expected.pop(key))
        yield from reasons
    for key, attribute in _ATTRIBUTES:
        if key in expected:
            value = getattr(found, attribute)
            assert (list(value) if isinstance(value, tuple) else value) == expected.pop(key), answer
    assert not expected, f"the test does not understand {expected}"


_ATTRIBUTES = (
    ("mandatory", "mandatory"),
    ("compelled by", "compelled_by"),
    ("consult first", "consult_first"),
    ("insisted", "insisted"),
    ("at least", "at_least"),
    ("strength", "strength"),
    ("unless assured", "unless_assured"),
    ("assurances", "assurances"),
)
"""Keys of what is expected that are attributes of the answer found."""

Checked = tuple[Any, list[Reason]]


def _bases(answer: Explanation, ids: list[str]) -> Checked:
    assert [basis.id for basis in answer.bases] == ids
    return None, [basis.reason for basis in answer.bases]


def _basis(answer: Explanation, id_: str) -> Checked:
    assert answer.basis is not None and answer.basis.id == id_ and answer.basis.applies
    return answer.basis, [answer.basis.reason]


def _no_basis(answer: Explanation, id_: str) -> Checked:
    assert answer.basis is not None and answer.basis.id == id_ and not answer.basis.applies
    return answer.basis, [answer.basis.reason]


def _channel(answer: Explanation, channels: dict[str, str]) -> Checked:
    ((id_, when),) = channels.items()
    found = next(channel for channel in answer.channels if channel.channel == id_)
    assert found.open is (when != "closed") and (not found.open or found.when == when), found
    return found, [found.reason]


def _no_channel(answer: Explanation, id_: str) -> Checked:
    assert id_ not in [channel.channel for channel in answer.channels]
    return None, []


def _languages(answer: Explanation, languages: list[str]) -> Checked:
    assert answer.language is not None and list(answer.language.languages) == languages
    return answer.language, [answer.language.reason]


def _translate(answer: Explanation, into: str) -> Checked:
    assert answer.language is not None
    assert (answer.language.translate_into or "nothing") == into
    assert answer.language.translation_needed is (into != "nothing")
    return answer.language, [answer.language.reason]


def _deadline(answer: Explanation, limits: dict[str, Any]) -> Checked:
    """A limit in days by its step, or by ``step from start`` where several have one step."""
    ((name, days),) = limits.items()
    step, _, start = name.partition(" from ")
    found = [d for d in answer.deadlines if d.step == step and start in ("", d.counted_from)]
    assert found and found[0].days == (None if days == "as soon as possible" else days)
    return found[0], [deadline.reason for deadline in found]


def _urgent(answer: Explanation, limits: dict[str, int]) -> Checked:
    """A limit in urgent cases, in hours."""
    ((step, hours),) = limits.items()
    found = [d for d in answer.deadlines if d.step == step and d.urgent_within is not None]
    assert [d.urgent_within.seconds(DAY)[0] for d in found if d.urgent_within] == [hours * HOUR], answer
    return found[0], [found[0].reason]


def _no_deadline(answer: Explanation, step: str) -> Checked:
    assert step not in [deadline.step for deadline in answer.deadlines], answer
    return None, []


def _no_ground(answer: Explanation, name: str) -> Checked:
    assert name not in [ground.ground for ground in answer.grounds], answer
    return None, []


def _no_duty(answer: Explanation, name: str) -> Checked:
    assert name not in [duty.duty for duty in answer.duties], answer
    return None, []


def _no_content(answer: Explanation, name: str) -> Checked:
    assert name not in [item.item for item in answer.contents], answer
    return None, []


def _not_among(answer: Explanation, id_: str) -> Checked:
    assert id_ not in [basis.id for basis in answer.bases], answer
    return None, []


def _ground(answer: Explanation, grounds: dict[str, str]) -> Checked:
    """How far a ground is open; ``death-penalty of echr`` where several instruments have it."""
    ((named, availability),) = grounds.items()
    name, _, of = named.partition(" of ")
    found = [ground for ground in answer.grounds if ground.ground == name]
    if of:
        found = [ground for ground in found if ground.reason.reference.partition(" ")[0] == of]
    assert found and found[0].availability == availability, answer
    # Several provisions may know one ground, each with its own answer.
    return found[0], [ground.reason for ground in found if ground.availability == availability]


def _duty(answer: Explanation, duties: dict[str, str]) -> Checked:
    ((name, on),) = duties.items()
    found = [duty for duty in answer.duties if duty.duty == name and duty.on == on]
    assert found, answer
    return found[0], [duty.reason for duty in found]


def _permission(answer: Explanation, permissions: dict[str, str]) -> Checked:
    ((name, how),) = permissions.items()
    found = [p for p in answer.permissions if p.allows == name and p.agreed_only is (how == "if both agree")]
    assert found, answer
    return found[0], [permission.reason for permission in found]


def _content(answer: Explanation, items: dict[str, str]) -> Checked:
    ((name, needed),) = items.items()
    found = next(item for item in answer.contents if item.item == name)
    assert found.needed == needed
    return found, [found.reason]


def _postponement(answer: Explanation, ground: str) -> Checked:
    found = next(postponement for postponement in answer.postponements if postponement.ground == ground)
    return found, [found.reason]


def _transfer(answer: Explanation, grounds: dict[str, str]) -> Checked:
    ((name, openness),) = grounds.items()
    found = next(transfer for transfer in answer.data_transfers if transfer.ground == name)
    assert found.openness == openness, answer
    return found, [found.reason]


def _no_transfer(answer: Explanation, nothing: bool) -> Checked:
    assert nothing and answer.data_transfers == (), answer
    return None, []


def _change(answer: Explanation, changes: dict[str, Any]) -> Checked:
    ((instrument, day),) = changes.items()
    found = [change for change in answer.changes if change.instrument == instrument]
    assert [change.day for change in found] == ([] if day == "none" else [day]), answer
    return None, [change.reason for change in found]


def _together(answer: Explanation, ids: dict[str, list[str]]) -> Checked:
    """Bases that are one: shown once, the later with what it amends or supplements."""
    ((id_, others),) = ids.items()
    found = next(basis for basis in answer.bases if basis.id == id_)
    assert [other.id for other in found.read_with] == others, answer
    assert "modelling choice" not in "".join(
        node.text for node in found.reason.walk() if any(other.short in node.text for other in found.read_with)
    )
    return found, [found.reason]


def _in_short(answer: Explanation, words: str) -> Checked:
    assert words in str(answer.in_short), answer.in_short
    return None, [answer.in_short]


def _line(answer: Explanation, words: str) -> Checked:
    """A line that the page has, and has once; its reasons are those of the line."""
    found = [node for branch in answer.reason.children for node in branch.children if words in node.text]
    assert len(found) == 1, answer
    return None, found


def _no_line(answer: Explanation, words: str) -> Checked:
    assert not any(words in node.text for node in answer.reason.walk()), answer
    return None, []


def _standard(answer: Explanation, standard: str) -> Checked:
    """What the facts must show by the law of the requested State; ``none``: no more than in any request."""
    assert (answer.to_dict()["standard of proof"] or "none") == standard, answer
    found = [answer.standard_of_proof] if answer.standard_of_proof else []
    assert all(str(reason.words) in str(answer.in_short) for reason in found), answer.in_short
    return None, found


_CHECKS: dict[str, Any] = {
    "bases": _bases,
    "basis": _basis,
    "no basis": _no_basis,
    "channel": _channel,
    "no channel": _no_channel,
    "languages": _languages,
    "translate into": _translate,
    "deadline": _deadline,
    "ground": _ground,
    "urgent": _urgent,
    "no deadline": _no_deadline,
    "no ground": _no_ground,
    "no duty": _no_duty,
    "no content": _no_content,
    "not among the bases": _not_among,
    "duty": _duty,
    "permission": _permission,
    "content": _content,
    "postponement": _postponement,
    "transfer": _transfer,
    "no ground of transfer needed": _no_transfer,
    "change": _change,
    "together": _together,
    "in short": _in_short,
    "line": _line,
    "no line": _no_line,
    "standard of proof": _standard,
}


def test_every_paragraph_of_article_18_is_asked_about() -> None:
    cited = " ".join(param.values[0].get("article", "") for param in QUESTIONS)
    asked = {int(number) for number in re.findall(r"untoc 18\((\d+)\)", cited)}
    assert asked == set(range(1, 31))


def test_every_ground_is_asked_about() -> None:
    named = {ground for param in QUESTIONS for ground in param.values[0]["expected"].get("ground", {})}
    asked = {ground.partition(" of ")[0] for ground in named}
    assert asked == set(get_args(Ground))
