"""The axis that asks whether the trainee was in touch with those who had a letter: before it, and while it was there.

How many points a conduct is worth is a teaching choice of ours, not law.
"""

from __future__ import annotations

from functools import partial

from sim.case.requests import LetterRequest
from sim.i18n import say
from sim.model.action import Action
from sim.model.actions import Chase, Consult, Share, Supplement
from sim.model.events import QuestionAsked, Supplemented
from sim.training.judged_letters import letters_of
from sim.training.judgement import Judgement, Reason, mean
from sim.training.session import Session
from sim.training.what_was_put import foreseen, open_to_them, put_to_them


def consultation(session: Session) -> Judgement:
    """Whether they were called before a letter left, answered when they asked, and asked how far it was."""
    values: list[float] = []
    reasons: list[Reason] = []
    for letter in letters_of(session):
        request = letter.request
        relation = session.run.relation(request.to)
        asked = relation.consulted or relation.shared
        until = session.run.now if request.left is None else request.left
        could_ask = foreseen(session, partial(_is_contact, request.to))
        told = [event for event in session.run.events if event.about == request.id]
        asked_last = max((place for place, event in enumerate(told) if isinstance(event, QuestionAsked)), default=-1)
        answered_last = max((place for place, event in enumerate(told) if isinstance(event, Supplemented)), default=-1)
        pending = asked_last > answered_last
        unanswered = request.left_open or (pending and put_to_them(session, told[asked_last]))
        never_put = pending and not unanswered
        spoken = any(
            request.sent < entry.moment <= until and any(_is_word(request, a) for a in session.actions_of(entry))
            for entry in session.entries
        )
        could_speak = open_to_them(session, partial(_is_word, request), request.sent + 1, until)
        in_touch = not unanswered and (
            answered_last > asked_last or never_put or request.chased or spoken or not could_speak
        )
        values.append(min(1.0, 0.7 * (asked or not could_ask) + 0.3 * in_touch))
        facts = {"request": letter.about, "state": session.scenario.jurisdictions[request.to].title}
        words = say("{request}: {state} was not contacted beforehand", **facts)
        if asked:
            words = say("{request}: {state} was contacted before or during the request", **facts)
        if asked or could_ask:
            reasons.append(Reason(words, letter.provision("prior-contact"), good=asked))
        if unanswered:
            words = say("{request}: their question stayed without an answer", request=letter.about)
            reasons.append(Reason(words, letter.provision("additional-information")))
        elif not in_touch:
            words = say("{request}: nothing was answered or enquired while it was there", request=letter.about)
            reasons.append(Reason(words, letter.provision("progress")))
    return mean(values), reasons


def _is_contact(state: str, action: Action) -> bool:
    """Whether an action tells a State of the case."""
    return isinstance(what := action.content, Consult | Share) and what.to == state


def _is_word(request: LetterRequest, action: Action) -> bool:
    """Whether an action is a word to those who have a letter: an enquiry, an answer, a call."""
    what = action.content
    if isinstance(what, Consult):
        return what.to == request.to
    return isinstance(what, Chase | Supplement) and what.request == request.id
