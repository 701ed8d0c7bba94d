"""What a conclusion hangs on: SALib through the same path as a simulation, flips where they are known to be."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sim.errors import SimulationError, UsageError
from sim.model.measures import Key
from sim.policy.answers.conclusions import Sensitivity, examine, runs_needed
from sim.policy.experiments import experiment as experiments
from sim.policy.experiments.experiment import Experiment, Job, Observation
from sim.policy.experiments.plans import unpacked
from sim.policy.sensitivity.assumptions import Assumption, assumptions_of
from sim.policy.sensitivity.parameter_sites import Place
from sim.policy.sensitivity.sensitivity import decomposed, flips_of, screened, settings_needed, tornado
from sim.policy.sensitivity.simulated_answer import Answer, Levels, SimulatedAnswer
from sim.record.statistics import Interval
from tests.policy.policy_world import MORE_WORK, WIRE, quick_world

MEAN = Key("mean days")


def said(found: Sensitivity) -> list[str]:
    """Its sentences as people read them."""
    return [str(words) for words in found.sentences]


def three(low: float = 0.5, high: float = 2.0) -> list[Assumption]:
    return [
        Assumption(name, f"the {name}", (Place(f"a/b/{name}", "duration", 1.0, "a test", low, high, False),))
        for name in ("first", "second", "third")
    ]


def of(function: Callable[[Levels], float], half_width: float = 0.0) -> Answer:
    return lambda settings: [Interval(function(levels), half_width, 0.95, 9) for levels in settings]


def ishigami(levels: Levels) -> float:
    """Ishigami and Homma 1990, with a = 7 and b = 0.1; its indices are known in closed form."""
    x, y, z = (math.pi * level for level in levels)
    return math.sin(x) + 7 * math.sin(y) ** 2 + 0.1 * z**4 * math.sin(x)


def known_indices() -> dict[str, tuple[float, float]]:
    """First and total order of the Ishigami function (Saltelli et al. 2008, Global Sensitivity Analysis, 4.9)."""
    a, b, pi4 = 7.0, 0.1, math.pi**4
    first = 0.5 * (1 + b * pi4 / 5) ** 2
    second = a**2 / 8
    both = b**2 * pi4**2 * (1 / 18 - 1 / 50)
    variance = first + second + both
    return {
        "first": (first / variance, (first + both) / variance),
        "second": (second / variance, second / variance),
        "third": (0.0, both / variance),
    }


def test_sobol_finds_the_known_indices_of_ishigami() -> None:
    known = known_indices()
    found = decomposed(three(), of(ishigami), samples=2048, seed=3)
    for index in found:
        first, total = known[index.assumption]
        assert index.first == pytest.approx(first, abs=0.03)
        assert index.total == pytest.approx(total, abs=0.03)
        assert abs(index.first - first) <= 2 * index.first_half_width
    assert [index.assumption for index in found] == ["first", "second", "third"]


def test_morris_finds_the_effects_of_a_line_and_of_a_product() -> None:
    line = screened(three(), of(lambda x: 3 * x[0] - x[1]), seed=2)
    assert [(e.assumption, e.spread) for e in line] == [
        (n, pytest.approx(0, abs=1e-9)) for n in ("first", "second", "third")
    ]
    assert [e.mean for e in line] == [pytest.approx(6), pytest.approx(-2), pytest.approx(0)]
    together = {e.assumption: e for e in screened(three(), of(lambda x: x[0] * x[1]), seed=2)}
    assert together["first"].spread > abs(together["first"].mean) and together["third"].strength == 0


def test_settings_are_as_many_as_said() -> None:
    asked: list[Levels] = []

    def answer(settings: Sequence[Levels]) -> list[Interval]:
        asked.extend(settings)
        return of(ishigami)(settings)

    for method, analysis in (
        ("tornado", lambda: tornado(three(), answer)),
        ("morris", lambda: screened(three(), answer, trajectories=5)),
        ("sobol", lambda: decomposed(three(), answer, samples=8)),
    ):
        asked.clear()
        analysis()
        assert len(asked) == settings_needed(method, 3, trajectories=5, samples=8)
        assert all(-1 <= level <= 1 for levels in asked for level in levels)


def test_a_tornado_has_the_widest_first() -> None:
    found = tornado(three(), of(lambda x: 1 + x[0] - 5 * x[1]))
    assert found.base.mean == 1
    assert [(s.assumption, s.low.mean, s.high.mean) for s in found.swings] == [
        ("second", 6, -4),
        ("first", 0, 2),
        ("third", 1, 1),
    ]


def test_a_flip_is_found_where_it_is() -> None:
    """The difference is −1 as written, and 0 two thirds of the way up. That the interval holds zero from half-way on
    flips nothing: more replications would make it narrower."""
    (flip,) = flips_of(three(), of(lambda x: -1 + 1.5 * x[1], half_width=0.25))
    assert (flip.assumption, flip.before, flip.after) == ("second", "less", "unclear")
    assert 2 / 3 <= flip.level <= 2 / 3 + 1 / 64
    assert flip.factor == pytest.approx(2.0**flip.level)
    assert flip.answer.way == "unclear"


def test_flips_are_sorted_and_may_be_on_either_side() -> None:
    found = flips_of(three(), of(lambda x: 1 - 5 * x[0] ** 2 + 1.25 * x[2]))
    assert [(flip.assumption, flip.level > 0) for flip in found] == [
        ("first", False),
        ("first", True),
        ("third", False),
    ]
    assert all(flip.after == "less" for flip in found)
    assert flips_of(three(), of(lambda x: 1 - 4 * x[0] ** 2), among=["second"]) == ()
    assert flips_of(three(), of(lambda x: -2 + x[0])) == ()


def test_what_is_not_clear_flips_where_it_becomes_so() -> None:
    unsure = of(lambda x: 0.1 + 2 * x[0], half_width=0.5)
    assert [(flip.level > 0, flip.before, flip.after) for flip in flips_of(three(), unsure)] == [
        (True, "unclear", "more"),
        (False, "unclear", "less"),
    ]
    assert flips_of(three(), unsure, conclusion="more")[0].level < 0, "more replications have said more"


def test_a_tornado_sees_what_moves_both_ways_alike() -> None:
    """A square: both ends lie on the same side of the answer as written."""
    found = tornado(three(), of(lambda x: -1 + 4 * x[0] ** 2 + 0.1 * x[1]))
    assert [(s.assumption, s.width) for s in found.swings][:2] == [("first", 4), ("second", pytest.approx(0.2))]


class Hat(SimulatedAnswer):
    """Answers out of a hat, with what `examine` asks of an answer."""

    def __init__(self, function: Callable[[Levels], float], half_width: float = 0.2) -> None:
        self.key, self.alternative, self.assumptions, self.replications = MEAN, "wire", tuple(three()), 5
        self.runs, self.failed, self._function, self._half_width = 0, [], function, half_width

    def expect(self, settings: int) -> None:
        """There is no budget."""

    def __call__(self, settings: Sequence[Levels]) -> list[Interval]:
        return of(self._function, self._half_width)(settings)


def test_every_flip_at_an_end_is_told() -> None:
    found = examine(Hat(lambda x: -1 + 4 * x[0] ** 2 + 2 * x[1] - 1.5 * x[2]), looked_at=1)
    assert found.looked_at == ("first",)
    assert {(flip.assumption, flip.level > 0) for flip in found.flips} == {
        *(("first", False), ("first", True), ("second", True), ("third", False)),
    }
    assert len([words for words in said(found) if "flips if" in words]) == 4


def test_the_conclusion_is_that_of_more_replications() -> None:
    """Five replications are not clear; a hundred have said that days fall. What flips that is another sign."""
    unsure = Hat(lambda x: -0.5 + 0.8 * x[1], half_width=2.0)
    assert "no clear change" in said(examine(unsure))[0]
    sure = examine(unsure, conclusion="less")
    assert sure.flips[0].assumption == "second" and "mean duration clearly falls" in said(sure)[0]
    other = examine(unsure, conclusion="more")
    assert not other.flips and not other.holds_here
    assert (
        "was not looked for: with 5 replications of each setting the answer as written is another" in (said(other)[0])
    )
    still = examine(Hat(lambda x: -3.0))
    assert said(still)[0].startswith("Nothing that was varied moves the answer")


def test_rough_shares_say_so() -> None:
    answer = Hat(ishigami)
    assert "These shares are rough" in " ".join(said(examine(answer, methods=("sobol",), samples=16)))
    words = " ".join(said(examine(answer, methods=("sobol",), samples=4096)))
    assert "rough" not in words and re.search(r"the first 3\d ± \d %", words)


def test_wrong_numbers_are_refused() -> None:
    with pytest.raises(UsageError, match="power of 2, not 100"):
        decomposed(three(), of(ishigami), samples=100)
    with pytest.raises(UsageError, match="at least 2 trajectories"):
        screened(three(), of(ishigami), trajectories=1)
    with pytest.raises(UsageError, match="at least two must be varied"):
        screened(three()[:1], of(lambda x: x[0]))


def test_nothing_is_due_to_anything_where_nothing_varies() -> None:
    assert {(i.first, i.total) for i in decomposed(three(), of(lambda _: 4.0), samples=4)} == {(0.0, 0.0)}


def test_without_salib_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "SALib.sample.sobol", None)
    with pytest.raises(UsageError, match=r'pip install "\.\[policy\]"'):
        decomposed(three(), of(ishigami))


def quick(folder: Path, **more: object) -> Experiment:
    return Experiment.of(quick_world(folder), [WIRE, MORE_WORK], years=0.3, seed=3, **more)  # type: ignore[arg-type]


def asked(experiment: Experiment, alternative: str = "wire", **more: object) -> SimulatedAnswer:
    levers = [WIRE, MORE_WORK]
    varied = assumptions_of(experiment.world, levers, only=("time-transmission", "effort", f"lever-{alternative}"))
    return SimulatedAnswer(experiment, MEAN, varied, alternative=alternative, replications=2, **more)  # type: ignore[arg-type]


def test_the_answer_as_written_is_that_of_the_experiment(tmp_path: Path) -> None:
    experiment = quick(tmp_path)
    (base,) = asked(experiment)([(0.0, 0.0, 0.0)])
    assert base == experiments.run_experiment(experiment, 2).difference("wire", MEAN)


def test_a_road_of_known_length_saves_what_it_must(tmp_path: Path) -> None:
    """Six days of road become six fifths: the wire saves 4.8 days, whatever the assumptions make of these numbers."""
    answer = asked(quick(tmp_path))
    names = [assumption.id for assumption in answer.assumptions]
    settings = [tuple(1.0 if name == moved else 0.0 for name in names) for moved in ("time-transmission", "lever-wire")]
    longer_road, stronger = answer(settings)
    assert longer_road.mean == pytest.approx(-4.8 * 1.4, abs=0.4)
    assert stronger.mean == pytest.approx(-6 * (1 - 0.2**1.4), abs=0.4)
    assert answer.runs == 2 * answer.runs_for_one == 8
    answer(settings)
    assert answer.runs == 8, "each setting is simulated once"


def test_the_whole_examination_in_sentences(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    answer = asked(quick(tmp_path), progress=lambda done, total: told.append((done, total)))
    found = examine(answer, methods=("morris",), trajectories=2)
    assert found.runs <= runs_needed(3, ("morris",), trajectories=2) * answer.runs_for_one
    assert told[-1][0] == found.runs <= told[-1][1]
    assert found.tornado.swings[0].assumption in ("time-transmission", "lever-wire")
    assert not found.flips
    first = said(found)[0]
    assert first.startswith("Within the ranges tried nothing flips the conclusion: mean duration clearly falls")
    assert "In Morris' screening" in " ".join(said(found))


def test_a_conclusion_that_flips_says_when(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Longer effort turns a gain of 2 days into a loss: 3 times what effort is above 1.4 at the end of its range."""

    def observe(job: Job) -> Observation:
        name, replication = job[:2]
        world = unpacked(job[-1].content).world
        effort = world.procedures["way"].stages["doing"].work.seconds()[0] / (16 * 3600)
        gain = 0.0 if "as it is" in name else -1.0 + 5.0 * (effort / 1.0 - 1.0) + 0.001 * replication
        return Observation(name, replication, {MEAN: 20.0 + gain}, "00" * 32)

    monkeypatch.setattr(experiments, "observe", observe)
    found = examine(asked(quick(tmp_path)))
    (flip, *others) = found.flips
    assert not others and flip.assumption == "effort" and flip.before == "less"
    assert flip.factor == pytest.approx(1.2, abs=0.01)
    assert said(found)[0].startswith(
        "The conclusion (mean duration clearly falls, −1.01 to −0.99) flips if effort of every"
    )
    assert "1.20 times as assumed" in said(found)[0]


