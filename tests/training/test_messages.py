"""What offices write: every event that people should hear of, in plain text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sim import i18n
from sim.case.request_chances import Circumstance
from sim.case.requests import LetterRequest, TeamProposal
from sim.case.run import CaseRun
from sim.engine.plan import Plan
from sim.model import events
from sim.model.action import Action
from sim.model.actions import SendRequest
from sim.model.loading import Scenario, copied_data, with_data
from sim.training.messages import message_of
from sim.training.request_names import request_name, stage_in_words
from sim.training.session import Session
from sim.training.telling import Message, has_sentence
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
    (events.Returned, "logs", {"for_good": True}, OFFICE, "unregistered: a paper was missing."),
    (events.Refused, "logs", {"ground": "ne-bis-in-idem"}, OFFICE, "Ground: ne bis in idem."),
    (events.Executed, "logs", {}, OFFICE, "has been executed"),
    (events.Finished, "logs", {"outcome": "lapsed"}, OFFICE, "lapsed. Reason: nobody there took it up in time."),
    (
        events.Finished,
        "logs",
        {"outcome": "no result: not found"},
        OFFICE,
        "Reason: the holder found no data under what was named.",
    ),
    (events.Finished, "logs", {"outcome": "no result: gone"}, OFFICE, "deleted before they were taken."),
    (events.Finished, "logs", {"outcome": "no result: person withdrew"}, OFFICE, "the person no longer takes part."),
    (events.Finished, "logs", {"outcome": "withdrawn"}, OFFICE, "no answer to our question reached us in time"),
    (events.Finished, "logs", {"outcome": "withdrawn", "called_off": True}, OFFICE, "is closed: withdrawn."),
    (events.Acknowledged, "preserve-terminal-logs", {}, "24/7 contact point, Calden", "“Preservation: Connection logs"),
    (events.Appealed, "logs", {}, OFFICE, "has appealed, and the court decides first."),
    (events.ConditionsSet, "logs", {}, OFFICE, "under conditions"),
    (events.CarriedOut, "logs", {}, OFFICE, f"“{LOGS}” has been done. The papers"),
    (events.ExecutionStep, "logs", {"step": "The court decides"}, OFFICE, "so far: The court decides. What you asked"),
    (events.ExecutionStep, "logs", {"step": "Filtered", "taken": True}, OFFICE, "Done since: Filtered. The papers"),
    (events.Leaked, "logs", {}, "Police", "signs that the persons concerned know"),
    (events.ChannelClosed, "logs", {}, "Case file", "the channel cannot be used"),
    (events.SentAlready, "logs", {}, "Case file", "it is not sent twice"),
    (events.ConfirmedInWriting, "logs", {}, "Case file", "is confirmed in writing"),
    (events.Supplemented, "logs", {}, "Case file", "Further information on your request “Connection logs"),
    (events.FeedbackGiven, "logs", {}, OFFICE, "Thank you for telling us what became of your request “Conn"),
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
    (events.ProgressTold, "logs", {"stage": "drafting"}, "Your office", "stands: The letter is drafted."),
    (events.ProgressTold, "logs", {"stage": "legal-check"}, "Your office", "nobody there has acknowledged it."),
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
        "Case file",
        "by those who",
    ),
    (events.EvidenceLost, "terminal-logs", {"cause": "person withdrew"}, "Case file", "takes part."),
    (events.EvidenceObtained, "terminal-logs", {"through": "logs"}, "Case file", "now in your file"),
    (events.ConsentGiven, "terminal-logs", {}, OFFICE, "we consent to the further use"),
    (events.ConsentDenied, "terminal-logs", {}, OFFICE, "we do not consent to a further use"),
    (events.Used, "terminal-logs", {}, "Case file", ": put before the court"),
    (events.UsedBeyondConditions, "terminal-logs", {}, "Case file", "left out by the court, since the use went"),
    (events.EvidenceUntested, "statement", {}, "Case file", "nobody can question the person it comes from"),
    (events.PersonWithdrew, "deckhand", {}, "Victim support", "no longer willing to take part"),
    (
        events.SupportArranged,
        "deckhand",
        {"by": ("shelter", "legal aid")},
        "Case file",
        "arranged: shelter, legal aid.",
    ),
    (events.InterviewImpossible, "deckhand", {}, "Case file", "not within reach"),
    (events.HeardTooSoon, "deckhand", {}, "Case file", ": heard too soon; nothing was said that a court could use"),
    (
        events.ChildHeardUnprotected,
        "deckhand",
        {"lacking": ("guardian", "trained interviewer")},
        "Child protection",
        "heard without a guardian or representative or a trained interviewer. Whoever speaks",
    ),
    (events.TravelDeclined, "deckhand", {}, "Case file", ": no wish to travel. Nobody is compelled"),
    (events.SafeConductEnded, "deckhand", {"days": 15}, "Case file", "15 days have passed. (CoE 1959 art. 12("),
    (events.ReturnedHome, "deckhand", {}, "Case file", ": on the way home."),
    (events.Treated, "deckhand", {"as_": "victim"}, "Case file", ": dealt with as a victim"),
    (events.Treated, "deckhand", {"as_": "suspect"}, "Case file", ": dealt with as a suspect"),
    (events.IdentityKnown, "deckhand", {}, "Case file", ": the identity has become known"),
    (events.DeadlinePassed, "detention-hearing", {}, "Registry", "Today: Hearing on the captain's detention."),
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
    (events.ServiceFoundNothing, "interpol-databases", {}, "INTERPOL", "the identity could not be"),
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
        ("witness", "Your office", "no longer willing to take part in the proceedings."),
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
    (events.ExecutionStep, "logs", {"step": "Until the day of the hearing", "waited": True}),
]


@pytest.mark.parametrize(("kind", "about", "fields"), SILENT)
def test_what_is_told_otherwise_or_known_already(
    run: CaseRun, kind: type[events.Event], about: str, fields: dict[str, Any]
) -> None:
    assert say(run, kind, about, **fields) is None


def test_a_request_of_several_measures_is_called_by_what_it_asks_for(short: Scenario, short_plan: Plan) -> None:
    run = CaseRun(short, seed=1, plan=short_plan)
    spec = SendRequest.model_validate({**LETTER, "measures": ["traffic-data", "subscriber-data"]})
    run.perform(Action(content=spec))
    assert str(request_name(run, "logs")) == LOGS
    letter = run.requests["logs"]
    assert isinstance(letter, LetterRequest)
    letter.spec = spec.model_copy(update={"evidence": ()})
    assert str(request_name(run, "logs")) == "Traffic and location data and subscriber data"
    letter.spec = spec.model_copy(update={"evidence": (), "measures": ()})
    assert str(request_name(run, "logs")) == "A request"


def test_requests_about_the_same_are_told_apart_by_name(short: Scenario, short_plan: Plan) -> None:
    run = CaseRun(short, seed=1, plan=short_plan)
    letter, order = Action(content=SendRequest.model_validate(LETTER)), {"evidence": "terminal-logs"}
    for again in ("", "-again", "-anew", "-once-more", "-at-last"):
        run.perform(Action(content=letter.content.model_copy(update={"id": f"logs{again}"})))
    for _time in range(2):
        run.perform(Action.model_validate({"preserve": {**order, "channel": "contact-24-7"}}))
    assert [str(request_name(run, id_)) for id_ in run.requests] == [
        LOGS,
        f"{LOGS} (second request)",
        f"{LOGS} (third request)",
        f"{LOGS} (fourth request)",
        f"{LOGS} (5)",
        f"Preservation: {LOGS}",
        f"Preservation: {LOGS} (second request)",
    ]


def test_stages_of_services_and_ends_have_words(short: Scenario, short_plan: Plan) -> None:
    run = CaseRun(short, seed=1, plan=short_plan)
    run.perform(Action.model_validate({"ask": {"service": "interpol-databases", "to": "nor"}}))
    run.perform(Action(content=SendRequest.model_validate(LETTER)))
    steps = short.service("interpol-databases").steps
    service = "ask-interpol-databases"
    assert str(request_name(run, service)) == short.service("interpol-databases").title
    assert [str(stage_in_words(run, service, f"step-{place + 1}")) for place in range(len(steps))] == [
        step.title for step in steps
    ]
    assert str(stage_in_words(run, service, "done")) == "done"
    assert str(stage_in_words(run, "logs", "refused-ne-bis-in-idem")) == "refused: ne bis in idem"


def test_where_a_request_stands_is_told_by_whoever_has_it(short: Scenario, short_plan: Plan) -> None:
    run = CaseRun(short, seed=1, plan=short_plan)
    run.perform(Action(content=SendRequest.model_validate(LETTER)))
    run.tell(events.Acknowledged(run.now, "logs"))
    told = say(run, events.ProgressTold, "logs", stage="legal-check")
    assert told is not None and told.sender == OFFICE and "stands: Checked for completeness" in told.text
    run.tell(events.QuestionAsked(run.now, "logs"))
    told = say(run, events.ProgressTold, "logs", stage="supplement")
    assert told is not None and told.sender == OFFICE and told.text.startswith("We wait for your answer")
    run.tell(events.Supplemented(run.now, "logs"))
    told = say(run, events.ProgressTold, "logs", stage="legal-check")
    assert told is not None and "stands: Checked for completeness" in told.text
    answer = say(run, events.Supplemented, "logs")
    assert answer is not None and answer.text.startswith("Your answer to their question on “Connection logs")


def test_a_proposal_is_no_request_and_is_declined_once(short: Scenario, short_plan: Plan) -> None:
    run = CaseRun(short, seed=1, plan=short_plan)
    run.requests["team"] = TeamProposal("team", "nor", run.now, joins="nor")
    sent = say(run, events.Sent, "team")
    assert sent is not None and sent.text == "Your proposal of a joint investigation team has left for Norvale."
    assert say(run, events.Refused, "team", ground="own-system") is None
    assert str(request_name(run, "team")) == "Joint investigation team with Norvale"


def test_what_was_preserved_is_not_lost_by_the_holder_s_ordinary_practice(short: Scenario, short_plan: Plan) -> None:
    run = CaseRun(short, seed=1, plan=short_plan)
    run.evidence["terminal-logs"].preserved_until = run.now
    told = say(run, events.EvidenceLost, "terminal-logs")
    assert told is not None and "not kept beyond the end of the preservation" in told.text


def test_whoever_is_asked_twice_what_it_needs_does_not_say_it_all_again(short: Scenario, short_plan: Plan) -> None:
    run = CaseRun(short, seed=1, plan=short_plan)
    for _time in range(2):
        run.tell(events.Consulted(run.now, "cal"))
    told = say(run, events.Consulted, "cal")
    assert told is not None and told.text == "Calden: what we need is as we told you."


def test_an_order_is_acknowledged_by_the_authority_that_executes_it(short: Scenario, short_plan: Plan) -> None:
    run = CaseRun(short, seed=1, plan=short_plan)
    order = {**LETTER, "to": "nor", "instrument": "eio", "channel": "direct-judicial", "language": "fr"}
    run.perform(Action(content=SendRequest.model_validate(order)))
    told, letter = say(run, events.Acknowledged, "logs"), run.requests["logs"]
    assert told is not None and told.sender == "Executing authority, Norvale"
    assert isinstance(letter, LetterRequest)
    letter.in_team = True
    told = say(run, events.Executed, "logs")
    assert told is not None and told.sender == "Members of the team, Norvale"


def test_a_refusal_cites_the_article_that_has_its_ground(run: CaseRun) -> None:
    refused, unknown = (say(run, events.Refused, "logs", ground=name) for name in ("own-system", "territoriality"))
    assert refused is not None and refused.text.endswith("of the requested State. (UNTOC art. 18(21)(d))")
    assert unknown is not None and unknown.text.endswith(".") and "art." not in unknown.text


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
