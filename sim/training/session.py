"""A session: one play of a case. It is its decisions; everything else is replayed from them.

Save, resume, undo, fork and "what if" are one thing: replay of (scenario, seed, decisions). Decisions are keyed by
the author's ids.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sim.engine.case_plan import compile_case
from sim.engine.case_run import CaseRun
from sim.engine.log import EventLog
from sim.engine.nodes import Plan
from sim.engine.traced import Happening
from sim.errors import SessionError
from sim.model.case import Case, Circumstances, Decision, Ending, Moment, Option
from sim.model.loading import Scenario
from sim.model.problems import did_you_mean
from sim.record.run import hash_of
from sim.training.messages import Message, message_of
from sim.training.storage import Entry, SessionFile, read_session


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
    ):
        if scenario.case is None:
            raise SessionError(f"{scenario.id} is a {scenario.kind}, not a case; play a case")
        self.scenario, self.seed, self.replication = scenario, seed, replication
        self.case: Case = scenario.case
        self.plan = plan or compile_case(scenario)
        self._file = file
        self.entries: list[Entry] = []
        self.inbox: list[Message] = []
        self.ended = False
        self._questions: list[Question] = []
        self._posed: set[str] = set()
        self._log: EventLog | None = None
        self.run = CaseRun(scenario, seed=seed, replication=replication, plan=self.plan, on_happening=self._happened)
        self._arrange()
        self._go_on()

    # What the trainee sees

    @property
    def file(self) -> Path | None:
        """Where the session is kept, if it is."""
        return self._file.path if self._file is not None else None

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
    def choices(self) -> dict[str, str]:
        """Options taken so far, by decision."""
        return {entry.decision: entry.option for entry in self.entries}

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
        decisions = json.dumps([[e.decision, e.option] for e in self.entries])
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

    # Acting

    def choose(self, option: str, *, because: str = "", predict: str = "") -> Session:
        """Answer the question that waits. Raises `SessionError` if there is none or it has no such option."""
        question = self.question
        if question is None:
            raise SessionError("nothing waits for an answer" + (" — the case is over" if self.ended else ""))
        if option not in question.options:
            raise SessionError(f"{question.id!r} has no option {option!r} — {did_you_mean(option, question.options)}")
        entry = Entry(question.id, option, because, predict, question.moment)
        if self._file is not None:
            self._file.append(entry)
        self._answer(question, entry)
        self._go_on()
        return self

    def undo(self, steps: int = 1) -> Session:
        """The session as it was ``steps`` decisions ago, as a new one; the file, if any, is rewritten."""
        if not 1 <= steps <= len(self.entries):
            raise SessionError(f"there are {len(self.entries)} decisions to undo, not {steps}")
        kept = self.entries[:-steps]
        earlier = self._replayed(kept)
        if self._file is not None:
            self._file.rewrite(kept)
            earlier._file, self._file = self._file, None
        return earlier

    def fork(self, decision: str, option: str) -> Session:
        """A new session with the same luck in which one decision was taken otherwise, stopped right after it."""
        before: list[Entry] = []
        for entry in self.entries:
            if entry.decision == decision:
                return self._replayed(before).choose(option)
            before.append(entry)
        raise SessionError(
            f"{decision!r} was not decided in this session — "
            f"{did_you_mean(decision, [e.decision for e in self.entries])}"
        )

    def save(self, path: str | Path) -> Path:
        """Write the session to a file and keep it up to date from now on, flushed at every decision."""
        self._file = SessionFile.create(Path(path), self.scenario, self.seed, self.replication, self.entries)
        return self._file.path

    def _replayed(self, entries: list[Entry]) -> Session:
        session = Session(self.scenario, seed=self.seed, replication=self.replication, plan=self.plan)
        session.replay(entries)
        return session

    def replay(self, entries: list[Entry]) -> None:
        """Take decisions from a log. Raises `SessionError` where the log and the case do not fit."""
        for entry in entries:
            question = self.question
            if question is None or question.id != entry.decision:
                asked = f"the case asks {question.id!r}" if question else "the case asks nothing more"
                raise SessionError(f"the session decides {entry.decision!r} where {asked}")
            self.choose(entry.option, because=entry.because, predict=entry.predict)

    def debrief(self, replays: int = 20, **options: Any) -> Any:
        """What happened, why, and what else could have happened. See `sim.training.debrief.debrief`."""
        from sim.training.debrief import debrief

        return debrief(self, replays=replays, **options)

    # What the story does

    def _arrange(self) -> None:
        for id_, decision in self.case.decisions.items():
            if decision.when.event is None:
                self._in(decision.when, lambda id_=id_: self._pose(id_))  # type: ignore[misc]
        for id_, inject in self.case.injects.items():
            if inject.when.event is None:
                self._in(inject.when, lambda id_=id_: self._inject(id_))  # type: ignore[misc]

    def _in(self, moment: Moment, what: Any, since: int | None = None) -> None:
        base = self.run.start if since is None else since
        delay = round(moment.after.seconds()) if moment.after is not None else 0
        self.run.at(base + delay, what)

    def _happened(self, happening: Happening) -> None:
        message = message_of(self.run, happening)
        if message is not None:
            self.inbox.append(message)
        owners: Any
        for owners, act in ((self.case.decisions, self._pose), (self.case.injects, self._inject)):
            for id_, owner in owners.items():
                when = owner.when
                if when.event == happening.event and when.of in (None, happening.of):
                    self._in(when, lambda id_=id_, act=act: act(id_), happening.moment)  # type: ignore[misc]
        if happening.event == "deadline" and self.case.deadlines[happening.of].ends_case:
            self.run.end = happening.moment
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
        self.inbox.append(Message(self.run.now, inject.title, inject.says.strip(), "inject", id_))
        for person, change in inject.wellbeing.items():
            self.run.people[person].change(change)
        closes = {channel: period.seconds() for channel, period in inject.closes.items()}
        self.run.befall(inject.trust, closes, inject.title)
        for action in inject.do:
            self.run.perform(action)

    def _answer(self, question: Question, entry: Entry) -> None:
        self._questions.pop(0)
        self.entries.append(entry)
        for action in question.options[entry.option].do:
            self.run.perform(action)
        self._happened(Happening(self.run.now, "decided", question.id, entry.option))

    def _go_on(self) -> None:
        """Let time pass until something needs the trainee or the case is over."""
        while not self._questions and not self.ended:
            if self.run.now >= self.run.end:
                self.ended = True
                self._log = self.run.simulation.finish(self.run.start)
            else:
                self.run.advance()


def resume(path: str | Path, scenario: Scenario | None = None) -> Session:
    """A session from its file, as it stood after its last decision; it goes on writing there.

    Raises `SessionError` if the file is no session, or the scenario has changed since.
    """
    from sim.model.loading import available, load

    header, entries = read_session(Path(path))
    if scenario is None:
        if header.scenario not in available("case"):
            raise SessionError(f"{path}: there is no case {header.scenario[:60]!r} in the library — give the scenario")
        scenario = load(header.scenario)
    if scenario.id != header.scenario:
        raise SessionError(f"{path}: this is a session of {header.scenario[:60]!r}, not of {scenario.id!r}")
    if scenario.hash != header.hash:
        raise SessionError(
            f"{path}: the scenario {header.scenario!r} has been edited since this session was played "
            f"(was {header.hash[:12]}, is {scenario.hash[:12]}) — play it with the scenario it began with, "
            "or begin anew"
        )
    session = Session(scenario, seed=header.seed, replication=header.replication)
    session.replay(entries)
    session._file = SessionFile(Path(path), header)
    if not Path(path).read_bytes().endswith(b"\n"):
        session._file.rewrite(entries)  # a line cut off by a crash must not run into the next one
    return session
