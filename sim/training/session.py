"""A session: one play of a case. It is its decisions; everything else is replayed from them.

Save, resume, undo, fork and "what if" are one thing: replay of (scenario, seed, decisions). Decisions are keyed by
the author's ids.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn, Unpack

from sim.case.other_team import goes_over
from sim.engine.executor import Engine
from sim.engine.plan import Plan
from sim.errors import CannotCompile, MlasimError, SessionError
from sim.i18n import Words, joined, say
from sim.model.action import Action, with_letter
from sim.model.actions import SendRequest
from sim.model.case import Option
from sim.model.durations import DAY
from sim.model.events import Decided
from sim.model.loading import Scenario
from sim.model.problems import did_you_mean
from sim.training.action_rules import data_of, drafted_action, problem_with, with_quality
from sim.training.keeping import Keeper
from sim.training.replay import replay
from sim.training.session_records import Entry, InPost, Names, Provenance, follows_on
from sim.training.storage import MAXIMUM_STEPS, NEAR_FULL, SessionFile
from sim.training.story import Question, Story

logger = logging.getLogger("mlasim.training.session")


class Session(Story):
    """One play of a case. It stops whenever something needs the trainee; `choose` goes on."""

    def __init__(
        self,
        scenario: Scenario,
        *,
        seed: int = 0,
        replication: int = 0,
        plan: Plan | None = None,
        partner: str = "",
        exchange: str = "",
        peer: str = "",
        engine: Engine = "simpy",
    ):
        self.exchange, self.peer = exchange, peer
        """Where two teams play two States: what this session and the other team's are called in their post."""
        self._begun = time.time()
        self.remarks: list[Words] = []
        """What is to be said about the file it was read from."""
        self.keeper: Keeper | None = None
        """Writes the session down, if it is kept."""
        self._replaying = False
        self._beginning: Session | None = None
        """The play as it began, where it is remembered: what is taken back or begun again goes on from there."""
        self._previous: Session | None = None
        """The play before its last step, likewise."""
        super().__init__(scenario, seed=seed, replication=replication, plan=plan, partner=partner, engine=engine)

    @property
    def file(self) -> Path | None:
        """Where the session is kept, if it is."""
        return self.keeper.file.path if self.keeper is not None else None

    @cached_property
    def provenance(self) -> Provenance:
        """Where the play comes from: its name, when it began, and with which versions."""
        return Provenance.new(self._begun)

    @property
    def names(self) -> Names:
        """Who plays with this session: the other team's State, and what both sessions are called in their post."""
        return {"partner": self.partner, "exchange": self.exchange, "peer": self.peer}

    def remember(self) -> Session:
        """Remember the play as it is now, before its first step, so that what is taken back need not be played from the
        first day. Some megabytes; for a play that a person plays."""
        self._beginning = self._apart()
        return self

    def again(self) -> Session:
        """The same play from its beginning, kept nowhere."""
        if self._beginning is not None:
            session = self._beginning.copied()
            session._begun, session._beginning = time.time(), self._beginning
            session.__dict__.pop("provenance", None)  # a play of its own
            return session
        return Session(self.scenario, seed=self.seed, replication=self.replication, plan=self.plan, **self.names)

    def copied(self) -> Session:
        """The play as it stands, to go on with beside this one; kept nowhere."""
        twin = self._apart()
        twin._beginning = self._beginning
        return twin

    def _apart(self) -> Session:
        """A copy that shares nothing and remembers nothing."""
        held = self.keeper, self._beginning, self._previous
        self.keeper = self._beginning = self._previous = None
        try:
            return super().copied()
        finally:
            self.keeper, self._beginning, self._previous = held

    # Steps

    def choose(
        self,
        option: str,
        *,
        because: str = "",
        predict: str = "",
        days: int = 0,
        letter: SendRequest | None = None,
        stay: bool = False,
    ) -> Session:
        """Answer the question that waits, then go on to the next one unless time is to ``stay``.

        ``letter`` is the trainee's own draft where the option sends one. Raises `SessionError` if nothing waits, if
        there is no such option, or if the letter is not the one to be written.
        """
        question = self.question
        if question is None:
            over = say("nothing waits for an answer — the case is over")
            raise SessionError(over if self.ended else say("nothing waits for an answer"))
        if option not in question.options:
            raise SessionError(
                say(
                    "{id!r} has no option {option!r} — {hint}",
                    id=question.id,
                    option=option,
                    hint=did_you_mean(option, question.options),
                )
            )
        action = None if letter is None else self._own_letter(question.options[option], letter)
        kept = None if action is None else data_of(action)
        entry = Entry(
            question.id, option, because, predict, question.moment, days, int(stay), kept, taken=self._clock()
        )
        with self._whole_or_not(entry):
            self.note(entry)
            self._answer(question, entry, action)
            if not stay:
                self.go_on()
        return self

    def act(self, action: Action, *, because: str = "", predict: str = "", days: int = 0) -> Session:
        """Do something unasked, now. Time stands still. Raises `SessionError` if it cannot be done as things stand."""
        if self.ended:
            raise SessionError(say("the case is over"))
        if action.kind.seat == "other team" and not self.exchange:
            raise SessionError(say("no other team plays here, so nothing can be heard from one"))
        problem = problem_with(self.run, action)
        if problem:
            raise SessionError(problem)
        entry = Entry("", "", because, predict, self.run.now, days, 0, data_of(action), self._clock())
        with self._whole_or_not(entry):
            self.note(entry)
            self._perform([action])
        return self

    def wait(self, *, days: float | None = None, until: datetime | None = None, at_most: int | None = None) -> Session:
        """Let time pass: until something needs the trainee, or so many days, or until a moment; ``at_most`` (seconds
        since the world's epoch) is passed in no case.

        A question that waits keeps time still. Raises `SessionError` then, and for a moment that has passed.
        """
        if self.ended:
            raise SessionError(say("the case is over"))
        if self.question is not None:
            raise SessionError(say("{title!r} waits for an answer first", title=self.question.decision.title))
        limit = self.run.end
        if until is not None:
            limit = self.run.seconds_at(until)
            if limit <= self.run.now:
                raise SessionError(say("that moment has passed; choose a later one"))
        elif days is not None:
            if not days > 0:
                raise SessionError(say("time goes forward only"))
            if not days * DAY < self.run.end:
                days = self.run.end / DAY  # further than the case lasts, or not even a number that ends
            limit = self.run.now + round(days * DAY)
        limit = min(limit, self.run.end) if at_most is None else min(limit, self.run.end, at_most)
        with self._whole_or_not(Entry(moment=self.run.now)):
            self.pass_until(limit, heed_messages=until is None and days is None)
            self.note(Entry(moment=self.run.now, taken=self._clock()))
        return self

    def undo(self, steps: int = 1) -> Session:
        """The session as it was ``steps`` decisions or acts ago, as a new one; the file, if any, is rewritten.

        Raises `SessionError` where another team plays and has been told of it, or of time that passed since.
        """
        places = [place for place, entry in enumerate(self.entries) if entry.kind != "time"]
        if not 1 <= steps <= len(places):
            raise SessionError(say("there are {count} decisions to undo, not {steps}", count=len(places), steps=steps))
        kept = self.entries[: places[-steps]]
        if self.exchange and not all(self._is_ours(entry) for entry in self.entries[places[-steps] :]):
            raise SessionError(say("the other team has been told of it, or of time that has passed since: it stands"))
        if self._previous is not None and self._previous.entries == kept:
            earlier = self._previous.copied()
            earlier._beginning = self._beginning
            earlier.provenance, earlier.remarks = self.provenance, self.remarks
        else:
            earlier = self._replayed(kept)
            if not kept or kept[-1].kind != "decision" or kept[-1].stays:
                earlier.reach_question(self.entries[places[-steps]].decision)
        if self.keeper is not None:
            self.keeper.untouched()
            earlier.keeper, self.keeper = self.keeper, None
            earlier.keep()
        return earlier

    def fork(self, decision: str, option: str) -> Session:
        """A new session with the same luck in which one decision was taken otherwise, stopped right after it."""
        before: list[Entry] = []
        for entry in self.entries:
            if entry.decision == decision:
                session = self._replayed(before)
                session.reach_question(decision)
                return session.choose(option)
            before.append(entry)
        raise SessionError(
            say(
                "{decision!r} was not decided in this session — {hint}",
                decision=decision,
                hint=did_you_mean(decision, list(self.choices)),
            )
        )

    def save(self, path: str | Path) -> Path:
        """Write the session to a file, over what is there, and keep it up to date from now on.

        Raises `SessionError` if it cannot be written.
        """
        keeper = self._keeper_at(path)
        keeper.file.write(self.entries, over=True)
        self.keeper = keeper
        return keeper.file.path

    def keep_in(self, path: str | Path) -> None:
        """As `save`, but not over what is there; where it cannot be written just now, it is as soon as it can be.

        Raises `OpenElsewhereError` if there is a file already.
        """
        keeper = self._keeper_at(path)
        keeper.untouched()
        self.keeper = keeper
        self.keep()

    def _keeper_at(self, path: str | Path) -> Keeper:
        file = SessionFile.of(
            Path(path), self.scenario, self.provenance, seed=self.seed, replication=self.replication, **self.names
        )
        return Keeper(file)

    def join(self, **names: Unpack[InPost]) -> None:
        """Have it kept what this session (``exchange``) or the other team's (``peer``) is called in their post."""
        if self.keeper is not None:
            self.keeper.rename(**names)
        self.exchange, self.peer = names.get("exchange", self.exchange), names.get("peer", self.peer)
        self.keep()

    def keep(self) -> bool:
        """Write down all that was done, if it is kept in a file; whether that went well. What cannot be written now is
        written with the next step, or when this is called again."""
        return self.keeper is None or self.keeper.keep(self.entries)

    @property
    def unkept(self) -> Words | None:
        """Why the last step is not in the file, where there is one."""
        return self.keeper.unkept if self.keeper is not None else None

    def content(self) -> bytes:
        """The session as its file has it, or would: to be taken away where it cannot be written."""
        keeper = self.keeper or self._keeper_at("session.jsonl")
        return keeper.file.content(self.entries)

    @property
    def steps_left(self) -> int | None:
        """How many more steps are kept, once they come to an end soon; None while there are plenty."""
        left = MAXIMUM_STEPS - len(self.entries)
        return max(0, left) if left <= NEAR_FULL else None

    # A step, or none

    @contextmanager
    def _whole_or_not(self, entry: Entry) -> Iterator[None]:
        """Within it a step is taken; then it is written down. One that cannot be carried out is taken back, and leaves
        nothing."""
        if self.keeper is not None:
            self.keeper.check(entry)
        entries, now, asked = list(self.entries), self.run.now, self.question is not None
        if self._beginning is not None and entry.kind != "time" and not self._replaying:
            self._previous = self._apart()
        try:
            yield
        except CannotCompile:  # nothing about the step: another engine makes the play
            raise
        except Exception as error:
            self._take_back(entries, now, asked, error)
        self.keep()

    def _take_back(self, entries: list[Entry], now: int, asked: bool, error: Exception) -> NoReturn:
        """The play as it stood before a step; the step's error in words, whatever it was."""
        if isinstance(error, MlasimError):
            why = joined([error], "")
        else:
            logger.error("a step is taken back: the program failed in it", exc_info=error)
            why = say("the program failed in it ({kind})", kind=type(error).__name__)
        if not self._replaying:  # who replays a log throws the play away
            self._start()
            self.replay(entries)
            if asked and self.question is None:
                self.go_on()
            elif self.run.now < now:
                self.pass_until(now)
        raise SessionError(say("this cannot be carried out here, so it has not been done: {why}", why=why)) from error

    def note(self, entry: Entry) -> None:
        """Take a step down; time let pass right after time let pass is one step."""
        if follows_on(self.entries, entry):
            self.entries.pop()
        self.entries.append(entry)

    def _clock(self) -> int:
        """What the clock on the wall says, for steps taken now."""
        return 0 if self._replaying else round(time.time())

    def _is_ours(self, entry: Entry) -> bool:
        """Whether no other team knows of a step: it was taken just now (a question is up to a second old by then)."""
        now = entry.kind != "time" and self.run.now - entry.moment <= 1
        return now and not any(goes_over(self.run, action) for action in self.actions_of(entry))

    def _replayed(self, entries: list[Entry]) -> Session:
        session = self.again()
        session.exchange, session.peer = self.exchange, self.peer
        session.provenance, session.remarks = self.provenance, self.remarks
        session.replay(entries)
        return session

    def replay(self, entries: list[Entry], places: Sequence[str] = ()) -> None:
        """Take steps from a log. Raises `SessionError` where the log and the case do not fit; ``places`` says where
        each step stands."""
        keeper, self.keeper = self.keeper, None
        self._replaying = True
        try:
            replay(self, entries, places)
        finally:
            self.keeper, self._replaying = keeper, False

    def debrief(self, replays: int = 20, **options: Any) -> Any:  # a `Debrief` and its options, which know sessions
        """What happened, why, and what else could have happened. See `sim.training.debrief.debrief`."""
        from sim.training.debrief import debrief

        return debrief(self, replays=replays, **options)

    def _own_letter(self, option: Option, letter: SendRequest) -> Action:
        given = self.case.drafts(option)
        if given is None:
            raise SessionError(say("this option has no letter to draft"))
        return drafted_action(self.run, given, letter)

    def _answer(self, question: Question, entry: Entry, letter: Action | None) -> None:
        self._questions.pop(0)
        self._perform(with_letter(question.options[entry.option].do, letter))
        self._happened(Decided(self.run.now, question.id, entry.option))

    def _perform(self, actions: list[Action]) -> None:
        """Carry out what the last entry says, and note what it set on its way."""
        before = set(self.run.requests)
        for action in actions:
            self.run.perform(with_quality(self.run, action))
        self.sent[len(self.entries) - 1] = tuple(id_ for id_ in self.run.requests if id_ not in before)
