"""Automatic players: they decide without a person, for previews, counterfactuals and tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from sim.engine.chance import uniform
from sim.engine.nodes import Plan
from sim.errors import UsageError
from sim.model.loading import Scenario
from sim.model.problems import did_you_mean
from sim.training.session import Session


class Player(Protocol):
    """Somebody who decides."""

    def decide(self, session: Session) -> str:
        """The option for the question that waits."""
        ...


class First:
    """Always takes the first option."""

    def decide(self, session: Session) -> str:
        assert session.question is not None
        return next(iter(session.question.options))


class Random:
    """Takes any option, by a draw of its own."""

    def __init__(self, seed: int = 0):
        self.seed = seed

    def decide(self, session: Session) -> str:
        question = session.question
        assert question is not None
        options = list(question.options)
        return options[int(uniform(self.seed, session.replication, "player", question.id) * len(options))]


class Scripted:
    """Takes the options given, and the author's default where none is given."""

    def __init__(self, options: Mapping[str, str]):
        self.options = dict(options)

    def decide(self, session: Session) -> str:
        question = session.question
        assert question is not None
        return self.options.get(question.id, question.decision.default)


def player(name: str, seed: int = 0) -> Player:
    """A player by name: ``first`` or ``random``."""
    if name == "first":
        return First()
    if name == "random":
        return Random(seed)
    raise UsageError(f"there is no player {name!r} — {did_you_mean(name, ['first', 'random'])}")


def play_through(
    scenario: Scenario, who: Player, *, seed: int = 0, replication: int = 0, plan: Plan | None = None
) -> Session:
    """A whole play by an automatic player."""
    session = Session(scenario, seed=seed, replication=replication, plan=plan)
    return finish(session, who)


def finish(session: Session, who: Player) -> Session:
    """Play a session to its end."""
    while not session.ended:
        session.choose(who.decide(session))
    return session
