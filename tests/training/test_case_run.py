"""What the trainee's actions do to requests, evidence and people."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from pydantic import ValidationError

from sim.case import expiry, request_chances
from sim.case.evidence import EvidenceInCase
from sim.case.people import MONTH, PersonInCase
from sim.case.request_chances import FULL, chances
from sim.case.requests import LetterRequest, TracedRequest
from sim.case.run import CaseRun
from sim.case.trust import NEUTRAL, Relation
from sim.engine.plan import Plan
from sim.errors import SessionError
from sim.model import events
from sim.model.case import Circumstances, EvidenceItem, Person
from sim.model.durations import DAY
from sim.model.loading import Scenario, copied_data, with_data
from sim.model.procedure import Procedure, Stage
from tests.training.behaviour import CONDUCT, EXPIRY, PEOPLE, TRUST
from tests.training.letters import do, letter, told

USUAL = {"incomplete": 0.4, "returned": 0.1, "no-reply": 0.2, "refused": 0.05}


# Chances


@pytest.fixture(scope="module")
def weigh(short: Scenario) -> Callable[..., dict[str, float]]:
    """The chances of a letter; ``usual``, ``relation`` and ``chased`` by keyword, the rest is the letter's."""

    def weigh(
        usual: dict[str, float] = USUAL,
        relation: Relation | None = None,
        chased: bool = False,
        why: list | None = None,
        **more: Any,
    ) -> dict[str, float]:
        spec = letter(**more)
        items = FULL | dict(spec.items)
        found, reasons = chances(short, spec, items, "lys", usual, relation or Relation(TRUST), chased)
        if why is not None:
            why += reasons
        assert all(0 <= value <= 1 for value in found.values())
        assert found.keys() == usual.keys()
        assert all(reason.provision is not None and reason.because for reason in reasons)
        return found

    return weigh


def test_a_good_letter_is_asked_back_half_as_often(weigh) -> None:
    why: list = []
    assert weigh(why=why) == {**USUAL, "incomplete": USUAL["incomplete"] * CONDUCT.complete_contents}
    assert [reason.because for reason in why] == ["all contents are there"]


def test_every_gap_makes_questions_likelier_and_is_named(weigh) -> None:
    before = weigh()["incomplete"]
    worse = [{"facts": "partial"}, {"facts": "missing"}, {"facts": "missing", "purpose": "missing"}]
    for items in worse:
        why: list = []
        after = weigh(items=items, why=why)["incomplete"]
        assert before < after <= CONDUCT.worst_contents
        assert all(name in why[0].because for name in items)
        before = after
    assert weigh(items=dict.fromkeys(FULL, "missing"))["incomplete"] == pytest.approx(CONDUCT.worst_contents)


def test_too_broad_a_request_is_asked_back(weigh) -> None:
    assert weigh(scope="broad")["incomplete"] == pytest.approx(weigh()["incomplete"] + CONDUCT.overbroad)


def test_prior_contact_spares_questions_and_returns(weigh) -> None:
    found = weigh(relation=Relation(TRUST, consulted=True))
    assert found["incomplete"] == pytest.approx(weigh()["incomplete"] * CONDUCT.prior_contact)
    assert found["returned"] == pytest.approx(USUAL["returned"] * CONDUCT.prior_contact)


def test_sharing_spares_questions(weigh) -> None:
    found = weigh(relation=Relation(TRUST, shared=True))
    assert found["incomplete"] == pytest.approx(weigh()["incomplete"] * CONDUCT.spontaneous)
    assert found["returned"] == USUAL["returned"]


def test_asking_for_progress_halves_silence(weigh) -> None:
    assert weigh(chased=True)["no-reply"] == pytest.approx(USUAL["no-reply"] * CONDUCT.chased)


def test_a_stamp_without_reasons_is_a_gap(weigh) -> None:
    why: list = []
    assert weigh(urgent="stamped", why=why)["incomplete"] > weigh(urgent="no")["incomplete"]
    assert "deadline and its reasons" in why[0].because


