"""Plays that share their beginning. What happened until a decision is the same whatever is decided then, with the same
luck: it is played once, and from there each option goes on from a copy.

Who decides here are given steps, the same with one decision taken otherwise, or an automatic player. The plays are
those that each would make from the beginning, to the last row of their event tables.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from functools import partial

from sim.case.plan import plan_of
from sim.engine.executor import Engine, chosen
from sim.engine.plan import Plan
from sim.errors import CannotCompile
from sim.model.loading import Scenario
from sim.training.decision_log import Act, Steps, follow, seat_of
from sim.training.players import Player, finish
from sim.training.session import Session

logger = logging.getLogger("mlasim.training.branches")


@dataclass(frozen=True)
class Otherwise:
    """Steps with one decision taken otherwise, its letter as the author has it."""

    taken: Steps
    decision: str
    option: str

    @property
    def steps(self) -> Steps:
        """All the steps."""
        return self.taken.but(self.decision, self.option)


Decides = Steps | Otherwise | Player
"""Who or what decides in a play."""


class Branches:
    """All plays of a case with one luck: they share the years before the story, and steps as far as they are the same.

    What is handed out is to be read and not played on, since others may get the same.
    """

    def __init__(self, scenario: Scenario, seed: int, replication: int, plan: Plan, engine: Engine):
        self._make = partial(Session, scenario, seed=seed, replication=replication, plan=plan, engine=engine)
        self._start: Session | None = None
        self._taken: Steps | None = None
        self._copies: dict[str, tuple[Session, tuple[Act, ...]]] = {}
        """The play of the steps taken, as each question is about to be answered, and the acts yet to come."""
        self._whole: Session | Exception | None = None
        """That play at its end, or why it came to none."""

    def play(self, who: Decides) -> Session:
        """A whole play. Raises what the play raises."""
        if isinstance(who, Steps):
            return self._of(who)
        if not isinstance(who, Otherwise):
            return finish(self._beginning(), who)
        if who.taken != self._taken:
            self._follow(who.taken)
        if who.decision not in self._copies:
            return self._of(who.taken)  # never asked: nothing is otherwise
        session, acts = self._copies[who.decision]
        return follow(session.copied(), who.steps, acts)

    def _beginning(self) -> Session:
        """A play that has just begun."""
        if self._start is None:
            self._start = self._make()
        return self._start.copied()

    def _of(self, taken: Steps) -> Session:
        if taken != self._taken:
            self._follow(taken)
        assert self._whole is not None
        if isinstance(self._whole, Exception):
            raise self._whole
        return self._whole

    def _follow(self, taken: Steps) -> None:
        """Play given steps, and keep a copy of the play at each question."""
        self._taken, self._whole = taken, None
        self._copies.clear()
        session = self._beginning()
        session.exchange = seat_of(taken)

        def asked(question: str, acts: tuple[Act, ...]) -> None:
            self._copies[question] = session.copied(), acts

        try:
            self._whole = follow(session, taken, taken.acts, asked)
        except CannotCompile:
            self._taken = None
            raise
        except Exception as error:  # whatever it is, it is so too for whoever goes the same way
            self._whole = error


_not_compiled: set[str] = set()
"""Scenarios of which compiled code cannot make the plays."""
_latest = threading.local()


def branches_of(scenario: Scenario, seed: int, replication: int) -> Branches:
    """The plays with one luck; this thread remembers those it was asked for last."""
    known: dict[tuple[object, ...], Branches] = _latest.__dict__.setdefault("known", {})
    key = (id(scenario), seed, replication)  # which is its own as long as its plays are remembered
    if key not in known:
        while len(known) >= _REMEMBERED:
            known.pop(next(iter(known)))
        plan = plan_of(scenario)
        known[key] = Branches(scenario, seed, replication, plan, _engine(scenario, plan))
    return known[key]


_REMEMBERED = 2
"""A player that looks ahead plays with another luck than its own."""


def played(scenario: Scenario, seed: int, replication: int, who: Decides) -> Session:
    """A whole play with a luck, to be read and not played on."""
    try:
        return branches_of(scenario, seed, replication).play(who)
    except CannotCompile as error:
        logger.info("SimPy makes the plays of %s, because compiled code cannot do %s", scenario.id, error)
        _not_compiled.add(scenario.hash)
        _latest.known.clear()
        return branches_of(scenario, seed, replication).play(who)


def _engine(scenario: Scenario, plan: Plan) -> Engine:
    assert scenario.case is not None
    if scenario.hash in _not_compiled:
        return "simpy"
    return chosen(plan, round(scenario.case.warm_up.seconds() + scenario.case.lasts.seconds()), None)
