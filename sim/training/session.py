"""A session: one play of a case. It is its decisions; everything else is replayed from them.

Save, resume, undo, fork and "what if" are one thing: replay of (scenario, seed, decisions). Decisions are keyed by
the author's ids.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Unpack

from sim.case.other_team import goes_over
from sim.case.plan import plan_of
from sim.case.run import CaseRun
from sim.engine.log import EventLog
from sim.engine.plan import Plan
from sim.errors import SessionError
from sim.i18n import say
from sim.model.action import Action, with_letter
from sim.model.actions import SendRequest
from sim.model.case import Case, Decision, Ending, Option
from sim.model.conditions import Circumstances, Moment
from sim.model.durations import DAY
from sim.model.events import DeadlinePassed, Decided, Event
from sim.model.loading import Scenario
from sim.model.problems import did_you_mean
from sim.record.run import hash_of
from sim.training.action_rules import action_of, data_of, drafted_action, problem_with, with_quality
from sim.training.messages import message_of
from sim.training.replay import replay
from sim.training.storage import Entry, InPost, Names, SessionFile, follows_on, read_kept, scenario_of
from sim.training.telling import INJECT, Message


@dataclass(frozen=True)
class Question:
    """A decision that waits for the trainee."""

    id: str
    decision: Decision
    moment: int
    """When it was put, in seconds since the world's epoch."""

    @property
    def options(self) -> Mapping[str, Option]:
        return self.decision.options


