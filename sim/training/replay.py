"""Taking steps from a log again: what makes saving, resuming, undoing and asking "what if" one thing.

A log comes from outside. Whatever in it cannot be done is a `SessionError` that says where it stands; a fault of the
program's own is not taken for one of the log.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.errors import MlasimError, SessionError
from sim.i18n import joined, say
from sim.model.action import letter_among
from sim.training.action_rules import action_of
from sim.training.session_records import Entry

if TYPE_CHECKING:
    from sim.training.session import Session

logger = logging.getLogger("mlasim.training.replaying")


def replay(session: Session, entries: Sequence[Entry], places: Sequence[str] = ()) -> None:
    """Take the steps of a log in a session. ``places`` says where each stands, as ``file:line``."""
    for number, entry in enumerate(entries):
        where = f"{places[number]}: " if places else ""
        try:
            _take(session, entry)
        except MlasimError as error:
            raise SessionError(joined([where, error], "")) from None
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            # What values can do that passed every check; with its trace, since a check may be missing.
            logger.warning("%sstep %d of a log cannot be taken", where, number + 1, exc_info=True)
            raise SessionError(joined([where, say("this step cannot be taken as things stand then")], "")) from error


def _take(session: Session, entry: Entry) -> None:
    own = action_of(entry.action) if entry.action is not None else None
    if entry.kind == "decision":
        session.reach_question(entry.decision)
        question = session.question
        if question is None or question.id != entry.decision:
            if question is None:
                words = say(
                    "the session decides {decision!r} where the case asks nothing more", decision=entry.decision
                )
            else:
                words = say(
                    "the session decides {decision!r} where the case asks {asked!r}",
                    decision=entry.decision,
                    asked=question.id,
                )
            raise SessionError(words)
        session.choose(
            entry.option,
            because=entry.because,
            predict=entry.predict,
            days=entry.days,
            letter=letter_among([own]) if own is not None else None,
            stay=bool(entry.stays),
        )
        _as_it_was(session, entry)
        return
    session.pass_until(entry.moment)
    if session.run.now != entry.moment:
        if session.question is None:
            raise SessionError(
                say("the session is at second {moment} where the case is there already", moment=entry.moment)
            )
        words = say("the session is at second {moment} where {id!r} waits", moment=entry.moment, id=session.question.id)
        raise SessionError(words)
    if own is None:
        session.note(entry)
    else:
        session.act(own, because=entry.because, predict=entry.predict, days=entry.days)
        _as_it_was(session, entry)


def _as_it_was(session: Session, entry: Entry) -> None:
    """What is known of a step besides the step itself: when it was taken, and whether its line was changed."""
    session.entries[-1] = replace(session.entries[-1], taken=entry.taken, altered=entry.altered)
