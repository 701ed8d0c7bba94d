"""The debrief: what adds up, what is cited, what is taken home."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from sim import law
from sim.engine.plan import Plan
from sim.errors import MlasimError
from sim.model.loading import Scenario
from sim.record.causes import CAUSES
from sim.training.costliest_decisions import SAME
from sim.training.counterfactuals import alternatives
from sim.training.debrief import citation, debrief, request_lines
from sim.training.debrief_records import Debrief
from sim.training.scoring import points_lost, score, total
from sim.training.session import Session

CARELESS = {
    "first_steps": "letter-now",
    "care": "interview-now",
    "money": "quick-letter",
    "flag_state": "straight-email",
    "landing_papers": "letter-of-request",
    "offer": "everything",
    "progress": "withdraw-registry",
    "after_hearing": "second-interview",
    "going_home": "ticket",
}


@pytest.fixture(scope="module")
def careless(played: Callable[..., Session]) -> Session:
    return played(**CARELESS)


@pytest.fixture(scope="module")
def found(usual: Session) -> Debrief:
    return debrief(usual, replays=0)


@pytest.fixture(scope="module", params=["usual", "careless"])
def session(request: pytest.FixtureRequest) -> Session:
    return request.getfixturevalue(request.param)


def test_what_cannot_be_felt_is_not_taken_home_as_a_loss(session: Session) -> None:
    scores = score(session)
    lost = points_lost(scores)
    assert sum(lost.values()) == pytest.approx(100 - total(scores))
    lessons = debrief(session, replays=0).lessons
    assert lessons
    for lesson in lessons:
        (axis,) = [one for one in scores if one.axis == lesson.axis]
        as_loss = any(reason.text in lesson.text for reason in axis.reasons if not reason.good)
        assert as_loss == (lost[lesson.axis] >= SAME), lesson.text


def test_days_by_cause_add_up(session: Session) -> None:
    lines = request_lines(session)
    assert {line.id for line in lines} == set(session.run.requests)
    finished = [line for line in lines if line.ended is not None]
    assert finished
    for line in finished:
        assert sum(line.days_by_cause.values()) == pytest.approx(line.ended - line.sent, abs=1e-6)
    for line in lines:
        assert set(line.days_by_cause) <= set(CAUSES)
        assert sum(line.days_by_cause.values()) <= session.run.day - line.sent + 1e-6
        assert (line.outcome == "under way") == (line.ended is None)


def test_segments_follow_one_another_within_the_request(session: Session) -> None:
    for line in request_lines(session):
        starts = [segment.start for segment in line.segments]
        assert starts == sorted(starts)
        assert all(segment.start < segment.end for segment in line.segments)
        assert starts[0] == pytest.approx(line.sent)
        last = max(segment.end for segment in line.segments)
        assert last == pytest.approx(line.ended if line.ended is not None else session.run.day)
        assert all(segment.title for segment in line.segments)
        # No stretch of the bar is bare.
        reached = line.sent
        for segment in line.segments:
            assert segment.start <= reached + 1e-6
            reached = max(reached, segment.end)


def test_a_request_under_way_ends_its_bar_today(short: Scenario, short_plan: Plan) -> None:
    begun = Session(short, seed=7, plan=short_plan)
    for option in ("letter-now", "recover-first", "wait"):
        begun.choose(option)
    (line,) = request_lines(begun)
    assert line.ended is None
    assert line.segments[-1].cause == "under way"
    assert line.segments[-1].end == pytest.approx(begun.run.day)
    made = debrief(begun, replays=0)
    assert (made.ended, made.ending, made.ending_title) == (False, "", "The case goes on")
    assert next(s for s in made.scores if s.axis == "outcome").value is None


def test_a_request_sent_this_very_moment_has_no_bar_yet(short: Scenario, short_plan: Plan) -> None:
    begun = Session(short, seed=7, plan=short_plan)
    assert begun.question is not None
    begun.choose("letter-now", stay=True)  # time stands still
    (line,) = request_lines(begun)
    assert line.segments == ()
    assert not any(line.days_by_cause.values())


def test_every_citation_of_the_case_resolves(usual: Session) -> None:
    cites = {
        reference
        for decision in usual.case.decisions.values()
        for option in decision.options.values()
        for reference in option.cites
    }
    assert len(cites) > 20
    for reference in cites:
        made = citation(usual, reference)
        assert made.article.endswith(law.article_of(reference.partition(" ")[2]))
        assert made.says.strip()
        assert made.reference == reference
    with pytest.raises(MlasimError):
        citation(usual, "untoc 99(9)")


def test_every_reason_cites_what_the_library_has(session: Session) -> None:
    made = debrief(session, replays=0)
    cited = [reason.cites for axis in made.scores for reason in axis.reasons if reason.cites]
    cited += [c.cites for line in made.requests for c in line.why if c.cites]
    assert cited
    for reference in cited:
        instrument, _, article = reference.partition(" ")
        assert session.scenario.find("instrument", instrument)
        if article:
            assert citation(session, reference).says


def test_lessons_name_only_what_was_lost(careless: Session) -> None:
    made = debrief(careless, replays=0)
    by_title = {axis.title: axis for axis in made.scores}
    assert len(made.lessons) == 3
    lost = []
    for lesson in made.lessons:
        axis = by_title[lesson.text.partition(": ")[0]]
        assert axis.axis != "outcome"
        assert axis.value is not None
        assert axis.value < 1
        assert any(reason.text in lesson.text for reason in axis.reasons if not reason.good)
        assert not any(reason.text in lesson.text for reason in axis.reasons if reason.good)
        lost.append(axis.weight * (1 - axis.value))
    assert lost == sorted(lost, reverse=True)


def test_every_axis_that_lost_points_says_why(session: Session) -> None:
    for axis in debrief(session, replays=0).scores:
        if axis.value is not None and axis.value < 0.999:
            assert any(not reason.good for reason in axis.reasons), axis.axis


def test_it_is_plain_data(session: Session) -> None:
    made = debrief(session, replays=0)
    again = json.loads(json.dumps(made.to_dict(), allow_nan=False))
    assert again["sha256"] == session.sha256
    assert again["ending"] == session.ending[0]
    assert set(again["endings"]) == set(session.case.endings)
    assert len(again["decisions"]) == len(session.entries)


def test_it_says_what_became_of_evidence_people_and_deadlines(found: Debrief, usual: Session) -> None:
    assert {item["id"]: item["state"] for item in found.evidence} == {
        id_: item.state(usual.run.now) for id_, item in usual.run.evidence.items()
    }
    obtained = {item["id"]: item["obtained day"] for item in found.evidence}
    assert obtained["statement"] == pytest.approx(42)
    assert found.people[0]["state"] == usual.run.person_state("deckhand")
    assert [(d["day"], d["passed"]) for d in found.deadlines] == [(120, True), (330, True)]
    assert found.days == pytest.approx(330)


def test_decisions_are_reviewed_with_what_was_written_about_them(found: Debrief, usual: Session) -> None:
    review = found.decisions[0]
    assert (review.id, review.chosen, review.day) == ("first-steps", "preserve-first", 1)
    assert set(review.texts) == {"preserve-first", "letter-now", "gather-first"}
    assert [alternative.option for alternative in review.alternatives] == list(review.texts)
    assert all(not alternative.plays for alternative in review.alternatives)
    assert review.remark == usual.case.decisions["first-steps"].options["preserve-first"].remark
    days = [decision.day for decision in found.decisions]
    assert days == sorted(days)


def test_text_for_a_terminal(found: Debrief) -> None:
    text = str(found)
    assert found.title in text
    assert found.ending_title in text
    assert f"Score {found.total:.0f} of 100" in text
    assert all(str(lesson) in text for lesson in found.lessons)


def test_with_replays(short: Scenario, short_plan: Plan) -> None:
    begun = Session(short, seed=7, plan=short_plan).choose("gather-first")
    heard: list[tuple[int, int]] = []
    made = begun.debrief(replays=1, progress=lambda done, of: heard.append((done, of)))
    assert made.replays == 1
    plays = 3 + len(made.strategies)
    assert heard == [(done, plays) for done in range(1, plays + 1)]
    assert made.skill_and_luck is None, "nothing is claimed from one replay"
    assert [len(a.plays) for a in made.decisions[0].alternatives] == [1, 1, 1]
    assert len(alternatives(begun)) == 3
