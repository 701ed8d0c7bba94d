"""The debrief: what happened, where the days went, what else could have happened, what to take home."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from sim import law
from sim.engine.conduct import Circumstance
from sim.engine.log import EventLog
from sim.engine.traced import LetterRequest
from sim.law.drafting import Point, provisions_of_points
from sim.model.action import letter_among
from sim.model.base import Mark
from sim.model.causes import UNDER_WAY
from sim.model.durations import DAY
from sim.model.roles import Role
from sim.record.causes import causes_of
from sim.record.journeys import stretches_of
from sim.training.acting import action_of, described, draft_of
from sim.training.counterfactuals import Alternative, Strategy, alternatives, replay_all, strategies
from sim.training.dearest import ENOUGH, Comparison, Verdict, verdict
from sim.training.modules import module_for
from sim.training.scoring import AxisScore, score, total
from sim.training.session import Session
from sim.training.storage import Entry
from sim.training.telling import subject
from sim.words import Words, say


@dataclass(frozen=True)
class Segment:
    """A stretch of a request's bar. ``start`` and ``end`` in days since the story began."""

    start: float
    end: float
    cause: str
    title: str


@dataclass(frozen=True)
class RequestLine:
    """One request in the timeline."""

    id: str
    subject: str
    to: str
    sent: float
    ended: float | None
    outcome: str
    segments: tuple[Segment, ...]
    days_by_cause: dict[str, float]
    """Adds up to the days it took (for one under way: until its last finished stage)."""
    why: tuple[Circumstance, ...]
    """What moved its chances."""


@dataclass(frozen=True)
class Citation:
    """A provision, for reading."""

    reference: str
    article: str
    says: str
    sureness: Mark


@dataclass
class DecisionReview:
    """One decision beside its alternatives."""

    id: str
    title: str
    question: str
    day: int
    chosen: str
    text: str
    because: str
    predict: str
    days: int
    """Days the trainee expected an answer to take; 0: nothing expected."""
    took: int | None
    """Days that what was sent with it took to come back, the longest; None if nothing was sent or nothing came."""
    sent: tuple[str, ...]
    """Requests that it sent itself."""
    alternatives: list[Alternative]
    texts: dict[str, str]
    """Text of every option."""
    remarks: dict[str, str]
    """What the author says to every option."""
    citations: dict[str, tuple[Citation, ...]]
    """Provisions that every option rests on."""

    @property
    def verdict(self) -> Verdict:
        """What the replays say about it."""
        return verdict(self.alternatives)

    @property
    def remark(self) -> str:
        """What the author says to the option chosen."""
        return self.remarks[self.chosen]

    @property
    def cites(self) -> tuple[Citation, ...]:
        """Provisions that the option chosen rests on."""
        return self.citations[self.chosen]


@dataclass(frozen=True)
class Lesson:
    """Something to take home, and where it is taught."""

    axis: str
    words: Words
    """The axis, what went wrong (or well) on it, and the provision."""
    module: str
    """Title of the lesson in the curriculum."""
    page: str
    """Its page, from the top of the project."""

    @property
    def text(self) -> str:
        """What to take home, in the language in use."""
        return str(self.words)

    def __str__(self) -> str:
        return f"{self.text} → {self.module}"


@dataclass(frozen=True)
class SkillAndLuck:
    """How much of a result was the decisions, and how much the luck of one play."""

    score: float
    replays: int
    mean: float
    """Mean score of the same decisions, replayed."""
    luckier_than: float
    """Share of those replays that scored less than this play did (ties count half)."""
    strategies: int
    better_than: float
    """Share of the strategies tried whose mean score is below that of these decisions (ties count half)."""


@dataclass(frozen=True)
class ActReview:
    """Something done unasked."""

    day: int
    text: Words
    because: str
    predict: str
    days: int
    took: int | None
    sent: tuple[str, ...] = ()
    """Requests that it sent itself."""


