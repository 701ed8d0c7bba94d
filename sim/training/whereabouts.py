"""Where the trainee's requests are, as far as the trainee knows: what their own office does, and what has been told.
The map shows where each is now, the timeline the way behind it.

How far a request is in another State's offices is known only from what that State writes: until it acknowledges, a
letter that has left is on its way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from sim.case.requests import DeskWork, LetterRequest, ServiceRequest, TracedRequest
from sim.i18n import Words, marked, say
from sim.model import events
from sim.model.causes import UNDER_WAY
from sim.model.durations import DAY
from sim.model.outcomes import state_in_words
from sim.model.procedure import Channel, Procedure
from sim.record.journeys import stretches_of
from sim.training.debrief_records import RequestLine, Segment
from sim.training.request_names import request_name, stage_in_words
from sim.training.session import Session

Leg = Literal["here", "out", "there", "back", "over"]
"""At one's own office; on its way out; with the other State; done there and awaited; over."""

TOLD: dict[str, tuple[Leg, str]] = {
    events.Acknowledged.name: ("there", marked("registered there")),
    events.QuestionAsked.name: ("there", marked("a question is asked")),
    events.ConditionsSet.name: ("there", marked("help is given under conditions")),
    events.Postponed.name: ("there", marked("put off there")),
    events.Appealed.name: ("there", marked("before a court there")),
    events.ExecutionStep.name: ("there", marked("being carried out there")),
    events.AssuranceAsked.name: ("there", marked("an assurance is awaited there")),
    events.GrantedByOtherTeam.name: ("there", marked("granted there")),
    events.CarriedOut.name: ("back", marked("done there, the papers follow")),
}
"""What an event that has been told says of where a request is."""


KNOWN_CAUSES = {events.Postponed.name: "postponement", events.Appealed.name: "legal remedies"}
"""What time after such an event is known to count as; of other time with another State nobody here knows."""


class Known(NamedTuple):
    """Where a request is known to be from a moment on."""

    moment: int
    leg: Leg
    words: Words | str
    cause: str = UNDER_WAY.name
    """What its time there is known to count as."""


@dataclass(frozen=True)
class Whereabouts:
    """Where one request is known to be."""

    id: str
    name: Words | str
    """What people call it."""
    to: str
    """The State it is addressed to."""
    channel: str
    """The channel it goes by; empty where it goes by none."""
    sent: int
    """Day of the story, from 1, on which it was set on its way."""
    leg: Leg
    words: Words | str
    """Its stage."""
    since: int
    """Day of the story, from 1, from which that is known."""
    share: float
    """How much of the way is behind it, from 0 to 1, by what the channel usually takes: never all of it, since nobody
    knows that it has come before it is said."""


def whereabouts(session: Session, moment: int | None = None) -> list[Whereabouts]:
    """Where the trainee's letters, preservations and proposals are now, or were at an earlier ``moment``, in the order
    in which they were sent. What an institution was asked for is none of them: see `asked_of_institutions`."""
    run = session.run
    at = run.now if moment is None else moment
    return [
        _whereabouts(session, request, at)
        for request in run.requests.values()
        if not isinstance(request, DeskWork | ServiceRequest) and request.to != run.home and request.sent <= at
    ]


def known_lines(session: Session) -> list[RequestLine]:
    """Everything the trainee has set on its way as lines of a timeline: what the own office did with what its time went
    on, the rest as far as has been told. `sim.training.debrief.request_lines` has how it really was."""
    run, lines = session.run, []
    for id_, request in run.requests.items():
        end = run.now if request.left is None else request.left
        segments = [
            Segment(_days(session, start), _days(session, stop), cause, str(words))
            for start, stop, cause, words in sorted(_stretches(session, request, end), key=lambda one: one[:2])
            if stop > start
        ]
        ended = None if request.left is None else _days(session, request.left)
        name, sent, outcome = str(request_name(run, id_)), _days(session, request.sent), request.outcome or "under way"
        lines.append(RequestLine(id_, name, request.to, sent, ended, str(outcome), tuple(segments), {}, ()))
    return lines


def _days(session: Session, moment: int) -> float:
    return (moment - session.run.start) / DAY


def _stretches(session: Session, request: TracedRequest, end: int) -> Iterator[tuple[int, int, str, Words | str]]:
    """The known stretches of a request's time, each with its cause and what it was."""
    run, at_home = session.run, session.run.scenario.find("procedure", request.procedure)
    if isinstance(request, ServiceRequest):
        yield request.sent, end, UNDER_WAY.name, run.scenario.service(request.service).institution
        return
    whole = isinstance(request, DeskWork) or request.to == run.home
    index = _index(session, request)
    all_of_it = stretches_of(session.log, index) if index is not None else []
    own = [one for one in all_of_it if whole or _leg(at_home, one.stage) == "here"]
    for one in own:
        yield one.start, one.end, one.cause, stage_in_words(run, request.id, one.stage) if whole else one.title
    known = [] if whole else [one for one in _known(session, request) if one.leg != "over"]
    for place, here in enumerate(known):
        if here.leg != "here":
            after = known[place + 1].moment if place + 1 < len(known) else end
            yield here.moment, after, here.cause, here.words
    last = max([request.sent, *(one.end for one in own), *(one.moment for one in known[-1:])])
    if request.left is None and end > last and (whole or not known or known[-1].leg == "here"):
        yield last, end, UNDER_WAY.name, stage_in_words(run, request.id, request.stage)


