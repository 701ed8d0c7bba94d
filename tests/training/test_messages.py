"""What offices write: every event that people should hear of, in plain text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sim import i18n
from sim.case.request_chances import Circumstance
from sim.case.requests import LetterRequest
from sim.case.run import CaseRun
from sim.engine.plan import Plan
from sim.model import events
from sim.model.action import Action
from sim.model.actions import SendRequest
from sim.model.loading import Scenario, copied_data, with_data
from sim.training.messages import message_of
from sim.training.session import Session
from sim.training.telling import Message, has_sentence, subject
from tests.training import letters

HOSTILE = "<script>alert(1)</script> {of} {0.__class__} %s ${x} `y`"
NAMES_NOBODY = "<script>alert(1)</script> {0.__class__} %s `y`"
"""The same where people can be named: a word in braces that names nobody is a problem of the file."""

LETTER = {**letters.LETTER, "id": "logs", "urgent": "no"}


@pytest.fixture(scope="module")
def run(short: Scenario, short_plan: Plan) -> CaseRun:
    """A run with a letter and a preservation under way; time stands still in it."""
    run = CaseRun(short, seed=1, plan=short_plan)
    run.perform(Action(content=SendRequest.model_validate(LETTER)))
    run.perform(Action.model_validate({"preserve": {"evidence": "terminal-logs", "channel": "contact-24-7"}}))
    return run


def say(run: CaseRun, kind: type[events.Event], about: str, **fields: Any) -> Message | None:
    return message_of(run, kind(run.now, about, **fields))


LOGS, OFFICE = "Connection logs of the satellite terminal", "Central authority, Calden"
PROVIDER = "Satellite provider, Calden"
SAID: list[tuple[type[events.Event], str, dict[str, Any], str, str]] = [
    (events.Sent, "logs", {}, "Your office", "has left for Calden"),
    (events.Acknowledged, "logs", {}, OFFICE, "has been registered"),
    (events.QuestionAsked, "logs", {}, OFFICE, "supplementary information"),
    (events.Postponed, "logs", {}, OFFICE, "is postponed"),
    (events.Returned, "logs", {}, OFFICE, "Your office corrects what it can and sends it again."),
    (events.Returned, "logs", {"for_good": True}, OFFICE, "a paper was missing from the envelope."),
    (events.Refused, "logs", {"ground": "ne-bis-in-idem"}, OFFICE, "Ground: ne bis in idem."),
    (events.Executed, "logs", {}, OFFICE, "has been executed"),
    (events.Finished, "logs", {"outcome": "lapsed"}, OFFICE, "lapsed. Reason: nobody there took it up in time."),
    (events.Finished, "logs", {"outcome": "no result: not found"}, OFFICE, "Reason: the holder has no such data."),
    (events.Finished, "logs", {"outcome": "no result: gone"}, OFFICE, "deleted before they were taken."),
    (events.Finished, "logs", {"outcome": "no result: person withdrew"}, OFFICE, "the person no longer takes part."),
    (events.Acknowledged, "preserve-terminal-logs", {}, OFFICE, "preservation of Connection logs"),
    (events.Appealed, "logs", {}, OFFICE, "has appealed, and the court decides first."),
    (events.ConditionsSet, "logs", {}, OFFICE, "under conditions"),
    (events.CarriedOut, "logs", {}, OFFICE, f"{LOGS}. The papers"),
    (events.ExecutionStep, "logs", {"step": "The court decides"}, OFFICE, "so far: The court decides. What you asked"),
    (events.ExecutionStep, "logs", {"step": "Filtered", "taken": True}, OFFICE, "Done since: Filtered. The papers"),
    (events.Leaked, "logs", {}, OFFICE, "signs that the persons concerned know"),
    (events.ChannelClosed, "logs", {}, "Case file", "the channel cannot be used"),
    (events.SentAlready, "logs", {}, "Case file", "it is not sent twice"),
    (events.ConfirmedInWriting, "logs", {}, "Case file", "is confirmed in writing"),
    (events.Supplemented, "logs", {}, "Case file", "Your answer to their question on Connection logs"),
    (events.FeedbackGiven, "logs", {}, "Case file", "Thank you for telling us what became of your request for Conn"),
    (events.GrantedByOtherTeam, "logs", {}, "Case file", "has been granted"),
    (events.AssuranceAsked, "logs", {"assurances": ("confidentiality",)}, OFFICE, "if you assure us of this: confid"),
    (
        events.AssuranceAsked,
        "logs",
        {"assurances": ("no-death-penalty", "no-capital-use"), "ground": "death-penalty"},
        OFFICE,
        "carried out or the material is not used for a charge that carries death. Without it we should have to refuse.",
    ),
    (
        events.AssuranceGiven,
        "logs",
        {"assurances": ("retrial",)},
        "Case file",
        "a retrial after a judgment in absence.",
    ),
    (
        events.AssuranceWithheld,
        "logs",
        {"assurances": ("retrial",)},
        "Ministry of justice",
        "cannot give this assurance",
    ),
    (events.ProgressTold, "logs", {"stage": "legal-check"}, "Central authority", "stands: Checked for completeness"),
    (events.ProgressTold, "logs", {"stage": "question"}, "Central authority", "stands: Further information is asked"),
    (events.Preserved, "terminal-logs", {"days": 90}, PROVIDER, "preserved for 90 days"),
    (events.PreservationExpires, "terminal-logs", {"days": 14}, PROVIDER, "soon (14 days left)"),
    (events.PreservationExpires, "terminal-logs", {"days": 1}, PROVIDER, "soon (1 day left)"),
    (
        events.PreservationFailed,
        "terminal-logs",
        {"outcome": "refused: sovereignty-or-security"},
        "Case file",
        "preservation not carried out: refused.",
    ),
    (events.NothingToPreserve, "terminal-logs", {}, "Case file", "nothing left to preserve"),
    (
        events.EvidenceLost,
        "terminal-logs",
        {},
        PROVIDER,
        "had — deleted when the holder's retention",
    ),
    (
        events.EvidenceLost,
        "terminal-logs",
        {"cause": "moved or destroyed"},
        PROVIDER,
        "by those who",
    ),
    (events.EvidenceLost, "terminal-logs", {"cause": "person withdrew"}, PROVIDER, "takes part."),
    (events.EvidenceObtained, "terminal-logs", {"through": "logs"}, "Case file", "now in your file"),
    (events.ConsentGiven, "terminal-logs", {}, PROVIDER, "consents to its further use"),
    (events.ConsentDenied, "terminal-logs", {}, "Case file", "does not consent to a further use"),
    (events.Used, "terminal-logs", {}, "Case file", "has been put before the court"),
    (events.UsedBeyondConditions, "terminal-logs", {}, "Case file", "the court leaves it out"),
    (events.EvidenceUntested, "statement", {}, "Case file", "nobody can question the person it comes from"),
    (events.PersonWithdrew, "deckhand", {}, "Victim support", "no longer wishes to take part"),
    (
        events.SupportArranged,
        "deckhand",
        {"by": ("shelter", "legal aid")},
        "Case file",
        "arranged: shelter, legal aid.",
    ),
    (events.InterviewImpossible, "deckhand", {}, "Case file", "could not be reached"),
    (events.HeardTooSoon, "deckhand", {}, "Case file", "was heard too soon and said nothing that a court could use"),
    (
        events.ChildHeardUnprotected,
        "deckhand",
        {"lacking": ("guardian", "trained interviewer")},
        "Child protection",
        "heard without a guardian or representative or a trained interviewer. Whoever speaks",
    ),
    (events.TravelDeclined, "deckhand", {}, "Case file", "does not wish to travel. Nobody is compelled"),
    (events.SafeConductEnded, "deckhand", {"days": 15}, "Case file", "15 days have passed. (CoE 1959 art. 12("),
    (events.ReturnedHome, "deckhand", {}, "Case file", "has returned home"),
    (events.Treated, "deckhand", {"as_": "victim"}, "Case file", "is dealt with as a victim"),
    (events.Treated, "deckhand", {"as_": "suspect"}, "Case file", "is dealt with as a suspect"),
    (events.IdentityKnown, "deckhand", {}, "Case file", "The identity of The deckhand"),
    (events.DeadlinePassed, "detention-hearing", {}, "Registry", "Hearing on the captain's detention"),
    (events.Consulted, "cal", {}, "Calden", "Calden says what it needs. Languages: English"),
    (events.InformationShared, "cal", {}, "Calden", "will respect its conditions"),
    (events.InformationShared, "cal", {"with_conditions": False}, "Calden", "Calden thanks you for the information."),
    (events.NoBasisForTeam, "cal", {}, "Calden", "no basis for a joint investigation team"),
    (events.TeamDeclined, "cal", {}, "Calden", "Calden does not join the team."),
    (events.TeamAgreed, "team", {"state": "cal"}, "Your office", "Calden has signed the agreement"),
    (
        events.ServiceHit,
        "interpol-databases",
        {"gives": "identity"},
        "INTERPOL",
        "the identity could be established. It is no evidence.",
    ),
    (events.ServiceFoundNothing, "interpol-databases", {}, "INTERPOL", "nothing was found"),
    (events.ServiceDone, "interpol-databases", {}, "INTERPOL", "done."),
    (
        events.ServiceUnavailable,
        "interpol-databases",
        {"lacking": "instrument", "what": "untoc", "outside": ("cal", "nor")},
        "INTERPOL",
        "not available: UNTOC does not bind Calden and Norvale.",
    ),
]


@pytest.mark.parametrize(("kind", "about", "fields", "sender", "words"), SAID)
def test_what_is_said(
    run: CaseRun, kind: type[events.Event], about: str, fields: dict[str, Any], sender: str, words: str
) -> None:
    message = say(run, kind, about, **fields)
    assert message is not None
    assert message.sender == sender
    assert words in message.text
    assert "{" not in message.text
    assert (message.kind, message.about, message.moment) == (kind.name, about, run.now)
    assert message.needs_you == kind.needs_you


@pytest.mark.parametrize(
    ("role", "sender", "words"),
    [
        ("suspect", "Defence lawyer", "answers no more questions"),
        ("witness", "Your office", "no longer wishes to take part in the proceedings."),
    ],
)
def test_support_is_promised_to_victims_alone(run: CaseRun, role: str, sender: str, words: str) -> None:
    somebody = run.people["deckhand"]
    victim = somebody.record
    somebody.record = victim.model_copy(update={"role": role})
    try:
        message = say(run, events.PersonWithdrew, "deckhand")
        assert message is not None and message.sender == sender and words in message.text
        assert "Support" not in message.text
    finally:
        somebody.record = victim


def test_every_event_has_its_sentence_and_is_tried() -> None:
    ours = {kind for kind in events.EVENTS.values() if kind.__module__ == events.__name__}
    assert all(has_sentence(kind) for kind in ours)
    told_elsewhere = {kind for kind in ours if kind.subject == "incoming"}  # in tests/training/test_desk.py
    assert ours - {kind for kind, *_ in SAID} - told_elsewhere == {events.Decided}


def test_messages_are_put_into_words_when_they_are_read(run: CaseRun) -> None:
    message = say(run, events.QuestionAsked, "logs")
    assert message is not None
    i18n.use(i18n.LONGER)
    try:
        assert message.text.startswith("[Bëförë wë cän") and LOGS in message.text
        assert message.sender.startswith("[Cënträl äüthörïtÿ, Calden")
    finally:
        i18n.use("en")


SILENT: list[tuple[type[events.Event], str, dict[str, Any]]] = [
    (events.Decided, "first-steps", {"option": "preserve-first"}),
    (events.Finished, "logs", {"outcome": "executed"}),
    (events.Finished, "logs", {"outcome": "executed in part"}),
    (events.Finished, "logs", {"outcome": "refused: ne-bis-in-idem"}),
    (events.Finished, "logs", {"outcome": "returned unregistered"}),
    (events.Sent, "preserve-terminal-logs", {}),
    (events.Executed, "preserve-terminal-logs", {}),
    (events.Finished, "preserve-terminal-logs", {"outcome": "no result"}),
]


@pytest.mark.parametrize(("kind", "about", "fields"), SILENT)
def test_what_is_told_otherwise_or_known_already(
    run: CaseRun, kind: type[events.Event], about: str, fields: dict[str, Any]
) -> None:
    assert say(run, kind, about, **fields) is None


def test_subject_of_a_request_of_several_measures(short: Scenario, short_plan: Plan) -> None:
    run = CaseRun(short, seed=1, plan=short_plan)
    spec = SendRequest.model_validate({**LETTER, "measures": ["traffic-data", "subscriber-data"]})
    run.perform(Action(content=spec))
    assert str(subject(run, "logs")) == LOGS
    letter = run.requests["logs"]
    assert isinstance(letter, LetterRequest)
    letter.spec = spec.model_copy(update={"evidence": ()})
    assert str(subject(run, "logs")) == "traffic and location data and subscriber data"
    letter.spec = spec.model_copy(update={"evidence": (), "measures": ()})
    assert str(subject(run, "logs")) == "logs"


def test_a_letter_that_comes_back_says_why(run: CaseRun) -> None:
    request = run.requests["logs"]
    assert isinstance(request, LetterRequest)
    known = request.why
    request.why = [Circumstance("returned", 0.85, "Calden does not take requests that way", "untoc 18(13)")]
    told = say(run, events.Returned, "logs")
    request.why = known
    assert told is not None and "unregistered: Calden does not take requests that way." in told.text


def test_a_hearing_that_can_only_be_in_writing_says_so(short: Scenario) -> None:
    data = copied_data(short)
    data["jurisdiction", "cal"]["video link"] = "written questions only"
    run = CaseRun(with_data(short, data), seed=1)
    run.perform(Action(content=SendRequest.model_validate({**LETTER, "measures": ["video-hearing"]})))
    done, advice = say(run, events.CarriedOut, "logs"), say(run, events.Consulted, "cal")
    assert done is not None and "your questions were put in writing" in done.text
    assert advice is not None and "No hearings by video" in advice.text


def test_words_of_an_author_pass_through_unchanged(short: Scenario) -> None:
    data = copied_data(short)
    case: dict[str, Any] = data["case", short.id]
    case["evidence"]["terminal-logs"] |= {"title": HOSTILE, "holder": HOSTILE}
    case["people"]["deckhand"]["title"] = HOSTILE
    case["deadlines"]["detention-hearing"]["title"] = HOSTILE
    case["injects"]["retention-notice"] |= {"title": HOSTILE, "says": NAMES_NOBODY, "when": {"after": "0 days"}}
    hostile = with_data(short, data)
    session = Session(hostile, seed=1)
    run = session.run
    texts = [
        say(run, events.Preserved, "terminal-logs", days=3),
        say(run, events.PersonWithdrew, "deckhand"),
        say(run, events.DeadlinePassed, "detention-hearing"),
        say(run, events.ReturnedHome, "deckhand"),
        say(run, events.Used, "terminal-logs"),
    ]
    assert all(message is not None and HOSTILE in message.text for message in texts)
    assert texts[0].sender == HOSTILE
    session.choose("gather-first")
    inject = next(message for message in session.inbox if message.kind == "inject")
    assert (inject.sender, inject.text) == (HOSTILE, NAMES_NOBODY)


def test_a_play_tells_everything_in_order(usual: Session) -> None:
    moments = [message.moment for message in usual.inbox]
    assert moments == sorted(moments)
    assert all(message.text and message.sender for message in usual.inbox)
    happened = [event for event in usual.run.events if message_of(usual.run, event) is not None]
    injects = [message for message in usual.inbox if message.kind == "inject"]
    assert len(usual.inbox) == len(happened) + len(injects)
    assert len(injects) >= 4


def test_what_comes_back_unregistered_was_never_registered(played: Callable[..., Session]) -> None:
    session = played(1, first_steps="gather-first", logs_letter="by-courier")
    assert session.run.request_state("logs") == "returned unregistered"
    kinds = [message.kind for message in session.inbox if message.about == "logs"]
    assert "returned" in kinds
    assert "acknowledged" not in kinds


def test_a_procedure_announces_an_appeal_where_the_court_comes_before_the_handing_over(short: Scenario) -> None:
    for name in ("letter-of-request", "european-investigation-order", "diplomatic-letter"):
        announced = short.procedure(name).announcements["legal-remedies"]
        assert events.EVENTS[announced.first] is events.Appealed, name


def test_an_appeal_is_told_with_the_article_on_remedies(short: Scenario, short_plan: Plan) -> None:
    run = CaseRun(short, seed=1, plan=short_plan)
    spec = {**LETTER, "to": "nor", "instrument": "eio", "measures": ["search-and-seizure"], "evidence": []}
    run.perform(Action(content=SendRequest.model_validate(spec)))
    run.announce(run.requests["logs"], events.Appealed)
    run.announce(run.requests["logs"], events.Appealed)
    told = [event for event in run.events if isinstance(event, events.Appealed)]
    assert len(told) == 1, "once"
    message = message_of(run, told[0])
    assert message is not None and message.text.endswith("(EIO art. 13(2))")