@dataclass(frozen=True)
class LetterReview:
    """A letter of the trainee's own, held against what the law asks for."""

    id: str
    day: int
    points: tuple[Point, ...]
    scope: str
    names_victim: bool
    provisions: dict[Role, law.ProvisionAnswer]
    """What asks for each point under the instrument that the letter names."""


@dataclass(frozen=True)
class AssumedHere:
    """A figure of behaviour that the case assumes otherwise than the library."""

    figure: str
    """Topic and name: ``conduct: complete contents``."""
    value: str
    """As the case writes it."""
    mark: str
    """How sure it is."""
    source: str
    """Where it comes from."""


@dataclass
class Debrief:
    """Everything a debrief shows; plain data for any view."""

    case: str
    title: str
    seed: int
    scenario_hash: str
    sha256: str
    ended: bool
    ending: str
    ending_title: str
    ending_text: str
    total: float
    scores: list[AxisScore]
    requests: list[RequestLine]
    evidence: list[dict[str, Any]]
    people: list[dict[str, Any]]
    deadlines: list[dict[str, Any]]
    decisions: list[DecisionReview]
    acts: list[ActReview]
    letters: list[LetterReview]
    lessons: list[Lesson]
    days: float
    replays: int = 0
    endings: dict[str, str] = field(default_factory=dict)
    """Title of every ending the case has."""
    strategies: list[Strategy] = field(default_factory=list)
    """Automatic players with the same luck."""
    assumed: list[AssumedHere] = field(default_factory=list)
    """What the case assumes otherwise than the library."""
    language: str = "en"
    """The language in which the case was written."""

    @property
    def skill_and_luck(self) -> SkillAndLuck | None:
        """Skill and luck apart, once there are enough replays of the same decisions."""
        same = next((a.plays for d in self.decisions for a in d.alternatives if a.taken and a.plays), [])
        if len(same) < ENOUGH:
            return None
        scores = [play.score for play in same]
        mean = sum(scores) / len(scores)
        means = [strategy.mean for strategy in self.strategies if len(strategy.plays) >= ENOUGH]
        return SkillAndLuck(
            self.total, len(scores), mean, _share_below(scores, self.total), len(means), _share_below(means, mean)
        )

    @property
    def dearest(self) -> list[tuple[DecisionReview, Comparison]]:
        """The decisions where another option did clearly better with the same luck, dearest first; three at most."""
        found = [(item, better) for item in self.decisions if (better := item.verdict.better) is not None]
        return sorted(found, key=lambda pair: -pair[1].points)[:3]

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for JSON; sentences in the language in use."""
        return {one.name: _plain(getattr(self, one.name)) for one in fields(self)}

    def __str__(self) -> str:
        lines = [self.title, "", f"{self.ending_title}. {self.ending_text.strip()}", f"Score {self.total:.0f} of 100"]
        lines += [f"  {s.title}: {'–' if s.value is None else f'{100 * s.value:.0f}'}" for s in self.scores]
        lines += ["", *(f"• {lesson}" for lesson in self.lessons)]
        return "\n".join(lines)


AHEAD_FROM = 20
"""Replays from which on the player that looks ahead is worth its time."""


def debrief(
    session: Session,
    *,
    replays: int = 20,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Debrief:
    """The debrief of a session, over or not. ``replays`` per alternative; 0 leaves alternatives empty."""
    found, tried = alternatives(session), strategies(ahead=replays >= AHEAD_FROM)
    if replays:
        replay_all(session, found, replays, tried=tried, executor=executor, progress=progress)
    return with_alternatives(session, found, replays, tried)


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
        language=case.language,
        seed=session.seed,
        scenario_hash=session.scenario.hash,
        sha256=session.sha256,
        ended=session.ended,
        ending=ending[0] if ending else "",
        ending_title=ending[1].title if ending else "The case goes on",
        ending_text=ending[1].says if ending else "",
        total=total(scores),
        scores=scores,
        requests=requests,
        evidence=[
            {
                "id": id_,
                "title": item.record.title,
                "state": item.state(run.now),
                "weight": item.record.weight,
                "erased day": _day(session, item.erased_at),
                "obtained day": _day(session, item.obtained_at),
                "lost day": _day(session, item.lost_at),
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
                "day": _day(session, run.deadline(id_)),
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
    )


def _plain(value: object) -> object:
    """A value as data that JSON knows: sentences as text, provisions as people cite them and as files do."""
    if isinstance(value, Words):
        return str(value)
    if isinstance(value, law.ProvisionAnswer):
        return {"text": str(value), "reference": value.reference, "standing": value.standing}
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def request_lines(session: Session) -> list[RequestLine]:
    """The trainee's requests as lines of a timeline, under way ones included."""
    log = session.log
    return [_line(session, log, index, name) for index, name in sorted(log.names.items())]


