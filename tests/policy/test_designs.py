"""Designs: effects of known models come out, aliases are true, infeasible combinations are said."""

from __future__ import annotations

import itertools
import random

import pytest
from typer.testing import CliRunner

import sim
from sim.cli import app
from sim.errors import UsageError
from sim.policy.experiments.designs import Design, Factor, design
from sim.policy.experiments.experiment import BASELINE, Observation, Results, run_experiment
from sim.policy.experiments.warm_up import WarmUp
from tests.policy.experiments import MEAN, STAFF, desk
from tests.policy.test_levers import lever

WORLD = "queue-mm1"
EVERY = "world/queue-mm1/demand/requests/every*0.8"
CAPACITY = "world/queue-mm1/working capacity"


def levers(count: int) -> list:  # type: ignore[type-arg]
    """Levers that change a title each, so that any combination can be tried."""
    return [
        lever({"at": "world/queue-mm1/offices/desk/staff", "plus": number + 1}, id="abcdefghijklmnop"[number])
        for number in range(count)
    ]


def answered(made: Design, truth, replications: int = 5) -> Results:  # type: ignore[no-untyped-def]
    """Results of a model: what each alternative comes to by the names of its levers, plus the same luck for all."""
    results = Results(made.experiment(years=0.01))
    for name in results.experiment.names:
        pulled = frozenset() if name == BASELINE else frozenset(name.split(" + "))
        for replication in range(replications):
            luck = random.Random(replication).gauss(0, 50)
            results.add(Observation(name, replication, {MEAN: truth(pulled) + luck}, "00" * 32))
    return results


def model(pulled: frozenset[str]) -> float:
    return 100 - 10 * ("a" in pulled) - 4 * ("b" in pulled) + 6 * ("a" in pulled and "b" in pulled) + ("c" in pulled)


def test_a_full_design_tells_effects_and_interactions() -> None:
    made = design(WORLD, levers(3))
    assert len(made.points) == 8 and len(made.alternatives) == 7 and made.points[0].alternative == BASELINE
    effects = {effect.name: effect for effect in made.effects(answered(made, model), MEAN)}
    found = {name: effect.estimate.mean for name, effect in effects.items()}
    # The effect of a is -10 without b and -4 with it.
    assert found == pytest.approx({"a": -7, "b": -1, "c": 1, "a × b": 3, "a × c": 0, "b × c": 0}, abs=1e-9)
    assert effects["a"].clear and not effects["a × c"].clear
    assert effects["a"].estimate.half_width < 1e-9, "the same luck is taken out"


def test_one_at_a_time_sees_no_interaction() -> None:
    made = design(WORLD, levers(3), "one at a time")
    assert len(made.points) == 4
    found = {effect.name: effect.estimate.mean for effect in made.effects(answered(made, model), MEAN)}
    assert found == pytest.approx({"a": -10, "b": -4, "c": 1})


@pytest.mark.parametrize(("count", "resolution", "runs"), [(3, 3, 4), (7, 3, 8), (4, 4, 8), (8, 4, 16), (3, 4, 8)])
def test_fractions_say_what_stands_for_what(count: int, resolution: int, runs: int) -> None:
    """Each alias really has the same signs, each effect without one is told apart, columns are balanced and
    orthogonal, and a fraction of resolution IV keeps main effects apart from interactions of two."""
    pytest.importorskip("scipy")
    made = design(WORLD, levers(count), "fractional", resolution=resolution)  # type: ignore[arg-type]
    assert len(made.points) == len({point.levels for point in made.points}) == runs
    signs = [[2 * point.levels[place] - 1 for point in made.points] for place in range(count)]
    for one, other in itertools.combinations(signs, 2):
        assert sum(one) == sum(other) == sum(a * b for a, b in zip(one, other, strict=True)) == 0
    names = [factor.name for factor in made.factors]

    def column(words: str) -> list[int]:
        places = [names.index(name) for name in words.removeprefix("minus ").split(" × ")]
        product = [1] * runs
        for place in places:
            product = [a * b for a, b in zip(product, signs[place], strict=True)]
        return [-value for value in product] if words.startswith("minus ") else product

    told = [column(contrast.name) for contrast in made.contrasts]
    for contrast, own in zip(made.contrasts, told, strict=True):
        assert all(column(alias) == own for alias in contrast.aliases)
        if resolution == 4 and "×" not in contrast.name:
            assert not contrast.aliases
    for one, other in itertools.combinations(told, 2):
        assert sum(a * b for a, b in zip(one, other, strict=True)) == 0
    everything = [name for contrast in made.contrasts for name in (contrast.name, *contrast.aliases)]
    assert len(everything) == count + count * (count - 1) // 2


def test_a_fraction_tells_main_effects() -> None:
    pytest.importorskip("scipy")
    made = design(WORLD, levers(4), "fractional")
    found = {effect.name: effect for effect in made.effects(answered(made, model), MEAN)}
    assert found["a"].estimate.mean == pytest.approx(-7) and found["b"].estimate.mean == pytest.approx(-1)
    assert found["a × b"].estimate.mean == pytest.approx(3) and found["a × b"].aliases == ("c × d",)
    third = design(WORLD, levers(3), "fractional", resolution=3)
    mixed = {effect.name: effect for effect in third.effects(answered(third, model), MEAN)}
    assert mixed["c"].aliases in (("a × b",), ("minus a × b",))
    assert mixed["c"].estimate.mean == pytest.approx(1 + 3 if mixed["c"].aliases == ("a × b",) else 1 - 3)


