"""Plays that go on from a copy are those that begin at the beginning, by either engine."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from sim.case.state import CaseState
from sim.engine.executor import VARIABLE, Engine
from sim.engine.plan import Plan
from sim.errors import CannotCompile
from sim.i18n import say
from sim.model.action import Action
from sim.model.loading import Scenario, load
from sim.training import branches
from sim.training.branches import Branches, Otherwise, played
from sim.training.counterfactuals import alternatives, jobs, play, strategies
from sim.training.decision_log import Steps, take
from sim.training.players import Random, Textbook, finish, play_through, player
from sim.training.scoring import score
from sim.training.session import Session
from tests.benchmarks.replays import CASES, agree, same

ENGINES = ["simpy", "compiled"]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    if request.param == "compiled":
        pytest.importorskip("numba")
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    branches._latest.__dict__.clear()


def copies(session: Session, who: Any) -> list[Session]:
    """A play to its end, copied at every question."""
    found = []
    while not session.ended:
        if session.question is None:
            session.go_on()
        else:
            found.append(session.copied())
            session.choose(who.decide(session))
    return found


def test_a_copy_goes_on_as_the_play_it_was_copied_from(short: Scenario, short_plan: Plan, engine: Engine) -> None:
    session = Session(short, seed=7, plan=short_plan, engine=engine)
    found = copies(session, Textbook())
    assert len(found) > 5
    for copy in reversed(found[::4]):
        before, again = copy.sha256, copy.copied()
        assert same(finish(copy, Textbook()), session)
        assert again.sha256 == before, "what befalls one leaves the other alone"
        assert same(finish(again, Textbook()), session)


def test_a_copy_may_go_another_way(short: Scenario, short_plan: Plan, engine: Engine) -> None:
    whole = {seed: play_through(short, Random(seed), seed=7, plan=short_plan) for seed in range(3)}
    begun = Session(short, seed=7, plan=short_plan, engine=engine)
    for seed, play_ in whole.items():
        assert same(finish(begun.copied(), Random(seed)), play_)
    assert not begun.ended and not begun.entries


def test_both_engines_make_the_same_play(short: Scenario, short_plan: Plan) -> None:
    pytest.importorskip("numba")
    for seed in range(4):
        one, other = (
            play_through(short, Random(seed), seed=seed, plan=short_plan, engine=engine)  # type: ignore[arg-type]
            for engine in ENGINES
        )
        assert same(one, other)
        assert one.log.events == other.log.events and one.log.outcomes == other.log.outcomes
        assert [list(getattr(one.log, name)) for name in ("request", "activity", "ended")] == [
            list(getattr(other.log, name)) for name in ("request", "activity", "ended")
        ]


def test_while_it_is_played_the_event_table_is_the_same(short: Scenario, short_plan: Plan) -> None:
    pytest.importorskip("numba")
    one, other = (Session(short, seed=7, plan=short_plan, engine=engine) for engine in ENGINES)  # type: ignore[arg-type]
    for _ in range(4):
        assert one.sha256 == other.sha256 and one.run.now == other.run.now
        for session in (one, other):
            session.choose(Textbook().decide(session))


def test_replays_are_the_plays_from_the_beginning(
    short: Scenario, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, engine)
    session = play_through(short, player("naive"), seed=7)
    found, tried = alternatives(session), strategies()[:3]
    for job in list(jobs(session, found, 1, tried))[::3]:
        scenario, seed, luck, who = job.what
        if isinstance(who, tuple):
            whole = play_through(scenario, player(*who), seed=seed, replication=luck)
        else:
            steps = who.steps if isinstance(who, Otherwise) else who
            whole = take(scenario, steps, seed=seed, replication=luck)
        result = play(job.what)
        assert same(played(scenario, seed, luck, player(*who) if isinstance(who, tuple) else who), whole)
        assert result.evidence == whole.run.weight_obtained()
        assert result.axes == {axis.axis: axis.value for axis in score(whole) if axis.value is not None}


def test_acts_unasked_keep_their_place(short: Scenario, short_plan: Plan, engine: Engine) -> None:
    session = Session(short, seed=7, plan=short_plan)
    session.choose(Textbook().decide(session))
    abroad = next(item.at for item in session.case.evidence.values() if item.at != session.run.home)
    session.act(Action.model_validate({"consult": {"to": abroad}}))
    taken = Steps.of(finish(session, Textbook()))
    assert taken.acts
    shared = Branches(short, 7, 1, short_plan, engine)
    for decision, option in list(taken.options.items())[:3]:
        other = next(name for name in session.case.decisions[decision].options if name != option)
        whole = take(short, taken.but(decision, other), seed=7, replication=1, plan=short_plan)
        assert same(shared.play(Otherwise(taken, decision, other)), whole)


def test_what_is_never_asked_changes_nothing(short: Scenario, short_plan: Plan, engine: Engine) -> None:
    taken = Steps.of(play_through(short, Textbook(), seed=7, plan=short_plan))
    shared = Branches(short, 7, 0, short_plan, engine)
    assert shared.play(Otherwise(taken, "no-such-decision", "none")) is shared.play(taken)


def test_a_play_that_fails_fails_for_all_who_go_its_way(
    short: Scenario, short_plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = Steps.of(play_through(short, Textbook(), seed=7, plan=short_plan))
    first, last = next(iter(taken.options)), list(taken.options)[-1]
    shared = Branches(short, 7, 0, short_plan, "simpy")
    choose = Session.choose

    def fails(session: Session, option: str, **more: Any) -> Session:
        if session.question is not None and session.question.id == list(taken.options)[2]:
            raise RuntimeError("in the middle")
        return choose(session, option, **more)

    monkeypatch.setattr(Session, "choose", fails)
    for who in (taken, Otherwise(taken, last, "any"), taken):
        with pytest.raises(RuntimeError, match="in the middle"):
            shared.play(who)
    monkeypatch.setattr(Session, "choose", choose)
    option = next(name for name in short.case.decisions[first].options if name != taken.options[first])
    assert shared.play(Otherwise(taken, first, option)).ended, "who turns off before goes on"


def test_simpy_makes_what_compiled_code_cannot(short: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    from sim.engine.compiled.play import CompiledPlay

    def cannot(*_: object) -> None:
        raise CannotCompile(say("a request that goes round more than {times} times", times=2))

    monkeypatch.setenv(VARIABLE, "compiled")
    monkeypatch.setattr(CompiledPlay, "_came", cannot)
    monkeypatch.setattr(branches, "_not_compiled", set())
    found = played(short, 7, 0, Textbook())
    assert found.engine == "simpy" and same(found, play_through(short, Textbook(), seed=7))


def test_what_is_put_off_must_be_a_partial(short: Scenario, short_plan: Plan) -> None:
    run: CaseState = Session(short, seed=7, plan=short_plan).run
    told: list[int] = []
    with pytest.raises(TypeError, match="closes over the play"):
        run.at(run.now, lambda: told.append(run.now))
    run.at(run.now, partial(told.append, 1))


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_shipped_cases_are_replayed_as_they_are_played(case: str, engine: Engine) -> None:
    assert agree(case, 2, engine) > 10


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_shipped_cases_are_the_same_by_both_engines(case: str) -> None:
    pytest.importorskip("numba")
    scenario = load(case)
    for seed in range(3):
        for name in ("textbook", "naive", "random"):
            one, other = (
                play_through(scenario, player(name, seed), seed=seed, replication=seed, engine=engine)  # type: ignore[arg-type]
                for engine in ENGINES
            )
            assert same(one, other), (name, seed)


def test_what_happens_in_a_copy_is_scheduled_in_one_order(short: Scenario, short_plan: Plan) -> None:
    """Requests and other events take their places in the agenda from one count, in a copy too: in the same second what
    was scheduled first comes first."""
    session = Session(short, seed=7, plan=short_plan).copied()
    before = max(order for _due, _first, order, _event in session.run.simulation.env._queue)
    session.choose("preserve-first")
    orders = [order for _due, _first, order, _event in session.run.simulation.env._queue]
    assert len(set(orders)) == len(orders) and max(orders) > before
    assert sum(order > before for order in orders) > len(orders) / 4, "those scheduled since stand behind"
