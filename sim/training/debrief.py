"""The debrief: what happened, where the days went, what else could have happened, what to take home."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace

from sim import law
from sim.case.requests import DeskWork, LetterRequest
from sim.engine.log import EventLog
from sim.engine.public_holidays import not_kept
from sim.i18n import _, say
from sim.law.drafting import provisions_of_points
from sim.model.action import letter_among
from sim.model.base import UNSURE
from sim.model.causes import UNDER_WAY
from sim.model.durations import DAY
from sim.record.causes import causes_of
from sim.record.journeys import stretches_of
from sim.training.action_rules import action_of, described, draft_of
from sim.training.costliest_decisions import SAME
from sim.training.counterfactuals import Alternative, Strategy, alternatives, replay_all, strategies
from sim.training.debrief_records import (
    ActReview,
    AssumedHere,
    Citation,
    Debrief,
    DecisionReview,
    Lesson,
    LetterReview,
    RequestLine,
    Segment,
)
from sim.training.kept_replays import ReplaysFile
from sim.training.lessons import module_for
from sim.training.prepared_plays import Beforehand, prepared_for
from sim.training.request_names import request_name, stage_in_words
from sim.training.scoring import AxisScore, points_lost, score, total
from sim.training.session import Session
from sim.training.session_records import Entry
from sim.versions import versions

AHEAD_FROM = 20
"""Replays from which on the player that looks ahead is worth its time."""


def debrief(
    session: Session,
    *,
    replays: int = 20,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
    kept: ReplaysFile | None = None,
) -> Debrief:
    """The debrief of a session, over or not. ``replays`` per alternative; 0 leaves alternatives empty. Those that were
    ``kept`` with the session are read and not made again; nothing is written there."""
    found, tried = alternatives(session), strategies(ahead=replays >= AHEAD_FROM)
    if replays:
        said = kept.read(session, found, tried) if kept is not None else None
        replay_all(session, found, replays, tried=tried, executor=executor, progress=progress)
        made = with_alternatives(session, found, most_replays(found), tried)
        return made if said is None else replace(made, notes=[*made.notes, said])
    return with_alternatives(session, found, replays, tried)


def most_replays(found: Sequence[Alternative]) -> int:
    """How many replays there are of the decisions as they were taken."""
    return max((len(one.plays) for one in found if one.taken), default=0)


def with_alternatives(
    session: Session, found: list[Alternative], replays: int, tried: Sequence[Strategy] = ()
) -> Debrief:
    """The debrief with alternatives (and strategies) as far as they have been replayed."""
    run, case = session.run, session.case
    scores = score(session)
    ending, requests, letters = session.ending, request_lines(session), _letters(session)
    return Debrief(
        case=case.id,
        title=case.title,
        role=case.role.title,
        objectives=tuple(" ".join(goal.split()) for goal in case.objectives),
        language=case.language,
        provenance=session.provenance,
        versions=versions(),
        notes=list(session.remarks),
        seed=session.seed,
        scenario_hash=session.scenario.hash,
        sha256=session.sha256,
        ended=session.ended,
        ending=ending[0] if ending else "",
        ending_title=ending[1].title if ending else _("The case goes on"),
        ending_text=ending[1].says if ending else "",
        total=total(scores),
        scores=scores,
        requests=requests,
        evidence=[
            {
                "id": id_,
                "title": item.record.title,
                "state": item.state(run.now),
                "nature": item.nature.name,
                "weight": item.record.weight,
                "erased day": _day(session, item.erased_at),
                "obtained day": _day(session, item.obtained_at),
                "lost day": _day(session, item.lost_at),
                "in court": case.evidence[id_].in_court.strip() if item.state(run.now) == "obtained" else "",
            }
            for id_, item in run.evidence.items()
        ],
        people=[
            {"id": id_, "title": person.record.title, "state": run.person_state(id_), "wellbeing": person.wellbeing}
            for id_, person in run.people.items()
        ],
        deadlines=[
            {
                "id": id_,
                "title": deadline.title,
                "day": (run.deadline(id_) - run.start) / DAY,
                "passed": run.deadline(id_) <= run.now,
            }
            for id_, deadline in case.deadlines.items()
        ],
        acts=[_act(session, place, e) for place, e in enumerate(session.entries) if e.kind == "act"],
        letters=letters,
        decisions=[_review(session, place, e, found) for place, e in enumerate(session.entries) if e.decision],
        lessons=_lessons(session, scores),
        days=run.day,
        replays=replays,
        endings={id_: ending.title for id_, ending in case.endings.items()},
        strategies=list(tried),
        assumed=[
            AssumedHere(f"{figure.topic}: {figure.name}", figure.written, figure.mark, figure.origin.source)
            for figure in session.scenario.behaviour.figures()
            if figure.case
        ],
        beforehand=_beforehand(session),
        hangs_on=[one.words for one in not_kept(session.scenario, session.log.epoch, run.now)],
    )


def _beforehand(session: Session) -> Beforehand | None:
    """What the decisions taken usually cost; None where no plays ship with the case as it is."""
    plays = prepared_for(session.scenario)
    if plays is None:
        return None
    decided = [(entry.decision, entry.option) for entry in session.steps if entry.decision]
    found = (plays.expected(decision, option) for decision, option in decided)
    barred = {(id_, o) for id_, d in session.case.decisions.items() for o, option in d.options.items() if option.breaks}
    costly = [cost for cost in found if cost is not None and (cost.decision, cost.instead) not in barred]
    return Beforehand(
        tuple(sorted(costly, key=lambda cost: -cost.points)),
        sum(plays.know(decision, option) for decision, option in decided),
        max((one.plays for one in plays.otherwise), default=0),
    )


def request_lines(session: Session) -> list[RequestLine]:
    """The trainee's requests as lines of a timeline, under way ones included."""
    log = session.log
    return [_line(session, log, index, name) for index, name in sorted(log.names.items())]


