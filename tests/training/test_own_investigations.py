"""Another State that investigates the same people puts letters off that cut across its case, unless it was told."""

from __future__ import annotations

from typing import Any

import pytest

from sim.case.plan import compile_case
from sim.case.run import CaseRun
from sim.errors import ScenarioError
from sim.model.loading import Scenario, copied_data, with_data
from tests.training.letters import do
from tests.training.letters import letter as a_letter

PUT_OFF, DECLINES = 0.7, 0.05


def with_investigation(short: Scenario, **of: Any) -> Scenario:
    data = copied_data(short)
    data["case", short.id]["investigations"] = of
    return with_data(short, data)


@pytest.fixture(scope="module")
def own(short: Scenario) -> Scenario:
    figures = {"put off": PUT_OFF, "declines team": DECLINES, "origins": {"all": "assumption: x"}}
    return with_investigation(short, cal=figures, nor=figures)


@pytest.fixture
def run(own: Scenario) -> CaseRun:
    return CaseRun(own, seed=7, plan=compile_case(own))


def put_off(run: CaseRun) -> float:
    do(run, send=a_letter(id=f"letter-{len(run.requests)}", evidence=[], confidential=True))
    return list(run.requests.values())[-1].chances["postponed"]


def test_a_letter_out_of_the_blue_is_likely_to_be_put_off(run: CaseRun, short: Scenario, short_plan: Any) -> None:
    assert put_off(run) == PUT_OFF
    assert put_off(CaseRun(short, seed=7, plan=short_plan)) < PUT_OFF
    why = [reason for letter in run.letters for reason in letter.why if reason.chance == "postponed"]
    assert "case of their own" in why[0].because and "18(25)" in why[0].cites


@pytest.mark.parametrize("told", [{"consult": {"to": "cal"}}, {"share": {"to": "cal"}}], ids=["called", "told"])
def test_who_has_been_told_puts_nothing_off_for_that(run: CaseRun, told: dict[str, Any], short: Scenario) -> None:
    do(run, **told)
    assert put_off(run) == short.procedure("letter-of-request").chances["postponed"]


def test_what_is_on_its_way_is_looked_at_anew_once_they_are_told(run: CaseRun) -> None:
    put_off(run)
    do(run, consult={"to": "cal"})
    run.simulation.advance(run.now + 1)
    assert run.letters[0].chances["postponed"] < PUT_OFF


def test_a_team_is_seldom_declined_by_who_has_a_case_and_knows_of_yours(run: CaseRun) -> None:
    do(run, propose_team={"members": ["nor"]})
    usual = run.scenario.procedure("joint-investigation-team").chances["no-parallel-case"]
    assert run.requests["team-nor"].chances["no-parallel-case"] == usual
    other = CaseRun(run.scenario, seed=7, plan=run.plan)
    do(other, share={"to": "nor"})
    do(other, propose_team={"members": ["nor"]})
    assert other.requests["team-nor"].chances["no-parallel-case"] == DECLINES


def test_money_and_advice_make_a_team_likelier(run: CaseRun) -> None:
    do(run, propose_team={"members": ["nor"]})
    usual = run.requests["team-nor"].chances["no-parallel-case"]
    support = run.scenario.service("eurojust-jit-support")
    run.relation("nor").services[support.id] = (run.now, support.effect)
    run.weigh_again("nor")
    run.simulation.advance(run.now + 1)
    assert run.requests["team-nor"].chances["no-parallel-case"] == pytest.approx(usual * 0.6)


def test_who_hears_of_your_case_after_the_proposal_may_still_join(run: CaseRun) -> None:
    do(run, propose_team={"members": ["nor"]})
    do(run, share={"to": "nor"})
    run.simulation.advance(run.now + 1)
    assert run.requests["team-nor"].chances["no-parallel-case"] == DECLINES


def test_a_state_that_is_not_in_the_world_is_named(short: Scenario) -> None:
    figures = {"put off": PUT_OFF, "declines team": DECLINES, "origins": {"all": "assumption: x"}}
    with pytest.raises(ScenarioError, match="nowhere"):
        with_investigation(short, nowhere=figures)


def test_figures_need_an_origin(short: Scenario) -> None:
    with pytest.raises(ScenarioError, match="put off"):
        with_investigation(short, cal={"put off": PUT_OFF, "declines team": DECLINES, "origins": {}})