def last_look(session: Session) -> int:
    """The moment at which time last stood still before it came to where it is: what has moved since is new."""
    run = session.run
    return max((entry.moment for entry in session.entries if entry.moment < run.now), default=run.start)


def asked_of_institutions(session: Session) -> list[tuple[ServiceRequest, bool]]:
    """What institutions outside one's own State were asked for, and whether they have answered."""
    run = session.run
    return [
        (request, request.outcome is not None)
        for request in run.requests.values()
        if isinstance(request, ServiceRequest) and run.scenario.service(request.service).type != "support"
    ]


def day_of(session: Session, moment: int) -> int:
    """A moment as a day of the story, from 1."""
    return int((moment - session.run.start) / DAY) + 1


def _whereabouts(session: Session, request: TracedRequest, at: int) -> Whereabouts:
    channel = _channel(session, request)
    found = [one for one in _known(session, request) if one.moment <= at]
    known = found[-1] if found else Known(request.sent, "here", say("being made ready"))
    share = 0.0
    if known.leg in ("out", "back"):
        elapsed = at - known.moment
        share = elapsed / (elapsed + _usual(session.scenario.find("channel", channel)))
    return Whereabouts(
        request.id,
        request_name(session.run, request.id),
        request.to,
        channel,
        day_of(session, request.sent),
        known.leg,
        known.words,
        day_of(session, known.moment),
        share,
    )


def _channel(session: Session, request: TracedRequest) -> str:
    if isinstance(request, LetterRequest):
        return request.spec.channel
    log = session.log
    index = _index(session, request)
    return log.kinds[log.request_kind[index]].channel if index is not None else ""


def _index(session: Session, request: TracedRequest) -> int | None:
    """Its place in the event table; none where it has not been put on its way there."""
    return next((index for index, name in session.log.names.items() if name == request.id), None)


def _usual(channel: Channel | None) -> float:
    """Seconds that a channel usually takes; at least an hour, where nothing is known a few days."""
    if channel is None:
        return 4.0 * DAY
    lengths = (step.work or step.takes for step in channel.there)
    return max(DAY / 24, sum(length.seconds()[0] for length in lengths if length is not None))


def _known(session: Session, request: TracedRequest) -> list[Known]:
    """What is known of a request's way, in order; of the same moment, what one's own office does comes last."""
    if request.id in session.run.requests and request.to == session.run.partner:
        own = [_at_the_other_table(session, request)]
    else:
        own = list(_at_home(session, request))
    found = [*_told(session, request), *own]
    found.sort(key=lambda known: known.moment)  # stable
    if request.outcome is not None:
        over = request.sent if request.left is None else request.left
        found = [known for known in found if known.moment <= over]
        found.append(Known(over, "over", state_in_words(request.state)))
    return found


def _at_the_other_table(session: Session, request: TracedRequest) -> Known:
    """Where a letter is that another team deals with: its stage comes with that team's post."""
    return Known(
        request.sent, "there" if request.stage else "out", stage_in_words(session.run, request.id, request.stage)
    )


def _told(session: Session, request: TracedRequest) -> Iterator[Known]:
    """What the inbox says of where it is."""
    run = session.run
    messages = {(message.kind, message.moment) for message in session.inbox if message.about == request.id}
    for event in run.events:
        if event.about != request.id or (event.name, event.moment) not in messages:
            continue
        if isinstance(event, events.ProgressTold):
            procedure = run.scenario.find("procedure", request.procedure)
            yield Known(event.moment, _leg(procedure, event.stage), stage_in_words(run, request.id, event.stage))
        elif event.name in TOLD:
            leg, words = TOLD[event.name]
            yield Known(event.moment, leg, say(words), KNOWN_CAUSES.get(event.name, UNDER_WAY.name))


def _at_home(session: Session, request: TracedRequest) -> Iterator[Known]:
    """What one's own office does with it, and when it leaves: from the event table, and from where it is now."""
    run, log = session.run, session.log
    procedure = run.scenario.find("procedure", request.procedure)
    index = _index(session, request)
    rows = [] if index is None else [place for place, owner in enumerate(log.request) if owner == index]
    stages = [(log.enabled[place], log.activities[log.activity[place]].stage) for place in rows]
    if request.outcome is None and request.stage:
        stages.append((max((log.ended[place] for place in rows), default=request.sent), request.stage))
    before = ""
    for moment, stage in sorted(stages, key=lambda pair: pair[0]):
        if stage != before and (leg := _leg(procedure, stage)) in ("here", "out"):
            yield Known(moment, leg, stage_in_words(run, request.id, stage))
        before = stage


def _leg(procedure: Procedure | None, name: str) -> Leg:
    """On which leg of the way a stage of a procedure is."""
    stage = procedure.stages.get(name) if procedure is not None else None
    if stage is None:
        return "there"
    if stage.steps == "channel":
        return "out"
    if stage.steps == "channel back":
        return "back"
    return "here" if stage.on_side == "requesting" else "there"
