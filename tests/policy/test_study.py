"""Policy questions as files: the four that ship, answered at a small size, each with its report."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ScenarioError, UsageError
from sim.model.loading import available, load_policy
from sim.policy.study import Finding, Study, experiment_of, run_study
from sim.record.statistics import Interval
from sim.views.policy_report import write_report

SMALL = {"replications": 2, "years": 0.15, "warm_up": 0.25, "sensitivity": 0}
"""Far too small to answer anything: that everything is there is what is tested."""


@pytest.mark.slow
@pytest.mark.parametrize("question", available("policy"))
def test_a_question_is_answered_and_reported(question: str, tmp_path: Path) -> None:
    study = run_study(question, **SMALL)  # type: ignore[arg-type]
    policy = load_policy(question).policy
    assert not study.results.failures
    assert [f.alternative for f in study.findings[:: len(policy.kpis)]] == [
        o.title for o in policy.alternatives.values()
    ]
    assert len(study.sentences) == len(policy.alternatives) == len(study.whys)
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
    found = Finding("x", headline, None, zero, zero, Interval(*change, 0.95, 5))  # type: ignore[arg-type]
    assert (found.verdict, found.enough) == (verdict, said)


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


def test_the_command_repeats_the_study() -> None:
    from sim.policy import study as module

    policy = load_policy("accept-english").policy
    words = module._command("accept-english", policy, 2, 0.5, 0.25, 0)
    assert words == "mlasim study accept-english --replications 2 --years 0.5 --warm-up 0.25 --sensitivity 0"
    assert isinstance(Study.sentences, property)