def test_settings_with_values() -> None:
    factor = Factor.of(f"{STAFF}=1|2|3")
    assert factor.name == STAFF and [level.name for level in factor.levels] == [f"{STAFF}={n}" for n in (1, 2, 3)]
    kept = Factor.of(f"{STAFF}+ as it is | 1")
    assert [level.name for level in kept.levels] == [BASELINE, f"{STAFF}+1"]
    assert len(Factor.of(f"{STAFF}+1").levels) == 2
    made = design(WORLD, [f"{STAFF}=1|2|3", EVERY])
    assert len(made.points) == 6 and BASELINE not in [point.alternative for point in made.points]
    assert [contrast.name for contrast in made.contrasts] == [
        f"{STAFF}=2 against =1",
        f"{STAFF}=3 against =1",
        EVERY,
        f"{STAFF}=2 against =1 × {EVERY}",
        f"{STAFF}=3 against =1 × {EVERY}",
    ]
    for bad in (f"{STAFF}=1||2", f"{STAFF}=1|1", "a|b", f"{STAFF}=1|many"):
        with pytest.raises(UsageError):
            Factor.of(bad)


def test_combinations_in_conflict_are_listed_and_effects_compare_like_with_like() -> None:
    a, b, c = levers(3)
    rival = lever({"at": "world/queue-mm1/offices/desk/staff", "set": 5}, id="d")
    made = design(WORLD, [b, rival, c])
    assert {point.alternative for point in made.infeasible} == {"b + d", "d + c", "b + d + c"}
    assert "both change" in made.infeasible[0].infeasible
    truth = answered(made, lambda pulled: 20 * ("d" in pulled) - 4 * ("b" in pulled) + ("c" in pulled))
    found = {effect.name: effect.estimate.mean for effect in made.effects(truth, MEAN)}
    assert found == pytest.approx({"b": -4, "d": 20, "c": 1, "b × c": 0}, abs=1e-9)
    single = design(WORLD, [a, f"{STAFF}=0"], "one at a time")
    assert [point.alternative for point in single.infeasible] == [f"{STAFF}=0"] and len(single.contrasts) == 1
    pytest.importorskip("scipy")
    with pytest.raises(UsageError, match="a fraction needs every combination"):
        design(WORLD, [b, rival], "fractional")


def test_the_engine_answers_a_design() -> None:
    made = design(sim.load(WORLD), [f"{STAFF}+1", EVERY])
    results = run_experiment(made.experiment(years=0.03), 4)
    effects = {effect.name: effect.estimate for effect in made.effects(results, MEAN)}
    assert effects[f"{STAFF}+1"].high < 0 < effects[EVERY].mean
    assert effects[f"{STAFF}+1 × {EVERY}"].mean < 0, "more staff helps the more, the busier it is"


def test_refusals() -> None:
    with pytest.raises(UsageError, match="each of them once"):
        design(WORLD, [])
    with pytest.raises(UsageError, match="each of them once"):
        design(WORLD, [f"{STAFF}+1", f"{STAFF}+1"])
    with pytest.raises(UsageError, match="is no design"):
        design(WORLD, [f"{STAFF}+1"], "half")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="too many"):
        design(WORLD, levers(11))
    with pytest.raises(UsageError, match="nothing can be tried"):
        design(WORLD, [f"{STAFF}=0"])
    pytest.importorskip("scipy")
    with pytest.raises(UsageError, match="two levels"):
        design(WORLD, [f"{STAFF}=1|2|3"], "fractional")


def test_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["design", WORLD, "--factor", f"{STAFF}=1|2", "--factor", EVERY, "--processes", "1", "--years", "0.02"]
    planned = CliRunner().invoke(app, [*words, "--plan"])
    assert planned.exit_code == 0 and "4 combinations" in planned.output and "sha256" not in planned.output
    ran = CliRunner().invoke(app, [*words, "--replications", "3", "--of", "mean days", "--of", "busy, desk"])
    assert ran.exit_code == 0, ran.output
    assert "Effects on mean days" in ran.output and "Effects on busy, desk" in ran.output and "sha256" in ran.output
    own = WarmUp(0.005, {BASELINE: 0.005}, 5, 1.0)
    monkeypatch.setattr("sim.policy.questions.find_warm_up", lambda experiment, **_more: own)
    settled = CliRunner().invoke(app, [*words, "--replications", "3", "--warm-up", "found"])
    given = CliRunner().invoke(app, [*words, "--replications", "3", "--warm-up", "0.005"])
    assert settled.exit_code == 0 and "found by MSER-5" in settled.output
    assert settled.output[-66:] == given.output[-66:] != ran.output[-66:], "the hash"
    best = CliRunner().invoke(app, [*words, "--best", "mean days", "--indifference", "0.01"])
    assert best.exit_code == 0 and f"best by mean duration (less is better): {STAFF}=2" in " ".join(best.output.split())
    assert desk().names[0] == BASELINE
