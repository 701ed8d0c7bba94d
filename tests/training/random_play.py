"""Playing at random: acts put together from everything a case knows, and from some things that it does not."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sim.errors import SessionError
from sim.model.action_kinds import ACTIONS, ActionField, ActionKind
from sim.training.action_rules import action_of
from sim.training.choices import choices, data_for
from sim.training.session import Session


@dataclass
class Counts:
    """Acts tried and done."""

    tried: int = 0
    done: int = 0
    kinds: Counter[str] = field(default_factory=Counter)


def play_at_random(session: Session, chance: random.Random, acts: int) -> Counts:
    """Try so many acts, with decisions and time between them, until the case is over."""
    counts = Counts()
    kinds = [kind for kind in ACTIONS.values() if kind.seat != "other team"]
    while counts.tried < acts:
        if not session.ended and session.question is not None and chance.random() < 0.3:
            session.choose(chance.choice(list(session.question.options)), stay=chance.random() < 0.7)
        elif not session.ended and session.question is None and chance.random() < 0.4:
            session.wait(days=chance.choice((0.01, 1, 5, 20)))
        kind = _letter(kinds) if chance.random() < 0.3 else chance.choice(kinds)
        counts.tried += 1
        try:
            session.act(action_of(at_random(session, kind, chance, counts.tried)))
        except SessionError:
            continue
        counts.done += 1
        counts.kinds[kind.key] += 1
    return counts


def _letter(kinds: list[ActionKind]) -> ActionKind:
    return next(kind for kind in kinds if kind.key == "send")


def at_random(session: Session, kind: ActionKind, chance: random.Random, number: int) -> dict[str, Any]:
    """An action of a kind, as plain data, mostly of what can be picked."""
    filled = {field.name: _value(session, field, chance, number) for field in kind.fields}
    data = data_for(kind, filled)
    if kind.key == "send":
        data["send"]["id"] = f"letter-{number}"
    return data


def _value(session: Session, field: ActionField, chance: random.Random, number: int) -> Any:
    if not field.needed and chance.random() < 0.4:
        return None
    if field.shape == "yes or no":
        return chance.random() < 0.5
    if field.shape == "words":
        return chance.choice(("", f"words {number}", "<b>words</b>"))
    offered = [choice.id for choice in choices(session.run, field) if choice.id] or ["nothing"]
    if field.hint.of == "language":  # also those in which nobody here writes
        offered = ["ar", "en", "es", "fr", "id", "ru", "uk", "zh"]
    one = "nowhere" if chance.random() < 0.03 else chance.choice(offered)
    if field.many:
        return [one, *chance.sample(offered, min(len(offered), chance.choice((0, 0, 1))))]
    return one