@pytest.mark.parametrize("usual", [USUAL, {"refused": 0.05}], ids=["letter", "order, which knows no return"])
def test_a_letter_that_cannot_be_taken_comes_back(weigh, usual: dict[str, float]) -> None:
    back = "returned" if "returned" in usual else "refused"
    assert weigh(usual, language="sv")[back] == CONDUCT.wrong_language
    assert weigh(usual, channel="diplomatic", to="nor", instrument="eio", language="fr")[back] == CONDUCT.wrong_channel
    assert weigh(usual, instrument="eio")[back] == 1.0
    both = weigh(usual, to="tar", language="en", measures=["company-records"])
    assert both[back] == CONDUCT.wrong_language
    assert weigh({**usual, back: 0.97}, language="sv")[back] == 0.97


def test_a_procedure_without_these_chances_is_left_alone(weigh) -> None:
    prepared = Relation(TRUST, consulted=True, shared=True)
    assert weigh({}, prepared, True, scope="broad", items={"facts": "missing"}, language="sv") == {}


def test_usual_chances_are_those_of_the_corridor(short: Scenario) -> None:
    procedure = short.find("procedure", "letter-of-request")
    own = short.world.jurisdictions["cal"].chances
    assert own
    assert request_chances.usual_chances(short, procedure, "cal") == {**procedure.chances, **own}
    assert request_chances.usual_chances(short, procedure, "nowhere") == dict(procedure.chances)


# Evidence alone


def item(erased_at: int | None = 100, **more: Any) -> EvidenceInCase:
    content = {"title": "Logs", "type": "traffic-data", "at": "cal", "holder": "Provider", "age": "0 days", **more}
    return EvidenceInCase("logs", EvidenceItem.model_validate(content), EXPIRY, erased_at)


def test_evidence_exists_until_it_is_erased_or_while_it_is_preserved() -> None:
    logs = item()
    assert (logs.exists(99), logs.exists(100)) == (True, False)
    logs.preserved_until = 200
    assert (logs.exists(199), logs.exists(200)) == (True, False)
    assert (logs.state(199), logs.state(200)) == ("preserved", "pending")
    logs.lost_at = 150
    assert not logs.exists(50)
    assert logs.state(199) == "lost"
    assert item(None).exists(10**12)


def test_what_is_obtained_stays_obtained() -> None:
    logs = item()
    logs.obtained_at, logs.lead_only = 50, True
    assert logs.state(500) == "lead only"
    logs.lead_only = False
    assert logs.state(500) == "obtained"


def test_length_of_a_preservation() -> None:
    assert item().preservation == EXPIRY.preservation
    origins = {"all": "assumption: a test"}
    assert item(**{"preserved for": "90 days", "origins": origins}).preservation == 90 * DAY


# People alone


def person(wellbeing: float = 0.5, rate: float = 0.1, reflection: str | None = "30 days") -> PersonInCase:
    content = {
        "title": "Somebody",
        "role": "victim-witness",
        "at": "lys",
        "wellbeing": wellbeing,
        "withdrawal per month": rate,
        "origins": {"all": "assumption: a test"},
    }
    if reflection is not None:
        content["reflection"] = reflection
    return PersonInCase.of("somebody", Person.model_validate(content), PEOPLE)


@pytest.mark.parametrize(
    ("supports", "change"),
    [
        ((), PEOPLE.silence),
        (("information",), 0.0),
        (("shelter",), PEOPLE.supported / 2 + PEOPLE.silence),
        (("counselling", "information"), PEOPLE.supported / 2),
        (("shelter", "counselling", "information"), PEOPLE.supported),
        (("relocation",), PEOPLE.silence),
    ],
)
def test_a_month_with_and_without_support(supports: Iterable[str], change: float) -> None:
    somebody = person()
    somebody.supports = set(supports)
    assert not somebody.month_passes(lambda month: 0.999)
    assert somebody.wellbeing == pytest.approx(0.5 + change)