def _line(session: Session, log: EventLog, index: int, name: str) -> RequestLine:
    run = session.run
    request = run.requests[name]
    segments = [
        Segment((stretch.start - run.start) / DAY, (stretch.end - run.start) / DAY, stretch.cause, stretch.title)
        for stretch in stretches_of(log, index)
    ]
    left = log.request_left[index]
    if left < 0:
        last = max((segment.end for segment in segments), default=(request.sent - run.start) / DAY)
        if run.day > last:
            segments.append(Segment(last, run.day, UNDER_WAY.name, request.stage.replace("-", " ")))
    return RequestLine(
        name,
        str(subject(run, name)),
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
        [alternative for alternative in found if alternative.decision == entry.decision],
        {id_: option.text for id_, option in options.items()},
        {id_: option.remark for id_, option in options.items()},
        {id_: tuple(citation(session, reference) for reference in option.cites) for id_, option in options.items()},
    )


def citation(session: Session, reference: str) -> Citation:
    """A provision as the library words it."""
    found = law.provisions(session.scenario, reference)
    id_, _, article = reference.strip().partition(" ")
    instrument = session.scenario.find("instrument", id_)
    says = " ".join(dict.fromkeys(provision.says for provision in found))
    doubtful = next((p.sureness for p in found if p.sureness != found[0].sureness), found[0].sureness)
    return Citation(reference, instrument.cite_article(law.article_of(article)), says, doubtful)


def _took(session: Session, sent: Sequence[str]) -> int | None:
    """Days from a step to the last answer to what it sent."""
    answers = [r for id_ in sent if (r := session.run.requests[id_]).left is not None]
    return max((round((r.left - r.sent) / DAY) for r in answers if r.left is not None), default=None)


def _act(session: Session, place: int, entry: Entry) -> ActReview:
    day = int((entry.moment - session.run.start) / DAY) + 1
    words, sent = described(session.run, action_of(entry.action)), session.sent.get(place, ())
    return ActReview(day, words, entry.because, entry.predict, entry.days, _took(session, sent), sent)


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
            found.append(LetterReview(spec.id, day, drafted.points, drafted.scope, drafted.names_victim, provisions))
    return found


def _share_below(values: Sequence[float], limit: float) -> float:
    """Share of values below a limit, ties (to a hundredth of a point) counting half; 0 for none."""
    if not values:
        return 0.0
    return sum(1.0 if v < limit - 0.01 else 0.5 if v <= limit + 0.01 else 0.0 for v in values) / len(values)


def _lessons(session: Session, scores: list[AxisScore]) -> list[Lesson]:
    """Three things to take home: where most weighted points were lost, with the first reason why.

    A play that lost nothing takes home what it did best.
    """
    judged = [s for s in scores if s.value is not None and s.axis != "outcome"]
    lost = sorted((s for s in judged if s.value < 1), key=lambda s: -s.weight * (1 - s.value))  # type: ignore[operator]
    kept = sorted((s for s in judged if s.value == 1), key=lambda s: -s.weight)
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
