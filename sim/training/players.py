"""Automatic players: they decide without a person, for previews, counterfactuals and tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, Protocol

from sim.engine.executor import Engine
from sim.engine.plan import Plan
from sim.engine.random_streams import uniform
from sim.errors import UsageError
from sim.i18n import say
from sim.model.case import Decision
from sim.model.loading import Scenario
from sim.model.problems import did_you_mean
from sim.training.session import Session


class Player(Protocol):
    """Somebody who decides."""

    def decide(self, session: Session) -> str:
        """The option for the question that waits."""
        ...


class First:
    """Always takes the option that stands first on the screen."""

    def decide(self, session: Session) -> str:
        assert session.question is not None
        return next(iter(session.question.options))


class Longest:
    """Always takes the option with the longest text: who guesses by length, and reads nothing."""

    def decide(self, session: Session) -> str:
        assert session.question is not None
        options = session.question.options
        return max(options, key=lambda option: len(" ".join(options[option].text.split())))


class Random:
    """Takes any option, by a draw of its own."""

    def __init__(self, seed: int = 0):
        self.seed = seed

    def decide(self, session: Session) -> str:
        question = session.question
        assert question is not None
        return self.takes(session.replication, question.id, question.decision)

    def takes(self, replication: int, id_: str, decision: Decision) -> str:
        """The option of a decision in a replication, whenever it is asked."""
        options = list(decision.options)
        return options[int(uniform(self.seed, replication, "player", id_) * len(options))]


class Textbook:
    """Takes what the author marks as going by the book."""

    def decide(self, session: Session) -> str:
        assert session.question is not None
        return session.question.decision.option_of("textbook")


class Naive:
    """Takes what the author marks as the choice of somebody new and in a hurry."""

    def decide(self, session: Session) -> str:
        assert session.question is not None
        return session.question.decision.option_of("naive")


class Greedy:
    """Tries each option on other luck, goes on by the book, and takes the one with the best mean score.

    It looks one decision ahead and knows only what a simulation of its own tells it: its luck is not the play's.
    """

    def __init__(self, tries: int = 3):
        self.tries = tries

    def decide(self, session: Session) -> str:
        question = session.question
        assert question is not None
        return max(question.options, key=lambda option: self._promise(session, question.id, option))

    def _promise(self, session: Session, decision: str, option: str) -> float:
        from sim.training.branches import played
        from sim.training.scoring import score, total

        options = {**session.choices, decision: option}
        first, who = OTHER_LUCK + session.replication * self.tries, Scripted(options, otherwise="textbook")
        plays = [played(session.scenario, session.seed, first + luck, who) for luck in range(self.tries)]
        return sum(total(score(play)) for play in plays) / self.tries


OTHER_LUCK = 1_000_000
"""Replications from here on are nobody's play: a player that tries things out does not see its own future."""


class Scripted:
    """Takes the options given, and where none is given the author's default, or what another player would do."""

    def __init__(self, options: Mapping[str, str], otherwise: Literal["default", "textbook"] = "default"):
        self.options, self.otherwise = dict(options), otherwise

    def decide(self, session: Session) -> str:
        question = session.question
        assert question is not None
        decision = question.decision
        missing = decision.default if self.otherwise == "default" else decision.option_of("textbook")
        return self.options.get(question.id, missing)


PLAYERS: dict[str, Callable[[int], Player]] = {
    "first": lambda seed: First(),
    "longest": lambda seed: Longest(),
    "random": Random,
    "naive": lambda seed: Naive(),
    "textbook": lambda seed: Textbook(),
    "greedy": lambda seed: Greedy(),
}
"""Every player by name; made with a seed, which only ``random`` needs."""


def player(name: str, seed: int = 0) -> Player:
    """A player by name. Raises `UsageError` if there is none of that name."""
    if name not in PLAYERS:
        raise UsageError(say("there is no player {name!r} — {hint}", name=name, hint=did_you_mean(name, PLAYERS)))
    return PLAYERS[name](seed)


def play_through(
    scenario: Scenario,
    who: Player,
    *,
    seed: int = 0,
    replication: int = 0,
    plan: Plan | None = None,
    engine: Engine = "simpy",
) -> Session:
    """A whole play by an automatic player."""
    session = Session(scenario, seed=seed, replication=replication, plan=plan, engine=engine)
    return finish(session, who)


def finish(session: Session, who: Player) -> Session:
    """Play a session to its end."""
    while not session.ended:
        if session.question is None:
            session.go_on()
        else:
            session.choose(who.decide(session))
    return session
