"""Comparisons: paired by luck, adjusted for their number, kept in a folder, honest about failures."""

from __future__ import annotations

import re
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sim
from sim.cli import app
from sim.errors import ScenarioError, UsageError
from sim.model.measures import Key
from sim.model.world import Lever
from sim.policy.answers.caveats import cautions_of
from sim.policy.experiments import experiment as module
from sim.policy.experiments.comparison import Comparison, compare, compared
from sim.policy.experiments.experiment import BASELINE
from sim.record.changes import Change
from sim.record.statistics import paired_difference
from tests.engine.small import flow, wait
from tests.engine.two_states import two_states
from tests.policy.experiments import STAFF, out_of_a_hat
from tests.policy.policy_world import MORE_WORK, WIRE, lever, quick_world, tried

ONE_MORE = f"{STAFF}+1"


def mean_days(result: Comparison, alternative: str = ONE_MORE) -> Change:
    return next(f for f in result.figures if f.alternative == alternative and f.key == Key("mean days"))


def test_one_more_server_shortens_the_queue() -> None:
    result = compare("queue-mm1", [ONE_MORE], replications=5, years=0.1, seed=2)
    mean = mean_days(result)
    assert mean.difference.mean < 0 and mean.clear and mean.verdict == "better"
    assert mean.difference.mean == pytest.approx(mean.after.mean - mean.before.mean)
    table = result.table()
    assert {"difference", "half-width", "low", "high", "adjusted low", "adjusted high"} <= set(table.columns)
    assert ONE_MORE in str(result) and result.sha256 == result.results.sha256


def test_same_luck_narrows_the_difference() -> None:
    """The paired interval is narrower than that of independent runs would be (common random numbers)."""
    mean = mean_days(compare("queue-mm1", [ONE_MORE], replications=8, years=0.1, seed=5))
    independent = (mean.after.half_width**2 + mean.before.half_width**2) ** 0.5
    assert mean.difference.half_width < independent


def test_processes_agree_with_serial() -> None:
    serial = compare("queue-mm1", [ONE_MORE], replications=3, years=0.05)
    with ProcessPoolExecutor(2) as executor:
        parallel = compare("queue-mm1", [ONE_MORE], replications=3, years=0.05, executor=executor)
    assert parallel.figures == serial.figures and parallel.sha256 == serial.sha256