def test_who_is_well_withdraws_less() -> None:
    for wellbeing, hazard in ((0.52, 0.1), (1.0, 0.004), (0.02, 0.2)):  # a silent month takes 0.02
        somebody = person(wellbeing)
        assert somebody.month_passes({1: hazard * 0.99}.__getitem__)
        assert not person(wellbeing).month_passes({1: hazard * 1.01}.__getitem__)
        somebody.withdrawn_at = 0
        assert not somebody.month_passes({}.__getitem__)
        assert not somebody.available


def test_wellbeing_stays_between_nought_and_one() -> None:
    somebody = person(0.95)
    somebody.change(0.2)
    assert somebody.wellbeing == 1.0
    somebody.change(-3)
    assert somebody.wellbeing == 0.0


HARM = {
    "specialist": PEOPLE.specialist_interview,
    "video-recorded": PEOPLE.recorded_interview,
    "ordinary": PEOPLE.ordinary_interview,
}


@pytest.mark.parametrize("manner", HARM)
def test_interviews_harm_and_more_within_the_reflection_period(manner: str) -> None:
    early, late = person(), person()
    early.interview(30 * DAY - 1, 0, manner)
    late.interview(30 * DAY, 0, manner)
    assert early.wellbeing == pytest.approx(0.5 + HARM[manner] + PEOPLE.pressed)
    assert late.wellbeing == pytest.approx(0.5 + HARM[manner])
    late.interview(60 * DAY, 0, manner)
    assert late.wellbeing == pytest.approx(0.5 + 3 * HARM[manner])
    assert [early for *_, early in late.interviews] == [False, False]
    without = person(reflection=None)
    without.interview(0, 0, manner)
    assert without.interviews == [(0, manner, False)]


# A run


@pytest.fixture(scope="module")
def story(short: Scenario) -> Scenario:
    """The case with evidence that depends on a person abroad, and without chance in retention."""
    data = copied_data(short)
    case = data["case", "silent-harbour"]
    case["evidence"]["terminal-logs"]["retention"] = "90 days"
    case["evidence"]["diary"] = {
        "title": "The deckhand's diary",
        "type": "witness-statement",
        "at": "cal",
        "holder": "A friend in Calden",
        "age": "0 days",
        "person": "deckhand",
    }
    return with_data(short, data)


@pytest.fixture(scope="module")
def story_plan(story: Scenario) -> Plan:
    from sim.case.plan import compile_case

    return compile_case(story)


@pytest.fixture
def run(story: Scenario, story_plan: Plan) -> CaseRun:
    return CaseRun(story, seed=7, plan=story_plan)


def pass_days(run: CaseRun, days: float) -> None:
    run.advance(round(run.start + days * DAY))


def executed(run: CaseRun, request: str) -> TracedRequest:
    """The request's measures have just been carried out."""
    traced = run.requests[request]
    run._on_notice(traced, "took", "execution", run.now)
    return traced


def left(run: CaseRun, request: str, outcome: str) -> None:
    """The request has come to its end, and is out of the world."""
    traced = run.requests[request]
    run.simulation.withdraw(traced.token)
    run._on_notice(traced, "left", outcome, run.now)


def test_what_nobody_preserves_is_erased_when_its_time_is_over(run: CaseRun) -> None:
    pass_days(run, 49.9)
    assert run.evidence["terminal-logs"].state(run.now) == "pending"
    pass_days(run, 50.1)
    assert run.evidence["terminal-logs"].state(run.now) == "lost"
    assert [of for of, _ in told(run, events.EvidenceLost)] == ["terminal-logs"]
    pass_days(run, 0)
    run.advance(run.end + 100)
    assert run.now == run.end
    assert run.evidence["payments"].state(run.now) == "pending"