def _line(session: Session, log: EventLog, index: int, id_: str) -> RequestLine:
    run = session.run
    request = run.requests[id_]
    segments = []
    for one in stretches_of(log, index):
        title = str(stage_in_words(run, id_, one.stage)) if isinstance(request, DeskWork) else one.title
        segments.append(Segment((one.start - run.start) / DAY, (one.end - run.start) / DAY, one.cause, title))
    left = log.request_left[index]
    if left < 0:
        last = max((segment.end for segment in segments), default=(request.sent - run.start) / DAY)
        if run.day > last:
            segments.append(Segment(last, run.day, UNDER_WAY.name, str(stage_in_words(run, id_, request.stage))))
    return RequestLine(
        id_,
        str(request_name(run, id_)),
        request.to,
        (request.sent - run.start) / DAY,
        _day(session, left if left >= 0 else None),
        str(request.outcome or "under way"),
        tuple(sorted(segments, key=lambda s: (s.start, s.end))),
        {cause: seconds / DAY for cause, seconds in causes_of(log, index).items()},
        tuple(request.why) if isinstance(request, LetterRequest) else (),
    )


def _day(session: Session, moment: int | None) -> float | None:
    return None if moment is None else (moment - session.run.start) / DAY


def _review(session: Session, place: int, entry: Entry, found: list[Alternative]) -> DecisionReview:
    decision = session.case.decisions[entry.decision]
    options, sent = decision.options, session.sent.get(place, ())
    return DecisionReview(
        entry.decision,
        decision.title,
        decision.question,
        int((entry.moment - session.run.start) / DAY) + 1,
        entry.option,
        options[entry.option].text,
        entry.because,
        entry.predict,
        entry.days,
        _took(session, sent),
        sent,
        entry.taken,
        [alternative for alternative in found if alternative.decision == entry.decision],
        {id_: option.text for id_, option in options.items()},
        {id_: option.remark for id_, option in options.items()},
        {id_: tuple(citation(session, reference) for reference in option.cites) for id_, option in options.items()},
        {id_: tuple(citation(session, reference) for reference in option.breaks) for id_, option in options.items()},
        session.replication,
    )


def citation(session: Session, reference: str) -> Citation:
    """A provision as the library words it."""
    found = law.provisions(session.scenario, reference)
    id_, _, article = reference.strip().partition(" ")
    instrument = session.scenario.instrument(id_)
    says = " ".join(dict.fromkeys(provision.says for provision in found))
    marks = [instrument.sureness_of(provision) for provision in found]
    doubtful = next((mark for mark in marks if mark in UNSURE), marks[0])
    return Citation(reference, instrument.cite_article(law.article_of(article)), says, doubtful)


def _took(session: Session, sent: Sequence[str]) -> int | None:
    """Days from a step to the last answer to what it sent."""
    answers = [r for id_ in sent if (r := session.run.requests[id_]).left is not None]
    return max((round((r.left - r.sent) / DAY) for r in answers if r.left is not None), default=None)


def _act(session: Session, place: int, entry: Entry) -> ActReview:
    day = int((entry.moment - session.run.start) / DAY) + 1
    words, sent = described(session.run, action_of(entry.action)), session.sent.get(place, ())
    return ActReview(day, words, entry.because, entry.predict, entry.days, _took(session, sent), sent, entry.taken)


def _letters(session: Session) -> list[LetterReview]:
    found = []
    for entry in session.steps:
        spec = letter_among([action_of(entry.action)]) if entry.action is not None else None
        drafted = draft_of(session.run, spec) if spec is not None else None
        if spec is not None and drafted is not None:
            day = int((entry.moment - session.run.start) / DAY) + 1
            provisions = provisions_of_points(
                session.scenario,
                drafted.points,
                requesting=session.run.home,
                requested=spec.to,
                measure=spec.measures[0],
                instrument=spec.instrument,
                offence=session.case.offence,
            )
            name = str(request_name(session.run, spec.id))
            found.append(
                LetterReview(spec.id, name, day, drafted.points, drafted.scope, drafted.names_victim, provisions)
            )
    return found


def _lessons(session: Session, scores: list[AxisScore]) -> list[Lesson]:
    """Three things to take home: where most points were lost, as far as they can be felt, with the first reason why.

    A play that lost nothing takes home what it did best.
    """
    points = points_lost(scores)
    judged = [one for one in scores if one.value is not None and one.axis != "outcome"]
    lost = sorted((one for one in judged if points[one.axis] >= SAME), key=lambda one: -points[one.axis])
    kept = sorted((one for one in judged if points[one.axis] < SAME), key=lambda one: -one.weight)
    lessons = []
    for axis in [*lost, *kept]:
        reason = next((reason for reason in axis.reasons if reason.good == (axis in kept)), None)
        if reason is not None:
            module, page = module_for(axis.axis)
            words = say("{axis}: {reason}", axis=axis.words, reason=reason.words)
            if reason.provision is not None:
                words = say(
                    "{axis}: {reason} ({provision})",
                    axis=axis.words,
                    reason=reason.words,
                    provision=reason.provision.words,
                )
            lessons.append(Lesson(axis.axis, words, module, page))
    return lessons[:3]