@pytest.mark.slow
def test_intervals_are_adjusted_for_how_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 300 experiments with ten alternatives that change nothing, some interval leaves zero out in many, and an
    adjusted one in at most about 5 in 100."""
    out_of_a_hat(monkeypatch, lambda name, luck: luck.gauss(50, 5) + module_noise(name, luck))
    names = [f"{STAFF}+{number}" for number in range(1, 11)]
    world = sim.load("queue-mm1")
    alone, together = 0, 0
    for seed in range(300):
        figures = compare(world, names, replications=6, years=0.01, seed=seed).figures
        assert len(figures) == 10
        alone += any(f.difference.low > 0 or f.difference.high < 0 for f in figures)
        together += any(f.clear for f in figures)
    assert alone / 300 > 0.2 and together / 300 < 0.09


def module_noise(name: str, luck) -> float:  # type: ignore[no-untyped-def]
    import random

    return random.Random(f"{name} {luck.random()}").gauss(0, 3)


def test_the_adjusted_level_is_bonferronis() -> None:
    result = compare("queue-mm1", [ONE_MORE, f"{STAFF}+2"], replications=4, years=0.02)
    headline = [f for f in result.figures if f.family == "headline"]
    count = len(headline)
    assert count == 8 and f"all {count} headline" in str(result.adjustment)
    for f in headline:
        pairs = result.results.pairs(f.alternative, f.key)
        exact = paired_difference([a for a, _ in pairs], [b for _, b in pairs], 1 - 0.05 / count)
        assert f.adjusted.half_width == pytest.approx(exact.half_width) and f.difference.level == 0.95


def test_who_gets_worse_is_said(tmp_path: Path) -> None:
    """A change that slows one corridor and quickens the other."""
    stages = {"leave": wait({"exponential": "9 days"}, then="done")}
    pair = {"lys": ("lys", "nor"), "nor": ("nor", "lys")}
    demand = {
        name: flow(from_=a, to=b, per_year=300, channel="wire", instrument="treaty", measures={"notice": 1})
        for name, (a, b) in pair.items()
    }
    performances = {state: {"pace": 1.0, "origins": {"all": "assumption: made for a test"}} for state in ("lys", "nor")}
    stages = {"leave": {**stages["leave"], "side": "requested"}}
    world = two_states(tmp_path, stages, demand=demand, jurisdictions=performances)
    change = "world/small/jurisdictions/nor/pace*3 + world/small/jurisdictions/lys/pace*0.3"
    result = compare(world, [change], replications=4, years=0.5)
    found = result.fairness(change)
    assert found is not None and [one.key.of for one in found.worse] == ["lys to nor"]
    assert found.corridors[-1].key.of == "nor to lys" and found.corridors[-1].verdict == "better"
    corridors = {f.key.of: f for f in result.figures if f.family == "corridor"}
    assert [corridors[of].verdict for of in ("lys to nor", "nor to lys")] == ["worse", "better"]
    assert corridors["lys to nor"].adjusted == found.corridors[0].adjusted


def test_a_failed_replication_is_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    real = module.simulate

    def fails_once(scenario, **options):
        if options["replication"] == 1 and scenario.levers:
            raise RuntimeError("on purpose")
        return real(scenario, **options)

    monkeypatch.setattr(module, "simulate", fails_once)
    seen = []
    result = compare("queue-mm1", [ONE_MORE], replications=3, years=0.05, progress=lambda *p: seen.append(p))
    assert [(f.alternative, f.replication) for f in result.failures] == [(ONE_MORE, 1)]
    assert "on purpose" in result.failures[0].reason and "--replication 1" in result.failures[0].command
    assert result.figures and seen[-1] == (6, 6)
    assert mean_days(result).difference.count == 2


def test_refusals() -> None:
    with pytest.raises(UsageError, match="at least 2"):
        compare("queue-mm1", [ONE_MORE], replications=1)
    with pytest.raises(UsageError, match="at least one lever"):
        compare("queue-mm1", [])
    with pytest.raises(UsageError, match="years"):
        compare("queue-mm1", [ONE_MORE], years=0)
    with pytest.raises(UsageError, match="needs a world"):
        compare("silent-harbour", [ONE_MORE])
    with pytest.raises(UsageError, match="two questions"):
        compare("queue-mm1", [ONE_MORE], precise=["mean days±1"], best="mean days")
    with pytest.raises(UsageError, match="two settings change"):
        compare("queue-mm1", [f"{STAFF}+1 + {STAFF}=3"])
    with pytest.raises(ScenarioError):
        compare("queue-mm1", [f"{STAFF}=0"])


def test_the_command_goes_on_where_it_stopped(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    words = ["compare", "queue-mm1", "--lever", ONE_MORE, "--years", "0.02", "--processes", "1", "--seed", "3"]

    def ran(*more: str) -> str:
        found = CliRunner().invoke(app, [*words, *more])
        assert found.exit_code == 0, found.output
        return found.output

    sha = re.compile(r"sha256: ([0-9a-f]{64})")
    whole = sha.findall(ran("--replications", "6"))
    folder = str(tmp_path / "kept")
    assert sha.findall(ran("--replications", "3", "--out", folder)) != whole
    assert sha.findall(ran("--replications", "6", "--out", folder)) == whole
    assert len(list((tmp_path / "kept" / "observations").iterdir())) == 2
    refused = CliRunner().invoke(app, [*words, "--years", "0.03", "--out", folder])
    assert isinstance(refused.exception, UsageError) and "another experiment" in str(refused.exception)


def test_the_command_answers_the_other_questions(tmp_path: Path) -> None:
    words = ["compare", "queue-mm1", "--lever", ONE_MORE, "--years", "0.02", "--processes", "1"]

    def ran(*more: str) -> str:
        found = CliRunner().invoke(app, [*words, *more])
        assert found.exit_code == 0, found.output
        return " ".join(found.output.split())

    assert "every interval is as narrow as wanted" in ran("--precise", "busy, desk±5")
    assert f"best by mean duration (less is better): {ONE_MORE}" in ran("--best", "mean days", "--indifference", "0.01")
    csv = tmp_path / "table.csv"
    ran("--replications", "2", "--csv", str(csv), "--warm-up", "0.01")
    assert csv.read_text(encoding="utf-8-sig").startswith("alternative,figure,unit,family")
    bad = CliRunner().invoke(app, [*words, "--warm-up", "long"])
    assert isinstance(bad.exception, UsageError)


def test_a_comparison_that_follows_the_roll_out_answers_year_by_year() -> None:
    followed, in_place = (
        compare("queue-mm1", [ONE_MORE], replications=2, years=1, roll_out=how) for how in (True, False)
    )
    years = [figure for figure in followed.figures if figure.family == "year"]
    assert [str(figure.key) for figure in years] == ["mean days, year 1"]
    assert not [figure for figure in in_place.figures if figure.family == "year"]


@pytest.mark.slow
def test_electronic_transmission_saves_days_in_meridian() -> None:
    """The first policy answer: quicker transmission shortens requests by courier; its interval leaves zero out."""
    result = sim.compare("meridian", ["e-transmission", "translation-pool"], replications=4, years=1, seed=1)
    saved = mean_days(result, "e-transmission")
    assert saved.difference.high < 0 and not result.failures
    assert result.results.replications(BASELINE) == [0, 1, 2, 3]


def test_what_has_to_be_known_first_is_said(tmp_path: Path) -> None:
    """Few replications, an introduction that is not seen to its end, two levers on the same road."""
    slow = lever("slow", {"at": "world/small/procedures/way/stages/road/takes", "times": 0.5})
    both = compared(tried(tmp_path, (WIRE, slow), replications=3, years=0.3))
    assert any("Only 3 replications" in str(words) for words in cautions_of(both))
    assert any("wire, slow change the same" in str(words) for words in cautions_of(both))
    assert not cautions_of(compared(tried(tmp_path / "other", WIRE, replications=5, years=0.3)))
    gradual = Lever.model_validate({**WIRE.model_dump(by_alias=True, exclude_unset=True), "roll out": "2 years"})
    begun = compare(quick_world(tmp_path / "third"), [gradual], replications=5, years=0.3, roll_out=True)
    said = [str(words) for words in cautions_of(begun)]
    assert any("takes up to 2 years, of which these runs show the first 0.3" in words for words in said)


def test_a_race_is_repeated_by_its_own_command(tmp_path: Path) -> None:
    world = quick_world(tmp_path)
    raced = compare(world, [WIRE, MORE_WORK], years=0.3, best="mean days", indifference=2.0, budget=20)
    assert "--best 'mean days' --indifference 2 --probability 0.95 --budget 20" in raced.command
    assert "--replications" not in raced.command
    precise = compare(world, [WIRE], years=0.3, precise=["mean days±5"], budget=12)
    assert "--precise 'mean days±5' --budget 12" in precise.command
    assert "--replications 4" in compare(world, [WIRE], years=0.3, replications=4).command