def test_what_is_older_than_its_retention_is_there_for_a_day(story: Scenario) -> None:
    data = copied_data(story)
    data["case", "silent-harbour"]["evidence"]["terminal-logs"]["age"] = "400 days"
    aged = CaseRun(with_data(story, data), seed=1)
    assert aged.evidence["terminal-logs"].erased_at == aged.start + DAY


def test_a_preservation_begins_warns_expires_and_can_be_renewed(run: CaseRun) -> None:
    do(run, preserve={"evidence": "terminal-logs", "channel": "contact-24-7"})
    logs = run.evidence["terminal-logs"]
    while not logs.preserved(run.now):
        run.advance(run.now + DAY)
        assert run.day < 30
    first = logs.preserved_until
    assert first is not None
    assert told(run, events.Preserved) == [("terminal-logs", 90)]
    assert run.request_state("preserve-terminal-logs") == "executed"
    run.advance(first - EXPIRY.warning + 1)
    assert told(run, events.PreservationExpires) == [("terminal-logs", 14)]
    do(run, renew={"evidence": "terminal-logs", "channel": "contact-24-7"})
    run.advance(first - 1)
    assert "preserve-terminal-logs-2" in run.requests
    second = logs.preserved_until
    assert second > first
    run.advance(first + 1)
    assert logs.state(run.now) == "preserved"
    run.advance(second + 1)
    assert logs.state(run.now) == "lost"
    do(run, preserve={"evidence": "terminal-logs", "channel": "contact-24-7"})
    left(run, "preserve-terminal-logs-3", "executed")
    assert ("terminal-logs",) in told(run, events.NothingToPreserve)


def test_a_preservation_that_ends_before_the_retention_leaves_the_evidence(run: CaseRun) -> None:
    logs = run.evidence["terminal-logs"]
    logs.erased_at = run.start + 200 * DAY
    logs.preserved_until = run.start + 10 * DAY
    pass_days(run, 11)
    expiry._expire(run, "terminal-logs", logs.preserved_until)
    assert logs.state(run.now) == "pending"


def test_a_short_preservation_says_how_short_it_is(story: Scenario) -> None:
    data = copied_data(story)
    data["case", "silent-harbour"]["evidence"]["terminal-logs"]["preserved for"] = "5 days"
    brief = CaseRun(with_data(story, data), seed=1)
    expiry.preserve(brief, "terminal-logs")
    brief.advance(brief.now + 1)
    assert told(brief, events.PreservationExpires) == [("terminal-logs", 5)]


def test_a_preservation_that_fails_is_told(run: CaseRun) -> None:
    do(run, preserve={"evidence": "terminal-logs", "channel": "contact-24-7"})
    left(run, "preserve-terminal-logs", "refused: sovereignty-or-security")
    assert told(run, events.PreservationFailed)[-1][1].startswith("refused")
    assert run.evidence["terminal-logs"].state(run.now) == "pending"


def test_a_copy_taken_in_time_survives_erasure_and_is_obtained(run: CaseRun) -> None:
    do(run, send=letter())
    traced = executed(run, "a-letter")
    assert traced.chances["nothing-found"] == 0, "what has been taken is there"
    expiry.erase(run, "terminal-logs")
    assert run.evidence["terminal-logs"].state(run.now) == "pending"
    left(run, "a-letter", "executed")
    assert told(run, events.EvidenceObtained) == [("terminal-logs", "a-letter")]
    assert run.weight_obtained() == 4
    assert run.request_state("a-letter") == "executed"
    expiry._warn(run, "terminal-logs", 0)
    assert told(run, events.EvidenceLost) == []