def test_any_executor_gives_the_same(tmp_path: Path) -> None:
    settings = [(0.0, 1.0, 0.0), (-1.0, 0.0, 1.0)]
    with ThreadPoolExecutor(2) as pool:
        assert asked(quick(tmp_path), executor=pool)(settings) == asked(quick(tmp_path))(settings)


def test_a_lever_introduced_over_time_can_be_examined(tmp_path: Path) -> None:
    (found,) = asked(quick(tmp_path, roll_out=True))([(0.0, -0.5, 0.0)])
    assert found.mean < 0


def test_what_cannot_be_asked_is_said(tmp_path: Path) -> None:
    experiment = quick(tmp_path)
    with pytest.raises(UsageError, match="'nobody' is none of as it is, wire, more-work"):
        SimulatedAnswer(experiment, MEAN, (), alternative="nobody")
    with pytest.raises(UsageError, match="did you mean 'mean days'"):
        SimulatedAnswer(experiment, Key("men days"), (), replications=2)([()])
    with pytest.raises(UsageError, match=r"more than the budget of 10"):
        examine(asked(experiment, budget=10))


def test_where_every_replication_fails_it_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(experiments, "observe", lambda job: Observation(job[0], job[1], error="OSError: no room"))
    with pytest.raises(SimulationError, match=r"at effort \+1.00 every replication failed: OSError: no room"):
        asked(quick(tmp_path))([tuple(1.0 if a.id == "effort" else 0.0 for a in asked(quick(tmp_path)).assumptions)])


def test_where_some_replications_fail_there_is_no_answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """More effort makes one of two runs fail. What is left is no flip, but a place without an answer, which is said."""

    def observe(job: Job) -> Observation:
        name, replication = job[:2]
        effort = unpacked(job[-1].content).world.procedures["way"].stages["doing"].work.seconds()[0]
        if replication and effort > 1.1 * 16 * 3600:
            return Observation(name, replication, error="OSError: no room")
        return Observation(name, replication, {MEAN: 20.0 - (5 + replication / 10) * ("wire" in name)}, "00" * 32)

    monkeypatch.setattr(experiments, "observe", observe)
    found = examine(asked(quick(tmp_path)))
    assert not found.flips and math.isnan(max(s.high.mean for s in found.tornado.swings if s.assumption == "effort"))
    assert any("there is no answer: 1 of 2 replications gave none (OSError: no room)" in one for one in said(found))
