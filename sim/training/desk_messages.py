"""What is written about requests from abroad on the trainee's own desk."""

from __future__ import annotations

from sim.case.state import CaseState
from sim.i18n import LanguageName, Words, joined, marked, say
from sim.law.terms import OR, assurances_in_words, ground_in_words, item_in_words
from sim.model import events
from sim.model.desk_actions import GROUNDS_OF_TRANSFER
from sim.training.telling import (
    Message,
    Sender,
    central_authority,
    registry,
    sentence,
    title_of,
    told_by,
    written,
    your_office,
)


@told_by(events.Arrived)
def _arrived(run: CaseState, event: events.Arrived) -> Message:
    record = run.incoming[event.about].record
    words = say("A request has arrived: “{title}”. {says}", title=record.title, says=" ".join(record.says.split()))
    return written(run, event, registry, words)


@told_by(events.Examined)
def _examined(run: CaseState, event: events.Examined) -> Message:
    words = say("“{title}” has been examined: {finding}.", title=title_of(run, event), finding=_finding(run, event))
    return written(run, event, your_office, words)


def _finding(run: CaseState, event: events.Examined) -> Words:
    """What a lawyer has found who read it."""
    parts = [say("nothing is missing")]
    if event.missing:
        parts = [say("missing or thin: {items}", items=joined(item_in_words(item) for item in event.missing))]
    if not event.language_accepted:
        language = LanguageName(run.incoming[event.about].record.language)
        parts.append(say("written in {language}, which is not accepted here", language=language))
    for ground, binding in event.grounds:
        name = ground_in_words(ground)
        parts.append(
            say("must be refused: {ground}", ground=name) if binding else say("may be refused: {ground}", ground=name)
        )
    if not event.grounds:
        parts.append(say("no ground for refusal"))
    if event.assurances:
        asked = assurances_in_words(event.assurances, OR)
        parts.append(say("an assurance could take a ground away: {assurances}", assurances=asked))
    if event.transfers:
        on = [say(GROUNDS_OF_TRANSFER[name]) for name, is_open in event.transfers if is_open]
        if on:
            parts.append(say("personal data may go there on: {grounds}", grounds=joined(on, OR)))
        else:
            parts.append(say("personal data may go there on no ground as things stand"))
    return joined(parts, "; ")


sentence(
    events.QuestionAnswered,
    central_authority,
    marked("Our answer to your question: everything that was missing is there. (Filed here: “{title}”.)"),
)
sentence(
    events.Reminded,
    central_authority,
    marked("May we ask whether our request has arrived, and where it stands? (Filed here: “{title}”.)"),
)


def _of_assurances(kind: type[events.Event], sender: Sender, says: str) -> None:
    """A sentence that says of what is to be, is or is not assured."""

    def tell(run: CaseState, event: events.Event) -> Message:
        about = assurances_in_words(getattr(event, "assurances", ()))
        return written(run, event, sender, say(says, title=title_of(run, event), assurances=about))

    told_by(kind)(tell)


_of_assurances(
    events.AssuranceSought,
    your_office,
    marked("{title}: the other side has been asked to assure us of this: {assurances}."),
)
_of_assurances(
    events.AssuranceReceived, central_authority, marked("On “{title}” you have our assurance of this: {assurances}.")
)
_of_assurances(
    events.AssuranceDeclined,
    central_authority,
    marked("On “{title}” we are not in a position to give this assurance: {assurances}."),
)
sentence(events.AcknowledgedByYou, your_office, marked("{title}: acknowledged."))
sentence(events.QuestionSent, your_office, marked("{title}: a question has gone out."))
sentence(events.PostponedByYou, your_office, marked("{title}: postponed."))
sentence(events.Granted, your_office, marked("{title}: granted."))
sentence(events.RefusedByYou, your_office, marked("{title}: refused by you."))
sentence(events.SentBackByYou, your_office, marked("{title}: sent back by you."))
sentence(events.NothingToBeDone, your_office, marked("{title}: dealt with already; nothing more is done with it."))
_HELPED = {
    False: marked("{title}: carried out in time."),
    True: marked("{title}: carried out, too late to be of use."),
}


@told_by(events.Helped)
def _helped(run: CaseState, event: events.Helped) -> Message:
    return written(run, event, your_office, say(_HELPED[event.too_late], title=title_of(run, event)))
