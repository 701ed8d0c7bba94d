"""Causes: the days add up, the queue that grew is named, corridors that lose are found and no others."""

from __future__ import annotations

from random import Random

import pytest

from sim.errors import UsageError
from sim.model.causes import CAUSES
from sim.model.measures import OTHER, TRAFFICKING, Key
from sim.policy.answers.causes import Why, fairness, why
from sim.policy.answers.sentences import apart
from sim.policy.answers.sentences import sentences_of as words_of
from sim.policy.experiments.alternatives import BASELINE
from sim.policy.experiments.comparison import compared
from sim.policy.experiments.experiment import Experiment, Observation, Results, run_experiment
from tests.policy.experiments import STAFF, desk, out_of_a_hat
from tests.policy.policy_world import MORE_WORK, WIRE, quick_world, tried


def sentences_of(found: Why) -> list[str]:
    return [str(words) for words in words_of(found)]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return tried(tmp_path_factory.mktemp("world"), WIRE, MORE_WORK, replications=10, years=1)


@pytest.mark.parametrize("name", ["wire", "more-work"])
def test_the_steps_add_up_to_the_change(results: Results, name: str) -> None:
    found = why(results, name).waterfall
    assert found is not None
    assert [step.cause for step in found.steps] == list(CAUSES)
    assert sum(step.days.mean for step in found.steps) == pytest.approx(found.change.difference.mean, abs=1e-9)
    assert found.change.after.mean - found.change.before.mean == pytest.approx(found.change.difference.mean, abs=1e-9)


def test_letters_by_wire_save_the_road_and_nothing_else(results: Results) -> None:
    """The road takes 6 days, by wire a fifth of it: 4.8 days."""
    found = why(results, "wire")
    assert found.waterfall is not None
    by_cause = {step.cause: step.days for step in found.waterfall.steps}
    assert by_cause["transmission"].mean == pytest.approx(-4.8)
    assert abs(by_cause["being worked on"].mean) < 0.1
    sentences = sentences_of(found)
    assert "less on average" in sentences[0] and "transmission" in sentences[1]


def test_the_bottleneck_moves_where_the_work_got_longer(results: Results) -> None:
    found = why(results, "more-work").bottleneck
    assert found is not None and found.moved
    assert (found.before.id, found.after.id) == ("nor-central", "nor-prosecution")
    assert found.grown is not None and found.grown.id == "nor-prosecution" and found.grown.queue.adjusted.low > 0
    lys = next(office for office in found.offices if office.id == "lys-central")
    assert lys.busy.after.mean == pytest.approx(lys.busy.before.mean / 2, rel=0.1)
    words = " ".join(sentences_of(why(results, "more-work")))
    assert "The queue at Prosecutors of Nor grows by" in words


def test_corridors_that_lose_come_first_with_wider_intervals(results: Results) -> None:
    found = why(results, "more-work").fairness
    assert found is not None
    assert [change.key.of for change in found.worse] == ["lys to nor", "nor to lys"], "the worst first"
    alone = results.difference("more-work", Key("mean days", "lys to nor"))
    assert found.corridors[0].adjusted.half_width > alone.half_width
    assert found.corridors[0].adjusted.level == pytest.approx(0.9875), "two corridors of each of two alternatives"
    assert not why(results, "wire").fairness.worse


def test_a_world_that_does_not_know_trafficking_says_so(results: Results) -> None:
    if why(results, "wire").groups:
        pytest.skip("this world knows")
    assert "does not tell" in " ".join(sentences_of(why(results, "wire")))


def made_up(changes: dict[str, float], tmp_path) -> Results:
    """Observations in which the mean days of some groups change by known amounts."""
    found = Results(Experiment.of(quick_world(tmp_path), [WIRE]))
    for replication in range(6):
        noise = 0.1 * (-1) ** replication
        before = {Key("mean days", of): 100.0 + replication for of in changes}
        after = {Key("mean days", of): 100.0 + replication + change + noise for of, change in changes.items()}
        found.add(Observation(BASELINE, replication, before))
        found.add(Observation("wire", replication, after))
    return found


def test_groups_are_told_apart(tmp_path) -> None:
    results = made_up({"all requests": -1.0, TRAFFICKING: -9.0, OTHER: 3.0}, tmp_path)
    found = why(results, "wire")
    assert [effect.verdict for effect in found.groups] == ["better", "worse"]
    assert found.fairness is None and found.bottleneck is None
    words = " ".join(sentences_of(found))
    assert "about trafficking get quicker by 9.0 days" in words and "other matters get slower by 3.0 days" in words


def test_a_mean_of_more_requests_says_so(tmp_path) -> None:
    """Answered 30 a year more: the mean is of other requests than before."""
    found = Results(Experiment.of(quick_world(tmp_path), [WIRE]))
    for replication in range(4):
        luck = 0.1 * replication
        for name, answered in ((BASELINE, 100.0), ("wire", 130.0)):
            figures = {Key("mean days"): 90 + luck, Key("answered a year"): answered + luck * (name == BASELINE)}
            found.add(Observation(name, replication, figures))
    words = " ".join(sentences_of(why(found, "wire")))
    assert "29.9 more requests are answered a year" in words and "also counts" in words


def test_a_small_difference_is_not_called_one(tmp_path) -> None:
    results = made_up({"all requests": 0.0, "a to b": 0.05, "b to a": -0.05}, tmp_path)
    found = fairness(results, "wire")
    assert found is not None and {effect.verdict for effect in found.corridors} == {"unclear"}
    assert "not clear" in sentences_of(why(results, "wire"))[0]


def test_too_few_replications_say_so_and_unknown_names_are_refused(tmp_path) -> None:
    results = tried(tmp_path, WIRE, replications=1)
    assert "too few" in sentences_of(why(results, "wire"))[0]
    for name in ("nothing", BASELINE):
        with pytest.raises(UsageError, match="there are wire"):
            why(results, name)


def test_figures_that_round_alike_are_told_apart() -> None:
    assert apart(187.6, 188.1) == ("187.6", "188.1"), "both would be 188"
    assert apart(1187.62, 1187.64) == ("1,187.62", "1,187.64")
    assert apart(120, 188) == ("120", "188") and apart(5, 5) == ("5.0", "5.0")
    assert str(Key("days transmission").title) == "days, transmission" and str(Key("refused").title) == "refused (%)"


def test_a_sentence_and_the_table_call_the_same_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six alternatives that do nothing, 20 experiments: what is not clear in the table is not clear in the words, and
    hardly ever is anything."""
    out_of_a_hat(monkeypatch, lambda name, luck: 50 + Random(f"{name} {luck.random()}").gauss(0, 1))
    claimed = 0
    for seed in range(20):
        comparison = compared(run_experiment(desk([f"{STAFF}+{n}" for n in range(1, 7)], seed=seed), 20))
        for figure in comparison.figures:
            clear = why(comparison.results, figure.alternative).waterfall.change.adjusted
            assert figure.clear == (clear.low > 0 or clear.high < 0)
            assert clear.half_width == pytest.approx(figure.adjusted.half_width)
            claimed += figure.clear
    assert claimed <= 4, "one time in twenty for all six together"
