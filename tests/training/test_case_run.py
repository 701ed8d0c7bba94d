"""A case in motion: the clock of evidence, the people, and what conduct does to chances."""

from __future__ import annotations

import pytest

from sim.engine.case_run import CaseRun
from sim.engine.conduct import PRIOR_CONTACT, WORST, WRONG_CHANNEL, WRONG_LANGUAGE
from sim.errors import SessionError
from sim.model.case import Action, Circumstances
from sim.model.durations import DAY

LETTER = {
    "id": "logs", "to": "cal", "measures": ["traffic-data"], "evidence": ["terminal-logs"], "instrument": "tip-protocol",
    "channel": "central-authority-email", "language": "en",
}


@pytest.fixture
def run(case, plan):
    return CaseRun(case, seed=7, plan=plan)


def do(run: CaseRun, **what) -> None:
    run.perform(Action.model_validate(what))


def until(run: CaseRun, day: float) -> None:
    run.advance(run.start + round(day * DAY))


def sent(run: CaseRun, **changes):
    do(run, send={**LETTER, **changes})
    return run.requests[changes.get("id", "logs")]


def test_what_is_not_preserved_is_erased(run) -> None:
    logs = run.evidence["terminal-logs"]
    assert 40 * DAY < logs.erased_at - run.start + 40 * DAY <= 100 * DAY
    until(run, 61)
    assert logs.state(run.now) == "lost"
    assert any(h.event == "evidence-lost" and h.of == "terminal-logs" for h in run.happenings)


def test_preservation_has_its_own_clock_and_can_be_renewed(run) -> None:
    logs = run.evidence["terminal-logs"]
    do(run, preserve={"evidence": "terminal-logs", "channel": "contact-24-7"})
    until(run, 30)
    assert logs.state(run.now) == "preserved"
    first_end = logs.preserved_until
    assert 89 * DAY < first_end - run.start < 95 * DAY
    until(run, 80)
    assert any(h.event == "preservation-expires" for h in run.happenings)
    do(run, renew={"evidence": "terminal-logs", "channel": "contact-24-7"})
    until(run, 100)
    assert logs.state(run.now) == "preserved" and logs.preserved_until > first_end
    until(run, 200)
    assert logs.state(run.now) == "lost", "and ends, where nobody renews it again"


def test_nothing_is_left_to_preserve_after_erasure(run) -> None:
    until(run, 70)
    do(run, preserve={"evidence": "terminal-logs", "channel": "contact-24-7"})
    until(run, 80)
    assert run.evidence["terminal-logs"].state(run.now) == "lost"


def test_a_request_brings_what_is_still_there(run) -> None:
    do(run, preserve={"evidence": "terminal-logs", "channel": "contact-24-7"})
    request = sent(run, urgent="with reasons")
    until(run, 200)
    assert request.state in ("executed", "executed in part", "under way", "no result", "refused", "returned unregistered")
    events = [h.event for h in run.happenings if h.of == "logs"]
    assert events[0] == "sent"
    if request.state.startswith("executed"):
        assert run.evidence["terminal-logs"].state(run.now) == "obtained"
        assert run.weight_obtained() >= 4


def test_a_request_for_what_is_gone_has_no_result(case, plan) -> None:
    ended = []
    for replication in range(12):
        run = CaseRun(case, seed=3, replication=replication, plan=plan)
        until(run, 65)
        request = sent(run)
        until(run, 330)
        ended.append(request.state)
        assert run.evidence["terminal-logs"].state(run.now) == "lost"
    assert "executed" not in ended and "executed in part" not in ended and "no result" in ended


def test_conduct_moves_chances_as_documented(case, plan) -> None:
    def chances(prepare=(), **changes):
        run = CaseRun(case, seed=7, plan=plan)
        for what in prepare:
            do(run, **what)
        return sent(run, **changes).chances

    usual = chances()
    assert chances(items={"facts": "missing"})["incomplete"] > usual["incomplete"]
    everything = dict.fromkeys(("authority", "nature", "facts", "assistance", "persons", "purpose"), "missing")
    assert chances(items=everything)["incomplete"] <= WORST
    assert chances(scope="broad")["incomplete"] > usual["incomplete"]
    consulted = chances(prepare=[{"consult": {"to": "cal"}}])
    assert consulted["incomplete"] == pytest.approx(usual["incomplete"] * PRIOR_CONTACT)
    assert chances(prepare=[{"share": {"to": "cal"}}])["incomplete"] < usual["incomplete"]
    assert chances(language="sv")["returned"] == WRONG_LANGUAGE
    assert chances(channel="direct-judicial")["returned"] == WRONG_CHANNEL
    assert chances(instrument="eio", channel="direct-judicial")["returned"] == 1.0
    assert chances(urgent="stamped")["incomplete"] >= usual["incomplete"]


