"""A play's steps apart from its luck: decisions, letters and acts, to be taken again in another replication."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from sim.engine.plan import Plan
from sim.model.action import letter_among
from sim.model.data import Data
from sim.model.loading import Scenario
from sim.training.action_rules import action_of, problem_with
from sim.training.session import Session


@dataclass(frozen=True)
class Act:
    """Something done unasked."""

    after: int
    """Seconds after the story begins."""
    action: dict[str, Data]
    answered: frozenset[str] = frozenset()
    """Decisions that had been taken before it."""


@dataclass(frozen=True)
class Steps:
    """Options by decision, letters of the trainee's own by decision, and acts in their order."""

    options: dict[str, str] = field(default_factory=dict)
    letters: dict[str, dict[str, Data]] = field(default_factory=dict)
    acts: tuple[Act, ...] = ()

    @classmethod
    def of(cls, session: Session) -> Steps:
        """The steps of a play so far."""
        answered: set[str] = set()
        letters, acts = {}, []
        for entry in session.steps:
            if entry.decision:
                answered.add(entry.decision)
                if entry.action is not None:
                    letters[entry.decision] = entry.action
            elif entry.action is not None:
                acts.append(Act(entry.moment - session.run.start, entry.action, frozenset(answered)))
        return cls(session.choices, letters, tuple(acts))

    def but(self, decision: str, option: str) -> Steps:
        """The same with one decision taken otherwise, its letter as the author has it."""
        letters = {name: letter for name, letter in self.letters.items() if name != decision}
        return replace(self, options={**self.options, decision: option}, letters=letters)


def take(scenario: Scenario, steps: Steps, *, seed: int = 0, replication: int = 0, plan: Plan | None = None) -> Session:
    """A whole play of given steps. Questions they do not answer get the author's default; an act that cannot be
    carried out as things stand then is left out."""
    session = Session(scenario, seed=seed, replication=replication, plan=plan, exchange=seat_of(steps))
    return follow(session, steps, steps.acts)


def seat_of(steps: Steps) -> str:
    """What a session is called in the post of two teams in which steps are taken again; none where no other team
    plays."""
    return "replayed" if any(action_of(act.action).kind.seat == "other team" for act in steps.acts) else ""


def follow(
    session: Session,
    steps: Steps,
    acts: Sequence[Act],
    asked: Callable[[str, tuple[Act, ...]], None] = lambda question, acts: None,
    *,
    stops: Sequence[int] = (),
    stopped: Callable[[], None] = lambda: None,
) -> Session:
    """Play a session on to its end by given steps, of which ``acts`` are yet to come. ``asked`` is told each question
    that is about to be answered, and which acts are yet to come then; ``stopped`` at each of some moments, in their
    order, when everything of it has been done."""
    left, ahead = list(acts), list(stops)
    while not session.ended:
        act, question = left[0] if left else None, session.question
        moment = session.run.start + act.after if act is not None else session.run.end
        due = act is not None and moment <= session.run.now
        if due and (question is None or question.id not in left[0].answered):
            _do(session, left.pop(0))
        elif question is not None:
            asked(question.id, tuple(left))
            letter = steps.letters.get(question.id)
            written = letter_among([action_of(letter)]) if letter is not None else None
            option = steps.options.get(question.id, question.decision.default)
            session.choose(option, letter=written, stay=True)
        elif ahead and ahead[0] <= session.run.now:
            ahead.pop(0)
            stopped()
        else:
            session.pass_until(min([moment, *ahead[:1]]))
    for _stop in ahead:
        stopped()
    return session


def _do(session: Session, act: Act) -> None:
    action = action_of(act.action)
    if not problem_with(session.run, action):
        session.act(action)