@pytest.mark.parametrize("how", ["withdrawn", "refused: ne-bis-in-idem", "lapsed"])
def test_a_copy_that_never_comes_is_gone_with_the_original(run: CaseRun, how: str) -> None:
    do(run, send=letter())
    executed(run, "a-letter")
    run.evidence["terminal-logs"].erased_at = run.now
    expiry.erase(run, "terminal-logs")
    if how == "withdrawn":
        do(run, withdraw={"request": "a-letter"})
        do(run, withdraw={"request": "a-letter"})
        assert told(run, events.Finished) == [("a-letter", "withdrawn", True)]
    else:
        left(run, "a-letter", how)
    assert run.evidence["terminal-logs"].state(run.now) == "lost"
    assert told(run, events.Refused) == ([("a-letter", how.partition(": ")[2])] if how.startswith("refused") else [])
    assert run.request_state("a-letter") == how.split(":")[0]


def test_another_request_may_still_hold_a_copy(run: CaseRun) -> None:
    do(run, send=letter())
    do(run, send=letter(id="b-letter"))
    executed(run, "a-letter")
    executed(run, "b-letter")
    run.evidence["terminal-logs"].erased_at = run.now
    do(run, withdraw={"request": "b-letter"})
    assert told(run, events.EvidenceLost) == []
    left(run, "a-letter", "executed")
    assert run.evidence["terminal-logs"].state(run.now) == "obtained"


def test_nothing_is_found_where_nothing_is_left(run: CaseRun) -> None:
    do(run, send=letter())
    logs = run.evidence["terminal-logs"]
    executed(run, "a-letter")
    logs.erased_at = run.now
    assert executed(run, "a-letter").chances["nothing-found"] == 1.0
    assert logs.secured_by is None
    logs.secured_by = "another"
    executed(run, "a-letter")
    assert logs.secured_by == "another"
    left(run, "a-letter", "no result")
    assert told(run, events.EvidenceObtained) == []
    assert run.evidence["terminal-logs"].state(run.now) == "pending"


def test_partly_executed_brings_part(run: CaseRun) -> None:
    do(run, send=letter(evidence=["terminal-logs", "payments"]))
    executed(run, "a-letter")
    left(run, "a-letter", "executed in part")
    assert told(run, events.EvidenceObtained) == [("payments", "a-letter")]
    assert run.evidence["terminal-logs"].secured_by is None
    assert told(run, events.Executed) == [("a-letter", True)]


@pytest.mark.parametrize(("urgent", "state"), [("with reasons", "obtained"), ("stamped", "lead only")])
def test_a_formal_request_through_interpol_yields_evidence(run: CaseRun, urgent: str, state: str) -> None:
    do(run, send=letter(channel="interpol", urgent=urgent))
    executed(run, "a-letter")
    left(run, "a-letter", "executed")
    assert run.evidence["terminal-logs"].state(run.now) == state


def test_a_lead_becomes_evidence_when_a_letter_repeats_it(run: CaseRun) -> None:
    do(run, send=letter(channel="interpol", urgent="stamped"))
    executed(run, "a-letter")
    left(run, "a-letter", "executed")
    logs = run.evidence["terminal-logs"]
    assert logs.state(run.now) == "lead only"
    assert run.weight_obtained() == 0
    do(run, send=letter(id="b-letter"))
    executed(run, "b-letter")
    left(run, "b-letter", "executed")
    assert logs.state(run.now) == "obtained"
    do(run, send=letter(id="c-letter", channel="interpol", urgent="stamped"))
    executed(run, "c-letter")
    left(run, "c-letter", "executed")
    assert logs.state(run.now) == "obtained"
    assert len(told(run, events.EvidenceObtained)) == 2


def withdraw_person(run: CaseRun) -> None:
    run.people["deckhand"].wellbeing = 0.0
    run.simulation.draw = lambda *name: 0.0  # type: ignore[method-assign]
    expiry._month(run, "deckhand")


