"""Policy questions as files: the four that ship, answered at a small size, each with its report."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ScenarioError, UsageError
from sim.model.loading import available, load_policy
from sim.model.measures import Key
from sim.policy.answers.study import Finding, experiment_of, run_study, settings_of, varied
from sim.record.changes import Change
from sim.record.statistics import Interval
from sim.views.lab.report import write_report
from tests.policy.policy_world import question_of_a_small_world

SMALL = {"replications": 2, "years": 0.15, "warm_up": 0.25, "sensitivity": 0}
"""Far too small to answer anything: that everything is there is what is tested."""


@pytest.mark.slow
@pytest.mark.parametrize("question", available("policy"))
def test_a_question_is_answered_and_reported(question: str, tmp_path: Path) -> None:
    study = run_study(question, **SMALL)  # type: ignore[arg-type]
    policy = load_policy(question).policy
    assert not study.results.failures
    assert [f.change.alternative for f in study.findings[:: len(policy.kpis)]] == [
        o.title for o in policy.alternatives.values()
    ]
    assert len(study.headlines) == len(policy.alternatives) == len(study.whys)
    assert len(study.sentences) == len(study.findings) and set(study.headlines) <= set(study.sentences)
    assert study.worths, "every shipped world has prices"
    page = write_report(study, tmp_path / "report.html").read_text(encoding="utf-8")
    for words in (policy.title, *policy.limits, study.command, study.results.experiment.world.hash[:12], "assumption"):
        assert " ".join(words.split())[:60] in " ".join(page.replace("&#x27;", "'").split()), words
    assert "<script" not in page and "http://" not in page.replace("http://www.w3.org", "")
    assert write_report(study, tmp_path / "report.docx").stat().st_size > 10_000


def test_four_questions_ship_and_each_can_be_asked() -> None:
    assert len(available("policy")) >= 4
    for id_ in available("policy"):
        question = load_policy(id_)
        experiment = experiment_of(question)
        assert len({scenario.hash for scenario in experiment.scenarios.values()}) == len(experiment.names), id_
        assert question.policy.limits and all(kpi.better for kpi in question.policy.kpis)


@pytest.mark.parametrize(
    ("change", "better", "enough", "verdict", "said"),
    [
        ((-20, 2), "less", 14, "better", "yes"),
        ((-15, 3), "less", 14, "better", "perhaps"),
        ((-5, 2), "less", 14, "better", "no"),
        ((-5, 2), "more", None, "worse", None),
        ((3, 4), "less", 14, "unclear", "no"),
        ((20, 2), "more", 14, "better", "yes"),
    ],
)
def test_what_a_difference_is_worth(
    change: tuple[float, float], better: str, enough: float | None, verdict: str, said: str | None
) -> None:
    policy = load_policy("electronic-transmission-or-lawyers").policy
    headline = policy.kpis[0].model_copy(update={"better": better, "enough": enough})
    zero = Interval(100, 1, 0.95, 5)
    interval = Interval(*change, 0.95, 5)
    found = Finding(headline, Change(Key("mean days"), zero, zero, interval, interval, headline.better))
    assert (found.change.verdict, found.enough) == (verdict, said)


def test_what_cannot_be_studied_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="at least 2 replications"):
        run_study("accept-english", replications=1)
    with pytest.raises(UsageError, match="did you mean"):
        load_policy("accept-englisch")
    file = tmp_path / "mine.yaml"
    file.write_text(
        "format: 1\nkind: policy\nid: mine\ntitle: Mine\nquestion: What?\nasked by: Me\nworld: meridian\n"
        "alternatives: {a: {title: A, levers: [no-such-lever]}}\n"
        "kpis: [{measure: mean days, of: nowhere, better: less}]\nenough: Enough.\nlimits: [None known.]\n"
    )
    with pytest.raises(ScenarioError) as caught:
        load_policy(file)
    found = "\n".join(str(problem) for problem in caught.value.problems)
    assert "no-such-lever" in found


def test_what_the_first_figure_hangs_on_is_part_of_a_study(tmp_path: Path) -> None:
    """Five days of road are saved by the wire, whatever effort is; of levers, each alternative varies its own."""
    told: list[tuple[str, int, int]] = []
    study = run_study(
        question_of_a_small_world(tmp_path),
        sensitivity=2,
        looked_at=1,
        told=lambda words, done, of: told.append((words, done, of)),
    )
    wire, lawyer = study.sensitivity
    assert {a.id for a in wire.assumptions} == {"time-transmission", "effort", "lever-wire"}
    assert {a.id for a in lawyer.assumptions} == {"time-transmission", "effort"}
    assert next(a for a in wire.assumptions if a.id == "effort").range == (0.9, 1.1)
    assert (wire.alternative, wire.flips, len(wire.looked_at)) == ("A wire", (), 1)
    assert wire.tornado.base.mean == pytest.approx(study.of("A wire")[0].change.adjusted.mean, abs=0.5)
    assert study.of("A wire")[0].enough == "yes" and "worth it from 2 days on, and is" in str(study.sentences[0])
    assert list(dict.fromkeys(str(words) for words, _done, _of in told)) == ["replications", "sensitivity"]
    done, most = zip(*((done, of) for words, done, of in told if str(words) == "sensitivity"), strict=True)
    assert list(done) == sorted(done) and len(set(most)) == 1, "one bar for all alternatives"
    assert done[-1] == wire.runs + lawyer.runs <= most[0]
    assert study.worths == (), "this world names no prices"
    assert study.command.endswith("wire-or-lawyer.yaml --sensitivity 2")


def test_a_question_may_introduce_its_changes_over_time(tmp_path: Path) -> None:
    study = run_study(question_of_a_small_world(tmp_path, **{"roll out": True}), sensitivity=0)
    assert study.results.experiment.roll_out and not study.sensitivity and not study.results.failures


@pytest.mark.slow
def test_every_assumption_a_question_names_is_one_of_its_world() -> None:
    for id_ in available("policy"):
        question = load_policy(id_)
        experiment = experiment_of(question)
        vary, names = question.policy.assumptions_to_vary, set()
        assert vary.because and set(vary.ranges) <= set(vary.only), id_
        for alternative in experiment.names[1:]:
            found = varied(question.policy, experiment, alternative)
            assert len(found) >= 2
            names |= {assumption.id for assumption in found}
        assert names == set(vary.only), id_
        assert settings_of(question.policy, experiment) <= 200, "a study takes minutes, not days"


def test_an_assumption_that_is_not_there_is_said(tmp_path: Path) -> None:
    file = question_of_a_small_world(tmp_path, **{"assumptions to vary": {"only": ["efort"]}})
    with pytest.raises(UsageError, match="no assumption is called 'efort' here — did you mean 'effort'"):
        run_study(file, replications=2, years=0.05)


def test_the_command_repeats_the_study() -> None:
    from sim.policy.answers import study as module

    policy = load_policy("accept-english").policy
    words = module._command("accept-english", policy, 2, 0.5, 0.25, 0)
    assert words == "mlasim study accept-english --replications 2 --years 0.5 --warm-up 0.25 --sensitivity 0"
    # What the function does unless told is not what the command does unless told: it is always said.
    assert module._command("my file.yaml", policy, None, None, None, 5) == "mlasim study 'my file.yaml' --sensitivity 5"
