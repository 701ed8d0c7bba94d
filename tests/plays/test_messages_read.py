"""What people read in plays of every case, by players of every kind: no stray marks, no ids, and a sensible order.

The sentences are read here as a machine can; that they are true and well said somebody has to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

import sim
from sim.case.requests import LetterRequest, PreservationRequest
from sim.law.procedure_terms import chance_in_words
from sim.model.authored import authored_texts
from sim.model.events import EVENTS
from sim.model.loading import Scenario, available
from sim.training.branches import played
from sim.training.debrief import with_alternatives
from sim.training.debrief_records import Debrief
from sim.training.players import player
from sim.training.session import Session
from sim.training.telling import INJECT, Message
from sim.training.whereabouts import known_lines
from sim.views.seat.clocks import clocks_of
from tests.untranslated import all_ids

PLAYERS = ("naive", "textbook", "longest", "first", "random", "random", "random", "random")
OVER = ("executed", "refused", "finished")
AFTER_THE_END = {*OVER, "feedback-given", "sent-already", "returned"}
"""What may be told of a request that is over."""


@dataclass
class Watching:
    """A player who reads the clocks and the timeline before each decision."""

    name: str
    seed: int
    read: list[str] = field(default_factory=list)

    def decide(self, session: Session) -> str:
        for clock in clocks_of(session):
            self.read += [clock.words, clock.mark.label]
        for line in known_lines(session):
            self.read += [line.name, *(segment.title for segment in line.segments)]
        return player(self.name, self.seed).decide(session)


@dataclass
class Read:
    """A play with all that is read in it and after it."""

    session: Session
    debrief: Debrief
    on_the_way: list[str]

    @property
    def where(self) -> str:
        """Which play it is."""
        return f"{self.session.case.id}, seed {self.session.seed}, replication {self.session.replication}"

    @property
    def ours(self) -> Iterator[str]:
        """Every sentence of ours in it."""
        yield from (message.text for message in self.session.inbox if message.kind != INJECT)
        yield from (message.sender for message in self.session.inbox)
        yield from self.on_the_way
        for axis in self.debrief.scores:
            yield from (reason.text for reason in axis.reasons)
            yield from (str(reason.provision) for reason in axis.reasons if reason.provision is not None)
        yield from map(str, self.debrief.lessons)
        for line in self.debrief.requests:
            yield from (line.name, *(segment.title for segment in line.segments))
            yield from (text for why in line.why for text in (why.because, str(chance_in_words(why.chance))))

    def about(self, kind: str) -> Iterator[tuple[str, list[Message]]]:
        """Messages about each thing of a kind (requests, evidence, people), in order."""
        found: dict[str, list[Message]] = {}
        for message in self.session.inbox:
            if message.kind != INJECT and EVENTS[message.kind].subject == kind:
                found.setdefault(message.about, []).append(message)
        yield from found.items()


@pytest.fixture(scope="module", params=available("case"))
def plays(request: pytest.FixtureRequest) -> list[Read]:
    case, found = sim.load(request.param), []
    for number, name in enumerate(PLAYERS):
        who = Watching(name, number)
        session = played(case, number, number % 3, who)
        found.append(Read(session, with_alternatives(session, [], 0), who.read))
    return found


WRONG = {
    "nothing filled in": r"\bNone\b|[{}]|“”|\(\)",
    "two stops or spaces": r"(?<!\.)\.\.(?!\.)|\.;|,,|: *:|  | [.,;:]",
    "one of several": r"\b1 (?:days|hours|times|requests|weeks|months)\b",
    "not a word": r"\bn't\b|\[\]|\btuple\b|\bWords\(",
    "an article before a vowel": r"\b[Aa] (?:answer|order|appeal|assurance|interview|office|item|authority)\b",
}


@pytest.mark.slow
@pytest.mark.parametrize("wrong", WRONG)
def test_no_stray_marks(plays: list[Read], wrong: str) -> None:
    for play in plays:
        found = [text for text in play.ours if re.search(WRONG[wrong], text)]
        assert not found, (play.where, found[:3])


def ids_of(case: Scenario) -> set[str]:
    """Ids that are no words: with the hyphens by which files join words."""
    assert case.case is not None
    stages = {f"{id_}" for procedure in case.procedures.values() for id_ in (*procedure.stages, *procedure.chances)}
    engines = {f"preserve-{id_}" for id_ in case.case.evidence} | {f"ask-{id_}" for id_ in available("service")}
    written = " ".join(text.text for text in authored_texts(case.case))
    ids = {*stages, *engines, *all_ids(case.case), *available("service"), *available("channel"), *available("measure")}
    return {id_ for id_ in ids if "-" in id_ and id_ not in written}


@pytest.mark.slow
def test_no_ids(plays: list[Read]) -> None:
    ids = ids_of(plays[0].session.scenario)
    known = re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(ids))}|step.\d)(?![\w-])")
    assert known.search("stands: legal-check") and known.search("step 1")
    for play in plays:
        found = [text for text in play.ours if known.search(text)]
        assert not found, (play.where, found[:3])


@pytest.mark.slow
def test_names_of_requests_are_their_own(plays: list[Read]) -> None:
    for play in plays:
        if not play.session.run.incoming:
            names = [line.name for line in play.debrief.requests]
            assert len(set(names)) == len(names), (play.where, names)


@pytest.mark.slow
def test_messages_are_sentences(plays: list[Read]) -> None:
    for play in plays:
        for message in play.session.inbox:
            assert message.text[:1].isupper() or not message.text[:1].isalpha(), (play.where, message.text)
            if message.kind != INJECT:
                assert message.text.endswith((".", ")", "?")), (play.where, message.text)


@pytest.mark.slow
def test_of_a_request_nothing_is_said_before_it_is_made_or_after_its_end(plays: list[Read]) -> None:
    for play in plays:
        for id_, messages in play.about("request"):
            request, kinds = play.session.run.requests[id_], [message.kind for message in messages]
            assert messages[0].moment >= request.sent, (play.where, id_)
            if isinstance(request, LetterRequest) and not request.spec.oral and "acknowledged" in kinds:
                assert kinds.index("sent") < kinds.index("acknowledged"), (play.where, id_, kinds)
            for place, message in enumerate(messages):
                if message.kind == "supplemented" and message.text.startswith("Your answer"):
                    assert "question" in kinds[:place], (play.where, id_, kinds)
                if "carried-out" in kinds[:place]:
                    assert message.kind not in ("acknowledged", "question", "postponed", "sent"), (
                        play.where,
                        id_,
                        kinds,
                    )
            end = next((place for place, kind in enumerate(kinds) if kind in OVER), len(kinds))
            assert set(kinds[end:]) <= AFTER_THE_END, (play.where, id_, kinds)


@pytest.mark.slow
def test_evidence_is_not_kept_before_it_is_asked_for_nor_lost_after_it_has_come(plays: list[Read]) -> None:
    for play in plays:
        requests = play.session.run.requests.values()
        asked = [request for request in requests if isinstance(request, PreservationRequest)]
        for id_, messages in play.about("evidence"):
            kinds = [message.kind for message in messages]
            for place, message in enumerate(messages):
                before = kinds[:place]
                if message.kind in ("preserved", "preservation-failed", "nothing-to-preserve"):
                    assert any(r.preserves == id_ and r.sent <= message.moment for r in asked), (play.where, id_)
                if message.kind == "preservation-expires":
                    assert "preserved" in before and not {"evidence-lost", "evidence-obtained"} & {*before}, kinds
                if message.kind == "preserved":
                    assert "evidence-lost" not in before, (play.where, id_, kinds)
                if message.kind in ("used", "consented", "consent-denied", "evidence-untested"):
                    assert "evidence-obtained" in before, (play.where, id_, kinds)
            assert kinds.count("evidence-lost") + ("evidence-obtained" in kinds) <= 1, (play.where, id_, kinds)


@pytest.mark.slow
def test_the_court_is_quoted_on_what_it_has_before_it(plays: list[Read]) -> None:
    for play in plays:
        for item in play.debrief.evidence:
            assert not item["in court"] or item["state"] == "obtained", (play.where, item)


@pytest.mark.slow
def test_people_are_told_of_as_people(plays: list[Read]) -> None:
    """Whoever has withdrawn does so once, after what led to it; nobody is deleted, kept or executed."""
    for play in plays:
        for id_, messages in play.about("person"):
            kinds = [message.kind for message in messages]
            assert kinds.count("person-withdrew") <= 1, (play.where, id_, kinds)
            for message in messages:
                assert not re.search(r"delete|destroy|preserv|execut|obtain|in your file", message.text), message.text
        items = play.session.run.evidence
        for id_, messages in play.about("evidence"):
            for message in messages if items[id_].nature.of_people else ():
                assert not re.search(r"delete|destroy|preserv|to be had|in your file", message.text), message.text
