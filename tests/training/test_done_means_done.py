"""One step of a measure takes what was asked for; the others say what they are, and what did not come says why."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

import sim
from sim.case import expiry
from sim.case.requests import LetterRequest
from sim.case.run import CaseRun
from sim.engine.log import Activity
from sim.engine.plan import Plan
from sim.model import events
from sim.model.action import Action
from sim.model.actions import SendRequest
from sim.model.durations import DAY
from sim.model.loading import Scenario, copied_data, load, with_data
from sim.model.measure import Measure
from sim.model.natures import NATURES, NatureName
from sim.training.messages import message_of
from sim.training.players import Scripted, finish
from sim.training.scoring import put_to_them, score
from sim.training.session import Session
from sim.training.session_records import Entry
from tests.training import letters

LETTER = {**letters.LETTER, "id": "logs"}


def sent(run: CaseRun, **more: Any) -> LetterRequest:
    run.perform(Action(content=SendRequest.model_validate({**LETTER, **more})))
    request = run.requests["logs"]
    assert isinstance(request, LetterRequest)
    return request


def taken(run: CaseRun, request: LetterRequest, measure: str = "traffic-data") -> None:
    """The step of a measure that takes what was asked for is over."""
    step = Activity("execution/1", "execution", "The provider answers", "case", -1, "", "", "work", -1, measure)
    run._on_notice(request, "took", "execution", run.now, step)


def test_every_measure_of_the_library_says_which_step_takes_what_was_asked_for() -> None:
    for measure in load("meridian").measures.values():
        assert [step.secures for step in measure.steps].count(True) == 1, measure.id
        assert measure.steps[measure.securing].secures


def test_where_no_step_says_so_the_last_one_takes_it_and_two_cannot() -> None:
    plain = {"title": "A step", "takes": "1 day", "origins": {"all": "assumption: made"}}
    about = {
        "format": 1,
        "kind": "measure",
        "id": "m",
        "title": "M",
        "coercive": False,
        "yields": "m",
        "source": "a test",
    }
    assert Measure.model_validate({**about, "steps": [plain, plain]}).securing == 1
    assert Measure.model_validate({**about, "steps": [{**plain, "secures": True}, plain]}).securing == 0
    with pytest.raises(ValidationError, match="is taken once"):
        Measure.model_validate({**about, "steps": [{**plain, "secures": True}] * 2})


@pytest.fixture(scope="module")
def journeys(short: Scenario, short_plan: Plan) -> list[tuple[CaseRun, LetterRequest]]:
    """The same letter with the luck of thirty seeds; what it asks for is never deleted."""
    data = copied_data(short)
    data["case", short.id]["evidence"]["terminal-logs"].pop("retention", None)
    kept = with_data(short, data)
    found = []
    for seed in range(30):
        run = CaseRun(kept, seed=seed)
        request = sent(run)
        while request.outcome is None and run.now < run.end:
            run.advance(run.now + DAY)
        found.append((run, request))
    return found


def test_nothing_is_secured_before_the_step_that_takes_it(journeys: list[tuple[CaseRun, LetterRequest]]) -> None:
    before, after = set(), set()
    for run, request in journeys:
        done = [event.moment for event in run.events if isinstance(event, events.CarriedOut)]
        for event in run.events:
            if isinstance(event, events.ExecutionStep):
                assert event.taken == bool(done and done[0] <= event.moment)
                (after if event.taken else before).add(event.step)
        assert bool(done) == bool(request.secured)
    assert before == {"The application is written", "The court decides"}
    assert not after, "the provider's answer is the last step"


def test_nobody_hears_that_it_is_done_and_then_that_there_was_nothing(
    journeys: list[tuple[CaseRun, LetterRequest]],
) -> None:
    ends = [
        (bool(request.secured), request.outcome.kind, request.outcome.ground)
        for _, request in journeys
        if request.outcome is not None
    ]
    assert (True, "executed", "") in ends
    assert not any(secured and kind == "no result" for secured, kind, _ in ends)
    assert not any(kind.startswith("executed") and not secured for secured, kind, _ in ends)


def test_a_preservation_that_ends_while_the_letter_is_carried_out_is_told(short: Scenario, short_plan: Plan) -> None:
    run = CaseRun(short, seed=1, plan=short_plan)
    request = sent(run)
    step = Activity("execution/1", "execution", "The court decides", "case", -1, "", "", "work", -1, "traffic-data")
    run._on_notice(request, "ended", "execution", run.now, step)
    expiry.preserve(run, "terminal-logs")
    until = run.evidence["terminal-logs"].preserved_until
    assert until is not None
    request.outcome = None
    run.simulation.withdraw(request.token)
    run.advance(until - run.behaviour.expiry.warning + 1)
    warned = [event for event in run.events if isinstance(event, events.PreservationExpires)]
    assert [event.days for event in warned] == [run.behaviour.expiry.warning // DAY]


def test_a_copy_given_up_shortly_before_the_end_of_a_preservation_is_told(short: Scenario, short_plan: Plan) -> None:
    run = CaseRun(short, seed=1, plan=short_plan)
    request = sent(run)
    expiry.preserve(run, "terminal-logs")
    request.found = True
    taken(run, request)
    until = run.evidence["terminal-logs"].preserved_until
    assert until is not None
    run.simulation.withdraw(request.token)
    run.advance(until - 3 * DAY)
    assert not any(isinstance(event, events.PreservationExpires) for event in run.events)
    run._on_notice(request, "left", "refused: ne-bis-in-idem", run.now)
    assert [event.days for event in run.events if isinstance(event, events.PreservationExpires)] == [3]


def test_each_of_several_measures_takes_what_it_yields(short: Scenario, short_plan: Plan) -> None:
    run = CaseRun(short, seed=1, plan=short_plan)
    request = sent(run, measures=["traffic-data", "bank-records"], evidence=["terminal-logs", "payments"])
    request.found = True
    taken(run, request, "bank-records")
    assert request.secured == {"payments"}
    taken(run, request, "traffic-data")
    assert request.secured == {"payments", "terminal-logs"}


@pytest.mark.parametrize(("state", "why"), [("there", "not found"), ("lost", "gone")])
def test_no_result_carries_its_reason(short: Scenario, short_plan: Plan, state: str, why: str) -> None:
    run = CaseRun(short, seed=1, plan=short_plan)
    request = sent(run)
    request.found = False
    if state == "lost":
        expiry.erase(run, "terminal-logs")
    taken(run, request)
    assert request.chances["nothing-found"] == 1
    run.weigh(request)
    assert request.chances["nothing-found"] == 1, "no enquiry brings back what is not there"
    run.simulation.withdraw(request.token)
    run._on_notice(request, "left", "no result", run.now)
    finished = [event for event in run.events if isinstance(event, events.Finished)]
    assert finished[-1].outcome == f"no result: {why}"
    assert run.request_state("logs") == "no result"


OF_DATA = ("data", "deleted", "preserv", "retention", "file")
OF_PAPER = ("destroyed", "records")
OF_PEOPLE = ("safety", "nobody was found")
WRONG: dict[NatureName, tuple[str, ...]] = {
    "data": (*OF_PAPER, *OF_PEOPLE, "moved on"),
    "records": (*OF_PEOPLE, "deleted"),
    "objects": (*OF_DATA, *OF_PEOPLE, "records"),
    "assets": (*OF_DATA, *OF_PEOPLE, "records", "destroyed"),
    "testimony": (*OF_DATA, *OF_PAPER, "safety", "secured"),
    "people": (*OF_DATA, *OF_PAPER, "secured", "holder"),
    "step": (*OF_DATA, *OF_PAPER, *OF_PEOPLE),
}
"""Words that are never said of a kind of thing while a request for it is carried out."""

ABOUT_A_REQUEST: list[tuple[type[events.Event], dict[str, Any]]] = [
    (events.Sent, {}),
    (events.Acknowledged, {}),
    (events.QuestionAsked, {}),
    (events.Postponed, {}),
    (events.ExecutionStep, {"step": "The court decides"}),
    (events.ExecutionStep, {"step": "The court decides", "taken": True}),
    (events.CarriedOut, {}),
    (events.Appealed, {}),
    (events.Executed, {}),
    (events.Executed, {"in_part": True}),
    (events.Finished, {"outcome": "lapsed"}),
    (events.Finished, {"outcome": "no result: not found"}),
    (events.Finished, {"outcome": "no result: gone"}),
    (events.Finished, {"outcome": "no result: person withdrew"}),
    (events.Refused, {"ground": "ne-bis-in-idem"}),
    (events.ConditionsSet, {}),
    (events.Leaked, {}),
    (events.Supplemented, {}),
]


@pytest.mark.parametrize("nature", sorted(NATURES))
def test_what_is_written_about_a_request_suits_what_it_asks_for(
    short: Scenario, short_plan: Plan, nature: NatureName
) -> None:
    data = copied_data(short)
    data["case", short.id]["evidence"]["terminal-logs"]["title"] = "What is sought"
    run = CaseRun(with_data(short, data), seed=1)
    sent(run, items={"nature": "partial"})
    run.evidence["terminal-logs"].nature = NATURES[nature]
    for kind, fields in ABOUT_A_REQUEST:
        message = message_of(run, kind(run.now, "logs", **fields))
        if kind is events.CarriedOut and NATURES[nature].of_people:
            assert message is None, "that they are in safety is told when it is known, and no papers follow"
            continue
        assert message is not None and "What is sought" in message.text, kind
        wrong = [word for word in WRONG[nature] if word in message.text]
        assert not wrong, f"{message.text!r} says {wrong} of {nature}"


def test_reasons_for_nothing_are_words_of_their_own() -> None:
    said = [sentence for nature in NATURES.values() for sentence in (nature.not_found, nature.too_late)]
    assert len(set(said)) == len(said)


def test_a_question_says_what_is_asked(short: Scenario, short_plan: Plan) -> None:
    run = CaseRun(short, seed=1, plan=short_plan)
    sent(run, items={"facts": "missing", "purpose": "partial"})
    message = message_of(run, events.QuestionAsked(run.now, "logs"))
    assert message is not None
    assert "facts" in message.text and "purpose" in message.text and "particulars" not in message.text
    run.requests["logs"].items.update(facts="full", purpose="full")  # type: ignore[attr-defined]  # it is a letter
    message = message_of(run, events.QuestionAsked(run.now, "logs"))
    assert message is not None and "further particulars" in message.text


NOT_PUT = {"four-days": {"game", "rent"}, "her-word": {"data", "data-anew"}}
"""Letters whose question is no decision: its answer would come after the case is over, or could change nothing. It
stands in the inbox, and nobody is blamed who leaves it there."""


@pytest.mark.parametrize(
    "name", ["first-letter", "four-days", "her-word", "paper-roses", "silent-harbour", "the-compound"]
)
def test_the_book_is_asked_to_prolong_twice_and_whatever_its_letters_may_be_asked(name: str) -> None:
    case = load(name).case
    assert case is not None
    put = [(decision.when.event, decision.when.of) for decision in case.decisions.values()]
    book = [decision.options[decision.option_of("textbook")] for decision in case.decisions.values()]
    written = [action.content for option in book for action in option.do if isinstance(action.content, SendRequest)]
    sent = {letter.id for letter in written if letter.channel != "joint-investigation-team"}  # where nobody asks back
    assert sent and {letter for letter in sent if ("question", letter) not in put} == NOT_PUT.get(name, set())
    prolonged = [of for event, of in put if event == "preservation-expires"]
    assert all(prolonged.count(of) == 2 for of in prolonged)


def test_nobody_is_blamed_for_what_was_never_put_to_them() -> None:
    """A question at the very end is no decision any more; in the inbox of somebody who moves time it is put to them."""
    book = finish(Session(sim.load("silent-harbour"), seed=2), Scripted({}, otherwise="textbook"))
    unasked = events.QuestionAsked(book.run.end, "logs")
    book.run.events.append(unasked)
    assert not put_to_them(book, unasked)
    blame = "their question stayed without an answer"
    assert not any(blame in str(reason.words) for axis in score(book) for reason in axis.reasons)
    book.note(Entry(moment=book.run.end))
    assert put_to_them(book, unasked)
    assert any(blame in str(reason.words) for axis in score(book) for reason in axis.reasons)
