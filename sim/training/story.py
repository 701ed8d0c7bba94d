"""A case as it unfolds before a trainee: what it puts to them, what they hear, and how time passes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Self

from sim.case.plan import plan_of
from sim.case.run import CaseRun
from sim.engine.executor import Engine
from sim.engine.log import EventLog
from sim.engine.plan import Plan
from sim.engine.random_streams import uniform
from sim.errors import SessionError
from sim.i18n import say
from sim.model.action import Action, with_letter
from sim.model.case import Case, Decision, Ending, Option
from sim.model.conditions import Circumstances, Moment
from sim.model.events import DeadlinePassed, Event
from sim.model.loading import Scenario
from sim.record.run import hash_of
from sim.training.action_rules import action_of
from sim.training.invented_names import with_names
from sim.training.messages import message_of
from sim.training.session_records import Entry
from sim.training.telling import INJECT, Message
from sim.unchanging import Unchanging


@dataclass(frozen=True)
class Question(Unchanging):
    """A decision that waits for the trainee."""

    id: str
    decision: Decision
    moment: int
    """When it was put, in seconds since the world's epoch."""
    options: Mapping[str, Option]
    """The ways to decide, in an order by luck: the author's says nothing."""


class Story:
    """One play of a case, as far as the case itself goes. `sim.training.session.Session` adds the trainee's steps."""

    def __init__(
        self, scenario: Scenario, *, seed: int, replication: int, plan: Plan | None, partner: str, engine: Engine
    ):
        if scenario.case is None:
            raise SessionError(say("{id} is a {kind}, not a case; play a case", id=scenario.id, kind=scenario.kind))
        self.scenario, self.seed, self.replication = scenario, seed, replication
        self.case: Case = with_names(scenario, seed)
        """The case as this play tells it, with names invented for its people."""
        self.plan = plan or plan_of(scenario)
        self.partner = partner
        """The State that another team plays, where two teams play two States."""
        self.engine = engine
        """What moves its world; the play is the same."""
        self._start()

    def _start(self) -> None:
        """The play at its beginning."""
        self.entries: list[Entry] = []
        self.inbox: list[Message] = []
        self.sent: dict[int, tuple[str, ...]] = {}
        """What each entry set on its way itself (letters, orders, services, steps at the desk), by its place."""
        self.ended = False
        self._questions: list[Question] = []
        self._posed: set[str] = set()
        self.run = CaseRun(
            self.scenario,
            seed=self.seed,
            replication=self.replication,
            plan=self.plan,
            on_event=self._happened,
            partner=self.partner,
            engine=self.engine,
        )
        self._arrange()
        self.go_on()

    def copied(self) -> Self:
        """The play as it stands, to go on with beside this one: the same steps bring the same in both. What never
        changes is shared, and so is luck."""
        shared = (self.scenario, self.case, self.plan, self._story, self.run.case, self.run.behaviour)
        return deepcopy(self, {id(one): one for one in shared})

    # What the trainee sees

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
        return self.run.simulation.log

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
                self.run.simulation.close(self.run.start)
            elif self.run.now >= until or (heed_messages and any(m.needs_you for m in self.inbox[read:])):
                break
            else:
                self.run.advance(until)
                if self.run.attended:
                    self.run.advance(self.run.now + 1)

    def reach_question(self, decision: str) -> None:
        """Let time pass until a question waits, if one is to be answered next."""
        if decision and self.question is None and not self.ended:
            self.go_on()

    # What the story does

    def _arrange(self) -> None:
        self._story = (
            *((decision.when, Story._pose, id_) for id_, decision in self.case.decisions.items()),
            *((inject.when, Story._inject, id_) for id_, inject in self.case.injects.items()),
        )
        for when, what, id_ in self._story:
            if when.event is None:
                self._in(when, partial(what, self, id_))

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
        for when, what, id_ in self._story:
            if when.event == event.name and when.of in (None, event.about):
                self._in(when, partial(what, self, id_), event.moment)
        if isinstance(event, DeadlinePassed) and self.case.deadlines[event.about].ends_case:
            self.run.end = event.moment
            self.run.attend()

    def _pose(self, id_: str) -> None:
        decision = self.case.decisions[id_]
        if id_ in self._posed or self.ended or not self.holds(decision.only_if):
            return
        self._posed.add(id_)
        self._questions.append(Question(id_, decision, self.run.now, self._in_any_order(id_, decision)))
        self.run.attend()

    def _in_any_order(self, id_: str, decision: Decision) -> dict[str, Option]:
        """The options as they are shown, by a draw of each one's own."""

        def place(option: str) -> float:
            return uniform(self.seed, self.replication, "order", f"{id_}/{option}")

        return {option: decision.options[option] for option in sorted(decision.options, key=place)}

    def _inject(self, id_: str) -> None:
        inject = self.case.injects[id_]
        key = f"inject/{id_}"
        if key in self._posed or self.ended or not self.holds(inject.only_if):
            return
        self._posed.add(key)
        self.inbox.append(Message(self.run.now, inject.title, inject.says.strip(), INJECT, id_, needs_you=True))
        self.run.attend()
        by_choice = inject.only_if is not None and bool(inject.only_if.chosen)
        for person, change in inject.wellbeing.items():
            self.run.people[person].meets(change, by_choice=by_choice)
        closes = {channel: period.seconds() for channel, period in inject.closes.items()}
        self.run.befall(inject.trust, closes, inject.title)
        for action in inject.do:
            self.run.perform(action)