class Session:
    """One play of a case. It stops whenever something needs the trainee; `choose` goes on."""

    def __init__(
        self,
        scenario: Scenario,
        *,
        seed: int = 0,
        replication: int = 0,
        plan: Plan | None = None,
        file: SessionFile | None = None,
        partner: str = "",
        exchange: str = "",
        peer: str = "",
    ):
        if scenario.case is None:
            raise SessionError(say("{id} is a {kind}, not a case; play a case", id=scenario.id, kind=scenario.kind))
        self.scenario, self.seed, self.replication = scenario, seed, replication
        self.case: Case = scenario.case
        self.plan = plan or plan_of(scenario)
        self._file = file
        self.exchange, self.peer = exchange, peer
        """Where two teams play two States: what this session and the other team's are called in their post."""
        self.entries: list[Entry] = []
        self.inbox: list[Message] = []
        self.sent: dict[int, tuple[str, ...]] = {}
        """What each entry set on its way itself (letters, orders, services, steps at the desk), by its place."""
        self.ended = False
        self._questions: list[Question] = []
        self._posed: set[str] = set()
        self._log: EventLog | None = None
        self.run = CaseRun(
            scenario, seed=seed, replication=replication, plan=self.plan, on_event=self._happened, partner=partner
        )
        self._arrange()
        self.go_on()

    # What the trainee sees

    @property
    def file(self) -> Path | None:
        """Where the session is kept, if it is."""
        return self._file.path if self._file is not None else None

    @property
    def names(self) -> Names:
        """Who plays with this session: the other team's State, and what both sessions are called in their post."""
        return {"partner": self.run.partner, "exchange": self.exchange, "peer": self.peer}

    @property
    def question(self) -> Question | None:
        """What waits for an answer; None when the case is over or time should pass."""
        return self._questions[0] if self._questions and not self.ended else None

    @property
    def now(self) -> datetime:
        """Local date and time at the trainee's seat."""
        return self.run.moment(self.run.now)

    @property
    def day(self) -> int:
        """Day of the story, from 1."""
        return int(self.run.day) + 1

    @property
    def steps(self) -> list[Entry]:
        """What the trainee did so far: decisions and acts, without the passing of time."""
        return [entry for entry in self.entries if entry.kind != "time"]

    @property
    def actions(self) -> list[Action]:
        """Everything the trainee set in motion so far, by decisions and unasked."""
        return [action for entry in self.steps for action in self.actions_of(entry)]

    def actions_of(self, entry: Entry) -> list[Action]:
        """What one step set in motion."""
        own = action_of(entry.action) if entry.action is not None else None
        if not entry.decision:
            return [own] if own is not None else []
        return with_letter(self.case.decisions[entry.decision].options[entry.option].do, own)

    @property
    def choices(self) -> dict[str, str]:
        """Options taken so far, by decision."""
        return {entry.decision: entry.option for entry in self.entries if entry.decision}

    @property
    def ending(self) -> tuple[str, Ending] | None:
        """Id and text of how it ended; None while it goes on."""
        if not self.ended:
            return None
        for id_, ending in self.case.endings.items():
            if self.holds(ending.if_):
                return id_, ending
        return None

    @property
    def log(self) -> EventLog:
        """The event table of the world, closed when the case is over."""
        return self._log or self.run.simulation.log

    @property
    def sha256(self) -> str:
        """Hash of the decisions and of the event table so far."""
        decisions = json.dumps([[e.decision, e.option, *([e.action] if e.action else [])] for e in self.steps])
        return hash_of(self.log, decisions)

    def holds(self, what: Circumstances | None) -> bool:
        """Whether circumstances hold now."""
        if what is None:
            return True
        chosen = self.choices
        for decision, options in what.chosen.items():
            wanted = (options,) if isinstance(options, str) else options
            if chosen.get(decision) not in wanted:
                return False
        return self.run.holds(what)

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
        entry = Entry(
            question.id,
            option,
            because,
            predict,
            question.moment,
            days,
            int(stay),
            None if action is None else data_of(action),
        )
        self.keep(entry)
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
        self.keep(Entry("", "", because, predict, self.run.now, days, 0, data_of(action)))
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
            limit = self.run.now + round(days * DAY)
        limit = min(limit, self.run.end) if at_most is None else min(limit, self.run.end, at_most)
        if self._file is not None:
            self._file.ready(Entry(moment=self.run.now))
        self.pass_until(limit, heed_messages=until is None and days is None)
        self.keep(Entry(moment=self.run.now))
        return self

    def go_on(self) -> None:
        """Let time pass until a question waits or the case is over."""
        self.pass_until(self.run.end)

    def pass_until(self, until: int, *, heed_messages: bool = False) -> None:
        """Let time pass until a moment, unless a question (or a message that calls for something) comes first.

        It stops between two seconds only, after everything that befell in the first: a step taken there can be
        replayed by its moment alone.
        """
        read = len(self.inbox)
        while not self._questions and not self.ended:
            if self.run.now >= self.run.end:
                self.ended = True
                self._log = self.run.simulation.finish(self.run.start)
            elif self.run.now >= until or (heed_messages and any(m.needs_you for m in self.inbox[read:])):
                break
            else:
                self.run.advance(until)
                if self.run.attended:
                    self.run.advance(self.run.now + 1)

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
        earlier = self._replayed(kept)
        if not kept or kept[-1].kind != "decision" or kept[-1].stays:
            earlier.reach_question(self.entries[places[-steps]].decision)
        if self._file is not None:
            self._file.rewrite(earlier.entries)
            earlier._file, self._file = self._file, None
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
        """Write the session to a file and keep it up to date from now on, flushed at every decision."""
        self._file = SessionFile.create(
            Path(path), self.scenario, self.entries, seed=self.seed, replication=self.replication, **self.names
        )
        return self._file.path

    def join(self, **names: Unpack[InPost]) -> None:
        """Have it kept what this session (``exchange``) or the other team's (``peer``) is called in their post."""
        if self._file is not None:
            self._file.say(self.entries, **names)
        self.exchange, self.peer = names.get("exchange", self.exchange), names.get("peer", self.peer)

    def _is_ours(self, entry: Entry) -> bool:
        """Whether no other team knows of a step: it was taken just now (a question is up to a second old by then)."""
        now = entry.kind != "time" and self.run.now - entry.moment <= 1
        return now and not any(goes_over(self.run, action) for action in self.actions_of(entry))

    def _replayed(self, entries: list[Entry]) -> Session:
        session = Session(self.scenario, seed=self.seed, replication=self.replication, plan=self.plan, **self.names)
        session.replay(entries)
        return session

    def replay(self, entries: list[Entry], places: Sequence[str] = ()) -> None:
        """Take steps from a log. Raises `SessionError` where the log and the case do not fit; ``places`` says where
        each step stands."""
        replay(self, entries, places)

    def keep(self, entry: Entry) -> None:
        """Write a step down before it is taken, so that a crash loses nothing."""
        if self._file is not None:
            self._file.append(entry)
        if follows_on(self.entries, entry):
            self.entries.pop()
        self.entries.append(entry)

    def reach_question(self, decision: str) -> None:
        """Let time pass until a question waits, if one is to be answered next."""
        if decision and self.question is None and not self.ended:
            self.go_on()

    def debrief(self, replays: int = 20, **options: Any) -> Any:  # a `Debrief` and its options, which know sessions
        """What happened, why, and what else could have happened. See `sim.training.debrief.debrief`."""
        from sim.training.debrief import debrief

        return debrief(self, replays=replays, **options)

    # What the story does

    def _arrange(self) -> None:
        self._story = [(decision.when, partial(self._pose, id_)) for id_, decision in self.case.decisions.items()]
        self._story += [(inject.when, partial(self._inject, id_)) for id_, inject in self.case.injects.items()]
        for when, what in self._story:
            if when.event is None:
                self._in(when, what)

    def _in(self, moment: Moment, what: Callable[[], None], since: int | None = None) -> None:
        base = self.run.start if since is None else since
        delay = round(moment.after.seconds()) if moment.after is not None else 0
        self.run.at(base + delay, what)

    def _happened(self, event: Event) -> None:
        message = message_of(self.run, event)
        if message is not None:
            self.inbox.append(message)
            if message.needs_you:
                self.run.attend()
        for when, what in self._story:
            if when.event == event.name and when.of in (None, event.about):
                self._in(when, what, event.moment)
        if isinstance(event, DeadlinePassed) and self.case.deadlines[event.about].ends_case:
            self.run.end = event.moment
            self.run.attend()

    def _pose(self, id_: str) -> None:
        decision = self.case.decisions[id_]
        if id_ in self._posed or self.ended or not self.holds(decision.only_if):
            return
        self._posed.add(id_)
        self._questions.append(Question(id_, decision, self.run.now))
        self.run.attend()

    def _inject(self, id_: str) -> None:
        inject = self.case.injects[id_]
        key = f"inject/{id_}"
        if key in self._posed or self.ended or not self.holds(inject.only_if):
            return
        self._posed.add(key)
        self.inbox.append(Message(self.run.now, inject.title, inject.says.strip(), INJECT, id_, needs_you=True))
        self.run.attend()
        for person, change in inject.wellbeing.items():
            self.run.people[person].change(change)
        closes = {channel: period.seconds() for channel, period in inject.closes.items()}
        self.run.befall(inject.trust, closes, inject.title)
        for action in inject.do:
            self.run.perform(action)

    def _own_letter(self, option: Option, letter: SendRequest) -> Action:
        if option.letter is None:
            raise SessionError(say("this option has no letter to draft"))
        return drafted_action(self.run, option.letter, letter)

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


def resume(path: str | Path, scenario: Scenario | None = None) -> Session:
    """A session from its file, as it stood after its last decision; it goes on writing there.

    Raises `SessionError` if the file is no session, or the scenario has changed since.

    >>> import sim
    >>> path = sim.play("silent-harbour", seed=7).save("mine.session.jsonl")
    >>> sim.resume(path).question.id
    'first-steps'
    """
    kept = read_kept(Path(path))
    header = kept.file.header
    scenario = scenario_of(kept.file, scenario)
    names: Names = {"partner": header.partner, "exchange": header.exchange, "peer": header.peer}
    session = Session(scenario, seed=header.seed, replication=header.replication, **names)
    session.replay(kept.entries, kept.places)
    session._file = kept.file
    if not kept.whole:
        kept.file.rewrite(kept.entries)  # a line cut off by a crash must not run into the next one
    return session