def test_what_depends_on_a_person_is_lost_when_they_withdraw(run: CaseRun) -> None:
    withdraw_person(run)
    assert run.person_state("deckhand") == "withdrawn"
    assert told(run, events.PersonWithdrew) == [("deckhand",)]
    assert {of for of, _ in told(run, events.EvidenceLost)} == {"statement", "diary"}
    do(run, send=letter(measures=["witness-statement"], evidence=["diary"]))
    assert executed(run, "a-letter").chances["nothing-found"] == 1.0
    do(run, interview={"person": "deckhand", "evidence": "statement", "manner": "specialist"})
    run.advance(run.now + PEOPLE.interview_takes + 1)
    assert told(run, events.InterviewImpossible) == [("deckhand",)]
    assert run.evidence["statement"].state(run.now) == "lost"


@pytest.mark.parametrize(
    ("manner", "asked", "state"),
    [("ordinary", True, "excluded"), ("video-recorded", True, "obtained"), ("ordinary", False, "obtained")],
)
def test_words_that_nobody_can_question_are_left_out(run: CaseRun, manner: str, asked: bool, state: str) -> None:
    """Where a case asks for it: a recording stands in for the person who no longer takes part, a written record not."""
    statement = run.evidence["statement"]
    statement.record = statement.record.model_copy(update={"confrontation": asked})
    do(run, interview={"person": "deckhand", "evidence": "statement", "manner": manner})
    run.advance(run.now + PEOPLE.interview_takes + 1)
    assert statement.state(run.now) == "obtained"
    withdraw_person(run)
    assert statement.state(run.now) == state
    assert told(run, events.EvidenceUntested) == ([("statement",)] if state == "excluded" else [])
    assert run.weight_obtained() == (0 if state == "excluded" else statement.worth)


def test_only_words_of_a_person_can_be_questioned() -> None:
    with pytest.raises(ValidationError, match="nobody to question"):
        EvidenceItem.model_validate(
            {"title": "A ledger", "type": "bank-records", "at": "kow", "holder": "A bank", "age": "1 day"}
            | {"confrontation": True}
        )


@pytest.mark.parametrize(("outcome", "state"), [("executed", "obtained"), ("lapsed", "lost")])
def test_what_was_taken_down_before_they_withdrew_is_kept_if_it_comes(run: CaseRun, outcome: str, state: str) -> None:
    do(run, send=letter(measures=["witness-statement"], evidence=["diary"]))
    executed(run, "a-letter")
    withdraw_person(run)
    assert run.evidence["diary"].state(run.now) == "pending"
    left(run, "a-letter", outcome)
    assert run.evidence["diary"].state(run.now) == state
    assert (("diary", "person withdrew") in told(run, events.EvidenceLost)) == (state == "lost")


def test_an_interview_takes_a_week_and_brings_the_statement(run: CaseRun) -> None:
    do(run, interview={"person": "deckhand", "evidence": "statement", "manner": "ordinary"})
    run.advance(run.now + PEOPLE.interview_takes - 1)
    assert run.evidence["statement"].state(run.now) == "pending"
    run.advance(run.now + 2)
    assert run.evidence["statement"].state(run.now) == "obtained"
    assert run.people["deckhand"].interviews[0][2]
    do(run, interview={"person": "deckhand", "evidence": "statement", "manner": "ordinary"})
    run.advance(run.now + PEOPLE.interview_takes + 1)
    assert len(run.people["deckhand"].interviews) == 2
    assert told(run, events.EvidenceObtained) == [("statement", "interview")]


def test_months_pass_for_people(run: CaseRun) -> None:
    do(run, protect={"person": "deckhand", "by": ["shelter", "counselling", "information"]})
    run.simulation.draw = lambda *name: 0.999  # type: ignore[method-assign]
    run.advance(run.start + 3 * MONTH + 1)
    assert run.people["deckhand"].months == 3
    assert run.people["deckhand"].wellbeing == pytest.approx(0.5 + 3 * PEOPLE.supported)