def test_an_answer_and_an_enquiry_help(run) -> None:
    request = sent(run, items={"facts": "missing", "purpose": "missing"})
    thin = request.chances["incomplete"]
    do(run, supplement={"request": "logs"})
    assert request.chances["incomplete"] < thin
    before = request.chances["no-reply"]
    do(run, chase={"request": "logs"})
    assert request.chances["no-reply"] == pytest.approx(before / 2)
    assert any(h.detail.startswith("progress: ") for h in run.happenings)


def test_withdrawing_and_acting_on_what_was_never_sent(run) -> None:
    request = sent(run)
    until(run, 20)
    do(run, withdraw={"request": "logs"})
    assert request.state == "withdrawn"
    do(run, withdraw={"request": "logs"})
    do(run, chase={"request": "never-sent"})
    assert run.request_state("never-sent") == "not sent"
    until(run, 330)
    run.simulation.finish(run.start)
    with pytest.raises(SessionError, match="sent already"):
        sent(run)


def test_support_and_silence_move_wellbeing(case, plan) -> None:
    def after(*supports: str) -> float:
        run = CaseRun(case, seed=7, plan=plan)
        if supports:
            do(run, protect={"person": "deckhand", "by": list(supports)})
        until(run, 95)
        return run.people["deckhand"].wellbeing

    assert after("shelter", "counselling", "information") > after("shelter", "information") > after("shelter") > after()


def test_an_early_interview_harms_more(case, plan) -> None:
    def after(day: float, manner: str, times: int = 1):
        run = CaseRun(case, seed=7, plan=plan)
        until(run, day)
        for _ in range(times):
            do(run, interview={"person": "deckhand", "evidence": "statement", "manner": manner})
        before = run.people["deckhand"].wellbeing
        until(run, day + 8)
        return run, before - run.people["deckhand"].wellbeing

    run, early = after(1, "ordinary")
    assert run.people["deckhand"].interviews[0][2] and run.evidence["statement"].state(run.now) == "obtained"
    _, late = after(40, "ordinary")
    _, gentle = after(40, "specialist")
    _, repeated = after(40, "ordinary", 2)
    assert early > late > gentle and repeated > late


def test_evidence_goes_with_the_person(case, plan) -> None:
    """In some replication the deckhand, unsupported, withdraws; the statement never taken is lost with that."""
    for replication in range(40):
        run = CaseRun(case, seed=5, replication=replication, plan=plan)
        until(run, 330)
        if run.person_state("deckhand") == "withdrawn":
            assert run.evidence["statement"].state(run.now) == "lost"
            do(run, interview={"person": "deckhand", "evidence": "statement"})
            until(run, 330)
            return
    pytest.fail("nobody withdrew in 40 replications at 7 % a month")


def test_circumstances(run) -> None:
    assert run.holds(None) and run.holds(Circumstances())
    assert run.holds(Circumstances(evidence={"terminal-logs": ("pending", "preserved")}))
    assert not run.holds(Circumstances(evidence={"terminal-logs": "obtained"}))
    assert not run.holds(Circumstances(passed=("detention-hearing",)))
    assert run.holds(Circumstances(not_passed=("detention-hearing",), people={"deckhand": "available"}))
    assert not run.holds(Circumstances(evidence_weight=1)) and run.holds(Circumstances(requests={"logs": "not sent"}))


def test_an_exposed_identity_costs_wellbeing(case, plan) -> None:
    exposed = 0
    for replication in range(16):
        run = CaseRun(case, seed=2, replication=replication, plan=plan)
        sent(run, names_victim=True)
        until(run, 31)
        exposed += run.people["deckhand"].exposed
    assert 0 < exposed < 16
