"""Worlds with the same law share what compiling asked about it, and no others do."""

from __future__ import annotations

import pytest

from sim.engine import compile as compiling
from sim.engine.compile import compile_world
from sim.errors import UsageError
from sim.law.read import law_of
from sim.model.loading import Scenario, available, load
from sim.policy.experiments.alternatives import Alternative
from sim.policy.sensitivity.assumptions import assumptions_of

WORLD = "archipelago"


def anew(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, ...], frozenset[str]]:
    """Grounds for refusal, asked for as if nothing had been asked before."""
    with monkeypatch.context() as patched:
        patched.setattr(compiling, "_refusable", {})
        return dict(compile_world(scenario).refusable)


def shared(scenario: Scenario) -> dict[tuple[str, ...], frozenset[str]]:
    return dict(compile_world(scenario).refusable)


@pytest.mark.parametrize("lever", available("lever"))
@pytest.mark.slow
def test_a_lever_leaves_the_law_alone_or_has_it_asked_anew(lever: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world = load(WORLD)
    try:
        changed = Alternative.of(lever).applied(world)
    except UsageError:
        pytest.skip("it finds nothing to change here")
    shared(world)
    found, expected = shared(changed), anew(changed, monkeypatch)
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize("level", [-1.0, 1.0])
def test_no_assumption_about_times_and_staff_changes_the_law(level: float, monkeypatch: pytest.MonkeyPatch) -> None:
    world = load(WORLD)
    patches = tuple(patch for one in assumptions_of(world, by="world") for patch in one.patches(level))
    changed = Alternative("other", (), patches).applied(world)
    assert changed.hash != world.hash and law_of(changed) == law_of(world)
    assert shared(changed) == shared(world), "nothing is asked anew"
    expected = anew(changed, monkeypatch)
    assert {key: shared(changed)[key] for key in expected} == expected


@pytest.mark.parametrize(
    "setting",
    ["jurisdiction/lio/dual criminality", "jurisdiction/lio/instruments", "world/archipelago/starts"],
)
def test_what_the_law_reads_tells_laws_apart(setting: str) -> None:
    from sim.model.loading import with_data

    world = load(WORLD)
    kind, id_, field = setting.split("/")
    data = dict(world.data[kind, id_])  # type: ignore[arg-type]  # a file is a mapping
    data[field] = {"dual criminality": "waived for trafficking", "instruments": ["untoc"], "starts": "2031-01-06"}[
        field
    ]
    assert law_of(with_data(world, {(kind, id_): data}, world.levers, world.applied)) != law_of(world)