@pytest.mark.parametrize(("draw", "known"), [(0.24, True), (0.26, False)])
def test_an_identity_in_clear_may_become_known(run: CaseRun, draw: float, known: bool) -> None:
    run.simulation.draw = lambda *name: draw if name[0] == "leak" else 0.999  # type: ignore[method-assign]
    do(run, send=letter(names_victim=True))
    before = run.people["deckhand"].wellbeing
    run.advance(run.now + 2 * MONTH + 1)  # it has left the house by then
    assert run.people["deckhand"].exposed is known
    assert run.people["deckhand"].wellbeing == pytest.approx(before + 2 * PEOPLE.silence + known * PEOPLE.exposed)
    expiry._expose(run)
    expiry._expose(run)
    assert run.people["deckhand"].wellbeing == pytest.approx(before + 2 * PEOPLE.silence + PEOPLE.exposed)


def test_preparation_counts_for_a_letter_already_sent(run: CaseRun) -> None:
    do(run, send=letter())
    do(run, send=letter(id="other", to="kow", evidence=["payments"], measures=["bank-records"]))
    before, other = run.requests["a-letter"].chances["incomplete"], dict(run.requests["other"].chances)
    do(run, consult={"to": "cal"})
    do(run, share={"to": "cal", "conditions": False})
    run.advance(run.now + 1)
    relation = run.relation("cal")
    assert (relation.consulted, relation.shared) == (True, True)
    assert [step.because for step in relation.steps] == ["consulted", "shared"]
    factor = CONDUCT.prior_contact * CONDUCT.spontaneous * (1 - CONDUCT.trusted * (relation.trust - NEUTRAL))
    assert run.requests["a-letter"].chances["incomplete"] == pytest.approx(before * factor)
    assert run.requests["other"].chances == other
    assert told(run, events.Consulted, events.InformationShared) == [("cal",), ("cal", False)]
    do(run, share={"to": "kow"})
    assert told(run, events.InformationShared)[-1] == ("kow", True)


def test_an_answer_mends_a_letter(run: CaseRun) -> None:
    do(run, send=letter(items={"facts": "missing", "purpose": "partial"}))
    traced = run.requests["a-letter"]
    chances = [traced.chances["incomplete"]]
    do(run, supplement={"request": "a-letter", "items": {"facts": "full"}})
    chances.append(traced.chances["incomplete"])
    do(run, supplement={"request": "a-letter"})
    chances.append(traced.chances["incomplete"])
    assert chances == sorted(chances, reverse=True)
    assert len(set(chances)) == 3
    assert told(run, events.Supplemented) == [("a-letter",)] * 2


def test_chasing_tells_where_it_stands(run: CaseRun) -> None:
    do(run, send=letter())
    silence = run.requests["a-letter"].chances["no-reply"]
    do(run, chase={"request": "a-letter"})
    assert run.requests["a-letter"].chances["no-reply"] == pytest.approx(
        silence * CONDUCT.chased * (1 + CONDUCT.trusted * 0.04)
    ), "chased too soon, which costs a little trust"
    assert told(run, events.ProgressTold) == [("a-letter", "drafting")]


def test_nothing_happens_to_a_request_that_is_not_there_or_over(run: CaseRun) -> None:
    before = list(run.events)
    for request in ("never-sent", "a-letter"):
        for action in ("chase", "supplement", "withdraw"):
            do(run, **{action: {"request": request}})
        assert run.events == before
        if request == "never-sent":
            assert run.request_state(request) == "not sent"
            do(run, send=letter())
            left(run, "a-letter", "executed")
            before = list(run.events)
    do(run, consult={"to": "cal"})
    sent = len(run.simulation.log.names)
    do(run, send=letter())
    assert isinstance(run.events[-1], events.SentAlready) and len(run.simulation.log.names) == sent


def test_what_befalls_a_request_on_its_way_is_told(run: CaseRun) -> None:
    do(run, send=letter())
    traced = run.requests["a-letter"]
    steps = [
        ("began", "drafting", None),
        ("began", "transmission", "sent"),
        ("began", "transmission", None),
        ("began", "receipt", None),
        ("ended", "receipt", None),
        ("began", "sent-back", None),
        ("began", "receipt", None),
        ("began", "no-answer", None),
        ("began", "receipt", None),
        ("began", "desk", "acknowledged"),
        ("began", "receipt", None),
        ("began", "desk", None),
        ("began", "supplement", "question"),
        ("began", "postponed", "postponed"),
        ("began", "drafting", "returned"),
        ("ended", "drafting", None),
        ("something else", "drafting", None),
    ]
    for what, stage, event in steps:
        count = len(run.events)
        run._on_notice(traced, what, stage, run.now)
        assert [event.name for event in run.events[count:]] == ([event] if event else [])
    left(run, "a-letter", "returned unregistered")
    assert [event.name for event in run.events[-2:]] == ["returned", "finished"]


def test_the_run_tells_each_happening_once_and_in_order(story: Scenario, story_plan: Plan) -> None:
    heard: list[events.Event] = []
    run = CaseRun(story, seed=3, plan=story_plan, on_event=heard.append)
    do(run, send=letter())
    run.advance()
    assert heard == run.events
    assert [h.moment for h in heard] == sorted(h.moment for h in heard)
    assert "deadline" in {event.name for event in heard}
    assert run.simulation.log.events == heard


def test_circumstances(run: CaseRun) -> None:
    def holds(**content: Any) -> bool:
        what = {key.replace("_", " "): value for key, value in content.items()}
        return run.holds(Circumstances.model_validate(what))

    assert run.holds(None)
    assert holds()
    assert holds(evidence={"terminal-logs": "pending"}, people={"deckhand": "available"})
    assert holds(evidence={"terminal-logs": ["lost", "pending"]})
    assert not holds(evidence={"terminal-logs": "lost"})
    assert not holds(people={"deckhand": "withdrawn"})
    assert holds(requests={"logs": "not sent"})
    assert not holds(requests={"logs": ["under way", "executed"]})
    assert holds(not_passed=["detention-hearing"])
    assert not holds(passed=["detention-hearing"])
    pass_days(run, 120)
    assert holds(passed=["detention-hearing"])
    assert not holds(not_passed=["detention-hearing"])
    assert holds(evidence_weight=0)
    assert not holds(evidence_weight=1)


def test_a_world_has_no_run(case: Scenario) -> None:
    import sim

    with pytest.raises(SessionError, match="is a world, not a case"):
        CaseRun(sim.load("meridian"), seed=1)


ORIGIN = {"origins": {"all": "assumption: a test"}}


def test_stages_are_announced_by_what_the_procedure_says_and_not_by_their_names(run: CaseRun) -> None:
    graph = Procedure.model_validate(
        {
            "format": 1,
            "kind": "procedure",
            "id": "by-pigeon",
            "title": "By pigeon",
            "start": "loft",
            "stages": {
                "loft": {
                    **ORIGIN,
                    "takes": "1 day",
                    "side": "requesting",
                    "announces again": "returned",
                    "then": "flight",
                },
                "flight": {**ORIGIN, "takes": "1 day", "side": "requested", "announces": "sent", "then": "perch"},
                "perch": {**ORIGIN, "takes": "1 day", "side": "requested", "announces": "acknowledged", "then": "home"},
                "home": {"end": "executed"},
            },
        }
    )
    request = LetterRequest("bird", **run.begun(graph, "cal"), spec=letter(id="bird"))
    run.requests["bird"] = request
    for stage in ("loft", "flight", "flight", "perch", "loft", "flight", "perch"):
        run._on_notice(request, "began", stage, run.now)
    assert [event.name for event in run.events if event.about == "bird"] == ["sent", "acknowledged", "returned"]


def test_a_stage_announces_what_befalls_requests_only() -> None:
    with pytest.raises(ValidationError, match="'evidence-lost' befalls no request: it is about evidence"):
        Stage.model_validate({"takes": "1 day", "then": "on", "announces": "evidence-lost", **ORIGIN})
